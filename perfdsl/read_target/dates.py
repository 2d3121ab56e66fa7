"""Dates and parts of dates in a cell: 2024年12月底前, 3—5月, 第三季度, 每月25日前."""

import re

from perfdsl.lalr import Token
from perfdsl.quantity import parse_chinese_number
from perfdsl.read_target.around import STOPS, Around, entry_at
from perfdsl.read_target.words import AFTER_DATE, DATE_SIZES, Entry
from perfdsl.target import Date


class Dates(Around):
    """Reads what looks like a date; a month may be a number of months, so the words around decide."""

    __slots__ = ()

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
        found = _BARE_YEARS.fullmatch(text) if at == 0 else None
        if found is not None and int(found[1]) < int(found[2]):
            self.doubts.append(("date", 0, len(text), text))
            return self._year_span(found)
        found = _DASHED_MONTH.match(text, at)
        if found is not None and self._closes(found.end()):
            self.doubts.append(("date", at, found.end(), found.group()))
            return self._dated(at, found.end(), _date_of(found[1], found[2], None))
        found = _SHORT_YEAR.match(text, at)
        if found is not None and not self._op_before(at):
            self.doubts.append(("date", at, found.end(), found.group()))
            return self._dated(at, found.end(), _date_of("20" + found[1], found[2], found[3]))
        found = _DOTTED_MONTH.match(text, at)
        if found is not None and 1 <= int(found[2]) <= 12 and not ("." in found.group() and self._op_before(at)):
            if "." in found.group():
                self.doubts.append(("date", at, found.end(), found.group()))
            return self._dated(at, found.end(), _date_of(found[1], found[2], None))
        found = _MONTH_DAY.match(text, at)
        if found is not None and 1 <= int(found[1]) <= 12:
            return self._month_day(at, found.end(), found[1], found[2])
        return self._day(at)

    def _chinese_date(self, at: int) -> int:
        """二〇二四年十二月底前, 十二月三十一日前: a date in numerals; 0 when there is none."""
        found = _CHINESE_DATE.match(self.text, at)
        if found is None or not (found[1] or found[2]) or not (self._opens(at) or found[1]):
            return 0
        year, month, day = (_numeral(part) for part in found.groups())
        if (month or 1) > 12 or (day or 1) > 31:
            return 0
        follows = self._after_date(found.end()) is not None
        if month and not (year or day) and at == 0 and found.end() == len(self.text):
            self.doubts.append(("month", at, found.end(), found.group()))
            return self._dated(at, found.end(), Date(None, month))
        if not (follows or (year and self._closes(found.end())) or (day and month and self._closes(found.end()))):
            return 0
        return self._dated(at, found.end(), Date(year, month, day))

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
        quarter = QUARTER.match(self.text, at)
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
        if not (end == len(text) or text[end] in STOPS or self._after_date(end)):
            return end
        if _HALF_BEFORE.match(text, at):
            self.doubts.append(("half", at, end + 1, text[at : end + 1]))
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

    def _year_span(self, found: re.Match[str]) -> int:
        for group in (1, 2):
            if group == 2:
                self.tokens.append(Token("DASH", "-", found.end(1), found.start(2)))
            self.tokens.append(Token("DATE", Date(int(found[group])), found.start(group), found.end(group)))
        self.done = found.end()
        return self.done

    def _dated(self, at: int, end: int, date: Date) -> int:
        if date.year and date.month is None and at > self.done and self.text[at - 1] in "较比":
            return self._base_year(at, end)
        previous = self.tokens[-1] if self.tokens and self.done == at else None
        if previous is not None and previous.kind == "DATE" and previous.value.month is None and date.year is None:
            self.tokens[-1] = Token("DATE", Date(previous.value.year, date.month, date.day), previous.start, end)
        else:
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
        found = entry_at(self.text, at, AFTER_DATE, DATE_SIZES)
        return found[0] if found else None


def _numeral(word: str | None) -> int | None:
    value = parse_chinese_number(word.replace("○", "〇").replace("0", "〇")) if word else None
    return int(value) if value is not None else None


def _date_of(year: str | None, month: str | None, day: str | None) -> Date:
    return Date(int(year) if year else None, int(month) if month else None, int(day) if day else None)


def _is_day(month: str, day: str) -> bool:
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31


_N = "一二三四五六七八九"
_CHINESE_DATE = re.compile(
    rf"(?:([二][〇零0○][{_N}〇零][{_N}〇零])年度?)?(?:(十[一二]?|[{_N}])月份?(?:(三十一?|[一二]?十[{_N}]?|[{_N}])[日号])?)?"
)
_YEAR_DATE = re.compile(r"((?:19|20)[0-9]{2})年度?(?:(1[0-2]|0?[1-9])月份?(?:(3[01]|[12][0-9]|0?[1-9])[日号])?)?(?!期)")
_DOTTED_DATE = re.compile(
    r"((?:19|20)[0-9]{2})[./\-]([01]?[0-9])[./\-]([0-3]?[0-9])(?:[ T]?0{1,2}:00(?::00(?:\.0+)?)?|日)?(?![0-9%])"
)
_BARE_YEARS = re.compile(r"((?:19|20)[0-9]{2})[-~—―─至到]{1,2}((?:19|20)[0-9]{2})")
_DASHED_MONTH = re.compile(r"(20[0-3][0-9])[-/]([1-9])(?![0-9./-])")
_SHORT_YEAR = re.compile(
    r"(2[0-9]|3[0-5])年(?:(?=年?[底末]|[一二三四1-4]季度|[上下]半年)|(1[0-2]|0?[1-9])月份?(?:(3[01]|[12][0-9]|0?[1-9])[日号])?)"
)
_YEAR_SPAN = re.compile(r"(?:19|20)[0-9]{2}(?=[-~—―─至到]{1,2}(?:19|20)[0-9]{2}年)")
_EIGHT_DIGITS = re.compile(r"((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9.%])(?=\Z|前|之前|以前|[;。,])")
_DOTTED_MONTH = re.compile(
    r"((?:19|20)[0-9]{2})[./\-](0[1-9]|1[0-2]|[1-9](?=月|前|底|[-~—至到]{1,2}20[0-9]{2}\.)|(?<=[-~—至到]20[0-9]{2}\.)[1-9])月?(?=\Z|-|前|之前|以前|底|末|[;。,至到~—])"
)
_MONTH_DAY = re.compile(r"(1[0-2]|0?[1-9])月份?(?:(3[01]|[12][0-9]|0?[1-9])[日号])?")
MONTH_SPAN = re.compile(r"(1[0-2]|0?[1-9])月?[-~—―─至到]{1,2}(1[0-2]|0?[1-9])月份?(?![0-9])")
_DAY_BEFORE = re.compile(r"([0-3]?[0-9])[日号](?=前|之前|以前)")
_DAY = re.compile(r"([0-3]?[0-9])[日号]")
_MONTHLY = frozenset({"每月", "次月", "当月"})
_DOT_DAY_BEFORE = re.compile(r"([01]?[0-9])[./]([0-3]?[0-9])(?=前|之前|以前)")
QUARTER = re.compile(r"第([一二三四1-4])季度?|([一二三四])季度|([1-4])季度(?=[前末底]|之前|以前)")
_HALF_YEAR = re.compile(r"[上下]半年")
_HALF_BEFORE = re.compile(r"下半年(?:之|以)?前")
_YEAR_END = re.compile(r"年[底末终内]|年度内")
