"""Two prices of a step: 每低1个百分点扣0.5分，低于80%的部分每低1个百分点扣1分."""

from fractions import Fraction

import attrs

from perfdsl.quantity import format_number
from perfdsl.sentences import atoms as a
from perfdsl.sentences.aim import dims_of, scale_of
from perfdsl.sentences.gather import Talk
from perfdsl.sentences.rule import EXACT, Award, Branches, Edge, Interval, Otherwise, Steps, When


def segmented(start: tuple[When, Award], first: Steps, second: Steps, at: a.Step, talk: Talk) -> Branches:
    """Beyond the edge of ``second`` (its origin) steps cost another price: for the part beyond it, or for the whole gap."""
    edge = second.origin
    begin = first.origin if first.origin is not None else talk.aim.value
    if edge is None or begin is None or first.relative or first.limit is not None or second.limit is not None:
        talk.stop("I213", at)
    if dims_of(first.unit) != dims_of(second.unit) or scale_of(first.unit) != scale_of(second.unit):
        talk.stop("I213", at)
    away = edge - begin if second.above else begin - edge
    steps = away / first.step
    if away <= 0 or (first.partial != EXACT and steps.denominator != 1):
        talk.stop("I213", at)
    value = format_number(edge) + second.unit
    way = at.reach or talk.ask("I222", at, ("part", "whole"), value=value)
    if way == "part":
        beyond = attrs.evolve(second, before=first.each * steps)
    else:
        beyond = attrs.evolve(first, each=second.each, step=second.step)
    near = Edge(edge, second.unit, True)
    inside = Interval(None, near) if second.above else Interval(near, None)
    return Branches((start, (inside, first), (Otherwise(), beyond)))


def each_in_points(step: a.Step, points: Fraction | None, talk: Talk) -> a.Step:
    """扣分值的5% in points."""
    if not step.percent:
        return step
    if points is None:
        talk.stop("I210", step)
    return attrs.evolve(step, each=step.each * points / 100, percent=False)
