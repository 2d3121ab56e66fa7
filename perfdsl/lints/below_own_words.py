"""指标值比表里自己写的次数还少。

说明里写着“每月2次”，一年就是24次，指标值却写“≥20次”：照说明做，轻轻松松超额完成。把指标值改成说明算得出的数，或者把说明改成实际的打算。
每周按50周算，每个工作日按240天算，都留了节假日的余地；只看这一行的说明，以及表头里点了这一行（或它的资金）名字的那一句话。

English: the notes say twice a month, which makes 24 a year, and the target is 20. Write what the words come to, or mend the words. A week is taken 50
times a year and a working day 240 times. Only notes of the row, and sentences of the head that name it or its money, are looked at.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from perfdsl import model as m
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.lints._bounds import bounds_of
from perfdsl.lints._lexicon import are_synonyms, plain
from perfdsl.lints._table import Table
from perfdsl.quantity import format_number
from perfdsl.target import Bound

BASIS = "指标值应当与项目内容相符（依通行理解，未核对原文）"
BAD = """\
project "宣传" {
  图文推送次数 full "≥20次"
    note "微信公众号每月推送2次"
}
"""
GOOD = """\
project "宣传" {
  图文推送次数 full "≥24次"
    note "微信公众号每月推送2次"
}
"""
TIMES = {
    "天": 365,
    "日": 365,
    "工作日": 240,
    "周": 50,
    "星期": 50,
    "月": 12,
    "个月": 12,
    "季": 4,
    "季度": 4,
    "半年": 2,
}
NUMBERS = {word: at for at, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
# 每月推送2次, 每周发布3—4篇: how often, a verb or nothing, the lower number, the unit.
_OFTEN = re.compile(
    r"每(?:个)?(工作日|星期|季度|半年|个月|天|日|周|月|季)(?!前|底|末|初)([\u4e00-\u9fff]{0,6}?)(\d{1,4}|[一二三四五六七八九十两])(?:[-—–~～至到](?:\d{1,4}|[一二三四五六七八九十]))?([次场期篇条件份人批回户个])"
)
_LIMITING = re.compile("不超过|不多于|至多|最多|不高于|以内")
_SENTENCE = re.compile("[。；;\n]")


def check(table: Table) -> Iterator[Diagnostic]:
    """Numbers of the year below what the table's own words come to."""
    for row in table.indicators:
        if row.formula is not None:
            continue
        for use, bound in bounds_of(row):
            if (
                use.period == "full"
                and bound.op in (None, "=", ">=", ">")
                and not bound.qualifier
                and not bound.approximate
            ):
                yield from _below(table, row, use, bound)


def _below(table: Table, row: m.Indicator, use: m.TargetUse, bound: Bound) -> Iterator[Diagnostic]:
    for words in _words(table, row):
        found = _OFTEN.search(words)
        if found is None or _LIMITING.search(found[2]) or not are_the_same(found[4], bound.quantity.unit.text):
            continue
        made = TIMES[found[1]] * int(NUMBERS.get(found[3], 0) or found[3])
        if 0 < bound.quantity.base < Fraction(made):
            yield finding(BELOW, use.span, name=row.path[-1], text=use.target.text, words=found[0], made=format_number(Fraction(made)) + found[4])  # fmt: skip
            return


def are_the_same(one: str, other: str) -> bool:
    """One word, or two for counting the same."""
    return one == other or are_synonyms(one, other)


def _words(table: Table, row: m.Indicator) -> Iterator[str]:
    """The notes of the row, and the sentences of the head that name it or the line that pays for it."""
    yield from (remark.text for remark in row.remarks if remark.kind == "note")
    line = table.spending.pays_for(row.path[-1])
    names = {plain(row.path[-1]), *((plain(line.path[-1]),) if line is not None else ())}
    for _, text in table.thing.facts:
        for sentence in _SENTENCE.split(text):
            if "每" in sentence and any(name in plain(sentence) for name in names):
                yield sentence


BELOW = Kind(
    "L060", WARNING, "“{name}”的指标值“{text}”比表里写的“{words}”还少：一年合{made}", "the target “{text}” of “{name}” is below the table's own words “{words}”, {made} a year",
    "把指标值改成说明算得出的数，或把说明改成实际的打算", "write what the words come to, or mend the words",
)  # fmt: skip
KINDS = (BELOW,)
