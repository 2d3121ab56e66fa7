"""A full sentence about one reading: what the cell was read as, which column gave what, and why it is doubtful."""

import re
from typing import NamedTuple, assert_never

from perfdsl.quantity import NO_UNIT, SHARE, Quantity, Unit, format_number
from perfdsl.read_target import KINDS, read_target
from perfdsl.target import (
    Bound,
    Compound,
    Deadline,
    Finding,
    Free,
    Growth,
    Level,
    Meaning,
    Nothing,
    Range,
    Schedule,
    Target,
    kind,
)


class Columns(NamedTuple):
    """What stands beside the cell in its table."""

    op: str = ""
    unit: str = ""
    name: str = ""


def sentence(target: Target, findings: tuple[Finding, ...], columns: Columns, lang: str) -> str:
    """How the cell was read and why that is doubtful, in Chinese (``zh``) or English (``en``); one line."""
    parts = [_reading(target, lang), *_sources(target, findings, columns, lang)]
    reasons = [message(finding, lang)[0] for finding in findings if KINDS[finding.code].severity != "info"]
    if not reasons:
        return (
            _ended("，".join(parts), "；没有疑点", lang)
            if lang == "zh"
            else _ended(", ".join(parts), "; nothing doubtful", lang)
        )
    if lang == "zh":
        return _ended("，".join(parts), f"；有 {len(reasons)} 处疑点：{'；'.join(reasons)}", lang)
    return _ended(", ".join(parts), f"; doubtful ({len(reasons)}): {'; '.join(reasons)}", lang)


def message(finding: Finding, lang: str) -> tuple[str, str]:
    """The message of a finding and its help, filled with its facts."""
    known = KINDS[finding.code]
    text, mend = (known.en, known.help_en) if lang == "en" else (known.zh, known.help_zh)
    for key, value in finding.facts:
        text, mend = text.replace("{" + key + "}", value), mend.replace("{" + key + "}", value)
    return _one_line(text), _one_line(mend)


def _ended(start: str, rest: str, lang: str) -> str:
    made = start + rest
    return made if made[-1] in "？?。." else made + ("。" if lang == "zh" else ".")


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", text)


def _reading(target: Target, lang: str) -> str:
    zh = lang == "zh"
    shown = _one_line(target.text)
    name = KINDS_ZH[kind(target)] if zh else KINDS_EN[kind(target)]
    said = _said(target.meaning, zh)
    if zh:
        subject = f"，考核对象是“{target.label}”" if target.label else ""
        return f"“{shown}”读作{name}" + (f"：{said}" if said else "") + subject
    subject = f", about “{target.label}”" if target.label else ""
    return f"“{shown}” is read as {name}" + (f": {said}" if said else "") + subject


def _said(meaning: Meaning, zh: bool) -> str:
    match meaning:
        case Bound(op, quantity, qualifier, approximate):
            about = ("约" if zh else "about ") if approximate else ""
            led = f"{qualifier}" if zh else f"{qualifier} " if qualifier else ""
            return led + _relation(op, zh) + about + _amount(quantity)
        case Range():
            return _between(meaning, zh)
        case Deadline():
            return _by(meaning, zh)
        case Level(word):
            return f"等次或状态“{word}”" if zh else f"the level or state “{word}”"
        case Growth():
            return _change(meaning, zh)
        case Compound(parts):
            said = [f"（{i}）{part.label}{_said(part.meaning, zh)}" for i, part in enumerate(parts, 1)]
            return f"{len(parts)} 项" + "".join(said) if zh else f"{len(parts)} targets " + " ".join(said)
        case Schedule():
            return "评价日已过去的时间份额" if zh else "the share of the year gone at the day of evaluation"
        case Nothing():
            return "本期不考核" if zh else "not assessed in this period"
        case Free():
            return "没有可以计算的指标值" if zh else "no target that can be computed with"
        case other:
            assert_never(other)


def _relation(op: str | None, zh: bool) -> str:
    if op is None:
        return "（没有写符号）" if zh else "(no sign) "
    return OPS_ZH[op] if zh else OPS_EN[op] + " "


def _amount(quantity: Quantity) -> str:
    return _number(format_number(quantity.value), quantity.unit)


def _number(number: str, unit: Unit) -> str:
    return number if unit in (NO_UNIT, SHARE) else number + unit.text


