"""到这一期要求完成一定数量，却没有计划花一分钱。

全年安排了资金、这一期计划支出为零，同时这一期就要完成若干件（次）。要么资金计划漏填，要么数量填早了；先办事、年底结算的，写明理由接受它。
只比较能确定是同一件事的：项目只有一项支出，或指标名称里写着那一项支出的名称。

English: a quantity is due by this time while none of the money that pays for it is planned to be spent. Either the plan of
money is incomplete or the quantity is due too early; where payment follows later, accept it with the reason.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, Label, finding
from perfdsl.lints._outputs import outputs
from perfdsl.lints._table import Table

BASIS = "绩效目标与预算资金量相匹配（项目支出绩效评价框架“绩效指标明确性”“绩效目标合理性”，依通行理解，未核对原文）"
BAD = """\
project "法律顾问" {
  funds 万元 {
    spend 法律顾问 half 0 full 5
  }
  办理法律事务件数 half "≥5件" full "≥10件"
}
"""
GOOD = """\
project "法律顾问" {
  funds 万元 {
    spend 法律顾问 half 2.5 full 5
  }
  办理法律事务件数 half "≥5件" full "≥10件"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Outputs due while their money rests."""
    spending = table.spending
    for pair, early, _, line in outputs(table):
        if early > 0 and spending.share(line.path, pair.early.period) == 0:
            whole = spending.printed(spending.planned(line.path, "full") or early)
            label = Label(line.span, f"到{pair.period}计划支出0", "nothing planned by then")
            yield finding(
                NO_MONEY, pair.early.span, labels=(label,), name=pair.name, period=pair.period, early=pair.early.target.text,
                line=line.path[-1], full=whole,
            )  # fmt: skip


NO_MONEY = Kind(
    "L045", WARNING, "“{name}”到{period}要求“{early}”，而“{line}”到{period}计划支出为0，全年{full}",
    "“{name}” demands “{early}” by {period}, while nothing of the {full} for “{line}” is planned to be spent by then",
    "补上资金计划或改数量；先办事后付款的，用 accept 写明理由", "plan the money or change the quantity; accept it with the reason where payment follows later",
)  # fmt: skip
KINDS = (NO_MONEY,)
