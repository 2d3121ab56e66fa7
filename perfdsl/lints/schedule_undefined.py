"""指标值写“序时进度”，表里没有说怎样算。

序时进度有几种算法：按月（六月底是50%），按天（六月底是49.73%），或财政部门规定的进度（如六月底60%）。没有写明时按月计算；到时各算各的，结论就不一样。
在表头写 `schedule months`（按月）、`schedule days`（按天）或各期的比例。

English: 序时进度 (progress in step with time) is computed in several ways: by months, by days, or as the bureau fixes it. Without
a word by months. Say which in the header: `schedule months`, `schedule days`, or the share of each period.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._table import Table
from perfdsl.target import Schedule

BASIS = "各地序时进度的算法不一，公开的文件里见过按月、按天和按规定比例三种"
BAD = """\
project "热线运行" {
  资金到位率 half "序时进度" full "100%"
}
"""
GOOD = """\
project "热线运行" {
  schedule months
  资金到位率 half "序时进度" full "100%"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """The first target that rests on an undefined schedule; once a table."""
    if table.thing.schedule_by:
        return
    for row, use in table.targets():
        if isinstance(use.target.meaning, Schedule):
            yield finding(UNDEFINED, use.span, name=row.path[-1], text=use.target.text)
            return


UNDEFINED = Kind(
    "L048", WARNING, "“{name}”的“{text}”没有写明怎样算，按月计算", "how “{text}” of “{name}” is computed is not said; it is taken by months",
    "在表头写 schedule months（按月）、schedule days（按天）或各期的比例", "write schedule months, schedule days or the share of each period in the header",
)  # fmt: skip
KINDS = (UNDEFINED,)
