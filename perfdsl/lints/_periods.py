"""Targets of one row side by side: what is due early in the year against what is due in the whole year."""

from collections.abc import Iterator
from typing import NamedTuple

from perfdsl import model as m
from perfdsl.keywords import WORDS
from perfdsl.lints._spending import EARLY
from perfdsl.lints._table import Table
from perfdsl.target import Bound, kind

EVENTS = frozenset({"次", "场", "人次", "场次", "期", "篇", "班次", "批次", "频次", "件次", "课时", "学时"})
BETTER_LOW = (
    "未",
    "投诉",
    "差错",
    "事故",
    "退回",
    "积压",
    "逾期",
    "超期",
    "欠",
    "故障",
    "隐患",
    "违规",
    "违纪",
    "缺",
    "降",
    "减",
)

PERIODS = {word.meaning: word.zh for word in WORDS if word.kind == "PERIOD"}


class Pair(NamedTuple):
    """The target of an early period and that of the whole year."""

    row: m.Indicator
    early: m.TargetUse
    full: m.TargetUse

    @property
    def name(self) -> str:
        """The row as the table prints it."""
        return self.row.path[-1]

    @property
    def period(self) -> str:
        """The early period in Chinese."""
        return PERIODS[self.early.period]


class Limits(NamedTuple):
    """The same two targets where both are one limit in units that compare."""

    early: Bound
    full: Bound


def pairs(table: Table, periods: tuple[str, ...] = EARLY) -> Iterator[Pair]:
    """Every target of ``periods`` beside the same row's target of the whole year."""
    for row in table.indicators:
        uses = {use.period: use for use in row.targets}
        full = uses.get("full")
        for period in periods:
            if full is not None and period in uses:
                yield Pair(row, uses[period], full)


def limits(pair: Pair) -> Limits | None:
    """Both targets as limits, exact and of one dimension and direction; None otherwise."""
    early, full = pair.early.target.meaning, pair.full.target.meaning
    if not isinstance(early, Bound) or not isinstance(full, Bound):
        return None
    odd = early.approximate or full.approximate or early.qualifier or full.qualifier
    alike = early.quantity.unit.dims == full.quantity.unit.dims and (early.op or "=") == (full.op or "=")
    return Limits(early, full) if alike and not odd else None


def falls(table: Table) -> Iterator[tuple[Pair, bool]]:
    """Limits that are higher early than in the whole year, and whether a fall is worth a question.

    It is not where less is better: ceilings of rates and times, money apart, and what the name says is bad.
    """
    for pair in pairs(table):
        both = limits(pair)
        if both is None or both.early.quantity.base <= both.full.quantity.base:
            continue
        yield pair, _is_worth_asking(pair, both)


def _is_worth_asking(pair: Pair, both: Limits) -> bool:
    if pair.row.direction == "lower" and pair.row.nature != "stock":
        return False
    if both.full.op in (">", ">="):
        return True
    return kind(pair.full.target) in ("number", "money") and not any(word in pair.name for word in BETTER_LOW)


def is_flow(pair: Pair) -> bool:
    """Does it accumulate, as the row says or as the unit does that counts events?"""
    if pair.row.nature:
        return pair.row.nature == "flow"
    meaning = pair.full.target.meaning
    return isinstance(meaning, Bound) and meaning.quantity.unit.text in EVENTS


def same_throughout(table: Table, period: str) -> tuple[int, int]:
    """Of the rows with a target for ``period`` and for the year: how many demand the same, and how many there are."""
    found = [pair.early.target.meaning == pair.full.target.meaning for pair in pairs(table, (period,))]
    return sum(found), len(found)
