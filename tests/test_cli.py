"""The command line as scripts and people meet it: exit codes, streams, JSON shapes, files written whole or not at all."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from perfdsl.cli.main import COMMANDS, perfdsl
from perfdsl.width import width

RULES = """use 财预2020_10号

project "甲" {
  year 2024
  产出 points 10 {
    次数 full "≥4次"  points 6 by 比例得分
    质量 full "≥90%" points 4 by { >= 90% -> 4   otherwise -> 1 }
  }
}
"""
CELLS = Path(__file__).parent / "cases" / "targets"
GOOD = "指标,实际值\n次数,3次\n质量,95%\n"
GAP = RULES.replace(">= 90% -> 4   otherwise -> 1", "> 90% -> 4   < 90% -> 1")


def run(*words: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(perfdsl, list(words), input=given, prog_name="perfdsl")


@pytest.fixture
def rules(tmp_path: Path) -> str:
    path = tmp_path / "规则.perf"
    path.write_text(RULES, encoding="utf-8")
    return str(path)


@pytest.fixture
def data(tmp_path: Path) -> str:
    path = tmp_path / "完成值.csv"
    path.write_text(GOOD, encoding="utf-8")
    return str(path)


# ---- check


def test_check_is_silent_but_for_one_line_when_all_is_well(rules: str) -> None:
    result = run("check", "--no-cache", rules)
    assert (result.exit_code, result.stdout) == (0, "没有发现问题\n")


def test_check_reports_a_gap_with_its_witness_as_json(tmp_path: Path) -> None:
    path = tmp_path / "gap.perf"
    path.write_text(GAP, encoding="utf-8")
    result = run("check", "--no-cache", "--format", "json", str(path))
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)["diagnostics"]
    assert (found["code"], found["severity"], found["file"]) == ("V101", "error", str(path))
    assert found["witness"] == {"actual": "90%"}
    assert found["start"]["line"] == 7
    assert {"message", "end", "labels", "help"} <= found.keys()


def test_check_remembers_a_file_until_it_or_what_it_uses_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERFDSL_CACHE", str(tmp_path / "cache"))
    (tmp_path / "本地.perf").write_text("rubric 自定 { met -> 100%  otherwise -> 0 }\n", encoding="utf-8")
    path = tmp_path / "a.perf"
    path.write_text('use "./本地.perf"\nproject "甲" { 次数 full "≥4次" points 6 by 自定 }\n', encoding="utf-8")
    assert run("check", str(path)).exit_code == 0
    assert run("check", str(path)).exit_code == 0
    (tmp_path / "本地.perf").write_text("rubric 别的 { met -> 100%  otherwise -> 0 }\n", encoding="utf-8")
    changed = run("check", "--format", "json", str(path))
    assert [d["code"] for d in json.loads(changed.stdout)["diagnostics"]] == ["R206"]
    again = run("check", "--format", "json", str(path))
    assert again.stdout == changed.stdout


def test_check_reads_standard_input() -> None:
    assert run("check", "--no-cache", "-", given=RULES).exit_code == 0


def test_check_in_english(tmp_path: Path) -> None:
    path = tmp_path / "gap.perf"
    path.write_text(GAP, encoding="utf-8")
    made = subprocess.run([sys.executable, "-m", "perfdsl", "--lang", "en", "check", "--no-cache", str(path)], capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert made.returncode == 1
    assert made.stdout.startswith("error[V101]")


# ---- score


def test_score_prints_the_report_and_exits_with_zero(rules: str, data: str) -> None:
    result = run("score", rules, "--actuals", data)
    assert result.exit_code == 0
    assert "总分 8.5 / 10" in result.stdout


def test_score_json_has_the_published_names(rules: str, data: str) -> None:
    card = json.loads(run("score", rules, "--actuals", data, "--format", "json").stdout)
    assert {
        "object",
        "period",
        "complete",
        "total",
        "points",
        "grade",
        "groups",
        "indicators",
        "findings",
        "provenance",
    } <= card.keys()
    assert card["groups"][0] | {"path": ["产出"], "points": "10", "score": "8.5"} == card["groups"][0]
    first = card["indicators"][0]
    assert first | {"path": ["产出", "次数"], "target": "≥4次", "actual": "3次", "status": "missed", "points": "6",
                    "score": "4.5", "line": 6} == first  # fmt: skip
    assert first["reason"]
    assert {"ruleset_sha256", "actuals_sha256", "perfdsl"} <= card["provenance"].keys()


def test_incomplete_result_is_a_range_and_exits_with_one(rules: str, tmp_path: Path) -> None:
    partly = tmp_path / "partly.csv"
    partly.write_text("指标,实际值\n次数,4次\n", encoding="utf-8")
    result = run("score", rules, "--actuals", str(partly), "--format", "json")
    card = json.loads(result.stdout)
    assert (result.exit_code, card["complete"], card["total"]) == (1, False, None)
    assert (card["lowest"], card["highest"]) == ("7", "10")


def test_several_objects_give_a_list(data: str, tmp_path: Path) -> None:
    path = tmp_path / "two.perf"
    path.write_text(RULES + RULES[RULES.index("project") :].replace("甲", "乙"), encoding="utf-8")
    both = tmp_path / "both.csv"
    both.write_text("对象,指标,实际值\n甲,次数,4次\n甲,质量,95%\n乙,次数,2次\n乙,质量,95%\n", encoding="utf-8")
    cards = json.loads(run("score", str(path), "--actuals", str(both), "--format", "json").stdout)
    assert [(c["object"], c["total"]) for c in cards] == [("甲", "10"), ("乙", "7")]


def test_one_rule_scores_many_objects(rules: str, tmp_path: Path) -> None:
    wide = tmp_path / "wide.csv"
    wide.write_text("对象,次数,质量\n东区,4次,95%\n西区,1次,80%\n", encoding="utf-8")
    cards = json.loads(run("score", rules, "--actuals", str(wide), "--format", "json").stdout)
    assert [(c["object"], c["total"]) for c in cards] == [("东区", "10"), ("西区", "2.5")]


def test_reports_are_written_by_suffix(rules: str, data: str, tmp_path: Path) -> None:
    made = [str(tmp_path / name) for name in ("报告.json", "报告.txt")]
    assert run("score", rules, "--actuals", data, "-o", made[0], "-o", made[1], "--color", "always").exit_code == 0
    assert json.loads(Path(made[0]).read_text(encoding="utf-8"))["total"] == "8.5"
    assert "\x1b" not in Path(made[1]).read_text(encoding="utf-8")


def test_a_report_never_replaces_an_input(rules: str, data: str, tmp_path: Path) -> None:
    alias = tmp_path / "链接.json"
    alias.symlink_to(data)
    for target in (str(alias),):
        assert run("score", rules, "--actuals", data, "-o", target).exit_code == 2
    assert Path(data).read_text(encoding="utf-8") == GOOD


def test_nothing_is_written_when_an_output_cannot_be(rules: str, data: str, tmp_path: Path) -> None:
    assert run("score", rules, "--actuals", data, "-o", str(tmp_path / "没有" / "a.json")).exit_code == 2
    assert run("score", rules, "--actuals", data, "-o", str(tmp_path / "a.odt")).exit_code == 2
    assert not list(tmp_path.glob("**/a.*"))


def test_broken_rules_are_not_scored(tmp_path: Path, data: str) -> None:
    path = tmp_path / "broken.perf"
    path.write_text(RULES.replace("比例得分", "比例的分"), encoding="utf-8")
    made = tmp_path / "a.json"
    assert run("score", str(path), "--actuals", data, "-o", str(made)).exit_code == 1
    assert not made.exists()


def test_what_a_group_accepts_is_printed_from_the_plan_too(tmp_path: Path) -> None:
    path, plan, actual = tmp_path / "a.perf", tmp_path / "a.json", tmp_path / "a.csv"
    path.write_text(RULES.replace("产出 points 10", '产出 points 11 accept R222 "原表如此"'), encoding="utf-8")
    actual.write_text(GOOD, encoding="utf-8")
    assert run("compile", str(path), "-o", str(plan)).exit_code == 0
    for rules in (path, plan):
        assert "理由：原表如此" in run("score", str(rules), "--actuals", str(actual)).stdout
        card = json.loads(run("score", str(rules), "--actuals", str(actual), "--format", "json").stdout)
        assert card["groups"][0]["accepted"] == [{"code": "R222", "reason": "原表如此"}]


def test_a_half_year_can_be_scored_as_of_a_day(tmp_path: Path) -> None:
    path = tmp_path / "half.perf"
    path.write_text(RULES.replace('full "≥4次" ', 'half "序时进度" full "100%"'), encoding="utf-8")
    actual = tmp_path / "a.csv"
    actual.write_text("指标,实际值\n次数,25%\n质量,95%\n", encoding="utf-8")
    words = ("score", str(path), "--actuals", str(actual), "--period", "half", "--format", "json")
    scores = {
        day: json.loads(run(*words, "--as-of", day).stdout)["indicators"][0]["score"]
        for day in ("2024-03-31", "2024-06-30")
    }
    assert scores == {"2024-03-31": "6", "2024-06-30": "3"}


# ---- compile, fmt, test, target, explain, new


def test_compiled_plan_holds_targets_and_points(rules: str) -> None:
    plan = json.loads(run("compile", rules, "-o", "-").stdout)
    first = plan["indicators"][0]
    assert (first["path"], first["points"]) == (["产出", "次数"], "6")
    target = first["targets"]["full"]
    assert {k: target[k] for k in ("text", "kind", "op", "value", "unit")} == {
        "text": "≥4次", "kind": "number", "op": ">=", "value": "4", "unit": "次",
    }  # fmt: skip
    assert plan["groups"][0]["path"] == ["产出"]


def test_fmt_check_changes_nothing_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.perf"
    ugly = 'project   "甲"{次数 full "≥4次"   # 注\n}'
    path.write_text(ugly, encoding="utf-8")
    assert run("fmt", "--check", str(path)).exit_code == 1
    assert path.read_text(encoding="utf-8") == ugly
    assert run("fmt", str(path)).exit_code == 0
    assert path.read_text(encoding="utf-8") == 'project "甲" {\n  次数 full "≥4次"   # 注\n}\n'
    assert run("fmt", "--check", str(path)).exit_code == 0


def test_fmt_turns_keywords_and_back(tmp_path: Path, rules: str) -> None:
    there = run("fmt", "--keywords", "zh", "-", given=RULES).stdout
    assert '项目 "甲"' in there
    assert "分值 6" in there
    assert run("fmt", "--keywords", "en", "-", given=there).stdout == run("fmt", "-", given=RULES).stdout
    path = tmp_path / "zh.perf"
    path.write_text(there, encoding="utf-8")
    assert run("check", "--no-cache", str(path)).exit_code == 0


def test_fmt_leaves_a_broken_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.perf"
    path.write_text('project "甲" {', encoding="utf-8")
    assert run("fmt", str(path)).exit_code == 1
    assert path.read_text(encoding="utf-8") == 'project "甲" {'


def test_failing_test_shows_both_figures_and_goes_into_junit(tmp_path: Path) -> None:
    path = tmp_path / "a.perf"
    path.write_text(
        RULES + 'test "错的" { given 次数 3次 given 质量 95% expect 次数 score 5 expect total 8.5 }\n', encoding="utf-8"
    )
    junit = tmp_path / "junit.xml"
    result = run("test", str(path), "--junit", str(junit))
    assert result.exit_code == 1
    assert "应为 5，实得 4.5" in result.stdout
    suite = ElementTree.fromstring(junit.read_bytes())
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")


def test_a_test_without_expectation_fails() -> None:
    result = run("test", "-", given=RULES + 'test "空的" { given 次数 3次 }\n')
    assert result.exit_code == 1


def test_target_answers_line_by_line() -> None:
    lines = run("target", "-", "--format", "json", given="≥52席\n98\t≥\t%\t满意率\n").stdout.splitlines()
    first, second = map(json.loads, lines)
    assert (first["text"], first["kind"], first["op"], first["value"], first["unit"]) == (
        "≥52席",
        "number",
        ">=",
        "52",
        "席",
    )
    assert (second["kind"], second["op"], second["value"], second["unit"]) == ("percent", ">=", "98", "%")
    assert first["findings"] == []


def test_target_answers_a_whole_table_a_line_each_and_counts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        line.split("\t")[:4]
        for path in sorted(CELLS.glob("*.tsv"))
        for line in path.read_text("utf-8").splitlines()[1:]
    ]
    given = "".join("\t".join(row) + "\n" for row in rows)
    zh = run("target", "-", "--summary", given=given)
    monkeypatch.setenv("PERFDSL_LANG", "en")
    en = run("target", "-", "--summary", given=given)
    assert len(rows) >= 600
    assert len(zh.stdout.splitlines()) == len(en.stdout.splitlines()) == len(rows)
    assert all("读作" in line for line in zh.stdout.splitlines())
    assert f"共 {len(rows)} 格：数 " in zh.stderr
    assert f"{len(rows)} cells: number " in en.stderr
    doubtful = sum("处疑点" in line for line in zh.stdout.splitlines())
    assert f"有疑点的 {doubtful} 格。" in zh.stderr


def test_target_says_which_column_gave_what_and_why_it_doubts(monkeypatch: pytest.MonkeyPatch) -> None:
    zh = run("target", "0.95", "--op", "≥", "--unit", "%", "--name", "满意度").stdout.splitlines()[0]
    for piece in (
        "不少于（≥）0.95%",
        "符号取自指标性质栏“≥”",
        "单位取自计量单位栏“%”",
        "有 1 处疑点",
        "是 0.95% 还是 95%",
    ):
        assert piece in zh
    named = run("target", "", "--name", "满意度≥95%").stdout.splitlines()[0]
    assert "指标值取自指标名称" in named
    made = json.loads(run("target", "290%", "--format", "json").stdout)
    assert made["doubtful"] is True
    assert made["sentence"].startswith("“290%”读作百分比")
    assert json.loads(run("target", "≥90%", "--format", "json").stdout)["doubtful"] is False
    monkeypatch.setenv("PERFDSL_LANG", "en")
    en = run("target", "30", "--name", "预算控制数（万元）").stdout.splitlines()[0]
    assert (
        en
        == "“30” is read as an amount of money: (no sign) 30万元, the unit comes from the name “预算控制数（万元）”; nothing doubtful."
    )


def test_explain_prints_the_page_of_a_code_and_the_text_of_a_rubric() -> None:
    assert run("explain", "V101").stdout.startswith("# V101")
    assert "completion >= 100% -> 100%" in run("explain", "比例得分").stdout
    assert "rubric 扣分" in run("explain", "财预2020_10号").stdout
    wrong = run("explain", "及格比例的分")
    assert wrong.exit_code == 2
    assert "比例得分" in wrong.output


def test_new_makes_a_folder_that_works(tmp_path: Path) -> None:
    folder = tmp_path / "我的项目"
    assert run("new", str(folder)).exit_code == 0
    assert run("check", "--no-cache", str(folder)).exit_code == 0
    assert run("test", str(folder)).exit_code == 0
    assert run("score", str(folder / "规则.perf"), "--actuals", str(folder / "完成值.csv")).exit_code == 0
    assert run("fmt", "--check", str(folder)).exit_code == 0
    assert run("new", str(folder)).exit_code == 2


# ---- help, language, streams


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_fits_80_columns(command: str, lang: str) -> None:
    words = [sys.executable, "-m", "perfdsl", *([command] if command else []), "--help", "--lang", lang]
    made = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "80"})
    if not command:
        made = subprocess.run(
            [sys.executable, "-m", "perfdsl", "--lang", lang, "--help"], capture_output=True, text=True, check=False
        )
    assert made.returncode == 0
    assert max(map(width, made.stdout.splitlines())) <= 80


@pytest.mark.parametrize("words", [["nonsense"], ["score"], ["check"], ["score", "a.perf", "--nope"], ["check", "没有.perf"],
                                   ["check", "."], ["score", ".", "--actuals", "x"]])  # fmt: skip
def test_wrong_usage_exits_with_two_and_one_sentence(words: list[str], tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "perfdsl", *words], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert made.returncode == 2
    assert "Traceback" not in made.stderr
    assert made.stderr.strip()
    assert made.stdout == ""


def test_unknown_command_suggests_one() -> None:
    made = subprocess.run([sys.executable, "-m", "perfdsl", "chek"], capture_output=True, text=True, check=False)
    assert "check" in made.stderr


def test_no_colour_without_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "gap.perf"
    path.write_text(GAP, encoding="utf-8")
    assert "\x1b" not in run("check", "--no-cache", str(path)).stdout
    assert "\x1b" in run("check", "--no-cache", "--color", "always", str(path)).stdout


def test_shell_completion_offers_commands() -> None:
    env = {**os.environ, "_PERFDSL_COMPLETE": "bash_complete", "COMP_WORDS": "perfdsl c", "COMP_CWORD": "1"}
    made = subprocess.run([sys.executable, "-c", "import sys; sys.argv=['perfdsl']; from perfdsl.cli import main; main()"],
                          capture_output=True, text=True, check=False, env=env)  # fmt: skip
    assert {"check", "compile"} <= {line.split(",")[-1] for line in made.stdout.split()}


def test_version() -> None:
    assert run("--version").stdout.startswith("perfdsl ")
