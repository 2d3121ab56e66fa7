"""Groups and the total: sums of what is printed, weights, 择一, 加减分, and what becomes of points that do not apply."""

from collections.abc import Iterable
from fractions import Fraction

from attrs import evolve

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.evaluate.entries import EntryRows
from perfdsl.evaluate.values import ZERO
from perfdsl.quantity import format_number, round_half_up
from perfdsl.scorecard import NOT_APPLICABLE, GroupScore, IndicatorScore


class Totals(EntryRows):
    """The groups of one evaluation, each worked out once."""

    def group(self, path: str) -> GroupScore:
        """One group, or everything for the empty path, worked out once."""
        if path not in self.totals:
            if f"group:{path}" in self.working:
                return GroupScore(path=(), points=None, score=None, low=ZERO, high=ZERO)
            self.working.add(f"group:{path}")
            group = self.groups.get(path)
            self.totals[path] = self.summed(group, self.counts_for(group)) if group is not None else self.whole()
            self.working.discard(f"group:{path}")
        return self.totals[path]

    def counts_for(self, group: p.PlanGroup) -> Fraction | None:
        """The points a group counts with: its own, or its weight of its parent's."""
        if group.weight is None:
            return group.points
        parent = self.groups.get("/".join(group.path[:-1]))
        above = self.counts_for(parent) if parent is not None else self.plan.total
        return group.weight * above if above is not None else None

    def parts(self, above: p.Path, names: tuple[str, ...]) -> list[IndicatorScore | GroupScore]:
        """The scored rows directly below, bonus blocks left out."""
        found: list[IndicatorScore | GroupScore] = []
        for name in names:
            path = "/".join((*above, name))
            if path in self.rows and (self.rows[path].points is not None or self.rows[path].bonus):
                found.append(self.indicator(path))
            elif path in self.groups:
                made = self.group(path)
                if made.points is not None or made.bonus or self.groups[path].bonus:
                    found.append(made)
        return found

    def summed(self, group: p.PlanGroup, points: Fraction | None) -> GroupScore:
        """The contribution of one group."""
        parts = self.parts(group.path, group.children)
        if group.bonus is not None or (
            group.points is None and group.weight is None and parts and all(x.bonus for x in parts)
        ):
            return self.block(group, parts)
        if points is None:
            return GroupScore(path=group.path, points=None, score=None, low=ZERO, high=ZERO)
        if group.either:
            return self.multiplied(group, self.best_of(group, points, parts), points)
        return self.shared_out(group.path, points, parts)

    def multiplied(self, group: p.PlanGroup, made: GroupScore, full: Fraction) -> GroupScore:
        """A group times its factor, rounded once, and at most what it may come to; ``made`` is not rounded yet."""
        if group.factor is None or not made.applicable:
            return made
        most = full
        if group.most is not None:
            most = self.rounded(full * group.most / group.points) if group.points else group.most
        return self.times(group.factor, made, (ZERO, most))

    def times(self, factor: c.Factor, made: GroupScore, limits: tuple[Fraction, Fraction]) -> GroupScore:
        """A score times a factor, or between which limits it will be, inside ``limits``."""
        by = self.value(factor.value, None)
        known = by if isinstance(by, Fraction) else None
        ends = (factor.low, factor.high) if known is None else (known, known)
        low = _inside(self.rounded(_least(made.low, ends, limits)), *limits)
        high = _inside(self.rounded(_most(made.high, ends, limits)), *limits)
        score = None if made.score is None or known is None else self.rounded(made.score * known)
        kept = score if score is None else _inside(score, *limits)
        zh, en = _factor_words(factor, known, made.score, score)
        if kept is not None and score is not None and kept != score:
            zh, en = f"{zh}，按{format_number(kept)}计", f"{en}; {format_number(kept)} counts"
        ends_of = (low, high) if kept is None else (kept, kept)
        return evolve(made, score=kept, factor=known, low=ends_of[0], high=ends_of[1], note_zh="；".join(x for x in (made.note_zh, zh) if x),
                      note_en="; ".join(x for x in (made.note_en, en) if x))  # fmt: skip

    def block(self, group: p.PlanGroup, parts: list[IndicatorScore | GroupScore]) -> GroupScore:
        """加减分项: the sum, inside the block's limits."""
        low, high = group.bonus or (sum((x.low for x in parts), ZERO), sum((x.high for x in parts), ZERO))
        lowest, highest, score = _sums(parts)
        if group.factor is not None:
            raw = GroupScore(path=group.path, points=None, score=score, low=lowest, high=highest, bonus=True)
            return self.times(group.factor, raw, (low, high))
        return GroupScore(path=group.path, points=None, score=None if score is None else _inside(score, low, high),
                          low=_inside(lowest, low, high), high=_inside(highest, low, high), bonus=True)  # fmt: skip

    def best_of(self, group: p.PlanGroup, points: Fraction, parts: list[IndicatorScore | GroupScore]) -> GroupScore:
        """择一: the best child that applies counts."""
        fixed = self.plan.not_applicable in ("full", "zero")
        live = [x for x in parts if _applies(x)] or (parts if fixed else [])
        if not live:
            return GroupScore(path=group.path, points=points, score=None, low=ZERO, high=points, applicable=False,
                              either=True)  # fmt: skip
        low, high = max(x.low for x in live), max(x.high for x in live)
        return GroupScore(path=group.path, points=points, score=low if low == high else None, low=low, high=high,
                          either=True)  # fmt: skip

    def passed_over(self) -> set[p.Path]:
        """What stands beside the child that counts in a 择一 group."""
        found: set[p.Path] = set()
        for group in self.plan.groups:
            parts = self.parts(group.path, group.children) if group.either else []
            made = self.best_of(group, ZERO, parts)
            if made.score is None:
                continue
            best = next((x for x in parts if _applies(x) and x.score == made.score), None)
            found.update(x.path for x in parts if best is not None and x is not best)
        return found

    def shared_out(self, path: p.Path, points: Fraction, parts: list[IndicatorScore | GroupScore]) -> GroupScore:
        """A sum; rescaled where parts do not apply, where points were moved here, or where the group has a weight."""
        live = [x for x in parts if _applies(x)] if self.plan.not_applicable in ("rescale", "to") else parts
        if not live and parts:
            return GroupScore(path=path, points=points, score=None, low=ZERO, high=points, applicable=False)
        lowest, highest, score = _sums(live)
        possible = sum((x.points or ZERO for x in live), ZERO)
        full = self.worth(path, points, possible)
        group = self.groups.get("/".join(path))
        if possible == full or not possible:
            made = GroupScore(path=path, points=full, score=score, low=lowest, high=highest)
            return made if group is None else self.multiplied(group, made, full)
        scale = full / possible
        zh = f"按 {format_number(full)}/{format_number(possible)} 折算"
        en = f"rescaled by {format_number(full)}/{format_number(possible)}"
        scaled = [None if x is None else x * scale for x in (score, lowest, highest)]
        if group is None or group.factor is None:
            scaled = [None if x is None else self.rounded(x) for x in scaled]
        made = GroupScore(path=path, points=full, score=scaled[0], low=scaled[1] or ZERO, high=scaled[2] or ZERO,
                          note_zh=zh, note_en=en)  # fmt: skip
        return made if group is None else self.multiplied(group, made, full)

    def worth(self, path: p.Path, points: Fraction, possible: Fraction) -> Fraction:
        """The points a group counts with after those of what does not apply went to another group."""
        goal = self.plan.not_applicable_group
        group = self.groups.get("/".join(path))
        if self.plan.not_applicable != "to" or group is None:
            return points
        if path != goal and group.weight is None:
            return possible
        return points + self.freed((), self.plan.roots) if goal[: len(path)] == path else points

    def freed(self, above: p.Path, names: tuple[str, ...]) -> Fraction:
        """The points below ``above`` that leave their group because nothing there can earn them."""
        return sum((self.freed_by((*above, name)) for name in names), ZERO)

    def freed_by(self, path: p.Path) -> Fraction:
        """Those of one row; a group with a weight, 择一 and the goal itself keep theirs while anything in them applies."""
        group = self.groups.get("/".join(path))
        if group is None:
            row = self.rows.get("/".join(path))
            return row.points or ZERO if row is not None and not row.bonus and self.left_out(row) else ZERO
        if group.bonus is not None or path == self.plan.not_applicable_group:
            return ZERO
        if not self.alive(path):
            return self.counts_for(group) or ZERO
        return ZERO if group.either or group.weight is not None else self.freed(path, group.children)

    def alive(self, path: p.Path) -> bool:
        """Does anything with points apply in it?"""
        group = self.groups.get("/".join(path))
        if group is not None:
            return any(self.alive((*path, name)) for name in group.children)
        row = self.rows.get("/".join(path))
        return row is not None and row.points is not None and not self.left_out(row)

    def whole(self) -> GroupScore:
        """The total: groups, then bonus blocks, inside 0 and the most it may be."""
        parts = self.parts((), self.plan.roots)
        counted = [x for x in parts if not x.bonus]
        total = self.plan.total if self.plan.total is not None else ZERO
        base = self.shared_out((), total, counted)
        lowest, highest, score = _sums([base, *(x for x in parts if x.bonus)])
        most = self.plan.most if self.plan.most is not None else total
        kept = None if score is None else _inside(score, ZERO, most)
        zh, en = ([note] if note else [] for note in (base.note_zh, base.note_en))
        if score is not None and kept is not None and kept != score:
            zh.append(f"各项合计{format_number(score)}，按{format_number(kept)}计")
            en.append(f"the parts come to {format_number(score)}; {format_number(kept)} counts")
        return GroupScore(path=(), points=total, score=kept, low=_inside(lowest, ZERO, most), high=_inside(highest, ZERO, most),
                          applicable=base.applicable, note_zh="；".join(zh), note_en="; ".join(en))  # fmt: skip


