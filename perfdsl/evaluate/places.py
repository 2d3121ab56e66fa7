"""What an object brings to comparisons with the objects scored together, and what it is told of them."""

from abc import abstractmethod
from fractions import Fraction

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.core import Value
from perfdsl.evaluate import messages as say
from perfdsl.evaluate.totals import Totals
from perfdsl.evaluate.values import ZERO, Place
from perfdsl.explain import alone
from perfdsl.quantity import NO_UNIT, format_number
from perfdsl.scorecard import GroupScore, IndicatorScore, Standing
from perfdsl.text import NOWHERE


class Places(Totals):
    """Comparisons of one evaluation, each asked for once."""

    def compared(self, name: str) -> Fraction | None:
        """The value of a comparison; an object scored alone has no place, and says so."""
        comparison = self.comparisons.get(name)
        if comparison is None:
            return None
        made = self.peers.standing(self, comparison) if self.peers is not None else self.alone(comparison)
        self.standings[name] = made
        return made.value

    def alone(self, comparison: c.Comparison) -> Standing:
        """What an object scored alone is told: it is one, and has no place."""
        zh, en = alone(comparison)
        self.report(say.ALONE, NOWHERE, word=comparison.word)
        inside = not comparison.of or self.place(comparison.of) is not None
        return Standing(word=comparison.word, what=comparison.what, members=1, outside=not inside, reason_zh=zh, reason_en=en,
                        value=Fraction(1) if comparison.what == "size" and inside else None)  # fmt: skip

    def place(self, of: str) -> Place | None:
        """What the object brings to a comparison of ``of``; None when it takes no part."""
        kind, _, path = of.partition(":")
        match kind:
            case "total" if self.plan.scored:
                low, high, total = self.final()
                return self.scored(path, (low, high) if total is None else (total, total), self.plan.total)
            case "score" | "lost":
                return self.place_of_score(kind, path)
            case "value" if path in self.rows:
                return self.place_of_value(self.rows[path])
            case "input":
                found = next((x for x in self.plan.inputs if x.name == path), None)
                return self.placed(self.observed.inputs.get(path), found, True) if found is not None else None
        return None

    def place_of_score(self, kind: str, path: str) -> Place | None:
        """By what a row or group got or lost."""
        if path and path not in self.rows and path not in self.groups:
            return None
        made: IndicatorScore | GroupScore = self.indicator(path) if path in self.rows else self.group(path)
        if made.points is None and not made.bonus:
            return None
        low, high = (made.low, made.high) if made.score is None else (made.score, made.score)
        if kind == "lost":
            points = made.points or ZERO
            low, high = max(ZERO, points - high), max(ZERO, points - low)
        return self.scored(path, (low, high), made.points)

    def scored(self, path: str, ends: tuple[Fraction, Fraction], points: Fraction | None) -> Place | None:
        """Between ``ends``; where nothing applies the object takes no part, whatever points that may be worth."""
        below = [
            row
            for key, row in self.rows.items()
            if row.scoring is not None and f"{key}/".startswith(f"{path}/" if path else "")
        ]
        applying = [self.applies(row) for row in below if not self.left_out(row)]
        if not applying:
            return None
        texts = [format_number(end) for end in dict.fromkeys(ends)]
        return Place(*ends, "–".join(texts) + "分", True in applying, points)

    def place_of_value(self, row: p.PlanIndicator) -> Place | None:
        """By the value of a row; its domain says what a missing one can be."""
        if self.left_out(row):
            return None
        frame = self.frame(row)
        made = self.placed(frame.value, row, self.applies(row) is not None)
        return made._replace(shown=self.actual_text(row, frame) or made.shown)

    def placed(self, value: Value, source: p.PlanIndicator | p.PlanInput, sure: bool) -> Place:
        """A value, or all that its domain allows."""
        target = self.target_of(source) if isinstance(source, p.PlanIndicator) else None
        unit = (target.unit if target is not None else None) or source.unit or NO_UNIT
        if isinstance(value, Fraction):
            return Place(value, value, format_number(value / unit.scale) + unit.text, sure, unit.dims)
        low, high = source.domain.low, source.domain.high
        if low == high:
            low = None  # the only value it can have is not given yet
        return Place(low, high, "", sure, unit.dims)

    def group_of(self, within: str) -> str | None:
        """The word of the class the object is in; None while it is not given."""
        found = self.observed.inputs.get(within)
        return found if isinstance(found, str) else None

    def knows(self, within: str) -> bool:
        """Do the object's rules ask for the class?"""
        return any(x.name == within for x in self.plan.inputs)

    def standing_reasons(self, *exprs: c.Expr | None) -> tuple[str, str]:
        """What the comparisons that expressions look at came to, in Chinese and in English."""
        names = dict.fromkeys(name for expr in exprs if expr is not None for name in c.comparisons_in(expr))
        found = [self.standings[name] for name in names if name in self.standings]
        return "；".join(x.reason_zh for x in found), "; ".join(x.reason_en for x in found)

    @abstractmethod
    def final(self) -> tuple[Fraction, Fraction, Fraction | None]:
        """The total after its ceilings: lowest, highest, and what it is once decided."""
