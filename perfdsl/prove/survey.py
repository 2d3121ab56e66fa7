"""Everything one rubric does to one indicator, over all worlds and all values of the actual.

A ``Problem`` holds only what the answer depends on, so that equal problems are solved once.
"""

from fractions import Fraction

import attrs

from perfdsl.bounds import definitions, domain_range, substitute
from perfdsl.core import UNDEFINED, Const, Domain, Expr, Judge, Scoring, references
from perfdsl.model import Indicator, TargetUse
from perfdsl.prove.curves import Line
from perfdsl.prove.outside import Neighbours, Outside, domain_of, known_of
from perfdsl.prove.pieces import Walk, walk
from perfdsl.prove.worlds import OTHER, Seen, World, uses, uses_of_numbers, worlds

ActualWord = str | bool | None


@attrs.frozen(kw_only=True)
class Problem:
    """A rubric on an indicator: ``size`` is that of the printed unit, ``words`` all words its scale knows.

    ``outside`` is what is known of the other inputs it looks at; scores are printed with ``rounding`` places.
    """

    cases: tuple[tuple[Expr, Expr, Expr | None], ...]
    judge: Judge | None
    domain: Domain
    low: Fraction
    high: Fraction
    points: Fraction
    direction: str = ""
    words: tuple[str, ...] = ()
    size: Fraction = Fraction(1)
    outside: tuple[tuple[str, Outside], ...] = ()
    rounding: int = 2


@attrs.frozen
class Site:
    """One world and, where the actual is a word, one word; ``line`` holds all numbers the actual may be."""

    world: World
    word: ActualWord
    line: Line
    conditions: tuple[Expr, ...]
    walk: Walk
    met: Expr
    completion: Expr


@attrs.frozen
class Survey:
    """The sites of a problem: those of numbers each hold a whole line, those of words one word each."""

    problem: Problem
    numbers: tuple[Site, ...]
    words: tuple[Site, ...]

    @property
    def sites(self) -> tuple[Site, ...]:
        return self.numbers + self.words


def survey(problem: Problem) -> Survey:
    """Walk every world and every value through the cases."""
    names = definitions(problem.judge)
    conditions = [substitute(when, names) for when, _, _ in problem.cases]
    awards = [substitute(award, names) for case in problem.cases for award in case[1:] if award is not None]
    judged = [substitute(e, names) for e in (names.get("met", UNDEFINED), names.get("completion", UNDEFINED))]
    conditions, awards = conditions + judged[:1], awards + judged[1:]
    levels = (problem.low, problem.high, problem.points)
    found = worlds(Seen(conditions, awards, problem.domain, dict(problem.outside), levels))
    numeric, words = _actuals(problem, conditions, awards)
    numbers = [_site(problem, world, None, names) for world in found] if numeric else []
    named = [_site(problem, world, word, names) for world in found for word in words]
    return Survey(problem, tuple(numbers), tuple(named))


def _actuals(problem: Problem, conditions: list[Expr], awards: list[Expr]) -> tuple[bool, list[str | bool]]:
    """Is the actual a number, and which words can it be?"""
    used = uses(conditions).get("actual")
    counted = uses_of_numbers(awards).get("actual")
    mentioned = {*(used.words if used else ()), *(counted.words if counted else ())}
    number = bool((used and used.number) or (counted and counted.number))
    if not mentioned and not problem.words:
        return True, []
    found: list[str | bool] = sorted({*problem.words, *(w for w in mentioned if isinstance(w, str))})
    if any(isinstance(word, bool) for word in mentioned):
        found += [True, False]
    elif not problem.words:
        found.append(OTHER)
    return number, found


def _site(problem: Problem, world: World, word: ActualWord, names: dict[str, Expr]) -> Site:
    known: dict[str, Expr] = {name: Const(value) for name, value in world}
    if word is not None:
        known["actual"] = Const(word)

    def here(expr: Expr) -> Expr:
        return substitute(substitute(expr, names), known)

    line = line_of(problem)
    cases = [(here(when), here(low), here(high) if high else None) for when, low, high in problem.cases]
    met, completion = (here(names.get(name, UNDEFINED)) for name in ("met", "completion"))
    return Site(world, word, line, tuple(case[0] for case in cases), walk(cases, line), met, completion)


def problem_of(row: Indicator, scoring: Scoring, use: TargetUse | None, outside: Neighbours) -> Problem:
    """The problem of a row under one of its targets."""
    unit = use.unit if use is not None else row.unit
    parts = [part for case in scoring.cases for part in (case.when, case.award, case.high) if part is not None]
    return Problem(
        cases=tuple((case.when, case.award, case.high) for case in scoring.cases if not case.missing),
        judge=use.judge if use is not None else None,
        domain=domain_of(row),
        low=scoring.low,
        high=scoring.high,
        points=row.points or Fraction(0),
        direction=row.direction,
        words=tuple(sorted({word for _, word in row.words})),
        size=unit.scale if unit is not None else Fraction(1),
        outside=outside.of({name for part in parts for name in references(part)}),
        rounding=outside.thing.rounding,
    )


def line_of(problem: Problem) -> Line:
    """The numbers the actual may be, and the limits of the other inputs."""
    domain = problem.domain
    others = {name: domain_range(outside.domain) for name, outside in problem.outside if not outside.words}
    for own in ("prior", "schedule"):
        others[own] = domain_range(known_of(own, {}, domain).domain)
    line = Line(domain_range(domain), domain.step if domain.whole else None, others=others)
    return attrs.evolve(line, whole=line.fit(line.whole) or line.whole)
