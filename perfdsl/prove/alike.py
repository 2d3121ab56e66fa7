"""Problems that differ only in the size of the target: decided together, so that a large repository costs little.

Every shortcut is sound by itself, without trust in the form of a rubric: it says why one answer holds for the other.
"""

from fractions import Fraction

import attrs

from perfdsl.bounds import substitute_constants
from perfdsl.core import (
    ONE,
    ZERO,
    Add,
    Case,
    Compare,
    Const,
    Div,
    Expr,
    If,
    Judge,
    Max,
    Missing,
    Mul,
    Ref,
    Scoring,
    children,
)
from perfdsl.model import Indicator, TargetUse
from perfdsl.target import Bound

ACTUAL = Ref("actual")
BY_RATIO = frozenset({"met", "completion"})
BY_GAP = frozenset({"met", "gap"})


def words_of(scoring: Scoring) -> frozenset[str]:
    """The names a rubric looks at; asking whether something is missing is not looking at it."""
    found: set[str] = set()
    for case in scoring.cases:
        for part in _parts(case):
            _collect(part, found)
    return frozenset(found)


def any_size(row: Indicator, use: TargetUse | None, words: frozenset[str]) -> Judge | None:
    """The judgement for the target 1, where the answer for it is the answer for every target above zero.

    A rubric that looks only at ``met`` and ``completion`` does not change when target and actual are measured in another
    unit.  One that looks only at ``met`` and ``gap`` sees, with ``actual <= limit``, 0 (met) and all gaps above 0.
    """
    limit = _limit(row, use)
    if use is None or limit is None:
        return None
    if words <= BY_RATIO:
        judge, one = use.judge, {Const(limit): ONE}
        parts = (judge.target, judge.met, judge.completion, judge.gap, judge.excess)
        return Judge(*(substitute_constants(part, one) for part in parts))
    if words <= BY_GAP and _alike(use.judge, at_most(limit)):
        return at_most(Fraction(1))
    return None


def gap_limit(row: Indicator, use: TargetUse | None, words: frozenset[str]) -> Fraction | None:
    """The limit of ``actual >= limit``, where the rubric looks only at ``met`` and ``gap``.

    It sees 0 (met) and all gaps from above 0 to ``limit``: what is proved of two limits, the cases that are reached
    included, is proved of every limit between.
    """
    limit = _limit(row, use)
    if use is None or limit is None or not words <= BY_GAP or not _alike(use.judge, at_least(limit)):
        return None
    return limit


def at_least(limit: Fraction) -> Judge:
    """How ``actual >= limit`` judges, for a limit above zero."""
    goal = Const(limit)
    return Judge(goal, Compare(">=", ACTUAL, goal), Div(ACTUAL, goal), _over(goal, ACTUAL), _over(ACTUAL, goal))


def at_most(limit: Fraction) -> Judge:
    """How ``actual <= limit`` judges, for a limit above zero."""
    goal = Const(limit)
    met = Compare("<=", ACTUAL, goal)
    return Judge(goal, met, If(met, ONE, Div(goal, ACTUAL)), _over(ACTUAL, goal), _over(goal, ACTUAL))


def bracket(limit: Fraction) -> tuple[Fraction, Fraction]:
    """Powers of ten around a limit."""
    low = Fraction(1)
    while low > limit:
        low /= 10
    while low * 10 <= limit:
        low *= 10
    return low, low * 10


def _parts(case: Case) -> list[Expr]:
    return [part for part in (case.when, case.award, case.high) if part is not None]


def _collect(expr: Expr, found: set[str]) -> None:
    if isinstance(expr, Ref):
        found.add(expr.name)
    elif not isinstance(expr, Missing):
        for child in children(expr):
            _collect(child, found)


def _limit(row: Indicator, use: TargetUse | None) -> Fraction | None:
    """The limit above zero of a target, where the actual may be any number from zero up and nothing else."""
    meaning, domain = use.target.meaning if use is not None else None, row.domain
    anything = domain.low == 0 and domain.high is None and not domain.whole and not row.words
    limit = meaning.quantity.base if isinstance(meaning, Bound) else None
    return limit if anything and limit is not None and limit > 0 else None


def _alike(judge: Judge, other: Judge) -> bool:
    return attrs.evolve(judge, excess=other.excess) == other


def _over(left: Expr, right: Expr) -> Expr:
    return Max((ZERO, Add((left, Mul((Const(Fraction(-1)), right))))))
