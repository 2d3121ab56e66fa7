"""``perfdsl diff``: what is matched, what counts as a change of scores, what is only text, and the forms it is printed in."""

import json
import operator
from fractions import Fraction as F
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scoring import Library, plan_of

from perfdsl import plan_json
from perfdsl.cli.main import perfdsl
from perfdsl.differ import DIFFERS, OPEN, OUTSIDE, SAME, TAKEN, compare
from perfdsl.format import format_file
from perfdsl.parse import parse
from perfdsl.pipeline import check
from perfdsl.show_diff import diff_json, diff_markdown, diff_text
from perfdsl.text import Source
from perfdsl.width import width

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("**/*.perf"))
SCHEMA = json.loads((ROOT / "docs" / "diff.schema.json").read_text("utf-8"))

BASE = """total 40
  grades { 优 >= 90  良 >= 80  otherwise 差 }
  not_applicable rescale
  input 应办数 : 件 values whole 1 ..
  input 类别 values "县区", "部门"
  产出 points 30 {
    办结数 full "≥90件" points 10 by 比例得分
    制度 full "健全" points 10 by { "健全" -> 10  "较健全" -> 8  otherwise -> 0 } note "看文件"
    办结率 = 办结数 / 应办数 full "≥95%" points 10 by { met -> 10  otherwise -> 0 }
  }
  效果 points 10 {
    满意度 full "≥90%" points 10 by { >= 90% -> 10  >= 80% -> 6 .. 9  missing -> 1  otherwise -> 0 }
  }
  加减分 bonus -3 .. 3 {
    受奖 by sum { "省级" -> 2  "市级" -> 1 }
  }
  ceiling 类别 = "部门" and 办结数 < 10件 -> 良
  award 无失分 when lost(总分) = 0"""


def effect(before: str, after: str) -> str:
    return compare([plan_of(before)], [plan_of(after)]).effect


def changed(*pairs: tuple[str, str]) -> str:
    text = BASE
    for old, new in pairs:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.parent.name + "/" + p.stem)
def test_every_example_is_the_same_as_itself_reformatted_and_compiled(path: Path) -> None:
    source = Source(str(path), path.read_text("utf-8"))
    plans = check(source, Library()).plans()
    other = Source(str(path), format_file(parse(source)[0], "zh"))
    again = check(other, Library()).plans()
    assert compare(plans, again).effect == SAME
    assert compare(plans, plan_json.loads(plan_json.dumps(plans)) if plans else plans).effect == SAME


SAME_SCORES = {
    "notes": [("note \"看文件\"", "note \"看文件和记录\" basis \"通知\"")],
    "a new name": [("制度 full", "制度建设 full")],
    "another group's name": [("效果 points", "效益 points")],
    "order of cases that do not overlap": [('"健全" -> 10  "较健全" -> 8', '"较健全" -> 8  "健全" -> 10')],
    "order of rows": [('    办结数 full "≥90件" points 10 by 比例得分\n', ""), ('note "看文件"\n', 'note "看文件"\n    办结数 full "≥90件" points 10 by 比例得分\n')],
    "sign turned round": [("{ met -> 10  otherwise -> 0 }", "{ < 95% -> 0  otherwise -> 10 }")],
    "the same formula": [("办结数 / 应办数", "100% - (100% - 办结数 / 应办数)")],
    "grades written with two ends": [("优 >= 90  良 >= 80", "优 >= 90  良 >= 80 and < 90")],
    "a short name": [('full "健全" points', 'as 制 full "健全" points')],
    "a fact": [("total 40", 'total 40\n  agency "某局"')],
}  # fmt: skip


@pytest.mark.parametrize("name", SAME_SCORES)
def test_what_changes_no_score_is_the_same(name: str) -> None:
    found = compare([plan_of(BASE)], [plan_of(changed(*SAME_SCORES[name]))])
    assert found.effect == SAME, diff_text(found, None, "zh", 120)


def lit(lights: str) -> str:
    return BASE.replace("total 40", f"total 40\n  {lights}", 1)


def light_changes(old: str, new: str) -> list[tuple[str, str, str, str]]:
    found = compare([plan_of(old)], [plan_of(new)])
    assert found.effect == SAME
    return [(x.what, x.name, x.before, x.after) for x in found.objects[0].changes if x.what.endswith("light")]


