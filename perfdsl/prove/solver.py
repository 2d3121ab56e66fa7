"""What exact pieces and intervals leave undecided, asked of z3 where it is installed; loaded only when there is something to ask.

z3 only says that nothing fails (unsat), or names inputs with which something does: with these given, the prover of its
own finds the witness, or the named numbers are evaluated exactly.  The limit is one of steps, not of time, so that the
answer is the same on every machine.
"""

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import attrs

from perfdsl.bounds import definitions, point, substitute
from perfdsl.core import UNDEFINED, Const, Expr, Value, references
from perfdsl.prove import curves as cv
from perfdsl.prove.contract import Answer, Doubt, Verdict, decide
from perfdsl.prove.curves import Curve, Fixed
from perfdsl.prove.direction import NO_ORDER, Side, orientation
from perfdsl.prove.encode import Formulas, NotEncoded
from perfdsl.prove.outside import Outside, known_of
from perfdsl.prove.pieces import values
from perfdsl.prove.survey import Problem, Site, Survey, survey
from perfdsl.prove.wording import GAVE_UP
from perfdsl.prove.worlds import World

STEPS = 4_000_000  # of z3's own counting, for one question
ORDER = ("V101", "V102", "V103", "V104", "V105")


class Model(NamedTuple):
    """Numbers that z3 names: of the inputs, and of one or two actuals, the better one last."""

    world: World
    actuals: tuple[Fraction, ...]


def installed() -> bool:
    """Is z3 there?"""
    from importlib.util import find_spec

    return find_spec("z3") is not None


def version() -> str:
    """The version of z3 that proved something."""
    import z3

    return str(z3.get_version_string())


def deepened(problem: Problem, answer: Answer) -> tuple[Answer, frozenset[str]]:
    """The answer with its doubts decided as far as z3 can, and the codes that are proved by it."""
    open_codes = [code for code in ORDER if any(d.code == code for d in answer.doubts)]
    if not open_codes or not installed():
        return answer, frozenset()
    asking = _Asking(problem, survey(problem))
    verdicts, doubts, proved = list(answer.verdicts), [], set()
    for code in open_codes:
        own = [d for d in answer.doubts if d.code == code]
        found = None if any(NO_ORDER in d.why for d in own) else asking.about(code)
        if found is None:
            doubts += [Doubt(code, d.why | {GAVE_UP}) for d in own]
        else:
            verdicts += found
            proved |= set() if found else {code}
    return Answer(
        tuple(sorted(verdicts, key=lambda v: (v.code, v.case or 0))), tuple(dict.fromkeys(doubts))
    ), frozenset(proved)


