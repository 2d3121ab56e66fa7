"""One indicator to date: its value against what is due, in a ratio, a verdict and a sentence."""

from fractions import Fraction
from typing import NamedTuple

from attrs import evolve

from perfdsl import plan as p
from perfdsl import target as t
from perfdsl.core import Value
from perfdsl.evaluate import Engine, Frame
from perfdsl.explain import number_text
from perfdsl.monitor.aims import LATER, NOTHING, UNDATED, UNKNOWN, Aim
from perfdsl.monitor.forecasts import forecasts
from perfdsl.monitor.lights import light
from perfdsl.monitor.now import Now
from perfdsl.monitoring import (
    FROM_FULL,
    FROM_LEVEL,
    FROM_SCHEDULE,
    LAGGING,
    MISSING,
    NO_TARGET,
    NOT_APPLICABLE,
    NOT_DUE,
    OUTPUT,
    REACHED,
    UNJUDGED,
    Progress,
    Remarks,
)
from perfdsl.quantity import NO_UNIT, Unit

PERCENT = Unit("%", Fraction(1, 100), (("%", 1),))
DAY = Fraction(86400)
STATUS_WORDS = {
    MISSING: ("没有完成值", "no actual value"),
    NOT_APPLICABLE: ("不适用", "does not apply"),
    NO_TARGET: ("没有指标值", "no target"),
}


class Said(NamedTuple):
    """What the table says of one indicator beside its actual: its own words, the forecast read, and the remarks."""

    text: str = ""
    forecast: Value = None
    remarks: Remarks = Remarks()


def progress(engine: Engine, row: p.PlanIndicator, aim: Aim, now: Now, said: Said) -> Progress:
    """Where ``row`` is; ``engine`` has the target that judges it as the target of the period."""
    share = now.share
    frame = engine.frame(row)
    status = _status(engine, row, aim, frame)
    judged = _due_now(frame, aim)
    counts = status in (REACHED, LAGGING)
    completion = engine.value(frame.judge.completion, judged) if counts else None
    made = Progress(
        path=row.path,
        target=aim.target.target.text if aim.target is not None else "",
        full=aim.full.target.text if aim.full is not None else "",
        basis=aim.basis,
        due=_due(aim, share) if aim.why != NOTHING else "",
        actual=engine.actual_text(row, frame) or said.text,
        value=frame.value,
        status=status,
        completion=completion if isinstance(completion, Fraction) else None,
        gap=_gap(engine, row, aim, judged) if status == LAGGING else "",
        light=light(engine, OUTPUT, completion) if isinstance(completion, Fraction) else None,
        forecasts=forecasts(engine, frame, aim, now, said.forecast) if status != NOT_APPLICABLE else (),
        remarks=said.remarks,
        nature=row.nature,
        line=row.line,
    )
    over = _over(aim, judged)
    zh, en = _reason(made, aim, share, over=over)
    return evolve(made, reason_zh=zh, reason_en=en)


def _status(engine: Engine, row: p.PlanIndicator, aim: Aim, frame: Frame) -> str:
    if engine.applies(row) is False:
        return NOT_APPLICABLE
    if aim.why == NOTHING:
        return NOT_DUE
    if aim.judged is None:
        return NO_TARGET
    met = engine.value(frame.judge.met, _due_now(frame, aim))
    if aim.why == LATER:
        return REACHED if met is True and aim.share else NOT_DUE
    if frame.value is None:
        return UNJUDGED if aim.why == UNDATED else MISSING
    if aim.why == UNKNOWN or met is None:
        return UNJUDGED
    return REACHED if met else LAGGING


def _due_now(frame: Frame, aim: Aim) -> Frame:
    """The actual as a whole year's, where only a share of the year is due: the year's target then judges it exactly."""
    if aim.share in (0, 1) or not isinstance(frame.value, Fraction):
        return frame
    return frame._replace(value=frame.value / aim.share)


def _due(aim: Aim, share: Fraction | None) -> str:
    """What is due, in words."""
    if aim.judged is None:
        return ""
    text = aim.judged.target.text.strip()
    match aim.judged.target.meaning:
        case t.Schedule() if share is not None:
            return f"{text}{percent(share)}"
        case t.Bound(op=op, quantity=quantity) if aim.basis == FROM_SCHEDULE:
            return f"{t.PRINTED[op]}{number_text(quantity.base * aim.share, aim.judged.unit or quantity.unit)}"
        case t.Range(low=low, high=high, unit=unit) if aim.basis == FROM_SCHEDULE:
            ends = (number_text(x * unit.scale * aim.share, unit) for x in (low, high))
            return "–".join(ends)
    return text


