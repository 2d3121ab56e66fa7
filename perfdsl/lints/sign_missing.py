"""有的指标值写了符号，有的没有。

同一组里一处写“=100%”，一处写“100%”，看表的人不知道后一处是至少100%还是正好100%。没有符号的数，程序按“不少于”判断。整组都不写符号的，或者写明了方向的，不在此列。
一张表只提示一次。

English: some targets of a group have a sign and some have none; a bare number is judged as “at least”. Once a table; rows
that state their direction are left alone, and so are groups without any sign.
"""

from collections.abc import Iterator

from perfdsl import model as m
from perfdsl.diagnostics import INFO, Diagnostic, Kind, Label, finding
from perfdsl.lints._table import Table
from perfdsl.target import kind

BASIS = "绩效目标表“指标值”（符号、数值、计量单位）的填报要求（依通行理解，未核对原文）"
BAD = """\
project "热线" {
  预算执行率 full "=100%"
  资金到位率 full "100%"
}
"""
GOOD = """\
project "热线" {
  预算执行率 full "=100%"
  资金到位率 full "=100%"
}
"""
MOST_NAMED = 3


def check(table: Table) -> Iterator[Diagnostic]:
    """One finding for all rows whose neighbours in the same group, of the same kind, have a sign."""
    bare: dict[str, m.TargetUse] = {}
    beside: m.TargetUse | None = None
    signed = {_place(row, use): use for row, use, bound in reversed(list(table.bounds())) if bound.op is not None}
    for row, use, bound in table.bounds():
        if (
            bound.op is None
            and bound.quantity.value
            and not row.direction
            and not bound.approximate
            and _place(row, use) in signed
        ):
            bare.setdefault(row.path[-1], use)
            beside = beside or signed[_place(row, use)]
    if beside is not None:
        names = list(bare)
        shown = "、".join(f"“{name}”" for name in names[:MOST_NAMED])
        more, more_en = (
            (f"等{len(names)}行", f" and {len(names) - MOST_NAMED} more") if len(names) > MOST_NAMED else ("", "")
        )
        label = Label(beside.span, "这里写了符号", "this one has a sign")
        yield finding(NO_SIGN, bare[names[0]].span, labels=(label,), names=shown, more=more, more_en=more_en)


def _place(row: m.Indicator, use: m.TargetUse) -> tuple[m.Path, str]:
    return row.path[:-1], kind(use.target)


NO_SIGN = Kind(
    "L024", INFO, "{names}{more}的指标值没有符号，按“不少于”判断；别的行写了符号", "the targets of {names}{more_en} have no sign and are judged as ≥; others have one",
    "写上“≥”“=”或“≤”", "write ≥, = or ≤",
)  # fmt: skip
KINDS = (NO_SIGN,)
