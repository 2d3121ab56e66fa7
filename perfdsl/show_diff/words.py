"""The words of a comparison in both languages: ranges, scores, settings, changes."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from perfdsl.core import Value
from perfdsl.differ import (
    BEST,
    DIFFERS,
    MARK,
    NO_VALUE,
    OPEN,
    OTHER,
    OUTSIDE,
    PRESENT,
    SAME,
    SCORE,
    TAKEN,
    UNASSESSED,
    UNDECIDED,
    WORD,
    Card,
    Change,
    Edge,
    Example,
    Got,
    RowDifference,
    Setting,
    Side,
    Stretch,
    Whole,
)  # fmt: skip
from perfdsl.quantity import NO_UNIT, format_number, round_half_up

EFFECTS = {
    SAME: ("得分相同", "same scores"),
    DIFFERS: ("得分不同", "scores differ"),
    OPEN: ("未证明相同", "not proved the same"),
}
CHANGES = {
    "target": ("指标值", "target"), "points": ("分值", "points"), "unit": ("计量单位", "unit"), "direction": ("方向", "direction"),
    "nature": ("性质", "nature"), "domain": ("取值范围", "values"), "alias": ("简称", "short name"), "formula": ("算式", "formula"),
    "applies": ("适用条件", "applies"), "rubric": ("计分方法", "rubric"), "gather": ("汇总", "gather"), "bonus": ("加减分", "bonus"),
    "words": ("量表的词", "words of the scale"), "note": ("指标说明", "note"), "basis": ("评分依据", "basis"), "source": ("数据来源", "source"),
    "accept": ("接受的发现", "accepted findings"), "object": ("对象名称", "object"), "kind": ("对象种类", "kind"), "year": ("年度", "year"),
    "fact": ("表头", "header"), "total": ("总分", "total"), "most": ("最高", "up to"), "rounding": ("保留小数", "rounding"),
    "missing": ("缺失", "missing"), "not_applicable": ("不适用处理", "not applicable"), "schedule": ("序时进度", "schedule"),
    "renamed": ("改名或移动", "renamed or moved"), "weight": ("组权重", "weight"), "either": ("择一", "either"), "factor": ("系数", "factor"),
    "group": ("组", "group"), "input": ("输入项", "input"), "funds": ("资金", "funds"), "ceiling": ("等级封顶", "ceiling"), "award": ("评优", "award"),
    "structure": ("分组", "grouping"), "met": ("达标的判断", "whether it is met"), "grade": ("评价等级", "grade"),
    "output_light": ("产出的灯", "light of output"), "money_light": ("资金的灯", "light of money"),
}  # fmt: skip
PERIODS = {
    "q1": ("一季度", "q1"),
    "half": ("半年", "half"),
    "q3": ("三季度", "q3"),
    "full": ("全年", "full year"),
    "cycle": ("实施周期", "cycle"),
}
OWN = {
    "prior": ("上年值", "prior"),
    "schedule": ("序时进度", "schedule"),
    "mark": ("评分值", "mark"),
    "actual": ("完成值", "actual"),
}
OTHERS = {"value": ("", ""), "score": ("得分：", "score of "), "lost": ("失分：", "lost in "), "met": ("达标：", "met: "),
          "applies": ("适用：", "applies: "), "prior": ("上年值：", "prior of "),
          "input": ("", ""), "spent": ("已支出：", "spent: ")}  # fmt: skip
DOUBTS = {
    "formula": ("算式变了，两个算式不能证明相等", "the formula changed and is not proved equal"),
    "entries": ("几条记录合成一个得分的办法或限度变了", "entries are put together, or limited, in another way"),
    "unreached": ("没有找到能算出这些值的输入", "no inputs were found that come to these values"),
    "large:old": ("原来的算式太长", "the formulas before are too long"),
    "large:new": ("现在的算式太长", "the formulas after are too long"),
    "too many steps": ("台阶太多", "too many steps"),
    "not linear-fractional": ("不是一次分式", "not linear-fractional"),
    "varying limits of a mark": ("评分范围随完成值变化", "the limits of the mark vary"),
}  # fmt: skip


class Tongue(NamedTuple):
    """Chinese or English."""

    lang: str

    def of(self, pair: tuple[str, str]) -> str:
        """The word of the language."""
        return pair[1] if self.lang == "en" else pair[0]

    def say(self, zh: str, en: str) -> str:
        """The same of two words."""
        return en if self.lang == "en" else zh


def signed(value: Fraction) -> str:
    """A difference with its sign."""
    return f"+{shown(value)}" if value > 0 else shown(value)


def shown(value: Fraction) -> str:
    """An exact number."""
    return format_number(value).replace("-", "−")


def actual_text(value: Fraction, row: RowDifference) -> str:
    """A value of the actual in the row's unit, or the day it stands for."""
    if row.dated and not row.variable and value.denominator == 1 and 1 <= value <= date.max.toordinal():
        day = date.fromordinal(int(value))
        return f"{day.year}年{day.month}月{day.day}日"
    unit = row.unit or NO_UNIT
    return format_number(value / unit.scale) + unit.text


