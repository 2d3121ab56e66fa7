"""Core expressions over the columns of an object: every name looked up, every word of a row by its judgement."""

from collections.abc import Mapping
from fractions import Fraction

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl import program as g
from perfdsl.evaluate import NO_JUDGE, Engine
from perfdsl.extent import Extents, extent
from perfdsl.integers.values import NOTHING, Arithmetic, Bool, Column, NotCovered, Num, Value, Word, constant

UNDER = "size of "  # before the name of a comparison: the column of what its number is divided by
OWN = ("target", "met", "completion", "gap", "excess")
DEEP = 40


@attrs.define(eq=False)
class Shared:
    """What all readings of one plan share: the steps made so far and what they brought."""

    engine: Engine
    units: int
    columns: Mapping[str, g.Column]
    extents: Extents
    apart: frozenset[str] = frozenset()
    steps: list[g.Row | g.Sum] = attrs.Factory(list)
    results: dict[str, "Result"] = attrs.Factory(dict)
    working: set[str] = attrs.Factory(set)

    @property
    def plan(self) -> p.Plan:
        """The plan."""
        return self.engine.plan


@attrs.frozen
class Result:
    """What a row or a group brings: its limits, points it counts with (None: none), and where it applies or is open."""

    low: g.Int
    high: g.Int
    open: g.Truth
    applies: g.Truth
    points: g.Int | None
    bonus: bool = False


