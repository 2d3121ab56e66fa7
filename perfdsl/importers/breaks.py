"""Rows of flattened text that were broken in the middle of a cell are put together again, each with a doubt."""

from collections import Counter
from collections.abc import Sequence

import attrs

from perfdsl.importers.align import align
from perfdsl.importers.clean import joined
from perfdsl.importers.headings import Column, columns_of, is_second_row
from perfdsl.importers.records import Bit, Ledger, Row, doubt
from perfdsl.importers.sections import ends_table, is_title
from perfdsl.importers.unfold import unfolded


def mended(rows: Sequence[Row], ledger: Ledger) -> list[Row]:
    """The rows of one object; below its headings a row that lacks places is joined with the next one that has just these."""
    made: list[Row] = []
    wide = 0
    columns: tuple[Column, ...] = ()
    for index, row in enumerate(rows):
        if not row.fixed and (found := columns_of(row)):
            wide, columns = _usual(rows[index:], row.width), found
        last = made[-1] if made else None
        if wide and last is not None and _torn(last, row, wide):
            whole = _together(last, row)
            if not _whole_before(last, row, whole, columns):
                made[-1] = whole
                ledger.use(_rest(last, row), "续格")
                continue
        if wide and last is not None and last.alone and _stray(last):
            row = _beside(row, last)
        if wide and last is not None and row.alone and _stray(row):
            made[-1] = _beside(last, row)
        made.append(row)
    return made


def _stray(row: Row) -> bool:
    """A line among rows of cells that may be a piece of the row above or below it; nobody can tell which."""
    return not (is_title(row) or ends_table(row) or len(row.text) > 60)


def _beside(row: Row, piece: Row) -> Row:
    if row.fixed or row.alone:
        return row
    return attrs.evolve(
        row,
        doubts=(
            *row.doubts,
            doubt("I143", row.place, row.bits[0].text, row=f"{row.text}（旁边有一段“{piece.text}”没有归处）"),
        ),
    )


def _usual(rows: Sequence[Row], otherwise: int) -> int:
    """How many places most rows have."""
    widths = Counter(row.width for row in rows if not row.alone and not row.fixed)
    return max(widths, key=lambda width: (widths[width], width == otherwise), default=otherwise)


def _torn(above: Row, below: Row, wide: int) -> bool:
    """Are these the two halves of one row: together as wide as a row, broken inside a cell?"""
    if (
        above.fixed
        or below.fixed
        or max(above.width, below.width) >= wide
        or above.width + below.width - 1 != wide
        or columns_of(above)
        or columns_of(below)
    ):
        return False
    return not (
        is_title(below) or is_title(above) or ends_table(below) or ends_table(above) or above.alone and below.alone
    )


def _whole_before(above: Row, below: Row, whole: Row, columns: tuple[Column, ...]) -> bool:
    """Are they two rows after all: the lower half of the headings, or cells that all have a column each until they are joined?"""
    if is_second_row(above, columns) or unfolded(columns, above)[1] is not above:
        return True
    return bool(align(whole, columns).loose) and not (align(above, columns).loose or align(below, columns).loose)


def _rest(above: Row, below: Row) -> tuple[Bit, ...]:
    """The cell of the row below that goes on with the last one above; none where the row broke between two cells."""
    last, first = above.bits[-1], below.bits[0]
    return () if last.column < above.width - 1 or first.column > 0 else (first,)


def _together(above: Row, below: Row) -> Row:
    last, first = above.bits[-1], below.bits[0]
    if not _rest(above, below):  # broken between two cells
        moved = tuple(attrs.evolve(bit, column=bit.column + above.width - 1) for bit in below.bits)
        said = doubt("I143", below.place, last.text, row=f"{above.text} {below.text}")
        return attrs.evolve(
            above,
            bits=(*above.bits, *moved),
            width=above.width + below.width - 1,
            alone=False,
            doubts=(*above.doubts, *below.doubts, said),
        )
    cell = attrs.evolve(last, text=joined(last.text, first.text), raw=last.raw + first.raw)
    rest = tuple(attrs.evolve(bit, column=bit.column + above.width - 1) for bit in below.bits[1:])
    said = doubt("I143", below.place, cell.text, row=f"{last.text} {first.text}")
    return attrs.evolve(
        above,
        bits=(*above.bits[:-1], cell, *rest),
        width=above.width + below.width - 1,
        alone=False,
        doubts=(*above.doubts, *below.doubts, said),
    )
