"""Objects compared with each other, scored as columns: every cell is what the exact engine says of them together."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import repeat

import hypothesis.strategies as st
import pytest
from attrs import evolve
from hypothesis import given, settings
from scoring import plan_of, rows
from test_cohort import Thing, Unit, as_rows, crowds, plan, rules, unit_rows, units
from test_integers import batched, told

from perfdsl.batch.together import Together, in_passes
from perfdsl.cohort import Member, evaluate_together
from perfdsl.engines import embedded
from perfdsl.gridded import gridded
from perfdsl.observe import observe
from perfdsl.plan import Plan

F = Fraction


def assert_together(plan: Plan, crowd: Sequence[Sequence[tuple]], cuts: Sequence[int] = (), period: str = "full") -> None:
    """All objects by the exact engine, and as a table in parts that begin at ``cuts``."""
    seen = [observe(plan, rows(x), period)[0] for x in crowd]
    cards = [x.card for x in evaluate_together([Member(evolve(plan, object=f"对象{i}"), x) for i, x in enumerate(seen)], period)]
    ends = [0, *sorted({x for x in cuts if 0 < x < len(seen)}), len(seen)]
    parts = [gridded(plan, seen[a:b], period) for a, b in zip(ends, ends[1:], strict=False)]
    made = Together(plan, embedded, period)
    in_passes(made, repeat(parts))
    for number, (grid, columns) in enumerate(parts):
        scores = made.score(number, grid, columns)
        found = made.places(number)
        for i in range(grid.count):
            card = cards[ends[number] + i]
            assert batched(scores, i) == told(card, scores.units), (i, crowd)
            for standing, comparison in zip(card.standings, plan.comparisons, strict=True):
                strip = found[comparison.name]
                assert strip.numbers is not None and strip.states is not None
                under = found.get(f"size of {comparison.name}")
                bottom = strip.per if under is None else int(under.numbers[i])
                value = F(int(strip.numbers[i]), bottom) if strip.states[i] == 1 else None
                assert (value, strip.states[i] == 3) == (standing.value, standing.outside), (comparison, i, crowd)


@settings(max_examples=150, deadline=None)
@given(crowds, st.lists(st.integers(1, 7), max_size=2))
def test_every_place_is_that_of_the_exact_engine(crowd: list[Thing], cuts: list[int]) -> None:
    assert_together(plan(), [as_rows(x) for x in crowd], cuts)


@settings(max_examples=100, deadline=None)
@given(units, st.lists(st.integers(1, 7), max_size=2))
def test_places_of_places_score_as_in_the_exact_engine(crowd: list[Unit], cuts: list[int]) -> None:
    assert_together(rules(), [unit_rows(x) for x in crowd], cuts)
