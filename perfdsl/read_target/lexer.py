"""The tokens of a target cell: numbers first, then the words that lean on them; everything else is a WORD."""

import re
from fractions import Fraction

from perfdsl.lalr import Token
from perfdsl.quantity import (
    NO_UNIT,
    ONE,
    SHARE,
    Unit,
    parse_chinese_number,
    parse_unit,
    plain_number,
    unit_named,
    unit_prefix,
)
from perfdsl.read_target.around import STOPS
from perfdsl.read_target.dates import MONTH_SPAN, QUARTER, Dates
from perfdsl.read_target.words import BEFORE_NUMBER
from perfdsl.target import Date

MAX_LABEL = 200
PERCENT, PERMILLE = unit_named("%"), unit_named("‰")


class Lexer(Dates):
    """One pass over a squeezed cell, from number to number."""

    __slots__ = ()

    def run(self) -> list[Token]:
        """All tokens, in order."""
        text, at = self.text, 0
        while True:
            found = NUMBER_LIKE.search(text, at)
            if found is None:
                break
            self.steps += 1
            start = found.start()
            at = self._anchor(start, text[start])
        self._gap(len(text))
        return self.tokens

    def _anchor(self, at: int, first: str) -> int:
        """Read what begins at a digit or numeral; answer where to look on."""
        if first in _ASCII_DIGITS:
            return self._digits(at)
        if first == "【":
            close = self.text.find("】", at, at + MAX_LABEL)
            return (close if close > 0 else at) + 1
        if first in "上下第年" or self.text.startswith("季度", at + 1):
            return self._named_date(at)
        return self._numerals(at)

    def _digits(self, at: int) -> int:
        text = self.text
        before = text[at - 1] if at > self.done else ""
        if before and (before in "第前〔" or (before.isascii() and before.isalpha())) and not self._x_before(at):
            return self._ordinal(at)
        plain = _PLAIN.match(text, at)
        if plain is not None:
            return self._plain(at, plain.end())
        date = self._date(at)
        if date:
            return date
        quarter = QUARTER.match(text, at)
        if quarter is not None:
            return self._quarter(quarter)
        special = _NOT_A_NUMBER.match(text, at) or (_LISTED.match(text, at) if self._begins(at) else None)
        if special is not None:
            return special.end()
        span = MONTH_SPAN.match(text, at)
        if span is not None and int(span[1]) <= 12 and int(span[2]) <= 12:
            return self._month_span(span)
        number = _NUMBER.match(text, at)
        assert number is not None
        return self._number(at, number.group(), number.end())

    def _begins(self, at: int) -> bool:
        return at == 0 or self.text[at - 1] in ";。,、(|"

    def _x_before(self, at: int) -> bool:
        return self.text[at - 1] in "xX" and at - 1 == self.done

    def _ordinal(self, at: int) -> int:
        if self.text[at - 1] == "第":
            quarter = QUARTER.match(self.text, at - 1)
            if quarter is not None:
                return self._quarter(quarter)
        return _WHOLE.match(self.text, at).end()  # type: ignore[union-attr]

    def _plain(self, at: int, end: int) -> int:
        """The usual cell: a short whole number and a percent sign at the very end."""
        value = Fraction(int(self.text[at : end - 1]))
        return self._quantity(at, end, value, PERCENT)

    def _number(self, at: int, digits: str, end: int) -> int:
        text = self.text
        parsed = plain_number(digits.replace(",", ""))
        if parsed is None or (digits[0] == "0" and len(digits.partition(".")[0]) > 2):
            return end
        value = parsed
        if "." in digits and _NOISE.search(digits):
            self.doubts.append(("noise", at, end, digits))
        over = _OVER.match(text, end)
        if over is not None and int(over[1]):
            self.doubts.append(("fraction", at, over.end(), ""))
            unit, end = unit_prefix(text, over.end()) or (SHARE, over.end())
            return self._quantity(at, end, value / int(over[1]), unit)
        tenths = _TENTHS.match(text, end)
        if tenths is not None and self._closes(tenths.end()):
            return self._quantity(at, tenths.end(), value * 10 + _tenth(tenths[1]), PERCENT)
        return self._with_unit(at, end, value)

    def _with_unit(self, at: int, end: int, value: Fraction) -> int:
        text = self.text
        more = _MORE.match(text, end)
        start = more.end() if more else end
        unit = unit_prefix(text, start)
        if unit is None and text.startswith("(", start):
            unit = self._unit_in_brackets(start)
        if unit is None:
            return self._bare(at, end, value)
        after = self._quantity(at, unit[1], value, unit[0])
        if more is not None:
            self.tokens.append(Token("AROUND", more.group(), end, start))
        return after

    def _unit_in_brackets(self, at: int) -> tuple[Unit, int] | None:
        close = self.text.find(")", at, at + 12)
        unit = parse_unit(self.text[at + 1 : close]) if close > 0 else None
        return (unit, close + 1) if unit else None

    def _bare(self, at: int, end: int, value: Fraction) -> int:
        """A number without a known unit: a number only where the cell, a relation or a joint leaves it one."""
        text = self.text
        if end == len(text) or text[end] in STOPS or _RANGE_NEXT.match(text, end) or self._word_after(end):
            return self._quantity(at, end, value, NO_UNIT)
        if text[end] in "≤<" or (text[end] == "." and end + 1 == len(text)) or (not value and text[end] > "一"):
            return self._quantity(at, end, value, NO_UNIT)
        unknown = _UNKNOWN_UNIT.match(text, end)
        if unknown is not None and self._op_before(at) and not _is_word(unknown.group()):
            name = unknown.group()
            self.doubts.append(("unit", end, unknown.end(), name))
            return self._quantity(at, unknown.end(), value, Unit(name, ONE, ((name, 1),)))
        return end

    def _numerals(self, at: int) -> int:
        """Chinese numerals count only when they and their unit fill their place; else they are part of a word."""
        text = self.text
        run = _NUMERALS.match(text, at)
        assert run is not None
        word, end = run.group(), run.end()
        if len(word) > 60 or not self._opens(at):
            return self._words_number(at, end)
        if word in _SHARES:
            return self._quantity_if_closed(at, end, _SHARES[word], PERCENT)
        tenths = _TENTHS_WORDS.match(text, at)
        if tenths is not None:
            share = _tenth(tenths[1]) * 10 + _tenth(tenths[2])
            return self._quantity_if_closed(at, tenths.end(), share, PERCENT)
        value = parse_chinese_number(word)
        if value is None or word in _IDIOMS:
            return end
        if "分之" in word:
            unit, times = _SHARE_UNITS.get(word.partition("分之")[0], (SHARE, 1))
            return self._quantity_if_closed(at, end, value * times, unit)
        return self._numerals_unit(at, end, value)

    def _numerals_unit(self, at: int, end: int, value: Fraction) -> int:
        unit = unit_prefix(self.text, end)
        if unit is None or unit[0].text in _NOT_COUNTED:
            return end
        if unit[0].text == "月":
            return self._numeral_month(at, unit[1], value)
        return self._quantity_if_closed(at, unit[1], value, unit[0])

    def _numeral_month(self, at: int, end: int, value: Fraction) -> int:
        entry = self._after_date(end)
        if entry is None or not 1 <= value <= 12:
            return end
        return self._dated(at, end, Date(None, int(value)))

    def _words_number(self, at: int, end: int) -> int:
        unit = unit_prefix(self.text, end)
        if unit is not None and self._closes(unit[1]) and parse_chinese_number(self.text[at:end]) is not None:
            self.doubts.append(("numeral", at, unit[1], self.text[at : unit[1]]))
        return end

    def _quantity_if_closed(self, at: int, end: int, value: Fraction, unit: Unit) -> int:
        return self._quantity(at, end, value, unit) if self._closes(end) else end


