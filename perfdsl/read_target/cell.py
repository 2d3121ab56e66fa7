"""One target cell on its way from text to target."""

import re
from fractions import Fraction

import attrs

from perfdsl.quantity import format_number, plain_number, round_half_up, unit_named
from perfdsl.read_target.clause import Clause, parse_items, unit_of, with_unit
from perfdsl.read_target.gather import Gather, value_text
from perfdsl.read_target.lexer import Lexer
from perfdsl.read_target.plausible import remarks
from perfdsl.read_target.statement import DIGITS, FAULT, read_words, worded
from perfdsl.read_target.words import COUNT_NAMES, MONEY_NAMES, SCALES_ALONE
from perfdsl.target import Bound, Deadline, Finding, Findings, Free, Meaning, Range, Target, as_money, unit_kind


class Cell(Gather):
    """One cell, read once."""

    __slots__ = ("lexer",)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.lexer = Lexer(self.clean)

    def read(self) -> Target:
        """The target the words alone give."""
        interval = self._interval()
        if interval is not None:
            return Target(self.text, interval)
        if FAULT.fullmatch(self.clean):
            self.doubt("T136", 0, -1, text=self.clean)
            return Target(self.text, Free(self.shown))
        word = read_words(self.clean)
        if word is not None:
            self.doubts.extend(word.doubts)
            return Target(self.text, word.meaning, word.label)
        tokens = self.lexer.run()
        items = parse_items(tokens)
        if items is None:
            return self._free("T112")
        clauses = [item for item in items if isinstance(item, Clause)]
        if not clauses:
            return self._free("")
        meaning, label = self.assemble(items, clauses)
        for clause in clauses:
            self.doubts.extend(clause.doubts)
        self._lexer_doubts(meaning)
        if isinstance(meaning, Free):
            return self._free("")
        return Target(self.text, meaning, label)

    def _interval(self) -> Range | None:
        """[90,100], [90%,100%): both ends in square or round brackets."""
        found = _INTERVAL.fullmatch(self.clean) if self.clean[:1] in "[(" or self.clean[-1:] == "]" else None
        if found is None:
            return None
        low, high = plain_number(found[2]), plain_number(found[4])
        name = found[5] or found[7]
        if low is None or high is None or low > high or (found[3] or name) != name or len(name) > 40:
            return None
        return Range(low, high, unit_named(name), found[1] == "[", found[6] == "]")

    def findings(self) -> Findings:
        """The doubts as findings, in the order of their places, in offsets of the text as given."""
        if not self.doubts:
            return ()
        unique = {(d.code, d.start, d.end): d for d in self.doubts}
        made = [Finding(d.code, *self.place(d.start, d.end), tuple(d.facts.items()), d.about) for d in unique.values()]
        return tuple(sorted(made, key=lambda f: (f.start, f.end, f.code)))

    def _free(self, code: str) -> Target:
        """A statement, with a finding for every sort of number in it."""
        clean = self.clean
        if code:
            self.doubt(code, 0, -1, text=clean)
        damaged = _OCR_DIGITS.search(clean)
        if damaged:
            text = damaged.group()
            self.doubt(
                "T103", damaged.start(), damaged.end(), text=text, rest=text.lstrip("ZzSM").translate(_LETTER_DIGITS)
            )
        digits = DIGITS.search(clean)
        if digits:
            self.doubt("T102", digits.start(), digits.end(), digits=digits.group())
        else:
            for sort, start, end, text in self.lexer.doubts:
                if sort in _NUMERAL_CODES:
                    self.doubt(_NUMERAL_CODES[sort], start, end, text=text)
            word = worded(clean.lstrip(","))
            self.doubts.extend(word.doubts)
            if any(doubt.code == "T131" for doubt in self.doubts):
                return Target(self.text, Free(self.shown))
            return Target(self.text, word.meaning, word.label)
        return Target(self.text, Free(self.shown))

    def _lexer_doubts(self, meaning: Meaning) -> None:
        if isinstance(meaning, Free):
            return
        for sort, start, end, fact in self.lexer.doubts:
            if sort == "unit":
                self.doubt("T101", start, end, unit=fact)
            elif sort == "noise":
                self.doubt("T120", start, end, text=fact, near=_near(fact))
            elif sort == "zero":
                self.doubt("T109", start, end, text=fact)
            elif sort == "fraction":
                self.doubt("T121", start, end, text=self.clean[start:end], reading="分数")
            elif sort == "dot" or sort == "power":
                self.doubt("T121", start, end, text=self.clean[start:end], reading=fact)
            elif sort == "half":
                self.doubt("T121", start, end, text=fact, reading="年底前")
            elif sort == "signs":
                self.doubt("T108", start, end, first=fact[0], second=fact[-1])
            elif sort == "date" or (sort == "month" and not (isinstance(meaning, Deadline) and meaning.since)):
                reading = "日期" if isinstance(meaning, Deadline) else "时长"
                self.doubt("T119", start, end, text=fact, reading=reading)
        self._check_grouping()

    def _check_grouping(self) -> None:
        if "，" in self.text and _GROUPED.search(self.clean):
            found = _GROUPED.search(self.clean)
            assert found is not None
            self.doubt("T121", found.start(), found.end(), text=found.group(), reading=found.group().replace(",", ""))

    def check_damage(self, meaning: Meaning) -> None:
        """290% where ≥90% would be usual."""
        if isinstance(meaning, Bound) and meaning.quantity.value < 0 and _WITHIN.search(self.clean):
            self.doubt("T121", 0, -1, text=self.clean, reading=value_text(meaning))
        if not isinstance(meaning, Bound) or _RELATION.search(self.clean):
            return
        if _LIKE_A_DATE.fullmatch(self.clean):
            self.doubt("T119", 0, -1, text=self.clean, reading="数")
        if unit_kind(meaning.quantity.unit) != "percent":
            return
        digits = format_number(meaning.quantity.value)
        if len(digits) > 2 and digits[0] in "2>7" and digits[1:].isdigit() and 50 <= int(digits[1:]) <= 100:
            self.doubt("T103", 0, -1, text=digits + "%", rest=digits[1:] + "%")

    def compare(self, meaning: Meaning, name: str) -> None:
        """Note what the name of the indicator, or the subject in the cell, makes doubtful."""
        damaged = any(doubt.code == "T103" for doubt in self.doubts)
        for code, facts in remarks(meaning, name):
            if not (damaged and code == "T132"):
                self.doubt(code, 0, -1, **facts)

    def with_scale(self, target: Target, name: str) -> Target:
        """万 without what it counts: money where the name says so or nothing says otherwise, and always reported."""
        own = unit_of(target.meaning)
        if own is None or own.text.partition("/")[0] not in SCALES_ALONE:
            return target
        self.doubt("T115", 0, -1, text=self.clean)
        if own.text not in SCALES_ALONE or not isinstance(target.meaning, Bound):
            return target
        counts = any(word in name for word in COUNT_NAMES)
        if counts or (name and not any(word in name for word in MONEY_NAMES)):
            return target
        return attrs.evolve(target, meaning=with_unit(target.meaning, as_money(own)))


