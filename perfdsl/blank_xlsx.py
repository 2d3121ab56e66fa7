"""A sheet to fill as an .xlsx: drop-down lists, checks, protection, headings that stay, a page set up for printing.

Every text is written as a text; no formula is ever made from one.  Raises ImportError where XlsxWriter is absent.
"""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from perfdsl.actuals import (
    DIGEST_MARK,
    FILL_SHEET,
    GROUPS,
    HEADINGS,
    LISTS_SHEET,
    NAME,
    NOTES_SHEET,
    OBJECT,
    OBJECT_MARK,
    PERIOD_MARK,
    POINTS,
    SCORING,
    TARGET,
    UNIT,
)  # fmt: skip
from perfdsl.blank import FIRST_YEAR, LAST_YEAR, MOST_SHARE, Anything, Ask, Blank, BlankRow, Day, Number, Words
from perfdsl.keywords import PERIOD_NAMES
from perfdsl.quantity import format_number
from perfdsl.width import excel_length, width

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

HEAD, FIRST = 2, 3  # rows, from 0: title, facts, headings, data
MOST_CHARACTERS = 32_000
LEFT_OUT = {
    "indicator": ("不适用", "—"),
    "entry": ("不适用", "无", "—"),
    "unit": ("不适用", "—"),
    "input": ("—",),
    "money": ("—",),
}  # words that stand for a number or a date, by the sort of the row
SIZES = {"value": 14, "prior": 12, "mark": 8, "item": 18, "times": 7, "explanation": 24, "evidence": 20}
FONT = "等线"
LEAST, MOST = 22, 400  # heights of rows: as high as is easily hit, as high as a program takes
FIRST_DAY, LAST_DAY = (
    (dt.date(*day) - dt.date(1899, 12, 30)).days for day in ((FIRST_YEAR, 1, 1), (LAST_YEAR, 12, 31))
)
CREATED = dt.datetime(2000, 1, 1)  # the same rules always give the same bytes


class Spot(NamedTuple):
    """A column of the sheet: its heading, what it is (a field, or "" for what is printed), how wide."""

    heading: str
    field: str
    size: float


def write_blank(blank: Blank, notes: tuple[str, ...]) -> bytes:
    """The workbook: the sheet to fill, and ``notes`` on a second one."""
    import xlsxwriter  # only who makes a sheet needs it

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": f"{FILL_SHEET} {blank.object}"[:250], "created": CREATED})
        _Writer(book, blank).write()
        _notes(book, notes)
    return stream.getvalue()


