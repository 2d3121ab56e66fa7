"""Between which limits an expression stays: interval reasoning over the core calculus, sound and cheap.

Every answer encloses all values the expression can have where it has one; an input nobody knows is unbounded.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import floor
from typing import NamedTuple

import attrs

from perfdsl.core import (
    UNDEFINED,
    Add,
    And,
    Case,
    Compare,
    Const,
    Div,
    Domain,
    Expr,
    Floor,
    If,
    Judge,
    Max,
    Min,
    Missing,
    Mul,
    Not,
    Or,
    Ref,
    Round,
    Scoring,
    children,
    rebuilt,
)
from perfdsl.quantity import round_half_up


class End(NamedTuple):
    """One end of a range: -1 or 1 in ``infinite`` for an unbounded one; ``outside`` when it is not reached itself."""

    infinite: int
    at: Fraction
    outside: bool


class Range(NamedTuple):
    """All numbers from ``low`` to ``high``."""

    low: End
    high: End


class Truth(NamedTuple):
    """What a condition can be where it is defined."""

    may_hold: bool
    may_fail: bool


@attrs.frozen
class Known:
    """What is known of some expressions: the range of a number, ``[1, 1]`` for what holds and ``[0, 0]`` for what does not."""

    facts: Mapping[Expr, Range]

    def assuming(self, condition: Expr, holds: bool) -> "Known | None":
        """What is known besides when ``condition`` holds (or fails); None when that cannot be."""
        facts = dict(self.facts)
        return Known(facts) if _assume(facts, condition, holds) else None


Env = Mapping[str, Domain] | Known


def interval(expr: Expr, env: Env) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest value of ``expr`` as far as it can be said; None is unbounded."""
    found = _range(expr, known(env).facts)
    if found is None:
        return None, None
    return tuple(None if end.infinite else end.at for end in found)  # type: ignore[return-value]


def truth(condition: Expr, env: Env) -> Truth:
    """Can ``condition`` hold, can it fail?  Both are False when it is never defined."""
    return _truth(condition, known(env).facts)


def can_be_zero(expr: Expr, env: Env) -> bool:
    """Is a value of zero not excluded?"""
    facts = known(env).facts
    if facts.get(Compare("!=", expr, NOTHING)) == YES:
        return False
    found = _range(expr, facts)
    return found is not None and _below(found.low, ZERO_END) and _below(ZERO_END, found.high)


def zero_divisors(expr: Expr, env: Env) -> list[Expr]:
    """Every divisor inside ``expr`` that may be zero where it is computed, the tests of ``If`` taken into account."""
    match expr:
        case If(test, then, other):
            found = zero_divisors(test, env)
            for branch, holds in ((then, True), (other, False)):
                inner = known(env).assuming(test, holds)
                found += zero_divisors(branch, inner) if inner else []
            return found
        case Add(args) | Mul(args) | Min(args) | Max(args) | And(args) | Or(args):
            return [found for arg in args for found in zero_divisors(arg, env)]
        case Div(left, right):
            own = [right] if can_be_zero(right, env) else []
            return zero_divisors(left, env) + zero_divisors(right, env) + own
        case Compare(_, left, right):
            return zero_divisors(left, env) + zero_divisors(right, env)
        case Not(arg) | Missing(arg) | Round(arg, _) | Floor(arg):
            return zero_divisors(arg, env)
    return []


def award_range(scoring: Scoring, judge: Judge | None, domain: Domain) -> tuple[Fraction, Fraction]:
    """Between which limits the award of an actual inside ``domain`` lies, inside those of the rubric."""
    if scoring.entries is not None:
        return scoring.low, scoring.high
    names = definitions(judge)
    rest: Known | None = known({"actual": domain})
    found: Range | None = None
    for case in scoring.cases:
        if case.missing or rest is None:
            continue
        when = substitute(case.when, names)
        if _may_be_undefined(substitute(case.award, names)):
            return scoring.low, scoring.high
        if _may_be_undefined(when):  # a word nobody can judge is decided by a person: any case may be the one
            found = join(found, _case_range(case, names, rest))
            continue
        may = truth(when, rest)
        inside = rest.assuming(when, True) if may.may_hold else None
        if inside is not None:
            found = join(found, _case_range(case, names, inside))
        rest = rest.assuming(when, False) if may.may_fail else None
    if found is None:
        return scoring.low, scoring.high
    low = scoring.low if found.low.infinite else found.low.at
    high = scoring.high if found.high.infinite else found.high.at
    return _clamp(low, scoring), _clamp(high, scoring)


