"""DuckDB, inside this process: the statement of ``perfdsl compile --sql duckdb`` over the columns as they lie in memory.

Whole numbers are BIGINT below 2**62, else HUGEINT; what needs more is refused (``DoesNotFit``) and never tried.
"""

from typing import Any

from perfdsl import program as g
from perfdsl.engines import Compiled
from perfdsl.grid import Grid, Scores, Strip
from perfdsl.sql import OverGrid, over_grid

NAME = "duckdb"
NEEDS = ("duckdb", "numpy")
EXTRA = "duckdb"


def compiled(program: g.Program) -> Compiled:
    """The program as a function of grids; raises ``DoesNotFit`` for numbers beyond 38 digits."""
    made = over_grid(program, NAME)

    def score(grid: Grid) -> Scores:
        import duckdb

        arrays, shown = _given(program, grid, made)
        with duckdb.connect() as connection:
            connection.register("given", arrays)
            connection.execute(f"CREATE TEMP VIEW grid AS SELECT {', '.join(shown)} FROM given")
            found = connection.execute(made.text).fetchnumpy()
        return made.scores(found)

    return score


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
