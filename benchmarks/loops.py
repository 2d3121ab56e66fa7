"""The same 60 indicators by hand: what somebody would write without a language, once exactly and once with floats.

Actuals are aimed at half a cent and one unit of the last decimal beside it, where rounding decides.
"""

import random
from fractions import Fraction
from math import floor
from typing import NamedTuple

from perfdsl.cli.files import Library
from perfdsl.pipeline import check
from perfdsl.plan import Plan
from perfdsl.text import Source

RUBRICS = ("比例得分", "达标得满分", "及格比例得分", "扣分(step: 1%, each: 0.5)")


class Spec(NamedTuple):
    """One indicator: at least ``target``, in shares of one."""

    kind: int
    target: Fraction
    points: Fraction
    near: float  # the same as floats
    worth: float


def plan(count: int = 60) -> tuple[Plan, list[Spec]]:
    """A plan, and its indicators for the loops."""
    r = random.Random(5)
    lines, specs = ["use 财预2020_10号", 'project "P" {'], []
    for i in range(count):
        kind, target, points = i % 4, Fraction(r.randrange(600, 1000), 1000), Fraction(r.randrange(1, 9), 2)
        lines.append(f'  指标{i} full "≥{float(target * 100):g}%" points {float(points):g} by {RUBRICS[kind]}')
        specs.append(Spec(kind, target, points, float(target), float(points)))
    checked = check(Source("p.perf", "\n".join([*lines, "}"])), Library([]))
    assert checked.usable, [d.message() for d in checked.found]
    return checked.plans()[0], specs


def objects(specs: list[Spec], count: int) -> list[list[Fraction]]:
    """A third at random with four decimals, a third where half a cent decides, a third just beside."""
    r = random.Random(9)
    made = []
    for _ in range(min(count, 2000)):
        row = []
        for s in specs:
            value = Fraction(r.randrange(0, 11000), 10000)
            if r.randrange(3):
                half = Fraction(2 * r.randrange(0, int(s.points * 100)) + 1, 200)
                value = s.target * half / s.points + r.choice((0, 0, 1, -1)) * Fraction(1, 10**6)
            row.append(value)
        made.append(row)
    return [made[i % len(made)] for i in range(count)]


def float_scores(specs: list[Spec], row: list[float]) -> list[float]:
    """With floats and ``round``."""
    found = []
    for (kind, _, _, target, points), actual in zip(specs, row):
        if actual >= target:
            score = points
        elif kind == 0:
            score = round(points * actual / target, 2)
        elif kind == 1:
            score = 0.0
        elif kind == 2:
            score = round(points * actual / target, 2) if actual / target >= 0.6 else 0.0
        else:
            score = max(0.0, round(points - 0.5 * floor((target - actual) / 0.01), 2))
        found.append(score)
    return found


HALF, STEP, GATE = Fraction(1, 2), Fraction(1, 100), Fraction(3, 5)


def exact_scores(specs: list[Spec], row: list[Fraction]) -> list[int]:
    """With fractions, in hundredths, half a cent up."""
    found = []
    for (kind, target, points, _, _), actual in zip(specs, row):
        if actual >= target:
            score = points
        elif kind == 0:
            score = max(Fraction(0), points * actual / target)
        elif kind == 1:
            score = Fraction(0)
        elif kind == 2:
            score = points * actual / target if actual / target >= GATE else Fraction(0)
        else:
            score = max(Fraction(0), points - HALF * floor((target - actual) / STEP))
        found.append(floor(score * 100 + HALF))
    return found
