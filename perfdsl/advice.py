"""What is asked and what is advised: goals, costs, changes, and the advice about one object."""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

import attrs

# What can be changed.
VALUE, WORD, MARK, ENTRIES, INPUT, SPENT = "value", "word", "mark", "entries", "input", "spent"
# What comes of changing one thing alone.
REACHES, FALLS_SHORT, CEILING, OTHERS_MISSING, UNTRIED = (
    "reaches",
    "falls short",
    "ceiling",
    "others missing",
    "untried",
)
# What comes of the whole question.
REACHED, FOUND, IMPOSSIBLE, INCOMPLETE = "reached", "found", "impossible", "incomplete"
# Why something is not tried, or no cheapest set is given.
STRUCTURE, PLACES, CURVED, TANGLED, UNKNOWN_MOVES, FIXED = "structure", "places", "curved", "tangled", "moves", "fixed"
GIVEN, SHARES = "given", "shares"
TOO_LONG, NOT_REPLAYED = "too long", "not replayed"
COSTS = ("gap", "target", "count")


class Goal(NamedTuple):
    """A grade that is to be reached at least, or (with an empty ``grade``) a total."""

    grade: str = ""
    total: Fraction | None = None


@attrs.frozen
class Prices:
    """What a change costs: ``measure`` is gap, target or count; with ``rates`` only what has one may change, per printed unit.

    ``fixed`` may not be changed at all.  Names are those of the levers.
    """

    measure: str = "gap"
    rates: Mapping[str, Fraction] | None = None
    fixed: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class Change:
    """One change: from ``before`` to at least ``value`` as a table would have it, in the printed unit ``unit``.

    For a number ``bound`` is the exact limit in that unit, ``side`` says on which side of it to be (up or down; same: only the limit will do), and
    ``attained`` whether the limit itself will do.  ``moves`` lists entries to add (+) and to take away (-).
    ``score`` are the points of what it changes, ``after`` those it then has; ``cost`` is in the measure asked for.
    """

    kind: str
    key: str
    name: str
    before: str
    value: str
    unit: str = ""
    bound: Fraction | None = None
    bound_text: str = ""
    side: str = ""
    attained: bool = True
    moves: tuple[str, ...] = ()
    score: Fraction | None = None
    after: Fraction | None = None
    cost: Fraction = Fraction(0)


@attrs.frozen(kw_only=True)
class Single:
    """What changing one thing alone can do, from ``before``; ``highest`` is the highest total it can lead to."""

    kind: str
    key: str
    name: str
    status: str
    before: str = ""
    change: Change | None = None
    total: Fraction | None = None
    highest: Fraction | None = None
    why: str = ""


@attrs.frozen(kw_only=True)
class ChangeSet:
    """Changes that together reach the goal at the least ``cost``, replayed: the card they lead to."""

    changes: tuple[Change, ...]
    cost: Fraction
    total: Fraction
    grade: str


@attrs.frozen(kw_only=True)
class Advice:
    """The advice about one object.

    ``need`` is the least total that is enough, ``margin`` what may be lost of a total that is, ``highest`` the highest
    total all changes together lead to.  ``ceilings`` are (line, condition) that forbid the goal as things stand;
    ``lasting`` those of them no change lifts.  ``missing`` has no value yet; ``fill`` is the least these must reach while
    the rest stays; ``cheapest`` is None without ``why`` where no set was asked for.
    """

    object: str
    goal: Goal
    status: str
    period: str
    total: Fraction | None
    points: Fraction | None
    grade: str
    need: Fraction | None
    measure: str
    margin: Fraction | None = None
    highest: Fraction | None = None
    ceilings: tuple[tuple[int, str], ...] = ()
    lasting: tuple[tuple[int, str], ...] = ()
    missing: tuple[str, ...] = ()
    singles: tuple[Single, ...] = ()
    fill: ChangeSet | None = None
    cheapest: ChangeSet | None = None
    why: str = ""
    held: tuple[tuple[str, str], ...] = ()
