"""多数指标的半年（季度）指标值与全年相同，期中监控看不出进度。

制度类、质量类指标两期相同很正常；但如果大多数行都一样，到半年对照一遍，除了“都一样”说不出什么。能按进度分解的数量、时限、资金类指标，写出半年应当完成多少。

English: most rows demand the same at mid-year as in the whole year, so that monitoring shows no progress. Words of quality may
well be equal; break down what can be counted.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import INFO, Diagnostic, Kind, finding
from perfdsl.lints._periods import PERIODS, same_throughout
from perfdsl.lints._spending import EARLY
from perfdsl.lints._table import Table

BASIS = "绩效运行监控应当对照分期目标（财预〔2019〕136号，依通行理解，未核对原文）"
LIMITS = {"same_rows": "期中与全年相同的行占多少起报告 L042，默认 75%"}
BAD = """\
project "平台运行" {
  座席个数   half "≤52席"  full "≤52席"
  短信平台   half "=1个"   full "=1个"
  租用平台   half "=1个"   full "=1个"
  接听来电数 half "≥12万件" full "≥12万件"
  培训次数   half "≥4次"   full "≥4次"
  服务质量   half "质量高" full "质量高"
  制度健全性 half "健全"   full "健全"
  响应及时性 half "及时"   full "及时"
}
"""
GOOD = """\
project "平台运行" {
  座席个数   half "≤52席"  full "≤52席"
  短信平台   half "=1个"   full "=1个"
  租用平台   half "=1个"   full "=1个"
  接听来电数 half "≥6万件" full "≥12万件"
  培训次数   half "≥2次"   full "≥4次"
  服务质量   half "质量高" full "质量高"
  制度健全性 half "健全"   full "健全"
  满意度     half "≥80%"   full "≥85%"
}
"""
FEWEST = 8


def check(table: Table) -> Iterator[Diagnostic]:
    """Tables whose early targets are those of the year."""
    for period in EARLY:
        same, rows = same_throughout(table, period)
        if rows >= FEWEST and same >= table.limit("same_rows", "0.75") * rows:
            yield finding(NO_PROGRESS, table.thing.span, period=PERIODS[period], same=same, rows=rows)


NO_PROGRESS = Kind(
    "L042", INFO, "{rows}行指标里有{same}行{period}与全年相同，{period}监控看不出进度", "{same} of {rows} rows demand for {period} what they demand for the year",
    "能按进度分解的数量、时限类指标，写出{period}应完成多少", "write what is due by {period} where it can be counted",
)  # fmt: skip
KINDS = (NO_PROGRESS,)
