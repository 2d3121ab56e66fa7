"""The first look at the data: the limits of the plain numbers of each column, and every other text once, read as ``observe`` reads it."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from perfdsl.diagnostics import shorten
from perfdsl.spark.cells import Cells
from perfdsl.spark.findings import TOO_MANY_TEXTS, halt
from perfdsl.spark.kinds import as_written
from perfdsl.spark.rows import Table
from perfdsl.spark.text import literal

READ = "perfdsl_read"
FIRST = 2000  # rows looked at for the texts that come often
MOST = 100_000


def scan(session: Any, made: Table) -> int:
    """Fill in what the cells of ``made`` hold; how many objects there are.  Leaves the view ``perfdsl_read``."""
    numbers = [f"{x.plain()} AS {x.v}" for x in made.cells]
    words = [f"{x.text()} AS {x.t}" for x in made.cells]
    plain = f"SELECT {', '.join(['*', *numbers])} FROM ({made.query})"
    session.sql(f"SELECT {', '.join(['*', *words])} FROM ({plain})").createOrReplaceTempView(READ)
    if made.cells:
        _often(session, made.cells)
    count, rest = _limits(session, made.cells)
    if rest:
        _others(session, rest)
    return count


def _often(session: Any, cells: Sequence[Cells]) -> None:
    """The texts among the first rows."""
    sets = ", ".join(f"COLLECT_SET({x.t}) AS {x.t}" for x in cells)
    one = session.sql(f"SELECT {sets} FROM (SELECT * FROM {READ} LIMIT {FIRST})").collect()[0]
    for x in cells:
        for text in sorted(one[x.t]):
            x.told(text)


def _limits(session: Any, cells: Sequence[Cells]) -> tuple[int, list[Cells]]:
    """The limits of every column; how many objects, and the columns with texts not met yet."""
    made = ["COUNT(*) AS objects"]
    for x in cells:
        known = f" AND {x.t} NOT IN ({', '.join(map(literal, x.answers))})" if x.answers else ""
        made.append(f"COUNT_IF({x.t} IS NOT NULL{known}) AS o{x.number}")
        if x.numeric:
            made += [
                f"MIN({x.v}) AS l{x.number}",
                f"MAX({x.v}) AS h{x.number}",
                f"MAX({x.needed_places()}) AS p{x.number}",
            ]
    one = session.sql(f"SELECT {', '.join(made)} FROM {READ}").collect()[0]
    rest = []
    for x in cells:
        if x.numeric and one[f"l{x.number}"] is not None:
            x.low, x.high = _exact(one[f"l{x.number}"]), _exact(one[f"h{x.number}"])
            x.places = int(one[f"p{x.number}"])
        if one[f"o{x.number}"]:
            rest.append(x)
    return int(one.objects), rest


def _exact(value: Any) -> Fraction:
    """A number of Spark's: a double as the decimal of fifteen digits it stands for."""
    return Fraction(Decimal(f"{value:.15g}")) if isinstance(value, float) else Fraction(value)


def _others(session: Any, rest: Sequence[Cells]) -> None:
    """Every other text of these columns, once; raises ``Halt`` where they are too many."""
    entries = ", ".join(f"STRUCT({x.number} AS i, {x.t} AS t)" for x in rest)
    texts = f"SELECT EXPLODE(FILTER(ARRAY({entries}), x -> x.t IS NOT NULL)) AS x FROM {READ}"
    distinct = f"SELECT x.i AS i, x.t AS t FROM ({texts}) GROUP BY x.i, x.t"
    counts = session.sql(f"SELECT i, COUNT(*) AS many, MIN(t) AS t FROM ({distinct}) GROUP BY i").collect()
    total = 0
    for one in counts:
        x = next(x for x in rest if x.number == one.i)
        total += one.many
        if total > MOST:
            raise halt(TOO_MANY_TEXTS, column=x.heading, most=MOST, text=shorten(as_written(x.type, one.t)))
    by_number = {x.number: x for x in rest}
    for one in session.sql(f"SELECT i, t FROM ({distinct}) ORDER BY i, t").collect():
        if one.t not in by_number[one.i].answers:
            by_number[one.i].told(one.t)
