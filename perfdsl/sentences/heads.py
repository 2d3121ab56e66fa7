"""Conditions in words: the target is reached or not, a level, everything else."""

import re

from perfdsl.sentences.atoms import Level, Reached
from perfdsl.sentences.lexemes import AIM, THEM

_DO = r"(?:达到|完成|实现|符合|满足|达成)"
_TIMELY = r"(?:按时|及时|按期|如期|准时|在?(?:规定|约定|计划|要求)的?(?:时间|时限|期限|工期)内|按(?:规定|约定|计划|要求|合同约定)的?(?:时间|时限|期限|工期|进度))"
_HOW = r"(?:按要求|全部|全面|均|已|都|完全|按计划|按规定|足额)"
_WHO = r"(?:目标任务|工作任务|指标|目标|任务|工作|项目)?"
_YES = re.compile(rf"{_WHO}{_HOW}?(?P<timely>{_TIMELY})?{_HOW}?(?:{_DO}了?{AIM}?|达标|到位){THEM}(?![率数值量情程])")
_NO = re.compile(
    rf"(?:如|若)?{_WHO}(?:未能?|没有?|没能|不能?)(?:够)?{_HOW}?(?P<timely>{_TIMELY})?(?:{_DO}{AIM}?|达标|到位){THEM}(?![率数值量情程])"
)
_CANNOT = re.compile(rf"达不到{AIM}?{THEM}(?P<timely>)(?![率数值量情程])")
_LATE = re.compile(
    rf"(?P<timely>逾期|不及时|超期|延期|延迟|未及时|未按时|未按期)(?:完成)?{THEM}(?![0-9一二两三四五六七八九十])"
)
_REST = re.compile(r"否则|反之|其他(?:情况|情形)?(?:的|时)?|其它(?:情况|情形)?(?:的|时)?|其余(?:情况|情形)?(?:的|时)?")
_NAMED = re.compile(r"目标|指标|预算|控制数")
_NONE = re.compile(r"(?:未|无|没有)(?:发生|出现|发现|存在)[^,;。0-9得扣每]{0,16}?(?:的|者|时)?(?=得|计|给|不扣)")
_AT_TARGET = re.compile(rf"(?:(?:项目|工程|实际)?(?:成本|支出|费用|投资|总投资|决算))?(?P<sign>≥|≤|大于或?等于|小于或?等于|不低于|不高于|不少于|不超过|不大于|不小于|低于|高于|超过|超出|小于|大于|少于|多于|未达到?)(?P<what>{AIM}|预算数?|预算金额|控制数)(?:(?P<and>及以上|以上|及以下|以下))?{THEM}")  # fmt: skip


_INSIDE = re.compile(
    rf"(?:项目|工程|实际)?(?:成本|支出|费用|投资|经费|总投资|资金|决算)?(?:控制|保持)在(?P<what>预算数?|预算金额|概算|控制数|指标值|目标值)(?:总额|范围)?(?:以|之)?内{THEM}"
)


def reached(text: str, at: int) -> Reached | None:
    if rest := _REST.match(text, at):
        return Reached(yes=False, rest=True, start=at, end=rest.end())
    for words, yes in ((_YES, True), (_NO, False), (_CANNOT, False), (_LATE, False)):
        if found := words.match(text, at):
            aimed = bool(_NAMED.search(found.group()))
            return Reached(yes=yes, timely=bool(found.group("timely")), aimed=aimed, start=at, end=found.end())
    if found := _NONE.match(text, at):
        return Reached(yes=True, side="event", start=at, end=found.end())
    if found := _INSIDE.match(text, at):
        loose = "" if found["what"] in ("指标值", "目标值") else found["what"]
        return Reached(yes=True, side="down", loose=loose, aimed=True, start=at, end=found.end())
    return _against_target(text, at)


def _against_target(text: str, at: int) -> Reached | None:
    found = _AT_TARGET.match(text, at)
    if found is None or found.group("and"):
        return None
    sign = found.group("sign")
    yes = sign[0] == "不" or "等于" in sign or sign in "≥≤"
    up = sign in ("≥", "大于等于", "大于或等于", "不低于", "不少于", "不小于", "低于", "小于", "少于", "未达", "未达到")
    loose = found.group("what") if found.group("what") in ("预算", "预算数", "预算金额", "控制数") else ""
    return Reached(
        yes=yes,
        side="up" if up else "down",
        loose=loose,
        aimed=bool(_NAMED.search(found.group())),
        start=at,
        end=found.end(),
    )


LEVELS = ["优秀", "优良", "优", "良好", "良", "中等", "中", "一般", "较差", "差", "基本合格", "不合格", "合格", "较好", "好", "较健全", "不健全", "基本健全", "健全", "较完善", "不完善", "基本完善", "完善", "全部完成", "基本完成", "部分完成", "完成", "未完成", "基本合规", "不合规", "合规", "基本规范", "较规范", "不规范", "规范", "不明显", "较明显", "较显著", "明显", "显著", "非常满意", "基本满意", "较满意", "不满意", "满意", "基本符合", "部分符合", "不符合", "符合", "基本达标", "部分达标", "不达标", "达标", "基本达到", "部分达到", "是", "否", "有", "无", "不及时", "较及时", "及时", "不真实", "真实", "不完整", "完整", "不准确", "准确", "不合理", "较合理", "合理", "达成预期", "部分达成", "未达成", "好"]  # fmt: skip
_LEVEL = re.compile(r"(?:评价|评定|考核|等次|结果|评级)*(?:为|是)?(?:\"(?P<quoted>[^\"]{1,12})\"|(?P<word>" + "|".join(sorted(LEVELS, key=len, reverse=True)) + r"))(?:等次|等级|档)?(?:的|者|时)?(?=[:,]?(?:可|则)?(?:得|计|给|赋|记|不得分|不扣分|扣|0分|[0-9]+(?:\.[0-9]+)?(?:-[0-9]+(?:\.[0-9]+)?)?分|满分|酌情))")  # fmt: skip


def level(text: str, at: int) -> Level | None:
    found = _LEVEL.match(text, at)
    return Level(word=found.group("quoted") or found.group("word"), start=at, end=found.end()) if found else None


PLAIN = frozenset(
    ["完成", "未完成", "达标", "未达标", "不达标", "符合", "不符合", "达到", "未达到", "及时完成", "按时完成", "按期完成", "未按时完成",
     "未及时完成", "全部完成", "不及时"]
)  # fmt: skip
