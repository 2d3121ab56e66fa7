"""A comparison in words: what a reader of any report sees of it, line by line, the greatest amount first."""

from collections.abc import Iterator
from fractions import Fraction

import attrs

from perfdsl import comparison as c
from perfdsl.quantity import format_number, round_half_up
from perfdsl.reports._words import PERIODS, STATUSES, Words, word

KINDS: Words = {
    c.ACTUAL: ("完成值变化", "actual"), c.MISSING: ("有无完成值", "actual given or not"), c.APPLICABLE: ("适用与否", "applies or not"),
    c.TARGET: ("指标值变化", "target"), c.POINTS: ("分值变化", "points"), c.RULE: ("计分方法变化", "scoring method"),
    c.INPUTS: ("用到的数变化", "what it is worked out from"), c.PEERS: ("同组对象的变化", "the objects it is compared with"),
    c.REVIEW: ("评分或复核", "mark or review"),
    c.SHARE: ("所在组的计入比例", "share of its group"), c.HIDDEN: ("报告里看不出的原因", "not shown in the saved report"),
    c.ADDED: ("新增指标", "added"), c.REMOVED: ("取消指标", "removed"),
}  # fmt: skip
SHIFTS: Words = {
    c.FACTOR: ("组的分值或权重变化", "points or weight of the group"), c.MULTIPLIER: ("系数变化", "factor of the group"),
    c.LIMIT: ("组得分的上限", "limit of the group"), c.ROUNDING: ("舍入", "rounding"),
    c.BONUS_LIMIT: ("加减分范围的限制", "limits of the bonus block"), c.EITHER: ("择一的变化", "which part counts"),
    c.TOTAL_LIMIT: ("总分上下限", "limits of the total"), c.CEILING: ("封顶", "ceiling"),
}  # fmt: skip
FACTS: Words = {
    "target": ("指标值", "target"), "actual": ("完成值", "actual"), "status": ("判定", "status"), "points": ("分值", "points"),
    "rubric": ("计分方法", "rubric"), "case": ("档次", "case"), "condition": ("所在档", "condition"), "mark": ("评分", "mark"),
    "review": ("复核分", "review"), "uses": ("用到而变了的", "uses"), "place": ("名次", "place"),
}  # fmt: skip


@attrs.frozen
class Item:
    """One line of the ranking: the amount, what it is about, its own scores, the facts, the causes and their amounts."""

    amount: Fraction
    what: str
    own: str = ""
    facts: tuple[str, ...] = ()
    causes: tuple[tuple[str, Fraction], ...] = ()

    @property
    def name(self) -> str:
        return self.what + self.own


def causes_text(item: Item, lang: str) -> str:
    """The causes of one line in a row."""
    gap = ", " if lang == "en" else "，"
    return gap.join(f"{words} {signed(amount)}" for words, amount in item.causes)


def signed(value: Fraction) -> str:
    """An amount with its sign, four decimals where it has more or never ends."""
    short = round_half_up(value, 4)
    text = format_number(value if short == value else short)
    return f"+{text}" if value > 0 else text


def heading(made: c.Comparison, lang: str) -> str:
    """What it is set against: file, object and period, as far as they differ."""
    was, now = made.before, made.after
    parts = [was.source, was.object if was.object != now.object else "", word(PERIODS, was.period, lang) if was.period != now.period else ""]  # fmt: skip
    named = " · ".join(part for part in parts if part) or was.object
    return f"compared with {named}" if lang == "en" else f"与 {named} 相比"


def summary(made: c.Comparison, lang: str) -> str:
    """Both totals and their difference; how many targets were met where there are no points."""
    was, now = made.before, made.after
    if not made.compares_totals:
        met, of = ("met", "of") if lang == "en" else ("达标", "/")
        gap = f" {of} " if lang == "en" else of
        return f"{met} {was.met}{gap}{was.assessed} → {now.met}{gap}{now.assessed}"
    ends = f"{_total(was)} → {_total(now)}"
    return f"total {ends}, difference {difference(made)}" if lang == "en" else f"总分 {ends}，差 {difference(made)}"


