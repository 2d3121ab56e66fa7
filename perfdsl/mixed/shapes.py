"""The scoring shape of a row: its rubric and judgement with every constant taken out, so that a few dozen serve all projects.

Numbers become inputs ``p0``, ``p1`` … (equal ones the same input), words ``w0``, ``w1`` …; 0 and -1 stay, they are grammar
more than amounts.  A fraction that is no whole multiple of ``1/BOTTOM`` (the slope of a line: 100/39) becomes two inputs,
its numerator by its denominator.  Points and limits of the row are no part of its shape: what stands above the award is done for all rows
at once.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl import target as t
from perfdsl.quantity import NO_UNIT, Quantity

PATH = ("行",)
OWN = frozenset({"actual", "mark", "met", "completion", "gap", "excess", "target"})
BOTTOM = 252 * 10**6  # what the denominator of one input divides: decimals, thirds, sevenths, twelfths
KEPT = frozenset({Fraction(0), Fraction(-1)})
FREE = c.Domain(None, None)
WIDE = Fraction(10**9)  # beyond every limit of a row: points are far below
BOUND = t.Target("", t.Bound(None, Quantity(Fraction(1), NO_UNIT)))
OTHER = t.Target("", t.Schedule())


class Shaped(NamedTuple):
    """A row taken apart: the plan of its shape, and the numbers and words that were in it."""

    shape: p.Plan
    numbers: tuple[Fraction, ...]
    words: tuple[str, ...]


class _Taken:
    """Constants in the order they are met, each once."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, Fraction], c.Ref] = {}
        self.words: dict[str, str] = {}

    def out(self, expr: c.Expr) -> c.Expr:
        """``expr`` without its constants."""
        match expr:
            case c.Const(bool()) | c.Const(None) | c.Ref():
                return expr
            case c.Const(Fraction() as value):
                if value in KEPT:
                    return expr
                if BOTTOM % value.denominator:
                    return c.Div(
                        self.input("top", Fraction(value.numerator)), self.input("bottom", Fraction(value.denominator))
                    )
                return self.input("", value)
            case c.Const(str() as word):
                return c.Const(self.words.setdefault(word, f"w{len(self.words)}"))
            case c.Add(args) | c.Mul(args) | c.Min(args) | c.Max(args) | c.And(args) | c.Or(args):
                return type(expr)(tuple(self.out(x) for x in args))
            case c.Div(left, right):
                return c.Div(self.out(left), self.out(right))
            case c.Compare(op, left, right):
                return c.Compare(op, self.out(left), self.out(right))
            case c.If(test, then, other):
                return c.If(self.out(test), self.out(then), self.out(other))
            case c.Not(arg) | c.Missing(arg) | c.Floor(arg):
                return type(expr)(self.out(arg))
            case c.Round(arg, places):
                return c.Round(self.out(arg), places)
        raise AssertionError(expr)

    def input(self, role: str, value: Fraction) -> c.Ref:
        """The input that stands for a number in a role."""
        return self.numbers.setdefault((role, value), c.Ref(f"input:p{len(self.numbers)}"))


def shaped(plan: p.Plan, row: p.PlanIndicator, period: str) -> Shaped | str:
    """The shape of ``row`` for ``period``, or why it has none of its own."""
    if row.formula is not None or row.applies is not None:
        return "a formula or a condition of applying"
    if row.gather is not None or (row.scoring is not None and row.scoring.entries is not None):
        return "several entries"
    due = next((x for x in row.targets if x.period == period), None)
    if due is not None and isinstance(due.target.meaning, t.Nothing):
        due = None
    if due is not None and isinstance(due.target.meaning, t.Growth):
        return "compared with the year before"
    judged = () if due is None else (due.judge,)
    exprs = [x for j in judged for x in (j.met, j.completion, j.gap, j.excess, j.target)]
    cases = row.scoring.cases if row.scoring is not None else ()
    exprs += [x for case in cases for x in (case.when, case.award, case.high) if x is not None]
    for expr in exprs:
        if not c.references(expr) <= OWN:
            return "another row, an input or the day of evaluation"
    taken = _Taken()
    made_cases = tuple(
        c.Case(
            taken.out(x.when), taken.out(x.award), None if x.high is None else taken.out(x.high), "", "", 0, x.missing
        )
        for x in cases
    )
    targets: tuple[p.PlanTarget, ...] = ()
    if due is not None:
        j = due.judge
        judge = c.Judge(
            taken.out(j.target), taken.out(j.met), taken.out(j.completion), taken.out(j.gap), taken.out(j.excess)
        )
        targets = (p.PlanTarget(period, BOUND if isinstance(due.target.meaning, t.Bound) else OTHER, judge, None),)
    elif row.targets:
        targets = (p.PlanTarget("", OTHER, c.Judge(*(c.UNDEFINED,) * 5), None),)  # not assessed in this period
    scoring = None if row.scoring is None else c.Scoring("", made_cases, -WIDE, WIDE)
    bare = p.PlanIndicator(
        path=PATH,
        domain=FREE,
        targets=targets,
        direction=row.direction if row.direction == "exact" else "",
        scoring=scoring,
    )
    inputs = tuple(p.PlanInput(name=f"p{i}", domain=FREE) for i in range(len(taken.numbers)))
    shape = p.Plan(kind="project", object="", rounding=plan.rounding, roots=PATH, indicators=(bare,), inputs=inputs)
    return Shaped(shape, tuple(value for _, value in taken.numbers), tuple(taken.words))


