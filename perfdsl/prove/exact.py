"""One varying number through expressions, for rooms that look at rules besides the contract: exact pieces and steps."""

from fractions import Fraction

from perfdsl.bounds import Range
from perfdsl.core import Domain, Expr
from perfdsl.prove import curves as cv
from perfdsl.prove import pieces, worlds
from perfdsl.prove.curves import Curve, Line, Pieces, Stairs, Value
from perfdsl.prove.witness import pick

MOST_STEPS = 40_000


class Exact:
    """The numbers of ``whole`` (with ``step`` only its multiples) as the values of ``Ref("actual")``, in base units."""

    def __init__(self, whole: Range, step: Fraction | None) -> None:
        self.line = Line(whole, step, MOST_STEPS)

    @property
    def stepped(self) -> bool:
        """Are there only the multiples of a step?"""
        return self.line.step is not None

    def pieces(self, expr: Expr, cell: Range) -> Pieces:
        """``expr`` on ``cell``, from low to high, nothing left out."""
        return pieces.values(expr, cell, self.line)

    def common(self, left: Range, right: Range) -> Range | None:
        """What two ranges share of the line; None when that is nothing."""
        return self.line.part(left, right)

    def touch(self, left: Range, right: Range) -> bool:
        """Is there no number between one range and the next?"""
        if left.high.infinite or right.low.infinite:
            return False
        if self.line.step is not None:
            return left.high.at + self.line.step >= right.low.at
        return left.high.at == right.low.at and not (left.high.outside and right.low.outside)

    def steps(self, value: Value, cell: Range) -> Pieces:
        """Stairs as single steps; ``Hidden`` where there are too many of them."""
        return cv.flat(value, cell, self.line)

    def ends(self, value: Curve | Stairs, cell: Range) -> tuple[Fraction | None, Fraction | None]:
        """What a value tends to at the two ends of a range; None where it grows without limit."""
        low, high = cv.ends(value, cell)
        return None if low.infinite else low.at, None if high.infinite else high.at

    def order(self, op: str, left: Value, right: Value, cell: Range) -> Pieces:
        """Where ``left op right`` holds; ``Hidden`` where that is no fraction."""
        return pieces.compared(op, left, right, cell, self.line)

    def pick(self, cell: Range, size: Fraction) -> Fraction:
        """A number of the range that is easy to write when ``size`` is the printed unit."""
        found = pick(cell, size)
        on_line = self.line.step is None or (found / self.line.step).denominator == 1
        return found if on_line else cv.sample(cell)

    @staticmethod
    def sample(cell: Range) -> Fraction:
        """Some number of the range."""
        return cv.sample(cell)

    @staticmethod
    def only_ratios(name: str, exprs: list[Expr], awards: list[Expr], domain: Domain) -> bool:
        """Does nothing change when the actual and ``name`` are multiplied by the same positive number?"""
        return worlds.only_ratios(name, exprs, awards, domain)
