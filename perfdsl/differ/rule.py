"""One indicator in one period as a rule that stands alone: its cases over the actual, with all that is settled put in.

Whether another row's target is met is put in as the judgement over that row's value, and the value of a row whose formula
is another in the other plan as that formula, so that two rules are never called equal because they ask for the same name.
"""

from collections.abc import Mapping
from fractions import Fraction

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.actuals import Observed
from perfdsl.bounds import definitions, substitute
from perfdsl.core import Const, Domain, Expr, Ref
from perfdsl.differ.normal import Key, key, renamed
from perfdsl.evaluate import NO_JUDGE, Engine
from perfdsl.target import Nothing

MOST_NODES, MOST_LEVELS = 4_000, 200


@attrs.frozen
class Step:
    """One case: its condition, its award and the upper end of a range, and the case as the plan has it."""

    when: Expr
    award: Expr
    high: Expr | None
    case: c.Case


@attrs.frozen(kw_only=True)
class Rule:
    """``places`` is the rounding of a score, None for one entry of several (neither limited nor rounded by itself).

    ``open`` are the limits of a score nothing decides; ``words`` maps what may be written to the word that is compared.
    """

    steps: tuple[Step, ...]
    domain: Domain
    low: Fraction
    high: Fraction
    places: int | None
    open: tuple[Fraction, Fraction]
    words: Mapping[str, str]
    guarded: bool = False

    @property
    def conditions(self) -> list[Expr]:
        """All conditions, in order."""
        return [step.when for step in self.steps]

    @property
    def awards(self) -> list[Expr]:
        """All awards and upper ends."""
        return [e for step in self.steps for e in (step.award, step.high) if e is not None]

    def with_names(self, names: Mapping[str, Expr]) -> "Rule":
        """The same with some inputs settled."""
        steps = tuple(
            Step(
                substitute(s.when, names),
                substitute(s.award, names),
                substitute(s.high, names) if s.high is not None else None,
                s.case,
            )
            for s in self.steps
        )
        return attrs.evolve(self, steps=steps)

    def identity(self) -> Key:
        """Equal identities score equally, whatever the inputs."""
        steps = tuple((key(s.when), key(s.award), key(s.high), s.case.missing) for s in self.steps)
        domain = (self.domain.low, self.domain.high, self.domain.whole, self.domain.step if self.domain.whole else 0)
        return (steps, domain, self.low, self.high, self.places, self.open, tuple(sorted(self.words.items())))


class Rules:
    """The rules of one plan; ``names`` are the names inputs have in the other plan, where they differ.

    ``opened`` are the paths of computed rows whose formulas are put in where others look at their values.
    """

    def __init__(
        self, plan: p.Plan, names: Mapping[str, str], opened: frozenset[str] = frozenset(), side: str = ""
    ) -> None:
        self.plan = plan
        self.side = side
        self.names = names
        self.opened = opened
        self.rows = {"/".join(row.path): row for row in plan.indicators}

    def meant(self, expr: Expr, period: str) -> Expr:
        """``expr`` with judgements of other rows, and the values of opened rows, put in."""
        while names := {name: made for name in c.references(expr) if (made := self._meaning(name, period)) is not None}:
            expr = substitute(expr, names)
            if c.is_large(expr, MOST_NODES, MOST_LEVELS):
                return Ref(f"large:{self.side}")  # nobody knows it, and it is equal to nothing of the other plan
        return expr

    def _meaning(self, name: str, period: str) -> Expr | None:
        kind, _, path = name.partition(":")
        row = self.rows.get(path)
        if row is not None and kind == "met":
            use = self.target(row, period)
            return substitute((use.judge if use is not None else NO_JUDGE).met,
                              {"actual": Ref(f"value:{path}"), "prior": Ref(f"prior:{path}")})  # fmt: skip
        if row is not None and kind == "value" and path in self.opened and row.formula is not None:
            return inside(row.formula, row.domain)
        return None

    def settled(self, expr: Expr, period: str) -> Expr:
        """``expr`` with the plan's own amounts and table put in, and names as the other plan has them."""
        expr = self.meant(expr, period)
        known: dict[str, Expr] = {}
        engine = Engine(self.plan, Observed({}, {}, {}), period or "full", None)
        for name in c.references(expr):
            if name.startswith("plan:") and period:
                known[name] = Const(engine.value(Ref(name), None))
            elif name == "schedule" and self.plan.schedule_by == "table" and period:
                known[name] = Const(engine.schedule())
            elif name == "schedule":
                known[name] = Ref(f"schedule:{self.plan.schedule_by}" if self.plan.schedule_by == "table" else name)
        return renamed(substitute(expr, known), self.names)

    def by_period(self, row: p.PlanIndicator) -> bool:
        """Does a row without targets of its own score otherwise in another period: by amounts, the table of shares, or another row's target?"""
        cases = row.scoring.cases if row.scoring is not None else ()
        exprs = [row.formula, *(e for x in cases for e in (x.when, x.award, x.high))]
        names = {n for e in exprs if e is not None for n in c.references(self.meant(e, "")) | c.references(e)}
        return any(name.startswith(("plan:", "met:")) for name in names) or (
            "schedule" in names and self.plan.schedule_by == "table"
        )

    def target(self, row: p.PlanIndicator, period: str) -> p.PlanTarget | None:
        """The target of a period; None where there is none or it says 无."""
        found = next((x for x in row.targets if x.period == period), None)
        return None if found is None or isinstance(found.target.meaning, Nothing) else found

    def rule(self, row: p.PlanIndicator, period: str) -> Rule | None:
        """The rule of a period ("" where the row has no targets); None when the row is not assessed in it."""
        assert row.scoring is not None  # the caller looked
        use = self.target(row, period)
        if use is None and row.targets:
            return None
        judge = definitions(use.judge if use is not None else NO_JUDGE)
        entries = row.scoring.entries

        def own(expr: Expr) -> Expr:
            return self.settled(substitute(expr, judge), period)

        steps = tuple(
            Step(own(x.when), own(x.award), own(x.high) if x.high is not None else None, x) for x in row.scoring.cases
        )
        ranges = {name: (low, high) for name, low, high in row.possible}
        limits = ranges.get(period) or ranges.get("") or (row.scoring.low, row.scoring.high)
        return Rule(
            steps=steps, domain=row.domain, low=row.scoring.low, high=row.scoring.high,
            places=None if entries is not None else self.plan.rounding, open=limits, words=dict(row.words),
        )  # fmt: skip


def inside(made: Expr, domain: Domain) -> Expr:
    """A computed value, missing where it lies outside the row's domain."""
    tests = [c.Compare(">=", made, Const(domain.low))] if domain.low is not None else []
    tests += [c.Compare("<=", made, Const(domain.high))] if domain.high is not None else []
    if domain.whole:
        count = c.Div(made, Const(domain.step))
        tests.append(c.Compare("=", c.Floor(count), count))
    return c.If(c.And(tuple(tests)), made, c.UNDEFINED) if tests else made
