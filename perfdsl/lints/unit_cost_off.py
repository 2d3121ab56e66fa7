"""金额除以数量，与别的地方说的单价对不上。

两种情况会报：一是同一张资金表里三项以上名称末尾相同的支出（例如都是“热线服务外包”），各有一行数量，别的几项每人（每次、每套）花的钱一样，只有一项差出两成以上，
多半是数量或金额写错了；二是有“人均培训成本≤500元/人次”这样的指标，而照预算和数量算下来每人次要650元，照计划做就一定超，或者相差十倍以上，像是元和万元弄混了。
核对金额、数量和单价，使三处一致。

English: money divided by quantity does not fit: of three or more lines whose names end alike all but one cost the same for each unit, or the
plan comes to more for each unit than the target of the unit cost allows (or to less than a tenth of it). Check amount, quantity and unit price.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from statistics import median
from typing import NamedTuple

from perfdsl import model as m
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, Label, finding
from perfdsl.lints._bounds import bounds_of
from perfdsl.lints._lexicon import plain
from perfdsl.lints._table import Table
from perfdsl.quantity import Unit, format_number, round_half_up
from perfdsl.target import Bound

BASIS = "预算评审按数量和单价核对金额（依通行理解，未核对原文）"
LIMITS = {"unit_price": "同类支出的单价相差多少才报告 L052，默认 20%"}
BAD = """\
project "热线" {
  funds 万元 {
    income 拨款 full 597.3
    spend 社保热线服务外包 full 271.5
    spend 公积金热线服务外包 full 249.78
    spend 尚贤热线服务外包 full 76.02
  }
  社保热线服务外包的座席人数 full "≤25人"
  公积金热线服务外包的座席人数 full "≤23人"
  尚贤热线服务外包的座席人数 full "≤5人"
}
"""
GOOD = BAD.replace("≤5人", "≤7人")
ENDING = 4  # characters two names share at the end when they are of one sort
LEAST = 3
AGREE = Fraction(5, 100)  # unit prices this near are one price
SLIP = 10
_PRICE = re.compile(r"人均|次均|件均|户均|单位|平均|每\w{1,2}|成本|费用|经费|支出|单价|标准|控制数?|的")


class Priced(NamedTuple):
    """A line, the number it pays for, and what one of them costs in 元."""

    line: m.FundLine
    row: m.Indicator
    use: m.TargetUse
    unit: Unit
    price: Fraction


def check(table: Table) -> Iterator[Diagnostic]:
    """Lines that cost otherwise than their like, and unit costs the plan cannot keep."""
    priced = _priced(table)
    yield from _unlike(priced, table.limit("unit_price", "0.2"))
    yield from _unkept(table, priced)


def _priced(table: Table) -> list[Priced]:
    """Every line of money with the one count it pays for."""
    only = table.spending.only_line() if table.thing.kind == "project" else None
    counted: dict[m.Path, list[tuple[m.FundLine, m.Indicator, m.TargetUse, Bound]]] = {}
    for row in table.indicators:
        line = table.spending.pays_for(row.path[-1]) or _ends_in(table, row.path[-1]) or only
        for use, bound in bounds_of(row):
            if line is not None and use.period == "full" and _is_count(bound):
                counted.setdefault(line.path, []).append((line, row, use, bound))
    made = []
    for (line, row, use, bound), *more in counted.values():
        amount = table.spending.planned(line.path, "full")
        if not more and amount:
            made.append(Priced(line, row, use, bound.quantity.unit, amount / bound.quantity.base))
    return made


def _ends_in(table: Table, name: str) -> m.FundLine | None:
    """The one line whose name ends in what the row is said to be of: 12329热线服务外包的座席人数."""
    owner, of, _ = plain(name).partition("的")
    if not of or len(owner) < ENDING:
        return None
    found = [line for path, line in table.spending.lines.items() if plain(path[-1]).endswith(owner)]
    return found[0] if len(found) == 1 else None


def _is_count(bound: Bound) -> bool:
    """A plain number of things, given for the whole year."""
    unit = bound.quantity.unit
    return len(unit.dims) == 1 and unit.dims[0][1] == 1 and unit.dims[0][0] not in ("%", "元", "秒", "月") and (
        bound.quantity.value > 0 and not bound.qualifier and not bound.approximate)  # fmt: skip


def _unlike(priced: list[Priced], most: Fraction) -> Iterator[Diagnostic]:
    """The one line of a sort whose unit price is not that of all others."""
    sorts: dict[tuple[str, str, tuple[tuple[str, int], ...]], list[Priced]] = {}
    for one in priced:
        ending = plain(one.line.path[-1])[-ENDING:]
        sorts.setdefault((ending, plain(one.row.path[-1])[-ENDING:], one.unit.dims), []).append(one)
    for alike in sorts.values():
        usual = median(one.price for one in alike)
        odd = [one for one in alike if abs(one.price - usual) > usual * AGREE]
        if len(alike) >= LEAST and len(odd) == 1 and abs(odd[0].price - usual) > usual * most:
            one = odd[0]
            yield finding(
                UNLIKE, one.use.span, labels=[Label(one.line.span, "金额", "the amount")], name=one.row.path[-1], text=one.use.target.text,
                price=_yuan(one.price), unit=one.unit.text, zh=f"同类的{len(alike) - 1}项都是约{_yuan(usual)}", en=f"the {len(alike) - 1} others are about {_yuan(usual)}",
            )  # fmt: skip


def _unkept(table: Table, priced: list[Priced]) -> Iterator[Diagnostic]:
    """Ceilings of a unit cost that the planned money and number break."""
    for row in table.indicators:
        for use, bound in bounds_of(row):
            fitting = [one for one in priced if use.period == "full" and _is_price_of(table, row, bound, one)]
            if len(fitting) == 1:
                price, allowed = fitting[0].price, bound.quantity.base
                if price > allowed * (1 + AGREE) or price * SLIP < allowed:
                    yield finding(
                        UNLIKE, use.span, labels=[Label(fitting[0].use.span, "数量", "the number")], name=row.path[-1], text=use.target.text,
                        price=_yuan(price), unit=fitting[0].unit.text, zh=f"指标值却是{use.target.text}", en=f"the target is {use.target.text}",
                    )  # fmt: skip


def _is_price_of(table: Table, row: m.Indicator, bound: Bound, one: Priced) -> bool:
    """元 for each of the things counted, of all the money of the line: 人均培训成本 of 业务培训, not 人均教材成本."""
    dims = {("元", 1), *((name, -power) for name, power in one.unit.dims)}
    about = _PRICE.sub("", plain(row.path[-1]))
    whole = plain(one.line.path[-1]) + plain(table.thing.name)
    return (
        set(bound.quantity.unit.dims) == dims
        and bound.op in ("<=", "<")
        and bound.quantity.value > 0
        and about in whole
    )


def _yuan(price: Fraction) -> str:
    return f"{format_number(round_half_up(price, 2))}元"


UNLIKE = Kind(
    "L052", WARNING, "“{name}”（{text}）：按全年的预算和数量算，每{unit}{price}，{zh}", "“{name}” ({text}): amount and number of the year make {price} for each {unit}; {en}",
    "核对金额、数量和单价，使三处一致", "check the amount, the number and the unit price",
)  # fmt: skip
KINDS = (UNLIKE,)
