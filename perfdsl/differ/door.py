"""Two sets of plans compared: objects by name, rows by path, name or meaning, then everything else."""

from collections.abc import Iterator, Sequence

import attrs

from perfdsl import plan as p
from perfdsl.core import Expr, references
from perfdsl.differ.found import OPEN, SAME, Change, Difference, ObjectDifference, Path, RowDifference
from perfdsl.differ.grades import grade_changes
from perfdsl.differ.lights import light_changes
from perfdsl.differ.match import Matched, match
from perfdsl.differ.rows import Two, compare_row
from perfdsl.differ.whole import decided
from perfdsl.differ.written import object_changes


def compare(old: Sequence[p.Plan], new: Sequence[p.Plan]) -> Difference:
    """What the rules of ``new`` make of actuals that those of ``old`` do not; exact, nothing is tried out and called proved.

    One object on either side is the same object whatever its name.
    """
    if len(old) == len(new) == 1:
        return Difference(objects=(compare_objects(old[0], new[0]),))
    ours, theirs = ({plan.object: plan for plan in plans} for plans in (old, new))
    return Difference(
        objects=tuple(compare_objects(ours[name], theirs[name]) for name in ours if name in theirs),
        added=tuple(name for name in theirs if name not in ours),
        removed=tuple(name for name in ours if name not in theirs),
    )


def compare_objects(old: p.Plan, new: p.Plan) -> ObjectDifference:
    """Two plans of one object."""
    found = match(old, new)
    two = Two(old, new, found)
    rows = [compare_row(two, a, b) for a, b in found.rows]
    changes = [
        *object_changes(two, found.groups, found.groups_added, found.groups_removed),
        *_structure(two, found),
        *grade_changes(old, new),
        *light_changes(old, new),
    ]
    changes, rows = decided(two, found, changes, rows)
    rows = [_looking(two, found, row, rows) for row in rows]
    return ObjectDifference(
        name=new.object, was=old.object, rows=tuple(rows), added=tuple(x.path for x in found.added),
        removed=tuple(x.path for x in found.removed), changes=tuple(changes),
    )  # fmt: skip


# ---- how groups add up


def _structure(two: Two, found: Matched) -> Iterator[Change]:
    """Where rows stand in other groups, sums may come out otherwise when something does not apply."""
    ids = {a.path: at for at, (a, _) in enumerate(found.rows)}
    again = {b.path: at for at, (_, b) in enumerate(found.rows)}
    if found.added or found.removed:
        return
    before, after = _shape(two.old.plan, ids), _shape(two.new.plan, again)
    if before != after:
        yield Change(what="structure", effect=OPEN)


def _shape(plan: p.Plan, ids: dict[Path, int], above: Path = ()) -> tuple[object, ...]:
    """The tree of what counts, without names and order."""
    groups = {g.path: g for g in plan.groups}
    names = groups[above].children if above else plan.roots
    made: list[object] = []
    for name in names:
        path = (*above, name)
        if path in groups:
            below = _shape(plan, ids, path)
            made += [below] if below else []
        elif path in ids:
            made.append(ids[path])
    return tuple(sorted(made, key=repr))


# ---- rows that look at others


def _looking(two: Two, found: Matched, row: RowDifference, rows: Sequence[RowDifference]) -> RowDifference:
    """Name the changed rows whose value or score a row is made of."""
    changed = {x.path for x in rows if x.effect != SAME and x.path != row.path}
    indicator = next(b for _, b in found.rows if b.path == row.path)
    seen = [path for path in sorted(_seen(two.new.plan, _own(two.new.plan, indicator))) if path in changed]
    return attrs.evolve(row, through=tuple(seen)) if seen else row


def _own(plan: p.Plan, row: p.PlanIndicator) -> list[Expr]:
    cases = row.scoring.cases if row.scoring is not None else ()
    groups = [g.applies for g in plan.groups if row.path[: len(g.path)] == g.path]
    exprs = [row.formula, row.applies, *groups, *(e for x in cases for e in (x.when, x.award, x.high))]
    return [e for e in exprs if e is not None]


def _seen(plan: p.Plan, exprs: list[Expr]) -> set[Path]:
    """The rows some expressions look at, directly or through others."""
    rows = {x.path: x for x in plan.indicators}
    compared = {x.name: x.of for x in plan.comparisons}
    found: set[Path] = set()
    waiting = list(exprs)
    while waiting:
        for name in references(waiting.pop()):
            _, colon, path = compared.get(name, name).partition(":")
            if not colon:
                continue
            at = tuple(path.split("/")) if path else ()
            for below in [x for x in rows if x[: len(at)] == at and x not in found]:
                found.add(below)
                waiting += _own(plan, rows[below])
    return found
