"""数量没有写计量单位。

“370”是370个、370枚还是370万个，表上看不出，完成值填什么单位也没有依据。名称里已经说了数什么的（培训人次、接待户数、“举办展览（场）”），不在此列；
比率没有写百分号另有提示 T116。

English: a count without a unit: nobody can tell 370 of what. Names that say it themselves (培训人次) are left alone, and rates
without a percent sign are T116.
"""

from collections.abc import Iterator
from fractions import Fraction

from perfdsl import model as m
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._bounds import bounds_of
from perfdsl.lints._lexicon import is_unitless, says_unit
from perfdsl.lints._table import Table
from perfdsl.quantity import NO_UNIT

BASIS = "绩效目标表“计量单位”一栏的填报要求（依通行理解，未核对原文）"
BAD = """\
project "印章" {
  电子印章数量 full "≥370"
}
"""
GOOD = """\
project "印章" {
  电子印章数量 full "≥370枚"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Plain whole numbers that count something, once a row."""
    for row in table.indicators:
        if not _unit_is_known(row):
            bare = [
                use for use, bound in bounds_of(row) if bound.quantity.unit == NO_UNIT and _counts(bound.quantity.value)
            ]
            if bare:
                yield finding(NO_UNIT_WRITTEN, bare[0].span, name=row.path[-1], text=bare[0].target.text)


def _unit_is_known(row: m.Indicator) -> bool:
    name = row.path[-1]
    return row.formula is not None or bool(row.unit_text) or says_unit(name) or is_unitless(name)


def _counts(value: Fraction) -> bool:
    return value.denominator == 1 and value > 0


NO_UNIT_WRITTEN = Kind(
    "L026", WARNING, "“{name}”的指标值“{text}”没有计量单位", "the target “{text}” of “{name}” has no unit",
    "在数后面写上单位，或在这一行写 unit", "write the unit after the number, or unit on the row",
)  # fmt: skip
KINDS = (NO_UNIT_WRITTEN,)
