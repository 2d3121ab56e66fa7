"""The core calculus, and the plan: everything a score depends on, as named expressions.

The exact engine interprets it, the prover analyses it, another engine can be written from it: nothing else is needed.
Values are exact rationals, booleans, words, or ``None`` for what is missing or cannot be judged; amounts are in base
units (元, 秒, 天 as ordinal for dates …) and a percent is its fraction (90% is 9/10).
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Union

import attrs

Value = Union[Fraction, bool, str, None]


def _with_kind(value: Value) -> tuple[bool, Value]:
    """True is not the number 1 here."""
    return isinstance(value, bool), value


@attrs.frozen
class Const:
    """A value that does not change; ``None`` is "undefined"."""

    value: Value = attrs.field(eq=_with_kind)


@attrs.frozen
class Ref:
    """An input of the calculation.

    Of the indicator itself: ``actual prior mark`` (given), ``met completion gap excess target`` (defined by the period's
    judgement).  Of others: ``value:PATH score:PATH lost:PATH met:PATH applies:PATH``, ``input:NAME``, ``spent:LINE``,
    ``plan:LINE``, ``schedule``; of the objects scored together, the comparisons of the plan by their names:
    ``rank:… rank_share:… best:… worst:… size:…``.
    """

    name: str


@attrs.frozen
class Add:
    """Sum of the arguments."""

    args: tuple["Expr", ...]


@attrs.frozen
class Mul:
    """Product of the arguments."""

    args: tuple["Expr", ...]


@attrs.frozen
class Div:
    """``left / right``; the compiler has shown that ``right`` is not zero, a zero all the same gives ``None``."""

    left: "Expr"
    right: "Expr"


@attrs.frozen
class Min:
    """The least argument."""

    args: tuple["Expr", ...]


@attrs.frozen
class Max:
    """The greatest argument."""

    args: tuple["Expr", ...]


@attrs.frozen
class Compare:
    """``left op right`` with op one of ``= != < > <= >=``; words only know ``=`` and ``!=``."""

    op: str
    left: "Expr"
    right: "Expr"


@attrs.frozen
class And:
    """True when all are; false as soon as one is false, whatever is missing."""

    args: tuple["Expr", ...]


@attrs.frozen
class Or:
    """True as soon as one is true, whatever is missing."""

    args: tuple["Expr", ...]


@attrs.frozen
class Not:
    """The opposite; missing stays missing."""

    arg: "Expr"


@attrs.frozen
class If:
    """``then`` or ``other`` by ``test``; a missing test gives ``None``."""

    test: "Expr"
    then: "Expr"
    other: "Expr"


@attrs.frozen
class Missing:
    """Is the argument missing?  The only node that turns ``None`` into a value."""

    arg: "Expr"


@attrs.frozen
class Round:
    """Rounded to ``places`` decimals, ties away from zero."""

    arg: "Expr"
    places: int


@attrs.frozen
class Floor:
    """The greatest whole number not above the argument."""

    arg: "Expr"


Expr = Union[Const, Ref, Add, Mul, Div, Min, Max, Compare, And, Or, Not, If, Missing, Round, Floor]

TRUE, FALSE, UNDEFINED = Const(True), Const(False), Const(None)
ZERO, ONE = Const(Fraction(0)), Const(Fraction(1))


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside ``expr``."""
    match expr:
        case Add(args) | Mul(args) | Min(args) | Max(args) | And(args) | Or(args):
            return args
        case Div(left, right) | Compare(_, left, right):
            return (left, right)
        case If(test, then, other):
            return (test, then, other)
        case Not(arg) | Missing(arg) | Round(arg, _) | Floor(arg):
            return (arg,)
    return ()


def rebuilt(expr: Expr, leaf: Callable[[Const | Ref], Expr]) -> Expr:
    """``expr`` with ``leaf`` of every constant and name in its place."""
    match expr:
        case Const() | Ref():
            return leaf(expr)
        case Add(args) | Mul(args) | Min(args) | Max(args) | And(args) | Or(args):
            return type(expr)(tuple([rebuilt(arg, leaf) for arg in args]))
        case Div(left, right):
            return Div(rebuilt(left, leaf), rebuilt(right, leaf))
        case Compare(op, left, right):
            return Compare(op, rebuilt(left, leaf), rebuilt(right, leaf))
        case If(test, then, other):
            return If(rebuilt(test, leaf), rebuilt(then, leaf), rebuilt(other, leaf))
        case Round(arg, places):
            return Round(rebuilt(arg, leaf), places)
        case Not(arg) | Missing(arg) | Floor(arg):
            return type(expr)(rebuilt(arg, leaf))


