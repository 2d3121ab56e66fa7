"""Scoring many objects at once gives the numbers of the engine, object by object, to the last unit."""

import random
from collections.abc import Sequence
from fractions import Fraction

import attrs
import hypothesis.strategies as st
import pytest
from gate import examples
from hypothesis import given, settings
from scoring import compiled, inside
from test_laws import cases
from test_prove_laws import case_lists

from perfdsl import core as c
from perfdsl.actuals import Entry, Observed, Row
from perfdsl.evaluate import Engine, evaluate
from perfdsl.many import NOT_APPLICABLE, Given, Line, Scaled, many
from perfdsl.many.door import observed
from perfdsl.many.indicator import Scale, source
from perfdsl.many.inline import NotCovered, rubric
from perfdsl.observe import observe
from perfdsl.plan import Plan
from perfdsl.testing.rulesets import tables
from perfdsl.text import Source, Span

F = Fraction
HUGE = F(10) ** 30


def line(plan: Plan, seen: Observed, period: str, units: int) -> Line:
    """What the engine says, in the same units."""
    card, _ = evaluate(plan, seen, period)
    scores = tuple(None if x.score is None else x.score * units for x in card.indicators)
    total = None if card.total is None else card.total * units
    return Line(scores, total, card.low * units, card.high * units, card.complete)  # type: ignore[arg-type]


def assert_same(plan: Plan, objects: Sequence[Sequence[Given]], period: str = "full") -> None:
    """Every object alone by the engine, all together by the scorer."""
    scorer = many(plan, period)
    expected = [line(plan, observed(dict(zip(scorer.names, _exact(x)))), period, scorer.units) for x in objects]
    assert list(scorer.rows(objects)) == expected


def _exact(values: Sequence[Given]) -> list[Given]:
    return [F(x) if isinstance(x, int) and not isinstance(x, bool) else x for x in values]


# ---- whole rulesets


def given_of(plan: Plan, seen: Observed, names: Sequence[str]) -> list[Given]:
    """The same observations as columns: plain values where one entry says all, else the entries."""
    rows = {"/".join(i.path): i for i in plan.indicators}
    made: list[Given] = []
    for name in names:
        kind, _, path = name.partition(":")
        entries = seen.entries.get(path, ())
        if kind == "mark":
            made.append(entries[0].mark if len(entries) == 1 else None)
            continue
        if kind in ("input", "spent"):
            made.append((seen.inputs if kind == "input" else seen.spent).get(path))
            continue
        scoring = rows[path].scoring
        several = scoring is not None and scoring.entries is not None
        plain = len(entries) == 1 and not several and not entries[0].none_happened and entries[0].times == 1
        if plain and not entries[0].applies:
            made.append(NOT_APPLICABLE)
        elif plain:
            made.append(entries[0].value)
        else:
            made.append(entries or None)
    return made


@settings(max_examples=examples(150), deadline=None)
@given(cases(), st.data())
def test_every_ruleset_scores_as_in_the_engine(case, data) -> None:
    world, plan, table = case
    found = [table, *(data.draw(tables(world)) for _ in range(data.draw(st.integers(0, 4))))]
    for period in ("full", "half"):
        scorer = many(plan, period)
        seen = [observe(plan, [_row(*x) for x in rows], period)[0] for rows in found]
        objects = [given_of(plan, x, scorer.names) for x in seen]
        assert list(scorer.rows(objects)) == [line(plan, x, period, scorer.units) for x in seen]


def _row(name: str, value: str, more: dict[str, object]) -> Row:
    return Row(name=name, value=value, span=Span(0, 0, Source("t", "")), **more)  # type: ignore[arg-type]


# ---- values aimed at edges

PERCENT = (
    '全 full "≥{t}%" points {p} by 比例得分',
    '全 full "≤{t}%" points {p} by 比例得分',
    '全 full "≥{t}%" points {p} by 达标得满分',
    '全 full "≥{t}%" points {p} by 及格比例得分',
    '全 full "≥{t}%" points {p} by 扣分(step: 1%, each: 0.3)',
    '全 full "≤{t}%" points {p} by 扣分(step: 3%, each: 0.07)',
    '全 full ">{t}%" points {p} by {{ > {t}% -> 100%  >= 30% and < {t}% -> 61.7%  otherwise -> 0 }}',
    '全 full "≥{t}%" points {p} by {{ otherwise -> interpolate(actual, 10%: 0%, 33%: 50%, {t}%: 100%) }}',
    '全 full "≥{t}%" points {p} by {{ met -> 100%  otherwise -> round(points * completion, 1) }}',
    '全 full "≥{t}%" points {p} by {{ missing -> 0  otherwise -> max(0, min(points, points - ceil(gap / 7%) / 3)) }}',
    '全 full "≥{t}%" exact points {p} by {{ completion >= 100% -> 100%  otherwise -> completion }}',
    '全 full "≥{t}%" points {p} by {{ met -> 100%  completion > 50% -> 40% .. 60%  otherwise -> 0 }}',
)


