"""The rule a rubric is, where it is one that official sentences have; None for every other rubric."""

from fractions import Fraction
from typing import Any

import attrs

from perfdsl import syntax as s
from perfdsl.sentences.cases import inline
from perfdsl.sentences.rule import (
    CEIL,
    EXACT,
    FLOOR,
    FULL,
    NIL,
    Amount,
    Award,
    Between,
    Branches,
    Checklist,
    Earned,
    Earning,
    Edge,
    Interval,
    Met,
    Minus,
    Occurrences,
    Otherwise,
    Pro,
    Rule,
    Steps,
    When,
    Word,
)


def recognise(rubric: s.Inline) -> Rule | None:
    """The rule of a rubric; its cases are the rubric's own but for brackets, ``points`` for ``100%`` and the like."""
    cases = [case for case in rubric.cases if isinstance(case, s.Case)]
    if len(cases) < len(rubric.cases) or not cases:
        return None
    if rubric.head is not None:
        return _several(rubric.head, cases)
    branches: list[tuple[When, Award]] = []
    for case in cases:
        when, award = _when(case.condition), _award(case)
        if when is None or award is None:
            return None
        branches.append((when, award))
    rule = Branches(tuple(branches))
    return rule if _same_cases(inline(rule), rubric) else None


def _same_cases(made: s.Inline, given: s.Inline) -> bool:
    """Does the rule, written out, look at the same words as the rubric?  Guards against gap taken for excess and the like."""
    return all(_words(x) == _words(y) for x, y in zip(made.cases, given.cases, strict=True))


def _words(case: "s.Case | s.Broken") -> list[str]:
    """The words of the indicator a case looks at, those that only name its points left out."""
    found: list[str] = []
    waiting: list[Any] = [case]
    while waiting:
        top = waiting.pop()
        if isinstance(top, s.Reference):
            found.append(top.name)
        elif attrs.has(type(top)):
            waiting += [getattr(top, field.name) for field in type(top).__attrs_attrs__ if field.name != "span"]
        elif isinstance(top, tuple):
            waiting += top
    return sorted(name for name in found if name not in ("points", "actual"))


def _several(head: s.Head, cases: list[s.Case]) -> Rule | None:
    match head, cases:
        case s.Head("check", "", None, None), _:
            items = tuple((c.condition.text, c.award.value) for c in cases
                          if isinstance(c.condition, s.Text) and isinstance(c.award, s.Number) and not c.award.unit and c.high is None)  # fmt: skip
            return Checklist(items) if len(items) == len(cases) else None
        case s.Head("sum" | "", "", None, s.Number(value, "%")), [s.Case(None, s.Number(each, ""), None)] if (
            value == 100 and each < 0
        ):
            return Occurrences(-each)
        case s.Head("sum" | "", "", None, None), [s.Case(None, s.Number(each, ""), None)] if (
            head.how == "sum" and each > 0
        ):
            return Earned(each)
    return None


def _when(condition: s.Expr | None) -> When | None:
    match _bare(condition):
        case None:
            return Otherwise()
        case s.Reference("met"):
            return Met()
        case s.Text(text):
            return Word(text)
        case s.Compare("=" | "==", None, s.Text(text)):
            return Word(text)
        case s.Compare() as only:
            return _interval((only,))
        case s.Logic("and", (s.Compare() as low, s.Compare() as high)):
            return _interval((low, high))
    return None


def _interval(compares: tuple[s.Compare, ...]) -> Interval | None:
    subject, low, high = "", None, None
    for compare in compares:
        name = _compared(compare.left, subject)
        if name is None or not isinstance(compare.right, s.Number) or subject not in ("", name):
            return None
        subject = name
        edge = Edge(compare.right.value, compare.right.unit, "=" in compare.op)
        if compare.op in (">", ">=", "=", "=="):
            if low is not None:
                return None
            low = edge
        if compare.op in ("<", "<=", "=", "=="):
            if high is not None:
                return None
            high = edge
        if compare.op == "!=":
            return None
    return Interval(low, high, subject)


def _compared(left: s.Expr | None, before: str) -> str | None:
    match left:
        case None:
            return before or "actual"
        case s.Reference("actual" | "completion" as name):
            return name
    return None


