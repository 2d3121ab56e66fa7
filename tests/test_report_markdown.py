"""Markdown: the same numbers as the JSON, and every word printed as it was written, whatever Markdown makes of its signs."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import pytest
from cards import ATTACKS, WORDS, amounts, as_json, cause_amounts, difference_of, printed, scorecards, shown
from gate import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_reports import EXAMPLES, NANJING, WRONG, Example, card, row, scored

from perfdsl.reports import Style, members
from perfdsl.reports._phrases import Voice
from perfdsl.reports._text import clean
from perfdsl.reports.markdown import escape, opening
from perfdsl.scorecard import Scorecard

markdown_it = pytest.importorskip("markdown_it")

MARKDOWN = next(m for m in members() if m.NAME == "markdown")
READER = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
SIGNS = st.text(alphabet="\\`*_[]()|~$<>&#!+-=.:;/ 1aé一“”（）\u3000@", max_size=14)


def text_of(token: Any) -> str:
    """The words of an inline token; anything but words and bold is Markdown that acted on a user's sign."""
    for child in token.children or ():
        assert child.type in ("text", "strong_open", "strong_close"), (child.type, token.content)
    return "".join(child.content for child in token.children or ())


def parsed(text: str) -> tuple[list[list[list[str]]], list[str]]:
    """(tables as rows of cells, texts of all other blocks)."""
    tables: list[list[list[str]]] = []
    others: list[str] = []
    inside = False
    for token in READER.parse(text):
        assert token.type not in ("html_block", "code_block", "fence", "blockquote_open", "hr")
        if token.type == "table_open":
            inside = True
            tables.append([])
        elif token.type == "table_close":
            inside = False
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type == "inline" and inside:
            tables[-1][-1].append(text_of(token))
        elif token.type == "inline":
            others.append(text_of(token))
    return tables, others


def rendered(cards: Sequence[Scorecard], lang: str = "zh", found: Sequence[Any] = ()) -> str:
    return MARKDOWN.render(cards, found, Style(lang=lang)).decode("utf-8")


def agrees(cards: Sequence[Scorecard]) -> None:
    """Every number of the JSON stands in the score sheet, in the reasons, in the totals."""
    text = rendered(cards)
    sheets = [table for table in parsed(text)[0] if "指标值" in table[0]]
    moves = iter([table for table in parsed(text)[0] if table[0][:2] == ["变化", "指标或组"]])
    reasons = reasons_of(text)
    for one, table in zip(as_json(cards), sheets, strict=True):
        lines = [line for line in table[1:] if "未设指标" not in line]
        assert len(lines) == len(one["indicators"])
        for line, want in zip(lines, one["indicators"], strict=True):
            _line_agrees(line, want, one["points"] is not None)
            _reason_agrees(next(reasons), want)
        if "comparison" in one:
            table = next(moves) if amounts(one) else [[]]
            assert [line[0] for line in table[1:]] == amounts(one)
            assert difference_of(one) in text
            said = "，".join(line[2] for line in table[1:])
            assert all(f" {amount}" in said for amount in cause_amounts(one))
        if one["points"] is not None:
            assert f"**总分 {shown(one, 'total')} / {one['points']}" in text
    assert list(reasons) == []


def _line_agrees(line: list[str], want: dict[str, Any], has_points: bool) -> None:
    names, rest = (line[:-5], line[-5:]) if has_points else (line[:-3], line[-3:])
    assert printed(names[len(names) - 1] or next(filter(None, reversed(names)))) == printed(want["path"][-1])
    assert [printed(cell) for cell in rest[:2]] == [printed(want["target"]), printed(want["actual"])]
    if has_points:
        assert rest[2] == (want["points"] or ("加减分" if want["bonus"] else ""))
        assert rest[3] == (shown(want) or "—")
    assert rest[-1].lstrip("√↑×○？－") in (WORDS[want["status"]], "待定分", "—")