@attrs.define(eq=False)
class _Asking:
    """The questions about one problem."""

    problem: Problem
    seen: Survey

    def about(self, code: str) -> list[Verdict] | None:
        """The failures of one law; none when it is proved, None when this is not known."""
        try:
            match code:
                case "V101":
                    return self._first(lambda f, site: [f.hole])
                case "V102":
                    return self._first(self._beyond, "V102")
                case "V103":
                    return self._first(self._falls, "V103")
                case "V104":
                    return self._reached()
                case _:
                    return self._dead()
        except NotEncoded:
            return None

    def _formulas(self, site: Site, tag: str = "") -> Formulas:
        names = definitions(self.problem.judge)
        known: dict[str, Expr] = {name: Const(value) for name, value in site.world}
        if site.word is not None:
            known["actual"] = Const(site.word)

        def here(expr: Expr) -> Expr:
            return substitute(substitute(expr, names), known)

        cases = [
            (here(when), here(low), here(high) if high is not None else None) for when, low, high in self.problem.cases
        ]
        return Formulas(cases, here(names.get("met", UNDEFINED)), self.facts(cases), self.problem.domain, tag)

    def facts(self, cases: list[tuple[Expr, Expr, Expr | None]]) -> dict[str, Outside]:
        """What is known of the inputs that stay open."""
        known = dict(self.problem.outside)
        parts = [part for case in cases for part in case if part is not None]
        names = {name for part in parts for name in references(part)} - {"actual"}
        return {name: known_of(name, known, self.problem.domain) for name in sorted(names)}

    # ---- V101, V102, V103: something that must not be

    def _first(self, failing: Callable[[Formulas, Site], list[Any]], code: str = "V101") -> list[Verdict] | None:
        unsure = False
        for site in self.seen.sites:
            formulas = self._formulas(site)
            for failure in failing(formulas, site):
                model = self._model(formulas, failure)
                if model is None:
                    unsure = True
                    continue
                if not model.actuals:
                    continue
                verdict = self._shown(code, model, site, formulas)
                if verdict is not None:
                    return [verdict]
                unsure = True
        return None if unsure else []

    def _beyond(self, formulas: Formulas, site: Site) -> list[Any]:
        low, high = formulas.number(self.problem.low), formulas.number(self.problem.high)
        return [formulas.z3.Or(*(formulas.z3.And(case.decides, end.defined, formulas.z3.Or(end.value < low, end.value > high))
                                 for case in formulas.cases for end in case.ends))]  # fmt: skip

    def _falls(self, formulas: Formulas, site: Site) -> list[Any]:
        if site.word is not None:
            raise NotEncoded
        sides, doubt = orientation(site, self.problem.direction)
        if doubt:
            raise NotEncoded
        other = self._formulas(site, "'")
        return [self._fall(formulas, other, side, end) for side in sides for end in (0, 1)]

    def _fall(self, one: Formulas, two: Formulas, side: Side, end: int) -> Any:
        """``two`` is better and scores less."""
        z3 = one.z3
        better = two.actual > one.actual if side.sign > 0 else two.actual < one.actual
        falls = [
            z3.And(
                a.decides, b.decides, a.ends[end].defined, b.ends[end].defined, a.ends[end].value > b.ends[end].value
            )
            for a, b in product(one.cases, two.cases)
        ]
        inside = [each.within(side.part) for each in (one, two)]
        return z3.And(better, *inside, *two.domain, z3.Or(*falls))

    def _shown(self, code: str, model: Model, site: Site, formulas: Formulas) -> Verdict | None:
        """The failure found by the prover of its own in the world z3 names, else with the very actuals it names."""
        world = (*site.world, *model.world)
        known = dict(self.problem.outside) | formulas.facts
        if not all(known[name].occurs(value) for name, value in world if name in known):
            return None  # another row is not known to have that value
        fixed = given(self.problem, world)
        own = [v for v in decide(fixed).verdicts if v.code == code]
        if own:
            return attrs.evolve(own[0], world=(*world, *own[0].world))
        return _verdict(code, fixed, world, site.word, model.actuals)

    # ---- V104, V105: something that must be

    def _reached(self) -> list[Verdict] | None:
        unsure, goal = False, self.problem.points
        for site in self.seen.sites:
            formulas = self._formulas(site)
            z3 = formulas.z3
            full = [
                z3.And(case.decides, case.ends[1].defined, case.ends[1].value >= formulas.number(goal))
                for case in formulas.cases
            ]
            model = self._model(formulas, z3.And(z3.Or(*full), z3.Not(formulas.met.fails)))
            if model is not None and model.actuals:
                return []
            unsure = unsure or model is None
        return None if unsure else self._best()

    def _best(self) -> list[Verdict] | None:
        """Some award that can be had, by an actual that meets the target if one has any."""
        choices: tuple[Callable[[Formulas], Any], ...] = (lambda f: f.met.holds, lambda f: f.met.fails, lambda f: f.yes)
        for meeting in choices:
            for site in self.seen.sites:
                formulas = self._formulas(site)
                z3 = formulas.z3
                awarded = z3.Or(*(z3.And(case.decides, case.ends[1].defined) for case in formulas.cases))
                model = self._model(formulas, z3.And(awarded, meeting(formulas)))
                if model is not None and model.actuals:
                    world = (*site.world, *model.world)
                    found = _verdict("V104", given(self.problem, world), world, site.word, model.actuals)
                    return [found] if found is not None else None
        return None

    def _dead(self) -> list[Verdict] | None:
        certain = {piece.case for site in self.seen.sites for piece in site.walk.pieces if piece.certain}
        reached = {piece.case for site in self.seen.sites for piece in site.walk.pieces} - certain
        found = []
        for case in sorted(reached):
            used = possible = False
            for site in self.seen.sites:
                formulas = self._formulas(site)
                model = self._model(formulas, formulas.cases[case].decides)
                if model is None:
                    return None
                used = used or bool(model.actuals)
                holds = self._model(formulas, formulas.cases[case].holds) if not used else None
                possible = possible or holds is None or bool(holds.actuals)
            if not used:
                found.append(Verdict("V105", "shadowed" if possible else "impossible", case))
        return found

    # ---- asking

    def _model(self, formulas: Formulas, failure: Any) -> Model | None:
        """Numbers with which it happens, easy ones if there are any; no actuals when it never does; None when not known."""
        z3 = formulas.z3
        solver = z3.Solver()
        solver.set("rlimit", STEPS)
        solver.set("random_seed", 0)
        solver.add(*formulas.domain, failure)
        said = solver.check()
        if said == z3.unsat:
            return Model((), ())
        if said != z3.sat:
            return None
        for name, variable in formulas.inputs.items():
            _ease(solver, variable, formulas.facts[name], z3)
        if solver.check() != z3.sat:
            return None
        model = solver.model()
        world = tuple((name, fraction(model, variable)) for name, variable in formulas.inputs.items())
        actuals = tuple(fraction(model, variable) for variable in formulas.actuals(model))
        return Model(world, actuals)


