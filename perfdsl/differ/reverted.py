"""The new rules with one change taken back: whether it makes a difference on a card is seen by scoring both."""

import attrs

from perfdsl import plan as p
from perfdsl.differ.found import Change, Path
from perfdsl.differ.match import Matched
from perfdsl.differ.normal import renamed

OF_PLAN = ("total", "most", "rounding", "missing", "year", "grades", "funds")
OF_GROUP = ("points", "weight", "bonus", "either", "most")
OF_ROW = ("points", "gather", "bonus")


def reverted(old: p.Plan, new: p.Plan, found: Matched, change: Change, row: Path | None = None) -> p.Plan | None:
    """``new`` with ``change`` (of the row at ``row``, else of the object or one of its groups) as ``old`` had it; None where that cannot be said."""
    if row is not None:
        return _row(new, found, change.what, row)
    groups = {"/".join(b.path): (a, b) for a, b in found.groups}
    if change.name in groups and change.what in (*OF_GROUP, "factor", "applies"):
        return _group(new, *groups[change.name], change.what, found)
    match change.what:
        case "grade":
            return attrs.evolve(new, grades=old.grades)
        case "ceiling":
            ceilings = tuple(attrs.evolve(x, condition=renamed(x.condition, found.names)) for x in old.ceilings)
            return attrs.evolve(new, ceilings=ceilings)
        case "award":
            known = {x.name: attrs.evolve(x, condition=renamed(x.condition, found.names)) for x in old.awards}
            return attrs.evolve(
                new, awards=tuple(known.get(x.name, x) if x.name == change.name else x for x in new.awards)
            )
        case "not_applicable":
            paths = {a.path: b.path for a, b in found.groups}
            goal = paths.get(old.not_applicable_group, old.not_applicable_group)
            return attrs.evolve(new, not_applicable=old.not_applicable, not_applicable_group=goal)
        case "schedule":
            return attrs.evolve(new, schedule_by=old.schedule_by, schedule=old.schedule)
        case what if what in OF_PLAN and not change.name:
            return attrs.evolve(new, **{what: getattr(old, what)})
        case "funds":
            return attrs.evolve(new, funds=old.funds)
    return None


def _row(new: p.Plan, found: Matched, what: str, path: Path) -> p.Plan | None:
    a, b = next((a, b) for a, b in found.rows if b.path == path)
    if what in OF_ROW:
        made = attrs.evolve(b, **{what: getattr(a, what)})
    elif what == "applies":
        made = attrs.evolve(b, applies=renamed(a.applies, found.names) if a.applies is not None else None)
    else:
        return None
    return attrs.evolve(new, indicators=tuple(made if x is b else x for x in new.indicators))


def _within(row: p.PlanIndicator, was: p.PlanIndicator | None, group: p.PlanGroup) -> p.PlanIndicator:
    """A row of a block inside the limits it had."""
    if was is None or row.path[: len(group.path)] != group.path or row.scoring is None or was.scoring is None:
        return row
    return attrs.evolve(row, scoring=attrs.evolve(row.scoring, low=was.scoring.low, high=was.scoring.high))


def _group(new: p.Plan, a: p.PlanGroup, b: p.PlanGroup, what: str, found: Matched) -> p.Plan:
    rows = {y.path: x for x, y in found.rows}
    names = found.names
    if what == "factor":
        factor = attrs.evolve(a.factor, value=renamed(a.factor.value, names)) if a.factor is not None else None
        made = attrs.evolve(b, factor=factor)
    elif what == "applies":
        made = attrs.evolve(b, applies=renamed(a.applies, names) if a.applies is not None else None)
    else:
        made = attrs.evolve(b, **{what: getattr(a, what)})
    if what == "bonus":
        new = attrs.evolve(new, indicators=tuple(_within(x, rows.get(x.path), b) for x in new.indicators))
    return attrs.evolve(new, groups=tuple(made if x is b else x for x in new.groups))


def plain(plan: p.Plan) -> bool:
    """Is the total nothing but the sum of all rows, whatever applies: no weights, factors, 择一, limits, or points moved elsewhere?"""
    if plan.not_applicable in ("rescale", "to") or any(
        g.weight is not None or g.factor is not None or g.either or g.bonus is not None or g.applies is not None
        for g in plan.groups
    ):
        return False
    groups = {g.path: g for g in plan.groups}
    worth = {row.path: row.points for row in plan.indicators} | {path: g.points for path, g in groups.items()}
    tops = [((), plan.roots, plan.total), *((g.path, g.children, g.points) for g in plan.groups)]
    for above, names, points in tops:
        below = [x for name in names if (x := worth.get((*above, name))) is not None]
        if points is None and below:
            return False
        if points is not None and below and sum(below) != points:
            return False
    return not any(row.bonus for row in plan.indicators)
