"""The web page: the same numbers as the JSON, sound however hostile the words in it, and nothing fetched from anywhere."""

import re
import sys
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from cards import (
    ATTACKS,
    WORDS,
    amounts,
    as_json,
    cause_amounts,
    difference_of,
    placed_of,
    printed,
    scorecards,
    share,
    shown,
)
from click.testing import CliRunner
from gate import examples
from hypothesis import given, settings
from page import Element, Row, read, sheet
from test_reports import EXAMPLES, NANJING, WRONG, Example, card, row, scored

from perfdsl.cli.score import command as score
from perfdsl.diagnostics import Diagnostic
from perfdsl.reports import Style, lacking, members
from perfdsl.reports._phrases import Voice
from perfdsl.reports._text import tails
from perfdsl.scorecard import MISSING, AwardDecision, Scorecard

pytest.importorskip("jinja2")

HTML = next(m for m in members() if m.NAME == "html")
FETCHES = {"src", "href", "srcset", "action", "formaction", "poster", "data", "background", "cite", "ping", "xlink:href", "manifest"}  # fmt: skip


def page(cards: Sequence[Scorecard], found: Sequence[Diagnostic] = (), lang: str = "zh") -> Element:
    return read(HTML.render(cards, found, Style(lang=lang)))


def agrees(made: Element, cards: Sequence[Scorecard]) -> None:
    """Every number and every word of the JSON stands in the page."""
    objects = made.all("article", "object")
    for one, told in zip(objects, as_json(cards), strict=True):
        rows, empty = sheet(one.one("table", "official"))
        assert len(rows) == len(told["indicators"])
        assert [tuple(map(printed, path)) for path in _empty(cards[objects.index(one)])] == empty
        for got, want in zip(rows, told["indicators"], strict=True):
            _row_agrees(got, want, told["points"] is not None)
        _lost_agrees(one, told)
        _groups_agree(one, told)
        _total_agrees(one, told)
        _comparison_agrees(one, told)
        assert [e.text for e in one.one("ul", "notes").all("li")][: len(told["notes"])] == [*map(printed, told["notes"])] if told["notes"] else True  # fmt: skip
        assert told["provenance"]["ruleset_sha256"] in one.one("section", "origin").text


def _empty(one: Scorecard) -> list[tuple[str, ...]]:
    return [path for path in one.order if path in one.empty] if one.order else list(one.empty)


def _row_agrees(got: Row, want: dict[str, object], scored: bool) -> None:
    assert got.path == tuple(map(printed, want["path"]))  # type: ignore[arg-type]
    assert got.cells["t"] == (printed(str(want["target"])) or "—")
    assert got.cells["a"] == (printed(str(want["actual"])) or "—")
    assert got.reason == printed(str(want["reason"]))
    if scored:
        assert got.cells["p"] == (want["points"] or ("加减分" if want["bonus"] else ""))
        assert got.cells["s"] == (shown(want) or "—")
    status = got.cells["m"].lstrip("√↑×○？－").strip()
    open_else = "lowest" in want and want["status"] not in ("missing", "unjudged")
    only_scored = want["status"] == "unjudged" and not want["target"] and want["score"] is not None
    assert status == ("—" if only_scored else "待定分" if open_else else WORDS[str(want["status"])])
    assert ("完成率" in got.facts) == (want["completion"] is not None)
    if want["completion"] is not None:
        assert share(got.facts["完成率"]) == Fraction(str(want["completion"]))
    if want["line"]:
        assert got.facts["规则"] == f"第 {want['line']} 行"
    if want["case_number"]:
        assert f"第 {want['case_number']} 档" in got.facts["计分方法"]
    if "override" in want:
        assert re.findall(r"[-\d./]+", got.facts["复核"]) == [
            x for x in (want["computed"], want["override"]) if x is not None
        ]
    for label, key in (("偏差原因", "explanation"), ("证据", "evidence")):
        assert got.facts.get(label, "") == printed(str(want[key])) or printed(str(want[key])) == ""


def _lost_agrees(one: Element, told: dict[str, object]) -> None:
    if told["points"] is None:
        return
    indicators = told["indicators"]
    want = sorted((Fraction(x["lost"]) for x in indicators if x["lost"] != "0"), reverse=True)  # type: ignore[attr-defined]
    got = [e.text for table in one.all("table", "lost") for e in table.all("td", "ls")]
    assert [Fraction(text) for text in got] == want


