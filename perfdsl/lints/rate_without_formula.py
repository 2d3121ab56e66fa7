"""有分值的预算执行率没有写怎样算。

分母是年初预算、调整后的预算还是实际到位的资金，各地不一样，同一张表能算出几个执行率。公开的自评表里就有执行率与表上金额对不上、看不出分母是哪一个的。
写成算式 `预算执行率 = spent(支出) / budget(支出)`，由程序按表里的金额算；或者在说明（note）里写明分母，在依据（basis）里写明是哪份文件的口径。没有分值的不报。

English: an execution rate with points does not say what it is divided by: the budget of the start of the year, the adjusted one, or the money
received. Write the formula, or say it in a note or a basis.
"""

import re
from collections.abc import Iterator

from perfdsl import model as m
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._execution import NAMES
from perfdsl.lints._lexicon import plain
from perfdsl.lints._table import Table
from perfdsl.target import kind

BASIS = (
    "公布的自评价报告中执行率由表上的金额算不出来的实例；各地评分表的分母有年初预算数、调整预算数、到位资金数几种写法"
)
BAD = """\
project "热线" {
  total 10
  预算执行率 full "≥95%" points 10 by { met -> 10   otherwise -> completion }
}
"""
GOOD = """\
project "热线" {
  total 10
  funds 万元 {
    income 拨款 full 100
    spend 外包费 full 100
  }
  预算执行率 = spent(支出) / budget(支出) full "≥95%" points 10 by { met -> 10   otherwise -> completion }
}
"""
ALSO = frozenset({"预算完成率", "支出执行率", "专项资金执行率", "支出预算完成率", "资金支出率", "资金使用率"})
_SAYS = re.compile("÷|/|／|除以|分母|占|之比|比值|年初|调整|批复|预算数|到位|下达")


def check(table: Table) -> Iterator[Diagnostic]:
    """Scored execution rates in percent that are typed in, with nothing said about how they are made."""
    for row in table.indicators:
        is_rate = plain(row.path[-1]) in NAMES | ALSO and any(kind(use.target) == "percent" for use in row.targets)
        if is_rate and row.points and row.formula is None and not _is_said(row):
            yield finding(NO_DENOMINATOR, row.name_span, name=row.path[-1])


def _is_said(row: m.Indicator) -> bool:
    return any(remark.kind == "basis" or _SAYS.search(remark.text) for remark in row.remarks)


NO_DENOMINATOR = Kind(
    "L078", WARNING, "“{name}”没有写怎样算：分母是年初预算、调整预算还是到位资金", "“{name}” does not say what it is divided by: the first budget, the adjusted one, or the money received",
    "写成算式“= spent(支出) / budget(支出)”，或在说明（note）里写明分母", "write = spent(spend) / budget(spend), or say it in a note",
)  # fmt: skip
KINDS = (NO_DENOMINATOR,)
