"""Whole-number programs on the embedded engine give what the exact engine gives, cell by cell."""

from fractions import Fraction

import hypothesis.strategies as st
import numpy as np
import pytest
from agreement import PROFILES, assert_same, core_agrees, edges_agree, rulesets_agree
from gate import examples
from hypothesis import given, settings
from scoring import compiled, inside, rows
from test_laws import cases
from test_many import HUGE, PERCENT
from test_prove_laws import case_lists

from perfdsl import program as g
from perfdsl.engines import Engine, duckdb_, embedded, plain, polars_
from perfdsl.grid import Grid, Strip
from perfdsl.observe import observe
from perfdsl.testing import actuals
from perfdsl.testing.rulesets import tables

F = Fraction


@settings(max_examples=examples(150), deadline=None)
@given(cases(), st.data())
def test_every_ruleset_scores_as_in_the_exact_engine(case, data) -> None:
    found = [data.draw(tables(case[0])) for _ in range(data.draw(st.integers(0, 4)))]
    rulesets_agree(case, found, embedded)


@settings(max_examples=examples(100), deadline=None)
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


@settings(max_examples=examples(300), deadline=None)
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


STANDING = (
    "full \"健全\" by { completion >= 60% -> completion  missing -> 0  otherwise -> 10% }",
    "full \"≥8件\" by { >= 8件 -> 100%  missing -> 0  otherwise -> 0 }",
    "full \"≥8件\" by { otherwise -> 40% }",
    "full \"≥8件\" by { otherwise -> 0 .. 60% }",
    "full \"较上年增长5%\" by { met -> 100%  otherwise -> 40% }",
)  # fmt: skip
ABOVE = ("", "factor 2 - 1", "factor 系 / 7", "applies 系 >= 1件")


@pytest.mark.parametrize("engine", [embedded, duckdb_, plain, polars_], ids=lambda x: x.NAME)
@pytest.mark.parametrize("about", ABOVE)
@pytest.mark.parametrize("policy", ["rescale", "zero", "full"])
@pytest.mark.parametrize("places", [2, 6])
def test_what_is_the_same_in_every_object_is_scored_as_any_other(
    engine: Engine, about: str, policy: str, places: int
) -> None:
    pytest.importorskip(engine.NEEDS[0])
    rows_of = [f"行{i} points 1 {row}" for i, row in enumerate(STANDING)]
    body = f"""
      not_applicable {policy}
      rounding {places}
      grades {{ 优 >= 90  otherwise 差 }}
      input 系 : 件 values 0.5 .. 1.5
      组 points 5 {about} {{ {" ".join(rows_of)} }}
      词 points 2 {about} {{ 词一 full "健全" points 1 by {{ completion >= 60% -> completion  missing -> 0  otherwise -> 10% }}
        词二 full "≥1件" points 1 applies 行1 != 3件 by {{ met -> 1  otherwise -> 0 }} }}
      单 points 3 either {{ 一 full "≥3件" by {{ met -> 3  otherwise -> 0 }}  二 full "≥3件" by {{ otherwise -> 1 }} }}
      ceiling 系 > 1.4件 -> 2
      award 奖 when lost(行0) = 0 or lost(单) = 0
    """
    (plan,) = compiled(inside(body)).plans()
    nothing: list[tuple[str, str]] = []
    apart = [("系", "0.5件"), *((f"行{i}", "7件") for i in range(5)), ("一", "不适用"), ("二", "不适用")]
    same = [("系", "1件"), *((f"行{i}", "不适用") for i in range(5)), ("一", "3件")]
    full = [("系", "1.5件"), ("行0", "健全"), *((f"行{i}", "8件") for i in range(1, 4)), ("一", "0件"), ("二", "0件")]
    for found in (nothing, apart, same, full):
        for count in (1, 3):
            assert_same(plan, [observe(plan, rows(found), "full")[0]] * count, engine)


@pytest.mark.parametrize("engine", [embedded, plain, duckdb_, polars_], ids=lambda x: x.NAME)
@pytest.mark.parametrize("long", [2**31, 2**52 + 1, 2**62, 2**63 - 1, 2**63, 2**63 + 1, 2**64 - 1, 2**64, 10**20])
@pytest.mark.parametrize("short", [0, 5, -5])
def test_a_choice_between_fixed_numbers_of_any_length_never_wraps(engine: Engine, long: int, short: int) -> None:
    pytest.importorskip(engine.NEEDS[0])
    column = g.Column(name="值", states=frozenset({g.WORD, g.MISSING}), words=("甲",))
    score = g.Pick(g.Said("值", "甲"), g.Whole(long), g.Whole(short))
    total = g.Sum("", score, score, g.NO, g.YES)
    program = g.Program(units=1, places=0, columns=(column,), steps=(), total=total, complete=g.YES, grade=g.Whole(0))
    strip = Strip(states=np.array([g.STATES.index(g.WORD), 0], np.uint8), said=np.array([0, -1], np.int32), words=("甲",))  # fmt: skip
    found = engine.compiled(program)(Grid(2, {"值": strip})).total.low.tolist()
    assert found == [long, short]
