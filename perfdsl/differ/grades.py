"""Grades compared share by share of the total; whether a total ever comes there is seen on whole cards."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from perfdsl import plan as p
from perfdsl.differ.found import OPEN, Change
from perfdsl.quantity import format_number

HOLDS = {"=": (0,), "<": (-1,), ">": (1,), "<=": (-1, 0), ">=": (0, 1), "!=": (-1, 1)}


def grade_changes(before: p.Plan, after: p.Plan) -> Iterator[Change]:
    """The shares of the total, in percent, that get another grade: at each limit, between each two, and outside."""
    old, new = before.grades, after.grades
    names = [[band.name for band in bands] for bands in (old, new)]
    found: list[tuple[str, str, str]] = []
    for low, high, at in _places(_limits(before, after)):
        was, made = _grade(old, at), _grade(new, at)
        if was != made:
            found.append((_shown(low, high), was, made))
    for place, was, made in found:
        yield Change(what="grade", name=place, before=was, after=made, effect=OPEN)
    if not found and names[0] != names[1]:
        yield Change(what="grade", before="、".join(names[0]), after="、".join(names[1]), effect=OPEN)


def place_of(before: p.Plan, after: p.Plan, share: Fraction) -> str:
    """The place among the limits of both, as ``Change`` names it, of a share of the total in percent."""
    for low, high, _ in _places(_limits(before, after)):
        if low == share == high or (low < share and low != high and (high is None or share < high)):
            return _shown(low, high)
    return ""


def _limits(before: p.Plan, after: p.Plan) -> list[Fraction]:
    return sorted({at for plan in (before, after) for band in plan.grades for _, at in band.limits} | {Fraction(0)})


def _places(limits: list[Fraction]) -> Iterator[tuple[Fraction, Fraction | None, Fraction]]:
    for low, high in pairwise(limits):
        yield low, low, low
        yield low, high, (low + high) / 2
    yield limits[-1], limits[-1], limits[-1]
    yield limits[-1], None, limits[-1] + 1


def _grade(bands: Sequence[p.PlanBand], share: Fraction) -> str:
    for band in bands:
        if all(((share > at) - (share < at)) in HOLDS[op] for op, at in band.limits):
            return band.name
    return ""


def _shown(low: Fraction, high: Fraction | None) -> str:
    if low == high:
        return f"= {format_number(low)}"
    return f"> {format_number(low)}" if high is None else f"{format_number(low)} < … < {format_number(high)}"
