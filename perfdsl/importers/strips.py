"""A document as one run of rows: grids and lines alike, every cell entered in the ledger, page numbers taken out."""

import re
from collections.abc import Iterator

from perfdsl.document import Cell, Document, Grid, Line, Place
from perfdsl.importers.clean import clean
from perfdsl.importers.records import Bit, Ledger, Row

_FURNITURE = re.compile(
    r"第?\s*\d{1,4}\s*页\s*[,，/]?\s*(?:共\s*\d{1,4}\s*页)?|[-–—·]+\s*\d{1,4}\s*[-–—·]+|\d{1,4}\s*/\s*\d{1,4}|page\s*\d+(?:\s*of\s*\d+)?|\f",
    re.I,
)
_LABELS_IN_LINE = re.compile(r"[ \u3000\u00a0]+(?=[\u4e00-\u9fff（）()]{2,12}[:：])")
_RULER = re.compile(r":?[-–—=_|+]{2,}:?")
_LOOSE = ("txt", "tsv", "text")


def rows_of(document: Document, ledger: Ledger) -> list[Row]:
    """All rows that hold anything, in order.  ``page`` grows at every blank line, page and grid."""
    rows: list[Row] = []
    page, last = 0, Place()
    for part in document.parts:
        if isinstance(part, Grid):
            page += 1
            rows.extend(_grid_rows(part, page, ledger, document.kind))
            page += 1
            continue
        gap = part.place.page != last.page or (last.row > 0 and part.place.row > last.row + 1)
        last = part.place
        if gap or not part.text.strip():
            page += 1
        for row in _line_rows(part, page, ledger):
            rows.append(row)
    return rows


def _line_rows(line: Line, page: int, ledger: Ledger) -> Iterator[Row]:
    if not line.text.strip():
        return
    fields = line.text.split("\t") if "\t" in line.text else _LABELS_IN_LINE.split(line.text)
    bits = []
    for column, field in enumerate(fields):
        text = clean(field, flattened=True)
        if text:
            place = line.place._replace(column=column + 1 if len(fields) > 1 else line.place.column)
            bits.append(Bit(text, field.strip(), place, ledger.add(place, field.strip()), column))
    if len(bits) == 1 and _FURNITURE.fullmatch(bits[0].text):
        ledger.use(bits, "页码")
    elif all(_RULER.fullmatch(bit.text) for bit in bits) and (len(bits) > 1 or bits[0].text.count("-") > 2):
        ledger.use(bits, "分隔线")
    elif bits:
        yield Row(tuple(bits), len(fields), page, line.place, alone=len(fields) == 1)


def _grid_rows(grid: Grid, page: int, ledger: Ledger, kind: str) -> Iterator[Row]:
    fixed = kind not in _LOOSE
    numbers: dict[int, int] = {}
    above: tuple[Cell | None, ...] = ()
    for cells in grid.rows:
        bits: list[Bit] = []
        for column, cell in enumerate(cells):
            if cell is None or (column and cells[column - 1] is cell):
                continue
            text = clean(cell.text, flattened=not fixed) or cell.error
            if not text:
                continue
            if id(cell) not in numbers:
                numbers[id(cell)] = ledger.add(cell.place, cell.text or cell.error, cell.error)
            wide = sum(other is cell for other in cells)
            below = column < len(above) and above[column] is cell
            bits.append(Bit(text, cell.text, cell.place, numbers[id(cell)], column, wide, below))
        above = cells
        if not bits:
            page += not fixed
            continue
        if len(bits) == 1 and _FURNITURE.fullmatch(bits[0].text):
            ledger.use(bits, "页码")
            continue
        first = next((bit.place for bit in bits if not bit.below), bits[0].place)
        yield Row(tuple(bits), len(cells), page, first._replace(column=0), fixed=fixed, whole=fixed and kind != "pdf")
