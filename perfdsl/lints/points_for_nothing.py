"""指标值是“无”（不涉及、—），却有分值。

没有要求的指标不考核，它的分值谁也得不到，或者白送。审计机关点过名的问题：“无效指标仍占分值”。
写上指标值，或删去分值、把分值分给别的指标。只是半年写“无”、全年有指标值的，不在此列。

English: the target is 无 (nothing) in every period, yet the row has points that nobody can earn. Write a target, or give the points to others.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding
from perfdsl.lints._table import Table
from perfdsl.quantity import format_number
from perfdsl.target import Nothing

BASIS = "审计机关公布的绩效指标常见问题"
BAD = """\
project "体检" {
  rubric 达标 { met -> 100%   otherwise -> 0 }
  体检人数     full "≥42人" points 5 by 达标
  信息反馈情况 full "无"    points 5 by 达标
}
"""
GOOD = """\
project "体检" {
  rubric 达标 { met -> 100%   otherwise -> 0 }
  体检人数     full "≥42人" points 5 by 达标
  信息反馈情况 full "及时"  points 5 by 达标
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Rows with points and without anything demanded."""
    for row in table.indicators:
        if row.points and row.targets and all(isinstance(use.target.meaning, Nothing) for use in row.targets):
            use = row.targets[-1]
            yield finding(
                FOR_NOTHING, use.span, name=row.path[-1], text=use.target.text, points=format_number(row.points)
            )


FOR_NOTHING = Kind(
    "L009", ERROR, "“{name}”的指标值是“{text}”，却有{points}分", "the target of “{name}” is “{text}”, yet it has {points} points",
    "写上指标值，或把分值分给别的指标", "write a target, or give the points to other indicators",
)  # fmt: skip
KINDS = (FOR_NOTHING,)
