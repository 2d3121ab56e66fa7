"""An indicator as one expression over what is given: its formula, its judgement and other rows' values put in place.

What is left refers to columns only; what cannot be put in place refuses, and the engine scores that indicator.
"""

from collections.abc import Callable

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.bounds import definitions, substitute
from perfdsl.evaluate import NO_JUDGE, Engine


class NotCovered(Exception):
    """The fast way does not know this; the words say what."""


def rubric(engine: Engine, row: p.PlanIndicator) -> tuple[c.Case, ...]:
    """The cases of a row over columns."""
    assert row.scoring is not None  # the caller looked
    path = "/".join(row.path)
    into = _Inliner(engine)

    def own(expr: c.Expr) -> c.Expr:
        return into.expand(_own(engine, path, expr), (path,))

    return tuple(
        c.Case(
            own(x.when),
            own(x.award),
            own(x.high) if x.high is not None else None,
            x.text,
            x.award_text,
            x.line,
            x.missing,
        )
        for x in row.scoring.cases
    )


def _own(engine: Engine, path: str, expr: c.Expr) -> c.Expr:
    """An indicator's own words by its path."""
    target = engine.target_of(engine.rows[path])
    judge = target.judge if target is not None else NO_JUDGE
    names: dict[str, c.Expr] = {"actual": c.Ref(f"value:{path}"), "mark": c.Ref(f"mark:{path}"), "prior": c.UNDEFINED,
                                "schedule": c.Const(engine.schedule())}  # fmt: skip
    return substitute(substitute(expr, definitions(judge)), names)


def inside(expr: c.Expr, domain: c.Domain) -> c.Expr:
    """A computed value; outside its domain it is missing."""
    if domain.whole:
        raise NotCovered("whole numbers")
    limits = ((">=", domain.low), ("<=", domain.high))
    tests = tuple(c.Compare(op, expr, c.Const(limit)) for op, limit in limits if limit is not None)
    return c.If(c.And(tests), expr, c.UNDEFINED) if tests else expr


class _Inliner:
    """Puts everything in place that does not change from object to object."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def expand(self, expr: c.Expr, trail: tuple[str, ...]) -> c.Expr:
        """``expr`` over columns; ``trail`` are the rows being put in place."""
        names = {name: self._meaning(name, trail) for name in c.references(expr)}
        return substitute(expr, {name: found for name, found in names.items() if found != c.Ref(name)})

    def _meaning(self, name: str, trail: tuple[str, ...]) -> c.Expr:
        kind, _, path = name.partition(":")
        known: dict[str, Callable[[], c.Expr]] = {
            "value": lambda: self._value(name, path, trail),
            "met": lambda: self._met(path, trail),
            "mark": lambda: c.Ref(name),
            "input": lambda: c.Ref(name),
            "spent": lambda: c.Ref(name),
            "plan": lambda: c.Const(self.engine.planned(path)),
            "schedule": lambda: c.Const(self.engine.schedule()),
        }
        if kind not in known:
            raise NotCovered(name)
        return known[kind]()

    def _value(self, name: str, path: str, trail: tuple[str, ...]) -> c.Expr:
        """The value of a row: given, or computed by its formula."""
        row = self.engine.rows.get(path)
        if row is None:
            return c.UNDEFINED
        if row.gather is not None:
            raise NotCovered(name)
        if row.formula is None:
            return c.Ref(name)
        if path in trail[1:] or len(trail) > 50:
            raise NotCovered(name)
        return inside(self.expand(row.formula, (*trail, path)), row.domain)

    def _met(self, path: str, trail: tuple[str, ...]) -> c.Expr:
        if path not in self.engine.rows or path in trail or self.engine.rows[path].gather is not None:
            raise NotCovered(f"met:{path}")
        return self.expand(_own(self.engine, path, c.Ref("met")), (*trail, path))
