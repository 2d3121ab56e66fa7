"""Why a score is what it is, in one sentence an officer understands, in Chinese and in English.

Computed values are printed with two decimals, unless that would hide on which side of a limit they lie: then exactly.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl import target as t
from perfdsl.core import Value
from perfdsl.quantity import NO_UNIT, Unit, format_number, round_half_up
from perfdsl.scorecard import EXCEEDED, MET, MISSED, MISSING, UNJUDGED, Standing

SIGNS = {">=": "≥", "<=": "≤", "!=": "≠"}
STATUS_ZH = {
    MET: "达标",
    EXCEEDED: "超额完成（超过三成，须说明原因）",
    MISSED: "未达标",
    MISSING: "没有完成值",
    UNJUDGED: "无法判定",
}
STATUS_EN = {MET: "met", EXCEEDED: "exceeded by more than 30% (to be explained)", MISSED: "missed",
             MISSING: "no actual value", UNJUDGED: "cannot be judged"}  # fmt: skip


class Trace(NamedTuple):
    """What the sentence is about: the row, its target, and the actual as value and as written."""

    plan: p.Plan
    row: p.PlanIndicator
    target: p.PlanTarget | None
    value: Value
    text: str
    schedule: Fraction | None
    standing: tuple[str, str] = ("", "")


def sentence(
    trace: Trace,
    status: str,
    case: c.Case | None = None,
    number: int = 0,
    award: Fraction | None = None,
    ranged: tuple[Fraction, Fraction] | None = None,
    words: Mapping[str, Value] | None = None,
) -> tuple[str, str]:
    """The reason in Chinese and in English."""
    if trace.standing[0] and (case is not None or status == MISSING):
        return _placed(trace, status, case, number, award, ranged)
    if status == MISSING and case is None and trace.text:
        return (
            f"完成值“{trace.text}”用不上，原因见检查发现",
            f"the actual “{trace.text}” cannot be used, see the findings",
        )
    if status == MISSING and case is None:
        return STATUS_ZH[MISSING], STATUS_EN[MISSING]
    judged = comparison(trace)
    zh, en = (STATUS_ZH[MISSING], STATUS_EN[MISSING]) if status == MISSING else _opening(trace, status, judged)
    if case is None:
        return zh, en
    detail_zh, detail_en = _detail(trace, case, judged, words or {})
    if detail_zh:
        zh, en = detail_zh, detail_en
    return zh + _decided(number, award, ranged, "zh"), en + _decided(number, award, ranged, "en")


def _placed(
    trace: Trace,
    status: str,
    case: c.Case | None,
    number: int,
    award: Fraction | None,
    ranged: tuple[Fraction, Fraction] | None,
) -> tuple[str, str]:
    """The same where the place among the objects scored together decides."""
    zh, en = trace.standing
    computed = trace.row.formula is not None and (status == MISSING or isinstance(trace.row.formula, c.Ref))
    if not computed:
        shown = trace.text or shown_value(trace.value, trace.row, trace.target) or STATUS_ZH[MISSING]
        judged = comparison(trace) or shown
        zh, en = f"{judged}；{zh}", f"{judged}; {en}"
    if case is None:
        return zh, en
    return zh + _decided(number, award, ranged, "zh"), en + _decided(number, award, ranged, "en")


def _opening(trace: Trace, status: str, judged: str) -> tuple[str, str]:
    """Actual against target, and what that means."""
    shown = trace.text or shown_value(trace.value, trace.row, trace.target)
    if trace.target is None:
        return shown or "—", shown or "—"
    if status == UNJUDGED:
        aim = trace.target.target.text
        return f"“{shown}”与指标值“{aim}”对不上，无法判定", f"“{shown}” cannot be judged against “{aim}”"
    aim = trace.target.target.text
    same = shown == aim.strip()
    zh = judged or (f"{shown}，与指标值相同" if same else f"{shown}（指标值 {aim}）")
    en = judged or (f"{shown}, as the target" if same else f"{shown} (target {aim})")
    return f"{zh}，{STATUS_ZH[status]}", f"{en}: {STATUS_EN[status]}"


def comparison(trace: Trace) -> str:
    """``95.04% ≥ 90%`` as it really is; empty where actual and target are not numbers."""
    target = trace.target
    if target is None or not isinstance(trace.value, Fraction):
        return ""
    match target.target.meaning:
        case t.Bound(op=op, quantity=quantity):
            return _compared(trace, quantity.base, op or "", target.unit or NO_UNIT)
        case t.Schedule() if trace.schedule is not None:
            unit = target.unit or NO_UNIT
            return _compared(trace, trace.schedule, ">=", unit) + "（序时进度）"
        case t.Deadline(date=limit):
            day = _day(trace.value)
            return f"{day}（期限 {limit.printed()}）"
    return ""


def _compared(trace: Trace, limit: Fraction, op: str, unit: Unit) -> str:
    value = trace.value
    assert isinstance(value, Fraction)  # the caller looked
    sign = "=" if value == limit else ">" if value > limit else "<"
    if (op == ">=" and value >= limit) or (op == "<=" and value <= limit):
        sign = SIGNS[op]
    edges = (limit, *limits(trace.row, "actual"))
    shown = trace.text if trace.row.formula is None and trace.text else number_text(value, unit, *edges)
    return f"{shown} {sign} {number_text(limit, unit)}"


def _detail(trace: Trace, case: c.Case, judged: str, words: Mapping[str, Value]) -> tuple[str, str]:
    """What the deciding case itself looked at, where that says more than the target."""
    share = words.get("completion")
    if isinstance(share, Fraction) and trace.target is not None:
        rate = number_text(share, PERCENT, Fraction(1), *limits(trace.row, "completion"))
        shown = trace.text or shown_value(trace.value, trace.row, trace.target)
        aim = trace.target.target.text
        return f"{shown}（指标值 {aim}），完成率{rate}", f"{shown} (target {aim}), completion {rate}"
    gap = words.get("gap")
    if isinstance(gap, Fraction) and gap and trace.target is not None:
        apart = _exactly(gap, _gap_unit(trace))
        return f"{judged or trace.text}，差{apart}", f"{judged or trace.text}, {apart} short"
    tests = _tests(trace, case.when)
    return (tests, tests) if tests else ("", "")


def _aims(trace: Trace) -> tuple[Fraction, ...]:
    meaning = trace.target.target.meaning if trace.target is not None else None
    return (meaning.quantity.base,) if isinstance(meaning, t.Bound) else ()


def _exactly(value: Fraction, unit: Unit) -> str:
    """All decimals where they end, since steps are counted by the smallest part of a distance."""
    exact = format_number(value / unit.scale)
    return number_text(value, unit) if "/" in exact else exact + unit.text


def _gap_unit(trace: Trace) -> Unit:
    unit = trace.target.unit if trace.target is not None else None
    if unit is not None and unit.dims == PERCENT.dims:
        return Unit("个百分点", PERCENT.scale, PERCENT.dims)
    if trace.target is not None and isinstance(trace.target.target.meaning, t.Deadline):
        return Unit("天", Fraction(86400), ())
    return unit or NO_UNIT


def _tests(trace: Trace, when: c.Expr) -> str:
    """The comparisons of the actual with constants that the case made."""
    parts = when.args if isinstance(when, c.And) else (when,)
    unit = (trace.target.unit if trace.target is not None else None) or trace.row.unit or NO_UNIT
    found: list[str] = []
    for part in parts:
        match part:
            case c.Compare(op, c.Ref("actual"), c.Const(limit)) if isinstance(limit, Fraction) and isinstance(
                trace.value, Fraction
            ):
                edges = (limit, *_aims(trace), *limits(trace.row, "actual"))
                shown = (
                    trace.text if trace.row.formula is None and trace.text else number_text(trace.value, unit, *edges)
                )
                found.append(f"{shown} {SIGNS.get(op, op)} {number_text(limit, unit)}")
            case c.Compare("=", c.Ref("actual"), c.Const(limit)) if isinstance(limit, str):
                found.append(f"“{limit}”")
            case _:
                return ""
    return "，".join(found)


def _decided(number: int, award: Fraction | None, ranged: tuple[Fraction, Fraction] | None, lang: str) -> str:
    if lang == "en":
        limits = f" ({format_number(ranged[0])} to {format_number(ranged[1])})" if ranged else ""
        return f" → case {number}{limits}: {format_number(award) if award is not None else 'mark not given'}"
    limits = f"（{format_number(ranged[0])}至{format_number(ranged[1])}分）" if ranged else ""
    marked = "评" if ranged else ""
    got = f"{marked}{format_number(award)}分" if award is not None else "还没有评分"
    return f" → 第{number}档{limits} {got}"


def shown_value(value: Value, row: p.PlanIndicator, target: p.PlanTarget | None) -> str:
    """A value in the row's own unit."""
    if isinstance(value, Fraction):
        if target is not None and isinstance(target.target.meaning, t.Deadline):
            return _day(value)
        unit = (target.unit if target is not None else None) or row.unit or NO_UNIT
        return number_text(value, unit, *limits(row, "actual"))
    return value if isinstance(value, str) else ""


