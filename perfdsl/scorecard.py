"""Scores of one object with the trace that explains each; what a report prints, and nothing else.

``score`` is None where the result is incomplete; ``low`` and ``high`` are then the lowest and highest it can become.
"""

from fractions import Fraction

import attrs

from perfdsl.comparison import Comparison

Path = tuple[str, ...]

MET, EXCEEDED, MISSED = "met", "exceeded", "missed"
MISSING, NOT_APPLICABLE, UNJUDGED = "missing", "not applicable", "unjudged"


@attrs.frozen(kw_only=True)
class IndicatorScore:
    """One indicator: what was aimed at, what was reached, what it got and why."""

    path: Path
    target: str
    actual: str
    status: str
    points: Fraction | None
    score: Fraction | None
    low: Fraction
    high: Fraction
    completion: Fraction | None = None
    case: str = ""
    case_number: int = 0
    rubric: str = ""
    reason_zh: str = ""
    reason_en: str = ""
    computed: Fraction | None = None
    override: Fraction | None = None
    explanation: str = ""
    evidence: str = ""
    line: int = 0
    bonus: bool = False
    limited: bool = False  # its rule awarded more or less than the row can have (E104)
    counted: bool = True  # False where another child of its 择一 group counts
    accepted: tuple[tuple[str, str], ...] = ()

    @property
    def lost(self) -> Fraction:
        """Points certainly lost."""
        if self.points is None or self.score is None or self.bonus or not self.counted:
            return Fraction(0)
        return max(Fraction(0), self.points - self.score)

    def reason(self, lang: str) -> str:
        """One sentence: how the score came about."""
        return self.reason_en if lang == "en" else self.reason_zh


@attrs.frozen(kw_only=True)
class GroupScore:
    """One group; ``points`` are those it counts with, ``applicable`` is False when nothing in it applied."""

    path: Path
    points: Fraction | None
    score: Fraction | None
    low: Fraction
    high: Fraction
    applicable: bool = True
    bonus: bool = False
    either: bool = False  # its best part counts
    factor: Fraction | None = (
        None  # what its parts were multiplied by (系数); None without one, or while it is not known
    )
    note_zh: str = ""
    note_en: str = ""
    accepted: tuple[tuple[str, str], ...] = ()


@attrs.frozen(kw_only=True)
class Standing:
    """Where an object stands among those scored together: the value of one comparison, None while it is open.

    ``word`` is the comparison as the rules have it, ``what`` its function; ``members`` take part with it, ``group`` is
    their class; ``outside`` when the object takes no part itself.
    """

    word: str
    what: str
    value: Fraction | None
    members: int = 0
    group: str = ""
    tied: bool = False
    outside: bool = False
    reason_zh: str = ""
    reason_en: str = ""

    def reason(self, lang: str) -> str:
        """One sentence: how it came about."""
        return self.reason_en if lang == "en" else self.reason_zh


@attrs.frozen(kw_only=True)
class AwardDecision:
    """One award: is it given, None while that is open, and what was looked at among the objects scored together."""

    name: str
    decided: bool | None
    reason_zh: str = ""
    reason_en: str = ""

    def reason(self, lang: str) -> str:
        """What the decision looked at."""
        return self.reason_en if lang == "en" else self.reason_zh


@attrs.frozen(kw_only=True)
class Scorecard:
    """One object scored for one period."""

    object: str
    kind: str
    period: str
    as_of: str
    complete: bool
    points: Fraction | None
    total: Fraction | None
    low: Fraction
    high: Fraction
    before_ceilings: Fraction | None = None  # the total before 封顶; None where it is the total
    grade: str = ""
    groups: tuple[GroupScore, ...] = ()
    indicators: tuple[IndicatorScore, ...] = ()
    notes_zh: tuple[str, ...] = ()
    notes_en: tuple[str, ...] = ()
    awards: tuple[AwardDecision, ...] = ()
    standings: tuple[Standing, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    empty: tuple[Path, ...] = ()
    order: tuple[Path, ...] = ()  # of all rows, as the rules list them
    rounding: int = 2
    ruleset_sha256: str = ""
    actuals_sha256: str = ""
    comparison: Comparison | None = None
