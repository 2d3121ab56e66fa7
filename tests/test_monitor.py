"""Monitoring: every number of the invented example by hand, the laws of what is due to date, and every worked document."""

import json
import shutil
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from pages import follow, record, surroundings
from scoring import Library

from perfdsl import plan_json
from perfdsl.actuals import Row
from perfdsl.cli.main import perfdsl
from perfdsl.format import format_file
from perfdsl.monitor import monitor
from perfdsl.monitor.door import Monitored
from perfdsl.monitoring import MoneyProgress, Monitoring, Progress
from perfdsl.parse import parse
from perfdsl.pipeline import Checked, check
from perfdsl.show_monitor import monitor_form
from perfdsl.text import Source, Span
from perfdsl.width import width

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
RULES = EXAMPLES / "monitoring" / "热线运行.perf"
DATA = RULES.with_name("半年-虚构.csv")
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "docs" / "monitor.schema.json").read_text("utf-8")))
F = Fraction


def run(*words: object) -> Result:
    return CliRunner().invoke(perfdsl, [str(word) for word in words])


def compiled(text: str) -> Checked:
    return check(Source("规则.perf", text), Library())


def row(name: str, value: str = "", **more: Any) -> Row:
    source = Source("数据.csv", f"{name},{value}")
    return Row(name=name, value=value, span=Span(0, len(source.text), source), **more)


def monitored(text: str, *rows: Row, period: str = "half", day: date | None = None) -> Monitored:
    checked = compiled(text)
    assert checked.usable, [d.message() for d in checked.found]
    (made,) = monitor([(checked.plans()[0], rows)], period, day)
    return made


def the(made: Monitored, name: str) -> Progress:
    return next(x for x in made.monitoring.indicators if x.path[-1] == name)


def codes(made: Monitored) -> list[str]:
    return [d.code for d in made.found]


def one(
    clauses: str, value: str, *, schedule: str = "months", period: str = "half", day: date | None = None, **more: Any
) -> Progress:
    text = f'project "P" {{ year 2024 schedule {schedule} 甲 {clauses} }}'
    return the(monitored(text, row("甲", value, **more), period=period, day=day), "甲")


# ---- the example, by hand (examples/monitoring/README.md)


