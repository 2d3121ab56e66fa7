"""The report in prose as a Word document: A4, page numbers, heads of tables repeated, charts as pictures where they can be drawn."""

import io
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from perfdsl import narrative as n
from perfdsl.publish._grid import Placed, grid
from perfdsl.publish._look import BODY, HEADING, SUBHEADING, TABLE, TITLE, Look
from perfdsl.publish._svg import WIDE, svg

if TYPE_CHECKING:
    from docx.document import Document

NAME, SUFFIX, NEEDS, EXTRA = "docx", ".docx", ("docx",), "word"
DEFAULTS = {TITLE: "宋体", HEADING: "黑体", SUBHEADING: "楷体", BODY: "仿宋", TABLE: "宋体"}
ALSO = {"仿宋": "FangSong,STFangsong,仿宋_GB2312", "楷体": "KaiTi,STKaiti,楷体_GB2312", "黑体": "SimHei,STHeiti", "宋体": "SimSun,STSong,Songti SC"}  # fmt: skip
LATIN = "Times New Roman"
TEXT_WIDE = 8845  # twentieths of a point: A4 less 28 mm and 26 mm
MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}  # mm
PICTURE_WIDE = 155  # mm
BLOCKS = 24  # characters of a bar where nothing draws
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PLACES = {n.LEFT: "left", n.CENTRE: "center", n.RIGHT: "right"}
EPOCH = (1980, 1, 1, 0, 0, 0)


def write(told: n.Narrative, look: Look) -> bytes:
    """The whole document."""
    import docx

    made = docx.Document()
    _Writer(made, look).all(told)
    stream = io.BytesIO()
    made.save(stream)
    return _settled(stream.getvalue())