def _may_be_undefined(expr: Expr) -> bool:
    """May it have no value although the actual has one?  (The guard of ``otherwise`` only asks for the actual.)"""
    if isinstance(expr, If) and isinstance(expr.test, Missing):
        return _may_be_undefined(expr.other)
    return expr == UNDEFINED or any(_may_be_undefined(child) for child in children(expr))


def definitions(judge: Judge | None) -> dict[str, Expr]:
    """The words a judgement defines, with what they stand for."""
    if judge is None:
        return {}
    names = ("target", "met", "completion", "gap", "excess")
    return {name: getattr(judge, name) for name in names}


def substitute(expr: Expr, names: Mapping[str, Expr]) -> Expr:
    """``expr`` with every defined name replaced by what it stands for."""
    if not names:
        return expr
    found: dict[Expr, Expr] = {Ref(name): value for name, value in names.items()}
    return rebuilt(expr, lambda x: found.get(x, x))


# ---- ranges of numbers


def always(name: str) -> Range:
    """The limits of an input that hold whatever the data: places and numbers of objects begin at 1, shares end there."""
    return ALWAYS.get(name.partition(":")[0], UNBOUNDED)


def known(env: Env) -> Known:
    """What domains say of the inputs they belong to."""
    if isinstance(env, Known):
        return env
    return Known({Ref(name): domain_range(domain) for name, domain in env.items()})


def domain_range(domain: Domain) -> Range:
    """The whole of a domain, its ends included."""
    low = LOWEST if domain.low is None else End(0, domain.low, False)
    high = HIGHEST if domain.high is None else End(0, domain.high, False)
    return Range(low, high)


def _clamp(value: Fraction, scoring: Scoring) -> Fraction:
    return max(scoring.low, min(scoring.high, value))


def _case_range(case: Case, names: Mapping[str, Expr], inside: Known) -> Range | None:
    found = _range(substitute(case.award, names), inside.facts)
    if case.high is None:
        return found
    return join(found, _range(substitute(case.high, names), inside.facts))


def _range(expr: Expr, facts: Mapping[Expr, Range]) -> Range | None:
    """The range of ``expr``; None when it never has a numeric value."""
    fact = facts.get(expr)
    if isinstance(expr, Ref):
        return fact or always(expr.name)
    found = _computed(expr, facts)
    return meet(found, fact) if found and fact else found


def _computed(expr: Expr, facts: Mapping[Expr, Range]) -> Range | None:
    match expr:
        case Const(value):
            return point(value) if isinstance(value, Fraction) else None
        case Div(left, right):
            return quotient(_range(left, facts), _range(right, facts))
        case If(test, then, other):
            return _branches(If(test, then, other), facts)
        case Round(arg, places):
            return stepped(_range(arg, facts), places)
        case Floor(arg):
            return floored(_range(arg, facts))
        case Add(args) | Mul(args) | Min(args) | Max(args):
            parts = [_range(arg, facts) for arg in args]
            ranges = [part for part in parts if part is not None]
            return combined(expr, ranges) if len(ranges) == len(parts) else None
    return UNBOUNDED


def combined(expr: Add | Mul | Min | Max, ranges: list[Range]) -> Range:
    lows, highs = [r.low for r in ranges], [r.high for r in ranges]
    match expr:
        case Min(_):
            return Range(min(lows), min(highs, key=as_high))
        case Max(_):
            return Range(max(lows), max(highs, key=as_high))
        case Add(_):
            return Range(_sum(lows, LOWEST), _sum(highs, HIGHEST))
    found = point(Fraction(1))
    for factor in ranges:
        found = _product(found, factor)
    return found


def _branches(expr: If, facts: Mapping[Expr, Range]) -> Range | None:
    may = _truth(expr.test, facts)
    found = None
    for branch, holds, possible in ((expr.then, True, may.may_hold), (expr.other, False, may.may_fail)):
        inner = Known(facts).assuming(expr.test, holds) if possible else None
        if inner is not None:
            found = join(found, _range(branch, inner.facts))
    return found


def point(value: Fraction) -> Range:
    return Range(End(0, value, False), End(0, value, False))


def as_high(end: End) -> tuple[int, Fraction, bool]:
    """Order of high ends: at the same place the one that is not reached is lower."""
    return end.infinite, end.at, not end.outside


def _below(low: End, high: End) -> bool:
    """Is there a number from ``low`` to ``high``?"""
    if low[:2] == high[:2]:
        return not low.outside and not high.outside
    return low[:2] < high[:2]


def join(left: Range | None, right: Range | None) -> Range | None:
    if left is None or right is None:
        return left or right
    return Range(min(left.low, right.low), max(left.high, right.high, key=as_high))


def meet(left: Range, right: Range) -> Range | None:
    low, high = max(left.low, right.low), min(left.high, right.high, key=as_high)
    return Range(low, high) if _below(low, high) else None


