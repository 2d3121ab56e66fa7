"""Why one indicator scores differently: its actual, target, points, rule … are exchanged one by one and the row scored again.

Every choice of what has already changed is scored by the engine, and each cause gets its fair share of the difference; what
cannot be scored apart (an actual that only its own target can judge) stays one cause with several kinds.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs
from attrs import evolve

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.actuals import Entry, Observed
from perfdsl.attribute.alike import same_method, scaled
from perfdsl.attribute.shares import fair_shares
from perfdsl.comparison import ACTUAL, APPLICABLE, INPUTS, MISSING, PEERS, POINTS, REVIEW, RULE, TARGET
from perfdsl.core import Value
from perfdsl.evaluate import Engine
from perfdsl.quantity import format_number
from perfdsl.scorecard import NOT_APPLICABLE

Kinds = tuple[str, ...]
ZERO = Fraction(0)
BLANK = Entry(value=None, text="")
TOGETHER = tuple(
    frozenset(kinds)
    for kinds in (
        (), (ACTUAL, TARGET), (ACTUAL, REVIEW), (RULE, POINTS), (ACTUAL, TARGET, REVIEW), (ACTUAL, TARGET, RULE, POINTS),
        (ACTUAL, TARGET, RULE, POINTS, REVIEW), (INPUTS, PEERS), (RULE, POINTS, INPUTS, PEERS),
        (ACTUAL, TARGET, RULE, POINTS, REVIEW, INPUTS), (ACTUAL, TARGET, RULE, POINTS, REVIEW, INPUTS, PEERS),
    )
)  # fmt: skip


@attrs.frozen
class Half:
    """One row in one evaluation."""

    engine: Engine
    row: p.PlanIndicator

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.engine.observed.entries.get("/".join(self.row.path), ())


def causes_between(before: Half, after: Half) -> list[tuple[Kinds, Fraction]]:
    """The difference of two known scores (what does not apply counts 0) by kinds of cause; it sums to the difference."""
    pair = _Pair(before, after)
    kinds = pair.changed()
    for joined in (*TOGETHER, frozenset(kinds)):
        parties = _parties(kinds, joined)
        worths = {chosen: pair.score(chosen) for chosen in _unions(parties)}
        if None not in worths.values():
            known = {chosen: worth for chosen, worth in worths.items() if worth is not None}
            shares = fair_shares(len(parties), lambda some: known[frozenset().union(*(parties[i] for i in some))])  # noqa: B023
            return [(pair.named(party, kinds), share) for party, share in zip(parties, shares, strict=True)]
    return []


def _parties(kinds: Sequence[str], joined: frozenset[str]) -> list[frozenset[str]]:
    """Each kind on its own, but ``joined`` together."""
    inside = joined & set(kinds)
    alone = [frozenset({kind}) for kind in kinds if kind not in inside]
    return [inside, *alone] if inside else alone


def _unions(parties: Sequence[frozenset[str]]) -> Iterator[frozenset[str]]:
    for bits in range(1 << len(parties)):
        yield frozenset().union(*(party for i, party in enumerate(parties) if bits >> i & 1))


class _Pair:
    """The same row on both sides, and every mixture of them."""

    def __init__(self, before: Half, after: Half) -> None:
        self.halves = (before, after)
        self.names = sorted(set().union(*map(_comparisons, self.halves)))
        self.units = any(half.row.gather is not None for half in self.halves)
        self.changed_kinds: list[str] = []
        self.seat = self.moves_with()

    # ---- what is another

    def changed(self) -> list[str]:
        """The kinds of things that differ."""
        one, other = self.halves
        told = {
            ACTUAL: _given(one.entries, self.units) != _given(other.entries, self.units),
            TARGET: self.targets(one) != self.targets(other) or one.row.direction != other.row.direction,
            POINTS: one.row.points != other.row.points,
            RULE: not same_method(one.row, other.row) or one.engine.plan.rounding != other.engine.plan.rounding,
            INPUTS: bool(self.looked_at()) or _priors(one.entries) != _priors(other.entries) or self.stands_elsewhere(),
            PEERS: self.seat == PEERS and self.others_differ(),
            APPLICABLE: _conditions(one) != _conditions(other) or self.policy(one) != self.policy(other),
            REVIEW: _reviews(one.entries, self.units) != _reviews(other.entries, self.units),
        }
        self.changed_kinds = [kind for kind, differs in told.items() if differs]
        return self.changed_kinds

    @staticmethod
    def targets(half: Half) -> object:
        """How the period's target judges; what it is called is no difference."""
        found = half.engine.target_of(half.row)
        return (found.judge, found.target.meaning) if found is not None else bool(half.row.targets)

    def policy(self, half: Half) -> str:
        """What becomes of the points of a row that does not apply; without effect where both apply."""
        left_out = any(each.engine.left_out(each.row) for each in self.halves)
        policy = half.engine.plan.not_applicable
        return (policy if policy in ("full", "zero") else "out") if left_out else ""

    def looked_at(self) -> list[str]:
        """The names of other things (inputs, money, rows, the schedule) that both sides know with another value."""
        names = sorted(name for name in set().union(*map(_references, self.halves)) if not _is_comparison(name))
        values = [[_value(half.engine, name) for name in names] for half in self.halves]
        return [name for name, was, now in zip(names, *values, strict=True) if was != now]

    # ---- the objects scored together

    def moves_with(self) -> str:
        """The kind of change that brings the others of the other side: one of its own, but for two objects of one run.

        There the others are the same but for these two, and the places differ because what they bring differs.
        """
        one, other = (half.engine for half in self.halves)
        if self.compared_otherwise():
            return INPUTS
        if one.peers is None or one.peers is not other.peers:
            return PEERS
        return INPUTS if self.stands_elsewhere() else ACTUAL

    def compared_otherwise(self) -> bool:
        """Is the same comparison another one on both sides (of a row that was moved, the other way round)?"""
        one, other = (half.engine.comparisons for half in self.halves)
        return any(name in one and name in other and one[name] != other[name] for name in self.names)

    def stands_elsewhere(self) -> bool:
        """Does the object bring something else to a comparison, beside the actual of this row, or stand in another class?"""
        seen = [[_brought(half, name) for name in self.names] for half in self.halves]
        return seen[0] != seen[1] or self.compared_otherwise()

    def others_differ(self) -> bool:
        """Do the others bring something else to a comparison?"""
        seen = [[_beside(half, name, self.halves) for name in self.names] for half in self.halves]
        return seen[0] != seen[1]

    def named(self, party: frozenset[str], kinds: Sequence[str]) -> Kinds:
        """The kinds of one cause, in their order; an actual that is not given, or that nobody has to give, by its own name."""
        return tuple(self.nearer(kind) for kind in kinds if kind in party)

    def nearer(self, kind: str) -> str:
        if kind != ACTUAL:
            return kind
        one, other = (half.entries for half in self.halves)
        if _counts(self.halves[0]) != _counts(self.halves[1]):
            return APPLICABLE
        return MISSING if _is_given(one) != _is_given(other) else ACTUAL

    # ---- mixtures

    def score(self, changed: frozenset[str]) -> Fraction | None:
        """The score of the row when just the things of these kinds are as they are after; None when nothing decides it."""
        stage = self.halves[INPUTS in changed]
        path = "/".join(stage.row.path)
        row = self.mixed(changed, stage)
        entries = self.mixed_entries(changed)
        plan = stage.engine.plan
        above = {stage.row.path[:depth] for depth in range(1, len(stage.row.path))}
        plan = evolve(
            plan, rounding=self.halves[RULE in changed].engine.plan.rounding,
            not_applicable=self.halves[APPLICABLE in changed].engine.plan.not_applicable,
            indicators=tuple(row if i is stage.row else i for i in plan.indicators),
            groups=tuple(evolve(g, applies=None) if g.path in above else g for g in plan.groups),
            comparisons=tuple({x.name: x for half in (*self.halves, stage) for x in half.engine.plan.comparisons}.values()),
        )  # fmt: skip
        observed = stage.engine.observed
        observed = Observed({**observed.entries, path: entries}, observed.inputs, observed.spent)
        engine = Engine(plan, observed, stage.engine.period, stage.engine.as_of)
        around = self.halves[self.seat in changed] if self.seat in self.changed_kinds else stage
        if around.engine.peers is not None:
            engine.peers = around.engine.peers.instead(around.engine, engine)
        made = engine.indicator(path)
        return ZERO if made.score is None and made.status == NOT_APPLICABLE else made.score

    def mixed(self, changed: frozenset[str], stage: Half) -> p.PlanIndicator:
        """The row itself: target, points, rule and condition each from its side, under the path of the stage."""
        aim, worth = self.halves[TARGET in changed], self.halves[POINTS in changed].row
        rule, condition = self.halves[RULE in changed].row, self.halves[APPLICABLE in changed]
        if same_method(self.halves[0].row, self.halves[1].row):
            scoring = worth.scoring
        else:
            scoring = scaled(rule, worth.points)
        parts = _conditions(condition)
        return evolve(
            rule, path=stage.row.path, targets=_aimed(aim, stage.engine.period), direction=aim.row.direction, points=worth.points,
            scoring=scoring, applies=c.And(parts) if parts else None, bonus=worth.bonus,
        )  # fmt: skip

    def mixed_entries(self, changed: frozenset[str]) -> tuple[Entry, ...]:
        """What was observed: value, review and value of last year each from its side."""
        given, reviewed, prior = (self.halves[kind in changed].entries for kind in (ACTUAL, REVIEW, INPUTS))
        override = next((e.override for e in reviewed if e.override is not None), None)
        if any(_several(half) for half in self.halves):
            plain = tuple(evolve(e, override=None) for e in given)
            if self.units:
                mark = next((e.mark for e in reviewed if e.mark is not None), None)
                plain = tuple(evolve(e, mark=mark) for e in plain) or (
                    (evolve(BLANK, mark=mark),) if mark is not None else ()
                )
            if override is None:
                return plain
            return (evolve(plain[0], override=override), *plain[1:]) if plain else (evolve(BLANK, override=override),)
        one, marked, last = (entries[0] if entries else BLANK for entries in (given, reviewed, prior))
        made = evolve(one, mark=marked.mark, override=marked.override, prior=last.prior)
        return (made,) if given or made != BLANK else ()