def range_text(stretch: Stretch, row: RowDifference, tongue: Tongue) -> str:
    """“80% ≤ x < 90%”, a word, or the missing value; x is the actual unless another name stands there."""
    if stretch.what == NO_VALUE:
        return tongue.say("缺失", "missing")
    if stretch.what == WORD:
        return tongue.say("别的词", "any other word") if stretch.word == OTHER else f"“{stretch.word}”"
    low, high = stretch.low or Edge(None, False), stretch.high or Edge(None, False)
    if low.at is not None and low.at == high.at:
        return f"x = {actual_text(low.at, row)}"
    left = "" if low.at is None else f"{actual_text(low.at, row)} {'≤' if low.closed else '<'} "
    right = "" if high.at is None else f" {'≤' if high.closed else '<'} {actual_text(high.at, row)}"
    whole = f"{left}x{right}" if left or right else tongue.say("任何数", "any number")
    if stretch.off_step is None:
        return whole
    step = actual_text(stretch.off_step, row)
    return whole + tongue.say(f"，不是{step}的整数倍", f", no multiple of {step}")


def name_text(name: str, tongue: Tongue) -> str:
    """An input of the calculation as a reader knows it."""
    kind, colon, path = name.partition(":")
    if name.isdigit():
        return tongue.say(f"第{name}条", f"entry {name}")
    if not colon:
        return tongue.of(OWN.get(kind, (kind, kind)))
    if kind in OTHERS:
        return tongue.of(OTHERS[kind]) + path.rpartition("/")[2]
    return f"{kind}({path.strip()})"


def value_text(value: Value, tongue: Tongue) -> str:
    """A value of another input."""
    if value is None:
        return tongue.say("缺失", "missing")
    if isinstance(value, bool):
        return tongue.say("是" if value else "否", "yes" if value else "no")
    return f"“{value}”" if isinstance(value, str) else shown(value)


def setting_text(setting: Setting, tongue: Tongue) -> str:
    """“类别 = “甲””, “人数 > 5”."""
    name = name_text(setting.name, tongue)
    if setting.value == PRESENT:
        return tongue.say(f"{name}不缺失", f"{name} is given")
    if setting.value == OTHER:
        return tongue.say(f"{name}是别的词", f"{name} is any other word")
    if setting.ratio and isinstance(setting.value, Fraction):
        sign = "= 0" if not setting.value else "> 0" if setting.value > 0 else "< 0"
        unit = tongue.say("（x 是它的倍数）", " (x in multiples of it)") if setting.value else ""
        return f"{name} {sign}{unit}"
    if setting.above is not None and setting.below is not None:
        return f"{shown(setting.above)} < {name} < {shown(setting.below)}"
    if setting.above is not None:
        return f"{name} > {shown(setting.above)}"
    return (
        f"{name} < {shown(setting.below)}"
        if setting.below is not None
        else f"{name} = {value_text(setting.value, tongue)}"
    )


def where_text(stretch: Stretch, row: RowDifference, tongue: Tongue) -> str:
    """The range with the period and the settings it holds in."""
    given = tongue.say("，", ", ").join(setting_text(x, tongue) for x in stretch.given)
    period = tongue.of(PERIODS[stretch.period]) if stretch.period in PERIODS else ""
    head = tongue.say("，", ", ").join(x for x in (period, given) if x)
    text = range_text(stretch, row, tongue)
    if row.variable and stretch.what != WORD:
        text = (
            text.replace("x", name_text(row.variable, tongue))
            if "x" in text
            else f"{name_text(row.variable, tongue)} {text}"
        )
    return f"{head}{tongue.say('：', ': ')}{text}" if head else text


def side_text(side: Side, tongue: Tongue) -> str:
    """What one of the rules gives on a stretch."""
    low, high = (shown(x) if x is not None else "∞" for x in (side.low, side.high))
    span = low if low == high else f"{low} → {high}"
    match side.kind:
        case kind if kind == SCORE:
            formula = formula_text(side)
            return f"{span}{tongue.say(f'（{formula}）', f' ({formula})') if formula and low != high else ''}"
        case kind if kind == MARK:
            return tongue.say(f"评分 {low} 至 {high}", f"mark {low} to {high}")
        case kind if kind == UNDECIDED:
            return (
                tongue.say(f"未定（{low} 至 {high}）", f"undecided ({low} to {high})")
                if side.low is not None
                else tongue.say("未定", "undecided")
            )
        case kind if kind == OUTSIDE:
            return tongue.say("超出取值范围", "outside the values")
        case kind if kind == TAKEN:
            return tongue.say("按规则计分", "scored by the rules")
        case kind if kind == UNASSESSED:
            return tongue.say("本期不考核", "not assessed")
    return side.kind


def formula_text(side: Side) -> str:
    """The score before rounding as a formula of x, in the printed unit."""
    if side.curve is None:
        return ""
    a, b, c, d = side.curve
    if not c:
        return _linear(a / d, b / d)
    lead = d or c
    over, under = _linear(a / lead, b / lead), _linear(c / lead, d / lead)
    return f"{_inside(over)}/{_inside(under)}"


