"""一个指标占了大部分分值。

一百分里六十分以上压在一个指标上，别的指标好坏几乎不影响得分，评价就成了只评这一件事。公开的自评表里见过一条成本上限占90分中的90分的。
总共只有两个指标的，八成以上才报。把分值分给更多能反映产出和效益的指标；确有理由的，写明理由接受它。

English: one indicator carries most of the points, so that the others hardly matter. Spread the points, or accept it with the reason.
"""

from collections.abc import Iterator
from fractions import Fraction

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._points import shares_of
from perfdsl.lints._spending import percent
from perfdsl.lints._table import Table

BASIS = "分值权重应当反映指标的重要程度，均衡设置（依通行理解，未核对原文）"
LIMITS = {"one_row": "一个指标占总分多少起报告 L005，默认 60%"}
BAD = """\
project "道路养护" {
  rubric 达标 { met -> 100%   otherwise -> 0 }
  total 100
  产出指标 by 达标 {
    养护里程 full "≥30公里" points 10
    养护成本 full "≤300万元" lower points 90
  }
}
"""
GOOD = """\
project "道路养护" {
  rubric 达标 { met -> 100%   otherwise -> 0 }
  total 100
  产出指标 by 达标 {
    养护里程 full "≥30公里" points 50
    养护成本 full "≤300万元" lower points 50
  }
}
"""
OF_TWO = Fraction(4, 5)  # 60 and 40 of two rows is nothing odd


def check(table: Table) -> Iterator[Diagnostic]:
    """The indicator with most of the points."""
    shares = list(shares_of(table.thing.rows))
    if table.thing.broken or len(shares) < 2:
        return
    most = max(table.limit("one_row", "0.6"), OF_TWO if len(shares) == 2 else Fraction(0))
    for row, share in shares:
        if share >= most:
            yield finding(CARRIES_ALL, row.name_span, name=row.path[-1], share=percent(share), rows=len(shares))


CARRIES_ALL = Kind(
    "L005", WARNING, "“{name}”一行占总分的{share}，有分值的指标共{rows}行", "“{name}” alone carries {share} of the total; {rows} rows have points",
    "把分值分给其他指标；确有理由的，用 accept 写明", "spread the points, or accept it with the reason",
)  # fmt: skip
KINDS = (CARRIES_ALL,)
