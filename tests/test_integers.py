"""Whole-number programs on the embedded engine give what the exact engine gives, cell by cell."""

import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from scoring import compiled, inside, rows
from test_laws import cases
from test_many import HUGE, PERCENT, edges
from test_prove_laws import case_lists

from perfdsl import core as c
from perfdsl.actuals import Entry, Observed
from perfdsl.cli.score import read_plans
from perfdsl.engines import embedded
from perfdsl.evaluate import evaluate
from perfdsl.gridded import gridded
from perfdsl.integers import to_integers
from perfdsl.many import NOT_APPLICABLE
from perfdsl.observe import observe
from perfdsl.plan import Plan
from perfdsl.scorecard import Scorecard
from perfdsl.testing import actuals
from perfdsl.testing.rulesets import tables

F = Fraction
ROOT = Path(__file__).parents[1]


def told(card: Scorecard, units: int) -> dict[str, object]:
    """What the exact engine says, in the words of a batch."""
    found: dict[str, object] = {}
    for row in card.indicators:
        path = "/".join(row.path)
        found[f"score:{path}"] = None if row.score is None else row.score * units
        found[f"status:{path}"] = row.status
        found[f"case:{path}"] = row.case_number
    for group in card.groups:
        path = "/".join(group.path)
        found[f"score:{path}"] = None if group.score is None else group.score * units
        found[f"low:{path}"], found[f"high:{path}"] = group.low * units, group.high * units
    found |= {"total": None if card.total is None else card.total * units, "low": card.low * units, "high": card.high * units,
              "complete": card.complete, "grade": card.grade}  # fmt: skip
    found |= {f"award:{x.name}": x.decided for x in card.awards}
    return found


def batched(scores, i: int) -> dict[str, object]:
    """The same of one object of a batch."""
    found: dict[str, object] = {}

    def known(low, is_open) -> object:
        return None if is_open is not None and is_open[i] else int(low[i])

    for path, row in scores.rows.items():
        found[f"score:{path}"] = known(row.score, row.open)
        found[f"status:{path}"] = scores.statuses[row.status[i]]
        found[f"case:{path}"] = int(row.case[i])
    for path, group in scores.groups.items():
        found[f"score:{path}"] = known(group.low, group.open)
        found[f"low:{path}"], found[f"high:{path}"] = int(group.low[i]), int(group.high[i])
    total = scores.total
    found |= {"total": known(total.low, total.open), "low": int(total.low[i]), "high": int(total.high[i]),
              "complete": bool(scores.complete[i]), "grade": (("", *scores.grades))[scores.grade[i]]}  # fmt: skip
    found |= {f"award:{name}": {1: True, 0: False, -1: None}[int(x[i])] for name, x in scores.awards.items()}
    return found


def assert_same(plan: Plan, seen: Sequence[Observed], period: str = "full") -> None:
    """Every object alone by the exact engine, all of them as one grid."""
    grid, columns = gridded(plan, seen, period)
    program = to_integers(plan, columns, period)
    scores = embedded.run(program, grid)
    for i, one in enumerate(seen):
        assert batched(scores, i) == told(evaluate(plan, one, period)[0], program.units), one


@settings(max_examples=150, deadline=None)
@given(cases(), st.data())
def test_every_ruleset_scores_as_in_the_exact_engine(case, data) -> None:
    world, plan, table = case
    found = [table, *(data.draw(tables(world)) for _ in range(data.draw(st.integers(0, 4))))]
    for period in ("full", "half"):
        assert_same(plan, [observe(plan, rows(x), period)[0] for x in found], period)


def profiles() -> list[Plan]:
    """The rules of the examples that are scored without others."""
    paths = sorted((ROOT / "examples").glob("*/*.perf")) + sorted((ROOT / "examples" / "profiles").glob("*/*.perf"))
    found = [plan for path in paths for plan in read_plans(str(path))[0] or ()]
    return [plan for plan in found if plan.scored and not plan.comparisons]


PROFILES = profiles()


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PROFILES), st.data())
def test_the_examples_score_as_in_the_exact_engine_on_their_edges(plan, data) -> None:
    tables_drawn = data.draw(st.lists(actuals(plan), min_size=1, max_size=4))
    assert_same(plan, [observe(plan, x, "full")[0] for x in tables_drawn])


def alone(values: Sequence[object], marks: Sequence[Fraction | None]) -> list[Observed]:
    """One object a value of the only row."""
    return [
        Observed({"全": (Entry(value=None if x is NOT_APPLICABLE else x, text="", applies=x is not NOT_APPLICABLE, mark=mark),)}, {}, {})
        for x, mark in zip(values, marks, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize("row", PERCENT)
@pytest.mark.parametrize("target", [90, 60, F(947, 10)])
@pytest.mark.parametrize("points", [F(3, 2), F(4), F(1, 10), F(25)])
def test_edges_ties_and_their_neighbours_score_as_in_the_exact_engine(
    row: str, target: Fraction, points: Fraction
) -> None:
    checked = compiled(inside("not_applicable zero\n" + row.format(t=float(target), p=float(points))))
    (plan,) = checked.plans()
    values = [F(x) if isinstance(x, int) else x for x in edges(F(target) / 100, points, random.Random(1))]
    marks = [(None, points / 2, points)[i % 3] for i in range(len(values))]
    assert_same(plan, alone(values, marks))
    small = [x for x in values if not isinstance(x, F) or (abs(x) < 1000 and 10**6 % x.denominator == 0)]
    assert_same(plan, alone(small, marks[: len(small)]))  # without those that need long integers


@settings(max_examples=300, deadline=None)
@given(
    case_lists,
    st.lists(
        st.one_of(st.none(), st.integers(-9, 9), st.fractions(-4, 4, max_denominator=6), st.just(HUGE)), max_size=12
    ),
)
def test_any_expression_of_the_core_scores_as_in_the_exact_engine(found, values) -> None:
    (plan,) = compiled(inside('全 full "≥3件" points 3 by 比例得分')).plans()
    (row,) = plan.indicators
    made = tuple(c.Case(when, award, None, "", "", 1) for when, award in found)
    row = attrs.evolve(row, scoring=attrs.evolve(row.scoring, cases=made, low=F(-2), high=F(5, 2)))
    values = [None if x is None else F(x) for x in values]
    assert_same(attrs.evolve(plan, indicators=(row,)), alone(values, [None] * len(values)))


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
        assert_same(plan, [observe(plan, rows(given_rows), "full")[0]])
