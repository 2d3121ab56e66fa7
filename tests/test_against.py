"""``score --against`` as people meet it: what it may be set against, what is printed, exit codes, bad input."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from test_attribute_laws import FEW, explained, pairs, side

from perfdsl.attribute import Side, attribute
from perfdsl.cli.main import perfdsl
from perfdsl.comparison import HIDDEN
from perfdsl.reports import Style, members
from perfdsl.saved import NotReport, read_report
from perfdsl.width import width

EXAMPLES = Path(__file__).parent.parent / "examples"
SUZHOU = EXAMPLES / "suzhou-2024-projects"
RULES = """project "甲" {
  year 2024
  total 10
  次数 half "≥2次" full "≥4次" points 6 by { completion >= 100% -> 100%   otherwise -> completion }
  质量 half "≥80%" full "≥90%" points 4 by { >= 90% -> 4   >= 80% -> 3   otherwise -> 1 }
}
"""
NOW, LAST = "指标,实际值\n次数,3次\n质量,91%\n", "指标,实际值\n次数,4次\n质量,85%\n"


def run(*words: object) -> Result:
    return CliRunner().invoke(perfdsl, [str(word) for word in words], prog_name="perfdsl")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("规则.perf", RULES), ("今.csv", NOW), ("去.csv", LAST)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def compared(*words: object) -> dict:
    result = run("score", "规则.perf", "--actuals", "今.csv", *words, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["comparison"]


def amounts(made: dict) -> dict[str, str]:
    return {x["path"][-1]: x["amount"] for x in made["changes"]}


def causes(made: dict, name: str) -> dict[tuple[str, ...], str]:
    row = next(x for x in made["changes"] if x["path"][-1] == name)
    return {tuple(x["kinds"]): x["amount"] for x in row["causes"]}


# ---- what it may be set against


def test_other_actuals_of_the_same_rules(here: Path) -> None:
    made = compared("--against", "去.csv")
    assert (made["difference"], amounts(made)) == ("-0.5", {"次数": "-1.5", "质量": "1"})
    assert causes(made, "质量") == {("actual",): "1"}
    facts = {x["name"]: (x["before"], x["after"]) for x in made["changes"][1]["facts"]}
    assert facts["actual"] == ("85%", "91%") and facts["case"] == ("2", "1")


def test_another_period_of_the_same_data(here: Path) -> None:
    made = compared("--against-period", "半年")
    assert (made["before"]["period"], made["after"]["period"]) == ("half", "full")
    assert causes(made, "次数") == {("target",): "-1.5"}


def test_a_saved_report_gives_the_same_rows_and_total(here: Path) -> None:
    assert run("score", "规则.perf", "--actuals", "去.csv", "-o", "去.json").exit_code == 0
    first, second = compared("--against", "去.csv"), compared("--against", "去.json")
    assert amounts(first) == amounts(second)
    assert second["before"]["source"] == "去.json"


def test_other_rules_with_their_own_data_or_with_these(here: Path) -> None:
    old = (
        RULES.replace("≥4次", "≥3次")
        .replace("points 6", "points 5")
        .replace("points 4", "points 5")
        .replace("-> 4", "-> 5")
    )
    (here / "旧.perf").write_text(old.replace('"甲"', '"甲（2023）"'), encoding="utf-8")
    with_these, with_own = compared("--against", "旧.perf"), compared("--against", "旧.perf", "--against", "去.csv")
    assert causes(with_these, "次数") == {("target",): "-1.375", ("points",): "0.875"}
    assert causes(with_own, "次数").keys() == {("target",), ("points",), ("actual",)}
    assert run("compile", "旧.perf", "-o", "旧.json").exit_code == 0
    from_plan = compared("--against", "旧.json", "--against", "去.csv")
    assert from_plan["changes"] == with_own["changes"]


def test_data_of_this_year_under_rules_that_lack_a_row_is_no_mistake(here: Path) -> None:
    (here / "旧.perf").write_text(RULES.replace("total 10", "").replace("次数 half", "# 次数 half"), encoding="utf-8")
    result = run("score", "规则.perf", "--actuals", "今.csv", "--against", "旧.perf", "--format", "json")
    assert result.exit_code == 0
    card = json.loads(result.stdout)
    assert {d["code"] for d in card["findings"]} == {"E153"}
    assert {x["path"][-1]: x["state"] for x in card["comparison"]["changes"]} == {"次数": "added"}


def test_another_object_of_the_same_data(here: Path) -> None:
    (here / "规则.perf").write_text(RULES + RULES.replace('"甲"', '"乙"'), encoding="utf-8")
    both = "对象,指标,实际值\n甲,次数,3次\n甲,质量,91%\n乙,次数,4次\n乙,质量,91%\n"
    (here / "今.csv").write_text(both, encoding="utf-8")
    made = compared("--object", "甲", "--against-object", "乙")
    assert (made["before"]["object"], made["after"]["object"], made["difference"]) == ("乙", "甲", "-1.5")


# ---- the official documents


def test_two_projects_of_suzhou_are_compared_by_what_they_met() -> None:
    one, other = sorted(SUZHOU.glob("02*")), sorted(SUZHOU.glob("03*"))
    result = run("score", one[1], "--actuals", one[0], "--against", other[1], "--against", other[0])
    assert "达标 16/17 → 14/14" in result.stdout
    assert "完成值 91.2% → 100%    判定 未达标 → 达标" in result.stdout
    assert "总分" not in result.stdout


def test_jingmen_half_met_more_has_no_total(here: Path) -> None:
    folder = EXAMPLES / "jingmen-2024"
    rules, data = next(folder.glob("*.perf")), folder / "actuals.csv"
    better = data.read_text("utf-8").replace("坐席人员服务满意率,99%", "坐席人员服务满意率,100%")
    (here / "好.csv").write_text(better, encoding="utf-8")
    card = json.loads(run("score", rules, "--actuals", data, "--against", "好.csv", "--format", "json").stdout)
    made = card["comparison"]
    assert (made["difference"], made["before"]["met"], made["after"]["met"]) == (None, 6, 5)
    assert [x["path"][-1] for x in made["changes"]] == ["坐席人员服务满意率"]


def test_nanjing_lost_points_are_ranked(here: Path) -> None:
    folder = EXAMPLES / "nanjing-2024"
    rules, data = next(folder.glob("*.perf")), folder / "actuals.csv"
    text = (
        data.read_text("utf-8").replace("部分开展,0.5", "全部开展,").replace("95.04%", "88%").replace("96.83%", "89%")
    )
    (here / "去年.csv").write_text(text, encoding="utf-8")
    made = json.loads(run("score", rules, "--actuals", data, "--against", "去年.csv", "--format", "json").stdout)[
        "comparison"
    ]
    assert list(amounts(made).items()) == [
        ("服务对象对热线工作的满意度", "10"),
        ("预算编制科学规范", "1"),
        ("工作开展情况", "-0.5"),
    ]
    assert made["difference"] == made["explained"] == "10.5"


WHOLE = """project "P" {
  total 100 up to 103
  input 一票 values 是, 否
  input 总数 : 件 values 1 ..
  input 已办 : 件
  ceiling 一票 = "是" -> 60
  率 = 已办 / 总数 full "≥90%" points 40 by { completion >= 100% -> 100%   otherwise -> completion }
  评 full "好" points 60 by { "好" -> 80% .. 100%   otherwise -> 0 .. 60% }
  加分 bonus 0 .. 5 { 奖 by sum { "奖" -> 3 } }
}
"""


def test_what_a_row_is_worked_out_from_reviews_limits_and_ceilings_are_causes_of_their_own() -> None:
    same = [("总数", "100", {})]
    before = side(
        WHOLE, [*same, ("已办", "90", {}), ("评", "好", {"mark": "60"}), ("一票", "否", {}), ("奖", "奖", {})]
    )
    review = {"mark": "50", "override": "55", "explanation": "核实"}
    after = side(
        WHOLE, [*same, ("已办", "81", {}), ("评", "好", review), ("一票", "是", {}), ("奖", "奖", {"times": "2"})]
    )
    made, found = attribute(before, after)
    assert (before.card.total, after.card.total, made.difference, found) == (103, 60, -43, [])
    assert {x.path[-1]: [(c.kinds, c.amount) for c in x.causes] for x in made.changes} == {
        "评": [(("review",), -5)], "率": [(("inputs",), -4)], "奖": [(("actual",), 2)],
    }  # fmt: skip
    assert [(x.path, x.kind, x.amount) for x in made.shifts] == [((), "ceiling", -36)]
    facts = {(x.path[-1], f.name): (f.before, f.after) for x in made.changes for f in x.facts}
    assert facts["率", "uses"] == ("", "已办")
    assert facts["奖", "actual"] == ("奖", "奖×2")


def test_what_no_longer_applies_answers_for_what_its_points_bring_elsewhere() -> None:
    text = """project "P" { not_applicable rescale
      组 points 10 by { met -> 100%   otherwise -> 0 } { 甲 full "≥1件" points 6  乙 full "≥1件" points 4 } }"""
    before = side(text, [("甲", "1件", {}), ("乙", "0件", {})])
    after = side(text, [("甲", "1件", {}), ("乙", "不适用", {})])
    made, _ = attribute(before, after)
    assert [(x.path[-1], x.amount, [c.kinds for c in x.causes]) for x in made.changes] == [("乙", 4, [("applicable",)])]
    assert made.shifts == ()


# ---- bad input and exit codes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--against", "没有.csv"], "没有.csv"),
        (["--against-object", "丙"], "没有叫“丙”的对象可比；有：甲"),
        (["--against-period", "明年"], "明年"),
        (["--against", "坏.json"], "坏.json"),
        (["--against", "规则.perf", "--against", "规则.perf", "--against", "规则.perf"], "至多一套规则"),
        (["--against", "去.csv", "-o", "去.csv"], "去.csv"),
    ],
)
def test_what_cannot_be_compared_ends_with_2_and_one_sentence(here: Path, words: list[str], said: str) -> None:
    (here / "坏.json").write_text('{"total": "1", "indicators": [{"path": []}]}', encoding="utf-8")
    result = run("score", "规则.perf", "--actuals", "今.csv", *words)
    assert result.exit_code == 2
    assert said in result.output
    assert (here / "去.csv").read_text("utf-8") == LAST


def test_an_open_other_side_makes_the_difference_a_range_and_ends_with_1(here: Path) -> None:
    (here / "去.csv").write_text("指标,实际值\n次数,4次\n", encoding="utf-8")
    result = run("score", "规则.perf", "--actuals", "今.csv", "--against", "去.csv")
    assert result.exit_code == 1
    assert "差 -1.5 … +1.5" in result.stdout
    assert "已经能定的合计 -1.5；还定不下来：质量" in result.stdout


def test_mistakes_of_the_other_side_are_listed(here: Path) -> None:
    (here / "去.csv").write_text(LAST + "没有这一行,1\n", encoding="utf-8")
    result = run("score", "规则.perf", "--actuals", "今.csv", "--against", "去.csv")
    assert result.exit_code == 1
    assert "A101" in result.stdout and "去.csv:4" in result.stdout


def test_rules_of_the_other_side_that_do_not_compile_are_shown(here: Path) -> None:
    (here / "旧.perf").write_text("project {", encoding="utf-8")
    result = run("score", "规则.perf", "--actuals", "今.csv", "--against", "旧.perf")
    assert result.exit_code == 1
    assert "旧.perf" in result.output


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [40, 60, 100])
def test_nothing_printed_is_wider_than_the_page(
    here: Path, lang: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("PERFDSL_LANG", lang)
    result = run("score", "规则.perf", "--actuals", "今.csv", "--against", "去.csv")
    assert max(map(width, result.stdout.splitlines())) <= columns
    assert ("compared with" if lang == "en" else "相比") in result.stdout


# ---- saved reports


def saved(side: Side) -> Side:
    """A side as its report alone tells it."""
    text = next(m for m in members() if m.NAME == "json").render([side.card], (), Style()).decode()
    (card,) = read_report(text)
    return Side(card)


@FEW
@given(pairs())
def test_a_saved_report_explains_the_same_difference_row_by_row(pair) -> None:
    full, least = attribute(*pair)[0], attribute(saved(pair[0]), pair[1])[0]
    assert least.difference == full.difference
    amounts, told = ({x.path: x.amount for x in made.changes if x.amount} for made in (least, full))
    assert amounts == told
    assert least.shifts == full.shifts
    if least.difference is not None:
        assert explained(least) == least.difference
    for change in least.changes:
        assert sum((x.amount for x in change.causes), Fraction(0)) == change.amount
    assert not any(HIDDEN in x.kinds for change in full.changes for x in change.causes)


@pytest.mark.parametrize(
    "text", ["", "[]", "3", "{}", '{"object": "甲"}', "[" * 10_000, '{"total": 1.5}', '{"total": "1/0"}']
)
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(NotReport):
        read_report(text)


# ---- several objects

RANKED = """project "考核" {
  year 2024
  total 10
  报道数 full "≥1篇" values whole 0 .. 50 points 4 by { met -> 4   otherwise -> 0 }
  名次 = rank(报道数) points 6 by { = 1 -> 6   = 2 -> 4   otherwise -> 2 } lower
}
"""


def ranked(folder: Path, name: str, **reports: int) -> None:
    rows = "".join(f"{which},报道数,{count}篇\n" for which, count in reports.items())
    (folder / name).write_text("对象,指标,实际值\n" + rows, encoding="utf-8")


def test_one_object_chosen_keeps_its_place_among_all(here: Path) -> None:
    (here / "规则.perf").write_text(RANKED, encoding="utf-8")
    ranked(here, "今.csv", 甲=5, 乙=7, 丙=9)
    ranked(here, "去.csv", 甲=5, 乙=3, 丙=1)
    made = compared("--object", "甲", "--against", "去.csv")
    assert (made["before"]["total"], made["after"]["total"], made["difference"]) == ("10", "6", "-4")
    assert causes(made, "名次") == {("peers",): "-4"}
    assert amounts(compared("--object", "甲", "--against-object", "丙")) == {"名次": "-4"}
    assert causes(compared("--object", "甲", "--against-object", "丙"), "名次") == {("inputs",): "-4"}


def test_all_objects_are_compared_each_with_its_own(here: Path) -> None:
    (here / "规则.perf").write_text(RANKED, encoding="utf-8")
    ranked(here, "今.csv", 甲=5, 乙=7)
    ranked(here, "去.csv", 甲=5, 乙=3)
    result = run(
        "score", "规则.perf", "--actuals", "今.csv", "--against", "去.csv", "--format", "json", "-o", "报告.md"
    )
    assert [card["comparison"]["difference"] for card in json.loads(result.stdout)] == ["-2", "2"]
    text = (here / "报告.md").read_text("utf-8")
    assert "与对照之差" in text and "同组对象的变化 -2" in text