def _several(half: Half) -> bool:
    """Is the row about several entries or units?"""
    return len(half.entries) > 1 or half.row.gather is not None


def _given(entries: tuple[Entry, ...], units: bool) -> object:
    """What matters of the values: several entries carry their marks with them, units their weights and last year's values."""
    found = [(e.value, bool(e.text), e.applies, e.none_happened, e.item, e.times) for e in entries]
    if units:
        return sorted(repr((e.value, bool(e.text), e.applies, e.times, e.weight, e.prior)) for e in entries), []
    if len(entries) > 1:
        return found, [(e.mark, e.prior) for e in entries]
    return (found or [(None, False, True, False, "", 1)], [])


def _is_given(entries: tuple[Entry, ...]) -> bool:
    return any(e.value is not None or e.none_happened or e.text for e in entries)


def _priors(entries: tuple[Entry, ...]) -> Value:
    return entries[0].prior if len(entries) == 1 else None


def _reviews(entries: tuple[Entry, ...], units: bool) -> object:
    override = next((e.override for e in entries if e.override is not None), None)
    marks = [e.mark for e in entries if e.mark is not None] if units or len(entries) == 1 else []
    return override, marks[0] if marks else None


def _counts(half: Half) -> bool:
    """Do the entries say that the row applies?"""
    applying = [e.applies for e in half.entries]
    return all(applying) if half.row.gather is None else any(applying) or not applying


