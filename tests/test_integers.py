"""Whole-number programs on the embedded engine give what the exact engine gives, cell by cell."""

from fractions import Fraction

import hypothesis.strategies as st
import numpy as np
import pytest
from agreement import PROFILES, assert_same, core_agrees, edges_agree, rulesets_agree
from hypothesis import given, settings
from scoring import compiled, inside, rows
from test_laws import cases
from test_many import HUGE, PERCENT
from test_prove_laws import case_lists

from perfdsl import program as g
from perfdsl.engines import Engine, duckdb_, embedded
from perfdsl.grid import Grid, Strip
from perfdsl.observe import observe
from perfdsl.testing import actuals
from perfdsl.testing.rulesets import tables

F = Fraction


@settings(max_examples=150, deadline=None)
@given(cases(), st.data())
def test_every_ruleset_scores_as_in_the_exact_engine(case, data) -> None:
    found = [data.draw(tables(case[0])) for _ in range(data.draw(st.integers(0, 4)))]
    rulesets_agree(case, found, embedded)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PROFILES), st.data())
def test_the_examples_score_as_in_the_exact_engine_on_their_edges(plan, data) -> None:
    drawn = data.draw(st.lists(actuals(plan), min_size=1, max_size=4))
    assert_same(plan, [observe(plan, x, "full")[0] for x in drawn], embedded)


@pytest.mark.parametrize("row", PERCENT)
@pytest.mark.parametrize("target", [90, 60, F(947, 10)])
@pytest.mark.parametrize("points", [F(3, 2), F(4), F(1, 10), F(25)])
def test_edges_ties_and_their_neighbours_score_as_in_the_exact_engine(
    row: str, target: Fraction, points: Fraction
) -> None:
    edges_agree(row, target, points, embedded)


@settings(max_examples=300, deadline=None)
@given(
    case_lists,
    st.lists(
        st.one_of(st.none(), st.integers(-9, 9), st.fractions(-4, 4, max_denominator=6), st.just(HUGE)), max_size=12
    ),
)
def test_any_expression_of_the_core_scores_as_in_the_exact_engine(found, values) -> None:
    core_agrees(found, values, embedded)


def test_a_word_no_object_says_is_false_everywhere() -> None:
    body = """
      not_applicable rescale
      组 points 6 factor 1.2 {
        甲 points 1 by mean { "好" -> 1  "差" -> 0 }
        乙 points 5 by mean { "好" -> 5  "差" -> 0 }
      }
    """
    (plan,) = compiled(inside(body)).plans()
    for given_rows in (
        [("甲", "无"), ("乙", "无")],
        [("甲", "好"), ("乙", "差")],
        [],
        [("甲", "不适用"), ("乙", "不适用")],
    ):
        assert_same(plan, [observe(plan, rows(given_rows), "full")[0]], embedded)


@pytest.mark.parametrize("engine", [embedded, duckdb_], ids=lambda x: x.NAME)
@pytest.mark.parametrize("base", [1 << 40, 1 << 49, 1 << 51, 1 << 60], ids=lambda x: f"2**{x.bit_length() - 1}")
def test_large_terms_that_cancel_out_leave_the_difference(base: int, engine: Engine) -> None:
    pytest.importorskip(engine.NEEDS[0])
    plus, minus = [f"input:加{i}" for i in range(8)], [f"input:减{i}" for i in range(8)]
    only = frozenset({g.NUMBER})
    columns = tuple(g.Column(name=x, low=base, high=base + 3, states=only) for x in (*plus, *minus))
    terms = (*map(g.Cell, plus), *(g.Times((g.Whole(-1), g.Cell(x))) for x in minus))
    row = g.Row("全", (g.Arm(g.YES, 1, g.Plus(terms), g.Plus(terms), False),), ((g.YES, "met"),), g.YES)
    total = g.Sum("", g.Cell("low:全"), g.Cell("low:全"), g.NO, g.YES)
    program = g.Program(units=1, places=0, columns=columns, steps=(row,), total=total, complete=g.YES, grade=g.Whole(0))
    given_numbers = {x: Strip(numbers=np.array([base + 1 + i % 3])) for i, x in enumerate(plus)}
    given_numbers |= {x: Strip(numbers=np.array([base + i % 2])) for i, x in enumerate(minus)}
    scores = engine.compiled(program)(Grid(1, given_numbers))
    assert int(scores.rows["全"].score[0]) == sum(1 + i % 3 for i in range(8)) - sum(i % 2 for i in range(8))
