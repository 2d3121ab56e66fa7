"""The actuals of several units made one before scoring, and groups multiplied by a factor."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring import Scored, codes, compiled, inside, plan_of, scored

from perfdsl import core as c
from perfdsl.actuals import Entry, Observed
from perfdsl.evaluate import evaluate
from perfdsl.evaluate.gather import gathered
from perfdsl.many import many
from perfdsl.observe import observe
from perfdsl.plan_json import BadPlan, dumps, loads
from perfdsl.quantity import format_number, round_half_up
from perfdsl.tables import Names, read_table

F = Fraction
SCALE = "scale 健全度 { 健全, 完善 -> 100%; 较健全 -> 80%; 不健全 -> 0% }\n"
RATIO = "by { completion >= 100% -> 100%  otherwise -> completion }"


def unit(name: str, value: str, funds: str = "", **more: str) -> tuple[str, str, dict[str, object]]:
    return name, value, {"extras": (("资金", funds),) if funds else (), **more}


def said(body: str, *rows: tuple[str, str, dict[str, object]]) -> Scored:
    return scored(plan_of(SCALE + body), rows)


# ---- gather: the arithmetic


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.fractions(0, 100, max_denominator=50), st.fractions(0, 9, max_denominator=9), st.integers(0, 3)),
        max_size=6,
    )
)
def test_a_weighted_mean_is_what_it_says(units) -> None:
    entries = [Entry(value=v, text="x", weight=w, times=n) for v, w, n in units]
    live = [(v, w * n, n) for v, w, n in units if n]
    made = gathered(c.Gather("weighted", "资金"), entries)
    if len(live) == 1:
        assert made.value == live[0][0]
    elif sum(w for _, w, _ in live):
        assert made.value == sum(v * w for v, w, _ in live) / sum(w for _, w, _ in live)
    else:
        assert made.value is None
    assert gathered(c.Gather("sum"), entries).value == (sum(v * n for v, _, n in live) if live else None)
    mean = gathered(c.Gather("mean"), entries).value
    assert mean == (sum(v * n for v, _, n in live) / sum(n for _, _, n in live) if live else None)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.fractions(0, 1, max_denominator=50), st.fractions(F(1, 9), 9, max_denominator=9)),
        min_size=2,
        max_size=6,
    )
)
def test_a_mean_lies_between_its_units_and_does_not_depend_on_their_order(units) -> None:
    entries = [Entry(value=v, text="x", weight=w) for v, w in units]
    how = c.Gather("weighted", "资金")
    made = gathered(how, entries).value
    assert min(v for v, _ in units) <= made <= max(v for v, _ in units)
    assert gathered(how, entries[::-1]).value == made
    same = [Entry(value=v, text="x", weight=w * 7) for v, w in units]
    assert gathered(how, same).value == made


def test_first_gathered_then_scored() -> None:
    """Two units at 60% and 100% of a threshold of 80% meet it together, though one of them alone does not."""
    body = '满意率 full "≥80%" points 10 by { met -> 10  otherwise -> 0 } gather weighted 资金'
    made = said(body, unit("满意率", "60%", "100万元"), unit("满意率", "100%", "100万元"))
    assert made.said("满意率") == "10"
    assert made.reason("满意率").startswith("2家单位按资金加权平均：80%")
    assert made.row("满意率").actual == "80%"
    assert made.row("满意率").reason("en").startswith("mean of 2 units weighted by 资金: 80%")


def test_absolute_numbers_add_up() -> None:
    made = said(f'人次 full "≥1000人次" points 10 {RATIO} gather sum', unit("人次", "300人次"), unit("人次", "500人次"))
    assert made.said("人次") == "8"
    assert made.reason("人次").startswith("2家单位合计：800人次")


@pytest.mark.parametrize(("words", "score"), [
    (("健全", "完善"), "10"), (("健全", "较健全"), "9"), (("较健全", "不健全"), "4"), (("不健全", "不健全"), "0"),
])  # fmt: skip
def test_words_are_worth_their_share_of_the_scale(words, score) -> None:
    made = said(f'制度 full "健全" points 10 {RATIO} gather mean', *(unit("制度", word) for word in words))
    assert made.said("制度") == score


def test_completion_of_words_is_measured_against_the_target_word() -> None:
    body = f'制度 full "较健全" points 10 {RATIO} gather weighted 资金'
    assert said(body, unit("制度", "健全", "1"), unit("制度", "不健全", "1")).said("制度") == "6.25"
    assert said(body, unit("制度", "健全", "3"), unit("制度", "不健全", "1")).said("制度") == "9.38"


# ---- gather: what is missing


@pytest.mark.parametrize(("rows", "code"), [
    ([("90%", ""), ("80%", "1")], "E116"),
    ([("90%", "-1"), ("80%", "1")], "E117"),
    ([("90%", "0"), ("80%", "0")], "E117"),
    ([("90%", "很多"), ("80%", "1")], "A105"),
    ([("90%", "1万元"), ("80%", "1人")], "A105"),
])  # fmt: skip
def test_a_weight_that_cannot_be_used_leaves_the_row_open(rows, code) -> None:
    made = said(f'率 full "≥90%" points 10 {RATIO} gather weighted 资金', *(unit("率", *row) for row in rows))
    assert code in made.codes
    assert made.status("率") == "missing"
    assert made.said("率") == "0..10"
    assert not made.card.complete


def test_a_weight_of_zero_is_said_and_does_not_count() -> None:
    made = said(f'率 full "≥90%" points 10 {RATIO} gather weighted 资金', unit("率", "45%", "5"), unit("率", "9%", "0"))
    assert made.codes == {"E118"}
    assert made.said("率") == "5"


def test_one_unit_without_an_actual_is_never_left_out_in_silence() -> None:
    made = said(f'率 full "≥90%" points 10 {RATIO} gather mean', unit("率", "90%"), unit("率", ""), unit("率", ""))
    assert made.said("率") == "0..10"
    assert made.reason("率") == "3家单位平均：有2家没有完成值"


def test_units_that_do_not_apply_are_left_out_until_none_is_left() -> None:
    body = f'not_applicable rescale\n率 full "≥90%" points 10 {RATIO} gather mean\n别 full "≥1件" points 10 {RATIO}'
    assert said(body, unit("率", "90%"), unit("率", "不适用"), unit("别", "1")).said("") == "20"
    made = said(body, unit("率", "不适用"), unit("率", "不适用"), unit("别", "1"))
    assert made.status("率") == "not applicable"
    assert made.said("") == "20"


def test_words_off_the_scale_and_doubled_units_are_told() -> None:
    made = said(f'制度 full "健全" points 10 {RATIO} gather mean', unit("制度", "健全"), unit("制度", "说不清"))
    assert made.codes == {"E119"}
    assert made.status("制度") == "missing"
    twice = said(
        f'率 full "≥9%" points 1 {RATIO} gather mean', unit("率", "9%", item="甲区"), unit("率", "9%", item="甲区")
    )
    assert "A104" in twice.codes
    marks = said(
        f'率 full "≥9%" points 1 {RATIO} gather mean', unit("率", "9%", override="1"), unit("率", "9%", override="0")
    )
    assert "A104" in marks.codes


def test_a_sum_outside_its_domain_is_told() -> None:
    made = said(f'数 full "≥9件" points 1 {RATIO} values 0 .. 10 gather sum', unit("数", "6件"), unit("数", "6件"))
    assert made.codes == {"E114"}
    assert made.status("数") == "missing"


def test_last_years_values_are_gathered_likewise() -> None:
    body = '量 full "≥1件" points 10 by { actual > prior -> 10  otherwise -> 5 } gather sum'
    assert said(body, unit("量", "6件", prior="9件"), unit("量", "5件", prior="1件")).said("量") == "10"
    assert said(body, unit("量", "6件", prior="9件"), unit("量", "5件")).said("量") == "5..10"


def test_without_gather_two_rows_are_still_an_error() -> None:
    made = said(f'率 full "≥90%" points 10 {RATIO}', unit("率", "90%"), unit("率", "80%"))
    assert made.codes == {"A104"}


def test_a_formula_uses_the_gathered_value() -> None:
    body = f'input 总 : 人 values 1 ..\n人数 full "≥1人" points 5 {RATIO} gather sum\n占比 = 人数 / 总 full "≥50%" points 5 {RATIO}'
    rows = [unit("人数", "20人"), unit("人数", "5人"), ("总", "100人", {})]
    plan = plan_of(body)
    assert scored(plan, rows).said("占比") == "2.5"
    assert many(plan).exact_fallback


# ---- gather: what the rules may not say


@pytest.mark.parametrize("body", [
    '甲 full "≥90%" points 1 by { met -> 1 otherwise -> 0 } gather sum',
    '甲 full "有所提升" points 1 by { met -> 1 otherwise -> 0 } gather mean',
    '甲 full "2024年9月前" points 1 by { met -> 1 otherwise -> 0 } gather mean',
    '甲 full "较上年增长5%" points 1 by { met -> 1 otherwise -> 0 } gather mean',
    '甲 full "≥3件" points 1 by { met -> 1 otherwise -> 0 } values whole 0 .. gather mean',
    '甲 points 1 by { "好" -> 1 otherwise -> 0 } gather mean',
    '甲 points 1 by sum { "好" -> 1 } gather mean',
    'input 总 : 人 values 1 ..\n甲 = 总 / 3人 full "≥90%" points 1 by { met -> 1 otherwise -> 0 } gather mean',
    'scale s { 强 -> 100%; 弱 -> 0% }\n甲 full "强" points 1 by { met -> 1 otherwise -> 0 } gather sum',
])  # fmt: skip
def test_what_cannot_be_gathered_is_an_error_of_its_own(body) -> None:
    assert "R285" in codes(body)


def test_an_unknown_way_of_gathering_names_the_known_ones() -> None:
    assert codes('甲 full "≥3件" points 1 by 达标得满分 gather 平方') == {"R243"}
    assert not codes('甲 full "≥3件" points 1 by 达标得满分 gather 合计')


def test_a_group_hands_gather_down_to_rows_that_can_use_it() -> None:
    body = (
        "组 points 3 gather weighted 资金 {\n 甲 full \"≥90%\" points 1 by 达标得满分\n"
        "乙 points 1 by sum { \"好\" -> 1 }\n 丙 full \"≥3件\" points 1 by 达标得满分 gather sum }"
    )  # fmt: skip
    plan = plan_of(body)
    assert [i.gather.how if i.gather else "" for i in plan.indicators] == ["weighted", "", "sum"]
    assert loads(dumps([plan])) == (plan,)
    assert plan.own_columns == {"资金"}


# ---- factor


GROUP = 'input 难度 values 0.5 .. 1.5\n组 points 10 factor 难度 {more} {{ 甲 full "≥100件" points 10 {ratio} }}'


def group(more: str = "") -> str:
    return GROUP.format(more=more, ratio=RATIO)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 120), st.integers(50, 150))
def test_a_group_is_its_printed_sum_times_the_factor_rounded_once(actual, hundredths) -> None:
    made = scored(
        plan_of("total 10 up to 15\n" + group("up to 15")),
        [("甲", f"{actual}件"), ("难度", format_number(F(hundredths, 100)))],
    )
    points = round_half_up(min(F(actual, 100), F(1)) * 10, 2)
    assert made.said("组") == format_number(round_half_up(points * F(hundredths, 100), 2))
    assert made.said("") == made.said("组")


def test_above_the_points_it_counts_only_with_up_to() -> None:
    rows = [("甲", "100件"), ("难度", "1.5")]
    assert scored(plan_of(group()), rows).said("组") == "10"
    assert scored(plan_of("total 10 up to 20\n" + group("up to 12")), rows).said("组") == "12"
    capped = next(g for g in scored(plan_of(group()), rows).card.groups)
    assert capped.note_zh == "10 × 系数1.5 = 15，按10计"


def test_a_factor_that_is_not_known_leaves_a_range() -> None:
    made = scored(plan_of("total 10 up to 20\n" + group("up to 12")), [("甲", "50件")])
    assert made.said("组") == "2.5..7.5"
    assert made.card.groups[0].note_zh == "系数（难度）还不能确定"
    open_end = group("up to 12").replace("0.5 .. 1.5", "0.5 ..")
    assert scored(plan_of("total 10 up to 20\n" + open_end), [("甲", "50件")]).said("组") == "2.5..12"


def test_a_weighted_group_is_rescaled_and_multiplied_in_one_step() -> None:
    body = (
        f"total 100\n一 weight 33.3% factor 1/3 {{ 甲 full \"≥3件\" points 3 {RATIO} }}\n"
        f"二 weight 66.7% {{ 乙 full \"≥1件\" points 1 {RATIO} }}"
    )  # fmt: skip
    assert (
        scored(plan_of(body), [("甲", "1件"), ("乙", "1件")]).said("一") == "3.7"
    )  # 1 × 33.3/3 ÷ 3, not 11.1 ÷ 3 rounded twice


def test_the_limit_of_a_weighted_group_follows_its_weight() -> None:
    body = f'total 100 up to 130\n一 weight 100% factor 2 up to 12 {{ 甲 full "≥1件" points 10 {RATIO} }}'
    assert scored(plan_of(body), [("甲", "1件")]).said("一") == "120"


def test_bonus_blocks_and_the_best_child_are_multiplied_too() -> None:
    body = (
        f'total 10 up to 20\n组 points 10 either factor 50% {{ 甲 full "≥1件" {RATIO}\n乙 full "≥2件" {RATIO} }}\n'
        'B bonus -3 .. 5 factor 2 { 奖 by sum { "省" -> 2 }  罚 by sum { "扣" -> -1 } }'
    )
    rows = [("甲", "1件"), ("乙", "1件"), ("奖", "省", {"times": "2"}), ("罚", "扣", {"times": "3"})]
    made = scored(plan_of(body), rows)
    assert (made.said("组"), made.said("B"), made.said("")) == ("5", "2", "7")
    assert not made.row("乙").counted
    more = scored(plan_of(body), [*rows[:2], ("奖", "省", {"times": "9"}), ("罚", "无")])
    assert more.said("B") == "5"


@pytest.mark.parametrize(("body", "code"), [
    (group().replace("factor 难度", "factor score(甲)"), "R282"),
    (group().replace("factor 难度", "factor 3件"), "R282"),
    (group().replace("factor 难度", 'factor "高"'), "R282"),
    (group().replace("factor 难度", "factor met(甲)"), "R282"),
    ("组 factor 2 { 甲 full \"≥1件\" }", "R282"),
    (group().replace("0.5 .. 1.5", "-1 .. 1.5"), "R283"),
    (group().replace("factor 难度", "factor 1 - 难度"), "R283"),
    (group(), "R284"),
    ('甲 full "≥1件" points 1 factor 2 by 达标得满分', "R218"),
    ("input 难度 values 0 .. 1\n组 points 5 factor 1 / 难度 { 甲 full \"≥1件\" points 5 by 达标得满分 }", "R310"),
    ("组 points 5 factor 没有 { 甲 full \"≥1件\" points 5 by 达标得满分 }", "R303"),
    ("组 points 5 factor 1 factor 1 { 甲 full \"≥1件\" points 5 by 达标得满分 }", "R211"),
    ('组 points 5 factor max(0, 乙) up to 50 { 甲 full "≥1件" points 5 by 达标得满分 }\n乙 = score(组) / 5 full "≥1"', "R236"),
])  # fmt: skip
def test_a_factor_that_cannot_be_used_is_told(body, code) -> None:
    assert code in codes(body)


def test_a_factor_that_is_not_above_one_is_fine_and_r284_can_be_accepted() -> None:
    assert not codes(group().replace("0.5 .. 1.5", "0.5 .. 1"))
    accepted = compiled(inside(group('accept R284 "办法如此"')))
    assert [d.severity for d in accepted.found] == ["info"]


def test_factors_go_through_json_and_a_negative_one_is_refused() -> None:
    plan = plan_of("total 10 up to 20\n" + group("up to 12"))
    text = dumps([plan])
    assert loads(text) == (plan,)
    with pytest.raises(BadPlan, match="below zero"):
        loads(text.replace('"low": "0.5",\n    "high": "1.5"', '"low": "-0.5",\n    "high": "1.5"'))


@pytest.mark.parametrize("factor", ["1.2", "70%", "1/3", "0"])
def test_a_constant_factor_is_compiled_for_many_objects(factor) -> None:
    body = f'组 points 10 factor {factor} {{ 甲 full "≥7件" points 10 {RATIO} }}'
    plan = plan_of(body)
    scorer = many(plan)
    assert not scorer.exact_fallback
    lines = list(scorer.rows([[F(x, 3)] for x in range(30)]))
    expected = [_by_engine(plan, F(x, 3)) for x in range(30)]
    assert [line.total for line in lines] == expected


def _by_engine(plan, value):

    card, _ = evaluate(plan, Observed({"组/甲": (Entry(value=value, text="x"),)}, {}, {}))
    return int(card.total * 100)


def test_words_of_these_clauses_stay_names() -> None:
    body = '组 {\n 系数 full "≥1件"\n 汇总 full "≥1件"\n 加权 full "≥1件"\n 甲 = 系数 + 汇总 full "≥1件" }\ninput 合计 : 件\n乙 = 合计 / 2件'

    assert not codes(body)


# ---- the column of the weights


@pytest.mark.parametrize(("head", "cell"), [("资金", "300万元"), ("资金（万元）", "300"), ("资金 (万元)", "300")])
def test_the_column_of_weights_is_read_with_its_unit_and_not_called_unused(head, cell) -> None:
    plan = plan_of(f'率 full "≥90%" points 10 {RATIO} gather weighted 资金')
    data = f"指标,实际值,{head},备注\n率,95%,{cell.replace('300', '100')},a\n率,81%,{cell},b\n".encode()
    table, found = read_table("t.csv", data, Names(frozenset({"率"}), frozenset(), plan.own_columns))
    assert [dict(d.facts)["columns"] for d in found if d.code == "D206"] == ["备注"]
    seen, unread = observe(plan, table.rows, "full")
    assert not unread
    card, _ = evaluate(plan, seen)
    assert card.total == round_half_up(F(10) * F(845, 1000) / F(9, 10), 2)


def test_a_share_of_words_has_no_test_to_paste() -> None:
    body = SCALE + '制度 full "健全" points 5 by { completion >= 90% -> 2  otherwise -> 5 } gather mean'
    found = [d for d in compiled(inside(body)).found if d.code == "V103"]
    assert found
    assert not any(d.repro for d in found)
