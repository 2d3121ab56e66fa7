"""Common indicators of rulesets: what ``use … for`` does to a file, and that the rulesets hold every name they should."""

import re
import subprocess
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring import Library, compiled, scored
from test_cli import run

from perfdsl import core as c
from perfdsl.actuals import Row
from perfdsl.observe import observe
from perfdsl.pipeline import Checked, Refusal, check
from perfdsl.plan_json import dumps, loads
from perfdsl.text import Source, Span

ROOT = Path(__file__).parent.parent

# What the official frameworks and the hotline tables name (a name with several denominators stands for all of them).
DEPARTMENT = (
    "在职人员控制率 “三公”经费变动率 “三公”经费控制率 重点支出安排率 预算完成率 含结转预算完成率 年初预算执行率 调整后预算执行率 "
    "到位资金执行率 预算加结转执行率 资金表执行率 预算调整率 预算控制率 预算偏差率 支付进度符合率 结转结余率 按支出计结转结余率 "
    "结转结余变动率 公用经费控制率 政府采购执行率 固定资产利用率 非税收入预算完成率 绩效管理覆盖率 资金结余 楼堂馆所面积控制率 "
    "投资概算控制率 重点工作办结率 实际完成率 完成及时率 质量达标率 应付款率 应付款变动率 应收款率 应收款变动率"
)
PROJECT = (
    "资金到位率 到位及时率 到位资金执行率 预算数执行率 资金表执行率 实际完成率 质量达标率 完成及时率 完成及时性 成本节约率 成本控制率 "
    "满意度 五级满意度 预算调整次数 立项规范性 立项充分性 绩效目标合理性 绩效指标明确性"
)
HOTLINE = (
    "接通率 15秒接通率 漏接回拨率 按时办结率 一次办结率 一次性办结率 办理满意率 坐席满意率 市民满意率 回访率 及时接收率 及时签收率 "
    "退回率 重办率 审核一次通过率 座席稳定率 按时办结 知识库维护 座席人数 工单量 平均办理时长"
)
NAMES = {"部门共性指标": DEPARTMENT, "项目共性指标": PROJECT, "热线指标": HOTLINE}
MET = "by { met -> 100%  otherwise -> 0 }"


