"""部门整体表里的项目资金与项目自己的表对不上。

部门整体表“项目支出”下面的一行，与同一年度那个项目的表，说的是同一笔钱，金额应当相同。改了一处忘了另一处，多半就是这样对不上的。
把部门和项目的文件放在一次检查里才比得出来；项目的实施单位或主管部门要写成这个部门的名称。

English: a line of the department's table and the table of that project of the same year name different amounts. They are the same money: correct the
one that is out of date.
"""

from collections.abc import Iterator, Sequence

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, Label, finding
from perfdsl.lints._pairs import departments, money_lines, plain, spending, wan
from perfdsl.lints._table import Table

BASIS = "部门整体与项目绩效目标应当衔接一致；依通行理解，未核对原文"
BAD = """\
department "便民中心" {
  year 2024
  funds 万元 {
    income 拨款 full 120
    spend 项目支出 full 120 {
      热线运行 full 100
      督查暗访 full 20
    }
  }
  座席人员数量 full "≤114人"
}
project "热线运行" {
  year 2024
  agency "便民中心"
  funds 万元 {
    income 拨款 full 90
    spend 外包 full 90
  }
  接通率 full "≥90%"
}
"""
GOOD = BAD.replace("full 90\n", "full 100\n")


def check_together(tables: Sequence[Table]) -> Iterator[Diagnostic]:
    """Lines of a department that say another amount than the project."""
    for department, projects in departments(tables):
        lines = money_lines(department.thing)
        for project in projects:
            line = lines.get(plain(project.thing.name))
            for period, written in line.amounts if line is not None else ():
                own = spending(project.thing, period)
                if line is not None and own is not None and own != written:
                    label = Label(
                        line.span, f"部门整体表写的是{wan(written)}", f"the department's table says {wan(written)}"
                    )
                    yield finding(
                        APART,
                        project.thing.span,
                        labels=[label],
                        name=project.thing.name,
                        own=wan(own),
                        written=wan(written),
                    )
                    break


APART = Kind(
    "L057", WARNING, "“{name}”的支出合计{own}，部门整体表写的是{written}", "“{name}” spends {own}, the department's table says {written}",
    "核对哪一处没有改过来", "correct the one that is out of date",
)  # fmt: skip
KINDS = (APART,)
