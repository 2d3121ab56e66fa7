"""Reports of the examples: what a reader must find in them, and that they look the same wherever they are printed."""

import csv
import hashlib
import json
import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest
from attrs import evolve

from perfdsl.actuals import Row
from perfdsl.diagnostics import ERROR, WARNING, Diagnostic, Kind, Label, finding
from perfdsl.evaluate import evaluate
from perfdsl.observe import observe
from perfdsl.pipeline import Checked, Refusal, check
from perfdsl.reports import BadReport, Style, members
from perfdsl.reports import checked as checked_member
from perfdsl.reports._table import Cell, Column, Ink, by_point, lines
from perfdsl.scorecard import MISSED, NOT_APPLICABLE, UNJUDGED, GroupScore, IndicatorScore, Scorecard
from perfdsl.text import NOWHERE, Source, Span
from perfdsl.width import width

ROOT = Path(__file__).parent.parent
BOXES = re.compile("[\u2500-\u259f]")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
HALF = Fraction(1, 2)
PLAIN = Style()
COLUMNS = {
    "指标": "name",
    "实际值": "value",
    "完成值": "value",
    "单位": "unit",
    "评分": "mark",
    "复核分": "override",
    "事项": "item",
    "偏差原因": "explanation",
    "证据": "evidence",
}


class Example(NamedTuple):
    """Rules and their actual values."""

    rules: Path
    actuals: Path


def _examples() -> list[Example]:
    made = []
    for data in sorted((ROOT / "examples").glob("*/*.csv")):
        same = data.with_name(f"{data.stem.removesuffix('-虚构')}.perf")
        made.append(Example(same if same.exists() else next(data.parent.glob("*.perf")), data))
    return made


EXAMPLES = _examples()
NANJING = next(e for e in EXAMPLES if "nanjing" in str(e.rules))
SUZHOU = next(e for e in EXAMPLES if "2023-department" in str(e.rules))


class Library:
    def library(self, name: str) -> Source | None:
        path = ROOT / "rulesets" / f"{name}.perf"
        return Source(path.name, path.read_text("utf-8")) if path.exists() else None

    def local(self, beside: Source, path: str) -> Source | Refusal:
        return Refusal("absent", path)

    def library_names(self) -> list[str]:
        return []


@cache
def checked(rules: Path) -> Checked:
    return check(Source(rules.name, rules.read_text("utf-8")), Library())


def scored(
    example: Example, period: str = "full", empty: bool = False, changes: Sequence[tuple[str, str]] = ()
) -> tuple[list[Scorecard], list[Diagnostic]]:
    """The cards of an example; ``changes`` are made in the text of its data."""
    done = checked(example.rules)
    text = example.actuals.read_text("utf-8-sig")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    rows, digest = _rows(Source(example.actuals.name, text)), hashlib.sha256(text.encode()).hexdigest()
    cards, everything = [], list(done.found)
    for plan in done.plans():
        observed, found = observe(plan, () if empty else rows, period, digest)
        card, more = evaluate(plan, observed, period)
        cards.append(card)
        everything += [*found, *more]
    return cards, everything


def _rows(source: Source) -> list[Row]:
    """The lines of a plain table."""
    rows = []
    for number, cells in enumerate(csv.DictReader(source.text.splitlines()), 2):
        start = source.line_starts[number - 1]
        span = Span(start, start + len(source.line_text(number)), source)
        rows.append(Row(**{COLUMNS[k]: v or "" for k, v in cells.items() if k in COLUMNS}, span=span))
    return rows


def rendered(name: str, cards: Sequence[Scorecard], found: Sequence[Diagnostic], style: Style) -> str:
    return next(m for m in members() if name == m.NAME).render(cards, found, style).decode("utf-8")


def terminal(example: Example, style: Style = PLAIN, **how: object) -> str:
    cards, found = scored(example, **how)  # type: ignore[arg-type]
    return rendered("terminal", cards, found, style)


_TEXT = Source("热线.perf", '\t座席资源个数 full "≤52席" points 20\n  乙 points 5\n')
_KIND = Kind("R222", ERROR, "“{name}”的分值写了两次", "points of {name} given twice", "只留一个", "keep one")
WRONG = (
    finding(_KIND, Span(19, 28, _TEXT), labels=[Label(Span(1, 7, _TEXT), "这里", "here")], name="座席资源个数"),
    finding(_KIND._replace(severity=WARNING), NOWHERE, labels=[Label(NOWHERE, "总的", "all")], name="乙")._replace(
        witness=(("actual", "90%"),), repro='test "x" { }', accepted="原表如此"
    ),
)


def row(name: str, **more: object) -> IndicatorScore:
    facts: dict[str, object] = {
        "path": ("产出", name), "target": "≥9", "actual": "8", "status": MISSED, "points": Fraction(2), "score": Fraction(1),
        "low": Fraction(1), "high": Fraction(1), "reason_zh": "8 < 9，未达标", "reason_en": "8 < 9: missed",
    }  # fmt: skip
    return IndicatorScore(**(facts | more))  # type: ignore[arg-type]


