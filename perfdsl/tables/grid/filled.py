"""A sheet that ``perfdsl template`` made, known again by what stands above its columns (docs/fill.md).

Whoever fills it in may save it as another sort of file: only the words count, not where exactly they stand.
"""

from collections.abc import Iterator, Sequence

import attrs

from perfdsl.actuals import (
    DIGEST_MARK,
    FILL_SHEET,
    LISTS_SHEET,
    NOTES_SHEET,
    OBJECT_MARK,
    PERIOD_MARK,
    PRINTED,
    SCORING,
    Filled,
    Row,
    Table,
)  # fmt: skip
from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.quantity import fold_width
from perfdsl.tables.grid import findings as f
from perfdsl.tables.grid.columns import Layout, find_layout
from perfdsl.tables.grid.names import Names
from perfdsl.tables.grid.sheet import Cell, Line, Sheet, letter
from perfdsl.text import Span

OWN_SHEETS = frozenset({FILL_SHEET, NOTES_SHEET, LISTS_SHEET})


def table_of(
    name: str, sheet: Sheet, names: Names, rows: tuple[Row, ...], found: list[Diagnostic]
) -> tuple[Table, list[Diagnostic]]:
    """The table of the rows of a sheet; of a filled sheet its rows are about its object, and its own form is not remarked on."""
    layout = find_layout(sheet, names)
    filled = _filled(sheet, layout) if layout is not None else None
    if filled is None or layout is None:
        lost = layout is not None and any(c.header == SCORING for c in layout.columns)
        return Table(name, rows), [*found, *([finding(f.NO_DIGEST, _head(sheet, layout), name=name)] if lost else [])]
    if filled.object:
        rows = tuple(row if row.object else attrs.evolve(row, object=filled.object) for row in rows)
    strange = [c.header for c in layout.columns if not c.field and c.header and c.header not in PRINTED]
    strange = [header for header in strange if not names.looks_at(header)]
    quiet = (f.SKIPPED_ABOVE,) if strange else (f.SKIPPED_ABOVE, f.UNKNOWN_COLUMNS)
    return Table(name, rows, filled=filled), [d for d in found if d.kind not in quiet]


def is_filled(sheet: Sheet, layout: Layout) -> bool:
    """Did ``template`` make the sheet?"""
    return _filled(sheet, layout) is not None


def _head(sheet: Sheet, layout: Layout | None) -> Span:
    return sheet.span(sheet.lines[layout.line if layout is not None else 0])


def _filled(sheet: Sheet, layout: Layout) -> Filled | None:
    facts: dict[str, str] = {}
    place: Cell | Line = sheet.lines[layout.line]
    for line in sheet.lines[: layout.line]:
        for mark, text, cell in _facts(line.cells):
            facts.setdefault(mark, text)
            place = cell if mark == DIGEST_MARK else place
    if DIGEST_MARK not in facts:
        return None
    value = next((c.place for c in layout.columns if c.field == "value"), -1)
    merged = tuple(
        sheet.source.line_of(sheet.lines[row].start)
        for row, column in sheet.merged
        if column == value and row > layout.line
    )
    return Filled(
        object=facts.get(OBJECT_MARK, ""), period=facts.get(PERIOD_MARK, ""), digest=facts[DIGEST_MARK], sheet=sheet.title,
        columns=tuple((c.field or c.header, letter(c.place)) for c in layout.columns if c.header), merged=merged,
        span=sheet.span(place),
    )  # fmt: skip


def _facts(cells: Sequence[Cell]) -> Iterator[tuple[str, str, Cell]]:
    """A mark with what follows it, in the same cell or in the next that is not empty."""
    told = [cell for cell in cells if cell.text.strip()]
    for at, cell in enumerate(told):
        for mark in (OBJECT_MARK, PERIOD_MARK, DIGEST_MARK):
            if fold_width(cell.text.strip()).startswith(fold_width(mark)):
                own = cell.text.strip()[len(mark) :].strip()
                after = told[at + 1].text.strip() if not own and at + 1 < len(told) else ""
                is_mark = any(
                    fold_width(after).startswith(fold_width(x)) for x in (OBJECT_MARK, PERIOD_MARK, DIGEST_MARK)
                )
                yield mark, own or ("" if is_mark else after), cell