def test_lights_are_compared_ratio_by_ratio_and_move_no_score() -> None:
    three = "lights output { 绿灯 >= 100%  黄灯 >= 80%  otherwise 红灯 }"
    assert "total 40" in BASE and light_changes(lit(three), lit(three)) == []
    assert light_changes(lit(three), lit(three.replace("80%", "85.5%"))) == [
        ("output_light", "80% ≤ … < 85.5%", "黄灯", "红灯"),
    ]
    assert light_changes(lit(three), lit(three.replace(">= 100%", "> 100%"))) == [
        ("output_light", "= 100%", "绿灯", "黄灯"),
    ]
    assert light_changes(BASE, lit(three)) == [
        ("output_light", "< 80%", "", "红灯"), ("output_light", "80% ≤ … < 100%", "", "黄灯"), ("output_light", "≥ 100%", "", "绿灯"),
    ]  # fmt: skip
    assert light_changes(lit("lights { 好 >= 1%  otherwise 差 }"), lit("lights output { 好 >= 1%  otherwise 差 }")) == [
        ("money_light", "< 1%", "差", ""), ("money_light", "≥ 1%", "好", ""),
    ]  # fmt: skip
    assert light_changes(lit("lights money { otherwise 灰 }"), lit("lights money { otherwise 白 }")) == [
        ("money_light", "", "灰", "白"),
    ]


@given(st.lists(st.integers(1, 199), min_size=4, max_size=4, unique=True))
def test_a_ratio_is_listed_exactly_where_its_light_changed(limits: list[int]) -> None:
    """Every ratio of half a percent is looked up in both rules and in the stretches that are listed."""
    pair = [sorted(limits[:2], reverse=True), sorted(limits[2:], reverse=True)]
    sides = [f"lights output {{ 绿 >= {a}%  黄 > {b}%  otherwise 红 }}" for a, b in pair]
    listed = light_changes(lit(sides[0]), lit(sides[1]))
    for half in range(401):
        ratio = F(half, 2)
        was, made = ("绿" if ratio >= a else "黄" if ratio > b else "红" for a, b in pair)
        told = [(before, after) for _, name, before, after in listed if _within(name, ratio)]
        assert told == ([(was, made)] if was != made else []), (ratio, listed)


def _within(name: str, ratio: F) -> bool:
    parts = name.replace("%", "").split()
    at = {"<": operator.lt, "≤": operator.le, ">": operator.gt, "≥": operator.ge, "=": operator.eq}
    if len(parts) == 2:
        return bool(at[parts[0]](ratio, F(parts[1])))
    low, left, _, right, high = parts
    return bool(at[left](F(low), ratio) and at[right](ratio, F(high)))


OTHER_SCORES = {
    "target": [("≥90件", "≥100件")],
    "award": [('"较健全" -> 8', '"较健全" -> 7')],
    "edge": [(">= 90% -> 10", "> 90% -> 10")],
    "range of marks": [("6 .. 9", "6 .. 8")],
    "award of the missing": [("missing -> 1", "missing -> 2")],
    "new row": [("  加减分", '  另 points 0 {\n    丙 full "≥1件" \n  }\n  加减分')],
    "formula": [("办结数 / 应办数", "办结数 / (应办数 + 1件)")],
    "entries": [('"省级" -> 2', '"省级" -> 3')],
    "how entries add up": [("by sum {", "by best {")],
    "bonus": [("bonus -3 .. 3", "bonus -3 .. 2")],
    "grades": [("良 >= 80", "良 >= 75")],
    "ceiling": [("< 10件 -> 良", "< 12件 -> 良")],
    "ceiling's grade": [("< 10件 -> 良", "< 10件 -> 差")],
    "award condition": [("lost(总分) = 0", "lost(总分) <= 1")],
    "policy": [("not_applicable rescale", "not_applicable zero")],
    "missing": [("not_applicable rescale", "not_applicable rescale\n  missing error")],
    "values of an input": [("values whole 1 ..", "values 0.5 ..")],
    "values of a row": [('满意度 full "≥90%" points 10', '满意度 full "≥90%" values 0% .. 100% points 10')],
    "unit": [('"≥90件"', '"≥90万件"')],
    "applies": [('办结数 full "≥90件"', '办结数 applies 类别 = "县区" full "≥90件"')],
    "another period": [('满意度 full "≥90%"', '满意度 half "≥90%" full "≥90%"')],
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_SCORES)
def test_what_may_change_a_result_is_never_called_the_same(name: str) -> None:
    assert effect(BASE, changed(*OTHER_SCORES[name])) in (DIFFERS, OPEN)
    assert effect(changed(*OTHER_SCORES[name]), BASE) in (DIFFERS, OPEN)


