"""佐证材料、数据来源只是把指标名称又写了一遍。

这一栏要写凭什么知道：哪个系统的报表、哪次调查、哪份文件。只重复名称，复核的人还是不知道到哪里去查。

English: the evidence, or the source of the data, only repeats the name of the row. Say where the figure comes from: which system, survey or document.
"""

from collections.abc import Iterator

from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._pairs import plain
from perfdsl.lints._scored import Said, Scored
from perfdsl.lints._table import Table

BASIS = "公布的自评表中取值依据与指标名称相同的实例；依通行理解，未核对原文"
FEWEST = 3  # characters that can be said to repeat a name
BAD = """\
project "热线运行" {
  来电办结率 full "≥95%" source "来电办结率"
}
"""
GOOD = """\
project "热线运行" {
  来电办结率 full "≥95%" source "热线系统工单月报"
}
"""


def check(table: Table) -> Iterator[Diagnostic]:
    """Sources that repeat the name."""
    for row in table.indicators:
        for remark in row.remarks:
            if remark.kind == "source" and _repeats(remark.text, row.path[-1]):
                yield finding(REPEATS, row.name_span, name=row.path[-1], text=remark.text)


def check_scored(scored: Scored) -> Iterator[Said]:
    """Evidence that repeats the name."""
    for row, score, entry in scored.rows():
        if _repeats(entry.evidence, row.path[-1]):
            yield score.path, finding(REPEATS, entry.span, name=row.path[-1], text=entry.evidence)


def _repeats(text: str, name: str) -> bool:
    """Are the words the name, or part of it in the same order?"""
    words, rest = plain(text), iter(plain(name))
    return len(words) >= FEWEST and all(letter in rest for letter in words)


REPEATS = Kind(
    "L063", WARNING, "“{name}”的依据“{text}”只是重复名称", "“{text}” only repeats the name of “{name}”",
    "写凭什么知道：哪个系统的报表、哪次调查、哪份文件", "say which system, survey or document shows it",
)  # fmt: skip
KINDS = (REPEATS,)
