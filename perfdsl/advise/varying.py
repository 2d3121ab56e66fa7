"""What depends on one thing that may change, and as which expression of it; all else is as it was evaluated."""

from fractions import Fraction

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.advise.totals import Node
from perfdsl.bounds import definitions, substitute
from perfdsl.evaluate import NO_JUDGE, Engine

SELF = c.Ref("actual")
INDICATOR_WORDS = ("value", "met", "score", "lost", "applies")


class Names:
    """Which names look at which, by the plan of an object."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.plan = engine.plan
        self.below: dict[str, frozenset[str]] = {}

    def asked(self, name: str) -> set[str]:
        """The names that one name asks for directly."""
        kind, _, path = name.partition(":")
        if name in self.engine.comparisons:
            of = self.engine.comparisons[name].of
            return {"score:" if of == "total:" else of} - {""}
        row, group = self.engine.rows.get(path), self.engine.groups.get(path)
        if kind not in INDICATOR_WORDS:
            return set()
        if row is not None:
            return self._asked_by_row(kind, row)
        exprs = [group.factor.value] if group is not None and group.factor is not None else []
        children = group.children if group is not None else () if path else self.plan.roots
        return _colon(exprs) | {f"score:{path}/{child}" if path else f"score:{child}" for child in children}

    def _asked_by_row(self, kind: str, row: p.PlanIndicator) -> set[str]:
        path = "/".join(row.path)
        target = self.engine.target_of(row)
        judge = list(definitions(target.judge if target is not None else NO_JUDGE).values())
        if kind == "value":
            return _colon([row.formula] if row.formula is not None else [])
        if kind == "met":
            return {f"value:{path}"} | _colon(judge)
        groups = [self.engine.groups.get("/".join(row.path[:n])) for n in range(1, len(row.path))]
        applies = [x.applies for x in (row, *groups) if x is not None and x.applies is not None]
        if kind == "applies":
            return _colon(applies)
        cases = row.scoring.cases if row.scoring is not None else ()
        parts = [part for case in cases for part in (case.when, case.award, case.high) if part is not None]
        return {f"value:{path}", f"entries:{path}"} | _colon([*parts, *judge, *applies])

    def closure(self, name: str) -> frozenset[str]:
        """Everything a name depends on, itself included."""
        if name not in self.below:
            seen, stack = {name}, [name]
            while stack:
                for other in self.asked(stack.pop()):
                    if other not in seen:
                        seen.add(other)
                        stack.append(other)
            self.below[name] = frozenset(seen)
        return self.below[name]

    def of_expr(self, expr: c.Expr) -> frozenset[str]:
        """Everything an expression depends on."""
        return frozenset().union(*(self.closure(name) for name in c.references(expr) if ":" in name))


class Varying:
    """Expressions of ``source`` (a name of the calculus, such as ``value:甲``), written with ``Ref("actual")`` for it."""

    def __init__(self, names: Names, total: Node, source: str) -> None:
        self.names, self.source = names, source
        self.engine = names.engine
        self.nodes = {node.path: node for node in total.nodes()} | {"": total}
        self.known: dict[str, c.Expr] = {}

    def named(self, name: str) -> c.Expr:
        """What a name stands for."""
        if name not in self.known:
            varies = self.source in self.names.closure(name)
            self.known[name] = self._made(name) if varies else c.Const(self.engine.reference(name, None))
        return self.known[name]

    def expr(self, written: c.Expr) -> c.Expr:
        """An expression of the object, such as the condition of a ceiling."""
        return substitute(written, {name: self.named(name) for name in c.references(written) if ":" in name})

    def _made(self, name: str) -> c.Expr:
        kind, _, path = name.partition(":")
        if name == self.source:
            return SELF
        row = self.engine.rows.get(path)
        if row is None:
            return self._group(kind, path)
        match kind:
            case "value" if row.formula is not None:
                return _inside(self.expr(row.formula), row.domain)
            case "met":
                return self._own(row, c.Ref("met"))
            case "score":
                return self._score(row)
            case "lost":
                return c.Max((c.ZERO, _minus(row.points or Fraction(0), self.named(f"score:{path}"))))
        return c.Const(self.engine.reference(name, None))

    def _group(self, kind: str, path: str) -> c.Expr:
        node = self.nodes.get(path)
        if kind not in ("score", "lost") or node is None:
            return c.Const(self.engine.reference(f"{kind}:{path}", None))
        made = node.expr(lambda row: self.named(f"score:{row}"))
        points = self.engine.group(path).points or Fraction(0)
        return made if kind == "score" else c.Max((c.ZERO, _minus(points, made)))

    def _own(self, row: p.PlanIndicator, written: c.Expr) -> c.Expr:
        """An expression in the own words of a row."""
        frame = self.engine.frame(row)
        said = substitute(written, definitions(frame.judge))
        words: dict[str, c.Expr] = {
            "actual": self.named(f"value:{'/'.join(row.path)}"),
            "prior": c.Const(frame.entry.prior),
            "mark": c.Const(frame.entry.mark),
            "schedule": c.Const(self.engine.schedule()),
        }
        return substitute(said, words | {name: self.named(name) for name in c.references(said) if ":" in name})

    def _score(self, row: p.PlanIndicator) -> c.Expr:
        """The printed score of a row: its cases in turn, inside its limits, rounded once."""
        scoring = row.scoring
        if scoring is None or scoring.entries is not None:
            return c.Const(self.engine.reference(f"score:{'/'.join(row.path)}", None))
        made: c.Expr = c.UNDEFINED
        places, mark = self.engine.plan.rounding, c.Ref("mark")
        for case in reversed(scoring.cases):
            award: c.Expr = c.Min((c.Max((case.award, c.Const(scoring.low))), c.Const(scoring.high)))
            if case.high is not None:
                low, high = c.Round(case.award, places), c.Round(case.high, places)
                given = c.And((c.Compare("<=", low, mark), c.Compare("<=", mark, high)))
                award = c.If(given, mark, c.UNDEFINED)
            made = c.If(case.when, award, made)
        return c.Round(self._own(row, made), places)


def _colon(exprs: list[c.Expr]) -> set[str]:
    """The names of other things that expressions ask for."""
    return {name for expr in exprs for name in c.references(expr) if ":" in name}


def _minus(points: Fraction, score: c.Expr) -> c.Expr:
    return c.Add((c.Const(points), c.Mul((c.Const(Fraction(-1)), score))))


def _inside(made: c.Expr, domain: c.Domain) -> c.Expr:
    """A computed value is one only inside its domain."""
    tests: list[c.Expr] = []
    if domain.low is not None:
        tests.append(c.Compare(">=", made, c.Const(domain.low)))
    if domain.high is not None:
        tests.append(c.Compare("<=", made, c.Const(domain.high)))
    if domain.whole:
        count = c.Div(made, c.Const(domain.step))
        tests.append(c.Compare("=", c.Floor(count), count))
    return c.If(c.And(tuple(tests)), made, c.UNDEFINED) if tests else made