class Files(Library):
    """The rulesets of the repository, and some files beside the one that is checked."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = {name: Source(name, text) for name, text in files.items()}

    def local(self, beside: Source, path: str) -> Source | Refusal:
        return self.files.get(path.removeprefix("./")) or Refusal("absent")


def checked(text: str, **files: str) -> Checked:
    return check(Source("t.perf", text), Files({f"{name}.perf": body for name, body in files.items()}))


def codes(text: str, **files: str) -> list[str]:
    return [d.code for d in checked(text, **files).found if not d.code.startswith("V")]


# ---- the rulesets themselves


@pytest.fixture(scope="module", params=NAMES)
def ruleset(request: pytest.FixtureRequest) -> Checked:
    text = (ROOT / "rulesets" / f"{request.param}.perf").read_text(encoding="utf-8")
    return check(Source(f"rulesets/{request.param}.perf", text), Library())


def test_every_name_of_the_frameworks_is_defined_and_no_other(ruleset: Checked) -> None:
    (name,) = {x.ruleset for x in ruleset.model.definitions}
    assert {x.name for x in ruleset.model.definitions} == set(NAMES[name].split())


def test_every_definition_says_all_there_is_to_say(ruleset: Checked) -> None:
    for item in ruleset.model.definitions:
        assert item.direction, item.name
        assert item.nature, item.name
        kinds = {remark.kind for remark in item.remarks}
        assert kinds >= {"note", "basis"}, item.name
        assert item.unit_text == "%" if item.formula_text else not item.inputs, item.name


def test_every_definition_has_a_test(ruleset: Checked) -> None:
    tried = {i.path[-1] for test in ruleset.model.tests if test.own for i in test.own.rows if test.expected}
    assert {x.name for x in ruleset.model.definitions} <= tried
    assert not ruleset.found


def test_nothing_of_a_library_is_worth_points(ruleset: Checked) -> None:
    text = ruleset.sources[0].text
    lines = [line for line in re.split(r"\n(?=  \w)", text) if line.startswith("  indicator ")]
    assert len(lines) == len(ruleset.model.definitions)
    assert not [line for line in lines if re.search(r"\b(points|by|full|half)\b", line)]


@pytest.mark.parametrize("name", NAMES)
def test_a_divisor_of_zero_is_refused_or_has_a_case_of_its_own(name: str) -> None:
    """With 0 for everything each input excludes zero (A114), or the value is missing or given by a case: never a crash."""
    rows = [x for x in NAMES[name].split() if x != "资金表执行率"]
    listed = ", ".join(rows)
    body = "\n".join(f"{x} points 1 by {{ >= 0% -> 1 otherwise -> 0 }}" for x in rows if _computed(name, x))
    made = compiled(f'use {name} for {", ".join(x for x in rows if _computed(name, x))}\nproject "P" {{\n{body}\n}}')
    assert made.usable, (listed, [d.message() for d in made.found])
    (plan,) = made.plans()
    given_rows = [Row(name=i.name, value="0", unit="%" if i.unit and i.unit.text == "%" else "", span=Span(0, 0, Source("t", "")))
                  for i in plan.inputs]  # fmt: skip
    _, found = observe(plan, given_rows, "full")
    refused = {dict(d.facts)["name"] for d in found if d.code == "A114"}
    divisors = {ref for row in plan.indicators for expr in _divisors(row.formula) for ref in c.references(expr)}
    for row in plan.indicators:
        assert row.formula is not None
    assert refused or name == "热线指标"
    assert {x.partition(":")[2] for x in divisors} - refused <= {"上年结转数", "追加预算数", "漏接量", "很满意人数", "较满意人数", "一般人数",
                                                               "不太满意人数", "不满意人数"}  # fmt: skip
    assert scored(plan, [(r.name, r.value) for r in given_rows]).card.indicators


def _computed(ruleset: str, name: str) -> bool:
    text = (ROOT / "rulesets" / f"{ruleset}.perf").read_text(encoding="utf-8")
    return f"  indicator {name} = " in text or re.search(rf"  indicator {re.escape(name)} += ", text) is not None


def _divisors(expr: c.Expr | None) -> list[c.Expr]:
    found: list[c.Expr] = []
    waiting = [expr] if expr is not None else []
    while waiting:
        top = waiting.pop()
        if isinstance(top, c.Div):
            found.append(top.right)
        waiting.extend(c.children(top))
    return found


# ---- what ``use … for`` does

LIB = """ruleset 库 {{
  input 分子 : 件 values whole 0 ..
  input 分母 : 件 values whole 1 ..
  indicator 比率 = 分子 / 分母 lower stock unit "%" values 0% .. 500% note "说明" basis "依据" source "来源"
  indicator 余率 = 100% - 比率 higher unit "%" values -400% ..
  {more}
}}"""


def lib(more: str = "") -> str:
    return LIB.format(more=more)


def test_a_row_is_computed_and_described_as_one_written_by_hand() -> None:
    taken = checked(f'use "./库.perf" for 比率\nproject "P" {{ 比率 full "≤90%" points 5 {MET} }}', 库=lib())
    written = checked(
        'project "P" { input 分子 : 件 values whole 0 ..\ninput 分母 : 件 values whole 1 ..\n'
        f'比率 = 分子 / 分母 full "≤90%" points 5 {MET} lower stock unit "%" values 0% .. 500% note "说明" basis "依据" source "来源" }}'
    )
    assert not taken.found and not written.found
    (one,), (other,) = taken.plans(), written.plans()
    assert one.inputs == other.inputs
    (a,), (b,) = one.indicators, other.indicators
    assert (a.formula, a.domain, a.unit, a.direction, a.nature, a.remarks, a.targets, a.scoring.cases[0].when) == (
        b.formula, b.domain, b.unit, b.direction, b.nature, b.remarks, b.targets, b.scoring.cases[0].when,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 600), st.integers(1, 200), st.sampled_from(("≤90%", "≤100%", "=0%", "≥50%")))
def test_a_taken_formula_scores_as_the_same_formula_written_in_place(top, bottom, target) -> None:
    rubric = "by { completion >= 100% -> 100%  otherwise -> completion }"
    taken = checked(
        f'use "./库.perf" for 余率 as 甲\nproject "P" {{ 甲 full "{target}" points 7 exact {rubric} }}', 库=lib()
    )
    written = checked(
        'project "P" { input 分子 : 件 values whole 0 ..\ninput 分母 : 件 values whole 1 ..\n'
        f'甲 = 100% - (分子 / 分母) full "{target}" points 7 exact {rubric} unit "%" values -400% .. }}'
    )
    table = [("分子", f"{top}"), ("分母", f"{bottom}")]
    (one,), (other,) = taken.plans(), written.plans()
    a, b = scored(one, table), scored(other, table)
    assert (a.card.total, a.card.low, a.card.high) == (b.card.total, b.card.low, b.card.high)
    assert a.codes == b.codes
    assert loads(dumps([one])) == (one,)


def test_the_plan_is_complete_in_itself() -> None:
    made = checked('use "./库.perf" for 余率\nproject "P" { 余率 full "≥10%" }', 库=lib())
    (plan,) = made.plans()
    assert c.references(plan.indicators[0].formula) == {"input:分子", "input:分母"}
    assert [i.name for i in plan.inputs] == ["分子", "分母"]


def test_a_row_or_input_of_the_object_takes_the_place_of_the_librarys() -> None:
    own = 'use "./库.perf" for 比率, 余率\nproject "P" { 分子 full "≥1件"\n input 分母 : 件 values 5 ..\n 比率 full "≤90%"\n 余率 full "≥10%" }'
    made = checked(own, 库=lib())
    assert not made.found
    (plan,) = made.plans()
    assert [i.name for i in plan.inputs] == ["分母"]
    refs = {i.path[-1]: c.references(i.formula) for i in plan.indicators if i.formula}
    assert refs == {"比率": {"value:分子", "input:分母"}, "余率": {"value:比率"}}


def test_without_for_nothing_changes() -> None:
    text = 'project "P" { input 人 : 人\n 甲 full "≥1件" points 1 by { met -> 1 otherwise -> 0 }\n 比率 full "≤90%"\n 比 = 人 / 3人 }'
    with_use = checked(f'use "./库.perf"\n{text}', 库=lib())
    assert [d.code for d in with_use.found] == [d.code for d in checked(text).found] == []
    (one,), (other,) = with_use.plans(), checked(text).plans()
    assert one.indicators[0].formula is None
    assert one.inputs == other.inputs


def test_only_objects_with_the_row_get_the_inputs() -> None:
    made = checked(
        'use "./库.perf" for 比率\nproject "A" { 比率 full "≤90%" }\nproject "B" { 甲 full "≥1件" }', 库=lib()
    )
    assert [len(plan.inputs) for plan in made.plans()] == [2, 0]


@pytest.mark.parametrize(("text", "expected"), [
    ('use "./库.perf" for 比律\nproject "P" { 比率 full "≤90%" }', ["R273"]),
    ('use "./库.perf" for 甲乙丙丁\nproject "P" { 比率 full "≤90%" }', ["R272"]),
    ('use "./库.perf" for 比率\nproject "P" { 别的 full "≤90%" }', ["R274"]),
    ('use "./库.perf" for 比率\nproject "P" { 比率 { 甲 full "≥1件" } }', ["R274"]),
    ('use "./库.perf" for 比率\nproject "P" { input a : 件\n 比率 = a / 2件 full "≤90%" }', ["R275"]),
    ('use "./库.perf" for 比率, 余率 as 比率\nproject "P" { 比率 full "≤90%" }', ["R279"]),
    ('use "./库.perf" for 比率\nproject "P" { input 分子 : 万元\n 比率 full "≤90%" }', ["R276"]),
    ('use "./库.perf" for 比率\nproject "P" { 比率 full "≥90%" }', ["R277"]),
    ('use "./库.perf" for 比率\nproject "P" { 比率 full "≤90%" higher }', ["R277"]),
    ('use "./库.perf" for 比率\nproject "P" { 比率 full "≤90%" exact accept R277 "原表如此" }', ["R277"]),
    ('use "./库.perf" for 比率\nproject "P" { 比率 full "≤0.9" }', ["R278"]),
    ('use "./库.perf" for 比率\nproject "P" { 比率 full "≤0" }', []),
    ('use "./库.perf" for 比率\nproject "P" { 比率 full "=90%" half "≤50%" }', []),
    ('use "./库.perf" for 比率\nproject "P" { input 分母 : 件 values 0 ..\n 比率 full "≤90%" }', ["R310"]),
    ('use "./无.perf" for 比率\nproject "P" { 比率 full "≤90%" }', ["R262"]),
    ('use "./库.perf" for 比率\nproject "P" { 比率 ≤90 }', ["P123"]),
])  # fmt: skip
def test_what_does_not_fit_is_said_once(text: str, expected: list[str]) -> None:
    found = checked(text, 库=lib())
    told = [d for d in found.found if not d.code.startswith("V")]
    assert [d.code for d in told] == expected
    assert all(d.span.source.name == "t.perf" for d in told)


def test_the_sign_of_a_target_counts_where_it_speaks_against_the_library() -> None:
    made = checked(f'use "./库.perf" for 比率\nproject "P" {{ 比率 full "≥90%" points 5 {MET} }}', 库=lib())
    (plan,) = made.plans()
    assert scored(plan, [("分子", "95"), ("分母", "100")]).card.total == 5
    assert scored(plan, [("分子", "85"), ("分母", "100")]).card.total == 0


def test_a_formula_that_needs_the_funds_table_says_so_of_the_row() -> None:
    text = 'use 部门共性指标 for 资金表执行率\nproject "P" {\n  资金表执行率 full "≥90%"\n}'
    found = checked(text).found
    assert {(d.code, d.span.source.name, d.span.line) for d in found} == {("R241", "t.perf", 3)}
    with_funds = text.replace("{\n", "{\n  funds 万元 { spend 甲 full 10 }\n")
    (plan,) = checked(with_funds).plans()
    assert scored(plan, [("甲", "9万元")]).status("资金表执行率") == "met"


# ---- the ruleset that defines


@pytest.mark.parametrize(("more", "expected"), [
    ("indicator 甲 = 分子 / 分母 points 5", ["R271"]),
    ('indicator 甲 full "≥1件" by { met -> 1 } up to 3 weight 5% either accept V101 "x"', ["R271"] * 6),
    ("indicator 甲 = score(比率)", ["R271"]),
    ("input 丙 : 件 as 丁\nindicator 甲 = 丙 / 分母", ["R271"]),
    ("indicator 比率 = 分子 / 分母", ["R202"]),
    ("input 分子 : 人", ["R202"]),
    ("input 比率 : 人", ["R202"]),
    ("input 没用 : 人", ["R245"]),
    ("input 可零 : 件\nindicator 甲 = 分子 / 可零", ["R310"]),
    ("indicator 甲 = 没有 / 分母", ["R303"]),
    ("indicator 甲 = spent(办公费) / budget(支出)", ["R241"]),
    ("indicator 甲 = 乙 / 分母\nindicator 乙 = 甲 / 分母", ["R281", "R281"]),
    ("indicator 甲 = { 分子 > 1件 -> 2 otherwise -> 3 }\nindicator 乙 = 甲 + 1", ["R281"]),
    ("indicator 甲\nindicator 乙 = 甲 + 1", ["R281"]),
])  # fmt: skip
def test_a_library_is_checked_as_it_is_written(more: str, expected: list[str]) -> None:
    assert codes(lib(more)) == expected


def test_remarks_after_a_definition_are_its_own() -> None:
    made = checked(
        'ruleset 库 { basis "甲"\n indicator x higher note "乙"\n basis "丙"\n effective 2020-01-01 ..\n note "丁" }'
    )
    (item,) = made.model.definitions
    assert [(x.kind, x.text) for x in item.remarks] == [("note", "乙"), ("basis", "丙")]


def test_a_long_chain_of_definitions_is_refused_and_not_followed_for_ever() -> None:
    chain = "\n".join(f"indicator 链{i} = 链{i - 1} + 链{i - 1}" for i in range(1, 3000))
    found = codes(lib("indicator 链0 = 分子 / 分母\n" + chain))
    assert set(found) == {"R281"}
    doubled = "\n".join(f"indicator 倍{i} = " + " + ".join([f"倍{i - 1}"] * 60) for i in range(1, 7))
    assert set(codes(lib("indicator 倍0 = 分子 / 分母\n" + doubled))) == {"R281"}


def test_a_file_that_uses_a_ruleset_passes_it_on() -> None:
    profile = 'use "./库.perf"\nuse 财预2020_10号\nruleset 套 { basis "x" }'
    text = 'use "./套.perf" for 比率\nproject "P" { 比率 full "≤90%" points 5 by 比例得分 }'
    assert not codes(text, 套=profile, 库=lib())


def test_the_nearest_definition_counts_and_two_equally_near_are_refused() -> None:
    second = 'ruleset 另 { input 分子 : 人\n indicator 比率 = 分子 / 100人 higher unit "%" }'
    outer = 'use "./库.perf"\nuse "./另.perf"\nruleset 外 { basis "x" }'
    text = 'use "./外.perf" for 比率\nproject "P" { 比率 full "≥90%" }'
    assert codes(text, 外=outer, 库=lib(), 另=second) == ["R280"]
    own = outer.replace('basis "x"', 'indicator 比率 = 50% + 1% higher unit "%"')
    assert codes(text, 外=own, 库=lib(), 另=second) == []


def test_a_quoted_name_with_a_hyphen_is_looked_up_in_the_library() -> None:
    class Hyphen(Library):
        def library(self, name: str) -> Source | None:
            return (
                Source("rulesets/central-2020.perf", lib().replace("ruleset 库", 'ruleset "central-2020"'))
                if "-" in name
                else None
            )

    made = check(Source("t.perf", 'use "central-2020" for 比率\nproject "P" { 比率 full "≤90%" }'), Hyphen())
    assert not made.found


def test_the_word_indicator_is_still_a_name() -> None:
    assert not codes('project "P" { 组 { 指标 full "≥1件"\n 用于 full "≥1件"\n indicator = 指标 / 2件 } }')
    assert (
        Fraction(1)
        == scored(
            checked('project "P" { 指标 full "≥1件" points 1 by { met -> 1 otherwise -> 0 } }').plans()[0],
            [("指标", "1件")],
        ).card.total
    )


# ---- explain


def test_explain_finds_an_indicator_without_its_ruleset() -> None:
    made = run("explain", "在职人员控制率").stdout
    assert "在职人数 ÷ 编制数 × 100%" in made
    assert "在职人数（人）、编制数（人）" in made
    assert "use 部门共性指标 for 在职人员控制率" in made
    assert "越低越好" in made
    words = [sys.executable, "-m", "perfdsl", "explain", "--lang", "en", "“三公”经费变动率"]
    english = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert "lower is better" in english
    assert "use 部门共性指标 for “三公”经费变动率" in english


def test_explain_lists_every_ruleset_that_has_the_name() -> None:
    made = run("explain", "实际完成率").stdout
    assert "use 部门共性指标 for 实际完成率" in made
    assert "use 项目共性指标 for 实际完成率" in made
    listed = run("explain", "热线指标").stdout
    assert all(f"  indicator {name}\n" in listed for name in HOTLINE.split())
