"""Plain Python integers, one object after the other: no number is too long for it, and it needs no engine installed."""

from typing import Any

from perfdsl import program as g
from perfdsl.engines import Compiled
from perfdsl.grid import Grid, Scores, Strip
from perfdsl.pythonic import written
from perfdsl.unroll import unroll

NAME = "plain"
NEEDS: tuple[str, ...] = ("numpy",)
EXTRA = "batch"

LONG = 1 << 62


def compiled(program: g.Program) -> Compiled:
    """The program as a function of grids, row after row."""
    made, names = unroll(program), written(program)
    kinds = {"open": "?", "complete": "?", "case": "u1", "status": "u1", "award": "i1", "grade": "i8"}
    heads = [f"    for {', '.join([*names.given.values(), '_'])} in rows:"]
    results = ", ".join(names.results.values())
    text = ["def run(rows, put):", *heads, *(f"        {x}" for x in names.lines), f"        put(({results},))"]
    space: dict[str, Any] = {}
    exec(compile("\n".join(text), "<program>", "exec"), space)

    def score(grid: Grid) -> Scores:
        import numpy as np

        rows: list[tuple[int, ...]] = []
        columns = [_values(grid, name, aspect) for name, aspect in names.given]
        space["run"](zip(*columns, range(grid.count), strict=True), rows.append)
        arrays = {}
        for name, column in zip(
            names.results, zip(*rows, strict=True) if rows else [()] * len(names.results), strict=True
        ):
            kind = kinds.get(name.partition(":")[0]) or ("i8" if all(-LONG < x < LONG for x in column) else "O")
            arrays[name] = np.array(column, dtype=kind)
        return made.scores(arrays, grid.count)

    return score


def _values(grid: Grid, name: str, aspect: str) -> list[int]:
    strip = grid.columns.get(name, Strip())
    array: Any = getattr(strip, aspect)
    if array is not None:
        found: list[int] = array.tolist()
        return found
    default = {"numbers": 0, "said": -1, "states": g.STATES.index(g.NUMBER if strip.numbers is not None else g.MISSING)}
    return [default[aspect]] * grid.count
