"""预算执行率的指标值低于本表自己的资金计划。

资金表写着到这一期要花多少，除以全年预算就是应有的执行率。指标值比它还低，等于留了余量：照计划花钱一定“超额完成”，这一行考不出什么。
相差不到0.5个百分点的按四舍五入看待，不报。改指标值或改资金计划，使两处一致；有意留的余量，写明理由接受它。

English: the target of the execution rate is below the share the funds table itself plans to spend by then, so that spending
as planned exceeds it. Differences up to half a percentage point are taken for rounding. Make the two agree.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind
from perfdsl.lints._execution import apart, demands, tolerance
from perfdsl.lints._table import Table

BASIS = "预算执行率按支出数除以预算数计算（财预〔2020〕10号框架，依通行理解，未核对原文）；同一张表的资金计划与指标值应当一致"
LIMITS = {"plan_error": "执行率的指标值与资金计划相差多少才报告 L049、L051，默认 0.5%"}
BAD = """\
project "热线运行" {
  funds 万元 {
    spend 平台租用 half 44.4 full 88.8
    spend 座席租赁 half 15   full 30
  }
  预算执行率 half "=45%" full "=100%"
}
"""
GOOD = """\
project "热线运行" {
  funds 万元 {
    spend 平台租用 half 44.4 full 88.8
    spend 座席租赁 half 15   full 30
  }
  预算执行率 half "=50%" full "=100%"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Targets of the execution rate below the plan."""
    for demand in demands(table):
        if demand.share < demand.planned - tolerance(table):
            yield apart(table, demand, BELOW_PLAN)


BELOW_PLAN = Kind(
    "L051", WARNING,
    "“{name}”的{period}指标值“{text}”低于计划{plan}，相差{gap}个百分点：资金表计划到{period}支出{early}，全年{full}",
    "the {period} target “{text}” of “{name}” is below the plan {plan} by {gap} points: {early} of {full} is planned by then",
    "把指标值改成{plan}，或核对资金表这一期的计划数", "write {plan}, or check the amounts planned for this period",
)  # fmt: skip
KINDS = (BELOW_PLAN,)