def reasons_of(text: str) -> Iterator[str]:
    """The items of the numbered list of reasons."""
    tokens = READER.parse(text)
    for number, token in enumerate(tokens):
        if token.type == "ordered_list_open":
            depth = number
            while tokens[depth].type != "ordered_list_close":
                if tokens[depth].type == "inline":
                    yield text_of(tokens[depth])
                depth += 1


def _reason_agrees(said: str, want: dict[str, Any]) -> None:
    assert printed(want["path"][-1]) in printed(said) and printed(want["reason"]) in printed(said)
    if want["line"]:
        assert f"规则：第 {want['line']} 行" in said
    if want["completion"] is not None:
        assert f"完成率：{Voice('zh').share(Fraction(want['completion']))}" in said
    if want["points"] is not None and shown(want):
        assert f"（得 {shown(want)} / {want['points']}）" in said
    if want.get("override") is not None:
        assert f"复核改为 {want['override']} 分" in said or f"复核定为 {want['override']} 分" in said


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.rules.stem)
def test_markdown_has_the_numbers_of_the_json(example: Example) -> None:
    for period in ("full", "half"):
        agrees(scored(example, period)[0])
    agrees(scored(example, empty=True)[0])


@settings(max_examples=examples(80))
@given(scorecards())
def test_any_card_has_the_numbers_of_the_json(one: Scorecard) -> None:
    agrees([one])


@settings(max_examples=examples(30))
@given(scorecards(), scorecards())
def test_several_cards_begin_with_a_table(first: Scorecard, second: Scorecard) -> None:
    tables, _ = parsed(rendered([first, second], found=WRONG))
    assert [line[1] for line in tables[0][1:]] == [clean(first.object), clean(second.object)]
    agrees([first, second])


@settings(max_examples=examples(600))
@given(st.one_of(SIGNS, st.sampled_from(ATTACKS), st.text(max_size=20)))
@example("1.")
@example("--")
@example("&#35;")
@example("a_b_c")
@example("~~x~~")
def test_every_text_is_printed_as_it_was_written(text: str) -> None:
    words = clean(text)
    middle, start = escape(words), opening(words)
    tables, others = parsed(f"| h |\n| - |\n| {middle} |\n\n- {start}\n\n# x {middle}\n\nx {middle} x\n")
    assert tables == [[["h"], [words]]]
    assert others == [*([words] if words else []), f"x {words}".strip(), f"x {words} x"]


def test_markdown_is_readable_as_text() -> None:
    cards, found = scored(NANJING)
    text = rendered(cards, found=found)
    assert "**总分 99.5 / 100，等级 优**" in text
    assert "| 部门管理 | 预算执行 | 部门预算执行率 | 达到考核要求 | 达到考核要求 | 1 | 1 | √达标 |" in text
    assert "|  | 满意度 | 服务对象对热线工作的满意度 | >90% | 96.83% | 10 | 10 | √达标 |" in text
    assert "| 1 | 工作开展情况 | 0.5 | 0.5 | 1 | “部分开展” → 第2档（0至1分） 评0.5分 |" in text
    assert "- **V101** “预算编制科学规范”完成值为 90% 时没有任何一档适用；理由：原表如此：恰好90%没有规定" in text
    assert not any(line != line.rstrip() for line in text.splitlines())


def test_incomplete_total_is_a_range_in_bold() -> None:
    cards, found = scored(NANJING, changes=[("96.83%", "")])
    assert "**总分 89.5–99.5 / 100**\n\n结果不完整，总分还不能确定" in rendered(cards, found=found)


def test_english_markdown_has_english_words() -> None:
    text = rendered([card(row("a"))], "en", WRONG[:1])
    assert "**Total 2 / 4**" in text
    assert "| No. | Indicator | Lost | Score | Points | Cause |" in text
    assert "- **error R222** points of 座席资源个数 given twice; keep one; 热线.perf:1" in text


def test_same_input_gives_same_bytes() -> None:
    cards, found = scored(NANJING)
    assert rendered(cards, found=found) == rendered(cards, found=found)
