"""Bands of values: which of two bands an edge belongs to, and in which order they are tried."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import attrs

from perfdsl.sentences.atoms import Condition, Limit
from perfdsl.sentences.rule import Edge, Interval


@attrs.frozen
class Settled:
    """Conditions whose edges are settled; ``twice`` are edges in two bands, ``yielded`` edges that gave way to a marked one."""

    conditions: tuple[Condition, ...]
    twice: tuple[Limit, ...] = ()
    yielded: tuple[Limit, ...] = ()
    shared: frozenset[Fraction] = frozenset()


def settle(conditions: Sequence[Condition], law: str, answer: str) -> Settled:
    """Settle the soft edges.

    ``law`` ``upper``: the sentence says that 以上 includes the number and 以下 does not.  ``answer`` (upper, lower or empty)
    says where an edge goes that is in two bands.
    """
    lows = {c.low.value.value for c in conditions if c.low is not None}
    highs = {c.high.value.value for c in conditions if c.high is not None}
    shared = {v for v in lows & highs if not any(_same(c, v) for c in conditions)}
    ends: dict[Fraction, tuple[bool, bool]] = {}
    twice: list[Limit] = []
    yielded: list[Limit] = []
    for value in sorted(shared):
        low = _all(c.low.closed for c in conditions if c.low and c.low.value.value == value)
        high = _all(c.high.closed for c in conditions if c.high and c.high.value.value == value)
        limit = next(c.high for c in conditions if c.high and c.high.value.value == value)
        if law == "upper" and low is None and high is None:
            low, high = True, False
        if low is None and high is None and _beats(conditions, value):
            low = True  # 90%以上 includes 90 %, 80%-90% says nothing of it
        if (low is None and high is None) or (low and high):
            twice.append(limit)
            ends[value] = (answer != "lower", answer == "lower")
            continue
        if low is None or high is None:
            yielded.append(limit)
        ends[value] = (not high if low is None else low, not low if high is None else high)
    alone = frozenset(v for v in lows | highs if any(_same(c, v) for c in conditions))
    made = tuple(_closed(c, ends, law, alone) for c in conditions)
    return Settled(made, tuple(twice), tuple(yielded), frozenset(shared))


def _same(condition: Condition, value: Fraction) -> bool:
    """Is it ``= value``?"""
    return condition.low is condition.high and condition.low is not None and condition.low.value.value == value


def _all(closed: Iterable[bool | None]) -> bool | None:
    found = {x for x in closed if x is not None}
    return None if not found else True in found


def _beats(conditions: Sequence[Condition], value: Fraction) -> bool:
    lows = [c.low for c in conditions if c.low and c.low.value.value == value]
    highs = [c.high for c in conditions if c.high and c.high.value.value == value]
    return all(x.worded for x in lows) and not any(x.worded for x in highs)


def _closed(
    condition: Condition, ends: dict[Fraction, tuple[bool, bool]], law: str, alone: frozenset[Fraction]
) -> Condition:
    low, high = condition.low, condition.high
    if low is not high:  # 100%得10分，90%-100%得8分: the number by itself has its own award
        low, high = _yield(low, alone), _yield(high, alone)
    if low is not None:
        low = attrs.evolve(low, closed=ends[low.value.value][0] if _soft(low, ends) else low.closed is not False)
    if high is not None:
        given = high.closed if high.closed is not None else law != "upper"
        high = attrs.evolve(high, closed=ends[high.value.value][1] if _soft(high, ends) else given)
    return attrs.evolve(condition, low=low, high=high)


def _yield(limit: Limit | None, alone: frozenset[Fraction]) -> Limit | None:
    if limit is None or limit.closed is not None or limit.value.value not in alone:
        return limit
    return attrs.evolve(limit, closed=False)


def _soft(limit: Limit, ends: dict[Fraction, tuple[bool, bool]]) -> bool:
    return limit.value.value in ends


def interval(condition: Condition, subject: str) -> Interval:
    """A settled condition as an interval."""
    low, high = (
        Edge(x.value.value, x.value.unit, bool(x.closed)) if x is not None else None
        for x in (condition.low, condition.high)
    )
    return Interval(low, high, subject)


def overlap(a: Interval, b: Interval) -> bool:
    """Have the two a value in common?"""
    low = max((e for e in (a.low, b.low) if e is not None), key=lambda e: (e.value, not e.closed), default=None)
    high = min((e for e in (a.high, b.high) if e is not None), key=lambda e: (e.value, e.closed), default=None)
    if low is None or high is None:
        return True
    return low.value < high.value or (low.value == high.value and low.closed and high.closed)


def nested(a: Interval, b: Interval) -> bool:
    """Are both open on the same side, so that one lies inside the other?"""
    if a.low and b.low and a.high is None and b.high is None:
        return a.low.value != b.low.value
    return bool(a.high and b.high and a.low is None and b.low is None and a.high.value != b.high.value)


def tightness(each: Interval) -> Fraction:
    """Sorts nested intervals, the innermost first."""
    if each.high is None and each.low is not None:
        return -each.low.value
    return each.high.value if each.high is not None else Fraction(0)
