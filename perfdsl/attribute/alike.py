"""Is a row scored by the same method, apart from its points?  And a method for other points than its own."""

from collections.abc import Sequence
from fractions import Fraction

from attrs import evolve

from perfdsl import core as c
from perfdsl import plan as p


def same_method(one: p.PlanIndicator, other: p.PlanIndicator) -> bool:
    """The same cases, formula, way of gathering and domain, where all points may have grown with the points of the row."""
    if one.gather != other.gather or (one.gather is not None and one.domain != other.domain):
        return False
    if (one.formula, one.domain if one.formula is not None else None) != (
        other.formula, other.domain if other.formula is not None else None,
    ):  # fmt: skip
        return False
    if one.scoring is None or other.scoring is None:
        return one.scoring is other.scoring
    return _Ratio(one.points, other.points).scoring(one.scoring, other.scoring)


def scaled(row: p.PlanIndicator, points: Fraction | None) -> c.Scoring | None:
    """The method of a row as if the row had other points: every award in proportion; None where it has no proportion."""
    scoring = row.scoring
    if scoring is None or points == row.points:
        return scoring
    if not points or not row.points:
        return None
    share = points / row.points
    cases = tuple(evolve(x, award=_times(x.award, share), high=_times(x.high, share) if x.high is not None else None)
                  for x in scoring.cases)  # fmt: skip
    entries = evolve(scoring.entries, base=scoring.entries.base * share) if scoring.entries is not None else None
    return evolve(scoring, cases=cases, low=scoring.low * share, high=scoring.high * share, entries=entries)


def _times(award: c.Expr, share: Fraction) -> c.Expr:
    return c.Mul((award, c.Const(share)))


class _Ratio:
    """Compares two methods; a number may differ where it is as many points as the row has more."""

    def __init__(self, one: Fraction | None, other: Fraction | None) -> None:
        self.share = other / one if one and other is not None else Fraction(1)

    def scoring(self, one: c.Scoring, other: c.Scoring) -> bool:
        if (
            len(one.cases) != len(other.cases)
            or not self.number(one.low, other.low)
            or not self.number(one.high, other.high)
        ):
            return False
        return self.entries(one.entries, other.entries) and all(map(self.case, one.cases, other.cases))

    def case(self, one: c.Case, other: c.Case) -> bool:
        if one.when != other.when or one.missing != other.missing or (one.high is None) != (other.high is None):
            return False
        return self.award(one.award, other.award) and (one.high is None or other.high is None or self.award(one.high, other.high))  # fmt: skip

    def entries(self, one: c.Entries | None, other: c.Entries | None) -> bool:
        if one is None or other is None:
            return one is other
        return evolve(one, base=Fraction(0)) == evolve(other, base=Fraction(0)) and self.number(one.base, other.base)

    def award(self, one: c.Expr, other: c.Expr) -> bool:
        """The same expression but for points."""
        stack: list[tuple[c.Expr, c.Expr]] = [(one, other)]
        while stack:
            left, right = stack.pop()
            if isinstance(left, c.Const) and isinstance(right, c.Const):
                if not self.constant(left, right):
                    return False
            elif type(left) is not type(right) or not _same_node(left, right, c.children(left), c.children(right)):
                return False
            else:
                stack.extend(zip(c.children(left), c.children(right), strict=True))
        return True

    def constant(self, left: c.Const, right: c.Const) -> bool:
        if isinstance(left.value, Fraction) and isinstance(right.value, Fraction):
            return self.number(left.value, right.value)
        return left == right

    def number(self, left: Fraction, right: Fraction) -> bool:
        return left == right or left * self.share == right


def _same_node(left: c.Expr, right: c.Expr, below: Sequence[c.Expr], beside: Sequence[c.Expr]) -> bool:
    """Two nodes of one class, apart from what is below them."""
    if len(below) != len(beside):
        return False
    match left, right:
        case (c.Ref(a), c.Ref(b)) | (c.Compare(a, _, _), c.Compare(b, _, _)) | (c.Round(_, a), c.Round(_, b)):
            return a == b
    return True
