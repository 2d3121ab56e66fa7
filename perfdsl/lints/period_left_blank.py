"""这一行少填了一期的指标值，别的行都填了。

表里有半年、全年两栏（或实施周期、年度两栏），几乎每一行两栏都有值，只有这一行空着一栏。空着的那一期没有目标，评不了分。
补上指标值；那一期确实不考核的，写“无”，让人看得出是有意的。

English: nearly every row has a target in each of the columns, this one lacks one, so that it cannot be assessed in that period.
Fill it in, or write 无 where nothing is due, so that it is seen to be meant.
"""

from collections import Counter
from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._periods import PERIODS
from perfdsl.lints._table import Table

BASIS = "绩效目标申报表各栏应当填写完整（依通行理解，未核对原文）"
BAD = """\
project "论坛" {
  推送信息条数   half "≥24条" full "≥48条"
  督查次数       half "≥20次" full "≥40次"
  专报质量       half "高"    full "高"
  开放日活动场次 half "≥1次"
}
"""
GOOD = """\
project "论坛" {
  推送信息条数   half "≥24条" full "≥48条"
  督查次数       half "≥20次" full "≥40次"
  专报质量       half "高"    full "高"
  开放日活动场次 half "≥1次"  full "≥2次"
}
"""
FEWEST = 3


def check(table: Table) -> Iterator[Diagnostic]:
    """Rows that lack the target of a column the others have."""
    filled = [row for row in table.indicators if row.targets]
    counts = Counter(period for row in filled for period in {use.period for use in row.targets})
    columns = [period for period in PERIODS if counts[period] >= FEWEST and 3 * counts[period] >= 2 * len(filled)]
    for row in filled:
        has = {use.period for use in row.targets}
        for period in columns:
            if period not in has:
                yield finding(
                    BLANK,
                    row.name_span,
                    name=row.path[-1],
                    period=PERIODS[period],
                    count=counts[period],
                    rows=len(filled),
                )


BLANK = Kind(
    "L032", WARNING, "“{name}”没有{period}指标值；{rows}行里有{count}行都填了", "“{name}” has no target for {period}; {count} of {rows} rows have one",
    "补上{period}指标值；这一期不考核就写“无”", "write the target for {period}, or 无 when nothing is due then",
)  # fmt: skip
KINDS = (BLANK,)
