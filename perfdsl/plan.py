"""The evaluation plan: one object, complete in itself, from which any engine can score (docs/plan.md).

A plan holds no source text and no names to look up: every expression is in the core calculus, every amount in base units.
"""

from fractions import Fraction

import attrs

from perfdsl.core import Comparison, Domain, Expr, Factor, Gather, Judge, Scoring
from perfdsl.quantity import Unit
from perfdsl.target import Target

Path = tuple[str, ...]
VERSION = 1


@attrs.frozen
class PlanTarget:
    """The target of one period: as read, how it judges, and the unit in which a plain actual is read."""

    period: str
    target: Target
    judge: Judge
    unit: Unit | None


@attrs.frozen(kw_only=True)
class PlanIndicator:
    """A row that is assessed; ``possible`` are the lowest and highest award of any actual, by period ("" without target)."""

    path: Path
    alias: str = ""
    points: Fraction | None = None
    targets: tuple[PlanTarget, ...] = ()
    unit: Unit | None = None
    direction: str = ""
    nature: str = ""
    domain: Domain
    words: tuple[tuple[str, str], ...] = ()
    formula: Expr | None = None
    formula_text: str = ""
    applies: Expr | None = None
    applies_text: str = ""
    scoring: Scoring | None = None
    gather: Gather | None = None
    possible: tuple[tuple[str, Fraction, Fraction], ...] = ()
    bonus: bool = False
    line: int = 0
    remarks: tuple[tuple[str, str], ...] = ()
    accepted: tuple[tuple[str, str], ...] = ()


@attrs.frozen(kw_only=True)
class PlanGroup:
    """A row with rows below it; ``children`` are their names in order, empty rows included."""

    path: Path
    points: Fraction | None = None
    weight: Fraction | None = None
    bonus: tuple[Fraction, Fraction] | None = None
    either: bool = False
    factor: Factor | None = None
    most: Fraction | None = None
    applies: Expr | None = None
    applies_text: str = ""
    children: tuple[str, ...] = ()
    line: int = 0
    remarks: tuple[tuple[str, str], ...] = ()
    accepted: tuple[tuple[str, str], ...] = ()


@attrs.frozen(kw_only=True)
class PlanInput:
    """A raw datum an object needs beside its indicators."""

    name: str
    alias: str = ""
    unit: Unit | None = None
    words: tuple[str, ...] = ()
    is_word: bool = False
    domain: Domain


@attrs.frozen(kw_only=True)
class PlanLine:
    """A line of money: amounts by period in 元, and what its ``note`` says (年初预算数280)."""

    side: str
    path: Path
    alias: str = ""
    amounts: tuple[tuple[str, Fraction], ...] = ()
    notes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class PlanFunds:
    """One funds table and the unit it is printed in."""

    title: str
    unit: Unit
    lines: tuple[PlanLine, ...]


@attrs.frozen
class PlanBand:
    """A grade and its limits on the total, in percent of the full total."""

    name: str
    limits: tuple[tuple[str, Fraction], ...]


@attrs.frozen
class PlanLights:
    """Which light a ratio to date has: the first band whose limits (1 for all that is due) hold; ``about`` is output or money."""

    about: str
    bands: tuple[PlanBand, ...]


@attrs.frozen(kw_only=True)
class PlanCeiling:
    """Where the condition holds, the grade is at most ``grade`` or the total at most ``total``."""

    condition: Expr
    text: str = ""
    grade: str = ""
    total: Fraction | None = None
    line: int = 0


@attrs.frozen(kw_only=True)
class PlanAward:
    """A decision beside the score (评优)."""

    name: str
    condition: Expr
    text: str = ""


@attrs.frozen(kw_only=True)
class Plan:
    """Everything the score of one object depends on, besides its actuals; ``accepted`` is what it or its file accepts."""

    kind: str
    object: str
    year: int | None = None
    facts: tuple[tuple[str, str], ...] = ()
    total: Fraction | None = None
    most: Fraction | None = None
    rounding: int = 2
    missing: str = "report"
    not_applicable: str = ""
    not_applicable_group: Path = ()
    schedule_by: str = "months"
    schedule: tuple[tuple[str, Fraction], ...] = ()
    roots: tuple[str, ...] = ()
    groups: tuple[PlanGroup, ...] = ()
    indicators: tuple[PlanIndicator, ...] = ()
    inputs: tuple[PlanInput, ...] = ()
    funds: tuple[PlanFunds, ...] = ()
    grades: tuple[PlanBand, ...] = ()
    ceilings: tuple[PlanCeiling, ...] = ()
    awards: tuple[PlanAward, ...] = ()
    lights: tuple[PlanLights, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    accepted: tuple[tuple[str, str], ...] = ()
    ruleset_sha256: str = ""

    @property
    def own_columns(self) -> frozenset[str]:
        """The columns of a table of actuals, besides those every table may have, that the rules look at."""
        gathered = {i.gather.column for i in self.indicators if i.gather is not None}
        entries = [
            i.scoring.entries for i in self.indicators if i.scoring is not None and i.scoring.entries is not None
        ]
        return frozenset(gathered | {made.per for made in entries}) - {""}

    @property
    def scored(self) -> bool:
        """Does the object carry points?"""
        return self.total is not None
