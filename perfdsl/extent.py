"""Between which whole numbers an expression of a program lies: what decides which type an engine may use."""

from collections.abc import Mapping
from itertools import product
from math import prod

from perfdsl import program as g

Extent = tuple[int, int]


class Extents:
    """The extents of expressions over known columns, each worked out once."""

    def __init__(self, columns: Mapping[str, Extent]) -> None:
        self.columns = dict(columns)
        self.known: dict[g.Int, Extent] = {}

    def define(self, name: str, extent: Extent) -> None:
        """What a step's result lies between."""
        self.columns[name] = extent

    def of(self, expr: g.Int) -> Extent:
        """The least and the greatest value."""
        found = self.known.get(expr)
        if found is None:
            found = self.known[expr] = self._fresh(expr)
        return found

    def _fresh(self, expr: g.Int) -> Extent:
        match expr:
            case g.Whole(value):
                return value, value
            case g.Cell(name):
                return self.columns[name]
            case g.Plus(args):
                ends = [self.of(x) for x in args]
                return sum(x[0] for x in ends), sum(x[1] for x in ends)
            case g.Times(args):
                low, high = 1, 1
                for low_x, high_x in map(self.of, args):
                    corners = [a * b for a, b in product((low, high), (low_x, high_x))]
                    low, high = min(corners), max(corners)
                return low, high
            case g.Quotient(top, bottom):
                (low, high), (least, most) = self.of(top), self.of(bottom)
                bottoms = (max(least, 1), max(most, 1))
                return min(low // x for x in bottoms), max(high // x for x in bottoms)
            case g.Pick(_, then, other):
                (a, b), (c, d) = self.of(then), self.of(other)
                return min(a, c), max(b, d)
            case g.Least(args):
                ends = [self.of(x) for x in args]
                return min(x[0] for x in ends), min(x[1] for x in ends)
            case g.Greatest(args):
                ends = [self.of(x) for x in args]
                return max(x[0] for x in ends), max(x[1] for x in ends)
        raise AssertionError(expr)


def extent(column: g.Column) -> Extent:
    """The numbers a column may hold in its states; 0 stands where there is none."""
    if g.NUMBER not in column.states:
        return 0, 0
    if len(column.states) == 1:
        return column.low, column.high
    return min(0, column.low), max(0, column.high)


def widest(exprs: list[g.Int | g.Truth], extents: Extents) -> int:
    """The greatest size any whole number can have while ``exprs`` are worked out, sums and products on their way included."""
    return max((_on_the_way(x, extents) for x in g.everything(exprs)), default=0)


def _on_the_way(expr: g.Int | g.Truth, extents: Extents) -> int:
    """A bound of one step: a sum added in any order, a choice made as ``other + test * (then - other)``."""

    def size(one: g.Int) -> int:
        return max(abs(x) for x in extents.of(one))

    match expr:
        case g.Plus(args):
            return sum(size(x) for x in args)
        case g.Times(args):
            return prod(max(1, size(x)) for x in args)
        case g.Pick(_, then, other):
            return size(then) + size(other)
        case g.Quotient(top, bottom):
            return size(top) + size(bottom)
        case g.Whole() | g.Cell() | g.Least() | g.Greatest():
            return size(expr)
    return 0
