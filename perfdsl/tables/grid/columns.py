"""The header of a table: which line it is, and what every column means.

Long form has a column of indicator names and one of values; wide form has one column an indicator, one line an object.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import attrs

from perfdsl.quantity import fold_width, is_unit
from perfdsl.tables.grid.names import Names
from perfdsl.tables.grid.sheet import Line, Sheet

MOST_LINES_ABOVE = 20
LONGEST_HEADER = 300
LONG_COMPLETE, WIDE, INCOMPLETE = 3, 2, 1


class Column(NamedTuple):
    """``place`` counts from 0; ``field`` is the attribute of a row it fills ("" for a further column); ``target`` its indicator in wide form."""

    place: int
    header: str
    field: str = ""
    unit: str = ""
    target: str = ""


@attrs.frozen
class Layout:
    """The line of the header and its columns; ``rank`` says how sure this is."""

    line: int
    columns: tuple[Column, ...]
    rank: int

    @property
    def wide(self) -> bool:
        """One line an object, one column an indicator?"""
        return self.rank == WIDE


def find_layout(sheet: Sheet, names: Names) -> Layout | None:
    """The header nearest to the top, a complete one before an incomplete one; None when there is none."""
    best: Layout | None = None
    for number, line in enumerate(sheet.lines[:MOST_LINES_ABOVE]):
        headers = [cell.text or sheet.merged.get((number, at), "") for at, cell in enumerate(line.cells)]
        columns, rank = header_columns(headers, names)
        if rank > (best.rank if best else 0) or (best is not None and rank and _goes_on(sheet, best, number, columns)):
            best = Layout(number, columns, rank)
    return best


def _goes_on(sheet: Sheet, best: Layout, number: int, columns: Sequence[Column]) -> bool:
    """Is the header of two lines merged, this one its second, and are more columns told by it?"""
    shared = any((number, at) in sheet.merged for at in range(len(columns)))
    return number == best.line + 1 and shared and _told(columns) > _told(best.columns)


def _told(columns: Sequence[Column]) -> int:
    return sum(1 for column in columns if column.field)


def header_columns(headers: Sequence[str], names: Names) -> tuple[tuple[Column, ...], int]:
    """What the cells of a header mean, and how sure it is that they are one (0: they are not)."""
    headers = [text[:LONGEST_HEADER] for text in headers]
    long = tuple(_long_column(i, text) for i, text in enumerate(headers))
    fields = {column.field for column in long}
    if {"name", "value"} <= fields:
        return long, LONG_COMPLETE
    wide = _wide_columns(headers, names)
    if _is_wide(wide):
        return wide, WIDE
    told = sum(1 for column in long if column.field)
    central = bool(fields & {"name", "value"}) and _filled(long) > 1
    return long, INCOMPLETE if told > 1 or central else 0


def _long_column(index: int, text: str) -> Column:
    field = _FIELDS.get(fold_header(text), "")
    if field or not text.strip():
        return Column(index, _shown(text), field)
    base, inside = split_brackets(text)
    field = _FIELDS.get(fold_header(base), "") if base else ""
    return Column(index, _shown(text), field, inside if field == "value" and is_unit(inside) else "")


def _wide_columns(headers: Sequence[str], names: Names) -> tuple[Column, ...]:
    columns = [_wide_column(i, text, names) for i, text in enumerate(headers)]
    if any(_FIELDS.get(fold_header(c.header)) == "object" for c in columns if c.field == "object"):
        columns = [c._replace(field="") if fold_header(c.header) in _ALSO_OBJECT else c for c in columns]
    return tuple(columns)


def _wide_column(index: int, text: str, names: Names) -> Column:
    target, field, unit = wide_name(text, names)
    return Column(index, _shown(text), field or shared_field(text), unit, target)


def shared_field(text: str) -> str:
    """What a header says about a whole line in wide form; 单位 and 名称 are there the name of the object."""
    folded = fold_header(text)
    field = "object" if folded in _ALSO_OBJECT else _FIELDS.get(folded, "")
    return field if field in WIDE_FIELDS else ""


def wide_name(text: str, names: Names) -> tuple[str, str, str]:
    """(indicator, field, unit) of a wide header: 接通率, 接通率.评分, 费用（万元）; three empty words when it is none."""
    found = _wide_name(text, names)
    return found if found[0] or not _STARS.search(text) else _wide_name(_STARS.sub("", text), names)


def _wide_name(text: str, names: Names) -> tuple[str, str, str]:
    if known := names.known(text):
        return known, "value", ""
    base, dot, word = fold_width(text).rpartition(".")
    field = _FIELDS.get(fold_header(word), "") if dot else ""
    if field in PER_INDICATOR and (known := names.known(base)):
        return known, field, ""
    base, inside = split_brackets(text)
    return (known, "value", inside) if base and (known := names.known(base)) else ("", "", "")


def _is_wide(columns: Sequence[Column]) -> bool:
    named = sum(1 for column in columns if column.target)
    told = sum(1 for column in columns if column.field == "object" and not column.target)
    return bool(named) and (told > 0 or named == _filled(columns) or (named > 1 and 2 * named >= _filled(columns)))


def _filled(columns: Sequence[Column]) -> int:
    return sum(1 for column in columns if column.header)


def fold_header(text: str) -> str:
    """A header without its accidents: widths, spaces, line breaks, a star for required, a colon."""
    return "".join(fold_width(text).split()).strip("*:'").lower()


def split_brackets(text: str) -> tuple[str, str]:
    """费用（万元） as its words and what stands in the brackets at its end."""
    folded = fold_width(text).strip()
    base, opened, inside = folded.rpartition("(")
    if not opened or not inside.endswith(")"):
        return "", ""
    return text.strip()[: len(base)].strip(), inside[:-1].strip()


def _shown(text: str) -> str:
    return " ".join(text.split())


def is_header_of(line: Line, header: Line) -> bool:
    """The header printed once more, as at the top of a page."""
    same = len(line.cells) == len(header.cells)
    return same and all(a.text.strip() == b.text.strip() for a, b in zip(line.cells, header.cells, strict=True))


_STARS = re.compile("[*＊]")  # a sign for required, unless it is part of a name
_SYNONYMS = {
    "name": "指标 指标名称 三级指标 三级指标名称 绩效指标 绩效指标名称 具体指标 指标项 名称 indicator name",
    "value": """实际值 完成值 实际完成值 全年完成值 全年实际值 全年实际完成值 年度完成值 年度实际值 实际完成情况 完成情况 指标完成值
             实际完成指标值 实际指标值 指标实际值 actual value""",
    "unit": "单位 计量单位 度量单位 unit",
    "mark": "评分 得分(评分) 评分(得分) 评分值 mark",
    "override": "复核分 复核评分 复核得分 review override",
    "item": "事项 事项名称 item",
    "times": "次数 数量 times count",
    "explanation": """偏差原因 偏差原因及改进措施 偏差原因分析及改进措施 偏差原因分析 未完成原因 未完成原因分析 未完成原因及改进措施
                   未完成原因分析及改进措施 偏差说明 reason explanation""",
    "evidence": "证据 佐证 佐证材料 证明材料 evidence",
    "period": "期间 period",
    "object": "对象 评价对象 项目 项目名称 单位名称 部门名称 部门 预算单位 object",
    "prior": "上年值 上年实际值 上年完成值 上年数 prior",
}
_FIELDS = {word.lower(): field for field, words in _SYNONYMS.items() for word in words.split()}
_ALSO_OBJECT = frozenset({"单位", "名称", "unit", "name"})
WIDE_FIELDS = frozenset({"object", "period", "evidence", "explanation"})
PER_INDICATOR = frozenset({"value", "unit", "mark", "override", "item", "times", "explanation", "evidence", "prior"})
