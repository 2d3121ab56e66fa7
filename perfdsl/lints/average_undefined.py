"""“月均”“日均”没有写怎样平均。

“月均105万人次以上”：年中评价时按几个月平均，没有开展的月份算不算，表上没有写。在说明里写明口径，或者改成全年总数；完成值由算式得出的，不在此列。
“约30分钟”一类的约数另有提示 T107。

English: “105万 a month on average” does not say over which months. Say so in a note, or give the total of the year. Approximate values
are T107.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._bounds import bounds_of
from perfdsl.lints._lexicon import AVERAGED
from perfdsl.lints._table import Table

BASIS = "指标值应当写明计算口径（依通行理解，未核对原文）"
BAD = """\
project "网站" {
  网站浏览量 full "月均105万人次以上"
}
"""
GOOD = """\
project "网站" {
  网站浏览量 full "月均105万人次以上"
    note "全年浏览量除以12"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Averages over a period that nothing defines, once a row."""
    for row in table.indicators:
        if row.formula is None and not row.remarks:
            averaged = [(use, bound.qualifier) for use, bound in bounds_of(row) if bound.qualifier in AVERAGED]
            if averaged:
                use, word = averaged[0]
                yield finding(AVERAGE, use.span, name=row.path[-1], text=use.target.text, word=word)


AVERAGE = Kind(
    "L029", WARNING, "“{name}”的指标值“{text}”没有写“{word}”怎样算", "“{name}”: “{text}” does not say how “{word}” is taken",
    "在说明（note）里写明口径，或改成全年总数", "say so in a note, or give the total of the year",
)  # fmt: skip
KINDS = (AVERAGE,)
