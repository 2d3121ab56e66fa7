"""The tables a job reads, as one query: every row with its file, its number there, its object, and its cells as they are.

Parquet is read as Spark reads it, CSV a line a row and cut here, as ``perfdsl.tables`` cuts it.  No row is brought to the
driver but the head of a file.
"""

import os
import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

from perfdsl import plan as p
from perfdsl.batch import OBJECT, names_of
from perfdsl.diagnostics import ERROR, Diagnostic, shorten
from perfdsl.spark.findings import NOT_READ_BY_SPARK, Halt, halt
from perfdsl.spark.kinds import kind_of
from perfdsl.spark.text import blank, literal, quoted, trimmed
from perfdsl.spark.told import tell_rows
from perfdsl.tables import Column, Head, head_of_titles, text_head
from perfdsl.text import Source

PARQUET, TEXTS = ("parquet", "pq"), ("csv", "tsv", "txt")
HEAD_LINES = 64
BOM = "\ufeff"
DELIMITERS = {",": ",", "\t": "\\t", ";": ";"}


class Raw(NamedTuple):
    """A query of the rows: ``f`` and ``r`` are file and row, ``c0`` … the columns of ``head``, of these ``types``."""

    query: str
    head: Head
    types: dict[int, str]
    found: tuple[Diagnostic, ...]


def raw(session: Any, given: Sequence[str], plan: p.Plan) -> Raw:
    """The rows of all files; raises ``Halt`` where they cannot be read so."""
    paths = [x if "://" in x else os.path.abspath(x) for x in given]
    suffixes = {_suffix(x) for x in _files(session, paths)}
    if not suffixes:
        raise halt(NOT_READ_BY_SPARK, reason=f"“{shorten(given[0])}”里没有文件")
    if suffixes <= set(PARQUET):
        return _parquet(session, paths, plan)
    if suffixes <= set(TEXTS):
        return _text(session, paths, plan)
    strange = suffixes - {*PARQUET, *TEXTS}
    if strange:
        raise halt(NOT_READ_BY_SPARK, reason=f"文件的后缀是 {'、'.join(sorted(strange))}，只读 .parquet 和 .csv")
    raise halt(NOT_READ_BY_SPARK, reason="Parquet 和 CSV 混在一起")


def _files(session: Any, paths: Sequence[str]) -> list[str]:
    """All files there are, as Spark sees them."""
    found = session.read.format("text").option("recursiveFileLookup", "true").load(list(paths))
    return [unquote(x) for x in found.inputFiles()]


def _suffix(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2].lower()


def _head(head: Head, name: str) -> Head:
    """A usable header with a column of objects."""
    wrong = [d for d in head.found if d.severity == ERROR]
    if not head.columns or wrong:
        raise Halt(wrong)
    if not head.object and not any(x.field == "object" and not x.target for x in head.columns):
        raise halt(NOT_READ_BY_SPARK, reason=f"“{shorten(name)}”的表头没有“{OBJECT}”一列")
    return head


# ---- Parquet


def _parquet(session: Any, paths: list[str], plan: p.Plan) -> Raw:
    frame = session.read.option("recursiveFileLookup", "true").option("mergeSchema", "true").parquet(*paths)
    fields = dict(frame.dtypes)
    titles = list(fields)
    head = _head(head_of_titles(paths[0], titles, names_of(plan)), paths[0])
    types = {x.place: fields[titles[x.place]] for x in head.columns if x.field or x.target}
    for place, type_name in types.items():
        if kind_of(type_name) is None:
            raise halt(NOT_READ_BY_SPARK, reason=f"“{shorten(titles[place])}”一列的类型是 {type_name}")
    made = ["_metadata.file_path AS f", "_metadata.row_index + 1 AS r"]
    made += [f"{quoted(titles[at])} AS c{at}" for at in types]
    frame.selectExpr(*made).createOrReplaceTempView("perfdsl_data")
    return Raw("SELECT * FROM perfdsl_data", head, types, head.found)


# ---- text


