"""What ``batch`` reads: files, folders and patterns in order, or the answer of a query; a block of rows at a time."""

import glob
import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from perfdsl.batch import Block, Raw, Reader, TextTable, names_of, unread, usual
from perfdsl.cli.files import Unreadable, read_bytes, remember, why
from perfdsl.cli.main import say
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding, shorten
from perfdsl.plan import Plan
from perfdsl.tables import FILLED_DOWN, Head, head_of, head_of_titles, read_cells
from perfdsl.text import Source, Span

TEXTS = (".csv", ".tsv", ".txt")
PARQUET = (".parquet", ".pq")
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls", ".et", ".ods")
CHUNK = 1 << 22
BATCH = 1 << 16
EDGE = 1 << 20


class Refusal(Exception):
    """Data that cannot be used, with what is wrong."""

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        super().__init__()
        self.found = list(found)


class Unusable(Unreadable):
    """Data that cannot be read to their end, however often that is tried."""


class Identity(NamedTuple):
    """What a file was when it was read: enough to know that it is still the same."""

    name: str
    size: int
    changed: int
    edges: str


class Data:
    """What is read for one plan; ``found`` grows while ``blocks`` is followed, ``done`` of ``total`` bytes are behind."""

    def __init__(self, plan: Plan, period: str) -> None:
        self.plan = plan
        self.period = period
        self.names = names_of(plan)
        self.found: list[Diagnostic] = []
        self.done = 0
        self.total = 0
        self.paths: list[str] = []  # by the number of a file
        self.nameless = ""  # the table without a column of objects, which is about one

    def identity(self) -> Sequence[object] | None:
        """What the data are now; None where they cannot be known again."""
        return None

    def blocks(self) -> Iterator[Block]:
        """Every row in its order.  Raises ``Refusal`` where the data cannot be read to their end."""
        raise NotImplementedError

    def reader(self, head: Head, number: int, path: str) -> Reader:
        """How the rows under a header are read; the header must be usable and have a column of objects."""
        wrong = [d for d in head.found if d.severity == ERROR]
        if not head.columns or wrong:
            raise Refusal(wrong)
        reader = Reader(self.plan, self.period, head, number, path)
        reader.found = self.found
        if "object" not in reader.at and not head.object:
            reader.head = head._replace(object=self.alone(path))
        return reader

    def alone(self, path: str) -> str:
        """The object that the rows of a table without a column of objects are about: the one of the rules."""
        if not self.plan.object or self.nameless:
            raise nobodys(path)
        self.nameless = path
        return self.plan.object


def nobodys(path: str) -> Refusal:
    """A table that does not say whose its rows are."""
    return Refusal([finding(NO_OBJECT_COLUMN, Span(0, 0, Source(path, "")), name=path)])


class Files(Data):
    """All files in their order."""

    def __init__(self, given: Sequence[str], plan: Plan, period: str) -> None:
        super().__init__(plan, period)
        self.paths = list(_paths(given))
        _each_once(self.paths)
        self.total = sum(os.path.getsize(_bare(path)) for path in self.paths)

    def identity(self) -> Sequence[object]:
        return [file_identity(path) for path in self.paths]

    def blocks(self) -> Iterator[Block]:
        for number, path in enumerate(self.paths):
            before = self.done
            suffix = Path(_bare(path)).suffix.lower()
            how = self._parquet if suffix in PARQUET else self._workbook if suffix in WORKBOOKS else self._text
            yield from how(number, path)
            self.done = before + os.path.getsize(_bare(path))

    def _text(self, number: int, path: str) -> Iterator[Block]:
        with opened(path) as file:
            start = self.done

            def chunks() -> Iterator[bytes]:
                while data := file.read(CHUNK):
                    self.done = start + file.tell()
                    yield data

            table = TextTable.of(path, chunks(), self.names)
            if unread(table.found):
                raise Refusal([d for d in table.found if d.severity == ERROR])
            reader = self.reader(table.head, number, path)
            for raw in table.blocks():
                yield reader.block(raw)
            if unread(table.found):
                raise Refusal([d for d in table.found if d.severity == ERROR])
            self.found += table.found

    def _parquet(self, number: int, path: str) -> Iterator[Block]:
        import numpy as np
        import pyarrow as pa
        from pyarrow import parquet

        with opened(path) as file:
            try:
                table = parquet.ParquetFile(file, pre_buffer=False)  # else all the file is held
                titles = table.schema_arrow.names
                head = head_of_titles(path, titles, self.names)
                places = [x.place for x in head.columns if x.target]  # of their texts there are few different ones
                words = [titles[x] for x in places if pa.types.is_string(table.schema_arrow.field(x).type)]
                if words:
                    file.seek(0)
                    table = parquet.ParquetFile(file, read_dictionary=words, pre_buffer=False)
                reader = self.reader(head, number, path)
                self.found += head.found
                first, start, rows = 1, self.done, max(table.metadata.num_rows, 1)
                size = os.path.getsize(path)
                for batch in table.iter_batches(BATCH):
                    numbers = np.arange(first, first + batch.num_rows, dtype=np.int64)
                    first += batch.num_rows
                    yield reader.block(Raw(pa.table([usual(x) for x in batch.columns], names=titles), numbers, ()))
                    self.done = start + size * (first - 1) // rows
            except (pa.ArrowException, OSError) as wrong:
                raise Unusable(
                    say(
                        f"“{shorten(path)}”不是 Parquet 文件，或已经损坏（原话：{_words(wrong)}）",
                        f"“{shorten(path)}” is no Parquet file, or is damaged ({_words(wrong)})",
                    )
                ) from None

    def _workbook(self, number: int, path: str) -> Iterator[Block]:
        sheet, found = read_cells(path, read_bytes(_bare(path)), self.names)
        if sheet is None or unread(found):
            raise Refusal([d for d in found if d.severity == ERROR])
        head = head_of(sheet, self.names)
        reader = self.reader(head, number, path)
        self.found += [*found, *head.found]
        lines = sheet.lines[head.line + 1 :]
        down = {x.place for x in head.columns if x.field in FILLED_DOWN and not x.target}  # a value is of one row only
        for first in range(0, len(lines), BATCH):
            texts = [
                [
                    sheet.merged.get((head.line + 1 + first + i, at), "") if at in down and not cell.text else cell.text
                    for at, cell in enumerate(line.cells)
                ]
                for i, line in enumerate(lines[first : first + BATCH])
            ]
            yield reader.block(_table(texts, len(head.columns), head.line + 2 + first))


