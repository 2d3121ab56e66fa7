"""A sentence in one spelling, with the place of every character in what was written; and its numbers."""

import re
from fractions import Fraction

import attrs

from perfdsl.quantity import fold_width, is_counted_noun, parse_chinese_number, parse_number, unit_prefix

_ONE = str.maketrans(
    {"。": "。", "—": "-", "–": "-", "−": "-", "~": "-", "〜": "-", "∼": "-", "≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "＞": ">", "＜": "<",
     "“": '"', "”": '"', "「": '"', "」": '"', "‘": '"', "’": '"', "【": "[", "】": "]", "〔": "(", "〕": ")", "﹪": "%", "℅": "%",
     "﹥": ">", "﹤": "<", "﹦": "=", "═": "=", "｡": "。", "∶": ":", "✖": "×", "✕": "×", "*": "×", "÷": "/"}
)  # fmt: skip
_TWO = {">=": "≥", "<=": "≤", "=>": "≥", "=<": "≤", "==": "=", "--": "-"}


@attrs.frozen
class Folded:
    """``text`` without spaces and in one width; ``places`` are where its characters stood, and the end."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of ``text`` stood."""
        return self.places[start], self.places[end - 1] + 1 if end > start else self.places[start]


def fold(sentence: str) -> Folded:
    """The sentence in one spelling."""
    made: list[str] = []
    places: list[int] = []
    for at, char in enumerate(fold_width(sentence).translate(_ONE)):
        if char in "\r\n":
            char = "。" if made and made[-1] not in "。;,:、" else " "
        if char.isspace() or char in "\u200b\ufeff\xa0":
            continue
        two = _TWO.get(made[-1] + char) if made else None
        if two is not None:
            made[-1] = two
            continue
        made.append(char)
        places.append(at)
    return Folded("".join(made), (*places, len(sentence)))


@attrs.frozen
class Value:
    """A number with its unit as printed; ``point`` says that percentage points were written."""

    value: Fraction
    unit: str
    end: int
    point: bool = False

    @property
    def dims(self) -> tuple[tuple[str, int], ...]:
        """What the unit measures."""
        found = unit_prefix(self.unit, 0)
        return found[0].dims if found and found[1] == len(self.unit) else ((self.unit, 1),) if self.unit else ()


_DIGITS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?")
_CHINESE = re.compile(
    r"(?:百分之|千分之)?[零〇一二两三四五六七八九十百千壹贰叁伍陆柒捌玖拾佰仟半]+(?:点[零〇一二三四五六七八九]+)?"
)
_HALF = re.compile(r"[0-9]+个半")
_POINTS = re.compile(r"个?百分点|个点")
_NOUN = re.compile(
    r"(?:(?![的不未扣减得以及至到计按加每])[一-龥]){1,5}?(?=的?(?:,|;|。|以上|以下|及以|以内|扣|减|加|得|计|\(|-|至|到|$))"
)


def plain(text: str, at: int) -> tuple[Fraction, int] | None:
    """A number without a unit, in digits or Chinese, and where it ends; a numeral that is part of a word is none."""
    if _HALF.match(text, at):
        return None
    if found := _DIGITS.match(text, at):
        value = parse_number(found.group())
        return (value, found.end()) if value is not None else None
    found = _CHINESE.match(text, at)
    if found is None or text[at - 1 : at] == "第" and at:
        return None
    value = parse_chinese_number(found.group())
    return (value, found.end()) if value is not None else None


def value_at(text: str, at: int) -> Value | None:
    """A number and its unit, as long as the table of units goes."""
    found = plain(text, at)
    if found is None:
        return None
    number, end = found
    if text.startswith("百分之", at):
        return Value(number * 100, "%", end)
    if text.startswith("千分之", at):
        return Value(number * 1000, "‰", end)
    if points := _POINTS.match(text, end):
        return Value(number, "%", points.end(), True)
    unit = unit_prefix(text, end)
    if unit is None:
        return Value(number, "", end)
    noun = _NOUN.match(text, unit[1])
    if noun and is_counted_noun(text[end : noun.end()]):
        return Value(number, text[end : noun.end()], noun.end())
    word = text[end : unit[1]]
    return Value(number, "%" if unit[0].text == "%" or word in ("%", "百分比") else word, unit[1])
