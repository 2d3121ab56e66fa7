"""HTML: one page that needs nothing else; every text is escaped, merged cells are merged, headings repeat in print."""

from collections.abc import Iterator, Sequence
from html import escape

from perfdsl import layout as y
from perfdsl.writers._parts import by_row, parts
from perfdsl.writers._text import clean

NAME, SUFFIX = "html", ".html"
STYLE = """
body{font:14px/1.5 SimSun,"Songti SC","Noto Serif CJK SC","Noto Sans CJK SC",serif;margin:2em auto;max-width:1120px;padding:0 1em;color:#000;background:#fff}
h1,p.subtitle{text-align:center;font-weight:normal;margin:.2em 0}
h1{font-family:SimHei,"Heiti SC","Noto Sans CJK SC",sans-serif;font-size:22px}
table{border-collapse:collapse;table-layout:fixed;width:100%%;margin:-1px 0 0}
td,th{border:1px solid #000;padding:3px 5px;text-align:center;vertical-align:middle;overflow-wrap:anywhere;white-space:pre-wrap;font-weight:normal}
th,td.label,td.total{font-weight:bold}
th{background:#ededed}
td.text,td.note{text-align:left}
td.note{font-size:12px}
div.sign{display:flex;margin-top:1em}
div.sign span{flex:1;white-space:pre-wrap}
section+section{break-before:page}
td:not([rowspan]){break-inside:avoid}
thead{display:table-header-group}
@page{size:A4 %s;margin:12mm}
@media print{body{margin:0;max-width:none;padding:0;font-size:11px;line-height:1.35}td,th{padding:2px 4px}td.note{font-size:10px}}
""".strip()


def write(layouts: Sequence[y.Layout]) -> bytes:
    """The page, a section for each object."""
    title = escape(_title(layouts[0])) if layouts else ""
    style = STYLE % ("portrait" if layouts and layouts[0].portrait else "landscape")
    lines = ["<!DOCTYPE html>", '<html lang="zh-CN">', '<head><meta charset="utf-8">',
             '<meta name="viewport" content="width=device-width">', f"<title>{title}</title>", f"<style>{style}</style></head>", "<body>"]  # fmt: skip
    for layout in layouts:
        lines += ["<section>", *_section(layout), "</section>"]
    return "\n".join([*lines, "</body></html>", ""]).encode("utf-8")


def _title(layout: y.Layout) -> str:
    return next((clean(cell.text) for cell in layout.cells if cell.role == y.TITLE), "")


def _section(layout: y.Layout) -> Iterator[str]:
    rows = by_row(layout)
    heights = dict(layout.heights)
    for part in parts(layout):
        if not part.table:
            yield from (_outside(row) for row in rows[part.first : part.end])
            continue
        yield "<table>"
        yield (
            "<colgroup>"
            + "".join(f'<col style="width:{w * 100 / sum(layout.widths):.2f}%">' for w in layout.widths)
            + "</colgroup>"
        )
        if part.heads:
            yield "<thead>"
        for number in range(part.first, part.end):
            tall = f' style="height:{heights[number] * 1.6:.1f}em"' if number in heights else ""
            yield f"<tr{tall}>" + "".join(map(_cell, rows[number])) + "</tr>"
            if part.heads and number == part.first + part.heads - 1:
                yield "</thead>"
        yield "</table>"


def _outside(row: list[y.Cell]) -> str:
    if row and row[0].role == y.SIGN:
        return '<div class="sign">' + "".join(f"<span>{escape(clean(cell.text))}</span>" for cell in row) + "</div>"
    return "".join(
        f"<h1>{escape(clean(cell.text))}</h1>"
        if cell.role == y.TITLE
        else f'<p class="subtitle">{escape(clean(cell.text))}</p>'
        for cell in row
    )


def _cell(cell: y.Cell) -> str:
    tag = "th" if cell.role == y.HEAD else "td"
    spans = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (
        f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    )
    note = f' title="{escape(cell.note)}"' if cell.note else ""
    return f'<{tag} class="{cell.role}"{spans}{note}>{escape(clean(cell.text))}</{tag}>'
