"""The tokens of a target cell: numbers first, then the words that lean on them; everything else is a WORD.

Every character is passed over a bounded number of times: the left look is limited by the longest word and by
``MAX_MODS``, so the work grows with the length of the cell and nothing more.
"""

import re
from fractions import Fraction

from perfdsl.lalr import Token
from perfdsl.quantity import (
    NO_UNIT,
    ONE,
    SHARE,
    Quantity,
    Unit,
    fold_width,
    parse_chinese_number,
    parse_unit,
    plain_number,
    unit_named,
    unit_prefix,
)
from perfdsl.read_target.words import (
    AFTER_DATE,
    AFTER_NUMBER,
    AFTER_SIZES,
    BEFORE_NUMBER,
    BEFORE_SIZES,
    DATE_SIZES,
    MEASURE_ENDS,
    NEGATIONS,
    NOT_REACH,
    WEAK,
    WEAK_WORDS,
    Entry,
)
from perfdsl.target import Date

MAX_MODS = 8
MAX_LABEL = 200
PERCENT, PERMILLE = unit_named("%"), unit_named("‰")


def squeeze(text: str) -> tuple[str, list[int] | None]:
    """The text folded to half width without spaces and controls, and the place of each kept character.

    A space between two digits stays, because 95 98 is not 9598.
    """
    folded = fold_width(text)
    if folded.isascii() is False:
        folded = folded.translate(_LOOK_ALIKE)
        if "〉" in folded or "〈" in folded:
            folded = folded if "〉" in folded and "〈" in folded else folded.replace("〉", ">").replace("〈", "<")
    if not _BLANK.search(folded):
        return folded, None
    folded = _BLANK.sub(" ", folded)
    kept = [i for i, c in enumerate(folded) if c != " " or _splits(folded, i)]
    return "".join([folded[i] for i in kept]), kept


def _splits(text: str, at: int) -> bool:
    if at == 0 or at + 1 >= len(text) or not text[at - 1].isdigit():
        return False
    after = _AFTER_GAP.match(text, at)
    return after is not None and not _THOUSANDS.match(text, at)


