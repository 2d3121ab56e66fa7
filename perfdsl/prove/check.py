"""The score contract of a whole object: every indicator under every target, and the grades.

What carries no finding is proved; equal problems are solved once.
"""

from fractions import Fraction

import attrs

from perfdsl.bounds import substitute
from perfdsl.core import Const, Domain, Expr, Ref, Scoring
from perfdsl.diagnostics import Diagnostic
from perfdsl.model import Indicator, Object, Path, TargetUse, indicators
from perfdsl.prove import alike
from perfdsl.prove.absent import decides_missing, describe_absent
from perfdsl.prove.bands import check_grades
from perfdsl.prove.contract import Answer, Doubt, Verdict, decide
from perfdsl.prove.entries import decide_entries
from perfdsl.prove.grading import describe_dead, describe_drop, describe_gap, describe_overlap
from perfdsl.prove.outside import Neighbours
from perfdsl.prove.replay import Bench
from perfdsl.prove.subject import Subject
from perfdsl.prove.survey import Problem, problem_of
from perfdsl.prove.wording import NOT_SHOWN, describe, doubt, proved_by
from perfdsl.prove.worlds import uses
from perfdsl.target import Deadline

OWN_WORDS = ("completion", "gap", "excess", "actual")
THINGS = "件 个 人 次 家 户 项 场 份 人次 户次 件次 场次 批次 名 位 条 台 套 篇 期 班 座 处 所 间"  # what is counted one by one
COUNTS = frozenset(((word, 1),) for word in THINGS.split())
Solved = dict[Problem, Answer]


@attrs.define(eq=False)
class Proofs:
    """What is already decided, shared by all objects of a run.

    ``clean`` says of rows, by the objects they share, whether they are without findings; ``words`` are the names each
    rubric looks at; ``alike`` says whether problems were proved for every size of target, None after the first of a kind;
    ``deep`` holds what the solver said of what was not decided.
    """

    solved: Solved = attrs.Factory(dict)
    clean: dict[tuple[object, ...], tuple[bool, object]] = attrs.Factory(dict)
    words: dict[int, tuple[frozenset[str], Scoring]] = attrs.Factory(dict)
    alike: dict[tuple[object, ...], bool | None] = attrs.Factory(dict)
    deep: dict[Problem, tuple[Answer, frozenset[str]]] = attrs.Factory(dict)


def prove(thing: Object, proofs: Proofs | None = None, unsure: frozenset[Path] = frozenset()) -> list[Diagnostic]:
    """Refute the score contract with witnesses, or say what is not proved; rows of ``unsure`` are not looked at."""
    proofs = proofs or Proofs()
    known = Neighbours(thing)
    found = [
        d
        for row in map(known.reached, indicators(thing.rows))
        if row.path not in unsure and not _known_clean(row, proofs, known)
        for d in _prove_row(row, proofs, known)
    ]
    grades = check_grades(thing)
    found += [describe_gap(gap, thing) for gap in grades.gaps]
    found += [describe_drop(drop, thing) for drop in grades.dropped]
    found += [describe_overlap(both, thing) for both in grades.overlaps]
    return found + [describe_dead(band, thing) for band in grades.dead]


def _known_clean(row: Indicator, proofs: Proofs, known: Neighbours) -> bool:
    """Is every target's problem one, up to the size of the target, that was decided before without a finding?"""
    scoring = row.scoring
    if scoring is None or not _counts(row) or scoring.entries is not None or decides_missing(scoring):
        return False
    return all(_clean(row, scoring, use, proofs, known) for use in row.targets or (None,))


def _counts(row: Indicator) -> bool:
    """Is it scored: by points of its own, or inside the limits of a bonus?"""
    return row.points is not None or row.bonus


def _clean(row: Indicator, scoring: Scoring, use: TargetUse | None, proofs: Proofs, outside: Neighbours) -> bool:
    """One target's problem, looked up by the very objects it is made of."""
    judge = use.judge if use is not None else None
    dated = use is not None and isinstance(use.target.meaning, Deadline)
    beside = outside.of(_words(scoring, proofs))
    key = (id(scoring), id(judge), id(row.domain), dated, row.direction, row.words, _digits(row.points), beside)
    known = proofs.clean.get(key)
    if known is None:
        known = (
            _decided_alike(row, scoring, use, proofs, outside),
            (scoring, judge, row.domain),
        )  # these stay alive with their ids
        proofs.clean[key] = known
    return known[0]


def _digits(points: Fraction | None) -> tuple[int, int]:
    """Quicker to look up than the fraction itself."""
    return (points.numerator, points.denominator) if points is not None else (0, 0)


def _words(scoring: Scoring, proofs: Proofs) -> frozenset[str]:
    """The names a rubric looks at, found once."""
    if id(scoring) not in proofs.words:
        proofs.words[id(scoring)] = (alike.words_of(scoring), scoring)
    return proofs.words[id(scoring)][0]


def _decided_alike(
    row: Indicator, scoring: Scoring, use: TargetUse | None, proofs: Proofs, outside: Neighbours
) -> bool:
    """By problems that differ only in the size of the target; the first of its kind is decided for itself."""
    forms = alike.stand_ins(row, use.judge, _words(scoring, proofs)) if use is not None else ()
    key = (id(scoring), row.direction, _digits(row.points), forms)
    if len(forms) > 1 and key not in proofs.alike:
        proofs.alike[key] = None
    elif forms and proofs.alike.get(key) is None:
        problem = attrs.evolve(problem_of(row, scoring, use, outside), size=Fraction(1))
        proofs.alike[key] = all(_proved(attrs.evolve(problem, judge=alike.judge_of(form)), proofs) for form in forms)
    return proofs.alike.get(key) or _proved(problem_of(row, scoring, use, outside), proofs)


