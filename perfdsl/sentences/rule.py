"""A scoring rule as a sentence can say it: branches, deductions by step, checklists, occurrences.

The reader makes one of these from a sentence, the writer from a rubric; ``cases`` turns it into the rubric of a file.
"""

from fractions import Fraction
from typing import Union

import attrs

EXACT, FLOOR, CEIL = "exact", "floor", "ceil"
PARTIALS = (FLOOR, CEIL, EXACT)


@attrs.frozen
class Amount:
    """So many points, or (``share``) so many percent of the points."""

    value: Fraction
    share: bool = False


FULL, NIL = Amount(Fraction(100), True), Amount(Fraction(0))


@attrs.frozen
class Minus:
    """The full points less an amount."""

    amount: Amount


@attrs.frozen
class Between:
    """The assessor decides between two limits."""

    low: Amount | Minus
    high: Amount | Minus


@attrs.frozen
class Pro:
    """As many percent of the points as the completion."""


@attrs.frozen(kw_only=True)
class Steps:
    """``each`` points for every ``step``, off ``start`` (``down``) or on top of it; ``limit``: at most so many in all.

    Counted from the target, of whose value a ``relative`` step is a share, or from ``origin`` (a value in the unit of the
    step) of the ``subject``; ``above`` says on which side of the origin the steps are.  ``partial`` is what a started step
    counts: exact, floor, ceil.
    """

    each: Fraction
    step: Fraction
    unit: str
    partial: str
    down: bool = True
    relative: bool = False
    origin: Fraction | None = None
    subject: str = "actual"
    above: bool = False
    start: Amount = FULL
    limit: Fraction | None = None


Award = Union[Amount, Minus, Between, Pro, Steps]


@attrs.frozen
class Edge:
    """One end of an interval."""

    value: Fraction
    unit: str
    closed: bool


@attrs.frozen
class Interval:
    """``subject`` (actual or completion) between two edges, of which one may be absent."""

    low: Edge | None
    high: Edge | None
    subject: str = "actual"


@attrs.frozen
class Met:
    """The target is reached."""


@attrs.frozen
class Word:
    """The actual is this word."""

    text: str


@attrs.frozen
class Otherwise:
    """Everything else."""


When = Union[Interval, Met, Word, Otherwise]


@attrs.frozen
class Branches:
    """The first condition that holds decides."""

    branches: tuple[tuple[When, Award], ...]


@attrs.frozen
class Checklist:
    """Each point that is met counts once."""

    items: tuple[tuple[str, Fraction], ...]


@attrs.frozen
class Occurrences:
    """Each occurrence costs ``each`` points, whatever is written of it; ``what`` are the words of the sentence for it."""

    each: Fraction
    what: str = attrs.field(default="", eq=False)


Rule = Union[Branches, Checklist, Occurrences]
