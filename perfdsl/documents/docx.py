"""Word files (.docx, .docm): paragraphs and tables in their order, read from the package itself.

Merged cells (gridSpan, vMerge, hMerge), rows that begin or end early, nested tables, text boxes, headers, footers, notes,
comments, tracked changes and boxes to tick are read; pictures and embedded objects are counted.
"""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from attrs import define, evolve, field

from perfdsl.diagnostics import Diagnostic, finding, stated
from perfdsl.document import Cell, Line, Part, Place
from perfdsl.documents._archive import Archive
from perfdsl.documents._findings import (
    BAD_SPAN,
    DAMAGED,
    DEEP,
    HIDDEN_TEXT,
    LINKS,
    PICTURES,
    TRACKED,
    Unreadable,
)
from perfdsl.documents._inside import read_inside
from perfdsl.documents._spans import Piece, lay, refuse_if_long
from perfdsl.documents._word import MOST_DEEP, Seen, Words, alternative, attribute, child, is_on, number, outermost, tag
from perfdsl.text import Source, Span

NAME = "docx"
CONTENT = "docx"
SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")
NEEDS = ()
EXTRA = ""
MOST_COLUMNS = 1000
SMALL = 4 << 20  # unpacked: what is smaller cannot become much, and another process would take longer than the reading
BESIDE = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "comments": "批注"}
NOTES = ("footnotes", "endnotes", "comments")
THROUGH = frozenset({"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "body"})


def read(name: str, data: bytes) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """Headers, the text in its order, footers, then the notes and comments that hang on no cell; a large one is read in a process of its own."""
    if sum(part.file_size for part in Archive(name, data).parts.infolist()) <= SMALL:
        return inside(name, data)
    return read_inside(NAME, name, data)


def inside(name: str, data: bytes) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """The parts of a Word file."""
    archive = Archive(name, data)
    archive.check_xml()
    main = next((target for _, sort, target, out in archive.links("") if sort == "officeDocument" and not out), "")
    root = archive.xml(main)
    body = child(root, "body") if root is not None else None
    if body is None:
        raise Unreadable(DAMAGED, detail=main or "word/document.xml")
    links = archive.links(main)
    reading = Reading(name, _notes(archive, links))
    around = dict.fromkeys((sort, target) for _, sort, target, out in links if sort in ("header", "footer") and not out)
    beside = [(sort, archive.xml(target)) for sort, target in around]
    parts = [
        *_beside(reading, beside, "header"), *reading.blocks(body), *_beside(reading, beside, "footer"),
        *reading.loose_notes(),
    ]  # fmt: skip
    outside = sum(out and sort != "hyperlink" for _, sort, _, out in links)
    return tuple(parts), [*archive.found, *reading.found(outside)]


def _beside(reading: "Reading", roots: Iterable[tuple[str, Element | None]], wanted: str) -> list[Part]:
    """The lines of headers or footers, each text once; a number alone is the page's."""
    found: list[Part] = []
    known = set()
    for sort, root in roots:
        if sort != wanted or root is None:
            continue
        for part in reading.blocks(root):
            if isinstance(part, Line):
                if part.text.strip("-— 0123456789") == "" or part.text in known:
                    continue
                known.add(part.text)
                part = evolve(part, place=Place(row=len(known), sheet=BESIDE[sort]))
            found.append(part)
    return found


def _notes(archive: Archive, links: list[tuple[str, str, str, bool]]) -> dict[tuple[str, str], Element]:
    """Footnotes, endnotes and comments by what refers to them."""
    found = {}
    wanted = dict.fromkeys((sort, target) for _, sort, target, out in links if sort in NOTES and not out)
    for sort, target in wanted:
        root = archive.xml(target)
        for note in root if root is not None else ():
            if attribute(note, "type") in ("", "normal"):
                found[sort.removesuffix("s"), attribute(note, "id")] = note
    return found


@define
class Reading:
    """A document being read: what was met, how many lines and tables there were, which notes are told already."""

    name: str
    notes: dict[tuple[str, str], Element]
    seen: Seen = field(factory=Seen)
    lines: int = 0
    tables: int = 0
    bad_spans: list[Diagnostic] = field(factory=list)
    told: set[tuple[str, str]] = field(factory=set)

    # ---- blocks

    def blocks(self, container: Iterable[Element], deep: int = 0) -> list[Part]:
        """The lines and grids of a body, a cell or a text box."""
        found: list[Part] = []
        for element in self._through(container, deep):
            if tag(element) == "p":
                found += self._paragraph(element, deep)
            elif tag(element) == "tbl":
                found += self._table(element, deep + 1)
            elif tag(element) == "altChunk":
                self.seen.pictures += 1
        return found

    def _through(self, container: Iterable[Element], deep: int) -> Iterator[Element]:
        """The children, those of mere wrappings among them; what is deleted is left out."""
        if deep > MOST_DEEP:
            self.seen.too_deep = True
            return
        for element in container:
            name = tag(element)
            if name in ("del", "moveFrom"):
                self.seen.tracked += 1
            elif name == "AlternateContent":
                yield from self._through(alternative(element), deep + 1)
            elif name in THROUGH or name in ("footnote", "endnote", "comment"):
                self.seen.tracked += name in ("ins", "moveTo")
                yield from self._through(element, deep + 1)
            else:
                yield element

    def _words(self, paragraph: Element, deep: int) -> Words:
        words = Words(self.seen)
        words.walk(paragraph, deep)
        return words

    def _paragraph(self, paragraph: Element, deep: int) -> list[Part]:
        self.lines += 1
        refuse_if_long(self.lines)
        words = self._words(paragraph, deep)
        found: list[Part] = []
        if words.text.strip():
            found.append(Line(words.text, Place(row=self.lines)))
        for box in words.boxes:
            found += self.blocks(box, deep + 2)
        return found

    # ---- tables

    def _table(self, table: Element, deep: int) -> list[Part]:
        """The grid, then the grids nested in it; a grid that only holds others is left out."""
        self.tables += 1
        title = f"表{self.tables}"
        pieces: list[Piece] = []
        inner: list[Part] = []
        open_above: dict[int, int] = {}
        for row, element in enumerate(self._rows(table, deep)):
            open_above = self._row(element, row, title, (pieces, inner, open_above), deep)
        if inner and not any(piece.cell.text.strip() for piece in pieces):
            return inner
        grid, clashes = lay(pieces, title)
        for piece in clashes[:1]:
            place = Span(0, 0, Source(self.name, ""))
            at = {"name": self.name, "table": title, "row": piece.row + 1, "column": piece.column + 1}
            self.bad_spans.append(stated(BAD_SPAN, place, at))
        return [grid, *inner] if grid.rows else inner

    def _rows(self, table: Element, deep: int) -> Iterator[Element]:
        for element in self._through(table, deep):
            if tag(element) != "tr":
                continue
            if child(child(element, "trPr"), "del") is not None:
                self.seen.tracked += 1
            else:
                yield element

    def _row(
        self,
        row: Element,
        number_of_row: int,
        title: str,
        made: tuple[list[Piece], list[Part], dict[int, int]],
        deep: int,
    ) -> dict[int, int]:
        """Add the cells of a row; (column → piece) of the cells that may go on in the next row."""
        pieces, inner, open_above = made
        properties = child(row, "trPr")
        hidden = is_on(child(properties, "hidden"))
        self.seen.tracked += child(properties, "ins") is not None
        column = number(child(properties, "gridBefore"), 0, MOST_COLUMNS)
        open_below: dict[int, int] = {}
        for cell in self._through(row, deep):
            if tag(cell) != "tc":
                continue
            about = child(cell, "tcPr")
            width = number(child(about, "gridSpan"), 1, MOST_COLUMNS)
            place = Place(row=number_of_row + 1, column=column + 1, sheet=title)
            made_cell = evolve(self._cell(cell, place, inner, deep), columns=width, hidden=hidden)
            merge = child(about, "vMerge")
            above = open_above.get(column)
            if _goes_on(child(about, "hMerge")) and pieces and pieces[-1].row == number_of_row:
                _widen(pieces, made_cell)
            elif _goes_on(merge) and above is not None and pieces[above].cell.columns == width:
                pieces[above] = evolve(pieces[above], cell=_lengthened(pieces[above].cell, made_cell))
                open_below[column] = above
            else:
                if merge is not None:
                    open_below[column] = len(pieces)
                pieces.append(Piece(row=number_of_row, column=column, cell=made_cell))
            column += width
        return open_below

    def _cell(self, cell: Element, place: Place, inner: list[Part], deep: int) -> Cell:
        """A cell with its own words; the tables in it go to ``inner``."""
        words, notes = [], []
        for element in self._through(cell, deep):
            if tag(element) == "tbl":
                inner += self._table(element, deep + 1)
            elif tag(element) == "p":
                paragraph = self._words(element, deep)
                words.append(paragraph.text)
                notes += [self._note(at) for at in paragraph.notes]
                for box in paragraph.boxes:
                    for part in self.blocks(box, deep + 2):
                        if isinstance(part, Line):
                            words.append(part.text)
                        else:
                            inner.append(part)
        return Cell("\n".join(words).strip("\n"), place, note="\n".join(filter(None, notes)))

    # ---- notes

    def _note(self, at: tuple[str, str]) -> str:
        """The words of a note or comment."""
        self.told.add(at)
        element = self.notes.get(at)
        if element is None:
            return ""
        lines = [self._words(paragraph, 0).text.strip() for paragraph in outermost(element, "p")]
        return "\n".join(line for line in lines if line)

    def loose_notes(self) -> list[Part]:
        """The notes that hang on no cell, as lines."""
        found: list[Part] = []
        for row, at in enumerate([at for at in self.notes if at not in self.told], 1):
            if text := self._note(at):
                found.append(Line(text, Place(row=row, sheet=BESIDE[f"{at[0]}s"])))
        return found

    # ---- what is said

    def found(self, outside: int) -> list[Diagnostic]:
        """Everything a person should know about the reading."""
        place, seen, said = Span(0, 0, Source(self.name, "")), self.seen, list(self.bad_spans)
        for kind, count in (
            (TRACKED, seen.tracked),
            (HIDDEN_TEXT, seen.hidden),
            (PICTURES, seen.pictures),
            (LINKS, outside),
        ):
            if count:
                said.append(finding(kind, place, name=self.name, count=count))
        if seen.too_deep:
            said.append(finding(DEEP, place, name=self.name, depth=MOST_DEEP))
        return said


def _goes_on(merge: Element | None) -> bool:
    """Does the cell go on with the one above (or before) it?"""
    return merge is not None and attribute(merge, "val") in ("", "continue")


def _lengthened(cell: Cell, more: Cell) -> Cell:
    return evolve(cell, rows=cell.rows + 1, text="\n".join(filter(None, (cell.text, more.text))))


def _widen(pieces: list[Piece], more: Cell) -> None:
    last = pieces[-1].cell
    text = "\n".join(filter(None, (last.text, more.text)))
    pieces[-1] = evolve(pieces[-1], cell=evolve(last, columns=last.columns + more.columns, text=text))
