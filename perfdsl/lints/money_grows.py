"""预算比上年增长三成以上，能比的指标值却一个也没有提高。

钱多了，要做的事没有多，是预算评审最常问的一句。把上年的表（同名项目，或部门整体表里同名的资金行）和今年的表放在一次检查里，就能比出来。
确有原因的（提价、补缺口、任务换了做法），在指标里体现出来，或写 accept（接受）说明。增幅的限额在 perfdsl.toml 里可以改。

English: the budget grew by 30 % or more over last year while no target that can be compared grew. Raise the targets, or accept it with the reason.
The tables of both years must be checked in one run.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, Label, finding
from perfdsl.lints._pairs import (
    OF_EVERY_TABLE,
    PARTS_SHOWN,
    alike,
    limits_by_name,
    money_lines,
    plain,
    spending,
    successive,
    wan,
)
from perfdsl.lints._table import Table
from perfdsl.quantity import format_number, round_half_up
from perfdsl.text import Span

BASIS = "预算评审对“增支不增效”的常见批评；依通行理解，未核对原文"
LIMITS = {"money_growth": "预算比上年增长多少才报告 L053，默认 30%"}
BAD = """\
department "便民中心" {
  year 2023
  funds 万元 {
    income 拨款 full 1200
    spend 热线运行 full 1200
  }
  座席人员数量 full "≤114人"
}
project "热线运行" {
  year 2024
  funds 万元 {
    income 拨款 full 1700
    spend 外包 full 1700
  }
  座席人员数量 full "≤114人"
}
"""
GOOD = """\
department "便民中心" {
  year 2023
  funds 万元 {
    income 拨款 full 1200
    spend 热线运行 full 1200
  }
  座席人员数量 full "≤114人"
}
project "热线运行" {
  year 2024
  funds 万元 {
    income 拨款 full 1700
    spend 外包 full 1700
  }
  座席人员数量 full "≤160人"
}
"""


def check_together(tables: Sequence[Table]) -> Iterator[Diagnostic]:
    """Objects whose money grew much over last year without a target that grew."""
    for older, newer, before, place in _pairs(tables):
        now = spending(newer.thing)
        if now is None or before <= 0 or now / before - 1 < newer.limit("money_growth", "0.3"):
            continue
        compared = list(_compared(older, newer))
        if any(grew for _, grew in compared):
            continue
        names = "、".join(name for name, _ in compared[:PARTS_SHOWN])
        yield finding(
            GROWS, newer.thing.span, labels=[Label(place, f"上年是{wan(before)}", f"last year {wan(before)}")],
            name=newer.thing.name, before=wan(before), now=wan(now), more=format_number(round_half_up((now / before - 1) * 100, 1)),
            zh=f"没有提高的有：{names}" if names else "上年的表里没有能比的指标值",
            en=f"unchanged: {names}" if names else "last year's table has none to compare",
        )  # fmt: skip


def _pairs(tables: Sequence[Table]) -> Iterator[tuple[Table, Table, Fraction, Span]]:
    """Last year's table, this year's, the amount of last year and where it stands."""
    for older, newer in successive(tables):
        before = spending(older.thing)
        if before is not None:
            yield older, newer, before, older.thing.span
    lines = [(t, money_lines(t.thing)) for t in tables if t.thing.kind == "department" and t.thing.year is not None]
    for newer in tables:
        for older, known in lines:
            line = known.get(plain(newer.thing.name))
            if newer.thing.kind == "project" and line is not None and newer.thing.year == (older.thing.year or 0) + 1:
                amount = dict(line.amounts).get("full")
                if amount is not None:
                    yield older, newer, amount, line.span


def _compared(older: Table, newer: Table) -> Iterator[tuple[str, bool]]:
    """The rows of this year that last year's table has too, and whether their number grew."""
    before = limits_by_name(older)
    for name, (row, _, bound) in limits_by_name(newer).items():
        known = before.get(name) or next(
            (x for other, x in before.items() if len(other) > 3 and name.endswith(other)), None
        )
        if known is not None and name not in OF_EVERY_TABLE and alike(known[2], bound):
            yield row.path[-1], bound.quantity.base > known[2].quantity.base


GROWS = Kind(
    "L053", WARNING, "“{name}”的预算从{before}增加到{now}（+{more}%），指标值却没有提高（{zh}）",
    "the budget of “{name}” grew from {before} to {now} (+{more}%) while no target did ({en})",
    "多出来的钱要多办的事写进指标值；另有原因的，写 accept（接受）L053 说明", "put what the money buys into the targets, or accept L053 with the reason",
)  # fmt: skip
KINDS = (GROWS,)
