"""``perfdsl sentence``: what is printed, as text and JSON, in both languages and both directions, and the exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from perfdsl.cli.main import perfdsl

RULES = """project "热线" {
  total 40
  default number by 比例
  rubric 比例 { completion >= 100% -> 100%   otherwise -> completion }
  rubric 逐步(step, each: 0.5) { met -> 100%   otherwise -> max(0, points - each * floor(gap / step)) }
  产出 points 30 by 逐步(1%, each: 2) {
    办结率 full "≥90%" points 10
    满意率 full "≥95%" points 10 by 逐步(step: 5%)
    工单量 full "≥100件" points 10 by 比例
  }
  效益 points 10 {
    接通量 full "≥50件" points 10
  }
}
"""


def run(*words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(perfdsl, ["sentence", *words], input=given)


def test_a_rule_exits_with_0_and_text_with_1() -> None:
    assert run("符合得满分，否则不得分", "--points", "5").exit_code == 0
    done = run("符合得满分，否则不得分", "由主管部门研究确定", "--points", "5")
    assert done.exit_code == 1
    assert "“由主管部门研究确定”没有读懂，留作文字" in done.output


def test_json_holds_the_row_the_questions_and_the_choices() -> None:
    done = run("每低1个百分点扣0.5分", "--points", "10", "--target", "≥90%", "--format", "json")
    made = json.loads(done.output)
    assert made["understood"] is False and made["perf"] is None
    assert [each["code"] for each in made["open"]] == ["I201"]
    assert [each["take"] for each in made["choices"]] == [["floor"], ["ceil"], ["exact"]]
    assert "floor(gap / 1%)" in made["choices"][0]["perf"]
    taken = json.loads(
        run("每低1个百分点扣0.5分", "--points", "10", "--target", "≥90%", "--take", "floor", "--format", "json").output
    )
    assert taken["understood"] is True
    assert taken["perf"] == made["choices"][0]["perf"]


def test_lines_from_standard_input_bring_their_own_columns() -> None:
    lines = "符合得满分，否则不得分\t5\n大于90%的得2分，小于90%得1分\t2\t>90%\t执行率\n".encode()
    done = run("-", "--format", "json", given=lines)
    made = [json.loads(line) for line in done.output.splitlines()]
    assert [each["understood"] for each in made] == [True, True]
    assert made[1]["perf"].split() == [
        "执行率",
        "full",
        '">90%"',
        "points",
        "2",
        "by",
        "{",
        ">",
        "90%",
        "->",
        "2",
        "<",
        "90%",
        "->",
        "1",
        "}",
    ]


def test_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERFDSL_LANG", "en")
    done = run("未完成酌情扣分", "达标得好分，另议", "--points", "5")
    assert done.exit_code == 1
    assert "is read as" in done.output and "info I202" in done.output
    assert "“达标得好分，另议” was not understood and stays text" in done.output


def test_rules_become_sentences_with_their_arguments_and_defaults(tmp_path: Path) -> None:
    (tmp_path / "甲.perf").write_text(RULES, encoding="utf-8")
    done = run("--rules", str(tmp_path / "甲.perf"))
    assert done.output.splitlines() == [
        "产出/办结率：达到指标值得满分，每低1个百分点扣2分，不足1个百分点的不计，扣完为止",
        "产出/满意率：达到指标值得满分，每低5个百分点扣0.5分，不足5个百分点的不计，扣完为止",
        "产出/工单量：按比例得分",
        "效益/接通量：按比例得分",
    ]
    assert done.exit_code == 0


def test_a_rule_without_a_sentence_is_said_and_exits_with_1(tmp_path: Path) -> None:
    text = 'project "甲" { 率 full "≥90%" points 10 by { otherwise -> interpolate(actual, 60%: 0, 90%: 10) } }'
    (tmp_path / "甲.perf").write_text(text, encoding="utf-8")
    done = run("--rules", str(tmp_path / "甲.perf"), "--format", "json")
    assert [json.loads(line) for line in done.output.splitlines()] == [{"path": ["率"], "sentence": None}]
    assert done.exit_code == 1


@pytest.mark.parametrize(
    "words", [(), ("甲", "--rules", "甲.perf"), ("甲", "--points", "十来分"), ("甲", "--take", "both")]
)
def test_wrong_usage_exits_with_2(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_a_broken_file_exits_with_1_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "甲.perf").write_text('project "甲" { 率 full "≥90%" points 10 by 没有这个 }', encoding="utf-8")
    done = run("--rules", str(tmp_path / "甲.perf"))
    assert done.exit_code == 1
    assert "没有这个" in done.output
