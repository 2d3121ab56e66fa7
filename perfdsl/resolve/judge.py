"""A target to the expressions that judge an actual by it (docs/language.md, section 6).

``completion`` is 1 where the target is just reached; what cannot be judged is undefined, never zero.
"""

from fractions import Fraction

from perfdsl import core as c
from perfdsl import target as t
from perfdsl.core import Const, Expr, Judge, Ref
from perfdsl.dates import last_day

ACTUAL, PRIOR, SCHEDULE = Ref("actual"), Ref("prior"), Ref("schedule")
DAY = Fraction(86400)
Scale = tuple[tuple[str, Fraction], ...]


def judge(target: t.Target, direction: str, signed: bool, scale: Scale, year: int | None) -> Judge:
    """The judgement of ``target``; ``signed``: the actual may be negative; ``scale``: words with their shares."""
    match target.meaning:
        case t.Bound(op=op, quantity=quantity):
            return bound(ACTUAL, op, Const(quantity.base), quantity.base, direction, signed)
        case t.Range() as inside:
            return _range(inside)
        case t.Deadline() as deadline:
            return _deadline(deadline, year, target.text)
        case t.Level(word=word):
            return _level(word, scale)
        case t.Schedule():
            return _against(ACTUAL, SCHEDULE)
        case t.Growth() as growth:
            return _growth(growth)
        case t.Nothing():
            return Judge(c.UNDEFINED, c.UNDEFINED, c.UNDEFINED, c.UNDEFINED, c.UNDEFINED)
    return _same_words(target.text)


def minus(left: Expr, right: Expr) -> Expr:
    """``left - right``."""
    return c.Add((left, c.Mul((Const(Fraction(-1)), right))))


def _above_zero(expr: Expr) -> Expr:
    return c.Max((c.ZERO, expr))


def bound(actual: Expr, op: str | None, limit: Expr, value: Fraction, direction: str, signed: bool) -> Judge:
    """One limit ``op value``; the direction a user states wins over the sign's own."""
    way = direction or ("lower" if op in ("<=", "<") or (op == "=" and value == 0) else "higher")
    strict = op in ("<", ">")
    if way == "exact":
        return _exact(actual, limit, value)
    if way == "higher":
        met = c.Compare(">" if strict and op == ">" else ">=", actual, limit)
        gap, excess = _above_zero(minus(limit, actual)), _above_zero(minus(actual, limit))
        completion: Expr = _all_or_nothing(met) if value <= 0 else c.Div(actual, limit)
        if signed and value > 0:
            completion = c.Max((c.ZERO, completion))
        return Judge(limit, met, completion, gap, excess)
    met = c.Compare("<" if strict and op == "<" else "<=", actual, limit)
    gap, excess = _above_zero(minus(actual, limit)), _above_zero(minus(limit, actual))
    if value <= 0:
        completion = _all_or_nothing(met)
    else:
        completion = c.If(c.Compare("<=", actual, limit), c.ONE, c.Div(limit, actual))
    return Judge(limit, met, completion, gap, excess)


def _exact(actual: Expr, limit: Expr, value: Fraction) -> Judge:
    met = c.Compare("=", actual, limit)
    distance = c.Max((minus(actual, limit), minus(limit, actual)))
    completion: Expr = _all_or_nothing(met)
    if value > 0:
        ratio = c.If(c.Compare("<=", actual, limit), c.Max((c.ZERO, c.Div(actual, limit))), c.Div(limit, actual))
        completion = ratio
    return Judge(limit, met, completion, distance, _above_zero(minus(actual, limit)))


def _all_or_nothing(met: Expr) -> Expr:
    return c.If(met, c.ONE, c.ZERO)


