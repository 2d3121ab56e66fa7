"""One row as arms: its columns taken state by state, so that what is missing is decided first and once."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl import program as g
from perfdsl import target as t
from perfdsl.evaluate import EXCESS
from perfdsl.integers.reading import OWN, Reading, Result
from perfdsl.integers.values import NotCovered, Num, constant
from perfdsl.quantity import round_half_up
from perfdsl.scorecard import EXCEEDED, MET, MISSED, NOT_APPLICABLE, UNJUDGED
from perfdsl.scorecard import MISSING as NO_VALUE

MOST_WAYS = 12
Status = tuple[g.Truth, str]


class Rows(Reading):
    """Rows of one reading."""

    def result(self, path: str) -> Result:
        """What a row or a group brings; its step is made when it is first asked for."""
        known = self.shared.results.get(path)
        if known is not None:
            return known
        if path in self.shared.working:
            raise NotCovered("scores", path)
        self.shared.working.add(path)
        try:
            made = self.row(path) if path in self.engine.rows else self.made_group(path)
        except NotCovered as wrong:
            wrong.place = wrong.place or path  # the innermost says where
            raise
        self.shared.working.discard(path)
        self.shared.results[path] = made
        return made

    def made_group(self, path: str) -> Result:
        """A group, or everything."""
        raise NotImplementedError

    def row(self, path: str) -> Result:
        """The step of one row."""
        row = self.engine.rows[path]
        if path in self.shared.apart:
            return self.apart(path, row)
        arms: list[g.Arm] = []
        status: list[Status] = []
        for guard, reading in self.ways(path):
            arms += [attrs.evolve(x, test=self.every(guard, x.test)) for x in reading.arms(row, path)]
            status += [(self.every(guard, test), word) for test, word in reading.status(row, path)]
        applies = self.applies(path)
        left = g.YES if unassessed(self, row) else applies.no
        review = self.review(row, path, left)
        step = g.Row(path, merged(self, arms), _plain(self, status), self.opposite(left), review)
        return self.finished(step, row)

    def ways(self, path: str) -> Iterator[tuple[g.Truth, "Rows"]]:
        """The states its columns can be in together, the most ordinary one last and without a guard."""
        names = [x for x in self.depends(path) if len(self.columns[x].states) > 1]
        order = {x: sorted(self.columns[x].states, key=_ordinary) for x in names}
        own = f"value:{path}"
        count = 1
        for x in names:
            count *= len(order[x])
        if count > MOST_WAYS:
            names = [own] if own in names else []
        found = list(product(*(order[x] for x in names)))
        for number, states in enumerate(found):
            guard = self.every(*(self.state(x, s) for x, s in zip(names, states, strict=True)))
            narrow = type(self)(self.shared, {x: frozenset({s}) for x, s in zip(names, states, strict=True)})
            yield (guard if number + 1 < len(found) else g.YES), narrow

    def depends(self, path: str) -> list[str]:
        """The columns a row looks at, its own first."""
        row = self.engine.rows[path]
        cases = row.scoring.cases if row.scoring is not None else ()
        asked = [x for case in cases for x in (case.when, case.award, case.high) if x is not None]
        found: dict[str, None] = {}
        seen: set[tuple[str, str]] = set()
        stack = [(name, path) for x in asked for name in sorted(c.references(x))]
        stack += [("met", path), ("excess", path), ("actual", path)]
        while stack:
            name, at = stack.pop()
            if (name, at) in seen:
                continue
            seen.add((name, at))
            kind, colon, of = name.partition(":")
            if not colon and kind in OWN:
                stack += [(x, at) for x in sorted(c.references(getattr(self.judge(at), kind)))]
            elif kind in ("actual", "value", "met"):
                at = of or at
                formula = self.engine.rows[at].formula if at in self.engine.rows else None
                stack += [(x, "") for x in sorted(c.references(formula))] if formula is not None else []
                stack += [("met", at)] if kind == "met" else []
                name = f"value:{at}"
            elif kind in ("prior", "mark"):
                name = f"{kind}:{of or at}"
            if name in self.columns:
                found[name] = None
        own = f"value:{path}"
        found.pop(own, None)
        return ([own] if own in self.columns else []) + sorted(found)

    # ---- one row in known states

    def arms(self, row: p.PlanIndicator, path: str) -> list[g.Arm]:
        """What decides the row, in order; the last arm always holds."""
        applies = self.applies(path)
        left = g.YES if unassessed(self, row) else applies.no
        policy = self.plan.not_applicable
        zero = Fraction(0)
        full = zero if policy == "zero" or row.bonus else row.points if policy == "full" else None
        fixed = (full, full) if full is not None else (zero, row.points or zero)
        made = [self.arm(left, 0, *fixed, full is None)]
        if row.scoring is None:
            return [*made, self.arm(g.YES, 0, zero, zero, True)]
        low, high = self.engine.open(row)[2:4]
        undecided = self.opposite(self.some(applies.yes, applies.no))
        made.append(self.arm(undecided, 0, min(zero, low), max(high, row.points or zero), True))
        lost: g.Truth = g.NO  # an earlier case is undecided: only a ``missing`` case has a chance
        for number, case in enumerate(row.scoring.cases, 1):
            holds = self.truth(self.read(case.when, path))
            reached = g.YES if case.missing else self.opposite(lost)
            test = self.every(reached, holds.yes)
            if test != g.NO:
                made += self.awarded(row, path, case, number, test)
            if test == g.YES:
                return made
            lost = self.some(lost, self.every(reached, self.opposite(self.some(holds.yes, holds.no))))
        return [*made, self.arm(g.YES, 0, low, high, True)]

    def arm(self, test: g.Truth, case: int, low: Fraction, high: Fraction, is_open: bool) -> g.Arm:
        """An arm between fixed limits."""
        return g.Arm(test, case, g.Whole(self.whole(low)), g.Whole(self.whole(high)), is_open)

    def whole(self, points: Fraction) -> int:
        """Points in whole units."""
        found = points * self.shared.units
        assert found.denominator == 1, points  # the units were chosen for it
        return found.numerator

    def awarded(self, row: p.PlanIndicator, path: str, case: c.Case, number: int, test: g.Truth) -> list[g.Arm]:
        """The award of a case: a value, or the assessor's mark inside a range."""
        assert row.scoring is not None  # the caller looked
        low, high = self.engine.open(row)[2:4]
        nothing = self.arm(test, number, low, high, True)
        award = self.number(self.read(case.award, path))
        if award is None:
            return [nothing]
        if case.high is None:
            score = self.scored(award, row.scoring.low, row.scoring.high)
            made = [g.Arm(self.every(test, award.known), number, score, score, False)]
            return made if award.known == g.YES else [*made, nothing]
        top = self.number(self.read(case.high, path))
        if top is None:
            return [nothing]
        ends = self.rounded(award), self.rounded(top)
        known = self.every(test, award.known, top.known)
        made = []
        mark = self.number(self.column(f"mark:{path}"))
        if mark is not None:
            limits = [Num(x, g.Whole(self.shared.units)) for x in ends]
            inside = self.every(mark.known, self.compared("<=", limits[0], mark), self.compared("<=", mark, limits[1]))
            score = self.rounded(mark)
            made.append(g.Arm(self.every(known, inside), number, score, score, False))
        made.append(g.Arm(known, number, *ends, True))
        return made if known == test else [*made, nothing]

    def scored(self, award: Num, low: Fraction, high: Fraction) -> g.Int:
        """An award inside its limits, rounded once; limits first, so that a huge one needs no room."""
        if isinstance(award.bottom, g.Whole):
            kept = self.extreme([self.extreme([award, constant(low)], False), constant(high)], True)
            return self.rounded(kept)
        ends = [g.Whole(self.whole(round_half_up(x, self.plan.rounding))) for x in (low, high)]
        return self.least(self.greatest(self.rounded(award), ends[0]), ends[1])

    def rounded(self, value: Num) -> g.Int:
        """The one rounding, in whole units."""
        size: int = 10**self.plan.rounding
        return self.times(self.nearest(value, size), g.Whole(self.shared.units // size))

    def review(self, row: p.PlanIndicator, path: str, left: g.Truth) -> tuple[g.Truth, g.Int] | None:
        """The reviewer's score, inside the limits of the row."""
        given = self.number(self.column(f"override:{path}"))
        if given is None or row.scoring is None:
            return None
        limits = [constant(x) for x in (row.scoring.low, row.scoring.high)]
        inside = [self.compared("<=", limits[0], given), self.compared("<=", given, limits[1])]
        return self.every(given.known, self.opposite(left), *inside), self.rounded(given)

    def status(self, row: p.PlanIndicator, path: str) -> list[Status]:
        """What the row is called, in order; the last one always holds."""
        applies = self.applies(path)
        left = g.YES if unassessed(self, row) else applies.no
        found: list[Status] = [(left, NOT_APPLICABLE), (self.missing(self.value_of(path)), NO_VALUE)]
        judge = self.judge(path)
        met = self.truth(self.read(judge.met, path))
        found.append((self.opposite(self.some(met.yes, met.no)), UNJUDGED))
        target = self.engine.target_of(row)
        if target is not None and isinstance(target.target.meaning, t.Bound) and row.direction != "exact":
            excess, goal = self.number(self.read(judge.excess, path)), self.number(self.read(judge.target, path))
            if excess is not None and goal is not None:
                far = self.compared(">", excess, self.multiply([goal, constant(EXCESS)]))
                above = self.compared(">", goal, constant(Fraction(0)))
                found.append((self.every(met.yes, excess.known, goal.known, above, far), EXCEEDED))
        return [*found, (met.yes, MET), (g.YES, MISSED)]

    # ---- steps

    def finished(self, step: g.Row, row: p.PlanIndicator) -> Result:
        """Put a step in its place; what follows looks at its results."""
        shared, path = self.shared, step.path
        lows = [self.anywhere.of(x.low) for x in step.arms] + (
            [self.anywhere.of(step.review[1])] if step.review else []
        )
        highs = [self.anywhere.of(x.high) for x in step.arms] + (
            [self.anywhere.of(step.review[1])] if step.review else []
        )
        shared.extents.define(f"low:{path}", (min(x[0] for x in lows), max(x[1] for x in lows)))
        shared.extents.define(f"high:{path}", (min(x[0] for x in highs), max(x[1] for x in highs)))
        shared.steps.append(step)
        never = all(not x.open for x in step.arms)
        always = all(x.open for x in step.arms) and step.review is None
        is_open = g.NO if never else g.YES if always else g.Flag(f"open:{path}")
        applies = step.applies if isinstance(step.applies, g.Settled) else g.Flag(f"applies:{path}")
        low = g.Cell(f"low:{path}")
        high = low if never else g.Cell(f"high:{path}")
        points = None if row.points is None else g.Whole(self.whole(row.points))
        return Result(low, high, is_open, applies, points, row.bonus)

    def apart(self, path: str, row: p.PlanIndicator) -> Result:
        """A row that is scored before: its results are columns."""
        points = None if row.points is None else g.Whole(self.whole(row.points))
        is_open = self.order("=", g.Cell(f"open:{path}"), g.Whole(1))
        status = f"status:{path}"
        return Result(g.Cell(f"low:{path}"), g.Cell(f"high:{path}"), is_open,
                      self.opposite(g.Said(status, NOT_APPLICABLE)), points, row.bonus)  # fmt: skip


def unassessed(reading: Reading, row: p.PlanIndicator) -> bool:
    """Is the row not assessed in this period, whatever is given?"""
    return bool(row.targets) and reading.engine.target_of(row) is None


def merged(reading: Reading, arms: list[g.Arm]) -> tuple[g.Arm, ...]:
    """Neighbours that decide alike as one; what nothing reaches is left out."""
    found: list[g.Arm] = []
    for arm in arms:
        if arm.test == g.NO:
            continue
        last = found[-1] if found else None
        if last is not None and attrs.evolve(last, test=g.YES) == attrs.evolve(arm, test=g.YES):
            found[-1] = attrs.evolve(arm, test=reading.some(last.test, arm.test))
        else:
            found.append(arm)
        if found[-1].test == g.YES:
            break
    return tuple(found)


def _plain(reading: Reading, status: list[Status]) -> tuple[Status, ...]:
    found: list[Status] = []
    for test, word in status:
        if test == g.NO:
            continue
        if found and found[-1][1] == word:
            found[-1] = (reading.some(found[-1][0], test), word)
        else:
            found.append((test, word))
        if found[-1][0] == g.YES:
            break
    return tuple(found)


def _ordinary(state: str) -> int:
    return (g.MISSING, g.ABSENT, g.WORD, g.NUMBER).index(state)
