"""Whole-number programs on the embedded engine give what the exact engine gives, cell by cell."""

from fractions import Fraction

import hypothesis.strategies as st
import pytest
from agreement import PROFILES, assert_same, core_agrees, edges_agree, rulesets_agree
from hypothesis import given, settings
from scoring import compiled, inside, rows
from test_laws import cases
from test_many import HUGE, PERCENT
from test_prove_laws import case_lists

from perfdsl.engines import embedded
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
