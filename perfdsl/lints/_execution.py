"""The rows of the table that say which share of the budget is to be spent, beside what the funds table plans."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfdsl import model as m
from perfdsl.diagnostics import Diagnostic, Kind, finding
from perfdsl.lints._periods import PERIODS
from perfdsl.lints._spending import EARLY, percent, points
from perfdsl.lints._table import Table
from perfdsl.target import Bound, kind

NAMES = frozenset({
    "预算执行率", "部门预算执行率", "项目预算执行率", "年度预算执行率", "全年预算执行率", "支出预算执行率", "预算资金执行率", "资金执行率",
    "部门整体预算执行率", "整体预算执行率", "总体预算执行率", "项目资金执行率",
})  # fmt: skip


class Demand(NamedTuple):
    """A target of the execution rate: ``share`` is demanded, ``planned`` is what the funds table comes to."""

    row: m.Indicator
    use: m.TargetUse
    share: Fraction
    planned: Fraction
    line: m.Path


def rows(table: Table) -> Iterator[tuple[m.Indicator, m.Path]]:
    """The execution rates of the table, and the line each is about, ``()`` for all spending."""
    for row in table.indicators:
        if row.formula is not None:
            line = table.spending.spent_by(row.formula)
            if line is not None:
                yield row, line
        elif row.path[-1] in NAMES:
            yield row, ()


def demands(table: Table) -> Iterator[Demand]:
    """Every early target of an execution rate of which the plan is known."""
    for row, line in rows(table):
        for use in row.targets:
            meaning = use.target.meaning
            plan = table.spending.share(line, use.period) if use.period in EARLY else None
            if plan is None or not isinstance(meaning, Bound) or kind(use.target) != "percent":
                continue
            if meaning.op in (None, "=", ">=", ">") and not meaning.approximate and not meaning.qualifier:
                yield Demand(row, use, meaning.quantity.base, plan, line)


def apart(table: Table, demand: Demand, found: Kind) -> Diagnostic:
    """The finding that a demand and the plan differ."""
    spending = table.spending
    period = demand.use.period
    early, full = spending.planned(demand.line, period), spending.planned(demand.line, "full")
    assert early is not None and full is not None  # a share is known only where both are
    return finding(
        found, demand.use.span, name=demand.row.path[-1], period=PERIODS[period], text=demand.use.target.text, plan=percent(demand.planned),
        early=spending.printed(early), full=spending.printed(full), gap=points(abs(demand.share - demand.planned)),
    )  # fmt: skip


def tolerance(table: Table) -> Fraction:
    """Half a percentage point: a rate printed without decimals is that far off by rounding alone."""
    return table.limit("plan_error", "0.005")