def _inside(text: str) -> str:
    return f"({text})" if any(sign in text for sign in " ·/") else text


def _linear(slope: Fraction, level: Fraction) -> str:
    if not slope:
        return shown(level)
    term = "x" if slope == 1 else "−x" if slope == -1 else f"{shown(slope)}·x"
    if not level:
        return term
    return f"{term} {'+' if level > 0 else '−'} {shown(abs(level))}"


def difference_text(stretch: Stretch, row: RowDifference, tongue: Tongue) -> str:
    """The difference, and where it varies the largest with an actual that shows it."""
    if stretch.at_scores is None:
        return "—"
    before, after = stretch.at_scores
    if stretch.what != "number" or stretch.at is None:
        return signed(after - before)
    constant = all(x.low == x.high for x in (stretch.before, stretch.after)) and not stretch.partly
    if constant:
        return signed(after - before)
    at = actual_text(stretch.at, row)
    most = tongue.say("最多 ", "at most ") if stretch.largest is not None else tongue.say("如 ", "e.g. ")
    shape = tongue.say(f"{most}{signed(after - before)}（{at}：{shown(before)} → {shown(after)}）",
                       f"{most}{signed(after - before)} ({at}: {shown(before)} → {shown(after)})")  # fmt: skip
    return shape + (tongue.say("，有的值舍入后相同", ", some values equal once rounded") if stretch.partly else "")


def change_texts(change: Change, tongue: Tongue) -> tuple[str, str, str]:
    """What is written otherwise, before, and after."""
    what = tongue.of(CHANGES[change.what])
    name = tongue.of(PERIODS[change.name]) if change.what == "target" else change.name
    ends = [
        (text or "—")
        + (tongue.say(f"（占总分 {percent(share)}）", f" ({percent(share)} of the total)") if share is not None else "")
        for text, share in zip((change.before, change.after), change.shares, strict=True)
    ]
    return f"{what} {name}".strip(), ends[0], ends[1]


def percent(share: Fraction) -> str:
    """A share with two decimals at most."""
    short = round_half_up(share * 100, 2)
    return f"{'' if short == share * 100 else '≈'}{format_number(short)}%"


def doubt_text(doubt: str, tongue: Tongue) -> str:
    """Why something is not proved."""
    return (
        tongue.of(DOUBTS[doubt])
        if doubt in DOUBTS
        else tongue.say(f"看“{name_text(doubt, tongue)}”的数", f"depends on {name_text(doubt, tongue)}")
    )


def example_text(example: Example, tongue: Tongue) -> str:
    """Values for which the two rules were computed and differ."""
    given = tongue.say("，", ", ").join(
        f"{name_text(n, tongue)} = {value_text(v, tongue)}" for n, v in example.given
    ) or tongue.say("没有事项", "no entries")
    before, after = (
        tongue.say("未定", "undecided") if x is None else shown(x) for x in (example.before, example.after)
    )
    return tongue.say(f"如 {given}：{before} → {after}", f"e.g. {given}: {before} → {after}")


def whole_text(example: Whole, tongue: Tongue) -> str:
    """A whole object that is scored differently: what it is given, and what becomes of total, grade and awards."""
    empty = tongue.say("没有值", "nothing")
    given = [f"{name_text(name, tongue)} = {text or empty}" for name, text in example.given]
    rest = tongue.say("其余指标取得分最高的值", "all else at its best") if example.others == BEST else tongue.say(
        "其余指标取得分最低的值", "all else at its worst")  # fmt: skip
    cards = (example.before, example.after)
    totals = [_total_text(x) for x in cards]
    parts = [tongue.say("总分 ", "total ") + (f"{totals[0]} → {totals[1]}" if totals[0] != totals[1] else totals[0])]
    if example.before.grade != example.after.grade:
        parts.append(tongue.say("等级 ", "grade ") + " → ".join(x.grade or "—" for x in cards))
    ours, theirs = (dict(x.awards) for x in cards)
    for name in [n for n in theirs if n in ours and ours[n] != theirs[n]]:
        parts.append(f"{name} " + " → ".join(decided_text(x[name], tongue) for x in (ours, theirs)))
    period = tongue.of(PERIODS[example.period])
    comma, colon = tongue.say("，", ", "), tongue.say("：", ": ")
    return tongue.say("如 ", "e.g. ") + comma.join([period, *given, rest]) + colon + comma.join(parts)


def _total_text(card: Card) -> str:
    return shown(card.score) if card.score is not None else f"{shown(card.low)}..{shown(card.high)}"


def decided_text(decided: bool | None, tongue: Tongue) -> str:
    """Whether an award is given."""
    if decided is None:
        return tongue.say("未定", "open")
    return tongue.say("是", "yes") if decided else tongue.say("否", "no")


def got_text(got: Got | None, tongue: Tongue) -> str:
    """A score, or what it can still become."""
    if got is None:
        return "—"
    if got.score is not None:
        return shown(round_half_up(got.score, 6))
    if got.status == "not applicable":
        return tongue.say("不适用", "not applicable")
    return f"{shown(got.low)}..{shown(got.high)}"
