"""The score contract of a whole object: every indicator under every target, and the grades.

What carries no finding is proved; equal problems are solved once.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import attrs

from perfdsl.bounds import substitute, substitute_constants
from perfdsl.core import Case, Const, Domain, Expr, Judge, Missing, Ref, Scoring, children
from perfdsl.diagnostics import Diagnostic
from perfdsl.model import Indicator, Object, Path, TargetUse, indicators
from perfdsl.prove import curves as cv
from perfdsl.prove.bands import check_grades
from perfdsl.prove.contract import Answer, Verdict, decide
from perfdsl.prove.entries import decide_entries
from perfdsl.prove.survey import Problem, Site, survey
from perfdsl.prove.wording import Subject, describe, describe_dead, describe_gap, doubt
from perfdsl.prove.worlds import uses
from perfdsl.target import Bound

OWN_WORDS = ("completion", "gap", "excess", "actual")
Solved = dict[Problem, Answer]


@attrs.define(eq=False)
class Proofs:
    """Problems already decided, shared by all objects of a run; ``clean`` are rubric and target shapes without findings."""

    solved: Solved = attrs.Factory(dict)
    clean: dict[tuple[object, ...], tuple[bool, Scoring, Judge | None]] = attrs.Factory(dict)


@attrs.frozen(kw_only=True)
class Cliff:
    """Where the smallest change of the actual moves the award: just below ``at``, and at or just above it."""

    path: Path
    at: str
    below: Fraction
    above: Fraction
    points: Fraction


def prove(thing: Object, proofs: Proofs | None = None) -> list[Diagnostic]:
    """Refute the score contract with witnesses, or say what is not proved."""
    proofs = proofs or Proofs()
    found = [d for row in indicators(thing.rows) if not _known_clean(row, proofs) for d in _prove_row(row, proofs.solved)]
    grades = check_grades(thing)
    found += [describe_gap(gap, thing) for gap in grades.gaps]
    return found + [describe_dead(band, thing) for band in grades.dead]


def cliffs(thing: Object) -> list[Cliff]:
    """Every jump of an award, in the order of the rows and of the actuals."""
    found: dict[Cliff, None] = {}
    for row in indicators(thing.rows):
        if row.points is None or row.scoring is None or row.scoring.entries is not None:
            continue
        for use in row.targets or (None,):
            subject = Subject(row, row.scoring, use)
            for site in survey(_problem(row, row.scoring, use)).numbers:
                found.update(dict.fromkeys(_jumps(subject, site, row.points)))
    return list(found)


def _jumps(subject: Subject, site: Site, points: Fraction) -> Iterator[Cliff]:
    pieces = [p for p in site.walk.pieces if p.certain]
    for left, right in pairwise(pieces):
        a, b = left.low, right.low
        if isinstance(a, (cv.Curve, cv.Stairs)) and isinstance(b, (cv.Curve, cv.Stairs)):
            below, above = cv.ends(a, left.cell)[1], cv.ends(b, right.cell)[0]
            if below[:2] != above[:2] and not below.infinite and not above.infinite:
                at = subject.shown(right.cell.low.at)
                yield Cliff(path=subject.row.path, at=at, below=below.at, above=above.at, points=points)


def _known_clean(row: Indicator, proofs: Proofs) -> bool:
    """Is every target's problem one, up to the size of the target, that was decided before without a finding?"""
    scoring = row.scoring
    if scoring is None or row.points is None or scoring.entries is not None:
        return False
    return all(_clean(row, scoring, use, proofs) for use in row.targets or (None,))


def _clean(row: Indicator, scoring: Scoring, use: TargetUse | None, proofs: Proofs) -> bool:
    """One target's problem.

    A rubric that looks only at ``met`` and ``completion`` of a limit above zero, over all actuals from zero up, does not
    change when target and actual are measured in another unit: it is decided for the target 1.
    """
    limit = _limit(use)
    domain = row.domain
    relative = (
        limit is not None and limit > 0 and domain.low == 0 and domain.high is None and not domain.whole and not row.words
        and _relative(scoring)
    )  # fmt: skip
    judge = use.judge if use is not None else None
    shape: object = (_op(use), row.direction) if relative else (id(judge), domain, row.direction, row.words)
    key = (id(scoring), shape, row.points)
    known = proofs.clean.get(key)
    if known is None:
        problem = _problem(row, scoring, use)
        if relative and judge is not None and limit is not None:
            problem = attrs.evolve(problem, judge=_rescaled(judge, limit), size=Fraction(1))
        answer = decide(problem)
        known = (not answer.verdicts and not answer.doubts, scoring, judge)  # the objects stay alive with their ids
        proofs.clean[key] = known
    return known[0]