def _sum(ends: list[End], unbounded: End) -> End:
    if any(end.infinite for end in ends):
        return unbounded
    return End(0, sum((end.at for end in ends), Fraction(0)), any(end.outside for end in ends))


def _product(left: Range, right: Range) -> Range:
    ends = [_times(a, b) for a in left for b in right]
    return Range(min(ends), max(ends, key=as_high))


def _times(left: End, right: End) -> End:
    """The product of two ends; a zero that is reached makes it a zero that is reached, whatever the other is."""
    for a, b in ((left, right), (right, left)):
        if not a.infinite and not a.at:
            return End(0, Fraction(0), a.outside and (b.outside or bool(b.infinite) or bool(b.at)))
    if left.infinite or right.infinite:
        sign = _sign(left) * _sign(right)
        return HIGHEST if sign > 0 else LOWEST
    return End(0, left.at * right.at, left.outside or right.outside)


def _sign(end: End) -> int:
    return end.infinite or (1 if end.at > 0 else -1)


def quotient(left: Range | None, right: Range | None) -> Range | None:
    """Where the divisor is zero there is no value, so only its positive and its negative part count."""
    if left is None or right is None:
        return None
    found = None
    for side, at_zero in ((Range(BESIDE_ZERO, HIGHEST), HIGHEST), (Range(LOWEST, BESIDE_ZERO), LOWEST)):
        part = meet(right, side)
        if part is not None:
            inverse = Range(_inverse(part.high, at_zero), _inverse(part.low, at_zero))
            found = join(found, _product(left, inverse))
    return found


def _inverse(end: End, at_zero: End) -> End:
    if end.infinite:
        return BESIDE_ZERO
    return End(0, 1 / end.at, end.outside) if end.at else at_zero


def stepped(found: Range | None, places: int) -> Range | None:
    if found is None:
        return None
    low, high = (end if end.infinite else End(0, round_half_up(end.at, places), False) for end in found)
    return Range(low, high)


def floored(found: Range | None) -> Range | None:
    if found is None:
        return None
    low = found.low if found.low.infinite else End(0, Fraction(floor(found.low.at)), False)
    if found.high.infinite:
        return Range(low, found.high)
    whole = found.high.outside and found.high.at.denominator == 1
    return Range(low, End(0, Fraction(floor(found.high.at) - whole), False))


# ---- conditions


def _truth(condition: Expr, facts: Mapping[Expr, Range]) -> Truth:
    fact = facts.get(condition)
    if fact is not None:
        return Truth(fact != NO, fact != YES)
    match condition:
        case Const(value):
            return Truth(value is True, value is False)
        case Compare(op, left, right):
            return _compared(op, left, right, facts)
        case And(args):
            parts = [_truth(arg, facts) for arg in args]
            return Truth(all(p.may_hold for p in parts), any(p.may_fail for p in parts))
        case Or(args):
            parts = [_truth(arg, facts) for arg in args]
            return Truth(any(p.may_hold for p in parts), all(p.may_fail for p in parts))
        case Not(arg):
            inner = _truth(arg, facts)
            return Truth(inner.may_fail, inner.may_hold)
        case If(test, then, other):
            return _either(If(test, then, other), facts)
        case Missing(Const(value)):
            return Truth(value is None, value is not None)
    return ANY


def _either(expr: If, facts: Mapping[Expr, Range]) -> Truth:
    may = _truth(expr.test, facts)
    holds = fails = False
    for branch, side, possible in ((expr.then, True, may.may_hold), (expr.other, False, may.may_fail)):
        inner = Known(facts).assuming(expr.test, side) if possible else None
        if inner is not None:
            found = _truth(branch, inner.facts)
            holds, fails = holds or found.may_hold, fails or found.may_fail
    return Truth(holds, fails)


def _compared(op: str, left: Expr, right: Expr, facts: Mapping[Expr, Range]) -> Truth:
    if isinstance(left, Const) and isinstance(right, Const) and op in ("=", "!="):
        if left.value is None or right.value is None:
            return Truth(False, False)
        same = left.value == right.value
        return Truth(same == (op == "="), same != (op == "="))
    if _is_word(left) or _is_word(right):
        return ANY
    a, b = _range(left, facts), _range(right, facts)
    if a is None or b is None:
        return ANY if isinstance(left, If) or isinstance(right, If) else Truth(False, False)
    if op in (">", ">="):
        a, b, op = b, a, "<" if op == ">" else "<="
    less, same, more = can_be_less(a, b), meet(a, b) is not None, can_be_less(b, a)
    match op:
        case "<":
            return Truth(less, same or more)
        case "<=":
            return Truth(less or same, more)
        case "=":
            return Truth(same, less or more)
    return Truth(less or more, same)


