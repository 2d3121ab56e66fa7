"""The engines that translate a program expression by expression give what the exact engine gives."""

from fractions import Fraction

import hypothesis.strategies as st
import numpy as np
import pytest
from agreement import PROFILES, alone, assert_same, core_agrees, edges_agree, rulesets_agree, same_or_refused
from gate import examples
from hypothesis import given, settings
from scoring import compiled, inside, rows
from test_laws import cases
from test_many import HUGE, PERCENT
from test_prove_laws import case_lists

from perfdsl import program as g
from perfdsl.engines import plain, polars_
from perfdsl.grid import Grid, Strip
from perfdsl.integers import NotCovered
from perfdsl.observe import observe
from perfdsl.testing import actuals
from perfdsl.testing.rulesets import tables

F = Fraction
ENGINES = [pytest.param(plain, id="plain"), pytest.param(polars_, id="polars")]
pytestmark = pytest.mark.parametrize("engine", ENGINES)


@settings(max_examples=examples(100), deadline=None)
@given(cases(), st.data())
def test_every_ruleset_scores_as_in_the_exact_engine(engine, case, data) -> None:
    rulesets_agree(case, [data.draw(tables(case[0])) for _ in range(data.draw(st.integers(0, 4)))], engine)


@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(PROFILES), st.data())
def test_the_examples_score_as_in_the_exact_engine_on_their_edges(engine, plan, data) -> None:
    drawn = data.draw(st.lists(actuals(plan), min_size=1, max_size=4))
    same_or_refused(plan, [observe(plan, x, "full")[0] for x in drawn], engine)


@pytest.mark.parametrize("row", PERCENT)
@pytest.mark.parametrize("target", [90, 60, F(947, 10)])
@pytest.mark.parametrize("points", [F(3, 2), F(4), F(1, 10), F(25)])
def test_edges_ties_and_their_neighbours_score_as_in_the_exact_engine(engine, row, target, points) -> None:
    edges_agree(row, target, points, engine)


@settings(max_examples=examples(200), deadline=None)
@given(
    case_lists,
    st.lists(
        st.one_of(st.none(), st.integers(-9, 9), st.fractions(-4, 4, max_denominator=6), st.just(HUGE)), max_size=12
    ),
)
def test_any_expression_of_the_core_scores_as_in_the_exact_engine(engine, found, values) -> None:
    core_agrees(found, values, engine)


def test_a_word_no_object_says_is_false_everywhere(engine) -> None:
    body = """
      not_applicable rescale
      组 points 6 factor 1.2 {
        甲 points 1 by mean { "好" -> 1  "差" -> 0 }
        乙 points 5 by mean { "好" -> 5  "差" -> 0 }
      }
    """
    (plan,) = compiled(inside(body)).plans()
    for found in ([("甲", "无"), ("乙", "无")], [("甲", "好"), ("乙", "差")], [], [("甲", "不适用"), ("乙", "不适用")]):
        assert_same(plan, [observe(plan, rows(found), "full")[0]], engine)


@pytest.mark.parametrize("digits", [4, 11, 15, 18, 30])
def test_numbers_of_any_size_are_scored_exactly_or_refused(engine, digits) -> None:
    """Scaled targets on either side of 2**53, 2**63 and 2**127: the engine is told the bound, so nothing can wrap."""
    (plan,) = compiled(inside('全 full "≥3件" points 3 by 比例得分')).plans()
    near = [
        F(3),
        F(3) - F(1, 10**digits),
        F(3) + F(1, 10**digits),
        F(0),
        -F(1, 10**digits),
        F(10) ** (digits // 2),
        None,
    ]
    ties = [F(2 * k + 1, 200) for k in range(5)]  # half a hundredth
    fits = same_or_refused(plan, alone(near + ties, [None] * 12), engine)
    assert fits or (digits > 15 and engine is polars_)


def quotient(engine, top: int, bottom: int) -> int:
    """``top // bottom`` of one object, with room for any value as large as these."""
    most = max(abs(top), bottom)
    columns = tuple(
        g.Column(name=x, low=-most if x == "a" else 1, high=most, states=frozenset({g.NUMBER})) for x in "ab"
    )
    score = g.Quotient(g.Cell("a"), g.Cell("b"))
    total = g.Sum("", score, score, g.NO, g.YES)
    program = g.Program(units=1, places=0, columns=columns, steps=(), total=total, complete=g.YES, grade=g.Whole(0))
    kind = object if most >= 1 << 62 else np.int64
    grid = Grid(1, {x: Strip(numbers=np.array([value], dtype=kind)) for x, value in (("a", top), ("b", bottom))})
    return int(engine.compiled(program)(grid).total.low[0])


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(-(2**61), 2**61), st.integers(1, 2**61))
def test_quotients_are_rounded_down(engine, top, bottom) -> None:
    assert quotient(engine, top, bottom) == top // bottom


@settings(max_examples=examples(100), deadline=None)
@given(st.integers(-(2**124), 2**124), st.integers(1, 2**124))
def test_wide_quotients_are_rounded_down(engine, top, bottom) -> None:
    assert quotient(engine, top, bottom) == top // bottom


def test_what_would_wrap_is_refused(engine) -> None:
    if engine.NAME == "polars":
        with pytest.raises(NotCovered):
            quotient(engine, 2**130, 3)
    else:
        assert quotient(engine, 2**130, 3) == 2**130 // 3
