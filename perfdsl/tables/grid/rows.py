"""Rows of actuals out of the cells under a header, in long and in wide form.

Nothing is guessed: a line that does not fit its header is reported and gives no row.
"""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from perfdsl.actuals import Row
from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.tables.grid import findings as f
from perfdsl.tables.grid.columns import INCOMPLETE, WIDE_FIELDS, Column, Layout, find_layout, is_header_of
from perfdsl.tables.grid.names import Names
from perfdsl.tables.grid.sheet import Cell, Line, Sheet
from perfdsl.text import Span

Pair = tuple[Column, Cell]
FILLED_DOWN = frozenset({"name", "object", "period"})
SHARED = frozenset({"explanation", "evidence"})
_ERRORS = """#DIV/0! #N/A #NAME? #NULL! #NUM! #REF! #VALUE! #SPILL! #CALC! #GETTING_DATA #FIELD! #BLOCKED! #UNKNOWN!
             #CONNECT! ERR:502 ERR:504 ERR:508 ERR:511 ERR:522 ERR:523"""
ERROR_CELLS = frozenset(_ERRORS.split())
UNSOLVED = "#未计算#"  # stands for a formula whose result is not in the file
VALUES = frozenset({"value", "prior", "mark", "override", "times"})


def read_sheet(sheet: Sheet, names: Names) -> tuple[tuple[Row, ...], list[Diagnostic]]:
    """All rows of a sheet, and everything in it that does not fit."""
    layout = find_layout(sheet, names)
    if layout is None:
        return (), [finding(f.NO_HEADER, first(sheet), where=sheet.title or sheet.source.name)]
    header = sheet.lines[layout.line]
    found = above(sheet, layout) + header_findings(sheet, layout, names)
    if layout.rank == INCOMPLETE or any(d.kind is f.TWICE_HEADER for d in found):
        return (), found
    rows: list[Row] = []
    silent: list[Row] = []
    for number, line in enumerate(sheet.lines[layout.line + 1 :], layout.line + 1):
        if any(cell.text.strip() for cell in line.cells) and not is_header_of(line, header):
            rows.extend(_line(sheet, number, layout, found, silent))
    if silent:
        rows = _spoken(rows, silent)
    if not rows and not found:
        found.append(finding(f.NO_ROWS, sheet.span(header), where=sheet.title or sheet.source.name))
    return tuple(rows), found


# ---- the header


def first(sheet: Sheet) -> Span:
    """The first line that holds anything."""
    filled = next((line for line in sheet.lines if any(c.text.strip() for c in line.cells)), None)
    return sheet.span(filled) if filled is not None else Span(0, 0, sheet.source)


def above(sheet: Sheet, layout: Layout) -> list[Diagnostic]:
    """What is said of the lines above the header."""
    titles = [line for line in sheet.lines[: layout.line] if any(cell.text.strip() for cell in line.cells)]
    if not titles:
        return []
    words = " ".join(cell.text.strip() for cell in titles[0].cells if cell.text.strip())
    place = sheet.where(sheet.lines[layout.line])
    return [finding(f.SKIPPED_ABOVE, sheet.span(titles[0]), count=len(titles), text=words, **place)]


def header_findings(sheet: Sheet, layout: Layout, names: Names) -> list[Diagnostic]:
    """What is wrong with the header, and the columns nobody looks at."""
    header = sheet.lines[layout.line]
    found = list(_twice(sheet, header, layout.columns))
    fields = {column.field for column in layout.columns}
    place = sheet.span(header)
    if layout.rank == INCOMPLETE:
        kind = f.NO_NAME_COLUMN if "name" not in fields else f.NO_VALUE_COLUMN
        found.append(finding(kind, place, **sheet.where(header)))
        return found
    unknown = [c for c in layout.columns if not c.field and not c.target and c.header]
    if layout.wide:
        for column in list(unknown):
            if near := names.near(column.header):
                unknown.remove(column)
                cell = sheet.span(header.cells[column.place])
                found.append(finding(f.UNKNOWN_COLUMN_NEAR, cell, column=column.header, near=near))
    unknown = [column for column in unknown if not names.looks_at(column.header)]
    if unknown:
        found.append(finding(f.UNKNOWN_COLUMNS, place, columns="、".join(c.header for c in unknown)))
    return found


def _twice(sheet: Sheet, header: Line, columns: Sequence[Column]) -> Iterator[Diagnostic]:
    seen: dict[tuple[str, str], Column] = {}
    for column in columns:
        key = (column.target, column.field)
        if key == ("", ""):
            continue
        first = seen.setdefault(key, column)
        if first is not column:
            place = header.cells[column.place]
            where = sheet.where(place, column.place)
            yield finding(f.TWICE_HEADER, sheet.span(place), first=first.header, second=column.header, **where)


# ---- the lines under it


def _line(sheet: Sheet, number: int, layout: Layout, found: list[Diagnostic], silent: list[Row]) -> list[Row]:
    """The rows of a line; one that only names its object is added to ``silent`` too."""
    line = sheet.lines[number]
    width = len(layout.columns)
    over = [cell for cell in line.cells[width:] if cell.text.strip()]
    if over:
        where, count = sheet.where(line), len(line.cells)
        place = sheet.span(over[0])
        found.append(finding(f.TOO_MANY_CELLS, place, count=count, width=width, text=over[0].text, **where))
        return []
    pairs = list(_pairs(sheet, number, layout, found))
    if layout.wide:
        if rows := wide_rows(sheet, line, pairs, found):
            return rows
        nothing = _silent_row(sheet, pairs)
        silent += nothing
        return nothing
    row = long_row(sheet, line, pairs, found)
    return [_with_shared_words(row, sheet, number, layout)] if row is not None else []


