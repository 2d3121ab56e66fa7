"""An expression over one range of its varying value, as exact pieces; and the walk through the cases of a rubric.

Pieces come from low to high, do not overlap and leave nothing of the range out.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction

import attrs

from perfdsl.bounds import HIGHEST, LOWEST, UNBOUNDED, End, Range, always, combined, join, meet, point, quotient
from perfdsl.core import Add, And, Compare, Const, Div, Expr, Floor, If, Max, Min, Missing, Mul, Not, Or, Ref, Round
from perfdsl.prove import curves as cv
from perfdsl.prove.curves import FALSE, TRUE, UNDEFINED, Curve, Fixed, Hidden, Line, Pieces, Stairs, Value, limits


@attrs.frozen
class Piece:
    """Where one case decides, and what it awards there; ``high`` differs where an assessor decides in a range.

    ``certain`` is False when the case decides only for some values of what is not known.
    """

    cell: Range
    case: int
    low: Value
    high: Value
    certain: bool
    word: str | bool | None = None


@attrs.frozen
class Hole:
    """Where no case applies, at least for some values of what is not known (then not ``certain``)."""

    cell: Range
    certain: bool
    word: str | bool | None = None


@attrs.frozen
class Walk:
    """What becomes of every value: a case decides, or none does; what is left out is undefined.

    ``stopped`` is the first case that is undefined somewhere: what the cases from there on decide is not all known.
    """

    pieces: tuple[Piece, ...]
    holes: tuple[Hole, ...]
    why: frozenset[str]
    stopped: int


Cases = Sequence[tuple[Expr, Expr, Expr | None]]


def walk(cases: Cases, line: Line) -> Walk:
    """Send the whole line through the cases."""
    rest: list[tuple[Range, bool]] = [(line.whole, True)]
    found: list[Piece] = []
    why, stopped = cv.reasons(), len(cases)
    for index, (when, low, high) in enumerate(cases):
        left: list[tuple[Range, bool]] = []
        first, last = _touched(rest, _window(when))
        for part, truth, certain in [
            (p, t, sure) for cell, sure in rest[first:last] for p, t in values(when, cell, line)
        ]:
            why |= cv.reasons(truth)
            sure = certain and not isinstance(truth, Hidden)
            if truth == TRUE or isinstance(truth, Hidden):
                found += _awards(index, low, high, part, line, sure)
            if truth == FALSE or isinstance(truth, Hidden):
                _append(left, part, sure)
            if truth == UNDEFINED:
                stopped = min(stopped, index)
        rest[first:last] = left
    return Walk(tuple(sorted(found, key=_place)), tuple(Hole(*hole) for hole in rest), why, stopped)


def _window(when: Expr) -> Range | None:
    """A range outside which the condition fails for certain; None for one that is empty."""
    match when:
        case Compare(">=" | ">" as op, Ref("actual"), Const(Fraction() as at)):
            return Range(End(0, at, op == ">"), HIGHEST)
        case Compare("<=" | "<" as op, Ref("actual"), Const(Fraction() as at)):
            return Range(LOWEST, End(0, at, op == "<"))
        case Compare("=", Ref("actual"), Const(Fraction() as at)):
            return point(at)
        case And(args):
            found: Range | None = UNBOUNDED
            for part in map(_window, args):
                found = meet(found, part) if found and part else None
            return found
    return UNBOUNDED


def _touched(rest: list[tuple[Range, bool]], window: Range | None) -> tuple[int, int]:
    """From where to where ranges that lie apart, from low to high, have something to do with a window."""
    if window is None:
        return 0, 0
    first = bisect_left(rest, window.low[:2], key=lambda part: part[0].high[:2])
    return first, bisect_right(rest, window.high[:2], lo=first, key=lambda part: part[0].low[:2])


def _append(left: list[tuple[Range, bool]], part: Range, certain: bool) -> None:
    """Ranges that touch are one range."""
    if left and left[-1][1] == certain and _touch(left[-1][0], part):
        part = Range(left.pop()[0].low, part.high)
    left.append((part, certain))


def _touch(left: Range, right: Range) -> bool:
    return left.high[:2] == right.low[:2] and left.high.outside != right.low.outside and not left.high.infinite


def _place(piece: Piece) -> tuple[End, End]:
    return piece.cell.low, piece.cell.high


def _awards(index: int, low: Expr, high: Expr | None, cell: Range, line: Line, certain: bool) -> list[Piece]:
    found = []
    for part, value in values(low, cell, line):
        if high is None:
            found.append(Piece(part, index, value, value, certain))
            continue
        for inner, top in values(high, part, line):
            found.append(Piece(inner, index, value, top, certain))
    return found


def values(expr: Expr, cell: Range, line: Line) -> Pieces:
    """The pieces of ``expr`` on ``cell``."""
    match expr:
        case Const(value):
            return [(cell, cv.constant(value) if isinstance(value, Fraction) else Fixed(value))]
        case Ref("actual"):
            return [(cell, cv.ITSELF)]
        case Ref(name):
            return [(cell, Hidden(line.others.get(name) or always(name), frozenset({name}), 0))]
        case Add(args) | Mul(args) | Min(args) | Max(args):
            return _folded(expr, args, cell, line)
        case Div(left, right):
            return [f for part, a in values(left, cell, line) for p, b in values(right, part, line)
                    for f in _divide(a, b, p, line)]  # fmt: skip
        case Compare(op, left, right):
            return [f for part, a in values(left, cell, line) for p, b in values(right, part, line)
                    for f in compared(op, a, b, p, line)]  # fmt: skip
        case And(args) | Or(args):
            return _all_or_any(args, isinstance(expr, Or), cell, line)
        case If(test, then, other):
            return [f for part, truth in values(test, cell, line) for f in _choose(truth, then, other, part, line)]
        case Round(arg, places):
            return [f for part, a in values(arg, cell, line) for f in cv.step(a, places, part, line)]
        case Floor(arg):
            return [f for part, a in values(arg, cell, line) for f in cv.step(a, None, part, line)]
        case Not(arg):
            return [(part, _opposite(a)) for part, a in values(arg, cell, line)]
        case Missing(Ref(_)):
            return [(cell, FALSE)]  # that something is missing is a world of its own
        case Missing(arg):
            return _missing(arg, cell, line)
    return [(cell, Hidden(UNBOUNDED, frozenset({cv.CURVED})))]


def _missing(arg: Expr, cell: Range, line: Line) -> Pieces:
    found: Pieces = []
    for part, value in values(arg, cell, line):
        unsure = isinstance(value, Hidden)
        found.append((part, value if unsure else Fixed(value == UNDEFINED)))
    return found


def _opposite(value: Value) -> Value:
    if isinstance(value, Fixed) and isinstance(value.value, bool):
        return Fixed(not value.value)
    return value if isinstance(value, Hidden) else UNDEFINED


def compared(op: str, left: Value, right: Value, cell: Range, line: Line) -> Pieces:
    try:
        return cv.compare(op, left, right, cell, line)
    except cv.IrrationalRoot:
        return [(cell, Hidden(UNBOUNDED, frozenset({cv.CURVED})))]


def _all_or_any(args: tuple[Expr, ...], any_of: bool, cell: Range, line: Line) -> Pieces:
    """Kleene's and (or): one false (true) argument decides, whatever the others are."""
    decisive, found = Fixed(any_of), [(cell, _truth(not any_of))]
    for arg in args:
        found = [
            (inner, _both(state, truth, decisive))
            for part, state in found
            for inner, truth in ([(part, state)] if state == decisive else values(arg, part, line))
        ]
    return _merged(found)


