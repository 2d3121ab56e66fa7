"""Groups, the total, ceilings, grade and awards: what ``evaluate`` does for one object, as steps over columns."""

from collections.abc import Sequence
from fractions import Fraction

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl import program as g
from perfdsl.integers.reading import Result
from perfdsl.integers.rows import Rows, unassessed
from perfdsl.integers.values import Num, constant

ZERO = g.Whole(0)


class Totals(Rows):
    """The whole of one object."""

    def made_group(self, path: str) -> Result:
        """The step of a group, or of everything."""
        group = self.engine.groups.get(path)
        made = self.whole_object() if group is None else self.summed(group)
        return self.stepped(path, made)

    def stepped(self, path: str, made: Result) -> Result:
        """Put a group in its place; what follows looks at its results."""
        extents = self.shared.extents
        step = g.Sum(path, made.low, made.high, made.open, made.applies)
        extents.define(f"low:{path}", extents.of(step.low))
        extents.define(f"high:{path}", extents.of(step.high))
        self.shared.steps.append(step)
        low, high = g.Cell(f"low:{path}"), g.Cell(f"high:{path}")
        is_open = made.open if isinstance(made.open, g.Settled) else g.Flag(f"open:{path}")
        applies = made.applies if isinstance(made.applies, g.Settled) else g.Flag(f"applies:{path}")
        return Result(low, low if made.open == g.NO else high, is_open, applies, made.points, made.bonus)

    def parts(self, above: p.Path, names: tuple[str, ...]) -> list[Result]:
        """The scored rows directly below."""
        found: list[Result] = []
        for name in names:
            path = "/".join((*above, name))
            row = self.engine.rows.get(path)
            if row is not None and (row.points is not None or row.bonus):
                found.append(self.result(path))
            elif path in self.engine.groups:
                made = self.result(path)
                if made.points is not None or made.bonus or self.engine.groups[path].bonus:
                    found.append(made)
        return found

    def amount(self, points: Fraction | None) -> g.Int:
        """Points as a whole number of units."""
        return g.Whole(self.whole(points if points is not None else Fraction(0)))

    def summed(self, group: p.PlanGroup) -> Result:
        """The contribution of one group."""
        points = self.engine.counts_for(group)
        parts = self.parts(group.path, group.children)
        bonus_only = group.points is None and group.weight is None and bool(parts) and all(x.bonus for x in parts)
        if group.bonus is not None or bonus_only:
            return self.block(group, parts)
        if points is None:
            return Result(ZERO, ZERO, g.YES, g.YES, None)
        if group.either:
            return self.multiplied(group, self.best_of(points, parts), self.amount(points))
        return self.shared_out(group.path, points, parts)

    def sums(self, parts: list[Result]) -> tuple[g.Int, g.Int, g.Truth]:
        """Lowest, highest, and whether a part is open, of a sum of what applies everywhere."""
        low = self.plus(*(x.low for x in parts))
        high = self.plus(*(x.high for x in parts))
        return low, high, self.some(*(x.open for x in parts))

    def kept(self, value: g.Int, low: g.Int, high: g.Int) -> g.Int:
        """Inside limits."""
        return self.least(self.greatest(value, low), high)

    def block(self, group: p.PlanGroup, parts: list[Result]) -> Result:
        """加减分项: the sum, inside the block's limits."""
        low, high, is_open = self.sums(parts)
        if group.bonus is None:
            return Result(low, high, is_open, g.YES, None, True)
        limits = self.amount(group.bonus[0]), self.amount(group.bonus[1])
        if group.factor is not None:
            raw = Result(low, high, is_open, g.YES, None, True)
            return self.times_factor(group.factor, raw, self.over_units(raw), limits)
        return Result(self.kept(low, *limits), self.kept(high, *limits), is_open, g.YES, None, True)

    def over_units(self, made: Result) -> tuple[Num, Num]:
        """Limits as fractions of a point."""
        units = g.Whole(self.shared.units)
        return Num(made.low, units), Num(made.high, units)

    def best_of(self, points: Fraction, parts: list[Result]) -> Result:
        """择一: the best child that applies counts."""
        full = self.amount(points)
        fixed = self.plan.not_applicable in ("full", "zero")
        some = self.some(*(x.applies for x in parts))
        if not parts or (some == g.NO and not fixed):
            return Result(ZERO, full, g.YES, g.NO, full)
        bottom = min(self.extents.of(x.low)[0] for x in parts)
        lows = [self.pick(x.applies, x.low, g.Whole(bottom)) for x in parts]
        highs = [self.pick(x.applies, x.high, g.Whole(bottom)) for x in parts]
        low, high = self.greatest(*lows), self.greatest(*highs)
        if fixed:
            low = self.pick(some, low, self.greatest(*(x.low for x in parts)))
            high = self.pick(some, high, self.greatest(*(x.high for x in parts)))
            return Result(low, high, self.order("!=", low, high), g.YES, full)
        low, high = self.pick(some, low, ZERO), self.pick(some, high, full)
        is_open = self.some(self.opposite(some), self.order("!=", low, high))
        return Result(low, high, is_open, some, full)

    def shared_out(self, path: p.Path, points: Fraction, parts: list[Result]) -> Result:
        """A sum; rescaled where parts do not apply, where points were moved here, or where the group has a weight."""
        only_live = self.plan.not_applicable in ("rescale", "to")
        live = [x.applies if only_live else g.YES for x in parts]
        own = self.amount(points)
        some = self.some(*live) if parts else g.YES
        low = self.plus(*(self.pick(a, x.low, ZERO) for a, x in zip(live, parts, strict=True)))
        high = self.plus(*(self.pick(a, x.high, ZERO) for a, x in zip(live, parts, strict=True)))
        is_open = self.some(*(self.every(a, x.open) for a, x in zip(live, parts, strict=True)))
        possible = self.plus(*(self.pick(a, x.points or ZERO, ZERO) for a, x in zip(live, parts, strict=True)))
        full = self.worth(path, points, possible)
        plain = self.some(self.order("=", possible, full), self.order("=", possible, ZERO))
        group = self.engine.groups.get("/".join(path))
        factor = group is not None and group.factor is not None
        over = g.Whole(self.shared.units)
        ends = Num(low, over), Num(high, over)
        if plain != g.YES:
            by = self.pick(plain, g.Whole(1), full), self.pick(plain, g.Whole(1), possible)
            bottom = by[1] if self.extents.of(by[1])[0] > 0 else g.Greatest((by[1], g.Whole(1)))
            scale = Num(by[0], bottom)
            scaled = [self.multiply([Num(x, over), scale]) for x in (low, high)]
            ends = scaled[0], scaled[1]
            if not factor:
                low, high = (self.pick(plain, was, self.rounded(x)) for was, x in zip((low, high), scaled, strict=True))
        made = Result(low, high, is_open, g.YES, full)
        if factor and group is not None:
            made = self.multiplied(group, made, full, ends)
        if some == g.YES:
            return made
        return Result(
            self.pick(some, made.low, ZERO), self.pick(some, made.high, own),
            self.some(self.opposite(some), made.open), some, self.pick(some, full, own),
        )  # fmt: skip

    def multiplied(self, group: p.PlanGroup, made: Result, full: g.Int, ends: tuple[Num, Num] | None = None) -> Result:
        """A group times its factor, rounded once, and at most what it may come to."""
        if group.factor is None or made.applies == g.NO:
            return made
        most = full
        if group.most is not None and group.points:
            most = self.rounded(
                self.multiply([Num(full, g.Whole(self.shared.units)), constant(group.most / group.points)])
            )
        elif group.most is not None:
            most = self.amount(group.most)
        times = self.times_factor(group.factor, made, ends or self.over_units(made), (ZERO, most))
        low, high = self.pick(made.applies, times.low, made.low), self.pick(made.applies, times.high, made.high)
        is_open = self.some(self.every(made.applies, times.open), self.every(self.opposite(made.applies), made.open))
        return Result(low, high, is_open, made.applies, made.points, made.bonus)

    def times_factor(
        self, factor: c.Factor, made: Result, ends: tuple[Num, Num], limits: tuple[g.Int, g.Int]
    ) -> Result:
        """A score times a factor, or between which limits it will be, inside ``limits``; a loss grows with the factor."""
        by = self.number(self.read(factor.value)) or Num(ZERO, g.Whole(1), g.NO)
        known = by.known
        units = self.shared.units

        def at(end: Num, bound: Fraction | None, limit: g.Int) -> g.Int:
            """One end for a factor that is known, and for one that is at its bound."""
            exact = self.rounded(self.multiply([end, by]))
            if known == g.YES:
                return exact
            loose = limit if bound is None else self.rounded(self.multiply([end, constant(bound)]))
            return self.pick(known, exact, loose)

        low, high = ends
        above = self.order("<=", ZERO, low.top)
        least = self.pick(above, at(low, factor.low, limits[0]), at(low, factor.high, limits[0]))
        below = self.order("<=", high.top, ZERO)
        most = self.pick(below, at(high, factor.low, limits[1]), at(high, factor.high, limits[1]))
        assert units > 0
        is_open = self.some(made.open, self.opposite(known))
        return Result(
            self.kept(least, *limits), self.kept(most, *limits), is_open, made.applies, made.points, made.bonus
        )

    def worth(self, path: p.Path, points: Fraction, possible: g.Int) -> g.Int:
        """The points a group counts with after those of what does not apply went to another group."""
        goal = self.plan.not_applicable_group
        group = self.engine.groups.get("/".join(path))
        if self.plan.not_applicable != "to" or group is None:
            return self.amount(points)
        if path != goal and group.weight is None:
            return possible
        return (
            self.plus(self.amount(points), self.freed((), self.plan.roots))
            if goal[: len(path)] == path
            else self.amount(points)
        )

    def freed(self, above: p.Path, names: tuple[str, ...]) -> g.Int:
        """The points below ``above`` that leave their group because nothing there can earn them."""
        return self.plus(*(self.freed_by((*above, name)) for name in names))

    def freed_by(self, path: p.Path) -> g.Int:
        """Those of one row; a group with a weight, 择一 and the goal itself keep theirs while anything in them applies."""
        key = "/".join(path)
        group = self.engine.groups.get(key)
        if group is None:
            row = self.engine.rows.get(key)
            return (
                ZERO
                if row is None or row.bonus or row.points is None
                else self.pick(self.left_out(row), self.amount(row.points), ZERO)
            )
        if group.bonus is not None or path == self.plan.not_applicable_group:
            return ZERO
        kept = ZERO if group.either or group.weight is not None else self.freed(path, group.children)
        return self.pick(self.alive(path), kept, self.amount(self.engine.counts_for(group)))

    def left_out(self, row: p.PlanIndicator) -> g.Truth:
        """Does it not apply, or is it not assessed in this period?"""
        return g.YES if unassessed(self, row) else self.applies_column(row)

    def applies_column(self, row: p.PlanIndicator) -> g.Truth:
        """Where a row is known not to apply."""
        path = "/".join(row.path)
        if path in self.shared.apart:
            return g.Said(f"status:{path}", "not applicable")
        return self.applies(path).no

    def alive(self, path: p.Path) -> g.Truth:
        """Does anything with points apply in it?"""
        key = "/".join(path)
        group = self.engine.groups.get(key)
        if group is not None:
            return self.some(*(self.alive((*path, name)) for name in group.children))
        row = self.engine.rows.get(key)
        return g.NO if row is None or row.points is None else self.opposite(self.left_out(row))

    def whole_object(self) -> Result:
        """The total: groups, then bonus blocks, inside 0 and the most it may be."""
        parts = self.parts((), self.plan.roots)
        total = self.plan.total if self.plan.total is not None else Fraction(0)
        base = self.shared_out((), total, [x for x in parts if not x.bonus])
        low, high, is_open = self.sums([base, *(x for x in parts if x.bonus)])
        most = self.amount(self.plan.most if self.plan.most is not None else total)
        points = self.amount(total)
        return Result(self.kept(low, ZERO, most), self.kept(high, ZERO, most), is_open, base.applies, points)

    # ---- above the total

    def ceilings(self, found: Sequence[p.PlanCeiling]) -> tuple[g.Sum, list[tuple[g.Truth, int]], g.Truth]:
        """The total after some 封顶, the grades allowed at most with where they are, and where that is undecided."""
        whole = self.result("") if self.plan.scored else Result(ZERO, ZERO, g.YES, g.YES, None)
        low, high, is_open = whole.low, whole.high, whole.open
        names = [band.name for band in self.plan.grades]
        grades: list[tuple[g.Truth, int]] = []
        undecided: g.Truth = g.NO
        for ceiling in found:
            holds = self.truth(self.read(ceiling.condition))
            unknown = self.opposite(self.some(holds.yes, holds.no))
            if ceiling.total is None:
                if ceiling.grade in names:
                    grades.append((holds.yes, names.index(ceiling.grade) + 1))
                undecided = self.some(undecided, unknown)
                continue
            limit = self.amount(ceiling.total)
            matters = self.every(unknown, self.some(is_open, self.order(">", low, limit)))
            low = self.pick(self.some(holds.yes, matters), self.least(low, limit), low)
            high = self.pick(holds.yes, self.least(high, limit), high)
            is_open = self.some(is_open, matters)
        return g.Sum("", low, high, is_open, whole.applies), grades, undecided

    def grade(self, total: g.Sum, grades: list[tuple[g.Truth, int]], undecided: g.Truth) -> g.Int:
        """The number of the first band whose limits hold, no better than a ceiling allows; 0 for none."""
        full = self.plan.total
        if not self.plan.grades or not full:
            return ZERO
        share = self.multiply([Num(total.low, g.Whole(self.shared.units)), constant(100 / full)])
        found: g.Int = ZERO
        for number, band in reversed(list(enumerate(self.plan.grades, 1))):
            holds = self.every(*(self.compared(op, share, constant(limit)) for op, limit in band.limits))
            found = self.pick(holds, g.Whole(number), found)
        capped = self.greatest(found, *(self.pick(yes, g.Whole(at), ZERO) for yes, at in grades))
        none = self.some(total.open, undecided, self.order("=", found, ZERO))
        return self.pick(none, ZERO, capped)