def _limit(use: TargetUse | None) -> Fraction | None:
    meaning = use.target.meaning if use is not None else None
    return meaning.quantity.base if isinstance(meaning, Bound) else None


def _op(use: TargetUse | None) -> str | None:
    meaning = use.target.meaning if use is not None else None
    return meaning.op if isinstance(meaning, Bound) else None


def _relative(scoring: Scoring) -> bool:
    parts = [part for case in scoring.cases for part in (case.when, case.award, case.high) if part is not None]
    return all(_only_relative(part) for part in parts)


def _only_relative(expr: Expr) -> bool:
    if isinstance(expr, Missing):
        return True
    if isinstance(expr, Ref):
        return expr.name in ("met", "completion")
    return all(_only_relative(child) for child in children(expr))


def _rescaled(judge: Judge, limit: Fraction) -> Judge:
    """The same judgement for the limit 1."""
    names = ("target", "met", "completion", "gap", "excess")
    return Judge(*(_divided(getattr(judge, name), limit) for name in names))


def _divided(expr: Expr, limit: Fraction) -> Expr:
    return substitute_constants(expr, {Const(limit): Const(Fraction(1))})


def _prove_row(row: Indicator, solved: Solved) -> list[Diagnostic]:
    scoring, points = row.scoring, row.points
    if scoring is None or points is None:
        return []
    if scoring.entries is not None:
        subject = Subject(row, scoring, row.targets[0] if row.targets else None)
        return _findings([(subject, decide_entries(scoring, points))], solved)
    return _findings([(Subject(row, scoring, use), _solve(_problem(row, scoring, use), solved))
                      for use in row.targets or (None,)], solved)  # fmt: skip


def _solve(problem: Problem, solved: Solved) -> Answer:
    answer = solved.get(problem)
    if answer is None:
        answer = solved[problem] = decide(problem)
    return answer


def _findings(answers: list[tuple[Subject, Answer]], solved: Solved) -> list[Diagnostic]:
    """Each failure once, under the first target that shows it; a dead case is dead under all of them."""
    seen: set[tuple[str, str, int | None]] = set()
    found = []
    dead = _dead(answers, solved)
    for subject, answer in answers:
        for verdict in answer.verdicts:
            key = (verdict.code, verdict.why, verdict.case)
            if key in seen or (verdict.code == "V105" and verdict.case not in dead):
                continue
            seen.add(key)
            found.append(describe(_numbered(verdict, subject.scoring), subject))
    doubts = {d: None for _, answer in answers for d in answer.doubts}
    return found + ([doubt(tuple(doubts), answers[0][0])] if doubts else [])


def _numbered(verdict: Verdict, scoring: Scoring) -> Verdict:
    """The case counted among all cases, those for missing values included."""
    if verdict.case is None or scoring.entries is not None:
        return verdict
    return attrs.evolve(verdict, case=[i for i, case in enumerate(scoring.cases) if not case.missing][verdict.case])


def _dead(answers: list[tuple[Subject, Answer]], solved: Solved) -> set[int | None]:
    """A case of a shared rubric is dead only when no target could ever use it."""
    dead = [{v.case for v in answer.verdicts if v.code == "V105"} for _, answer in answers]
    both = set.intersection(*dead)
    subject = answers[0][0]
    if not both or not subject.scoring.name or subject.scoring.entries is not None:
        return both
    alone = _solve(_unjudged(subject), solved)
    return both & {v.case for v in alone.verdicts if v.code == "V105"}


def _unjudged(subject: Subject) -> Problem:
    """The rubric by itself: its cases over the first of its own words it looks at, whatever target defines it."""
    problem = _problem(subject.row, subject.scoring, None)
    used = uses(when for when, _, _ in problem.cases)
    own = next((name for name in OWN_WORDS if name in used), "actual")
    if own == "actual":
        return problem
    names: dict[str, Expr] = {own: Ref("actual"), "actual": Ref("value:actual")}
    cases = tuple((substitute(when, names), ZERO, None) for when, _, _ in problem.cases)
    return attrs.evolve(problem, cases=cases, domain=Domain(Fraction(0), None), words=(), points=Fraction(0))


def _problem(row: Indicator, scoring: Scoring, use: TargetUse | None) -> Problem:
    unit = use.unit if use is not None else row.unit
    return Problem(
        cases=tuple(_case(case) for case in scoring.cases if not case.missing),
        judge=use.judge if use is not None else None,
        domain=row.domain,
        low=scoring.low,
        high=scoring.high,
        points=row.points or Fraction(0),
        direction=row.direction,
        words=tuple(sorted({word for _, word in row.words})),
        size=unit.scale if unit is not None else Fraction(1),
    )


def _case(case: Case) -> tuple[Expr, Expr, Expr | None]:
    return case.when, case.award, case.high


ZERO = Const(Fraction(0))
