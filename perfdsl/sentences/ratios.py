"""Points in proportion: 按比例得分, 完成率×分值, 实现值/目标值×分值."""

import re
from fractions import Fraction

from perfdsl.sentences.atoms import Ratio
from perfdsl.sentences.lexemes import number

_DONE = r"(?:全年|年度|本年)?(?:实际)?(?:完成值|实现值|实际值|完成数|实际数|实现数|完成量|实际完成)"
_PLAN = r"(?:年度|计划)?(?:目标值|指标值|计划值|计划数|计划完成数|目标数|计划量|计划)"
_TIMES = r"[×xX](?:(?:该项|本项|此项|指标|该指标)?(?:分值|满分|权重分值|权重分|权重|标准分|分数)|(?P<said>[0-9.]+)分?)"
_UP = re.compile(
    rf"(?:(?:正向指标|反向指标)?得分=|得分为|按照?)?\(?{_DONE}/{_PLAN}\)?(?:[×xX]100%)?{_TIMES}(?:计算得分|计算|计分|得分)?"
)
_DOWN = re.compile(
    rf"(?:(?:正向指标|反向指标)?得分=|得分为|按照?)?\(?{_PLAN}/{_DONE}\)?(?:[×xX]100%)?{_TIMES}(?:计算得分|计算|计分|得分)?"
)
_RATE = re.compile(
    rf"(?:(?:正向指标|反向指标)?得分=|得分为|按照?)?(?P<rate>(?:(?!按|的)[一-龥]){{0,8}}(?:率|比例|程度|完成值))(?:[×xX]100%)?{_TIMES}(?:计算得分|计算|计分|得分)?"
)
_BY_RATE = re.compile(r"(?:则|应|的,?)?(?:按照|按|依|根据|依据)(?:其|相应|实际|目标|指标|任务)*(?:完成)?(?:的)?(?:比例|完成率|完成比例|完成程度|完成百分比)(?:折算|相应|计算)?(?P<do>得分|计分|给分|赋分|记分|计算得分|扣分|扣减|扣减分值|扣除分值|折算得分|计算)")  # fmt: skip
_VAGUE = re.compile(r"(?:按照|按|依据?|根据)(?:实际|完成情况|实际完成情况|实际情况|实际完成|完成|执行情况|实际执行情况|考核结果|实际得分)(?:据实)?(?:得分|计分|给分|赋分|评分|打分)|按实际得分|据实(?:得分|计分)|相应(?:得分|扣分|给分)")  # fmt: skip


def ratio(text: str, at: int) -> Ratio | None:
    made: list[Ratio] = []
    for words, way in ((_UP, "up"), (_DOWN, "down")):
        if found := words.match(text, at):
            made.append(Ratio(way=way, said=_said(found), start=at, end=found.end()))
    if found := _RATE.match(text, at):
        made.append(
            Ratio(way="rate", subject=found["rate"].removeprefix("得分"), said=_said(found), start=at, end=found.end())
        )
    if found := _BY_RATE.match(text, at):
        made.append(Ratio(way="loss" if "扣" in found["do"] else "both", start=at, end=found.end()))
    if found := _VAGUE.match(text, at):
        made.append(Ratio(way="unsaid", start=at, end=found.end()))
    return max(made, key=lambda each: each.end, default=None)


def _said(found: re.Match[str]) -> Fraction | None:
    return number(found["said"]) if found["said"] else None
