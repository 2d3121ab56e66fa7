"""What a comparison of two rules finds: plain data, every number exact and in base units."""

from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl.core import Value
from perfdsl.quantity import Unit

Path = tuple[str, ...]
SAME, OPEN, DIFFERS = "same", "open", "differs"
SCORE, MARK, UNDECIDED, OUTSIDE, UNASSESSED, TAKEN = "score", "mark", "undecided", "outside", "unassessed", "taken"
OTHER, PRESENT = "另外的词", "（有值）"  # among values: any word that no rule mentions; any value at all
BEST, WORST = "best", "worst"  # what the rows that an example does not name are given
NUMBER, WORD, NO_VALUE = "number", "word", "missing"


def worst(effects: list[str]) -> str:
    """The effect of several changes together: a proved difference outweighs what is not proved, that outweighs none."""
    return DIFFERS if DIFFERS in effects else OPEN if OPEN in effects else SAME


@attrs.frozen
class Edge:
    """One end of a stretch; ``at`` is None where there is no limit, ``closed`` when the end itself belongs to it."""

    at: Fraction | None
    closed: bool


@attrs.frozen(kw_only=True)
class Setting:
    """What another input is where the scores differ: ``value`` (OTHER, PRESENT), or any number between ``above`` and ``below``.

    ``ratio``: only the sign of ``value`` counts, and the actuals of the stretch are in multiples of its size.
    """

    name: str
    value: Value
    above: Fraction | None = None
    below: Fraction | None = None
    ratio: bool = False


@attrs.frozen(kw_only=True)
class Side:
    """What one of the rules gives on a stretch.

    ``kind``: a score (``low`` and ``high`` are what it tends to at the two ends), a mark inside limits the assessor decides
    in, undecided between limits, a value that is refused, not assessed in this period, or taken (a value the other refuses).  ``curve`` is the score before
    rounding as (a, b, c, d) of ``(a x + b) / (c x + d)``, x in the printed unit; ``case`` counts from 1.
    """

    kind: str
    low: Fraction | None = None
    high: Fraction | None = None
    curve: tuple[Fraction, Fraction, Fraction, Fraction] | None = None
    case: int = 0
    clause: str = ""
    line: int = 0


@attrs.frozen(kw_only=True)
class Stretch:
    """A maximal range of actuals, one word, or the missing value, for which the two rules give different scores.

    ``largest`` is the difference new minus old that is largest in size, found at the actual ``at``; None where a side has
    no score.  ``off_step``: of the range only what is no multiple of it.  ``partly``: inside, some scores are equal all the same once they are rounded.  ``given`` are the values of
    whatever else the rules look at, where it matters.
    """

    what: str
    low: Edge | None = None
    high: Edge | None = None
    word: str = ""
    period: str = ""
    given: tuple[Setting, ...] = ()
    before: Side
    after: Side
    largest: Fraction | None = None
    at: Fraction | None = None
    at_scores: tuple[Fraction, Fraction] | None = None
    partly: bool = False
    off_step: Fraction | None = None


class Card(NamedTuple):
    """What is printed of a scored object: the total or its limits, the grade, the awards."""

    score: Fraction | None
    low: Fraction
    high: Fraction
    grade: str
    awards: tuple[tuple[str, bool | None], ...]


@attrs.frozen(kw_only=True)
class Whole:
    """An object that the engine scores differently by the two rules: ``given`` as a table has it, all ``others`` at their best or worst."""

    period: str
    others: str
    given: tuple[tuple[str, str], ...]
    before: Card
    after: Card


@attrs.frozen(kw_only=True)
class Change:
    """One thing that is written otherwise: what it is, its words before and after, and what that does to results.

    ``example`` shows a difference that this change makes to a whole card; ``shares`` of the total, before and after, go with points.
    """

    what: str
    name: str = ""
    before: str = ""
    after: str = ""
    effect: str = SAME
    example: Whole | None = None
    shares: tuple[Fraction | None, Fraction | None] = (None, None)


@attrs.frozen(kw_only=True)
class Example:
    """Values of inputs for which the exact engine gave different scores; None is a score that stays open."""

    period: str
    given: tuple[tuple[str, Value], ...]
    before: Fraction | None
    after: Fraction | None


@attrs.frozen(kw_only=True)
class RowDifference:
    """One indicator in both rules: ``path`` in the new, ``was`` in the old one.

    ``effect`` is about the score of every actual: the same (proved), different (``stretches`` or ``doubts`` say where), or
    not proved because of ``doubts``.  ``through`` are changed rows it looks at.  ``variable`` names what the stretches are
    ranges of when that is not the row's own actual.
    """

    path: Path
    was: Path
    effect: str
    stretches: tuple[Stretch, ...] = ()
    doubts: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    through: tuple[Path, ...] = ()
    unit: Unit | None = None
    dated: bool = False
    variable: str = ""
    example: Example | None = None

    @property
    def renamed(self) -> bool:
        """Does it stand under another name or in another group?"""
        return self.path != self.was


@attrs.frozen(kw_only=True)
class ObjectDifference:
    """One object in both rules; ``changes`` are those of the object itself, its groups, funds, grades and conditions."""

    name: str
    was: str
    rows: tuple[RowDifference, ...] = ()
    added: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def effect(self) -> str:
        """Of everything together on scores, total, grade and awards; a row that came or went changes them."""
        moved = [DIFFERS] if self.added or self.removed else []
        return worst([*moved, *(row.effect for row in self.rows), *(change.effect for change in self.changes)])


@attrs.frozen(kw_only=True)
class Difference:
    """Two files of rules compared."""

    objects: tuple[ObjectDifference, ...]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def effect(self) -> str:
        """same: every result is the same for all actuals, proved."""
        moved = [DIFFERS] if self.added or self.removed else []
        return worst([*moved, *(thing.effect for thing in self.objects)])
