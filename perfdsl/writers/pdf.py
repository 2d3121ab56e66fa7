"""PDF by Typst: the same tables, a Chinese font inside, page numbers, headings repeated, fit for archives (PDF/A-2b)."""

from collections.abc import Sequence

from perfdsl import layout as y
from perfdsl.typeset import typeset
from perfdsl.writers._parts import by_row, parts
from perfdsl.writers._text import clean

LINE = 1.4  # of the size of the type
NAME, SUFFIX, NEEDS, EXTRA = "pdf", ".pdf", ("typst", "noto_cjk_sans_otc"), "pdf"
TEMPLATE = """
#set document(title: data.title)
#set page(paper: "a4", flipped: not data.portrait, margin: (x: 14mm, y: 14mm), footer: context align(center, text(size: 8pt)[
  第 #counter(page).display() 页，共 #counter(page).final().first() 页]))
#set text(size: 8.5pt)
#set par(leading: 0.45em)
#let shown(item) = table.cell(
  x: item.x, y: item.y, colspan: item.columns, rowspan: item.rows,
  align: (if item.role in ("text", "note") { left } else { center }) + horizon,
  fill: if item.role == "head" { luma(93%) } else { none },
  grid(columns: if item.least > 0 { (0pt, 1fr) } else { (1fr,) }, align: horizon,
    ..if item.least > 0 { (box(height: item.least * 1em),) } else { () },
    if item.role in ("head", "label", "total") { text(stroke: 0.2pt, item.text) } else { item.text }),
)
#for (number, object) in data.objects.enumerate() {
  if number > 0 { pagebreak() }
  for part in object.parts {
    if part.kind == "title" { align(center, text(size: 15pt, stroke: 0.3pt, part.texts.first())) }
    if part.kind == "subtitle" { align(center, part.texts.first()) }
    if part.kind == "sign" {
      v(8pt)
      grid(columns: part.texts.map(_ => 1fr), ..part.texts)
    }
    if part.kind == "table" {
      show table.cell: set block(spacing: 0pt)
      block(above: if part.joined { 0pt } else { 6pt }, below: 0pt, table(
        columns: object.widths.map(w => w * 1fr),
        stroke: 0.5pt, inset: (x: 3pt, y: 3.2pt),
        ..if part.heads.len() > 0 { (table.header(..part.heads.map(shown)),) } else { () },
        ..part.cells.map(shown),
      ))
    }
  }
}
"""


def write(layouts: Sequence[y.Layout]) -> bytes:
    """The file, each object on a page of its own."""
    title = next((clean(cell.text) for layout in layouts for cell in layout.cells if cell.role == y.TITLE), "")
    portrait = bool(layouts) and layouts[0].portrait
    return typeset(TEMPLATE, {"title": title, "portrait": portrait, "objects": [_object(layout) for layout in layouts]})


def _object(layout: y.Layout) -> dict[str, object]:
    rows, heights = by_row(layout), dict(layout.heights)
    made: list[dict[str, object]] = []
    before = False
    for part in parts(layout):
        if not part.table:
            made += [
                {"kind": row[0].role, "texts": [clean(cell.text) for cell in row]}
                for row in rows[part.first : part.end]
                if row
            ]
            before = False
            continue
        cells = [
            [_cell(cell, part.first, heights.get(number, 0)) for cell in rows[number]]
            for number in range(part.first, part.end)
        ]
        made.append({"kind": "table", "heads": [c for row in cells[: part.heads] for c in row], "joined": before,
                     "cells": [c for row in cells[part.heads :] for c in row]})  # fmt: skip
        before = True
    return {"widths": list(layout.widths), "parts": made}


def _cell(cell: y.Cell, first: int, lines: int) -> dict[str, object]:
    """``least`` is the height a cell of a tall row has at least; a longer text makes the row taller."""
    return {"x": cell.column, "y": cell.row - first, "columns": cell.columns, "rows": cell.rows, "role": cell.role,
            "text": clean(cell.text), "least": lines * LINE}  # fmt: skip
