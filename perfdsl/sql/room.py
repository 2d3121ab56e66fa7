"""How large the whole numbers inside an expression can become while a database works it out, helper terms included."""

from perfdsl import program as g
from perfdsl.extent import Extents
from perfdsl.sql.limits import Clamp, clamp

Need = tuple[int, int]  # of any number, of a quotient in a dividing operator


class Room:
    """What expressions need; sums and products are taken in any order, so that their parts count, not only their result.

    ``tight``: of a quotient between limits only what lies between them.
    """

    def __init__(self, extents: Extents, tight: bool) -> None:
        self.extents = extents
        self.tight = tight
        self.known: dict[g.Int | g.Truth, Need] = {}

    def of(self, expr: g.Int | g.Truth) -> Need:
        """The sizes of the largest number and of the largest quotient."""
        found = self.known.get(expr)
        if found is None:
            held = self.clamp(expr)
            parts = g.parts(expr) if held is None else self._clamped(held)
            inside = [self.of(x) for x in parts]
            own, quotient = self._own(expr) if held is None else self._limited(held)
            found = max([own, *(x[0] for x in inside)]), max([quotient, *(x[1] for x in inside)])
            self.known[expr] = found
        return found

    def clamp(self, expr: g.Int | g.Truth) -> Clamp | None:
        """Is it a quotient whose limits are asked before it is divided?"""
        return clamp(expr) if self.tight else None

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
