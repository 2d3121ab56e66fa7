"""Actual values: rows as a table gives them, and what they say once they are matched with a plan.

A row keeps its words and its place; nothing is dropped, and a value that was not given is missing, never zero.
"""

from fractions import Fraction

import attrs

from perfdsl.core import Value
from perfdsl.text import NOWHERE, Span


@attrs.frozen(kw_only=True)
class Row:
    """One row of a table of actuals (long form).  ``span`` is its place; ``cell`` names it in words (行, 列)."""

    name: str
    value: str
    unit: str = ""
    mark: str = ""
    override: str = ""
    item: str = ""
    explanation: str = ""
    evidence: str = ""
    period: str = ""
    object: str = ""
    prior: str = ""
    times: str = ""
    extras: tuple[tuple[str, str], ...] = ()
    percent_format: bool = False
    span: Span


@attrs.frozen
class Table:
    """All rows of one file, with the digest of its bytes."""

    name: str
    rows: tuple[Row, ...]
    sha256: str = ""


@attrs.frozen(kw_only=True)
class Entry:
    """One observation of an indicator, in base units: ``text`` is what was written."""

    value: Value
    text: str
    applies: bool = True
    none_happened: bool = False
    mark: Fraction | None = None
    override: Fraction | None = None
    item: str = ""
    times: int = 1
    prior: Value = None
    weight: Fraction | None = None
    explanation: str = ""
    evidence: str = ""
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen
class Observed:
    """What was observed of one object: entries by indicator path, inputs and money spent by name."""

    entries: dict[str, tuple[Entry, ...]]
    inputs: dict[str, Value]
    spent: dict[str, Fraction]
    sha256: str = ""
