"""What a file means: objects with their tree of groups and indicators, every name resolved, every unit known.

A broken part is left out of the tree and named in ``broken``, so that later stages stay silent about it.
"""

from fractions import Fraction
from typing import Union

import attrs

from perfdsl.core import Comparison, Domain, Expr, Factor, Gather, Judge, Scoring
from perfdsl.quantity import Unit
from perfdsl.target import Target
from perfdsl.text import NOWHERE, Span

Path = tuple[str, ...]


@attrs.frozen
class Remark:
    """``note``, ``basis`` or ``source`` and its text."""

    kind: str
    text: str


@attrs.frozen
class Waiver:
    """``accept CODE "reason"`` and where it stands: on a row, in an object or at the top of the file."""

    code: str
    reason: str
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen
class TargetUse:
    """A target of one period, how it judges, and the unit in which a plain actual is read."""

    period: str
    target: Target
    judge: Judge
    unit: Unit | None
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen(kw_only=True)
class Indicator:
    """A leaf that is assessed.  ``points`` is None where the table prints none; ``formula`` computes the value.

    ``words`` maps every synonym of its scale to the canonical word.
    """

    path: Path
    alias: str = ""
    targets: tuple[TargetUse, ...] = ()
    points: Fraction | None = None
    most: Fraction | None = None
    direction: str = ""
    nature: str = ""
    domain: Domain
    unit: Unit | None = None
    unit_text: str = ""
    formula: Expr | None = None
    formula_text: str = ""
    scoring: Scoring | None = None
    gather: Gather | None = None
    applies: Expr | None = None
    applies_text: str = ""
    words: tuple[tuple[str, str], ...] = ()
    waivers: tuple[Waiver, ...] = ()
    remarks: tuple[Remark, ...] = ()
    bonus: bool = False
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)
    name_span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen(kw_only=True)
class Empty:
    """A row that is only a name: printed, never assessed."""

    path: Path
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen(kw_only=True)
class Group:
    """A row with rows below it.  ``weight`` is its share of the parent; ``bonus`` its limits when it stands beside the total.

    ``most`` is what it may come to at most after its ``factor``; None: its points.
    """

    path: Path
    points: Fraction | None = None
    weight: Fraction | None = None
    bonus: tuple[Fraction, Fraction] | None = None
    either: bool = False
    factor: Factor | None = None
    most: Fraction | None = None
    applies: Expr | None = None
    applies_text: str = ""
    children: "tuple[Group | Indicator | Empty, ...]" = ()
    waivers: tuple[Waiver, ...] = ()
    remarks: tuple[Remark, ...] = ()
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)
    name_span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


Row = Union[Group, Indicator, Empty]


@attrs.frozen(kw_only=True)
class Input:
    """A raw datum: the unit it is read in (None: a plain number), or the words it may take."""

    name: str
    alias: str = ""
    unit: Unit | None = None
    words: tuple[str, ...] = ()
    is_word: bool = False
    domain: Domain
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen(kw_only=True)
class FundLine:
    """A line of money: side, path inside its table, amounts by period in 元."""

    side: str
    path: Path
    alias: str = ""
    amounts: tuple[tuple[str, Fraction], ...]
    notes: tuple[str, ...] = ()
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen(kw_only=True)
class FundTable:
    """A funds table in the printed ``unit``; a title means it stands beside the balanced one."""

    title: str
    unit: Unit
    lines: tuple[FundLine, ...]


@attrs.frozen
class Band:
    """A grade and the condition on the total as a percentage number (90 for 90% of the total)."""

    name: str
    limits: tuple[tuple[str, Fraction], ...]
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen
class Lights:
    """Which light a ratio to date has (1 for all that is due); ``about`` is output or money."""

    about: str
    bands: tuple[Band, ...]