@pytest.fixture(scope="module")
def example() -> Any:
    done = run("monitor", RULES, "--actuals", DATA, "--format", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


BY_HAND = {  # name: status, completion, light, value of the forecast, its method, reaches
    "资金到位率": ("reached", "1", "绿灯", "1", "rate", True),
    "预算执行率": ("lagging", "0.89", "黄灯", "0.96", "stated", True),
    "受理工单": ("lagging", "0.9", "黄灯", "230000", "plan", False),
    "业务培训": ("lagging", "2/3", "红灯", "12", "stated", True),
    "知识库条目": ("lagging", "0.92", "黄灯", "4600", "level", False),
    "投诉件数": ("reached", "1", "绿灯", "16", "rate", True),
    "座席资源个数": ("reached", "1", "绿灯", "50", "level", True),
    "管理制度健全性": ("reached", "1", "绿灯", None, None, None),
    "培训考核成绩": ("not due", None, None, None, None, None),
    "系统升级": ("lagging", "0", "红灯", None, None, None),
    "年度报告": ("not due", None, None, None, None, None),
    "市民满意度": ("reached", "91/88", "绿灯", "0.91", "level", True),
}


def test_every_indicator_of_the_example_is_as_computed_by_hand(example: Any) -> None:
    found = {}
    for made in example["objects"][0]["indicators"]:
        best = made["forecasts"][0] if made["forecasts"] else {"value": None, "method": None, "reaches": None}
        light = made["light"]["name"] if made["light"] else None
        found[made["path"][-1]] = (
            made["status"],
            made["completion"],
            light,
            best["value"],
            best["method"],
            best["reaches"],
        )
    ratio = str(F(91, 88))
    assert found == {**BY_HAND, "市民满意度": ("reached", ratio, *BY_HAND["市民满意度"][2:])}


def test_the_money_of_the_example_is_as_computed_by_hand(example: Any) -> None:
    lines = {"/".join((x["side"], *x["path"])): x for x in example["objects"][0]["money"]}
    whole, income = lines["spend"], lines["income"]
    assert (whole["budget"], whole["planned"], whole["spent"]) == ("2500000", "1000000", "890000")
    assert (whole["of_plan"], whole["of_budget"], whole["basis"], whole["light"]["name"]) == (
        "0.89",
        "0.356",
        "target",
        "黄灯",
    )
    assert [(x["method"], x["value"]) for x in whole["forecasts"]] == [
        ("stated", "2400000"), ("plan", "2390000"), ("rate", "1780000"),
    ]  # fmt: skip
    assert (income["planned"], income["of_plan"], income["basis"], income["light"]["name"]) == (
        "1250000",
        "1",
        "schedule",
        "绿灯",
    )
    nothing = lines["spend/宣传印刷"]
    assert (nothing["planned"], nothing["of_plan"], nothing["status"], nothing["light"]) == ("0", None, "not due", None)


def test_the_example_keeps_what_the_unit_says(example: Any) -> None:
    rows = {x["path"][-1]: x for x in example["objects"][0]["indicators"]}
    assert rows["受理工单"]["causes"] == [{"cause": "staff", "text": "座席缺编6人"}]
    assert rows["知识库条目"]["causes"] == [{"cause": "staff", "text": ""}]
    assert rows["受理工单"]["likelihood"] == "possible"
    assert rows["业务培训"]["explanation"] == "培训集中在下半年"
    assert rows["年度报告"]["actual"] == "进行中"
    assert rows["系统升级"]["gap"] == "10天"
    assert example["objects"][0]["lagging"][0] == "产出指标/时效指标/系统升级"
    assert example["findings"] == []


def test_the_page_of_the_example_prints_what_it_says(tmp_path: Path, update: bool) -> None:
    folder = tmp_path / "here"
    shutil.copytree(RULES.parent, folder)
    page = RULES.with_name("README.md")
    steps = list(follow(page, folder, surroundings(folder), once=False))
    if update:
        record(page, steps)
        return
    assert "\n\n".join(step.made for step in steps) == "\n\n".join(step.fence.body for step in steps)


# ---- what is due to date


def test_a_flow_without_a_target_of_the_period_is_due_by_the_schedule() -> None:
    made = one('full "≥12场" flow', "5场")
    assert (made.due, made.basis, made.status, made.completion, made.gap) == (
        "≥6场",
        "schedule",
        "lagging",
        F(5, 6),
        "1场",
    )
    assert one('full "≥12场" flow', "6场").status == "reached"
    assert one('full "≤12场" flow', "7场").completion == F(6, 7)


def test_a_stock_is_compared_as_it_stands() -> None:
    made = one('full "≥12场" stock', "11场")
    assert (made.due, made.basis, made.status, made.completion) == ("≥12场", "level", "lagging", F(11, 12))


def test_days_and_a_table_are_other_schedules() -> None:
    leap = one('full "≥366件" flow', "182件", schedule="days")
    assert (leap.status, leap.completion) == ("reached", 1)  # 30 June 2024 is day 182 of 366
    assert one('full "≥366件" flow', "181件", schedule="days").status == "lagging"
    assert one('full "≥100件" flow', "45件", schedule="q1 20% half 45% full 100%").completion == 1
    july = one('full "≥12场" flow', "7场", period="full", day=date(2024, 7, 31))
    assert (july.due, july.completion) == ("≥7场", 1)


def test_nothing_and_later_deadlines_are_not_due_and_an_early_end_counts() -> None:
    for words in ("", "无", "进行中", "3件"):
        made = one('half "无" full "≥5件" flow', words)
        assert (made.status, made.completion, made.light, made.actual) == ("not due", None, None, words)
    assert one('full "2024年11月底前"', "招标中").status == "not due"
    assert one('full "2024年11月底前"', "2024年5月3日").status == "reached"
    assert one('full "2024年5月底前"', "").status == "missing"
    assert one('full "2024年5月底前"', "2024年6月2日").gap == "2天"


def test_words_are_due_at_both_dates() -> None:
    assert one('full "健全"', "健全").status == "reached"
    assert one('half "健全" full "健全"', "较健全").status == "unjudged"
    assert one('full "健全"', "").status == "missing"


def test_a_number_without_target_and_kind_is_not_guessed() -> None:
    made = monitored('project "P" { year 2024 schedule months 甲 full "≥12场" }', row("甲", "6场"))
    assert the(made, "甲").status == "unjudged"
    assert codes(made) == ["M101"]
    assert not made.monitoring.complete


def test_what_cannot_be_divided_says_so() -> None:
    gone = monitored('project "P" { year 2024 schedule q1 20% full 100% 甲 full "≥12场" flow }', row("甲", "6场"))
    assert codes(gone) == ["M102"]
    table = 'project "P" { year 2024 schedule half 45% full 100% 甲 full "≥100件" flow }'
    assert codes(monitored(table, row("甲", "45件"), day=date(2024, 7, 31))) == ["M103"]
    assert one('full "=12场" exact flow', "6场").status == "unjudged"


def test_what_does_not_apply_is_left_out_and_missing_is_not_zero() -> None:
    assert one('half "≥5件" full "≥9件"', "不适用").status == "not applicable"
    made = one('half "≥5件" full "≥9件"', "")
    assert (made.status, made.completion, made.forecasts) == ("missing", None, ())


AMOUNTS = st.fractions(min_value=0, max_value=1000, max_denominator=1).map(int)


@given(AMOUNTS, AMOUNTS, st.integers(1, 999), st.sampled_from(["months", "days", "half 45% full 100%"]), st.booleans())
def test_more_of_what_is_better_never_lags_more(less: int, more: int, target: int, schedule: str, own: bool) -> None:
    less, more = sorted((less, more))
    clauses = f'{f"half {chr(34)}≥{target}件{chr(34)} " if own else ""}full "≥{target}件" flow'
    worse, better = one(clauses, f"{less}件", schedule=schedule), one(clauses, f"{more}件", schedule=schedule)
    assert worse.completion is not None and better.completion is not None
    assert worse.completion <= better.completion
    assert (worse.status, better.status) != ("reached", "lagging")
    assert worse.forecast is not None and better.forecast is not None
    assert worse.forecast.value <= better.forecast.value  # type: ignore[operator]


@given(
    AMOUNTS, st.integers(1, 999), st.sampled_from(["≥", "≤"]), st.sampled_from(["months", "days", "half 45% full 100%"])
)
def test_at_the_end_of_the_year_all_of_it_is_due(actual: int, target: int, sign: str, schedule: str) -> None:
    flow, stock = (
        one(f'full "{sign}{target}件" {kind}', f"{actual}件", schedule=schedule, period="full")
        for kind in ("flow", "stock")
    )
    assert (flow.status, flow.completion, flow.due) == (stock.status, stock.completion, stock.due)
    assert flow.basis == "full"
    assert flow.forecast is not None and flow.forecast.value == actual
    assert (
        monitored(
            f'project "P" {{ year 2024 schedule {schedule} 甲 full "≥1件" flow }}', period="full"
        ).monitoring.share
        == 1
    )


@given(AMOUNTS, st.integers(1, 999), st.integers(1, 999), st.sampled_from(["flow", "stock", ""]), st.integers(1, 12))
def test_the_target_of_the_period_wins_over_the_schedule(
    actual: int, half: int, full: int, kind: str, month: int
) -> None:
    made = one(f'half "≥{half}件" full "≥{full}件" {kind}', f"{actual}件", day=date(2024, month, 28))
    assert (made.basis, made.completion) == ("target", F(actual, half))
    assert made.status == ("reached" if actual >= half else "lagging")


@given(AMOUNTS, st.integers(1, 999), st.integers(1, 12))
def test_a_divided_target_judges_as_the_divided_number_would(actual: int, target: int, month: int) -> None:
    day = date(2024, month, 15)
    divided = one(f'full "≥{target}件" flow', f"{actual}件", period="full", day=day)
    due = F(target) * month / 12
    assert divided.completion == F(actual) / due
    assert divided.status == ("reached" if actual >= due else "lagging")


# ---- forecasts


def test_every_forecast_that_can_be_made_is_there_and_the_stated_one_counts() -> None:
    made = one('half "≥10件" full "≥24件" flow', "9件", extras=(("全年预计完成", "20件"),))
    assert [(x.method, x.value, x.reaches) for x in made.forecasts] == [
        ("stated", 20, False), ("plan", 23, False), ("rate", 18, False),
    ]  # fmt: skip
    assert [(x.method, x.value) for x in one('half "≥10件" full "≥24件"', "9件").forecasts] == [("plan", 23)]
    assert [(x.method, x.value) for x in one('half "≥10件" full "≥24件" stock', "9件").forecasts] == [("level", 9)]
    assert [(x.method, x.value) for x in one('half "序时进度" full "≥100%"', "60%").forecasts] == [("rate", F(6, 5))]
    assert one('half "健全" full "健全"', "健全").forecasts == ()


def test_a_forecast_takes_the_unit_of_its_heading_and_a_bad_one_is_said() -> None:
    made = one('half "≥1万元" full "≥3万元" higher flow', "2万元", extras=(("全年预计执行数（元）", "40000"),))
    assert made.forecast is not None and made.forecast.value == 40000
    wrong = monitored('project "P" { year 2024 schedule months 甲 half "≥1件" full "≥3件" flow }',
                      row("甲", "2件", extras=(("全年预计完成", "差不多"),)))  # fmt: skip
    assert codes(wrong) == ["M112"]
    assert wrong.found[0].message().startswith("全年预计完成：")


def test_contradictions_are_said() -> None:
    text = 'project "P" { year 2024 schedule months 甲 half "≥10件" full "≥24件" flow }'
    made = monitored(text, row("甲", "9件", explanation="缺人", extras=(("完成可能性", "确定能"),)))
    assert codes(made) == ["M131"]
    made = monitored(text, row("甲", "30件", extras=(("完成可能性", "完全不可能"),)))
    assert codes(made) == ["M131"]
    made = monitored(text, row("甲", "30件", extras=(("全年预计完成", "25件"),)))
    assert codes(made) == ["M134"]
    assert codes(monitored(text, row("甲", "9件"))) == ["M130"]
    assert codes(monitored(text, row("甲", "12件", extras=(("完成可能性", "大概"), ("原因类别", "人员、天气"))))) == [
        "M110",
        "M111",
    ]


@pytest.mark.parametrize(
    ("head", "text", "causes"),
    [
        ("经费保障", "√", (("funds", ""),)),
        ("硬件条件保障", "服务器老旧", (("equipment", "服务器老旧"),)),
        ("原因类别", "人员保障、经费", (("funds", ""), ("staff", ""))),
        (" 制 度 保障 ", "办法未出", (("rules", "办法未出"),)),
        ("其他", "", ()),
    ],
)
def test_causes_are_read_from_columns_of_their_own_or_from_one(head: str, text: str, causes: object) -> None:
    assert one('half "≥10件" full "≥24件" flow', "9件", extras=((head, text),)).remarks.causes == causes


# ---- money

FUNDS = """project "P" { year 2024 schedule months
  funds 万元 { income 拨款 full 100   spend 甲费 half 30 full 60 { 子一 half 10 full 20  子二 half 20 full 40  子三 }  spend 乙费 half 0 full 40 } }"""


def money(*rows: Row, text: str = FUNDS) -> tuple[dict[str, MoneyProgress], Monitored]:
    made = monitored(text, *rows)
    return {"/".join((x.side, *x.path)): x for x in made.monitoring.money}, made


def test_money_has_two_rates_and_a_parent_is_the_sum_of_its_parts() -> None:
    lines, _ = money(row("子一", "5"), row("子二", "20"), row("乙费", "0"))
    assert (lines["spend/甲费"].spent, lines["spend/甲费"].of_plan, lines["spend/甲费"].of_budget) == (
        250000,
        F(25, 30),
        F(25, 60),
    )
    assert (lines["spend"].of_plan, lines["spend"].of_budget, lines["spend"].status) == (F(25, 30), F(1, 4), "lagging")
    assert (lines["spend/乙费"].of_plan, lines["spend/乙费"].status) == (None, "not due")
    assert (lines["income"].planned, lines["income"].basis, lines["income"].status) == (500000, "schedule", "missing")
    assert lines["spend/甲费/子三"].status == "no target"


def test_a_part_that_is_missing_leaves_the_sum_unknown() -> None:
    lines, _ = money(row("子一", "5"), row("乙费", "0"))
    assert (lines["spend/甲费"].spent, lines["spend"].spent, lines["spend"].light) == (None, None, None)


def test_money_beyond_the_budget_or_the_plan_is_said() -> None:
    assert codes(money(row("甲费", "61"))[1]) == ["M132"]
    assert codes(money(row("乙费", "1"))[1]) == ["M133"]


LIT = """project "P" { year 2024 schedule months
  lights output { 绿 >= 90%  黄 >= 60%  otherwise 红 }
  funds 万元 { spend 甲费 half 30 full 60 }
  甲 half "≥100件" full "≥200件" }"""


@pytest.mark.parametrize(
    ("actual", "light"), [("90", "绿"), ("89.99", "黄"), ("60", "黄"), ("59.99", "红"), ("0", "红")]
)
def test_lights_go_by_their_limits_and_output_and_money_are_apart(actual: str, light: str) -> None:
    made = monitored(LIT, row("甲", actual), row("甲费", "1"))
    found = the(made, "甲").light
    assert found is not None and found.name == light
    assert all(line.light is None for line in made.monitoring.money)
    both = monitored(LIT.replace("lights output", "lights"), row("甲", actual), row("甲费", "30"))
    assert [line.light.name for line in both.monitoring.money if line.light] == ["绿", "绿"]


def test_without_limits_there_are_no_lights() -> None:
    made = monitored(FUNDS, row("甲费", "30"), row("乙费", "0")).monitoring
    assert (made.output_lights, made.money_lights) == ((), ())
    assert all(line.light is None for line in made.money)


# ---- lights in the language


def test_lights_of_the_object_stand_before_those_in_scope() -> None:
    text = """lights { 甲灯 >= 50%  otherwise 乙灯 }
      project "P" { lights money { 丙灯 >= 1%  otherwise 丁灯 }  甲 full "≥1件" }"""
    (plan,) = compiled(text).plans()
    assert {x.about: [band.name for band in x.bands] for x in plan.lights} == {
        "output": ["甲灯", "乙灯"],
        "money": ["丙灯", "丁灯"],
    }


@pytest.mark.parametrize(
    ("lights", "code"),
    [
        ("lights 进度 { 绿 >= 1%  otherwise 红 }", "M120"),
        ("lights { 绿 >= 90  otherwise 红 }", "M121"),
        ("lights { 绿 >= 90%  黄 < 90% and > 10% }", "M122"),
        ("lights { 绿 >= 60%  黄 >= 90%  otherwise 红 }", "M123"),
        ("lights { otherwise 红 }  lights { otherwise 绿 }", "M124"),
    ],
)
def test_what_is_wrong_with_lights_is_said(lights: str, code: str) -> None:
    assert [d.code for d in compiled(f'project "P" {{ {lights} 甲 full "≥1件" }}').found if d.code[0] == "M"] == [code]


@pytest.mark.parametrize("keywords", ["en", "zh", "keep"])
def test_lights_are_laid_out_and_mean_the_same_in_both_spellings(keywords: str) -> None:
    (plan,) = compiled(LIT).plans()
    file, _ = parse(Source("规则.perf", LIT))
    text = format_file(file, keywords)
    assert format_file(parse(Source("规则.perf", text))[0], keywords) == text
    (again,) = compiled(text).plans()
    assert again.lights == plan.lights
    assert plan_json.loads(plan_json.dumps([plan]))[0].lights == plan.lights


# ---- all of it


def no_float(value: object) -> None:
    assert not isinstance(value, float), value
    if isinstance(value, tuple):
        for inner in value:
            no_float(inner)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            no_float(getattr(value, field.name))


HALF_YEAR = [("甲", "不到一半"), ("支出", "12.3456789"), ("子一", "1/3")]


@given(st.fractions(0, 100), st.sampled_from(["months", "days", "half 33.3% full 100%"]))
def test_no_number_is_a_float(spent: Fraction, schedule: str) -> None:
    text = (
        LIT.replace("schedule months", f"schedule {schedule}")
        .replace('half "≥100件" ', "")
        .replace('200件"', '200件" flow')
    )
    digits = f"{spent.numerator // spent.denominator}.{spent.denominator % 97}"
    made: Monitoring = monitored(text, row("甲", digits), row("甲费", digits)).monitoring
    no_float(made)


EVERY = sorted(EXAMPLES.glob("*/*.perf")) + sorted((EXAMPLES / "profiles").glob("*/*.perf"))


@pytest.mark.parametrize("rules", EVERY, ids=lambda path: path.stem)
@pytest.mark.parametrize("period", ["half", "full"])
def test_every_worked_document_is_monitored(rules: Path, period: str) -> None:
    own = rules.with_name(f"{rules.stem}-虚构.csv")
    data = own if own.exists() else next(iter(sorted(rules.parent.glob("*.csv"))), None)
    if data is None:
        pytest.skip("no actuals beside the rules")
    done = run("monitor", rules, "--actuals", data, "--period", period, "--format", "json")
    assert done.exit_code in (0, 1), done.output
    if not done.stdout.strip():
        assert "现行办法" in rules.stem  # written with its defects: it does not compile
        return
    made = json.loads(done.stdout)
    SCHEMA.validate(made)
    for one_object in made["objects"]:
        assert sum(one_object["counts"].values()) == len(one_object["indicators"]) > 0


# half-year actuals of the twelve projects, invented: everything planned is spent, words and counts as their half-year targets
SUZHOU = sorted((EXAMPLES / "suzhou-2024-projects").glob("*.perf"))


@pytest.mark.parametrize("rules", SUZHOU, ids=lambda path: path.stem)
def test_a_project_that_does_what_its_half_year_asks_is_on_schedule(rules: Path) -> None:
    (plan,) = compiled(rules.read_text("utf-8")).plans()
    rows = []
    for made in plan.indicators:
        target = next((x.target.text for x in made.targets if x.period == "half"), "")
        rows.append(row(made.path[-1], "50%" if target == "序时进度" else target.lstrip("≥≤=")))
    for line in plan.funds[0].lines:
        planned = dict(line.amounts).get("half")
        if planned is not None:
            rows.append(row(f"支出/{'/'.join(line.path)}", f"{planned}元"))
    (done,) = monitor([(plan, rows)], "half", date(2024, 6, 30))
    assert {x.status for x in done.monitoring.indicators} <= {"reached", "not due", "missing", "unjudged"}
    bare = [x.path[-1] for x in done.monitoring.indicators if x.status == "missing"]
    assert bare == [i.path[-1] for i in plan.indicators if not any(x.period == "half" for x in i.targets)]
    whole = done.monitoring.whole("spend")
    assert whole is not None and whole.spent == whole.planned


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_nothing_is_wider_than_the_page(lang: str, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("PERFDSL_LANG", lang)
    lines = run("monitor", RULES, "--actuals", DATA).stdout.splitlines()
    assert any("on schedule" in line.lower() for line in lines) == (lang == "en")
    assert max(map(width, lines)) <= columns
    assert not any(line != line.rstrip() for line in lines)


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    data = tmp_path / "数据.csv"
    data.write_text("指标,实际值,单位,人员保障\n受理工单,9,万件,\x1b[31m红\x07\n", "utf-8")
    done = run("monitor", RULES, "--actuals", data)
    assert "红" in done.stdout
    assert "\x1b" not in done.stdout and "\x07" not in done.stdout


# ---- the command


def test_a_report_is_not_written_over_a_file_that_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")  # as wide as a file
    target = tmp_path / "监控.txt"
    first = run("monitor", RULES, "--actuals", DATA, "-o", target)
    assert first.exit_code == 0 and target.read_text("utf-8") == first.stdout
    target.write_text("别的", "utf-8")
    again = run("monitor", RULES, "--actuals", DATA, "-o", target)
    assert again.exit_code == 2 and "--force" in again.output and target.read_text("utf-8") == "别的"
    assert run("monitor", RULES, "--actuals", DATA, "-o", target, "--force").exit_code == 0
    assert target.read_text("utf-8") == first.stdout
    assert run("monitor", RULES, "--actuals", DATA, "-o", DATA, "--force").exit_code == 2
    assert run("monitor", RULES, "--actuals", DATA, "-o", tmp_path / "监控.doc").exit_code == 2


def test_a_cycle_cannot_be_monitored_and_missing_values_are_no_success(tmp_path: Path) -> None:
    assert run("monitor", RULES, "--actuals", DATA, "--period", "cycle").exit_code == 2
    data = tmp_path / "数据.csv"
    data.write_text("指标,实际值\n受理工单,12万件\n", "utf-8")
    assert run("monitor", RULES, "--actuals", data).exit_code == 1


def test_a_compiled_plan_is_monitored_like_its_rules(tmp_path: Path) -> None:
    plan = tmp_path / "方案.json"
    assert run("compile", RULES, "-o", plan).exit_code == 0
    texts = [run("monitor", file, "--actuals", DATA).stdout for file in (RULES, plan)]
    assert texts[0] == texts[1]


def test_several_objects_begin_with_those_most_behind(tmp_path: Path) -> None:
    rules, data = tmp_path / "规则.perf", tmp_path / "数据.csv"
    rules.write_text('project "P" { year 2024 schedule months 甲 half "≥10件" full "≥20件" }', "utf-8")
    data.write_text("对象,指标,实际值,偏差原因\n东区,甲,10件,\n西区,甲,9件,缺人\n", "utf-8")
    lines = run("monitor", rules, "--actuals", data).stdout.splitlines()
    assert lines[0].startswith("── 2 个对象")
    assert [line.split()[0] for line in lines[2:4]] == ["西区", "东区"]


# ---- the form


def cells_of(path: Path, head: str = "三级指标") -> dict[str, dict[str, str]]:
    """Every row of the table of a Markdown form by the name of its indicator, under its headings."""
    lines = [[cell.strip() for cell in line.strip("|\n").split(" | ")] for line in path.read_text("utf-8").splitlines()]
    first = next(at for at, line in enumerate(lines) if head in line)
    names = [low or high for high, low in zip(lines[first], lines[first + 2], strict=True)]
    made: dict[str, dict[str, str]] = {}
    for line in lines[first + 3 :]:
        if len(line) == len(names):
            row = dict(zip(names, line, strict=True))
            made[next(x for x in (row["三级指标"], row["二级指标"], row["一级指标"]) if x)] = row
    return made


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("监控表")
    names = [folder / f"监控表.{suffix}" for suffix in ("md", "html", "xlsx", "docx", "pdf")]
    done = run("monitor", RULES, "--actuals", DATA, *(word for name in names for word in ("-o", name)))
    assert done.exit_code == 0, done.output
    assert all(name.stat().st_size for name in names)
    return folder


def test_the_form_has_forecast_causes_likelihood_and_verdict_where_they_are_known(papers: Path) -> None:
    rows = cells_of(papers / "监控表.md")
    known = {name: {head: text for head, text in row.items() if text} for name, row in rows.items()}
    orders, entries, late = known["受理工单"], known["知识库条目"], known["系统升级"]
    assert (orders["1—6月执行情况"], orders["全年预计完成情况"]) == ("9万件", "23万件（按计划）")
    assert (orders["人员保障"], orders["有可能"]) == ("座席缺编6人", "√")
    assert orders["备注"] == "本期指标值≥10万件，完成应完成的90%，差1万件，黄灯"
    assert not {"经费保障", "制度保障", "硬件条件保障", "其他", "原因说明", "确定能", "完全不可能"} & set(orders)
    assert (entries["人员保障"], entries["全年预计完成情况"]) == ("√", "4600条（按现状）")
    assert (late["制度保障"], late["备注"]) == ("招标流标一次", "期限2024年5月底前，迟10天，红灯")
    assert known["业务培训"]["全年预计完成情况"] == "12场"  # as stated: no method beside it
    assert known["培训考核成绩"]["备注"] == "本期指标值是“无”，还没有到期"
    for name in ("管理制度健全性", "培训考核成绩", "系统升级", "年度报告"):
        assert "全年预计完成情况" not in known[name]  # nothing stated, nothing to reckon from


def test_the_form_has_the_money_to_date_and_says_where_all_stands(papers: Path) -> None:
    text = (papers / "监控表.md").read_text("utf-8")
    line = next(line for line in text.splitlines() if "年度资金总额" in line)
    assert [cell.strip() for cell in line.split("|") if cell.strip()] == ["年度资金总额", "250", "89", "35.6%", "240"]
    source = next(line for line in text.splitlines() if "其中：财政拨款" in line)
    assert [cell.strip() for cell in source.split("|") if cell.strip()] == [
        "其中：财政拨款", "250", "125", "50%", "250（按进度）",
    ]  # fmt: skip
    for said in (
        "截至 2024-06-30，序时进度 50%（按月）",
        "滞后 5，达到进度 5，未到期 2",
        "完成89%；全年预算250万元，执行35.6%。黄灯",
    ):
        assert said in text


def test_what_is_not_known_stays_blank(tmp_path: Path) -> None:
    rules, data, form = tmp_path / "规则.perf", tmp_path / "数据.csv", tmp_path / "表.md"
    rules.write_text(
        'project "P" { year 2024 schedule months 甲 half "≥10件" full "≥20件" 乙 half "≥1件" full "≥2件" }', "utf-8"
    )
    data.write_text("指标,实际值\n甲,\n", "utf-8")
    assert run("monitor", rules, "--actuals", data, "-o", form).exit_code == 1  # nothing is filled in
    row = cells_of(form)["甲"]
    assert {head: text for head, text in row.items() if text} == {
        "一级指标": "甲",
        "年度指标值": "≥20件",
        "备注": "没有完成值",
    }


@pytest.mark.parametrize(
    ("words", "head"),
    [(("--period", "half"), "1—6月"), (("--as-of", "2024-07-31"), "1—7月"), (("--period", "full", "--as-of", "2024-01-31"), "1月"),
     (("--period", "q3"), "1—9月"), (("--as-of", "2024-02-28"), "1月1日—2月28日"), (("--as-of", "2024-02-29"), "1—2月")],
)  # fmt: skip
def test_the_form_names_the_months_it_is_about(words: tuple[str, ...], head: str, tmp_path: Path) -> None:
    form = tmp_path / "表.md"
    run("monitor", RULES, "--actuals", DATA, *words, "-o", form)
    assert f"| {head}执行情况 |" in form.read_text("utf-8")


@pytest.mark.parametrize("suffix", ["xlsx", "docx", "html", "pdf"])
def test_the_form_is_imported_with_what_the_unit_said(papers: Path, suffix: str, tmp_path: Path) -> None:
    """Actuals, stated forecasts, likelihoods and causes come back; forecasts that were reckoned are not taken as stated."""
    done = run("import", papers / f"监控表.{suffix}", "-o", tmp_path)
    assert done.exit_code == 0, done.output
    (data,) = tmp_path.glob("*.csv")
    again = json.loads(run("monitor", RULES, "--actuals", _without_money(data), "--format", "json").stdout)["objects"][
        0
    ]
    first = json.loads(run("monitor", RULES, "--actuals", DATA, "--format", "json").stdout)["objects"][0]
    keys = ("path", "actual", "status", "completion", "likelihood", "causes", "explanation")
    assert _kept(again, keys) == _kept(first, keys)
    stated = {"/".join(x["path"]): _stated(x) for x in first["indicators"]}
    assert {"/".join(x["path"]): _stated(x) for x in again["indicators"]} == stated


def _without_money(data: Path) -> Path:
    """The form has no lines of spending: those come from the data the example has."""
    lines = [line for line in data.read_text("utf-8").splitlines() if not line.startswith("支出/")]
    own = [line.split(",") for line in DATA.read_text("utf-8").splitlines()]
    heads = lines[0].split(",")
    for line in own[1:]:
        row = dict(zip(own[0], line, strict=True))
        if row["指标"] in ("座席服务", "系统维护", "宣传印刷"):
            lines.append(",".join(row.get(head, "") for head in heads))
    data.write_text("\n".join(lines) + "\n", "utf-8")
    return data


def _kept(made: Any, keys: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{key: row[key] for key in keys} for row in made["indicators"] if row["path"][-1] != "预算执行率"]


def _stated(row: Any) -> str | None:
    return next((x["value"] for x in row["forecasts"] if x["method"] == "stated"), None)


# ---- the day


@given(st.dates(date(2023, 1, 1), date(2024, 12, 31)), AMOUNTS)
def test_by_days_the_share_is_the_day_of_the_year(day: date, actual: int) -> None:
    year = 366 if day.year == 2024 else 365
    text = f'project "P" {{ year {day.year} schedule days 甲 full "≥{year}件" flow }}'
    made = monitored(text, row("甲", f"{actual}件"), period="full", day=day)
    gone = (day - date(day.year, 1, 1)).days + 1
    assert made.monitoring.share == F(gone, year)
    assert the(made, "甲").status == ("reached" if actual >= gone else "lagging")
    assert the(made, "甲").completion == F(actual, gone)


@given(AMOUNTS, st.integers(1, 999), st.sampled_from(["≥", "≤", ">", "<"]), st.integers(1, 11))
def test_a_flow_on_schedule_is_one_whose_rate_meets_the_year(actual: int, target: int, sign: str, month: int) -> None:
    made = one(f'full "{sign}{target}件" flow', f"{actual}件", period="full", day=date(2024, month, 15))
    (best,) = made.forecasts
    assert best.method == "rate" and best.value == F(actual) * 12 / month
    assert best.reaches is (made.status == "reached")


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.sampled_from(["≥", "≤"]))
def test_the_unit_an_actual_is_written_in_changes_nothing(actual: int, target: int, sign: str) -> None:
    clauses = f'half "{sign}{target}件" full "{sign}{2 * target}件" flow'
    plain, scaled = one(clauses, f"{actual}件"), one(clauses, f"{actual // 10000}.{actual % 10000:04}万件")
    assert (plain.status, plain.completion, plain.value) == (scaled.status, scaled.completion, scaled.value)
    assert [(x.method, x.value, x.reaches) for x in plain.forecasts] == [
        (x.method, x.value, x.reaches) for x in scaled.forecasts
    ]


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.none() | st.integers(0, 99)), min_size=1, max_size=5)
)
def test_the_whole_of_the_money_is_the_sum_of_its_lines(lines: list[tuple[int, int, int | None]]) -> None:
    said = " ".join(f"spend 甲{at} half {half} full {half + more}" for at, (half, more, _) in enumerate(lines))
    rows = [row(f"甲{at}", str(spent)) for at, (_, _, spent) in enumerate(lines) if spent is not None]
    found, made = money(*rows, text=f'project "P" {{ year 2024 funds 万元 {{ {said} }} }}')
    whole = found["spend"]
    every = [spent for _, _, spent in lines]
    planned, budget = sum(half for half, _, _ in lines), sum(half + more for half, more, _ in lines)
    assert (whole.planned, whole.budget) == (planned * 10000, budget * 10000)
    if None in every:
        assert (whole.spent, whole.of_plan, whole.of_budget, whole.forecasts) == (None, None, None, ())
        return
    spent = sum(x for x in every if x is not None)
    assert whole.spent == spent * 10000
    assert whole.of_plan == (F(spent, planned) if planned else None)
    assert whole.of_budget == (F(spent, budget) if budget else None)
    assert {x.method: x.value for x in whole.forecasts} == {
        "plan": (spent + budget - planned) * 10000, "rate": spent * 20000,
    }  # fmt: skip
    no_float(made.monitoring)


