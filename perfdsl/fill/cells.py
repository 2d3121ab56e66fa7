"""What is typed into one cell against what was asked there: words off the list, texts for numbers, dates and shares that cannot be meant.

Nothing is corrected; a value that cannot be meant counts as not given.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from perfdsl import target as t
from perfdsl.blank import FIRST_YEAR, LAST_YEAR, MOST_SHARE, Ask, Day, Number, Words
from perfdsl.diagnostics import ERROR, WARNING, Kind
from perfdsl.fill.layout import LEFT_OUT, NOTHING
from perfdsl.quantity import Quantity, fold_width, format_number, parse_unit
from perfdsl.read_target import read_actual

YEARS = 2  # a date further than this from the year that is assessed is asked about
SMALL, LARGE = 1, 10  # percent: so little typed where so much is the target was perhaps not meant as a percent
BLANKS = (t.Missing, t.NoneHappened, t.NotApplicable)


class Asked(NamedTuple):
    """What one cell may hold: the asks of all rows of the name, the target as printed, its percent, the year assessed."""

    asks: Sequence[Ask]
    target: str = ""
    goal: Fraction | None = None
    year: int | None = None


def misfits(text: str, unit: str, asked: Asked) -> Iterator[tuple[Kind, dict[str, str]]]:
    """Everything that does not fit; an error means that the value must not be used."""
    asks = asked.asks
    if all(isinstance(ask, Words) for ask in asks):
        yield from _words(text, [ask for ask in asks if isinstance(ask, Words)])
        return
    meaning = read_actual(text, unit=unit)[0].meaning
    number = next((ask for ask in asks if isinstance(ask, Number)), None)
    if number is not None and isinstance(meaning, t.Amount):
        yield from _number(text, meaning.quantity, number, asked)
    elif number is not None and not isinstance(meaning, BLANKS):
        yield NOT_A_NUMBER, {"unit": f"（{number.unit}）" if number.unit else ""}
    elif any(isinstance(ask, Day) for ask in asks):
        if isinstance(meaning, t.OnDate):
            yield from _day(meaning.date.year, asked.year)
        elif not isinstance(meaning, BLANKS):
            yield NOT_A_DATE, {}


def limits(ask: Number) -> tuple[Fraction | None, Fraction | None]:
    """The least and the most that may be typed; a percent without limits of its own has those of every sheet."""
    most = Fraction(MOST_SHARE)
    return (
        -most if ask.low is None and ask.percent else ask.low,
        most if ask.high is None and ask.percent else ask.high,
    )


def fold(text: str) -> str:
    """Words without their accidents: widths, spaces, a full stop at the end."""
    return "".join(fold_width(text).split()).rstrip("。.")


def _words(text: str, asks: Sequence[Words]) -> Iterator[tuple[Kind, dict[str, str]]]:
    words = dict.fromkeys(word for ask in asks for word in ask.words)
    allowed = {fold(word) for word in (*words, LEFT_OUT, NOTHING, "—", "-")}
    parts = [text, *_parts(text)] if len(asks) > 1 else [text]
    if all(ask.closed for ask in asks) and not any(fold(part) in allowed for part in parts):
        yield WRONG_WORD, {"known": "、".join(words)}


def _number(text: str, quantity: Quantity, ask: Number, asked: Asked) -> Iterator[tuple[Kind, dict[str, str]]]:
    value = _in_unit(quantity, ask)
    if value is None:
        return  # another unit than the one asked for is said where the row is matched with its indicator
    low, high = limits(ask)
    if low is not None and value < low or high is not None and value > high:
        shown = [format_number(end) + ask.unit if end is not None else "" for end in (low, high)]
        yield OUT_OF_LIMITS, {"limits": _between(*shown)}
    elif "%" in fold_width(text) and asked.goal is not None and 0 < abs(value) <= SMALL and asked.goal >= LARGE:
        yield SMALL_SHARE, {"target": asked.target, "other": f"{format_number(value * 100)}%"}


def _in_unit(quantity: Quantity, ask: Number) -> Fraction | None:
    """The number in the unit that is printed; None where none is, or it is another."""
    unit = SHARE_UNIT if ask.percent else parse_unit(ask.unit)
    if not ask.unit or unit is None:
        return None
    bare = not quantity.unit.dims and quantity.unit.scale == 1
    if bare and not ask.percent:
        return quantity.value
    return quantity.base / unit.scale if quantity.unit.dims == unit.dims and not bare else None


def _between(low: str, high: str) -> str:
    return f"{low} 到 {high}" if low and high else f"不小于 {low}" if low else f"不大于 {high}"


def _day(year: int | None, assessed: int | None) -> Iterator[tuple[Kind, dict[str, str]]]:
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        yield NO_SUCH_DAY, {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
    elif year is not None and assessed is not None and abs(year - assessed) > YEARS:
        yield FAR_DAY, {"year": str(assessed)}


def _parts(text: str) -> list[str]:
    for mark in "；;，,\n":
        text = text.replace(mark, "、")
    return text.split("、")


SHARE_UNIT = parse_unit("%")

WRONG_WORD = Kind(
    "A153", WARNING, "{file} {cell}：“{name}”填的“{text}”不在可选的词里", "{file} {cell}: “{text}” is not among the words of “{name}”",
    "可以填：{known}", "it may be: {known}",
)  # fmt: skip
NOT_A_NUMBER = Kind(
    "A154", WARNING, "{file} {cell}：“{name}”要填数{unit}，填的是“{text}”", "{file} {cell}: “{name}” wants a number, “{text}” was typed",
    "只填数；说明写在“偏差原因”里", "type the number alone; explain in the column of reasons",
)  # fmt: skip
NOT_A_DATE = Kind(
    "A155", WARNING, "{file} {cell}：“{name}”要填日期，填的是“{text}”", "{file} {cell}: “{name}” wants a date, “{text}” was typed",
    "填完成的日期，例如 2024-11-30", "type the day, for example 2024-11-30",
)  # fmt: skip
NO_SUCH_DAY = Kind(
    "A169", ERROR, "{file} {cell}：“{name}”的日期“{text}”不在 {first} 年到 {last} 年之间，没有用",
    "{file} {cell}: the date “{text}” of “{name}” is not between {first} and {last} and was not used",
    "多半是在日期格式的格子里填了别的数（键入 2024 会变成 1905年7月16日）；填年月日，例如 2024-11-30",
    "most likely another number in a cell for dates (2024 becomes 1905-07-16); type the day, for example 2024-11-30",
)  # fmt: skip
FAR_DAY = Kind(
    "A170", WARNING, "{file} {cell}：“{name}”的日期“{text}”离评价的 {year} 年很远", "{file} {cell}: the date “{text}” of “{name}” is far from {year}, the year assessed",
    "核对年份", "check the year",
)  # fmt: skip
OUT_OF_LIMITS = Kind(
    "A171", ERROR, "{file} {cell}：“{name}”填的“{text}”超出限度（{limits}），没有用", "{file} {cell}: “{text}” of “{name}” is out of bounds ({limits}) and was not used",
    "百分数多半是把 48 粘贴进了百分比格式的格子，应是 48%；确实这样大的，在规则里用 values 写明限度",
    "a percent was perhaps pasted as 48 into a percent cell where 48% is meant; if it is right, state the limits in the rules with values",
)  # fmt: skip
SMALL_SHARE = Kind(
    "A172", WARNING, "{file} {cell}：“{name}”填的是 {text}，指标值是 {target}；是不是 {other}？", "{file} {cell}: “{name}” is {text}, the target {target}; is it {other}?",
    "百分比的格子里连百分号一起键入，例如 95%", "type the percent sign too, for example 95%",
)  # fmt: skip
