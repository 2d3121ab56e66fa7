"""The advice: what is enough, what each change alone can do, the cheapest set; every answer is replayed before it is given."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import floor

import attrs

from perfdsl import advice as m
from perfdsl import plan as p
from perfdsl.actuals import Observed
from perfdsl.advise.levers import Lever, Outcome, Scene, Told, changed_in, levers
from perfdsl.advise.menu import Option, Way, change_to, changes_nothing, may_change, run_of, ways, worse
from perfdsl.advise.search import Search
from perfdsl.advise.totals import tree
from perfdsl.advise.varying import Names
from perfdsl.bounds import Range
from perfdsl.cohort import Member, evaluate_together
from perfdsl.evaluate import Engine
from perfdsl.scorecard import Scorecard

ZERO = Fraction(0)
HOLDS = {">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, "=": lambda a, b: a == b,
         "!=": lambda a, b: a != b}  # fmt: skip


def advise(
    members: Sequence[Member],
    at: int,
    goal: m.Goal,
    prices: m.Prices | None = None,
    period: str = "full",
    as_of: date | None = None,
) -> m.Advice:
    """What it takes for the object at position ``at`` of ``members`` to reach ``goal`` while the others stay as they are.

    The goal names a grade of the object's plan; prices without rates never fail.
    """
    return _Advisor(members, at, goal, prices or m.Prices(), period, as_of).advice()


class _Advisor:
    """One question about one object."""

    def __init__(
        self, members: Sequence[Member], at: int, goal: m.Goal, prices: m.Prices, period: str, as_of: date | None
    ) -> None:
        self.members, self.at, self.goal, self.prices = members, at, goal, prices
        self.period, self.as_of = period, as_of
        self.plan, self.observed = members[at]
        self.alone = not self.plan.comparisons
        self.card = self.scored(self.observed)
        self.need = goal.total if goal.total is not None else _need(self.plan, goal.grade)
        self.scene, self.levers = self._scene()
        engine, ceilings = self.scene.engine, self.plan.ceilings
        self.scores = {row: engine.indicator(row).score for row in self.scene.total.leaves()}
        self.truths = {i: engine.value(x.condition, None) for i, x in enumerate(ceilings)}
        self.holding = frozenset(i for i in self.scene.ceilings if self.truths[i] is not False)

    def _scene(self) -> tuple[Scene, list[Lever]]:
        engine = Engine(self.plan, self.observed, self.period, self.as_of)
        for standing, comparison in self._standings():
            engine.known[comparison] = standing
        engine.card()
        scene = Scene(engine, Names(engine), tree(engine), self._forbidding())
        return scene, levers(scene)

    def _standings(self) -> list[tuple[Fraction | None, str]]:
        """The places among the objects scored together, as they are."""
        words = {x.word: x.value for x in self.card.standings}
        return [(words.get(x.word), x.name) for x in self.plan.comparisons]

    def _forbidding(self) -> tuple[int, ...]:
        """The ceilings that would keep the object from the goal."""
        names = [band.name for band in self.plan.grades]
        worst = names.index(self.goal.grade) if self.goal.grade else len(names)
        need = self.need
        return tuple(
            i for i, x in enumerate(self.plan.ceilings)
            if (x.total is not None and need is not None and x.total < need) or (x.grade in names and names.index(x.grade) > worst)
        )  # fmt: skip

    # ---- replaying

    def scored(self, observed: Observed) -> Scorecard:
        """The card with these observations, beside the others."""
        mine = Member(self.plan, observed)
        if self.alone:
            return evaluate_together([mine], self.period, self.as_of)[0].card
        everybody = [mine if i == self.at else x for i, x in enumerate(self.members)]
        return evaluate_together(everybody, self.period, self.as_of)[self.at].card

    def reached(self, card: Scorecard) -> bool:
        """Is the goal reached?"""
        if card.total is None or not card.complete:
            return False
        if self.goal.total is not None:
            return card.total >= self.goal.total
        names = [band.name for band in self.plan.grades]
        return card.grade in names and names.index(card.grade) <= names.index(self.goal.grade)

    def after(self, changes: Sequence[tuple[Lever, Fraction | Told]]) -> Scorecard:
        """The card after some changes."""
        seen = self.observed
        for lever, to in changes:
            seen = changed_in(self.scene.engine, seen, lever, to)
        return self.scored(seen)

    # ---- the answer

    def advice(self) -> m.Advice:
        """Everything about one object."""
        card = self.card
        made = m.Advice(object=self.plan.object, goal=self.goal, status=m.REACHED, period=self.period, total=card.total, points=card.points,
                        grade=card.grade, need=self.need, measure="rates" if self.prices.rates is not None else self.prices.measure)  # fmt: skip
        if self.reached(card):
            return attrs.evolve(made, margin=(card.total or ZERO) - self.need if self.need is not None else None)
        missing = tuple(dict.fromkeys(x.name for x in self.levers if x.missing))
        told = attrs.evolve(
            made, missing=missing, ceilings=self._named(self.holding), lasting=self._named(self.lasting())
        )
        search = self._search(self.levers)
        told = attrs.evolve(told, highest=self.highest(search), held=tuple(search.held))
        limits = self.scene.total.limits
        if self.need is None or (limits is not None and self.need > limits[1]) or self.lasting():
            return attrs.evolve(told, status=m.IMPOSSIBLE)
        cheapest, why = self.set_of(search)
        fill = self.set_of(self._only_missing())[0] if missing else None
        singles = tuple(self.single(x) for x in self.levers if may_change(x, self.prices) or x.why)
        reachable = cheapest is not None or any(x.status == m.REACHES for x in singles)
        status = m.FOUND if reachable else m.IMPOSSIBLE if why == m.IMPOSSIBLE else m.INCOMPLETE
        return attrs.evolve(told, status=status, singles=singles, fill=fill, cheapest=cheapest, why=why)

    def _only_missing(self) -> Search:
        still = [x if x.missing else attrs.evolve(x, why=x.why or m.FIXED) for x in self.levers]
        return self._search(still)

    def _search(self, found: Sequence[Lever]) -> Search:
        return Search(
            self.scene.total,
            self.scores,
            holding=self.holding,
            lasting=self.lasting(),
            levers=found,
            prices=self.prices,
        )

    def _named(self, positions: frozenset[int]) -> tuple[tuple[int, str], ...]:
        return tuple((self.plan.ceilings[i].line, self.plan.ceilings[i].text) for i in sorted(positions))

    def lasting(self) -> frozenset[int]:
        """The ceilings that no change lifts: nothing that may change has to do with them, or none of its values helps."""
        live = [x for x in self.levers if may_change(x, self.prices)]
        several = {i for i in self.holding if sum(i in x.ceilings for x in live) > 1}
        lifted = {i for x in live for outcome in x.outcomes for i in x.ceilings if i not in outcome.bars}
        return frozenset(self.holding - lifted - several)

    def highest(self, search: Search) -> Fraction | None:
        """The highest total of all changes together, below what ceilings that last allow."""
        best = search.highest()
        return None if best is None else self.capped(best, self.lasting())

    def capped(self, total: Fraction, bars: frozenset[int]) -> Fraction:
        """A total below the ceilings on totals that hold."""
        others = {i for i, truth in self.truths.items() if truth is True and i not in self.scene.ceilings}
        caps = [cap for i in bars | others if (cap := self.plan.ceilings[i].total) is not None]
        return min([total, *caps])

    # ---- a set of changes

    def set_of(self, search: Search) -> tuple[m.ChangeSet | None, str]:
        """The cheapest set, replayed; else why there is none."""
        assert self.need is not None  # the caller looked
        found = search.least(self.need)
        if found.why:
            return None, found.why
        changes: list[m.Change] = []
        to: list[tuple[Lever, Fraction | Told]] = []
        for option in found.options:
            made = change_to(option.lever, option.way, self._range(option, search.joint), option.cost)
            if made is None:
                return None, m.NOT_REPLAYED
            changes.append(made[0])
            to.append((option.lever, made[1]))
        card = self.after(to)
        if not self.reached(card) or card.total is None:
            return None, m.TANGLED if search.joint & frozenset(self.scene.ceilings) else m.NOT_REPLAYED
        return m.ChangeSet(changes=tuple(changes), cost=found.cost, total=card.total, grade=card.grade), ""

    def _range(self, option: Option, joint: frozenset[int]) -> Range | None:
        """Where the number of an option may lie: on from its range as long as the points are no fewer."""
        if not option.lever.numeric:
            return None
        found = ways(option.lever)

        def good(outcome: Outcome) -> bool:
            return outcome.sum is not None and outcome.sum >= option.sum and not outcome.bars - joint

        return run_of(found, found.index(option.way), good)

    # ---- one change alone

    def single(self, lever: Lever) -> m.Single:
        """What changing one thing alone can do."""
        base = m.Single(
            kind=lever.kind, key=lever.key, name=lever.name, status=m.UNTRIED, before=lever.shown, why=lever.why
        )
        if lever.why:
            return base
        if any(score is None for row, score in self.scores.items() if row not in lever.rows):
            return attrs.evolve(base, status=m.OTHERS_MISSING)
        found = ways(lever)
        totals = [self.total_of(lever, way.outcome) for way in found]
        standing = self.holding - set(lever.ceilings)
        known = [
            self.capped(x, way.outcome.bars | standing) for x, way in zip(totals, found, strict=True) if x is not None
        ]
        highest = max(known, default=None)
        if standing:
            return attrs.evolve(base, status=m.CEILING, highest=highest)
        first = next(
            (
                i
                for i, way in enumerate(found)
                if self.enough(totals[i], way.outcome) and not changes_nothing(lever, way)
            ),
            None,
        )
        if first is None:
            return attrs.evolve(base, status=m.FALLS_SHORT, highest=highest)
        return self.replayed(attrs.evolve(base, highest=highest), lever, found, first)

    def total_of(self, lever: Lever, outcome: Outcome) -> Fraction | None:
        """The total when one lever has this outcome."""
        return self.scene.total.value({**self.scores, **dict(zip(lever.rows, outcome.scores, strict=True))})

    def enough(self, total: Fraction | None, outcome: Outcome) -> bool:
        """Is that the goal?"""
        return total is not None and self.need is not None and total >= self.need and not outcome.bars

    def replayed(self, base: m.Single, lever: Lever, found: Sequence[Way], first: int) -> m.Single:
        """The smallest change, if the engine says that it reaches the goal and that a little less does not."""
        good = run_of(found, first, lambda x: self.enough(self.total_of(lever, x), x)) if lever.numeric else None
        made = change_to(lever, found[first], good)
        if made is None:
            return attrs.evolve(base, why=m.NOT_REPLAYED)
        change, to = made
        card = self.after([(lever, to)])
        less = worse(lever, found[first]) if lever.numeric else None
        too_much = less is not None and self.reached(self.after([(lever, less)]))
        if not self.reached(card) or too_much:
            return attrs.evolve(base, why=m.NOT_REPLAYED)
        return attrs.evolve(base, status=m.REACHES, change=change, total=card.total)


def _need(plan: p.Plan, grade: str) -> Fraction | None:
    """The least printed total from which on every total has the grade or a better one; None where there is none."""
    full = plan.total
    names = [band.name for band in plan.grades]
    if not full:
        return None
    most = plan.most if plan.most is not None else full
    size = Fraction(1, 10**plan.rounding)
    edges = {x * full / 100 for band in plan.grades for _, x in band.limits}
    near = {size * (floor(edge / size) + n) for edge in edges for n in (-1, 0, 1, 2)}
    need = None
    for total in sorted({x for x in near if 0 <= x <= most} | {ZERO, most}, reverse=True):
        share = total / full * 100
        at = next((i for i, band in enumerate(plan.grades) if all(HOLDS[op](share, x) for op, x in band.limits)), None)
        if at is None or at > names.index(grade):
            break
        need = total
    return need
