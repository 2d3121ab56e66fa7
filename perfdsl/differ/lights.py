"""Lights of monitoring compared ratio by ratio: which ratios light another light than before."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from typing import NamedTuple

from perfdsl import plan as p
from perfdsl.differ.found import Change
from perfdsl.differ.grades import HOLDS
from perfdsl.quantity import format_number

ABOUT = {"output": "output_light", "money": "money_light"}


class Place(NamedTuple):
    """A limit (``low`` is ``high``), or what lies between two; None is without limit.  ``inside`` is a ratio there."""

    low: Fraction | None
    high: Fraction | None
    inside: Fraction


def light_changes(before: p.Plan, after: p.Plan) -> Iterator[Change]:
    """The ratios that light another light, output and money apart; scores do not depend on lights."""
    for about, what in ABOUT.items():
        old, new = (_bands(plan, about) for plan in (before, after))
        lit = [(place, _light(old, place.inside), _light(new, place.inside)) for place in _places(old, new)]
        changed = False
        for (was, made), together in groupby(lit, key=lambda one: one[1:]):
            if was != made:
                changed = True
                places = [one[0] for one in together]
                yield Change(what=what, name=_shown(places[0], places[-1]), before=was, after=made)
        names = ["、".join(band.name for band in bands) for bands in (old, new)]
        if not changed and names[0] != names[1]:
            yield Change(what=what, before=names[0], after=names[1])


def _bands(plan: p.Plan, about: str) -> tuple[p.PlanBand, ...]:
    return next((made.bands for made in plan.lights if made.about == about), ())


def _places(*every: Sequence[p.PlanBand]) -> list[Place]:
    """All ratios: at every limit, between each two, below the first and above the last."""
    limits = sorted({at for bands in every for band in bands for _, at in band.limits})
    if not limits:
        return [Place(None, None, Fraction(0))]
    made = [Place(None, limits[0], limits[0] - 1)]
    for low, high in pairwise(limits):
        made += [Place(low, low, low), Place(low, high, (low + high) / 2)]
    return [*made, Place(limits[-1], limits[-1], limits[-1]), Place(limits[-1], None, limits[-1] + 1)]


def _light(bands: Sequence[p.PlanBand], ratio: Fraction) -> str:
    """The first light whose limits all hold; empty where there is none."""
    for band in bands:
        if all(((ratio > at) - (ratio < at)) in HOLDS[op] for op, at in band.limits):
            return band.name
    return ""


def _shown(first: Place, last: Place) -> str:
    """The ratios from one place to another, such as ``80% ≤ … < 90%``."""
    low, high = first.low, last.high
    if low is None or high is None:
        text = "" if low is None else f"{'≥' if first.high == low else '>'} {_percent(low)}"
        return text if high is None else f"{'≤' if last.low == high else '<'} {_percent(high)}"
    if low == high:
        return f"= {_percent(low)}"
    signs = ("≤" if first.high == low else "<", "≤" if last.low == high else "<")
    return f"{_percent(low)} {signs[0]} … {signs[1]} {_percent(high)}"


def _percent(ratio: Fraction) -> str:
    return f"{format_number(ratio * 100)}%"
