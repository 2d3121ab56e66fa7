"""The tokens of a target cell: numbers first, then the words that lean on them; everything else is a WORD."""

import re
from fractions import Fraction

from perfdsl.lalr import Token
from perfdsl.quantity import (
    NO_UNIT,
    ONE,
    SHARE,
    Unit,
    format_number,
    parse_chinese_number,
    parse_unit,
    plain_number,
    unit_named,
    unit_prefix,
)
from perfdsl.read_target.around import JOINTS, STOPS
from perfdsl.read_target.dates import MONTH_SPAN, QUARTER, Dates
from perfdsl.read_target.words import BEFORE_NUMBER, SCALES_ALONE

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
        signed = before in ("+", "±") or (before == "-" and self._is_minus(at - 1))
        if not signed:
            date = self._date(at)
            if date:
                return date
        quarter = QUARTER.match(text, at)
        if quarter is not None:
            return self._quarter(quarter)
        special = _NOT_A_NUMBER.match(text, at) or (_LISTED.match(text, at) if self._begins(at) else None)
        if special is None and not self._op_before(at):
            special = _COHORT.match(text, at)
        if special is not None:
            return special.end()
        span = MONTH_SPAN.match(text, at)
        if span is not None and not signed and int(span[1]) <= 12 and int(span[2]) <= 12:
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
        whole = digits.partition(".")[0]
        if parsed is None or (digits[0] == "0" and (len(whole) > 2 or whole == "00")):
            return end
        value = parsed
        if self._point_before(at):
            at, value = at - 1, Fraction(f"0.{digits}") if digits.isdigit() else value
            self.doubts.append(("dot", at, end, format_number(value)))
        power = _POWER_OF_TEN.match(text, end)
        if power is not None and self._closes(power.end()):
            value *= Fraction(10) ** int(power[1])
            self.doubts.append(("power", at, power.end(), format_number(value)))
            end = power.end()
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
        clock = _CLOCK.match(text, at)
        if clock is not None and self._closes(clock.end()):
            return self._clock(clock)
        return self._with_unit(at, end, value)

    def _point_before(self, at: int) -> bool:
        """Is this .5, at the beginning of the cell or after a sign?"""
        if at == self.done or self.text[at - 1] != ".":
            return False
        return at - 1 == self.done or self.text[at - 2] in _BEFORE_POINT

    def _clock(self, found: re.Match[str]) -> int:
        """1小时30分, 1年6个月: two parts of one length."""
        first, major_name, second, minor_name = (part for part in found.groups() if part)
        major, minor = unit_named(major_name), unit_named("分钟" if minor_name == "分" else minor_name)
        major = unit_named("分钟") if major_name == "分" else major
        value = Fraction(first) + Fraction(second) * minor.scale / major.scale
        return self._quantity(found.start(), found.end(), value, major)

    def _with_unit(self, at: int, end: int, value: Fraction) -> int:
        text = self.text
        more = _MORE.match(text, end)
        start = more.end() if more else end
        unit = unit_prefix(text, start)
        if unit is not None and unit[0].text == "季度" and 1 <= value <= 4 and at == 0 and unit[1] == len(text):
            self.doubts.append(("month", at, unit[1], text[at : unit[1]]))
        if more is None and unit is not None and not unit[0].dims:
            more = _MORE.match(text, unit[1])
            if more is not None:
                return self._scaled_and_more(at, value, unit, more)
        if at > self.done and text[at - 1] in _CURRENCY:
            return self._money(at, end, value, unit)
        if unit is None and text.startswith("(", start):
            unit = self._unit_in_brackets(start)
        if unit is None:
            return self._bare(at, end, value)
        after = self._quantity(at, unit[1], value, unit[0])
        if more is not None:
            self.tokens.append(Token("AROUND", more.group(), end, start))
        return after

    def _scaled_and_more(self, at: int, value: Fraction, scale: tuple[Unit, int], more: re.Match[str]) -> int:
        """3千余人, 100万多: the vague word stands between the scale and what it counts."""
        counted = unit_prefix(self.text, more.end())
        joined = parse_unit(scale[0].text + counted[0].text) if counted else None
        end = counted[1] if counted and joined else more.end()
        after = self._quantity(at, end, value, joined or scale[0])
        self.tokens.append(Token("AROUND", more.group(), more.start(), more.end()))
        return after

    def _money(self, at: int, end: int, value: Fraction, unit: tuple[Unit, int] | None) -> int:
        """¥5000, ￥12万, ¥12.36万元: the sign says what the number counts."""
        name = _CURRENCY[self.text[at - 1]]
        if unit is not None and unit[0].text not in SCALES_ALONE:
            return self._quantity(at - 1, unit[1], value, unit[0])
        scale, after = unit if unit is not None else (NO_UNIT, end)
        return self._quantity(at - 1, after, value, unit_named(scale.text + name))

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
        if text[at] in "几数":
            return self._words_number(at, at + 1)
        run = _NUMERALS.match(text, at)
        assert run is not None
        word, end = run.group(), run.end()
        if len(word) > 60:
            return end
        dated = self._chinese_date(at)
        if dated:
            return dated
        if _VAGUE.match(text, at):
            return self._words_number(at, end)
        if self._reached_power(at, word):
            self._gap(at - 1)
            self.tokens.append(Token("OP", ">=", at - 1, at))
            self.done = at
        elif not self._opens(at) and not self._after_joint(at):
            return self._words_number(at, end)
        if word in _SHARES:
            return self._quantity_if_closed(at, end, _SHARES[word], PERCENT)
        tenths = _TENTHS_WORDS.match(text, at)
        if tenths is not None:
            share = _tenth(tenths[1]) * 10 + _tenth(tenths[2])
            return self._quantity_if_closed(at, tenths.end(), share, PERCENT)
        value = self._numeral_value(at, word)
        if value is None:
            return self._words_number(at, end)
        if "分之" in word:
            unit, times = _SHARE_UNITS.get(word.partition("分之")[0], (SHARE, 1))
            if unit == SHARE and value > 1:
                return end
            return self._quantity_if_closed(at, end, value * times, unit)
        return self._numerals_unit(at, end, value)

    def _numeral_value(self, at: int, word: str) -> Fraction | None:
        """The number a run of numerals says where it may be one: 千 only after 近 or 逾, 三四 never."""
        if word in _POWERS_ALONE and (at == self.done or self._word_before(at) is not None):
            return parse_chinese_number("一" + word)
        if word in _IDIOMS or _INDEFINITE.fullmatch(word):
            return None
        return parse_chinese_number(word)

    def _numerals_unit(self, at: int, end: int, value: Fraction) -> int:
        text = self.text
        more = _MORE_WORDS.match(text, end)
        unit = unit_prefix(text, more.end() if more else end)
        if unit is None or unit[0].text in _NOT_COUNTED:
            return self._numeral_alone(at, end, value) if unit is None else end
        half = self._and_half(unit)
        if half is not None and self._closes(half[1]):
            return self._quantity(at, half[1], value + Fraction(1, 2), half[0])
        if unit[0].text == "月" or not self._closes(unit[1]):
            return self._joined_numeral(at, value, unit)
        after = self._quantity(at, unit[1], value, unit[0])
        if more is not None:
            self.tokens.append(Token("AROUND", more.group(), more.start(), more.end()))
        return after

    def _and_half(self, unit: tuple[Unit, int]) -> tuple[Unit, int] | None:
        """一年半, 一个半月: half a unit more."""
        if not self.text.startswith("半", unit[1]):
            return None
        if unit[0].text != "个":
            return unit[0], unit[1] + 1
        return unit_prefix(self.text, unit[1] + 1)

    def _numeral_alone(self, at: int, end: int, value: Fraction) -> int:
        """二十 as a whole cell, 三至五天 as the lower end of a range."""
        text = self.text
        whole = at == 0 and end == len(text) and (value >= 10 or not value)
        ranged = _NUMERAL_NEXT.match(text, end)
        return self._quantity(at, end, value, NO_UNIT) if whole or ranged is not None else end

    def _joined_numeral(self, at: int, value: Fraction, unit: tuple[Unit, int]) -> int:
        if unit[0].text != "月" and _NUMERAL_NEXT.match(self.text, unit[1]):
            return self._quantity(at, unit[1], value, unit[0])
        return unit[1]

    def _reached_power(self, at: int, word: str) -> bool:
        """上百人, 上万人次: 上 before a power of ten."""
        return word in _POWERS_ALONE and at > self.done and self.text[at - 1] == "上" and self._opens(at - 1)

    def _after_joint(self, at: int) -> bool:
        """三至五天: the upper end of a range whose lower end was read."""
        last = self.tokens[-1] if self.tokens else None
        return last is not None and last.kind == "QTY" and self.text[self.done : at] in JOINTS

    def _words_number(self, at: int, end: int) -> int:
        unit = unit_prefix(self.text, end)
        vague = _VAGUE.match(self.text, max(at - 1, 0)) or _VAGUE.match(self.text, at)
        if vague is not None and vague.end() > at:
            self.doubts.append(("vague", vague.start(), vague.end(), vague.group()))
            return vague.end()
        if unit is not None and self._closes(unit[1]) and parse_chinese_number(self.text[at:end]) is not None:
            self.doubts.append(("numeral", at, unit[1], self.text[at : unit[1]]))
        return end

    def _quantity_if_closed(self, at: int, end: int, value: Fraction, unit: Unit) -> int:
        return self._quantity(at, end, value, unit) if self._closes(end) else end