def _proved(problem: Problem, proofs: Proofs) -> bool:
    answer = _solve(problem, proofs.solved)
    return not answer.verdicts and not answer.doubts


def _prove_row(row: Indicator, proofs: Proofs, outside: Neighbours) -> list[Diagnostic]:
    scoring = row.scoring
    if scoring is None or not _counts(row):
        return []
    answers = []
    by_solver: frozenset[str] = frozenset()
    for use in row.targets or (None,):
        problem = problem_of(row, scoring, use, outside)
        if scoring.entries is not None:
            answer = decide_entries(problem, scoring.entries)
        else:
            answer = _solve(problem, proofs.solved)
        if answer.doubts and scoring.entries is None:
            answer, proved_now = _deepened(problem, answer, proofs)
            by_solver |= proved_now
        answers.append((Subject(row, scoring, use, outside.thing), answer))
    found = _findings(answers, proofs.solved, outside)
    still = {d.code for _, answer in answers for d in answer.doubts} | {
        v.code for _, answer in answers for v in answer.verdicts
    }
    if by_solver - still:
        found.append(proved_by(sorted(by_solver - still), answers[0][0]))
    if scoring.entries is not None or not decides_missing(
        scoring
    ):  # without an entry several are missing, whatever a case says
        return found
    absent = (describe_absent(subject, outside) for subject, _ in answers)
    return found + [each for each in absent if each is not None][:1]


def _deepened(problem: Problem, answer: Answer, proofs: Proofs) -> tuple[Answer, frozenset[str]]:
    if problem not in proofs.deep:
        from perfdsl.prove.solver import deepened  # what is decided exactly never needs it

        proofs.deep[problem] = deepened(problem, answer)
    return proofs.deep[problem]


def _solve(problem: Problem, solved: Solved) -> Answer:
    answer = solved.get(problem)
    if answer is None:
        answer = solved[problem] = decide(problem)
    return answer


def _findings(answers: list[tuple[Subject, Answer]], solved: Solved, outside: Neighbours) -> list[Diagnostic]:
    """Each failure once, under the first target that shows it; a dead case is dead under all of them."""
    seen: set[tuple[str, str, int | None]] = set()
    found = []
    unshown: dict[Doubt, None] = {}
    dead = _dead(answers, solved, outside)
    for subject, answer in answers:
        for verdict in answer.verdicts:
            key = (verdict.code, verdict.why, verdict.case)
            if key in seen or (verdict.code == "V105" and verdict.case not in dead):
                continue
            seen.add(key)
            if not Bench(outside.thing).shows(verdict, subject):
                unshown[Doubt(verdict.code, frozenset({NOT_SHOWN}))] = None
                continue
            whole = verdict.code == "V101" and _closed_by_whole_numbers(subject, solved, outside)
            found.append(describe(_numbered(verdict, subject.scoring), subject, whole))
    doubts = unshown | {d: None for _, answer in answers for d in answer.doubts}
    return found + ([doubt(tuple(doubts), answers[0][0])] if doubts else [])


def _closed_by_whole_numbers(subject: Subject, solved: Solved, outside: Neighbours) -> bool:
    """Is a count left open only between two whole numbers?"""
    row, unit = subject.row, subject.use.unit if subject.use is not None else subject.row.unit
    if row.domain.whole or row.formula is not None or unit is None or unit.dims not in COUNTS:
        return False
    problem = problem_of(row, subject.scoring, subject.use, outside)
    whole = attrs.evolve(problem, domain=attrs.evolve(problem.domain, whole=True, step=Fraction(1)))
    answer = _solve(whole, solved)
    return all(each.code != "V101" for each in answer.verdicts) and all(each.code != "V101" for each in answer.doubts)


def _numbered(verdict: Verdict, scoring: Scoring) -> Verdict:
    """The case counted among all cases, those for missing values included."""
    if verdict.case is None:
        return verdict
    return attrs.evolve(verdict, case=[i for i, case in enumerate(scoring.cases) if not case.missing][verdict.case])


def _dead(answers: list[tuple[Subject, Answer]], solved: Solved, outside: Neighbours) -> set[int | None]:
    """A case of a shared rubric is dead only when no target could ever use it."""
    dead = [{v.case for v in answer.verdicts if v.code == "V105"} for _, answer in answers]
    both = set.intersection(*dead)
    subject = answers[0][0]
    if not both or not subject.scoring.name or subject.scoring.entries is not None:
        return both
    alone = _solve(_unjudged(subject, outside), solved)
    return both & {v.case for v in alone.verdicts if v.code == "V105"}


def _unjudged(subject: Subject, outside: Neighbours) -> Problem:
    """The rubric by itself: its cases over the first of its own words it looks at, whatever target defines it."""
    problem = problem_of(subject.row, subject.scoring, None, outside)
    used = uses(when for when, _, _ in problem.cases)
    own = next((name for name in OWN_WORDS if name in used), "actual")
    if own == "actual":
        return problem
    names: dict[str, Expr] = {own: Ref("actual"), "actual": Ref("value:actual")}
    cases = tuple((substitute(when, names), ZERO, None) for when, _, _ in problem.cases)
    return attrs.evolve(problem, cases=cases, domain=Domain(Fraction(0), None), words=(), points=Fraction(0))


ZERO = Const(Fraction(0))
