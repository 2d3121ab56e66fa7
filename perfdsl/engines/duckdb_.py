"""DuckDB, inside this process: the statement of ``perfdsl compile --sql duckdb`` over the columns as they lie in memory.

Whole numbers are BIGINT below 2**62, else HUGEINT; what needs more is refused (``DoesNotFit``) and never tried.
"""

from typing import Any

from perfdsl import program as g
from perfdsl.grid import Grid, RowScores, Scores, Strip, SumScores
from perfdsl.sql import STATUSES, TOTAL, OverGrid, over_grid

NAME = "duckdb"
NEEDS = "duckdb"
EXTRA = "duckdb"


def run(program: g.Program, grid: Grid) -> Scores:
    """Score every object of ``grid``; raises ``DoesNotFit`` for numbers beyond 38 digits."""
    import duckdb

    made = over_grid(program, NAME)
    arrays, shown = _given(program, grid, made)
    with duckdb.connect(config={"preserve_insertion_order": True}) as connection:
        connection.register("given", arrays)
        connection.execute(f"CREATE TEMP VIEW grid AS SELECT {', '.join(shown)} FROM given")
        found = connection.execute(made.text).fetchnumpy()
    return _scores(program, grid.count, made, found)


def _given(program: g.Program, grid: Grid, made: OverGrid) -> tuple[dict[str, Any], list[str]]:
    """Arrays to look at in place, and what the relation shows of them; what is not there is a constant."""
    import numpy as np

    arrays: dict[str, Any] = {"id": np.arange(grid.count)}
    shown = ["id"]
    for column in program.columns:
        strip = grid.columns.get(column.name, Strip())
        number, state, word = (made.inputs[column.name, x] for x in ("numbers", "states", "said"))
        if strip.numbers is None:
            shown.append(f"CAST(0 AS {'HUGEINT' if number in made.wide else 'BIGINT'}) AS {number}")
        elif number in made.wide:
            arrays[number] = strip.numbers.astype(str).astype(object)
            shown.append(f"CAST({number} AS HUGEINT) AS {number}")
        else:
            arrays[number] = strip.numbers.astype(np.int64, copy=False)
            shown.append(number)
        default = g.STATES.index(g.NUMBER if strip.numbers is not None else g.MISSING)
        for name, array, other in ((state, strip.states, default), (word, strip.said, -1)):
            if array is None:
                shown.append(f"{other} AS {name}")
            else:
                arrays[name] = array
                shown.append(name)
    return arrays, shown


def _scores(program: g.Program, count: int, made: OverGrid, found: dict[str, Any]) -> Scores:
    """The results by path, the objects in their order."""
    import numpy as np

    order = found["id"]
    straight = bool((order[:-1] < order[1:]).all())
    places = None if straight else np.argsort(order)

    def get(kind: str, path: str = "") -> Any:
        result = made.outputs[kind, path]
        array = np.ma.getdata(found[result.name])
        if result.wide:
            array = np.array([int(x) for x in array], dtype=object)
        array = array.astype({"open": np.bool_, "complete": np.bool_}.get(kind, array.dtype), copy=False)
        return array if places is None else array[places]

    def summed(path: str) -> SumScores:
        return SumScores(get("low", path), get("high", path), get("open", path))

    rows = [path for kind, path in made.outputs if kind == "case"]
    groups = [path for kind, path in made.outputs if kind == "high" and path not in ("", TOTAL)]
    return Scores(
        units=program.units, count=count,
        rows={x: RowScores(get("low", x), get("open", x), get("case", x), get("status", x)) for x in rows},
        groups={x: summed(x) for x in groups}, total=summed(TOTAL), complete=get("complete"), grade=get("grade"),
        grades=program.grades, statuses=STATUSES, awards={x.name: get("award", x.name) for x in program.awards},
    )  # fmt: skip


