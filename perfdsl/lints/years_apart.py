"""项目期、预算年度和指标值里的日期对不上。

开始时间晚于完成时间，预算年度不在项目期内，或指标值里的期限不在预算年度里（“2023年12月底前”留在了2024年的表里）：多半是沿用上年的表忘了改。
实施周期一栏的期限可以在以后的年度，不查。

English: the term of the project, the year of the budget and the dates in the targets do not agree, as when last year's table is
used again. Deadlines in the column of the term may lie in later years.
"""

import re
from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._table import Table
from perfdsl.target import Deadline

BASIS = "绩效目标申报表的项目期、年度与指标值应当一致（依通行理解，未核对原文）"
BAD = """\
project "工作服定制" {
  year 2024
  info "开始时间" "2021年"
  info "完成时间" "2023年"
  制服验收 full "2024年12月底前"
}
"""
GOOD = """\
project "工作服定制" {
  year 2024
  info "开始时间" "2022年"
  info "完成时间" "2024年"
  制服验收 full "2024年12月底前"
}
"""
STARTS = frozenset({"开始时间", "项目开始时间", "起始时间", "开始日期"})
ENDS = frozenset({"完成时间", "项目完成时间", "结束时间", "终止时间", "完成日期", "结束日期"})
_YEAR = re.compile("(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", re.ASCII)


def check(table: Table) -> Iterator[Diagnostic]:
    """Years that contradict each other."""
    thing = table.thing
    start, end = _year(table, STARTS), _year(table, ENDS)
    if start and end and start > end:
        yield finding(APART, thing.span, one=f"开始时间{start}年", other=f"完成时间{end}年")
    elif thing.year and start and thing.year < start:
        yield finding(APART, thing.span, one=f"预算年度{thing.year}年", other=f"开始时间{start}年")
    elif thing.year and end and thing.year > end:
        yield finding(APART, thing.span, one=f"预算年度{thing.year}年", other=f"完成时间{end}年")
    for _, use in table.targets():
        meaning = use.target.meaning
        due = meaning.date.year if isinstance(meaning, Deadline) else None
        if thing.year and due and due != thing.year and use.period != "cycle":
            yield finding(APART, use.span, one=f"期限“{use.target.text}”", other=f"预算年度{thing.year}年")


def _year(table: Table, names: frozenset[str]) -> int | None:
    """The first year said under one of the names."""
    for name, text in table.thing.facts:
        found = _YEAR.search(text) if name in names else None
        if found:
            return int(found.group())
    return None


APART = Kind(
    "L047", WARNING, "{one}与{other}对不上", "{one} does not agree with {other}", "核对预算年度、项目期和期限，沿用上年的表要逐项改", "check the year, the term and the deadlines; they may be last year's",
)  # fmt: skip
KINDS = (APART,)
