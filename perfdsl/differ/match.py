"""Which row of the old rules is which row of the new ones, and under which names inputs go in both.

By path; then by a name that is unique among what is left on both sides; then, as a rename, by everything a score depends
on: targets, points, rubric, unit, values, formula, first inside the same group.  What is alike in several rows is not guessed.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

from perfdsl import plan as p
from perfdsl.differ.normal import key
from perfdsl.target import Nothing

Path = tuple[str, ...]


class Matched(NamedTuple):
    """Pairs of rows and of groups, what is left, and new names by old ones for ``Ref``."""

    rows: tuple[tuple[p.PlanIndicator, p.PlanIndicator], ...]
    added: tuple[p.PlanIndicator, ...]
    removed: tuple[p.PlanIndicator, ...]
    groups: tuple[tuple[p.PlanGroup, p.PlanGroup], ...]
    groups_added: tuple[p.PlanGroup, ...]
    groups_removed: tuple[p.PlanGroup, ...]
    names: dict[str, str]


def match(old: p.Plan, new: p.Plan) -> Matched:
    """Pair the rows and groups of two plans."""
    left, right = list(old.indicators), list(new.indicators)
    rows: list[tuple[p.PlanIndicator, p.PlanIndicator]] = []
    for identity in (_path, _name, _meaning_there, _meaning):
        rows += _paired(left, right, identity)
    order = {row.path: at for at, row in enumerate(new.indicators)}
    rows.sort(key=lambda pair: order[pair[1].path])
    groups, gone, come = _groups(old, new, {o.path: n.path for o, n in rows})
    names = _names(rows, groups)
    names |= _comparisons(old, new, names)
    return Matched(tuple(rows), tuple(right), tuple(left), tuple(groups), tuple(come), tuple(gone), names)


def _path(row: p.PlanIndicator) -> Hashable:
    return row.path


def _name(row: p.PlanIndicator) -> Hashable:
    return row.path[-1]


def _meaning(row: p.PlanIndicator) -> Hashable:
    """All a score depends on but the name and the place."""
    targets = tuple((x.period, str(x.target.meaning)) for x in row.targets if not isinstance(x.target.meaning, Nothing))
    scoring = row.scoring
    cases = tuple((key(x.when), key(x.award), key(x.high)) for x in scoring.cases) if scoring is not None else ()
    limits = (scoring.low, scoring.high, scoring.entries) if scoring is not None else ()
    return (
        targets,
        row.points,
        cases,
        limits,
        row.unit,
        row.domain,
        row.words,
        key(row.formula),
        row.gather,
        row.bonus,
    )


def _meaning_there(row: p.PlanIndicator) -> Hashable:
    return row.path[:-1], _meaning(row)


def _paired(
    left: list[p.PlanIndicator], right: list[p.PlanIndicator], identity: Callable[[p.PlanIndicator], Hashable]
) -> list[tuple[p.PlanIndicator, p.PlanIndicator]]:
    """Rows whose identity is unique on both sides; they are taken out of the lists."""
    ours, theirs = _unique(left, identity), _unique(right, identity)
    found = [(ours[name], theirs[name]) for name in ours if name in theirs]
    for old, new in found:
        left.remove(old)
        right.remove(new)
    return found


def _unique(
    rows: Iterable[p.PlanIndicator], identity: Callable[[p.PlanIndicator], Hashable]
) -> dict[Hashable, p.PlanIndicator]:
    keys = [(identity(row), row) for row in rows]
    count = Counter(name for name, _ in keys)
    return {name: row for name, row in keys if count[name] == 1}


def _groups(
    old: p.Plan, new: p.Plan, rows: dict[Path, Path]
) -> tuple[list[tuple[p.PlanGroup, p.PlanGroup]], list[p.PlanGroup], list[p.PlanGroup]]:
    left, right = list(old.groups), list(new.groups)
    found: list[tuple[p.PlanGroup, p.PlanGroup]] = []

    def take(pairs: list[tuple[p.PlanGroup, p.PlanGroup]]) -> None:
        for a, b in pairs:
            left.remove(a)
            right.remove(b)
            found.append((a, b))

    by_path = {group.path: group for group in right}
    take([(group, by_path[group.path]) for group in left if group.path in by_path])
    ours = [(frozenset(rows.get(path, ("", *path)) for path in _below(old, g)), g) for g in left]
    theirs = [(frozenset(_below(new, g)), g) for g in right]
    one, other = Counter(x for x, _ in ours), Counter(x for x, _ in theirs)
    take([(a, b) for x, a in ours for y, b in theirs if x and x == y and one[x] == other[y] == 1])
    return found, left, right


def _below(plan: p.Plan, group: p.PlanGroup) -> list[Path]:
    return [row.path for row in plan.indicators if row.path[: len(group.path)] == group.path]


def _names(
    rows: list[tuple[p.PlanIndicator, p.PlanIndicator]], groups: list[tuple[p.PlanGroup, p.PlanGroup]]
) -> dict[str, str]:
    pairs = [(a.path, b.path) for a, b in rows] + [(a.path, b.path) for a, b in groups]
    return {f"{kind}:{'/'.join(a)}": f"{kind}:{'/'.join(b)}" for a, b in pairs
            for kind in ("value", "score", "lost", "met", "applies", "prior")}  # fmt: skip


def _comparisons(old: p.Plan, new: p.Plan, names: dict[str, str]) -> dict[str, str]:
    """A comparison is the same when the same is compared in the same way, however it is spelt."""
    known = {(x.what, x.of, x.within, x.order, x.ties): x.name for x in new.comparisons}
    return {x.name: known.get((x.what, names.get(x.of, x.of), x.within, x.order, x.ties), f"{x.name} ")
            for x in old.comparisons}  # fmt: skip
