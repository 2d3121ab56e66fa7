"""What a score is, sentence by sentence of LANGUAGE 6 to 8, 10 and 11: tables of small cases with the demanded result."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring import Given, codes, compiled, inside, scored

from perfdsl.replay import run

SCALE = "scale 健全度 { 健全, 完善 -> 100%; 较健全 -> 80%; 不健全 -> 0% }\n"


def _one(target: str, actual: str, rubric: str = "比例得分", more: str = "", **columns: object) -> tuple[str, str]:
    """(status, score) of one indicator of 10 points."""
    made = scored(f"year 2024\n{SCALE}甲 full {target} points 10 {more} by {rubric}", [("甲", actual, columns)])
    return made.status("甲"), made.said("甲")


# ---- the target table


TARGETS = [
    # target, actual, status, score under 比例得分
    ('"≥10件"', "10件", "met", "10"),
    ('"≥10件"', "9.99件", "missed", "9.99"),
    ('"≥10件"', "0", "missed", "0"),
    ('"≥10件"', "13件", "met", "10"),
    ('"≥10件"', "13.01件", "exceeded", "10"),
    ('"10件"', "9", "missed", "9"),
    ('"=10件"', "12", "met", "10"),
    ('"=10件" exact', "12.5", "missed", "8"),
    ('"=10件" exact', "5", "missed", "5"),
    ('"=10件" exact', "10", "met", "10"),
    ('"=0件" exact', "1", "missed", "0"),
    ('"≥0件"', "0", "met", "10"),
    ('"≤52席"', "52", "met", "10"),
    ('"≤52席"', "0", "exceeded", "10"),
    ('"≤52席"', "104席", "missed", "5"),
    ('"=0项"', "0", "met", "10"),
    ('"=0项"', "1", "missed", "0"),
    ('"≤0人"', "2", "missed", "0"),
    ('"≤-5%"', "-5%", "met", "10"),
    ('"≤-5%"', "-4.99%", "missed", "0"),
    ('"≥-5%"', "-6%", "missed", "0"),
    ('"≤0%" values -10% .. lower', "-3%", "met", "10"),
    ('"≥5%" values -10% ..', "-3%", "missed", "0"),
    ('">90%"', "90%", "missed", "10"),  # completion is 1 at the limit itself
    ('">90%"', "90.01%", "met", "10"),
    ('"45-50人"', "45", "met", "10"),
    ('"45-50人"', "50", "met", "10"),
    ('"45-50人"', "36", "missed", "8"),
    ('"45-50人"', "62.5", "missed", "8"),
    ('"±3%以内"', "-3%", "met", "10"),
    ('"±3%以内"', "3.01%", "missed", "0"),
    ('"健全"', "完善", "met", "10"),
    ('"健全"', "较健全", "missed", "8"),
    ('"较健全"', "健全", "met", "10"),
    ('"不健全"', "不健全", "met", "10"),
    ('"健全"', "一般", "unjudged", "0..10"),
    ('"有所提升"', "有所提升", "met", "10"),
    ('"有所提升"', "没有提升", "unjudged", "0..10"),
    ('"是"', "否", "missed", "0"),
    ('"当年12月底之前完成"', "2024年12月31日", "met", "10"),
    ('"当年12月底之前完成"', "2025年1月1日", "missed", "0"),
    ('"9月前"', "9月30日", "met", "10"),
    ('"9月前"', "2024-10-01", "missed", "0"),
    ('"序时进度"', "50%", "missed", "5"),
    ('"较上年增长5%"', "5%", "met", "10"),
    ('"较上年增长5%"', "4.99%", "missed", "0"),
    ('"逐年下降"', "下降1%", "met", "10"),
    ('"≥3.5万元" higher', "35000元", "met", "10"),
    ('"≥3.5万元" higher', "2.8", "missed", "8"),
    ('"不超过3秒"', "1分钟", "missed", "0.5"),
    ('"≥９０％"', "４５％", "missed", "5"),
]


@pytest.mark.parametrize(("target", "actual", "status", "score"), TARGETS)
def test_a_target_judges_an_actual_as_the_table_says(target: str, actual: str, status: str, score: str) -> None:
    assert _one(target, actual) == (status, score)


@pytest.mark.parametrize(("actual", "prior", "status"), [
    ("105件", "100件", "met"), ("104.99", "100", "missed"), ("104", "0", "unjudged"),
])  # fmt: skip
def test_growth_is_measured_against_last_year(actual: str, prior: str, status: str) -> None:
    assert _one('"较上年增长5%"', actual, prior=prior)[0] == status


def test_days_late_are_the_gap_of_a_deadline() -> None:
    rubric = "{ met -> 10  otherwise -> max(0, points - 2 * ceil(gap / 1天)) }"
    assert _one('"2024年9月30日前"', "2024年10月3日", rubric) == ("missed", "4")


# ---- what an actual may be


BAD_ACTUALS = [
    # clauses, actual, columns, code, score of 10
    ('"≥90%"', "95", {}, "A106", "0..10"),
    ('"≥90%"', "0.95", {}, "A106", "0..10"),
    ('"≥90%"', "95", {"unit": "%"}, "", "10"),
    ('"≥90%"', "95", {"percent_format": True}, "", "10"),
    ('"≥90件"', "95", {"unit": "人"}, "A107", "0..10"),
    ('"≥90件"', "无", {}, "A108", "0..10"),
    ('"≥9件"', "很多", {}, "A108", "0..10"),
    ('"≥90%" values 0% .. 100%', "101%", {}, "A114", "0..10"),
    ('"≥9件"', "-1件", {}, "A114", "0..10"),
    ('"≥9件" values whole 0 ..', "9.5", {}, "A114", "0..10"),
    ('"≥9件"', "9", {"period": "上月"}, "A111", "0..10"),
    ('"2024年9月30日前"', "按期完成", {}, "A109", "0..10"),
    ('"≥9件"', "不适用", {}, "E111", "0..10"),
    ('"≥9件"', "9", {"mark": "2"}, "E101", "10"),
    ('"≥9件"', "9", {"override": "11", "explanation": "x"}, "E106", "10"),
    ('"≥9件"', "9", {"override": "8"}, "E107", "8"),
    ('"≥9件"', "", {"override": "80%", "explanation": "x"}, "", "8"),
]


@pytest.mark.parametrize(("clauses", "actual", "columns", "code", "score"), BAD_ACTUALS)
def test_an_actual_that_does_not_fit_is_reported_once_and_counts_as_missing(
    clauses: str, actual: str, columns: dict[str, object], code: str, score: str
) -> None:
    made = scored(f"year 2024\n甲 full {clauses} points 10 by 比例得分", [("甲", actual, columns)])
    assert [d.code for d in made.found] == ([code] if code else [])
    assert made.said("甲") == score


def test_a_computed_value_outside_its_domain_is_reported() -> None:
    body = 'input a : 万元\ninput b : 万元 values 1 ..\n甲 = (a - b) / b full "≤5%" points 5 by 达标得满分'
    made = scored(body, [("a", "90"), ("b", "100")])
    assert (made.codes, made.said("甲")) == ({"E114"}, "0..5")


def test_rows_name_an_indicator_by_name_short_name_or_path() -> None:
    body = ('A points 5 { 甲 full "≥3件" points 5 by 达标得满分 as 甲一 }\n'
            'B points 5 { 甲 full "≥3件" points 5 by 达标得满分 }')  # fmt: skip
    made = scored(body, [("甲一", "3"), (" B / 甲 ", "2")])
    assert (made.said("A/甲"), made.said("B/甲"), made.codes) == ("5", "0", set())
    assert scored(body, [("甲", "3")]).codes == {"A103"}
    assert scored(body, [("A/甲", "3"), ("甲一", "3")]).codes == {"A104"}


# ---- cases and awards


RUBRICS = [
    # target, cases, actual, score of 10
    ('"≥90%"', "> 90% -> 2  otherwise -> 1", "90%", "1"),
    ('"≥90%"', ">= 80% and < 90% -> 5  >= 90% -> 10  otherwise -> 0", "89.99%", "5"),
    ('"≥90%"', "completion > 50% and < 100% -> 3  otherwise -> 0", "81%", "3"),
    ('"≥90%"', "(met or > 85%) and not < 86% -> 10  otherwise -> 0", "85.99%", "0"),
    ('"≥90%"', "met -> 100%  otherwise -> max(0, points - 2 * floor(gap / 1%))", "88.01%", "8"),
    ('"≥90%"', "met -> 100%  otherwise -> max(0, points - 2 * ceil(gap / 1%))", "88.999%", "6"),
    ('"≥90%"', "met -> 100%  otherwise -> max(0, points - 2 * gap / 1%)", "88.5%", "7"),
    ('"≥90%"', "met -> 100%  otherwise -> max(0, points - floor(gap / target / 3%))", "87.3%", "9"),
    ('"≥90%"', "met -> 100%  otherwise -> max(0, points - floor(gap / target / 3%))", "87.31%", "10"),
    ('"≥90%"', "otherwise -> interpolate(actual, 60%: 0, 90%: points)", "75%", "5"),
    ('"≥90%"', "otherwise -> clamp(completion, 20%, 100%)", "1%", "2"),
    ('"≥90%"', "otherwise -> min(points, 4 + 8 * completion)", "45%", "8"),
    ('"≥90%"', "otherwise -> round(min(100%, completion), 2)", "53.4%", "5.9"),
    ('"≥90%"', "otherwise -> points * actual / 100%", "45.05%", "4.51"),
    ('"≥90%"', "abs(actual - target) <= 5% -> 10  otherwise -> 0", "95.01%", "0"),
    ('"≥90%"', "met -> 10  missing -> 1  otherwise -> 2", "", "1"),
    ('"≥90%"', "met -> 10  otherwise -> 2  missing -> 1", "", "1"),
    ('"≥90%"', "met -> 10  otherwise -> 2  missing -> 1", "5%", "2"),
    ('"≥90%"', "met -> 10  otherwise -> 2", "", "2..10"),
    ('"≥90%"', "met -> 10  < 90% -> 1", "", "1..10"),
    ('"≥12件"', ">= 10 -> 10  otherwise -> 1", "10件", "10"),
    ('"≥90%"', "≥ ９０％ → 满；".replace("满", "１０") + "其余 → 完成率", "45%", "5"),
    ('"达成"', '"达成" -> 80% .. 100%  otherwise -> 0', "达成", "8..10"),
]


@pytest.mark.parametrize(("target", "cases", "actual", "score"), RUBRICS)
def test_the_first_case_that_holds_decides(target: str, cases: str, actual: str, score: str) -> None:
    assert _one(target, actual, f"{{ {cases} }}")[1] == score


CALLS = [
    ("扣", "3.5"),
    ("扣()", "3.5"),
    ("扣(2%)", "4.5"),
    ("扣(2%, 1)", "4"),
    ("扣(each: 1)", "2"),
    ("扣（each：1，step：2％）", "4"),
]


@pytest.mark.parametrize(("call", "score"), CALLS)
def test_parameters_go_by_position_by_name_and_by_default(call: str, score: str) -> None:
    rubric = "rubric 扣(step: 1%, each: 0.5) { met -> 100%  otherwise -> max(0, points - each * floor(gap / step)) }"
    assert scored(f'{rubric}\n甲 full "≥90%" points 5 by {call}', [("甲", "87%")]).said("甲") == score


def test_a_rubric_on_a_group_is_the_default_inside_and_the_nearest_wins() -> None:
    body = ('default number by 达标得满分\ndefault level by 达标得满分\nG points 7 by 比例得分 { 甲 full "≥10件" points 2\n'
            'H points 5 by 达标得满分 { 乙 full "≥10件" points 2\n丙 full "≥10件" points 3 by 比例得分 } }\n'
            '丁 full "≥10件" points 1\n戊 full "是" points 1')  # fmt: skip
    made = scored(body, [(name, "5件") for name in "甲乙丙丁"] + [("戊", "是")])
    assert [made.said(name) for name in "甲乙丙丁戊"] == ["1", "0", "1.5", "0", "1"]


def test_a_condition_on_an_input_or_on_another_score_decides() -> None:
    body = ('input 类别 values 东部, 西部\n乙 full "≥10件" points 5 by 比例得分\n'
            '甲 full "≥40%" points 5 by { 类别 = "东部" and actual >= 100% -> 5  类别 = "西部" and actual >= 30% -> 4  otherwise -> 0 }\n'
            '丙 full "≥1件" points 5 by { met and score(乙) >= 3 -> 5  lost(乙) > 2 -> 1  otherwise -> 2 }')  # fmt: skip
    table: list[Given] = [("类别", "西部"), ("甲", "30%"), ("乙", "5"), ("丙", "1")]
    assert [scored(body, table).said(x) for x in "甲乙丙"] == ["4", "2.5", "1"]
    assert scored(body, table[1:]).said("甲") == "0..5"
    assert scored(body, [("类别", "南部"), *table[1:]]).codes == {"A113"}


# ---- several entries


CHECK = '甲 points 1 by check { "一" -> 0.2  "二" -> 0.3  "三" -> 0.5 }'
SUM = '甲 points 3 by sum from 100% { "违规" -> -1 }'
BEST = '甲 points 5 by best per 事项 { "省" -> 2  "国" -> 3 }'
MEAN = "甲 points 10 values 0 .. 10 by {} {{ otherwise -> actual }}"
ENTRIES = [
    (CHECK, [("甲", "一"), ("甲", "一"), ("甲", "三")], "0.7", set()),
    (CHECK, [("甲", "一、二；三")], "1", set()),
    (CHECK, [("甲", "一"), ("甲", "四")], "0..1", {"E109"}),
    (CHECK, [("甲", "无")], "0", set()),
    (CHECK, [], "0..1", set()),
    (SUM, [("甲", "违规")], "2", set()),
    (SUM, [("甲", "违规", {"times": "2"})], "1", set()),
    (SUM, [("甲", "违规"), ("甲", "违规", {"times": "3"})], "0", {"E104"}),
    (SUM, [("甲", "无")], "3", set()),
    (SUM, [("甲", "")], "0..3", set()),
    (SUM, [("甲", "", {"item": "乙路口"})], "0..3", set()),
    (SUM, [("甲", "违规"), ("甲", "")], "2", set()),
    (SUM, [("甲", "违规"), ("甲", "", {"item": "乙路口"})], "2", {"A175"}),
    (SUM, [("甲", "违规"), ("甲", "", {"times": "2"})], "2", {"A175"}),
    (SUM, [("甲", "无"), ("甲", "", {"item": "乙路口"})], "3", {"A104", "A175"}),
    (CHECK, [("甲", "一"), ("甲", "", {"item": "三"})], "0.2", set()),  # not met, as a filled sheet leaves it
    (SUM, [("甲", "违规"), ("甲", "无")], "2", {"A104"}),
    (BEST, [("甲", "省", {"item": "x"}), ("甲", "国", {"item": "x"})], "3", set()),
    (BEST, [("甲", "省", {"item": "x"}), ("甲", "国", {"item": "y"})], "5", set()),
    (BEST, [("甲", "省", {"item": "x"}), ("甲", "国")], "5", {"A116"}),
    (MEAN.format("mean"), [("甲", "9"), ("甲", "8")], "8.5", set()),
    (MEAN.format("trimmed mean over 3"), [("甲", "9"), ("甲", "8"), ("甲", "1")], "6", set()),
    (MEAN.format("trimmed mean over 3"), [("甲", "9"), ("甲", "8"), ("甲", "7"), ("甲", "1")], "7.5", set()),
    (MEAN.format("mean"), [("甲", "9"), ("甲", "11")], "0..10", {"A114"}),
    (
        "甲 points 10 by mean { otherwise -> 0 .. 10 }",
        [("甲", "", {"mark": "8"}), ("甲", "", {"mark": "9"})],
        "8.5",
        set(),
    ),
    (CHECK, [("甲", "一"), ("甲", "二", {"override": "0.4", "explanation": "x"})], "0.4", {"E107"}),
]


@pytest.mark.parametrize(("body", "table", "score", "said"), ENTRIES)
def test_several_rows_make_one_score(body: str, table: list[Given], score: str, said: set[str]) -> None:
    made = scored(body, table)
    assert (made.said("甲"), made.codes) == (score, said)


# ---- the assessor's mark


MARKS = [
    ("达成预期", "8", "8", ""), ("达成预期", "10分", "10", ""), ("达成预期", "7.99", "8..10", "E102"),
    ("达成预期", "10.01", "8..10", "E102"), ("达成预期", "", "8..10", ""), ("部分达成", "75%", "7.5", ""),
    ("别的词", "5", "5", ""), ("", "5", "0..10", ""), ("达成预期", "九分", "8..10", "A105"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "mark", "score", "code"), MARKS)
def test_a_mark_decides_inside_the_range_of_its_case(word: str, mark: str, score: str, code: str) -> None:
    made = scored("甲 points 10 by 定性三档", [("甲", word, {"mark": mark})])
    assert (made.said("甲"), made.codes) == (score, {code} - {""})


def test_a_review_or_a_mark_where_nothing_is_scored_is_an_error() -> None:
    assert scored('甲 full "≥9件"', [("甲", "9", {"mark": "2"})]).codes == {"E105"}
    body = 'not_applicable rescale\n甲 full "≥9件" points 3 by 比例得分'
    assert "E105" in scored(body, [("甲", "不适用", {"override": "2", "explanation": "x"})]).codes


# ---- points, groups and the total


def _ten(name: str, points: str = "") -> str:
    return f'{name} full "≥10件" {points} by 比例得分'


GROUPS = [
    (f"G points 10 shared {{ {_ten('甲')}\n{_ten('乙', 'points 4')}\n{_ten('丙')}\n空行 }}", {"甲": "5", "乙": "5", "丙": "10"}, "G", "6.5"),
    (f"G points 10 either {{ {_ten('甲')}\n{_ten('乙')} }}", {"甲": "5", "乙": "7"}, "G", "7"),
    (f"G points 10 either {{ {_ten('甲')}\n{_ten('乙')} }}", {"甲": "5"}, "G", "5..10"),
    (f"G points 10 either {{ {_ten('甲')}\n{_ten('乙')} }}", {"甲": "10"}, "G", "10"),
    (f"A weight 60% {{ {_ten('甲', 'points 7')} }}\nB weight 40% {{ {_ten('乙', 'points 3')} }}", {"甲": "10", "乙": "5"}, "", "80"),
    (f"A weight 33.3% {{ {_ten('甲', 'points 7')} }}\nB weight 66.7% {{ {_ten('乙', 'points 9')} }}", {"甲": "3.333", "乙": "3.333"}, "", "33.31"),
    (f"rounding 1\n{_ten('甲', 'points 5')}", {"甲": "3.3"}, "", "1.7"),
    (f"{_ten('甲', 'points 0.1')}", {"甲": "7.5"}, "", "0.08"),
    ("甲 full \"≥1件\" points 1 by 比例得分\nB bonus -5 .. 5 { 乙 by { otherwise -> -0.125 * actual } }", {"甲": "1", "乙": "1"}, "B", "-0.13"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "table", "path", "score"), GROUPS)
def test_a_group_prints_what_its_rows_earn(body: str, table: dict[str, str], path: str, score: str) -> None:
    assert scored(body, list(table.items())).said(path) == score


BONUS = 'total 100{}\n甲 full "≥10件" points 100 by 比例得分\nB bonus -2 .. 5 {{ 奖 by best per 事项 {{ "国" -> 3 }}\n罚 by sum {{ "通报" -> -1 }} }}'


@pytest.mark.parametrize(("up_to", "table", "total"), [
    ("", [("甲", "5"), ("奖", "国", {"item": "a"}), ("罚", "无")], "53"),
    ("", [("甲", "5"), ("奖", "国", {"item": "a"}), ("奖", "国", {"item": "b"}), ("罚", "无")], "55"),
    ("", [("甲", "5"), ("奖", "无"), ("罚", "通报", {"times": "9"})], "48"),
    ("", [("甲", "0"), ("奖", "无"), ("罚", "通报")], "0"),
    ("", [("甲", "10"), ("奖", "国"), ("罚", "无")], "100"),
    (" up to 105", [("甲", "10"), ("奖", "国"), ("罚", "无")], "103"),
    ("", [("甲", "5")], "50"),
])  # fmt: skip
def test_a_bonus_block_stands_beside_the_total_and_both_are_limited(up_to: str, table: list[Given], total: str) -> None:
    assert scored(BONUS.format(up_to), table).said("") == total


def test_a_total_cut_at_its_limit_says_so_and_an_empty_bonus_row_too() -> None:
    assert scored(BONUS.format(""), [("甲", "10"), ("奖", "国"), ("罚", "无")]).card.notes_zh == (
        "总分：各项合计103，按100计",
    )
    assert scored(BONUS.format(""), [("甲", "5")]).codes == {"E108"}


NOT_APPLICABLE = """not_applicable {}
A points 30 by 比例得分 {{ 甲 full "≥10件" points 10
乙 full "≥10件" points 20 }}
B points 70 by 比例得分 {{ 丙 full "≥10件" points 30
D points 40 {{ 丁 full "≥10件" points 15
戊 full "≥10件" points 25 }} }}"""
POLICIES = [
    # policy, rows that do not apply, total (甲 10, 乙 5, 丙 10, 丁 5, 戊 10 of 10 each)
    ("rescale", "", "82.5"), ("rescale", "甲", "77.5"), ("rescale", "甲乙", "89.29"), ("rescale", "丁", "90"),
    ("rescale", "丁戊", "90"), ("rescale", "丙丁戊", "66.67"), ("rescale", "甲丙", "71.88"), ("rescale", "甲乙丙丁戊", "0..100"),
    ("full", "甲", "82.5"), ("full", "甲乙", "92.5"), ("full", "甲乙丙丁戊", "100"), ("zero", "甲", "72.5"), ("zero", "丙丁戊", "20"),
    ("to B", "甲", "81.43"), ("to B", "甲乙", "89.29"), ("to B", "丁", "90"), ("to D", "甲", "80.63"), ("to B/D", "甲", "80.63"),
    ("to D", "丁戊", "83.33"), ("to A", "丁", "85"), ("to A", "丙丁戊", "66.67"), ("to B", "甲乙丙丁戊", "0..100"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "skipped", "total"), POLICIES)
def test_the_points_of_what_does_not_apply_go_where_the_policy_says(policy: str, skipped: str, total: str) -> None:
    actuals = dict(zip("甲乙丙丁戊", ("10", "5", "10", "5", "10"), strict=True))
    table = [(name, "不适用" if name in skipped else value) for name, value in actuals.items()]
    assert scored(NOT_APPLICABLE.format(policy), table).said("") == total


EITHER = 'not_applicable {}\nG points 10 either {{ 甲 full "≥10件" by 比例得分\n乙 full "≥10件" by 比例得分 }}\n丙 full "≥10件" points 10 by 比例得分'


@pytest.mark.parametrize(("policy", "second", "total"), [
    ("rescale", "5", "13"), ("rescale", "不适用", "16"), ("full", "5", "13"), ("full", "不适用", "18"), ("zero", "不适用", "8"),
])  # fmt: skip
def test_the_best_of_those_that_apply_counts(policy: str, second: str, total: str) -> None:
    assert scored(EITHER.format(policy), [("甲", "不适用"), ("乙", second), ("丙", "8")]).said("") == total


APPLIES = 'not_applicable {}\ninput 有 values 是, 否\n甲 full "≥10件" points 10 applies 有 = "是" by {}\n丙 full "≥10件" points 10 by 比例得分'


@pytest.mark.parametrize(("policy", "word", "total"), [
    ("rescale", "是", "14"), ("rescale", "否", "10"), ("full", "否", "15"), ("zero", "否", "5"),
    ("rescale", "", "5..15"), ("full", "", "5..15"), ("zero", "", "5..15"),
])  # fmt: skip
def test_a_condition_nobody_can_decide_leaves_everything_possible(policy: str, word: str, total: str) -> None:
    for rubric in ("比例得分", "{ completion >= 90% -> 9  otherwise -> 8 }"):
        assert scored(APPLIES.format(policy, rubric), [("甲", "9"), ("有", word), ("丙", "5")]).said("") == total


def test_what_does_not_apply_in_a_bonus_block_counts_nothing() -> None:
    body = 'not_applicable rescale\n甲 full "≥10件" points 10 by 比例得分\nB bonus -5 .. 5 { 乙 unit "件" by { > 10件 -> 2  otherwise -> 0 } }'
    assert scored(body, [("甲", "5"), ("乙", "不适用")]).said("") == "5"


def test_a_period_without_a_target_is_not_assessed() -> None:
    body = 'not_applicable rescale\n甲 half "无" full "≥5件" points 10 by 比例得分\n乙 half "≥4件" full "≥5件" points 10 by 比例得分'
    table = [("甲", "1", {"period": "全年"}), ("乙", "2件", {"period": "半年"}), ("乙", "5件", {"period": "全年"})]
    assert scored(body, table, "half").said("") == "10"
    assert scored(body, table).said("") == "12"
    assert scored(body.partition("\n")[2], table, "half").codes == {"E112"}


@pytest.mark.parametrize(
    ("setting", "score"), [("", "9"), ("schedule days", "9.05"), ("schedule half 45% full 100%", "10")]
)
def test_the_share_of_the_year_gone_is_a_setting(setting: str, score: str) -> None:
    body = f'year 2024\n{setting}\n甲 half "序时进度" full "100%" points 10 by 比例得分'
    assert scored(body, [("甲", "45%")], "half").said("甲") == score


# ---- missing values


def test_missing_goes_through_formulas_and_conditions() -> None:
    body = ('input a : 件\n甲 = a + 1件 full "≥3件" points 5 by 达标得满分\n乙 full "≥3件" points 5 by { met and met(甲) -> 5  otherwise -> 1 }\n'
            '丙 = { met(甲) -> 1件  otherwise -> 2件 } full "≥3件" points 5 by 比例得分')  # fmt: skip
    made = scored(body, [("乙", "3")])
    assert (made.status("甲"), made.said("乙"), made.status("丙"), made.said("")) == (
        "missing",
        "1..5",
        "missing",
        "1..15",
    )
    assert scored(body, [("乙", "2")]).said("乙") == "1"  # one false operand settles an "and"
    assert not made.card.complete


def test_missing_may_be_declared_an_error() -> None:
    assert scored('missing error\n甲 full "≥9件" points 5 by 比例得分').codes == {"E113"}


COUNT = 'not_applicable rescale\n率 = count(met, G) / count(all, G) full "=100%" higher points 5 by 比例得分\nG points 10 by 比例得分 { 乙 full "≥10件" points 5\n丙 full "≥10件" points 5 }'


@pytest.mark.parametrize(("second", "third", "score"), [
    ("10", "3", "2.5"), ("10", "不适用", "5"), ("10", "", "0..5"), ("不适用", "不适用", "0..5"),
])  # fmt: skip
def test_the_share_of_targets_met_counts_what_applies(second: str, third: str, score: str) -> None:
    assert scored(COUNT, [("乙", second), ("丙", third)]).said("率") == score


# ---- money


FUNDS = """funds 万元 { income 财政 full 100
 spend 一 half 40 full 60 as 甲线
 spend 二 full 40.00 { 二甲 full 15 二乙 full 25 } }
