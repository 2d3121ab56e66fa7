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
    """As many percent of the points as the completion, or as the actual itself, which is a rate then."""

    subject: str = "completion"


@attrs.frozen(kw_only=True)
class Steps:
    """``each`` points for every ``step``, off ``start`` (``down``) or on top of it; ``limit``: at most so many in all.

    Counted from the target, of whose value a ``relative`` step is a share, or from ``origin`` (a value in the unit of the
    step) of the ``subject``; ``above`` says on which side of the origin the steps are.  ``partial`` is what a started step
    counts: exact, floor, ceil.  ``before``: points that were taken off before these steps begin.
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
    before: Fraction = Fraction(0)


@attrs.frozen
class Earning:
    """``each`` points for every ``step`` of the actual, at most the points; ``partial`` is what a started step counts."""

    each: Fraction
    step: Fraction
    unit: str
    partial: str


Award = Union[Amount, Minus, Between, Pro, Steps, Earning]


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


@attrs.frozen
class Earned:
    """Each thing done earns ``each`` points, at most the points of the row; ``what`` are the words of the sentence for it."""

    each: Fraction
    what: str = attrs.field(default="", eq=False)


Rule = Union[Branches, Checklist, Occurrences, Earned]


def needs_target(rule: Rule) -> bool:
    """Does the rule look at the target of its row?"""
    if not isinstance(rule, Branches):
        return False
    return any(
        isinstance(when, Met)
        or (isinstance(when, Interval) and when.subject == "completion")
        or (isinstance(award, Pro) and award.subject == "completion")
        or (isinstance(award, Steps) and award.origin is None)
        for when, award in rule.branches
    )
