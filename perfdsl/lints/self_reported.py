"""一半以上的分值靠单位自己报的数。

每一项有分值的指标都写了数据来源（`source`），其中写明是“自评”“本单位统计”“单位自报”的占总分一半以上：评价的结论主要由被评价的单位自己说了算。
换成系统导出、第三方调查、别的部门的数，或者安排抽查。没有都写来源的不判断。

English: every row with points names its source, and more than half of the points rest on what the unit says of itself. Use data of systems,
surveys or other departments, or check samples. Nothing is said where a source is missing.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from perfdsl.diagnostics import INFO, Diagnostic, Kind, finding
from perfdsl.lints._points import shares_of
from perfdsl.lints._spending import percent
from perfdsl.lints._table import Table

BASIS = "评价结果的可靠程度取决于数据来源（依通行理解，未核对原文）"
LIMITS = {"self_reported": "靠单位自报的分值超过多少才报告 L084，默认 50%"}
BAD = """\
project "热线" {
  rubric 达标 { met -> 100%   otherwise -> 0 }
  total 100
  产出 by 达标 {
    接通率 full "≥85%" points 30 source "本单位统计"
    办结率 full "≥95%" points 40 source "单位自评"
    满意度 full "≥90%" points 30 source "第三方电话调查"
  }
}
"""
GOOD = BAD.replace("单位自评", "热线系统导出")
_SELF = re.compile(
    "自评|自报|自查|自填|自行统计|自行填报|(?:本|项目|实施)单位(?:统计|填报|提供|上报|自)|单位自行|内部统计|本部门统计"
)


def check(table: Table) -> Iterator[Diagnostic]:
    """Tables whose points rest mostly on the unit's own word."""
    shares = list(shares_of(table.thing.rows))
    sources = [[remark.text for remark in row.remarks if remark.kind == "source"] for row, _ in shares]
    if table.thing.broken or not shares or not all(sources):
        return
    own = [share for (_, share), said in zip(shares, sources, strict=True) if all(map(_SELF.search, said))]
    total = sum(own, Fraction(0))
    if total > table.limit("self_reported", "0.5"):
        yield finding(OWN_WORD, table.thing.span, share=percent(total), rows=len(own), all=len(shares))


OWN_WORD = Kind(
    "L084", INFO, "总分的{share}（{all}项里的{rows}项）靠单位自己报的数", "{share} of the points ({rows} of {all} rows) rest on what the unit says of itself",
    "换成系统导出、第三方调查、别的部门的数，或者安排抽查", "use data of systems, surveys or other departments, or check samples",
)  # fmt: skip
KINDS = (OWN_WORD,)
