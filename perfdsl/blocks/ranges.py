"""Rows that ask for one column only, taken apart: in which state and between which numbers each case, status and score stands.

What a first-match chain of tests says is then said without the chain: a result is one number, plus steps at thresholds, plus
what the other states of the column change.
"""

from collections.abc import Iterator, Mapping
from math import prod

import attrs

from perfdsl import program as g
from perfdsl.extent import Extent, Extents

MOST_STEPS = 16
OTHER = ""  # any word the rules do not name


class Unknown(Exception):
    """The row asks for something else than one column beside thresholds."""


@attrs.frozen
class Outcome:
    """What a row comes to: case, is it open, its status, and its score; while open it will be at most ``gap`` more."""

    case: int
    open: bool
    status: str
    low: g.Int
    gap: int


@attrs.frozen(kw_only=True)
class Ranges:
    """One row over one column: outcomes of the numbers from each threshold on, of the other states, and of words.

    ``starts[0]`` is the least number there can be, 0 among them (it stands where there is no number); ``words``, where there are any,
    has ``OTHER``; where it is not ``numeric`` there are no numbers, only words.
    """

    path: str
    column: str
    numeric: bool
    most: int
    starts: tuple[int, ...]
    numbers: tuple[Outcome, ...]
    states: Mapping[str, Outcome]
    words: Mapping[str, Outcome]

    def of(self, number: int) -> Outcome:
        """The outcome of a number."""
        return self.numbers[max(i for i, start in enumerate(self.starts) if start <= number)]


def ranges(step: g.Row, columns: Mapping[str, g.Column]) -> Ranges | None:
    """The row so taken apart; None where it is no such row."""
    asked = [x for arm in step.arms for x in (arm.test, arm.low, arm.high)] + [test for test, _ in step.status]
    named = {name for x in asked for name in names(x)}
    if step.review is not None or len(named) != 1 or not named <= set(columns):
        return None
    column = columns[named.pop()]
    words = {x.word for expr in asked for x in within(expr) if isinstance(x, g.Said)}
    low, high = (column.low, column.high) if g.NUMBER in column.states else (0, 0)
    low, high = min(low, 0), max(high, 0)
    try:
        starts = sorted({low, *(x for expr in asked for x in thresholds(expr) if low < x <= high)})
        if len(starts) > MOST_STEPS:
            return None
        ends = [x - 1 for x in starts[1:]] + [high]
        numbers = [Here(column, g.NUMBER, "", (a, b)).outcome(step) for a, b in zip(starts, ends, strict=True)]
        states = {x: Here(column, x, "", (0, 0)).outcome(step) for x in sorted(column.states - {g.NUMBER, g.WORD})}
        spoken = [*sorted(words & set(column.words)), OTHER] if g.WORD in column.states else []
        said = {x: Here(column, g.WORD, x, (0, 0)).outcome(step) for x in spoken}
    except Unknown:
        return None
    kept = [i for i in range(len(starts)) if i == 0 or numbers[i] != numbers[i - 1]]
    return Ranges(
        path=step.path, column=column.name, numeric=g.NUMBER in column.states or not said, most=high, starts=tuple(starts[i] for i in kept), numbers=tuple(numbers[i] for i in kept),
        states=states, words=said,
    )  # fmt: skip


def within(expr: g.Int | g.Truth) -> Iterator[g.Int | g.Truth]:
    """The expression and all inside."""
    yield expr
    for part in g.parts(expr):
        yield from within(part)


def names(expr: g.Int | g.Truth) -> Iterator[str]:
    """The columns, and the results of steps, an expression looks at."""
    for x in within(expr):
        match x:
            case g.Cell(name) | g.Flag(name) | g.State(name, _) | g.Said(name, _):
                yield name


def thresholds(expr: g.Int | g.Truth) -> Iterator[int]:
    """The numbers from which on a comparison of the column inside changes, or a choice of the least or the greatest."""
    for x in within(expr):
        match x:
            case g.Order(op, g.Cell(), g.Whole(value)):
                yield from {"<": (value,), "<=": (value + 1,), "=": (value, value + 1)}[op]
            case g.Order(op, g.Whole(value), g.Cell()):
                yield from {"<": (value + 1,), "<=": (value,), "=": (value, value + 1)}[op]
            case g.Least(args) | g.Greatest(args):
                yield from (
                    y.value for y in args if isinstance(y, g.Whole) and any(isinstance(z, g.Cell) for z in args)
                )


