"""指标值是什么完成值都达得到的：`≥0`，或者“占全体的比例”写成 `≤100%`。

这样的指标不考核任何东西，却照样得分。审计机关把“目标值怎么做都能完成”列为常见问题。多半是方向写反了（`≥` 写成 `≤`），或者先填了个 0 占位。
改成真要达到的数；这一期确实还不考核的，写“无”。

English: every value meets the target (`≥0`, or `≤100%` for a share of a whole), so nothing is assessed. Write the
value that is meant, or 无 when nothing is due yet in this period.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._bounds import always_met
from perfdsl.lints._table import Table

BASIS = "审计机关对绩效目标的常见批评：目标值设得不可能完不成"
BAD = """\
project "培训" {
  培训人次 full "≥0人次"
}
"""
GOOD = """\
project "培训" {
  培训人次 full "≥80人次"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Targets that no value can miss."""
    for row, use, bound in table.bounds():
        if always_met(row, bound):
            yield finding(ALWAYS_MET, use.span, name=row.path[-1], text=use.target.text)


ALWAYS_MET = Kind(
    "L021", WARNING, "“{name}”的指标值“{text}”怎么做都达得到", "the target “{text}” of “{name}” is met by every value",
    "写真要达到的数；方向写反了就改符号，这一期不考核就写“无”", "write the value that is meant; turn the sign if it is the wrong way, or write 无",
)  # fmt: skip
KINDS = (ALWAYS_MET,)
