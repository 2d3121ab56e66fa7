"""Limits on a score, moved inwards until they stand around the quotient they limit.

What is then asked is whether the quotient passes its limits, before anything is divided: a database whose division has
room for 64 bits only need not have room for what a limit would cut off.
"""

from typing import NamedTuple

import attrs

from perfdsl import program as g

Limit = int | None


class Clamp(NamedTuple):
    """A quotient between two limits: where it reaches the high one, and where it is below the low one (None: it has none)."""

    quotient: g.Quotient
    high: int
    above: g.Truth
    low: Limit
    below: g.Truth | None


def clamp(expr: g.Int | g.Truth) -> Clamp | None:
    """``least(greatest(quotient, low), high)`` or without the low limit, as that; None for anything else."""
    match expr:
        case g.Least((g.Quotient() as inner, g.Whole(high))):
            return Clamp(inner, high, _reaches(inner, high), None, None)
        case g.Least((g.Greatest((g.Quotient() as inner, g.Whole(low))), g.Whole(high))):
            return Clamp(inner, high, _reaches(inner, high), low, g.Opposite(_reaches(inner, low)))
    return None


def inwards(program: g.Program) -> g.Program:
    """The same program, every quotient inside a limit being limited itself."""
    steps = [_row(x) if isinstance(x, g.Row) else _sum(x) for x in program.steps]
    return attrs.evolve(program, steps=tuple(steps), total=_sum(program.total))


def _reaches(expr: g.Quotient, limit: int) -> g.Truth:
    """Is the limit at most the quotient?"""
    match expr.bottom:
        case g.Whole(value):
            return g.Order("<=", g.Whole(limit * value), expr.top)
    return g.Order("<=", g.Times((g.Whole(limit), expr.bottom)), expr.top)


def _row(step: g.Row) -> g.Row:
    arms = tuple(attrs.evolve(x, low=within(x.low), high=within(x.high)) for x in step.arms)
    review = (step.review[0], within(step.review[1])) if step.review is not None else None
    return attrs.evolve(step, arms=arms, review=review)


def _sum(step: g.Sum) -> g.Sum:
    return attrs.evolve(step, low=within(step.low), high=within(step.high))


def within(expr: g.Int, low: Limit = None, high: Limit = None) -> g.Int:
    """What comes to the same as ``expr`` once it is brought between ``low`` and ``high`` (None: it is not)."""
    match expr:
        case g.Quotient() if high is not None:
            return g.Least((g.Greatest((expr, g.Whole(low))) if low is not None else expr, g.Whole(high)))
        case g.Pick(test, then, other):
            return g.Pick(test, within(then, low, high), within(other, low, high))
        case g.Times((g.Whole(by), *rest)) if by and len(rest) == 1:
            ends = (low, high) if by > 0 else (high, low)
            lower = None if ends[0] is None else ends[0] // by
            upper = None if ends[1] is None else -(-ends[1] // by)
            return g.Times((g.Whole(by), within(rest[0], lower, upper)))
        case g.Plus(args) if len([x for x in args if not isinstance(x, g.Whole)]) == 1:
            more = sum(x.value for x in args if isinstance(x, g.Whole))
            lower, upper = (None if x is None else x - more for x in (low, high))
            return g.Plus(tuple(x if isinstance(x, g.Whole) else within(x, lower, upper) for x in args))
        case g.Least(args):
            found = [x.value for x in args if isinstance(x, g.Whole)] + ([high] if high is not None else [])
            return g.Least(tuple(within(x, low, min(found, default=None)) for x in args))
        case g.Greatest(args):
            found = [x.value for x in args if isinstance(x, g.Whole)] + ([low] if low is not None else [])
            return g.Greatest(tuple(within(x, max(found, default=None), high) for x in args))
    return expr
