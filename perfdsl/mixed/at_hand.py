"""What a row looks at, brought down to its own words, constants of its plan, and facts of its object that are given.

Facts are ``input:NAME``, ``spent:LINE``, ``value:PATH`` of a row that is filled in, and the share of the year gone, which the day of
the job decides.  A row that is computed stands as its formula, the plan of a line of money as a number.
"""

from datetime import date
from fractions import Fraction
from functools import cached_property

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl import target as t
from perfdsl.actuals import Observed
from perfdsl.evaluate import Engine
from perfdsl.observe import is_word

OWN = frozenset({"actual", "mark", "met", "completion", "gap", "excess", "target"})
ELSEWHERE = "another row, an input or the day of evaluation"
MOST_NODES, MOST_LEVELS, DEEP = 2000, 60, 8


class Elsewhere(Exception):
    """It looks at what is not at hand; the words say what."""


class AtHand:
    """One plan for one period; money and inputs are known by ``facts``."""

    def __init__(self, engine: Engine, facts: frozenset[str]) -> None:
        self.engine = engine
        self.plan = engine.plan
        self.facts = facts
        self.depth = 0

    def own(self, expr: c.Expr) -> c.Expr:
        """An expression of a row, its own words left as they are."""
        return c.rebuilt(expr, lambda x: x if isinstance(x, c.Const) or x.name in OWN else self.name(x.name))

    def of_object(self, expr: c.Expr) -> c.Expr:
        """An expression that stands in no row: words of a row are missing there."""
        made = c.rebuilt(expr, lambda x: x if isinstance(x, c.Const) else self.name(x.name))
        if c.is_large(made, MOST_NODES, MOST_LEVELS):
            raise Elsewhere("a long formula")
        return made

    def conditions(self, row: p.PlanIndicator) -> list[c.Expr]:
        """When the row applies: its own condition, and those of its groups."""
        above = [self.engine.groups.get("/".join(row.path[:n])) for n in range(1, len(row.path))]
        found = [row.applies, *(x.applies for x in above if x is not None)]
        return [self.of_object(x) for x in found if x is not None]

    def name(self, name: str) -> c.Expr:
        """What a name means that is no word of the row itself."""
        kind, colon, of = name.partition(":")
        match kind:
            case "schedule":
                if self.plan.schedule_by != "table":
                    return c.Ref(schedule_key(self.plan))
                gone = self.engine.schedule()
                return c.UNDEFINED if gone is None else c.Const(gone)
            case _ if not colon and kind in OWN:
                return c.UNDEFINED
            case "plan":
                amount = self.engine.planned(of)
                return c.UNDEFINED if amount is None else c.Const(amount)
            case "input" | "spent":
                return c.Ref(name) if name in self.facts else c.UNDEFINED
            case "value" | "met" if of in self.engine.rows:
                value = self.value(self.engine.rows[of])
                return value if kind == "value" else self.met(self.engine.rows[of], value)
        raise Elsewhere(ELSEWHERE)

    def value(self, row: p.PlanIndicator) -> c.Expr:
        """The value of a row: as given, or its formula inside its domain."""
        due = self.engine.target_of(row)
        if row.gather is not None or (row.scoring is not None and row.scoring.entries is not None):
            raise Elsewhere("several entries")
        if due is not None and isinstance(due.target.meaning, t.Growth):
            raise Elsewhere(ELSEWHERE)
        if row.formula is None:
            return c.Ref(f"value:{'/'.join(row.path)}")
        if self.depth >= DEEP:
            raise Elsewhere("formulas")
        self.depth += 1
        made = self.of_object(row.formula)
        self.depth -= 1
        tests = [c.Compare(op, made, c.Const(limit))
                 for op, limit in ((">=", row.domain.low), ("<=", row.domain.high)) if limit is not None]  # fmt: skip
        if row.domain.whole:
            steps = c.Div(made, c.Const(row.domain.step))
            tests.append(c.Compare("=", c.Floor(steps), steps))
        return c.If(c.And(tuple(tests)), made, c.UNDEFINED) if tests else made

    def met(self, row: p.PlanIndicator, value: c.Expr) -> c.Expr:
        """Did another row reach its target?"""
        target = self.engine.target_of(row)
        if target is None:
            return c.UNDEFINED

        def leaf(one: c.Const | c.Ref) -> c.Expr:
            if isinstance(one, c.Const):
                return one
            if one.name == "schedule":
                return self.name(one.name)
            if one.name != "actual":
                raise Elsewhere(ELSEWHERE)
            return value

        return c.rebuilt(target.judge.met, leaf)

    def is_word(self, name: str) -> bool:
        """May a fact be a word?"""
        kind, _, of = name.partition(":")
        if kind != "value":
            return kind == "input" and self.words[of]
        row = self.engine.rows[of]
        due = self.engine.target_of(row)
        aimed = due.target if due is not None else None
        return is_word(row, aimed) or isinstance(aimed.meaning if aimed is not None else None, t.Deadline)

    @cached_property
    def words(self) -> dict[str, bool]:
        """Which inputs are words."""
        return {x.name: x.is_word for x in self.plan.inputs}


def schedule_key(plan: p.Plan) -> str:
    """How a plan reckons the share of the year gone, as the name of a fact."""
    return f"schedule:{plan.schedule_by}:{plan.year or ''}"


def year_gone(key: str, period: str, as_of: date | None) -> Fraction:
    """The share of the year gone, by the name of the fact."""
    _, by, year = key.split(":")
    plan = p.Plan(kind="project", object="", year=int(year) if year else None, schedule_by=by)
    found = Engine(plan, Observed({}, {}, {}), period, as_of).schedule()
    assert found is not None  # only a table may have none
    return found
