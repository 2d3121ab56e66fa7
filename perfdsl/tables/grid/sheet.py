"""Cells in lines, each with its place in a source: what a CSV file and a worksheet have in common."""

from collections.abc import Mapping
from typing import NamedTuple

import attrs

from perfdsl.text import Source, Span


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

    def where(self, place: Line | Cell, column: int | None = None) -> str:
        """The place in words: the sheet, the row, and the column with its letter."""
        row = self.source.line_of(place.start)
        sheet = f"表“{self.title}”" if self.title else ""
        return f"{sheet}第{row}行" + (f"{letter(column)}列" if column is not None else "")


def letter(column: int) -> str:
    """The letters a spreadsheet shows above a 0-based column."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