def _range(inside: t.Range) -> Judge:
    low, high = inside.low * inside.unit.scale, inside.high * inside.unit.scale
    over = c.Compare(">=" if inside.low_closed else ">", ACTUAL, Const(low))
    under = c.Compare("<=" if inside.high_closed else "<", ACTUAL, Const(high))
    met = c.And((over, under))
    gap = c.Max((c.ZERO, minus(Const(low), ACTUAL), minus(ACTUAL, Const(high))))
    if low <= 0 or high <= 0:
        return Judge(Const(low), met, _all_or_nothing(met), gap, c.ZERO)
    below = c.Max((c.ZERO, c.Div(ACTUAL, Const(low))))
    nearest = c.If(c.Compare("<", ACTUAL, Const(low)), below,
                   c.If(c.Compare(">", ACTUAL, Const(high)), c.Div(Const(high), ACTUAL), c.ONE))  # fmt: skip
    return Judge(Const(low), met, nearest, gap, c.ZERO)


def _deadline(deadline: t.Deadline, year: int | None, text: str) -> Judge:
    day = last_day(deadline.date, year)
    if day is None or deadline.repeats:
        return _same_words(text)
    limit = Const(Fraction(day.toordinal()))
    met = c.Compare("<=" if deadline.inclusive else "<", ACTUAL, limit)
    late = c.Mul((Const(DAY), _above_zero(minus(ACTUAL, limit))))
    early = c.Mul((Const(DAY), _above_zero(minus(limit, ACTUAL))))
    return Judge(limit, met, _all_or_nothing(met), late, early)


def _level(word: str, scale: Scale) -> Judge:
    """By its scale when it is on one; else only the same word is met and every other is unjudged."""
    shares = dict(scale)
    if word not in shares:
        return _same_words(word)
    goal = shares[word]
    share: Expr = c.UNDEFINED
    for known, worth in reversed(scale):
        share = c.If(c.Compare("=", ACTUAL, Const(known)), Const(worth), share)
    met = c.Compare(">=", share, Const(goal))
    completion = c.Div(share, Const(goal)) if goal > 0 else _all_or_nothing(met)
    distance, beyond = _above_zero(minus(Const(goal), share)), _above_zero(minus(share, Const(goal)))
    return Judge(Const(word), met, completion, distance, beyond)


def shared(goal: Fraction) -> Judge:
    """A level where the actual is the share several words come to together."""
    limit = Const(goal)
    met = c.Compare(">=", ACTUAL, limit)
    completion = c.Div(ACTUAL, limit) if goal > 0 else _all_or_nothing(met)
    return Judge(limit, met, completion, _above_zero(minus(limit, ACTUAL)), _above_zero(minus(ACTUAL, limit)))


def _same_words(text: str) -> Judge:
    text = text.strip()
    same = c.Compare("=", ACTUAL, Const(text))
    return Judge(Const(text), c.If(same, c.TRUE, c.UNDEFINED), c.If(same, c.ONE, c.UNDEFINED),
                 c.If(same, c.ZERO, c.UNDEFINED), c.ZERO)  # fmt: skip


def _against(actual: Expr, limit: Expr) -> Judge:
    """At least a limit that is only known at evaluation (序时进度); nothing is due while it is zero."""
    due = c.Compare(">", limit, c.ZERO)
    completion = c.If(due, c.Div(actual, limit), c.ONE)
    met = c.Compare(">=", actual, limit)
    return Judge(limit, met, completion, _above_zero(minus(limit, actual)), _above_zero(minus(actual, limit)))


def _growth(growth: t.Growth) -> Judge:
    """By the rate of change (an actual in percent is that rate itself), or by the difference when it is an amount."""
    if growth.quantity is not None and growth.quantity.unit.dims != (("%", 1),):
        change = minus(ACTUAL, PRIOR)
    else:
        change = _rate()
    down = growth.direction == "down"
    value = growth.quantity.base if growth.quantity is not None else Fraction(0)
    goal = -value if down else value
    op = growth.op or (("<" if down else ">") if value == 0 else ("<=" if down else ">="))
    if down and growth.op in (">=", ">"):
        op = "<=" if growth.op == ">=" else "<"
    judged = bound(change, op, Const(goal), goal, "lower" if down else "higher", signed=True)
    return Judge(Const(goal), judged.met, _all_or_nothing(judged.met), judged.gap, judged.excess)


def _rate() -> Expr:
    change = c.If(c.Compare(">", PRIOR, c.ZERO), minus(c.Div(ACTUAL, PRIOR), c.ONE), c.UNDEFINED)
    return c.If(c.Missing(PRIOR), ACTUAL, change)
