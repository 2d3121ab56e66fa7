"""The difference of two rounded scores: where each of them steps, at once for the whole of a range."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfdsl.bounds import End, Range
from perfdsl.prove import Curve, Exact, Stairs

MOST = 200_000
Number = Curve | Stairs


class Cut(NamedTuple):
    """A step at ``at``, of the number itself (``after`` is 0) or of those just above it (1)."""

    at: Fraction
    after: int


def differences(left: Number, right: Number, cell: Range, exact: Exact) -> list[tuple[Range, Fraction]] | None:
    """``right - left`` from low to high; None for what is no rounded curve, or has too many steps."""
    first, second = _steps(left, cell, exact), _steps(right, cell, exact)
    if first is None or second is None:
        return None
    (a, ours, up), (b, theirs, rise) = first, second
    found: list[tuple[Range, Fraction]] = []
    i = j = 0
    low = cell.low
    while True:
        cut = min([*ours[i : i + 1], *theirs[j : j + 1]], default=None)
        high = cell.high if cut is None else End(0, cut.at, not cut.after)
        found.append((Range(low, high), b - a))
        if cut is None:
            return list(_on_line(found, exact))
        if i < len(ours) and ours[i] == cut:
            i, a = i + 1, a + up
        if j < len(theirs) and theirs[j] == cut:
            j, b = j + 1, b + rise
        low = End(0, cut.at, bool(cut.after))


def _on_line(found: list[tuple[Range, Fraction]], exact: Exact) -> Iterator[tuple[Range, Fraction]]:
    """Without the ranges on which the line has no number."""
    for cell, difference in found:
        part = cell if not exact.stepped else exact.common(cell, cell)
        if part is not None:
            yield part, difference


def _steps(value: Number, cell: Range, exact: Exact) -> tuple[Fraction, list[Cut], Fraction] | None:
    """The value at the low end, where it steps, and by how much each time."""
    if isinstance(value, Curve):
        return None if value.trend else (value.value(exact.sample(cell)), [], Fraction(0))
    if value.places is None or (value.scale, value.shift) != (Fraction(1), Fraction(0)):
        return None
    first, last = exact.ends(value, cell)
    if first is None or last is None:
        return None
    unit, way = 10**value.places, value.inner.trend
    if abs(last - first) * unit > MOST:
        return None
    cuts = [cut for cut in _borders(value, cell, (first, last)) if _within(cut, cell)]
    return first, cuts, Fraction(way, unit)


def _borders(value: Stairs, cell: Range, ends: tuple[Fraction, Fraction]) -> Iterator[Cut]:
    """From low to high."""
    unit, (a, b, c, d) = 10 ** (value.places or 0), value.inner
    way = value.inner.trend
    start, stop = (int(x * unit) for x in ends)
    for level in range(start, stop, way):
        half = Fraction(2 * level + way, 2 * unit)
        upward = half > 0  # a tie goes away from zero
        yield Cut((half * d - b) / (a - half * c), 0 if upward == (way > 0) else 1)


def _within(cut: Cut, cell: Range) -> bool:
    low, high = cell
    above = bool(low.infinite) or (cut.at, cut.after) > (low.at, int(low.outside))
    return above and (bool(high.infinite) or (cut.at, cut.after) < (high.at, int(not high.outside)))