LIKELY = st.sampled_from(["", "确定能", "有可能", "完全不可能"])
SAID = st.dictionaries(
    st.sampled_from(["经费保障", "制度保障", "人员保障", "硬件条件保障", "其他"]),
    st.sampled_from(["√", "缺人", "未到位"]),
)


@given(st.none() | st.integers(0, 99), LIKELY, SAID, st.none() | st.integers(0, 99))
def test_the_form_prints_what_is_said_and_invents_nothing(
    actual: int | None, likely: str, causes: dict[str, str], year: int | None
) -> None:
    extras = [("完成可能性", likely), *causes.items(), ("全年预计完成", "" if year is None else f"{year}件")]
    text = 'project "P" { year 2024 schedule months 甲 half "≥10件" full "≥24件" flow }'
    made = monitored(text, row("甲", "" if actual is None else f"{actual}件", extras=tuple(extras)))
    cells = {head: said for head, said in monitor_form(made.monitoring).cells["甲",].items() if said}
    assert {head: said for head, said in cells.items() if head in ("确定能", "有可能", "完全不可能")} == (
        {likely: "√"} if likely else {}
    )
    assert {head: said for head, said in cells.items() if head in WORDS} == causes
    assert cells.get("完成值", "") == ("" if actual is None else f"{actual}件")
    if year is not None:
        assert cells["全年预计"] == f"{year}件"
    elif actual is not None:
        assert cells["全年预计"] == f"{actual + 14}件（按计划）"
    else:
        assert "全年预计" not in cells


