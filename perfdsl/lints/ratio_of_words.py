"""按完成率计分，指标值却是一个词。

“合规”“健全”没有量表，就没有完成率：完成值填同一个词得满分，填别的任何词都算不出得分，结果不完整。建等级量表（`scale`）说明每个词值多少，
或者逐个列出 `by { "合规" -> 10   otherwise -> 0 }`。

English: the rubric gives a share of the points by completion, and the target is a word on no scale: the same word scores in full, and any
other cannot be scored at all. Make a scale, or list the words.
"""

from collections.abc import Iterator

from perfdsl import model as m
from perfdsl.core import references
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._table import Table
from perfdsl.target import Free, Level

BASIS = "计分方法应当与指标值的类型相符（依通行理解，未核对原文）"
BAD = """\
use 财预2020_10号

project "热线" {
  资金使用合规性 full "合规" points 10 by 比例得分
}
"""
GOOD = """\
use 财预2020_10号

project "热线" {
  资金使用合规性 full "合规" points 10 by { "合规" -> 10   otherwise -> 0 }
}
"""
SHARES = {"completion", "gap", "excess"}


def check(table: Table) -> Iterator[Diagnostic]:
    """Rows whose award is taken from how far a word is reached, once a row."""
    for row in table.indicators:
        if _is_proportional(row) and not row.words:
            wordy = [use for use in row.targets if isinstance(use.target.meaning, (Level, Free))]
            if wordy:
                yield finding(RATIO_OF_WORDS, wordy[0].span, name=row.path[-1], text=wordy[0].target.text)


def _is_proportional(row: m.Indicator) -> bool:
    cases = row.scoring.cases if row.scoring is not None else ()
    return any(references(case.award) & SHARES for case in cases)


RATIO_OF_WORDS = Kind(
    "L020", WARNING, "“{name}”按完成率计分，指标值“{text}”却是一个词，填别的词算不出得分",
    "“{name}” is scored by completion, and “{text}” is a word on no scale: any other word cannot be scored",
    "建等级量表（scale），或在计分方法里逐个列出各词的得分", "make a scale, or list the words in the rubric",
)  # fmt: skip
KINDS = (RATIO_OF_WORDS,)
