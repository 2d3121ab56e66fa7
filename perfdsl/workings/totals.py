"""Sums of groups, the total, ceilings and the grade as formulas, part by part as the engine adds them up.

What applies, and so what a group is worth, is taken as the engine found it; the scores inside are live.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.evaluate import Engine
from perfdsl.layout import Formula, Live, Ref, Refs
from perfdsl.scorecard import NOT_APPLICABLE, GroupScore, IndicatorScore, Scorecard
from perfdsl.workings.formula import Unwritable, fitting, guarded, literal, quoted

ZERO = Fraction(0)
Part = IndicatorScore | GroupScore


class Totals:
    """The formulas of one card above its rows."""

    def __init__(self, engine: Engine, card: Scorecard, formula: Callable[[c.Expr], Formula]) -> None:
        self.engine = engine
        self.plan = engine.plan
        self.card = card
        self.formula = formula
        self.digits = engine.plan.rounding
        self.groups = {"/".join(g.path): g for g in engine.plan.groups}

    def live(self) -> dict[str, Live]:
        made: dict[str, Live] = {}
        for group in self.plan.groups:
            score = self.engine.group("/".join(group.path))
            if score.points is not None or score.bonus:
                made[f"group:{'/'.join(group.path)}"] = self.said(partial(self.group, group, score), score.score)
        whole = self.engine.group("")
        made["whole"] = self.said(self.whole, whole.score)
        made["total"] = self.said(self.total, self.card.total)
        if self.plan.grades:
            made["grade"] = self.said(self.grade, self.card.grade)
        return made

    def said(self, make: Callable[[], Formula], value: Fraction | str | None) -> Live:
        try:
            return Live(fitting(make()), value)
        except Unwritable as why:
            return Live((), value, f"这一格不带公式（{why}），改了完成值要重新导出")

    # ---- groups

    def group(self, group: p.PlanGroup, score: GroupScore) -> Formula:
        """One group: a sum, the best part, a block of 加减分; times its factor."""
        parts = self.engine.parts(group.path, group.children)
        if score.bonus:
            low, high = group.bonus or (sum((x.low for x in parts), ZERO), sum((x.high for x in parts), ZERO))
            if group.factor is not None:
                return self.times(group.factor, _sum(parts, self.digits), (low, high))
            if group.bonus is None:
                return _sum(parts, self.digits)
            return _known(parts, ("MAX(", literal(low), ",MIN(", literal(high), ",", *_sum(parts, self.digits), "))"))
        if not score.applicable:
            return ('""',)
        if group.either:
            inner = self.best(parts)
        else:
            inner = self.summed(group.path, score.points or ZERO, parts, rounds=group.factor is None)
        if group.factor is None:
            return inner
        full = group.points if group.either else score.points
        return self.times(group.factor, inner, (ZERO, self.most_of(group, full or ZERO)))

    def most_of(self, group: p.PlanGroup, full: Fraction) -> Fraction:
        if group.most is None:
            return full
        return self.engine.rounded(full * group.most / group.points) if group.points else group.most

    def summed(self, path: p.Path, full: Fraction, parts: list[Part], *, rounds: bool) -> Formula:
        """A sum, rescaled where parts do not apply or the group has a weight."""
        live = [x for x in parts if _applies(x)] if self.plan.not_applicable in ("rescale", "to") else parts
        possible = sum((x.points or ZERO for x in live), ZERO)
        if possible == full or not possible:
            return _sum(live, self.digits)
        inner = (*_adding(live), f"*{literal(full)}/{literal(possible)}")
        scaled = ("ROUND(", *guarded(inner, full), f",{self.digits})") if rounds else inner
        return _known(live, scaled)

    def best(self, parts: list[Part]) -> Formula:
        """择一: the best that applies, once nothing open can change it."""
        live = [x for x in parts if _applies(x)] or parts
        lows: list[str | Ref | Refs] = []
        highs: list[str | Ref | Refs] = []
        for part in live:
            cell = Ref(_key(part))
            low, high = self.ends(part)
            for ends, end in ((lows, low), (highs, high)):
                ends += [",", "IF(ISNUMBER(", cell, "),", cell, f",{literal(end)})"]
        return ("IF(MAX(", *lows[1:], ")=MAX(", *highs[1:], "),MAX(", *lows[1:], '),"")')

    def ends(self, part: Part) -> tuple[Fraction, Fraction]:
        """What a part can come to once its cell is empty: what the engine says of an open one, else the limits of its rules."""
        if part.score is None:
            return part.low, part.high
        row = next((x for x in self.plan.indicators if x.path == part.path), None)
        if row is not None and row.scoring is not None:
            return row.scoring.low, row.scoring.high
        return min(ZERO, part.low), max(part.points or ZERO, part.high)

    def times(self, factor: c.Factor, inner: Formula, limits: tuple[Fraction, Fraction]) -> Formula:
        """A score times a factor, rounded once, inside its limits."""
        product = (*inner, "*", *self.formula(factor.value))
        rounded = ("ROUND(", *guarded(product, max(abs(limits[0]), abs(limits[1]), Fraction(100))), f",{self.digits})")
        return ("IFERROR(MAX(", literal(limits[0]), ",MIN(", literal(limits[1]), ",", *rounded, ')),"")')

    # ---- the total

    def whole(self) -> Formula:
        """Groups and rows, then the blocks of 加减分, inside 0 and the most it may be."""
        parts = self.engine.parts((), self.plan.roots)
        counted, bonus = [x for x in parts if not x.bonus], [x for x in parts if x.bonus]
        total = self.plan.total or ZERO
        most = self.plan.most if self.plan.most is not None else total
        live = [x for x in counted if _applies(x)] if self.plan.not_applicable in ("rescale", "to") else counted
        if not live and counted:
            return ('""',)
        possible = sum((x.points or ZERO for x in live), ZERO)
        base: Formula = _adding(live)
        if possible not in (total, ZERO):
            base = ("ROUND(", *guarded((*base, f"*{literal(total)}/{literal(possible)}"), total), f",{self.digits})")
        added: Formula = (*base, "+", *_adding(bonus)) if bonus else base
        summed = ("ROUND(", *added, f",{self.digits})")
        return _known([*live, *bonus], ("MAX(0,MIN(", literal(most), ",", *summed, "))"))

    def total(self) -> Formula:
        """The total after 封顶; unknown where an undecided ceiling could lower it."""
        made: Formula = ("IF(ISNUMBER(", Ref("whole"), "),", Ref("whole"), ",NA())")
        ceilings = [x for x in self.plan.ceilings if x.total is not None]
        for ceiling in ceilings:
            cap, when = literal(ceiling.total or ZERO), self.formula(ceiling.condition)
            made = (
                "IF(ISERROR(",
                *when,
                "),IF(",
                *made,
                f">{cap},NA(),",
                *made,
                "),IF(",
                *when,
                ",MIN(",
                *made,
                f",{cap}),",
                *made,
                "))",
            )
            if len(made) > 400:
                raise Unwritable("封顶条件太多")
        return ("IFERROR(", *made, ',"")') if ceilings else (Ref("whole"),)

    def grade(self) -> Formula:
        """The first band that holds, no better than a ceiling allows."""
        if not self.plan.total:
            raise Unwritable("没有总分")
        share: Formula = ("ROUND(", Ref("total"), f"/{literal(self.plan.total)}*100,10)")
        place: Formula = ("NA()",)
        for number in range(len(self.plan.grades), 0, -1):
            tests: list[str | Ref | Refs] = []
            for op, limit in self.plan.grades[number - 1].limits:
                tests += [",", *share, f"{'<>' if op == '!=' else op}{literal(limit)}"]
            place = ("IF(AND(", *tests[1:], f"),{number},", *place, ")") if tests else (str(number),)
        names = [band.name for band in self.plan.grades]
        capped: list[str | Ref | Refs] = [*place]
        for ceiling in self.plan.ceilings:
            if ceiling.total is None and ceiling.grade in names:
                capped += [",IF(", *self.formula(ceiling.condition), f",{names.index(ceiling.grade) + 1},1)"]
        words = ",".join(quoted(name) for name in names)
        return ("IFERROR(CHOOSE(MAX(", *capped, f'),{words}),"")')


def _key(part: Part) -> str:
    return f"{'group' if isinstance(part, GroupScore) else 'score'}:{'/'.join(part.path)}"


def _cells(parts: list[Part]) -> Refs:
    return Refs(tuple(_key(part) for part in parts))


def _adding(parts: list[Part]) -> Formula:
    return ("SUM(", _cells(parts), ")") if parts else ("0",)


def _sum(parts: list[Part], digits: int) -> Formula:
    return _known(parts, ("ROUND(", *_adding(parts), f",{digits})"))


def _known(parts: list[Part], formula: Formula) -> Formula:
    """Nothing while a part is open."""
    return ("IF(COUNT(", _cells(parts), f")={len(parts)},", *formula, ',"")') if parts else formula


def _applies(part: Part) -> bool:
    return part.applicable if isinstance(part, GroupScore) else part.status != NOT_APPLICABLE
