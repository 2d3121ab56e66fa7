"""控制率写成了“等于”。

在职人员控制率、“三公经费”控制率、公用经费控制率的要求是不超过（≤100%）：人少了、钱省了不算没做到。写成“=100%”，照字面就是少一个人也不达标。
程序按这一行写明的方向计算，但报给财政部门的表上印的仍是这几个字。

English: the norm of these rates is a ceiling (≤100 %): fewer staff and less money are as they should be. “=100%” says that
they are not. The direction written on the row decides the score, the printed table still says “=”.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._bounds import bounds_of
from perfdsl.lints._lexicon import is_ceiling
from perfdsl.lints._table import Table

BASIS = "财预〔2013〕53号部门整体支出绩效评价共性指标体系框架：控制率以不超过为目标（依通行理解，未核对原文）"
BAD = """\
department "某中心" {
  在职人员控制率 full "=100%" lower
}
"""
GOOD = """\
department "某中心" {
  在职人员控制率 full "≤100%"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Ceilings written with an equals sign, once a row."""
    for row in table.indicators:
        if is_ceiling(row.path[-1]):
            written = [use for use, bound in bounds_of(row) if bound.op == "=" and bound.quantity.value > 0]
            if written:
                yield finding(NOT_EQUAL, written[0].span, name=row.path[-1], text=written[0].target.text)


NOT_EQUAL = Kind(
    "L023", WARNING, "“{name}”要求的是不超过，指标值却写成“{text}”", "the norm of “{name}” is a ceiling, yet its target says “{text}”",
    "改成“≤”", "write ≤",
)  # fmt: skip
KINDS = (NOT_EQUAL,)