@attrs.frozen(kw_only=True)
class Ceiling:
    """Where ``condition`` holds the grade is at most ``grade``, or the total at most ``total``."""

    condition: Expr
    grade: str = ""
    total: Fraction | None = None
    text: str = ""
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen(kw_only=True)
class Award:
    """A decision beside the score (评优), mostly over the objects scored together."""

    name: str
    condition: Expr
    text: str = ""
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen
class NotApplicable:
    """What happens to the points of what does not apply: rescale, full, zero, or to a group."""

    policy: str
    group: Path = ()


@attrs.frozen(kw_only=True)
class Object:
    """One evaluated object; ``span`` is its name, ``block`` all of it; ``schedule_by`` is empty where the file does not
    say, which then counts as months."""

    kind: str
    name: str
    year: int | None = None
    facts: tuple[tuple[str, str], ...] = ()
    total: Fraction | None = None
    most: Fraction | None = None
    rounding: int = 2
    missing: str = "report"
    not_applicable: NotApplicable | None = None
    schedule: tuple[tuple[str, Fraction], ...] = ()
    schedule_by: str = ""
    funds: tuple[FundTable, ...] = ()
    inputs: tuple[Input, ...] = ()
    rows: tuple[Row, ...] = ()
    grades: tuple[Band, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    awards: tuple[Award, ...] = ()
    lights: tuple[Lights, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    tests: tuple["Test", ...] = ()
    waivers: tuple[Waiver, ...] = ()
    broken: tuple[str, ...] = ()
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)
    block: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen
class GivenRow:
    """One row of actuals written in a test."""

    path: Path
    value: str
    extras: tuple[tuple[str, str], ...] = ()
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen
class Expectation:
    """What a test must find: ``total grade score status case award``; ``low`` and ``high`` are those of a range when ``ranged``.

    ``object`` is the one it is about in a test of several.
    """

    what: str
    path: Path
    value: str
    low: Fraction | None = None
    high: Fraction | None = None
    ranged: bool = False
    object: str = ""
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen(kw_only=True)
class Test:
    """A test in the language: its own rows become an object of their own, else it runs on the object it stands in."""

    title: str
    own: Object | None = None
    object_name: str = ""
    period: str = "full"
    files: tuple[str, ...] = ()
    given: tuple[GivenRow, ...] = ()
    expected: tuple[Expectation, ...] = ()
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen(kw_only=True)
class Named:
    """A rubric, scale or grades of a ruleset, for ``explain``: its source text and remarks."""

    kind: str
    name: str
    ruleset: str
    text: str
    remarks: tuple[Remark, ...] = ()
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen(kw_only=True)
class Definition:
    """A common indicator of a ruleset, for ``explain``; ``inputs`` are names with their units, ``words`` the formula as said."""

    name: str
    ruleset: str
    formula_text: str = ""
    words_zh: str = ""
    words_en: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    unit_text: str = ""
    direction: str = ""
    nature: str = ""
    remarks: tuple[Remark, ...] = ()
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)


@attrs.frozen(kw_only=True)
class Model:
    """Everything one file means, with the names and digests of the files it uses; ``waivers`` are those of the whole file."""

    objects: tuple[Object, ...]
    tests: tuple[Test, ...] = ()
    named: tuple[Named, ...] = ()
    definitions: tuple[Definition, ...] = ()
    uses: tuple[tuple[str, str], ...] = ()
    waivers: tuple[Waiver, ...] = ()


def indicators(rows: tuple[Row, ...]) -> tuple[Indicator, ...]:
    """All indicators below ``rows``, in order."""
    found: list[Indicator] = []
    for row in rows:
        if isinstance(row, Indicator):
            found.append(row)
        elif isinstance(row, Group):
            found.extend(indicators(row.children))
    return tuple(found)


def groups(rows: tuple[Row, ...]) -> tuple[Group, ...]:
    """All groups below ``rows``, in order."""
    found: list[Group] = []
    for row in rows:
        if isinstance(row, Group):
            found.extend((row, *groups(row.children)))
    return tuple(found)