def test_a_formula_over_one_input_is_compared_over_that_input() -> None:
    row = (
        'total 10\n input 数 : 件 values 0 ..\n 率 = 数 / {} full "≥100%" points 10 by {{ met -> 10  otherwise -> 0 }}'
    )
    found = compare([plan_of(row.format("50件"))], [plan_of(row.format("40件"))]).objects[0].rows[0]
    assert found.variable == "input:数"
    assert [(s.low.at, s.low.closed, s.high.at, s.high.closed) for s in found.stretches] == [(40, True, 50, False)]


def test_a_formula_over_several_inputs_is_refuted_by_an_example() -> None:
    found = compare([plan_of(BASE)], [plan_of(changed(*OTHER_SCORES["formula"]))]).objects[0].rows
    row = next(x for x in found if x.path[-1] == "办结率")
    assert row.effect == DIFFERS
    assert row.example is not None and row.example.before != row.example.after


def test_rows_alike_are_not_guessed_to_be_renamed() -> None:
    rows = 'total 20\n 甲 full "≥1件" points 10 by 达标得满分\n 乙 full "≥1件" points 10 by 达标得满分'
    found = compare([plan_of(rows)], [plan_of(rows.replace("甲", "丙").replace("乙", "丁"))]).objects[0]
    assert (len(found.added), len(found.removed), found.effect) == (2, 2, DIFFERS)


def test_a_row_that_looks_at_a_changed_row_says_so() -> None:
    found = compare([plan_of(BASE)], [plan_of(changed(("办结数 / 应办数", "办结数 / (应办数 + 1件)")))]).objects[0]
    text = BASE.replace("award 无失分", "award 办得好 when 办结率 >= 99%\n  award 无失分")
    assert effect(text, text.replace("办结数 / 应办数", "办结数 / (应办数 + 1件)")) == DIFFERS
    assert found.effect == DIFFERS


def test_whether_a_row_is_met_counts_where_others_ask() -> None:
    text = 'total 10\n 甲 full "≥5件"\n 乙 full "≥1件" points 10 by { met(甲) -> 10  otherwise -> 0 }'
    assert effect(text, text.replace("≥5件", "≥6件")) == DIFFERS
    plain = 'total 10\n 甲 full "≥5件"\n 乙 full "≥1件" points 10 by { met -> 10  otherwise -> 0 }'
    assert effect(plain, plain.replace("≥5件", "≥6件")) == SAME


def test_last_years_value_is_gone_through_by_its_sign() -> None:
    text = 'total 10\n 甲 full "较上年增长5%" unit "件" points 10 by { met -> 10  otherwise -> 0 }'
    found = compare([plan_of(text)], [plan_of(text.replace("5%", "6%"))]).objects[0].rows[0]
    assert found.effect == DIFFERS
    assert {s.given[0].name for s in found.stretches if s.given} == {"prior"}


def test_values_that_only_one_of_the_rules_takes_make_a_difference() -> None:
    whole = 'total 10\n 甲 full "≥9件" points 10 values whole 0 .. 20 by { >= 9件 -> 10  otherwise -> 0 }'
    real = whole.replace("whole ", "")
    for before, after in ((whole, real), (real, whole)):
        found = compare([plan_of(before)], [plan_of(after)]).objects[0].rows[0]
        (stretch,) = found.stretches
        assert (found.effect, stretch.off_step) == (DIFFERS, 1)
        assert stretch.at is not None and stretch.at.denominator > 1
        kinds = (stretch.before.kind, stretch.after.kind)
        assert kinds == ((OUTSIDE, TAKEN) if before is whole else (TAKEN, OUTSIDE))
    assert effect(whole, whole.replace("0 .. 20", "0 .. 20.5")) == SAME  # no whole number lies between


