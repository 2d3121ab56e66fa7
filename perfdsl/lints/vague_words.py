"""指标值是“提升”“质量高”这样的词，没有说怎样算做到。

“提升”比什么提升、提升多少，没有写；完成值填“提升”就达标，填别的词无法判定。改成可衡量的数或期限；只能定性的，建等级量表（`scale`），或在说明里写明怎样判断。
一个对象只提示一次。

English: targets such as 提升 or 质量高 do not say when they are reached; the same word meets them and no other word can be judged.
Use a number or a date, a scale, or a note that says how it is judged. Once an object.
"""

from collections.abc import Iterator

from perfdsl import model as m
from perfdsl.diagnostics import INFO, Diagnostic, Kind, finding
from perfdsl.lints._lexicon import VAGUE
from perfdsl.lints._table import Table
from perfdsl.target import Level

BASIS = "审计机关对绩效目标的常见批评：指标值多用“改善”“提高”，难以衡量"
BAD = """\
project "热线" {
  市民诉求响应能力 full "提升"
}
"""
GOOD = """\
project "热线" {
  市民诉求平均响应时长 full "≤24小时"
}
"""
MOST_SHOWN = 4


def check(table: Table) -> Iterator[Diagnostic]:
    """One finding for all rows whose target is such a word, outside every scale and without a note."""
    found: dict[str, m.TargetUse] = {}
    rows = 0
    for row in table.indicators:
        vague = [(use, word) for use in row.targets if (word := _vague(use)) and not row.words and not row.remarks]
        rows += bool(vague)
        for use, word in vague:
            found.setdefault(word, use)
    if found:
        words = "、".join(f"“{word}”" for word in list(found)[:MOST_SHOWN])
        more, more_en = ("等", " and others") if len(found) > MOST_SHOWN else ("", "")
        yield finding(VAGUE_WORDS, next(iter(found.values())).span, rows=rows, words=words, more=more, more_en=more_en)


def _vague(use: m.TargetUse) -> str:
    meaning = use.target.meaning
    return meaning.word if isinstance(meaning, Level) and meaning.word in VAGUE else ""


VAGUE_WORDS = Kind(
    "L033", INFO, "{rows}行的指标值是{words}{more}，没有说怎样算做到", "{rows} rows have targets such as {words}{more_en}, and nothing says when they are reached",
    "改成数或期限，或者建等级量表（scale）、在说明（note）里写明怎样判断", "use a number or a date, a scale, or a note",
)  # fmt: skip
KINDS = (VAGUE_WORDS,)
