"""Databases the emitted statements are run on: in this process, or a server of our own in a folder of its own.

A server listens on a socket in its folder alone, belongs to a user without rights where the tests are run by root, and
is stopped when the tests are over.
"""

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from perfdsl import program as g
from perfdsl.engines import Compiled
from perfdsl.grid import Grid, Scores, Strip
from perfdsl.sql import DIALECTS, over_grid

Rows = list[tuple[Any, ...]]


class Host(Protocol):
    """A database that runs statements."""

    dialect: str
    whole: str
    word: str

    def run(self, text: str) -> tuple[list[str], Rows]:
        """The names of the columns, and the rows."""
        ...

    def fill(self, name: str, columns: Sequence[tuple[str, str]], rows: Rows) -> None:
        """A table of so many columns of these types, in the place of one of the same name."""
        ...


class _Driver:
    """What a DB-API connection needs to be a host."""

    mark = "%s"
    whole, word, number, day = "BIGINT", "VARCHAR(200)", "DECIMAL(38, 10)", "DATE"

    def __init__(self, connection: Any, dialect: str) -> None:
        self.connection = connection
        self.dialect = dialect

    def run(self, text: str) -> tuple[list[str], Rows]:
        cursor = self.connection.cursor()
        cursor.execute(text)
        return [x[0] for x in cursor.description], [tuple(x) for x in cursor.fetchall()]

    def fill(self, name: str, columns: Sequence[tuple[str, str]], rows: Rows) -> None:
        quote = DIALECTS[self.dialect].quote
        cursor = self.connection.cursor()
        cursor.execute(f"DROP TABLE IF EXISTS {quote}{name}{quote}")
        told = ", ".join(f"{quote}{head}{quote} {kind}" for head, kind in columns)
        cursor.execute(f"CREATE TABLE {quote}{name}{quote} ({told})")
        if rows:
            self.insert(cursor, name, columns, rows)

    def insert(self, cursor: Any, name: str, columns: Sequence[tuple[str, str]], rows: Rows) -> None:
        """The rows, put into the table."""
        quote, marks = DIALECTS[self.dialect].quote, ", ".join([self.mark] * len(columns))
        cursor.executemany(f"INSERT INTO {quote}{name}{quote} VALUES ({marks})", rows)


class Sqlite(_Driver):
    """The standard library's."""

    mark = "?"
    number, day = "NUMERIC", "TEXT"

    def __init__(self) -> None:
        super().__init__(sqlite3.connect(":memory:"), "sqlite")
        sqlite3.register_adapter(Decimal, str)


class Duck(_Driver):
    """DuckDB over tables instead of arrays."""

    mark = "?"
    wide = "HUGEINT"

    def __init__(self) -> None:
        import duckdb

        super().__init__(duckdb.connect(), "duckdb")


class Postgres(_Driver):
    """PostgreSQL through psycopg."""

    wide = "NUMERIC"

    def insert(self, cursor: Any, name: str, columns: Sequence[tuple[str, str]], rows: Rows) -> None:
        with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


class Maria(_Driver):
    """MariaDB through PyMySQL: the nearest there is to MySQL here."""

    wide = "DECIMAL(65, 0)"


class OnHost(NamedTuple):
    """A host as an engine: grids go in as tables."""

    host: Any

    def compiled(self, program: g.Program) -> Compiled:
        made = over_grid(program, self.host.dialect)

        def score(grid: Grid) -> Scores:
            columns, arrays = [("id", self.host.whole)], [list(range(grid.count))]
            for column in program.columns:
                strip = grid.columns.get(column.name, Strip())
                state = g.STATES.index(g.NUMBER if strip.numbers is not None else g.MISSING)
                for aspect, array, default in (
                    ("numbers", strip.numbers, 0),
                    ("states", strip.states, state),
                    ("said", strip.said, -1),
                ):
                    name = made.inputs[column.name, aspect]
                    columns.append((name, self.host.wide if name in made.wide else self.host.whole))
                    arrays.append([default] * grid.count if array is None else [int(x) for x in array])
            self.host.fill("grid", columns, list(zip(*arrays, strict=True)))
            names, rows = self.host.run(made.text)
            return made.scores(
                {
                    name: np.array([int(x[i]) for x in rows], dtype=object if i else np.int64)
                    for i, name in enumerate(names)
                }
            )

        return score


# ---- servers


def lacking(*programs: str) -> str:
    """Which of the programs is not on this machine; empty when all are."""
    return next((x for x in programs if shutil.which(x) is None), "")


@contextmanager
def folder() -> Iterator[tuple[Path, dict[str, Any]]]:
    """A folder with a short name, and how to start a program in it that must not be run by root."""
    made = Path(tempfile.mkdtemp(prefix="pd"))
    user: dict[str, Any] = {}
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(made, nobody.pw_uid, nobody.pw_gid)
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    try:
        yield made, user
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of our own."""
    import psycopg

    with folder() as (place, user):
        data = place / "data"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": place}
        subprocess.run(
            ["initdb", "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], check=True, **quiet, **user
        )  # fmt: skip
        server = subprocess.Popen(
            ["postgres", "-D", str(data), "-k", str(place), "-c", "listen_addresses=", "-c", "fsync=off"], **quiet, **user
        )  # fmt: skip
        try:
            connection = _patiently(
                lambda: psycopg.connect(
                    f"host={place} user=tester dbname=postgres", autocommit=True, prepare_threshold=None
                ),
                psycopg.OperationalError,
                server,
            )
            yield Postgres(connection, "postgres")
            connection.close()
        finally:
            server.terminate()
            server.wait(20)


@contextmanager
def maria() -> Iterator[Maria]:
    """A MariaDB of our own."""
    import pymysql

    with folder() as (place, user):
        data, socket = place / "data", place / "s"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": place}
        common = ["--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(["mariadb-install-db", *common], check=True, **quiet, **user)
        server = subprocess.Popen(
            ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking",
             "--character-set-server=utf8mb4", "--innodb-flush-log-at-trx-commit=0"], **quiet, **user,
        )  # fmt: skip
        try:
            connection = _patiently(
                lambda: pymysql.connect(unix_socket=str(socket), user="root", charset="utf8mb4", autocommit=True),
                pymysql.err.OperationalError,
                server,
            )
            with connection.cursor() as cursor:
                cursor.execute("CREATE DATABASE t CHARACTER SET utf8mb4")
                cursor.execute("USE t")
            yield Maria(connection, "mysql")
            connection.close()
        finally:
            server.terminate()
            server.wait(30)


def _patiently(connect: Any, refusal: type[Exception], server: "subprocess.Popen[bytes]") -> Any:
    """A connection, as soon as the server answers."""
    for _ in range(300):
        try:
            return connect()
        except refusal:
            assert server.poll() is None, "the server has ended"
            time.sleep(0.1)
    return connect()
