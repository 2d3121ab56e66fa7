"""What changes of groups, limits, grades and conditions do to whole cards: proved by a card that both engines score differently.

A change is to blame where the old and the new rules differ, and the new ones differ from themselves without the change.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.actuals import Entry
from perfdsl.core import Expr, Value, references
from perfdsl.differ.decide import compared
from perfdsl.differ.found import BEST, DIFFERS, OPEN, SAME, WORST, Card, Change, Path, RowDifference, Stretch, Whole
from perfdsl.differ.grades import place_of
from perfdsl.differ.match import Matched
from perfdsl.differ.reverted import plain, reverted
from perfdsl.differ.trials import Given, Trials
from perfdsl.differ.written import PERIODS
from perfdsl.evaluate import evaluate

if TYPE_CHECKING:
    from perfdsl.differ.rows import Two

ZERO = Fraction(0)
BUDGET, MOST_SUMS, NEAR = 700, 2_000, 3
Choice = dict[str, Given]


class Blamed(NamedTuple):
    """A change that is not decided: where it stands, and the new rules without it."""

    change: Change
    row: Path | None
    without: p.Plan | None


def decided(
    two: "Two", found: Matched, changes: Sequence[Change], rows: Sequence[RowDifference]
) -> tuple[list[Change], list[RowDifference]]:
    """The changes of the object and of its rows, those not decided proved by an example or by what the total is made of."""
    changes = [_by_sums(two, x) for x in changes]
    rows = [attrs.evolve(row, changes=tuple(_of_row(two, row, x) for x in row.changes)) for row in rows]
    blamed = [Blamed(x, None, reverted(two.old.plan, two.new.plan, found, x)) for x in changes if x.effect == OPEN]
    blamed += [Blamed(x, row.path, reverted(two.old.plan, two.new.plan, found, x, row.path))
               for row in rows for x in row.changes if x.effect == OPEN]  # fmt: skip
    if not blamed:
        return changes, rows
    proved = _proved(two, found, blamed)
    done = [_with(x, proved.get((None, x.what, x.name))) for x in changes]
    kept = []
    for row in rows:
        own = tuple(_with(x, proved.get((row.path, x.what, x.name))) for x in row.changes)
        worst = DIFFERS if DIFFERS in (row.effect, *(x.effect for x in own)) else row.effect
        if worst == OPEN and not row.doubts and not any(x.effect == OPEN for x in own):
            worst = SAME
        kept.append(attrs.evolve(row, changes=own, effect=worst))
    return done, kept


def _with(change: Change, example: Whole | None) -> Change:
    if change.effect != OPEN or example is None:
        return change
    return attrs.evolve(change, effect=DIFFERS, example=example)


def _sums(two: "Two") -> bool:
    """Are both totals plain sums of rows, and does nothing look at the sum of a group?"""
    groups = {
        f"{kind}:{'/'.join(g.path)}"
        for plan in (two.old.plan, two.new.plan)
        for g in plan.groups
        for kind in ("score", "lost")
    }
    return plain(two.old.plan) and plain(two.new.plan) and not groups & two.looked


def _by_sums(two: "Two", change: Change) -> Change:
    """Where both totals are plain sums of rows, groups do not matter."""
    if change.effect == OPEN and change.what in ("structure", "points") and _sums(two):
        return attrs.evolve(change, effect=SAME)
    return change


def _of_row(two: "Two", row: RowDifference, change: Change) -> Change:
    """Points show in the score itself where it differs, and nowhere else in a plain sum."""
    if change.effect != OPEN or change.what != "points":
        return change
    if row.stretches and row.effect == DIFFERS:
        return attrs.evolve(change, effect=DIFFERS)
    sums = _sums(two) and f"lost:{'/'.join(row.path)}" not in two.looked
    return attrs.evolve(change, effect=SAME) if sums else change


# ---- the search


def _proved(two: "Two", found: Matched, blamed: list[Blamed]) -> dict[tuple[Path | None, str, str], Whole]:
    made: dict[tuple[Path | None, str, str], Whole] = {}
    assessed = [x.period for plan in (two.old.plan, two.new.plan) for row in plan.indicators for x in row.targets]
    for period in [x for x in PERIODS[::-1] if x in assessed] or ["full"]:
        trials = Trials(two, found.rows, period)
        spent = 0
        for base, given in _cards(two, found, trials, blamed):
            left = [x for x in blamed if (x.row, x.change.what, x.change.name) not in made]
            if not left or spent >= BUDGET:
                break
            spent += 1
            before, after = trials.card(two.old.plan, given, back=True), trials.card(two.new.plan, given)
            if before == after:
                continue
            for one in left:
                if not _stands_there(two, one.change, after):
                    continue
                if (
                    one.without is not None
                    and trials.card(one.without, given) != after
                    or one.without is None
                    and len(blamed) == 1
                    and _rows_alike(trials, found, given)
                ):
                    made[one.row, one.change.what, one.change.name] = _whole(trials, base, given, before, after)
    return made


def _stands_there(two: "Two", change: Change, card: Card) -> bool:
    """Is the total of a card in the place a change of grades is about?"""
    full = two.new.plan.total
    if change.what != "grade" or not change.name:
        return True
    return (
        bool(full)
        and card.score is not None
        and place_of(two.old.plan, two.new.plan, card.score / (full or 1) * 100) == change.name
    )


def _rows_alike(trials: Trials, found: Matched, given: Choice) -> bool:
    """Does every row score the same by both rules, so that only how they come together can differ?"""
    old, _ = evaluate(trials.two.old.plan, trials.seen(given, back=True), trials.period)
    new, _ = evaluate(trials.two.new.plan, trials.seen(given), trials.period)
    ours, theirs = ({x.path: (x.score, x.low, x.high) for x in card.indicators} for card in (old, new))
    return all(ours[a.path] == theirs[b.path] for a, b in found.rows)


def _whole(trials: Trials, base: str, given: Choice, before: Card, after: Card) -> Whole:
    ground = _ground(trials).get(base, {})
    told = tuple(
        (name, trials.text(name, value))
        for name, value in given.items()
        if ground.get(name) != value or name.startswith(("input:", "spent:"))
    )
    return Whole(period=trials.period, others=base, given=told, before=before, after=after)


def _ground(trials: Trials) -> dict[str, Choice]:
    """Everything as good as it can be, and as bad: what each row is given so that it alone scores best or worst."""
    if trials.grounds is None:
        first = {name: values[0] for name, values in trials.choices.items()}
        best, worst = dict(first), dict(first)
        for name in trials.rows:
            scores = [(trials.score(name, first | {name: x}), x) for x in trials.choices[name]]
            known = [(score, x) for score, x in scores if score is not None]
            if known:
                best[name] = max(known, key=lambda x: x[0])[1]
                worst[name] = min(known, key=lambda x: x[0])[1]
        for name in [n for n in trials.choices if n not in trials.rows]:
            totals = [(trials.card(trials.two.new.plan, best | {name: x}).score, x) for x in trials.choices[name]]
            known = [(total, x) for total, x in totals if total is not None]
            if known:
                best[name] = max(known, key=lambda x: x[0])[1]
                worst[name] = min(known, key=lambda x: x[0])[1]
        trials.grounds = {BEST: best, WORST: worst}
    return trials.grounds


def _cards(two: "Two", found: Matched, trials: Trials, blamed: list[Blamed]) -> Iterator[tuple[str, Choice]]:
    """Cards to try: what conditions differ on, everything best or worst, one thing changed, totals at the limits of grades."""
    grounds = _ground(trials)
    seeds = sorted(
        (dict(x) for one in blamed for x in _seeds(two, found, one)), key=lambda x: sum(y is None for y in x.values())
    )
    for seed in seeds:
        for base, ground in grounds.items():
            yield base, ground | {name: x for name, x in seed.items() if name in ground}
    for base, ground in grounds.items():
        yield base, ground
        for name in sorted(trials.choices, key=lambda n: not n.startswith("input:")):
            for value in trials.choices[name]:
                if value != ground[name]:
                    yield base, ground | {name: value}
    yield from ((WORST, given) for given in _near_limits(trials, grounds[WORST]))
    for base, ground in grounds.items():
        names = [n for n in trials.choices if n.startswith("input:")]
        for name in names:
            for value in trials.choices[name]:
                for other in trials.rows:
                    for x in trials.choices[other]:
                        yield base, ground | {name: value, other: x}


def _seeds(two: "Two", found: Matched, one: Blamed) -> Iterator[Choice]:
    """Inputs on which the two conditions or factors of a change differ, as far as that was decided."""
    pairs: list[tuple[c.Expr, c.Expr, bool]] = []
    groups = {"/".join(b.path): (a, b) for a, b in found.groups}
    change = one.change
    if change.what == "ceiling":
        limits = {(x.grade, x.total) for plan in (two.old.plan, two.new.plan) for x in plan.ceilings}
        for limit in limits:
            old, new = (c.Or(tuple(x.condition for x in plan.ceilings if (x.grade, x.total) == limit))
                        for plan in (two.old.plan, two.new.plan))  # fmt: skip
            pairs.append((old, new, True))
    elif change.what == "award":
        awards = [
            next((x.condition for x in plan.awards if x.name == change.name), c.TRUE)
            for plan in (two.old.plan, two.new.plan)
        ]
        pairs.append((awards[0], awards[1], True))
    elif change.what == "factor" and change.name in groups:
        factors = [g.factor.value if g.factor is not None else c.ONE for g in groups[change.name]]
        pairs.append((factors[0], factors[1], False))
    elif change.what == "applies":
        ends = groups.get(change.name) or next(((a, b) for a, b in found.rows if b.path == one.row), None)
        if ends is not None:
            pairs.append((ends[0].applies or c.TRUE, ends[1].applies or c.TRUE, True))
    for before, after, truth in pairs:
        a, b = two.old.settled(before, "full"), two.new.settled(after, "full")
        made = compared(a, b, two.inputs, truth=truth)
        for stretch in made.stretches:
            yield {name: _given(name, x)
                   for name, x in _settings(stretch, a, b)}  # fmt: skip


def _given(name: str, value: Value) -> Given:
    """A value as the observations of a row, or of anything else, have it."""
    if not name.startswith("value:"):
        return value
    return () if value is None else (Entry(value=value, text=str(value)),)


def _settings(stretch: Stretch, *exprs: Expr) -> Iterator[tuple[str, Fraction | str | bool | None]]:
    known = {x.name: x.value for x in stretch.given}
    names = {n for e in exprs for n in references(e)} - known.keys()
    yield from known.items()
    if len(names) == 1 and stretch.at is not None:
        yield next(iter(names)), stretch.at


def _near_limits(trials: Trials, ground: Choice) -> Iterator[Choice]:
    """Cards whose totals come near the limits of grades, by what each value adds to the worst card: only tried, never claimed."""
    plans = (trials.two.old.plan, trials.two.new.plan)
    full = plans[1].total or ZERO
    size = Fraction(1, 10 ** plans[1].rounding)
    edges = sorted({at * full / 100 for plan in plans for band in plan.grades for _, at in band.limits})
    for name, turned in (("score:", False), ("lost:", True)):
        looked = trials.used[name].limits if name in trials.used else set()
        edges += [full - x if turned else x for x in looked]
    wanted = sorted({x for a in edges for x in (a - size, a, a + size)} | {(a + b) / 2 for a, b in pairwise(edges)})
    start = trials.card(plans[1], ground).score
    if start is None or not wanted:
        return
    sums: dict[Fraction, Choice] = {start: {}}
    for name in trials.rows:
        gains: dict[Fraction, Given] = {}
        for value in trials.choices[name]:
            total = trials.card(plans[1], ground | {name: value}).score if value != ground[name] else None
            if total is not None and total != start:
                gains.setdefault(total - start, value)
        more = {total + gain: {**given, name: value} for total, given in sums.items() for gain, value in gains.items()}
        sums |= {total: given for total, given in more.items() if total not in sums}
        if len(sums) > MOST_SUMS:
            kept = sorted(sums)
            step = len(kept) // MOST_SUMS + 1
            near = {min(kept, key=lambda x: abs(x - aim)) for aim in wanted}
            sums = {total: sums[total] for total in [*kept[::step], *sorted(near)]}
    for aim in wanted:
        for total in sorted(sums, key=lambda x: abs(x - aim))[:NEAR]:
            yield ground | sums[total]
