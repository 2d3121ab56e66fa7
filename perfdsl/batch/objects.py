"""The rows of a table by object, as the exact engine reads them; what it finds leads back to row and column."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from perfdsl.actuals import Row
from perfdsl.batch.cells import Reject, texts
from perfdsl.batch.part import Shape
from perfdsl.batch.rows_together import UNIT
from perfdsl.diagnostics import Diagnostic
from perfdsl.evaluate import field_of
from perfdsl.observe import AMBIGUOUS_NAME, UNKNOWN_ROW, UNKNOWN_ROW_NEAR
from perfdsl.text import Source, Span

NAMES = (UNKNOWN_ROW.code, UNKNOWN_ROW_NEAR.code, AMBIGUOUS_NAME.code)
SHARED = ("explanation", "evidence")


def by_object(shape: Shape, table: Any) -> Iterable[tuple[str, list[Row]]]:
    """The rows of a table by object, in the order of their first row; in a wide table every row is an object."""
    columns = {x.place: texts(table.column(x.place)) for x in shape.columns[0]}
    at = shape.place_of("object")
    if not shape.long:
        return [
            (columns[at][i] if at is not None else shape.plan.object, list(_rows(shape, columns, i)))
            for i in range(table.num_rows)
        ]
    found: dict[str, list[Row]] = {}
    for i in range(table.num_rows):
        name = columns[at][i] if at is not None else shape.plan.object
        found.setdefault(name, []).extend(_rows(shape, columns, i))
    return list(found.items())


def owned(shape: Shape, table: Any, objects: Any) -> Any:
    """The rows of a table that are about the objects for which the array is true."""
    if not shape.long:
        return objects
    _, whose = shape.coded(table, shape.place_of("object"), "")
    return objects[whose]


def rows_about(shape: Shape, table: Any, objects: Sequence[str], keys: Collection[str]) -> Iterator[list[Row]]:
    """For each of the ``objects`` of a table the rows about some columns of the plan (``value:PATH``, ``input:NAME``)."""
    import numpy as np
    import pyarrow as pa

    if not shape.long:
        named = {x.place: x.key for x in shape.named}
        blank = [""] * table.num_rows
        columns = {
            x.place: texts(table.column(x.place)) if named.get(x.place) in keys or not x.target else blank
            for x in shape.columns[0]
        }
        yield from (list(_rows(shape, columns, i)) for i in range(table.num_rows))
        return
    names, codes = shape.coded(table, shape.place_of("name"), "")
    wanted = np.array([shape.names(" ".join(x.split())) in keys for x in names], dtype=bool)
    found = dict(by_object(shape, table.take(pa.array(np.flatnonzero(wanted[codes])))))
    yield from (found.get(name, []) for name in objects)


def _rows(shape: Shape, columns: Mapping[int, list[str]], i: int) -> Iterator[Row]:
    whole = {x.field: columns[x.place][i] for x in shape.columns[0] if x.field and not x.target}
    extras = tuple(
        (x.header, columns[x.place][i])
        for x in shape.columns[0]
        if not x.field and not x.target and columns[x.place][i]
    )
    if shape.long:
        if whole.get("value") and not whole.get(UNIT, "").strip():
            whole[UNIT] = next((x.unit for x in shape.columns[0] if x.field == "value"), "")
        yield _row({k: v for k, v in whole.items() if v and k != "object"}, extras, i)
        return
    shared = {k: whole[k] for k in SHARED if whole.get(k)}
    given: dict[str, dict[str, str]] = {}
    called: dict[str, str] = {}
    units: dict[str, str] = {}
    for x in shape.columns[0]:
        text = columns[x.place][i] if x.target else ""
        if not text:
            continue
        if x.field == "value" or x.target not in called:
            called[x.target] = shape.headings[x.place]
        given.setdefault(x.target, {})[x.field] = text
        if x.field == "value":
            units[x.target] = x.unit
    for name, fields in given.items():
        yield _row({"name": name, UNIT: units.get(name, ""), **shared, **fields}, extras, i, called[name])


def _row(fields: dict[str, str], extras: tuple[tuple[str, str], ...], number: int, called: str = "") -> Row:
    """A row whose source is called by its number and its column or name, so that what is found leads back to it."""
    made = {"name": "", "value": "", **fields}
    text = made["value"]
    return Row(span=Span(0, len(text), Source(f"{number} {called or made['name']}", text)), extras=extras, **made)  # type: ignore[arg-type]


def rejected(shape: Shape, found: Iterable[Diagnostic], rows: Sequence[Row]) -> Iterator[tuple[str, Reject]]:
    """Findings with the row and the column, or name, each is about; one about no row stands at the first of them."""
    known = {x.span.source.name: x for x in reversed(rows)}
    headings = {(x.target, x.field): shape.headings[x.place] for x in reversed(shape.columns[0]) if x.field}
    for d in found:
        row = known.get(d.span.source.name, rows[0] if rows else None)
        if row is None:
            continue  # nothing was given
        number, _, called = row.span.source.name.partition(" ")
        field = field_of(d)
        if d.code in NAMES:
            text = row.name if shape.long else d.span.source.text
        else:
            text = getattr(row, field)
            called = headings.get(("" if shape.long else row.name, field), headings.get(("", "value"), called))
        yield called, Reject(int(number), str(text), d)


def in_order(shape: Shape, found: Iterable[tuple[str, Reject]]) -> list[tuple[str, Reject]]:
    """Rejects as they stand in the table, whoever found them: row by row, in a row by column, in a cell by code."""
    places = {name: at for at, name in reversed(list(enumerate(shape.headings)))}

    def key(one: tuple[str, Reject]) -> tuple[int, int, str, str, str, str]:
        name, x = one
        return x.row, places.get(name, len(places)), name, x.finding.code, x.text, str(x.finding.facts)

    return sorted(found, key=key)
