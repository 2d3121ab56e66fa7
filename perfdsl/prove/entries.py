"""The contract of rubrics over several entries: points of a checklist, occurrences, the best of several, a mean.

Each entry is decided like an actual of its own; what follows for the whole depends on how the entries become one score.
"""

from collections.abc import Iterator
from fractions import Fraction

import attrs

from perfdsl.core import Entries
from perfdsl.prove import curves as cv
from perfdsl.prove.contract import Answer, Doubt, Verdict, decide
from perfdsl.prove.survey import Problem, survey
from perfdsl.prove.worlds import OTHER

NOTHING = "无"
NOT_CONSTANT = "awards of entries vary"
OF_ONE_ENTRY = frozenset({"V101", "V103", "V105"})


def decide_entries(problem: Problem, entries: Entries) -> Answer:
    """What can be said of one entry, and of all together; sums are kept within their limits by the evaluation."""
    alone = entries.how in ("best", "mean", "trimmed mean") and not entries.per
    kept = (
        OF_ONE_ENTRY | {"V102", "V104"}
        if alone
        else OF_ONE_ENTRY - {"V101"}
        if entries.how == "check"
        else OF_ONE_ENTRY
    )
    one = decide(_without_base(problem, entries.base))
    # a word that no case names is reported when it is written: the cases are the list of what may happen
    verdicts = [
        _whole(v, entries.base) for v in one.verdicts if v.code in kept and (v.code, v.actuals) != ("V101", (OTHER,))
    ]
    doubts = [doubt for doubt in one.doubts if doubt.code in kept]
    together = [] if alone else list(_together(problem, entries))
    verdicts += [*_base(problem, entries.base), *(found for found in together if isinstance(found, Verdict))]
    return Answer(tuple(verdicts), (*doubts, *(found for found in together if isinstance(found, Doubt))))


def _without_base(problem: Problem, base: Fraction) -> Problem:
    return attrs.evolve(problem, points=problem.points - base, low=problem.low - base, high=problem.high - base)


def _whole(verdict: Verdict, base: Fraction) -> Verdict:
    """What one entry leads to, what the score begins with included."""
    if verdict.code not in ("V102", "V104"):
        return verdict
    return attrs.evolve(verdict, why="entry" if verdict.code == "V102" else verdict.why,
                        awards=tuple(award + base for award in verdict.awards))  # fmt: skip


def _base(problem: Problem, base: Fraction) -> Iterator[Verdict]:
    if not problem.low <= base <= problem.high:
        yield Verdict("V102", "base", None, (), (base,))


def _together(problem: Problem, entries: Entries) -> Iterator[Verdict | Doubt]:
    """Can the points be had, and does a checklist make up exactly them?"""
    tops, vary = _tops(problem)
    if entries.how == "check":
        if vary and problem.points > 0:
            yield Doubt("V104", vary)
        elif problem.points > 0 and entries.base + sum(tops) != problem.points:
            everything = ("、".join(entries.words),) if entries.words else ()
            yield Verdict("V104", "sum", None, everything, (entries.base + sum(tops),))
    elif entries.how == "sum" and entries.base < problem.points and all(top <= 0 for top in tops):
        yield Doubt("V104", vary) if vary else Verdict("V104", "sum", None, (NOTHING,), (entries.base,))


def _tops(problem: Problem) -> tuple[list[Fraction], frozenset[str]]:
    """The best constant award of every case; where others are not constant, why."""
    seen = survey(problem)
    best: dict[int, Fraction] = {}
    vary: frozenset[str] = cv.reasons()
    for piece in (piece for site in seen.sites for piece in site.walk.pieces):
        ends = [cv.fixed_number(piece.low), cv.fixed_number(piece.high)]
        for end, value in zip(ends, (piece.low, piece.high), strict=True):
            if end is None:
                vary |= cv.reasons(value) or frozenset({NOT_CONSTANT})
            else:
                best[piece.case] = max(best.get(piece.case, end), end)
    return [best[case] for case in sorted(best)], vary
