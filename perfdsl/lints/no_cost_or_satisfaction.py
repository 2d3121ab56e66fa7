"""项目的指标里没有成本指标，或没有满意度指标。

设置了产出和效益的项目，还应当考虑成本（花多少钱办成）和满意度（服务对象怎么看）。工程类、资金补助类项目要求设置成本指标；没有服务对象的项目可以没有满意度。
列了满意度一组而空着的，由 L007 提示；不到10行的小表不提示（行数可以自行设定）。

English: a project with outputs and benefits has no indicator of cost, or none of satisfaction. Both are wanted where they apply. Small tables (fewer than 10 rows, which may be set) are left in peace.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import INFO, Diagnostic, Kind, finding
from perfdsl.lints._headings import headings, is_standard
from perfdsl.lints._table import Table

BASIS = "财预〔2021〕101号：绩效指标包括成本、产出、效益和满意度（依通行理解，未核对原文）"
BAD = """\
project "热线运行" {
  产出指标 {
    接听来电数     full "≥12万件"
    在线办结数     full "≥9万件"
    质检抽查工单   full "≥3000件"
    接通率         full "≥95%"
    按时办结率     full "≥98%"
    平均等待时间   full "≤15秒"
  }
  效益指标 {
    群众诉求解决率 full "≥90%"
    重复来电率     full "≤5%"
    疑难件协调次数 full "≥12次"
  }
  满意度指标 { 来电人满意度 full "≥90%" }
}
"""
GOOD = """\
project "热线运行" {
  成本指标   { 单件受理成本 full "≤8元/件" lower }
  产出指标 {
    接听来电数     full "≥12万件"
    在线办结数     full "≥9万件"
    质检抽查工单   full "≥3000件"
    接通率         full "≥95%"
    按时办结率     full "≥98%"
    平均等待时间   full "≤15秒"
  }
  效益指标 {
    群众诉求解决率 full "≥90%"
    重复来电率     full "≤5%"
    疑难件协调次数 full "≥12次"
  }
  满意度指标 { 来电人满意度 full "≥90%" }
}
"""
FULL_TABLE = 10
WANTED = (
    ("成本指标", ("成本", "造价", "单价", "节约", "控制数", "补助标准", "支出标准")),
    ("满意度指标", ("满意",)),
)


def check(table: Table) -> Iterator[Diagnostic]:
    """Standard tables of projects without cost or satisfaction."""
    if (
        table.thing.kind == "department"
        or not is_standard(table)
        or len(table.indicators) < table.limit("L008", FULL_TABLE)
    ):
        return
    names = headings(table.thing.rows)
    lacking = [what for what, words in WANTED if not any(word in name for name in names for word in words)]
    if lacking:
        yield finding(LACKING, table.thing.span, name=table.thing.name, lacking="、".join(lacking))


LACKING = Kind(
    "L008", INFO, "“{name}”没有{lacking}", "“{name}” has no {lacking}", "适用的话补上；不适用可以不管", "add them where they apply",
)  # fmt: skip
KINDS = (LACKING,)
