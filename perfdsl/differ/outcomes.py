"""What a rule makes of a range of actuals: the same walk through the cases as the evaluation takes, over exact pieces."""

from fractions import Fraction
from typing import NamedTuple

from perfdsl.bounds import Range
from perfdsl.core import Const, Expr, Max, Min, Round
from perfdsl.differ.found import MARK, OUTSIDE, SCORE, UNASSESSED, UNDECIDED
from perfdsl.differ.normal import Key, key
from perfdsl.differ.rule import Rule, Step
from perfdsl.prove import Curve, Exact, Fixed, Hidden, Stairs
from perfdsl.quantity import round_half_up

HIDDEN = "hidden"
Number = Curve | Stairs


class Outcome(NamedTuple):
    """A score, limits of a mark or of what is undecided; ``what`` tells hidden ones apart, None where nothing is known."""

    kind: str
    values: tuple[Number, ...] = ()
    number: int = 0
    step: Step | None = None
    what: Key | None = None
    why: frozenset[str] = frozenset()


Outcomes = list[tuple[Range, Outcome]]
NOWHERE, NOT_DUE = Outcome(OUTSIDE), Outcome(UNASSESSED)


def outcomes(rule: Rule, cell: Range, exact: Exact) -> Outcomes:
    """The outcome of every value of ``cell``, from low to high."""
    rest: list[tuple[Range, bool]] = [(cell, False)]
    found: Outcomes = []
    for number, step in enumerate(rule.steps, 1):
        left: list[tuple[Range, bool]] = []
        for part, undecided in rest:
            if undecided and not step.case.missing:
                left.append((part, True))
                continue
            for inner, truth in exact.pieces(step.when, part):
                if truth == Fixed(True):
                    found += _awarded(rule, number, step, inner, exact)
                elif isinstance(truth, Hidden):
                    found.append((inner, Outcome(HIDDEN, why=truth.why)))
                else:
                    left.append((inner, undecided or truth != Fixed(False)))
        rest = left
    found += [(part, undecided_in(rule)) for part, _ in rest]
    return sorted(found, key=lambda x: x[0].low)


def undecided_in(rule: Rule, number: int = 0, step: Step | None = None) -> Outcome:
    """Nothing decides: the limits of what the score can become."""
    if rule.places is None:
        return Outcome(UNDECIDED, (), number, step)
    return Outcome(UNDECIDED, tuple(_level(round_half_up(x, rule.places)) for x in rule.open), number, step)


def _level(value: Fraction) -> Curve:
    return Curve(Fraction(0), value, Fraction(0), Fraction(1))


def _awarded(rule: Rule, number: int, step: Step, cell: Range, exact: Exact) -> Outcomes:
    if step.high is not None:
        low, high = _rounded(rule, step.award), _rounded(rule, step.high)
        return [
            (inner, _outcome(rule, MARK, (a, b), number, step))
            for part, a in exact.pieces(low, cell)
            for inner, b in exact.pieces(high, part)
        ]
    kept = step.award
    if rule.places is not None:
        kept = _rounded(rule, Min((Const(rule.high), Max((Const(rule.low), step.award)))))
    return [(part, _outcome(rule, SCORE, (value,), number, step)) for part, value in exact.pieces(kept, cell)]


def _rounded(rule: Rule, award: Expr) -> Expr:
    return award if rule.places is None else Round(award, rule.places)


def _outcome(rule: Rule, kind: str, values: tuple[object, ...], number: int, step: Step) -> Outcome:
    numbers = tuple(x for x in values if isinstance(x, (Curve, Stairs)))
    if len(numbers) == len(values):
        return Outcome(kind, numbers, number, step)
    hidden = [x for x in values if isinstance(x, Hidden)]
    if not hidden:
        return undecided_in(rule, number, step)
    what = (kind, key(step.award), key(step.high), rule.low, rule.high, rule.places)
    return Outcome(HIDDEN, (), number, step, what, frozenset().union(*(x.why for x in hidden)))