def _award(case: s.Case) -> Award | None:
    if case.high is not None:
        low, high = _plain(case.award), _plain(case.high)
        return Between(low, high) if low is not None and high is not None else None
    match _bare(case.award):
        case s.Reference("actual" | "completion" as subject):
            return Pro(subject)
        case s.Call("max", (s.Argument(limit, None), s.Argument(s.Chain(start, (("-", moved),)), None))):
            return _steps(limit, start, moved, down=True)
        case s.Call(
            "max",
            (
                s.Argument(s.Number(none, ""), None),
                s.Argument(s.Chain(s.Reference("points"), (("-", s.Number(before, "")), ("-", moved))), None),
            ),
        ) if none == 0 and before > 0:
            made = _steps(s.Number(none), s.Reference("points"), moved, down=True)
            return attrs.evolve(made, before=before) if made is not None else None
        case s.Call(
            "min",
            (s.Argument(s.Reference("points"), None), s.Argument(s.Chain(s.Number(each, ""), (("*", count),)), None)),
        ):
            return _earning(each, count)
        case s.Call("min", (s.Argument(limit, None), s.Argument(s.Chain(start, (("+", moved),)), None))):
            return _steps(limit, start, moved, down=False)
    return _plain(case.award)


def _earning(each: Fraction, count: s.Expr) -> Earning | None:
    partial, inner = EXACT, _bare(count)
    if isinstance(inner, s.Call) and inner.name in ("floor", "ceil") and len(inner.arguments) == 1:
        partial, inner = (CEIL if inner.name == "ceil" else FLOOR), _bare(inner.arguments[0].value)
    match inner:
        case s.Chain(s.Reference("actual"), (("/", s.Number(step, unit)),)):
            return Earning(each, step, unit, partial)
    return None


def _plain(award: s.Expr) -> Amount | Minus | None:
    match _bare(award):
        case s.Number(value, ""):
            return Amount(value)
        case s.Number(value, "%"):
            return NIL if value == 0 else Amount(value, True)
        case s.Reference("points"):
            return FULL
        case s.Chain(s.Reference("points"), (("*", s.Number(value, "%")),)):
            return Amount(value, True)
        case s.Chain(s.Reference("points"), (("-", s.Number(value, "")),)):
            return Minus(Amount(value))
    return None


def _steps(limit: s.Expr, start: s.Expr, moved: s.Expr, *, down: bool) -> Steps | None:
    begin, counted = _plain(start), _moved(moved)
    if not isinstance(begin, Amount) or counted is None:
        return None
    most = _limit(limit, start, down=down)
    if most is None:
        return None
    return attrs.evolve(counted, start=begin, down=down, limit=most if most >= 0 else None)


def _limit(limit: s.Expr, start: s.Expr, *, down: bool) -> Fraction | None:
    """The points after which steps end; -1: where the points end; None: neither."""
    match limit:
        case s.Number(value, _) if down and value == 0:
            return Fraction(-1)
        case s.Reference("points") if not down:
            return Fraction(-1)
        case s.Chain(first, ((sign, s.Number(value, "")),)) if first == start and sign == ("-" if down else "+"):
            return value
    return None


def _moved(moved: s.Expr) -> Steps | None:
    """``each * floor(gap / step)`` and its kin."""
    match _bare(moved):
        case s.Chain(s.Number(each, ""), (("*", count),)):
            return _count(count, each)
        case s.Call("floor" | "ceil") as count:
            return _count(count, Fraction(1))
    return None


def _count(count: s.Expr, each: Fraction) -> Steps | None:
    match _bare(count):
        case s.Call("floor" | "ceil" as how, (s.Argument(inner, None),)):
            return _distance(inner, each, CEIL if how == "ceil" else FLOOR)
        case other:
            return _distance(other, each, EXACT)


def _distance(inner: s.Expr | None, each: Fraction, partial: str) -> Steps | None:
    match _bare(inner):
        case s.Chain(s.Reference("gap" | "excess"), (("/", s.Number(step, unit)),)):
            return Steps(each=each, step=step, unit=unit, partial=partial)
        case s.Chain(s.Reference("gap" | "excess"), (("/", s.Reference("target")), ("/", s.Number(step, "%")))):
            return Steps(each=each, step=step, unit="%", partial=partial, relative=True)
        case s.Chain(
            s.Bracket(s.Chain(s.Number(origin, unit), (("-", s.Reference("actual")),))), (("/", s.Number(step, same)),)
        ) if unit == same:
            return Steps(each=each, step=step, unit=unit, partial=partial, origin=origin)
        case s.Chain(
            s.Bracket(s.Chain(s.Reference("actual"), (("-", s.Number(origin, unit)),))), (("/", s.Number(step, same)),)
        ) if unit == same:
            return Steps(each=each, step=step, unit=unit, partial=partial, origin=origin, above=True)
    return None


def _bare(expr: s.Expr | None) -> s.Expr | None:
    while isinstance(expr, s.Bracket):
        expr = expr.inner
    return expr