def edges(target: Fraction, points: Fraction, r: random.Random) -> list[Given]:
    """Band edges, half a cent, one unit of a far decimal to both sides, zero, nothing, words, huge numbers."""
    ties = [target * F(2 * r.randrange(0, int(points * 100)) + 1, 200) / points for _ in range(12)]
    steps = [target - F(k, 100) for k in range(12)] + [F(1, 10), F(3, 10), F(33, 100), target / 2, target * F(6, 10)]
    places = [*ties, *steps, F(0), target, HUGE, HUGE + target]
    beside = [x + side * unit for x in places for unit in (F(1, 10**4), F(1, 10**12)) for side in (-1, 1)]
    return [*places, *beside, 0, 1, 10**30, None, "", "无", "优", NOT_APPLICABLE, F(-1, 3), F(1, 7)]


@pytest.mark.parametrize("row", PERCENT)
@pytest.mark.parametrize("target", [90, 60, F(947, 10)])
@pytest.mark.parametrize("points", [F(3, 2), F(4), F(1, 10), F(25)])
def test_edges_ties_and_their_neighbours_score_as_in_the_engine(row: str, target: Fraction, points: Fraction) -> None:
    text = row.format(t=float(target), p=float(points))
    checked = compiled(inside("not_applicable zero\n" + text))
    assert checked.usable, [d.message() for d in checked.found]
    values = edges(F(target) / 100, points, random.Random(1))
    (plan,) = checked.plans()
    assert not many(plan).exact_fallback
    marks = [None, points / 2, points]
    width = len(many(plan).names)
    assert_same(plan, [[x, marks[i % 3]][:width] for i, x in enumerate(values)])


@settings(max_examples=examples(300), deadline=None)
@given(
    case_lists,
    st.lists(
        st.one_of(st.none(), st.integers(-9, 9), st.fractions(-4, 4, max_denominator=6), st.just(HUGE)), max_size=12
    ),
)
def test_any_expression_of_the_core_scores_as_in_the_engine(found, values) -> None:
    (plan,) = compiled(inside('全 full "≥3件" points 3 by 比例得分')).plans()
    (row,) = plan.indicators
    assert row.scoring is not None
    made = tuple(c.Case(when, award, None, "", "", 1) for when, award in found)
    row = attrs.evolve(row, scoring=attrs.evolve(row.scoring, cases=made, low=F(-2), high=F(5, 2)))
    assert_same(attrs.evolve(plan, indicators=(row,)), [[x] for x in values])


# ---- what one row knows of others

FORMULAS = """
  input 总数 : 人 values 1 ..
  甲 full "≥10人" points 4 by 比例得分
  乙 = 甲 / 总数 full "≥90%" points 6 by 比例得分
"""


def test_formulas_and_inputs_are_compiled_too() -> None:
    checked = compiled(inside(FORMULAS))
    assert checked.usable, [d.message() for d in checked.found]
    (plan,) = checked.plans()
    scorer = many(plan)
    assert scorer.names[-1] == "input:总数"
    assert not scorer.exact_fallback
    values = [0, 1, 9, 10, None, F(19, 2), HUGE]
    assert_same(plan, [[a, None, b] for a in values for b in values])


def test_a_row_that_depends_on_other_scores_is_left_to_the_engine() -> None:
    body = '甲 full "≥10件" points 4 by 比例得分\n乙 full "≥1件" points 6 by { lost(甲) > 1 -> 0  met -> 6  otherwise -> 0 }'
    (plan,) = compiled(inside(body)).plans()
    assert many(plan).exact_fallback == ("乙",)
    assert_same(plan, [[a, b] for a in (None, 0, 5, 10) for b in (None, 0, 1)])


def test_a_ceiling_or_a_condition_leaves_the_plan_to_the_engine() -> None:
    (plan,) = compiled(inside('甲 full "≥10件" points 4 by 比例得分')).plans()
    ceiling = attrs.evolve(plan, kind=plan.kind, ceilings=(_ceiling(),))
    assert many(ceiling).exact_fallback == ("(ceilings)",)
    assert_same(ceiling, [[None], [0], [5], [10]])


def _ceiling():
    from perfdsl.plan import PlanCeiling

    return PlanCeiling(condition=c.Compare("<", c.Ref("value:甲"), c.Const(F(6))), text="少", total=F(1))


# ---- the doors