def _groups_agree(one: Element, told: dict[str, object]) -> None:
    want = [g for g in told["groups"] if g["points"] is not None or g["bonus"]]  # type: ignore[attr-defined]
    lines = one.one("table", "groups").one("tbody").all("tr") if want else []
    assert len(lines) == len(want)
    for line, group in zip(lines, want, strict=True):
        assert line.one("td", "pt").text == (group["points"] or "加减分")
        assert line.one("td", "sc").text == (shown(group) if group["applicable"] else "不适用")


def _comparison_agrees(one: Element, told: dict[str, object]) -> None:
    sections = one.all("section", "against")
    assert len(sections) == ("comparison" in told)
    if not sections:
        return
    assert difference_of(told) in sections[0].one("p", "summary").text
    want = amounts(told)
    lines = sections[0].one("tbody").all("tr") if want else []
    assert [line.one("span", "by").text for line in lines] == want
    assert sorted(e.text for why in sections[0].all("div", "why") for e in why.all("dd")) == cause_amounts(told)
    bars = [(line.all("rect", "up"), line.all("rect", "down")) for line in lines]
    assert [(len(up), len(down)) for up, down in bars] == [
        (x != "0" and x[0] == "+", x[0] == "-") for x in map(_sign, _exact(told))
    ]


def _exact(told: dict[str, object]) -> list[Fraction]:
    made = told["comparison"]
    found = [Fraction(x["amount"]) for x in (*made["changes"], *made["shifts"])]  # type: ignore[index]
    return sorted(found, key=lambda x: -abs(x))


def _sign(amount: Fraction) -> str:
    return "0" if not amount else "+" if amount > 0 else "-"


def _total_agrees(one: Element, told: dict[str, object]) -> None:
    figures = [e.text for e in one.one("div", "result").all("span", "figure")]
    if told["points"] is not None:
        assert figures[0] == shown(told, "total")
        assert one.one("span", "of").text == f"满分 {told['points']} 分"
    assert figures[1:] == ([printed(str(told["grade"]))] if told["grade"] else [])


# ---- the same numbers


