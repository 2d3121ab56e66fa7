"""The parts of a job as one result: Parquet, CSV or a workbook, and the table of what could not be read."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from perfdsl.batch import GRADE, HIGH, LOW, OBJECT, TOTAL
from perfdsl.cli.batch_kept import kept
from perfdsl.cli.batch_parts import NUMBER, Folder
from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import say
from perfdsl.cli.writing import growing
from perfdsl.write_actuals import guarded

SUFFIXES = (".parquet", ".csv", ".xlsx")
MOST_ROWS, MOST_COLUMNS = 1_048_575, 16_384
CHUNK = 1 << 16
REJECTS = ("文件", "行", "对象", "列", "原文", "代码", "说明", "怎么改")


def refuse_too_many(name: str, objects: int) -> None:
    """A sheet of a workbook holds no more rows."""
    if name.lower().endswith(".xlsx") and objects > MOST_ROWS:
        raise Unreadable(
            say(
                f"“{name}”：一张工作表最多 {MOST_ROWS} 行，这里已有 {objects} 个对象；请写成 .parquet 或 .csv",
                f"“{name}”: a worksheet holds {MOST_ROWS} rows, there are {objects} objects; write .parquet or .csv",
            )
        )


def write_scores(name: str, folder: Folder, numbers: Sequence[int], empty: Any) -> None:
    """All objects in order; ``empty`` is a table of none, for a job without objects."""
    how = {".parquet": _parquet, ".csv": _csv, ".xlsx": _xlsx}[Path(name).suffix.lower()]
    with growing(name) as path:
        how(path, tables(folder, numbers), empty)


def write_tables(path: str, suffix: str, found: Iterator[Any]) -> None:
    """Tables of one schema, at least one, as they come."""
    first = next(found)
    how = {".parquet": _parquet, ".csv": _csv}[suffix.lower()]
    how(path, (x for some in ([first], found) for x in some), first)


def tables(folder: Folder, numbers: Sequence[int]) -> Iterator[Any]:
    """The scores, some objects at a time."""
    there = [number for number in numbers if folder.scores_path(number).is_file()]
    if folder.scattered:
        yield from _woven(folder, there)
        return
    for number in there:
        yield from kept(folder.scores_path(number))


def _woven(folder: Folder, numbers: Sequence[int]) -> Iterator[Any]:
    """Objects of all parts by the number of their first row: every part is in that order."""
    import numpy as np
    import pyarrow as pa

    paths = [folder.scores_path(n) for n in numbers]
    orders = [np.concatenate([np.asarray(x.column(0)) for x in kept(path, (NUMBER,))]) for path in paths]
    flows = [_Flow(kept(path)) for path in paths]
    order = np.concatenate(orders) if orders else np.zeros(0, np.int64)
    whose = np.concatenate([np.full(len(x), i, np.int64) for i, x in enumerate(orders)]) if orders else order
    whose = whose[np.argsort(order, kind="stable")]
    for first in range(0, len(whose), CHUNK):
        counts = np.bincount(whose[first : first + CHUNK], minlength=len(flows))
        some = pa.concat_tables([flow.take(int(n)) for flow, n in zip(flows, counts, strict=True) if n])
        some = some.take(pa.array(np.argsort(np.asarray(some.column(NUMBER)), kind="stable")))
        yield some.drop_columns([NUMBER])


class _Flow:
    """The rows of one part, taken as many at a time as are wanted."""

    def __init__(self, batches: Iterator[Any]) -> None:
        self.batches = batches
        self.held: Any = None

    def take(self, count: int) -> Any:
        """The next rows."""
        import pyarrow as pa

        while self.held is None or self.held.num_rows < count:
            more = next(self.batches)
            self.held = more if self.held is None else pa.concat_tables([self.held, more])
        some, self.held = self.held.slice(0, count), self.held.slice(count)
        return some


def _parquet(path: str, found: Iterator[Any], empty: Any) -> None:
    from pyarrow import parquet

    seen = [x for x in (OBJECT, TOTAL, LOW, HIGH, GRADE) if x in empty.schema.names]  # what people look for rows by
    options = {"write_statistics": seen, "store_decimal_as_integer": True}
    with parquet.ParquetWriter(path, empty.schema, **options) as writer:
        for table in _even(found):
            writer.write_table(table if table.schema.equals(empty.schema) else table.cast(empty.schema))


def _even(found: Iterator[Any]) -> Iterator[Any]:
    """The same rows in tables of one size, whatever the parts were."""
    import pyarrow as pa

    held: list[Any] = []
    for table in found:
        if not held and table.num_rows == CHUNK:
            yield table
            continue
        held.append(table)
        while sum(x.num_rows for x in held) >= CHUNK:
            every = pa.concat_tables(held)
            yield every.slice(0, CHUNK).combine_chunks()
            held = [every.slice(CHUNK)]
    if any(x.num_rows for x in held):
        yield pa.concat_tables(held).combine_chunks()


def _csv(path: str, found: Iterator[Any], empty: Any) -> None:
    """UTF-8 with a mark, so that spreadsheet programs read it; cells are quoted where they must be."""
    import pyarrow.compute as pc

    with open(path, "w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow([guarded(name) for name in empty.schema.names])
        for table in found:
            cells = [_shown(column) for column in table.columns]
            lines = pc.binary_join_element_wise(*cells, ",")
            file.writelines(f"{line}\n" for chunk in lines.chunks for line in chunk.to_pylist())


def _shown(column: Any) -> Any:
    """A column as cells of a .csv; none is taken for a formula."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_boolean(column.type):
        return pc.fill_null(pc.if_else(column, "是", "否"), "")
    column = pc.fill_null(column.cast(pa.string()), "")
    odd = pc.match_substring_regex(column, r"^[=+\-@\t\n]|[\",\r\n]")
    if not pc.any(odd).as_py():
        return column
    return pa.chunked_array([pa.array([_cell(x) for x in column.to_pylist()], pa.string())])


def _cell(text: str) -> str:
    text = guarded(text)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in '",\r\n') else text


def _xlsx(path: str, found: Iterator[Any], empty: Any) -> None:
    from decimal import Decimal

    import xlsxwriter

    if len(empty.schema.names) > MOST_COLUMNS:
        raise ValueError(say(f"一张工作表最多 {MOST_COLUMNS} 列", f"a worksheet holds {MOST_COLUMNS} columns"))
    safe = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(path, safe)
    sheet = book.add_worksheet("得分")
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@", "quote_prefix": True})
    sheet.freeze_panes(1, 1)
    for at, name in enumerate(empty.schema.names):
        sheet.write_string(0, at, name, bold)
    line = 0
    for table in found:
        columns = [x.to_pylist() for x in table.columns]
        for values in zip(*columns, strict=True):
            line += 1
            for at, value in enumerate(values):
                match value:
                    case None | "":
                        continue
                    case bool():
                        sheet.write_string(line, at, "是" if value else "否")
                    case int() | Decimal():
                        sheet.write_number(line, at, value)
                    case _:
                        sheet.write_string(
                            line, at, value[:32_767], text if value.startswith(("=", "+", "-", "@")) else None
                        )
    book.close()


def write_rejects(name: str, folder: Folder, numbers: Sequence[int], paths: Sequence[str]) -> None:
    """Every row and cell that could not be read."""
    with growing(name) as path, open(path, "w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(REJECTS)
        for number, row, *words in folder.refused(numbers):
            writer.writerow([guarded(paths[number]), row, *(guarded(x) for x in words)])


__all__ = ["OBJECT", "SUFFIXES", "refuse_too_many", "tables", "write_rejects", "write_scores", "write_tables"]
