"""钱比事走得快：到这一期计划付出的资金比例，明显高于同期要求完成的数量比例。

例如全年督查40次、半年只要求20次，而督查费半年计划付完。要么半年的数量定低了，要么资金计划付早了；按合同先付款的，写明理由接受它。
只比较能确定是同一件事的：项目只有一项支出，或指标名称里写着那一项支出的名称。相差不到15个百分点，或不到一件（次）的，不报；钱比事慢的也不报，验收后付款很平常。

English: by this time a clearly larger share of the money is planned to be spent than of the quantity it pays for. Either the early
quantity is set too low or the money is planned too early. Compared only where both are certainly the same thing.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, Label, finding
from perfdsl.lints._outputs import outputs
from perfdsl.lints._spending import percent
from perfdsl.lints._table import Table

BASIS = "绩效目标与预算资金量相匹配（项目支出绩效评价框架“绩效指标明确性”“绩效目标合理性”，依通行理解，未核对原文）"
LIMITS = {"money_ahead": "付出的资金比例超过完成的数量比例多少才报告 L044，默认 15%"}
BAD = """\
project "论坛与督查" {
  funds 万元 {
    spend 第三方督查 half 18 full 18
    spend 开放日活动 half 3  full 9
  }
  第三方督查次数 half "≥20次" full "≥40次"
}
"""
GOOD = """\
project "论坛与督查" {
  funds 万元 {
    spend 第三方督查 half 9 full 18
    spend 开放日活动 half 3 full 9
  }
  第三方督查次数 half "≥20次" full "≥40次"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Outputs whose money is planned well ahead of them."""
    spending, most = table.spending, table.limit("money_ahead", "0.15")
    for pair, early, full, line in outputs(table):
        money = spending.share(line.path, pair.early.period)
        if money is None or money - early / full <= most or (money - early / full) * full <= 1:
            continue
        paid = spending.printed(money * (spending.planned(line.path, "full") or 0))
        label = Label(
            line.span,
            f"到{pair.period}计划支出{paid}，全年的{percent(money)}",
            f"{percent(money)} of the year planned by then",
        )
        yield finding(
            MONEY_AHEAD, pair.early.span, labels=(label,), name=pair.name, period=pair.period, early=pair.early.target.text,
            full=pair.full.target.text, done=percent(early / full), line=line.path[-1], money=percent(money),
        )  # fmt: skip


MONEY_AHEAD = Kind(
    "L044", WARNING,
    "“{name}”到{period}只要求完成全年的{done}（{early}，全年{full}），“{line}”却计划支出全年的{money}",
    "“{name}” is {done} due by {period} ({early} of {full}), while {money} of “{line}” is planned to be spent",
    "提高{period}的数量，或把资金计划放慢；确实先付款的，用 accept 写明理由",
    "raise the early quantity or plan the money later; accept it with the reason where payment is due in advance",
)  # fmt: skip
KINDS = (MONEY_AHEAD,)
