"""Headings in two rows that lost their merged cells: copied so, the lower ones stand from the left, not below their own upper one."""

from collections.abc import Sequence

import attrs

from perfdsl.importers.clean import key
from perfdsl.importers.headings import Column, is_second_row, of_level, role_like
from perfdsl.importers.lexicon import CATEGORIES, CAUSES, GROUPS, TARGETS
from perfdsl.importers.records import Row
from perfdsl.importers.shapes import is_caption

_PERIODS = {key(word) for word in ("半年", "上半年", "全年", "年度", "实施周期", "一季度", "三季度")}


def unfolded(columns: tuple[Column, ...], row: Row) -> tuple[tuple[Column, ...], Row]:
    """Columns and lower row as they stood before cells were collapsed; the same objects where nothing was."""
    if row.fixed or [bit.column for bit in row.bits] != list(range(len(row.bits))):
        return columns, row
    made = _levels(columns, row) or _below_one(columns, row)
    return made if made and is_second_row(made[1], made[0]) else (columns, row)


def beside_caption(above: Row, found: Sequence[Column]) -> tuple[Column, ...]:
    """``评价指标 | 指标说明 | 得分`` above ``一级指标 | 二级指标 | 三级指标``: the headings that stood to the right of the levels.

    Empty where the row above is no such row, or stands where it should.
    """
    if above.fixed or len(above.bits) < 2 or not is_caption(above.bits[0].text) or above.bits[0].column:
        return ()
    end = max(column.at + column.wide for column in found)
    if above.bits[1].column >= end or not all(role_like(bit.text) for bit in above.bits[1:]):
        return ()
    return tuple(Column(role_like(bit.text), bit.text, end + at) for at, bit in enumerate(above.bits[1:]))


def _levels(columns: tuple[Column, ...], row: Row) -> tuple[tuple[Column, ...], Row] | None:
    """名称 and 权重 as many times as there are levels: below each level its own."""
    levels = [column for column in columns if column.role in GROUPS or column.role == "name"]
    each, rest = divmod(len(row.bits), len(levels)) if levels else (0, 1)
    if rest or each < 2 or any(column.wide >= each for column in levels):
        return None
    start = levels[0].at
    if [column.at for column in levels] != list(range(start, start + len(levels))):
        return None
    if not all(of_level(bit.text, levels[at // each]) for at, bit in enumerate(row.bits)):
        return None
    own = {column.at: attrs.evolve(column, at=start + at * each, wide=each) for at, column in enumerate(levels)}
    moved = [own.get(c.at) or _moved(c, len(row.bits) - len(levels), start) for c in columns]
    return tuple(moved), _shifted(row, start)


def _below_one(columns: tuple[Column, ...], row: Row) -> tuple[tuple[Column, ...], Row] | None:
    """Kinds of causes, of possibility, or periods: below the one heading they can belong to."""
    words = {key(bit.text) for bit in row.bits}
    if words <= CAUSES:
        roles: tuple[str, ...] = ("reason",) if words & set(CATEGORIES) else ("likely",)
    elif words <= _PERIODS:
        roles = TARGETS
    else:
        return None
    over = [column for column in columns if column.role in roles]
    if len(over) != 1 or over[0].at == 0 or over[0].wide >= len(row.bits):
        return None
    parent = over[0]
    moved = [
        attrs.evolve(c, wide=len(row.bits)) if c is parent else _moved(c, len(row.bits) - parent.wide, parent.at)
        for c in columns
    ]
    return tuple(moved), _shifted(row, parent.at)


def _moved(column: Column, places: int, behind: int) -> Column:
    return attrs.evolve(column, at=column.at + places) if column.at > behind else column


def _shifted(row: Row, places: int) -> Row:
    bits = tuple(attrs.evolve(bit, column=bit.column + places) for bit in row.bits)
    return attrs.evolve(row, bits=bits, width=row.width + places)
