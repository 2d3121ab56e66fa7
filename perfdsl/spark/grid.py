"""What was read as the grid of a program: numbers, states and words of its columns."""

from math import lcm
from typing import Any

from perfdsl import program as g
from perfdsl.spark.cells import Answer, Cells
from perfdsl.spark.scan import READ
from perfdsl.sql import OverGrid

GRID = "grid"  # what the statement of a program calls it
MOST_BITS = 1 << 62
EXACT = 10**37


def by_column(cells: list[Cells]) -> dict[str, list[Cells]]:
    """The cells of each column of the program."""
    found: dict[str, list[Cells]] = {}
    for x in cells:
        found.setdefault(x.name, []).append(x)
    return found


def columns(found: dict[str, list[Cells]]) -> tuple[g.Column, ...]:
    """What they hold."""
    made = []
    for name, several in found.items():
        per = lcm(*(x.per for x in several))
        ends = [x.ends() for x in several]
        low, high = min(x for x, _ in ends) * per, max(x for _, x in ends) * per
        assert low.denominator == high.denominator == 1  # per is a multiple of every denominator
        states = frozenset().union(*(x.states() for x in several))
        if states <= {g.MISSING, g.NUMBER}:
            states = frozenset({g.MISSING, g.NUMBER})
        words = _words(several[0])
        made.append(g.Column(name=name, per=per, low=int(low), high=int(high), states=states, words=words))
    return tuple(made)


def _words(cells: Cells) -> tuple[str, ...]:
    """The words the rules know, by their numbers."""
    return tuple(cells.reader.words)


def grid(session: Any, found: dict[str, list[Cells]], made: OverGrid) -> None:
    """The view ``grid`` the statement of ``made`` looks at; ``id`` is where an object stands."""
    shown = ["STRUCT(f, r, o) AS id"]
    joins = []
    for column in made.program.columns:
        several = found[column.name]
        number, state, word = (made.inputs[column.name, x] for x in ("numbers", "states", "said"))
        type_name = "DECIMAL(38,0)" if number in made.wide else "BIGINT"
        shown.append(f"{_first(several, [x.whole(column.per, type_name) for x in several])} AS {number}")
        shown.append(f"{_first(several, [x.state() for x in several])} AS {state}")
        shown.append(f"{_first(several, [x.word() for x in several])} AS {word}")
        for x in several:
            if x.joined:
                _table(session, x, column.per)
                joins.append(f" LEFT JOIN perfdsl_texts{x.number} a{x.number} ON {x.t} = a{x.number}.t")
    session.sql(f"SELECT {', '.join(shown)} FROM {READ}{''.join(joins)}").createOrReplaceTempView(GRID)


def _first(several: list[Cells], values: list[str]) -> str:
    """The value of the cells that hold anything."""
    *others, last = zip(several, values, strict=True)
    told = " ".join(f"WHEN {x.v} IS NOT NULL OR {x.t} IS NOT NULL THEN {value}" for x, value in others)
    return f"CASE {told} ELSE {last[1]} END" if told else last[1]


def _table(session: Any, cells: Cells, per: int) -> None:
    """The texts of a column and what they say."""
    import pyarrow as pa

    told: list[tuple[str, Answer]] = sorted(cells.answers.items())
    numbers = pa.array([str(int(x.number * per)) for _, x in told], pa.string()).cast(pa.decimal128(38, 0))
    made = pa.table({
        "t": pa.array([t for t, _ in told], pa.string()), "s": pa.array([x.state for _, x in told], pa.int64()),
        "n": numbers, "w": pa.array([x.word for _, x in told], pa.int64()),
    })  # fmt: skip
    session.createDataFrame(made).createOrReplaceTempView(f"perfdsl_texts{cells.number}")