def _is_word(name: str) -> bool:
    """Does what stands where a unit would belong to the vocabulary?"""
    return name in BEFORE_NUMBER or name[0] in "多余几至到且和及或不" or NUMBER_LIKE.search(name) is not None


def _tenth(word: str | None) -> Fraction:
    if not word:
        return Fraction(0)
    if word == "半":
        return Fraction(5)
    return Fraction(int(word)) if word.isascii() else parse_chinese_number(word) or Fraction(0)


_ASCII_DIGITS = frozenset("0123456789")
NUMBER_LIKE = re.compile(
    r"[0-9]|【|[千万]分之|[零〇一二两三四五六七八九十百半壹贰叁肆伍陆柒捌玖拾佰]|几(?=[十百千万个次人场项件天年条])|数(?=[十百千万])|(?<=[上近逾超约达破过])[千万亿]|第[一二三四1-4]季|[上下]半年|年[底末终内]|年度内"
)
_PLAIN = re.compile(r"[0-9]{1,3}%\Z")
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
_WHOLE = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_NOISE = re.compile(r"\.[0-9]*(?:0{5}|9{5})[0-9]+\Z|\.[0-9]{10}")
_OVER = re.compile(r"/([1-9][0-9]{0,5})(?![0-9.]|[万亿千](?!元))")
_TENTHS = re.compile(r"成([一二三四五六七八九半1-9])?")
_TENTHS_WORDS = re.compile(r"([一二三四五六七八九两])成([一二三四五六七八九半])?")
_MORE_WORDS = re.compile(r"多|余|来")
_MORE = re.compile(r"多|余|几|来")
_UNKNOWN_UNIT = re.compile(r"[一-龥]{1,6}\Z|[A-Za-z]{1,6}(?:/[A-Za-z一-龥]{1,6})?\Z")
_RANGE_NEXT = re.compile(
    r"[-~—―─至到±+]{1,2}[<>=≥≤约]?[0-9]|(?:且|并且|并|和|及)?(?:[≥≤<>=]|不[超高大低少小]|[小大低高]于)"
)
_NOT_A_NUMBER = re.compile(
    r"[0-9]+[天日]?[×*xX][0-9]+(?:小时|h|H)?|[0-9]+(?::[0-9]+)+|[0-9]+(?:\.[0-9]+){2,}(?![-/0-9])"
    r"|(?:19|20)[0-9]{2}(?:[-~—至](?:19|20)[0-9]{2})?学年|[0-9]+[Oo][0-9]*(?=%)|[0-9]+[lI][0-9]*(?=%)"
)
_COHORT = re.compile(r"(?:19|20)[0-9]{2}[级届]")
_LISTED = re.compile(r"[0-9]{1,2}[、.)](?![0-9])(?=.)")
_DIGIT_WORDS = "零〇一二两三四五六七八九十百千万亿半壹贰叁肆伍陆柒捌玖拾佰仟"
_NUMERALS = re.compile(f"百分百|[{_DIGIT_WORDS}](?:[{_DIGIT_WORDS}点]|分之)*")
_NUMERAL_NEXT = re.compile(f"[-~—―─至到]{{1,2}}[{_DIGIT_WORDS}0-9]")
_INDEFINITE = re.compile(r"[一二两三四五六七八九]{2,3}")
_VAGUE = re.compile(
    r"[几数][十百千万亿]+[个]?|[十百千万][几数](?![据字])|[一二两三四五六七八九]{2,3}[十百千万成](?=\Z|[一-龥])|[几](?=[个次人场项件天年条])"
    r"|[一二两三四五六七八九]{2}(?=[个次人场项件天年条家户名份期批])|[一二三四五六七八九两][一二三四五六七八九]?折"
)
_POWERS_ALONE = frozenset({"百", "千", "万", "亿", "百万", "千万"})
_BEFORE_POINT = frozenset("≥≤<>=约:;")
_POWER_OF_TEN = re.compile(r"[Ee]\+?([0-9]{1,2})(?![0-9A-Za-z])")
_CLOCK = re.compile(
    r"([0-9]+)(小时|个小时|h)([0-9]{1,2})(分钟|分|min)|([0-9]+)(分钟|分)([0-9]{1,2})(秒)|([0-9]+)(年)零?([0-9]{1,2})(个月)"
)
_CURRENCY = {"¥": "元", "$": "美元", "€": "欧元"}
_SHARE_UNITS = {"百": (PERCENT, 100), "一百": (PERCENT, 100), "千": (PERMILLE, 1000)}
_SHARES = {"百分百": Fraction(100), "百分之百": Fraction(100)}
_IDIOMS = frozenset({"十", "十分", "百", "千", "万", "亿", "半", "一", "万万", "千万", "百万"}) - {"一", "半", "十"}
_NOT_COUNTED = frozenset(
    {"级", "星", "分", "星级", "流", "点", "度", "等", "方", "道", "口", "路", "片", "单", "里", "角"}
)
