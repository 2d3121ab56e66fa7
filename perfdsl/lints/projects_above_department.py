"""各项目的预算加起来，超过部门整体表的“项目支出”。

部门的“项目支出”是它所有项目的合计，几个项目加起来就已经超过，一定有一处不对。少于合计的不报告，因为不一定把所有项目都放进了这次检查。

English: the budgets of the projects add up to more than the department's 项目支出, which is the sum of all of them. One of the figures is wrong.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, Label, finding
from perfdsl.lints._pairs import PARTS_SHOWN, departments, money_lines, spending, wan
from perfdsl.lints._table import Table

BASIS = "部门整体支出包括全部项目支出；依通行理解，未核对原文"
BAD = """\
department "便民中心" {
  year 2024
  funds 万元 {
    income 拨款 full 150
    spend 基本支出 full 50
    spend 项目支出 full 100
  }
  座席人员数量 full "≤114人"
}
project "热线运行" {
  year 2024
  agency "便民中心"
  funds 万元 {
    income 拨款 full 80
    spend 外包 full 80
  }
  接通率 full "≥90%"
}
project "督查暗访" {
  year 2024
  agency "便民中心"
  funds 万元 {
    income 拨款 full 30
    spend 委托费 full 30
  }
  督查次数 full "≥40次"
}
"""
GOOD = BAD.replace("full 30\n", "full 20\n")


def check_together(tables: Sequence[Table]) -> Iterator[Diagnostic]:
    """Departments whose projects come to more than 项目支出."""
    for department, projects in departments(tables):
        line = money_lines(department.thing).get("项目支出")
        whole = dict(line.amounts).get("full") if line is not None else None
        parts = [(project, amount) for project in projects if (amount := spending(project.thing)) is not None]
        total = sum((amount for _, amount in parts), Fraction(0))
        if line is not None and whole is not None and total > whole:
            labels = [Label(p.thing.span, wan(amount), wan(amount)) for p, amount in parts[:PARTS_SHOWN]]
            yield finding(ABOVE, line.span, labels=labels, count=len(parts), total=wan(total), whole=wan(whole))


ABOVE = Kind(
    "L058", WARNING, "{count}个项目的预算合计{total}，超过项目支出{whole}", "the budgets of {count} projects come to {total}, above 项目支出 {whole}",
    "核对各项目的金额和部门整体表", "check the figures of the projects and of the department",
)  # fmt: skip
KINDS = (ABOVE,)
