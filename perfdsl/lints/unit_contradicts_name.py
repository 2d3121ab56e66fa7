"""计量单位与指标名称说的不是一回事。

名称说“人数”，单位写“人次”；名称说“个数”，单位写“件”。照名称数和照单位数，得到的数不一样：一个人来三次是1人、3人次。以要考核的为准，改名称或者改单位。

English: the name counts in one unit and the target in another: 人数 with 人次, 个数 with 件. Counting one or the other gives
different numbers. Correct the name or the unit.
"""

from collections.abc import Iterator

from perfdsl import model as m
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._bounds import bounds_of
from perfdsl.lints._lexicon import counted_in
from perfdsl.lints._table import Table
from perfdsl.quantity import Unit, unit_named
from perfdsl.target import unit_kind

BASIS = "绩效目标表“计量单位”一栏的填报要求（依通行理解，未核对原文）"
BAD = """\
project "培训" {
  培训人数 full "≥80人次"
}
"""
GOOD = """\
project "培训" {
  培训人次 full "≥80人次"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Counts whose unit is not the one their name ends with, once a row."""
    for row in table.indicators:
        name = row.path[-1]
        said, same = counted_in(name)
        if said:
            yield from _other(row, name, said, same)


def _other(row: m.Indicator, name: str, said: str, same: tuple[str, ...]) -> Iterator[Diagnostic]:
    for use, bound in bounds_of(row):
        unit = bound.quantity.unit
        if unit.text not in name[: name.rfind(said)] and _is_other(unit, same):
            yield finding(OTHER_UNIT, use.span, name=name, said=said, text=use.target.text, unit=unit.text)
            return


def _is_other(unit: Unit, same: tuple[str, ...]) -> bool:
    """Does it measure something, and nothing the name speaks of?  座席资源个数 52席 names its unit; percents have T135."""
    above = _dimensions(unit)
    allowed = frozenset(same).union(*(_dimensions(unit_named(word)) for word in same))
    return unit_kind(unit) in ("number", "money") and bool(above) and not above & allowed


def _dimensions(unit: Unit) -> frozenset[str]:
    return frozenset(word for word, power in unit.dims if power > 0)


OTHER_UNIT = Kind(
    "L027", WARNING, "“{name}”的名称按“{said}”数，指标值“{text}”的单位却是“{unit}”", "“{name}” counts in “{said}”, its target “{text}” in “{unit}”",
    "以要考核的为准，改名称或者改单位", "correct the name or the unit",
)  # fmt: skip
KINDS = (OTHER_UNIT,)
