"""一级指标列出来了，下面一个指标也没有。

满意度指标、效益指标等一级指标印在表上却整个空着：要么漏填，要么这类指标不适用而没有说明。
二级分组（经济效益、生态效益等）按项目特点选填，空着不报。补上指标；确实不适用的，写明理由接受它。

English: a first-level group is printed with nothing below it: forgotten, or not applicable without a word. Sub-groups may stay
empty. Fill it in, or accept it with the reason.
"""

from collections.abc import Iterator

from perfdsl import model as m
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._table import Table

BASIS = "绩效指标应当完整，一级指标各有内容（依通行理解，未核对原文）"
BAD = """\
project "热线运行" {
  产出指标   { 接听来电数 full "≥12万件" }
  满意度指标 { 服务对象满意度 }
}
"""
GOOD = """\
project "热线运行" {
  产出指标   { 接听来电数 full "≥12万件" }
  满意度指标 { 服务对象满意度 full "≥90%" }
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """First-level groups without an indicator."""
    if table.thing.broken or not table.indicators:
        return
    filled = {row.path[0] for row in table.indicators}
    for row in table.thing.rows:
        if isinstance(row, m.Group) and row.path[0] not in filled:
            yield finding(EMPTY, row.name_span, name=row.path[0])


EMPTY = Kind(
    "L007", WARNING, "一级指标“{name}”下面没有指标", "there is no indicator under “{name}”",
    "补上指标；确实不适用的，用 accept 写明理由", "add indicators, or accept it with the reason where it does not apply",
)  # fmt: skip
KINDS = (EMPTY,)