def _is_word(name: str) -> bool:
    """Does what stands where a unit would belong to the vocabulary?"""
    return name in BEFORE_NUMBER or name[0] in "多余几至到且和及或" or NUMBER_LIKE.search(name) is not None


def _tenth(word: str | None) -> Fraction:
    if not word:
        return Fraction(0)
    if word == "半":
        return Fraction(5)
    return Fraction(int(word)) if word.isascii() else parse_chinese_number(word) or Fraction(0)


_ASCII_DIGITS = frozenset("0123456789")
NUMBER_LIKE = re.compile(
    r"[0-9]|【|[千万]分之|[零〇一二两三四五六七八九十百半]|第[一二三四1-4]季|[上下]半年|年[底末终内]|年度内"
)
_PLAIN = re.compile(r"[0-9]{1,3}%\Z")
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
_WHOLE = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_NOISE = re.compile(r"\.[0-9]*(?:0{5}|9{5})[0-9]+\Z|\.[0-9]{10}")
_OVER = re.compile(r"/([1-9][0-9]{0,5})(?![0-9.]|[万亿](?!元))")
_TENTHS = re.compile(r"成([一二三四五六七八九半1-9])?")
_TENTHS_WORDS = re.compile(r"([一二三四五六七八九两])成([一二三四五六七八九半])?")
_MORE = re.compile(r"多|余|几|来")
_UNKNOWN_UNIT = re.compile(r"[一-龥]{1,3}\Z|[A-Za-z]{1,6}(?:/[A-Za-z一-龥]{1,6})?\Z")
_RANGE_NEXT = re.compile(
    r"[-~—―─至到±+]{1,2}[<>=≥≤约]?[0-9]|(?:且|并且|并|和|及)?(?:[≥≤<>=]|不[超高大低少小]|[小大低高]于)"
)
_NOT_A_NUMBER = re.compile(
    r"[0-9]+[天日]?[×*xX][0-9]+(?:小时|h|H)?|[0-9]+(?::[0-9]+)+|[0-9]+(?:\.[0-9]+){2,}(?![-/0-9])"
    r"|(?:19|20)[0-9]{2}(?:[-~—至](?:19|20)[0-9]{2})?学年|[0-9]+[Oo][0-9]*(?=%)|[0-9]+[lI][0-9]*(?=%)"
)
_LISTED = re.compile(r"[0-9]{1,2}[、.)](?![0-9])(?=.)")
_NUMERALS = re.compile(
    r"百分百|[零〇一二两三四五六七八九十百千万亿半](?:[零〇一二两三四五六七八九十百千万亿半点]|分之)*"
)
_SHARE_UNITS = {"百": (PERCENT, 100), "一百": (PERCENT, 100), "千": (PERMILLE, 1000)}
_SHARES = {"百分百": Fraction(100), "百分之百": Fraction(100)}
_IDIOMS = frozenset({"十", "十分", "百", "千", "万", "亿", "半", "一", "万万", "千万", "百万"}) - {"一", "半", "十"}
_NOT_COUNTED = frozenset(
    {"级", "星", "分", "星级", "流", "点", "度", "等", "方", "道", "口", "路", "片", "单", "里", "角"}
)
