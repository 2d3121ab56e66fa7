"""Web pages (.html, .htm, and the .xls that is one): text and tables, whatever their tags lack.

Pages that say gb2312 or gbk are read as GB18030, which holds both; a page without a word about it is decoded like text.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import define, field

from perfdsl.diagnostics import Diagnostic, finding, has_errors, stated
from perfdsl.document import Cell, Line, Part, Place
from perfdsl.documents._findings import BAD_SPAN, DEEP, PICTURES, TOO_BIG, Unreadable
from perfdsl.documents._inside import read_inside
from perfdsl.documents._spans import MOST_PLACES, Piece, lay, refuse_if_long
from perfdsl.encoding import decode
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

NAME = "html"
CONTENT = "html"
SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
NEEDS = ("selectolax",)
EXTRA = "import"
MOST_BYTES = 32 << 20
MOST_DEEP = 200
MOST_SPAN = {"colspan": 1000, "rowspan": 65534}
CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)
CHINESE = frozenset({"gb2312", "gb_2312", "gb_2312-80", "gbk", "gb18030", "x-gbk", "cp936", "ms936", "hz-gb-2312"})
OTHERS = {"big5": "big5hkscs", "big5-hkscs": "big5hkscs"}
SKIPPED = frozenset(
    {"script", "style", "head", "noscript", "template", "-comment", "svg", "math", "select", "textarea"}
)
BLOCKS = frozenset({
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header", "footer",
    "main", "nav", "aside", "form", "fieldset", "blockquote", "pre", "center", "address", "figure", "figcaption", "hr", "caption",
    "body", "html", "td", "th", "tr", "tbody", "thead", "tfoot",
})  # fmt: skip
PICTURE = frozenset({"img", "object", "embed", "iframe", "canvas", "svg", "video"})
_SPACES = re.compile("[ \t\n\r\f]+")


def read(name: str, data: bytes) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """The lines and tables of a page in their order; the parser runs in a process of its own, deep nesting makes it slow."""
    if len(data) > MOST_BYTES:
        raise Unreadable(TOO_BIG, detail=f"{len(data) >> 20} MB", limit=f"{MOST_BYTES >> 20} MB")
    text, found = _text(name, data)
    if has_errors(found):
        return (), found
    parts, more = read_inside(NAME, name, text.encode("utf-8", "replace"))
    return parts, found + more


def inside(name: str, data: bytes) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """The parts of a page in UTF-8."""
    from selectolax.lexbor import LexborHTMLParser  # only pages need it

    root = LexborHTMLParser(data.decode()).body
    reading = Reading(name)
    if root is not None:
        reading.flow(root, 0)
        reading.end_line()
    return tuple(reading.parts), reading.found()


def _text(name: str, data: bytes) -> tuple[str, list[Diagnostic]]:
    """The text of a page by what it says of itself; if that is not true, like any other text."""
    said = CHARSET.search(data[:4096])
    charset = said[1].decode("ascii").lower() if said else ""
    encoding = "gb18030" if charset in CHINESE else OTHERS.get(charset, "")
    if encoding and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return data.decode(encoding), []
        except UnicodeDecodeError:
            pass
    text, _, found = decode(name, data)
    return text, [d for d in found if d.severity == "error"]


@define
class Reading:
    """A page being read: the parts so far, and the line that is being written."""

    name: str
    parts: list[Part] = field(factory=list)
    pieces: list[str] = field(factory=list)
    said: list[Diagnostic] = field(factory=list)
    lines: int = 0
    tables: int = 0
    places: int = 0
    pictures: int = 0
    too_deep: bool = False

    # ---- text

    def flow(self, node: "LexborNode", deep: int) -> None:
        """The lines of what stands outside tables."""
        if deep > MOST_DEEP:
            self.too_deep = True
            return
        for one in node.iter(include_text=True):
            tag = one.tag or ""
            self.pictures += tag in PICTURE
            if tag == "-text":
                self.pieces.append(_SPACES.sub(" ", one.text_content or ""))
            elif tag == "br":
                self.end_line()
            elif tag == "table":
                self.end_line()
                self.parts += self.table(one, deep + 1)
            elif tag == "input":
                self.pieces.append(_tick(one))
            elif tag not in SKIPPED and not _hidden(one):
                if tag in BLOCKS:
                    self.end_line()
                self.flow(one, deep + 1)
                if tag in BLOCKS:
                    self.end_line()

    def end_line(self) -> None:
        """A line ends; blank ones count but are not kept."""
        text = _tidy("".join(self.pieces))
        self.pieces.clear()
        if text:
            self.lines += 1
            refuse_if_long(self.lines)
            self.parts.append(Line(text, Place(row=self.lines)))

    # ---- tables

    def table(self, table: "LexborNode", deep: int) -> list[Part]:
        """Its grid, then the grids in its cells; a table that only holds others is left out."""
        self.tables += 1
        title = f"表{self.tables}"
        inner: list[Part] = []
        pieces: list[Piece] = []
        taken: dict[int, int] = {}
        rows = list(_rows(table))
        ends = _group_ends(rows)
        for row, node in enumerate(rows):
            taken = {c: left - 1 for c, left in taken.items() if left > 1}
            column = 0
            for cell in _cells(node):
                while column in taken:
                    column += 1
                made = self._cell(
                    cell, Place(row=row + 1, column=column + 1, sheet=title), inner, (deep, ends[row] - row)
                )
                self._count(made.rows * made.columns)
                pieces.append(Piece(row=row, column=column, cell=made))
                taken.update({c: made.rows for c in range(column, column + made.columns) if c not in taken})
                column += made.columns
        if inner and not any(piece.cell.text.strip() for piece in pieces):
            return inner
        grid, clashes = lay(pieces, self._caption(table) or title)
        for piece in clashes[:1]:
            self._bad(title, piece.row + 1, piece.column + 1)
        return [grid, *inner] if grid.rows else inner

    def _count(self, places: int) -> None:
        self.places += places
        if self.places > MOST_PLACES:
            raise Unreadable(TOO_BIG, detail=f"{self.places}格", limit=f"{MOST_PLACES}格")

    def _cell(self, node: "LexborNode", place: Place, inner: list[Part], limits: tuple[int, int]) -> Cell:
        deep, rows_left = limits
        inside = Reading(self.name, lines=self.lines, tables=self.tables, places=self.places)
        inside.flow(node, deep + 1)
        inside.end_line()
        self.tables, self.places, self.too_deep = inside.tables, inside.places, self.too_deep or inside.too_deep
        self.pictures += inside.pictures
        self.said += inside.said
        words = []
        for part in inside.parts:
            if isinstance(part, Line):
                words.append(part.text)
            else:
                inner.append(part)
        across, down = self._span(node, "colspan", place), self._span(node, "rowspan", place)
        down = rows_left if down == 0 else min(down, rows_left)
        return Cell("\n".join(words), place, down, across, hidden=_hidden(node))

    def _span(self, node: "LexborNode", attribute: str, place: Place) -> int:
        """A span as browsers take it: nonsense is 1, too much is cut."""
        text = (node.attributes.get(attribute) or "1").strip()
        digits = re.match(r"\+?([0-9]+)", text)
        most = MOST_SPAN[attribute]
        number = int(digits[1][:9]) if digits else -1
        if not 0 <= number <= most or (number == 0 and attribute == "colspan"):
            self._bad(place.sheet, place.row, place.column)
        if number < 0 or (number == 0 and attribute == "colspan"):
            return 1
        return min(number, most)

    def _bad(self, table: str, row: int, column: int) -> None:
        facts = {"name": self.name, "table": table, "row": row, "column": column}
        self.said.append(stated(BAD_SPAN, Span(0, 0, Source(self.name, "")), facts))

    def _caption(self, table: "LexborNode") -> str:
        caption = next((node for node in table.iter() if node.tag == "caption"), None)
        return _tidy(_SPACES.sub(" ", caption.text() if caption is not None else ""))

    def found(self) -> list[Diagnostic]:
        """What a person should know."""
        place, found = Span(0, 0, Source(self.name, "")), list(self.said)
        if self.pictures:
            found.append(finding(PICTURES, place, name=self.name, count=self.pictures))
        if self.too_deep:
            found.append(finding(DEEP, place, name=self.name, depth=MOST_DEEP))
        return found


def _rows(table: "LexborNode") -> Iterator["LexborNode"]:
    """The rows of this table, not those of tables in it."""
    for node in table.iter():
        if node.tag == "tr":
            yield node
        elif node.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in node.iter() if row.tag == "tr")


def _cells(row: "LexborNode") -> Iterator["LexborNode"]:
    return (node for node in row.iter() if node.tag in ("td", "th"))


def _group_ends(rows: list["LexborNode"]) -> list[int]:
    """For each row the row after its group (thead, tbody): a span does not leave it."""
    parents = [row.parent.mem_id if row.parent is not None else 0 for row in rows]
    starts = [n for n, parent in enumerate(parents) if n == 0 or parent != parents[n - 1]]
    ends: list[int] = []
    for first, after in pairwise([*starts, len(rows)]):
        ends += [after] * (after - first)
    return ends


def _tidy(text: str) -> str:
    """Spaces as a browser shows them."""
    return _SPACES.sub(" ", text.replace("\xa0", " ")).strip(" ")


def _hidden(node: "LexborNode") -> bool:
    if "hidden" in node.attributes:
        return True
    style = (node.attributes.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def _tick(node: "LexborNode") -> str:
    """A box or button of a form as its sign; a field as what is in it."""
    sort = (node.attributes.get("type") or "text").lower()
    chosen = "checked" in node.attributes
    if sort == "checkbox":
        return "☑" if chosen else "□"
    if sort == "radio":
        return "●" if chosen else "○"
    return (node.attributes.get("value") or "") if sort in ("text", "number", "date") else ""