率 = spent(支出) / budget(支出) full "=100%" higher points 20 by 比例得分"""


@pytest.mark.parametrize(("table", "score"), [
    ([("支出", "95")], "19"), ([("支出", "950000元")], "19"), ([("一", "60"), ("二", "35万元")], "19"),
    ([("甲线", "60"), ("二甲", "15"), ("二乙", "20")], "19"), ([("支出/一", "60"), ("支出/二", "20")], "16"),
    ([("一", "60")], "0..20"), ([], "0..20"), ([("支出", "0")], "0"),
])  # fmt: skip
def test_what_was_spent_is_given_whole_or_line_by_line(table: list[Given], score: str) -> None:
    assert scored(FUNDS, table).said("率") == score


def test_the_plan_of_a_period_is_not_the_budget_of_the_year() -> None:
    body = FUNDS.replace("spent(支出) / budget(支出)", "已支出(一) / 计划(一)").replace(
        'full "=100%"', 'half "100%" full "100%"'
    )
    assert scored(body, [("一", "30")], "half").said("率") == "15"
    assert scored(body, [("一", "30")]).said("率") == "10"


# ---- grades and ceilings


@pytest.mark.parametrize(("actual", "grade"), [("90%", "优"), ("89.98%", "良"), ("60%", "中"), ("59.98%", "差")])
def test_grades_are_shares_of_the_total(actual: str, grade: str) -> None:
    assert scored('甲 full "≥100%" points 50 by 比例得分', [("甲", actual)]).card.grade == grade


CEILING = 'input 事故 : 次\n甲 full "≥10件" points 100 by 比例得分'


@pytest.mark.parametrize(("ceiling", "table", "total", "grade", "complete"), [
    ("ceiling 事故 > 0次 -> 中", [("事故", "1")], "100", "中", True),
    ("ceiling 事故 > 0次 -> 中", [("事故", "0")], "100", "优", True),
    ("ceiling 事故 > 0次 -> 中", [], "100", "", False),
    ("ceiling 事故 > 0次 -> 85", [("事故", "1")], "85", "良", True),
    ("ceiling 事故 > 0次 -> 85", [], "85..100", "", False),
    ("一票否决 事故 > 0次 -> 差", [("事故", "2次")], "100", "差", True),
])  # fmt: skip
def test_a_ceiling_caps_the_grade_or_the_total(
    ceiling: str, table: list[Given], total: str, grade: str, complete: bool
) -> None:
    body = CEILING.replace("\n", f"\n{ceiling}\n", 1)
    made = scored(body, [("甲", "10"), *table])
    assert (made.said(""), made.card.grade, made.card.complete) == (total, grade, complete)


# ---- the trace


def test_the_exact_value_is_printed_where_rounding_hides_its_side_of_a_limit() -> None:
    inputs = "input a : 件\ninput b : 件 values 1 ..\n"
    table: list[Given] = [("a", "89999"), ("b", "100000")]
    made = scored(inputs + '甲 = a / b full "≥90%" points 5 by { >= 90% -> 5  > 89.9% -> 4  otherwise -> 0 }', table)
    assert made.reason("甲") == "89.999% > 89.9% → 第2档 4分"
    made = scored(
        '甲 full "≥90%" points 5 by { met -> 5  otherwise -> max(0, points - ceil(gap / 1%)) }', [("甲", "88.999%")]
    )
    assert made.reason("甲") == "88.999% < 90%，差1.001个百分点 → 第2档 3分"
    made = scored('甲 full "≥3件" points 5 by 及格比例得分(gate: 66.67%)', [("甲", "2件")])
    assert "完成率200/3%" in made.reason("甲")


# ---- published test vectors (official_rules A.10)


VECTORS = [
    ('甲 = a / b full "≤100%" points 8 by { met -> 100%  otherwise -> max(0, points - 0.5 * gap / 1%) }', ("136人", "143人"), "8"),
    ('甲 = (a - b) / b full "≤0%" values -100% .. lower points 8 by { met -> 100%  otherwise -> max(0, points - 0.8 * gap / 1%) }',
     ("63.46人", "32人"), "0"),
    ('甲 = a / b full "≥100%" points 8 by { met -> 100%  otherwise -> max(0, points - 2 * floor(gap / 5%)) }', ("2690.62人", "2710.42人"), "8"),
    ('甲 = a / b full "=0%" values 0% .. points 8 by { = 0% -> 8  <= 10% -> 6  <= 20% -> 4  <= 30% -> 2  otherwise -> 0 }',
     ("767.86人", "1922.76人"), "0"),
    ('甲 = a / b full "≥100%" points 10 by 比例得分', ("171人", "287人"), "5.96"),
    ('甲 = a / b full "≥90%" points 20 by 比例得分', ("60人", "100人"), "13.33"),
    ('甲 = a / b full "≥100%" points 20 by 比例得分', ("10人", "10人"), "20"),
    ('甲 = a / b full "≥100%" points 10 by 比例得分', ("37.24人", "43.2人"), "8.62"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "numbers", "score"), VECTORS)
def test_published_tables_are_recomputed(row: str, numbers: tuple[str, str], score: str) -> None:
    body = f"input a : 人\ninput b : 人 values 1 ..\n{row}"
    assert scored(body, list(zip("ab", numbers, strict=True))).said("甲") == score


# ---- tests in the language


BANDS = '甲 full ">90%" points 2 by { > 90% -> 2  otherwise -> 1 }'
TESTS = [
    (f"{BANDS}\ngiven 甲 90%\nexpect 甲 score 1", True),
    (f"{BANDS}\ngiven 甲 90%\nexpect 甲 score 2", False),
    (f"{BANDS}\nexpect 甲 score 1 .. 2\nexpect total 1 .. 2\nexpect 甲 status missing", True),
    (f"{BANDS}\ngiven 甲 missing\nexpect 甲 score missing", True),
    (f'{BANDS}\ngiven 甲 91%\nexpect 甲 case "> 90%"\nexpect 甲 status met\nexpect grade 优', True),
    (f"{BANDS}\ngiven 甲 91%", False),
    (f"{BANDS}\ngiven 甲 91%\nexpect 丙 score 3", False),
    (f"{BANDS}\ngiven 乙 91%\nexpect 甲 score 1 .. 2", False),
    (f"{BANDS}\ngiven 甲 90%\nexpect 甲 score 0 .. 2\nexpect total 1 .. 1", True),
    (f"{BANDS}\ngiven 甲 90%\nexpect 甲 score 1.5 .. 2", False),
    (f"{BANDS}\nexpect 甲 score 0 .. 2", False),  # it can only be 1 .. 2
    (f"{BANDS}\nexpect 甲 score 1", False),
    ('甲 full "≥3件" points 3 by { otherwise -> 2 * actual / 1件 }\ngiven 甲 3件\nexpect 甲 score 3', True),
    (
        '甲 full "≥3件" points 3 by { otherwise -> 2 * actual / 1件 }\ngiven 甲 3件\nexpect 甲 score 0 .. 3',
        False,
    ),  # 6, limited
    ('甲 full "≥3件" points 3 by { otherwise -> 2 * actual / 1件 }\ngiven 甲 3件\nexpect 甲 score 3 .. 3', False),
    (
        '甲 full "≥3件" points 3 by { otherwise -> 2 * actual / 1件 }\ngiven 甲 3件, override 2, reason "核实"\nexpect 甲 score 0 .. 3',
        True,
    ),
    ('甲 points 1 by check { "a" -> 0.6  "b" -> 0.6 }\ngiven 甲 "a、b"\nexpect 甲 score 1 .. 1', False),
    ('甲 points 1 by check { "a" -> 0.6  "b" -> 0.4 }\ngiven 甲 "a、b"\nexpect 甲 score 1 .. 1', True),
    (f"{BANDS}\ngiven 甲 90\nexpect 甲 score missing", False),
    (f"{BANDS}\ngiven 甲 90%\ngiven 甲 91%\nexpect 甲 score 1", False),
    (f"G points 2 {{ {BANDS} }}\ngiven G/甲 91%\nexpect G/甲 score 2\nexpect G score 2", True),
    ('甲 full "≥3件" points 3 by { otherwise -> 0 .. 3 }\ngiven 甲 3件, mark 2.5\nexpect 甲 score 2.50', True),
    ('甲 full "≥3件" points 3 by 比例得分\ngiven 甲 3件, override 2.5, reason "核实"\nexpect 甲 score 2.5', True),
    (
        '甲 points 3 by best per 事项 { "a" -> 1  "b" -> 3 }\ngiven 甲 a, 事项 x\ngiven 甲 b, 事项 x\nexpect 甲 score 3',
        True,
    ),
    ('甲 full "≥3件" points 3 by { > prior -> 3  otherwise -> 1 }\ngiven 甲 3件, prior 2件\nexpect 甲 score 3', True),
    (
        '甲 half "≥3件" full "≥6件" points 3 by 比例得分\n给定 期间 半年\n给定 甲 3件\n预期 甲 得分 3\n预期 总分 3\n预期 等级 优',
        True,
    ),
    ('B bonus -5 .. 5 { 甲 by sum { "a" -> -1 } }\ngiven 甲 a\nexpect 甲 score -1\nexpect B score -1', True),
]


@pytest.mark.parametrize(("body", "passes"), TESTS)
def test_a_test_in_the_language_compares_what_it_expects(body: str, passes: bool) -> None:
    checked = compiled(f'use 财预2020_10号\ntest "t" {{ {body} }}')
    (test,) = [t for t in checked.model.tests if t.title == "t"]
    outcome = run(test, checked.model, lambda name, span: ([], []))
    assert outcome.passed is passes


def test_a_test_inside_an_object_sees_it_and_one_beside_several_needs_to_say_which() -> None:
    for text in (
        f'{BANDS}\ntest "t" {{ given 甲 91%\nexpect total 2 }}',
        f'{BANDS} }}\ntest "t" {{ given 甲 91%\nexpect total 2',
    ):
        checked = compiled(inside(text))
        (test,) = [t for t in checked.model.tests if t.title == "t"]
        assert run(test, checked.model, lambda name, span: ([], [])).passed
    assert codes(f'{BANDS} }}\nproject "Q" {{ {BANDS} }}\ntest "t" {{ given 甲 91%\nexpect total 2') == {"R251"}


def test_everything_may_be_written_in_chinese_and_full_width() -> None:
    text = """项目 “测试” ｛ 预算年度 ２０２４ 总分 １００ 不适用处理 折算
