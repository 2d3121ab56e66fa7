"""The answer of a query as data of ``batch``: sqlite through the standard library, PostgreSQL through psycopg where it is installed."""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote

from perfdsl.batch import Block, Raw, texts
from perfdsl.cli.batch_data import Data, Unusable, file_identity
from perfdsl.cli.files import Unreadable, remember
from perfdsl.cli.main import say
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding, shorten
from perfdsl.plan import Plan
from perfdsl.tables import head_of_titles
from perfdsl.text import NOWHERE

FETCH = 1 << 14
POSTGRES = ("postgresql", "postgres")


def is_database(name: str) -> bool:
    """Is it the address of a database?"""
    return "://" in name


def scheme_of(address: str) -> str:
    """The kind of database, in small letters."""
    return address.partition("://")[0].lower()


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
        if self.scheme != "sqlite" and self.scheme not in POSTGRES:
            raise Unreadable(
                say(
                    f"不会连“{shorten(self.scheme)}”这种数据库；可以用 sqlite:///文件 和 postgresql://，别的先导出成 CSV 或 Parquet",
                    f"no database “{shorten(self.scheme)}” known here; use sqlite:///FILE or postgresql://, or export CSV or Parquet",
                )
            )

    def identity(self) -> Sequence[object] | None:
        """A file of sqlite and the query; a server may answer otherwise the next time."""
        if self.scheme != "sqlite":
            return None
        return [file_identity(self._file()), hashlib.sha256(self.query.encode()).hexdigest()]

    def blocks(self) -> Iterator[Block]:
        yield from self._sqlite() if self.scheme == "sqlite" else self._postgres()

    def _file(self) -> str:
        """The file in sqlite:///relative or sqlite:////absolute."""
        path = unquote(self.address.partition("://")[2])
        path = path[1:] if path.startswith("/") else ""
        if not os.path.isfile(path):
            raise Unreadable(say(f"没有数据库文件“{shorten(path)}”", f"there is no database file “{shorten(path)}”"))
        return path

    def _sqlite(self) -> Iterator[Block]:
        import sqlite3

        path = self._file()
        with open(path, "rb") as file:
            remember(file)
        try:
            with closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True)) as connection:
                connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)  # a query that makes no other file
                connection.text_factory = lambda data: data.decode("utf-8", "replace")
                yield from self._answer(connection.execute(self.query))
        except (sqlite3.Error, sqlite3.Warning) as wrong:
            raise self._refused(wrong) from None

    def _postgres(self) -> Iterator[Block]:
        import psycopg

        try:
            with psycopg.connect(self.address) as connection:
                connection.read_only = True
                with connection.cursor("perfdsl") as cursor:
                    cursor.itersize = FETCH
                    cursor.execute(self.query)
                    yield from self._answer(cursor)
        except (psycopg.Error, UnicodeError, ValueError) as wrong:  # an address may hold anything
            raise self._refused(wrong) from None

    def _refused(self, wrong: Exception) -> Unreadable:
        words = str(wrong).replace(self.address, shown_address(self.address))
        for secret in _secrets(self.address):
            words = words.replace(secret, "***")
        words = shorten(" ".join(words.split()), 200)
        return Unusable(say(f"数据库没有答复查询：{words}", f"the database did not answer the query: {words}"))

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
        while some := cursor.fetchmany(FETCH):
            columns = [_column([row[at] for row in some]) for at in range(len(titles))]
            numbers = np.arange(first, first + len(some), dtype=np.int64)
            first += len(some)
            yield reader.block(Raw(pa.table(columns, names=[str(i) for i in range(len(columns))]), numbers, ()))


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(os.path.abspath(path))


def _column(values: list[Any]) -> Any:
    """Values of a database as a column: whole numbers and doubles as they are where all are, else as their texts."""
    import pyarrow as pa

    kinds = {type(x) for x in values if x is not None}
    if kinds == {float}:
        return pa.array(values, pa.float64())
    if kinds == {int} and all(x is None or -(1 << 63) <= x < 1 << 63 for x in values):
        return pa.array(values, pa.int64())
    return pa.array(texts(values), pa.string())


NO_DRIVER = Kind(
    "B102", ERROR, "{name}：连这个数据库要先安装：pip install {library}", "{name}: this database needs: pip install {library}",
    "或者先导出成 CSV 或 Parquet", "or export CSV or Parquet first",
)  # fmt: skip
