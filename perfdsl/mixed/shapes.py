"""The scoring shape of a row: its rubric and judgement with every constant taken out, so that a few dozen serve all projects.

Numbers become inputs ``p0``, ``p1`` … (equal ones the same input), words ``w0``, ``w1`` …; 0 and -1 stay, they are grammar
more than amounts.  Inputs, money and values of other rows become inputs ``f0`` …  A fraction that is no whole multiple of ``1/BOTTOM`` (the slope of a line: 100/39) becomes two inputs,
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
from perfdsl.mixed.at_hand import AtHand, Elsewhere
from perfdsl.quantity import NO_UNIT, Quantity

PATH = ("行",)
JUDGED = ("target", "met", "completion", "gap", "excess")
BOTTOM = 252 * 10**6  # what the denominator of one input divides: decimals, thirds, sevenths, twelfths
KEPT = frozenset({Fraction(0), Fraction(-1)})
FREE = c.Domain(None, None)
WIDE = Fraction(10**9)  # beyond every limit of a row: points are far below
BOUND = t.Target("", t.Bound(None, Quantity(Fraction(1), NO_UNIT)))
OTHER = t.Target("", t.Schedule())


class Shaped(NamedTuple):
    """A row taken apart: the plan of its shape, the numbers and words that were in it, and the facts it looks at by name."""

    shape: p.Plan
    numbers: tuple[Fraction, ...]
    words: tuple[str, ...]
    facts: tuple[str, ...]


class _Taken:
    """Constants in the order they are met, each once."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, Fraction], c.Ref] = {}
        self.words: dict[str, str] = {}
        self.facts: dict[str, c.Ref] = {}

    def out(self, expr: c.Expr) -> c.Expr:
        """``expr`` without its constants; what it looks at of its object becomes ``f0``, ``f1`` …"""

        def leaf(one: c.Const | c.Ref) -> c.Expr:
            match one:
                case c.Ref(name) if ":" in name:
                    return self.facts.setdefault(name, c.Ref(f"input:f{len(self.facts)}"))
                case c.Const(Fraction() as value) if value not in KEPT:
                    if BOTTOM % value.denominator:
                        top, bottom = Fraction(value.numerator), Fraction(value.denominator)
                        return c.Div(self.input("top", top), self.input("bottom", bottom))
                    return self.input("", value)
                case c.Const(str() as word):
                    return c.Const(self.words.setdefault(word, f"w{len(self.words)}"))
            return one

        return c.rebuilt(expr, leaf)

    def input(self, role: str, value: Fraction) -> c.Ref:
        """The input that stands for a number in a role."""
        return self.numbers.setdefault((role, value), c.Ref(f"input:p{len(self.numbers)}"))


def shaped(at_hand: AtHand, row: p.PlanIndicator) -> Shaped | str:
    """The shape of ``row``, or why it has none of its own."""
    if row.gather is not None or (row.scoring is not None and row.scoring.entries is not None):
        return "several entries"
    due = at_hand.engine.target_of(row)
    if due is not None and isinstance(due.target.meaning, t.Growth):
        return "compared with the year before"
    taken = _Taken()

    def out(expr: c.Expr) -> c.Expr:
        return taken.out(at_hand.own(expr))

    try:
        conditions = [taken.out(x) for x in at_hand.conditions(row)]
        formula = None if row.formula is None else taken.out(at_hand.of_object(row.formula))
        cases = tuple(
            c.Case(out(x.when), out(x.award), None if x.high is None else out(x.high), "", "", 0, x.missing)
            for x in (row.scoring.cases if row.scoring is not None else ())
        )
        judge = None if due is None else c.Judge(*(out(getattr(due.judge, x)) for x in JUDGED))
    except Elsewhere as why:
        return str(why)
    targets: tuple[p.PlanTarget, ...] = ()
    if due is not None and judge is not None:
        bound = isinstance(due.target.meaning, t.Bound)
        targets = (p.PlanTarget(at_hand.engine.period, BOUND if bound else OTHER, judge, None),)
    elif row.targets:
        targets = (p.PlanTarget("", OTHER, c.Judge(*(c.UNDEFINED,) * 5), None),)  # not assessed in this period
    bare = p.PlanIndicator(
        path=PATH,
        points=2 * WIDE if conditions else None,  # so that a row not known to apply is told from one that is open
        domain=FREE if row.formula is None else row.domain,
        targets=targets,
        direction=row.direction if row.direction == "exact" else "",
        formula=formula,
        applies=None if not conditions else conditions[0] if len(conditions) == 1 else c.And(tuple(conditions)),
        scoring=None if row.scoring is None else c.Scoring("", cases, -WIDE, WIDE),
    )
    inputs = [p.PlanInput(name=f"p{i}", domain=FREE) for i in range(len(taken.numbers))]
    inputs += [p.PlanInput(name=f"f{i}", domain=FREE, is_word=at_hand.is_word(x)) for i, x in enumerate(taken.facts)]
    rounding = at_hand.plan.rounding
    shape = p.Plan(kind="project", object="", rounding=rounding, roots=PATH, indicators=(bare,), inputs=tuple(inputs))
    return Shaped(shape, tuple(value for _, value in taken.numbers), tuple(taken.words), tuple(taken.facts))


def ceiling_row(ceiling: p.PlanCeiling) -> p.PlanIndicator:
    """A row that does not apply where the condition does not hold, and is open where that is not known."""
    scoring = c.Scoring("", (c.Case(c.TRUE, c.ZERO, None, "", "", 0),), Fraction(0), Fraction(0))
    return p.PlanIndicator(path=PATH, domain=FREE, applies=ceiling.condition, scoring=scoring)


def facts_in(shape: p.Plan) -> int:
    """How many facts of its object a shape looks at."""
    return sum(x.name.startswith("f") for x in shape.inputs)


def fixed(shape: p.Plan, values: dict[int, Fraction], words: tuple[str, ...] = ()) -> p.Plan:
    """The shape with some of its numbers put back, such as those that are the same wherever it occurs; and its words."""
    put = {f"input:p{i}": c.Const(value) for i, value in values.items()}
    said = {f"w{i}": c.Const(word) for i, word in enumerate(words)}

    def leaf(one: c.Const | c.Ref) -> c.Expr:
        match one:
            case c.Ref(name):
                return put.get(name, one)
            case c.Const(str() as word):
                return said.get(word, one)
        return one

    def back(expr: c.Expr) -> c.Expr:
        return c.rebuilt(expr, leaf)

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
    formula, applies = (None if x is None else back(x) for x in (row.formula, row.applies))
    full = attrs.evolve(row, targets=targets, scoring=scoring, formula=formula, applies=applies)
    return attrs.evolve(shape, indicators=(full,))


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
        formula=None if row.formula is None else c.UNDEFINED,
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