def _settled(data: bytes) -> bytes:
    """The same package without the time it was made."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(zipfile.ZipInfo(item.filename, EPOCH), old.read(item), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


class _Writer:
    """Writes one report into an empty document."""

    def __init__(self, made: "Document", look: Look) -> None:
        self.made = made
        self.end: Any = made.element.body.sectPr
        self.fonts = {place: look.font(place, default) for place, default in DEFAULTS.items()}

    def all(self, told: n.Narrative) -> None:
        """Everything in its order."""
        self.page(told)
        self.styles()
        self.font_table()
        self.put("Title", _run(told.title))
        for line in told.subtitle:
            self.put("Subtitle", _run(line))
        if told.contents:
            self.contents(told)
        for number, block in enumerate(told.blocks):
            match block:
                case n.Heading():
                    self.heading(block, number, new_page=block.new_page or bool(told.contents and not number))
                case n.Paragraph():
                    self.put("Normal", _run(block.lead, "<w:b/>") + _run(block.text), _kept(told.blocks, number))
                case n.Note():
                    self.put("Note", _run(block.text))
                case n.Blank():
                    for _ in range(block.lines):
                        self.put("Normal")
                case n.Signatures():
                    self.signatures(block)
                case n.Table():
                    self.table(block, self.told_before(told.blocks, number))
                case n.Chart():
                    self.chart(block)

    def put(self, style: str, inside: str = "", more: str = "") -> None:
        """A paragraph of that style; written as XML, because python-docx looks every style up from the start."""
        self.add(f'<w:p {NS}><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inside}</w:p>')

    def add(self, xml: str) -> None:
        """An element at the end of the text."""
        from docx.oxml import parse_xml

        self.end.addprevious(parse_xml(xml))

    @staticmethod
    def told_before(blocks: Sequence[n.Block], number: int) -> bool:
        """Does a paragraph or a heading stand right above?"""
        return number > 0 and isinstance(blocks[number - 1], (n.Paragraph, n.Heading))

    # ---- the page and its styles

    def page(self, told: n.Narrative) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import parse_xml
        from docx.shared import Mm

        section = self.made.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        for side, size in MARGINS.items():
            setattr(section, f"{side}_margin", Mm(size))
        section.footer_distance = Mm(25)
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        footer.paragraph_format.first_line_indent = 0
        for field in ("— ", "PAGE", " —"):
            run = f'<w:fldSimple {NS} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>' if field == "PAGE" else (
                f'<w:r {NS}><w:t xml:space="preserve">{field}</w:t></w:r>')  # fmt: skip
            footer._p.append(parse_xml(run))
        core = self.made.core_properties
        core.title, core.author, core.comments, core.language = (
            told.title[:255],
            "",
            "",
            "en" if told.lang == "en" else "zh-CN",
        )

    def styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.shared import Pt

        known = self.made.styles
        known.add_style("Note", WD_STYLE_TYPE.PARAGRAPH)
        known.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH)
        known.add_style("Table Caption", WD_STYLE_TYPE.PARAGRAPH)
        for name in ("Contents Heading", *(f"toc {level + 1}" for level in range(n.LISTED))):
            known.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        plans = (  # style, place, size, bold, line, before, after, indent in hundredths of a character, alignment
            ("Normal", BODY, 16, False, 28, 0, 0, 200, "both"), ("Title", TITLE, 22, True, 32, 12, 6, 0, "center"),
            ("Subtitle", SUBHEADING, 16, False, 28, 0, 4, 0, "center"), ("Heading 1", HEADING, 16, False, 28, 10, 0, 200, "left"),
            ("Heading 2", SUBHEADING, 16, False, 28, 4, 0, 200, "left"), ("Heading 3", BODY, 16, True, 28, 4, 0, 200, "left"),
            ("Note", BODY, 10.5, False, 16, 2, 2, 0, "left"), ("Table Text", TABLE, 10.5, False, 14, 0, 0, 0, "left"),
            ("Contents Heading", HEADING, 16, False, 28, 16, 6, 0, "center"), ("toc 1", TABLE, 12, False, 20, 0, 0, 0, "left"),
            ("toc 2", TABLE, 12, False, 20, 0, 0, 200, "left"), ("Table Caption", TABLE, 12, True, 20, 6, 4, 0, "center"), ("Footer", TABLE, 14, False, 16, 0, 0, 0, "center"),
        )  # fmt: skip
        for name, place, size, bold, line, before, after, indent, side in plans:
            self.style(known[name], self.fonts[place], bold, indent, side)
            form = known[name].paragraph_format
            known[name].font.size = Pt(size)
            form.line_spacing, form.space_before, form.space_after = Pt(line), Pt(before), Pt(after)
            form.keep_with_next = name.startswith(("Heading", "Table Caption"))
            form.widow_control = True

    def style(self, style: Any, font: str, bold: bool, indent: int, side: str) -> None:
        """One style from its first stroke: what the template brings along is dropped."""
        from docx.oxml import parse_xml

        element = style.element
        for tag in ("rPr", "pPr"):
            for old in element.findall(f"{{{_W}}}{tag}"):
                element.remove(old)
        mark = f'<w:b w:val="{int(bold)}"/><w:color w:val="000000"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
        fonts = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{_quoted(font)}"/>'
        level = f'<w:outlineLvl w:val="{int(style.name[-1]) - 1}"/>' if style.name.startswith("Heading") else ""
        element.append(parse_xml(
            f'<w:pPr {NS}><w:ind w:firstLineChars="{indent}" w:firstLine="{indent * 16 // 5 if indent else 0}"/><w:jc w:val="{side}"/>{level}</w:pPr>'))  # fmt: skip
        element.append(parse_xml(f"<w:rPr {NS}>{fonts}{mark}</w:rPr>"))

    def font_table(self) -> None:
        """Other names of the fonts, for machines that know them by those."""
        for part in self.made.part.package.iter_parts():
            if str(part.partname) == "/word/fontTable.xml":
                own = "".join(
                    f'<w:font w:name="{_quoted(name)}">{f"<w:altName w:val={chr(34)}{ALSO[name]}{chr(34)}/>" if name in ALSO else ""}'
                    '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
                    for name in sorted(set(self.fonts.values()))
                )
                part._blob = part.blob.replace(b"</w:fonts>", own.encode() + b"</w:fonts>")

    # ---- blocks

    def contents(self, told: n.Narrative) -> None:
        """The headings as links, in a field that Word fills with page numbers when a person updates it (F9); none are guessed."""
        self.put("ContentsHeading", _run(told.contents))
        heads = [
            (number, x) for number, x in enumerate(told.blocks) if isinstance(x, n.Heading) and x.level <= n.LISTED
        ]
        start = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-'
            f'{n.LISTED}" \\h \\z </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        for number, head in heads:
            link = f'<w:hyperlink w:anchor="_Toc{number:06}" w:history="1">{_run(head.text)}</w:hyperlink>'
            last = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if number == heads[-1][0] else ""
            self.put(f"toc{head.level}", f"{start}{link}{last}")
            start = ""

    def heading(self, block: n.Heading, number: int, new_page: bool) -> None:
        mark = f'<w:bookmarkStart w:id="{number}" w:name="_Toc{number:06}"/>{_run(block.text)}<w:bookmarkEnd w:id="{number}"/>'
        self.put(f"Heading{min(block.level, 3)}", mark, "<w:pageBreakBefore/>" if new_page else "")

    def signatures(self, block: n.Signatures) -> None:
        wide = 100 // max(len(block.names), 1)
        columns = tuple(n.Column(head="", width=wide) for _ in block.names)
        self.put("Note")
        self.rows(n.Table(caption="", columns=columns, rows=(tuple(map(n.Cell, block.names)),)), lined=False)

    def table(self, block: n.Table, told_before: bool = False) -> None:
        if block.caption:
            self.put("TableCaption", _run(block.caption))
        elif told_before:
            self.put("TableText", more='<w:keepNext/><w:spacing w:line="80" w:lineRule="exact"/>')
        self.rows(block, lined=True)

    def chart(self, block: n.Chart) -> None:
        from perfdsl.publish import can_draw

        if not can_draw():
            self.table(_drawn(block))
            return
        from docx.oxml.xmlchemy import serialize_for_reading
        from docx.shared import Mm

        from perfdsl.typeset import picture

        inline: Any = self.made.part.new_pic_inline(io.BytesIO(picture(svg(block), WIDE)), width=Mm(PICTURE_WIDE))
        said = "; ".join(f"{entry.name} {' / '.join(bar.text for bar in entry.bars)}" for entry in block.entries)
        inline.docPr.set("descr", f"{block.title}: {said}"[:2000])
        look = '<w:keepNext/><w:spacing w:before="200" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/>'
        self.put("Note", f"<w:r><w:drawing>{serialize_for_reading(inline)}</w:drawing></w:r>", look)
        self.put("TableCaption", _run(block.title), '<w:keepNext w:val="0"/>')

    def rows(self, block: n.Table, lined: bool) -> None:
        """A table as one piece of XML: building it cell by cell takes the square of its rows."""
        whole = sum(column.width for column in block.columns)
        widths = [TEXT_WIDE * column.width // whole for column in block.columns]
        line = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        borders = f"<w:tblBorders>{line}</w:tblBorders>" if lined else ""
        margins = "".join(
            f'<w:{side} w:w="{size}" w:type="dxa"/>'
            for side, size in (("top", 30), ("left", 70), ("bottom", 30), ("right", 70))
        )
        head = (
            f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>{borders}<w:tblLayout w:type="fixed"/>'
            f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{''.join(f'<w:gridCol w:w={chr(34)}{w}{chr(34)}/>' for w in widths)}</w:tblGrid>"
        )
        if block.headed:
            cells = "".join(
                _cell(n.Cell(x.head, strong=True), n.CENTRE, wide, "", shaded=True)
                for x, wide in zip(block.columns, widths, strict=True)
            )
            head += f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"
        body = "".join(
            f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(_placed(x, block, widths) for x in line)}</w:tr>"
            for line in grid(block)
        )
        self.add(f"<w:tbl {NS}>{head}{body}</w:tbl>")
        self.put("TableText", more="" if lined else '<w:spacing w:line="20" w:lineRule="exact"/>')


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _kept(blocks: Sequence[n.Block], number: int) -> str:
    """A paragraph stays on the page of the table or the chart below it."""
    return "<w:keepNext/>" if isinstance(blocks[min(number + 1, len(blocks) - 1)], (n.Table, n.Chart)) else ""


def _placed(placed: Placed, block: n.Table, widths: list[int]) -> str:
    """One cell, or the empty one that goes on with a cell from above."""
    column, cell, begins = placed
    wide = sum(widths[column : column + cell.columns])
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    span += ('<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>") if cell.rows > 1 else ""
    return _cell(cell if begins else n.Cell(""), block.columns[column].place, wide, span)


def _cell(cell: n.Cell, place: str, wide: int, span: str, shaded: bool = False) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDF0F3"/>' if shaded else ""
    text = _line(cell.text, place, "<w:b/>" if cell.strong else "")
    small = _line(cell.small, place, '<w:color w:val="444444"/><w:sz w:val="18"/>') if cell.small else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{span}{shade}<w:vAlign w:val="center"/></w:tcPr>{text}{small}</w:tc>'


def _run(text: str, mark: str = "") -> str:
    return f'<w:r><w:rPr>{mark}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def _line(text: str, place: str, mark: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="TableText"/><w:jc w:val="{PLACES[place]}"/></w:pPr>{_run(text, mark)}</w:p>'


def _quoted(name: str) -> str:
    return escape(name, {'"': "&quot;"})


def _drawn(chart: n.Chart) -> n.Table:
    """A chart without a picture: bars of block characters."""
    columns = (n.Column(head="", width=30), n.Column(head="", width=42), n.Column(head="", width=28))
    rows = tuple(
        (n.Cell(entry.name if number == 0 else ""), n.Cell(_bar(bar)), n.Cell(bar.text))
        for entry in chart.entries for number, bar in enumerate(entry.bars)
    )  # fmt: skip
    return n.Table(caption=chart.title, columns=columns, rows=rows)


def _bar(bar: n.Bar) -> str:
    sure, possible = (max(int(share * BLOCKS), 1) if share > 0 else 0 for share in (bar.sure, bar.possible))
    return ("▓" if bar.tone == n.BEFORE else "█") * sure + "▒" * (possible - sure)