def _text(session: Any, paths: list[str], plan: p.Plan) -> Raw:
    """Lines with their numbers; those of the header and above it are left out, and all are cut into cells."""
    lines = session.read.option("recursiveFileLookup", "true").text(paths)
    # the rows of a piece of a file come in their order, and the pieces are the same each time the files are read
    lines.selectExpr(
        "_metadata.file_path AS f",
        "_metadata.file_block_start AS b",
        "MONOTONICALLY_INCREASING_ID() AS m",
        "value AS t",
    ).createOrReplaceTempView("perfdsl_pieces")
    name = _numbered(session)
    first = session.sql(
        f"SELECT r, t FROM perfdsl_numbered WHERE f = {literal(name)} AND r <= {HEAD_LINES} ORDER BY r"
    ).collect()
    lines = [x.t.removeprefix(BOM) if x.r == 1 else x.t for x in first]
    delimiter, head = text_head(Source(unquote(name), "\n".join(lines) + "\n"), names_of(plan))
    _head(head, unquote(name))
    line = f"LTRIM({literal(BOM)}, t)" if head.line == 0 else "t"
    other = (
        f"SELECT f FROM perfdsl_numbered WHERE r = {head.line + 1} AND {line} <> {literal(lines[head.line])} LIMIT 1"
    )
    for one in session.sql(other).collect():
        raise halt(NOT_READ_BY_SPARK, reason=f"“{unquote(one.f)}”和“{unquote(name)}”的表头不同")
    if delimiter not in DELIMITERS:
        raise halt(NOT_READ_BY_SPARK, reason=f"分隔符是“{delimiter}”")
    width = len(head.columns)
    sign = DELIMITERS[delimiter]
    quote = f'(?:(?<=[{sign}])|^)"(?:[^"]|"")*+"(?=[{sign}]|$)'
    cell = f'{sign}("(?:[^"]|"")*+"(?=[{sign}]|$)|[^{sign}]*)'
    several = (
        f"CASE WHEN INSTR(t, '\"') = 0 THEN SPLIT(t, {literal(sign)}, -1) ELSE TRANSFORM(REGEXP_EXTRACT_ALL(CONCAT({literal(delimiter)}, t), {literal(cell)}, 1), "
        "x -> CASE WHEN x LIKE '\"%' THEN REPLACE(SUBSTRING(x, 2, LENGTH(x) - 2), '\"\"', '\"') ELSE x END) END"
    )
    cut = f"SELECT f, r, t, {several} AS cells FROM perfdsl_numbered WHERE r > {head.line + 1} AND {trimmed('t')} <> ''"
    _irregular(session, cut, quote, width)
    places = [x.place for x in head.columns if x.field or x.target]
    made = [f"{_bare(f'COALESCE(GET(cells, {at}), {chr(39)}{chr(39)})')} AS c{at}" for at in places]
    query = f"SELECT f, r, {', '.join(made)} FROM ({cut})"
    return Raw(query, head, dict.fromkeys(places, "string"), head.found)


def _numbered(session: Any) -> str:
    """Every line with its number in its file, from 1; the first file."""
    found = session.sql("SELECT f, b, MIN(m) AS low, COUNT(*) AS many FROM perfdsl_pieces GROUP BY f, b").collect()
    rows, before, file = [], 0, None
    for one in sorted(found, key=lambda x: (x.f, x.b)):
        before = before if one.f == file else 0
        rows.append((one.f, one.b, before + 1 - one.low))
        file, before = one.f, before + one.many
    if not rows:
        raise halt(NOT_READ_BY_SPARK, reason="文件是空的")
    tell_rows(session, "perfdsl_bases", "f STRING, b BIGINT, base BIGINT", rows)
    session.sql(
        "SELECT /*+ BROADCAST(y) */ x.f, x.m + y.base AS r, x.t FROM perfdsl_pieces x JOIN perfdsl_bases y ON x.f = y.f AND x.b = y.b"
    ).createOrReplaceTempView("perfdsl_numbered")
    return str(rows[0][0])


def _irregular(session: Any, cut: str, quote: str, width: int) -> None:
    """Lines that may be cut otherwise elsewhere: not UTF-8, a quote inside a cell or over several lines, too many cells."""
    tests = {
        "不是 UTF-8": "NOT IS_VALID_UTF8(t)",
        "引号不规整或跨行": f"INSTR(t, '\"') > 0 AND INSTR(REGEXP_REPLACE(t, {literal(quote)}, ''), '\"') > 0",
        "比表头多出格子": f"SIZE(cells) > {width} AND EXISTS(SLICE(cells, {width + 1}, SIZE(cells)), x -> NOT {blank('x')})",
    }
    made = [
        f"COUNT_IF({test}) AS n{i}, MIN_BY(STRUCT(f, r), IF({test}, r, NULL)) AS p{i}"
        for i, test in enumerate(tests.values())
    ]
    one = session.sql(f"SELECT {', '.join(made)} FROM ({cut})").collect()[0]
    for i, what in enumerate(tests):
        if one[f"n{i}"]:
            at = one[f"p{i}"]
            name = unquote(re.sub("^file:/*", "/", at.f))
            raise halt(NOT_READ_BY_SPARK, reason=f"{one[f'n{i}']} 行{what}，第一处在“{shorten(name)}”第 {at.r} 行")


def _bare(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking a cell for a formula."""
    signs = ", ".join(literal(x) for x in ("=", "+", "-", "@", "\t"))
    return f"CASE WHEN LEFT({cell}, 1) = '\\'' AND SUBSTRING({cell}, 2, 1) IN ({signs}) THEN SUBSTRING({cell}, 2) ELSE {cell} END"


def object_of(head: Head, types: dict[int, str]) -> str:
    """Whose a row is."""
    at: Column | None = next((x for x in head.columns if x.field == "object" and not x.target), None)
    return trimmed(cell_text(types[at.place], f"c{at.place}")) if at is not None else literal(head.object)


def cell_text(type_name: str, what: str) -> str:
    """Any cell as text, '' where there is none."""
    kind = kind_of(type_name)
    assert kind is not None  # types are looked at when the table is opened
    return f"COALESCE({kind.text.replace('{x}', what)}, '')"
