"""What tests exercise: counted exactly, never rounded up; and the tests that are suggested pass where they are pasted."""

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from scoring import Library, compiled

from perfdsl.cli.covered import as_json, enough, measured, table
from perfdsl.cli.main import perfdsl
from perfdsl.coverage import Coverage, Point, Tally
from perfdsl.pipeline import Checked, understand
from perfdsl.replay import Outcome, run
from perfdsl.suggest import Suggestion, suggestions
from perfdsl.testing.rulesets import source, worlds
from perfdsl.text import Source

ROOT = Path(__file__).resolve().parent.parent
RULES = """\
rubric 及格(gate: 60%) {
  completion >= 100% -> 100%
  completion >= gate -> completion
  otherwise          -> 0
}
grades { 优 >= 90  otherwise 差 }
project "甲" {
  total 20
  工单 full "≥10件" points 10 by 及格
  合规 full "合规"  points 10 by { "合规" -> 10  otherwise -> 0 }
  违纪 full "=0件" exact
  ceiling not met(违纪) -> 差
  test "满分" { given 工单 12件  given 合规 "合规"  given 违纪 0件  expect total 20 }
  test "及格" { given 工单 6件   expect 工单 score 6 }
}
"""


def cli(*words: str) -> Result:
    return CliRunner().invoke(perfdsl, list(words))


def trial(text: str, name: str = "t.perf") -> tuple[Checked, list[Outcome]]:
    checked = understand(Source(name, text), Library())
    assert checked.usable, [(d.code, d.message()) for d in checked.found if d.severity == "error"]
    return checked, [run(test, checked.model, lambda file, span: ((), [])) for test in checked.model.tests]


def covered(text: str) -> Coverage:
    return measured([trial(text)])


def points(found: Coverage, kind: str) -> dict[str, bool]:
    return {f"{p.owner} {p.what}": hits > 0 for p, hits in found.tallies[0].hits.items() if p.kind == kind}


def test_cases_boundaries_grades_and_ceilings_are_counted() -> None:
    found = covered(RULES)
    assert points(found, "case") == {
        "及格 1 completion >= 100%": True, "及格 2 completion >= gate": True, "及格 3 otherwise": False,
        '甲/合规 1 "合规"': True, "甲/合规 2 otherwise": False,
    }  # fmt: skip
    assert points(found, "boundary") == {
        "及格 [3|2|2] below": False, "及格 [3|2|2] on": True, "及格 [3|2|2] above": False,
        "及格 [2|1|1] below": False, "及格 [2|1|1] on": False, "及格 [2|1|1] above": True,
    }  # fmt: skip
    assert points(found, "grade") == {"评价等级 90 below": False, "评价等级 90 on": False, "评价等级 90 above": True}
    assert list(points(found, "ceiling").values()) == [False, True]
    assert found.tallies[0].exercised() == (7, 16)


def test_a_value_between_two_boundaries_is_above_the_one_and_below_the_other() -> None:
    found = covered(RULES.replace("given 工单 6件   expect 工单 score 6", "given 工单 8件   expect 工单 score 8"))
    hit = {name for name, done in points(found, "boundary").items() if done}
    assert hit == {"及格 [3|2|2] above", "及格 [2|1|1] below", "及格 [2|1|1] above"}


def test_a_side_the_domain_does_not_have_is_not_asked_for() -> None:
    text = 'project "甲" { 率 full "=100%" values whole 90% .. 100% points 5 by { >= 100% -> 5  >= 90% -> 3  otherwise -> 0 } }'
    assert list(points(covered(text), "boundary")) == ["甲/率 100% [2|1|—] below", "甲/率 100% [2|1|—] on"]


def test_a_test_exercises_what_it_goes_through_whether_it_passes_or_not() -> None:
    wrong = RULES.replace("expect 工单 score 6", "expect 工单 score 5")
    assert covered(wrong).tallies[0].hits == covered(RULES).tallies[0].hits


def test_a_rubric_of_the_library_counts_in_its_own_file_only() -> None:
    text = 'use 财预2020_10号\nproject "甲" { 工单 full "≥10件" points 10 by 比例得分 test "一" { given 工单 9件 expect 工单 score 9 } }'
    assert covered(text).tallies[0].hits == {}
    library = Library().library("财预2020_10号")
    assert library is not None
    both = measured([trial(text), (understand(library, Library()), [])])
    assert both.tallies[0].hits == {}
    assert [p.what for p, hits in both.tallies[1].hits.items() if hits and p.kind == "case"] == ["2 otherwise"]


def test_entries_count_the_case_of_each_entry() -> None:
    text = 'project "甲" { 开展 points 1 by check { "事前" -> 0.3  "跟踪" -> 0.3  "自评" -> 0.4 } test "一" { given 开展 "事前、自评" expect 开展 score 0.7 } }'
    assert list(points(covered(text), "case").values()) == [True, False, True]


