"""The page in a real browser: opened as a file, clicked, driven by the keyboard, on a phone, and on paper.

Skipped with the reason where playwright or a Chromium is not installed.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from cards import ATTACKS
from test_reports import EXAMPLES, NANJING, WRONG, card, row, scored

from perfdsl.attribute import Side, attribute
from perfdsl.reports import Style, members
from perfdsl.scorecard import Scorecard

pytest.importorskip("jinja2")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install --group test")

HTML = next(m for m in members() if m.NAME == "html")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge")
PHONE, SMALL, DESK = {"width": 390, "height": 844}, {"width": 320, "height": 640}, {"width": 1280, "height": 900}

# Words whose colour is too near to the colour behind them: WCAG 2.2, 1.4.3, level AA (large text may be fainter; not used).
FAINT = """() => {
  const parts = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => { const [r, g, b] = c.slice(0, 3).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                       return .2126 * r + .7152 * g + .0722 * b; };
  const behind = e => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; }
                        return [255, 255, 255]; };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('svg') || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) found.push(e.className + ': ' + e.textContent.slice(0, 20));
  }
  return found; }"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser is installed (looked for {', '.join(BROWSERS)})")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield opened
        opened.close()


class Reader:
    """Opens a report and keeps what the browser complained of and asked for."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self.browser, self.folder = browser, folder
        self.errors: list[str] = []
        self.asked: list[str] = []

    def open(
        self, cards: list[Scorecard], found: Any = (), size: Any = DESK, script: bool = True, lang: str = "zh"
    ) -> Any:
        file = self.folder / "报告.html"
        file.write_bytes(HTML.render(cards, found, Style(lang=lang)))
        context = self.browser.new_context(viewport=size, java_script_enabled=script)
        page = context.new_page()
        page.on("console", lambda message: self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(file.as_uri())
        return page


@pytest.fixture
def reader(browser: Any, tmp_path: Path) -> Iterator[Reader]:
    made = Reader(browser, tmp_path)
    yield made
    for context in browser.contexts:
        context.close()
    assert made.errors == []
    assert made.asked and all(url.startswith("file://") and url.endswith(".html") for url in made.asked)


def _why(page: Any, name: str) -> tuple[Any, Any]:
    """(the score of an indicator, the reason behind it)."""
    line = page.locator("table.official tr", has=page.locator("th.k", has_text=name))
    return line.locator("summary"), line.locator(".why")


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_score_opens_its_reason(reader: Reader, size: Any, script: bool) -> None:
    page = reader.open(*scored(NANJING), size, script)
    score, why = _why(page, "工作开展情况")
    assert not why.is_visible()
    score.click()
    assert why.is_visible()
    assert "“部分开展” → 第2档（0至1分） 评0.5分" in why.inner_text()
    assert "公布的自评分0.5" in why.inner_text()
    score.click()
    assert not why.is_visible()


def test_a_reason_is_not_covered_by_the_rows_below(reader: Reader) -> None:
    page = reader.open(*scored(NANJING))
    for name in ("决策制度的规范性", "工作开展情况", "部门或工作人员违法违纪"):
        score, why = _why(page, name)
        score.click()
        why.scroll_into_view_if_needed()
        box = why.bounding_box()
        for x, y in ((5, 5), (box["width"] - 5, box["height"] - 5)):
            assert page.evaluate(
                "([x, y]) => !!document.elementFromPoint(x, y)?.closest('.why')", [box["x"] + x, box["y"] + y]
            )
        score.click()


def test_keyboard_alone_is_enough(reader: Reader) -> None:
    page = reader.open(*scored(NANJING))
    focused = "() => document.activeElement.className + ' ' + document.activeElement.tagName"
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "skip A"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(focused).strip() == "SUMMARY"
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.locator(".why").first.is_visible()
    page.keyboard.press("Space")
    assert not page.locator(".why").first.is_visible()


@pytest.mark.parametrize(
    "size",
    [SMALL, {"width": 360, "height": 780}, {"width": 761, "height": 800}, DESK],
    ids=lambda s: str(s["width"]),
)
def test_nothing_scrolls_sideways(reader: Reader, size: Any) -> None:
    rows = [row(text, target=text, actual=text, explanation=text, evidence=text, reason_zh=text) for text in ATTACKS]
    hostile = card(*rows, object="x" * 5000, grade="x" * 400, facts=(("y" * 300, "z" * 300),))
    for cards, found in [([hostile], WRONG), ([hostile, card(row("甲"))], WRONG), *map(scored, EXAMPLES[:3])]:
        page = reader.open(cards, found, size)
        assert page.evaluate(WIDER) <= 0
        page.locator("summary").first.click()
        assert page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_stand_out_from_what_is_behind_them(reader: Reader, lang: str) -> None:
    for cards, found in (scored(NANJING, changes=[("96.83%", ""), ("合理清晰", "不适用")]), scored(EXAMPLES[-1])):
        for size in (DESK, PHONE):
            page = reader.open(cards, found, size, lang=lang)
            page.locator("summary").first.click()
            assert page.evaluate(FAINT) == []


def _compared() -> list[Scorecard]:
    """Nanjing against a worse year, and a card whose comparison is full of hostile words."""
    now, then = (scored(NANJING, changes=x)[0][0] for x in ((), [("部分开展,0.5", "全部开展,"), ("96.83%", "89%")]))
    one = attrs.evolve(now, comparison=attribute(Side(then, None, "去年.csv"), Side(now, None))[0])
    rows = [row(text, target=text, actual=text) for text in ATTACKS]
    was = [attrs.evolve(made, score=made.score - n - 1, target="x" + made.target) for n, made in enumerate(rows)]
    two = attrs.evolve(card(*rows), comparison=attribute(Side(card(*was), None, "y" * 400), Side(card(*rows)))[0])
    return [one, two]


@pytest.mark.parametrize("size", [SMALL, PHONE, DESK], ids=lambda s: str(s["width"]))
def test_a_change_opens_its_causes_and_nothing_scrolls_sideways(reader: Reader, size: Any) -> None:
    for cards in ([one] for one in _compared()):
        page = reader.open(cards, size=size)
        line = page.locator("section.against tbody tr", has=page.locator("summary")).first
        assert not line.locator(".why").is_visible()
        line.locator("summary").click()
        assert line.locator(".why").is_visible()
        assert line.locator(".why dd").all_inner_texts() == [
            x.strip() for x in line.locator(".why dd").all_text_contents()
        ]
        assert page.evaluate(WIDER) <= 0
    page = reader.open(_compared(), size=size)
    assert page.evaluate(WIDER) <= 0
    assert page.evaluate(FAINT) == []


def test_on_paper_the_causes_are_printed(reader: Reader) -> None:
    page = reader.open(_compared()[:1])
    assert not page.locator(".causes").first.is_visible()
    page.emulate_media(media="print")
    lines = page.locator("section.against tbody tr")
    assert "服务对象对热线工作的满意度" in lines.first.inner_text() and "完成值变化 +10" in lines.first.inner_text()


def test_on_paper_every_reason_is_printed(reader: Reader) -> None:
    cards, found = scored(NANJING)
    page = reader.open(cards, found)
    assert not page.locator(".reasons").is_visible() and not page.locator(".signatures").is_visible()
    page.locator("summary").first.click()
    page.emulate_media(media="print")
    printed = page.locator(".reasons").inner_text()
    for one in cards[0].indicators:
        assert one.path[-1] in printed and one.reason_zh in printed and (one.evidence or "") in printed
    assert page.locator(".signatures").inner_text().split() == [
        "填报人：",
        "审核人：",
        "单位负责人：",
        "日期：",
        "年",
        "月",
        "日",
    ]
    assert not any(page.locator(".why").nth(n).is_visible() for n in range(len(cards[0].indicators)))
    styles = "e => [getComputedStyle(e.tHead).display, getComputedStyle(e.rows[1]).breakInside]"
    assert page.locator("table.official").evaluate(styles) == ["table-header-group", "avoid"]


def test_prints_on_a4_and_no_row_is_too_wide(reader: Reader) -> None:
    page = reader.open(*scored(NANJING), {"width": 680, "height": 980})  # A4 without its margins, in CSS pixels
    page.emulate_media(media="print")
    assert page.evaluate(WIDER) <= 0
    boxes = re.findall(rb"/MediaBox *\[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    assert boxes and {(round(float(wide)), round(float(high))) for wide, high in boxes} == {(595, 842)}


def test_many_objects_are_drawn_when_they_are_looked_at(reader: Reader) -> None:
    cards, found = scored(NANJING)
    page = reader.open(cards * 30, found)
    assert page.locator("article").first.evaluate("e => getComputedStyle(e).contentVisibility") == "auto"
    page.locator(".overview a").last.click()
    last = page.locator("article").last
    last.locator("summary").last.click()
    why = last.locator(".why").last
    assert why.is_visible()
    why.scroll_into_view_if_needed()
    inner, outer = why.bounding_box(), last.bounding_box()
    assert inner["y"] + inner["height"] <= outer["y"] + outer["height"]  # nothing of it is cut off
    page.emulate_media(media="print")
    assert page.locator("article").first.evaluate("e => getComputedStyle(e).contentVisibility") == "visible"