def _between(meaning: Range, zh: bool) -> str:
    low, high = (_number(format_number(edge), meaning.unit) for edge in (meaning.low, meaning.high))
    closed = (meaning.low_closed, meaning.high_closed)
    ends = ENDS[closed][0 if zh else 1]
    about = ("约" if zh else "about ") if meaning.approximate else ""
    led = f"{meaning.qualifier}" if zh else f"{meaning.qualifier} " if meaning.qualifier else ""
    return f"{led}{about}{low} 到 {high}，{ends}" if zh else f"{led}{about}{low} to {high}, {ends}"


def _by(meaning: Deadline, zh: bool) -> str:
    day = meaning.date.printed() or meaning.date.iso()
    every = meaning.recurring
    since = meaning.since.printed() if meaning.since else ""
    if zh:
        held = "（含）" if meaning.inclusive else "（不含）"
        return f"{every}{since + '起，' if since else ''}不晚于{day}{held}"
    held = "inclusive" if meaning.inclusive else "exclusive"
    start = f"{every} " if every else ""
    return f"{start}{'from ' + since + ' ' if since else ''}by {day}, {held}"


def _change(meaning: Growth, zh: bool) -> str:
    base = meaning.base
    size = _relation(meaning.op, zh) if meaning.op else ""
    amount = _amount(meaning.quantity) if meaning.quantity else ""
    about = ("约" if zh else "about ") if meaning.approximate else ""
    if zh:
        verb = {"up": "增长", "down": "下降", "": ""}[meaning.direction]
        return f"{base}{verb}{size}{about}{amount}（评分时要有上期值）" if verb else f"{size}{base}（评分时要有上期值）"
    verb = {"up": "growth of ", "down": "decrease of ", "": ""}[meaning.direction]
    against = f" ({base})" if base else ""
    return (
        f"{verb}{size}{about}{amount or 'any size'}{against}, needs the prior value"
        if verb
        else f"{size}{base}, needs the prior value"
    )


def _sources(target: Target, findings: tuple[Finding, ...], columns: Columns, lang: str) -> list[str]:
    """Which column gave the sign and the unit that the cell itself does not have."""
    zh = lang == "zh"
    if any(finding.code == "T117" for finding in findings):
        return ["指标值取自指标名称" if zh else "taken from the indicator's name"]
    alone = read_target(target.text)[0].meaning
    made = []
    if _op(alone) is None and _op(target.meaning) is not None:
        made.append(
            f"符号取自指标性质栏“{columns.op}”" if zh else f"the sign comes from the sign column “{columns.op}”"
        )
    own, unit = _unit(alone), _unit(target.meaning)
    if own is not None and unit is not None and own != unit and unit.text != own.text:
        if columns.unit:
            made.append(
                f"单位取自计量单位栏“{columns.unit}”" if zh else f"the unit comes from the unit column “{columns.unit}”"
            )
        else:
            made.append(f"单位取自指标名称“{columns.name}”" if zh else f"the unit comes from the name “{columns.name}”")
    return made


def _op(meaning: Meaning) -> str | None:
    return meaning.op if isinstance(meaning, Bound | Growth) else None


def _unit(meaning: Meaning) -> Unit | None:
    match meaning:
        case Bound(quantity=quantity) | Growth(quantity=Quantity() as quantity):
            return quantity.unit
        case Range(unit=unit):
            return unit
        case _:
            return None


KINDS_ZH = {"number": "数", "percent": "百分比", "money": "金额", "range": "区间", "duration": "时长", "deadline": "期限",
            "level": "等级词", "schedule": "序时进度", "growth": "增减幅度", "compound": "几项合写", "none": "不考核",
            "freetext": "文字表述"}  # fmt: skip
KINDS_EN = {"number": "a number", "percent": "a percentage", "money": "an amount of money", "range": "a range",
            "duration": "a duration", "deadline": "a deadline", "level": "a level", "schedule": "progress in step with the year",
            "growth": "a change against an earlier value", "compound": "several targets in one cell", "none": "none",
            "freetext": "free text"}  # fmt: skip
OPS_ZH = {">=": "不少于（≥）", "<=": "不超过（≤）", ">": "超过（＞）", "<": "低于（＜）", "=": "等于（＝）"}
OPS_EN = {">=": "at least (≥)", "<=": "at most (≤)", ">": "more than (>)", "<": "less than (<)", "=": "exactly (=)"}
ENDS = {
    (True, True): ("两端都含", "both ends included"),
    (True, False): ("含下限，不含上限", "the upper end excluded"),
    (False, True): ("不含下限，含上限", "the lower end excluded"),
    (False, False): ("两端都不含", "both ends excluded"),
}
_BREAKS = re.compile(r"\s+")
