"""PDF files that hold text: tables by their ruled lines, page by page, and the lines of text between them.

Nothing is put together over pages: a header that repeats and a row that goes on stay as they are, and are reported.
"""

import io
import struct
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from perfdsl.diagnostics import Diagnostic, Kind, stated
from perfdsl.document import Cell, Grid, Line, Part, Place
from perfdsl.documents._findings import (
    CONTINUED,
    DAMAGED,
    GARBLED,
    NO_TEXT_PAGE,
    PASSWORD,
    PICTURES,
    SCANNED,
    SPLIT_ROW,
    TOO_BIG,
    Unreadable,
)
from perfdsl.documents._glyphs import Glyph, in_lines, paragraphs
from perfdsl.documents._inside import read_inside
from perfdsl.documents._spans import Piece, lay
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    from pdfplumber.page import Page

NAME = "pdf"
CONTENT = "pdf"
SUFFIXES = (".pdf",)
NEEDS = ("pdfplumber",)
EXTRA = "import"
MOST_PAGES = 500
MOST_HEAD = 6
NEAR = 3.0
Box = tuple[float, float, float, float]
_BROKEN = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError, ArithmeticError, struct.error,
           zlib.error, NotImplementedError, OSError)  # fmt: skip


def read(name: str, data: bytes) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """The pages in their order, read in a process of its own: a page can be made to take for ever."""
    return read_inside(NAME, name, data)


def inside(name: str, data: bytes) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """The parts of all pages."""
    import pdfplumber  # only a PDF needs it
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import PdfminerException

    reading = Reading(name)
    try:
        with pdfplumber.open(io.BytesIO(data)) as book:
            if len(book.pages) > MOST_PAGES:
                raise Unreadable(TOO_BIG, detail=f"{len(book.pages)}页", limit=f"{MOST_PAGES}页")
            for page in book.pages:
                reading.page(page)
                page.close()
            reading.done()
    except (PdfminerException, PSException) as problem:
        if any(isinstance(one, PDFPasswordIncorrect) for one in (problem, *problem.args)):
            raise Unreadable(PASSWORD) from problem
        raise Unreadable(DAMAGED, detail=_words(problem)) from problem
    except _BROKEN as problem:
        raise Unreadable(DAMAGED, detail=_words(problem)) from problem
    if not reading.pages:
        raise Unreadable(DAMAGED, detail="0 pages")
    if not reading.parts and reading.pictures:
        raise Unreadable(SCANNED, pages=reading.pages)
    return tuple(reading.parts), reading.found()


def _words(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {problem}"


@frozen(kw_only=True)
class Ruled:
    """A table of a page: the positions of its lines, and which cell covers each place."""

    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Box, ...]

    def under(self, xs: tuple[float, ...]) -> "Ruled":
        """The same table with the vertical lines of all pages it runs over."""
        return Ruled(box=self.box, xs=xs, ys=self.ys, cells=self.cells)

    def place(self, box: Box) -> tuple[int, int, int, int]:
        """(row, column, rows, columns) of a cell."""
        left, top, right, bottom = box
        column, row = _nearest(self.xs, left), _nearest(self.ys, top)
        return row, column, max(1, _nearest(self.ys, bottom) - row), max(1, _nearest(self.xs, right) - column)


