"""What a target cell means, and what a completion value says.

A ``Target`` keeps its text verbatim beside a meaning from a closed set of shapes; ``to_json`` and ``canonical`` lose
nothing of the meaning: ``from_json`` and reading the canonical text give it back.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

import attrs

from perfdsl.quantity import NO_UNIT, SHARE, Quantity, Unit, format_number, unit_named

OPS = (">=", "<=", ">", "<", "=")
PRINTED = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", None: ""}


@attrs.frozen
class Date:
    """A calendar date, or the part of one that was written: 2023, 2023-12, --12-31, ---25."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def iso(self) -> str:
        """ISO 8601, partial where parts are missing."""
        if self.year is not None:
            parts = [f"{self.year:04}"]
            if self.month is not None:
                parts.append(f"{self.month:02}")
                if self.day is not None:
                    parts.append(f"{self.day:02}")
            return "-".join(parts)
        if self.month is not None:
            return f"--{self.month:02}" + (f"-{self.day:02}" if self.day is not None else "")
        return f"---{self.day:02}" if self.day is not None else ""

    @classmethod
    def from_iso(cls, text: str) -> "Date":
        """The date that ``iso`` printed."""
        if text.startswith("---"):
            return cls(day=int(text[3:]))
        if text.startswith("--"):
            month, _, day = text[2:].partition("-")
            return cls(None, int(month), int(day) if day else None)
        numbers = [int(part) for part in text.split("-")] + [None, None]
        return cls(numbers[0], numbers[1], numbers[2])

    def printed(self) -> str:
        """As a Chinese table prints it."""
        parts = ((self.year, "年"), (self.month, "月"), (self.day, "日"))
        return "".join(f"{n}{word}" for n, word in parts if n is not None)


@attrs.frozen
class Bound:
    """One limit; ``op`` is None for a bare number."""

    op: str | None
    quantity: Quantity
    qualifier: str = ""
    approximate: bool = False


@attrs.frozen
class Range:
    """Between two values of one unit; ``tolerance`` says it was written with ±."""

    low: Fraction
    high: Fraction
    unit: Unit
    low_closed: bool = True
    high_closed: bool = True
    qualifier: str = ""
    approximate: bool = False
    tolerance: bool = False


@attrs.frozen
class Deadline:
    """On or before a date; ``since`` is the first day of a span, ``recurring`` words such as 每月."""

    date: Date
    since: Date | None = None
    inclusive: bool = True
    recurring: str = ""

    @property
    def repeats(self) -> bool:
        """Is it due again and again (每月25日前), so that one date cannot say whether it was kept?"""
        return self.recurring not in ("", "当年", "本年", "当年度", "本年度")


@attrs.frozen
class Level:
    """A quality or state in words."""

    word: str


@attrs.frozen
class Schedule:
    """序时进度: the share of the year gone at the day of evaluation."""


@attrs.frozen
class Growth:
    """A change against an earlier value; ``direction`` is up, down or empty for a plain comparison with it."""

    op: str | None
    quantity: Quantity | None
    base: str
    direction: str = ""
    approximate: bool = False


@attrs.frozen
class Compound:
    """Several labelled targets in one cell."""

    parts: tuple["Target", ...]


@attrs.frozen
class Nothing:
    """Not assessed in this period."""


@attrs.frozen
class Free:
    """A qualitative statement that is not a target anybody can compute with."""

    text: str


Meaning = Bound | Range | Deadline | Level | Schedule | Growth | Compound | Nothing | Free


@attrs.frozen
class Target:
    """A cell: its text verbatim, what it means, and the subject the text carries, if any."""

    text: str
    meaning: Meaning
    label: str = ""


@attrs.frozen
class Amount:
    """A completion value that is a number."""

    quantity: Quantity
    approximate: bool = False


@attrs.frozen
class OnDate:
    """A completion value that is a date."""

    date: Date


@attrs.frozen
class Word:
    """A completion value in words."""

    text: str


@attrs.frozen
class Missing:
    """No value was given."""


@attrs.frozen
class NoneHappened:
    """无: there were none."""


@attrs.frozen
class NotApplicable:
    """不适用: the indicator does not apply."""


@attrs.frozen
class Unread:
    """A text with numbers that is not a value; never to be scored."""

    text: str


@attrs.frozen
class Reading:
    """A completion value: its text verbatim and what it says."""

    text: str
    meaning: Amount | OnDate | Word | Missing | NoneHappened | NotApplicable | Unread


