"""Two results of one thing set against each other: where their totals differ, by indicator and by cause, exactly.

``before`` is what is compared with, ``after`` the result at hand; a gain is positive.  Where both totals are known, the
amounts of ``changes`` and ``shifts`` sum to their difference with nothing left over.
"""

from fractions import Fraction

import attrs

Path = tuple[str, ...]

# what made the score of an indicator another one
ACTUAL, MISSING, APPLICABLE, TARGET, POINTS = "actual", "missing", "applicable", "target", "points"
RULE, INPUTS, PEERS, REVIEW, SHARE, HIDDEN = "rule", "inputs", "peers", "review", "share", "hidden"
ADDED, REMOVED, BOTH = "added", "removed", "both"

# what happened between the rows and the total
FACTOR, MULTIPLIER, ROUNDING, BONUS_LIMIT, LIMIT, EITHER, TOTAL_LIMIT, CEILING = (
    "factor", "multiplier", "rounding", "bonus limit", "limit", "either", "total limit", "ceiling",
)  # fmt: skip


@attrs.frozen
class Fact:
    """Something a reader sees on both sides, as written: ``name`` is target, actual, case, status, points, rubric …"""

    name: str
    before: str
    after: str


@attrs.frozen
class Cause:
    """A part of a difference in points of the total; ``kinds`` are several where they cannot be told apart."""

    kinds: tuple[str, ...]
    amount: Fraction


@attrs.frozen(kw_only=True)
class Change:
    """One indicator: its score on both sides (None: it had none) and what it does to the total.

    ``state`` is both, added or removed; ``was`` is the path it had before, where that is another one.
    """

    path: Path
    state: str
    before: Fraction | None
    after: Fraction | None
    amount: Fraction
    was: Path = ()
    causes: tuple[Cause, ...] = ()
    facts: tuple[Fact, ...] = ()


@attrs.frozen
class Shift:
    """What a group, or the total (empty path), does beside its rows: ``before`` and ``after`` are the factor or the amount."""

    path: Path
    kind: str
    amount: Fraction
    before: Fraction
    after: Fraction


@attrs.frozen(kw_only=True)
class Result:
    """One side: what was scored and what came out; ``total`` is None while it is open, ``points`` without points."""

    object: str
    period: str
    source: str = ""
    as_of: str = ""
    points: Fraction | None
    total: Fraction | None
    low: Fraction
    high: Fraction
    met: int
    assessed: int


@attrs.frozen(kw_only=True)
class Comparison:
    """All of it.  ``difference`` is None while a total is open: it then lies between ``low`` and ``high``.

    ``changes`` and ``shifts`` come with the greatest amount first; ``open`` are rows whose score is not known on both sides.
    """

    before: Result
    after: Result
    difference: Fraction | None
    low: Fraction
    high: Fraction
    changes: tuple[Change, ...] = ()
    shifts: tuple[Shift, ...] = ()
    open: tuple[Path, ...] = ()

    @property
    def compares_totals(self) -> bool:
        """Do both sides have points?"""
        return self.before.points is not None and self.after.points is not None

    @property
    def explained(self) -> Fraction:
        """The sum of all amounts."""
        amounts = [change.amount for change in self.changes] + [shift.amount for shift in self.shifts]
        return sum(amounts, Fraction(0))
