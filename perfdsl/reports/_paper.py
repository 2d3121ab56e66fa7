"""A report as it stands on paper: every cell in words, in the language of the report, the same for HTML and Markdown."""

from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl.reports._rolls import Roll
from perfdsl.reports._selection import Waiver
from perfdsl.scorecard import Path


class Fact(NamedTuple):
    """A label and what stands behind it."""

    label: str
    text: str


class Mark(NamedTuple):
    """A status: its sign, its word, and its tone; never the tone alone."""

    sign: str
    word: str
    tone: str


class Bar(NamedTuple):
    """A bar: the share that is certain, the share that is possible (both of 1), and what it says."""

    sure: Fraction
    possible: Fraction
    label: str


@attrs.frozen(kw_only=True)
class Row:
    """One indicator; ``number`` counts from 1 in the order of the rules."""

    number: int
    path: Path
    target: str
    actual: str
    mark: Mark
    points: str
    score: str
    lost: str
    reason: str
    facts: tuple[Fact, ...]
    bar: Bar
    explanation: str
    is_open: bool

    @property
    def name(self) -> str:
        return self.path[-1]


@attrs.frozen(kw_only=True)
class Group:
    """One group; ``level`` counts from 1."""

    path: Path
    level: int
    points: str
    score: str
    lost: str
    share: str
    note: str
    bonus: bool
    bar: Bar | None

    @property
    def name(self) -> str:
        return self.path[-1]


class Head(NamedTuple):
    """A group cell of the table: name, points and score, and how many lines it runs over."""

    name: str
    got: str
    level: int
    lines: int


class Line(NamedTuple):
    """A line of the table; without a row it is an empty group.

    ``first`` begins a group of the highest level, ``joined`` stands in one small group with the next line.
    """

    heads: tuple[Head, ...]
    name: str
    wide: int
    row: Row | None
    first: bool
    joined: bool


class Finding(NamedTuple):
    """What the check or the engine said."""

    severity: str
    code: str
    message: str
    help: str
    place: str


class Swing(NamedTuple):
    """A bar to one side of a line: where the line is, where the bar begins, how long it is (of 1), and what it says."""

    zero: Fraction
    start: Fraction
    length: Fraction
    gain: bool
    label: str


@attrs.frozen(kw_only=True)
class Move:
    """One part of a difference: its amount, what it is about, its own scores, what a reader sees, why."""

    amount: str
    name: str
    own: str
    facts: tuple[str, ...]
    causes: tuple[Fact, ...]
    swing: Swing


@attrs.frozen(kw_only=True)
class Against:
    """What the object is compared with; ``difference`` is empty where nothing has points."""

    heading: str
    summary: str
    closing: str
    difference: str
    moves: tuple[Move, ...]


@attrs.frozen(kw_only=True)
class Object:
    """One object, ready to be set; ``longest`` are the cells of the longest name of each level."""

    name: str
    subtitle: tuple[str, ...]
    facts: tuple[Fact, ...]
    scored: bool
    complete: bool
    total: str
    points: str
    grade: str
    met: str
    bar: Bar | None
    sentences: tuple[str, ...]
    groups: tuple[Group, ...]
    lost: tuple[Row, ...]
    lost_sum: str
    against: Against | None
    missed: tuple[Row, ...]
    explain: tuple[Row, ...]
    reviewed: tuple[Row, ...]
    left_out: tuple[Row, ...]
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    levels: tuple[str, ...]
    longest: tuple[int, ...]
    notes: tuple[str, ...]
    awards: tuple[Fact, ...]
    provenance: tuple[Fact, ...]

    @property
    def difference(self) -> str:
        """By how much the total differs from that it is compared with; empty where it is not."""
        return self.against.difference if self.against is not None else ""


@attrs.frozen(kw_only=True)
class Paper:
    """The whole report."""

    lang: str
    title: str
    heading: str
    objects: tuple[Object, ...]
    places: tuple[Roll, ...]
    awards: tuple[Roll, ...]
    findings: tuple[Finding, ...]
    waivers: tuple[Waiver, ...]
