"""What the row says beside the sentence: its points, its target, its name."""

from collections.abc import Collection
from fractions import Fraction

import attrs

from perfdsl.quantity import NO_UNIT, Unit, parse_unit
from perfdsl.sentences.fold import fold
from perfdsl.target import Bound, Deadline, Free, Growth, Level, Range, Target, unit_kind

PERCENT = (("%", 1),)
DAY = Fraction(86400)
_COMPLETION = frozenset(
    [
        "完成率",
        "完成比例",
        "完成程度",
        "目标完成率",
        "指标完成率",
        "目标完成比例",
        "实际完成率",
        "实际完成比例",
        "任务完成率",
        "完成情况",
        "指标完成比例",
        "目标完成程度",
    ]
)
_DONE = frozenset(["完成", "实际完成", "完成了", "全部完成"])
FIRM = frozenset({"完成值与指标值之比", "实际完成值与指标值之比", "完成值与目标值之比"})
_ACTUAL = frozenset(
    [
        "完成值",
        "实际值",
        "实际完成值",
        "实际数",
        "实际完成数",
        "完成数",
        "指标值实际完成",
        "实际",
        "结果",
        "实现值",
    ]
)
_WHOSE = frozenset(
    [
        "项目",
        "年度",
        "本年",
        "本年度",
        "实际",
        "本项目",
        "部门",
        "该",
        "本",
        "全年",
        "指标",
        "单位",
        "该项目",
        "本单位",
        "预算",
    ]
)
_UNSURE = ("成本", "控制", "变动", "偏差", "结余", "结转", "投诉", "事故", "差错")
_RATES = (
    "率",
    "度",
    "比例",
    "占比",
    "比重",
    "数",
    "数量",
    "量",
    "金额",
    "时间",
    "时长",
    "人数",
    "次数",
    "个数",
    "天数",
    "面积",
    "成本",
    "支出",
    "得分",
    "分值",
    "评分",
)
_OTHER = (
    "偏差",
    "偏离",
    "差异",
    "变动",
    "超",
    "低于",
    "高于",
    "未",
    "不",
    "非",
    "无",
    "除",
    "如果",
    "若",
    "且",
    "或",
    "同时",
    "其中",
    "按",
    "经",
    "每",
    "上年",
    "同比",
    "较",
    "比上",
    "扣",
    "仅",
    "均",
    "部分",
    "原则",
    "凡",
    "一般",
    "可",
    "应",
    "再",
    "任",
    "另",
)
_APART = ("约", "近", "以", "只", "比", "如")


@attrs.frozen(kw_only=True)
class Aim:
    """``points`` of the row, its target (None where it has none), its name, and the answers somebody gave."""

    points: Fraction | None = None
    target: Target | None = None
    name: str = ""
    answers: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        """none, percent, count, money, duration, range, deadline, level, or other."""
        match self.target:
            case None:
                return "none"
            case Target(meaning=Bound(quantity=quantity)):
                found = unit_kind(quantity.unit)
                return "count" if found == "number" else found
            case Target(meaning=Range()):
                return "range"
            case Target(meaning=Deadline()):
                return "deadline"
            case Target(meaning=Level() | Free()):
                return "level"
            case Target(meaning=Growth()):
                return "growth"
        return "other"

    @property
    def word(self) -> str:
        """The word of a target that is one."""
        return self.target.meaning.word if self.target and isinstance(self.target.meaning, Level) else ""

    @property
    def folded_name(self) -> str:
        """The name as sentences are spelt."""
        return fold(self.name).text

    @property
    def side(self) -> str:
        """up: more is better; down: less is; empty where the target does not say."""
        if self.target is None or not isinstance(self.target.meaning, Bound):
            return ""
        op, value = self.target.meaning.op, self.target.meaning.quantity.value
        if op in ("<=", "<") or value <= 0:
            return "down" if op in ("<=", "<", "=") else ""
        if op in (">=", ">"):
            return "up"
        return "up" if self.kind in ("percent", "count") and not any(x in self.name for x in _UNSURE) else ""

    @property
    def value(self) -> Fraction | None:
        """The number of the target, as printed."""
        return self.target.meaning.quantity.value if self.target and isinstance(self.target.meaning, Bound) else None

    @property
    def unit(self) -> Unit:
        """The unit of the target."""
        match self.target:
            case Target(meaning=Bound(quantity=quantity)):
                return quantity.unit
            case Target(meaning=Range(unit=unit)):
                return unit
        return NO_UNIT

    @property
    def whole(self) -> bool:
        """Is the target 100 %, so that percentage points and percent of the target are one?"""
        return self.kind == "percent" and self.value is not None and self.value * self.unit.scale == 1

    @property
    def text(self) -> str:
        """The target as the table has it."""
        return self.target.text if self.target else "（没有）"

    @property
    def numeric(self) -> bool:
        """Is the target a number?"""
        return self.kind in ("percent", "count", "money", "duration", "range")

    def own(self, word: str) -> bool:
        """Is ``word`` this indicator, by its name?"""
        if not self.name or len(word) < 2:
            return False
        name = self.folded_name
        return name.endswith(word) or (word.endswith(name) and word.removesuffix(name) in _WHOSE)

    def subject(self, word: str) -> str:
        """actual, completion, or empty: unknown."""
        if word in _DONE:
            return "done"
        if not word or word in _ACTUAL or self.own(word):
            return "actual"
        if word in _COMPLETION or word in FIRM:
            return "completion"
        known = (
            not self.name
            and word.endswith(_RATES)
            and not any(other in word for other in _OTHER)
            and (not word.startswith(_APART) or word in ("比例", "比重"))
        )
        known = known and not any(c.isdigit() for c in word)
        return "actual" if known else ""


def dims_of(unit: str) -> tuple[tuple[str, int], ...]:
    """What a printed unit measures; an unknown one counts in itself."""
    found = parse_unit(unit) if unit else NO_UNIT
    return found.dims if found else ((unit, 1),)


def scale_of(unit: str) -> Fraction:
    """The size of a printed unit."""
    found = parse_unit(unit) if unit else NO_UNIT
    return found.scale if found else Fraction(1)


def counts(unit: str) -> bool:
    """Does the unit count things one by one, so that there are no parts of one?"""
    dims = dims_of(unit)
    return bool(unit) and len(dims) == 1 and dims[0][1] == 1 and scale_of(unit) == 1 and dims[0][0] not in _MEASURED


def chosen(given: Collection[str]) -> frozenset[str]:
    """The answers, checked."""
    wrong = sorted(set(given) - set(ANSWERS))
    if wrong:
        raise ValueError(f"no answer is called {wrong[0]}")
    return frozenset(given)


_MEASURED = frozenset(
    [
        "%",
        "元",
        "美元",
        "欧元",
        "港元",
        "秒",
        "工作日",
        "月",
        "米",
        "平方米",
        "立方米",
        "千克",
        "吨标准煤",
        "千瓦",
        "千瓦时",
        "GB",
        "TB",
        "PB",
        "Mbps",
        "兆",
        "分贝",
        "摄氏度",
        "度",
        "分",
    ]
)
ANSWERS = {
    "floor": "I201", "ceil": "I201", "exact": "I201", "upper": "I203", "lower": "I203", "point": "I204", "relative": "I204",
    "actual": "I205", "completion": "I205",
    "zero": "I210", "full": "I210", "pro": "I210", "mark": "I210", "part": "I222", "whole": "I222",
}  # fmt: skip
