"""A wide table (a row an object, a column an indicator) as the long one that says the same: a row a filled indicator."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from perfdsl.batch import OBJECT, TITLES, filled, text_column
from perfdsl.mixed.store import Store
from perfdsl.tables import Column, Names, header_columns

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, np.dtype[Any]]

SHORT = 6  # decimals of so many places are written plainly


class Melted(NamedTuple):
    """A long table, and where its rows come from: the row of the wide one, and the number of the indicator among ``names``.

    ``headings`` are those of the wide table by indicator and title of the long one.
    """

    table: "pa.Table"
    rows: "Array"
    whose: "Array"
    names: tuple[str, ...]
    headings: Mapping[tuple[str, str], str]

    def heading(self, row: int, title: str) -> str:
        """The column of the wide table in which a cell of the long one stands; that of the value where it is in none."""
        if title == OBJECT:
            return title
        name = self.names[int(self.whose[row])]
        value = self.headings.get((name, TITLES["value"]))
        first = next(x for (of, _), x in self.headings.items() if of == name)
        return self.headings.get((name, title), value or first)


def melted(table: "pa.Table", store: Store) -> Melted:
    """The cells of a wide table as rows, in the order of rows and columns; an indicator without a filled cell makes no row."""
    import numpy as np
    import pyarrow as pa

    columns, _ = header_columns(
        table.schema.names, Names(frozenset(store.names), frozenset(), frozenset(store.columns))
    )
    several: dict[str, dict[str, Column]] = {}
    for x in columns:
        if x.target:
            several.setdefault(x.target, {})[x.field] = x
    fields = [x for x in TITLES if any(x in found for found in several.values())]
    unit = TITLES["unit"] if any(x.unit for x in columns) else ""
    pieces: list[dict[str, Any]] = []
    rows, places = [], []
    for name, found in several.items():
        cells = {field: text_of(table.column(x.place)) for field, x in found.items()}
        first = np.full(table.num_rows, len(columns))
        for field, x in sorted(found.items(), key=lambda x: -x[1].place):
            first[filled(cells[field])] = x.place
        at = np.flatnonzero(first < len(columns))
        rows.append(at)
        places.append(first[at])
        made = {TITLES[x]: _taken(cells[x], at) if x in cells else _same("", len(at)) for x in fields}
        if unit:
            made[unit] = _units(found, made, len(at))
        pieces.append({TITLES["name"]: _same(name, len(at)), TITLES["value"]: _same("", len(at)), **made})
    where = np.concatenate([np.zeros(0, np.int64), *rows])
    whose = np.repeat(np.arange(len(rows)), [len(x) for x in rows])
    order = np.lexsort((np.concatenate([np.zeros(0, np.int64), *places]), where))
    where, whose = where[order], whose[order]
    own = {OBJECT: table.column(OBJECT)} | {
        x.header: table.column(x.place) for x in columns if not x.field and x.header
    }
    long = {title: _taken(text_column(column), where) for title, column in own.items()}
    long |= {
        title: _joined([x[title] for x in pieces]).take(pa.array(order)) for title in (pieces[0] if pieces else ())
    }
    headings = {(x.target, TITLES[x.field]): table.schema.names[x.place] for x in columns if x.target}
    return Melted(pa.table(long), where.astype(np.int32), whose.astype(np.int32), tuple(several), headings)


def text_of(column: Any) -> Any:
    """The texts of cells; decimals of few places by Arrow."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_decimal(column.type) and 0 <= column.type.scale <= SHORT:
        return pc.fill_null(column.cast(pa.string()), "")
    return text_column(column)


def _units(found: Mapping[str, Column], made: Mapping[str, Any], count: int) -> Any:
    """The unit in the heading of a value, where there is one and no other is written."""
    import pyarrow.compute as pc

    unit = found["value"].unit if "value" in found else ""
    own = made.get(TITLES["unit"], _same("", count))
    if not unit:
        return own
    bare = pc.not_equal(pc.utf8_trim_whitespace(made[TITLES["value"]]), "")
    return pc.if_else(pc.and_(bare, pc.equal(pc.utf8_trim_whitespace(own), "")), unit, own)


def _taken(column: Any, rows: "Array") -> Any:
    import pyarrow as pa

    made = column.take(pa.array(rows))
    return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made


def _same(text: str, count: int) -> Any:
    import pyarrow as pa

    return pa.repeat(pa.scalar(text), count)


def _joined(pieces: list[Any]) -> Any:
    import pyarrow as pa

    return pa.concat_arrays([x.combine_chunks() if isinstance(x, pa.ChunkedArray) else x for x in pieces])
