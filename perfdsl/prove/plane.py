"""Where the picture of a rubric changes when one other number varies beside the actual: exact, for straight borders.

In the plane of the actual and the other number all borders of the cases and awards are straight lines.  Between two
neighbouring places where lines cross, nothing changes but lengths: one value from between and each crossing itself
stand for all.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from perfdsl.core import (
    Add,
    And,
    Compare,
    Const,
    Div,
    Domain,
    Expr,
    If,
    Max,
    Min,
    Missing,
    Mul,
    Not,
    Or,
    Ref,
    children,
    references,
)

MOST_BRANCHES, MOST_LINES, MOST_CROSSINGS = 16, 32, 120
NONE = Fraction(0)


class Flat(NamedTuple):
    """``actual * x + other * p + level``."""

    actual: Fraction
    other: Fraction
    level: Fraction

    def plus(self, more: "Flat", times: Fraction) -> "Flat":
        return Flat(*(a + times * b for a, b in zip(self, more, strict=True)))

    @property
    def constant(self) -> bool:
        return not self.actual and not self.other


class Ratio(NamedTuple):
    """One flat over another."""

    over: Flat
    under: Flat


Combine = Callable[[Ratio, Ratio], Ratio | None]


class Bend(Exception):
    """A border would not be straight; the caller calls the input not known."""


def crossings(name: str, conditions: Iterable[Expr], awards: Iterable[Expr], domain: Domain,
              levels: Iterable[Fraction]) -> list[Fraction] | None:  # fmt: skip
    """Every value of ``name`` at which anything changes, ``levels`` of the award included; None where this is not known."""
    if domain.whole:
        return None  # which whole numbers lie between two borders changes on its own
    drawing = _Drawing(name)
    try:
        for condition in conditions:
            drawing.condition(condition)
        drawing.awards(list(awards), [Ratio(Flat(NONE, NONE, level), UNIT) for level in levels])
    except Bend:
        return None
    drawing.lines.update(Flat(Fraction(1), NONE, -end) for end in (domain.low, domain.high) if end is not None)
    if len(drawing.lines) > MOST_LINES:
        return None
    found = set(_crossings(drawing.lines))
    return sorted(found) if len(found) <= MOST_CROSSINGS else None


def _crossings(lines: set[Flat]) -> Iterator[Fraction]:
    for line in lines:
        if not line.actual and line.other:
            yield -line.level / line.other
    for one, two in combinations([line for line in lines if line.actual], 2):
        steep = one.other / one.actual - two.other / two.actual
        if steep:
            yield (two.level / two.actual - one.level / one.actual) / steep


class _Drawing:
    """The lines of one rubric."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: set[Flat] = set()

    def border(self, left: Ratio, right: Ratio) -> None:
        """Where two branches are equal, as a line."""
        self.line(_difference(left, right))

    def line(self, found: Flat) -> None:
        lead = next((part for part in found[:2] if part), None)
        if lead is not None:
            self.lines.add(Flat(*(part / lead for part in found)))

    def condition(self, expr: Expr) -> None:
        """The borders between where a condition holds and fails."""
        if not references(expr) & {"actual", self.name}:
            return
        match expr:
            case Compare(_, Ref(_), Const(str() | bool())) | Compare(_, Const(str() | bool()), Ref(_)):
                return
            case Compare(_, left, right):
                for one in self.branches(left):
                    for two in self.branches(right):
                        self.border(one, two)
            case And(_) | Or(_) | Not(_) | If(_, _, _):
                for child in children(expr):
                    self.condition(child)
            case Missing(_) | Ref(_) | Const(_):
                return
            case _:
                raise Bend

    def awards(self, awards: list[Expr], levels: list[Ratio]) -> None:
        """Where awards meet a level or each other, and where one stops rising."""
        found = list(dict.fromkeys(branch for award in awards for branch in self.branches(award)))
        if len(found) > MOST_BRANCHES:
            raise Bend
        for branch in found:
            over, under = branch
            rise = Flat(NONE, over.actual * under.other - under.actual * over.other,
                        over.actual * under.level - under.actual * over.level)  # fmt: skip
            self.line(rise)
            for level in levels:
                self.border(branch, level)
        for one, two in combinations(found, 2):
            self.border(one, two)

    def branches(self, expr: Expr) -> list[Ratio]:
        """The flat pieces a number is made of; the lines between them are drawn."""
        match expr:
            case Const(Fraction() as value):
                return [Ratio(Flat(NONE, NONE, value), UNIT)]
            case Const(_):
                return []
            case Ref("actual"):
                return [Ratio(Flat(Fraction(1), NONE, NONE), UNIT)]
            case Ref(name) if name == self.name:
                return [Ratio(Flat(NONE, Fraction(1), NONE), UNIT)]
            case Add(args):
                return self.folded(args, _added)
            case Mul(args):
                return self.folded(args, _multiplied)
            case Div(left, right):
                made = self.folded((left, right), _divided)
                for branch in self.branches(right):
                    self.line(branch.over)
                return made
            case Min(args) | Max(args):
                found = list(dict.fromkeys(branch for arg in args for branch in self.branches(arg)))
                if len(found) > MOST_BRANCHES:
                    raise Bend
                for one, two in combinations(found, 2):
                    self.border(one, two)
                return found
            case If(test, then, other):
                self.condition(test)
                return [*self.branches(then), *self.branches(other)]
        raise Bend

    def folded(self, args: tuple[Expr, ...], combine: Combine) -> list[Ratio]:
        found = self.branches(args[0])
        for arg in args[1:]:
            more = self.branches(arg)
            if len(found) * len(more) > MOST_BRANCHES:
                raise Bend
            found = [made for one in found for two in more if (made := combine(one, two)) is not None]
        return found


def _times(flat: Flat, factor: Fraction) -> Flat:
    return Flat(flat.actual * factor, flat.other * factor, flat.level * factor)


def _product(left: Flat, right: Flat) -> Flat:
    if left.constant:
        return _times(right, left.level)
    if right.constant:
        return _times(left, right.level)
    raise Bend


def _factor(left: Flat, right: Flat) -> Fraction | None:
    """How many times ``right`` makes ``left``, where they are alike."""
    for a, b in zip(left, right, strict=True):
        if b:
            return a / b if _times(right, a / b) == left else None
    return None


def _difference(left: Ratio, right: Ratio) -> Flat:
    same = _factor(left.under, right.under)
    if same is not None:
        return left.over.plus(_times(right.over, same), Fraction(-1))
    return _product(left.over, right.under).plus(_product(right.over, left.under), Fraction(-1))


def _added(left: Ratio, right: Ratio) -> Ratio:
    same = _factor(left.under, right.under)
    if same is not None:
        return Ratio(left.over.plus(right.over, same), left.under)
    over = _product(left.over, right.under).plus(_product(right.over, left.under), Fraction(1))
    return Ratio(over, _product(left.under, right.under))


def _multiplied(left: Ratio, right: Ratio) -> Ratio:
    for one, two in ((left, right), (right, left)):
        same = _factor(one.over, two.under)
        if same is not None and not two.under.constant:
            return Ratio(_times(two.over, same), one.under)
    return Ratio(_product(left.over, right.over), _product(left.under, right.under))


def _divided(left: Ratio, right: Ratio) -> Ratio | None:
    if right.over == ZERO:
        return None
    return _multiplied(left, Ratio(right.under, right.over))


UNIT, ZERO = Flat(NONE, NONE, Fraction(1)), Flat(NONE, NONE, NONE)
