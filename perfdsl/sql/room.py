"""How large the whole numbers inside an expression can become while a database works it out, helper terms included."""

from typing import NamedTuple

from perfdsl import program as g
from perfdsl.extent import Extents


class Clamp(NamedTuple):
    """A quotient between two limits: where it is above the high one, and below the low one (None: it has none)."""

    quotient: g.Quotient
    high: int
    above: g.Truth
    low: int | None
    below: g.Truth | None


def clamp(expr: g.Int | g.Truth) -> Clamp | None:
    """``least(greatest(quotient, low), high)`` or without the low limit, as that; None for anything else."""
    match expr:
        case g.Least((g.Quotient() as inner, g.Whole(high))):
            return Clamp(inner, high, _reaches(inner, high, "<="), None, None)
        case g.Least((g.Greatest((g.Quotient() as inner, g.Whole(low))), g.Whole(high))):
            return Clamp(inner, high, _reaches(inner, high, "<="), low, g.Opposite(_reaches(inner, low, "<=")))
    return None


def _reaches(expr: g.Quotient, limit: int, op: str) -> g.Truth:
    """Is the limit at most the quotient?"""
    match expr.bottom:
        case g.Whole(value):
            return g.Order(op, g.Whole(limit * value), expr.top)
    return g.Order(op, g.Times((g.Whole(limit), expr.bottom)), expr.top)


Need = tuple[int, int]  # of any number, of a quotient in a dividing operator


class Room:
    """What expressions need; sums and products are taken in any order, so that their parts count, not only their result."""

    def __init__(self, extents: Extents) -> None:
        self.extents = extents
        self.known: dict[g.Int | g.Truth, Need] = {}

    def of(self, expr: g.Int | g.Truth) -> Need:
        """The sizes of the largest number and of the largest quotient."""
        found = self.known.get(expr)
        if found is None:
            held = clamp(expr)
            parts = g.parts(expr) if held is None else self._clamped(held)
            inside = [self.of(x) for x in parts]
            own, quotient = self._own(expr) if held is None else self._limited(held)
            found = max([own, *(x[0] for x in inside)]), max([quotient, *(x[1] for x in inside)])
            self.known[expr] = found
        return found

    def size(self, expr: g.Int) -> int:
        """The largest it can be, either side of 0."""
        return max(abs(x) for x in self.extents.of(expr))

    @staticmethod
    def _clamped(found: Clamp) -> list[g.Int | g.Truth]:
        """What is worked out for a quotient inside limits."""
        return [
            found.quotient.top,
            found.quotient.bottom,
            found.above,
            *([found.below] if found.below is not None else []),
        ]

    def _limited(self, found: Clamp) -> Need:
        """The quotient itself is only worked out inside them."""
        own, _ = self._own(found.quotient)
        return own, max(abs(found.high), abs(found.low or 0)) + self.lift(found.quotient) + 1

    def _own(self, expr: g.Int | g.Truth) -> Need:
        match expr:
            case g.Plus(args):
                return sum(self.size(x) for x in args), 0
            case g.Times(args):
                made = 1
                for x in args:
                    made *= max(1, self.size(x))
                return made, 0
            case g.Quotient(top, bottom):
                lift = self.lift(expr)
                above = self.size(top) + self.size(bottom) * max(1, lift)
                return above, max(abs(x) for x in self.extents.of(expr)) + lift + 1
            case g.Whole() | g.Cell() | g.Pick() | g.Least() | g.Greatest():
                return self.size(expr), 0
        return 0, 0

    def lift(self, expr: g.Quotient) -> int:
        """How many bottoms are added to a top that may be negative, so that nothing negative is divided; 0 where it never is."""
        low = self.extents.of(expr.top)[0]
        if low >= 0 or not isinstance(expr.bottom, g.Whole):
            return 0
        return -(low // expr.bottom.value)
