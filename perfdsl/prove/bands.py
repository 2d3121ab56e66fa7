"""Grades: does every total that can be printed have one, and can every grade be had?

Totals lie on the grid of the object's rounding, so 89.5 between 80–89 and 90–100 is a gap only where it can be printed.
"""

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from perfdsl.bounds import HIGHEST, LOWEST, End, Range, meet
from perfdsl.model import Band, Object
from perfdsl.prove.curves import Line


class Uncovered(NamedTuple):
    """The smallest total without a grade, the band it falls just short of, if any, and the one that begins below it."""

    total: Fraction
    above: str
    below: str


class Dropped(NamedTuple):
    """Totals from ``total`` to ``last`` fall to the worse ``band`` although lower ones have ``below``.

    ``rest`` is True for the band that takes what no other one names; ``meant`` is the one that begins below them.
    """

    total: Fraction
    last: Fraction
    band: str
    below: str
    rest: bool
    meant: str


class Overlap(NamedTuple):
    """The smallest total that two bands both name."""

    total: Fraction
    first: Band
    second: Band


class Grades(NamedTuple):
    """The gaps in the grades, the grades nobody can have, totals that fall too low, totals named twice."""

    gaps: tuple[Uncovered, ...] = ()
    dead: tuple[Band, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    overlaps: tuple[Overlap, ...] = ()


def check_grades(thing: Object) -> Grades:
    """First match decides, from 0 to the most that can be had."""
    if not thing.grades:
        return Grades()
    total = thing.total or Fraction(100)
    grid = Line(Range(LOWEST, HIGHEST), Fraction(100) / total / Fraction(10) ** thing.rounding)
    most = (thing.most or total) * 100 / total
    whole = [part for part in [grid.fit(Range(End(0, Fraction(0), False), End(0, most, False)))] if part is not None]
    rest, dead, taken = whole, [], []
    for index, band in enumerate(thing.grades):
        inside = _limits(band.limits)
        got = [part for part in (grid.part(cell, inside) for cell in rest) if part is not None]
        taken += [(cell, index) for cell in got]
        if not got:
            dead.append(band)
        rest = [part for cell in rest for part in _outside(cell, inside, grid)]
    gaps = [
        Uncovered(cell.low.at * total / 100, _above(cell, thing.grades), _begun(cell, thing.grades)) for cell in rest
    ]
    dropped = [drop._replace(total=drop.total * total / 100, last=drop.last * total / 100)
               for drop in _dropped(sorted(taken), thing.grades)]  # fmt: skip
    twice = [
        both._replace(total=both.total * total / 100) for cell in whole for both in _twice(cell, thing.grades, grid)
    ]
    return Grades(tuple(gaps), tuple(dead), tuple(dropped), tuple(twice))


def _dropped(taken: list[tuple[Range, int]], grades: tuple[Band, ...]) -> Iterable[Dropped]:
    """From low to high totals may only move to bands that stand further up; each hole is said, each other band once."""
    best: int | None = None
    said: set[int] = set()
    for cell, index in taken:
        rest = not grades[index].limits
        if best is not None and index > best and (rest or index not in said):
            said.add(index)
            yield Dropped(cell.low.at, cell.high.at, grades[index].name, grades[best].name, rest, _begun(cell, grades))
        best = index if best is None else min(best, index)


def _twice(whole: Range, grades: tuple[Band, ...], grid: Line) -> Iterable[Overlap]:
    """Two bands that limit each other on the side where they meet, and yet share a total."""
    for first, second in combinations(grades, 2):
        one, two = _limits(first.limits), _limits(second.limits)
        if NOTHING in (one, two):
            continue
        down = not one.low.infinite and not two.high.infinite and one.low[:2] >= two.low[:2]
        up = not one.high.infinite and not two.low.infinite and one.high[:2] <= two.high[:2]
        both = meet(one, two)
        shared = grid.part(whole, both) if both is not None and (down or up) else None
        if shared is not None:
            yield Overlap(shared.low.at, first, second)


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


def _begun(cell: Range, grades: tuple[Band, ...]) -> str:
    """The band a total would have if every band went up to the next one; the last one where none begins below."""
    lows = [(_limits(band.limits).low, -index) for index, band in enumerate(grades)]
    under = [low for low in lows if low[0] <= cell.low]
    return grades[-max(under)[1]].name if under else grades[-1].name


NOTHING = Range(HIGHEST, LOWEST)