class Reading(Arithmetic):
    """One way of reading a plan: with columns in the states that are still possible."""

    def __init__(self, shared: Shared, states: Mapping[str, frozenset[str]] | None = None) -> None:
        columns = dict(shared.columns)
        extents = shared.extents
        if states:
            columns |= {name: attrs.evolve(columns[name], states=found) for name, found in states.items()}
            extents = Extents(shared.extents.columns | {name: extent(columns[name]) for name in states})
        super().__init__(columns, extents, shared.extents)
        self.shared = shared
        self.engine = shared.engine
        self.plan = shared.plan
        self.memo: dict[tuple[c.Expr, str], Value] = {}
        self.trail: list[tuple[str, str]] = []

    # ---- expressions

    def read(self, expr: c.Expr, path: str = "") -> Value:
        """The value of ``expr``, the own words being those of the row ``path``."""
        key = (expr, path)
        if key not in self.memo:
            self.memo[key] = self._fresh(expr, path)
        return self.memo[key]

    def _fresh(self, expr: c.Expr, path: str) -> Value:
        match expr:
            case c.Const(value):
                return _constant(value)
            case c.Ref(name):
                return self.name(name, path)
            case c.Compare(op, left, right):
                return self.compare(op, self.read(left, path), self.read(right, path))
            case c.If(test, then, other):
                return self.choose(self.truth(self.read(test, path)), self.read(then, path), self.read(other, path))
            case c.And(args) | c.Or(args):
                return self.joint([self.truth(self.read(x, path)) for x in args], isinstance(expr, c.Or))
            case c.Not(arg):
                inner = self.truth(self.read(arg, path))
                return Bool(inner.no, inner.yes)
            case c.Missing(arg):
                missing = self.missing(self.read(arg, path))
                return Bool(missing, self.opposite(missing))
        numbers = [self.number(self.read(x, path)) for x in c.children(expr)]
        known = [x for x in numbers if x is not None]
        return self._arithmetic(expr, known) if len(known) == len(numbers) else NOTHING

    def _arithmetic(self, expr: c.Expr, numbers: list[Num]) -> Value:
        match expr:
            case c.Add(_):
                return self.add(numbers) if numbers else constant(Fraction(0))
            case c.Mul(_):
                return self.multiply(numbers)
            case c.Div(_, _):
                return self.divide(numbers[0], numbers[1])
            case c.Min(_) | c.Max(_):
                return self.extreme(numbers, isinstance(expr, c.Min))
            case c.Floor(_):
                return self.floor(numbers[0])
            case c.Round(_, places):
                return self.round(numbers[0], places)
        raise AssertionError(expr)

    # ---- names

    def name(self, name: str, path: str) -> Value:
        """What a name is worth."""
        kind, colon, of = name.partition(":")
        if not colon:
            return self.own(kind, path)
        match kind:
            case "value":
                return self.value_of(of) if of in self.engine.rows else NOTHING
            case "met":
                return self.read(self.judge(of).met, of) if of in self.engine.rows else NOTHING
            case "applies":
                return self.applies(of) if of in self.engine.rows else NOTHING
            case "score" | "lost":
                return self.points_of(kind, of)
            case "input" | "spent":
                return self.column(name)
            case "plan":
                amount = self.engine.planned(of)
                return NOTHING if amount is None else constant(amount)
            case _ if kind in c.COHORT_KINDS and name not in self.columns:
                raise NotCovered("places unknown", name=name)
            case _ if f"{UNDER}{name}" in self.columns:
                return self.share(name)
            case _ if kind in c.COHORT_KINDS:
                return self.column(name)
        return NOTHING

    def own(self, name: str, path: str) -> Value:
        """The own words of a row."""
        if name == "schedule":
            gone = self.engine.schedule()
            return NOTHING if gone is None else constant(gone)
        if not path:
            return NOTHING
        if name == "actual":
            return self.value_of(path)
        if name in ("prior", "mark"):
            return self.column(f"{name}:{path}")
        return self.read(getattr(self.judge(path), name), path) if name in OWN else NOTHING

    def judge(self, path: str) -> c.Judge:
        """How the target of the period judges."""
        target = self.engine.target_of(self.engine.rows[path])
        return target.judge if target is not None else NO_JUDGE

    def column(self, name: str) -> Value:
        """A column; one nobody gives is missing throughout."""
        found = self.columns.get(name)
        if found is None or not found.states & {g.NUMBER, g.WORD}:
            return NOTHING
        return Column(name, found.per)

    def share(self, name: str) -> Value:
        """A comparison that comes as a fraction, such as a place as a share of all: two columns."""
        of, among = self.number(self.column(name)), self.number(self.column(f"{UNDER}{name}"))
        return NOTHING if of is None or among is None else self.divide(of, among)

    def value_of(self, path: str) -> Value:
        """The value of a row: given, or computed, and inside its domain."""
        row = self.engine.rows[path]
        if row.formula is None:
            return self.column(f"value:{path}")
        if ("value", path) in self.trail or len(self.trail) > DEEP:
            raise NotCovered("formulas")
        self.trail.append(("value", path))
        found = self.number(self.read(row.formula))
        self.trail.pop()
        return NOTHING if found is None else found._replace(known=self.every(found.known, *self.inside(found, row)))

    def inside(self, value: Num, row: p.PlanIndicator) -> list[g.Truth]:
        """Is a computed value in its domain?"""
        domain = row.domain
        limits = ((">=", domain.low), ("<=", domain.high))
        found = [self.compared(op, value, constant(limit)) for op, limit in limits if limit is not None]
        if domain.whole:
            steps = self.multiply([value, constant(1 / domain.step)])
            found.append(self.order("=", steps.top, self.times(self.quotient(steps.top, steps.bottom), steps.bottom)))
        return found

    def applies(self, path: str) -> Bool:
        """Does a row apply: its own condition, those of its groups, and what the column says."""
        row = self.engine.rows[path]
        conditions = [row.applies] if row.applies is not None else []
        for depth in range(1, len(row.path)):
            group = self.engine.groups.get("/".join(row.path[:depth]))
            if group is not None and group.applies is not None:
                conditions.append(group.applies)
        found = self.joint([self.truth(self.read(x)) for x in conditions], False)
        name = f"value:{path}"
        absent = self.state(name, g.ABSENT) if name in self.columns else g.NO
        if row.formula is not None:
            absent = self.some(absent, self.stands_outside(row.formula))
        return Bool(self.every(found.yes, self.opposite(absent)), self.some(found.no, absent))

    def stands_outside(self, formula: c.Expr) -> g.Truth:
        """Does the object take no part in what a formula compares, so that it comes to nothing?"""
        names = c.comparisons_in(formula)
        unplaced = next((x for x in names if x not in self.columns), None)
        if unplaced is not None:
            raise NotCovered("places unknown", name=unplaced)
        outside = self.asks_outside(formula) if names else g.NO
        if outside == g.NO:
            return g.NO
        value = self.read(formula)
        return self.every(outside, self.missing(value))

    def asks_outside(self, expr: c.Expr) -> g.Truth:
        """Does an expression ask for a comparison without the object, on the ways its conditions decide?"""
        if isinstance(expr, c.Ref):
            kind = expr.name.partition(":")[0]
            return self.state(expr.name, g.ABSENT) if kind in c.COHORT_KINDS else g.NO
        if not isinstance(expr, c.If):
            return self.some(*(self.asks_outside(x) for x in c.children(expr)))
        test = self.truth(self.read(expr.test))
        ways = self.every(test.yes, self.asks_outside(expr.then)), self.every(test.no, self.asks_outside(expr.other))
        return self.some(self.asks_outside(expr.test), *ways)

    def points_of(self, kind: str, path: str) -> Value:
        """The score of a row, of a group or of everything, or what it lost."""
        made = self.result(path)
        known = self.opposite(made.open)
        if kind == "score":
            return Num(made.low, g.Whole(self.shared.units), known)
        lost = self.greatest(g.Whole(0), self.minus(made.points or g.Whole(0), made.low))
        return Num(lost, g.Whole(self.shared.units), known)

    def result(self, path: str) -> Result:
        """What a row or a group brings; its step is made when it is first asked for."""
        raise NotImplementedError


def _constant(value: c.Value) -> Value:
    match value:
        case bool():
            return Bool(g.Settled(value), g.Settled(not value))
        case Fraction():
            return constant(value)
        case str():
            return Word(value)
    return NOTHING
