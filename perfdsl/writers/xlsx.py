"""Excel: a sheet for each object in its form, and a sheet with the workings its formulas look at.

Every text is written as text, whatever it begins with; a formula is only what perfdsl made.
"""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from perfdsl import layout as y
from perfdsl.width import excel_beginning, excel_length
from perfdsl.writers import MOST_IN_CELL
from perfdsl.writers._text import clean, line_counts

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

NAME, SUFFIX, NEEDS, EXTRA = "xlsx", ".xlsx", ("xlsxwriter",), "excel"
LINE, EDGE, TALLEST = 14, 5, 409
ROOM, NARROWEST = (
    (52, 76),
    0.8,
)  # Chinese characters across a page upright and flat; how far wider forms are narrowed to be legible
MOST_FORMULA, MOST_NAME = 8000, 31
SONG, HEI = "宋体", "黑体"
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True,
           "default_format_properties": {"font_name": SONG, "font_size": 10}}  # fmt: skip
TEXT_SHAPE = {"num_format": "@", "quote_prefix": True}
LONG_SHAPE = {"quote_prefix": True}  # a long text shaped as text is shown as ### by older versions
CENTRE = {"align": "center", "valign": "vcenter", "text_wrap": True, "border": 1}
LEFT = CENTRE | {"align": "left"}
LOOKS: dict[str, dict[str, Any]] = {
    y.TITLE: {"font_name": HEI, "font_size": 16, "align": "center", "valign": "vcenter"},
    y.SUBTITLE: {"align": "center", "valign": "vcenter"},
    y.HEAD: CENTRE | {"bold": True, "bg_color": "#EDEDED"}, y.LABEL: CENTRE | {"bold": True}, y.TEXT: LEFT, y.NAME: CENTRE,
    y.NUMBER: CENTRE, y.GIVEN: CENTRE, y.TOTAL: CENTRE | {"bold": True}, y.NOTE: LEFT | {"font_size": 9},
    y.SIGN: {"align": "left", "valign": "vcenter"},
}  # fmt: skip


def write(layouts: Sequence[y.Layout]) -> bytes:
    """The workbook."""
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    book.set_properties({"created": datetime(2000, 1, 1)})
    taken: set[str] = set()
    for layout in layouts:
        _Sheet(book, layout, taken).write()
    book.close()
    return stream.getvalue()