def _truth(value: bool) -> Value:
    return Fixed(value)


def _both(left: Value, right: Value, decisive: Fixed) -> Value:
    if decisive in (left, right):
        return decisive
    for side in (left, right):
        if isinstance(side, Hidden):
            return side
    return UNDEFINED if UNDEFINED in (left, right) else left


def _merged(found: Pieces) -> Pieces:
    """Neighbours with the same truth as one range."""
    made: Pieces = []
    for cell, value in found:
        if made and made[-1][1] == value and isinstance(value, Fixed):
            made[-1] = (Range(made[-1][0].low, cell.high), value)
        else:
            made.append((cell, value))
    return made


def _choose(truth: Value, then: Expr, other: Expr, cell: Range, line: Line) -> Pieces:
    if truth == TRUE:
        return values(then, cell, line)
    if truth == FALSE:
        return values(other, cell, line)
    if not isinstance(truth, Hidden):
        return [(cell, UNDEFINED)]
    return [(inner, _either(a, b, inner, truth)) for part, a in values(then, cell, line)
            for inner, b in values(other, part, line)]  # fmt: skip


def _either(left: Value, right: Value, cell: Range, truth: Hidden) -> Value:
    if left == right and type(left) is type(right):
        return left
    why = truth.why.union(*(v.why for v in (left, right) if isinstance(v, Hidden)))
    both = [limits(v, cell) for v in (left, right) if v != UNDEFINED]
    return Hidden(join(both[0], both[-1]) or UNBOUNDED, why)


