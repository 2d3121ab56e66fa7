"""Findings as text, JSON and SARIF: the underline stands under the right words, and nothing raw reaches a terminal."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_reports import WRONG

from perfdsl.diagnostics import ERROR, INFO, WARNING, Diagnostic, Kind, Label, finding
from perfdsl.show import diagnostics_json, diagnostics_sarif, diagnostics_text, summary
from perfdsl.text import NOWHERE, Source, Span
from perfdsl.width import width

KIND = Kind("R222", ERROR, "“{name}”的分值写了两次", "points of {name} given twice", "只留一个", "keep one of them")
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def at(text: str, words: str, **more: object) -> Diagnostic:
    start = text.index(words)
    return finding(KIND, Span(start, start + len(words), Source("热线.perf", text)), name="甲", **more)  # type: ignore[arg-type]


def show(*found: Diagnostic, lang: str = "zh", columns: int = 80) -> list[str]:
    return diagnostics_text(found, lang, False, columns).splitlines()


def underlined(shown: list[str]) -> str:
    """The words of the shown line that stand over the carets, by display width."""
    number = next(i for i, line in enumerate(shown) if re.fullmatch(r" *\|  *\^+.*|.*\| \^+.*", line))
    under, over = shown[number], shown[number - 1]
    start, end = under.index("^"), under.rindex("^") + 1
    found, cell = "", 0
    for character in over:
        if start <= cell < end:
            found += character
        cell += width(character)
    return found


# ---- text


def test_whole_picture() -> None:
    text = '甲 full "≥9件" points 5\n\n\n  乙 points 6\n'
    source = Source("热线.perf", text)
    first, second = text.index("points 5"), text.index("points 6")
    found = finding(
        KIND,
        Span(second, second + 8, source),
        labels=[Label(Span(first, first + 8, source), "前一次", "before")],
        name="甲",
    )
    found = found._replace(witness=(("actual", "90%"),), repro='test "x" {\n  given 甲 90%\n}')
    assert show(found) == [
        "错误[R222] “甲”的分值写了两次",
        " --> 热线.perf:4:5",
        "  |",
        '1 | 甲 full "≥9件" points 5',
        "  |                -------- 前一次",
        "...",
        "4 |   乙 points 6",
        "  |      ^^^^^^^^",
        "  = 建议：只留一个",
        "  = 反例：完成值 = 90%",
        "  = 复现：",
        '      test "x" {',
        "        given 甲 90%",
        "      }",
        "",
        "1 个错误",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('座席资源个数 full "≤52席" points 20', "points 20"),
        ('座席资源个数 full "≤52席" points 20', "52席"),
        ("\t座席\t个数 points 20", "个数"),
        ("全角（ＡＢ）：ｐ points 3", "points"),
        ("　　全角空格 points", "全角空格"),
    ],
)
def test_underline_is_under_the_words(text: str, words: str) -> None:
    assert underlined(show(at(text, words))) == words


@given(st.text(st.sampled_from("甲乙 a1“”，（)\t≥"), max_size=300), st.text(st.sampled_from("甲乙b，"), min_size=1, max_size=10),
       st.text(st.sampled_from("甲 a\t）"), max_size=300), st.integers(40, 120))  # fmt: skip
def test_underline_is_under_the_words_of_long_lines_too(before: str, words: str, after: str, columns: int) -> None:
    source = Source("a.perf", before + words + after)
    found = finding(KIND, Span(len(before), len(before) + len(words), source), name="甲")
    shown = show(found, columns=columns)
    assert underlined(shown) == words
    assert max(map(width, shown)) <= columns


def test_place_at_the_end_of_a_line_and_of_the_file_gets_one_caret() -> None:
    source = Source("a.perf", "甲 {\n乙")
    for place, caret in (
        (Span(3, 4, source), "  |     ^"),
        (Span(6, 6, source), "  |   ^"),
        (Span(2, 6, source), "  |    ^"),
    ):
        assert caret in show(finding(KIND, place, name="甲"))


def test_label_in_another_file_has_its_own_place() -> None:
    other = Source("规则.perf", "rubric 甲 { }")
    shown = show(at("甲 points 5", "points", labels=[Label(Span(7, 8, other), "在这里", "here")]))
    assert " ::: 规则.perf:1:8" in shown
    assert "  |        -- 在这里" in shown


def test_label_on_the_same_place_stands_beside_the_carets() -> None:
    source = Source("a.perf", "甲 points 5")
    shown = show(finding(KIND, Span(2, 8, source), labels=[Label(Span(2, 8, source), "多余", "too many")], name="甲"))
    assert "  |    ^^^^^^ 多余" in shown


def test_finding_without_a_place_has_no_arrow() -> None:
    shown = show(finding(KIND, NOWHERE, labels=[Label(NOWHERE, "总的", "all")], name="甲"))
    assert shown[:3] == ["错误[R222] “甲”的分值写了两次", "  = 注：总的", "  = 建议：只留一个"]


def test_very_long_line_is_cut_even_without_a_limit() -> None:
    shown = show(at("甲" * 100_000 + " points 5 " + "乙" * 100_000, "points 5"), columns=0)
    assert underlined(shown) == "points 5"
    assert max(map(width, shown)) <= 200


def test_colour_only_when_asked_for() -> None:
    found = [at("甲 points 5", "points"), *WRONG]
    coloured = diagnostics_text(found, "zh", True, 80)
    assert "\x1b" in coloured
    assert ANSI.sub("", coloured) == diagnostics_text(found, "zh", False, 80)


def test_what_a_user_wrote_cannot_steer_the_terminal() -> None:
    text = "甲\x1b[2J\x07\u202e points 5"
    shown = diagnostics_text(
        [at(text, "points", labels=[])._replace(accepted="\x1b[0m", repro="a\x1bb")], "zh", False, 80
    )
    assert all(c.isprintable() or c in "\n\u3000" for c in shown)
    assert underlined(shown.splitlines()) == "points"


def test_accepted_finding_is_a_note_with_its_reason() -> None:
    shown = show(at("甲 points 5", "points")._replace(accepted="原表如此"))
    assert shown[0].startswith("提示[R222]")
    assert "  = 已接受：原表如此" in shown
    assert shown[-1] == "1 处已接受"


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60), st.sampled_from(["zh", "en"]))
def test_any_place_in_any_text_can_be_shown(text: str, start: int, size: int, lang: str) -> None:
    source = Source("a", text)
    first = min(start, len(text))
    found = finding(KIND, Span(first, min(first + size, len(text)), source), name=text)
    shown = diagnostics_text([found], lang, False, 60)
    assert all(unicodedata.category(c) not in ("Cc", "Cf") or c == "\n" for c in shown)
    json.dumps([diagnostics_json([found], lang), diagnostics_sarif([found], lang)])


# ---- the line that counts


@pytest.mark.parametrize(
    ("severities", "zh", "en"),
    [
        ([ERROR] * 3 + [WARNING], "3 个错误，1 个警告", "3 errors, 1 warning"),
        ([INFO] * 2, "2 个提示", "2 notes"),
        ([], "没有发现问题", "no problems found"),
    ],
)
def test_summary(severities: list[str], zh: str, en: str) -> None:
    found = [finding(KIND._replace(severity=severity), NOWHERE, name="甲") for severity in severities]
    assert (summary(found, "zh"), summary(found, "en")) == (zh, en)


# ---- JSON


def test_json_counts_columns_in_characters() -> None:
    made = diagnostics_json([at("甲\n  𠀀乙 points 5", "points")], "en")[0]
    assert (made["file"], made["start"], made["end"]) == (
        "热线.perf",
        {"line": 2, "column": 6},
        {"line": 2, "column": 12},
    )
    assert (made["code"], made["severity"], made["message"]) == ("R222", "error", "points of 甲 given twice")
    assert (made["help"], made["labels"], made["witness"]) == ("keep one of them", [], {})
    assert "accepted" not in made
    assert "test" not in made


def test_json_of_a_finding_without_a_place_is_null_there() -> None:
    made = diagnostics_json(WRONG, "zh")[1]
    assert (made["file"], made["start"], made["end"]) == (None, None, None)
    assert (made["severity"], made["accepted"], made["test"]) == ("info", "原表如此", 'test "x" { }')
    assert made["witness"] == {"actual": "90%"}


# ---- SARIF


def test_sarif_points_at_characters_with_escaped_names() -> None:
    log = diagnostics_sarif([at("甲 points 5", "points")], "zh")
    run = log["runs"][0]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "utf16CodeUnits")
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "%E7%83%AD%E7%BA%BF.perf"
    assert place["region"] == {"startLine": 1, "startColumn": 3, "endLine": 1, "endColumn": 9}


def test_sarif_rules_are_named_once_and_found_by_index() -> None:
    other = finding(KIND._replace(code="A101", severity=WARNING), NOWHERE, name="乙")
    run = diagnostics_sarif([*WRONG, other], "zh")["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["A101", "R222"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert rules[1]["help"]["text"] == "只留一个。perfdsl explain R222"
    assert rules[1]["shortDescription"]["text"] == "“…”的分值写了两次"


def test_sarif_suppresses_what_is_accepted() -> None:
    first, second = diagnostics_sarif(WRONG, "zh")["runs"][0]["results"]
    assert (first["level"], second["level"]) == ("error", "note")
    assert "suppressions" not in first
    assert second["suppressions"] == [{"kind": "inSource", "status": "accepted", "justification": "原表如此"}]
    assert "locations" not in second