def references(expr: Expr) -> set[str]:
    """The names of all inputs ``expr`` looks at."""
    found: set[str] = set()
    stack = [expr]
    while stack:
        top = stack.pop()
        if isinstance(top, Ref):
            found.add(top.name)
        else:
            stack.extend(children(top))
    return found


def is_large(expr: Expr, most_nodes: int, most_levels: int) -> bool:
    """Has ``expr``, written out, more nodes or levels than that?  Looks at no more of it than it must."""
    level, nodes = [expr], 0
    for _ in range(most_levels):
        nodes += len(level)
        if not level or nodes > most_nodes:
            break
        level = [child for each in level for child in children(each)]
    return nodes > most_nodes or bool(level)


# ---- scoring an indicator


@attrs.frozen
class Case:
    """One case of a rubric: its condition, its award in points, ``high`` for a range the assessor decides in.

    ``text`` is the condition in words for the trace ("≥ 90%", "met", "otherwise"), ``award_text`` the award likewise;
    ``missing`` marks the case that decides a missing value.
    """

    when: Expr
    award: Expr
    high: Expr | None
    text: str
    award_text: str
    line: int
    missing: bool = False


@attrs.frozen
class Entries:
    """How several rows become one score: ``how`` is check, sum, best, mean or trimmed mean.

    ``per`` groups rows by a column; ``base`` is added to a sum; ``over`` is the number of rows above which the highest
    and the lowest are left out.
    """

    how: str
    per: str = ""
    base: Fraction = Fraction(0)
    over: int = 0
    words: tuple[str, ...] = ()


@attrs.frozen
class Gather:
    """How the actuals of several units become one: ``how`` is sum, mean or weighted (by ``column``).

    ``shares`` are the words of a scale with what they are worth; where there are any, the actual is their share.
    """

    how: str
    column: str = ""
    shares: tuple[tuple[str, Fraction], ...] = ()


@attrs.frozen
class Factor:
    """What the sum of a group is multiplied by, as written, and between which limits it stays (None: no upper one)."""

    value: Expr
    text: str
    low: Fraction
    high: Fraction | None


@attrs.frozen
class Scoring:
    """A rubric as applied to one indicator: ``low`` and ``high`` limit the award."""

    name: str
    cases: tuple[Case, ...]
    low: Fraction
    high: Fraction
    entries: Entries | None = None


COHORT_KINDS = frozenset({"rank", "rank_share", "best", "worst", "size"})


@attrs.frozen(kw_only=True)
class Comparison:
    """What is compared among the objects scored together: ``name`` is ``WHAT:TEXT``, as a ``Ref`` has it.

    ``of`` names it (``value:PATH score:PATH lost:PATH input:NAME``, ``total:`` for the total after ceilings; empty: the
    objects themselves are counted), ``within`` the input whose word must be the same; ``order`` is high or low, which
    comes first; ``ties`` is skip (1 2 2 4), dense (1 2 2 3) or last (1 3 3 4).
    """

    name: str
    of: str = ""
    within: str = ""
    order: str = "high"
    ties: str = "skip"

    @property
    def what(self) -> str:
        """rank, rank_share, best, worst or size."""
        return self.name.partition(":")[0]

    @property
    def word(self) -> str:
        """As a formula has it: ``rank(总分, 类别)``."""
        what, _, text = self.name.partition(":")
        return f"{what}({text})"


def comparisons_in(expr: Expr) -> list[str]:
    """The names of the comparisons ``expr`` looks at, in order."""
    return sorted(name for name in references(expr) if name.partition(":")[0] in COHORT_KINDS)


@attrs.frozen
class Judge:
    """How a period's target judges an actual, in terms of ``Ref("actual")``, ``Ref("prior")`` and ``Ref("schedule")``.

    ``target`` is its value in base units where it has one; each expression may give ``None``: unjudged.
    """

    target: Expr
    met: Expr
    completion: Expr
    gap: Expr
    excess: Expr


@attrs.frozen
class Domain:
    """The values an actual may take, in base units; ``whole``: whole multiples of the printed unit ``step``."""

    low: Fraction | None
    high: Fraction | None
    whole: bool = False
    step: Fraction = Fraction(1)

    def holds(self, value: Fraction) -> bool:
        """Is ``value`` inside?"""
        if (self.low is not None and value < self.low) or (self.high is not None and value > self.high):
            return False
        return not self.whole or (value / self.step).denominator == 1