def test_scaled_columns_are_the_same_numbers() -> None:
    (plan,) = compiled(inside('甲 full "≥90%" points 4 by 比例得分\n乙 full "≥3件" points 6 by 及格比例得分')).plans()
    scorer = many(plan)
    tops = [[None, 0, 9000, 8999, 9001, 4512, 10**30], [3, None, 0, 1, 2, 30, -1]]
    found = list(scorer.columns([Scaled(tops[0], 10000), Scaled(tops[1], 1)], 7))
    rows = [[None if a is None else F(a, 10000), b] for a, b in zip(*tops)]
    assert found == list(scorer.rows(rows))


def test_what_is_left_out_at_the_end_of_a_row_is_missing_and_too_much_is_refused() -> None:
    (plan,) = compiled(inside('甲 full "≥9件" points 4 by 比例得分\n乙 full "≥3件" points 6 by 比例得分')).plans()
    assert list(many(plan).rows([[9], []])) == list(many(plan).rows([[9, None], [None, None]]))
    with pytest.raises(ValueError, match="3 values"):
        list(many(plan).rows([[1, 2, 3]]))


def test_floats_are_refused() -> None:
    (plan,) = compiled(inside('甲 full "≥9件" points 4 by 比例得分')).plans()
    with pytest.raises(TypeError, match="exact"):
        list(many(plan).rows([[0.5]]))


def test_more_objects_than_one_block_come_out_in_order() -> None:
    (plan,) = compiled(inside('甲 full "≥9000件" points 9 by 比例得分')).plans()
    assert [x.scores[0] for x in many(plan).rows([k] for k in range(9001))] == [
        (2 * k * 900 + 9000) // 18000 for k in range(9001)
    ]


def test_entries_that_do_not_apply_set_the_object_apart() -> None:
    (plan,) = compiled(
        inside('not_applicable rescale\n甲 full "≥9件" points 4 by 比例得分\n乙 full "≥3件" points 6 by 比例得分')
    ).plans()
    absent = (Entry(value=None, text="不适用", applies=False),)
    assert_same(plan, [[9, absent], [9, NOT_APPLICABLE], [NOT_APPLICABLE, NOT_APPLICABLE], [None, 3]])


def test_a_reviewer_counts_in_rows_that_read_no_value_too() -> None:
    (plan,) = compiled(
        inside('input 数: 件\n甲 points 4 by { otherwise -> 0 .. 4 }\n乙 = 数 full "≥3件" points 6 by 比例得分')
    ).plans()
    reviewed = (Entry(value=None, text="", override=F(3, 2), explanation="核实"),)
    names = many(plan).names
    objects = [[reviewed if name == at else None for name in names] for at in ("value:甲", "value:乙")]
    assert_same(plan, objects)


# ---- the generated source


def test_the_source_holds_nothing_a_user_wrote() -> None:
    name = "“); import os #”"
    (plan,) = compiled(inside(f'{name} full "≥9件" points 4 by {{ met -> 100%  otherwise -> completion }}')).plans()
    (row,) = plan.indicators
    engine = Engine(plan, Observed({}, {}, {}), "full", None)
    assert row.scoring is not None
    text = source(rubric(engine, row), row.scoring, (f"value:{'/'.join(row.path)}",), Scale(100, 2))
    assert text.isascii()
    assert "import" not in text
    assert "'" not in text
    assert '"' not in text


def test_a_deep_or_endless_expression_is_left_to_the_engine() -> None:
    (plan,) = compiled(inside('甲 full "≥3件" points 3 by 比例得分')).plans()
    (row,) = plan.indicators
    assert row.scoring is not None
    deep: c.Expr = c.ONE
    for n in range(100):
        deep = c.If(c.Compare(">", c.Ref("actual"), c.Const(F(n))), deep, c.Const(F(n, 100)))
    for award in (deep, c.Const(F(1, 10**500))):
        scoring = attrs.evolve(row.scoring, cases=(c.Case(c.TRUE, award, None, "", "", 1),))
        changed = attrs.evolve(plan, indicators=(attrs.evolve(row, scoring=scoring),))
        assert many(changed).exact_fallback == ("甲",)
        assert_same(changed, [[0], [3], [None], [F(1, 2)]])


def test_a_reference_nobody_knows_is_refused() -> None:
    (plan,) = compiled(inside('甲 full "≥3件" points 3 by 比例得分')).plans()
    engine = Engine(plan, Observed({}, {}, {}), "full", None)
    (row,) = plan.indicators
    assert row.scoring is not None
    scoring = attrs.evolve(row.scoring, cases=(c.Case(c.TRUE, c.Ref("lost:甲"), None, "", "", 1),))
    with pytest.raises(NotCovered):
        rubric(engine, attrs.evolve(row, scoring=scoring))
