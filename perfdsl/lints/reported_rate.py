"""填报的执行率，用同一份完成值里的金额算不出来。

资金行填了实际支出，又另外填了预算执行率，两处就要一致：执行率 = 实际支出合计 ÷ 全年预算合计。差在0.5个百分点之内当作四舍五入，再多就有一处填错了，
或者口径不同而没有写明。最好写成算式 `= spent(支出) / budget(支出)`，由程序算。

English: the reported execution rate differs from the amounts reported beside it by more than half a percentage point. Correct one of them, or let the
rate be computed.
"""

from collections.abc import Iterator
from fractions import Fraction

from perfdsl import plan as p
from perfdsl.diagnostics import WARNING, Kind, finding
from perfdsl.lints._scored import Said, Scored
from perfdsl.quantity import format_number, round_half_up

BASIS = "公布的自评报告中执行率与金额不符的实例；依通行理解，未核对原文"
LIMITS = {"rate_error": "填报的执行率与金额相差多少才报告 L054，默认 0.5%"}
NAMES = ("预算执行率", "资金执行率", "预算资金执行率", "项目预算执行率", "部门预算执行率", "全年预算执行率")
BAD = """\
project "热线运行" {
  funds 万元 {
    income 拨款 full 100
    spend 外包费 full 60
    spend 维护费 full 40
  }
  预算执行率 full "≥90%"
}
"""
GOOD = BAD
BAD_DATA = """\
指标,实际值
预算执行率,95.04%
外包费,50
维护费,40
"""
GOOD_DATA = """\
指标,实际值
预算执行率,90%
外包费,50
维护费,40
"""


def check_scored(scored: Scored) -> Iterator[Said]:
    """A typed execution rate beside amounts that say another; one whose difference is explained is left alone."""
    spent, planned = _spent(scored), _planned(scored)
    if scored.card.period != "full" or spent is None or not planned:
        return
    most = scored.limit("rate_error", "0.005")
    for row, score, entry in scored.rows():
        given = entry.value
        typed = row.path[-1] in NAMES and row.formula is None and not entry.explanation
        if typed and isinstance(given, Fraction) and abs(given - spent / planned) > most:
            rate = format_number(round_half_up(spent / planned * 100, 2))
            yield score.path, finding(OFF, entry.span, name=row.path[-1], text=entry.text, rate=rate,
                                      spent=format_number(spent / 10000), planned=format_number(planned / 10000))  # fmt: skip


def _lines(scored: Scored) -> list[p.PlanLine]:
    """The top lines of spending of the balanced table."""
    return [
        x
        for table in scored.plan.funds
        if not table.title
        for x in table.lines
        if x.side == "spend" and len(x.path) == 1
    ]


def _spent(scored: Scored) -> Fraction | None:
    """What was spent in all, where it was given in all or for every line."""
    given = scored.observed.spent
    if "spend" in given:
        return given["spend"]
    parts = [given.get("spend/" + line.path[0]) for line in _lines(scored)]
    return sum((x for x in parts if x is not None), Fraction(0)) if parts and None not in parts else None


def _planned(scored: Scored) -> Fraction | None:
    parts = [dict(line.amounts).get("full") for line in _lines(scored)]
    return sum((x for x in parts if x is not None), Fraction(0)) if None not in parts else None


OFF = Kind(
    "L054", WARNING, "“{name}”填的是{text}，按填报的金额是{rate}%（{spent}÷{planned}万元）", "“{name}” is given as {text}; the amounts make {rate}% ({spent} of {planned} 万元)",
    "核对两处；口径不同的，在偏差原因里写明", "correct one of them, or explain the difference in 偏差原因",
)  # fmt: skip
KINDS = (OFF,)
