"""In which order comparisons can be made: each after those that what it compares is made from."""

from collections.abc import Iterable

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.integers.values import NotCovered


def layers(plan: p.Plan) -> tuple[tuple[c.Comparison, ...], ...]:
    """The comparisons of ``plan``, those that can be made together in one tuple; raises ``NotCovered`` for circles."""
    names = _Names(plan)
    behind = {x.name: names.comparisons_behind(x) for x in plan.comparisons}
    made: list[tuple[c.Comparison, ...]] = []
    known: set[str] = set()
    while len(known) < len(behind):
        ready = tuple(x for x in plan.comparisons if x.name not in known and behind[x.name] <= known)
        if not ready:
            raise NotCovered("comparisons")
        made.append(ready)
        known |= {x.name for x in ready}
    return tuple(made)


def compares(plan: p.Plan, path: str) -> bool:
    """Does the score of a row depend on comparisons?"""
    return bool(plan.comparisons) and any(
        x.partition(":")[0] in c.COHORT_KINDS for x in _Names(plan).closure([f"score:{path}"])
    )


def looks_aside(plan: p.Plan, path: str) -> bool:
    """Does a row look at anything but its own words and constants?"""
    own = {f"{kind}:{path}" for kind in ("score", "applies", "met", "value", "lost")}
    found = _Names(plan).closure([f"score:{path}"])
    return any(x not in own and not x.startswith("plan:") for x in found)


def looked_at(plan: p.Plan, paths: Iterable[str]) -> frozenset[str]:
    """The columns that the scores of some rows are made from, by the key of what they are about (``value:PATH``, ``input:NAME``)."""
    return frozenset(_Names(plan).closure([f"score:{x}" for x in paths]))


class _Names:
    """What the names of a plan are made from, seen generously: whatever the state of anything."""

    def __init__(self, plan: p.Plan) -> None:
        self.plan = plan
        self.rows = {"/".join(x.path): x for x in plan.indicators}
        self.groups = {"/".join(x.path): x for x in plan.groups}

    def comparisons_behind(self, one: c.Comparison) -> set[str]:
        """The comparisons that what ``one`` compares is made from, those behind other comparisons left out."""
        kind, _, path = one.of.partition(":")
        if not one.of:
            return set()
        start = [f"score:{path}" if kind == "lost" else one.of]
        start += [
            f"applies:{x}" for x in self.rows if kind != "input" and f"{x}/".startswith(f"{path}/" if path else "")
        ]
        return {x for x in self.closure(start) if x.partition(":")[0] in c.COHORT_KINDS}

    def closure(self, start: Iterable[str]) -> set[str]:
        """All names reached from ``start``, itself among them; comparisons are reached and not gone through."""
        found: set[str] = set()
        stack = list(start)
        while stack:
            name = stack.pop()
            if name not in found:
                found.add(name)
                stack += self.needs(name)
        return found

    def needs(self, name: str) -> set[str]:
        """What one name is directly made from."""
        kind, _, path = name.partition(":")
        if name == "total:":
            return {"score:"} | _all(x.condition for x in self.plan.ceilings if x.total is not None)
        row, group = self.rows.get(path), self.groups.get(path)
        if kind in ("score", "lost") and row is None:
            return self.group_needs(path, group)
        if row is None:
            return set()
        match kind:
            case "value":
                return _all([row.formula])
            case "met":
                return self.judged(row, path)
            case "applies":
                above = (self.groups.get("/".join(row.path[:n])) for n in range(1, len(row.path)))
                return _all([row.applies, row.formula, *(x.applies for x in above if x is not None)])
            case "score" | "lost":
                cases = row.scoring.cases if row.scoring is not None else ()
                asked = _all(part for x in cases for part in (x.when, x.award, x.high))
                return asked | self.judged(row, path) | {f"applies:{path}"}
        return set()

    def judged(self, row: p.PlanIndicator, path: str) -> set[str]:
        """What judging a row by its target looks at."""
        parts = [
            part
            for x in row.targets
            for part in (x.judge.met, x.judge.completion, x.judge.gap, x.judge.excess, x.judge.target)
        ]
        return _all(parts) | {f"value:{path}"}

    def group_needs(self, path: str, group: p.PlanGroup | None) -> set[str]:
        """The children of a group, or of everything; moved points depend on what applies anywhere."""
        children = group.children if group is not None else () if path else self.plan.roots
        found = {f"score:{path}/{x}" if path else f"score:{x}" for x in children}
        if self.plan.not_applicable == "to":
            found |= {f"applies:{x}" for x, row in self.rows.items() if row.points is not None and not row.bonus}
        return found | _all([group.factor.value] if group is not None and group.factor is not None else [])


def _all(exprs: Iterable[c.Expr | None]) -> set[str]:
    return {name for x in exprs if x is not None for name in c.references(x) if ":" in name}
