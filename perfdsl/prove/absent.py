"""A missing completion value that scores more than one that is reported: then it pays not to report."""

from fractions import Fraction

from perfdsl.bounds import definitions, substitute
from perfdsl.core import Const, Expr, Scoring
from perfdsl.diagnostics import WARNING, Diagnostic, Kind, finding
from perfdsl.prove import curves as cv
from perfdsl.prove.contract import Actual, Verdict
from perfdsl.prove.curves import Curve, Stairs, Value
from perfdsl.prove.outside import Neighbours
from perfdsl.prove.pieces import Piece, values
from perfdsl.prove.repro import shown_missing
from perfdsl.prove.subject import Subject
from perfdsl.prove.survey import Problem, Site, problem_of, survey
from perfdsl.prove.witness import pick
from perfdsl.prove.wording import input_name, waive
from perfdsl.quantity import format_number

NONE, NOTHING = Const(None), Const(Fraction(0))


def decides_missing(scoring: Scoring) -> bool:
    """Does a case give a missing value anything but nothing?"""
    return any(case.missing and (case.award, case.high) != (NOTHING, None) for case in scoring.cases)


def describe_absent(subject: Subject, outside: Neighbours) -> Diagnostic | None:
    """The finding, where a missing value scores more than some value that is reported."""
    verdict = _refuted(subject, problem_of(subject.row, subject.scoring, subject.use, outside))
    if verdict is None:
        return None
    award, worst = (format_number(each) for each in verdict.awards)
    case = verdict.case
    made = finding(
        PAYS,
        subject.place(case),
        name=subject.row.path[-1],
        award=award,
        worst=worst,
        at=subject.shown(verdict.actuals[0]),
    )
    inputs = tuple((input_name(name), subject.other(name, value)) for name, value in verdict.world)
    found = made._replace(
        witness=(("actual", subject.shown(verdict.actuals[0])), *inputs), repro=shown_missing(verdict, subject)
    )
    return waive(found, subject.row)


def _refuted(subject: Subject, problem: Problem) -> Verdict | None:
    """The reported value that scores least, in a world where a missing one scores more."""
    found: Verdict | None = None
    for site in survey(problem).sites:
        case, award = _without(site, subject, problem)
        for piece in site.walk.pieces if award is not None else ():
            for at, worst in _lower(piece, award or Fraction(0), site, problem.size):
                if found is None or worst < found.awards[1]:
                    found = Verdict("V111", "", case, (at,), (award or Fraction(0), worst), site.world)
    return found


def _without(site: Site, subject: Subject, problem: Problem) -> tuple[int | None, Fraction | None]:
    """The case that decides a missing value, and the least it awards; None where that is not certain."""
    names = definitions(problem.judge)
    known: dict[str, Expr] = {name: Const(value) for name, value in site.world}
    known["actual"] = NONE

    def here(expr: Expr) -> Value | None:
        parts = values(substitute(substitute(expr, names), known), site.line.whole, site.line)
        return parts[0][1] if len(parts) == 1 else None

    undecided = False
    for index, case in enumerate(subject.scoring.cases):
        truth = here(case.when)
        if truth == cv.UNDEFINED:
            undecided = True
        elif truth == cv.TRUE and (case.missing or not undecided):
            award = here(case.award)
            return (index, cv.fixed_number(award)) if case.missing and award is not None else (None, None)
        elif truth not in (cv.TRUE, cv.FALSE):
            return None, None
    return None, None


def _lower(piece: Piece, award: Fraction, site: Site, size: Fraction) -> list[tuple[Actual, Fraction]]:
    """Where even the most a piece can award is less, at its easiest and at its worst."""
    value = piece.high
    if not piece.certain or not isinstance(value, (Curve, Stairs)):
        return []
    found: list[tuple[Actual, Fraction]] = []
    for cell, truth in cv.compare("<", value, cv.constant(award), piece.cell, site.line):
        if truth == cv.TRUE:
            for at in dict.fromkeys((pick(cell, size), pick(cell, size, near_high=True))):
                found.append((site.word if site.word is not None else at, value.value(at)))
    return found


PAYS = Kind(
    "V111", WARNING, "“{name}”没有完成值也得 {award} 分，如实填 {at} 只得 {worst} 分", "“{name}” is awarded {award} without an actual, but only {worst} for a reported {at}",
    "改为“missing -> 0”，或删去这一档：缺失就是缺失，总分不完整；规定确实如此的，写“accept V111 \"依据\"”",
    "write “missing -> 0”, or remove the case: missing stays missing, and the total incomplete; where a rule wants it so, write “accept V111 \"reason\"”",
)  # fmt: skip
