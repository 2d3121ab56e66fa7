"""DuckDB, SQL by hand: BIGINT, NULL for missing."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import workload as w

from . import Data

if TYPE_CHECKING:
    import pyarrow as pa

    from . import Results

NAME, NEEDS, MOST = "DuckDB", ("duckdb", "pyarrow"), 10**8


class Own(NamedTuple):
    """A connection with the table ``given``, and the statement."""

    connection: Any
    statement: str


def row_sql(x: w.Indicator) -> tuple[str, str, str]:
    """Score, status and case of a column of BIGINT hundredths (BOOLEAN for met or not)."""
    a, t, p = f'"{x.name}"', x.target, x.points
    if x.kind == w.WORD:
        status = f"CASE WHEN {a} THEN {w.REACHED} WHEN {a} IS NULL THEN {w.MISSING} ELSE {w.UNJUDGED} END"
        return (
            f"CASE WHEN {a} THEN {p} WHEN NOT {a} THEN 0 END",
            status,
            f"CASE WHEN {a} THEN 1 WHEN NOT {a} THEN 2 END",
        )
    less = x.kind == w.AT_MOST
    met = f"{a} <= {t}" if less else f"{a} >= {t}"
    ample = f"{a} < {x.ample}" if less else f"{a} > {x.ample}"
    status = f"CASE WHEN {ample} THEN {w.EXCEEDED} WHEN {met} THEN {w.REACHED} WHEN {a} IS NULL THEN {w.MISSING} ELSE {w.MISSED} END"
    cases = [(met, str(p))]
    match x.kind:
        case w.AT_LEAST:
            cases.append(("", f"({2 * p} * {a} + {t}) // {2 * t}"))
        case w.AT_MOST:
            cases.append(("", f"({2 * p * t} + {a}) // (2 * {a})"))
        case w.BANDS:
            cases += [(f"{a} >= 8000", str(p * 4 // 5)), (f"{a} >= 6000", str(p // 2)), ("", "0")]
        case w.STEPS:
            cases.append(("", f"greatest({p} - ({t} - {a}) // 100 * 50, 0)"))
        case w.LINE:
            cases += [(f"10 * {a} > {6 * t}", f"({2 * p} * (10 * {a} - {6 * t}) + {4 * t}) // {8 * t}"), ("", "0")]
    arms = [(f"WHEN {test}" if test else f"WHEN {a} IS NOT NULL", value) for test, value in cases]
    score = " ".join(f"{test} THEN {value}" for test, value in arms)
    number = " ".join(f"{test} THEN {i + 1}" for i, (test, _) in enumerate(arms))
    return f"CASE {score} END", status, f"CASE {number} END"


def query(source: str, *kept_too: str) -> str:
    """All results as small whole numbers, and columns as they are."""
    rows = []
    for x in w.INDICATORS:
        score, status, case = row_sql(x)
        rows.append(f'CAST({score} AS INTEGER) AS "score:{x.name}"')
        rows += [f'CAST({status} AS UTINYINT) AS "status:{x.name}"', f'CAST({case} AS UTINYINT) AS "case:{x.name}"']
    groups = []
    for name, found in w.GROUPS.items():
        low = " + ".join(f'coalesce("score:{x.name}", 0)' for x in found)
        high = " + ".join(f'coalesce("score:{x.name}", {x.points})' for x in found)
        groups += [f'{low} AS "low:{name}"', f'{high} AS "high:{name}"']
    ends = [" + ".join(f'"{end}:{name}"' for name in w.GROUPS) + f" AS {end}" for end in ("low", "high")]
    complete = " AND ".join(f'"score:{x.name}" IS NOT NULL' for x in w.INDICATORS) + " AS complete"
    grades = " ".join(f"WHEN low >= {least} THEN {i + 1}" for i, (_, least) in enumerate(w.GRADES[:-1]))
    grade = f"CAST(CASE WHEN NOT complete THEN 0 {grades} ELSE {len(w.GRADES)} END AS UTINYINT) AS grade"
    kept = ", ".join([*kept_too, *(f'"{kind}:{x.name}"' for x in w.INDICATORS for kind in ("score", "status", "case"))])
    return (
        f"WITH scored AS (SELECT *, {', '.join(rows)} FROM {source}), grouped AS (SELECT *, {', '.join(groups)} FROM scored),\n"
        f"summed AS (SELECT *, {', '.join(ends)}, {complete} FROM grouped)\n"
        f"SELECT {kept}, COLUMNS('^(low|high):'), low, high, complete, {grade} FROM summed"
    )


def connected(threads: int) -> Any:
    """A new database in memory."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}; SET preserve_insertion_order = true")
    return connection


