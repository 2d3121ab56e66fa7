"""扣多少、给多少没有标准。

“酌情扣分”“视情况给分”写成 `-> 0 .. 分值`，评分人从零分给到满分都不算错，同样的情况可以得不同的分。写明几种情况各得几分，或者把范围分成几档。

English: an award from nothing to all the points leaves the whole score to the assessor. List the cases, or narrow the range.
"""

from collections.abc import Iterator

from perfdsl import model as m
from perfdsl.core import Case, Const
from perfdsl.diagnostics import INFO, Diagnostic, Kind, finding
from perfdsl.lints._table import Table
from perfdsl.quantity import format_number

BASIS = "审计机关对评分标准的常见批评：标准不明确，自由裁量过大"
BAD = """\
project "热线" {
  “三公”经费控制率 full "≤100%" lower points 2 by { met -> 2   otherwise -> 0 .. 2 }
}
"""
GOOD = """\
project "热线" {
  “三公”经费控制率 full "≤100%" lower points 2 by { met -> 2   <= 105% -> 1   otherwise -> 0 }
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Cases written on the row itself that award anything between nothing and all; a named method says what it rests on."""
    for row in table.indicators:
        if row.scoring is not None and not row.scoring.name:
            for case in row.scoring.cases:
                if _is_open(case, row):
                    points = format_number(row.points or row.scoring.high)
                    yield finding(NO_MAGNITUDE, row.name_span, name=row.path[-1], case=case.text, points=points)


def _is_open(case: Case, row: m.Indicator) -> bool:
    return row.points is not None and case.award == Const(row.points * 0) and case.high == Const(row.points)


NO_MAGNITUDE = Kind(
    "L076", INFO, "“{name}”在“{case}”时从0分到{points}分都可以给，没有标准", "“{name}”: in case “{case}” anything from 0 to {points} may be given",
    "写明几种情况各得几分，或者分成几档", "list the cases, or narrow the range",
)  # fmt: skip
KINDS = (NO_MAGNITUDE,)