def can_be_less(a: Range, b: Range) -> bool:
    return a.low[:2] < b.high[:2]


def _is_word(expr: Expr) -> bool:
    return isinstance(expr, Const) and isinstance(expr.value, (str, bool))


def _assume(facts: dict[Expr, Range], condition: Expr, holds: bool) -> bool:
    """Add what follows from ``condition``; False when it contradicts what is known."""
    match condition:
        case Const(value):
            return value is holds
        case Not(arg):
            return _assume(facts, arg, not holds)
        case And(args) if holds or len(args) == 1:
            return all(_assume(facts, arg, holds) for arg in args)
        case Or(args) if not holds or len(args) == 1:
            return all(_assume(facts, arg, holds) for arg in args)
        case Compare(op, left, right):
            return _assume_compare(facts, op if holds else OPPOSITE[op], left, right)
        case Ref(_) | If(_, _, _):
            facts[condition] = YES if holds else NO
    return True


def _assume_compare(facts: dict[Expr, Range], op: str, left: Expr, right: Expr) -> bool:
    if _is_word(left) or _is_word(right) or op == "!=":
        return _assume_different(facts, left, right) if op == "!=" else True
    a, b = _range(left, facts), _range(right, facts)
    if a is None or b is None:
        return True
    return _limit(facts, left, _beside(op, b)) and _limit(facts, right, _beside(MIRRORED[op], a))


def _assume_different(facts: dict[Expr, Range], left: Expr, right: Expr) -> bool:
    """``x != c`` says something of a range when ``c`` is one of its ends; that ``x`` is not zero is noted for divisors."""
    for expr, other in ((left, right), (right, left)):
        if other == NOTHING and not isinstance(expr, Const):
            facts[Compare("!=", expr, NOTHING)] = YES
        if isinstance(other, Const) and isinstance(other.value, Fraction) and not _is_word(expr):
            found = _range(expr, facts)
            if found is None:
                return True
            low, high = (e._replace(outside=True) if e[:2] == (0, other.value) else e for e in found)
            return _below(low, high) and _limit(facts, expr, Range(low, high))
    return True


def _beside(op: str, other: Range) -> Range:
    """Where ``x`` is when ``x op y`` for some ``y`` of ``other``."""
    strict = op in ("<", ">")
    low = other.low._replace(outside=other.low.outside or strict)
    high = other.high._replace(outside=other.high.outside or strict)
    if op in ("<", "<="):
        return Range(LOWEST, high)
    return Range(low, HIGHEST) if op in (">", ">=") else other


def _limit(facts: dict[Expr, Range], expr: Expr, limit: Range) -> bool:
    """Note that ``expr`` lies inside ``limit``, and what this says of the one varying thing inside it."""
    found = _range(expr, facts)
    inside = meet(found, limit) if found else None
    if inside is None:
        return False
    if isinstance(expr, Const):
        return True
    facts[expr] = inside
    match expr:
        case Div(inner, Const(value)) if isinstance(value, Fraction) and value:
            return _limit(facts, inner, _product(limit, point(value)))
        case Mul(args) | Add(args):
            rest = [arg for arg in args if not isinstance(arg, Const)]
            numbers = [a.value for a in args if isinstance(a, Const) and isinstance(a.value, Fraction)]
            if len(rest) == 1 and len(numbers) == len(args) - 1:
                return _limit_inner(facts, expr, rest[0], numbers, limit)
    return True


def _limit_inner(facts: dict[Expr, Range], expr: Expr, inner: Expr, numbers: Iterable[Fraction], limit: Range) -> bool:
    if isinstance(expr, Add):
        return _limit(facts, inner, combined(Add(()), [limit, point(-sum(numbers, Fraction(0)))]))
    factor = Fraction(1)
    for number in numbers:
        factor *= number
    return _limit(facts, inner, _product(limit, point(1 / factor))) if factor else True


LOWEST, HIGHEST = End(-1, Fraction(0), True), End(1, Fraction(0), True)
ZERO_END, BESIDE_ZERO = End(0, Fraction(0), False), End(0, Fraction(0), True)
UNBOUNDED = Range(LOWEST, HIGHEST)
ALWAYS = {
    "rank_share": Range(BESIDE_ZERO, End(0, Fraction(1), False)),
    "rank": Range(End(0, Fraction(1), False), HIGHEST),
    "size": Range(End(0, Fraction(1), False), HIGHEST),
}
YES, NO = point(Fraction(1)), point(Fraction(0))
NOTHING = Const(Fraction(0))
ANY = Truth(True, True)
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