@attrs.frozen
class Finding:
    """A doubt about a stretch of the text (offsets in its characters); the facts fill the message of its code.

    ``about`` says what is to be mended: the ``cell``, the ``sign`` or ``unit`` column, or the indicator's ``name``.
    """

    code: str
    start: int
    end: int
    facts: tuple[tuple[str, str], ...] = ()
    about: str = "cell"


Findings = tuple[Finding, ...]


def kind(target: Target) -> str:
    """The kind's public name: number, percent, money, range, duration, deadline, level, schedule, growth …"""
    match target.meaning:
        case Bound(quantity=quantity):
            return unit_kind(quantity.unit)
        case Range():
            return "range"
        case Deadline():
            return "deadline"
        case Level():
            return "level"
        case Schedule():
            return "schedule"
        case Growth():
            return "growth"
        case Compound():
            return "compound"
        case Nothing():
            return "none"
        case Free():
            return "freetext"
        case other:
            assert_never(other)


def unit_kind(unit: Unit) -> str:
    """What a quantity in this unit is: percent, money, duration or number."""
    above = [name for name, power in unit.dims if power > 0]
    if above == ["%"]:
        return "percent"
    if len(above) == 1 and above[0] in MONEY:
        return "money"
    if len(above) == 1 and above[0] in TIMES:
        return "duration"
    return "number"


def to_json(target: Target) -> dict[str, object]:
    """The published form: numbers as exact strings in the printed unit, keys that do not apply left out."""
    made: dict[str, object] = {"text": target.text, "kind": kind(target), "op": None, "value": None, "unit": None}
    made.update(_fields(target.meaning))
    if target.label:
        made["label"] = target.label
    if isinstance(target.meaning, Free) and target.meaning.text != target.text:
        made["statement"] = target.meaning.text  # as read: widths and spaces folded
    return made


def _fields(meaning: Meaning) -> dict[str, object]:
    match meaning:
        case Bound(op, quantity, qualifier, approximate):
            return {"op": op} | _amount(quantity) | _optional(qualifier=qualifier, approximate=approximate)
        case Range():
            return _range_fields(meaning)
        case Deadline(date, since, inclusive, recurring):
            made: dict[str, object] = {"op": "<=" if inclusive else "<", "value": date.iso()}
            return made | _optional(qualifier=recurring, since=since.iso() if since else "")
        case Level(word):
            return {"value": word}
        case Growth(op, quantity, base, direction, approximate):
            amount = _amount(quantity) if quantity else {}
            return {"op": op} | amount | _optional(base=base, direction=direction, approximate=approximate)
        case Compound(parts):
            return {"parts": [to_json(part) for part in parts]}
        case Schedule() | Nothing() | Free():
            return {}
        case other:
            assert_never(other)


def _amount(quantity: Quantity) -> dict[str, object]:
    return {"value": format_number(quantity.value), "unit": quantity.unit.text} | _share(quantity.unit)


def _share(unit: Unit) -> dict[str, object]:
    """三分之二 has no unit to print, yet it is a share and not a count."""
    return {"share": True} if unit == SHARE else {}


def _range_fields(meaning: Range) -> dict[str, object]:
    made: dict[str, object] = {
        "unit": meaning.unit.text,
        "low": format_number(meaning.low),
        "high": format_number(meaning.high),
    }
    if not meaning.low_closed:
        made["low_closed"] = False
    if not meaning.high_closed:
        made["high_closed"] = False
    return (
        made
        | _share(meaning.unit)
        | _optional(qualifier=meaning.qualifier, approximate=meaning.approximate, tolerance=meaning.tolerance)
    )


def _optional(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value}


def from_json(data: Mapping[str, object]) -> Target:
    """The target that ``to_json`` wrote."""
    return Target(str(data["text"]), _meaning(data), str(data.get("label", "")))


def _meaning(data: Mapping[str, object]) -> Meaning:
    match data["kind"]:
        case "range":
            return _range_from(data)
        case "deadline":
            since = data.get("since")
            first = Date.from_iso(str(since)) if since else None
            last = Date.from_iso(str(data["value"]))
            return Deadline(last, first, data["op"] == "<=", str(data.get("qualifier", "")))
        case "level":
            return Level(str(data["value"]))
        case "schedule":
            return Schedule()
        case "growth":
            quantity = None if data.get("value") is None else _quantity_from(data)
            base, direction = str(data.get("base", "")), str(data.get("direction", ""))
            return Growth(_op_from(data), quantity, base, direction, bool(data.get("approximate", False)))
        case "compound":
            parts = data["parts"]
            assert isinstance(parts, list)
            return Compound(tuple(from_json(part) for part in parts))
        case "none":
            return Nothing()
        case "freetext":
            return Free(str(data.get("statement", data["text"])))
        case _:
            qualifier, approximate = str(data.get("qualifier", "")), bool(data.get("approximate", False))
            return Bound(_op_from(data), _quantity_from(data), qualifier, approximate)


