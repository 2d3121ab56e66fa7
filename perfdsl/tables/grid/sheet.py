"""Cells in lines, each with its place in a source: what a CSV file and a worksheet have in common."""

from collections.abc import Mapping
from typing import NamedTuple, TypedDict

import attrs

from perfdsl.text import Source, Span

MOST_CELLS = 1_000_000


class Cell(NamedTuple):
    """What a cell says, and the characters of the source it came from."""

    text: str
    start: int
    end: int


class Line(NamedTuple):
    """One record of a file or one row of a sheet; in a file it may run over several lines of text."""

    cells: tuple[Cell, ...]
    start: int
    end: int


@attrs.frozen(kw_only=True)
class Sheet:
    """All lines in order.  ``merged`` gives the words of a merged range to the cells (line, column) it covers."""

    source: Source
    lines: tuple[Line, ...]
    title: str = ""
    merged: Mapping[tuple[int, int], str] = attrs.field(factory=dict)

    def span(self, place: Line | Cell) -> Span:
        """Where a line or a cell stands."""
        return Span(place.start, place.end, self.source)

    def where(self, place: Line | Cell, column: int | None = None) -> "Where":
        """The place in words that fit every language: the sheet, the row, the letter of the column."""
        row = self.source.line_of(place.start)
        shown = letter(column) if column is not None else ""
        return Where(sheet=f"“{self.title}”" if self.title else "", row=str(row), column=shown)


class Where(TypedDict):
    """The facts of a finding that say where it is."""

    sheet: str
    row: str
    column: str


def letter(column: int) -> str:
    """The letters a spreadsheet shows above a 0-based column."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