@pytest.mark.parametrize(("least", "code"), [("43.75%", 0), ("43.7500001%", 1), ("44", 1), ("0%", 0), ("100%", 1)])
def test_the_gate_compares_exact_fractions(tmp_path: Path, least: str, code: int) -> None:
    path = tmp_path / "规则.perf"
    path.write_text(RULES, encoding="utf-8")
    result = cli("test", str(path), "--fail-under", least)
    assert (result.exit_code, "7/16  43.7%" in result.stdout) == (code, True)


def test_nothing_is_rounded_up_to_all() -> None:
    tally = Tally("甲.perf", {Point("case", "甲", str(i), i): int(i != 7) for i in range(1, 100_001)})
    found = Coverage((tally,), ())
    whole = {"exercised": 99_999, "of": 100_000, "fraction": "99999/100000", "percent": "99.9%"}
    assert as_json(found)["total"]["all"] == whole
    assert not enough(found, Fraction(100))
    assert enough(found, Fraction(99_999, 1000))
    assert "100%" not in table(found)


@pytest.mark.parametrize("least", ["101%", "-1", "多", "95.5.5"])
def test_a_gate_that_is_no_percentage_is_wrong_usage(tmp_path: Path, least: str) -> None:
    path = tmp_path / "规则.perf"
    path.write_text(RULES, encoding="utf-8")
    result = cli("test", str(path), f"--fail-under={least}")
    assert result.exit_code == 2


def test_json_holds_fractions_and_what_is_open(tmp_path: Path) -> None:
    path = tmp_path / "规则.perf"
    path.write_text(RULES, encoding="utf-8")
    result = cli("test", str(path), "--coverage", "--suggest", "--format", "json")
    data = json.loads(result.stdout)
    (file,) = data["files"]
    assert file["cases"] == {"exercised": 3, "of": 5, "fraction": "3/5", "percent": "60%"}
    assert len(file["open"]) == 9
    assert file["open"][0] == {"kind": "case", "owner": "及格", "what": "3 otherwise", "line": 4}
    assert {s["place"] for s in data["suggestions"]} == {"甲", ""}


# ---- suggestions


def pasted(text: str, made: list[Suggestion]) -> str:
    """Every suggestion in the object or the ruleset it is for, or at the end of the file."""
    for one in made:
        if not one.place:
            text += "\n" + one.text + "\n"
            continue
        head = re.search(rf'^(?:project|department|policy|ruleset) "?{re.escape(one.place)}"? \{{$', text, re.M)
        assert head is not None, one.place
        text = text[: head.end()] + "\n" + one.text + text[head.end() :]
    return text


def assert_suggestions_hold(text: str) -> tuple[list[Suggestion], list[tuple[str, Point]]]:
    """Pasted, they pass, and leave open only what was said to be left."""
    before = trial(text)
    made, left = suggestions(measured([before]))
    after = trial(pasted(text, made))
    failed = [x.test.title for x in after[1][: len(after[1])] if not x.passed]
    assert failed == [x.test.title for x in before[1] if not x.passed]
    open_ = {(p.kind, p.owner, p.what) for p in measured([after]).tallies[0].open()}
    assert open_ <= {(p.kind, p.owner, p.what) for _, p in left}
    return made, left


def test_suggested_tests_pass_and_close_what_they_are_for() -> None:
    made, left = assert_suggestions_hold(RULES)
    assert len(made) == 6
    assert [p.kind for _, p in left] == ["ceiling"]
    assert all("# 程序算出，请核对" in one.text for one in made)


@pytest.mark.parametrize("name", ["分档计分", "比例计分", "扣分计分", "财预2020_10号", "超额完成", "定性计分"])
def test_suggestions_for_the_library_hold(name: str) -> None:
    made, left = assert_suggestions_hold((ROOT / "rulesets" / f"{name}.perf").read_text(encoding="utf-8"))
    assert len(left) <= len(made) or not made


@settings(max_examples=8, deadline=None)
@given(worlds())
def test_suggestions_for_any_ruleset_hold(world) -> None:
    text = source(world)
    assert compiled(text).usable
    made, _ = assert_suggestions_hold(text)
    assert made or not any(p for p in covered(text).tallies[0].hits if p.kind == "boundary")


def test_suggesting_changes_no_figure(tmp_path: Path) -> None:
    path = tmp_path / "规则.perf"
    path.write_text(RULES, encoding="utf-8")
    plain = cli("test", str(path), "--coverage").stdout.split("\n")[:2]
    assert cli("test", str(path), "--suggest").stdout.split("\n")[:2] == plain
