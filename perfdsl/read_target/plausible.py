"""Does a number fit the name of its indicator: a share above one whole, a count below nothing, a rate counted in people?"""

import re
from collections.abc import Iterator

from perfdsl.quantity import NO_UNIT, Unit, format_number
from perfdsl.read_target.words import (
    CHANGE_NAMES,
    NOT_SHARES,
    NUMBER_NAMES,
    RATE_ENDS,
    TIME_NAMES,
    WHOLE_SHARES,
)
from perfdsl.target import Bound, Meaning, Range, unit_kind

Remark = tuple[str, dict[str, str]]
MOST_PERCENT = 200


def suspect(meaning: Meaning, name: str) -> bool:
    """A cheap look: could the name cast doubt on the number?"""
    match meaning:
        case Bound(quantity=quantity):
            kind = unit_kind(quantity.unit)
            return not 0 <= quantity.value <= 100 if kind == "percent" else name.endswith(_RATES) or quantity.value < 0
        case Range(unit=unit):
            return unit == NO_UNIT
        case _:
            return False


def remarks(meaning: Meaning, name: str) -> Iterator[Remark]:
    """The doubts the name casts on the number: codes with the facts of their messages."""
    plain = _BRACKETS_END.sub("", name)
    match meaning:
        case Bound(quantity=quantity):
            value, unit = quantity.value, quantity.unit
            shown = format_number(value) + unit.text
            if unit == NO_UNIT:
                yield from _without_unit(plain, shown)
                if value and plain.endswith(RATE_ENDS):
                    yield "T116", {"name": name, "value": shown}
            elif unit_kind(unit) == "percent":
                if value > 100 and plain.endswith(WHOLE_SHARES) or value > MOST_PERCENT and not _changes(plain):
                    yield "T132", {"name": plain, "value": shown}
            elif (_is_share(plain) and "/" not in unit.text and unit.text != "分") or (
                plain.endswith("满意度") and unit.text in _HEADS
            ):
                yield "T135", {"name": plain, "unit": unit.text}
            if value < 0 and not _changes(plain) and (plain or _counts(unit)):
                yield "T133", {"value": shown}
        case Range(low=low, high=high, unit=unit):
            if unit == NO_UNIT:
                yield from _without_unit(plain, f"{format_number(low)}-{format_number(high)}")
        case _:
            return


def _without_unit(name: str, shown: str) -> Iterator[Remark]:
    if name.endswith(TIME_NAMES):
        yield "T119", {"text": shown, "reading": "数"}
    elif name.endswith(NUMBER_NAMES):
        yield "T121", {"text": shown, "reading": "数"}


def _is_share(name: str) -> bool:
    return name.endswith(_SHARES) and not name.endswith(NOT_SHARES)


def _changes(name: str) -> bool:
    return any(word in name for word in CHANGE_NAMES)


def _counts(unit: Unit) -> bool:
    return unit_kind(unit) == "number" and len(unit.text) > 0 and unit.text not in _SIGNED


_HEADS = frozenset(
    ["人", "名", "位", "人次", "户", "户次", "家", "个", "件", "次", "项"]
)  # satisfaction is counted in % or marks, never in heads
_SIGNED = frozenset({"℃", "度", "米", "m", "分贝", "dB"})
_SHARES = tuple(word for word in RATE_ENDS if word != "满意度")
_RATES = RATE_ENDS
_BRACKETS_END = re.compile(r"[(（][^()（）]*[)）]\Z")
