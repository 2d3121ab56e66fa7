"""What every format does to a text: control characters out, lines kept."""

import re

from perfdsl.layout import Cell, Layout
from perfdsl.width import width

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Without signs that no document may hold or that turn the direction of writing; lines and tabs as they are."""
    return _CONTROL.sub(
        "", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    )


def lines_in(text: str, columns: float) -> int:
    """How many lines a text takes in that many Chinese characters."""
    room = max(2, int(2 * columns))
    return sum(max(1, -(-width(line) // room)) for line in text.split("\n"))


def line_counts(layout: Layout, narrowed: float = 1.0) -> list[int]:
    """The lines of every row, so that each text has room; a merged cell needs its lines from all its rows together.

    ``narrowed`` is what the widths of the layout are multiplied by.
    """
    counts = [1] * layout.rows
    for row, least in layout.heights:
        counts[row] = max(counts[row], least)
    for cell in sorted(layout.cells, key=lambda cell: cell.rows):
        room = sum(layout.widths[cell.column : cell.column + cell.columns]) * narrowed
        need = lines_in(clean(cell.text), room)
        have = sum(counts[cell.row : cell.row + cell.rows])
        if need > have:
            each, over = divmod(need - have, cell.rows)
            for number in range(cell.rows):
                counts[cell.row + number] += each + (number < over)
    return counts


def grid(layout: Layout) -> list[list[Cell | None]]:
    """The rows of a layout; None where a cell reaches over from another place."""
    rows: list[list[Cell | None]] = [[None] * len(layout.widths) for _ in range(layout.rows)]
    for cell in layout.cells:
        rows[cell.row][cell.column] = cell
    return rows
