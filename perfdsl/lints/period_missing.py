"""一行只写了前一期的指标值，后一期空着，别的行都写。

表有半年、全年两栏，大多数行两栏都填，这一行只有半年、没有全年：多半是漏填，或者录入时串了格。到了那一期，这一行没有要求，也就不评价。确实不考核的，写“无”。
只写全年、不写半年的不报：成本、效益、满意度常常到年底才考核。

English: most rows of the table have a target for the later period, this one has only an earlier one; in the later it is not assessed.
Fill it in, or write 无. Rows with a target of the year alone are left alone.
"""

from collections import Counter
from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._spending import EARLY
from perfdsl.lints._table import Table

BASIS = "绩效目标表的填报要求：各期指标值填写完整（依通行理解，未核对原文）"
BAD = """\
project "热线" {
  接通率     half "≥80%"  full "≥80%"
  回访率     half "≥15%"  full "≥15%"
  活动次数   half "≥1次"
  办结率     half "≥98%"  full "≥98%"
}
"""
GOOD = """\
project "热线" {
  接通率     half "≥80%"  full "≥80%"
  回访率     half "≥15%"  full "≥15%"
  活动次数   half "≥1次"  full "≥2次"
  办结率     half "≥98%"  full "≥98%"
}
"""
NAMES = {"q1": ("一季度", "first-quarter"), "half": ("半年", "half-year"), "q3": ("三季度", "third-quarter"), "full": ("全年", "full-year"),
         "cycle": ("实施周期", "whole-cycle")}  # fmt: skip


def check(table: Table) -> Iterator[Diagnostic]:
    """Rows without a target in a column that three of four rows with targets fill."""
    rows = [(row, {use.period for use in row.targets}) for row in table.indicators if row.targets]
    filled = Counter(period for _, periods in rows for period in periods)
    columns = [period for period in NAMES if 4 * filled[period] >= 3 * len(rows) and filled[period] >= 3]
    for row, periods in rows:
        for period in columns:
            if period not in periods and _is_due(period, periods):
                zh, en = NAMES[period]
                yield finding(NOT_FILLED, row.targets[0].span, name=row.path[-1], period=zh, period_en=en)


def _is_due(period: str, given: set[str]) -> bool:
    """Would the row have it?  Much is assessed at the end of the year only, and then nothing stands before it."""
    early = [name for name in NAMES if name in EARLY]
    return period not in EARLY or any(name in given for name in early[: early.index(period)])


NOT_FILLED = Kind(
    "L032", WARNING, "“{name}”没有写{period}指标值，别的行大多写了", "“{name}” has no {period_en} target, as most other rows have",
    "补上；确实不考核的写“无”", "fill it in, or write 无",
)  # fmt: skip
KINDS = (NOT_FILLED,)
