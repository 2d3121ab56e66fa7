"""What the sign column, the unit column and the name of the indicator add to a reading."""

import re

import attrs

from perfdsl.quantity import NO_UNIT, Unit, format_number, is_counted_noun, parse_unit, unit_named
from perfdsl.read_target.around import merged_sign
from perfdsl.read_target.cell import Cell
from perfdsl.read_target.clause import unit_of, with_op, with_unit
from perfdsl.read_target.fold import squeeze
from perfdsl.read_target.words import SCALES_ALONE, after_word, op_word
from perfdsl.target import (
    PRINTED,
    Bound,
    Compound,
    Deadline,
    Free,
    Growth,
    Level,
    Meaning,
    Nothing,
    Range,
    Schedule,
    Target,
    unit_kind,
)


class Columns:
    """What the sign column, the unit column and the name say about one reading."""

    def __init__(self, cell: Cell, op: str, unit: str, name: str) -> None:
        self.cell = cell
        self.op_text = squeeze(op)[0].strip()
        self.unit_text = squeeze(unit)[0].strip()
        self.name = squeeze(name)[0]

    def apply(self, target: Target) -> Target:
        """The target with the columns' share; contradictions become findings."""
        meaning = target.meaning
        if isinstance(meaning, Nothing):
            if not self.cell.text.strip() and self.unit_text not in _NO_COLUMN and column_op(self.op_text):
                self.cell.doubt("T137", 0, 0, column=self.op_text, unit=self.unit_text)
            return target
        if isinstance(meaning, Compound):
            return target
        bare = unit_of(meaning) == NO_UNIT
        meaning = self._unit(meaning)
        meaning = self._sign(meaning)
        if bare:
            self._share_or_percent(meaning)
        return attrs.evolve(target, meaning=meaning)

    def _unit(self, meaning: Meaning) -> Meaning:
        column = "" if self.unit_text in _NO_COLUMN else self.unit_text
        own = unit_of(meaning)
        if own is None:
            if column:
                self._wordy_unit(meaning, column)
            return meaning
        if own == NO_UNIT:
            return self._bare(meaning, column)
        if not own.dims and own.text in SCALES_ALONE:
            return self._scaled(meaning, own, column)
        if column:
            self._compare_units(own, column)
        return meaning

    def _share_or_percent(self, meaning: Meaning) -> None:
        """0.95 or 1 beside a unit column %: perhaps the share and not the percent was typed."""
        unit = unit_of(meaning)
        if unit is None or unit_kind(unit) != "percent" or unit.text not in ("%", "百分比", "百分数"):
            return
        match meaning:
            case Bound(op=op, quantity=quantity) if not (op or "").startswith("<"):
                value = quantity.value
            case Range(high=value):
                pass
            case _:
                return
        if 0 < value <= 1:
            shown = format_number(value)
            self.cell.doubt("T134", value=shown, unit=self.unit_text or "%", percent=format_number(value * 100))

    def _bare(self, meaning: Meaning, column: str) -> Meaning:
        if column:
            return with_unit(meaning, self._column_unit(column))
        named = _NAME_UNIT.search(self.name) or _NAME_PERCENT.search(self.name)
        unit = parse_unit(named[1]) if named else None
        return with_unit(meaning, unit) if unit else meaning

    def _column_unit(self, column: str) -> Unit:
        """The unit of the column; of 个（次） and 个、次 the first is taken and the choice reported."""
        unit = parse_unit(column)
        if column in _DATE_COLUMNS:
            self.cell.doubt_beside("unit", "T119", text=f"{self.cell.clean}{column}", reading="数")
        if unit is not None:
            return unit
        pieces = [piece for piece in _UNIT_PIECES.split(column) if piece]
        known = [found for found in map(parse_unit, pieces) if found]
        if is_counted_noun(column):
            return unit_named(column)
        if not known or len(known) < len(pieces):
            self.cell.doubt_beside("unit", "T101", unit=column)
            return unit_named(column)
        if any(other.dims != known[0].dims or other.scale != known[0].scale for other in known[1:]):
            self.cell.doubt_beside("unit", "T121", text=column, reading=known[0].text)
        return next((found for found in known if found.text == "%"), known[0])

    def _scaled(self, meaning: Meaning, own: Unit, column: str) -> Meaning:
        if column.startswith(own.text) and parse_unit(column):
            self.cell.doubt_beside("unit", "T105", column=column, cell=own.text)
            return with_unit(meaning, unit_named(column))
        joined = parse_unit(own.text + column) if column else None
        if joined is not None:
            return with_unit(meaning, joined)
        return meaning

    def _compare_units(self, own: Unit, column: str) -> None:
        unit = parse_unit(column)
        if unit is None:
            if squeeze(column)[0] != own.text and column not in own.text:
                self.cell.doubt_beside("unit", "T105", column=column, cell=own.text)
            return
        if unit.dims != own.dims and not own.text.startswith(f"{column}/") and not column.startswith(f"{own.text}/"):
            self.cell.doubt_beside("unit", "T105", column=column, cell=own.text)

    def _wordy_unit(self, meaning: Meaning, column: str) -> None:
        unit = parse_unit(column)
        if unit is None or isinstance(meaning, Schedule) or column in _GRADES:
            return
        if isinstance(meaning, Deadline):
            if unit_kind(unit) != "duration":
                self.cell.doubt_beside("unit", "T105", column=column, cell=self.cell.clean)
            return
        self.cell.doubt_beside("unit", "T111", text=self.cell.clean, column=column)

    def _sign(self, meaning: Meaning) -> Meaning:
        column = self.op_text
        if not column or column in _NO_COLUMN:
            return meaning
        op = column_op(column)
        worded = isinstance(meaning, Level | Free)
        if op is None:
            if (column in _QUALITATIVE and not worded and not isinstance(meaning, Schedule | Deadline)) or (
                column in _QUANTITATIVE and worded
            ):
                self.cell.doubt("T111", text=self.cell.clean, column=column)
            elif column in DIRECTIONS:
                self._direction(meaning, DIRECTIONS[column])
            elif column not in _QUALITATIVE | _QUANTITATIVE:
                self.cell.doubt_beside("sign", "T138", column=column)
            return meaning
        if worded:
            self.cell.doubt("T111", text=self.cell.clean, column=column)
            return meaning
        return self._numeric_sign(meaning, op)

    def _direction(self, meaning: Meaning, wanted: str) -> None:
        own = meaning.op if isinstance(meaning, Bound | Growth) else None
        if own is not None and own[0] in "<>" and own[0] != wanted:
            self.cell.doubt("T104", column=self.op_text, cell=PRINTED[own])

    def _numeric_sign(self, meaning: Meaning, op: str) -> Meaning:
        match meaning:
            case Bound(op=None) | Growth(op=None):
                return with_op(meaning, op)
            case Bound(op=own) | Growth(op=own):
                if own != op:
                    self.cell.doubt("T104", column=self.op_text, cell=PRINTED[own])
            case Range():
                if op not in ("=", "<="):
                    self.cell.doubt("T104", column=self.op_text, cell=self.cell.clean)
            case Deadline():
                if op[0] == ">":
                    self.cell.doubt("T104", column=self.op_text, cell=self.cell.clean)
            case _:
                pass
        return meaning


