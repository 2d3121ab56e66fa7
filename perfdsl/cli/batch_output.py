"""The parts of a job as one result: Parquet, CSV or a workbook, and the table of what could not be read."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any

from perfdsl.batch import OBJECT, Roll
from perfdsl.cli.batch_parquet import batches, encode, footer, join
from perfdsl.cli.batch_parts import NUMBER, PARQUET, SCORES, Folder
from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import say
from perfdsl.cli.writing import growing
from perfdsl.quantity import format_number
from perfdsl.width import excel_beginning
from perfdsl.write_actuals import guarded

SUFFIXES = (".parquet", ".csv", ".xlsx")
LISTS = ("类别", "名单", "名次", "对象", "总分", "有总分的对象", "总分未定的对象", "与末位并列未列出的")
MOST_ROWS, MOST_COLUMNS = 1_048_575, 16_384
CHUNK = 1 << 16
WOVEN = 1 << 14  # rows put in order together
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


def write_results(made: Sequence[tuple[str, Callable[[str], None]]], folder: Path) -> None:
    """The files of a job by their names, each written by its function: all are whole before the first gets its name."""
    with ExitStack() as stack:
        for name, write in made:
            write(stack.enter_context(growing(name, folder)))


def scores_to(name: str, found: Iterator[Any], empty: Any) -> Callable[[str], None]:
    """Writes tables in the form of ``name``; ``empty`` is one of no rows, for a job without any."""
    how = {".parquet": _parquet, ".csv": _csv, ".xlsx": _xlsx}[Path(name).suffix.lower()]
    return lambda path: how(path, found, empty)


def rejects_to(lines: Iterator[list[Any]], paths: Sequence[str]) -> Callable[[str], None]:
    """Writes every row and cell that could not be read."""

    def write(path: str) -> None:
        with open(path, "w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(REJECTS)
            for number, row, *words in lines:
                writer.writerow([guarded(paths[number]), row, *(guarded(x) for x in words)])

    return write


def lists_to(rolls: Sequence[Roll]) -> Callable[[str], None]:
    """Writes the first and the last: a line each, and one for what is not on a list."""

    def write(path: str) -> None:
        with open(path, "w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(LISTS)
            for roll in rolls:
                end = ("前" if roll.best else "末") + str(len(roll.lines))
                for one in roll.lines:
                    row = [
                        roll.group,
                        end,
                        str(one.place),
                        one.name,
                        format_number(one.total),
                        str(roll.members),
                        str(roll.open),
                        str(roll.more),
                    ]
                    writer.writerow([guarded(x) for x in row])

    return write


def tables(folder: Folder, numbers: Sequence[int], end: str = SCORES) -> Iterator[Any]:
    """What the parts came to, some rows at a time."""
    ends = (end, PARQUET) if end == SCORES else (end,)
    there = [path for number in numbers for x in ends if (path := folder.beside(number, x)).is_file()]
    if folder.scattered:
        yield from _woven(there)
        return
    for path in there:
        if path.suffix == f".{PARQUET}":
            yield from batches(path)
            continue
        with _opened(path) as file:
            for batch in _batches(file):
                yield _table(batch)


def _opened(path: Path, only: Sequence[int] | None = None) -> Any:
    """A table of a part; ``only`` some of its columns."""
    import pyarrow as pa

    options = pa.ipc.IpcReadOptions(included_fields=list(only) if only is not None else None, use_threads=False)
    return pa.ipc.open_file(pa.OSFile(str(path), "rb"), options=options)


def _batches(file: Any) -> Iterator[Any]:
    return (file.get_batch(i) for i in range(file.num_record_batches))


def _woven(paths: Sequence[Path]) -> Iterator[Any]:
    """Objects of all parts by the number of their first row: every part is in that order."""
    import numpy as np
    import pyarrow as pa

    if not paths:
        return
    orders = []
    for path in paths:
        with _opened(path) as file:
            last = len(file.schema) - 1
        with _opened(path, [last]) as file:
            orders.append(np.asarray(file.read_all().column(0)))
    files = [_opened(path) for path in paths]
    flows = [_Flow(_batches(file)) for file in files]
    order = np.concatenate(orders)
    whose = np.concatenate([np.full(len(x), i, np.int32) for i, x in enumerate(orders)])
    whose = whose[np.argsort(order, kind="stable")]
    for first in range(0, len(whose), WOVEN):
        counts = np.bincount(whose[first : first + WOVEN], minlength=len(flows))
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
            more = _table(next(self.batches))
            self.held = more if self.held is None or not self.held.num_rows else pa.concat_tables([self.held, more])
        some, self.held = self.held.slice(0, count), self.held.slice(count)
        return some


def _table(batch: Any) -> Any:
    import pyarrow as pa

    return pa.Table.from_batches([batch])


def parquet_to(folder: Folder, numbers: Sequence[int], empty: Any) -> Callable[[str], None]:
    """Writes the scores as Parquet: parts that are Parquet as they are, the rows of the others between them in even groups."""

    def write(path: str) -> None:
        encode(path, [], empty.schema)
        wanted = footer(Path(path)).rest
        there = [(n, one) for n in numbers if (one := folder.beside(n, PARQUET)).is_file()]
        ready = {n: (one, end) for n, one in there if (end := footer(one)).rest == wanted}
        if not ready:
            encode(path, _even(tables(folder, numbers)), empty.schema)
            return
        joined = []
        for is_ready, some in groupby(numbers, ready.__contains__):
            if is_ready:
                joined += [ready[n] for n in some]
                continue
            rest = folder.path / f".perfdsl-rest-{len(joined)}"
            encode(str(rest), _even(tables(folder, list(some))), empty.schema)
            joined.append((rest, footer(rest)))
        with open(path, "wb") as file:
            join(joined, file)

    return write


def _parquet(path: str, found: Iterator[Any], empty: Any) -> None:
    encode(path, _even(found), empty.schema)


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

    from perfdsl.writers import MOST_IN_CELL

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
                            line,
                            at,
                            excel_beginning(value, MOST_IN_CELL),
                            text if value.startswith(("=", "+", "-", "@")) else None,
                        )
    book.close()


__all__ = [
    "OBJECT",
    "SUFFIXES",
    "lists_to",
    "parquet_to",
    "refuse_too_many",
    "rejects_to",
    "scores_to",
    "tables",
    "write_results",
]