class Lexer:
    """One pass over a squeezed cell.  ``steps`` counts the work; ``doubts`` collects (code, start, end, facts)."""

    __slots__ = ("done", "doubts", "steps", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.doubts: list[tuple[str, int, int, str]] = []
        self.done = 0
        self.steps = 0

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

    # -- digits -------------------------------------------------------------------------------------------------

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
        quarter = _QUARTER.match(text, at)
        if quarter is not None:
            return self._quarter(quarter)
        special = _NOT_A_NUMBER.match(text, at) or (_LISTED.match(text, at) if self._begins(at) else None)
        if special is not None:
            return special.end()
        span = _MONTH_SPAN.match(text, at)
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
            quarter = _QUARTER.match(self.text, at - 1)
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
        if end == len(text) or text[end] in _STOPS or _RANGE_NEXT.match(text, end) or self._word_after(end):
            return self._quantity(at, end, value, NO_UNIT)
        if text[end] in "≤<" or (text[end] == "." and end + 1 == len(text)) or (not value and text[end] > "一"):
            return self._quantity(at, end, value, NO_UNIT)
        unknown = _UNKNOWN_UNIT.match(text, end)
        if unknown is not None and self._op_before(at) and not _is_word(unknown.group()):
            name = unknown.group()
            self.doubts.append(("unit", end, unknown.end(), name))
            return self._quantity(at, unknown.end(), value, Unit(name, ONE, ((name, 1),)))
        return end

    def _op_before(self, at: int) -> bool:
        if at == self.done:
            return False
        if self.text[at - 1] in "≥≤<>=":
            return True
        entry = self._word_before(at)
        return entry is not None and entry[0].kind == "OP"

    # -- numerals -----------------------------------------------------------------------------------------------

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

    def _opens(self, at: int) -> bool:
        if at == self.done:
            return True
        before = self.text[at - 1]
        return before in _OPENERS or before in _SIGNS or self._word_before(at) is not None

    def _closes(self, end: int) -> bool:
        return end == len(self.text) or self.text[end] in _STOPS or self._word_after(end)

    def _quantity_if_closed(self, at: int, end: int, value: Fraction, unit: Unit) -> int:
        return self._quantity(at, end, value, unit) if self._closes(end) else end

    # -- dates --------------------------------------------------------------------------------------------------

    def _date(self, at: int) -> int:
        """A date that begins here, read and followed to its end; 0 when there is none."""
        text = self.text
        found = _YEAR_DATE.match(text, at)
        if found is not None:
            return self._dated(at, found.end(), _date_of(found[1], found[2], found[3]))
        found = _DOTTED_DATE.match(text, at) or _EIGHT_DIGITS.match(text, at)
        if found is not None and _is_day(found[2], found[3]):
            if found.re is _EIGHT_DIGITS:
                self.doubts.append(("date", at, found.end(), found.group()))
            return self._dated(at, found.end(), _date_of(found[1], found[2], found[3]))
        found = _YEAR_SPAN.match(text, at)
        if found is not None:
            return self._dated(at, found.end(), Date(int(found.group())))
        found = _DOTTED_MONTH.match(text, at)
        if found is not None and 1 <= int(found[2]) <= 12 and not ("." in found.group() and self._op_before(at)):
            if "." in found.group():
                self.doubts.append(("date", at, found.end(), found.group()))
            return self._dated(at, found.end(), _date_of(found[1], found[2], None))
        found = _MONTH_DAY.match(text, at)
        if found is not None and 1 <= int(found[1]) <= 12:
            return self._month_day(at, found.end(), found[1], found[2])
        return self._day(at)

    def _month_day(self, at: int, end: int, month: str, day: str | None) -> int:
        if day is None and self._op_before(at):
            self.doubts.append(("month", at, end, self.text[at:end]))
            return 0
        if day is None and self._after_date(end) is None and self.text[end - 1] == "月":
            self.doubts.append(("month", at, end, self.text[at:end]))
        return self._dated(at, end, _date_of(None, month, day))

    def _day(self, at: int) -> int:
        found = _DAY_BEFORE.match(self.text, at) or _DOT_DAY_BEFORE.match(self.text, at)
        if found is None and self._word_before(at) is not None and self.text[at - 2 : at] in _MONTHLY:
            found = _DAY.match(self.text, at)
        if found is None:
            return 0
        if found.re is not _DOT_DAY_BEFORE:
            return self._dated(at, found.end(), Date(None, None, int(found[1]))) if int(found[1]) <= 31 else 0
        return self._dated(at, found.end(), _date_of(None, found[1], found[2])) if _is_day(found[1], found[2]) else 0

    def _named_date(self, at: int) -> int:
        """第三季度, 上半年, 年底: dates in words, where the cell goes on as after a date."""
        quarter = _QUARTER.match(self.text, at)
        if quarter is not None:
            return self._quarter(quarter)
        half = _HALF_YEAR.match(self.text, at)
        if half is not None:
            month = 6 if half.group()[0] == "上" else 12
            return self._named(at, half.end(), Date(None, month, 30 if month == 6 else 31))
        end = _YEAR_END.match(self.text, at)
        if end is not None and self._opens(at):
            return self._named(at, end.end(), Date(None, 12, 31))
        return at + 1

    def _quarter(self, found: re.Match[str]) -> int:
        name = found[1] or found[2] or found[3]
        number = "一二三四".find(name) + 1 or int(name)
        date = Date(None, number * 3, 31 if number in (1, 4) else 30)
        return self._named(found.start(), found.end(), date)

    def _named(self, at: int, end: int, date: Date) -> int:
        text = self.text
        if not (end == len(text) or text[end] in _STOPS or self._after_date(end)):
            return end
        previous = self.tokens[-1] if self.tokens else None
        if previous is not None and previous.kind == "DATE" and self.done == at and previous.value.month is None:
            self.tokens[-1] = Token("DATE", Date(previous.value.year, date.month, date.day), previous.start, end)
            self.done = end
            return self._after(end, AFTER_DATE, DATE_SIZES)
        return self._dated(at, end, date)

    def _month_span(self, found: re.Match[str]) -> int:
        at, end = found.start(), found.end()
        year = None
        if self.tokens and self.tokens[-1].kind == "DATE" and self.done == at and self.tokens[-1].value.month is None:
            year = self.tokens.pop().value.year
        else:
            self._lead(at)
        self.tokens.append(Token("DATE", Date(year, int(found[1])), at, found.end(1)))
        self.tokens.append(Token("DASH", "-", found.end(1), found.start(2)))
        self.tokens.append(Token("DATE", Date(year, int(found[2])), found.start(2), end))
        self.done = end
        return self._after(end, AFTER_DATE, DATE_SIZES)

    def _dated(self, at: int, end: int, date: Date) -> int:
        if date.year and date.month is None and at > self.done and self.text[at - 1] in "较比":
            return self._base_year(at, end)
        self._lead(at)
        self.tokens.append(Token("DATE", date, at, end))
        self.done = end
        return self._after(end, AFTER_DATE, DATE_SIZES)

    def _base_year(self, at: int, end: int) -> int:
        self._gap(at - 1)
        self.tokens.append(Token("BASE", self.text[at - 1 : end], at - 1, end))
        self.done = end
        return end

    def _after_date(self, at: int) -> Entry | None:
        found = _entry(self.text, at, AFTER_DATE, DATE_SIZES)
        return found[0] if found else None

    # -- words around -------------------------------------------------------------------------------------------

    def _quantity(self, at: int, end: int, value: Fraction, unit: Unit) -> int:
        sign = self._lead(at)
        if sign:
            at -= 1
            value = -value
            if not value:
                self.doubts.append(("zero", at, end, self.text[at:end]))
        self.tokens.append(Token("QTY", Quantity(value, unit), at, end))
        self.done = end
        return self._after(end, AFTER_NUMBER, AFTER_SIZES)

    def _lead(self, at: int) -> bool:
        """Make tokens of what stands before a number, back to the last one; was there a minus sign?"""
        text, done = self.text, self.done
        if at == done:
            return False
        sign = text[at - 1] == "负" or (text[at - 1] == "-" and self._is_minus(at - 1))
        cut, mods = self._mods(at - sign)
        if cut > done:
            self._gap(cut)
        self.tokens.extend(reversed(mods))
        return sign

    def _is_minus(self, at: int) -> bool:
        if at == self.done:
            return not self.tokens or self.tokens[-1].kind in _BEFORE_MINUS
        before = self.text[at - 1]
        if before == "-" and at - 1 == self.done and self.tokens and self.tokens[-1].kind == "QTY":
            return bool(self.tokens[-1].value.value < 0)
        return before in _OPENERS or before in _SIGNS or before in "~至到" or self._word_before(at) is not None

    def _mods(self, at: int) -> tuple[int, list[Token]]:
        mods: list[Token] = []
        while at > self.done and len(mods) < MAX_MODS:
            self.steps += 1
            c = self.text[at - 1]
            if c in _SIGNS:
                start = at
                while start > self.done and self.text[start - 1] in _SIGNS:
                    start -= 1
                    if "±" in self.text[start : start + 2] and start < at - 1:
                        start += 1
                        break
                mods.append(self._sign(start, at))
            elif c in ":" and mods:
                start = at - 1
                mods.append(Token("VERB", ":", start, at))
            else:
                found = self._word_before(at)
                if found is None:
                    break
                entry, start = found
                mods.append(Token(entry.kind, entry.value, start, at))
            at = start
        return at, mods

    def _sign(self, start: int, end: int) -> Token:
        raw = self.text[start:end]
        if raw == "±":
            joins = start == self.done and self.tokens and self.tokens[-1].kind == "QTY"
            return Token("SPREAD" if joins else "PM", raw, start, end)
        if raw == "+":
            alone = start == self.done or self.text[start - 1] in _OPENERS or self._word_before(start) is not None
            return Token("VERB" if alone else "WORD", raw, start, end)
        if raw in _ABOUT_SIGNS:
            return Token("ABOUT", raw, start, end)
        op = _SIGN_RUNS.get(raw) or merged_sign(raw)
        if op is None:
            self.doubts.append(("signs", start, end, raw))
            return Token("WORD", raw, start, end)
        return Token("OP", op, start, end)

    def _word_before(self, at: int) -> tuple[Entry, int] | None:
        text, done = self.text, self.done
        for size in BEFORE_SIZES.get(text[at - 1], ()) if at > done else ():
            start = at - size
            if start < done:
                continue
            word = text[start:at]
            entry = BEFORE_NUMBER.get(word)
            if entry is not None and self._stands(word, start):
                return entry, start
        return None

    def _stands(self, word: str, start: int) -> bool:
        """May the word be cut off here, or does it belong to a longer one (节约, 送达, 未完成)?"""
        if start == self.done:
            return True
        before = self.text[start - 1]
        if before in _OPENERS or before in _SIGNS:
            return True
        if before in NEGATIONS:
            return False
        if word == "达":
            return before + word not in NOT_REACH
        if len(word) == 1 and word in WEAK or word in WEAK_WORDS:
            return before in MEASURE_ENDS or self._follows_word(start)
        return True

    def _follows_word(self, at: int) -> bool:
        sizes = BEFORE_SIZES.get(self.text[at - 1], ())
        return any(at - size >= self.done and self.text[at - size : at] in BEFORE_NUMBER for size in sizes)

    def _after(self, at: int, table: dict[str, Entry], sizes: dict[str, tuple[int, ...]]) -> int:
        while at < len(self.text):
            self.steps += 1
            found = _entry(self.text, at, table, sizes)
            if found is None or (found[0].kind == "DONE" and not self._ends(found[1])):
                break
            self.tokens.append(Token(found[0].kind, found[0].value, at, found[1]))
            at = found[1]
        if self.text.startswith("(", at):
            at = self._remark(at)
        self.done = at
        return at

    def _ends(self, at: int) -> bool:
        return at == len(self.text) or self.text[at] in _STOPS or self._word_after(at)

    def _word_after(self, at: int) -> bool:
        return _entry(self.text, at, AFTER_NUMBER, AFTER_SIZES) is not None

    def _remark(self, at: int) -> int:
        close = self.text.find(")", at, at + 60)
        if close < 0:
            return at
        inner = self.text[at + 1 : close]
        own = _INCLUDED.fullmatch(inner)
        if own is not None:
            self.tokens.append(Token("CLOSED", "out" if own[1] == "不" else "in", at, close + 1))
        else:
            self.tokens.append(Token("REMARK", inner, at, close + 1))
        self.done = close + 1
        if _entry(self.text, close + 1, AFTER_NUMBER, AFTER_SIZES):
            return self._after(close + 1, AFTER_NUMBER, AFTER_SIZES)
        return close + 1

    # -- the rest -----------------------------------------------------------------------------------------------

    def _gap(self, end: int) -> None:
        """Tokens for the stretch between what was read and ``end``: joints, separators, words."""
        start, text = self.done, self.text
        if start >= end:
            return
        stretch = text[start:end]
        if self.tokens and self.tokens[-1].kind in _JOINABLE and stretch in _JOINTS:
            self.tokens.append(Token(_JOINTS[stretch], stretch, start, end))
            self.done = end
            return
        for piece in _PIECES.finditer(stretch):
            self.steps += 1
            sort = "SEP" if piece.lastgroup == "sep" else "WORD"
            self.tokens.append(Token(sort, piece.group(), start + piece.start(), start + piece.end()))
        self.done = end


def _entry(text: str, at: int, table: dict[str, Entry], sizes: dict[str, tuple[int, ...]]) -> tuple[Entry, int] | None:
    for size in sizes.get(text[at : at + 1], ()):
        word = text[at : at + size]
        entry = table.get(word)
        if entry is not None:
            return entry, at + len(word)
    return None


def _is_word(name: str) -> bool:
    """Does what stands where a unit would belong to the vocabulary?"""
    return name in BEFORE_NUMBER or name[0] in "多余几至到且和及或" or NUMBER_LIKE.search(name) is not None


def merged_sign(raw: str) -> str | None:
    """A run of signs that all point one way (>＝ ≥≥ ==>) as one; None when they contradict."""
    up, down, equal = (any(c in group for c in raw) for group in ("≥>", "≤<", "≥≤="))
    if up and down:
        return None
    if up or down:
        return (">" if up else "<") + ("=" if equal else "")
    return "="


def _tenth(word: str | None) -> Fraction:
    if not word:
        return Fraction(0)
    if word == "半":
        return Fraction(5)
    return Fraction(int(word)) if word.isascii() else parse_chinese_number(word) or Fraction(0)


def _date_of(year: str | None, month: str | None, day: str | None) -> Date:
    return Date(int(year) if year else None, int(month) if month else None, int(day) if day else None)


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060\ufeff]")
_AFTER_GAP = re.compile(r" +[0-9]")
_THOUSANDS = re.compile(r" [0-9]{3}(?![0-9])")
_LOOK_ALIKE = str.maketrans(
    {
        "≧": "≥", "⩾": "≥", "≩": "≥", "⪰": "≥", "≽": "≥", "≮": "≥", "﹥": ">", "›": ">",
        "≦": "≤", "⩽": "≤", "≨": "≤", "⪯": "≤", "≼": "≤", "≯": "≤", "﹤": "<", "‹": "<",
        "═": "=", "﹦": "=", "゠": "=", "⩵": "=", "≡": "=", "−": "-", "﹣": "-", "‐": "-", "‑": "-", "‒": "-",
        "﹪": "%", "℅": "%", "٪": "%", "﹢": "+", "➕": "+", "∶": ":", "︰": ":", "﹕": ":", "﹔": ";", "﹐": ",",
        "﹙": "(", "﹚": ")", "∼": "~", "〜": "~", "～": "~", "˜": "~", "–": "-", "⁓": "~",
        "╱": "/", "∕": "/", "⁄": "/", "＊": "*", "﹡": "*", "✕": "×", "✖": "×", "╳": "×", "•": "·",
    }
)  # fmt: skip
_ASCII_DIGITS = frozenset("0123456789")
_SIGNS = frozenset("≥≤<>=±≈+")
_ABOUT_SIGNS = frozenset({"≈", "≈≈"})
_SIGN_RUNS = {"≥": ">=", "≤": "<=", "=": "=", ">": ">", "<": "<", ">=": ">=", "<=": "<=", "=>": ">=", "=<": "<="}
_STOPS = frozenset(';,。、；，)~ "”」】|!！?？')
_OPENERS = frozenset(';,。、(:"“「【】|')
_BEFORE_MINUS = frozenset({"OP", "ABOUT", "QUAL", "GROW", "BASE", "VERB", "SEP", "DASH"})
_JOINABLE = frozenset({"QTY", "DATE", "POST", "BEFORE", "CLOSED", "AROUND"})
_JOINTS = {
    "-": "DASH", "~": "DASH", "至": "DASH", "到": "DASH", "—": "DASH", "——": "DASH", "--": "DASH",
    "―": "DASH", "─": "DASH", "~~": "DASH", "…": "DASH", "±": "PM", "+-": "PM", "且": "AND", "并且": "AND",
    "且小于": "AND", "和": "AND", "及": "AND", "与": "AND", ",且": "AND", "并": "AND", "同时": "AND", ",并": "AND",
}  # fmt: skip
_PIECES = re.compile(r"(?P<sep>[;。,、； ，|]+)|[^;。,、； ，|]+")
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
_YEAR_DATE = re.compile(r"((?:19|20)[0-9]{2})年度?(?:(1[0-2]|0?[1-9])月份?(?:(3[01]|[12][0-9]|0?[1-9])[日号])?)?(?!期)")
_DOTTED_DATE = re.compile(r"((?:19|20)[0-9]{2})[./\-]([01]?[0-9])[./\-]([0-3]?[0-9])日?(?![0-9%])")
_YEAR_SPAN = re.compile(r"(?:19|20)[0-9]{2}(?=[-~—―─至到]{1,2}(?:19|20)[0-9]{2}年)")
_EIGHT_DIGITS = re.compile(r"((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9.%])(?=\Z|前|之前|以前|[;。,])")
_DOTTED_MONTH = re.compile(
    r"((?:19|20)[0-9]{2})[./\-](0[1-9]|1[0-2]|[1-9](?=月|前|底|[-~—至到]{1,2}20[0-9]{2}\.)|(?<=[-~—至到]20[0-9]{2}\.)[1-9])月?(?=\Z|-|前|之前|以前|底|末|[;。,至到~—])"
)
_MONTH_DAY = re.compile(r"(1[0-2]|0?[1-9])月份?(?:(3[01]|[12][0-9]|0?[1-9])[日号])?")
_MONTH_SPAN = re.compile(r"(1[0-2]|0?[1-9])月?[-~—―─至到]{1,2}(1[0-2]|0?[1-9])月份?(?![0-9])")
_DAY_BEFORE = re.compile(r"([0-3]?[0-9])[日号](?=前|之前|以前)")
_DAY = re.compile(r"([0-3]?[0-9])[日号]")
_MONTHLY = frozenset({"每月", "次月", "当月"})
_DOT_DAY_BEFORE = re.compile(r"([01]?[0-9])\.([0-3]?[0-9])(?=前|之前|以前)")
_QUARTER = re.compile(r"第([一二三四1-4])季度?|([一二三四])季度|([1-4])季度(?=[前末底]|之前|以前)")
_HALF_YEAR = re.compile(r"[上下]半年")
_YEAR_END = re.compile(r"年[底末终内]|年度内")
_INCLUDED = re.compile(r"(不?)(?:包?含|包括)(?:本数|[0-9.]+[^0-9]{0,4})?")
