"""The contract of rubrics over several entries: points of a checklist, occurrences, the best of several, a mean."""

from collections.abc import Iterator
from fractions import Fraction

from perfdsl.bounds import interval
from perfdsl.core import Case, Expr, Scoring
from perfdsl.prove import curves as cv
from perfdsl.prove.contract import Answer, Doubt, Verdict

NOT_CONSTANT = "awards of entries vary"


def decide_entries(scoring: Scoring, points: Fraction) -> Answer:
    """What can be said of the entries' awards; sums are clamped by the evaluation, so they cannot leave their limits."""
    found = [*_twice(scoring.cases), *_awards(scoring, points)]
    verdicts = tuple(f for f in found if isinstance(f, Verdict))
    return Answer(verdicts, tuple(f for f in found if isinstance(f, Doubt)))


def _twice(cases: tuple[Case, ...]) -> Iterator[Verdict]:
    seen = set()
    for index, case in enumerate(cases):
        if case.when in seen:
            yield Verdict("V105", "twice", index)
        seen.add(case.when)


def _awards(scoring: Scoring, points: Fraction) -> Iterator[Verdict | Doubt]:
    assert scoring.entries is not None  # the caller looked
    how, base = scoring.entries.how, scoring.entries.base
    ends = [[_number(case.award), _number(case.high or case.award)] for case in scoring.cases if not case.missing]
    awards = [award for pair in ends for award in pair if award is not None]
    if len(awards) < 2 * len(ends):
        yield Doubt("V104" if how == "sum" else "V102", frozenset({NOT_CONSTANT}))
        return
    tops = [max(awards[at], awards[at + 1]) for at in range(0, len(awards), 2)]
    match how:
        case "check":
            best = base + sum(tops)
            if best != points:
                yield Verdict("V104", "sum", None, (), (best,))
        case "sum":
            if base < points and all(top <= 0 for top in tops):
                yield Verdict("V104", "sum", None, (), (base,))
        case "best" if scoring.entries.per:
            return  # one award for each 事项, as many as there are: only the limits of the row hold
        case "best" | "mean" | "trimmed mean":
            yield from _single(scoring, points, max(tops, default=Fraction(0)))
        case _:
            yield Doubt("V102", frozenset({cv.CURVED}))


def _single(scoring: Scoring, points: Fraction, top: Fraction) -> Iterator[Verdict]:
    """Each award stands alone, so each has to stay inside the limits."""
    for index, case in enumerate(scoring.cases):
        for award in (_number(case.award), _number(case.high or case.award)):
            if award is not None and not scoring.low <= award <= scoring.high:
                yield Verdict("V102", "entry", index, (), (award,))
    if top < points:
        yield Verdict("V104", "sum", None, (), (top,))


def _number(expr: Expr) -> Fraction | None:
    """What an award is, however its rubric's parameters were put together; None when it varies."""
    low, high = interval(expr, {})
    return low if low == high else None
