"""What the contract demands at a witness, as a test to stand beside the row: pasted in, it fails.

Every value the witness needs is given: inputs, last year's value, and of other rows an actual that leads to it.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfdsl.bounds import definitions, substitute
from perfdsl.core import And, Const, Expr, Scoring, Value, references
from perfdsl.model import Indicator, TargetUse, groups, indicators
from perfdsl.prove import curves as cv
from perfdsl.prove.contract import Actual, Verdict
from perfdsl.prove.outside import Neighbours, domain_of, written_out
from perfdsl.prove.pieces import values
from perfdsl.prove.sources import sources
from perfdsl.prove.subject import Subject, escaped, unending
from perfdsl.prove.survey import Problem, Site, line_of, problem_of, survey
from perfdsl.prove.witness import pick
from perfdsl.prove.worlds import Seen, World, worlds
from perfdsl.quantity import format_number

ZERO = Fraction(0)


class NotGiven(Exception):
    """A test cannot say this: a place among others, how far the year has gone, the value of a formula."""


def shown_missing(verdict: Verdict, subject: Subject) -> str:
    """A test that gives no completion value and demands no more than the reported one of the verdict is awarded."""
    award, worst = (subject.printed(each) for each in verdict.awards)
    if award <= worst:
        return ""
    name = _name(subject.row)
    lines = [f'test "{escaped(subject.row.path[-1])} V111" {{']
    if subject.use is not None and subject.use.period != "full":
        lines.append(f'  given period "{subject.use.period}"')
    if subject.row.formula is None:
        lines.append(f"  given {name} missing")
    try:
        lines += _givens((*verdict.world, *_applying(verdict.world, subject)), subject)
    except NotGiven:
        return ""
    return "\n".join(
        [*lines, f"  expect {name} score {format_number(subject.scoring.low)} .. {format_number(worst)}", "}"]
    )


class Demand(NamedTuple):
    """The actual a test gives, the mark of an assessor where there is one, and the scores it then expects."""

    actual: Actual
    low: Fraction
    high: Fraction
    mark: Fraction | None = None


def repro(verdict: Verdict, subject: Subject) -> str:
    """The test, or nothing where none can be written or no printed score would show the failure."""
    demand = _demand(verdict, subject)
    if demand is None or (subject.row.gather is not None and subject.row.gather.shares):
        return ""  # a share of several words cannot be given as one
    return next(
        (test for world in _worlds(verdict, demand, subject) if (test := _test(verdict, world, demand, subject))), ""
    )


def _worlds(verdict: Verdict, demand: Demand, subject: Subject) -> Iterator[World]:
    """The world of the verdict; where the actual is computed, with inputs that lead to it."""
    row = subject.row
    if row.formula is None:
        yield verdict.world
        return
    rows = {"/".join(each.path): each for each in indicators(subject.thing.rows)}
    given: dict[str, Expr] = {name: Const(value) for name, value in verdict.world}
    formula = substitute(written_out(row.formula, rows), given)
    known = dict(Neighbours(subject.thing).of(references(formula)))
    for world in sources(formula, demand.actual, known, domain_of(row)):
        yield (*verdict.world, *world)


def _test(verdict: Verdict, world: World, demand: Demand, subject: Subject) -> str:
    name = _name(subject.row)
    title = f"{subject.row.path[-1]} {verdict.code} {subject.shown(demand.actual)}"
    lines = [f'test "{escaped(title)}" {{']
    if subject.use is not None and subject.use.period != "full":
        lines.append(f'  given period "{subject.use.period}"')
    try:
        world = (*world, *_applying(world, subject))
        if subject.row.formula is None:
            lines.append(f"  given {name} {_own(demand.actual, subject)}" + _prior(world, subject) + _mark(demand))
        lines += _givens(world, subject)
    except NotGiven:
        return ""
    return "\n".join(
        [*lines, f"  expect {name} score {format_number(demand.low)} .. {format_number(demand.high)}", "}"]
    )


def _own(actual: Actual, subject: Subject) -> str:
    text = subject.written(actual)
    if not text:
        raise NotGiven
    return text


def _demand(verdict: Verdict, subject: Subject) -> Demand | None:
    """What the score ought to be; None where the printed one is that, the failure being smaller than its rounding."""
    if not verdict.actuals:
        return None
    scoring, actual = subject.scoring, verdict.actuals[-1]
    printed = [subject.printed(award) for award in verdict.awards]
    points, least, most = subject.row.points or ZERO, scoring.low, scoring.high
    below = points - Fraction(1, 10**subject.thing.rounding)
    match verdict.code, verdict.why:
        case "V101", _:
            return Demand(actual, least, most)
        case "V102", _:  # one mark among several entries; a single one may be left open
            marked = _marked(verdict, scoring) and scoring.entries is not None
            return Demand(actual, least, most, verdict.awards[-1] if marked else None)
        case "V103", "one-sided":
            return Demand(actual, least, below)
        case "V103", _ if printed[1] < printed[0]:
            return _risen(verdict, subject, Demand(actual, printed[0], most))
        case "V103", _:  # both are printed alike where one of them is beyond the limits, which is an error of its own
            beyond = [
                at for at, award in zip(verdict.actuals, verdict.awards, strict=True) if not least <= award <= most
            ]
            return Demand(beyond[0], least, most) if beyond else None
        case "V104", "missed" if len(verdict.actuals) == 1:  # nothing that meets the target has an award to compare
            return Demand(actual, least, below) if printed[0] > below else None
        case "V104", "sum":
            return Demand(actual, points, points) if printed[-1] != points or verdict.awards[-1] > most else None
        case "V104", _ if printed[-1] < points:
            base = scoring.entries.base if scoring.entries is not None else ZERO
            return Demand(actual, points, most, points - base if _marked(verdict, scoring) else None)
    return None


def _marked(verdict: Verdict, scoring: Scoring) -> bool:
    """Does the case to blame leave the award to an assessor?"""
    return verdict.case is not None and scoring.cases[verdict.case].high is not None


def _risen(verdict: Verdict, subject: Subject, demand: Demand) -> Demand:
    """The same of a better actual whose award is left to an assessor: the mark a worse one can have, or the range left open."""
    if not _marked(verdict, subject.scoring) or verdict.case is None:
        return demand
    top = subject.scoring.cases[verdict.case].high
    if not isinstance(top, Const) or not isinstance(top.value, Fraction):
        return demand
    if top.value == verdict.awards[1] or subject.scoring.entries is not None:
        return demand._replace(mark=demand.low)
    return demand._replace(high=max(demand.low, subject.printed(top.value)))


def _prior(world: World, subject: Subject) -> str:
    return "".join(
        f", prior {_quoted(subject.other(name, value))}"
        for name, value in world
        if name == "prior" and value is not None
    )


def _mark(demand: Demand) -> str:
    """The mark of an assessor, where there is one."""
    return f", mark {_quoted(format_number(demand.mark))}" if demand.mark is not None else ""


def _applying(world: World, subject: Subject) -> World:
    """Values of further inputs with which the row applies at all."""
    row = subject.row
    above = {row.path[:depth] for depth in range(1, len(row.path))}
    wanted = [row.applies, *(group.applies for group in groups(subject.thing.rows) if group.path in above)]
    conditions: list[Expr] = [each for each in wanted if each is not None]
    if not conditions:
        return ()
    given: dict[str, Expr] = {name: Const(value) for name, value in world}
    asked = substitute(And(tuple(conditions)), given)
    known = dict(Neighbours(subject.thing).of(references(asked)))
    line = line_of(Problem(cases=(), judge=None, domain=row.domain, low=ZERO, high=ZERO, points=ZERO))
    for more in worlds(Seen([asked], [], row.domain, known, ())):
        there = substitute(asked, {name: Const(value) for name, value in more})
        if all(truth == cv.TRUE for _, truth in values(there, line.whole, line)):
            return more
    raise NotGiven


def _givens(world: World, subject: Subject) -> Iterator[str]:
    """The lines that bring another input to the value it has in the world; a row can be given only one actual."""
    rows: dict[tuple[str, ...], str] = {}
    for name, value in world:
        kind, _, text = name.partition(":")
        if kind == "prior" or value is None:
            continue
        match kind:
            case "input":
                yield f'  given "{escaped(text)}" {_quoted(subject.other(name, value))}'
            case "spent":
                yield f'  given "{escaped(text.split("/")[-1])}" {_quoted(subject.other(name, value))}'
            case "value" | "met" | "score" | "lost":
                row = subject.row_of(name)
                if row is None or row.formula is not None or row.gather is not None:
                    raise NotGiven
                line = f"  given {_name(row)} {_actual_for(kind, value, row, subject)}"
                if row.path not in rows:
                    yield line
                if rows.setdefault(row.path, line) != line:
                    raise NotGiven
            case _:
                raise NotGiven


def _actual_for(kind: str, value: Value, row: Indicator, subject: Subject) -> str:
    """An actual of another row that gives it this value, this judgement or this score."""
    period = subject.use.period if subject.use is not None else "full"
    use = next((use for use in row.targets if use.period == period), None)
    single = row.scoring is not None and row.scoring.entries is None
    actual: Actual | None = None
    if kind == "value":
        actual = value
    elif kind == "met" and use is not None:
        actual = _meeting(value, row, use)
    elif single and isinstance(value, Fraction):
        actual = _scoring(value if kind == "score" else (row.points or ZERO) - value, row, use, subject)
    text = "" if actual is None else Subject(row, row.scoring or subject.scoring, use, subject.thing).written(actual)
    if not text:
        raise NotGiven
    return text


def _meeting(value: Value, row: Indicator, use: TargetUse) -> Fraction | None:
    size = use.unit.scale if use.unit is not None else Fraction(1)
    problem = Problem(cases=(), judge=use.judge, domain=domain_of(row), low=ZERO, high=ZERO, points=ZERO)
    line = line_of(problem)
    for cell, truth in values(definitions(use.judge)["met"], line.whole, line):
        if isinstance(truth, cv.Fixed) and truth.value is value:
            return pick(cell, size)
    return None


def _scoring(wanted: Fraction, row: Indicator, use: TargetUse | None, subject: Subject) -> Actual | None:
    assert row.scoring is not None  # the caller looked
    problem = problem_of(row, row.scoring, use, Neighbours(subject.thing))
    sites = (site for site in survey(problem).sites if not site.world)
    return next((actual for site in sites for actual in _awarded(site, wanted, problem.size)), None)


def _awarded(site: Site, wanted: Fraction, size: Fraction) -> Iterator[Actual]:
    for piece in site.walk.pieces:
        if cv.fixed_number(piece.low) == wanted and piece.low == piece.high:
            yield site.word if site.word is not None else pick(piece.cell, size)


def _name(row: Indicator) -> str:
    return "/".join(f'"{escaped(part)}"' for part in row.path)


def _quoted(text: str) -> str:
    if unending(text):
        raise NotGiven
    return text if text[:1].isdigit() else f'"{escaped(text)}"'