def limits(row: p.PlanIndicator, name: str) -> list[Fraction]:
    """The constants a row's rubric compares ``name`` with."""
    found: list[Fraction] = []
    stack = [case.when for case in row.scoring.cases] if row.scoring is not None else []
    while stack:
        match stack.pop():
            case c.Compare(_, c.Ref(subject), c.Const(limit)) if subject == name and isinstance(limit, Fraction):
                found.append(limit)
            case part:
                stack.extend(c.children(part))
    return found


def number_text(value: Fraction, unit: Unit, *limits: Fraction) -> str:
    """A base value in ``unit``, two decimals, exact when rounding would hide its side of a limit."""
    printed = value / unit.scale
    short = round_half_up(printed, 2)
    for limit in limits if short != printed else ():
        edge = limit / unit.scale
        if (short > edge) - (short < edge) != (printed > edge) - (printed < edge):
            return format_number(printed) + unit.text
    return format_number(short) + unit.text


def _day(value: Fraction) -> str:
    day = date.fromordinal(int(value))
    return f"{day.year}年{day.month}月{day.day}日"


PERCENT = Unit("%", Fraction(1, 100), (("%", 1),))


# ---- comparisons among the objects scored together


def subject_words(of: str) -> tuple[str, str]:
    """What is compared, in a reader's words."""
    kind, _, path = of.partition(":")
    name = path.rpartition("/")[2]
    match kind:
        case "score":
            return f"{name or '总分'}得分", f"score of {name or 'all'}"
        case "lost":
            return f"{name or '总分'}失分", f"points lost in {name or 'all'}"
        case "total":
            return "总分", "total"
    return name, name


