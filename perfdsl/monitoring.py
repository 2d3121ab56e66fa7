"""How far one object is at a day of the year: each indicator against what is due to date, and its money.

Numbers are exact and in base units (元 for money, days as ordinals for dates); a ratio of 1 is all that is due.  What cannot
be said is None, never zero.  The rules are those of 绩效运行监控 (docs/monitor.md).
"""

from fractions import Fraction

import attrs

from perfdsl.core import Value

Path = tuple[str, ...]

REACHED, LAGGING = "reached", "lagging"
MISSING, NOT_DUE, NOT_APPLICABLE = "missing", "not due", "not applicable"
UNJUDGED, NO_TARGET = "unjudged", "no target"
STATUSES = (LAGGING, MISSING, UNJUDGED, REACHED, NOT_DUE, NOT_APPLICABLE, NO_TARGET)

STATED, BY_PLAN, BY_RATE, LEVEL = "stated", "plan", "rate", "level"  # how a forecast was made
FROM_TARGET, FROM_SCHEDULE, FROM_LEVEL, FROM_FULL = "target", "schedule", "level", "full"  # what is due to date
CAUSES = ("funds", "rules", "staff", "equipment", "other")
LIKELY = ("certain", "possible", "impossible")
OUTPUT, MONEY = "output", "money"


@attrs.frozen
class Light:
    """A light of the file; ``rank`` counts from 0, the best."""

    name: str
    rank: int


@attrs.frozen(kw_only=True)
class Forecast:
    """What the year will come to, by the ``method`` named; ``reaches`` says whether that meets the year's target."""

    method: str
    value: Value
    shown: str
    reaches: bool | None = None


@attrs.frozen(kw_only=True)
class Remarks:
    """What the unit itself says: the year's forecast in words, likelihood, causes with their texts, reason, evidence."""

    likelihood: str = ""
    causes: tuple[tuple[str, str], ...] = ()
    explanation: str = ""
    evidence: str = ""


@attrs.frozen(kw_only=True)
class Progress:
    """One indicator to date.

    ``target`` and ``full`` are the cells of the period and of the year; ``due`` is what is due to date in words and ``basis``
    where that comes from; ``completion`` is the ratio to it, ``gap`` what lacks, in words.  Of the ``forecasts`` the first counts.
    """

    path: Path
    target: str
    full: str
    basis: str
    due: str
    actual: str
    value: Value
    status: str
    completion: Fraction | None = None
    gap: str = ""
    light: Light | None = None
    forecasts: tuple[Forecast, ...] = ()
    remarks: Remarks = Remarks()
    nature: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    line: int = 0

    @property
    def forecast(self) -> Forecast | None:
        """The one that counts: as stated, else by the plan, else by the rate so far."""
        return self.forecasts[0] if self.forecasts else None

    def reason(self, lang: str) -> str:
        """One sentence: what was compared with what."""
        return self.reason_en if lang == "en" else self.reason_zh


@attrs.frozen(kw_only=True)
class MoneyProgress:
    """One line of money to date, in 元: ``planned`` is due to date by ``basis`` (target: the plan's own amount; schedule).

    ``of_plan`` is spent / planned, ``of_budget`` spent / budget; None where the lower line is zero or unknown.
    """

    side: str
    path: Path
    table: str = ""
    budget: Fraction | None = None
    planned: Fraction | None = None
    basis: str = ""
    spent: Fraction | None = None
    of_plan: Fraction | None = None
    of_budget: Fraction | None = None
    status: str = ""
    light: Light | None = None
    forecasts: tuple[Forecast, ...] = ()
    remarks: Remarks = Remarks()

    @property
    def whole(self) -> bool:
        """The whole of a side, not one of its lines?"""
        return not self.path

    @property
    def forecast(self) -> Forecast | None:
        """The one that counts."""
        return self.forecasts[0] if self.forecasts else None


@attrs.frozen(kw_only=True)
class Monitoring:
    """One object at one day: ``share`` is 序时进度 by ``schedule_by`` (months, days, table); lights are named best first."""

    object: str
    kind: str
    year: int | None
    period: str
    as_of: str
    schedule_by: str
    share: Fraction | None
    facts: tuple[tuple[str, str], ...] = ()
    order: tuple[Path, ...] = ()
    empty: tuple[Path, ...] = ()
    indicators: tuple[Progress, ...] = ()
    money: tuple[MoneyProgress, ...] = ()
    money_unit: str = ""
    money_scale: Fraction = Fraction(1)
    output_lights: tuple[str, ...] = ()
    money_lights: tuple[str, ...] = ()
    ruleset_sha256: str = ""
    actuals_sha256: str = ""

    @property
    def complete(self) -> bool:
        """Is every indicator that is due judged?"""
        return all(row.status not in (MISSING, UNJUDGED) for row in self.indicators)

    def whole(self, side: str) -> MoneyProgress | None:
        """All money of a side: income or spend."""
        return next((line for line in self.money if line.side == side and line.whole), None)

    def lagging(self) -> tuple[Progress, ...]:
        """Those behind, the furthest first; equal ones in the order of the file."""
        behind = [row for row in self.indicators if row.status == LAGGING]
        return tuple(sorted(behind, key=lambda row: row.completion if row.completion is not None else Fraction(0)))

    def of(self, *statuses: str) -> tuple[Progress, ...]:
        """Those with one of the statuses, in the order of the file."""
        return tuple(row for row in self.indicators if row.status in statuses)
