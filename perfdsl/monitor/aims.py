"""What is due to date: the period's own target, else the year's by 序时进度, else the year's as it stands."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from attrs import evolve

from perfdsl import plan as p
from perfdsl import target as t
from perfdsl.dates import last_day
from perfdsl.monitoring import FROM_FULL, FROM_LEVEL, FROM_SCHEDULE, FROM_TARGET

NOTHING, LATER, UNKNOWN, UNDATED = "nothing", "later", "unknown", "undated"  # why there is nothing to compare with


class Aim(NamedTuple):
    """What one indicator is judged by.

    ``target`` is the cell of the period, ``full`` that of the year, ``judged`` the one that judges and ``basis`` where what
    is due comes from; ``share`` is the part of it that is due.  ``why`` says why nothing is due: 无 (nothing), a deadline
    that is still to come (later), that it cannot be known (unknown), or that no day is known to hold a deadline against (undated).
    """

    target: p.PlanTarget | None
    full: p.PlanTarget | None
    judged: p.PlanTarget | None
    basis: str = ""
    share: Fraction = Fraction(1)
    why: str = ""


def aim(row: p.PlanIndicator, period: str, day: date | None, year: int | None, share: Fraction | None) -> Aim:
    """What ``row`` is judged by at ``day`` (None: not known); ``share`` is 序时进度, None where the file's table has none."""
    by_period = {use.period: use for use in row.targets}
    own, full = by_period.get(period), by_period.get("full")
    if own is not None and isinstance(own.target.meaning, t.Nothing):
        return Aim(own, full, None if full is None or _is_nothing(full) else full, why=NOTHING)
    if full is not None and _is_nothing(full):
        full = None
    judged = own if own is not None else full
    if judged is None:
        return Aim(own, full, None)
    if isinstance(judged.target.meaning, t.Deadline) and not judged.target.meaning.repeats:
        basis = FROM_TARGET if own is not None else FROM_LEVEL
        if day is None:
            return Aim(own, full, judged, basis, why=UNDATED)
        if _later(judged.target.meaning, day, year):
            return Aim(own, full, judged, basis, why=LATER)
    if own is not None and period != "full":
        return Aim(own, full, own, FROM_TARGET)
    return _of_the_year(row, own, judged, share)


def _of_the_year(row: p.PlanIndicator, own: p.PlanTarget | None, full: p.PlanTarget, share: Fraction | None) -> Aim:
    if not isinstance(full.target.meaning, (t.Bound, t.Range)):
        return Aim(own, full, full, FROM_LEVEL)
    if share == 1:
        return Aim(own, full, full, FROM_FULL)
    if row.nature == "stock":
        return Aim(own, full, full, FROM_LEVEL)
    if row.nature != "flow" or share is None or row.direction == "exact":
        return Aim(own, full, full, why=UNKNOWN)
    if share == 0:
        return Aim(own, full, full, FROM_SCHEDULE, share, why=LATER)
    return Aim(own, full, full, FROM_SCHEDULE, share)


def effective(plan: p.Plan, aims: dict[p.Path, Aim], period: str) -> p.Plan:
    """``plan`` with the target that judges each row as the target of ``period``, so that actuals are read by it."""
    rows = []
    for row in plan.indicators:
        judged = aims[row.path].judged
        kept = tuple(use for use in row.targets if use.period != period)
        rows.append(evolve(row, targets=(*kept, evolve(judged, period=period)) if judged is not None else row.targets))
    return evolve(plan, indicators=tuple(rows))


def _is_nothing(use: p.PlanTarget) -> bool:
    return isinstance(use.target.meaning, t.Nothing)


def _later(deadline: t.Deadline, day: date, year: int | None) -> bool:
    limit = last_day(deadline.date, year)
    return limit is not None and limit > day
