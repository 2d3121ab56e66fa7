"""What each row counts in the total, through weights and groups."""

from collections.abc import Iterator
from fractions import Fraction

from perfdsl import model as m

ALL = Fraction(1)


def shares_of(rows: tuple[m.Row, ...], whole: Fraction = ALL) -> Iterator[tuple[m.Indicator, Fraction]]:
    """Every indicator with points and its share of the total; ``whole`` is that of ``rows``."""
    sized = [(row, size) for row in rows if (size := _size(row))]
    total = sum((size for _, size in sized), Fraction(0))
    for row, size in sized:
        if isinstance(row, m.Group):
            yield from shares_of(row.children, whole * size / total)
        elif isinstance(row, m.Indicator):
            yield row, whole * size / total


def _size(row: m.Row) -> Fraction:
    """What a row counts among its neighbours; nothing for what stands beside the total."""
    if isinstance(row, m.Empty) or row.bonus:
        return Fraction(0)
    if isinstance(row, m.Group) and row.weight is not None:
        return row.weight
    return row.points or Fraction(0)
