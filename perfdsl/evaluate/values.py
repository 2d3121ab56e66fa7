"""Expressions to values: every name is worked out once, when it is first needed; missing in, missing out."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import floor
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple, Protocol

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.actuals import Entry, Observed
from perfdsl.core import Value
from perfdsl.diagnostics import Diagnostic, Kind, stated
from perfdsl.evaluate.gather import Gathered
from perfdsl.quantity import round_half_up
from perfdsl.scorecard import GroupScore, IndicatorScore, Standing
from perfdsl.text import Span

PERIOD_ENDS = {"q1": (3, 31), "half": (6, 30), "q3": (9, 30), "full": (12, 31), "cycle": (12, 31)}
ZERO = Fraction(0)
DEEP = 24
MOST_BITS = 4_000
COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {"=": eq, "!=": ne, "<": lt, ">": gt, "<=": le, ">=": ge}
NO_JUDGE = c.Judge(c.UNDEFINED, c.UNDEFINED, c.UNDEFINED, c.UNDEFINED, c.UNDEFINED)


class Frame(NamedTuple):
    """One indicator, or one of its entries, whose own words an expression may use."""

    row: p.PlanIndicator
    judge: c.Judge
    entry: Entry
    value: Value


class Place(NamedTuple):
    """What an object brings to a comparison: between which limits its value lies (None: without limit), as printed.

    ``sure`` is False while it is not known whether the object takes part; ``measure`` must be the same for all.
    """

    low: Fraction | None
    high: Fraction | None
    shown: str
    sure: bool
    measure: object


class Peers(Protocol):
    """The objects scored together with one."""

    def standing(self, engine: "Values", comparison: c.Comparison) -> Standing:
        """Where ``engine``'s object stands."""

    def instead(self, engine: "Values", other: "Values") -> "Peers":
        """The same objects, with ``other`` in the place of ``engine``."""

    def beside(self, engine: "Values", comparison: c.Comparison) -> Mapping[str | None, Counter[Place]]:
        """What the others bring to a comparison, by their class (None: not given)."""


class Values(ABC):
    """The names of one evaluation and what they are worth; rows and groups are scored by the layers above."""

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
        self.comparisons = {x.name: x for x in plan.comparisons}
        self.standings: dict[str, Standing] = {}
        self.peers: Peers | None = None
        self.units: dict[str, Gathered] = {}
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
        if name in self.comparisons:
            return {self.comparisons[name].of} - {"", "total:"}
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
            case _ if kind in c.COHORT_KINDS:
                return self.compared(f"{kind}:{path}")
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

    # ---- what the layers above know

    @abstractmethod
    def indicator(self, path: str) -> IndicatorScore:
        """The score of one indicator."""

    @abstractmethod
    def group(self, path: str) -> GroupScore:
        """The score of one group, or of everything for the empty path."""

    @abstractmethod
    def compared(self, name: str) -> Fraction | None:
        """The value of a comparison among the objects scored together."""

    @abstractmethod
    def applies(self, row: p.PlanIndicator) -> bool | None:
        """Does the row apply?"""

    @abstractmethod
    def frame(self, row: p.PlanIndicator, entry: Entry | None = None) -> Frame:
        """The own words of a row."""

    # ---- findings

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
