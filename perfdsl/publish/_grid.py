"""Where the cells of a table stand: a row names only those that begin in it."""

from typing import NamedTuple

from perfdsl.narrative import Cell, Table


class Placed(NamedTuple):
    """A cell in a row: its first column, and whether it begins here or reaches down from above."""

    column: int
    cell: Cell
    begins: bool


def grid(table: Table) -> list[list[Placed]]:
    """Every row from the first column to the last, cells that reach down included; what a row lacks is an empty cell."""
    wide = len(table.columns)
    above: dict[int, tuple[Placed, int]] = {}  # by first column: the cell and how many rows it still has
    made = []
    for row in table.rows:
        line: list[Placed] = []
        cells, at = list(row), 0
        below: dict[int, tuple[Placed, int]] = {}
        while at < wide:
            if at in above:
                found, left = above[at]
                placed = Placed(at, found.cell, False)
            else:
                cell = cells.pop(0) if cells else Cell("")
                placed, left = Placed(at, cell, True), cell.rows
            line.append(placed)
            if left > 1:
                below[at] = (placed, left - 1)
            at += placed.cell.columns
        made.append(line)
        above = below
    return made
