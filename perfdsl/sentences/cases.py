"""A rule as the cases of a rubric."""

from fractions import Fraction
from typing import assert_never

from perfdsl import syntax as s
from perfdsl.quantity import format_number
from perfdsl.sentences.rule import (
    CEIL,
    EXACT,
    FULL,
    NIL,
    Amount,
    Award,
    Between,
    Branches,
    Checklist,
    Earned,
    Earning,
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


def inline(rule: Rule) -> s.Inline:
    """The rubric of ``rule`` as it is written on a row."""
    match rule:
        case Branches(branches):
            return s.Inline(tuple(_case(when, award) for when, award in branches))
        case Checklist(items):
            return s.Inline(tuple(s.Case(s.Text(text), number(each)) for text, each in items), s.Head("check"))
        case Occurrences(each):
            return s.Inline((s.Case(None, number(-each)),), s.Head("sum", base=number(Fraction(100), "%")))
        case Earned(each):
            return s.Inline((s.Case(None, number(each)),), s.Head("sum"))
        case _:
            assert_never(rule)


def number(value: Fraction, unit: str = "") -> s.Number:
    """A number as a file has it."""
    return s.Number(value, unit, format_number(value) + unit)


def _case(when: When, award: Award) -> s.Case:
    condition = condition_of(when)
    if isinstance(award, Between):
        return s.Case(condition, _plain(award.low), _plain(award.high))
    return s.Case(condition, _award(award))


def condition_of(when: When) -> s.Expr | None:
    """The condition of a case; None for ``otherwise``."""
    match when:
        case Otherwise():
            return None
        case Met():
            return s.Reference("met")
        case Word(text):
            return s.Text(text)
        case Interval():
            return _interval(when)
        case _:
            assert_never(when)


def _interval(when: Interval) -> s.Expr:
    left = s.Reference("completion") if when.subject == "completion" else None
    low, high = when.low, when.high
    if low is not None and high is not None and low.value == high.value:
        return s.Compare("=", left, number(low.value, low.unit))
    parts: list[tuple[str, s.Number]] = []
    if low is not None:
        parts.append((">=" if low.closed else ">", number(low.value, low.unit)))
    if high is not None:
        parts.append(("<=" if high.closed else "<", number(high.value, high.unit)))
    made = [s.Compare(op, left if at == 0 else None, value) for at, (op, value) in enumerate(parts)]
    return made[0] if len(made) == 1 else s.Logic("and", tuple(made))


def _award(award: Amount | Minus | Pro | Steps | Earning) -> s.Expr:
    match award:
        case Pro(subject):
            return s.Reference(subject)
        case Amount() | Minus():
            return _plain(award)
        case Steps():
            return _steps(award)
        case Earning():
            count = _counted(s.Chain(s.Reference("actual"), (("/", number(award.step, award.unit)),)), award.partial)
            return s.Call(
                "min", (s.Argument(s.Reference("points")), s.Argument(s.Chain(number(award.each), (("*", count),))))
            )
        case _:
            assert_never(award)


def _plain(award: Amount | Minus) -> s.Expr:
    if isinstance(award, Amount):
        return number(award.value, "%" if award.share and award != NIL else "")
    if award.amount.share:
        return number(100 - award.amount.value, "%")
    return s.Chain(s.Reference("points"), (("-", number(award.amount.value)),))


def _steps(steps: Steps) -> s.Expr:
    count: s.Expr = s.Chain(distance(steps), (("/", number(steps.step, steps.unit)),))
    if isinstance(inner := count, s.Chain) and isinstance(inner.first, s.Chain):  # gap / target / 1%
        count = s.Chain(inner.first.first, (*inner.first.rest, *inner.rest))
    moved = s.Chain(number(steps.each), (("*", _counted(count, steps.partial)),))
    start: s.Expr = s.Reference("points") if steps.start == FULL else _points(steps.start)
    taken = (("-", number(steps.before)),) if steps.before else ()
    whole = s.Chain(start, (*taken, ("-" if steps.down else "+", moved)))
    return s.Call("max" if steps.down else "min", (s.Argument(_limit(steps, start)), s.Argument(whole)))


def _counted(count: s.Expr, partial: str) -> s.Expr:
    """A number of steps, started ones as ``partial`` says."""
    if partial == EXACT:
        return s.Bracket(count)
    return s.Call("ceil" if partial == CEIL else "floor", (s.Argument(count),))


def _limit(steps: Steps, start: s.Expr) -> s.Expr:
    """Where the steps end: at nothing, or after ``limit`` points."""
    if steps.limit is None:
        return number(Fraction(0)) if steps.down else s.Reference("points")
    return s.Chain(start, (("-" if steps.down else "+", number(steps.limit)),))


def _points(amount: Amount) -> s.Expr:
    if amount.share:
        return s.Chain(s.Reference("points"), (("*", number(amount.value, "%")),))
    return number(amount.value)


def distance(steps: Steps) -> s.Expr:
    """How far the actual is from where the steps begin."""
    if steps.origin is None:
        away = s.Reference("gap" if steps.down else "excess")
        return s.Chain(away, (("/", s.Reference("target")),)) if steps.relative else away
    origin, subject = number(steps.origin, steps.unit), s.Reference(steps.subject)
    first, last = (subject, origin) if steps.above else (origin, subject)
    return s.Bracket(s.Chain(first, (("-", last),)))
