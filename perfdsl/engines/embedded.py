"""The engine that comes with perfdsl: numpy, a block of rows at a time, so that what is worked out stays in the cache.

The program is written as Python source over arrays (``blocks``).  Whole numbers are carried in doubles where all of them, sums
included, stay below 2**52 (every step is then exact, the division too: a quotient that is not whole is farther from the next whole
number than a double rounds; in singles below 2**23 for the same reason), in 64 bits below 2**62, else as Python integers.
"""

from collections.abc import Callable
from typing import Any

from perfdsl import program as g
from perfdsl.blocks import Source, arena, whole
from perfdsl.grid import Grid, Scores

NAME = "embedded"
NEEDS = ("numpy",)
EXTRA = "batch"

BLOCK = 16384
CALLS = (
    "add", "subtract", "multiply", "divide", "equal", "greater_equal", "bitwise_or", "clip", "where", "minimum", "maximum", "floor", "inf",
)  # fmt: skip


def run(program: g.Program, grid: Grid) -> Scores:
    """Score every object of ``grid``."""
    return compiled(program)(grid)


def compiled(program: g.Program) -> Callable[[Grid], Scores]:
    """The program as a function of grids."""
    import numpy as np

    writer = Source(program)
    text = writer.write()
    space: dict[str, Any] = {name: getattr(np, name) for name in CALLS} | {"np": np, "u1": np.uint8}
    space |= writer.stacked.constants()
    exec(compile(text, "<program>", "exec"), space)
    block = space["block"]

    def score(grid: Grid) -> Scores:
        made = arena(writer.results(), grid.count)
        arrays = [whole(grid, *x) for x in writer.stacked.wanted]
        scratch = writer.stacked.scratch(min(BLOCK, grid.count))
        with np.errstate(all="ignore"):
            for first in range(0, grid.count, BLOCK):
                last = min(first + BLOCK, grid.count)
                out = {name: x[..., first:last] for name, x in made.items()}
                block(writer.taken(grid, first, last), out, last - first, arrays, scratch(last - first), first, last)
        return writer.scores(made, grid.count)

    return score
