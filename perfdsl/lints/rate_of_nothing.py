"""预算为零，却考核预算执行率。

全年预算数是零，执行率就是零除以零，没有意义。有的表把它报成0%、得0分，也有的报成100%、得满分，都没有道理。
没有预算就不考核这一行，写 `applies` 条件或删去；预算漏填的，补上。

English: the budget is zero, so the execution rate is nothing divided by nothing. Leave the row out, or fill in the budget.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding
from perfdsl.lints._execution import rows
from perfdsl.lints._table import Table
from perfdsl.target import Nothing

BASIS = "预算执行率按支出数除以预算数计算（依通行理解，未核对原文）"
BAD = """\
project "沼气池建设" {
  funds 万元 {
    spend 工程款 full 0
  }
  预算执行率 full "=100%"
}
"""
GOOD = """\
project "沼气池建设" {
  funds 万元 {
    spend 工程款 full 90
  }
  预算执行率 full "=100%"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Execution rates typed in beside a budget of zero; a formula that divides by zero is R310."""
    for row, line in rows(table):
        asked = [use for use in row.targets if not isinstance(use.target.meaning, Nothing)]
        if asked and row.formula is None and row.applies is None and table.spending.planned(line, "full") == 0:
            yield finding(NOTHING_PLANNED, row.name_span, name=row.path[-1])


NOTHING_PLANNED = Kind(
    "L056", ERROR, "全年预算数是0，“{name}”就是零除以零", "the budget of the year is 0, so “{name}” is nothing divided by nothing",
    "补上预算数；确实没有预算的，删去这一行", "fill in the budget; remove the row where there is none",
)  # fmt: skip
KINDS = (NOTHING_PLANNED,)