@define
class Reading:
    """A PDF being read: the parts so far and what a person should know."""

    name: str
    parts: list[Part] = field(factory=list)
    said: list[Diagnostic] = field(factory=list)
    pages: int = 0
    tables: int = 0
    pictures: int = 0
    without_text: list[int] = field(factory=list)
    waiting: list[tuple[int, list[Ruled], list[Glyph]]] = field(factory=list)
    last: tuple[Grid, Ruled, int] | None = None  # the first grid of the run of pages, the lines of the last, its page

    def page(self, page: "Page") -> None:
        """Add a page."""
        self.pages += 1
        number = self.pages
        glyphs = [_glyph(c) for c in page.dedupe_chars().chars]
        self.pictures += len(page.images)
        if not any(glyph.text.strip() for glyph in glyphs):
            self.without_text += [number] if page.images else []
            return
        bad = sum("\ufffd" in glyph.text for glyph in glyphs)
        if bad:
            self._say(GARBLED, page=number, count=bad)
        tables = [ruled for table in page.find_tables() if (ruled := _ruled(table.cells)) is not None]
        self.waiting.append((number, tables, glyphs))

    def done(self) -> None:
        """Add the pages, once all tables are known: a table that runs over pages has the same columns on each."""
        runs = _runs([(number, ruled) for number, tables, _ in self.waiting for ruled in tables])
        for number, tables, glyphs in self.waiting:
            self._add(number, [runs[id(ruled)] for ruled in tables], glyphs)
        self.waiting.clear()

    def _add(self, number: int, tables: Sequence[Ruled], glyphs: Sequence[Glyph]) -> None:
        """The tables and the lines between them, from top to bottom."""
        outside = [g for g in glyphs if not any(_holds(ruled.box, g) for ruled in tables)]
        lines = in_lines(outside)
        placed: list[tuple[float, Ruled | str]] = [(ruled.box[1], ruled) for ruled in tables]
        placed += [(line.top, line.text) for line in lines if line.text.strip()]
        row, seen = 0, 0
        for at, (_, one) in enumerate(sorted(placed, key=lambda item: item[0])):
            if isinstance(one, str):
                row += 1
                self.parts.append(Line(one.rstrip(), Place(page=number, row=row)))
                continue
            grid = self._grid(number, one, glyphs)
            seen += 1
            if seen == 1 and at <= 2:
                self._follow(number, grid, one)
            head = self.last[0] if self.last is not None and self._goes_on(one, number) else grid
            self.last = (head, one, number)
            self.parts.append(grid)

    def _grid(self, number: int, ruled: Ruled, glyphs: Sequence[Glyph]) -> Grid:
        self.tables += 1
        title = f"表{self.tables}"
        owner: dict[tuple[int, int], Box] = {}
        for box in ruled.cells:
            row, column, down, across = ruled.place(box)
            owner.update(((r, c), box) for r in range(row, row + down) for c in range(column, column + across))
        inside: dict[Box, list[Glyph]] = {box: [] for box in ruled.cells}
        for glyph in glyphs:
            if _holds(ruled.box, glyph):
                at = (bisect_right(ruled.ys, glyph.middle) - 1, bisect_right(ruled.xs, glyph.centre) - 1)
                if at in owner:
                    inside[owner[at]].append(glyph)
        pieces = []
        for box in ruled.cells:
            row, column, down, across = ruled.place(box)
            place = Place(number, row + 1, column + 1, title)
            pieces.append(
                Piece(row=row, column=column, cell=Cell(paragraphs(inside[box], box[2] - box[0]), place, down, across))
            )
        pieces.sort(key=lambda piece: (piece.row, piece.column))
        return lay(pieces, title)[0]

    # ---- over pages

    def _goes_on(self, ruled: Ruled, number: int) -> bool:
        """Has the last table, on this page or the one before, the same columns?"""
        if self.last is None:
            return False
        _, last, page = self.last
        alike = len(last.xs) == len(ruled.xs) and all(
            abs(a - b) <= NEAR for a, b in zip(last.xs, ruled.xs, strict=True)
        )
        return alike and number - page == 1

    def _follow(self, number: int, grid: Grid, ruled: Ruled) -> None:
        """Say so when a table goes on from the page before, and which row may do so."""
        if self.last is None or not self._goes_on(ruled, number):
            return
        head, before = self.last[0], self.last[2]
        repeated = _repeated(head, grid)
        self._say(CONTINUED, page=number, before=before, rows=repeated)
        if repeated < len(grid.rows):
            row = {id(c): c for c in grid.rows[repeated] if c is not None}.values()
            filled = [c.text for c in row if c.text.strip()]
            if filled and 2 * len(filled) < len(row):
                self._say(SPLIT_ROW, page=number, row=repeated + 1, text=filled[0])

    def _say(self, kind: Kind, **facts: object) -> None:
        self.said.append(stated(kind, Span(0, 0, Source(self.name, "")), {"name": self.name, **facts}))

    def found(self) -> list[Diagnostic]:
        """What a person should know of the whole."""
        if self.without_text:
            self._say(NO_TEXT_PAGE, pages="、".join(map(str, self.without_text)))
        elif self.pictures:
            self._say(PICTURES, count=self.pictures)
        return self.said