def column_op(text: str) -> str | None:
    """The relation a sign column says (≥, 大于等于, ＞=), None when it says none."""
    if text and not text.strip("≥≤<>="):
        return merged_sign(text)
    return op_word(text) or after_word(text)


_NO_COLUMN = frozenset({"", "无", "/", "-", "—", "——", "--", "\\"})

_GRADES = frozenset({"级", "等", "等级", "档", "级别", "等次"})
_DATE_COLUMNS = frozenset({"月份", "号", "年月", "年-月", "日期", "时间", "年/月"})
_UNIT_PIECES = re.compile(r"[()、,或;]|(?<=[一-龥])/(?=[一-龥])")
DIRECTIONS = {
    word + end: sign
    for words, sign in (("正向 正 越大越好 越高越好", ">"), ("反向 逆向 负向 反 越小越好 越低越好", "<"))
    for word in words.split()
    for end in ("", "指标")
}
_QUALITATIVE = frozenset({"定性", "定性指标", "定性类"})

_QUANTITATIVE = frozenset({"定量", "定量指标", "定量类", "数值"})

_NAME_UNIT = re.compile(r"\(([^()]{1,12})\)\Z")

_NAME_PERCENT = re.compile(r"([%‰])\Z")
_PAREN_END = re.compile(r"\([^()]*\)\Z")