WORDS = ("经费保障", "制度保障", "人员保障", "硬件条件保障", "其他")


def test_a_day_outside_the_year_is_refused() -> None:
    for day in ("2023-07-31", "2025-01-01"):
        done = run("monitor", RULES, "--actuals", DATA, "--as-of", day)
        assert done.exit_code == 1 and "M104" in done.output and "━" not in done.output
    for day in ("2024-01-01", "2024-12-31"):
        assert "M104" not in run("monitor", RULES, "--actuals", DATA, "--as-of", day).output
    assert run("monitor", RULES, "--actuals", DATA, "--as-of", "2023-02-29").exit_code == 2  # no day at all


def test_a_day_off_the_end_of_the_period_is_said_and_nothing_is_forecast_by_the_plan() -> None:
    text = 'project "P" { year 2024 schedule months 甲 half "≥10件" full "≥24件" flow  funds 万元 { spend 乙 half 5 full 9 } }'
    rows = row("甲", "12件"), row("乙", "6")
    july = monitored(text, *rows, day=date(2024, 7, 31))
    assert codes(july) == ["M105"]
    assert the(july, "甲").basis == "target" and the(july, "甲").completion == F(12, 10)
    ways = [x.method for x in (*the(july, "甲").forecasts, *july.monitoring.money[0].forecasts)]
    assert ways == ["rate", "rate"]
    for day in (None, date(2024, 6, 30)):
        june = monitored(text, *rows, day=day)
        assert codes(june) == [] and the(june, "甲").forecasts[0].method == "plan"
    assert (
        codes(
            monitored(
                'project "P" { year 2024 schedule months 甲 full "≥12件" flow }',
                row("甲", "7件"),
                day=date(2024, 7, 31),
            )
        )
        == []
    )
    assert codes(monitored(text, *rows, period="full", day=date(2024, 7, 31))) == ["M130"]  # 24 × 7/12 = 14