class _Sheet:
    """One object: its form and its workings."""

    def __init__(self, book: "Workbook", layout: y.Layout, taken: set[str]) -> None:
        self.book = book
        self.layout = layout
        self.formats: dict[tuple[str, str, bool], Format] = {}
        self.form: Worksheet = book.add_worksheet(_sheet_name(layout.name, taken))
        self.lines = list(_lines(layout))
        self.below: Worksheet | None = book.add_worksheet(_sheet_name("演算", taken)) if self.lines else None
        self.places = {cell.key: (self.form, cell.row, cell.column) for cell in layout.cells if cell.key}
        if self.below is not None:
            for number, line in enumerate(self.lines):
                self.places.setdefault(line.key, (self.below, number + HEADS, 2))

    def write(self) -> None:
        self.page()
        for cell in self.layout.cells:
            self.cell(cell)
        if self.below is not None:
            self.workings(self.below)

    # ---- the form

    def page(self) -> None:
        """A4, one page wide, headings repeated, pages numbered."""
        sheet, layout = self.form, self.layout
        narrowed = max(NARROWEST, min(1.0, (ROOM[0] if layout.portrait else ROOM[1]) / sum(layout.widths)))
        for number, columns in enumerate(layout.widths):
            sheet.set_column(number, number, 2 * columns * narrowed + 1.5)
        for number, count in enumerate(line_counts(layout, narrowed)):
            sheet.set_row(number, min(TALLEST, count * LINE + EDGE))
        for cell in layout.cells:
            if cell.role == y.TITLE:
                sheet.set_row(cell.row, 30)
            if cell.role == y.SIGN:
                sheet.set_row(cell.row, 28)
        _paper(sheet, layout.portrait)
        if layout.repeated is not None:
            sheet.repeat_rows(*layout.repeated)

    def cell(self, cell: y.Cell) -> None:
        text = clean(cell.text)
        look = self.look(cell.role, self.shape(cell, text), cell.open)
        if cell.rows > 1 or cell.columns > 1:
            end = (cell.row + cell.rows - 1, cell.column + cell.columns - 1)
            self.form.merge_range(cell.row, cell.column, *end, "", look)
        self.fill(self.form, cell.row, cell.column, cell, text, look)
        if cell.note:
            self.form.write_comment(cell.row, cell.column, cell.note, {"author": "perfdsl", "x_scale": 2})

    def fill(self, sheet: "Worksheet", row: int, column: int, cell: y.Cell, text: str, look: "Format") -> None:
        live = cell.live or self.layout.workings.live.get(cell.key)
        formula = self.formula(live.formula, sheet) if live is not None and live.formula else ""
        if live is not None and formula and len(formula) < MOST_FORMULA:
            sheet.write_formula(row, column, f"={formula}", look, _cached(live.value))
        elif cell.number is not None:
            sheet.write_number(row, column, _float(cell.number.value), look)
        elif text:
            sheet.write_string(row, column, _cut(text), look)
        else:
            sheet.write_blank(row, column, None, look)

    def shape(self, cell: y.Cell, text: str) -> str:
        live = cell.live or self.layout.workings.live.get(cell.key)
        if cell.number is not None:
            return cell.number.shape
        if cell.key in self.layout.workings.shapes and (not text or cell.open):
            shape = self.layout.workings.shapes[cell.key]
            return shape if shape != "@" and not text else "@"
        if live is not None and live.formula:
            return "General"
        return "long" if len(text) > 255 else "@"

    # ---- the workings

    def workings(self, sheet: "Worksheet") -> None:
        """Line by line: about what, what it is, its value."""
        for number, columns in enumerate((30, 34, 18)):
            sheet.set_column(number, number, columns)
        title = (
            "改表里的“完成值”，或下面底色不同的格子，得分、合计就重新计算。这里列出计算所用的每一步；#N/A 是还没有填。"
        )
        sheet.merge_range(0, 0, 0, 2, "", self.look(y.TEXT, "@"))
        sheet.write_string(0, 0, title, self.look(y.TEXT, "@"))
        sheet.set_row(0, 2 * LINE + EDGE)
        for number, head in enumerate(("指标", "内容", "数值")):
            sheet.write_string(1, number, head, self.look(y.HEAD, "@"))
        for number, line in enumerate(self.lines, HEADS):
            sheet.write_string(number, 0, _cut(clean(line.subject)), self.look(y.TEXT, "@"))
            sheet.write_string(number, 1, _cut(clean(line.what)), self.look(y.TEXT, "@"))
            self.value(sheet, number, line)
        sheet.freeze_panes(HEADS, 0)
        _paper(sheet, True)
        sheet.repeat_rows(0, HEADS - 1)

    def value(self, sheet: "Worksheet", row: int, line: y.Working) -> None:
        look = self.look(y.GIVEN if line.open else y.NUMBER, line.shape, line.open)
        formula = self.formula(line.formula, sheet)
        if formula and len(formula) < MOST_FORMULA:
            sheet.write_formula(row, 2, f"={formula}", look, _cached(line.value, "#N/A"))
        elif isinstance(line.value, bool):
            sheet.write_boolean(row, 2, line.value, look)
        elif isinstance(line.value, Fraction):
            sheet.write_number(row, 2, _float(line.value), look)
        elif line.value is not None:
            sheet.write_string(
                row, 2, _cut(clean(line.value)), self.look(y.GIVEN if line.open else y.NUMBER, "@", line.open)
            )
        else:
            sheet.write_blank(row, 2, None, look)

    # ---- formulas

    def formula(self, parts: y.Formula, sheet: "Worksheet") -> str:
        """The text of a formula, every key at its address."""
        made: list[str] = []
        for part in parts:
            match part:
                case y.Ref(key):
                    made.append(self.address(key, sheet))
                case y.Refs(keys):
                    made.append(",".join(self.ranges(keys, sheet)))
                case _:
                    made.append(part)
        return "".join(made)

    def ranges(self, keys: Sequence[str], sheet: "Worksheet") -> Iterator[str]:
        """Addresses; cells under each other as one range."""
        runs: list[list[tuple[Worksheet, int, int]]] = []
        for place in (self.places[key] for key in keys):
            last = runs[-1][-1] if runs else None
            if last is not None and place[0] is last[0] and place[2] == last[2] and place[1] == last[1] + 1:
                runs[-1].append(place)
            else:
                runs.append([place])
        for run in runs:
            ends = _at(*run[0][1:]) if len(run) == 1 else f"{_at(*run[0][1:])}:{_at(*run[-1][1:])}"
            yield ends if run[0][0] is sheet else f"{_quoted(run[0][0].get_name())}!{ends}"

    def address(self, key: str, sheet: "Worksheet") -> str:
        on, row, column = self.places[key]
        return _at(row, column) if on is sheet else f"{_quoted(on.get_name())}!{_at(row, column)}"

    def look(self, role: str, shape: str, typed: bool = False) -> "Format":
        """A format, made once."""
        key = (role, shape, typed)
        if key not in self.formats:
            extra = TEXT_SHAPE if shape == "@" else LONG_SHAPE if shape == "long" else {"num_format": shape}
            fill = {"locked": False} | ({"bg_color": "#FFF8E1"} if role == y.GIVEN else {}) if typed else {}
            self.formats[key] = self.book.add_format({"font_name": SONG, "font_size": 10} | LOOKS[role] | extra | fill)
        return self.formats[key]


