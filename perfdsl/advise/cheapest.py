"""The least cost that comes to enough: dynamic programming over exact points, cut by a bound; an optimum or nothing."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import NamedTuple

BUDGET = 3_000_000


class TooLong(Exception):
    """More was to be looked at than the budget allows."""


class Choice(NamedTuple):
    """One way to settle an item: what it is worth and what it costs; ``pick`` is the caller's."""

    value: Fraction
    cost: Fraction
    pick: object


class Plan(NamedTuple):
    """One choice for each item; worth ``value`` at least."""

    value: Fraction
    cost: Fraction
    picks: tuple[object, ...]


class _State(NamedTuple):
    value: int
    cost: int
    pick: object
    before: "_State | None"


class _Item(NamedTuple):
    """Choices in whole numbers, none dominated, from the least value and cost up; ``hull`` are the corners of their lower hull."""

    choices: list[tuple[int, int, object]]
    hull: list[tuple[int, int, object]]


class _Segment(NamedTuple):
    """A step along the hull of an item: what it adds, and where it ends."""

    value: int
    cost: int
    item: int
    pick: object


class Budget:
    """How many states may still be made."""

    def __init__(self, most: int = BUDGET) -> None:
        self.left = most

    def spend(self, count: int) -> None:
        """So many more; raises ``TooLong`` when that is too many."""
        self.left -= count
        if self.left < 0:
            raise TooLong


def frontier(items: Sequence[Sequence[Choice]], budget: Budget) -> list[Plan]:
    """All plans that no other beats in value at no more cost, from the cheapest up."""
    scaled, size, price = _scaled(items)
    states = [_State(0, 0, None, None)]
    for item in scaled:
        budget.spend(len(states) * len(item.choices))
        states = _pareto(_State(s.value + v, s.cost + x, pick, s) for s in states for v, x, pick in item.choices)
    return [_plan(state, size, price) for state in states]


def least(items: Sequence[Sequence[Choice]], need: Fraction, budget: Budget) -> Plan | None:
    """The plan of least cost among those worth ``need`` at least; None when there is none.

    Item by item, every partial plan is finished along the hull of what is left: that is a plan, and no plan that begins so
    costs less than the hull itself says.  What cannot come to less than the best plan so far is left out.
    """
    scaled, size, price = _scaled(items)
    goal = -int(-(need * size) // 1)
    bounds = [_Bound(scaled[i:]) for i in range(len(scaled) + 1)]
    if bounds[0].most < goal:
        return None
    start = _State(0, 0, None, None)
    best, upper = (start, bounds[0]), bounds[0].greedy(goal)
    states = [start]
    for item, rest in zip(scaled, bounds[1:], strict=True):
        budget.spend(len(states) * len(item.choices))
        enough = goal - rest.value  # more than the rest can lose again
        made = (_State(min(s.value + v, enough), s.cost + x, pick, s) for s in states for v, x, pick in item.choices)
        states = _pareto(x for x in made if x.value + rest.most >= goal and x.cost + rest.lower(goal - x.value) < upper)
        for state in states:
            cost = state.cost + rest.greedy(goal - state.value)
            if cost < upper:
                best, upper = (state, rest), cost
    state, rest = best
    picks = (*_picks(state), *rest.picks(goal - state.value))
    return Plan(need, Fraction(upper, price), picks)


def _plan(state: _State, size: int, price: int) -> Plan:
    return Plan(Fraction(state.value, size), Fraction(state.cost, price), _picks(state))


def _picks(state: _State) -> tuple[object, ...]:
    picks: list[object] = []
    at: _State | None = state
    while at is not None and at.before is not None:
        picks.append(at.pick)
        at = at.before
    return tuple(reversed(picks))


def _scaled(items: Sequence[Sequence[Choice]]) -> tuple[list[_Item], int, int]:
    size = lcm(*(choice.value.denominator for item in items for choice in item))
    price = lcm(*(choice.cost.denominator for item in items for choice in item))
    return [_item(item, size, price) for item in items], size, price


def _item(choices: Sequence[Choice], size: int, price: int) -> _Item:
    whole = sorted(((int(x.value * size), int(x.cost * price), x.pick) for x in choices), key=lambda x: (x[1], -x[0]))
    kept: list[tuple[int, int, object]] = []
    for choice in whole:
        if not kept or choice[0] > kept[-1][0]:
            kept.append(choice)
    hull: list[tuple[int, int, object]] = []
    for choice in kept:
        while len(hull) > 1 and _above(hull[-2], hull[-1], choice):
            hull.pop()
        hull.append(choice)
    return _Item(kept, hull)


def _above(a: tuple[int, int, object], b: tuple[int, int, object], c: tuple[int, int, object]) -> bool:
    """Does ``b`` lie on or above the line from ``a`` to ``c``?"""
    return (b[1] - a[1]) * (c[0] - a[0]) >= (c[1] - a[1]) * (b[0] - a[0])


class _Bound:
    """What some items come to at least, were choices divisible."""

    def __init__(self, items: Sequence[_Item]) -> None:
        self.value = sum(item.hull[0][0] for item in items)  # no choice left is worth less
        self.cost = sum(item.hull[0][1] for item in items)
        self.start = [item.hull[0][2] for item in items]
        self.segments = sorted(
            (
                _Segment(b[0] - a[0], b[1] - a[1], i, b[2])
                for i, item in enumerate(items)
                for a, b in pairwise(item.hull)
            ),
            key=lambda x: Fraction(x.cost, x.value),
        )
        self.values, self.costs = [self.value], [self.cost]
        for segment in self.segments:
            self.values.append(self.values[-1] + segment.value)
            self.costs.append(self.costs[-1] + segment.cost)
        self.most = self.values[-1]

    def lower(self, need: int) -> int:
        """No choice of these items worth ``need`` costs less."""
        at = bisect_left(self.values, need)
        if at == 0:
            return self.cost
        value, cost = self.values[at] - self.values[at - 1], self.costs[at] - self.costs[at - 1]
        return self.costs[at - 1] + -(-(need - self.values[at - 1]) * cost // value)

    def greedy(self, need: int) -> int:
        """What a certain choice worth ``need`` costs."""
        return self.costs[bisect_left(self.values, need)]

    def picks(self, need: int) -> list[object]:
        """That choice."""
        made = list(self.start)
        for segment in self.segments[: bisect_left(self.values, need)]:
            made[segment.item] = segment.pick
        return made


def _pareto(states: Iterable[_State]) -> list[_State]:
    """Those that no other beats, from the cheapest up."""
    kept: list[_State] = []
    for state in sorted(states, key=lambda x: (x.cost, -x.value)):
        if not kept or state.value > kept[-1].value:
            kept.append(state)
    return kept
