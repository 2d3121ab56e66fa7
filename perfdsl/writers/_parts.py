"""A layout as the parts a page is made of: texts above, tables whose first rows may repeat on every page, texts below."""

from collections.abc import Iterator
from typing import NamedTuple

from perfdsl.layout import SIGN, SUBTITLE, TITLE, Cell, Layout


class Part(NamedTuple):
    """Rows ``first`` up to ``end`` of a layout: a ``table`` whose first ``heads`` rows repeat, or texts outside of any."""

    first: int
    end: int
    table: bool
    heads: int = 0


def parts(layout: Layout) -> Iterator[Part]:
    """In their order; the table is cut where its repeated headings begin."""
    outside = {cell.row for cell in layout.cells if cell.role in (TITLE, SUBTITLE, SIGN)}
    repeated = layout.repeated
    first = 0
    for row in range(layout.rows + 1):
        cut = (
            row == layout.rows or row in outside or row - 1 in outside or (repeated is not None and row == repeated[0])
        )
        if not cut or row == first:
            continue
        heads = repeated[1] - repeated[0] + 1 if repeated is not None and first == repeated[0] else 0
        yield Part(first, row, first not in outside, heads)
        first = row


def by_row(layout: Layout) -> list[list[Cell]]:
    """The cells that begin on each row, from left to right."""
    rows: list[list[Cell]] = [[] for _ in range(layout.rows)]
    for cell in layout.cells:
        rows[cell.row].append(cell)
    for row in rows:
        row.sort(key=lambda cell: cell.column)
    return rows


def covered(layout: Layout) -> dict[tuple[int, int], Cell]:
    """For every place a cell from above reaches, that cell, by (row, its first column)."""
    return {
        (row, cell.column): cell
        for cell in layout.cells
        if cell.rows > 1
        for row in range(cell.row + 1, cell.row + cell.rows)
    }
