"""Problems that differ only in the size of the target, decided together: a large repository has thousands of targets.

An answer is shared only where judgement, domain and rubric have been seen to be of a form for which it must be the same.
"""

from fractions import Fraction
from typing import NamedTuple

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
from perfdsl.model import Indicator

ACTUAL, MINUS = Ref("actual"), Const(Fraction(-1))
BY_RATIO = frozenset({"met", "completion"})
BY_GAP = frozenset({"met", "gap"})
UNIT = Fraction(1)


class Form(NamedTuple):
    """A plain limit: ``actual op limit``."""

    op: str
    limit: Fraction


def stand_ins(row: Indicator, judge: Judge, words: frozenset[str]) -> tuple[Form, ...]:
    """Forms such that what is proved of all of them is proved of ``judge``; none when it stands for itself.

    ``words`` are the names the rubric looks at.  Where these are ``met`` and ``completion``, nothing changes when target
    and actual are measured in another unit, so one limit is as good as another.  Where they are ``met`` and ``gap``, an
    actual at most the limit shows 0 (met) or any gap above 0, whatever the limit; an actual at least the limit shows 0
    (met) or any gap up to the limit, so that a proof for a larger limit covers all these, and one for a smaller limit
    shows that the cases it reaches are reached.
    """
    found = form(judge) if _anything(row) else None
    if found is None or not (words <= BY_RATIO or words <= BY_GAP):
        return ()
    if words <= BY_RATIO or found.op == "<=":
        return (Form(found.op, UNIT),)
    low = _power_of_ten(found.limit)
    return Form(found.op, low), Form(found.op, low * 10)


def form(judge: Judge) -> Form | None:
    """What a judgement does, if it is that of a plain limit above zero."""
    match judge:
        case Judge(
            Const(Fraction() as a),
            Compare(">=" as op, Ref("actual"), Const(b)),
            Div(Ref("actual"), Const(c)),
            Max((Const(zero), Add((Const(d), Mul((Const(minus), Ref("actual"))))))),
        ) if a == b == c == d and a > zero == 0 and minus == -1:  # type: ignore[operator]
            return Form(op, a)
        case Judge(
            Const(Fraction() as a),
            Compare("<=" as op, Ref("actual"), Const(b)),
            If(Compare("<=", Ref("actual"), Const(c)), Const(one), Div(Const(d), Ref("actual"))),
            Max((Const(zero), Add((Ref("actual"), Mul((Const(minus), Const(e))))))),
        ) if a == b == c == d == e and one == 1 and a > zero == 0 and minus == -1:  # type: ignore[operator]
            return Form(op, a)
    return None


def judge_of(found: Form) -> Judge:
    """The judgement of a form."""
    limit = Const(found.limit)
    over, under = _above_zero(ACTUAL, limit), _above_zero(limit, ACTUAL)
    met = Compare(found.op, ACTUAL, limit)
    if found.op == ">=":
        return Judge(limit, met, Div(ACTUAL, limit), under, over)
    return Judge(limit, met, If(met, ONE, Div(limit, ACTUAL)), over, under)


def words_of(scoring: Scoring) -> frozenset[str]:
    """The names a rubric looks at; to ask whether something is missing is not to look at it."""
    found: set[str] = set()
    for case in scoring.cases:
        for part in _parts(case):
            _collect(part, found)
    return frozenset(found)


def _anything(row: Indicator) -> bool:
    """May the actual be any number from zero up, and nothing else?"""
    domain = row.domain
    return domain.low == 0 and domain.high is None and not domain.whole and not row.words


def _power_of_ten(limit: Fraction) -> Fraction:
    """The greatest that is not above the limit."""
    power = UNIT
    while power > limit:
        power /= 10
    while power * 10 <= limit:
        power *= 10
    return power


def _above_zero(left: Expr, right: Expr) -> Expr:
    return Max((ZERO, Add((left, Mul((MINUS, right))))))


def _parts(case: Case) -> list[Expr]:
    return [part for part in (case.when, case.award, case.high) if part is not None]


def _collect(expr: Expr, found: set[str]) -> None:
    if isinstance(expr, Ref):
        found.add(expr.name)
    elif not isinstance(expr, Missing):
        for child in children(expr):
            _collect(child, found)
