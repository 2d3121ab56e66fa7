"""The words of a cell: a number as its format shows it, exactly; a date as 2024年11月30日.

Spreadsheet numbers are doubles shown with 15 digits; the sixteenth is noise.
"""

import datetime as dt
import math
import re
from decimal import Decimal

from perfdsl.quantity import is_unit

Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def shown_value(value: Value, number_format: str = "") -> str:
    """What a cell says."""
    match value:
        case bool():
            return "是" if value else "否"
        case int() | float():
            return _number(value, number_format)
        case dt.date():
            return _date(value, number_format)
        case dt.time() | dt.timedelta():
            return str(value)
        case _:
            return value


def scaled(number_format: str) -> bool:
    """Does the format show thousands (0,) or 万 (0!.0,) of what the cell holds?"""
    return bool(_SCALED.search(_LITERAL.sub("", _section(number_format))))


def _number(value: float, number_format: str) -> str:
    if not math.isfinite(value):
        return str(value)
    number = Decimal(f"{value:.15g}")
    section = _section(number_format)
    if "%" in _LITERAL.sub("", section):
        return f"{_plain(number * 100)}%"
    suffix = _suffix(section)
    return _plain(number) + (suffix if is_unit(suffix) and not scaled(number_format) else "")


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _date(value: dt.date, number_format: str) -> str:
    plain = _LITERAL.sub("", _section(number_format)).lower()
    day = f"{value.day}日" if "d" in plain or "m" not in plain or "y" not in plain else ""
    return f"{value.year}年{value.month}月{day}"


def _section(number_format: str) -> str:
    """The part for positive numbers, without colours, conditions and locales."""
    return _BRACKET.sub("", number_format.split(";")[0])


def _suffix(section: str) -> str:
    """The words the format prints after the number."""
    tail = _TAIL.search(section)
    return "".join(c for c in tail.group() if c not in '"\\!').strip() if tail else ""


_BRACKET = re.compile(r"\[[^\]]*\]")
_LITERAL = re.compile(r'"[^"]*"|[\\!_*].')
_SCALED = re.compile(r"[0#?],+(?![0#?,])")
_TAIL = re.compile(r'(?<=[0#?])(?:"[^"]*"|[\\!].|[^\x00-\x7f])+\Z')
