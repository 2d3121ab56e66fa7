"""The whole card: rows, groups, total, ceilings, grade, awards."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from attrs import evolve

from perfdsl import plan as p
from perfdsl.actuals import Observed
from perfdsl.diagnostics import Diagnostic
from perfdsl.evaluate import messages as say
from perfdsl.evaluate.places import Places
from perfdsl.evaluate.values import COMPARE, ZERO
from perfdsl.quantity import format_number
from perfdsl.scorecard import MISSING, UNJUDGED, AwardDecision, IndicatorScore, Scorecard
from perfdsl.text import NOWHERE

Limits = tuple[Fraction, Fraction, Fraction | None]  # of the total: lowest, highest, and what it is once decided
UNDECIDED = ""  # among the grades of ceilings: one whose condition nobody can decide yet


def evaluate(
    plan: p.Plan, observed: Observed, period: str = "full", as_of: date | None = None
) -> tuple[Scorecard, list[Diagnostic]]:
    """Score ``plan`` for ``period`` as of a day (default: the end of the period); findings are about marks and points."""
    engine = Engine(plan, observed, period, as_of)
    return engine.card(), engine.found


class Engine(Places):
    """One evaluation from plan and observations to the card."""

    ended: Limits | None = None

    def card(self) -> Scorecard:
        """Everything, in the order of the plan."""
        passed_over = self.passed_over()
        indicators = tuple(
            evolve(made, counted=not any(path[:depth] in passed_over for depth in range(1, len(path) + 1)))
            for path, made in ((i.path, self.indicator("/".join(i.path))) for i in self.plan.indicators)
        )
        groups = tuple(evolve(self.group("/".join(g.path)), accepted=g.accepted) for g in self.plan.groups)
        whole = self.group("") if self.plan.scored else None
        (low, high, total), capped, notes = self.capped(self.plan.ceilings)
        uncapped = whole.score if whole is not None else None
        if whole is not None and whole.note_zh:
            notes = [(f"总分：{whole.note_zh}", f"total: {whole.note_en}"), *notes]
        grade = self.grade(total, capped) if total is not None else ""
        complete = total is not None and UNDECIDED not in capped if whole is not None else all(
            x.status not in (MISSING, UNJUDGED) for x in indicators)  # fmt: skip
        self.require_complete(indicators)
        order = tuple(self.order((), self.plan.roots))
        known = {group.path for group in self.plan.groups} | {row.path for row in indicators}
        empty = tuple(path for path in order if path not in known)
        awards = self.awards()
        return Scorecard(
            object=self.plan.object, kind=self.plan.kind, period=self.period, as_of=self.as_of.isoformat() if self.dated else "", complete=complete,
            points=self.plan.total, total=total, low=low, high=high, grade=grade, groups=groups, indicators=indicators,
            before_ceilings=uncapped if uncapped != total else None,
            notes_zh=tuple(n[0] for n in notes), notes_en=tuple(n[1] for n in notes), awards=awards,
            standings=tuple(self.standings[x.name] for x in self.plan.comparisons if x.name in self.standings),
            facts=self.plan.facts, empty=empty, order=order, rounding=self.plan.rounding, ruleset_sha256=self.plan.ruleset_sha256,
            actuals_sha256=self.observed.sha256,
        )  # fmt: skip

    def order(self, above: p.Path, names: tuple[str, ...]) -> Iterator[p.Path]:
        """Every row as the rules list it, empty ones included."""
        for name in names:
            path = (*above, name)
            yield path
            group = self.groups.get("/".join(path))
            if group is not None and group.path == path:
                yield from self.order(path, group.children)

    def final(self) -> Limits:
        """The total after its ceilings, worked out once; ceilings on the grade may look at the totals of all objects."""
        if self.ended is None:
            self.ended = self.capped([x for x in self.plan.ceilings if x.total is not None])[0]
        return self.ended

    def capped(self, ceilings: Sequence[p.PlanCeiling]) -> tuple[Limits, list[str], list[tuple[str, str]]]:
        """一票否决 and 等级封顶: the total after ceilings, the grades they allow at most, and what was done."""
        whole = self.group("") if self.plan.scored else None
        low, high, total = (whole.low, whole.high, whole.score) if whole is not None else (ZERO, ZERO, None)
        grades: list[str] = []
        notes: list[tuple[str, str]] = []
        for ceiling in ceilings:
            holds = self.value(ceiling.condition, None)
            if holds is False:
                continue
            words = ceiling.grade or format_number(ceiling.total or ZERO)
            if holds is None:
                notes.append((f"封顶条件无法判定：{ceiling.text}", f"ceiling not decided: {ceiling.text}"))
                if ceiling.total is None:
                    grades.append(UNDECIDED)
                elif total is None or total > ceiling.total:
                    low, total = min(low, ceiling.total), None
                continue
            notes.append((f"{ceiling.text}：最高{words}", f"{ceiling.text}: at most {words}"))
            if ceiling.total is not None:
                low, high = min(low, ceiling.total), min(high, ceiling.total)
                total = min(total, ceiling.total) if total is not None else None
            else:
                grades.append(ceiling.grade)
        return (low, high, total), grades, notes

    def grade(self, total: Fraction, capped: list[str]) -> str:
        """The first band whose limits hold, no better than a ceiling allows."""
        full = self.plan.total
        if not self.plan.grades or not full:
            return ""
        if UNDECIDED in capped:
            return ""
        share = total / full * 100
        names = [band.name for band in self.plan.grades]
        found = next(
            (i for i, b in enumerate(self.plan.grades) if all(COMPARE[op](share, x) for op, x in b.limits)), None
        )
        if found is None:
            self.report(say.NO_BAND, NOWHERE, total=format_number(total))
            return ""
        return names[max([found, *(names.index(g) for g in capped if g in names)])]

    def awards(self) -> tuple[AwardDecision, ...]:
        """Decisions beside the score; None while they are open."""
        made: list[AwardDecision] = []
        for award in self.plan.awards:
            found = self.value(award.condition, None)
            zh, en = self.standing_reasons(award.condition)
            decided = found if isinstance(found, bool) else None
            made.append(AwardDecision(name=award.name, decided=decided, reason_zh=zh, reason_en=en))
        return tuple(made)

    def require_complete(self, indicators: tuple[IndicatorScore, ...]) -> None:
        """``missing error``: each missing value is an error."""
        if self.plan.missing == "error":
            for row in indicators:
                if row.status == MISSING:
                    self.report(say.VALUE_MISSING, NOWHERE, name="/".join(row.path))
