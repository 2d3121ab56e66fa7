"""The answer of a query as data of ``batch``: sqlite through the standard library, PostgreSQL through psycopg where it is installed."""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote

from perfdsl.batch import Block, Raw, texts
from perfdsl.cli.batch_data import Data, Unusable, file_identity, opened
from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import say
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding, shorten
from perfdsl.plan import Plan
from perfdsl.tables import NOT_A_SCALAR, head_of_titles
from perfdsl.text import NOWHERE, Source, Span

FETCH = 1 << 14
POSTGRES = ("postgresql", "postgres")


def is_database(name: str) -> bool:
    """Is it the address of a database?"""
    return "://" in name or bool(re.match("(?i)(?:sqlite|postgres|postgresql):", name))


def scheme_of(address: str) -> str:
    """The kind of database, in small letters."""
    return address.partition(":")[0].lower()


def check_address(address: str) -> None:
    """Only databases that are known here, at an address that is written as theirs are."""
    scheme = scheme_of(address)
    if scheme != "sqlite" and scheme not in POSTGRES:
        raise Unreadable(
            say(
                f"不会连“{shorten(scheme)}”这种数据库；可以用 sqlite:///文件 和 postgresql://，别的先导出成 CSV 或 Parquet",
                f"no database “{shorten(scheme)}” known here; use sqlite:///FILE or postgresql://, or export CSV or Parquet",
            )
        )
    if scheme == "sqlite" and not re.match("(?i)sqlite:///.", address):
        raise Unreadable(
            say(
                f"“{shorten(address)}”：地址写成 sqlite:///文件（相对的）或 sqlite:////文件（绝对的）",
                f"“{shorten(address)}”: write sqlite:///FILE (relative) or sqlite:////FILE (absolute)",
            )
        )


def without_driver(address: str) -> list[Diagnostic]:
    """What must be installed before the database is asked."""
    if scheme_of(address) in POSTGRES and find_spec("psycopg") is None:
        return [finding(NO_DRIVER, NOWHERE, name=shown_address(address), library="psycopg")]
    return []


def shown_address(address: str) -> str:
    """The address without the password, wherever it stands."""
    hidden = re.sub(r"(?<=://)([^/?#@]*?):.*@", r"\1:***@", address)
    return re.sub(r"(?i)([?&](?:ssl)?password=)[^&#]*", r"\1***", hidden)


def _secrets(address: str) -> list[str]:
    """The passwords of an address, as they are written and as they are meant; the longest first."""
    found = re.findall(r"://[^/?#@]*?:(.*)@", address) + re.findall(r"(?i)[?&](?:ssl)?password=([^&#]*)", address)
    found += [y for x in found for y in re.split("[@:]", x) if len(y) > 2]  # an @ inside is taken for the end of it
    return sorted({y for x in found for y in (x, unquote(x)) if y}, key=lambda x: (-len(x), x))


class Database(Data):
    """One query; its rows are numbered from 1."""

    def __init__(self, address: str, query: str, plan: Plan, period: str) -> None:
        super().__init__(plan, period)
        self.address = address
        self.query = query
        self.scheme = scheme_of(address)
        self.paths = [shown_address(address)]

    def identity(self) -> Sequence[object] | None:
        """A file of sqlite and the query; a server may answer otherwise the next time."""
        if self.scheme != "sqlite":
            return None
        return [file_identity(self._file()), hashlib.sha256(self.query.encode()).hexdigest()]

    def blocks(self) -> Iterator[Block]:
        yield from self._sqlite() if self.scheme == "sqlite" else self._postgres()

    def _file(self) -> str:
        """The file in sqlite:///relative or sqlite:////absolute."""
        path = unquote(self.address.partition(":///")[2])
        if not os.path.isfile(path):
            raise Unreadable(say(f"没有数据库文件“{shorten(path)}”", f"there is no database file “{shorten(path)}”"))
        return path

    def _sqlite(self) -> Iterator[Block]:
        import sqlite3

        path = self._file()
        with opened(path):
            pass  # remembered, so that no result is written over it
        try:
            with closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True)) as connection:
                connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)  # a query that makes no other file
                connection.text_factory = lambda data: data.decode("utf-8", "replace")
                yield from self._answer(connection.execute(self.query))
        except (sqlite3.Error, sqlite3.Warning) as wrong:
            raise self._refused(wrong, _of_sqlite(wrong, self.address)) from None

    def _postgres(self) -> Iterator[Block]:
        import psycopg

        try:
            port = psycopg.conninfo.conninfo_to_dict(self.address).get("port") or ""
            if not all(x.isdecimal() for x in str(port).split(",") if x):
                raise ValueError("port")
        except (psycopg.Error, UnicodeError, ValueError) as wrong:  # an address may hold anything
            raise self._refused(wrong, BAD_ADDRESS) from None
        connected = False
        try:
            with psycopg.connect(self.address) as connection:
                connected = True
                connection.read_only = True
                with connection.cursor("perfdsl") as cursor:
                    cursor.itersize = FETCH
                    cursor.execute(self.query)
                    yield from self._answer(cursor)
        except (psycopg.Error, UnicodeError, ValueError) as wrong:
            raise self._refused(
                wrong, _of_state(getattr(wrong, "sqlstate", None)) if connected else NO_ANSWER
            ) from None

    def _refused(self, wrong: Exception, reason: tuple[str, str]) -> Unreadable:
        """Why there are no rows, in our words, with those of the database in brackets; no password in them."""
        words = str(wrong).replace(self.address, shown_address(self.address))
        for secret in _secrets(self.address):
            words = words.replace(secret, "***")
        words = shorten(" ".join(words.split()), 200)
        return Unusable(say(f"{reason[0]}（原话：{words}）", f"{reason[1]} ({words})"))

    def _answer(self, cursor: Any) -> Iterator[Block]:
        """The rows of the answer, some at a time."""
        import numpy as np
        import pyarrow as pa

        titles = [x[0] for x in cursor.description or ()]
        if not titles:
            raise Unreadable(say("查询没有给出行；要一条 select", "the query gives no rows; it must be a select"))
        head = head_of_titles(self.paths[0], titles, self.names)
        reader = self.reader(head, 0, self.paths[0])
        self.found += head.found
        first = 1
        looked = {x.place for x in head.columns if x.field or x.target}
        while some := cursor.fetchmany(FETCH):
            columns, refused = [], []
            for at, title in enumerate(titles):
                cells = [row[at] for row in some]
                if at in looked:
                    cells, found = _one_value(cells, title, first)
                    refused += found
                columns.append(_column(cells))
            numbers = np.arange(first, first + len(some), dtype=np.int64)
            first += len(some)
            names = [str(i) for i in range(len(columns))]
            yield reader.block(Raw(pa.table(columns, names=names), numbers, tuple(refused)))