def test_a_row_without_points_whose_formula_changes_is_seen_where_it_is_looked_at() -> None:
    text = """total 10
 input 数 : 件 values 0 ..
 甲 = 数 / 2件 full "≥1"
 乙 full "≥1件" points 10 by { 甲 >= 1 -> 10  otherwise -> 0 }"""
    found = compare([plan_of(text)], [plan_of(text.replace("/ 2件", "/ 3件"))]).objects[0].rows[1]
    assert (found.effect, found.variable) == (DIFFERS, "input:数")
    assert {(s.low.at, s.low.closed, s.high.at, s.high.closed) for s in found.stretches} == {(2, True, 3, False)}
    assert effect(text, text.replace("数 / 2件", "1 / 2件 * 数")) == SAME
    plain = text.replace("甲 >= 1", ">= 1件")
    assert effect(plain, plain.replace("/ 2件", "/ 3件")) == SAME  # nothing looks at it
    given = 'total 10\n 甲 full "≥1" values 0 .. 5\n 乙 full "≥1件" points 10 by { 甲 >= 1 -> 10  otherwise -> 0 }'
    assert effect(given, given.replace("0 .. 5", "0 .. 6")) == DIFFERS


def test_a_value_that_no_input_comes_to_is_no_difference() -> None:
    text = """total 10
 input 数 : 件 values 0 .. 10
 率 = 数 / 10件 full "≥90%" points 10 by { > 150% -> 5  >= 90% -> 10  otherwise -> 0 }"""
    assert effect(text, text.replace("-> 5", "-> 4")) == SAME
    assert effect(text.replace(".. 10\n", "..\n"), text.replace(".. 10\n", "..\n").replace("-> 5", "-> 4")) == DIFFERS
    several = text.replace("数 / 10件", "数 / (数 + 1件)")
    assert effect(several, several.replace("-> 5", "-> 4")) in (SAME, OPEN)


DECIDED = {
    "a condition in other words": ([("< 10件 -> 良", "< 10件 and 类别 != \"县区\" -> 良")], SAME),
    "a condition turned round": ([('类别 = "部门" and 办结数 < 10件', 'not (类别 != "部门" or 办结数 >= 10件)')], SAME),
    "ceiling": ([("< 10件 -> 良", "< 12件 -> 良")], DIFFERS),
    "ceiling gone": ([('  ceiling 类别 = "部门" and 办结数 < 10件 -> 良\n', "")], DIFFERS),
    "bonus": ([("bonus -3 .. 3", "bonus -3 .. 2")], DIFFERS),
    "grades": ([("良 >= 80", "良 >= 75")], DIFFERS),
    "award": ([("lost(总分) = 0", "lost(总分) <= 1")], DIFFERS),
    "policy": ([("not_applicable rescale", "not_applicable zero")], DIFFERS),
    "rounding": ([("not_applicable rescale", "not_applicable rescale\n  rounding 1")], DIFFERS),
    "up to": ([("total 40", "total 40 up to 42")], DIFFERS),
}  # fmt: skip


@pytest.mark.parametrize("name", DECIDED)
def test_what_is_not_in_a_row_is_decided_and_shown_on_a_card(name: str) -> None:
    pairs, verdict = DECIDED[name]
    found = compare([plan_of(BASE)], [plan_of(changed(*pairs))])
    assert found.effect == verdict, diff_text(found, None, "zh", 120)
    for change in found.objects[0].changes:
        assert change.effect != OPEN, change
        if change.example is not None:
            assert change.example.before != change.example.after


GROUPED = """total 20
  一组 points 10 {{ 甲 full "≥1件" points {} by 达标得满分
    乙 full "≥2件" points {} by 达标得满分 }}
  二组 points 10 {{ 丙 full "≥3件" points 10 by 达标得满分 }}"""


def test_points_that_move_are_told_with_their_share_of_the_total() -> None:
    found = compare([plan_of(GROUPED.format(5, 5))], [plan_of(GROUPED.format(4, 6))])
    points = [x for row in found.objects[0].rows for x in row.changes if x.what == "points"]
    assert [x.shares for x in points] == [(F(1, 4), F(1, 5)), (F(1, 4), F(3, 10))]
    assert "分值：5（占总分 25%） → 4（占总分 20%）" in diff_text(found, None, "zh", 100)


