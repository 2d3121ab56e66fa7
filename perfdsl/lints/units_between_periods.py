"""两期的指标值单位不同。

同一个指标，一期写“370”，一期写“90%以上”：一个是个数，一个是比率，两期不能比较，完成值也不知道按哪一种填。多半是录入时错了行，或者改了口径只改了一期。
同一种东西的两种说法（件与份、次与场）不报；一期是数、一期是词或日期的，也不报。

English: two periods of one row are in different units: `370` and `90%`. They cannot be compared, and nobody knows which to report. Two
words for the same unit, and a number beside a word or a date, are left alone.
"""

from collections.abc import Iterator
from itertools import pairwise

from perfdsl import model as m
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, Label, finding
from perfdsl.lints._lexicon import are_synonyms
from perfdsl.lints._table import Table
from perfdsl.quantity import Unit
from perfdsl.target import Bound, Range

BASIS = "公布的目标表中两期单位不同的实例；指标值应当与计量单位一致（依通行理解，未核对原文）"
BAD = """\
project "热线运行经费" {
  电子印章使用率 half "≥370个" full "≥90%"
}
"""
GOOD = """\
project "热线运行经费" {
  电子印章使用率 half "≥60%" full "≥90%"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Rows with a number of one sort in one period and of another in the next, once a row."""
    for row in table.indicators:
        measured = [(use, unit) for use in row.targets if (unit := _unit(use)) is not None]
        for (use, unit), (other, its) in pairwise(measured):
            if _differ(unit, its):
                label = Label(other.span, f"这一期是“{other.target.text}”", f"here “{other.target.text}”")
                yield finding(APART, use.span, labels=[label], name=row.path[-1], text=use.target.text, other=other.target.text)  # fmt: skip
                break


def _unit(use: m.TargetUse) -> Unit | None:
    """The unit of a number; a plain 0 is nothing of anything."""
    match use.target.meaning:
        case Bound(quantity=quantity) if quantity.unit.dims or quantity.value:
            return quantity.unit
        case Range(unit=unit):
            return unit
        case _:
            return None


def _differ(one: Unit, other: Unit) -> bool:
    """Not the same dimensions, nor two words for the same thing; a bare number is nothing but a number beside a percent."""
    if one.dims == other.dims or are_synonyms(one.text, other.text):
        return False
    bare = [unit for unit in (one, other) if not unit.dims]
    return not bare or any(dict(unit.dims).get("%") for unit in (one, other))


APART = Kind(
    "L025", ERROR, "“{name}”两期的指标值单位不同：“{text}”与“{other}”", "the targets of “{name}” are in different units: “{text}” and “{other}”",
    "核对原表，写成同一种单位；原表确实如此的，用 accept 写明", "write both in one unit, or accept it with the reason",
)  # fmt: skip
KINDS = (APART,)
