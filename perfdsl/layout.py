"""A form filled in, before it is a file: cells on a grid with what they say, how they look and how Excel reckons them.

A writer reads nothing else.  Every text is the user's and never markup; every number is exact.
"""

from fractions import Fraction

import attrs

from perfdsl.actuals import Observed
from perfdsl.scorecard import Scorecard

TITLE, SUBTITLE, HEAD, LABEL, TEXT, NAME, NUMBER, GIVEN, TOTAL, NOTE, SIGN = (
    "title", "subtitle", "head", "label", "text", "name", "number", "given", "total", "note", "sign",
)  # fmt: skip


@attrs.frozen
class Ref:
    """The cell of that key, wherever it stands; inside a formula."""

    key: str


@attrs.frozen
class Refs:
    """Several cells as the arguments of a function; those under each other are one range."""

    keys: tuple[str, ...]


Formula = tuple[str | Ref | Refs, ...]


@attrs.frozen
class Number:
    """A number a cell holds for Excel, and how Excel prints it (``0.00%``, ``General"个"``)."""

    value: Fraction
    shape: str = "General"


@attrs.frozen
class Live:
    """The formula of a cell of the form, the value it has now (None: not known yet), and what a reader should know of it."""

    formula: Formula
    value: Fraction | str | None
    note: str = ""


@attrs.frozen(kw_only=True)
class Cell:
    """One cell: where it begins (from 0), how far it reaches, what a reader sees.

    ``key`` names it for formulas (``score:产出指标/数量指标/甲``); a cell somebody types an actual into is ``open``,
    ``live`` is a formula of its own, not one of the workings.
    """

    row: int
    column: int
    text: str = ""
    role: str = TEXT
    rows: int = 1
    columns: int = 1
    key: str = ""
    number: Number | None = None
    note: str = ""
    open: bool = False
    live: Live | None = None


@attrs.frozen(kw_only=True)
class Working:
    """One line of the sheet of workings: about which row, what it is, and its value; without a formula it is given.

    ``value`` None is missing: an empty cell, or what the formula turns into an error.
    """

    key: str
    subject: str
    what: str
    value: Fraction | bool | str | None = None
    formula: Formula = ()
    shape: str = "General"
    open: bool = False


@attrs.frozen(kw_only=True)
class Workings:
    """Everything Excel needs to reckon one object again: formulas by the key of their cell, and the lines they look at."""

    lines: tuple[Working, ...] = ()
    live: dict[str, Live] = attrs.field(factory=dict)
    shapes: dict[str, str] = attrs.field(factory=dict)
    given: dict[str, Fraction | str | None] = attrs.field(factory=dict)
    notes: dict[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Result:
    """What a form with scores is filled from."""

    card: Scorecard
    observed: Observed
    workings: Workings = Workings()


@attrs.frozen(kw_only=True)
class ToDate:
    """What a form of monitoring is filled from: ``cells`` by path and the word of their column, ``words`` by place.

    Money is in 元 by ``side`` or ``side/path``; a forecast goes with the method it was made by, empty where the unit states it.
    """

    period: str
    as_of: str = ""
    cells: dict[tuple[str, ...], dict[str, str]] = attrs.field(factory=dict)
    words: dict[str, str] = attrs.field(factory=dict)
    planned: dict[str, Fraction] = attrs.field(factory=dict)
    spent: dict[str, Fraction] = attrs.field(factory=dict)
    forecasts: dict[str, tuple[Fraction, str]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Layout:
    """One object in one form: ``widths`` of the columns in Chinese characters, ``repeated`` the rows (first, last) that
    head every page, ``heights`` the least lines of a row."""

    name: str
    widths: tuple[int, ...]
    cells: tuple[Cell, ...]
    rows: int
    repeated: tuple[int, int] | None = None
    heights: tuple[tuple[int, int], ...] = ()
    portrait: bool = False
    workings: Workings = Workings()
