"""The exact engine: a plan and observations to a scorecard.  It is the definition of the language.

Rationals only; each score is rounded once, sums are sums of what is printed, and what is missing stays missing.
"""

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from math import floor
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl import target as t
from perfdsl.actuals import Entry, Observed
from perfdsl.core import Value
from perfdsl.diagnostics import ERROR, INFO, WARNING, Diagnostic, Kind, stated
from perfdsl.explain import Trace, sentence, shown_value
from perfdsl.quantity import format_number, round_half_up
from perfdsl.scorecard import (
    EXCEEDED,
    MET,
    MISSED,
    MISSING,
    NOT_APPLICABLE,
    UNJUDGED,
    GroupScore,
    IndicatorScore,
    Scorecard,
)
from perfdsl.text import NOWHERE, Span

PERIOD_ENDS = {"q1": (3, 31), "half": (6, 30), "q3": (9, 30), "full": (12, 31), "cycle": (12, 31)}
EXCESS = Fraction(3, 10)
ZERO = Fraction(0)
NO_ENTRY = Entry(value=None, text="")
DEEP = 24
MOST_BITS = 4_000
UNDECIDED = ""  # among the grades of ceilings: one whose condition nobody can decide yet
COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {"=": eq, "!=": ne, "<": lt, ">": gt, "<=": le, ">=": ge}
NO_JUDGE = c.Judge(c.UNDEFINED, c.UNDEFINED, c.UNDEFINED, c.UNDEFINED, c.UNDEFINED)


def evaluate(
    plan: p.Plan, observed: Observed, period: str = "full", as_of: date | None = None
) -> tuple[Scorecard, list[Diagnostic]]:
    """Score ``plan`` for ``period`` as of a day (default: the end of the period); findings are about marks and points."""
    engine = Engine(plan, observed, period, as_of)
    return engine.card(), engine.found


class Frame(NamedTuple):
    """One indicator, or one of its entries, whose own words an expression may use."""

    row: p.PlanIndicator
    judge: c.Judge
    entry: Entry
    value: Value


class Decision(NamedTuple):
    """What a rubric decided: the case, and the award or the range it can still be in."""

    number: int
    award: Fraction | None
    low: Fraction
    high: Fraction
    ranged: tuple[Fraction, Fraction] | None = None