def fixed(shape: p.Plan, values: dict[int, Fraction], words: tuple[str, ...] = ()) -> p.Plan:
    """The shape with some of its numbers put back, such as those that are the same wherever it occurs; and its words."""
    put = {f"input:p{i}": c.Const(value) for i, value in values.items()}
    said = {f"w{i}": c.Const(word) for i, word in enumerate(words)}

    def back(expr: c.Expr) -> c.Expr:
        match expr:
            case c.Ref(name):
                return put.get(name, expr)
            case c.Const(str() as word):
                return said.get(word, expr)
            case c.Const():
                return expr
            case c.Div(left, right):
                return c.Div(back(left), back(right))
            case c.Compare(op, left, right):
                return c.Compare(op, back(left), back(right))
            case c.If(test, then, other):
                return c.If(back(test), back(then), back(other))
            case c.Not(arg) | c.Missing(arg) | c.Floor(arg):
                return type(expr)(back(arg))
            case c.Round(arg, places):
                return c.Round(back(arg), places)
            case c.Add(args) | c.Mul(args) | c.Min(args) | c.Max(args) | c.And(args) | c.Or(args):
                return type(expr)(tuple(back(x) for x in args))
        raise AssertionError(expr)

    (row,) = shape.indicators
    targets = tuple(
        attrs.evolve(x, judge=c.Judge(*(back(e) for e in (x.judge.target, x.judge.met, x.judge.completion, x.judge.gap, x.judge.excess))))
        for x in row.targets
    )  # fmt: skip
    scoring = row.scoring and attrs.evolve(
        row.scoring,
        cases=tuple(
            attrs.evolve(x, when=back(x.when), award=back(x.award), high=None if x.high is None else back(x.high))
            for x in row.scoring.cases
        ),
    )
    return attrs.evolve(shape, indicators=(attrs.evolve(row, targets=targets, scoring=scoring),))


# ---- how the cells of a row are read


def reading(plan: p.Plan, row: p.PlanIndicator, period: str, words: tuple[str, ...]) -> p.Plan:
    """A plan of one row that reads a cell as ``plan`` reads those of ``row``; limits that reading does not ask for are left out.

    ``words`` are those of the whole plan that this row may compare with.
    """
    targets = tuple(attrs.evolve(x, target=_plain(x.target), judge=c.Judge(*(c.UNDEFINED,) * 5)) for x in row.targets)
    targets = tuple(x for x in targets if x.period == period) or tuple(attrs.evolve(x, period="") for x in targets[:1])
    asks = any(_mentions(case.when) for case in row.scoring.cases) if row.scoring is not None else False
    actual = c.Ref("actual")
    tests: list[c.Expr] = [
        c.Compare("=", actual, c.Const(x)) if asks else c.Compare("=", c.Const(x), actual) for x in words
    ]
    scoring = row.scoring and c.Scoring("", tuple(c.Case(x, c.ZERO, None, "", "", 0) for x in tests), -WIDE, WIDE)
    bare = p.PlanIndicator(
        path=PATH,
        points=Fraction(1),
        domain=row.domain,
        targets=targets,
        unit=row.unit,
        words=row.words,
        scoring=scoring,
    )
    dated = any(isinstance(x.target.meaning, t.Deadline) for x in targets)
    return p.Plan(
        kind="project",
        object="",
        year=plan.year if dated else None,
        rounding=plan.rounding,
        roots=PATH,
        indicators=(bare,),
    )


def _plain(target: t.Target) -> t.Target:
    """A number's limit without the number: its unit says how a cell is read."""
    if isinstance(target.meaning, t.Bound):
        return t.Target("", t.Bound(">=", Quantity(Fraction(1), target.meaning.quantity.unit)))
    return target


def strings(expr: c.Expr) -> Iterator[str]:
    """The words an expression compares with."""
    stack = [expr]
    while stack:
        top = stack.pop()
        if isinstance(top, c.Const) and isinstance(top.value, str):
            yield top.value
        stack.extend(c.children(top))


def _mentions(expr: c.Expr) -> bool:
    stack = [expr]
    while stack:
        top = stack.pop()
        if isinstance(top, c.Compare) and isinstance(top.right, c.Const) and isinstance(top.right.value, str):
            return True
        stack.extend(c.children(top))
    return False