def _table(lines: Sequence[Sequence[str]], width: int, first: int) -> Raw:
    """Lines of texts as rows numbered from ``first``; blank ones are left out."""
    import numpy as np
    import pyarrow as pa

    kept = [i for i, line in enumerate(lines) if any(x.strip() for x in line)]
    columns = [pa.array([lines[i][at] if at < len(lines[i]) else "" for i in kept], pa.string()) for at in range(width)]
    names = [str(at) for at in range(width)]
    return Raw(pa.table(columns, names=names), np.array([first + i for i in kept], dtype=np.int64), ())


def _words(wrong: Exception) -> str:
    """The words of a library, as one line."""
    return shorten(" ".join(str(wrong).split()), 120)


def _paths(given: Sequence[str]) -> Iterator[str]:
    """Files as given; a folder stands for its tables, a pattern for what fits it, both in order of their names."""
    known = (*TEXTS, *PARQUET, *WORKBOOKS)
    for name in given:
        if os.path.isdir(name):
            inside = sorted(
                str(x)
                for x in Path(name).rglob("*")
                if x.suffix.lower() in known and x.is_file() and not _kept(x, Path(name))
            )
            if not inside:
                raise Unreadable(say(f"文件夹“{shorten(name)}”里没有表格", f"there is no table in “{shorten(name)}”"))
            yield from inside
        elif not os.path.lexists(_bare(name)) and glob.has_magic(name):
            found = sorted(
                x for x in glob.glob(name, recursive=True) if os.path.isfile(x) and not Path(x).name.startswith("~$")
            )
            if not found:
                raise Unreadable(say(f"没有文件合于“{shorten(name)}”", f"no file fits “{shorten(name)}”"))
            for path in found:
                _check_suffix(path)
            yield from found
        else:
            _check_suffix(name)
            if not os.path.isfile(_bare(name)):
                raise Unreadable(say(f"没有文件“{shorten(name)}”", f"there is no file “{shorten(name)}”"))
            yield name


def _check_suffix(name: str) -> None:
    """Only data that are read here."""
    known = (*TEXTS, *PARQUET, *WORKBOOKS)
    if Path(_bare(name)).suffix.lower() not in known:
        raise Unreadable(
            say(
                f"不会读“{shorten(name)}”这种数据；可以用 {' '.join(known)}",
                f"“{shorten(name)}” is no data known here; known: {' '.join(known)}",
            )
        )


def _each_once(paths: Sequence[str]) -> None:
    """Objects of a file that is given twice would be scored twice."""
    seen: dict[str, str] = {}
    for path in paths:
        bare = _bare(path)
        real = os.path.realpath(bare) + path[len(bare) :]
        if real in seen:
            shown, first = shorten(path), shorten(seen[real])
            raise Unreadable(
                say(f"“{shown}”给了两次", f"“{shown}” is given twice")
                if shown == first
                else say(f"“{first}”和“{shown}”是同一个文件", f"“{first}” and “{shown}” are the same file")
            )
        seen[real] = path


def _kept(path: Path, top: Path) -> bool:
    """What a system or a spreadsheet program keeps for itself, and what another job is working on."""
    parts = path.relative_to(top).parts
    return any(x.startswith(".") or x.endswith(".parts") for x in parts) or path.name.startswith("~$")


def _bare(name: str) -> str:
    """The file of ``name#sheet``."""
    bare, mark, _ = name.rpartition("#")
    return bare if mark and Path(bare).suffix.lower() in WORKBOOKS else name


def file_identity(path: str) -> Identity:
    with opened(_bare(path)) as file:
        made = os.fstat(file.fileno())
        digest = hashlib.sha256(file.read(EDGE))
        if made.st_size > EDGE:
            file.seek(max(made.st_size - EDGE, EDGE))
            digest.update(file.read(EDGE))
    return Identity(os.path.abspath(path), made.st_size, made.st_mtime_ns, digest.hexdigest())


def opened(path: str) -> BinaryIO:
    """A file to read, remembered so that no result is written over it."""
    try:
        file = open(path, "rb")  # noqa: SIM115 (whoever asks closes it)
    except (OSError, ValueError) as wrong:
        zh, en = why(wrong)
        raise Unreadable(say(f"读不了“{shorten(path)}”：{zh}", f"cannot read “{shorten(path)}”: {en}")) from None
    remember(file)
    return file


NO_OBJECT_COLUMN = Kind(
    "B101", ERROR, "{name}：表头没有“对象”一列，不知道每一行是谁的", "{name}: no column 对象 says whose each row is",
    "加一列“对象”（也可叫 项目名称、单位名称、object）", "add a column 对象 (or 项目名称, 单位名称, object)",
)  # fmt: skip