def _conditions(half: Half) -> tuple[c.Expr, ...]:
    """The conditions under which the row applies: its own and those of its groups."""
    groups = [half.engine.groups.get("/".join(half.row.path[:depth])) for depth in range(1, len(half.row.path))]
    found = [half.row.applies, *(group.applies for group in groups if group is not None)]
    return tuple(condition for condition in found if condition is not None)


def _aimed(half: Half, period: str) -> tuple[p.PlanTarget, ...]:
    """The targets of a side, that of its own period moved to the period of the stage."""
    own = half.engine.period
    return tuple(
        evolve(x, period=period if x.period == own else f"not {period}" if x.period == period else x.period)
        for x in half.row.targets
    )


def _references(half: Half) -> set[str]:
    """The names of other things the score of a row looks at, comparisons with other objects among them."""
    row, scoring = half.row, half.row.scoring
    target = half.engine.target_of(row)
    judge = (target.judge.met, target.judge.completion, target.judge.gap, target.judge.excess, target.judge.target) if target else ()  # fmt: skip
    cases = scoring.cases if scoring is not None else ()
    parts = [
        row.formula,
        *_conditions(half),
        *judge,
        *(x for case in cases for x in (case.when, case.award, case.high)),
    ]
    names = set().union(*(c.references(part) for part in parts if part is not None))
    return {name for name in names if ":" in name or name == "schedule"}


