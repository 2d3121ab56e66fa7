"""Rows as they are read, each with its place; what their columns are called whatever the file calls them.

A long table comes out with the columns of a row of actuals, a wide one with 对象 and its indicators; rows of another period
are left aside and counted, rows that name no object or no indicator are refused with their place.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl.batch.cells import filled, one_value, text_column, texts
from perfdsl.batch.lines import Raw
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding, stated
from perfdsl.keywords import PERIOD_WORDS
from perfdsl.observe import UNKNOWN_PERIOD, row_names
from perfdsl.tables import (
    ERROR_CELL,
    ERROR_CELLS,
    NO_NAME,
    NO_OBJECT,
    SKIPPED_LINE,
    UNSOLVED,
    UNSOLVED_CELL,
    Column,
    Head,
    Names,
)
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    import pyarrow as pa

OBJECT = "对象"
TITLES = {
    "object": OBJECT, "name": "指标", "value": "实际值", "unit": "单位", "prior": "上年值", "mark": "评分", "override": "复核分",
    "item": "事项", "times": "次数", "explanation": "偏差原因", "evidence": "证据",
}  # fmt: skip
SUMS = (
    "合计",
    "合 计",
    "总计",
    "总 计",
    "小计",
    "小 计",
    "共计",
    "累计",
    "汇总",
    "平均",
    "平均值",
    "平均数",
    "total",
    "Total",
    "TOTAL",
)
MOST_SUMS = 20
TRIMMED = ("object", "name", "unit")


class Refused(NamedTuple):
    """A row or a cell that could not be read: number of the file, row, object, column, its words, and why."""

    file: int
    row: int
    object: str
    column: str
    text: str
    finding: Diagnostic


@attrs.frozen(eq=False)
class Block:
    """Rows of one shape: ``files`` and ``rows`` say where each stands; ``aside`` were of another period."""

    table: "pa.Table"
    files: Any
    rows: Any
    long: bool
    refused: tuple[Refused, ...] = ()
    aside: int = 0

    @property
    def count(self) -> int:
        """How many rows."""
        return int(self.table.num_rows)

    def part(self, first: int, last: int) -> "Block":
        """Some of the rows; what was refused stays behind."""
        return Block(self.table.slice(first, last - first), self.files[first:last], self.rows[first:last], self.long)

    def taken(self, places: Any) -> "Block":
        """The rows at these places."""
        import pyarrow as pa

        return Block(self.table.take(pa.array(places)), self.files[places], self.rows[places], self.long)

    def like(self, other: "Block") -> bool:
        """Have both the same columns?"""
        return self.long == other.long and self.table.schema.names == other.table.schema.names


def joined(blocks: Sequence[Block]) -> Block:
    """Blocks with the same columns as one; a column that is not everywhere of one type becomes text."""
    import numpy as np
    import pyarrow as pa

    if len(blocks) == 1:
        return blocks[0]
    tables = [x.table for x in blocks]
    for name in tables[0].schema.names:
        if len({x.schema.field(name).type for x in tables}) > 1:
            tables = [x.set_column(x.schema.get_field_index(name), name, text_column(x.column(name))) for x in tables]
    return Block(
        pa.concat_tables(tables), np.concatenate([x.files for x in blocks]), np.concatenate([x.rows for x in blocks]), blocks[0].long,
        tuple(r for x in blocks for r in x.refused), sum(x.aside for x in blocks),
    )  # fmt: skip


class Reader:
    """Makes blocks of the raw rows of one file."""

    def __init__(self, plan: p.Plan, period: str, head: Head, file: int, name: str) -> None:
        self.plan = plan
        self.period = period
        self.head = head
        self.file = file
        self.name = name
        self.names = names_of(plan)
        self.long = not head.wide
        self.at = {c.field: c for c in head.columns if c.field and not c.target}
        self.found: list[Diagnostic] = []  # what is no reject

    def block(self, raw: Raw) -> Block:
        """The rows of ``raw`` that may be scored."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        refused = [Refused(self.file, row, "", "", text, found) for row, text, found in raw.refused]
        table, numbers = raw.table, np.asarray(raw.rows, dtype=np.int64)
        columns: dict[str, Any] = {}
        for title, column in self._titles():
            made = table.column(column.place)
            made = self._sound(made, column, numbers, refused)
            columns[title] = (
                pc.utf8_trim_whitespace(text_column(made)) if column.field in TRIMMED and not column.target else made
            )
        if OBJECT not in columns:
            there = np.ones(table.num_rows, dtype=bool)
            if not self.long:  # a blank line is no object
                there = np.logical_or.reduce([filled(x) for x in columns.values()] or [~there])
            named = pc.if_else(pa.array(there), self.head.object, "")
            columns[OBJECT] = pa.chunked_array([named.cast(pa.string())])
        if self.long:
            self._units(columns)
        kept = np.ones(table.num_rows, dtype=bool)
        self._headers(columns, kept)
        self._sums(columns, numbers)
        aside = self._periods(table, numbers, kept, columns, refused)
        self._nameless(columns, numbers, kept, refused)
        refused = _owned(refused, numbers, columns[OBJECT])
        made_table = pa.table(columns)
        files = np.full(table.num_rows, self.file, dtype=np.int32)
        block = Block(made_table, files, numbers, self.long)
        if not kept.all():
            block = block.taken(np.flatnonzero(kept))
        return attrs.evolve(block, refused=tuple(sorted(refused, key=lambda x: x.row)), aside=aside)

    def _titles(self) -> Iterator[tuple[str, Column]]:
        """The columns that are kept, by their title: the object first."""
        for column in sorted(self.head.columns, key=lambda c: c.field != "object" or bool(c.target)):
            if column.target:
                yield column.header, column
            elif column.field in TITLES and (self.long or column.field == "object"):
                yield TITLES[column.field], column
            elif not column.field and column.header and self.names.looks_at(column.header):
                yield column.header, column

    def _sound(self, cells: Any, column: Column, numbers: Any, refused: list[Refused]) -> Any:
        """The cells without lists, errors of a spreadsheet and formulas without a result, which are reported."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        cells, several = one_value(cells, column.header, numbers)
        refused += [Refused(self.file, int(numbers[i]), "", column.header, text, why) for i, text, why in several]
        if pa.types.is_dictionary(cells.type) and pa.types.is_string(cells.type.value_type):
            chunks = cells.chunks if isinstance(cells, pa.ChunkedArray) else [cells]
            if not any(np.asarray(_errors(x.dictionary)).any() for x in chunks):
                return cells
            cells = text_column(cells)
        if not pa.types.is_string(cells.type):
            return cells
        found = np.asarray(_errors(cells))
        if not found.any():
            return cells
        for i in np.flatnonzero(found):
            text = cells[int(i)].as_py().strip()
            where = {"sheet": "", "row": str(numbers[i]), "column": ""}
            kind = UNSOLVED_CELL if text == UNSOLVED else ERROR_CELL
            said = stated(kind, self._place(text), {"header": column.header, "text": text, **where})
            refused.append(Refused(self.file, int(numbers[i]), "", column.header, text, said))
        return pc.if_else(pa.array(found), "", cells)

    def _units(self, columns: dict[str, Any]) -> None:
        """The unit in the heading of the values, where a row has none of its own."""
        import pyarrow as pa
        import pyarrow.compute as pc

        unit = self.at["value"].unit if "value" in self.at else ""
        if not unit:
            return
        value = text_column(columns[TITLES["value"]])
        own = columns.get(TITLES["unit"])
        bare = pc.not_equal(pc.utf8_trim_whitespace(value), "")
        if own is not None:
            bare = pc.and_(bare, pc.equal(own, ""))
        columns[TITLES["unit"]] = pc.if_else(bare, unit, own if own is not None else pa.scalar(""))

    def _headers(self, columns: dict[str, Any], kept: Any) -> None:
        """A header that stands again among the rows is none of them."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        again = None
        for title, column in self._titles():
            made = columns[title]
            if pa.types.is_dictionary(made.type):
                made = text_column(made)
            if not pa.types.is_string(made.type):
                return
            same = np.asarray(pc.fill_null(pc.equal(pc.utf8_trim_whitespace(made), column.header.strip()), False))
            again = same if again is None else again & same
            if not again.any():
                return
        if again is not None:
            kept &= ~again

    def _periods(self, table: Any, numbers: Any, kept: Any, columns: dict[str, Any], refused: list[Refused]) -> int:
        """Only the rows of the period; how many are of others."""
        import numpy as np
        import pyarrow.compute as pc

        column = self.at.get("period")
        if column is None:
            return 0
        sound = self._sound(table.column(column.place), column, numbers, refused)
        words = pc.utf8_trim_whitespace(text_column(sound))
        encoded = (
            words.combine_chunks().dictionary_encode()
            if hasattr(words, "combine_chunks")
            else words.dictionary_encode()
        )
        codes = np.asarray(encoded.indices)
        aside = 0
        for code, word in enumerate(encoded.dictionary.to_pylist()):
            if not word or PERIOD_WORDS.get(word) == self.period:
                continue
            here = (codes == code) & kept
            kept &= codes != code
            if word in PERIOD_WORDS:
                aside += int(here.sum())
                continue
            for i in np.flatnonzero(here):
                said = finding(UNKNOWN_PERIOD, self._place(word), text=word, row=numbers[i])
                refused.append(
                    Refused(self.file, int(numbers[i]), columns[OBJECT][int(i)].as_py(), column.header, word, said)
                )
        return aside

    def _sums(self, columns: dict[str, Any], numbers: Any) -> None:
        """Lines under a table that sum it up are scored like any other: who reads the result is told."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        here = np.flatnonzero(np.asarray(pc.is_in(columns[OBJECT], pa.array(SUMS))))
        for i in here[: max(MOST_SUMS - len(self.found), 0)]:
            word = columns[OBJECT][int(i)].as_py()
            place = Span(0, 0, Source(self.name, "", above=int(numbers[i]) - 1))
            self.found.append(finding(LIKE_A_SUM, place, row=numbers[i], text=word))

    def _nameless(self, columns: dict[str, Any], numbers: Any, kept: Any, refused: list[Refused]) -> None:
        """Rows that say something of no object or no indicator; blank ones say nothing."""
        import numpy as np
        import pyarrow.compute as pc

        needed = [OBJECT, TITLES["name"]] if self.long else [OBJECT]
        for title in needed:
            blank = np.asarray(pc.equal(columns[title], "")) & kept
            for i in np.flatnonzero(blank):
                told = [
                    text for name, cells in columns.items()
                    if name not in needed and (text := texts(cells.slice(int(i), 1))[0].strip())
                ]  # fmt: skip
                if not told and title != OBJECT:  # a line of a total, or of a group
                    owner = columns[OBJECT][int(i)].as_py()
                    where = {"sheet": "", "row": str(numbers[i]), "column": ""}
                    said = stated(SKIPPED_LINE, self._place(owner), {"text": owner, **where})
                    refused.append(Refused(self.file, int(numbers[i]), owner, title, owner, said))
                    continue
                if not told and not (self.long and columns[TITLES["name"]][int(i)].as_py()):
                    continue
                where = {"sheet": "", "row": str(numbers[i]), "column": ""}
                kind = NO_OBJECT if title == OBJECT else NO_NAME
                text = told[0] if told else columns[TITLES["name"]][int(i)].as_py()
                said = stated(kind, self._place(text), {"text": text, **where})
                owner = columns[OBJECT][int(i)].as_py()
                refused.append(Refused(self.file, int(numbers[i]), owner, title, text, said))
            kept &= ~blank

    def _place(self, text: str) -> Span:
        return Span(0, len(text), Source(self.name, text))


def _owned(refused: list[Refused], numbers: Any, objects: Any) -> list[Refused]:
    """What was refused before the objects of the rows were known, with them."""
    if all(x.object for x in refused):
        return refused
    at = {int(number): i for i, number in enumerate(numbers)}
    return [
        x._replace(object=objects[at[x.row]].as_py()) if not x.object and x.row in at and x.column != OBJECT else x
        for x in refused
    ]


def _errors(cells: Any) -> Any:
    """Which cells are the errors of a spreadsheet, or a formula whose result is not in the file."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    marks = ("#", ":")  # one of them is in every error
    if not any(pc.any(pc.match_substring(cells, mark)).as_py() for mark in marks):
        return np.zeros(len(cells), dtype=bool)
    errors = sorted({*ERROR_CELLS, UNSOLVED})
    assert all(any(mark in x for mark in marks) for x in errors)
    return pc.fill_null(pc.is_in(pc.utf8_upper(pc.utf8_trim_whitespace(cells)), pa.array(errors)), False)


def names_of(plan: p.Plan) -> Names:
    """What the tables of a plan may name."""
    return Names(frozenset(row_names(plan)), frozenset(), plan.own_columns)


LIKE_A_SUM = Kind(
    "B103", WARNING, "第{row}行的对象是“{text}”，像是汇总行，照样当作一个对象评了",
    "row {row}: the object “{text}” looks like a line of totals; it was scored as an object all the same",
    "不是对象的，删去这一行再评", "remove the row if it is no object",
)  # fmt: skip