def test_without_a_year_or_a_day_nobody_knows_what_is_due() -> None:
    text = 'project "P" { 甲 full "2024年5月底前" }'
    open_, done, late = (monitored(text, row("甲", said)) for said in ("招标中", "2024年5月3日", "2024年6月2日"))
    assert (the(open_, "甲").status, codes(open_)) == ("unjudged", ["M106"])
    assert the(open_, "甲").reason_zh == "期限2024年5月底前，不知道到期没有；现在招标中"
    assert (the(done, "甲").status, codes(done)) == ("reached", [])
    assert (the(late, "甲").status, the(late, "甲").gap) == ("lagging", "2天")
    assert the(monitored(text, row("甲", ""), day=date(2024, 5, 30)), "甲").status == "not due"
    assert the(monitored(text, row("甲", ""), day=date(2024, 6, 1)), "甲").status == "missing"


@pytest.mark.parametrize(
    ("clauses", "actual", "end"),
    [
        ('half "≥10件" full "≥24件"', "9件", "完成应完成的90%，差1件"),
        ('full "≤100万元" flow', "60万元", "应控制在≤50万元（全年≤100万元 × 50%），完成率83.33%，超10万元"),
        ('half "≤0件" full "≤0件"', "1件", "完成率0%，超1件"),
        ('half "=10件" full "=24件" exact', "12件", "超2件"),
        ('half "=10件" full "=24件" exact', "8件", "差2件"),
        ('full "80%-90%" stock', "95%", "超5个百分点"),
        ('full "80%-90%" stock', "70%", "差10个百分点"),
    ],
)
def test_more_than_a_limit_is_over_and_less_than_a_target_is_short(clauses: str, actual: str, end: str) -> None:
    assert one(clauses, actual).reason_zh.endswith(end)


