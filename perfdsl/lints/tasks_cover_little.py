"""列出的重点工作任务只占预算的一小部分。

部门整体的表列出年度重点工作任务和拟投入资金。几项任务加起来只占项目支出的百分之几，说明主要的钱花在没有列出的事上，绩效目标就对不上资金。
补上花钱多的任务，或说明其余资金的用途。

English: the tasks listed with their money add up to a small part of the project spending, so that the targets are not about what
the money is spent on. List the tasks that cost most.
"""

from collections.abc import Iterator
from fractions import Fraction

from perfdsl.diagnostics import INFO, Diagnostic, Kind, Label, finding
from perfdsl.lints._spending import percent
from perfdsl.lints._table import Table

BASIS = "部门整体绩效目标应当覆盖主要支出方向（依通行理解，未核对原文）"
LIMITS = {"tasks_share": "重点工作任务的资金不到项目支出的多少才报告 L055，默认 20%"}
BAD = """\
department "政务服务局" {
  funds 万元 {
    spend 基本支出 full 1125.16
    spend 项目支出 full 4693.61
  }
  funds "年度重点工作任务" 万元 {
    spend 热线工作 full 149
    spend 数据共享 full 24.44
  }
  热线工单数 full "≥1000件"
}
"""
GOOD = """\
department "政务服务局" {
  funds 万元 {
    spend 基本支出 full 1125.16
    spend 项目支出 full 4693.61
  }
  funds "年度重点工作任务" 万元 {
    spend 热线工作     full 149
    spend 数据共享     full 24.44
    spend 政务大厅运行 full 3600
  }
  热线工单数 full "≥1000件"
}
"""
PROJECTS = ("项目支出",)


def check(table: Table) -> Iterator[Diagnostic]:
    """Lists of tasks that leave most of the money unsaid."""
    spending = table.spending
    path = PROJECTS if PROJECTS in spending.lines else ()
    whole = spending.planned(path, "full")
    for funds in table.thing.funds:
        tops = [line for line in funds.lines if len(line.path) == 1 and line.side == "spend"]
        listed = sum((dict(line.amounts).get("full", Fraction(0)) for line in tops), Fraction(0))
        if whole and 0 < listed < whole * table.limit("tasks_share", "0.2") and "任务" in funds.title:
            label = Label(tops[0].span, "任务从这里列起", "the tasks begin here")
            yield finding(
                LITTLE, table.thing.span, labels=(label,), title=funds.title, listed=spending.printed(listed), of=path[0] if path else "支出",
                whole=spending.printed(whole), share=percent(listed / whole),
            )  # fmt: skip


LITTLE = Kind(
    "L055", INFO, "“{title}”列出的资金合计{listed}，只占{of}{whole}的{share}", "“{title}” adds up to {listed}, {share} of the {whole} of {of}",
    "补上花钱多的任务，或说明其余资金的用途", "list the tasks that cost most, or say what the rest is for",
)  # fmt: skip
KINDS = (LITTLE,)