class Engine:
    """One evaluation; every name is worked out once, when it is first needed."""

    def __init__(self, plan: p.Plan, observed: Observed, period: str, as_of: date | None) -> None:
        self.plan = plan
        self.observed = observed
        self.period = period
        self.as_of = as_of or end_of(period, plan.year)
        self.dated = as_of is not None or plan.year is not None
        self.rows = {"/".join(i.path): i for i in plan.indicators}
        self.groups = {"/".join(g.path): g for g in plan.groups}
        self.known: dict[str, Value] = {}
        self.scores: dict[str, IndicatorScore] = {}
        self.totals: dict[str, GroupScore] = {}
        self.working: set[str] = set()
        self.outgrown = False
        self.found: list[Diagnostic] = []

    # ---- expressions

    def value(self, expr: c.Expr, frame: Frame | None) -> Value:
        """The value of an expression; None is missing or undefined."""
        match expr:
            case c.Const(value):
                return value
            case c.Ref(name):
                return self.reference(name, frame)
            case c.Compare(op, left, right):
                return compare(op, self.value(left, frame), self.value(right, frame))
            case c.If(test, then, other):
                decided = self.value(test, frame)
                return None if decided is None else self.value(then if decided else other, frame)
            case c.And(args) | c.Or(args):
                return self.kleene(args, isinstance(expr, c.Or), frame)
            case c.Not(arg):
                inner = self.value(arg, frame)
                return None if inner is None else not inner
            case c.Missing(arg):
                return self.value(arg, frame) is None
        return self.number(expr, frame)

    def number(self, expr: c.Expr, frame: Frame | None) -> Fraction | None:
        """The arithmetic: missing in, missing out; digits that grow beyond all use (a square of a square …) end it."""
        made = self.calculated(expr, frame)
        if made is not None and made.numerator.bit_length() + made.denominator.bit_length() > MOST_BITS:
            self.outgrown = True
            return None
        return made

    def calculated(self, expr: c.Expr, frame: Frame | None) -> Fraction | None:
        """A sum, product, quotient … of what the arguments come to."""
        args = [self.value(arg, frame) for arg in c.children(expr)]
        numbers = [x for x in args if isinstance(x, Fraction)]
        if len(numbers) < len(args):
            return None
        match expr:
            case c.Add(_):
                return sum(numbers, ZERO)
            case c.Mul(_):
                product = numbers[0]
                for factor in numbers[1:]:
                    product *= factor
                return product
            case c.Div(_, _):
                return numbers[0] / numbers[1] if numbers[1] else None
            case c.Min(_):
                return min(numbers)
            case c.Max(_):
                return max(numbers)
            case c.Floor(_):
                return Fraction(floor(numbers[0]))
            case c.Round(_, places):
                return round_half_up(numbers[0], places)
        raise AssertionError(expr)

    def kleene(self, args: Iterable[c.Expr], decisive: bool, frame: Frame | None) -> bool | None:
        """``and`` (decisive False) and ``or`` (decisive True): one decisive operand settles it, whatever is missing."""
        found = [self.value(arg, frame) for arg in args]
        if decisive in found:
            return decisive
        return None if None in found else not decisive

    def reference(self, name: str, frame: Frame | None) -> Value:
        """A name: the indicator's own words by its frame, everything else once for the object."""
        kind, colon, path = name.partition(":")
        if not colon:
            return self.own(kind, frame)
        if name not in self.known:
            if name in self.working:
                return None  # only a plan written by hand can go in circles
            order = self.needed_first(name) if len(self.working) >= DEEP else [name]
            self.working.update(order)
            for each in order:
                kind, _, path = each.partition(":")
                self.known[each] = self.other(kind, path)
                self.working.discard(each)
        return self.known[name]

    def needed_first(self, name: str) -> list[str]:
        """``name`` after all it looks at that is still to be worked out, so that a long chain needs no depth."""
        order: list[str] = []
        seen = set(self.working)
        stack = [(name, False)]
        while stack:
            top, done = stack.pop()
            if done:
                order.append(top)
            elif top not in seen and top not in self.known:
                seen.add(top)
                stack.append((top, True))
                stack.extend((other, False) for other in sorted(self.looks_at(top)))
        return order

    def looks_at(self, name: str) -> set[str]:
        """The names that ``value score lost met applies`` of a row or group ask for."""
        kind, _, path = name.partition(":")
        row, group = self.rows.get(path), self.groups.get(path)
        above = path.split("/")
        applies = [g.applies for n in range(1, len(above)) if (g := self.groups.get("/".join(above[:n]))) is not None]
        if row is not None:
            cases = row.scoring.cases if row.scoring is not None else ()
            asked = [row.formula, *(part for case in cases for part in (case.when, case.award, case.high))]
            asked = asked if kind in ("score", "lost") else [row.formula] if kind in ("value", "met") else []
            asked += [row.applies, *applies] if kind in ("applies", "score", "lost") else []
            found = {ref for part in asked if part is not None for ref in c.references(part) if ":" in ref}
            return found | ({f"value:{path}"} if kind in ("score", "lost", "met") else set())
        below = group.children if group is not None else () if path else self.plan.roots
        return {f"score:{path}/{child}" if path else f"score:{child}" for child in below}

    def own(self, name: str, frame: Frame | None) -> Value:
        """``actual prior mark``, the judgement's words, and ``schedule``."""
        if name == "schedule":
            return self.schedule()
        if frame is None:
            return None
        match name:
            case "actual":
                return frame.value
            case "prior":
                return frame.entry.prior
            case "mark":
                return frame.entry.mark
            case "target":
                return self.value(frame.judge.target, frame)
            case "met":
                return self.value(frame.judge.met, frame)
            case "completion":
                return self.value(frame.judge.completion, frame)
            case "gap":
                return self.value(frame.judge.gap, frame)
            case "excess":
                return self.value(frame.judge.excess, frame)
        return None

    def other(self, kind: str, path: str) -> Value:
        """``value score lost met applies input spent plan`` of something else."""
        match kind:
            case "value" | "met" | "applies" if path in self.rows:
                row = self.rows[path]
                if kind == "applies":
                    return self.applies(row)
                frame = self.frame(row)
                return frame.value if kind == "value" else self.value(frame.judge.met, frame)
            case "score" | "lost":
                return self.points_of(kind, path)
            case "input":
                return self.observed.inputs.get(path)
            case "spent":
                return self.observed.spent.get(path)
            case "plan":
                return self.planned(path)
        return None

    def points_of(self, kind: str, path: str) -> Fraction | None:
        """The score of a row, group or of everything, or what it lost."""
        made: IndicatorScore | GroupScore = self.indicator(path) if path in self.rows else self.group(path)
        if kind == "score" or made.score is None:
            return made.score
        return max(ZERO, (made.points or ZERO) - made.score)

    def planned(self, name: str) -> Fraction | None:
        """The amount a funds line plans for the period."""
        lines = [x for table in sorted(self.plan.funds, key=lambda f: bool(f.title)) for x in table.lines]
        side = {"收入": "income", "支出": "spend", "income": "income", "spend": "spend"}.get(name)
        chosen = [x for x in lines if x.side == side and len(x.path) == 1] if side else [
            x for x in lines if name in (x.alias, x.path[-1])]  # fmt: skip
        amounts = [dict(x.amounts).get(self.period) for x in chosen]
        known = [a for a in amounts if a is not None]
        return sum(known, ZERO) if known else None

    def schedule(self) -> Fraction | None:
        """序时进度: the share of the year gone, by the object's own way of counting."""
        day = self.as_of
        if self.plan.schedule_by == "table":
            return dict(self.plan.schedule).get(self.period)
        if self.plan.schedule_by == "days":
            year = date(day.year, 12, 31).toordinal() - date(day.year - 1, 12, 31).toordinal()
            return Fraction(day.toordinal() - date(day.year - 1, 12, 31).toordinal(), year)
        return Fraction(day.month, 12)

    # ---- indicators

    def target_of(self, row: p.PlanIndicator) -> p.PlanTarget | None:
        """The target of this period; None when the cell is empty or says 无."""
        found = next((x for x in row.targets if x.period == self.period), None)
        return None if found is None or isinstance(found.target.meaning, t.Nothing) else found

    def frame(self, row: p.PlanIndicator, entry: Entry | None = None) -> Frame:
        """The own words of a row, by its first entry when none is given."""
        target = self.target_of(row)
        if entry is None:
            entry = next(iter(self.observed.entries.get("/".join(row.path), ())), NO_ENTRY)
        value = self.computed(row, row.formula) if row.formula is not None else entry.value
        if row.formula is not None and isinstance(value, Fraction) and not row.domain.holds(value):
            value = None
        return Frame(row, target.judge if target is not None else NO_JUDGE, entry, value)

    def computed(self, row: p.PlanIndicator, formula: c.Expr) -> Value:
        """What a formula comes to; that its digits outgrow all use is said of the first row where they do."""
        self.outgrown = False
        value = self.value(formula, None)
        if self.outgrown:
            self.report(TOO_MANY_DIGITS, NOWHERE, name=row.path[-1], line=str(row.line), most=str(MOST_BITS * 3 // 10))
        self.outgrown = False
        return value

    def applies(self, row: p.PlanIndicator) -> bool | None:
        """Does the row apply: its own condition, those of its groups, and what the actuals say."""
        entries = self.observed.entries.get("/".join(row.path), ())
        if any(not entry.applies for entry in entries):
            return False
        conditions = [row.applies] if row.applies is not None else []
        for depth in range(1, len(row.path)):
            group = self.groups.get("/".join(row.path[:depth]))
            if group is not None and group.applies is not None:
                conditions.append(group.applies)
        return self.kleene(conditions, False, None)

    def left_out(self, row: p.PlanIndicator) -> bool:
        """Does it not apply, or is it not assessed in this period?"""
        unassessed = bool(row.targets) and self.target_of(row) is None
        return self.applies(row) is False or (unassessed and not _needs_no_target(row))

    def indicator(self, path: str) -> IndicatorScore:
        """The score of one indicator, worked out once."""
        if path not in self.scores:
            if path in self.working:
                return _blank(self.rows[path])
            self.working.add(path)
            self.scores[path] = self.judged(self.rows[path])
            self.working.discard(path)
        return self.scores[path]

    def judged(self, row: p.PlanIndicator) -> IndicatorScore:
        """One row: does it apply, is it due, what does its rubric say."""
        frame, target = self.frame(row), self.target_of(row)
        applies = self.applies(row)
        unassessed = target is None and bool(row.targets)
        if row.formula is not None and frame.value is None:
            self.check_domain(row, frame)
        if self.left_out(row):
            self.check_policy(row, frame.entry.span, unassessed and applies is not False)
            word = ("本期没有指标值，不考核", "not assessed in this period") if unassessed else ("不适用", "does not apply")
            policy = self.plan.not_applicable
            full = ZERO if policy == "zero" or row.bonus else row.points if policy == "full" else None
            return self.result(row, frame, NOT_APPLICABLE, Decision(0, full, full or ZERO, full or row.points or ZERO), *word)
        if row.scoring is None:
            status = self.status(row, frame, target)
            trace = Trace(self.plan, row, target, frame.value, frame.entry.text, self.schedule())
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
            self.report(MARK_UNUSED, frame.entry.span, name=row.path[-1], mark=format_number(frame.entry.mark))
        trace = Trace(self.plan, row, target, frame.value, frame.entry.text, self.schedule())
        words = sentence(trace, status, case, decision.number, decision.award, decision.ranged, self.words_of(row.scoring, decision, frame))
        return self.result(row, frame, status, decision, *words)

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
            self.report(NO_CASE, frame.entry.span, name=frame.row.path[-1], actual=frame.entry.text)
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
            self.report(MARK_OUTSIDE, frame.entry.span, name=frame.row.path[-1], mark=format_number(mark),
                        low=format_number(low), high=format_number(high))  # fmt: skip
        return Decision(number, None, low, high, (low, high))

    def limited(self, scoring: c.Scoring, award: Fraction, number: int, frame: Frame) -> Decision:
        """Inside the limits of the row, visibly."""
        kept = min(max(award, scoring.low), scoring.high)
        if kept != award:
            self.report(CLAMPED, frame.entry.span, name=frame.row.path[-1], award=format_number(award),
                        kept=format_number(kept))  # fmt: skip
        score = self.rounded(kept)
        return Decision(number, score, score, score)

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
                    self.report(OVERRIDE_UNUSED, frame.entry.span, name=row.path[-1], column=column)
            override = None
        if override is not None and scoring is not None:
            override = self.reviewed(row, scoring, override, frame)
        score = override if override is not None else computed
        completion = self.value(frame.judge.completion, frame)
        target = next((x.target.text for x in row.targets if x.period == self.period), "")
        low, high = (score, score) if score is not None else (decision.low, decision.high)
        if override is not None:
            was = format_number(computed) if computed is not None else "—"
            zh, en = f"{zh}；复核改为{format_number(override)}分（原{was}）", f"{en}; reviewed: {format_number(override)} (was {was})"
        if status == EXCEEDED and not frame.entry.explanation:
            self.report(EXCESS_UNEXPLAINED, frame.entry.span, name=row.path[-1], actual=frame.entry.text, target=target)
        return IndicatorScore(
            path=row.path, target=target, actual=self.actual_text(row, frame), status=status, points=row.points, score=score,
            low=low, high=high, completion=completion if isinstance(completion, Fraction) else None,
            case=scoring.cases[decision.number - 1].text if scoring is not None and decision.number else "",
            case_number=decision.number, rubric=scoring.name if scoring is not None else "", reason_zh=zh, reason_en=en,
            computed=computed, override=override, explanation=frame.entry.explanation, evidence=frame.entry.evidence,
            line=row.line, bonus=row.bonus, accepted=row.accepted,
        )  # fmt: skip

    def actual_text(self, row: p.PlanIndicator, frame: Frame) -> str:
        """The completion value as written, or as computed."""
        if row.formula is not None:
            return shown_value(frame.value, row, self.target_of(row))
        texts = [e.text for e in self.observed.entries.get("/".join(row.path), ()) if e.text]
        return "；".join(dict.fromkeys(texts))

    def reviewed(self, row: p.PlanIndicator, scoring: c.Scoring, override: Fraction, frame: Frame) -> Fraction | None:
        """The reviewer's score when it is inside the limits."""
        if not scoring.low <= override <= scoring.high:
            self.report(OVERRIDE_OUTSIDE, frame.entry.span, name=row.path[-1], mark=format_number(override),
                        low=format_number(scoring.low), high=format_number(scoring.high))  # fmt: skip
            return None
        if not frame.entry.explanation:
            self.report(OVERRIDE_UNEXPLAINED, frame.entry.span, name=row.path[-1])
        return self.rounded(override)

    # ---- several entries

    def by_entries(self, row: p.PlanIndicator, frame: Frame) -> IndicatorScore:
        """check, sum, best, mean, trimmed mean."""
        assert row.scoring is not None and row.scoring.entries is not None  # the caller looked
        scoring, how = row.scoring, row.scoring.entries
        given = self.observed.entries.get("/".join(row.path), ())
        entries = [e for e in given if not e.none_happened and (e.text or e.mark is not None)]
        none = any(e.none_happened for e in given)
        if not entries and not none and not row.bonus:
            return self.result(row, frame, MISSING, self.open(row), "没有完成值", "no actual value")
        if not entries and not none:
            self.report(BONUS_WITHOUT_ROWS, frame.entry.span, name=row.path[-1])
        awards = [(entry, self.entry_award(row, scoring, entry)) for entry in self.single_points(how, entries)]
        if any(award is None for _, award in awards):
            decision = self.open(row)
            return self.result(row, frame, UNJUDGED, decision, "有的事项还不能定分", "some entries are not decided")
        made = aggregate(how, [(entry, award or ZERO) for entry, award in awards])
        kept = min(max(made, scoring.low), scoring.high)
        if kept != made:
            self.report(CLAMPED, frame.entry.span, name=row.path[-1], award=format_number(made), kept=format_number(kept))
        score = self.rounded(kept)
        parts = "、".join(f"{e.item or e.text}{'×' + str(e.times) if e.times != 1 else ''} {_signed(a or ZERO)}".strip()
                         for e, a in awards[:8]) + ("、…" if len(awards) > 8 else "")  # fmt: skip
        zh = f"{_HOW_ZH[how.how]}：{parts or '没有事项'}{_base(how)} = {format_number(score)}分"
        en = f"{how.how}: {parts or 'no entries'}{_base(how)} = {format_number(score)}"
        status = self.status(row, frame, self.target_of(row)) if entries and self.target_of(row) else UNJUDGED
        return self.result(row, frame, status, Decision(0, score, score, score), zh, en)

    @staticmethod
    def single_points(how: c.Entries, entries: list[Entry]) -> list[Entry]:
        """For ``check``: the points mentioned, each once, also when one cell lists several."""
        if how.how != "check":
            return entries
        made: dict[str, Entry] = {}
        for entry in entries:
            text = str(entry.value)
            words = [text] if text in how.words else [w.strip() for w in _split(text) if w.strip()]
            for word in words:
                made.setdefault(word, Entry(value=word, text=word, item=entry.item, mark=entry.mark, span=entry.span))
        return list(made.values())

    def entry_award(self, row: p.PlanIndicator, scoring: c.Scoring, entry: Entry) -> Fraction | None:
        """The award of one entry, times its number; None when nothing decides it."""
        target = self.target_of(row)
        frame = Frame(row, target.judge if target is not None else NO_JUDGE, entry, entry.value)
        for case in scoring.cases:
            holds = self.value(case.when, frame)
            if holds is None:
                return None
            if not holds:
                continue
            award = self.awarded(scoring, case, 1, frame).award if case.high is not None else self.value(case.award, frame)
            if entry.mark is not None and case.high is None and "mark" not in c.references(case.award):
                self.report(MARK_UNUSED, entry.span, name=row.path[-1], mark=format_number(entry.mark))
            return award * entry.times if isinstance(award, Fraction) else None
        known = "、".join(scoring.entries.words) if scoring.entries is not None else ""
        self.report(UNKNOWN_ENTRY, entry.span, name=row.path[-1], text=entry.text, known=known)
        return None

    # ---- groups and the total

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
        if group.bonus is not None or (group.points is None and group.weight is None and parts and all(x.bonus for x in parts)):
            return self.block(group, parts)
        if points is None:
            return GroupScore(path=group.path, points=None, score=None, low=ZERO, high=ZERO)
        if group.either:
            return self.best_of(group, points, parts)
        return self.shared_out(group.path, points, parts)

    def block(self, group: p.PlanGroup, parts: list[IndicatorScore | GroupScore]) -> GroupScore:
        """加减分项: the sum, inside the block's limits."""
        low, high = group.bonus or (sum((x.low for x in parts), ZERO), sum((x.high for x in parts), ZERO))
        lowest, highest, score = _sums(parts)
        return GroupScore(path=group.path, points=None, score=None if score is None else _inside(score, low, high),
                          low=_inside(lowest, low, high), high=_inside(highest, low, high), bonus=True)  # fmt: skip

    def best_of(self, group: p.PlanGroup, points: Fraction, parts: list[IndicatorScore | GroupScore]) -> GroupScore:
        """择一: the best child that applies counts."""
        fixed = self.plan.not_applicable in ("full", "zero")
        live = [x for x in parts if _applies(x)] or (parts if fixed else [])
        if not live:
            return GroupScore(path=group.path, points=points, score=None, low=ZERO, high=points, applicable=False)
        low, high = max(x.low for x in live), max(x.high for x in live)
        return GroupScore(path=group.path, points=points, score=low if low == high else None, low=low, high=high)

    def shared_out(self, path: p.Path, points: Fraction, parts: list[IndicatorScore | GroupScore]) -> GroupScore:
        """A sum; rescaled where parts do not apply, where points were moved here, or where the group has a weight."""
        live = [x for x in parts if _applies(x)] if self.plan.not_applicable in ("rescale", "to") else parts
        if not live and parts:
            return GroupScore(path=path, points=points, score=None, low=ZERO, high=points, applicable=False)
        lowest, highest, score = _sums(live)
        possible = sum((x.points or ZERO for x in live), ZERO)
        full = self.worth(path, points, possible)
        if possible == full or not possible:
            return GroupScore(path=path, points=full, score=score, low=lowest, high=highest)
        scale = full / possible
        zh = f"按 {format_number(full)}/{format_number(possible)} 折算"
        return GroupScore(
            path=path, points=full, score=None if score is None else self.rounded(score * scale),
            low=self.rounded(lowest * scale), high=self.rounded(highest * scale),
            note_zh=zh, note_en=f"rescaled by {format_number(full)}/{format_number(possible)}",
        )  # fmt: skip

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

    # ---- the card

    def card(self) -> Scorecard:
        """Everything, in the order of the plan."""
        indicators = tuple(self.indicator("/".join(i.path)) for i in self.plan.indicators)
        groups = tuple(self.group("/".join(g.path)) for g in self.plan.groups)
        whole = self.group("") if self.plan.scored else None
        low, high, total = (whole.low, whole.high, whole.score) if whole is not None else (ZERO, ZERO, None)
        low, high, total, capped, notes = self.capped(low, high, total)
        if whole is not None and whole.note_zh:
            notes.insert(0, (f"总分：{whole.note_zh}", f"total: {whole.note_en}"))
        grade = self.grade(total, capped) if total is not None else ""
        complete = total is not None and UNDECIDED not in capped if whole is not None else all(
            x.status not in (MISSING, UNJUDGED) for x in indicators)  # fmt: skip
        self.require_complete(indicators)
        children = {"/".join((*g.path, name)): (*g.path, name) for g in self.plan.groups for name in g.children}
        children |= {name: (name,) for name in self.plan.roots}
        empty = tuple(path for key, path in children.items() if key not in self.rows and key not in self.groups)
        return Scorecard(
            object=self.plan.object, kind=self.plan.kind, period=self.period, as_of=self.as_of.isoformat() if self.dated else "", complete=complete,
            points=self.plan.total, total=total, low=low, high=high, grade=grade, groups=groups, indicators=indicators,
            notes_zh=tuple(n[0] for n in notes), notes_en=tuple(n[1] for n in notes), awards=self.awards(),
            facts=self.plan.facts, empty=empty, rounding=self.plan.rounding, ruleset_sha256=self.plan.ruleset_sha256,
            actuals_sha256=self.observed.sha256,
        )  # fmt: skip

    def capped(
        self, low: Fraction, high: Fraction, total: Fraction | None
    ) -> tuple[Fraction, Fraction, Fraction | None, list[str], list[tuple[str, str]]]:
        """一票否决 and 等级封顶: the total after ceilings, the grades they allow at most, and what was done."""
        grades: list[str] = []
        notes: list[tuple[str, str]] = []
        for ceiling in self.plan.ceilings:
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
        return low, high, total, grades, notes

    def grade(self, total: Fraction, capped: list[str]) -> str:
        """The first band whose limits hold, no better than a ceiling allows."""
        full = self.plan.total
        if not self.plan.grades or not full:
            return ""
        if UNDECIDED in capped:
            return ""
        share = total / full * 100
        names = [band.name for band in self.plan.grades]
        found = next((i for i, b in enumerate(self.plan.grades) if all(COMPARE[op](share, x) for op, x in b.limits)), None)
        if found is None:
            self.report(NO_BAND, NOWHERE, total=format_number(total))
            return ""
        return names[max([found, *(names.index(g) for g in capped if g in names)])]

    def awards(self) -> tuple[tuple[str, bool | None], ...]:
        """Decisions that do not need a cohort; None for those that do."""
        made: list[tuple[str, bool | None]] = []
        for award in self.plan.awards:
            decided = self.value(award.condition, None)
            made.append((award.name, decided if isinstance(decided, bool) else None))
        return tuple(made)

    # ---- findings

    def check_policy(self, row: p.PlanIndicator, span: Span, unassessed: bool) -> None:
        """What does not apply needs a rule for its points."""
        if row.points is not None and not row.bonus and not self.plan.not_applicable:
            self.report(UNASSESSED if unassessed else NO_POLICY, span, name=row.path[-1], points=format_number(row.points))

    def check_domain(self, row: p.PlanIndicator, frame: Frame) -> None:
        """A computed value outside the declared domain is reported; nothing was proved about it."""
        value = self.value(row.formula, None) if row.formula is not None else None
        if isinstance(value, Fraction):
            shown = shown_value(value, row, self.target_of(row))
            self.report(OUT_OF_DOMAIN, frame.entry.span, name=row.path[-1], value=shown)

    def require_complete(self, indicators: tuple[IndicatorScore, ...]) -> None:
        """``missing error``: each missing value is an error."""
        if self.plan.missing == "error":
            for row in indicators:
                if row.status == MISSING:
                    self.report(VALUE_MISSING, NOWHERE, name="/".join(row.path))

    def report(self, kind: Kind, span: Span, **facts: str) -> None:
        """One finding."""
        self.found.append(stated(kind, span, facts))

    def rounded(self, value: Fraction) -> Fraction:
        """The one rounding the rule asks for."""
        return round_half_up(value, self.plan.rounding)


def end_of(period: str, year: int | None) -> date:
    """The last day of a period; without a year the leap-free 2001 stands in (only its share of the year is used)."""
    month, day = PERIOD_ENDS.get(period, (12, 31))
    return date(year or 2001, month, day)


def compare(op: str, left: Value, right: Value) -> bool | None:
    """Numbers by size, words and truths only for being the same; anything else cannot be judged."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return COMPARE[op](left, right)
    if left is None or right is None or type(left) is not type(right) or op not in ("=", "!="):
        return None
    return (left == right) is (op == "=")


def aggregate(how: c.Entries, awards: list[tuple[Entry, Fraction]]) -> Fraction:
    """Several awards to one: within each ``per`` group first, then over the groups."""
    grouped: dict[str, list[Fraction]] = {}
    for entry, award in awards:
        grouped.setdefault(entry.item if how.per else "", []).append(award)
    if how.how == "best":
        return how.base + sum((max(found) for found in grouped.values()), ZERO)
    if how.how in ("check", "sum"):
        return how.base + sum((sum(found, ZERO) for found in grouped.values()), ZERO)
    means = [_mean(found, how) for found in grouped.values()]
    return how.base + (sum(means, ZERO) / len(means) if means else ZERO)


def _mean(found: list[Fraction], how: c.Entries) -> Fraction:
    if how.how == "trimmed mean" and len(found) > how.over and len(found) > 2:
        found = sorted(found)[1:-1]
    return sum(found, ZERO) / len(found)


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


def _needs_no_target(row: p.PlanIndicator) -> bool:
    """Does the rubric look only at the actual, so that a period without target can be scored all the same?"""
    if row.scoring is None:
        return False
    judged = {"target", "met", "completion", "gap", "excess"}
    return not any(judged & (c.references(case.when) | c.references(case.award)) for case in row.scoring.cases)


def _blank(row: p.PlanIndicator) -> IndicatorScore:
    return IndicatorScore(path=row.path, target="", actual="", status=MISSING, points=row.points, score=None, low=ZERO,
                          high=row.points or ZERO)  # fmt: skip


def _split(text: str) -> list[str]:
    for mark in "；;，,\n":
        text = text.replace(mark, "、")
    return text.split("、")


def _signed(value: Fraction) -> str:
    return f"+{format_number(value)}" if value > 0 else format_number(value)


def _base(how: c.Entries) -> str:
    return f"，基础{format_number(how.base)}" if how.base else ""


_HOW_ZH = {"check": "要点累计", "sum": "逐项累计", "best": "取最高", "mean": "取平均", "trimmed mean": "截尾平均"}

MARK_UNUSED = Kind(
    "E101", ERROR, "“{name}”给了评分{mark}，但这一档的得分是算出来的，用不上评分", "“{name}” has a mark ({mark}), but its case computes the score",
    "删去评分；要改分请用“复核分”并写明原因", "remove the mark; to change a score use 复核分 with a reason",
)  # fmt: skip
MARK_OUTSIDE = Kind(
    "E102", ERROR, "“{name}”的评分{mark}不在这一档的{low}至{high}分之间", "the mark {mark} of “{name}” is outside its case: {low} to {high}",
    "改评分，或核对完成值属于哪一档", "change the mark, or check which case the actual belongs to",
)  # fmt: skip
NO_CASE = Kind(
    "E103", ERROR, "“{name}”的完成值“{actual}”没有一档管得到", "no case of “{name}” covers the actual “{actual}”",
    "给计分方法补上这一段", "add the missing case to the rubric",
)  # fmt: skip
CLAMPED = Kind(
    "E104", INFO, "“{name}”按规则得{award}分，超出范围，按{kept}分计", "“{name}” comes to {award} points, outside its limits; {kept} count",
    "", "",
)  # fmt: skip
OVERRIDE_UNUSED = Kind(
    "E105", ERROR, "“{name}”不计分，{column}用不上", "“{name}” is not scored, so {column} has no use", "删去{column}", "remove it",
)  # fmt: skip
OVERRIDE_OUTSIDE = Kind(
    "E106", ERROR, "“{name}”的复核分{mark}不在{low}至{high}分之间", "the reviewed score {mark} of “{name}” is outside {low} to {high}",
    "核对复核分", "check it",
)  # fmt: skip
OVERRIDE_UNEXPLAINED = Kind(
    "E107", WARNING, "“{name}”有复核分，没有写原因", "“{name}” has a reviewed score without a reason", "在“偏差原因”里写明", "give the reason",
)  # fmt: skip
BONUS_WITHOUT_ROWS = Kind(
    "E108", INFO, "加减分项“{name}”没有填，按0分计", "the bonus row “{name}” was not filled in and counts 0",
    "确实没有时填“无”", "write 无 when there were none",
)  # fmt: skip
UNKNOWN_ENTRY = Kind(
    "E109", ERROR, "“{name}”的“{text}”不在计分方法里", "“{text}” of “{name}” is not in its rubric", "可以写：{known}", "known: {known}",
)  # fmt: skip
NO_BAND = Kind(
    "E110", ERROR, "总分{total}没有对应的评价等级", "no grade covers the total {total}", "给评价等级补上这一段", "add the missing band",
)  # fmt: skip
NO_POLICY = Kind(
    "E111", ERROR, "“{name}”填了不适用，但没有规定它的{points}分怎么办", "“{name}” does not apply, and what becomes of its {points} points is not said",
    "在对象开头写 not_applicable（不适用处理）", "write not_applicable at the top of the object",
)  # fmt: skip
UNASSESSED = Kind(
    "E112", ERROR, "“{name}”本期没有指标值，但没有规定它的{points}分怎么办", "“{name}” has no target in this period, and what becomes of its {points} points is not said",
    "补上本期指标值，或在对象开头写 not_applicable（不适用处理）", "add the target, or write not_applicable at the top of the object",
)  # fmt: skip
EXCESS_UNEXPLAINED = Kind(
    "E115", WARNING, "“{name}”超过指标值“{target}”三成以上，没有说明原因", "“{name}” exceeds its target “{target}” by more than 30% without explanation",
    "在“偏差原因”里说明；指标值定得过低的，应当调整", "explain it in 偏差原因; a target set too low should be changed",
)  # fmt: skip
VALUE_MISSING = Kind(
    "E113", ERROR, "“{name}”缺少完成值", "“{name}” has no actual value", "补上完成值", "fill it in",
)  # fmt: skip
OUT_OF_DOMAIN = Kind(
    "E114", ERROR, "“{name}”算出来是{value}，超出取值范围", "“{name}” comes to {value}, outside its domain",
    "核对算式和数据；确实可能有这样的值时，写 values（取值）", "check the formula and the data; widen values if it can be so",
)  # fmt: skip
TOO_MANY_DIGITS = Kind(
    "E130", ERROR, "“{name}”（规则第{line}行）算出来的数超过{most}位，不再往下算", "“{name}” (line {line} of the rules) grows beyond {most} digits and is not worked out",
    "检查算式：多半是一个数反复与自己相乘", "check the formula: a number is most likely multiplied by itself again and again",
)  # fmt: skip
