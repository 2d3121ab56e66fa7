"""Tables in workbooks: .xlsx, .xlsm, .xlsb, .xls and .ods.

A workbook has no text, so it is given one: line N is row N of the sheet, its cells between tabs, and every span holds.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import attrs

from perfdsl import apart
from perfdsl.actuals import LISTS_SHEET, Table
from perfdsl.diagnostics import ERROR, INFO, WARNING, Diagnostic, Kind, finding, shorten, stated
from perfdsl.tables.grid import (
    MOST_CELLS,
    OWN_SHEETS,
    UNSOLVED,
    Cell,
    Layout,
    Line,
    Names,
    Sheet,
    find_layout,
    is_filled,
    read_sheet,
    table_of,
)
from perfdsl.tables.grid import findings as f
from perfdsl.tables.grid.columns import INCOMPLETE
from perfdsl.tables.grid.sheet import letter
from perfdsl.text import Source, Span
from perfdsl.workbook import Marks, Raw, Refused, Value, load, scaled, shown_value

NAME = "xlsx"
SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls", ".et", ".ods")
SHOWN = 3


class Page(NamedTuple):
    """A worksheet with its marks, and its header if it has one."""

    sheet: Sheet
    marks: Marks
    layout: Layout | None


def looks_like(data: bytes) -> bool:
    """Is it a package, or the file system of an old workbook?"""
    return data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))


def read(name: str, data: bytes, names: Names, sheet: str = "") -> tuple[Table, list[Diagnostic]]:
    """The rows of the first sheet with a header, or of the sheet asked for."""
    place = Span(0, 0, Source(name, ""))
    try:
        pages, found = _pages(name, data, names, sheet)
    except Refused as refused:
        return Table(name, ()), [_refusal(refused, name)]
    except ImportError:
        return Table(name, ()), [finding(NO_LIBRARY, place, name=name)]
    page = max(pages, key=_rank, default=None)
    if page is None:
        return Table(name, ()), found
    filled = [p.sheet.title for p in pages if p.layout is not None and is_filled(p.sheet, p.layout)]
    rows, more = read_sheet(page.sheet, names)
    table, said = table_of(name, page.sheet, names, rows, _notes(page) + more)
    own = OWN_SHEETS if table.filled is not None else frozenset()
    others = [
        p.sheet.title for p in pages if p is not page and p.sheet.title not in own and p.sheet.title not in filled
    ]
    if others:
        found.append(finding(OTHER_SHEETS, place, name=name, sheet=page.sheet.title, others="、".join(others)))
    if len(filled) > 1 and table.filled is not None:
        found.append(finding(f.SEVERAL_FILLED, place, name=name, sheet=page.sheet.title, sheets="、".join(filled)))
        others = [title for title in filled if title != page.sheet.title]
        table = attrs.evolve(table, filled=attrs.evolve(table.filled, others=tuple(others)))
    return table, found + said


def read_cells(name: str, data: bytes, names: Names, sheet: str = "") -> tuple[Sheet | None, list[Diagnostic]]:
    """The sheet that ``read`` takes, as its cells; None where no sheet can be read."""
    place = Span(0, 0, Source(name, ""))
    try:
        pages, found = _pages(name, data, names, sheet)
    except Refused as refused:
        return None, [_refusal(refused, name)]
    except ImportError:
        return None, [finding(NO_LIBRARY, place, name=name)]
    page = max(pages, key=_rank, default=None)
    if page is None:
        return None, found
    others = [p.sheet.title for p in pages if p is not page and p.sheet.title not in OWN_SHEETS]
    if others:
        found.append(finding(OTHER_SHEETS, place, name=name, sheet=page.sheet.title, others="、".join(others)))
    return page.sheet, found + _notes(page)


def _refusal(refused: Refused, name: str) -> Diagnostic:
    facts = {"name": name, "detail": refused.detail, "seconds": apart.SECONDS, "megabytes": apart.MEGABYTES}
    return stated(_REFUSALS[refused.reason], Span(0, 0, Source(name, "")), facts)


def _rank(page: Page) -> int:
    """A sheet that ``template`` made before every other one, a header before none; the first of equals is read."""
    if page.layout is None:
        return 0
    return INCOMPLETE + 2 if is_filled(page.sheet, page.layout) else min(page.layout.rank, INCOMPLETE + 1)


def _pages(name: str, data: bytes, names: Names, wanted: str) -> tuple[list[Page], list[Diagnostic]]:
    """The sheets that may be read, and what is said about the others."""
    place = Span(0, 0, Source(name, ""))
    sheets = load(data, wanted, MOST_CELLS)
    if wanted and all(raw.title != wanted for raw in sheets):
        return [], [finding(NO_SUCH_SHEET, place, name=name, sheet=wanted, sheets=_list(sheets))]
    chosen = [raw for raw in sheets if (raw.title == wanted if wanted else raw.visible)]
    hidden = [raw for raw in sheets if not raw.visible and raw.title not in (wanted, LISTS_SHEET)]
    found = [finding(HIDDEN_SHEETS, place, name=name, sheets=_list(hidden))] if hidden else []
    if not chosen:
        found.append(finding(NO_SHEET, place, name=name))
    return [_page(name, raw, names) for raw in chosen], found


def _list(sheets: Sequence[Raw]) -> str:
    return "、".join(raw.title for raw in sheets)


def _page(name: str, raw: Raw, names: Names) -> Page:
    sheet = _sheet(name, raw)
    return Page(sheet, raw.marks, find_layout(sheet, names))


# ---- from values to cells in a text


def _sheet(name: str, raw: Raw) -> Sheet:
    texts = [
        [_words(value, raw.marks, row, column) for column, value in enumerate(line)]
        for row, line in enumerate(raw.values)
    ]
    source = Source(name, "\n".join("\t".join(_one_line(text) for text in line) for line in texts))
    lines = tuple(_lines(texts))
    return Sheet(source=source, lines=lines, title=raw.title, merged=_merged(raw, texts))


def _words(value: Value, marks: Marks, row: int, column: int) -> str:
    if value == "":
        unsolved = UNSOLVED if (row, column) in marks.unsolved else ""
        return marks.errors.get((row, column), unsolved)
    return shown_value(value, marks.formats.get((row, column), ""))


def _one_line(text: str) -> str:
    return text.translate(_BREAKS)


def _lines(texts: Sequence[Sequence[str]]) -> Iterator[Line]:
    at = 0
    for line in texts:
        start, cells = at, []
        for text in line:
            cells.append(Cell(text, at, at + len(text)))
            at += len(text) + 1
        yield Line(tuple(cells), start, max(start, at - 1))
        at = max(at, start + 1)


def _merged(raw: Raw, texts: Sequence[Sequence[str]]) -> dict[tuple[int, int], str]:
    """The words of every range that runs down, for each cell of its first column."""
    found = {}
    for (top, left), (bottom, _) in raw.merged:
        if top < len(texts) and left < len(texts[top]) and texts[top][left]:
            for row in range(top + 1, min(bottom + 1, len(texts))):
                found[row, left] = texts[top][left]
    return found


_BREAKS = {ord(c): " " for c in "\t\n\r"}


# ---- what is said about the sheet that was read


def _notes(page: Page) -> list[Diagnostic]:
    found = []
    place = Span(0, 0, page.sheet.source)
    if page.marks.hidden_rows:
        found.append(finding(HIDDEN_ROWS, place, sheet=f"“{page.sheet.title}”", count=len(page.marks.hidden_rows)))
    if page.marks.notes:
        cells = [f"{letter(column)}{row + 1}" for row, column in sorted(page.marks.notes)]
        words = [_one_line(page.marks.notes[at]).strip() for at in sorted(page.marks.notes)]
        shown = [cell + (f"“{shorten(text, 40)}”" if text else "") for cell, text in zip(cells, words, strict=True)]
        more = "……" if len(shown) > SHOWN else ""
        found.append(
            finding(
                COMMENTS, place, sheet=f"“{page.sheet.title}”", count=len(shown), cells="、".join(shown[:SHOWN]) + more
            )
        )
    fields = {c.place: c for c in page.layout.columns if c.field or c.target} if page.layout else {}
    for row, column in sorted(page.marks.struck):
        cell = _cell_at(page, row, column) if column in fields else None
        if cell is not None and cell.text.strip():
            where = page.sheet.where(cell, column)
            found.append(finding(STRUCK, page.sheet.span(cell), text=cell.text.strip(), **where))
    for (row, column), number_format in sorted(page.marks.formats.items()):
        cell = _cell_at(page, row, column) if column in fields and scaled(number_format) else None
        if cell is not None:
            place = page.sheet.span(cell)
            found.append(finding(SCALED, place, format=number_format, text=cell.text, **page.sheet.where(cell, column)))
    return found


def _cell_at(page: Page, row: int, column: int) -> Cell | None:
    lines = page.sheet.lines
    return lines[row].cells[column] if row < len(lines) and column < len(lines[row].cells) else None


NO_LIBRARY = Kind(
    "D301", ERROR, "{name}：读电子表格要先安装：pip install \"perfdsl[excel]\"",
    "{name}: reading workbooks needs: pip install \"perfdsl[excel]\"",
    "或者另存为 CSV", "or save it as CSV",
)  # fmt: skip
CORRUPT = Kind(
    "D302", ERROR, "{name}：文件已损坏，读不了（{detail}）", "{name}: the workbook is damaged ({detail})",
    "用 Excel 或 WPS 打开，另存为 .xlsx", "open it in a spreadsheet program and save it as .xlsx",
)  # fmt: skip
TOO_BIG = Kind(
    "D303", ERROR, "{name}：表太大（{detail}），超过了100万格或展开后256 MB 的限度",
    "{name}: too large ({detail}); the limit is 1 million cells or 256 MB unpacked",
    "只留下要用的区域；最末的单元格里多半有一个误填的空格或格式", "keep only the range in use",
)  # fmt: skip
PASSWORD = Kind(
    "D304", ERROR, "{name}：文件加了密码", "{name}: the workbook is protected by a password", "去掉密码再用", "remove the password",
)  # fmt: skip
NOT_A_WORKBOOK = Kind(
    "D305", ERROR, "{name}：不是电子表格；可能是文本改了后缀", "{name}: not a workbook; perhaps text under another suffix",
    "是文本就把后缀改成 .csv；不然用 Excel 或 WPS 打开，另存为 .xlsx", "text takes the suffix .csv; else open it in a spreadsheet program and save it as .xlsx",
)  # fmt: skip
NO_SUCH_SHEET = Kind(
    "D306", ERROR, "{name}：没有叫“{sheet}”的工作表", "{name}: there is no sheet “{sheet}”", "有：{sheets}", "there are: {sheets}",
)  # fmt: skip
NO_SHEET = Kind(
    "D307", ERROR, "{name}：没有可读的工作表", "{name}: no sheet can be read",
    "取消隐藏，或用 文件#表名 指定", "unhide one, or name it: FILE#SHEET",
)  # fmt: skip
HIDDEN_SHEETS = Kind(
    "D308", INFO, "{name}：隐藏的工作表没有读：{sheets}", "{name}: hidden sheets were not read: {sheets}",
    "要读就写 文件#表名", "to read one, write FILE#SHEET",
)  # fmt: skip
OTHER_SHEETS = Kind(
    "D309", INFO, "{name}：读的是工作表“{sheet}”，没有读：{others}", "{name}: sheet “{sheet}” was read, these were not: {others}",
    "要读别的就写 文件#表名", "to read another, write FILE#SHEET",
)  # fmt: skip
HIDDEN_ROWS = Kind(
    "D310", INFO, "{sheet}有{count}个隐藏行，照样读入", "{sheet} has {count} hidden row(s); they were read",
)  # fmt: skip
SCALED = Kind(
    "D311", WARNING, "{sheet}第{row}行{column}列：格式“{format}”把数缩小了显示，这里按单元格里的数 {text} 读",
    "{sheet}row {row}, column {column}: the format “{format}” shows a scaled number; the number in the cell, {text}, was read",
    "核对单位，或改用普通格式", "check the unit, or use a plain format",
)  # fmt: skip
COMMENTS = Kind(
    "D315", INFO, "{sheet}有{count}处批注，没有读：{cells}", "{sheet} has {count} comment(s), which were not read: {cells}",
    "要进报告的话，写在“偏差原因”里", "what is to be in the report belongs into the column of reasons",
)  # fmt: skip
STRUCK = Kind(
    "D317", WARNING, "{sheet}第{row}行{column}列：“{text}”加了删除线，照样读入", "{sheet}row {row}, column {column}: “{text}” is struck out; it was read all the same",
    "作废的，清空格子；没有作废的，去掉删除线", "clear the cell, or take the line away",
)  # fmt: skip
BOMB = Kind(
    "D312", ERROR, "{name}：像压缩炸弹（{detail}），没有展开", "{name}: looks like a zip bomb ({detail}); not unpacked",
    "不是可靠来源的文件不要用；是自己的就用 Excel 或 WPS 打开后另存", "do not use it unless you trust it; then save it anew",
)  # fmt: skip
ENTITIES = Kind(
    "D313", ERROR, "{name}：里面的“{detail}”有实体声明（DOCTYPE），没有读", "{name}: “{detail}” in it declares entities (DOCTYPE); not read",
    "不是可靠来源的文件不要用；是自己的就用 Excel 或 WPS 打开后另存", "do not use it unless you trust it; then save it anew",
)  # fmt: skip
STOPPED = Kind(
    "D314", ERROR, "{name}：{seconds}秒、{megabytes} MB 内存里读不完，停下了", "{name}: not read within {seconds} seconds and {megabytes} MB; stopped",
    "只留下要用的工作表，或另存为 CSV", "keep only the sheet in use, or save it as CSV",
)  # fmt: skip
_REFUSALS = {"corrupt": CORRUPT, "too_big": TOO_BIG, "password": PASSWORD, "not_a_workbook": NOT_A_WORKBOOK, "bomb": BOMB,
             "entities": ENTITIES, "stopped": STOPPED}  # fmt: skip
