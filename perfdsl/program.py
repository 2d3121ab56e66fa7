"""A plan for one period as whole-number arithmetic over columns: what every batch engine runs (docs/batch.md).

A column holds numbers as whole multiples of ``1/per``, words, nothing, or "does not apply" (its *state* in each row).  Every
expression is a whole number or true or false, never missing: what is missing is asked for by its state.  Steps define
columns that later steps use: ``low:PATH`` and ``high:PATH`` of a row, of a group, or of everything (``low:``), in whole
``1/units`` of a point, and the flags ``open:PATH`` (there is no score yet, it will be between the two; else both are the
score) and ``applies:PATH``.
"""

from collections.abc import Iterable, Iterator
from typing import Union

import attrs

NUMBER, WORD, MISSING, ABSENT = "number", "word", "missing", "absent"
STATES = (MISSING, NUMBER, WORD, ABSENT)


@attrs.frozen(cache_hash=True)
class Whole:
    """A whole number."""

    value: int


@attrs.frozen(cache_hash=True)
class Cell:
    """The number in a column, or of an earlier step; 0 where the column has none."""

    name: str


@attrs.frozen(cache_hash=True)
class Plus:
    """The sum of the arguments."""

    args: tuple["Int", ...]


@attrs.frozen(cache_hash=True)
class Times:
    """The product of the arguments."""

    args: tuple["Int", ...]


@attrs.frozen(cache_hash=True)
class Quotient:
    """``top / bottom`` rounded down; ``bottom`` is above zero in every row."""

    top: "Int"
    bottom: "Int"


@attrs.frozen(cache_hash=True)
class Pick:
    """``then`` where the test holds, else ``other``."""

    test: "Truth"
    then: "Int"
    other: "Int"


@attrs.frozen(cache_hash=True)
class Least:
    """The least argument."""

    args: tuple["Int", ...]


@attrs.frozen(cache_hash=True)
class Greatest:
    """The greatest argument."""

    args: tuple["Int", ...]


Int = Union[Whole, Cell, Plus, Times, Quotient, Pick, Least, Greatest]


@attrs.frozen(cache_hash=True)
class Settled:
    """Always true, or never."""

    holds: bool


@attrs.frozen(cache_hash=True)
class State:
    """Is the column in this state here?"""

    column: str
    state: str


@attrs.frozen(cache_hash=True)
class Said:
    """Is the column this word here?"""

    column: str
    word: str


@attrs.frozen(cache_hash=True)
class Flag:
    """The truth an earlier step defined."""

    name: str


@attrs.frozen(cache_hash=True)
class Order:
    """``left op right`` with op one of ``< <= =``."""

    op: str
    left: Int
    right: Int


@attrs.frozen(cache_hash=True)
class Every:
    """All hold."""

    args: tuple["Truth", ...]


@attrs.frozen(cache_hash=True)
class Some:
    """One holds."""

    args: tuple["Truth", ...]


@attrs.frozen(cache_hash=True)
class Opposite:
    """It does not hold."""

    arg: "Truth"


Truth = Union[Settled, State, Said, Flag, Order, Every, Some, Opposite]
YES, NO = Settled(True), Settled(False)


@attrs.frozen(kw_only=True)
class Column:
    """What a column may hold: ``low`` to ``high`` in units of ``1/per``, its states, the words the rules know."""

    name: str
    per: int = 1
    low: int = 0
    high: int = 0
    states: frozenset[str] = frozenset({NUMBER, MISSING})
    words: tuple[str, ...] = ()


@attrs.frozen
class Arm:
    """One way a row is decided: the case (0: none), and its score, or while ``open`` between what it will be."""

    test: Truth
    case: int
    low: Int
    high: Int
    open: bool


@attrs.frozen
class Row:
    """An indicator: the first arm whose test holds decides; the last one always holds.  ``status`` likewise.

    ``applies`` fails where the row does not apply; ``review`` is where the reviewer's score counts, and what it is.
    """

    path: str
    arms: tuple[Arm, ...]
    status: tuple[tuple[Truth, str], ...]
    applies: Truth
    review: tuple[Truth, Int] | None = None


@attrs.frozen
class Sum:
    """A group, or everything for the empty path: its limits, whether it is open, and whether anything in it applies."""

    path: str
    low: Int
    high: Int
    open: Truth
    applies: Truth


@attrs.frozen
class Decided:
    """An award: given, not given, or else open."""

    name: str
    yes: Truth
    no: Truth


@attrs.frozen(kw_only=True)
class Program:
    """All steps in their order.  ``units`` are those of a point; ``apart`` the rows another engine must score first.

    The results of those come in as columns ``low:PATH``, ``high:PATH`` and ``open:PATH`` (1 or 0), ``status:PATH`` and
    ``case:PATH``.  ``total`` are the limits after ceilings; ``grade`` is 0 for none, else the number of a name of ``grades``.
    """

    units: int
    places: int
    columns: tuple[Column, ...]
    steps: tuple[Row | Sum, ...]
    apart: tuple[str, ...] = ()
    total: Sum
    complete: Truth
    grade: Int
    grades: tuple[str, ...] = ()
    awards: tuple[Decided, ...] = ()


def mentions(program: Program) -> dict[str, set[str]]:
    """The columns and earlier results each step looks at, by its path; ``above`` all steps: by ``""``."""
    found: dict[str, set[str]] = {}
    above: list[Int | Truth] = [program.complete, program.grade]
    above += [x for award in program.awards for x in (award.yes, award.no)]
    for step in (*program.steps, program.total):
        if isinstance(step, Row):
            asked: list[Int | Truth] = [x for arm in step.arms for x in (arm.test, arm.low, arm.high)]
            asked += [step.applies, *(test for test, _ in step.status), *(step.review or ())]
        else:
            asked = [step.low, step.high, step.open, step.applies]
        found.setdefault(step.path, set()).update(names(asked))
    found.setdefault("", set()).update(names(above))
    return found


def names(exprs: Iterable[Int | Truth]) -> set[str]:
    """The columns and results that expressions look at."""
    return {
        x.column if isinstance(x, State | Said) else x.name
        for x in everything(exprs)
        if isinstance(x, Cell | Flag | State | Said)
    }


def everything(exprs: Iterable[Int | Truth]) -> Iterator[Int | Truth]:
    """The expressions and all that stands inside them, each once."""
    seen: set[Int | Truth] = set()
    stack = list(exprs)
    while stack:
        top = stack.pop()
        if top not in seen:
            seen.add(top)
            yield top
            stack.extend(parts(top))


def parts(expr: Int | Truth) -> tuple[Int | Truth, ...]:
    """The expressions directly inside."""
    match expr:
        case Plus(args) | Times(args) | Least(args) | Greatest(args):
            return args
        case Every(args) | Some(args):
            return args
        case Quotient(top, bottom):
            return (top, bottom)
        case Order(_, left, right):
            return (left, right)
        case Pick(test, then, other):
            return (test, then, other)
        case Opposite(arg):
            return (arg,)
    return ()
