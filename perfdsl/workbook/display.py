"""A cell as its number format shows it: 0.9504 under ``0.00%`` is ``95.04%``, a date under ``yyyy/m/d`` is ``2024/11/30``.

Formats are those of the office programs: sections for positive, negative, zero and text, thousands, percent, scaling,
words before and after, dates and times, conditions.  Colours and the languages of months are left out.
"""

import datetime as dt
import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NamedTuple

from perfdsl.workbook.shown import Value

EPOCH = dt.datetime(1899, 12, 30)
LAST_DAY = 2_958_466  # the serial number after 9999-12-31
MOST_DECIMALS = 30
GENERAL = "General"


class Token(NamedTuple):
    """A piece of a format: ``words`` as they are, a ``digit`` place, a ``date`` part, or another ``mark``."""

    sort: str
    text: str


def displayed(value: Value, number_format: str = "") -> tuple[str, bool]:
    """(what the cell shows, does that say all the cell holds?); a format that is not understood shows the value itself."""
    match value:
        case bool():
            return ("TRUE" if value else "FALSE"), True
        case str():
            return value, True
        case int() | float():
            return _number(value, number_format)
        case dt.datetime():
            return _moment(value, number_format)
        case dt.date():
            return _moment(dt.datetime(value.year, value.month, value.day), number_format)
        case dt.time():
            return _moment(dt.datetime.combine(EPOCH.date(), value), number_format or "h:mm:ss")
        case dt.timedelta():
            return _moment(EPOCH + value, number_format or "[h]:mm:ss")


def _number(value: float, number_format: str) -> tuple[str, bool]:
    if not math.isfinite(value):
        return str(value), True
    number = Decimal(f"{value:.15g}")
    sections = _sections(number_format)
    if not sections:
        return _plain(number), True
    tokens, bare = _chosen(sections, number)
    if any(token.sort == "date" for token in tokens):
        if not 0 <= value < LAST_DAY:
            return _plain(number), True
        return _moment(EPOCH + dt.timedelta(days=value), number_format)
    try:
        return _digits(number, tokens, bare)
    except InvalidOperation:  # more digits than a number of a workbook can have
        return _plain(number), True


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


# ---- which section


def _sections(number_format: str) -> list[tuple[str, list[Token]]]:
    """(condition, tokens) of each section; none for the general format."""
    if not number_format or number_format.lower() == GENERAL.lower():
        return []
    return [_tokens(text) for text in _split(number_format)]


def _split(number_format: str) -> list[str]:
    """The sections; a semicolon between quotes or after a backslash divides nothing."""
    found, start = [], 0
    for match in _PIECES.finditer(number_format):
        if match.group() == ";":
            found.append(number_format[start : match.start()])
            start = match.end()
    return [*found, number_format[start:]]


def _tokens(section: str) -> tuple[str, list[Token]]:
    condition, tokens = "", []
    for match in _PIECES.finditer(section):
        text = match.group()
        if text[0] == "[":
            inside = text[1:-1]
            if _CONDITION.fullmatch(inside):
                condition = inside
            elif _ELAPSED.fullmatch(inside):
                tokens.append(Token("date", text.lower()))
            elif inside.startswith("$") and (symbol := inside[1:].split("-")[0]):
                tokens.append(Token("words", symbol))
        else:
            tokens.append(_token(text))
    return condition, tokens


def _token(text: str) -> Token:
    if text[0] == '"':
        return Token("words", text[1:-1] if text.endswith('"') and len(text) > 1 else text[1:])
    if text[0] in "\\!":
        return Token("words", text[1:])
    if text[0] == "_":
        return Token("words", " ")
    if text[0] == "*":
        return Token("words", "")
    if text in "0#?":
        return Token("digit", text)
    lower = text.lower()
    if lower == "general":
        return Token("general", text)
    if _DATE.fullmatch(lower):
        return Token("date", lower)
    return Token("mark" if text in ".,%/@" or lower[0] == "e" and len(lower) > 1 else "words", text)