def _repeated(head: Grid, grid: Grid) -> int:
    """How many rows at the top of ``grid`` are also near the top of ``head``, in the same order."""
    old, new = ([[_text(c) for c in row] for row in one.rows] for one in (head, grid))
    most = 0
    for start in range(min(MOST_HEAD, len(old))):
        alike = (n for n, (a, b) in enumerate(zip(old[start:], new, strict=False)) if a != b or not any(a))
        most = max(most, next(alike, min(len(old) - start, len(new))))
    return min(most, MOST_HEAD)


def _text(cell: Cell | None) -> str:
    return cell.text if cell is not None else ""


def _glyph(char: dict[str, Any]) -> Glyph:
    text = char["text"]
    return Glyph(
        text="\ufffd" if text.startswith("(cid:") else text,
        left=char["x0"], right=char["x1"], top=char["top"], bottom=char["bottom"], size=max(float(char["size"]), 1.0),
    )  # fmt: skip


def _holds(box: Box, glyph: Glyph) -> bool:
    return box[0] <= glyph.centre <= box[2] and box[1] <= glyph.middle <= box[3]


def _ruled(cells: Sequence[Box]) -> Ruled | None:
    """A table from its cells; a single cell is a frame around text, no table."""
    if len(cells) < 2:
        return None
    xs = _lines([edge for box in cells for edge in (box[0], box[2])])
    ys = _lines([edge for box in cells for edge in (box[1], box[3])])
    box = (xs[0], ys[0], xs[-1], ys[-1])
    return Ruled(box=box, xs=xs, ys=ys, cells=tuple(dict.fromkeys(cells)))


def _runs(tables: Sequence[tuple[int, Ruled]]) -> dict[int, Ruled]:
    """Each table with the vertical lines of its run: tables on following pages that are equally wide and share most lines."""
    made: dict[int, Ruled] = {}
    run: list[Ruled] = []
    for at, (number, ruled) in enumerate(tables):
        if run and not (number - tables[at - 1][0] == 1 and _alike(run[-1], ruled)):
            made.update(_same_lines(run))
            run = []
        run.append(ruled)
    made.update(_same_lines(run))
    return made


def _alike(one: Ruled, other: Ruled) -> bool:
    """Are the edges the same, and are the lines of one those of the other or some of them?"""
    if abs(one.xs[0] - other.xs[0]) > NEAR or abs(one.box[2] - other.box[2]) > NEAR:
        return False
    few, many = sorted((one.xs, other.xs), key=len)
    return all(min(abs(x - y) for y in many) <= NEAR for x in few)


def _same_lines(run: Sequence[Ruled]) -> dict[int, Ruled]:
    most = max((ruled.xs for ruled in run), key=len, default=())
    whole = _lines([x for ruled in run for x in ruled.xs]) if most else ()
    return {id(ruled): ruled if len(ruled.xs) == len(whole) else ruled.under(whole) for ruled in run}


def _lines(edges: Sequence[float]) -> tuple[float, ...]:
    """The positions of lines; those that are near each other are one."""
    ordered = sorted(set(edges))
    starts = [ordered[0], *(b for a, b in pairwise(ordered) if b - a > NEAR)]
    return tuple(starts)


def _nearest(lines: Sequence[float], edge: float) -> int:
    return min(range(len(lines)), key=lambda n: abs(lines[n] - edge))
