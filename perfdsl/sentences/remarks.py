"""What a sentence says beside conditions and awards: its full marks, what 以上 means; and what no rule of one row can say."""

import re

from perfdsl.sentences.atoms import Atom, FullMarks, Inclusive, Refused, Standard
from perfdsl.sentences.fold import value_at
from perfdsl.sentences.lexemes import NUMBER, number

_FULL_MARKS = re.compile(
    rf"(?:\()?(?:本项|该项|此项|指标|该指标|本指标)?(?:满分|分值|共计|共|总分|标准分)(?:为|是)?(?P<n>{NUMBER})分(?:\))?|\((?P<m>{NUMBER})分\)"
)
_INCLUSIVE = re.compile(
    r'\(?(?:本(?:表|标准|办法|细则)(?:所称|中)?的?)?"?以上"?(?:均)?(?:包含|含)本(?:数|级),?"?以下"?(?:均)?不(?:包含|包|含)(?:含)?本(?:数|级)\)?'
)
_STANDARD = re.compile(r"以(?=[0-9百])")
_STANDARD_END = re.compile(r"为(?:标准|基准)")
_VETO = re.compile(r"[^,;。]{0,24}一票否决(?:制)?")
_COHORT = re.compile(
    r"[^,;。]{0,20}(?:第一名|第[一二三四五1-9]名|排名|名次|排位|末位|平均水平|最高的单位|全市平均|全省平均)[^,;。]{0,16}"
)
_SAME = re.compile(r"[^,;。]{0,6}(?:以此类推|依此类推|依次类推|类推)")


def remark(text: str, at: int) -> Atom | None:
    if (found := _FULL_MARKS.match(text, at)) and (said := found["n"] or found["m"]):
        return FullMarks(points=number(said), start=at, end=found.end())
    if (
        (found := _STANDARD.match(text, at))
        and (value := value_at(text, found.end()))
        and (end := _STANDARD_END.match(text, value.end))
    ):
        return Standard(value=value, start=at, end=end.end())
    if found := _INCLUSIVE.match(text, at):
        return Inclusive(start=at, end=found.end())
    for words, code in ((_VETO, "I209"), (_COHORT, "I214"), (_SAME, "I200")):
        if found := words.match(text, at):
            return Refused(code=code, start=at, end=found.end())
    return None
