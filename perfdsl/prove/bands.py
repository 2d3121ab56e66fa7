"""Grades: does every total that can be printed have one, and can every grade be had?

Totals lie on the grid of the object's rounding, so 89.5 between 80–89 and 90–100 is a gap only where it can be printed.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from perfdsl.bounds import HIGHEST, LOWEST, End, Range, meet
from perfdsl.model import Band, Object
from perfdsl.prove.curves import Line


class Uncovered(NamedTuple):
    """The smallest total without a grade, and the band it falls just short of, if any."""

    total: Fraction
    above: str


class Grades(NamedTuple):
    """The gaps in the grades, and the grades nobody can have."""

    gaps: tuple[Uncovered, ...]
    dead: tuple[Band, ...]


def check_grades(thing: Object) -> Grades:
    """First match decides, from 0 to the most that can be had."""
    if not thing.grades:
        return Grades((), ())
    total = thing.total or Fraction(100)
    grid = Line(Range(LOWEST, HIGHEST), Fraction(100) / total / Fraction(10) ** thing.rounding)
    most = (thing.most or total) * 100 / total
    rest = [part for part in [grid.fit(Range(End(0, Fraction(0), False), End(0, most, False)))] if part is not None]
    dead = []
    for band in thing.grades:
        inside = _limits(band.limits)
        if not any(grid.part(cell, inside) for cell in rest):
            dead.append(band)
        rest = [part for cell in rest for part in _outside(cell, inside, grid)]
    gaps = [Uncovered(cell.low.at * total / 100, _above(cell, thing.grades)) for cell in rest]
    return Grades(tuple(gaps), tuple(dead))


def _limits(limits: Iterable[tuple[str, Fraction]]) -> Range:
    inside: Range | None = Range(LOWEST, HIGHEST)
    for op, at in limits:
        low = End(0, at, op == ">") if op in (">", ">=", "=") else LOWEST
        high = End(0, at, op == "<") if op in ("<", "<=", "=") else HIGHEST
        inside = meet(inside, Range(low, high)) if inside else None
    return inside or NOTHING


def _outside(cell: Range, inside: Range, grid: Line) -> Iterable[Range]:
    if inside is NOTHING:
        yield cell
        return
    below = Range(LOWEST, inside.low._replace(outside=not inside.low.outside))
    above = Range(inside.high._replace(outside=not inside.high.outside), HIGHEST)
    for end, side in ((inside.low, below), (inside.high, above)):
        part = None if end.infinite else grid.part(cell, side)
        if part is not None:
            yield part


def _above(cell: Range, grades: tuple[Band, ...]) -> str:
    """The band that begins where the gap ends."""
    lows = [(_limits(band.limits).low, band.name) for band in grades]
    over = [(low.at, name) for low, name in lows if not low.infinite and low.at >= cell.high.at]
    return min(over)[1] if over else ""


NOTHING = Range(HIGHEST, LOWEST)