def _op_from(data: Mapping[str, object]) -> str | None:
    op = data.get("op")
    return None if op is None else str(op)


def _quantity_from(data: Mapping[str, object]) -> Quantity:
    unit = _unit_from(data)
    if data["kind"] == "money" and not unit.dims:
        unit = as_money(unit)
    return Quantity(Fraction(str(data["value"])), unit)


def _unit_from(data: Mapping[str, object]) -> Unit:
    return SHARE if data.get("share") else unit_named(str(data["unit"]))


def as_money(unit: Unit) -> Unit:
    """A bare scale such as 万 that stands for money."""
    return attrs.evolve(unit, dims=(("元", 1),))


def _range_from(data: Mapping[str, object]) -> Range:
    return Range(
        Fraction(str(data["low"])),
        Fraction(str(data["high"])),
        _unit_from(data),
        low_closed=bool(data.get("low_closed", True)),
        high_closed=bool(data.get("high_closed", True)),
        qualifier=str(data.get("qualifier", "")),
        approximate=bool(data.get("approximate", False)),
        tolerance=bool(data.get("tolerance", False)),
    )


def canonical(target: Target) -> str:
    """One printing for each meaning; reading it gives the same typed target."""
    body = _printed(target.meaning)
    return f"【{target.label}】{body}" if target.label else body


def _printed(meaning: Meaning) -> str:
    match meaning:
        case Bound(op, quantity, qualifier, approximate):
            led = "约" if approximate else "计" if qualifier and op is None and quantity.value < 0 else ""
            return qualifier + led + PRINTED[op] + _plain(quantity.value, quantity.unit)
        case Range():
            return _printed_range(meaning)
        case Deadline():
            return _printed_deadline(meaning)
        case Level(word):
            return word
        case Schedule():
            return "序时进度"
        case Growth():
            return _printed_growth(meaning)
        case Compound(parts):
            return "；".join(canonical(part) for part in parts)
        case Nothing():
            return "无"
        case Free(text):
            return text
        case other:
            assert_never(other)


def _plain(value: Fraction, unit: Unit = NO_UNIT) -> str:
    if unit == SHARE:
        return f"{value.numerator}/{value.denominator}"
    printed = format_number(value) + unit.text
    return "+" + printed if _LIKE_A_DATE.match(printed) else printed  # +12月 is a length, 12月 a date


def _printed_range(meaning: Range) -> str:
    start = meaning.qualifier + ("约" if meaning.approximate else "")
    if meaning.tolerance and meaning.low == -meaning.high:
        return f"{start}±{_plain(meaning.high, meaning.unit).removeprefix('+')}"
    ends = [_plain(edge, meaning.unit) for edge in (meaning.low, meaning.high)] + [_plain(meaning.low)]
    plain = meaning.low >= 0 and "/" not in format_number(meaning.low) and not any(end[0] == "+" for end in ends)
    if meaning.low_closed and meaning.high_closed and plain:
        return f"{start}{_plain(meaning.low)}-{_plain(meaning.high, meaning.unit)}"
    low = (">=" if meaning.low_closed else ">", meaning.low)
    high = ("<=" if meaning.high_closed else "<", meaning.high)
    return start + "且".join(PRINTED[op] + _plain(value, meaning.unit) for op, value in (low, high))


def _printed_deadline(meaning: Deadline) -> str:
    start = f"{meaning.since.printed()}至" if meaning.since else ""
    return meaning.recurring + start + meaning.date.printed() + ("前" if meaning.inclusive else "前（不含）")


def _printed_growth(meaning: Growth) -> str:
    if not meaning.direction:
        return PRINTED[meaning.op] + meaning.base
    verb = {"up": "增长", "down": "下降"}[meaning.direction]
    if meaning.quantity is None:
        return meaning.base + verb
    about = "约" if meaning.approximate else ""
    amount = _plain(meaning.quantity.value, meaning.quantity.unit)
    return meaning.base + verb + about + PRINTED[meaning.op] + amount


_LIKE_A_DATE = re.compile(
    r"(?:19|20)[0-9]{2}(?:\.[0-9]{1,2})?(?:[年月/].*)?\Z|(?:19|20)[0-9]{6}\Z|[0-3]?[0-9][月日号季]|[23][0-9]年(?:\Z|[0-9])"
)
MONEY = frozenset({"元", "美元", "欧元", "港元"})
TIMES = frozenset({"秒", "工作日", "月"})