def difference(made: c.Comparison) -> str:
    """The difference of the totals, or between which limits it will be."""
    return signed(made.difference) if made.difference is not None else f"{signed(made.low)} … {signed(made.high)}"


def ranking(made: c.Comparison, lang: str) -> Iterator[Item]:
    """Rows and what groups do by themselves, the greatest amount first; rows of no amount whose judgement changed come last."""
    items = [_change(change, lang) for change in made.changes] + [_shift(shift, lang) for shift in made.shifts]
    yield from sorted(items, key=lambda item: -abs(item.amount))


def closing(made: c.Comparison, lang: str) -> str:
    """Do the lines account for everything?"""
    if not made.compares_totals:
        return ""
    whole = signed(made.explained)
    if made.difference is not None:
        return f"sum {whole}, exactly the difference" if lang == "en" else f"合计 {whole}，等于总分之差"
    left = ("、" if lang != "en" else ", ").join(path[-1] for path in made.open if path)
    if lang == "en":
        return f"what is known comes to {whole}; not decided: {left or 'see the findings'}"
    return f"已经能定的合计 {whole}；还定不下来：{left or '见检查发现'}"


def _total(side: c.Result) -> str:
    return (
        format_number(side.total) if side.total is not None else f"{format_number(side.low)}–{format_number(side.high)}"
    )


def _change(change: c.Change, lang: str) -> Item:
    own = ""
    if change.state == c.BOTH and change.before != change.after:
        scores = " → ".join(format_number(x) if x is not None else "—" for x in (change.before, change.after))
        own = f" ({scores})" if lang == "en" else f"（{scores} 分）"
    elif change.state != c.BOTH:
        own = f" ({word(KINDS, change.state, lang)})" if lang == "en" else f"（{word(KINDS, change.state, lang)}）"
    both = " and " if lang == "en" else "和"
    causes = tuple((both.join(word(KINDS, kind, lang) for kind in x.kinds), x.amount) for x in change.causes)
    return Item(change.amount, change.path[-1], own, tuple(_facts(change, lang)), causes)


def _facts(change: c.Change, lang: str) -> Iterator[str]:
    """The facts of a row as words; where only the case is another one its number is enough."""
    if change.was:
        yield f"{'formerly' if lang == 'en' else '原在'} {'/'.join(change.was)}"
    names = {fact.name for fact in change.facts}
    ruled = any(c.RULE in cause.kinds for cause in change.causes)
    for fact in change.facts:
        if fact.name == "condition" and "case" in names and not ruled:
            continue
        label = word(FACTS, fact.name, lang)
        if fact.name == "uses":
            yield f"{label} {fact.after}"
            continue
        shown = [_shown(fact.name, text, lang) for text in (fact.before, fact.after)]
        if change.state == c.BOTH:
            yield f"{label} {shown[0] or '—'} → {shown[1] or '—'}"
        elif fact.name in ("target", "actual", "points"):
            yield f"{label} {shown[0] or shown[1]}"


def _shown(name: str, text: str, lang: str) -> str:
    if name == "status":
        return word(STATUSES, text, lang)
    if name == "case" and text:
        return text if lang == "en" else f"第{text}档"
    return text


def _shift(shift: c.Shift, lang: str) -> Item:
    where = "/".join(shift.path) or ("total" if lang == "en" else "总分")
    gap = ": " if lang == "en" else "："
    facts = (f"{_short(shift.before)} → {_short(shift.after)}",) if shift.kind in (c.FACTOR, c.MULTIPLIER) else ()
    return Item(shift.amount, f"{where}{gap}{word(SHIFTS, shift.kind, lang)}", facts=facts)


def _short(value: Fraction) -> str:
    return signed(value).lstrip("+")