def _folded(expr: Add | Mul | Min | Max, args: tuple[Expr, ...], cell: Range, line: Line) -> Pieces:
    found = values(args[0], cell, line)
    for arg in args[1:]:
        found = [f for part, a in found for p, b in values(arg, part, line) for f in _combine(expr, a, b, p, line)]
    return found


def _combine(expr: Add | Mul | Min | Max, left: Value, right: Value, cell: Range, line: Line) -> Pieces:
    if isinstance(left, Fixed) or isinstance(right, Fixed):
        return [(cell, UNDEFINED)]
    exact = _exact(expr, left, right, cell, line)
    if exact is not None:
        return exact
    if isinstance(left, Stairs) or isinstance(right, Stairs):
        return [f for part, a in cv.flat(left, cell, line) for p, b in cv.flat(right, part, line)
                for f in _combine(expr, a, b, p, line)]  # fmt: skip
    inside = combined(expr, [limits(left, cell), limits(right, cell)])
    why = cv.reasons(left, right) or frozenset({cv.CURVED})
    return [(cell, Hidden(inside, why, _trend(expr, left, right, cell)))]


def _trend(expr: Add | Mul | Min | Max, left: Value, right: Value, cell: Range) -> int | None:
    """Sums, least and greatest of what moves one way move that way; a product with one factor that keeps its sign, too."""
    if not isinstance(expr, Mul):
        return cv.together(left, right)
    for one, two in ((left, right), (right, left)):
        inside, moves = limits(one, cell), cv.trend(two)
        if cv.trend(one) == 0 and moves is not None:
            if moves == 0 or (inside.low.at >= 0 and not inside.low.infinite):
                return moves
            return -moves if inside.high.at <= 0 and not inside.high.infinite else None
    return None


def _exact(expr: Add | Mul | Min | Max, left: Value, right: Value, cell: Range, line: Line) -> Pieces | None:
    if isinstance(expr, (Min, Max)):
        return _least(isinstance(expr, Min), left, right, cell, line)
    for one, two in ((left, right), (right, left)):
        level = cv.fixed_number(one)
        if level is not None:
            moved = _moved(two, level) if isinstance(expr, Add) else _scaled(two, level)
            return None if moved is None else [(cell, moved)]
    if isinstance(left, Curve) and isinstance(right, Curve):
        made = cv.add(left, right) if isinstance(expr, Add) else cv.multiply(left, right)
        return None if made is None else [(cell, made)]
    return None


def _least(least: bool, left: Value, right: Value, cell: Range, line: Line) -> Pieces | None:
    truths = compared("<=" if least else ">=", left, right, cell, line)
    if all(isinstance(truth, Fixed) for _, truth in truths):
        return [(part, left if truth == TRUE else right) for part, truth in truths]
    return None


def _moved(value: Value, by: Fraction) -> Value | None:
    match value:
        case Curve(a, b, c, d):
            return Curve(a + by * c, b + by * d, c, d) if c or d is not cv.ONE else Curve(a, b + by, c, d)
        case Stairs(inner, places, scale, shift):
            return Stairs(inner, places, scale, shift + by)
    return None


def _scaled(value: Value, by: Fraction) -> Value | None:
    match value:
        case Curve(a, b, c, d):
            return Curve(a * by, b * by, c, d) if by else cv.constant(by)
        case Stairs(inner, places, scale, shift):
            return Stairs(inner, places, scale * by, shift * by) if by else cv.constant(by)
    return None


def _divide(left: Value, right: Value, cell: Range, line: Line) -> Pieces:
    if isinstance(left, Fixed) or isinstance(right, Fixed):
        return [(cell, UNDEFINED)]
    if isinstance(right, Stairs) and right.scale:
        return [f for part, b in cv.flat(right, cell, line) for f in _divide(left, b, part, line)]
    if not isinstance(right, Curve):
        inside = quotient(limits(left, cell), limits(right, cell))
        return [(cell, Hidden(inside or UNBOUNDED, cv.reasons(left, right)))]
    found: Pieces = []
    for part, zero in cv.compare("=", right, cv.constant(Fraction(0)), cell, line):
        found += [(part, UNDEFINED)] if zero == TRUE else _over(left, right, part, line)
    return found


def _over(left: Value, right: Curve, cell: Range, line: Line) -> Pieces:
    """The quotient on ranges where the divisor keeps its sign."""
    found: Pieces = []
    for part, _ in cv.compare(">", right, cv.constant(Fraction(0)), cell, line):
        found += _combine(Mul(()), left, Curve(right.c, right.d, right.a, right.b), part, line)
    return found