def _value(engine: Engine, name: str) -> Value:
    return engine.reference(name, None)


def _is_comparison(name: str) -> bool:
    return name.partition(":")[0] in c.COHORT_KINDS


def _comparisons(half: Half) -> set[str]:
    """The comparisons with other objects that the score of the row looks at by itself."""
    return {name for name in _references(half) if _is_comparison(name)}


def _brought(half: Half, name: str) -> object:
    """What the object itself brings to a comparison, apart from the actual of the row, and its class."""
    comparison = half.engine.comparisons.get(name)
    if comparison is None:
        return None
    return _place_of(half, comparison), half.engine.group_of(comparison.within) if comparison.within else ""


def _place_of(half: Half, comparison: c.Comparison) -> object:
    """What the object brings to a comparison; None for the actual of the row itself."""
    own = comparison.of == f"value:{'/'.join(half.row.path)}" and half.row.formula is None
    place = half.engine.place(comparison.of) if comparison.of and not own else None
    return place._replace(shown="") if place is not None else None


def _beside(half: Half, name: str, halves: tuple[Half, Half]) -> object:
    """What the others bring to a comparison in the classes of both sides."""
    comparison = half.engine.comparisons.get(name)
    if half.engine.peers is None or comparison is None:
        return None
    found = half.engine.peers.beside(half.engine, comparison)
    groups = {side.engine.group_of(comparison.within) if comparison.within else "" for side in halves} | {None}
    return {group: places for group, places in found.items() if group in groups}


def standings(before: Half, after: Half) -> tuple[str, str]:
    """The values of the comparisons the row looks at, on both sides."""
    pair = _Pair(before, after)
    texts = [[_place_text(half, name, len(pair.names) > 1) for name in pair.names] for half in pair.halves]
    return "；".join(filter(None, texts[0])), "；".join(filter(None, texts[1]))


def _place_text(half: Half, name: str, several: bool) -> str:
    """A place as a number, of several the comparison as well; empty where it was not asked for or is open."""
    made = half.engine.standings.get(name)
    if made is None or made.value is None:
        return ""
    value = format_number(made.value * 100) + "%" if made.what == "rank_share" else format_number(made.value)
    return f"{made.word} {value}" if several else value


def uses(before: Half, after: Half) -> list[str]:
    """The names of what the row looks at elsewhere, and brings to comparisons from elsewhere, that differ between the sides."""
    pair = _Pair(before, after)
    known = [{name: half.engine.comparisons.get(name) for name in pair.names} for half in pair.halves]
    moved = [
        x
        for name in pair.names
        if _brought(before, name) != _brought(after, name)
        for x in (known[0][name], known[1][name])
        if x
    ]
    classes = [
        f"input:{x.within}"
        for x in moved
        if x.within and len({half.engine.group_of(x.within) for half in pair.halves}) > 1
    ]
    brought = [x.of for x in moved if x.of and len({str(_place_of(half, x)) for half in pair.halves}) > 1]
    return list(dict.fromkeys([*pair.looked_at(), *classes, *brought]))
