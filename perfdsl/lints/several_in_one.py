"""一行里考核几件事，指标值只有一个。

“制服配发人数/套数”、“满意度和知晓率”是两个指标。合在一格里，一个做到了、一个没有做到，得分说不清。拆成几行，每行一个指标值。
一格里写了几个指标值的，另有提示 T106。

English: the name lists several measures and the cell has one value. When one is reached and the other is not, the score means
nothing. Split the row. Several values in one cell are T106.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._bounds import bounds_of
from perfdsl.lints._lexicon import measures
from perfdsl.lints._table import Table

BASIS = "绩效指标应当清晰、可衡量，一行一个指标（依通行理解，未核对原文）"
BAD = """\
project "工作服" {
  "配发人数/套数" full "≥42套"
}
"""
GOOD = """\
project "工作服" {
  配发人数 full "≥42人"
  配发套数 full "≥42套"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Names of several measures with one value, once a row; a computed row says how they become one."""
    for row in table.indicators:
        listed = measures(row.path[-1])
        cells = bounds_of(row)
        if listed and cells and row.formula is None:
            use = cells[0][0]
            yield finding(ONE_FOR_SEVERAL, use.span, name=row.path[-1], count=len(listed), text=use.target.text)


ONE_FOR_SEVERAL = Kind(
    "L028", WARNING, "“{name}”一行里有{count}个指标，指标值“{text}”只有一个", "“{name}” lists {count} measures, and “{text}” is one value",
    "拆成几行，每行一个指标值", "split it into one row each",
)  # fmt: skip
KINDS = (ONE_FOR_SEVERAL,)
