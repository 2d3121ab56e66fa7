"""One row: does it apply, is it due, what does its rubric say."""

from abc import abstractmethod
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from attrs import evolve

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl import target as t
from perfdsl.actuals import Entry
from perfdsl.core import Value
from perfdsl.evaluate import messages as say
from perfdsl.evaluate.gather import gathered, opening
from perfdsl.evaluate.values import MOST_BITS, NO_JUDGE, ZERO, Frame, Values
from perfdsl.explain import Trace, sentence, shown_value
from perfdsl.quantity import format_number
from perfdsl.scorecard import EXCEEDED, MET, MISSED, MISSING, NOT_APPLICABLE, UNJUDGED, IndicatorScore
from perfdsl.text import NOWHERE, Span

EXCESS = Fraction(3, 10)
NO_ENTRY = Entry(value=None, text="")


class Decision(NamedTuple):
    """What a rubric decided: the case, and the award or the range it can still be in."""

    number: int
    award: Fraction | None
    low: Fraction
    high: Fraction
    ranged: tuple[Fraction, Fraction] | None = None
    limited: bool = False


class Rows(Values):
    """The indicators of one evaluation, each worked out once."""

    def target_of(self, row: p.PlanIndicator) -> p.PlanTarget | None:
        """The target of this period; None when the cell is empty or says 无."""
        found = next((x for x in row.targets if x.period == self.period), None)
        return None if found is None or isinstance(found.target.meaning, t.Nothing) else found

    def frame(self, row: p.PlanIndicator, entry: Entry | None = None) -> Frame:
        """The own words of a row, by its first entry when none is given."""
        target = self.target_of(row)
        if entry is None:
            entries = self.observed.entries.get("/".join(row.path), ())
            entry = self.gathered(row, row.gather, entries) if row.gather is not None else next(iter(entries), NO_ENTRY)
        value = self.computed(row, row.formula) if row.formula is not None else entry.value
        if row.formula is not None and isinstance(value, Fraction) and not row.domain.holds(value):
            value = None
        return Frame(row, target.judge if target is not None else NO_JUDGE, entry, value)

    def gathered(self, row: p.PlanIndicator, how: c.Gather, entries: tuple[Entry, ...]) -> Entry:
        """The rows of several units as one; what is wrong with them is said once."""
        path = "/".join(row.path)
        first = path not in self.units
        made = self.units[path] = self.units[path] if not first else gathered(how, entries)
        value = made.value
        span = entries[0].span if entries else NOWHERE
        outside = isinstance(value, Fraction) and not row.domain.holds(value)
        for kind, facts in made.troubles if first else ():
            self.report(kind, span, name=row.path[-1], **facts)
        if first and outside:
            shown = shown_value(value, row, self.target_of(row))
            self.report(say.OUT_OF_DOMAIN, span, name=row.path[-1], value=shown)
        texts = "；".join(entry.text for entry in entries if entry.text)
        text = shown_value(value, row, self.target_of(row)) if value is not None else "" if made.blank else texts
        return Entry(
            value=None if outside else value, text=text, applies=any(entry.applies for entry in entries) or not entries,
            mark=next((x.mark for x in entries if x.mark is not None), None), prior=made.prior,
            explanation=_joined(x.explanation for x in entries), evidence=_joined(x.evidence for x in entries), span=span,
        )  # fmt: skip

    def computed(self, row: p.PlanIndicator, formula: c.Expr) -> Value:
        """What a formula comes to; that its digits outgrow all use is said of the first row where they do."""
        self.outgrown = False
        value = self.value(formula, None)
        if self.outgrown:
            self.report(
                say.TOO_MANY_DIGITS, NOWHERE, name=row.path[-1], line=str(row.line), most=str(MOST_BITS * 3 // 10)
            )
        self.outgrown = False
        return value

    def applies(self, row: p.PlanIndicator) -> bool | None:
        """Does the row apply: its own condition, those of its groups, and what the actuals say."""
        entries = self.observed.entries.get("/".join(row.path), ())
        left_out = [not entry.applies for entry in entries]
        if (all(left_out) and entries) if row.gather is not None else any(left_out):
            return False
        conditions = [row.applies] if row.applies is not None else []
        for depth in range(1, len(row.path)):
            group = self.groups.get("/".join(row.path[:depth]))
            if group is not None and group.applies is not None:
                conditions.append(group.applies)
        found = self.kleene(conditions, False, None)
        return False if found is True and row.formula is not None and self.stands_outside(row.formula) else found

    def stands_outside(self, formula: c.Expr) -> bool:
        """Does a formula come to nothing because the object takes no part in what it compares?"""
        if not c.comparisons_in(formula) or self.value(formula, None) is not None:
            return False
        return self.asks_outside(formula)

    def asks_outside(self, expr: c.Expr) -> bool:
        """Does an expression ask for a comparison without the object, on the ways its conditions decide?"""
        if isinstance(expr, c.Ref):
            return expr.name in self.comparisons and expr.name in self.standings and self.standings[expr.name].outside
        if not isinstance(expr, c.If):
            return any(self.asks_outside(x) for x in c.children(expr))
        decided = self.value(expr.test, None)
        ways = [expr.test] if decided is None else [expr.test, expr.then if decided else expr.other]
        return any(self.asks_outside(x) for x in ways)

    def left_out(self, row: p.PlanIndicator) -> bool:
        """Does it not apply, or is it not assessed in this period?"""
        unassessed = bool(row.targets) and self.target_of(row) is None
        return self.applies(row) is False or unassessed

    def indicator(self, path: str) -> IndicatorScore:
        """The score of one indicator, worked out once."""
        if path not in self.scores:
            if path in self.working:
                return _blank(self.rows[path])
            self.working.add(path)
            self.scores[path] = self.introduced(self.rows[path], self.judged(self.rows[path]))
            self.working.discard(path)
        return self.scores[path]

    def introduced(self, row: p.PlanIndicator, made: IndicatorScore) -> IndicatorScore:
        """A reason about several units says so first."""
        units = self.units.get("/".join(row.path))
        if row.gather is None or units is None or not units.number or made.status == NOT_APPLICABLE:
            return made
        zh, en = opening(row.gather, units.number)
        if units.blank:
            lack_zh, lack_en = f"有{units.blank}家没有完成值", f"{units.blank} of them have no actual value"
            return evolve(made, reason_zh=f"{zh}{lack_zh}", reason_en=f"{en}{lack_en}")
        return evolve(made, reason_zh=zh + made.reason_zh, reason_en=en + made.reason_en)

    def judged(self, row: p.PlanIndicator) -> IndicatorScore:
        """One row: does it apply, is it due, what does its rubric say."""
        frame, target = self.frame(row), self.target_of(row)
        applies = self.applies(row)
        unassessed = target is None and bool(row.targets)
        if row.formula is not None and frame.value is None:
            self.check_domain(row, frame)
        if self.left_out(row):
            self.check_policy(row, frame.entry.span, unassessed and applies is not False)
            word = (
                ("本期没有指标值，不考核", "not assessed in this period")
                if unassessed
                else ("不适用", "does not apply")
            )
            policy = self.plan.not_applicable
            full = ZERO if policy == "zero" or row.bonus else row.points if policy == "full" else None
            return self.result(
                row, frame, NOT_APPLICABLE, Decision(0, full, full or ZERO, full or row.points or ZERO), *word
            )
        if row.scoring is None:
            status = self.status(row, frame, target)
            trace = self.trace(row, frame, target)
            return self.result(row, frame, status, Decision(0, None, ZERO, ZERO), *sentence(trace, status))
        if applies is None:
            status = self.status(row, frame, target)
            words = ("是否适用还不能判定", "whether it applies is not decided")
            return self.result(row, frame, status, self.wide_open(row), *words)
        if row.scoring.entries is not None:
            return self.by_entries(row, frame)
        return self.by_cases(row, frame, target)

    def by_cases(self, row: p.PlanIndicator, frame: Frame, target: p.PlanTarget | None) -> IndicatorScore:
        """A rubric over one value."""
        assert row.scoring is not None  # the caller looked
        decision = self.decide(row.scoring, frame)
        status = self.status(row, frame, target)
        case = row.scoring.cases[decision.number - 1] if decision.number else None
        marked = decision.ranged is not None or (case is not None and "mark" in c.references(case.award))
        if frame.entry.mark is not None and case is not None and not marked:
            self.report(say.MARK_UNUSED, frame.entry.span, name=row.path[-1], mark=format_number(frame.entry.mark))
        trace = self.trace(row, frame, target, row.scoring.cases[: decision.number or len(row.scoring.cases)])
        words = sentence(
            trace,
            status,
            case,
            decision.number,
            decision.award,
            decision.ranged,
            self.words_of(row.scoring, decision, frame),
        )
        return self.result(row, frame, status, decision, *words)

    def trace(
        self, row: p.PlanIndicator, frame: Frame, target: p.PlanTarget | None, looked: tuple[c.Case, ...] = ()
    ) -> Trace:
        """What the reason is about; ``looked`` are the cases up to the one that decided."""
        parts = [part for case in looked for part in (case.when, case.award, case.high)]
        standing = self.standing_reasons(row.formula, *parts)
        return Trace(self.plan, row, target, frame.value, frame.entry.text, self.schedule(), standing)

    def words_of(self, scoring: c.Scoring, decision: Decision, frame: Frame) -> dict[str, Value]:
        """The values of the words that led to a case: those of its award and of all conditions up to its own."""
        if not decision.number:
            return {}
        looked = scoring.cases[: decision.number]
        names = set().union(c.references(looked[-1].award), *(c.references(case.when) for case in looked))
        return {name: self.reference(name, frame) for name in sorted(names)}

    def open(self, row: p.PlanIndicator) -> Decision:
        """Nothing decided: every award is still possible."""
        assert row.scoring is not None  # only scored rows are decided
        ranges = {period: (low, high) for period, low, high in row.possible}
        low, high = ranges.get(self.period) or ranges.get("") or (row.scoring.low, row.scoring.high)
        return Decision(0, None, self.rounded(low), self.rounded(high))

    def wide_open(self, row: p.PlanIndicator) -> Decision:
        """Not even known to apply: any award, none, and all the points its absence may be worth."""
        found = self.open(row)
        return found._replace(low=min(ZERO, found.low), high=max(found.high, row.points or ZERO))

    def decide(self, scoring: c.Scoring, frame: Frame) -> Decision:
        """The first case that holds; an undecided one leaves only a ``missing`` case a chance."""
        undecided = False
        for number, case in enumerate(scoring.cases, 1):
            if undecided and not case.missing:
                continue
            holds = self.value(case.when, frame)
            if holds is True:
                return self.awarded(scoring, case, number, frame)
            undecided = undecided or holds is None
        if not undecided:
            self.report(say.NO_CASE, frame.entry.span, name=frame.row.path[-1], actual=frame.entry.text)
        return self.open(frame.row)

    def awarded(self, scoring: c.Scoring, case: c.Case, number: int, frame: Frame) -> Decision:
        """The award of a case: a value, or the assessor's mark inside a range."""
        award = self.value(case.award, frame)
        if not isinstance(award, Fraction):
            return self.open(frame.row)._replace(number=number)
        if case.high is None:
            return self.limited(scoring, award, number, frame)
        top = self.value(case.high, frame)
        if not isinstance(top, Fraction):
            return self.open(frame.row)._replace(number=number)
        mark = frame.entry.mark
        low, high = self.rounded(award), self.rounded(top)
        if mark is not None and low <= mark <= high:
            return Decision(number, self.rounded(mark), self.rounded(mark), self.rounded(mark), (low, high))
        if mark is not None:
            self.report(say.MARK_OUTSIDE, frame.entry.span, name=frame.row.path[-1], mark=format_number(mark),
                        low=format_number(low), high=format_number(high))  # fmt: skip
        return Decision(number, None, low, high, (low, high))

    def limited(self, scoring: c.Scoring, award: Fraction, number: int, frame: Frame) -> Decision:
        """Inside the limits of the row, visibly."""
        kept = min(max(award, scoring.low), scoring.high)
        if kept != award:
            self.report(say.CLAMPED, frame.entry.span, name=frame.row.path[-1], award=format_number(award),
                        kept=format_number(kept))  # fmt: skip
        score = self.rounded(kept)
        return Decision(number, score, score, score, limited=kept != award)

    def status(self, row: p.PlanIndicator, frame: Frame, target: p.PlanTarget | None) -> str:
        """met, exceeded, missed, missing or unjudged."""
        if frame.value is None and not frame.entry.none_happened:
            return MISSING
        met = self.value(frame.judge.met, frame)
        if met is None:
            return UNJUDGED
        if met and target is not None and isinstance(target.target.meaning, t.Bound) and row.direction != "exact":
            excess, goal = self.value(frame.judge.excess, frame), self.value(frame.judge.target, frame)
            if isinstance(excess, Fraction) and isinstance(goal, Fraction) and goal > 0 and excess > EXCESS * goal:
                return EXCEEDED
        return MET if met else MISSED

    def result(
        self, row: p.PlanIndicator, frame: Frame, status: str, decision: Decision, zh: str, en: str
    ) -> IndicatorScore:
        """Put a row's score together, the override of the review included."""
        scoring = row.scoring
        computed = decision.award
        entries = self.observed.entries.get("/".join(row.path), ())
        override = next((entry.override for entry in entries if entry.override is not None), None)
        if scoring is None or status == NOT_APPLICABLE:
            for given, column in ((override, "复核分"), (frame.entry.mark, "评分")):
                if given is not None:
                    self.report(say.OVERRIDE_UNUSED, frame.entry.span, name=row.path[-1], column=column)
            override = None
        if override is not None and scoring is not None:
            override = self.reviewed(row, scoring, override, frame)
        score = override if override is not None else computed
        completion = self.value(frame.judge.completion, frame)
        target = next((x.target.text for x in row.targets if x.period == self.period), "")
        low, high = (score, score) if score is not None else (decision.low, decision.high)
        if override is not None:
            was = format_number(computed) if computed is not None else "—"
            zh, en = (
                f"{zh}；复核改为{format_number(override)}分（原{was}）",
                f"{en}; reviewed: {format_number(override)} (was {was})",
            )
        if status == EXCEEDED and not frame.entry.explanation:
            self.report(
                say.EXCESS_UNEXPLAINED, frame.entry.span, name=row.path[-1], actual=frame.entry.text, target=target
            )
        return IndicatorScore(
            path=row.path, target=target, actual=self.actual_text(row, frame), status=status, points=row.points, score=score,
            low=low, high=high, completion=completion if isinstance(completion, Fraction) else None,
            case=scoring.cases[decision.number - 1].text if scoring is not None and decision.number else "",
            case_number=decision.number, rubric=scoring.name if scoring is not None else "", reason_zh=zh, reason_en=en,
            computed=computed, override=override, explanation=frame.entry.explanation, evidence=frame.entry.evidence,
            line=row.line, bonus=row.bonus, limited=decision.limited and override is None, accepted=row.accepted,
        )  # fmt: skip

    def actual_text(self, row: p.PlanIndicator, frame: Frame) -> str:
        """The completion value as written, or as computed."""
        if row.formula is not None:
            return shown_value(frame.value, row, self.target_of(row))
        if row.gather is not None and frame.value is not None:
            return frame.entry.text
        texts = [e.text for e in self.observed.entries.get("/".join(row.path), ()) if e.text]
        return "；".join(dict.fromkeys(texts))

    def reviewed(self, row: p.PlanIndicator, scoring: c.Scoring, override: Fraction, frame: Frame) -> Fraction | None:
        """The reviewer's score when it is inside the limits."""
        if not scoring.low <= override <= scoring.high:
            self.report(say.OVERRIDE_OUTSIDE, frame.entry.span, name=row.path[-1], mark=format_number(override),
                        low=format_number(scoring.low), high=format_number(scoring.high))  # fmt: skip
            return None
        if not frame.entry.explanation:
            self.report(say.OVERRIDE_UNEXPLAINED, frame.entry.span, name=row.path[-1])
        return self.rounded(override)

    @abstractmethod
    def standing_reasons(self, *exprs: c.Expr | None) -> tuple[str, str]:
        """What the comparisons that expressions look at came to, in Chinese and in English."""

    @abstractmethod
    def by_entries(self, row: p.PlanIndicator, frame: Frame) -> IndicatorScore:
        """A rubric over several entries."""

    def check_policy(self, row: p.PlanIndicator, span: Span, unassessed: bool) -> None:
        """What does not apply needs a rule for its points."""
        if row.points is not None and not row.bonus and not self.plan.not_applicable:
            self.report(
                say.UNASSESSED if unassessed else say.NO_POLICY,
                span,
                name=row.path[-1],
                points=format_number(row.points),
            )

    def check_domain(self, row: p.PlanIndicator, frame: Frame) -> None:
        """A computed value outside the declared domain is reported; nothing was proved about it."""
        value = self.value(row.formula, None) if row.formula is not None else None
        if isinstance(value, Fraction):
            shown = shown_value(value, row, self.target_of(row))
            self.report(say.OUT_OF_DOMAIN, frame.entry.span, name=row.path[-1], value=shown)


def _joined(texts: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(text for text in texts if text))


def _blank(row: p.PlanIndicator) -> IndicatorScore:
    return IndicatorScore(path=row.path, target="", actual="", status=MISSING, points=row.points, score=None, low=ZERO,
                          high=row.points or ZERO)  # fmt: skip