def test_groups_of_a_plain_sum_do_not_matter() -> None:
    text = GROUPED.format(5, 5)
    moved = 'total 20\n  一组 points 20 { 甲 full "≥1件" points 5 by 达标得满分\n 乙 full "≥2件" points 5 by 达标得满分\n 丙 full "≥3件" points 10 by 达标得满分 }'
    assert effect(text, moved) == SAME
    assert (
        effect(
            text.replace("total 20", "total 20\n not_applicable rescale"),
            moved.replace("total 20\n", "total 20\n not_applicable rescale\n"),
        )
        != SAME
    )


def test_rows_alike_in_different_groups_are_renamed_where_they_stand() -> None:
    text = 'total 20\n 一组 points 10 { 甲 full "≥1件" points 10 by 达标得满分 }\n 二组 points 10 { 乙 full "≥1件" points 10 by 达标得满分 }'
    found = compare([plan_of(text)], [plan_of(text.replace("甲", "丙").replace("乙", "丁"))]).objects[0]
    assert (found.added, found.removed, found.effect) == ((), (), SAME)
    assert [(x.was[-1], x.path[-1]) for x in found.rows] == [("甲", "丙"), ("乙", "丁")]


# ---- the command


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(perfdsl, ["diff", *map(str, arguments)])
    return done.exit_code, done.output


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "旧.perf", tmp_path / "新.perf"
    old.write_text(f'use 财预2020_10号\nproject "P" {{\n{BASE}\n}}\n', "utf-8")
    new.write_text(old.read_text("utf-8").replace("≥90件", "≥100件").replace("制度 full", "制度建设 full"), "utf-8")
    return old, new


def test_exit_codes(files: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = files
    assert run(old, old)[0] == 0
    assert run(old, new)[0] == 1
    assert run(old, tmp_path / "没有.perf")[0] == 2
    assert run(old)[0] == 2
    new.write_text("project {", "utf-8")
    assert run(old, new)[0] == 2


def test_a_plan_stands_for_its_rules(files: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = files
    plan = tmp_path / "方案.json"
    assert CliRunner().invoke(perfdsl, ["compile", str(old), "-o", str(plan)]).exit_code == 0
    assert run(old, plan)[0] == 0
    assert run(plan, new) == run(old, new)


def test_who_is_affected_and_by_which_case(files: tuple[Path, Path], tmp_path: Path) -> None:
    data = tmp_path / "完成值.csv"
    data.write_text("对象,办结数,应办数,类别,制度,满意度\n甲,95,100,县区,健全,95%\n乙,120,125,县区,健全,95%\n", "utf-8")
    status, printed = run(*files, "--actuals", data, "--format", "json")
    assert status == 1
    made = json.loads(printed)
    jsonschema.validate(made, SCHEMA)
    moved = {x["object"]: x for x in made["affected"]}
    assert [moved["甲"]["changed"], moved["乙"]["changed"]] == [True, False]
    row = moved["甲"]["indicators"][0]
    assert (row["path"][-1], row["before"]["score"], row["after"]["score"]) == ("办结数", "10", "9.5")
    assert (row["before"]["clause"], row["after"]["clause"], row["causes"]) == (
        "completion >= 100%",
        "otherwise",
        ["target"],
    )
    assert [x["score"] for x in moved["甲"]["total"]] == ["40", "39.5"]


PAIRS = [*(pairs for pairs in SAME_SCORES.values()), *(pairs for pairs in OTHER_SCORES.values())]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("pairs", PAIRS, ids=[*SAME_SCORES, *OTHER_SCORES])
def test_every_form_of_it_can_be_printed(pairs: list[tuple[str, str]], lang: str) -> None:
    found = compare([plan_of(BASE)], [plan_of(changed(*pairs))])
    jsonschema.validate(json.loads(json.dumps(diff_json(found, None, lang))), SCHEMA)
    text = diff_text(found, None, lang, 80)
    assert all(width(line) <= 80 for line in text.split("\n")), text
    assert diff_markdown(found, None, lang).startswith(text.split("\n")[0])


def test_numbers_of_a_stretch_are_exact() -> None:
    text = 'total 10\n 甲 full "≥3件" points 10 by { completion >= 100% -> 10  otherwise -> points * completion }'
    found = compare([plan_of(text)], [plan_of(text.replace("≥3件", "≥7件"))]).objects[0].rows[0]
    last = found.stretches[-1]
    assert (last.low.at, last.low.closed, last.high.closed) == (F(3), True, False)
    assert last.high.at == F(9995, 1000) * 7 / 10
    assert last.largest == F(429, 100) - 10