def _near(digits: str) -> str:
    """The decimal a noisy one may have been."""
    value = plain_number(digits) or Fraction(0)
    for places in range(7):
        rounded = round_half_up(value, places)
        if abs(rounded - value) < abs(value) / 10**5:
            return format_number(rounded)
    return format_number(round_half_up(value, 6))


_NUMERAL_CODES = {"numeral": "T126", "vague": "T131"}
_INTERVAL = re.compile(
    r"([\[(])(-?[0-9.]*[0-9])([^0-9,()\[\]]*)[,~](-?[0-9.]*[0-9])([^0-9,()\[\]]*)([\])])([^0-9()\[\]]*)"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")

_LIKE_A_DATE = re.compile(r"20(?:1[5-9]|2[0-9]|3[0-5])|20[0-9]{2}(?:\.(?:1[0-2]|[1-9])|0[1-9]|1[0-2])")
_OCR_DIGITS = re.compile(r"[0-9]+[OoIl][0-9OoIl]*%|[OIl]+[0-9][0-9OoIl]*%|[ZzSM][0-9]{2,3}%")

_WITHIN = re.compile(r"[^年月日度期]内")
_RELATION = re.compile(r"[≥≤<>=]|[不至]|[大小高低多少等][于]|以[上下内]|[超达控增降]")
_LETTER_DIGITS = str.maketrans("OoIl", "0011")
