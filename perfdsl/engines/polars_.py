"""Polars: the program as lazy expressions over the columns, layer by layer, on all cores.

Whole numbers are Int64 below 2**62 and Int128 below 2**126; what needs more is refused (``NoRoom``) before anything runs, since Polars
wraps silently.  No column ever holds a null, so that none is ignored; ``//`` rounds down, and no bottom is ever zero.
"""

from typing import TYPE_CHECKING, Any

from perfdsl import program as g
from perfdsl.engines import Compiled
from perfdsl.extent import widest
from perfdsl.grid import Grid, Scores, Strip
from perfdsl.integers import NoRoom
from perfdsl.unroll import Expr, Unrolled, unroll

if TYPE_CHECKING:
    import polars as pl

NAME = "polars"
NEEDS = ("polars", "numpy")
EXTRA = "polars"

LONG, WIDE = 1 << 62, 1 << 126
SMALL = 1 << 31
STATE = {state: number for number, state in enumerate(g.STATES)}
LEAVES = (g.Whole, g.Cell, g.Settled, g.Flag)


def compiled(program: g.Program) -> Compiled:
    """The program as a function of grids; raises ``NoRoom`` for numbers this Polars has no type for."""
    made = unroll(program)
    query = _Query(made)

    def score(grid: Grid) -> Scores:
        if not grid.count:
            from perfdsl.engines import embedded  # of no rows Polars would make one

            return embedded.run(program, grid)
        found = query.over(query.frame(grid))
        return made.scores({name: _array(found[str(at)]) for at, name in enumerate(made.results)}, grid.count)

    return score


def _array(column: "pl.Series") -> Any:
    """A column of results; those longer than 64 bits as Python integers."""
    import numpy as np

    return np.array(column.to_list(), dtype=object) if "128" in str(column.dtype) else column.to_numpy()


