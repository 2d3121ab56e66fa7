"""Limits on a score, moved inwards until they stand around the quotient they limit.

What is then asked is whether the quotient passes its limits, before anything is divided: a database whose division has
room for 64 bits only need not have room for what a limit would cut off.
"""

import attrs

from perfdsl import program as g


def inwards(program: g.Program) -> g.Program:
    """The same program; every limited choice is a choice of limited values."""
    steps = [_row(x) if isinstance(x, g.Row) else _sum(x) for x in program.steps]
    return attrs.evolve(program, steps=tuple(steps), total=_sum(program.total))


def _row(step: g.Row) -> g.Row:
    arms = tuple(attrs.evolve(x, low=_limited(x.low), high=_limited(x.high)) for x in step.arms)
    review = (step.review[0], _limited(step.review[1])) if step.review is not None else None
    return attrs.evolve(step, arms=arms, review=review)


def _sum(step: g.Sum) -> g.Sum:
    return attrs.evolve(step, low=_limited(step.low), high=_limited(step.high))


def _limited(expr: g.Int) -> g.Int:
    match expr:
        case g.Least((g.Greatest((inner, g.Whole(low))), g.Whole(high))) if _divides(inner):
            return _between(inner, low, high)
        case g.Least((inner, g.Whole(high))) if _divides(inner) and not isinstance(inner, g.Quotient):
            return _between(inner, None, high)
    return expr


def _divides(expr: g.Int) -> bool:
    """Is it a quotient, by a choice or with its sign turned?"""
    match expr:
        case g.Quotient():
            return True
        case g.Pick(_, then, other):
            return _divides(then) or _divides(other)
        case g.Times((g.Whole(-1), inner)):
            return _divides(inner)
    return False


def _between(expr: g.Int, low: int | None, high: int | None) -> g.Int:
    match expr:
        case g.Whole(value):
            return g.Whole(max(low if low is not None else value, min(high if high is not None else value, value)))
        case g.Pick(test, then, other):
            return g.Pick(test, _between(then, low, high), _between(other, low, high))
        case g.Times((g.Whole(-1), inner)):
            turned = _between(inner, -high if high is not None else None, -low if low is not None else None)
            return g.Times((g.Whole(-1), turned))
    made = g.Greatest((expr, g.Whole(low))) if low is not None else expr
    return g.Least((made, g.Whole(high))) if high is not None else made
