"""Word: tables with merged cells, Chinese fonts named for Chinese, headings that repeat, page numbers.

The table is written as XML in one piece: a library that builds it cell by cell takes minutes for some thousand rows.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from perfdsl import layout as y
from perfdsl.writers._parts import Part, by_row, covered, parts
from perfdsl.writers._text import clean, line_counts

if TYPE_CHECKING:
    from docx.document import Document

NAME, SUFFIX, NEEDS, EXTRA = "docx", ".docx", ("docx",), "word"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SONG, HEI, LATIN = "宋体", "黑体", "Times New Roman"
SIZE, SMALL, LARGE = 18, 16, 32  # half points
A4 = (11906, 16838)  # twentieths of a point
MARGIN = 900
MOST_WHOLE = 24  # lines of a row that is not split; a taller one may not fit a page
LEFT = frozenset({y.TEXT, y.NOTE, y.SIGN})
BOLD = frozenset({y.HEAD, y.LABEL, y.TOTAL})


def write(layouts: Sequence[y.Layout]) -> bytes:
    """The document, each object on a page of its own."""
    from docx import Document as new_document

    document = new_document()
    _set_up(document, layouts[0].portrait if layouts else False)
    body = document.element.body
    end = body.sectPr
    for number, layout in enumerate(layouts):
        if number:
            end.addprevious(_xml(f'<w:p {SPACE}><w:r><w:br w:type="page"/></w:r></w:p>'))
        for piece in _pieces(layout):
            end.addprevious(_xml(piece))
    stream = io.BytesIO()
    document.save(stream)
    return _undated(stream)


def _undated(made: io.BytesIO) -> bytes:
    """The same file without the time of day its parts were packed at."""
    stream = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _set_up(document: "Document", portrait: bool) -> None:
    """A4, the fonts of the document, page numbers."""
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Pt, Twips

    properties = document.core_properties
    properties.created = properties.modified = datetime(2000, 1, 1)
    properties.author, properties.comments = "perfdsl", ""
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT if portrait else WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (Twips(side) for side in (A4 if portrait else A4[::-1]))
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Twips(MARGIN)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(SIZE / 2)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.line_spacing = 1.0
    style.element.get_or_add_rPr().append(_xml(f'<w:lang {SPACE} w:val="en-US" w:eastAsia="zh-CN"/>'))
    footer = section.footer.paragraphs[0]._p
    for run in (_run("第 ", ""), _page("PAGE"), _run(" 页，共 ", ""), _page("NUMPAGES"), _run(" 页", "")):
        footer.append(
            _xml(run.replace("<w:r>", f"<w:r {SPACE}>", 1).replace("<w:fldSimple ", f"<w:fldSimple {SPACE} ", 1))
        )
    footer.get_or_add_pPr().append(_xml(f'<w:jc {SPACE} w:val="center"/>'))


def _page(field: str) -> str:
    return f'<w:fldSimple w:instr="{field}">{_run("1", "")}</w:fldSimple>'


def _pieces(layout: y.Layout) -> Iterator[str]:
    rows = by_row(layout)
    room = (A4[0] if layout.portrait else A4[1]) - 2 * MARGIN
    widths = [width * room // sum(layout.widths) for width in layout.widths]
    before = False
    for part in parts(layout):
        if part.table:
            if before:
                yield f'<w:p {SPACE}><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
            yield _table(layout, part, rows, widths)
        else:
            for row in rows[part.first : part.end]:
                yield _outside(row, widths)
        before = part.table
    if before:
        yield f"<w:p {SPACE}/>"


def _outside(row: list[y.Cell], widths: list[int]) -> str:
    """A title, or the signatures side by side at the stops of a tab."""
    if row[0].role == y.SIGN:
        stops = "".join(f'<w:tab w:val="left" w:pos="{sum(widths[: cell.column])}"/>' for cell in row[1:])
        runs = "<w:r><w:tab/></w:r>".join(_run(cell.text, _look(cell.role)) for cell in row)
        return f'<w:p {SPACE}><w:pPr><w:tabs>{stops}</w:tabs><w:spacing w:before="200"/></w:pPr>{runs}</w:p>'
    return f'<w:p {SPACE}><w:pPr><w:jc w:val="center"/></w:pPr>{"".join(_run(cell.text, _look(cell.role)) for cell in row)}</w:p>'


def _table(layout: y.Layout, part: Part, rows: list[list[y.Cell]], widths: list[int]) -> str:
    above, heights, counts = covered(layout), dict(layout.heights), line_counts(layout)
    signed = part.end if any(cell.role == y.SIGN for row in rows[part.end : part.end + 1] for cell in row) else 0
    edges = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
                    for side in ("top", "left", "bottom", "right", "insideH", "insideV"))  # fmt: skip
    made = [
        f'<w:tbl {SPACE}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="25" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="25" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "<w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths) + "</w:tblGrid>"
    ]
    for number in range(part.first, part.end):
        tall = f'<w:trHeight w:val="{heights[number] * 260}" w:hRule="atLeast"/>' if number in heights else ""
        head = "<w:tblHeader/>" if number < part.first + part.heads else ""
        whole = "<w:cantSplit/>" if counts[number] <= MOST_WHOLE else ""
        made.append(f"<w:tr><w:trPr>{whole}{tall}{head}</w:trPr>")
        starts = {cell.column: cell for cell in rows[number]}
        column = 0
        while column < len(widths):
            cell = starts.get(column) or above.get((number, column)) or y.Cell(row=number, column=column)
            made.append(_cell(cell, number, sum(widths[column : column + cell.columns]), number + 1 == signed))
            column += cell.columns
        made.append("</w:tr>")
    return "".join([*made, "</w:tbl>"])


def _cell(cell: y.Cell, row: int, width: int, kept: bool) -> str:
    """One cell of a row; ``kept`` on the page of what follows, so that signatures never stand alone."""
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    merge = "" if cell.rows == 1 else '<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>"
    fill = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>' if cell.role == y.HEAD else ""
    side = "left" if cell.role in LEFT else "center"
    runs = _run(cell.text, _look(cell.role)) if row == cell.row else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{fill}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr>{"<w:keepNext/>" if kept else ""}<w:jc w:val="{side}"/></w:pPr>{runs}</w:p></w:tc>'
    )


def _look(role: str) -> str:
    """The fonts and size of a role; Chinese fonts are named for Chinese, or Word takes its own."""
    chinese = HEI if role == y.TITLE else SONG
    size = LARGE if role == y.TITLE else SMALL if role == y.NOTE else SIZE
    return (
        f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{chinese}"/>{"<w:b/>" if role in BOLD else ""}'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    )


def _run(text: str, look: str) -> str:
    """The words, each line on its own."""
    lines = clean(text).replace("\t", " ").split("\n")
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r>{look}{inner}</w:r>"


def _xml(text: str) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(text)
