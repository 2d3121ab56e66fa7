"""The pytest plugin: what it collects, what a failure says, and that it costs nothing while it is off."""

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytest_plugins = ["pytester"]
ROOT = Path(__file__).resolve().parent.parent
RULES = """\
use 财预2020_10号
project "甲" {
  year 2024
  产出 points 20 {
    工单 full "≥10件" points 10 by 比例得分
    满意 full ">90%"  points 10 by { > 90% -> 10   < 90% -> 5 }
  }
  test "做了九成" { given 工单 9件  given 满意 95%  expect 工单 score 9  expect total 19 }
  test "算错了"   { given 工单 9件  given 满意 95%  expect 工单 score 10 }
}
"""
ACCEPTED = RULES.replace("< 90% -> 5 }", '< 90% -> 5 } accept V101 "原表如此"')
UNPROVED = """\
project "乙" {
  input 上年 : 件 values 0 ..
  input 新增 : 件 values 0 ..
  甲 full "≤10件" points 5 by { met -> 5  actual <= 上年 + 新增 -> 3  otherwise -> 0 }
}
"""


@pytest.fixture
def here(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder with one file, and the plugin as an installed copy has it."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.delenv("PERFDSL_LANG", raising=False)
    pytester.makefile(".perf", 规则=RULES)
    if not entry_points(group="pytest11", name="perfdsl"):
        pytester.plugins = ["perfdsl.pytest_plugin"]
    return pytester


def test_without_the_option_nothing_is_collected_and_nothing_is_loaded(here: pytest.Pytester) -> None:
    here.makepyfile("""
        import sys
        def test_nothing_of_the_compiler_is_loaded():
            assert not [m for m in sys.modules if m.startswith("perfdsl.") and m != "perfdsl.pytest_plugin"]
            assert "click" not in sys.modules
    """)
    here.runpytest_subprocess(".").assert_outcomes(passed=1)


def test_the_plugin_itself_imports_only_pytest() -> None:
    program = "import sys, pytest; before = set(sys.modules); import perfdsl.pytest_plugin; print(*sorted(set(sys.modules) - before))"
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert made.stdout.split() == ["perfdsl", "perfdsl.pytest_plugin"]


def test_tests_and_contracts_are_items(here: pytest.Pytester) -> None:
    result = here.runpytest_subprocess("--perf", "--collect-only", "-q", ".")
    assert [line for line in result.outlines if "::" in line] == [
        "规则.perf::甲::做了九成", "规则.perf::甲::算错了", "规则.perf::甲::contract 产出/工单",
        "规则.perf::甲::contract 产出/满意", "规则.perf::甲::contract",
    ]  # fmt: skip


def test_a_failure_is_said_in_the_words_of_the_file_without_a_traceback(here: pytest.Pytester) -> None:
    result = here.runpytest_subprocess("--perf", ".")
    result.assert_outcomes(passed=3, failed=2)
    text = result.stdout.str()
    assert "不符 算错了  规则.perf:9\n  工单：应为 10，实得 9  (" in text
    assert "“满意”完成值为 90% 时没有任何一档适用" in text
    assert "Traceback" not in text and "runtest" not in text


def test_english_is_spoken_when_asked_for(here: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERFDSL_LANG", "en")
    text = here.runpytest_subprocess("--perf", ".").stdout.str()
    assert "expected 10, got 9" in text
    assert "no case applies to an actual of 90%" in text


def test_an_item_is_chosen_by_its_node_id_or_a_word(here: pytest.Pytester) -> None:
    here.runpytest_subprocess("--perf", "规则.perf::甲::做了九成").assert_outcomes(passed=1)
    here.runpytest_subprocess("--perf", ".", "-k", "contract and 工单").assert_outcomes(passed=1, deselected=4)
    here.runpytest_subprocess("--perf", ".", "-x").assert_outcomes(passed=1, failed=1)


def test_what_is_accepted_is_an_expected_failure_and_what_is_not_proved_is_skipped(here: pytest.Pytester) -> None:
    here.makefile(".perf", 规则=ACCEPTED, 乙=UNPROVED)
    result = here.runpytest_subprocess("--perf", ".", "-rxs", "-k", "contract")
    result.assert_outcomes(passed=3, xfailed=1, skipped=1, deselected=2)
    text = result.stdout.str()
    assert "V101" in text and "（原表如此）" in text
    assert "V190" in text
    assert "取决于“上年”" in text or "由 z3 证明" in text


def test_a_waiver_of_nothing_fails_the_row_it_stands_in(here: pytest.Pytester) -> None:
    here.makefile(".perf", 规则=RULES.replace("by 比例得分", 'by 比例得分 accept V103 "无"'))
    result = here.runpytest_subprocess("--perf", ".", "-k", "contract and 工单")
    result.assert_outcomes(failed=1, deselected=4)
    assert "R253" in result.stdout.str()


def test_a_gap_between_grades_fails_the_contract_of_the_object(here: pytest.Pytester) -> None:
    grades = "grades { 优 >= 90  良 >= 80 and < 89  otherwise 差 }\n"
    here.makefile(".perf", 规则=grades.replace("  otherwise 差", "") + RULES)
    result = here.runpytest_subprocess("--perf", ".", "-k", "contract and not 工单 and not 满意")
    result.assert_outcomes(failed=1, deselected=4)
    assert "V106" in result.stdout.str()


def test_a_case_that_is_never_used_only_warns(here: pytest.Pytester) -> None:
    here.makefile(".perf", 规则=RULES.replace("< 90% -> 5 }", ">= 95% -> 8  otherwise -> 5 }"))
    result = here.runpytest_subprocess("--perf", ".", "-k", "contract")
    result.assert_outcomes(passed=3, warnings=1, deselected=2)
    assert "V105" in result.stdout.str()


@pytest.mark.parametrize(
    ("text", "said"),
    [("project {", "规则.perf:1"), (RULES.replace("比例得分", "没有这个"), "没有这个"), ("", "什么也没有写")],
)
def test_a_file_with_errors_is_a_collection_error_in_the_users_words(
    here: pytest.Pytester, text: str, said: str
) -> None:
    here.path.joinpath("规则.perf").write_text(text, encoding="utf-8")
    result = here.runpytest_subprocess("--perf", ".")
    result.assert_outcomes(errors=1)
    assert said in result.stdout.str()
    assert "Traceback" not in result.stdout.str() and ".py" not in result.stdout.str().split("ERRORS")[1]


def test_bytes_that_are_no_text_are_a_collection_error(here: pytest.Pytester) -> None:
    here.path.joinpath("规则.perf").write_bytes(b"\x00\xff\xfe\x81")
    result = here.runpytest_subprocess("--perf", ".")
    result.assert_outcomes(errors=1)
    assert "Traceback" not in result.stdout.str()


def test_tests_with_rows_of_their_own_and_equal_titles_have_names_of_their_own(here: pytest.Pytester) -> None:
    one = 'test "一::样" { 甲 full "≥1件" points 1 by { met -> 1  otherwise -> 0 } given 甲 1件 expect 甲 score 1 }\n'
    here.makefile(".perf", 规则=one * 2 + one.replace("一::样", "一：：样 (2)"))
    result = here.runpytest_subprocess("--perf", "--collect-only", "-q", ".")
    names = [line for line in result.outlines if "::" in line]
    assert names == ["规则.perf::一：：样", "规则.perf::一：：样 (2)", "规则.perf::一：：样 (2) (2)"]
    for name in names:
        here.runpytest_subprocess("--perf", name).assert_outcomes(passed=1)


def test_files_beside_are_used_and_their_tables_read(here: pytest.Pytester) -> None:
    folder = here.mkdir("内")
    (folder / "方法.perf").write_text("rubric 及格 { met -> 100%  otherwise -> 0 }\n", encoding="utf-8")
    (folder / "数.csv").write_text("指标,完成值\n甲,3件\n", encoding="utf-8")
    (folder / "用.perf").write_text(
        'use "./方法.perf"\nproject "丙" { 甲 full "≥3件" points 4 by 及格\n'
        'test "读表" { given actuals "数.csv" expect total 4 } }\n', encoding="utf-8")  # fmt: skip
    here.runpytest_subprocess("--perf", "内").assert_outcomes(passed=3)
    outside = here.makefile(".txt", 何物="")
    result = here.runpytest_subprocess("--perf", "内", outside.name)
    result.assert_outcomes(passed=3)


def test_paths_of_the_configuration_need_no_option(here: pytest.Pytester) -> None:
    rules = here.mkdir("rules")
    (rules / "甲.perf").write_text(ACCEPTED, encoding="utf-8")
    here.makeini("[pytest]\nperf_paths = rules\n")
    here.runpytest_subprocess(".").assert_outcomes(passed=3, failed=1, xfailed=1)
    here.runpytest_subprocess("--perf", ".").assert_outcomes(passed=6, failed=3, xfailed=1)


def test_junit_names_every_item(here: pytest.Pytester) -> None:
    here.runpytest_subprocess("--perf", ".", "--junitxml", "out.xml")
    suite = ElementTree.parse(here.path / "out.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("5", "2", "0")
    failed = {case.get("name"): case.findtext("failure") for case in suite if case.find("failure") is not None}
    assert set(failed) == {"算错了", "contract 产出/满意"}
    assert "应为 10，实得 9" in (failed["算错了"] or "")


def test_it_works_in_several_processes(here: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    here.makefile(".perf", 规则=ACCEPTED, 乙=UNPROVED)
    result = here.runpytest_subprocess("--perf", ".", "-n", "2")
    result.assert_outcomes(passed=4, failed=1, xfailed=1, skipped=1)


def test_the_rulesets_of_the_library_pass() -> None:
    made = subprocess.run([sys.executable, "-m", "pytest", *_plugin(), "-p", "no:cacheprovider", "--perf", "-q", "rulesets"],
                          capture_output=True, text=True, check=False, cwd=ROOT)  # fmt: skip
    assert made.returncode == 0, made.stdout[-3000:]


def _plugin() -> list[str]:
    return [] if entry_points(group="pytest11", name="perfdsl") else ["-p", "perfdsl.pytest_plugin"]
