"""What the sign column, the unit column and the name of the indicator add to a reading."""

import re

import attrs

from perfdsl.quantity import NO_UNIT, Unit, format_number, parse_unit, unit_named
from perfdsl.read_target.around import merged_sign
from perfdsl.read_target.cell import Cell
from perfdsl.read_target.clause import unit_of, value_of, with_op, with_unit
from perfdsl.read_target.fold import squeeze
from perfdsl.read_target.words import RATE_ENDS, SCALES_ALONE, op_word
from perfdsl.target import (
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
            return target
        if isinstance(meaning, Compound):
            return target
        meaning = self._unit(meaning)
        meaning = self._sign(meaning)
        self._rate(meaning)
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

    def _bare(self, meaning: Meaning, column: str) -> Meaning:
        if column:
            unit = parse_unit(column)
            if unit is None:
                self.cell.doubt("T101", unit=column)
            return with_unit(meaning, unit or unit_named(column))
        named = _NAME_UNIT.search(self.name)
        unit = parse_unit(named[1]) if named else None
        return with_unit(meaning, unit) if unit else meaning

    def _scaled(self, meaning: Meaning, own: Unit, column: str) -> Meaning:
        if column.startswith(own.text) and parse_unit(column):
            self.cell.doubt("T105", column=column, cell=own.text)
            return with_unit(meaning, unit_named(column))
        joined = parse_unit(own.text + column) if column else None
        if joined is not None:
            return with_unit(meaning, joined)
        return meaning

    def _compare_units(self, own: Unit, column: str) -> None:
        unit = parse_unit(column)
        if unit is None:
            if squeeze(column)[0] != own.text and column not in own.text:
                self.cell.doubt("T105", column=column, cell=own.text)
            return
        if unit.dims != own.dims and not own.text.startswith(f"{column}/") and not column.startswith(f"{own.text}/"):
            self.cell.doubt("T105", column=column, cell=own.text)

    def _wordy_unit(self, meaning: Meaning, column: str) -> None:
        unit = parse_unit(column)
        if unit is None or isinstance(meaning, Schedule):
            return
        if isinstance(meaning, Deadline):
            if unit_kind(unit) != "duration":
                self.cell.doubt("T105", column=column, cell=self.cell.clean)
            return
        self.cell.doubt("T111", text=self.cell.clean, column=column)

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
            return meaning
        if worded:
            self.cell.doubt("T111", text=self.cell.clean, column=column)
            return meaning
        return self._numeric_sign(meaning, op)

    def _numeric_sign(self, meaning: Meaning, op: str) -> Meaning:
        match meaning:
            case Bound(op=None) | Growth(op=None):
                return with_op(meaning, op)
            case Bound(op=own) | Growth(op=own):
                if own != op:
                    self.cell.doubt("T104", column=self.op_text, cell=str(own))
            case Range():
                if op not in ("=", "<="):
                    self.cell.doubt("T104", column=self.op_text, cell=self.cell.clean)
            case Deadline():
                if op[0] == ">":
                    self.cell.doubt("T104", column=self.op_text, cell=self.cell.clean)
            case _:
                pass
        return meaning

    def _rate(self, meaning: Meaning) -> None:
        if unit_of(meaning) != NO_UNIT or not self.name:
            return
        value = value_of(meaning)
        if value is not None and _PAREN_END.sub("", self.name).endswith(RATE_ENDS):
            self.cell.doubt("T116", name=self.name, value=format_number(value))


def column_op(text: str) -> str | None:
    """The relation a sign column says (≥, 大于等于, ＞=), None when it says none."""
    if text and not text.strip("≥≤<>="):
        return merged_sign(text)
    return op_word(text)


_NO_COLUMN = frozenset({"", "无", "/", "-", "—", "——", "--", "\\"})

_QUALITATIVE = frozenset({"定性", "定性指标"})

_QUANTITATIVE = frozenset({"定量", "定量指标"})

_NAME_UNIT = re.compile(r"\(([^()]{1,12})\)\Z")

_PAREN_END = re.compile(r"\([^()]*\)\Z")
