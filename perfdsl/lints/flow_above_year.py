"""累计量的半年（季度）指标值大于全年指标值。

累计量只会越积越多，到半年的数不会比全年的数大。多半是两栏填反了，或其中一栏是单期数。
写了 `flow`（累计量）的指标按此检查；没有写的，只检查单位是次、场、人次、期、篇这类发生次数的。

English: what accumulates over the year cannot be more at mid-year than at its end. The columns are probably exchanged. Rows with
`flow`, and rows without it that count events, are looked at.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, Label, finding
from perfdsl.lints._periods import falls, is_flow
from perfdsl.lints._table import Table

BASIS = "累计量的含义：分期完成数之和等于全年完成数"
BAD = """\
project "督查" {
  督查次数 half "≥40次" full "≥20次"
}
"""
GOOD = """\
project "督查" {
  督查次数 half "≥20次" full "≥40次"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Flows that are larger before the end of the year."""
    for pair, _ in falls(table):
        if is_flow(pair):
            label = Label(pair.full.span, "全年", "the whole year")
            yield finding(MORE_THAN_YEAR, pair.early.span, labels=(label,), name=pair.name, period=pair.period,
                          early=pair.early.target.text, full=pair.full.target.text)  # fmt: skip


MORE_THAN_YEAR = Kind(
    "L040", WARNING, "“{name}”是累计量，{period}“{early}”却大于全年“{full}”", "“{name}” accumulates, yet “{early}” for {period} is more than “{full}” for the year",
    "核对两栏是否填反；如果是某一时点的量，写上 stock（时点量）", "check whether the columns are exchanged; write stock if it is a level at a point in time",
)  # fmt: skip
KINDS = (MORE_THAN_YEAR,)