def _least(low: Fraction, ends: tuple[Fraction, Fraction | None], limits: tuple[Fraction, Fraction]) -> Fraction:
    """The least a product can be whose factor lies between ``ends``; a loss grows with the factor."""
    if low >= 0:
        return low * ends[0]
    return limits[0] if ends[1] is None else low * ends[1]


def _most(high: Fraction, ends: tuple[Fraction, Fraction | None], limits: tuple[Fraction, Fraction]) -> Fraction:
    if high <= 0:
        return high * ends[0]
    return limits[1] if ends[1] is None else high * ends[1]


def _factor_words(
    factor: c.Factor, known: Fraction | None, before: Fraction | None, after: Fraction | None
) -> tuple[str, str]:
    """What a factor did, in Chinese and in English."""
    if known is None:
        return f"系数（{factor.text}）还不能确定", f"the factor ({factor.text}) is not known yet"
    by = format_number(known) if known.denominator < 10**6 else f"{format_number(round_half_up(known, 4))}…"
    if before is None or after is None:
        return f"乘以系数{by}", f"times {by}"
    was = format_number(round_half_up(before, 4))
    return f"{was} × 系数{by} = {format_number(after)}", f"{was} × {by} = {format_number(after)}"


def _inside(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    return min(max(value, low), high)


def _sums(parts: Iterable[IndicatorScore | GroupScore]) -> tuple[Fraction, Fraction, Fraction | None]:
    """(lowest, highest, score) of a sum; no score while a part is open."""
    known = list(parts)
    scores = [x.score for x in known if x.score is not None]
    low, high = sum((x.low for x in known), ZERO), sum((x.high for x in known), ZERO)
    return low, high, sum(scores, ZERO) if len(scores) == len(known) else None


def _applies(part: IndicatorScore | GroupScore) -> bool:
    return part.applicable if isinstance(part, GroupScore) else part.status != NOT_APPLICABLE