@pytest.mark.parametrize("period", ["full", "half"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.rules.stem)
def test_page_has_the_numbers_of_the_json(example: Example, period: str) -> None:
    cards, found = scored(example, period)
    agrees(page(cards, found), cards)
    cards, found = scored(example, period, empty=True)
    agrees(page(cards, found), cards)


@settings(max_examples=examples(80))
@given(scorecards())
def test_any_card_has_the_numbers_of_the_json(one: Scorecard) -> None:
    agrees(page([one]), [one])


@settings(max_examples=examples(40))
@given(scorecards(), scorecards())
def test_several_cards_have_an_index_and_a_section_each(first: Scorecard, second: Scorecard) -> None:
    made = page([first, second], WRONG)
    agrees(made, [first, second])
    lines = made.one("table", "overview").one("tbody").all("tr")
    assert [line.one("a").text for line in lines] == [printed(first.object), printed(second.object)]
    assert [line.one("a").attrs["href"] for line in lines] == ["#o1", "#o2"]
    if first.points is not None or second.points is not None:
        told = as_json([first, second])
        want = [shown(x, "total") if x["points"] is not None else "—" for x in told]
        assert [line.one("td", "sc").text for line in lines] == want
    told = as_json([first, second])
    if any("comparison" in x for x in told):
        assert [line.one("td", "df").text for line in lines] == [difference_of(x) or "—" for x in told]
    _rolls_agree(made, told)


def _rolls_agree(made: Element, told: Sequence[dict[str, object]]) -> None:
    """Every place and every award of the JSON stands on a list."""
    lists = {
        head: table
        for section in made.all("section", "rolls")
        for head, table in [(section.one("h2").text, section.one("tbody"))]
    }
    seen = [
        (line.one("th").text, *_entry(e.text))
        for line in (lists["名次"].all("tr") if "名次" in lists else [])
        for e in line.all("span", "one")
    ]
    assert sorted(seen) == placed_of(told)
    given = [(printed(x["name"]), printed(one["object"])) for one in told for x in one["awards"] if x["decided"]]  # type: ignore[attr-defined]
    lines = lists["评优"].all("tr") if "评优" in lists else []
    found = [(line.one("th").text, e.text.removesuffix("、")) for line in lines for e in line.all("span", "one")]
    still = [
        (line.one("th").text, e.text.removesuffix("、"))
        for line in lines
        for p in line.all("p", "open")
        for e in p.all("span", "one")
    ]
    opened = [
        (printed(x["name"]), printed(one["object"])) for one in told for x in one["awards"] if x["decided"] is None
    ]  # type: ignore[attr-defined]
    assert sorted(still) == sorted(opened)
    assert sorted(found) == sorted(given + opened)


def _entry(text: str) -> tuple[str, str, bool]:
    place, _, rest = text.partition(" ")
    rest = rest.removesuffix("、")
    return place, rest.removesuffix("（并列）").strip(), rest.endswith("（并列）")


def test_incomplete_total_is_a_range_said_plainly() -> None:
    cards, found = scored(NANJING, changes=[("96.83%", "")])
    result = page(cards, found).one("div", "result")
    assert result.one("span", "figure").text == "89.5–99.5"
    assert "结果不完整，总分还不能确定：最低 89.5 分，最高 99.5 分（满分 100 分）。" in result.text
    assert "还没有定分的：服务对象对热线工作的满意度。" in result.text
    assert "unsure" in result.classes


def test_empty_groups_stand_where_the_rules_have_them() -> None:
    cards, _ = scored(next(e for e in EXAMPLES if e.rules.stem.startswith("01-")))
    table = page(cards).one("table", "official")
    names = [e.text for e in table.one("tbody").all("th")]
    assert names  # the first group of the table
    benefit = next(body for body in table.all("tbody") if body.all("th")[0].text == "效益指标")
    seen = [(e.text, "未设指标" in line.text) for line in benefit.all("tr") for e in line.all("th")[-1:]]
    assert [name for name, is_empty in seen if is_empty] == ["经济效益", "生态效益", "可持续影响"]
    assert seen[0] == ("经济效益", True) and not seen[1][1] and seen[-1] == ("可持续影响", True)


# ---- hostile words


@settings(max_examples=examples(60))
@given(scorecards())
def test_nothing_is_fetched_and_nothing_runs(one: Scorecard) -> None:
    _harmless(page([one], WRONG))


def test_attacks_are_printed_as_they_are() -> None:
    rows = [row(text, target=text, actual=text, explanation=text, evidence=text, rubric=text, case=text, case_number=1,
                reason_zh=text, accepted=(("V101", text),)) for text in ATTACKS]  # fmt: skip
    for text in ATTACKS:
        one = card(
            *rows,
            object=text,
            grade=text,
            facts=((text, text),),
            notes_zh=(text,),
            awards=(AwardDecision(name=text, decided=None, reason_zh=text, reason_en=text),),
            groups=(),
        )
        made = page([one], WRONG)
        _harmless(made)
        agrees(made, [one])
        assert printed(text) in made.one("p", "name").text or not printed(text)
    assert not re.search("[\u0000-\u0008\u202a-\u202e\u2066-\u2069]", HTML.render([one], WRONG, Style()).decode())


def _harmless(made: Element) -> None:
    for e in made.walk():
        assert e.tag not in {
            "script",
            "link",
            "img",
            "iframe",
            "object",
            "embed",
            "base",
            "form",
            "image",
            "use",
            "audio",
            "video",
        }
        for name, value in e.attrs.items():
            assert not name.startswith("on")
            assert name not in FETCHES or value.startswith("#"), (e.tag, name, value)
            assert name not in ("style", "fill") or set(re.findall(r"url\(([^)]*)", value)) <= {"#hatch"}
    for style in made.all("style"):
        assert "url(" not in style.text and "@import" not in style.text and "<" not in style.text
    policy = next(e for e in made.all("meta") if e.attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.attrs["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_direction_signs_and_controls_are_made_visible() -> None:
    made = page([card(row("甲\u202e乙"), row("丙\u200b丁"), row("戊\u0000己"))])
    assert [e.text for e in made.one("table", "official").all("th", "k")] == ["甲�乙", "丙丁", "戊�己"]


# ---- the page as a document


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.rules.stem)
def test_page_is_a_sound_document(example: Example, lang: str) -> None:
    cards, found = scored(example)
    for made in (page(cards, found, lang), page([*cards, *cards], found, lang)):
        assert made.one("html").attrs["lang"] == ("en" if lang == "en" else "zh-CN")
        ids = [e.attrs["id"] for e in made.walk() if "id" in e.attrs]
        assert len(ids) == len(set(ids))
        assert len(made.all("main")) == len(made.all("header")) == len(made.all("h1")) == 1
        levels = [int(e.tag[1]) for e in made.walk() if re.fullmatch("h[1-6]", e.tag)]
        assert all(after <= before + 1 for before, after in pairwise(levels))
        for e in made.walk():
            assert e.attrs.get("aria-labelledby", ids[0]) in ids
            assert e.tag != "a" or e.attrs["href"].removeprefix("#") in ids
        for table in made.all("table"):
            assert table.all("caption") and all("scope" in th.attrs for th in table.all("th"))
        for svg in made.all("svg"):
            assert svg.attrs.get("aria-hidden") == "true" or (svg.attrs["role"] == "img" and svg.one("title").text)
        assert made.all("a", "skip")[0].attrs["href"] == "#main"


def test_english_page_has_no_chinese_of_its_own() -> None:
    names = {"path": ("g", "x"), "target": "t", "actual": "a", "reason_zh": "中文", "reason_en": "r"}
    one = card(row("a", **names), row("b", **(names | {"status": MISSING, "score": None, "low": Fraction(0), "actual": ""})),
               row("c", **names, points=None, score=Fraction(1), bonus=True, override=Fraction(1), computed=Fraction(2), case="met",
                   case_number=2, line=3, explanation="e", evidence="e", accepted=(("V101", "x"),), completion=Fraction(1, 3), counted=False),
               object="o", groups=(), total=None, complete=False, high=Fraction(3), awards=(AwardDecision(name="w", decided=None),))  # fmt: skip
    for cards in ([one], [one, one]):
        made = page(cards, WRONG[1:2], "en")
        words = made.one("body").text.replace("原表如此", "").replace("乙", "")  # of the finding
        assert not re.search(r"[一-龥，。；：（）]", words), re.findall(r".{9}[一-龥，。；：（）].{9}", words)


def test_same_input_gives_same_bytes() -> None:
    cards, found = scored(NANJING)
    assert HTML.render(cards, found, Style()) == HTML.render(cards, found, Style(columns=40, verbose=True, colour=True))


def test_a_report_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lacking(HTML, "报告.html") == []
    monkeypatch.setitem(sys.modules, "jinja2", None)
    (said,) = lacking(HTML, "报告.html")
    assert (said.code, said.severity) == ("E140", "error")
    assert said.message() == '报告.html：写这种报告要先安装：pip install "perfdsl[html]"'
    assert [lacking(m, "x") for m in members() if m.NAME in ("json", "terminal", "markdown")] == [[], [], []]


def test_bars_are_full_only_where_nothing_is_missing() -> None:
    most = Fraction(9999, 10000)
    made = page([card(row("甲"), points=Fraction(1), total=most, low=most, high=most)])
    assert made.one("div", "result").one("rect", "d").attrs["width"] == "99.9%"


# ---- numbers on paper


def test_shares_have_two_decimals_and_stay_exact() -> None:
    zh, en = Voice("zh"), Voice("en")
    assert [zh.share(Fraction(n)) for n in ("1", "0.95", "1/3", "2")] == ["100%", "95%", "33.33%（1/3）", "200%"]
    assert en.share(Fraction(2, 3)) == "66.67% (2/3)"


def test_numbers_are_filled_up_to_stand_under_each_other() -> None:
    assert tails(["15", "19.5", "0.25", "", "1/3", "1–2"]) == [".00", "0", "", "", "", ""]
    assert tails(["1", "2"]) == ["", ""]


def test_the_command_asks_for_the_library_before_it_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    page, other = tmp_path / "报告.html", tmp_path / "报告.md"
    words = [str(NANJING.rules), "--actuals", str(NANJING.actuals), "-o", str(other)]
    done = CliRunner().invoke(score, [*words, "-o", str(page)])
    assert done.exit_code == 1
    assert "E140" in done.stderr and 'pip install "perfdsl[html]"' in done.stderr
    assert not page.exists() and not other.exists()
    assert CliRunner().invoke(score, words).exit_code == 0
    assert other.read_text("utf-8").startswith("# 绩效评分报告")
