"""The strategies users import: what they promise is what they make."""

from fractions import Fraction

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from scoring import compiled, plan_of

from perfdsl.evaluate import evaluate
from perfdsl.many import many
from perfdsl.observe import observe
from perfdsl.plan import Plan
from perfdsl.testing import actuals, rulesets, values_of

BANDS = '率 full "≥90%" points 5 values 0% .. 100% by { >= 90% -> 5  >= 80% -> 3  otherwise -> 0 }'


@settings(max_examples=25, deadline=None)
@given(rulesets(), st.data())
def test_every_ruleset_compiles_and_scores_on_its_actuals(text: str, data: st.DataObject) -> None:
    checked = compiled(text)
    assert checked.usable
    (plan,) = checked.plans()
    for period in ("full", "half"):
        rows = data.draw(actuals(plan, period))
        observed, _ = observe(plan, rows, period)
        card, _ = evaluate(plan, observed, period)
        assert card.low <= card.high
        assert card.total is None or card.low <= card.total <= card.high


def test_the_values_of_a_band_are_its_ends_and_their_neighbours() -> None:
    found = values_of(plan_of(BANDS).indicators[0])
    assert {"79.99%", "80%", "80.01%", "89.99%", "90%", "90.01%", "0%", "100%", "", "不适用", "说不清"} <= set(found)
    assert "1000000000000%" not in found  # outside of the domain
    assert len(found) == len(set(found))


def test_a_proportional_score_is_tried_on_a_tie() -> None:
    plan = plan_of('量 full "≥8件" points 4 by 比例得分')
    goals = [Fraction(x[:-1]) / 8 * 4 * 100 for x in values_of(plan.indicators[0]) if x.endswith("件") and "." in x]
    assert any((goal * 2).denominator == 1 and goal.denominator == 2 for goal in goals)


def test_words_on_the_scale_and_off_it_are_tried() -> None:
    plan = plan_of('scale 健 { 健全, 完善 -> 100%; 不健全 -> 0% }\n制度 full "健全" points 2 by 比例得分')
    assert {"健全", "完善", "不健全", "说不清", "无", ""} <= set(values_of(plan.indicators[0]))


@pytest.mark.parametrize("wanted", ["79.99%", "80%", "89.99%", "", "不适用"])
def test_every_value_is_drawn(wanted: str) -> None:
    plan = plan_of(BANDS)
    rows = find(
        actuals(plan), lambda rows: any(row.value == wanted for row in rows), settings=settings(max_examples=3000)
    )
    assert [row.name for row in rows] == ["率"]


def test_rows_are_drawn_for_inputs_money_marks_and_last_year() -> None:
    plan = plan_of(
        'funds 万元 { income 拨款 full 30  spend 运行 full 30 }\ninput 人数 : 人 values whole 1 .. 9\n'
        '执行率 = spent(运行) / budget(运行) full "≥90%" points 5 by 比例得分\n人均 = 10件 / 人数 full "≥1" points 1 by 达标得满分\n'
        '质量 full "好" points 4 by { "好" -> 80% .. 100%  otherwise -> 0 .. 60% }\n增长 full "较上年增长5%" points 2 by 达标得满分'
    )  # fmt: skip
    values = _drawn(plan, "支出/运行")
    assert {"0万元", "29.99万元", "30万元", "30.01万元"} <= values
    assert {"1人", "9人"} <= _drawn(plan, "人数")
    assert find(actuals(plan), lambda rows: any(r.name == "质量" and r.mark == "4" for r in rows))
    assert find(actuals(plan), lambda rows: any(r.name == "增长" and r.prior for r in rows))


def _drawn(plan: Plan, name: str) -> set[str]:
    """All values ever drawn for a name."""
    found: set[str] = set()

    @settings(max_examples=150, database=None, derandomize=True)
    @given(actuals(plan))
    def collect(rows: list) -> None:  # type: ignore[type-arg]
        found.update(row.value for row in rows if row.name == name)

    collect()
    return found


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_fast_scorer_agrees_on_drawn_actuals(data: st.DataObject) -> None:
    plan = plan_of(BANDS)
    observed, _ = observe(plan, data.draw(actuals(plan)), "full")
    card, _ = evaluate(plan, observed, "full")
    scorer = many(plan, "full")
    (line,) = scorer.rows([[observed.entries.get(scorer.names[0].partition(":")[2], ()) or None]])
    assert line.total == (None if card.total is None else card.total * scorer.units)
