"""The report in prose as PDF by Typst: A4, page numbers, heads repeated, its font inside, fit for archives (PDF/A-2b)."""

import re
from itertools import zip_longest

from perfdsl import narrative as n
from perfdsl.publish._look import BODY, HEADING, SUBHEADING, TABLE, TITLE, Look
from perfdsl.publish._svg import svg
from perfdsl.typeset import FONT, typeset

NAME, SUFFIX, NEEDS, EXTRA = "pdf", ".pdf", ("typst", "noto_cjk_sans_otc"), "pdf"
PLACES = (TITLE, HEADING, SUBHEADING, BODY, TABLE)
UNBROKEN = re.compile(r"[\x21-\u02ff]{17,}")
MOST_TOGETHER = 16  # characters without a place to break
TEMPLATE = """
#set document(title: data.title)
#set page(paper: "a4", margin: (top: 30mm, bottom: 28mm, left: 26mm, right: 24mm),
  footer: context align(center, text(size: 10pt)[— #counter(page).display() —]))
#set text(font: data.fonts.body, size: 12pt, lang: data.lang)
#set par(leading: 0.85em, spacing: 0.85em, justify: true, first-line-indent: (amount: 2em, all: true))
#let bold(body) = text(stroke: 0.025em, body)
#let plain(body) = par(first-line-indent: 0pt, justify: false, body)
#let small(body) = text(size: 8.5pt, fill: luma(30%), body)
#show heading: it => {
  let level = calc.min(it.level, 3)
  set text(size: 13pt, weight: "regular", font: if level == 1 { data.fonts.heading } else if level == 2 { data.fonts.subheading } else { data.fonts.body })
  block(above: if level == 1 { 1.5em } else { 1.2em }, below: 0.9em, sticky: true, plain(if level == 2 { it.body } else { bold(it.body) }))
}
#let caption(body) = block(above: 1.2em, below: 0.6em, sticky: true, width: 100%, align(center, plain(text(font: data.fonts.table, size: 10.5pt, bold(body)))))
#let shown(item, column) = {
  let body = if item.strong { bold(item.text) } else { item.text }
  table.cell(
    colspan: item.columns, rowspan: item.rows, breakable: item.long,
    { set par(first-line-indent: 0pt, justify: false, leading: 0.5em, spacing: 0.5em); body; if item.small != "" { linebreak(); small(item.small) } },
  )
}
#let aligned(places) = (x, y) => {
  let place = places.at(calc.min(x, places.len() - 1))
  horizon + (if place == "left" { left } else if place == "right" { right } else { center })
}
#align(center, plain(text(font: data.fonts.title, size: 20pt, bold(data.title))))
#for line in data.subtitle { align(center, plain(text(font: data.fonts.subheading, size: 12pt, line))) }
#v(6pt)
#if data.contents != "" {
  align(center, plain(text(font: data.fonts.heading, size: 13pt, data.contents)))
  outline(title: none, depth: data.listed, indent: 2em)
  pagebreak()
}
#for block in data.blocks {
  if block.kind == "heading" {
    if block.new_page { pagebreak(weak: true) }
    heading(level: block.level, block.text)
  }
  if block.kind == "paragraph" {
    let body = par({ if block.lead != "" { bold(block.lead) }; block.text })
    if block.kept { std.block(sticky: true, spacing: 0.85em, body) } else { body }
  }
  if block.kind == "note" { plain(text(size: 9pt, fill: luma(25%), block.text)) }
  if block.kind == "blank" { v(block.lines * 2em) }
  if block.kind == "signatures" { v(20pt); grid(columns: block.names.map(_ => 1fr), ..block.names.map(name => plain(text(size: 10.5pt, name)))) }
  if block.kind == "chart" {
    std.block(breakable: false, width: 100%, above: 1.2em, below: 1.2em, {
      image(bytes(block.svg), format: "svg", width: 100%, alt: block.alt)
      align(center, plain(text(font: data.fonts.table, size: 10.5pt, bold(block.title))))
    })
  }
  if block.kind == "table" {
    if block.caption != "" { caption(block.caption) }
    set text(font: data.fonts.table, size: 10pt)
    std.block(above: 0.9em, below: 1.2em, table(
      columns: block.columns.map(column => column.width * 1fr), align: aligned(block.columns.map(column => column.place)),
      stroke: 0.5pt, inset: (x: 4pt, y: 4pt),
      ..if block.headed {(table.header(..block.columns.map(column => table.cell(
        fill: luma(93%), align: center + horizon, plain(bold(column.head))))),) } else { () },
      ..block.cells.map(item => shown(item, 0)),
    ))
  }
}
"""


def write(told: n.Narrative, look: Look) -> bytes:
    """The whole document."""
    fonts = {place: [look.font(place, FONT), FONT] for place in PLACES}
    data = {
        "title": _broken(told.title), "subtitle": [_broken(line) for line in told.subtitle], "lang": told.lang, "fonts": fonts,
        "contents": told.contents, "listed": n.LISTED,
        "blocks": [_block(block) | {"kept": isinstance(after, (n.Table, n.Chart))} for block, after in zip_longest(told.blocks, told.blocks[1:])],
    }  # fmt: skip
    return typeset(TEMPLATE, data, look.folders)


def _block(block: n.Block) -> dict[str, object]:
    """A block as data; its kind is what the template asks for."""
    match block:
        case n.Heading():
            return {"kind": "heading", "text": _broken(block.text), "level": block.level, "new_page": block.new_page}
        case n.Paragraph():
            return {"kind": "paragraph", "text": _broken(block.text), "lead": _broken(block.lead)}
        case n.Note():
            return {"kind": "note", "text": _broken(block.text)}
        case n.Blank():
            return {"kind": "blank", "lines": block.lines}
        case n.Signatures():
            return {"kind": "signatures", "names": list(block.names)}
        case n.Chart():
            said = "; ".join(f"{entry.name} {' / '.join(bar.text for bar in entry.bars)}" for entry in block.entries)
            return {"kind": "chart", "title": _broken(block.title), "svg": svg(block), "alt": f"{block.title}: {said}"}
        case n.Table():
            columns = [{"head": _broken(x.head), "width": x.width, "place": x.place} for x in block.columns]
            cells = [_cell(cell) for row in block.rows for cell in row]
            return {
                "kind": "table",
                "caption": _broken(block.caption),
                "headed": block.headed,
                "columns": columns,
                "cells": cells,
            }


def _cell(cell: n.Cell) -> dict[str, object]:
    long = cell.rows > 1 or len(cell.text) + len(cell.small) > LONG
    return {"text": _broken(cell.text), "small": _broken(cell.small), "rows": cell.rows, "columns": cell.columns, "strong": cell.strong,
            "long": long}  # fmt: skip


LONG = 600  # characters of a cell that may be broken over pages


def _broken(text: str) -> str:
    """``text`` with places to break in words that would run out of their column."""
    return UNBROKEN.sub(lambda found: "\u200b".join(_pieces(found[0])), text)


def _pieces(word: str) -> list[str]:
    return [word[start : start + MOST_TOGETHER] for start in range(0, len(word), MOST_TOGETHER)]
