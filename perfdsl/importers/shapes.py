"""What a cell looks like: how well its words fit a column of a role.  0 fits, 8 cannot be."""

import re
from functools import lru_cache

from perfdsl.importers.clean import bracket, key
from perfdsl.importers.lexicon import CAPTIONS, CAUSES, FIRST, NUMBERS, SECOND, TARGETS
from perfdsl.quantity import is_unit, parse_number
from perfdsl.read_target import read_target
from perfdsl.target import Deadline, Free, Level, Nothing

TICKS = {"√", "☑", "✓", "✔", "■", "☒", "是"}
_SIGNS = {
    "≥",
    "≤",
    "=",
    ">",
    "<",
    "＝",
    "＞",
    "＜",
    "定性",
    ">=",
    "<=",
    "≧",
    "≦",
    "正向",
    "反向",
    "大于等于",
    "小于等于",
    "等于",
    "大于",
    "小于",
}
_NAME = re.compile(
    r"(?:率|数|数量|量|性|度|情况|质量|时间|时限|时长|成本|次数|人数|件数|个数|比例|比重|占比|程度|水平|能力|作用|效果|影响|效率|效益"
    r"|满意|认可|面积|金额|标准|费用|天数|场次|人次|建设|完善|工作|合格|控制数|投诉|体系|机制|活动|改善)$"
)
_POINTED = re.compile(r"[(（]\s*(≤|不超过)?\s*(\d+(?:\.\d+)?)\s*分\s*[)）]$|[(（]\s*(\d+(?:\.\d+)?)\s*[)）]$")
_FIRST = {key(word) for words in FIRST.values() for word in words.split()}
_RULE = re.compile(r"酌情|评定|打分|达标|得\s*\d*\.?\d*\s*分|扣|满分|加\s*\d")


def is_first(text: str) -> bool:
    """Is it a first-level group of the common frameworks?"""
    return key(text) in _FIRST


def is_second(text: str) -> bool:
    """Is it a second-level group of the common frameworks?"""
    return key(text) in SECOND


def is_caption(text: str) -> bool:
    """Is it what a table of indicators is called in its own margin (绩效指标)?"""
    return key(text) in CAPTIONS


def points_of(text: str) -> tuple[str, str, str]:
    """(name, points, limit) of a group: ``决策(15分)`` has 15 points, ``加减分项(≤5分)`` a limit of 5."""
    found = _POINTED.search(text)
    if not found:
        return text, "", ""
    name = text[: found.start()].strip()
    amount = found.group(2) or found.group(3)
    return (name, "", amount) if found.group(1) else (name, amount, "")


@lru_cache(maxsize=8192)
def value_cost(text: str) -> float:
    """How little it looks like a target or an actual: 0 a number with sign or unit, 2 a name."""
    if is_first(text) or is_second(text) or is_caption(text):
        return 6.0
    if parse_number(text) is not None:
        return 0.0
    meaning = read_target(text)[0].meaning
    if isinstance(meaning, Level):
        if len(text) <= 6:
            return 0.3 if not _NAME.search(text) or len(text) <= 3 else 1.4
        return 2.6 if _NAME.search(text) else 1.2
    if isinstance(meaning, Free):
        return 2.6 if _NAME.search(text) else 1.0
    if isinstance(meaning, Deadline) and _NAME.search(text):
        return 2.6  # 11月末执行率 is a name
    return 0.3 if isinstance(meaning, Nothing) else 0.0


def is_value(text: str) -> bool:
    """Does it carry a number, a date or a sign, so that it is certainly no name?"""
    return parse_number(text) is not None or (
        value_cost(text) == 0.0 and bool(re.match(r"[≥≤=<>＝＞＜]|\d|约\d|不", text))
    )


@lru_cache(maxsize=8192)
def fit(role: str, text: str) -> float:
    """How badly ``text`` fits a column of ``role``."""
    role = role.removesuffix("~")
    number = parse_number(text) is not None
    if role in ("g1", "g2", "g3", "task"):
        return _group_cost(role, text, number)
    if role == "name":
        if is_value(text) or is_unit(text) or text in _SIGNS or not any(c.isalpha() for c in text):
            return 6.5
        if is_first(text) or is_second(text):
            return 1.9 if text.endswith("满意度") else 5.0
        torn = 1.2 if text.startswith(("指标", "目标", "）", ")", "，", "、")) else 0.0
        return torn + (0.0 if _NAME.search(text) else 0.4 if len(text) > 3 else 1.4)
    if role in TARGETS or role in ("actual", "early", "forecast"):
        return value_cost(text)
    if role in NUMBERS:
        return 0.0 if number or re.fullmatch(r"\d+(\.\d+)?\s*(分|%)", text) else 7.0
    if not role:
        return 0.0 if is_caption(text) else 3.0  # the margin: nothing stands there but what the table is called
    if role == "sign":
        return 0.0 if text in _SIGNS else 8.0
    if role == "kind":
        return 0.0 if re.fullmatch(r"定[量性](指标)?", text) else 7.0
    if role == "likely":
        return 0.0 if text in TICKS or key(text) in CAUSES else 1.5
    if role == "unit":
        return 0.0 if is_unit(text) else 1.5 if len(text) <= 4 and not any(c.isdigit() for c in text) else 8.0
    if role == "rule":
        return 0.0 if _RULE.search(text) else 0.6 if len(text) > 4 else 3.0
    return 3.0 if number else 0.5 if len(text) > 3 else 1.0


def _group_cost(role: str, text: str, number: bool) -> float:
    if number or is_value(text):
        return 7.0
    pointed = bool(_POINTED.search(text))
    name = points_of(text)[0]
    if role == "g1" and is_first(name):
        return 0.0
    if role == "g2" and is_second(name):
        return 0.0
    if role == "g1" and is_second(name) and not is_first(name):
        return 5.0
    if role == "g2" and is_first(name) and not is_second(name):
        return 0.8 if key(name).startswith(("满意度", "成本")) else 1.6
    if role == "task" and (is_first(name) or is_second(name)):
        return 5.0
    return 0.4 if pointed else 1.0


def heading_points(text: str) -> str:
    """The points a heading carries: ``预算执行情况(10分)``."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*分", bracket(text))
    return found.group(1) if found else ""
