"""The report in prose as one web page that needs nothing else: no network, no script, no font of its own, no library."""

from collections.abc import Callable
from html import escape
from typing import cast

from perfdsl import narrative as n
from perfdsl.publish._grid import grid
from perfdsl.publish._look import BODY, HEADING, SUBHEADING, TABLE, TITLE, Look
from perfdsl.publish._svg import svg

NAME, SUFFIX, EXTRA = "html", ".html", ""
NEEDS: tuple[str, ...] = ()
SONG = "SimSun, 'Songti SC', 'Source Han Serif SC', 'Noto Serif CJK SC', serif"
HEI = "SimHei, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
FANG = "FangSong, STFangsong, 'Songti SC', 'Source Han Serif SC', 'Noto Serif CJK SC', serif"
KAI = "KaiTi, STKaiti, 'Songti SC', 'Noto Serif CJK SC', serif"
DEFAULTS = {TITLE: SONG, HEADING: HEI, SUBHEADING: KAI, BODY: FANG, TABLE: SONG}
STYLE = """
@page { size: A4; margin: 26mm 22mm 24mm; @bottom-center { content: "— " counter(page) " —" } }
* { box-sizing: border-box }
body { margin: 0; background: #eef0f2; color: #1a1a1a; font: 17px/1.75 %(body)s; overflow-wrap: anywhere }
main { max-width: 210mm; margin: 20px auto; padding: 24mm 22mm; background: #fff }
h1 { font: 600 28px/1.4 %(title)s; text-align: center; margin: 0 }
h2 { font: 600 19px/1.5 %(heading)s; margin: 24px 0 6px; break-after: avoid }
h3 { font: 600 18px/1.5 %(subheading)s; margin: 14px 0 4px; break-after: avoid }
h4 { font: 600 17px/1.5 %(body)s; margin: 10px 0 2px; break-after: avoid }
p { margin: 4px 0; text-indent: 2em; text-align: justify }
p.sub { text-align: center; text-indent: 0; margin: 6px 0 }
p.note { text-indent: 0; font-size: 13px; line-height: 1.5; color: #444 }
table { width: 100%%; border-collapse: collapse; table-layout: fixed; margin: 10px 0; font: 14px/1.45 %(table)s }
caption { font-weight: 600; padding: 4px }
th, td { border: 1px solid #555; padding: 3px 6px; vertical-align: middle }
thead th { background: #edf0f3 }
tr { break-inside: avoid }
small { display: block; font-size: 12px; color: #444 }
.centre { text-align: center } .right { text-align: right; font-variant-numeric: tabular-nums } .left { text-align: left }
figure { margin: 12px 0; break-inside: avoid } figure svg { width: 100%%; height: auto } figcaption { text-align: center; font: 600 14px %(table)s }
.blank { height: 2.2em; border-bottom: 1px solid #bbb }
.sign { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 28px } .sign span { flex: 1; min-width: 9em }
nav { margin: 18px 0; padding: 10px 16px; border: 1px solid #bbb; font-size: 15px }
nav b, nav a { display: block; color: inherit; text-decoration: none }
nav b { text-align: center }
nav .l2 { padding-left: 2em }
.new { break-before: page }
@media print { body { background: none } main { margin: 0; padding: 0; max-width: none } }
@media (max-width: 800px) { main { padding: 16px; margin: 0 } }
"""


def write(told: n.Narrative, look: Look) -> bytes:
    """The whole page in UTF-8."""
    lang = "en" if told.lang == "en" else "zh-CN"
    lines = "\n".join(f'<p class="sub">{escape(line)}</p>' for line in told.subtitle)
    heads = {id(block): f"s{number}" for number, block in enumerate(told.blocks) if isinstance(block, n.Heading)}
    body = "\n".join(
        _heading(block, heads[id(block)]) if isinstance(block, n.Heading) else _block(block) for block in told.blocks
    )
    listed = "".join(
        f'<a class="l{block.level}" href="#{heads[id(block)]}">{escape(block.text)}</a>'
        for block in told.blocks
        if isinstance(block, n.Heading) and block.level <= n.LISTED
    )
    contents = f"<nav><b>{escape(told.contents)}</b>{listed}</nav>\n" if told.contents else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="referrer" content="no-referrer">\n<meta name="format-detection" content="telephone=no">\n'
        f"<title>{escape(told.title)}</title>\n<style>{STYLE % _fonts(look)}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(told.title)}</h1>\n{lines}\n{contents}{body}\n</main>\n</body>\n</html>\n"
    ).encode()


def _fonts(look: Look) -> dict[str, str]:
    """The fonts of each place; a name somebody gave comes first, as a quoted word of CSS."""
    made = {}
    for place, default in DEFAULTS.items():
        name = look.font(place, "")
        made[place] = f"{_quoted(name)}, {default}" if name else default
    return made


def _quoted(name: str) -> str:
    """A string of CSS that cannot end before its end, nor the page's style."""
    return '"' + "".join(c if c.isalnum() or c in " -_" else f"\\{ord(c):x} " for c in name) + '"'


def _heading(block: n.Heading, name: str) -> str:
    level = min(block.level + 1, 4)
    page = ' class="new"' if block.new_page else ""
    return f'<h{level} id="{name}"{page}>{escape(block.text)}</h{level}>'


def _paragraph(block: n.Paragraph) -> str:
    lead = f"<b>{escape(block.lead)}</b>" if block.lead else ""
    return f"<p>{lead}{escape(block.text)}</p>"


def _note(block: n.Note) -> str:
    return f'<p class="note">{escape(block.text)}</p>'


def _blank(block: n.Blank) -> str:
    return '<div class="blank"></div>' * block.lines


def _signatures(block: n.Signatures) -> str:
    return f'<div class="sign">{"".join(f"<span>{escape(name)}</span>" for name in block.names)}</div>'


def _chart(block: n.Chart) -> str:
    return f"<figure>{svg(block)}<figcaption>{escape(block.title)}</figcaption></figure>"


def _table(block: n.Table) -> str:
    whole = sum(column.width for column in block.columns)
    columns = "".join(f'<col style="width:{column.width * 100 // whole}%">' for column in block.columns)
    heads = "".join(f'<th scope="col">{escape(column.head)}</th>' for column in block.columns)
    rows = "\n".join(
        f"<tr>{''.join(_cell(cell, block.columns[column].place) for column, cell, begins in line if begins)}</tr>"
        for line in grid(block)
    )
    caption = f"<caption>{escape(block.caption)}</caption>" if block.caption else ""
    head = f"<thead><tr>{heads}</tr></thead>" if block.headed else ""
    return f"<table>{caption}<colgroup>{columns}</colgroup>{head}<tbody>\n{rows}\n</tbody></table>"


def _cell(cell: n.Cell, place: str) -> str:
    spans = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (
        f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    )
    text = f"<b>{escape(cell.text)}</b>" if cell.strong else escape(cell.text)
    small = f"<small>{escape(cell.small)}</small>" if cell.small else ""
    return f'<td class="{place}"{spans}>{text}{small}</td>'


BLOCKS: dict[type, object] = {
    n.Paragraph: _paragraph, n.Note: _note, n.Blank: _blank, n.Signatures: _signatures, n.Chart: _chart,
    n.Table: _table,
}  # fmt: skip


def _block(block: n.Block) -> str:
    return cast(Callable[[n.Block], str], BLOCKS[type(block)])(block)
