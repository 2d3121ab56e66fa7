"""有加分，没有写总分最高可以到多少。

加分加在总分之后。没有写“最高”的，程序把总分封在满分：没有失分的单位一分也加不上，而有的地方允许超过满分。两种做法都有，要写明。

English: bonus points come after the total, and without `up to` the total stops at its points: who has lost nothing gains
nothing. Some places let the total pass 100. Say which.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._table import Table
from perfdsl.quantity import format_number

BASIS = "公开的评价办法里加分项的写法不一，多数没有写总分封顶（依通行理解，未核对原文）"
BAD = """\
project "热线" {
  total 10
  按时办结率 full "≥95%" points 10 by { met -> 10   otherwise -> 0 }
  加分项 bonus 0 .. 5 {
    受嘉奖 by best { "国家级" -> 5   "省级" -> 2 }
  }
}
"""
GOOD = """\
project "热线" {
  total 10 up to 15
  按时办结率 full "≥95%" points 10 by { met -> 10   otherwise -> 0 }
  加分项 bonus 0 .. 5 {
    受嘉奖 by best { "国家级" -> 5   "省级" -> 2 }
  }
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """The first group that may add points, where nothing says how far the total may go."""
    total = table.thing.total
    if total is None or table.thing.most is not None:
        return
    for group in table.groups:
        if group.bonus is not None and group.bonus[1] > 0:
            most = format_number(group.bonus[1])
            yield finding(NO_CAP, group.name_span, name=group.path[-1], most=most, total=format_number(total))
            return


NO_CAP = Kind(
    "L079", WARNING, "“{name}”最多加{most}分，没有写总分最高到多少，按{total}分封顶", "“{name}” adds up to {most}, and nothing says how far the total may go: it stops at {total}",
    "写明：封顶就写“total {total} up to {total}”，可以超过就写出最高分", "say so: total {total} up to {total}, or up to the most it may be",
)  # fmt: skip
KINDS = (NO_CAP,)
