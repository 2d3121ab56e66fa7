"""指标太多或太少。

指标太少（不到3个）说明不了产出和效益；太多（超过60个）填报、取数、核对都顾不过来，重点也看不出来。
少的补充，多的合并、删去重复的。上限可以自行设定。

English: fewer than 3 indicators say little about outputs and benefits; more than 60 cannot be looked after, and hide what matters.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._headings import is_standard
from perfdsl.lints._table import Table

BASIS = "审计机关公布的常见问题（产出指标过多）；有的县要求不少于3个"
LIMITS = {"most_rows": "超过多少个指标才报告 L010，默认 60"}
BAD = """\
project "热线运行" {
  产出指标 { 接听来电数 full "≥12万件" }
  效益指标 { 来电人满意度 full "≥90%" }
}
"""
GOOD = """\
project "热线运行" {
  产出指标 {
    接听来电数 full "≥12万件"
    接通率     full "≥85%"
  }
  效益指标 { 来电人满意度 full "≥90%" }
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Too many rows in any table, too few in one of outputs and benefits."""
    count, most = len(table.indicators), table.limit("most_rows", "60")
    if count > most or 0 < count < 3 and is_standard(table):
        yield finding(COUNT, table.thing.span, name=table.thing.name, count=count, most=most)


COUNT = Kind(
    "L010", WARNING, "“{name}”有{count}个指标，一般在3至{most}个之间", "“{name}” has {count} indicators; usual are 3 to {most}",
    "太少的补充，太多的合并或删去重复的", "add what is missing, or merge and remove",
)  # fmt: skip
KINDS = (COUNT,)