def _chosen(sections: Sequence[tuple[str, list[Token]]], number: Decimal) -> tuple[list[Token], bool]:
    """The tokens for a number, and whether its minus sign is left to the format."""
    with_conditions = [(condition, tokens) for condition, tokens in sections[:3] if condition]
    if with_conditions:
        for condition, tokens in sections[:3]:
            if not condition or _holds(condition, number):
                return tokens, False
        return sections[-1][1], False
    numeric = sections[:3] if len(sections) > 1 else sections
    if number < 0 and len(numeric) > 1:
        return numeric[1][1], True
    if number == 0 and len(numeric) > 2:
        return numeric[2][1], True
    return numeric[0][1], False


def _holds(condition: str, number: Decimal) -> bool:
    match = _CONDITION.fullmatch(condition)
    if match is None:
        return False
    sign, limit = match[1], Decimal(match[2])
    return {
        "<": number < limit, "<=": number <= limit, ">": number > limit, ">=": number >= limit,
        "=": number == limit, "<>": number != limit,
    }[sign]  # fmt: skip


# ---- numbers


def _digits(number: Decimal, tokens: Sequence[Token], bare: bool) -> tuple[str, bool]:
    """The number in the places of its format; a format without places shows its words alone."""
    if any(t.sort == "general" or t.text == "@" for t in tokens):
        words = _plain(abs(number) if bare else number)
        return "".join(
            t.text if t.sort == "words" else words for t in tokens if t.sort != "mark" or t.text == "@"
        ), True
    places = [n for n, t in enumerate(tokens) if t.sort == "digit"]
    if not places:
        return _without_places(number, tokens)
    if any(t.sort == "mark" and t.text[0] in "eE/" for t in tokens):
        return _plain(number), True  # powers of ten and fractions: the value itself says more
    first, last = places[0], places[-1]
    percent = sum(t.sort == "mark" and t.text == "%" for t in tokens)
    point = next((n for n, t in enumerate(tokens) if t.sort == "mark" and t.text == "."), None)
    scale = _scale(tokens, last if point is None else max((n for n in places if n < point), default=point), last)
    grouped = any(t.sort == "mark" and t.text == "," for t in tokens[first : last if point is None else point])
    true = abs(number) * 100**percent
    scaled = true / 1000**scale
    decimals = [tokens[n].text for n in places if point is not None and n > point][:MOST_DECIMALS]
    rounded = scaled.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    body = _body(rounded, [tokens[n].text for n in places if point is None or n < point], decimals, grouped)
    body += "." if point is not None and "." not in body and not decimals else ""
    inner = "".join(t.text for t in tokens[first : last + 1] if t.sort == "words")
    before = "".join(t.text for t in tokens[:first] if t.sort == "words" or t.text == "%")
    after = "".join(t.text for t in tokens[last + 1 :] if t.sort == "words" or t.text == "%")
    sign = "-" if number < 0 and not bare and rounded else ""
    if inner:
        return _interrupted(number, tokens, first, last)
    return f"{sign}{before}{body}{after}".strip(), rounded == true


def _without_places(number: Decimal, tokens: Sequence[Token]) -> tuple[str, bool]:
    words = "".join(t.text for t in tokens if t.sort == "words").strip()
    return words, number == 0


def _scale(tokens: Sequence[Token], end: int, last: int) -> int:
    """How many thousands the format leaves out: commas right after the last place before the point, or at the end."""
    many = 0
    for start in {end, last}:
        for token in tokens[start + 1 :]:
            if token != Token("mark", ","):
                break
            many += 1
    return many


def _body(rounded: Decimal, whole: Sequence[str], decimals: Sequence[str], grouped: bool) -> str:
    digits, _, rest = f"{rounded:f}".partition(".")
    least = len(whole) - next((n for n, c in enumerate(whole) if c == "0"), len(whole))
    digits = digits.lstrip("0").rjust(least, "0")
    if grouped:
        digits = _THOUSANDS.sub(",", digits)
    while rest and decimals[len(rest) - 1] in "#?" and rest[-1] == "0":
        rest = rest[:-1]
    return f"{digits}.{rest}" if rest else digits