def loaded(data: Data, threads: int) -> Own:
    """A table of the database: BIGINT and BOOLEAN."""
    import pyarrow as pa

    columns = {}
    for x in w.INDICATORS:
        values = data.values[x.name]
        columns[x.name] = pa.array(values == 1 if x.kind == w.WORD else values, mask=values < 0)
    connection = connected(threads)
    connection.register("arrow", pa.table(columns))
    connection.execute("CREATE TABLE given AS FROM arrow")
    connection.unregister("arrow")
    return Own(connection, query("given"))


def score(own: Own) -> "pa.Table":
    """Every object, out as an Arrow table, which is quicker than another table of the database or numpy arrays."""
    return own.connection.sql(own.statement).to_arrow_table()


def results(made: "pa.Table") -> "Results":
    """Nulls as -1 in scores, 0 in cases."""
    import numpy as np

    named = zip(made.column_names, made.itercolumns(), strict=True)
    return {
        name: np.asarray(
            x.fill_null(-1) if name.startswith("score") else x.fill_null(0) if name.startswith("case") else x
        )
        for name, x in named
    }


def from_file(source: Path, target: Path, threads: int) -> None:
    """One statement; a decimal of 15 digits times 100 stays in 64 bits, and one that has more is an error."""
    asked = [
        f"{x.heading} = '{w.MET}' AS {x.name}" if x.kind == w.WORD
        else f'CAST(CAST("{x.heading}" AS DECIMAL(15, 2)) * 100 AS BIGINT) AS {x.name}'
        for x in w.INDICATORS
    ]  # fmt: skip

    def points(text: str) -> str:
        return f"CAST(CAST({text} AS DECIMAL(16, 0)) * 0.01 AS DECIMAL(18, 2))"

    def word(text: str, words: Iterable[str]) -> str:
        return f"CASE {text} " + " ".join(f"WHEN {i} THEN '{x}'" for i, x in enumerate(words)) + " END"

    made = [w.OBJECT]
    for x in w.INDICATORS:
        made.append(points(f'"score:{x.name}"') + f' AS "{x.name}.{w.SCORE}"')
        made.append(word(f'"status:{x.name}"', w.STATUSES) + f' AS "{x.name}.{w.STATUS}"')
        made.append(f'CAST("case:{x.name}" AS SMALLINT) AS "{x.name}.{w.CASE}"')
    for name in w.GROUPS:
        made.append(points(f'CASE WHEN "low:{name}" = "high:{name}" THEN "low:{name}" END') + f' AS "{name}.{w.SCORE}"')
    made.append(points("CASE WHEN complete THEN low END") + f" AS {w.TOTAL}")
    made += [points("low") + f" AS {w.LOW}", points("high") + f" AS {w.HIGH}"]
    made += [word("grade", ["", *(name for name, _ in w.GRADES)]) + f" AS {w.GRADE}", f"complete AS {w.COMPLETE}"]
    given = f"(SELECT {w.OBJECT}, {', '.join(asked)} FROM read_parquet('{source}'))"
    connected(threads).execute(
        f"COPY (SELECT {', '.join(made)} FROM ({query(given, w.OBJECT)})) TO '{target}' (FORMAT parquet, COMPRESSION snappy)"
    )