输入 类别 取值 东部， 西部
过程 分值 ４０ 评分 ｛ 完成率 ≥ １００％ → １００％； 其他 → 完成率 ｝ ｛ 来电接通率 半年 “＝５０％” 全年 “＝１００％” 越高越好 分值 ４０ ｝
产出 分值 ６０ 均分 评分 ｛ 达标 → 分值； 否则 → ０ ｝ ｛ 数量 全年 “≥１０件”
质量 全年 “≥９０％” 适用于 类别 ＝ “东部” ｝
测试 “一” ｛ 给定 来电接通率 ９５％ 给定 数量 １０件 给定 类别 西部 预期 总分 98 预期 来电接通率 得分 38 ｝ ｝"""
    checked = compiled(text)
    assert not checked.found
    assert run(checked.model.tests[0], checked.model, lambda name, span: ([], [])).passed


def test_only_the_child_that_counts_loses_points_in_an_either_group() -> None:
    body = (
        "year 2024\n择一组 points 60 either {\n"
        '  甲 full "≥9件" by { met -> 100% otherwise -> completion }\n'
        '  乙 full "≥30件" by { met -> 100% otherwise -> completion }\n}'
    )
    made = scored(body, [("甲", "6件"), ("乙", "15件")])
    assert {row.path[-1]: row.lost for row in made.card.indicators} == {"甲": 20, "乙": 0}


# ---- several assessors

ASSESSED = "not_applicable rescale\n甲 points 10 by trimmed mean over 5 { otherwise -> 0 .. points }"


@pytest.mark.parametrize(
    "marks, score",
    [
        (("9", "8", "7"), "8"),
        (("10", "8", "8", "7", "2"), "7"),  # five are not trimmed
        (("9.5", "8.25", "8", "7.333", "9", "2"), "8.15"),  # of six the highest and the lowest go: 32.583 / 4
        (("7.334", "7.334", "7.338"), "7.34"),  # 22.006 / 3: only the mean is rounded
        (("9", ""), "0..10"),
        (("9", "11"), "0..10"),
    ],
)
def test_several_assessors_mark_inside_a_range(marks: tuple[str, ...], score: str) -> None:
    given = [("甲", "评委", {"mark": mark}) for mark in marks]
    assert scored(ASSESSED, given).said("甲") == score
    assert ("E102" in scored(ASSESSED, given).codes) is ("11" in marks)


def test_assessors_mark_inside_the_case_of_their_word() -> None:
    body = '甲 points 10 by mean { "好" -> 80% .. 100%  "中" -> 60% .. 80%  otherwise -> 0% .. 60% }'
    given = [("甲", "好", {"mark": "9"}), ("甲", "中", {"mark": "7.5"}), ("甲", "差", {"mark": "3"})]
    assert scored(body, given).said("甲") == "6.5"
    assert "E102" in scored(body, [("甲", "中", {"mark": "9"})]).codes


# ---- words as people type them

LETTERS = st.text(st.sampled_from("好差AbＡ１ （）级。 \u3000"), min_size=1, max_size=8).filter(
    lambda text: any(c in "好差Ab" for c in text)
)


@given(LETTERS.map(str.strip).filter(bool))
def test_a_word_of_the_rules_is_found_however_it_is_spaced(word: str) -> None:
    body = f'甲 points 10 by {{ "{word}" -> 10   otherwise -> 0 }}'
    assert scored(body, [("甲", word)]).said("甲") == "10"


@given(LETTERS.map(str.strip).filter(bool))
def test_a_word_of_an_input_is_found_however_it_is_spaced(word: str) -> None:
    body = f'input 类别 values "{word}", "另一类"\nnot_applicable zero\n甲 points 10 applies 类别 = "{word}" by {{ otherwise -> 10 }}'
    assert scored(body, [("类别", word), ("甲", "1")]).said("甲") == "10"


def test_an_entry_with_a_space_in_its_word_counts() -> None:
    body = '甲 points 10 by sum from 100% { "long delay" -> -1   "迟 报" -> -2 }'
    assert scored(body, [("甲", "long delay"), ("甲", "迟报")]).said("甲") == "7"


@pytest.mark.parametrize(
    ("value", "code"), [("≥80%", "T110"), ("90%以上", "T110"), ("#DIV/0!", "A105"), ("。。", "A108")]
)
def test_a_value_that_is_none_is_complained_about_once(value: str, code: str) -> None:
    made = scored('甲 full "≥90%" points 5 by 比例得分', [("甲", value)])
    assert [d.code for d in made.found if d.severity == "error"] == [code]
    assert made.status("甲") == "missing"