@pytest.mark.parametrize("table", ["half 110%", "half 60% full 50%", "half 40% half 50%", "q3 50% q1 60%"])
def test_a_schedule_that_goes_back_or_beyond_the_year_is_refused(table: str) -> None:
    assert [
        d.code for d in compiled(f'project "P" {{ schedule {table} 甲 full "≥1件" }}').found if d.code == "M125"
    ] == ["M125"]


def test_a_schedule_may_be_complete_early_and_nothing_is_due_at_zero() -> None:
    made = one('full "≥12件" flow', "2件", schedule="q1 0% half 0% q3 100% full 100%")
    assert (made.status, made.reason_zh) == ("not due", "序时进度是0，还没有到期；现在2件")
    assert one('full "≥12件" flow', "2件", schedule="q1 0% half 100% full 100%").basis == "full"


def test_a_filled_sheet_with_the_columns_of_monitoring_beside_it_is_read(tmp_path: Path) -> None:
    sheet = tmp_path / "填报.xlsx"
    assert run("template", RULES, "--period", "half", "-o", sheet).exit_code == 0
    book = openpyxl.load_workbook(sheet)
    page = book["填报"]
    heads = [cell.value for cell in page[3]]
    for at, head in enumerate(("全年预计完成", "完成可能性", "人员保障"), len(heads) + 1):
        page.cell(3, at, head)
    typed = {
        "业务培训": (4, "12场", "确定能", "缺人"),
        "系统升级": ("招标中", None, "有可能", None),
        "培训考核成绩": ("无", None, None, None),
    }
    for line in page.iter_rows(min_row=4):
        values = typed.get(line[heads.index("指标")].value)
        if values is not None:
            page.cell(line[0].row, heads.index("实际值") + 1, values[0])
            for at, text in enumerate(values[1:], len(heads) + 1):
                page.cell(line[0].row, at, text)
    book.save(sheet)
    done = run("monitor", RULES, "--actuals", sheet, "--format", "json", "--as-of", "2024-05-30")
    made = json.loads(done.stdout)
    rows = {x["path"][-1]: x for x in made["objects"][0]["indicators"]}
    assert (rows["业务培训"]["actual"], rows["业务培训"]["forecasts"][0]["method"]) == ("4场", "stated")
    assert (rows["业务培训"]["likelihood"], rows["业务培训"]["causes"]) == (
        "certain",
        [{"cause": "staff", "text": "缺人"}],
    )
    assert (rows["系统升级"]["status"], rows["系统升级"]["likelihood"]) == ("not due", "possible")
    assert rows["培训考核成绩"]["status"] == "not due"
    assert not [x for x in made["findings"] if x["code"] in ("A108", "A154", "A155")]


@pytest.mark.parametrize(("kind", "word"), [("project", "项目"), ("department", "部门整体"), ("policy", "政策")])
def test_the_title_of_the_form_says_what_is_monitored(kind: str, word: str, tmp_path: Path) -> None:
    rules, data, form = tmp_path / "规则.perf", tmp_path / "数据.csv", tmp_path / "表.md"
    rules.write_text(f'{kind} "P" {{ year 2024 schedule months 甲 half "≥10件" full "≥20件" }}', "utf-8")
    data.write_text("指标,实际值\n甲,10件\n", "utf-8")
    assert run("monitor", rules, "--actuals", data, "-o", form).exit_code == 0
    assert form.read_text("utf-8").splitlines()[0] == f"# {word}支出绩效运行监控表"
