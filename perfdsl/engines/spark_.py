"""Spark: the statement of ``perfdsl compile --sql spark`` over a grid sent to the session of this process.

Whole numbers are BIGINT below 2**62, else DECIMAL(38,0); what needs more is refused (``DoesNotFit``) and never tried.
Large tables do not go this way: Spark reads them itself (``perfdsl.spark``).
"""

from typing import Any

from perfdsl import program as g
from perfdsl.engines import Compiled
from perfdsl.grid import Grid, Scores, Strip
from perfdsl.spark_session import opened
from perfdsl.sql import OverGrid, over_grid

NAME = "spark"
NEEDS = ("pyspark", "numpy", "pyarrow")
EXTRA = "spark"


def compiled(program: g.Program) -> Compiled:
    """The program as a function of grids; raises ``DoesNotFit`` for numbers beyond 37 digits."""
    made = over_grid(program, NAME)

    def score(grid: Grid) -> Scores:
        import numpy as np

        session = opened()
        session.createDataFrame(_given(program, grid, made)).createOrReplaceTempView("grid")
        found = session.sql(made.text).toArrow()
        return made.scores({x: np.asarray(found.column(x)) for x in found.column_names})

    return score


def _given(program: g.Program, grid: Grid, made: OverGrid) -> Any:
    """The grid as an Arrow table; what is not there is a constant."""
    import numpy as np
    import pyarrow as pa

    columns: dict[str, Any] = {"id": pa.array(np.arange(grid.count))}
    for column in program.columns:
        strip = grid.columns.get(column.name, Strip())
        number, state, word = (made.inputs[column.name, x] for x in ("numbers", "states", "said"))
        numbers = np.zeros(grid.count, np.int64) if strip.numbers is None else strip.numbers
        if number in made.wide:
            columns[number] = pa.array([str(x) for x in numbers], pa.string()).cast(pa.decimal128(38, 0))
        else:
            columns[number] = pa.array(numbers.astype(np.int64, copy=False))
        default = g.STATES.index(g.NUMBER if strip.numbers is not None else g.MISSING)
        for name, array, other, kind in ((state, strip.states, default, np.int8), (word, strip.said, -1, np.int32)):
            columns[name] = pa.array(np.full(grid.count, other, kind) if array is None else array.astype(kind))
    return pa.table(columns)
