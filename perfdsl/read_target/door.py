"""Read one target cell: the words of the cell first, then what its columns and the indicator's name add."""

import re
from fractions import Fraction
from functools import lru_cache

from perfdsl.quantity import WORDS, Quantity
from perfdsl.read_target.cell import Cell
from perfdsl.read_target.clause import unit_of
from perfdsl.read_target.columns import Columns
from perfdsl.read_target.findings import finding
from perfdsl.read_target.gather import value_text
from perfdsl.read_target.plausible import suspect
from perfdsl.target import Bound, Findings, Free, Growth, Nothing, Range, Target

LONGEST = 2000


_COMMON = re.compile(r"([≥≤=])([1-9][0-9]{0,8}(?:\.[0-9]{1,4})?)([^0-9年月日号]{1,3})")


PERCENT = (("%", 1),)
_COMMON_SIGNS = {"≥": ">=", "≤": "<=", "=": "="}


def read_target(text: str, *, op: str = "", unit: str = "", name: str = "") -> tuple[Target, Findings]:
    """What a target cell means, with every doubt about it; never raises, whatever the text.

    ``op`` and ``unit`` are the table's own columns for sign and unit, ``name`` the indicator's name; the cell comes
    first, then the columns, then the name.
    """
    found = _read(text, op, unit, "")
    return _read(text, op, unit, name) if name and _name_matters(text, name, *found) else found


def _name_matters(text: str, name: str, target: Target, findings: Findings) -> bool:
    """Can the name change the reading or cast doubt on it: no unit, a bare 万, an empty cell, an odd share?"""
    if isinstance(target.meaning, Nothing):
        return not text.strip()
    if suspect(target.meaning, name):
        return True
    unit = unit_of(target.meaning)
    return unit is not None and (not unit.dims or any(f.code == "T115" for f in findings))


@lru_cache(maxsize=65536)
def _read(text: str, op: str, unit: str, name: str) -> tuple[Target, Findings]:
    if not (op or unit or name) and (common := _common(text)) is not None:
        return common, ()
    if len(text) > LONGEST:
        return Target(text, Free(text)), (finding("T125", 0, len(text), count=str(len(text))),)
    cell = Cell(text)
    target = cell.read()
    if isinstance(target.meaning, Nothing) and name and not text.strip():
        target = _from_name(cell, target, name)
    if op or unit or name:
        target = Columns(cell, op, unit, name).apply(target)
    target = cell.with_scale(target, name)
    cell.check_damage(target.meaning)
    cell.compare(target.meaning, name or target.label)
    return target, cell.findings()


def _common(text: str) -> Target | None:
    """The form that nine cells in ten have, a sign, a number and a known unit, at a tenth of the cost.

    A test reads every such cell of the corpus both ways.
    """
    found = _COMMON.fullmatch(text)
    if found is None:
        return None
    sign, digits, word = found.groups()
    unit = WORDS.get(word)
    value = Fraction(digits)
    if unit is None or (value > 100 and unit.dims == PERCENT):
        return None
    return Target(text, Bound(_COMMON_SIGNS[sign], Quantity(value, unit)))


def _from_name(cell: Cell, target: Target, name: str) -> Target:
    """An empty cell under a name that holds the target: read, and said so."""
    inner = Cell(name)
    found = inner.read()
    meaning = found.meaning
    has_limit = isinstance(meaning, Bound | Growth) and meaning.op is not None or isinstance(meaning, Range)
    if len(name) > LONGEST or not has_limit:
        return target
    cell.doubt_beside("name", "T117", value=value_text(meaning))
    return Target(target.text, meaning)