def _ease(solver: Any, variable: Any, fact: Outside, z3: Any) -> None:
    """Set an input to a number that is easy to write, if the failure allows it."""
    solver.check()
    near = fraction(solver.model(), variable) / fact.size
    easy = [
        Fraction(1),
        Fraction(10),
        Fraction(100),
        *(Fraction(round(near * 10**places), 10**places) for places in (0, 1, 2, 4)),
        near,
    ]
    for each in dict.fromkeys(easy):
        solver.push()
        solver.add(variable == z3.Q((each * fact.size).numerator, (each * fact.size).denominator))
        if solver.check() == z3.sat:
            return
        solver.pop()


def fraction(model: Any, variable: Any) -> Fraction:
    """A number of a model; one that is no fraction as one near to it, which is then tried like any other."""
    value = model.eval(variable, model_completion=True)
    if hasattr(value, "approx"):
        value = value.approx(12)
    return Fraction(value.as_fraction())


def given(problem: Problem, world: World) -> Problem:
    """The problem with these inputs known."""
    names: dict[str, Expr] = {name: Const(value) for name, value in world}
    fields = ("target", "met", "completion", "gap", "excess")
    judge = problem.judge and attrs.evolve(
        problem.judge, **{f: substitute(getattr(problem.judge, f), names) for f in fields}
    )
    cases = tuple((substitute(a, names), substitute(b, names), c and substitute(c, names)) for a, b, c in problem.cases)
    left = tuple((name, fact) for name, fact in problem.outside if name not in names)
    return attrs.evolve(problem, cases=cases, judge=judge, outside=left)


def _verdict(code: str, problem: Problem, world: World, word: Value, actuals: tuple[Fraction, ...]) -> Verdict | None:
    """A failure at the very actuals z3 names, if exact evaluation finds the same."""
    shown = actuals if word is None else (word,)
    tried = [_evaluated(problem, actual) for actual in shown]
    cases = [each[0] if each is not None else None for each in tried]
    awards = tuple(each[1] for each in tried if each is not None)
    match code:
        case "V101" if cases == [None]:
            return Verdict("V101", "", None, shown, (), world)
        case "V102" if awards and not problem.low <= awards[0] <= problem.high:
            return Verdict("V102", "high" if awards[0] > problem.high else "low", cases[0], shown, awards, world)
        case "V103" if len(awards) == 2 and awards[0] > awards[1]:
            return Verdict("V103", "", cases[1], shown, awards, world)
        case "V104" if awards:
            return Verdict("V104", "unreached", cases[0], shown, awards, world)
    return None


def _evaluated(problem: Problem, actual: Value) -> tuple[int, Fraction] | None:
    """The case that decides one actual, and its award; None when none does."""
    names = definitions(problem.judge)
    known: dict[str, Expr] = {"actual": Const(actual)}
    line = cv.Line(point(Fraction(0)))
    for index, (when, low, _) in enumerate(problem.cases):
        holds, award = (
            values(substitute(substitute(part, names), known), line.whole, line)[0][1] for part in (when, low)
        )
        if holds == cv.TRUE:
            number = cv.fixed_number(award) if isinstance(award, Curve) else None
            return None if number is None else (index, number)
        if not isinstance(holds, Fixed):
            return None
    return None