class _Writer:
    def __init__(self, book: "Workbook", blank: Blank) -> None:
        self.book = book
        self.blank = blank
        self.depth = blank.depth
        self.sheet: Worksheet = book.add_worksheet(FILL_SHEET)
        self.lists: Worksheet | None = None
        self.listed: dict[tuple[str, ...], str] = {}
        self.formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self.spots = tuple(self._spots())
        self.at = {spot.heading: column for column, spot in enumerate(self.spots)}

    def write(self) -> None:
        """All of it."""
        self.head()
        for number, row in enumerate(self.blank.rows, FIRST):
            self.row(number, row)
        self.merge_groups()
        self.page()

    def _spots(self) -> Iterator[Spot]:
        if not self.blank.object:
            yield Spot(OBJECT, "", 16)
        for level in range(self.depth):
            yield Spot(GROUPS[level], "", 10)
        yield from (
            Spot(NAME, "", 24),
            Spot(TARGET, "", 13),
            Spot(UNIT, "", 6),
        )
        if any(row.points is not None for row in self.blank.rows):
            yield Spot(POINTS, "", 6)
        if any(row.scoring for row in self.blank.rows):
            yield Spot(SCORING, "", 32)
        for column in self.blank.columns:
            yield Spot(HEADINGS.get(column, column), column, SIZES.get(column, 12))

    def format(self, **looks: object) -> "Format":
        """A format, made once."""
        base: dict[str, object] = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1,
                                   "border_color": "#8C8C8C"}  # fmt: skip
        key = tuple(sorted((base | looks).items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(dict(key))
        return self.formats[key]

    # ---- above the rows

    def head(self) -> None:
        """Title, facts, headings."""
        sheet, last = self.sheet, len(self.spots) - 1
        year = f"{self.blank.year}年度" if self.blank.year else ""
        bare = {"border": 0, "text_wrap": False}
        title = self.format(**bare, bold=True, font_size=16, align="center")
        sheet.merge_range(0, 0, 0, last, "", title)
        sheet.write_string(0, 0, f"{year}绩效指标完成情况填报表", title)
        sheet.set_row(0, 30)
        sheet.set_row(1, 22)
        plain = self.format(**bare)
        middle = self.at[NAME] + 1
        end = self.at.get(SCORING, min(self.at[UNIT] + 1, last))
        wide = end if SCORING in self.at else min(end + 1, last)
        if self.blank.object:
            looks = {"num_format": "@", "text_wrap": False, "bold": True} | (
                _INPUT if self.blank.renamed else {"border": 0}
            )
            if self.at[NAME]:
                sheet.write_string(1, 0, OBJECT_MARK, self.format(**bare, bold=True, align="right"))
                _merged(sheet, (1, 1, self.at[NAME]), self.blank.object, self.format(**looks))
            else:
                sheet.write_string(1, 0, _clean(OBJECT_MARK + self.blank.object), self.format(**looks))
        period = PERIOD_MARK + PERIOD_NAMES.get(self.blank.period, self.blank.period)
        _merged(sheet, (1, middle, end - 1), period, plain)
        _merged(sheet, (1, end, wide), DIGEST_MARK + self.blank.digest, plain)
        _merged(
            sheet,
            (1, wide + 1, last),
            "黄色的格子填写，其余已锁定；填法见“填报说明”",
            self.format(**bare, font_color="#7F6000", shrink=True),
        )
        heading = self.format(bold=True, align="center", bg_color="#D9E2F0")
        for column, spot in enumerate(self.spots):
            sheet.write_string(HEAD, column, spot.heading, heading)
            sheet.set_column(column, column, spot.size)
        sheet.set_row(HEAD, 24)

    # ---- the rows

    def row(self, number: int, row: BlankRow) -> None:
        """One row: what is printed, then what is asked."""
        names = self.printed(row)
        for heading, text in names.items():
            middle = heading in (UNIT, POINTS, *GROUPS)
            looks: dict[str, object] = {"align": "center"} if middle else {"align": "left", "indent": 1}
            self.text(number, self.at[heading], text, self.format(**looks, num_format="@"))
        for column, spot in enumerate(self.spots):
            if spot.field:
                self.asked(number, column, row, spot.field)
        own = {
            heading: text for heading, text in names.items() if heading not in GROUPS
        }  # groups run over several rows
        lines = max(_lines(text, self.spots[self.at[heading]].size) for heading, text in own.items())
        lines = max(lines, _lines(row.fixed_item, SIZES["item"]))
        self.sheet.set_row(number, min(max(13.5 * lines + 6, LEAST), MOST))

    def printed(self, row: BlankRow) -> dict[str, str]:
        """What the sheet says about a row."""
        points = format_number(row.points) if row.points is not None else ""
        made = {OBJECT: row.object} if not self.blank.object else {}
        made |= {GROUPS[level]: name for level, name in enumerate(self.levels(row))}
        made |= {NAME: row.name, TARGET: row.target, UNIT: row.unit, POINTS: points, SCORING: row.scoring}
        return {heading: text for heading, text in made.items() if heading in self.at}

    def levels(self, row: BlankRow) -> tuple[str, ...]:
        """The groups of a row, as many as there are columns."""
        return (*row.groups, *[""] * (self.depth - len(row.groups)))

    def asked(self, number: int, column: int, row: BlankRow, field: str) -> None:
        """A cell to type in, or a grey one."""
        ask = row.ask(field)
        fixed = row.fixed_item if field == "item" else ""
        if ask is None:
            self.text(
                number, column, fixed, self.format(bg_color="#EDEDED" if not fixed else "#FFFFFF", num_format="@")
            )
            return
        looks = (
            _INPUT
            | {"num_format": _shown_as(ask)}
            | ({"align": "left", "indent": 1} if isinstance(ask, Anything) else {"align": "center"})
        )
        self.sheet.write_blank(number, column, None, self.format(**looks))
        words = LEFT_OUT[row.sort] if field in ("value", "prior") else ()
        check = self.check(ask, f"{_letter(column)}{number + 1}", words)
        if check:
            self.sheet.data_validation(number, column, number, column, check)

    def text(self, number: int, column: int, text: str, look: "Format") -> None:
        """A text, whatever it begins with."""
        if text:
            self.sheet.write_string(number, column, _clean(text), look)
        else:
            self.sheet.write_blank(number, column, None, look)

    def merge_groups(self) -> None:
        """The groups over the rows they run over, as the official tables print them."""
        rows = self.blank.rows
        for level in range(self.depth):
            start = 0
            for at in range(1, len(rows) + 1):
                key = (rows[start].object, rows[start].groups[: level + 1])
                if at < len(rows) and key == (rows[at].object, rows[at].groups[: level + 1]):
                    continue
                column = right = self.at[GROUPS[level]]
                if all(
                    len(row.groups) == level + 1 for row in rows[start:at]
                ):  # nothing stands in the columns beside it
                    right = self.at[GROUPS[self.depth - 1]]
                if (at - start > 1 or right > column) and len(rows[start].groups) > level:
                    look = self.format(align="center", num_format="@")
                    self.sheet.merge_range(FIRST + start, column, FIRST + at - 1, right, "", look)
                    self.sheet.write_string(FIRST + start, column, _clean(rows[start].groups[level]), look)
                start = at

    # ---- checks

    def check(self, ask: Ask, cell: str, others: tuple[str, ...]) -> dict[str, Any] | None:
        """The validation of a cell; formulas hold numbers and fixed words alone."""
        match ask:
            case Words(words=words, closed=closed):
                return {"validate": "list", "source": self.source(words), "error_type": "stop" if closed else "information",
                        "show_error": closed, "error_title": "不在可选的词里", "error_message": "请从下拉列表里选一个。",
                        "input_title": "选一个", "input_message": "从下拉列表里选" + ("。" if closed else "；列表里没有合适的，可以照实写。")}  # fmt: skip
            case Day():
                inside = f"AND(ISNUMBER({cell}),{cell}>={FIRST_DAY},{cell}<={LAST_DAY})"
                return _custom(
                    cell, others, inside, "填日期", "填完成的日期，例如 2024-11-30。", "要填日期，例如 2024-11-30。"
                )
            case Number():
                return self.number(ask, cell, others)
        return None

    def number(self, ask: Number, cell: str, others: tuple[str, ...]) -> dict[str, Any]:
        """A number between its limits, or one of the words that say there is none."""
        scale = 100 if ask.percent else 1
        low = ask.low / scale if ask.low is not None else (Fraction(-MOST_SHARE, 100) if ask.percent else None)
        high = ask.high / scale if ask.high is not None else (Fraction(MOST_SHARE, 100) if ask.percent else None)
        tests = [f"ISNUMBER({cell})"]
        tests += [f"{cell}>={_decimal(low)}"] if low is not None else []
        tests += [f"{cell}<={_decimal(high)}"] if high is not None else []
        tests += [f"{cell}=INT({cell})"] if ask.whole else []
        between = _between(ask)
        what = (
            "填百分数：键入 95% 或 95"
            if ask.percent
            else f"填数{f'，以{ask.unit}计，不用再写单位' if ask.unit else ''}"
        )
        wrong = "要填百分数，例如 95%" if ask.percent else "要填一个数，不带单位和文字"
        return _custom(cell, others, f"AND({','.join(tests)})", "填数", f"{what}{between}。", f"{wrong}{between}。")

    def source(self, words: tuple[str, ...]) -> list[str] | str:
        """A list in the cell itself; on a sheet of its own where the words are long or hold a comma."""
        plain = all(not set(word) & set(',"=，') and word == word.strip() for word in words)
        if plain and sum(map(excel_length, words)) + len(words) < 250:
            return list(words)
        if self.lists is None:
            self.lists = self.book.add_worksheet(LISTS_SHEET)
            self.lists.hide()
        if words not in self.listed:
            column = len(self.listed)
            for row, word in enumerate(words):
                self.lists.write_string(row, column, _clean(word))
            letter = _letter(column)
            self.listed[words] = f"={LISTS_SHEET}!${letter}$1:${letter}${len(words)}"
        return self.listed[words]

    # ---- the page

    def page(self) -> None:
        """Protection without a password, headings that stay, A4 across."""
        sheet = self.sheet
        sheet.protect("", {"format_rows": True, "format_columns": True, "select_locked_cells": True})
        sheet.freeze_panes(FIRST, self.at[NAME] + 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.set_footer("&C第 &P 页 共 &N 页")
        sheet.print_area(0, 0, FIRST + max(len(self.blank.rows), 1) - 1, len(self.spots) - 1)
        sheet.ignore_errors(
            {"number_stored_as_text": f"A1:{_letter(len(self.spots) - 1)}{FIRST + len(self.blank.rows) + 1}"}
        )


_INPUT: dict[str, object] = {"locked": False, "bg_color": "#FFF9DB", "border": 1}


def _custom(cell: str, others: tuple[str, ...], inside: str, title: str, said: str, wrong: str) -> dict[str, Any]:
    words = "".join(f'{cell}="{word}",' for word in others)
    left_out = "不适用的填“不适用”。" if "不适用" in others else ""
    return {"validate": "custom", "value": f"=OR({words}{inside})", "error_type": "stop", "error_title": "填得不对",
            "error_message": f"{wrong}{left_out}", "input_title": title, "input_message": said}  # fmt: skip


def _between(ask: Number) -> str:
    low, high = (_shown(end, ask) if end is not None else "" for end in (ask.low, ask.high))
    limits = f"，{low} 到 {high}" if low and high else f"，不小于 {low}" if low else f"，不大于 {high}" if high else ""
    return ("，整数" if ask.whole else "") + limits


def _shown(end: Fraction, ask: Number) -> str:
    return format_number(end) + ("%" if ask.percent else "")


def _decimal(value: Fraction) -> str:
    """A limit as a formula takes it, a fraction where no finite decimal exists."""
    text = format_number(value)
    return text if "/" not in text else f"({value.numerator}/{value.denominator})"


def _shown_as(ask: Ask) -> str:
    match ask:
        case Number(percent=True):
            return "0.00%"
        case Number():
            return "General"
        case Day():
            return 'yyyy"年"m"月"d"日"'
    return "@"


def _merged(sheet: "Worksheet", place: tuple[int, int, int], text: str, look: "Format") -> None:
    row, first, last = place
    if last > first:
        sheet.merge_range(row, first, row, last, "", look)
    sheet.write_string(row, first, _clean(text), look)


def _clean(text: str) -> str:
    """What a cell can hold: no control characters, not too long."""
    kept = "".join(c for c in text if c.isprintable() or c in "\n\u3000")
    return kept[:MOST_CHARACTERS]


def _lines(text: str, size: float) -> int:
    """How many lines a text takes in a column so wide."""
    return sum(-(-max(width(line), 1) // max(int(size) - 1, 1)) for line in text.split("\n"))


def _letter(column: int) -> str:
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _notes(book: "Workbook", notes: tuple[str, ...]) -> None:
    """The second sheet: how to fill it in."""
    sheet = book.add_worksheet(NOTES_SHEET)
    look = book.add_format({"font_name": FONT, "font_size": 11, "text_wrap": True, "valign": "top", "num_format": "@"})
    head = book.add_format({"font_name": FONT, "font_size": 14, "bold": True, "num_format": "@"})
    sheet.set_column(0, 0, 76)
    sheet.write_string(0, 0, NOTES_SHEET, head)
    for number, note in enumerate(notes, 1):
        sheet.write_string(number, 0, _clean(note), look)
        sheet.set_row(number, 16.0 * _lines(note, 72) + 4)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, len(notes), 0)
    sheet.protect("")


def write_table(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """A plain table of texts as a workbook: what was gathered, to be looked at and scored."""
    import xlsxwriter  # only who makes a sheet needs it

    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet("汇总")
        look = book.add_format(
            {"font_name": FONT, "font_size": 10, "num_format": "@", "quote_prefix": True, "valign": "top"}
        )
        head = book.add_format({"font_name": FONT, "font_size": 10, "bold": True, "bg_color": "#D9E2F0", "border": 1})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, _clean(heading), head)
        count = 0
        for count, line in enumerate(lines, 1):
            for column, text in enumerate(line):
                if text:
                    sheet.write_string(count, column, _clean(text), look)
        sheet.set_column(0, len(headings) - 1, 16)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(count, 1), len(headings) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{_letter(len(headings) - 1)}{count + 1}"})
    return stream.getvalue()
