"""The pieces a sentence is made of: conditions, awards, steps, limits.

Each knows where it stands in the folded text; ``take_apart`` finds them.
"""

from fractions import Fraction

import attrs

from perfdsl.sentences.fold import Value
from perfdsl.sentences.rule import Amount, Between, Minus


@attrs.frozen(kw_only=True)
class Atom:
    """A piece and where it stands in the folded text."""

    start: int = 0
    end: int = 0


@attrs.frozen(kw_only=True)
class Limit:
    """One end of a condition; ``closed`` None where the words leave it to the other band (90%以上, which is ``worded``, and 80%-90%)."""

    value: Value
    closed: bool | None
    worded: bool = False


@attrs.frozen(kw_only=True)
class Condition(Atom):
    """``subject`` within limits; ``subject`` is as written, empty where left out; ``joined``: 且 stands before it; ``bare``: 100% without a sign."""

    subject: str = ""
    low: Limit | None = None
    high: Limit | None = None
    joined: bool = False
    bare: bool = False


@attrs.frozen(kw_only=True)
class Reached(Atom):
    """达到指标值, 按时完成, 符合; ``timely`` where the words speak of time, ``aimed`` where they name the target."""

    yes: bool
    timely: bool = False
    rest: bool = False
    side: str = ""
    loose: str = ""
    aimed: bool = False


@attrs.frozen(kw_only=True)
class Phrase(Atom):
    """A thing that is so or not, in print as ``text``."""

    text: str


@attrs.frozen(kw_only=True)
class Level(Atom):
    """A word of a scale."""

    word: str


@attrs.frozen(kw_only=True)
class Gets(Atom):
    """An award; ``said`` are the full marks when their number is named."""

    award: Amount | Minus | Between
    said: Fraction | None = None
    free: bool = False
    deducts: bool = False


@attrs.frozen(kw_only=True)
class Ratio(Atom):
    """Points in proportion; ``way`` is up (actual/target), down (target/actual), both, loss, or unsaid."""

    way: str
    subject: str = ""
    said: Fraction | None = None


@attrs.frozen(kw_only=True)
class Step(Atom):
    """每…扣…分: ``side`` is below, above, late or event; ``of`` what the step is measured by; ``what`` is counted.

    ``percent``: ``each`` is percent of the points; ``reach`` is part or whole where the words say which part of the gap counts.
    """

    side: str
    of: str
    value: Value
    each: Fraction
    down: bool
    what: str = ""
    who: str = ""
    share: bool = False
    percent: bool = False
    reach: str = ""


@attrs.frozen(kw_only=True)
class Cap(Atom):
    """``kind`` is floor (扣完为止), down (最多扣), least (最低得), up (最多加), full (最高不超过分值)."""

    kind: str
    amount: Fraction | None = None


@attrs.frozen(kw_only=True)
class Started(Atom):
    """What a started step counts."""

    partial: str
    value: Value | None = None


@attrs.frozen(kw_only=True)
class FullMarks(Atom):
    """本项满分10分."""

    points: Fraction


@attrs.frozen(kw_only=True)
class Standard(Atom):
    """以100%为标准."""

    value: Value


@attrs.frozen(kw_only=True)
class Inclusive(Atom):
    """以上含本数，以下不含本数."""


@attrs.frozen(kw_only=True)
class Refused(Atom):
    """Words that are understood and still are no rule of one row; ``code`` says why."""

    code: str


@attrs.frozen(kw_only=True)
class Strange(Atom):
    """Words that were not understood."""
