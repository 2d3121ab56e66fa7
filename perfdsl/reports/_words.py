"""Words that several reports print, in Chinese and in English."""

from perfdsl.scorecard import EXCEEDED, MET, MISSED, MISSING, NOT_APPLICABLE, UNJUDGED

Words = dict[str, tuple[str, str]]

PERIODS: Words = {
    "q1": ("一季度", "first quarter"),
    "half": ("半年", "half year"),
    "q3": ("三季度", "third quarter"),
    "full": ("全年", "full year"),
    "cycle": ("实施周期", "whole cycle"),
}
KINDS: Words = {
    "project": ("项目", "project"),
    "department": ("部门整体", "department"),
    "policy": ("政策", "policy"),
}
STATUSES: Words = {
    MET: ("达标", "met"),
    EXCEEDED: ("超额", "exceeded"),
    MISSED: ("未达标", "missed"),
    MISSING: ("缺完成值", "missing"),
    UNJUDGED: ("无法判定", "unjudged"),
    NOT_APPLICABLE: ("不适用", "not applicable"),
}
SEVERITIES: Words = {"error": ("错误", "error"), "warning": ("警告", "warning"), "info": ("提示", "note")}
FACTS: Words = {"agency": ("单位", "agency"), "supervisor": ("主管部门", "supervisor")}


def word(table: Words, key: str, lang: str) -> str:
    """The word for ``key``; an unknown key stands for itself."""
    zh, en = table.get(key, (key, key))
    return en if lang == "en" else zh