class _Query:
    """The layers of one program: columns of a layer use those of layers before it."""

    def __init__(self, made: Unrolled) -> None:
        import polars as pl

        self.pl = pl
        self.made = made
        self.columns = {x.name: x for x in made.program.columns}
        self.types: dict[str, Any] = {}  # of what is defined
        self.given: dict[str, tuple[str, str, Any]] = {}  # variable: column, aspect, type
        self.uses: dict[tuple[Expr, str], int] = {}
        self.layers: list[list[pl.Expr]] = []
        self.known: dict[tuple[Expr, str], tuple[pl.Expr, int]] = {}  # an expression, and how many layers it needs
        self.results: dict[str, tuple[pl.Expr, int]] = {}  # of steps
        for name, value in made.defined.items():
            self.types[name] = self.type_of(value, name)
        for name, value in (*made.defined.items(), *made.results.items()):
            self.count(value, self.type_of(value, name))
        for name, value in made.defined.items():
            self.results[name] = self.put(self.write(value, self.types[name]))
        self.last = [self.out(name, value).alias(str(at)) for at, (name, value) in enumerate(made.results.items())]

    def type_of(self, value: Expr, name: str) -> str:
        """The type all whole numbers inside the result ``name`` fit into."""
        most = widest([value], self.made.extents)
        limit = WIDE if hasattr(self.pl, "Int128") else LONG
        if most >= limit:
            raise NoRoom(name.partition(":")[2], len(str(most)), len(str(limit)) - 1)
        return "Int64" if most < LONG else "Int128"

    def count(self, value: Expr, kind: str) -> None:
        """How often each expression is used: what is used twice is worked out once."""
        stack = [value]
        while stack:
            top = stack.pop()
            times = self.uses[top, kind] = self.uses.get((top, kind), 0) + 1
            if times == 1:
                stack.extend(g.parts(top))

    def over(self, frame: "pl.LazyFrame") -> "pl.DataFrame":
        """Everything, worked out."""
        for layer in self.layers:
            frame = frame.with_columns(layer)
        return frame.select(self.last).collect()

    def out(self, name: str, value: Expr) -> "pl.Expr":
        """One result in the type it goes out as."""
        pl = self.pl
        made, _ = self.write(value, self.type_of(value, name))
        kind = name.partition(":")[0]
        if kind in ("open", "complete"):
            return made
        if kind in ("case", "status"):
            return made.cast(pl.UInt8)
        if kind == "award":
            return made.cast(pl.Int8)
        assert isinstance(value, g.Whole | g.Cell | g.Plus | g.Times | g.Quotient | g.Pick | g.Least | g.Greatest)
        low, high = self.made.extents.of(value)
        return made.cast(pl.Int32) if low > -SMALL and high < SMALL else made

    def put(self, made: "tuple[pl.Expr, int]") -> "tuple[pl.Expr, int]":
        """A column of its own in the layer it can be worked out in."""
        expr, layer = made
        while len(self.layers) <= layer:
            self.layers.append([])
        name = f"{layer}.{len(self.layers[layer])}"
        self.layers[layer].append(expr.alias(name))
        return self.pl.col(name), layer + 1

    # ---- expressions

    def write(self, value: Expr, kind: str) -> "tuple[pl.Expr, int]":
        """An expression with all whole numbers in one type."""
        key = (value, kind)
        if key not in self.known:
            made = self.fresh(value, kind)
            self.known[key] = self.put(made) if self.uses.get(key, 0) > 1 and not isinstance(value, LEAVES) else made
        return self.known[key]

    def fresh(self, value: Expr, kind: str) -> "tuple[pl.Expr, int]":
        pl = self.pl
        match value:
            case g.Whole(number):
                return pl.lit(number, dtype=getattr(pl, kind)), 0
            case g.Settled(holds):
                return pl.lit(holds), 0
            case g.Cell(name) if name in self.results:
                expr, layer = self.results[name]
                return (expr if self.types[name] == kind else expr.cast(getattr(pl, kind))), layer
            case g.Cell(name):
                return self.column(name, "numbers", kind), 0
            case g.Flag(name):
                return self.results[name]
            case g.State(column, state):
                return self.column(column, "states", "UInt8") == STATE[state], 0
            case g.Said(column, word):
                words = self.columns[column].words
                said = self.column(column, "said", "Int32")
                return (said == words.index(word) if word in words else pl.lit(False)), 0
        inside = [self.write(x, kind) for x in g.parts(value)]
        return _joined(value, [x for x, _ in inside]), max(layer for _, layer in inside)

    def column(self, name: str, aspect: str, kind: str) -> "pl.Expr":
        """An aspect of a column of the grid."""
        variable = f"{aspect}.{kind}.{name}"
        self.given[variable] = (name, aspect, kind)
        return self.pl.col(variable)

    # ---- data

    def frame(self, grid: Grid) -> "pl.LazyFrame":
        """The columns of a grid, in place where their type is the same; one of row numbers where nothing is looked at."""
        import polars as pl

        made = {variable: self.series(grid, *wanted) for variable, wanted in self.given.items()}
        return pl.DataFrame(made or {"": pl.arange(0, grid.count, eager=True)}).lazy()

    def series(self, grid: Grid, name: str, aspect: str, kind: str) -> "pl.Series":
        import polars as pl

        strip = grid.columns.get(name, Strip())
        array, default = {
            "numbers": (strip.numbers, 0), "said": (strip.said, -1),
            "states": (strip.states, STATE[g.NUMBER if strip.numbers is not None else g.MISSING]),
        }[aspect]  # fmt: skip
        dtype = getattr(pl, kind)
        if array is None:
            return pl.repeat(default, grid.count, dtype=dtype, eager=True)
        if array.dtype == object:
            return pl.Series(array.tolist(), dtype=dtype, strict=True)
        return pl.Series(array).cast(dtype)


def _joined(value: Expr, inside: "list[pl.Expr]") -> "pl.Expr":
    """An operation on its arguments."""
    import polars as pl

    match value:
        case g.Plus():
            return _folded(inside, "__add__")
        case g.Times():
            return _folded(inside, "__mul__")
        case g.Quotient():
            return inside[0] // inside[1]
        case g.Pick():
            return pl.when(inside[0]).then(inside[1]).otherwise(inside[2])
        case g.Least():
            return pl.min_horizontal(inside)
        case g.Greatest():
            return pl.max_horizontal(inside)
        case g.Order("<"):
            return inside[0] < inside[1]
        case g.Order("<="):
            return inside[0] <= inside[1]
        case g.Order():
            return inside[0] == inside[1]
        case g.Every():
            return _folded(inside, "__and__")
        case g.Some():
            return _folded(inside, "__or__")
        case g.Opposite():
            return ~inside[0]
    raise AssertionError(value)


def _folded(inside: "list[pl.Expr]", operation: str) -> "pl.Expr":
    made = inside[0]
    for x in inside[1:]:
        made = getattr(made, operation)(x)
    return made
