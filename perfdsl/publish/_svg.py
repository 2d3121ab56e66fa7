"""Charts as SVG, the same for the web page, Word and PDF: horizontal bars with their words; lengths in whole units, no floats."""

from fractions import Fraction
from html import escape

from perfdsl import narrative as n
from perfdsl.width import width

WIDE = 560  # units across the text of a page
NAME_END, BAR_START, BAR_WIDE = 172, 180, 236
TEXT_START = BAR_START + BAR_WIDE + 8
SIZE, THICK, GAP, INDENT = 12, 14, 9, 10
FONTS = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
PAINT = {
    n.AFTER: "#2f5d8a", n.BEFORE: "#a8b3bf", n.LOSS: "#b0483c", "sure": "#2f5d8a", "possible": "#a9c6e0", "rest": "#dde2e8",
}  # fmt: skip
INK = "#222"


def svg(chart: n.Chart) -> str:
    """The drawing; its words are escaped."""
    parts: list[str] = []
    top = 4
    grounded = any(tone == "rest" for tone, _ in chart.legend)
    for entry in chart.entries:
        tall = len(entry.bars) * (THICK + 2) - 2
        parts.append(_name(entry, top + tall // 2))
        for number, bar in enumerate(entry.bars):
            parts.append(_bar(bar, top + number * (THICK + 2), grounded))
        top += tall + GAP
    if chart.legend:
        parts.append(_legend(chart, top + 6))
        top += 24
    says = escape(f"{chart.title}: {'; '.join(_said(entry) for entry in chart.entries)}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {top}" width="{WIDE}" height="{top}" role="img" aria-label="{says}" '
        f'font-family="{FONTS}" font-size="{SIZE}" fill="{INK}">{"".join(parts)}</svg>'
    )


def shortened(text: str, cells: int) -> str:
    """``text`` in so many cells, “…” for what does not fit."""
    if width(text) <= cells:
        return text
    kept, used = "", 0
    for character in text:
        used += width(character)
        if used > cells - 2:
            break
        kept += character
    return f"{kept}…"


def _said(entry: n.Entry) -> str:
    return f"{entry.name} {' / '.join(bar.text for bar in entry.bars)}"


def _name(entry: n.Entry, middle: int) -> str:
    start = (min(entry.level, 4) - 1) * INDENT
    cells = (NAME_END - start) * 2 // SIZE
    text = escape(shortened(entry.name, cells))
    return f'<text x="{start}" y="{middle + 4}">{text}<title>{escape(entry.name)}</title></text>'


def _bar(bar: n.Bar, top: int, grounded: bool) -> str:
    sure, possible = _units(bar.sure), _units(bar.possible)
    ground = _box(BAR_START, top, BAR_WIDE, PAINT["rest"]) if grounded else ""
    if bar.possible > bar.sure:
        ground += _box(BAR_START, top, possible, PAINT["possible"])
    text = escape(shortened(bar.text, (WIDE - TEXT_START) * 2 // SIZE))
    return f'{ground}{_box(BAR_START, top, sure, PAINT[bar.tone]) if sure else ""}<text x="{TEXT_START}" y="{top + THICK - 2}">{text}</text>'


def _box(start: int, top: int, wide: int, paint: str) -> str:
    return f'<rect x="{start}" y="{top}" width="{wide}" height="{THICK}" fill="{paint}"/>'


def _units(share: Fraction) -> int:
    """The length of a share: rounded down, so that a bar is full only where nothing is missing; never invisible."""
    return max(int(share * BAR_WIDE), 1) if share > 0 else 0


def _legend(chart: n.Chart, top: int) -> str:
    parts, start = [], BAR_START
    for tone, words in chart.legend:
        text = shortened(words, 40)
        parts.append(
            f'<rect x="{start}" y="{top}" width="10" height="10" fill="{PAINT[tone]}"/><text x="{start + 15}" y="{top + 9}">{escape(text)}</text>'
        )
        start += 15 + width(text) * SIZE // 2 + 18
    return "".join(parts)