def _of_sqlite(wrong: Exception, address: str) -> tuple[str, str]:
    """What a fault of SQLite means to who wrote the query."""
    shown = shorten(address)
    match getattr(wrong, "sqlite_errorname", ""):
        case "":
            return "一次只写一条语句，要一条 select", "one statement at a time, a select"
        case "SQLITE_ERROR":
            return BAD_QUERY
        case "SQLITE_NOTADB" | "SQLITE_CORRUPT":
            return f"“{shown}”不是可用的 SQLite 数据库", f"“{shown}” is no database SQLite can read"
        case "SQLITE_BUSY" | "SQLITE_LOCKED":
            return "别的程序正在写这个数据库，等它写完再试", "another program is writing this database; try again later"
        case name if name.startswith("SQLITE_READONLY"):
            return READ_ONLY
    return NO_RESULT


def _of_state(state: str | None) -> tuple[str, str]:
    """What the state of PostgreSQL means to who wrote the query."""
    if state == "25006":
        return READ_ONLY
    return BAD_QUERY if (state or "").startswith("42") else NO_RESULT


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(os.path.abspath(path))


def _one_value(cells: list[Any], title: str, first: int) -> tuple[list[Any], list[tuple[int, str, Diagnostic]]]:
    """The cells of rows from ``first`` without arrays, records and JSON of several values, and each of those as refused."""
    if not any(isinstance(x, list | tuple | dict) for x in cells):
        return cells, []
    refused = []
    for row, cell in enumerate(cells, first):
        if isinstance(cell, list | tuple | dict):
            text = json.dumps(cell, ensure_ascii=False, default=str)
            place = Span(0, len(text), Source("", text))
            refused.append((row, text, finding(NOT_A_SCALAR, place, line=row, key=title)))
    return [None if isinstance(x, list | tuple | dict) else x for x in cells], refused


def _column(values: list[Any]) -> Any:
    """Values of a database as a column: whole numbers and doubles as they are where all are, else as their texts."""
    import pyarrow as pa

    kinds = {type(x) for x in values if x is not None}
    if kinds == {float}:
        return pa.array(values, pa.float64())
    if kinds == {int} and all(x is None or -(1 << 63) <= x < 1 << 63 for x in values):
        return pa.array(values, pa.int64())
    return pa.array(texts(values), pa.string())


BAD_ADDRESS = "数据库的地址写得不对", "the address of the database is not well formed"
BAD_QUERY = "查询写得不对", "the query is not well formed"
READ_ONLY = (
    "数据库只读地打开，只能读：查询要是 select",
    "the database is opened for reading only; the query must be a select",
)
NO_ANSWER = "连不上数据库", "the database cannot be reached"
NO_RESULT = "数据库没有答复查询", "the database did not answer the query"
NO_DRIVER = Kind(
    "B102", ERROR, "{name}：连这个数据库要先安装：pip install {library}", "{name}: this database needs: pip install {library}",
    "或者先导出成 CSV 或 Parquet", "or export CSV or Parquet first",
)  # fmt: skip
