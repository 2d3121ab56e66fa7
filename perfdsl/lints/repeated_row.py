"""同一张表里一个指标列了两次。

名称、指标值都相同的一行，列在两个二级指标下（例如社会效益和满意度），同一件事就计了两次分，填报的人也要填两遍。留下放得对的一行，删去另一行。
同一组里重名，不论指标值是否相同，另由 R210 报告。按任务、按工程分组，各组都有“验收合格率”的，不在此列。

English: one row stands twice in a table, under two of the official second-level headings, with the same name and targets, and counts twice.
Keep one. Two rows of one name in one group are R210; groups by task or site that repeat a row are left alone.
"""

from collections.abc import Iterator

from perfdsl import model as m
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, Label, finding
from perfdsl.lints._headings import is_official
from perfdsl.lints._table import Table

BASIS = "绩效指标不得重复设置（依通行理解，未核对原文）"
BAD = """\
project "热线运行" {
  产出指标 {
    质量指标 { 接通率 full "≥85%" }
  }
  效益指标 {
    社会效益 { 市民满意度 full "≥90%" }
  }
  满意度指标 {
    服务对象满意度 { 市民满意度 full "≥90%" }
  }
}
"""
GOOD = """\
project "热线运行" {
  产出指标 {
    质量指标 { 接通率 full "≥85%" }
  }
  效益指标 {
    社会效益 { 市民知晓率 full "≥90%" }
  }
  满意度指标 {
    服务对象满意度 { 市民满意度 full "≥90%" }
  }
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Rows that stand under an official heading as they stood under another."""
    first: dict[tuple[str, tuple[tuple[str, str], ...]], m.Indicator] = {}
    for row in table.indicators:
        if len(row.path) < 2 or not row.targets or not all(is_official(heading) for heading in row.path[:-1]):
            continue
        same = first.setdefault((row.path[-1], tuple((use.period, use.target.text) for use in row.targets)), row)
        if same is not row:
            label = Label(same.name_span, f"已列在“{same.path[-2]}”下", f"stands under “{same.path[-2]}” already")
            yield finding(
                TWICE, row.name_span, labels=[label], name=row.path[-1], one=same.path[-2], other=row.path[-2]
            )


TWICE = Kind(
    "L011", ERROR, "“{name}”列了两次：“{one}”下和“{other}”下，指标值也相同", "“{name}” stands twice with the same target: under “{one}” and under “{other}”",
    "留下放得对的一行，删去另一行；确是两件事的，名称里写出区别", "keep one; if they are two things, let their names say so",
)  # fmt: skip
KINDS = (TWICE,)
