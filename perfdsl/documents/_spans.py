"""Cells that cover several places, put into a grid; shared by everything that has merged cells."""

from collections.abc import Sequence

from attrs import evolve, frozen

from perfdsl.document import Cell, Grid
from perfdsl.documents._findings import TOO_BIG, Unreadable

MOST_PLACES = 200_000
MOST_LINES = 200_000


@frozen(kw_only=True)
class Piece:
    """A cell at a place of its grid; ``row`` and ``column`` count from 0."""

    row: int
    column: int
    cell: Cell


def lay(pieces: Sequence[Piece], title: str = "") -> tuple[Grid, list[Piece]]:
    """The grid, and the pieces that lie on others: what is taken already stays, a span ends where it meets another.

    Raises ``Unreadable`` for a grid of too many places.
    """
    height = max((p.row + p.cell.rows for p in pieces), default=0)
    width = max((p.column + p.cell.columns for p in pieces), default=0)
    refuse_if_large(height, width)
    rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    clashes = []
    for piece in pieces:
        down, across = (
            range(piece.row, piece.row + piece.cell.rows),
            slice(piece.column, piece.column + piece.cell.columns),
        )
        if all(rows[r][across].count(None) == piece.cell.columns for r in down):
            for r in down:
                rows[r][across] = [piece.cell] * piece.cell.columns
        else:
            clashes.append(piece)
    for piece in clashes:
        _squeeze(rows, piece)
    return Grid(tuple(map(tuple, rows)), title), clashes


def refuse_if_large(height: int, width: int) -> None:
    """Raise ``Unreadable`` when a grid has too many places."""
    if height * width > MOST_PLACES:
        raise Unreadable(TOO_BIG, detail=f"{height}×{width}", limit=f"{MOST_PLACES}格")


def refuse_if_long(lines: int) -> None:
    """Raise ``Unreadable`` when a document has too many lines."""
    if lines > MOST_LINES:
        raise Unreadable(TOO_BIG, detail=f"{lines}行", limit=f"{MOST_LINES}行")


def _squeeze(rows: list[list[Cell | None]], piece: Piece) -> None:
    """Put the cell on the first free place of its span, alone, so that its words are not lost."""
    for r in range(piece.row, piece.row + piece.cell.rows):
        for c in range(piece.column, piece.column + piece.cell.columns):
            if rows[r][c] is None:
                rows[r][c] = evolve(piece.cell, rows=1, columns=1)
                return
    for c, cell in enumerate(rows[piece.row]):
        if cell is None:
            rows[piece.row][c] = evolve(piece.cell, rows=1, columns=1)
            return
    rows[piece.row].append(evolve(piece.cell, rows=1, columns=1))
    for row in rows:
        row.extend([None] * (len(rows[piece.row]) - len(row)))