def _gap(engine: Engine, row: p.PlanIndicator, aim: Aim, frame: Frame) -> str:
    """What lacks, in the unit of the target; for a deadline the days it is late."""
    gap = engine.value(frame.judge.gap, frame)
    if not isinstance(gap, Fraction) or aim.judged is None:
        return ""
    match aim.judged.target.meaning:
        case t.Deadline():
            return number_text(gap / DAY, Unit("天", Fraction(1), (("秒", 1),)))
        case t.Bound() | t.Range() | t.Schedule():
            unit = aim.judged.unit or row.unit or NO_UNIT
            shown = number_text(gap * (aim.share or 1), unit)
            return f"{shown.removesuffix('%')}个百分点" if unit.text == "%" else shown
    return ""


def _over(aim: Aim, frame: Frame) -> bool:
    """Is the value above the upper limit it is behind for?"""
    if aim.judged is None or not isinstance(frame.value, Fraction):
        return False
    match aim.judged.target.meaning:
        case t.Bound(quantity=quantity):
            return frame.value > quantity.base
        case t.Range(high=high, unit=unit):
            return frame.value > high * unit.scale
    return False


def percent(ratio: Fraction) -> str:
    """A ratio with two decimals, exactly where two would make it look reached."""
    return number_text(ratio, PERCENT, Fraction(1))


def _reason(made: Progress, aim: Aim, share: Fraction | None, *, over: bool) -> tuple[str, str]:
    if made.status in STATUS_WORDS:
        return STATUS_WORDS[made.status]
    if made.status == NOT_DUE:
        return _not_due(made, aim)
    ceiling = (
        aim.judged is not None and isinstance(bound := aim.judged.target.meaning, t.Bound) and bound.op in ("<=", "<")
    )
    zh, en = _basis(made, share, ceiling=ceiling)
    if aim.why == UNKNOWN:
        return (f"{made.actual}；没有本期指标值，全年指标值{made.full}不能折算",
                f"{made.actual}; no target for the period, and that of the year, {made.full}, cannot be divided")  # fmt: skip
    if made.status == UNJUDGED and aim.why == UNDATED and made.value is None:
        zh, en = f"期限{made.due}，不知道到期没有", f"due {made.due}; nobody knows whether that day has come"
        return (f"{zh}；现在{made.actual}", f"{en}; now {made.actual}") if made.actual not in ("", "无") else (zh, en)
    if made.status == UNJUDGED:
        return f"“{made.actual}”与{zh}对不上，无法判断", f"“{made.actual}” cannot be judged against {en}"
    if aim.judged is not None and isinstance(aim.judged.target.meaning, t.Deadline):
        return (f"{made.actual}，期限{made.due}" + (f"，迟{made.gap}" if made.gap else ""),
                f"{made.actual}, due {made.due}" + (f", {made.gap.removesuffix('天')} days late" if made.gap else ""))  # fmt: skip
    rate = percent(made.completion) if made.completion is not None else ""
    lacks_zh, lacks_en = (
        (
            f"，{'超' if over else '差'}{made.gap}",
            f", {made.gap.replace('个百分点', ' percentage points')} {'over' if over else 'short'}",
        )
        if made.gap
        else ("", "")
    )
    rate_zh, rate_en = (
        (f"，完成率{rate}", f", completion {rate}")
        if ceiling
        else (f"，完成应完成的{rate}", f", {rate} of what is due")
    )
    return (f"{made.actual}，{zh}" + (rate_zh if rate else "") + lacks_zh,
            f"{made.actual}, {en}" + (rate_en if rate else "") + lacks_en)  # fmt: skip


def _not_due(made: Progress, aim: Aim) -> tuple[str, str]:
    if aim.why == NOTHING:
        zh, en = "本期指标值是“无”，还没有到期", "nothing is due in this period (无)"
    elif aim.share == 0:
        zh, en = "序时进度是0，还没有到期", "nothing is due yet by the schedule"
    else:
        zh, en = f"期限{made.due}，还没有到期", f"due {made.due}, which is still to come"
    return (f"{zh}；现在{made.actual}", f"{en}; now {made.actual}") if made.actual not in ("", "无") else (zh, en)


def _basis(made: Progress, share: Fraction | None, *, ceiling: bool) -> tuple[str, str]:
    if made.basis == FROM_SCHEDULE and share is not None:
        product = f"{made.full} × {percent(share)}"
        due_zh, due_en = ("应控制在", "limit to date") if ceiling else ("应完成", "due")
        return f"{due_zh}{made.due}（全年{product}）", f"{due_en} {made.due} ({product} of the year)"
    if made.basis in (FROM_LEVEL, FROM_FULL):
        return f"全年指标值{made.full}", f"the year's target {made.full}"
    return f"本期指标值{made.due}", f"the period's target {made.due}"