def _with_shared_words(row: Row, sheet: Sheet, number: int, layout: Layout) -> Row:
    """A reason or a proof that is merged over several rows is said of each that has a value."""
    if not sheet.merged or not row.value.strip():
        return row
    words = {c.field: sheet.merged.get((number, c.place), "").strip() for c in layout.columns if c.field in SHARED}
    reason, proof = row.explanation or words.get("explanation", ""), row.evidence or words.get("evidence", "")
    return attrs.evolve(row, explanation=reason, evidence=proof)


def _pairs(sheet: Sheet, number: int, layout: Layout, found: list[Diagnostic]) -> Iterator[Pair]:
    """Every column with its cell: merged words filled down, error cells reported and emptied, missing cells empty."""
    line = sheet.lines[number]
    for column in layout.columns:
        if column.place >= len(line.cells):
            if column.field == "value" and not layout.wide:
                found.append(finding(f.CUT_SHORT, sheet.span(line), header=column.header, **sheet.where(line)))
            yield column, Cell("", line.end, line.end)
            continue
        cell = line.cells[column.place]
        words = cell.text.strip()
        if column.field and (words == UNSOLVED or words.upper() in ERROR_CELLS):
            where = sheet.where(cell, column.place)
            kind = f.UNSOLVED_CELL if words == UNSOLVED else f.ERROR_CELL
            found.append(finding(kind, sheet.span(cell), header=column.header, text=words, **where))
            words = ""
        elif words == UNSOLVED:
            words = ""
        elif not words and column.field in FILLED_DOWN:
            words = sheet.merged.get((number, column.place), "").strip()
        yield column, cell if words == cell.text else cell._replace(text=words)


def long_row(sheet: Sheet, line: Line, pairs: Sequence[Pair], found: list[Diagnostic]) -> Row | None:
    """The row a line says; None, with the reason, when it names no indicator."""
    texts = {column.field: cell.text for column, cell in pairs if column.field}
    if not texts.get("name"):
        told = [cell for column, cell in pairs if cell.text and column.field in VALUES]
        place = told[0] if told else line
        shown = told[0].text if told else next((cell.text for _, cell in pairs if cell.text), "")
        kind = f.NO_NAME if told else f.SKIPPED_LINE
        found.append(finding(kind, sheet.span(place), text=shown, **sheet.where(place)))
        return None
    if not texts.get("unit") and texts.get("value"):
        texts["unit"] = next((column.unit for column, _ in pairs if column.field == "value"), "")
    texts["name"] = " ".join(texts["name"].split())
    return Row(**{"value": "", **texts}, extras=_extras(pairs), span=sheet.span(line))  # type: ignore[arg-type]


def wide_rows(sheet: Sheet, line: Line, pairs: Sequence[Pair], found: list[Diagnostic]) -> list[Row]:
    """One row for every indicator a line gives anything for; blank cells give none."""
    shared = {column.field: cell.text for column, cell in pairs if column.field in WIDE_FIELDS and not column.target}
    groups: dict[str, list[Pair]] = {}
    for column, cell in pairs:
        if column.target and cell.text:
            groups.setdefault(column.target, []).append((column, cell))
    if groups and not shared.get("object", "?"):
        found.append(finding(f.NO_OBJECT, sheet.span(line), **sheet.where(line)))
        return []
    extras = _extras(pairs)
    return [_wide_row(sheet, name, group, shared, extras) for name, group in groups.items()]


def _silent_row(sheet: Sheet, pairs: Sequence[Pair]) -> list[Row]:
    """A line that names an object and gives nothing for it: a row without a value, as the object is one all the same."""
    shared = {column.field: cell.text for column, cell in pairs if column.field in WIDE_FIELDS and not column.target}
    blank = [pair for pair in pairs if pair[0].target and pair[0].field == "value" and not pair[1].text]
    if not shared.get("object") or not blank:
        return []
    return [_wide_row(sheet, blank[0][0].target, blank[:1], shared, _extras(pairs))]


def _spoken(rows: Sequence[Row], silent: Sequence[Row]) -> list[Row]:
    """The rows of a wide table without the silent ones whose object another row, or an earlier silent one, names."""
    alone = {id(row) for row in silent}
    told = {(row.object, row.period) for row in rows if id(row) not in alone}
    kept = []
    for row in rows:
        if id(row) not in alone or (row.object, row.period) not in told:
            kept.append(row)
        told.add((row.object, row.period))
    return kept


def _wide_row(
    sheet: Sheet, name: str, group: Sequence[Pair], shared: dict[str, str], extras: tuple[tuple[str, str], ...]
) -> Row:
    value = next((pair for pair in group if pair[0].field == "value"), group[0])
    texts = {"value": "", "unit": value[0].unit, **shared, **{column.field: cell.text for column, cell in group}}
    return Row(name=name, **texts, extras=extras, span=sheet.span(value[1]))  # type: ignore[arg-type]


def _extras(pairs: Iterable[Pair]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (column.header, cell.text) for column, cell in pairs if cell.text and not column.field and not column.target
    )