HEADS = 2


def _lines(layout: y.Layout) -> Iterator[y.Working]:
    """The lines of the workings; what the form has no cell for is reckoned here."""
    workings = layout.workings
    on_form = {cell.key for cell in layout.cells if cell.key}
    if not workings.live:
        return
    for key, value in workings.given.items():
        if key not in on_form:
            yield y.Working(
                key=key, subject=_subject(key), what="完成值", value=value, shape=workings.shapes[key], open=True
            )
    yield from (line for line in workings.lines if line.key not in on_form)
    for key, live in workings.live.items():
        if key not in on_form:
            what = {"score": "得分", "group": "合计得分", "actual": "完成值", "whole": "各项合计（封顶以前）", "total": "总分",
                    "grade": "等级"}[key.partition(":")[0]]  # fmt: skip
            note = f"{what}：{live.note}" if live.note else what
            yield y.Working(key=key, subject=_subject(key) or "总分", what=note, value=live.value if live.value is not None else "",
                            formula=live.formula, shape=workings.shapes.get(key, "General"))  # fmt: skip


def _subject(key: str) -> str:
    return key.partition(":")[2].rpartition("/")[2]


def _paper(sheet: "Worksheet", portrait: bool) -> None:
    sheet.set_paper(9)
    if portrait:
        sheet.set_portrait()
    else:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.center_horizontally()
    sheet.set_footer("&C第 &P 页，共 &N 页")


def _cached(value: Fraction | bool | str | None, missing: str = "") -> float | bool | str:
    if value is None:
        return missing
    return _float(value) if isinstance(value, Fraction) else value


def _float(value: Fraction) -> float:
    return value.numerator / value.denominator


def _cut(text: str) -> str:
    """As much as a cell holds, with a word about the rest."""
    return text if excel_length(text) <= MOST_IN_CELL else excel_beginning(text, MOST_IN_CELL - 6) + "……（后略）"


def _at(row: int, column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row + 1}"


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel takes, not used yet."""
    plain = re.sub(r"[\[\]:*?/\\]", "", clean(name)).replace("\n", " ").replace("\t", " ").strip("' ") or "表"
    made, number = excel_beginning(plain, MOST_NAME).rstrip("' "), 2
    while made.lower() in taken or made.lower() == "history":
        tail = f"（{number}）"
        made, number = excel_beginning(plain, MOST_NAME - len(tail)) + tail, number + 1
    taken.add(made.lower())
    return made