def _interrupted(number: Decimal, tokens: Sequence[Token], first: int, last: int) -> tuple[str, bool]:
    """Words among the places: 0!.0, shows 万; anything else shows the value itself, which says more."""
    shape = "".join(t.text for t in tokens[first : last + 2] if t.sort != "date")
    match = _TEN_THOUSANDS.match(shape)
    if match is None:
        return _plain(number), True
    shown = (abs(number) / 1000).quantize(Decimal(1), ROUND_HALF_UP)
    whole, tenth = divmod(int(shown), 10)
    after = "".join(t.text for t in tokens[last + 1 :] if t.sort == "words")
    before = "".join(t.text for t in tokens[:first] if t.sort == "words")
    return f"{'-' if number < 0 else ''}{before}{whole}.{tenth}{after}".strip(), shown * 1000 == abs(number)


# ---- dates


def _moment(moment: dt.datetime, number_format: str) -> tuple[str, bool]:
    sections = _sections(number_format)
    tokens = sections[0][1] if sections else []
    if not any(t.sort == "date" for t in tokens):
        timed = moment.time() != dt.time()
        return (f"{moment:%Y-%m-%d %H:%M:%S}" if timed else f"{moment:%Y-%m-%d}"), True
    half = any(t.text in ("am/pm", "a/p", "上午/下午") for t in tokens)
    found, previous = [], ""
    for number, token in enumerate(tokens):
        if token.sort == "date":
            following = next((t.text for t in tokens[number + 1 :] if t.sort == "date"), "")
            minutes = token.text in ("m", "mm") and (
                previous.strip("[]")[:1] == "h" or following.strip("[]")[:1] == "s"
            )
            found.append(_minutes(moment, token.text) if minutes else _part(moment, token.text, half))
            previous = token.text
        elif token.sort in ("words", "mark"):
            found.append("" if token.text == "@" else token.text)
        elif token.sort == "digit" and found and found[-1].endswith("."):
            found.append("0")  # parts of a second
    return "".join(found).strip(), True


def _minutes(moment: dt.datetime, text: str) -> str:
    return f"{moment.minute:0{len(text)}d}"


def _part(moment: dt.datetime, text: str, half: bool) -> str:
    hour = (moment.hour % 12 or 12) if half else moment.hour
    since = moment - EPOCH
    parts = {
        "y": f"{moment:%y}", "yy": f"{moment:%y}", "yyy": str(moment.year), "yyyy": str(moment.year),
        "e": str(moment.year), "m": str(moment.month), "mm": f"{moment.month:02d}", "mmm": _MONTHS[moment.month - 1][:3],
        "mmmm": _MONTHS[moment.month - 1], "mmmmm": _MONTHS[moment.month - 1][:1], "d": str(moment.day),
        "dd": f"{moment.day:02d}", "ddd": _DAYS[moment.weekday()][:3], "dddd": _DAYS[moment.weekday()],
        "aaa": "一二三四五六日"[moment.weekday()], "aaaa": "星期" + "一二三四五六日"[moment.weekday()],
        "h": str(hour), "hh": f"{hour:02d}", "s": str(moment.second), "ss": f"{moment.second:02d}",
        "am/pm": "AM" if moment.hour < 12 else "PM", "a/p": "A" if moment.hour < 12 else "P",
        "上午/下午": "上午" if moment.hour < 12 else "下午",
        "[h]": str(since // dt.timedelta(hours=1)), "[hh]": f"{since // dt.timedelta(hours=1):02d}",
        "[m]": str(since // dt.timedelta(minutes=1)), "[mm]": f"{since // dt.timedelta(minutes=1):02d}",
        "[s]": str(since // dt.timedelta(seconds=1)), "[ss]": f"{since // dt.timedelta(seconds=1):02d}",
    }  # fmt: skip
    return parts.get(text, "")


_PIECES = re.compile(
    r'"[^"]*"?|\[[^\]]*\]|[\\!_*].|general|上午/下午|am/pm|a/p|y+|m+|d+|h+|s+|aaaa?|e[+-]|e|.',
    re.IGNORECASE | re.DOTALL,
)
_DATE = re.compile(r"y+|m+|d+|h+|s+|aaaa?|e|上午/下午|am/pm|a/p")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[0-9]+(?:\.[0-9]+)?)")
_THOUSANDS = re.compile(r"(?<=[0-9])(?=(?:[0-9]{3})+\Z)")
_TEN_THOUSANDS = re.compile(r"[#,0]*0\.0,")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