def card(*rows: IndicatorScore, **more: object) -> Scorecard:
    group = GroupScore(path=("产出",), points=Fraction(4), score=Fraction(2), low=Fraction(2), high=Fraction(2))
    facts: dict[str, object] = {
        "object": "某单位", "kind": "project", "period": "full", "as_of": "2024-12-31", "complete": True, "points": Fraction(4),
        "total": Fraction(2), "low": Fraction(2), "high": Fraction(2), "groups": (group,), "indicators": rows,
    }  # fmt: skip
    return Scorecard(**(facts | more))  # type: ignore[arg-type]


# ---- the family


def test_members_are_found_in_order() -> None:
    assert [m.NAME for m in members()] == sorted(m.NAME for m in members())
    assert {"json", "terminal"} <= {m.NAME for m in members()}


@pytest.mark.parametrize("lacking", ["NAME", "SUFFIX", "render"])
def test_member_that_lacks_a_name_is_refused(lacking: str) -> None:
    module = ModuleType("perfdsl.reports.x")
    vars(module).update({"NAME": "x", "SUFFIX": ".x", "render": print})
    checked_member(module)
    delattr(module, lacking)
    with pytest.raises(BadReport, match=lacking):
        checked_member(module)


def test_member_is_called_like_its_file() -> None:
    module = ModuleType("perfdsl.reports.x")
    vars(module).update({"NAME": "y", "SUFFIX": ".x", "render": print})
    with pytest.raises(BadReport, match="y"):
        checked_member(module)


# ---- JSON


def test_json_has_the_published_score_of_nanjing() -> None:
    cards, found = scored(NANJING)
    made = json.loads(rendered("json", cards, found, Style()))
    assert (made["total"], made["points"], made["grade"], made["complete"]) == ("99.5", "100", "优", True)
    assert "lowest" not in made
    assert len(made["provenance"]["ruleset_sha256"]) == len(made["provenance"]["actuals_sha256"]) == 64
    first = made["indicators"][0]
    assert first["path"] == ["部门决策", "决策机制", "决策制度的规范性"]
    assert (first["status"], first["score"]) == ("met", "2")
    assert first["path"][-1] in NANJING.rules.read_text("utf-8").splitlines()[first["line"] - 1]


def test_incomplete_json_has_a_range_and_no_total() -> None:
    cards, found = scored(NANJING, changes=[("96.83%", "")])
    made = json.loads(rendered("json", cards, found, Style()))
    assert (made["total"], made["lowest"], made["highest"], made["grade"]) == (None, "89.5", "99.5", "")
    rate = next(x for x in made["indicators"] if x["status"] == "missing")
    assert (rate["score"], rate["lowest"], rate["highest"]) == (None, "0", "10")


def test_numbers_without_a_finite_decimal_stay_exact() -> None:
    made = json.loads(rendered("json", [card(row("甲", completion=Fraction(1, 3)))], [], Style()))
    assert made["indicators"][0]["completion"] == "1/3"


def test_review_shows_both_scores() -> None:
    made = json.loads(
        rendered("json", [card(row("甲", computed=Fraction(2), override=Fraction(1)), row("乙"))], [], Style())
    )
    assert (made["indicators"][0]["computed"], made["indicators"][0]["override"]) == ("2", "1")
    assert "override" not in made["indicators"][1]


def test_findings_stand_once_with_several_objects() -> None:
    made = json.loads(rendered("json", [card(row("甲")), card(row("甲"))], WRONG, Style()))
    assert [len(one["findings"]) for one in made] == [2, 0]


@pytest.mark.parametrize("name", ["json", "terminal"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.rules.stem)
def test_same_input_gives_same_bytes(name: str, example: Example) -> None:
    first, second = (rendered(name, *scored(example), Style(verbose=True)) for _ in range(2))
    assert first == second
    assert first.endswith("\n")


# ---- terminal


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.rules.stem)
@pytest.mark.parametrize("empty", [False, True], ids=["as given", "without data"])
def test_nothing_is_wider_than_the_page(example: Example, empty: bool) -> None:
    cards, found = scored(example, empty=empty)
    for columns, lang in product((40, 60, 80, 120), ("zh", "en")):
        text = rendered("terminal", cards, found, Style(lang=lang, columns=columns, verbose=True))
        assert max(map(width, text.splitlines())) <= columns
        assert not any(line != line.rstrip() for line in text.splitlines())


def test_several_objects_begin_with_a_table() -> None:
    cards = [
        card(row("甲")),
        card(row("甲"), object="很长的名称" * 20, complete=False, total=None, low=Fraction(1), high=Fraction(3)),
    ]
    lines = rendered("terminal", cards, WRONG, Style()).splitlines()
    assert "2 个对象" in lines[0]
    assert re.fullmatch(r"某单位 +2 +4 +完整", lines[2])
    assert re.fullmatch(r"很长的名称.* +1–3 +4 +未完成", lines[3])
    assert max(map(width, lines)) <= 80


