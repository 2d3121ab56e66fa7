"""到年底才算得出的比率，半年（季度）就要求达到全年的数。

结转结余率、预算偏差率要等决算，政府采购执行率、非税收入完成率是全年的完成比例。预算执行率到半年只要求三四成，这些比率却要求一步到位，到时不是评不了就是一律判未完成。
半年写按进度应达到的数，或写“无”。

English: a ratio that is known only at the end of the year is demanded at its full value early, beside an execution rate that is
far from it. Write what is due by then, or 无.
"""

from collections.abc import Iterator
from fractions import Fraction

from perfdsl import model as m
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._execution import rows
from perfdsl.lints._periods import limits, pairs
from perfdsl.lints._spending import EARLY, percent
from perfdsl.lints._table import Table
from perfdsl.target import Bound, kind

BASIS = "这些比率按决算或全年数计算（部门整体支出共性指标，依通行理解，未核对原文）"
LIMITS = {"early_execution": "同期预算执行率不到多少才报告 L043，默认 80%"}
BAD = """\
department "便民服务中心" {
  预算执行率 half "=38%" full "=100%"
  结转结余率 half "=0%"  full "=0%"
}
"""
GOOD = """\
department "便民服务中心" {
  预算执行率 half "=38%" full "=100%"
  结转结余率 half "无"   full "=0%"
}
"""
AT_YEAR_END = frozenset({
    "结转结余率", "结转结余变动率", "预算偏差率", "政府采购执行率", "政府采购预算执行率", "非税收入预算完成率", "非税收入完成率",
})  # fmt: skip


def check(table: Table) -> Iterator[Diagnostic]:
    """Ratios of the year's end demanded early while most of the money is not yet due."""
    due = {period: _execution(table, period) for period in EARLY}
    for pair in pairs(table):
        share = due[pair.early.period]
        if share is None or share >= table.limit("early_execution", "0.8") or pair.name not in AT_YEAR_END:
            continue
        both = limits(pair)
        if both is not None and both.early == both.full:
            yield finding(
                TOO_EARLY,
                pair.early.span,
                name=pair.name,
                period=pair.period,
                text=pair.early.target.text,
                share=percent(share),
            )


def _execution(table: Table, period: str) -> Fraction | None:
    """The share of the budget due by ``period``: as demanded, else as planned."""
    wholes = [row for row, line in rows(table) if not line]
    demanded = (_demanded(use) for row in wholes for use in row.targets if use.period == period)
    return next((share for share in demanded if share is not None), table.spending.share((), period))


def _demanded(use: m.TargetUse) -> Fraction | None:
    meaning = use.target.meaning
    return meaning.quantity.base if isinstance(meaning, Bound) and kind(use.target) == "percent" else None


TOO_EARLY = Kind(
    "L043", WARNING, "“{name}”到年底才算得出，{period}就要求全年的“{text}”，同期预算执行率只有{share}",
    "“{name}” is known at the end of the year, yet “{text}” is demanded for {period}, when {share} of the budget is due",
    "{period}写按进度应达到的数，或写“无”", "write what is due by {period}, or 无",
)  # fmt: skip
KINDS = (TOO_EARLY,)
