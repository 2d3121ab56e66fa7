"""A sheet to fill: its rows, what may be typed where, and the digest of the rules it was made for.  Data only."""

from fractions import Fraction

import attrs

from perfdsl.actuals import FIELDS

MOST_SHARE = 1000  # percent, where the rules give no limits
FIRST_YEAR, LAST_YEAR = 2000, 2099  # of a date


@attrs.frozen
class Number:
    """A number in ``unit`` between two limits of the same unit; ``whole`` numbers only; a percent is 95 for 95%."""

    unit: str = ""
    percent: bool = False
    low: Fraction | None = None
    high: Fraction | None = None
    whole: bool = False


@attrs.frozen
class Day:
    """A date."""


@attrs.frozen
class Words:
    """One of ``words``; where the list is not ``closed`` others may be typed."""

    words: tuple[str, ...]
    closed: bool


@attrs.frozen
class Anything:
    """A text as it is typed."""


Ask = Number | Day | Words | Anything


@attrs.frozen(kw_only=True)
class BlankRow:
    """One row.  ``name`` is what it is read back by, ``sort`` one of indicator, entry, unit, input, money.

    ``asks`` are the columns in which something is to be typed (fields of ``actuals.Row``, or the heading of a column the
    rules look at); ``fixed_item`` is an 事项 printed beforehand, ``goal`` the percent the target names.
    """

    object: str
    sort: str
    groups: tuple[str, ...]
    name: str
    target: str = ""
    unit: str = ""
    points: Fraction | None = None
    scoring: str = ""
    asks: tuple[tuple[str, Ask], ...] = ()
    fixed_item: str = ""
    goal: Fraction | None = None

    def ask(self, column: str) -> Ask | None:
        """What may be typed in a column; None: nothing."""
        return dict(self.asks).get(column)


@attrs.frozen(kw_only=True)
class Blank:
    """The sheet to fill.  ``object`` is empty where it is about several; ``renamed`` says that its name may be typed.

    ``columns`` are those of ``asks`` that occur, in the order of the sheet.
    """

    object: str
    renamed: bool
    year: int | None
    period: str
    digest: str
    rows: tuple[BlankRow, ...]

    @property
    def depth(self) -> int:
        """How many columns the groups take."""
        return max((len(row.groups) for row in self.rows), default=0)

    @property
    def columns(self) -> tuple[str, ...]:
        used = dict.fromkeys(("value", *(column for row in self.rows for column, _ in row.asks)))
        used |= {"item": None} if any(row.fixed_item for row in self.rows) else {}
        known = [field for field in FIELDS if field in used]
        at = known.index("explanation") if "explanation" in known else len(known)
        return (*known[:at], *(column for column in used if column not in FIELDS), *known[at:])
