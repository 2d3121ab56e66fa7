"""A key for each expression: equal keys are equal values, whatever the inputs (the converse need not hold).

Sums and products are multiplied out over their irreducible parts, divisors stay parts of their own, and every part that
occurs is remembered even where it cancels, because a missing part makes the whole missing.
"""

from collections.abc import Mapping
from fractions import Fraction

from perfdsl.core import Add, And, Compare, Const, Div, Expr, Floor, If, Max, Min, Missing, Mul, Not, Or, Ref, Round

MOST = 256
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
Key = tuple[object, ...]
Monomial = tuple[tuple[str, int], ...]
Terms = dict[Monomial, Fraction]
Polynomial = tuple[Terms, frozenset[str]]


def renamed(expr: Expr, names: Mapping[str, str]) -> Expr:
    """``expr`` with inputs under their new names."""
    match expr:
        case Ref(name):
            return Ref(names.get(name, name))
        case Add(args) | Mul(args) | Min(args) | Max(args) | And(args) | Or(args):
            return type(expr)(tuple(renamed(arg, names) for arg in args))
        case Div(left, right):
            return Div(renamed(left, names), renamed(right, names))
        case Compare(op, left, right):
            return Compare(op, renamed(left, names), renamed(right, names))
        case If(test, then, other):
            return If(renamed(test, names), renamed(then, names), renamed(other, names))
        case Round(arg, places):
            return Round(renamed(arg, names), places)
        case Not(arg) | Missing(arg) | Floor(arg):
            return type(expr)(renamed(arg, names))
    return expr


def key(expr: Expr | None) -> Key:
    """The key of an expression."""
    match expr:
        case None:
            return ("none",)
        case Const(value) if not isinstance(value, Fraction):
            return ("const", type(value).__name__, str(value))
        case Const(_) | Ref(_) | Add(_) | Mul(_) | Div(_, _):
            return _polynomial_key(expr)
        case Compare(op, left, right):
            return _compared(op, left, right)
        case Not(Compare(op, left, right)):
            return _compared(OPPOSITE[op], left, right)
        case Not(Not(arg)):
            return key(arg)
        case And(args) | Or(args) | Min(args) | Max(args):
            return _set_of(type(expr), args)
        case If(test, then, other):
            return ("if", key(test), key(then), key(other))
        case Round(arg, places):
            return ("round", places, key(arg))
        case Not(arg) | Missing(arg) | Floor(arg):
            return (type(expr).__name__, key(arg))
    raise AssertionError(expr)  # every node has its case


def _set_of(kind: type, args: tuple[Expr, ...]) -> Key:
    flat: list[Expr] = []
    waiting = list(args)
    while waiting:
        top = waiting.pop()
        if isinstance(top, kind) and isinstance(top, (And, Or, Min, Max)):
            waiting.extend(top.args)
        else:
            flat.append(top)
    keys = {repr(key(arg)): key(arg) for arg in flat}
    return next(iter(keys.values())) if len(keys) == 1 else (kind.__name__, *(keys[text] for text in sorted(keys)))


def _compared(op: str, left: Expr, right: Expr) -> Key:
    words = any(isinstance(x, Const) and not isinstance(x.value, Fraction) for x in (left, right))
    plain = isinstance(left, Ref) and isinstance(right, Ref)
    if words or plain or not (_numeric(left) and _numeric(right)):
        a, b = key(left), key(right)
        return ("compare", MIRRORED[op], b, a) if repr(b) < repr(a) else ("compare", op, a, b)
    found = _polynomial(Add((left, Mul((Const(Fraction(-1)), right)))))
    if found is None:
        return ("compare", op, key(left), key(right))
    terms, parts = found
    lead = max((m for m in terms if m), key=repr, default=None)
    if lead is not None:
        size, sign = abs(terms[lead]), terms[lead] > 0
        terms = {m: n / size if sign else -n / size for m, n in terms.items()}
        op = op if sign else MIRRORED[op]
    return ("sign", op, _frozen(terms), tuple(sorted(parts)))


def _numeric(expr: Expr) -> bool:
    return not isinstance(expr, (Compare, And, Or, Not, Missing))


def _polynomial_key(expr: Expr) -> Key:
    if isinstance(expr, Ref):
        return ("ref", expr.name)
    found = _polynomial(expr)
    if found is None:
        return ("large", repr(expr))
    return ("sum", _frozen(found[0]), tuple(sorted(found[1])))


def _frozen(terms: Terms) -> Key:
    return tuple(sorted(((m, (n.numerator, n.denominator)) for m, n in terms.items() if n), key=repr))


def _polynomial(expr: Expr) -> Polynomial | None:
    """Terms over irreducible parts, and all parts that occur; None when it has too many terms."""
    match expr:
        case Const(Fraction() as value):
            return ({(): value} if value else {}), frozenset()
        case Add(args):
            return _sum(args)
        case Mul(args):
            return _product(args)
        case Div(left, right):
            top, under = _polynomial(left), _inverse(right)
            return _times(top, under) if top is not None and under is not None else None
    part = repr(key(expr)) if not isinstance(expr, (Add, Mul, Div)) else repr(expr)
    return {((part, 1),): Fraction(1)}, frozenset({part})


def _sum(args: tuple[Expr, ...]) -> Polynomial | None:
    made: Terms = {}
    parts: frozenset[str] = frozenset()
    for arg in args:
        found = _polynomial(arg)
        if found is None:
            return None
        for monomial, number in found[0].items():
            made[monomial] = made.get(monomial, Fraction(0)) + number
        parts |= found[1]
    return ({m: n for m, n in made.items() if n}, parts) if len(made) <= MOST else None


def _product(args: tuple[Expr, ...]) -> Polynomial | None:
    made: Polynomial | None = ({(): Fraction(1)}, frozenset())
    for arg in args:
        found = _polynomial(arg)
        made = _times(made, found) if made is not None and found is not None else None
    return made


def _times(left: Polynomial, right: Polynomial) -> Polynomial | None:
    if len(left[0]) * len(right[0]) > MOST:
        return None
    made: Terms = {}
    for a, x in left[0].items():
        for b, y in right[0].items():
            powers = dict(a)
            for part, power in b:
                powers[part] = powers.get(part, 0) + power
            monomial = tuple(sorted(powers.items()))
            made[monomial] = made.get(monomial, Fraction(0)) + x * y
    return {m: n for m, n in made.items() if n}, left[1] | right[1]


def _inverse(expr: Expr) -> Polynomial | None:
    """One over an expression: of a number its inverse, else a part of its own, by its terms up to a factor."""
    found = _polynomial(expr)
    if found is None:
        return None
    terms, parts = found
    if not parts and terms:
        return {(): 1 / terms[()]}, parts
    lead = max(terms, key=repr, default=None)
    size = terms[lead] if lead is not None else Fraction(1)
    part = repr(("one over", _frozen({m: n / size for m, n in terms.items()})))
    return {((part, 1),): 1 / size}, parts | {part}