def alone(comparison: c.Comparison) -> tuple[str, str]:
    """Why an object scored alone has no place."""
    zh, en = subject_words(comparison.of)
    return (
        f"{zh}要与别的对象一起比，只评了一个对象",
        f"{en or 'the number'} is compared among objects, and only one was scored",
    )


def placed(comparison: c.Comparison, made: Standing, own: str, value: str) -> tuple[str, str]:
    """“媒体报道数 37篇，同类8家中第2名（并列）”; ``own`` is the object's, ``value`` the comparison's, as printed."""
    zh, en = subject_words(comparison.of)
    among = f"{'同类' if comparison.within else '全部'}{made.members}家"
    amongst = f"{made.members} {'of its class' if comparison.within else 'in all'}"
    if comparison.what == "size":
        return (f"{zh}：{among}" if zh else among), (f"{en}: {amongst}" if en else amongst)
    up = comparison.order == "low"
    if comparison.what in ("best", "worst"):
        return (
            f"{zh}{among}中最{'低' if up else '高'}{value}",
            f"{'lowest' if up else 'highest'} {en} among {amongst}: {value}",
        )
    tied, tied_en = ("（并列）", " (tied)") if made.tied else ("", "")
    way, way_en = ("从低到高", " from the lowest") if up else ("", "")
    if comparison.what == "rank_share":
        return (
            f"{zh} {own}，{among}中{way}名次占{value}{tied}",
            f"{en} {own}: place {value}{way_en} of {amongst}{tied_en}",
        )
    return f"{zh} {own}，{among}中{way}第{value}名{tied}", f"{en} {own}: number {value}{way_en} of {amongst}{tied_en}"
