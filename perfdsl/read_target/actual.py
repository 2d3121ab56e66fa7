"""Read one completion value: the same notation as targets, but a value, never a limit."""

import re
from fractions import Fraction

from perfdsl.quantity import NO_UNIT, Quantity, format_number, parse_unit
from perfdsl.read_target.cell import Cell
from perfdsl.read_target.findings import finding
from perfdsl.read_target.fold import squeeze
from perfdsl.read_target.plausible import MOST_PERCENT
from perfdsl.read_target.words import NOT_APPLICABLE
from perfdsl.target import (
    Amount,
    Bound,
    Deadline,
    Finding,
    Growth,
    Meaning,
    Missing,
    NoneHappened,
    NotApplicable,
    OnDate,
    Range,
    Reading,
    Target,
    Unread,
    Word,
    unit_kind,
)

LONGEST = 2000
# accountants write -10 as (10) or ▲10; a dash before another is no bullet
_MAY_BE_BELOW_ZERO = re.compile(r"[-+]*\([0-9][0-9.,]*[^()]*\)|[▲▼△▽—―][0-9].*|[-—―][-—―]+[0-9].*")
_LIKE_A_DAY = re.compile(r"[+-]?[1-9][0-9]{3,7}(\.[0-9]{1,4})?")
Said = Amount | OnDate | Word | Missing | NoneHappened | NotApplicable | Unread


def read_actual(
    text: str, *, unit: str = "", target: Target | None = None, number: bool = False
) -> tuple[Reading, tuple[Finding, ...]]:
    """What a completion value says, with every doubt about it; never raises, whatever the text.

    ``unit`` is the table's unit column; ``target`` lets a missing percent sign or a foreign unit be noticed.  Where a ``number``
    is due, digits that could be a month or a day (2024.06, 20240630) are one.
    """
    if len(text) > LONGEST:
        return Reading(text, Unread(text)), (finding("T125", 0, len(text), count=str(len(text))),)
    clean = squeeze(text)[0]
    plain = _without_words(clean)
    if plain is not None:
        return Reading(text, plain), ()
    if _MAY_BE_BELOW_ZERO.fullmatch(clean):
        return Reading(text, Unread(text)), (finding("T102", 0, len(text), digits=clean),)
    cell = Cell(text)
    meaning = cell.read().meaning
    if number and not isinstance(meaning, Bound) and _LIKE_A_DAY.fullmatch(cell.clean):
        meaning = Bound(None, Quantity(Fraction(cell.clean), NO_UNIT))
        cell.doubts.clear()  # they were about the day
    said = _said(cell, meaning, unit)
    if isinstance(said, Amount):
        cell.check_damage(Bound(None, said.quantity))
    if target is not None:
        _fits(cell, said, target)
    return Reading(text, said), cell.findings()


def _without_words(clean: str) -> Said | None:
    if not clean.strip():
        return Missing()
    if clean in NOT_APPLICABLE:
        return NotApplicable()
    if clean.strip("。.") in ("无", "没有"):
        return NoneHappened()
    return Missing() if not clean.strip("-—―–") else None


def _said(cell: Cell, meaning: Meaning, unit: str) -> Said:
    match meaning:
        case Bound(op=op, quantity=quantity, approximate=approximate):
            if op not in (None, "=") and not _reached(cell.clean):
                cell.doubt("T110", text=cell.text)
                return Unread(cell.text)
            cell.doubts = [doubt for doubt in cell.doubts if doubt.code != "T107" or approximate]
            return Amount(_in_unit(cell, quantity, unit), approximate)
        case Growth(op=op, quantity=Quantity() as quantity, direction=direction):
            if op not in (None, "="):
                cell.doubt("T110", text=cell.text)
                return Unread(cell.text)
            sign = -1 if direction == "down" else 1
            return Amount(Quantity(sign * quantity.value, quantity.unit), meaning.approximate)
        case Range():
            cell.doubt("T110", text=cell.text)
            return Unread(cell.text)
        case Deadline(date=date, since=None):
            if _BY.search(cell.clean):
                cell.doubt("T110", text=cell.text)
            return OnDate(date)
        case _:
            return _wordy(cell)


def _wordy(cell: Cell) -> Said:
    numbered = any(doubt.code in _NO_VALUE for doubt in cell.doubts)
    return Unread(cell.text) if numbered else Word(cell.clean.strip("。;"))


def _reached(clean: str) -> bool:
    """达95% says what was reached; 达到95%以上 only sets a limit."""
    return "达" in clean and not _LIMIT.search(clean)


def _in_unit(cell: Cell, quantity: Quantity, column: str) -> Quantity:
    name = squeeze(column)[0]
    if not name or name in ("无", "/", "-", "—", "——"):
        return quantity
    unit = parse_unit(name)
    if unit is None:
        cell.doubt("T101", unit=name)
        return quantity
    if quantity.unit == NO_UNIT:
        return Quantity(quantity.value, unit)
    if quantity.unit.dims != unit.dims:
        joined = parse_unit(quantity.unit.text + name) if not quantity.unit.dims else None
        if joined is not None:
            return Quantity(quantity.value, joined)
        cell.doubt("T105", column=name, cell=quantity.unit.text)
    return quantity


def _fits(cell: Cell, said: Said, target: Target) -> None:
    """Does the value's type fit the target's?"""
    meaning = target.meaning
    if isinstance(meaning, Deadline) and isinstance(said, Amount):
        cell.doubt("T139", text=cell.text)
    if isinstance(meaning, Bound) and isinstance(said, Amount):
        _share_or_percent(cell, said.quantity, meaning)
    wanted = (
        meaning.quantity.unit if isinstance(meaning, Bound) else meaning.unit if isinstance(meaning, Range) else None
    )
    if isinstance(meaning, Growth) and meaning.quantity is not None and isinstance(said, Word):
        cell.doubt("T129", text=cell.text)
    if wanted is None:
        return
    if isinstance(said, Word):
        cell.doubt("T129", text=cell.text)
    if not isinstance(said, Amount):
        return
    unit = said.quantity.unit
    if unit == NO_UNIT and unit_kind(wanted) == "percent":
        cell.doubt("T124", text=cell.clean)
    elif unit not in (NO_UNIT, wanted) and wanted != NO_UNIT and unit.dims != wanted.dims:
        cell.doubt("T128", actual=unit.text, target=wanted.text)


def _share_or_percent(cell: Cell, quantity: Quantity, target: Bound) -> None:
    """0.98 beside a unit column % where some 95 % is due; 960% where 96% is."""
    if quantity.unit.text != "%" or unit_kind(target.quantity.unit) != "percent" or (target.op or "")[:1] == "<":
        return
    value = quantity.value
    if "%" not in cell.clean and 0 < value <= 1 and target.quantity.base >= Fraction(1, 2):
        cell.doubt("T134", value=format_number(value), unit="%", percent=format_number(value * 100))
    elif value > MOST_PERCENT and value > 2 * target.quantity.value and not any(d.code == "T103" for d in cell.doubts):
        cell.doubt("T132", name="完成值", value=f"{format_number(value)}%")


_NO_VALUE = frozenset({"T102", "T106", "T112", "T130", "T131", "T136"})
_LIMIT = re.compile(r"以上|以下|以内|[≥≤<>]|不低于|不少于|不超过")
_BY = re.compile(r"前|之前|以前|不晚于|不迟于|≤|<")