@attrs.define(eq=False)
class Here:
    """A column known to be in one state: saying a word (any the rules do not name: ``OTHER``), or a number between two."""

    column: g.Column
    state: str
    word: str
    between: Extent
    extents: Extents = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.extents = Extents({self.column.name: self.between if self.state == g.NUMBER else (0, 0)})

    def outcome(self, step: g.Row) -> Outcome:
        """What the row comes to here."""
        arm = next(x for x in step.arms if self.holds(x.test))
        status = next(word for test, word in step.status if self.holds(test))
        low, high = self.value(arm.low), self.value(arm.high)
        if low == high:
            gap = 0
        elif isinstance(low, g.Whole) and isinstance(high, g.Whole):
            gap = high.value - low.value
        else:
            raise Unknown
        return Outcome(arm.case, arm.open, status, low, gap)

    def holds(self, test: g.Truth) -> bool:
        """Does it hold?"""
        match test:
            case g.Settled(holds):
                return holds
            case g.State(_, state):
                return state == self.state
            case g.Said(_, word):
                return self.state == g.WORD and word == self.word
            case g.Every(args):
                return all(map(self.holds, args))
            case g.Some(args):
                return any(map(self.holds, args))
            case g.Opposite(arg):
                return not self.holds(arg)
            case g.Order(op, left, right):
                return self.compared(op, left, right)
        raise Unknown

    def compared(self, op: str, left: g.Int, right: g.Int) -> bool:
        """A comparison that comes out the same for all numbers here."""
        (a, b), (c, d) = self.extent(self.value(left)), self.extent(self.value(right))
        always, never = {
            "<": (b < c, a >= d), "<=": (b <= c, a > d), "=": (a == b == c == d, b < c or d < a),
        }[op]  # fmt: skip
        if always == never:
            raise Unknown
        return always

    def extent(self, expr: g.Int) -> Extent:
        """Between which numbers an expression lies here."""
        return self.extents.of(expr)

    def value(self, expr: g.Int) -> g.Int:
        """The expression as it is here, without choices that are made, and as a number where it is one."""
        made = self.inner(expr)
        low, high = self.extent(made)
        if low == high:
            return g.Whole(low)
        straight = linear(made)
        if straight is None:
            return made
        return g.Plus((g.Times((g.Whole(straight[0]), g.Cell(self.column.name))), g.Whole(straight[1])))

    def inner(self, expr: g.Int) -> g.Int:
        """The same by its parts."""
        match expr:
            case g.Pick(test, then, other):
                return self.value(then if self.holds(test) else other)
            case g.Plus(args):
                return g.Plus(tuple(map(self.value, args)))
            case g.Times(args):
                return g.Times(tuple(map(self.value, args)))
            case g.Quotient(top, bottom):
                below = self.value(bottom)
                if self.extent(below)[0] <= 0:
                    raise Unknown
                return g.Quotient(self.value(top), below)
            case g.Least(args) | g.Greatest(args):
                return self.kept(isinstance(expr, g.Least), [self.value(x) for x in args])
        return expr

    def kept(self, least: bool, args: list[g.Int]) -> g.Int:
        """The least or the greatest of those that can be it."""
        left = list(dict.fromkeys(args))
        for x in list(left):
            low, high = self.extent(x)
            others = [self.extent(y) for y in left if y != x]
            if any(b <= low if least else a >= high for a, b in others):
                left.remove(x)
        return left[0] if len(left) == 1 else g.Least(tuple(left)) if least else g.Greatest(tuple(left))


def linear(expr: g.Int) -> tuple[int, int] | None:
    """``a * x + b``, x being the column; None where it is not that."""
    match expr:
        case g.Whole(value):
            return 0, value
        case g.Cell():
            return 1, 0
        case g.Plus(args) | g.Times(args):
            found = [linear(x) for x in args]
            known = [x for x in found if x is not None]
            if len(known) < len(found):
                return None
            if isinstance(expr, g.Plus):
                return sum(a for a, _ in known), sum(b for _, b in known)
            by = prod(b for a, b in known if a == 0)
            rest = [x for x in known if x[0] != 0]
            return (by * rest[0][0], by * rest[0][1]) if len(rest) == 1 else (0, by) if not rest else None
    return None


def at(expr: g.Int, number: int) -> int | None:
    """The value of an expression of one column, with neither choices nor other columns; None where it would divide by zero."""
    match expr:
        case g.Whole(value):
            return value
        case g.Cell():
            return number
        case g.Quotient(top, bottom):
            a, b = at(top, number), at(bottom, number)
            return None if a is None or b is None or b <= 0 else a // b
    found = [at(x, number) for x in g.parts(expr)]  # type: ignore[arg-type]  # no choices are left in it
    known = [x for x in found if x is not None]
    if len(known) < len(found):
        return None
    match expr:
        case g.Plus():
            return sum(known)
        case g.Times():
            return prod(known)
        case g.Least():
            return min(known)
        case g.Greatest():
            return max(known)
    raise AssertionError(expr)