def test_lost_points_are_ranked_with_their_reason() -> None:
    text = rendered(
        "terminal",
        [card(row("甲", score=HALF), row("乙", score=Fraction(0)), row("丙", score=Fraction(2)))],
        [],
        Style(),
    )
    lost = text[text.index("失分（2 项，共 3.5 分）") :]
    assert lost.index("乙（得 0 / 2）") < lost.index("甲（得 0.5 / 2）")
    assert "指标值 ≥9    实际值 8" in lost
    assert "8 < 9，未达标" in lost
    assert "丙" not in lost


def test_incomplete_total_is_a_range_that_says_what_is_missing() -> None:
    text = terminal(NANJING, changes=[("96.83%", ""), (",0.5,", ",,")])
    assert "总分 89–100 / 100" in text
    assert "还差：工作开展情况、服务对象对热线工作的满意度" in text
    assert "需要说明（2 项）" in text


def test_accepted_exceptions_are_always_printed() -> None:
    for style in (Style(), Style(lang="en"), Style(plain=True)):
        text = terminal(NANJING, style)
        assert "V101" in text
        assert "原表如此：恰好90%没有规定" in text


def test_object_without_points_counts_its_targets() -> None:
    text = terminal(SUZHOU)
    assert "总分" not in text
    assert "达标 41" in text
    assert "未达标（2 项）" in text
    assert "原因：专项委托业务费据实结算" in text


def test_review_and_what_does_not_apply_are_listed() -> None:
    reviewed = row("甲", computed=Fraction(2), override=Fraction(1), explanation="材料不全")
    text = rendered("terminal", [card(reviewed, row("乙", status=NOT_APPLICABLE, score=None))], [], Style())
    assert "复核改分（1 项）" in text
    assert "原因：材料不全" in text
    assert "不适用或本期不考核（1 项）" in text


def test_colour_only_when_asked_for() -> None:
    coloured = terminal(NANJING, Style(colour=True, verbose=True))
    assert "\x1b" in coloured
    assert "\x1b" not in terminal(NANJING, Style(verbose=True))
    assert ANSI.sub("", coloured) == terminal(NANJING, Style(verbose=True))


def test_plain_has_no_lines_and_blocks() -> None:
    cards, found = scored(NANJING, changes=[("96.83%", "")])
    assert BOXES.search(rendered("terminal", cards, found, Style()))
    plain = rendered("terminal", [*cards, *cards], [*found, *WRONG], Style(plain=True, verbose=True))
    assert not BOXES.search(plain)
    assert "–" not in plain


def test_control_characters_of_users_are_not_printed() -> None:
    bad = row("甲\x1b[31m", target="≥9\x1b[2J\n≥10", actual="8\u202e", explanation="\x07", reason_zh="8\r\n9")
    text = rendered("terminal", [card(bad, object="单位\x1b]0;x\x07")], WRONG, Style(verbose=True))
    assert all(c.isprintable() or c == "\n" for c in text)


def test_bar_is_never_full_when_something_was_lost() -> None:
    group = GroupScore(
        path=("产出",), points=Fraction(100), score=Fraction(999, 10), low=Fraction(999, 10), high=Fraction(999, 10)
    )
    text = rendered("terminal", [card(row("甲"), groups=(group,))], [], Style())
    assert "█████████░" in text
    assert "██████████" not in text


def test_open_scores_are_explained() -> None:
    marked = row("甲", status=UNJUDGED, score=None, low=Fraction(0), high=Fraction(1))
    text = rendered("terminal", [card(marked, total=None, complete=False, high=Fraction(3))], [], Style(lang="en"))
    assert "total 2–3 / 4" in text
    assert "still open: 甲" in text
    assert "[unjudged] 甲 (0–1 of 2)" in text


# ---- tables


def test_wide_characters_are_aligned() -> None:
    columns = [Column(8), Column(4, True)]
    made = [next(lines([Cell(a), Cell(b)], columns, Ink(False))) for a, b in (("指标", "2"), ("abcd", "10"))]
    assert made == ["指标         2", "abcd        10"]


def test_points_of_numbers_stand_under_each_other() -> None:
    assert by_point(["15", "19.5", "0.25", "", "1/3"]) == ["15   ", "19.5 ", "0.25", "", "1/3"]


def test_long_cells_wrap_under_their_indent() -> None:
    made = list(lines([Cell("  一二三四五"), Cell("1")], [Column(8), Column(2, True)], Ink(False)))
    assert made == ["  一二三   1", "  四五"]


def test_cards_are_not_changed_by_style() -> None:
    one = card(row("甲"))
    rendered("terminal", [one], [], Style(columns=40))
    assert one == evolve(one)
