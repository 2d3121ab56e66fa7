"""Exact functions of one varying number on one range: linear-fractional curves, stairs over them, words, the unknown.

Every answer is exact; what is not known is ``Hidden`` and carries limits that enclose it and the reason.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import ceil, floor, isqrt
from typing import NamedTuple

import attrs

from perfdsl.bounds import HIGHEST, LOWEST, UNBOUNDED, End, Range, as_high, can_be_less, floored, meet, point, stepped
from perfdsl.quantity import round_half_up

STEPS = 4096


class Curve(NamedTuple):
    """``(a x + b) / (c x + d)``; the divisor has no zero where the curve is used."""

    a: Fraction
    b: Fraction
    c: Fraction
    d: Fraction

    def value(self, x: Fraction) -> Fraction:
        if self.d is ONE and not self.c:
            return self.a * x + self.b
        return (self.a * x + self.b) / (self.c * x + self.d)

    @property
    def trend(self) -> int:
        """1 rising, -1 falling, 0 constant."""
        if not self.c:
            return _sign(self.a) * _sign(self.d)
        return _sign(self.a * self.d - self.b * self.c)


class Stairs(NamedTuple):
    """``scale * step(inner) + shift``; ``step`` rounds to ``places`` decimals, or down when that is None."""

    inner: Curve
    places: int | None
    scale: Fraction
    shift: Fraction

    def value(self, x: Fraction) -> Fraction:
        y = self.inner.value(x)
        return self.scale * (floor(y) if self.places is None else round_half_up(y, self.places)) + self.shift


class Fixed(NamedTuple):
    """A word, a truth, or None: undefined."""

    value: str | bool | None


class Hidden(NamedTuple):
    """Something inside ``limits`` that is not known, because of ``why``.

    ``trend`` is 1 or -1 for what never falls or never rises with the actual, 0 for what does not depend on it.
    """

    limits: Range
    why: frozenset[str]
    trend: int | None = None


Value = Curve | Stairs | Fixed | Hidden
Pieces = list[tuple[Range, Value]]
TRUE, FALSE, UNDEFINED = Fixed(True), Fixed(False), Fixed(None)
ZERO, ONE = Fraction(0), Fraction(1)
ITSELF = Curve(ONE, ZERO, ZERO, ONE)
CURVED = "not linear-fractional"
MANY = "too many steps"


@attrs.define
class Line:
    """The numbers a value ranges over: all, or the multiples of ``step``; and how many stairs may still be walked.

    ``others`` are the limits of inputs that are not known.
    """

    whole: Range
    step: Fraction | None = None
    steps: int = STEPS
    others: Mapping[str, Range] = attrs.Factory(dict)

    def part(self, cell: Range, limit: Range) -> Range | None:
        """What both ranges share of the line, its ends on the line's own numbers; None when nothing is left."""
        found = meet(cell, limit)
        return found if found is None or self.step is None else self.fit(found)

    def fit(self, cell: Range) -> Range | None:
        """The range with its ends on multiples of the step."""
        step = self.step
        if step is None:
            return cell
        low, high = cell
        if not low.infinite:
            place = low.at / step
            if low.outside or place.denominator != 1:
                low = End(0, step * (floor(place) + 1), False)
        if not high.infinite:
            place = high.at / step
            if high.outside or place.denominator != 1:
                high = End(0, step * (ceil(place) - 1), False)
        return Range(low, high) if low[:2] <= high[:2] else None


def constant(value: Fraction) -> Curve:
    """The curve that has one value everywhere."""
    return Curve(ZERO, value, ZERO, ONE)


def fixed_number(value: Value) -> Fraction | None:
    """The value of a constant curve."""
    if not isinstance(value, Curve):
        return None
    if value.d is ONE and not value.c:
        return None if value.a else value.b
    if value.trend:
        return None
    return value.b / value.d if value.d else value.a / value.c


def sample(cell: Range) -> Fraction:
    """Some number of the range; with a step its ends are numbers of the line."""
    low, high = cell
    if not low.infinite and not low.outside:
        return low.at
    if not high.infinite and not high.outside:
        return high.at
    if low.infinite or high.infinite:
        return high.at - 1 if low.infinite and not high.infinite else low.at + 1 if high.infinite else ZERO
    return (low.at + high.at) / 2


# ---- ends and limits


def ends(value: Curve | Stairs, cell: Range) -> tuple[End, End]:
    """What the value tends to at the low and at the high end; ``outside`` when it never quite gets there."""
    if isinstance(value, Curve):
        return _curve_end(value, cell, 0), _curve_end(value, cell, 1)
    return _stairs_end(value, cell, 0), _stairs_end(value, cell, 1)


def limits(value: Value, cell: Range) -> Range:
    """All the value can be on the range lies inside."""
    if isinstance(value, (Fixed, Hidden)):
        return value.limits if isinstance(value, Hidden) else UNBOUNDED
    low, high = ends(value, cell)
    return Range(min(low, high), max(low, high, key=as_high))


def _curve_end(curve: Curve, cell: Range, side: int) -> End:
    end = cell[side]
    level = fixed_number(curve)
    if level is not None:
        return End(0, level, False)
    a, b, c, d = curve
    if not c and not end.infinite:
        return End(0, a * end.at + b if d is ONE else (a * end.at + b) / d, end.outside)
    if end.infinite:
        if c:
            return End(0, a / c, True)
        return HIGHEST if _sign(a) * _sign(d) * end.infinite > 0 else LOWEST
    under = c * end.at + d
    if under:
        return End(0, (a * end.at + b) / under, end.outside)
    inside = sample(cell)
    return HIGHEST if _sign(a * end.at + b) * _sign(c * inside + d) > 0 else LOWEST


def _stairs_end(stairs: Stairs, cell: Range, side: int) -> End:
    end = _curve_end(stairs.inner, cell, side)
    if end.infinite:
        return HIGHEST if end.infinite * _sign(stairs.scale) > 0 else LOWEST
    rising = stairs.inner.trend > 0
    near = 0 if not end.outside else (1 if rising == (side == 0) else -1)
    return End(0, stairs.scale * _step_near(end.at, stairs.places, near) + stairs.shift, False)


def _step_near(y: Fraction, places: int | None, near: int) -> Fraction:
    """The step of ``y`` itself (0), of what lies just below it (-1) or just above (1)."""
    if places is None:
        return Fraction(floor(y)) - (near < 0 and y.denominator == 1)
    size = Fraction(10) ** places
    if near and (2 * y * size).denominator == 1 and (2 * y * size).numerator % 2:
        return y + Fraction(near, 2) / size
    return round_half_up(y, places)


# ---- comparing


def compare(op: str, left: Value, right: Value, cell: Range, line: Line) -> Pieces:
    """Where ``left op right`` holds, fails, is undefined or is not known."""
    if isinstance(left, Fixed) or isinstance(right, Fixed):
        return [(cell, _compare_words(op, left, right))]
    if isinstance(left, Hidden) or isinstance(right, Hidden):
        return [(cell, _compare_limits(op, left, right, cell))]
    if isinstance(left, Curve) and isinstance(right, Curve):
        return _truths(op, _signs(left, right, cell, line))
    if isinstance(right, Stairs) and fixed_number(left) is not None:
        return compare(MIRRORED[op], right, left, cell, line)
    level = fixed_number(right)
    if isinstance(left, Stairs) and level is not None:
        return _compare_stairs(op, left, level, cell, line)
    return [
        found
        for inner, a in flat(left, cell, line)
        for part, b in flat(right, inner, line)
        for found in compare(op, a, b, part, line)
    ]


def _compare_words(op: str, left: Value, right: Value) -> Value:
    if UNDEFINED in (left, right):
        return UNDEFINED
    if isinstance(left, Hidden) or isinstance(right, Hidden):
        return Hidden(UNBOUNDED, reasons(left, right))
    if op not in ("=", "!="):
        return UNDEFINED
    same = isinstance(left, Fixed) and isinstance(right, Fixed) and left.value == right.value
    return Fixed(same == (op == "="))


def _compare_limits(op: str, left: Value, right: Value, cell: Range) -> Value:
    a, b = limits(left, cell), limits(right, cell)
    less, same, more = can_be_less(a, b), meet(a, b) is not None, can_be_less(b, a)
    wanted, other = _outcomes(op, less, same, more)
    if wanted and other:
        return Hidden(UNBOUNDED, reasons(left, right))
    return Fixed(wanted)


def _outcomes(op: str, less: bool, same: bool, more: bool) -> tuple[bool, bool]:
    signs = {sign for sign, possible in ((-1, less), (0, same), (1, more)) if possible}
    return any(HOLDS[op](sign) for sign in signs), any(not HOLDS[op](sign) for sign in signs)


def _truths(op: str, signs: list[tuple[Range, int]]) -> Pieces:
    """Signs as truths, neighbours with the same truth as one range."""
    found: Pieces = []
    for cell, sign in signs:
        truth = Fixed(HOLDS[op](sign))
        if found and found[-1][1] == truth:
            found[-1] = (Range(found[-1][0].low, cell.high), truth)
        else:
            found.append((cell, truth))
    return found


def _signs(left: Curve, right: Curve, cell: Range, line: Line) -> list[tuple[Range, int]]:
    """The sign of ``left - right`` from low to high."""
    if left.d is ONE and right.d is ONE and not left.c and not right.c:
        return _line_signs(left.a - right.a, left.b - right.b, cell, line)
    at = sample(cell)
    side = _sign(left.c * at + left.d) * _sign(right.c * at + right.d)
    square = left.a * right.c - right.a * left.c
    slope = left.a * right.d + left.b * right.c - right.a * left.d - right.b * left.c
    level = left.b * right.d - right.b * left.d
    if cell.low == cell.high and not cell.low.infinite:
        return [(cell, _sign((square * at + slope) * at + level) * side)]
    if not square and not slope:
        return [(cell, _sign(level) * side)]
    found = []
    for part in between(cell, _roots(square, slope, level), line):
        x = sample(part)
        found.append((part, _sign((square * x + slope) * x + level) * side))
    return found


def _line_signs(slope: Fraction, level: Fraction, cell: Range, line: Line) -> list[tuple[Range, int]]:
    """The sign of ``slope x + level`` from low to high."""
    if not slope:
        return [(cell, _sign(level))]
    root, rise = -level / slope, _sign(slope)
    low, high = cell
    if not low.infinite and (root < low.at or (low.outside and root == low.at)):
        return [(cell, rise)]
    if not high.infinite and (root > high.at or (high.outside and root == high.at)):
        return [(cell, -rise)]
    sides = ((Range(low, End(0, root, True)), -rise), (point(root), 0), (Range(End(0, root, True), high), rise))
    return [(found, sign) for part, sign in sides if (found := line.part(cell, part)) is not None]


def _roots(square: Fraction, slope: Fraction, level: Fraction) -> list[Fraction]:
    if not square:
        return [-level / slope]
    inside = slope * slope - 4 * square * level
    if inside < 0:
        return []
    root = Fraction(isqrt(inside.numerator), isqrt(inside.denominator))
    if root * root != inside:
        raise IrrationalRoot
    return sorted({(-slope - root) / (2 * square), (-slope + root) / (2 * square)})


class IrrationalRoot(Exception):
    """Two curves meet where no fraction is; the caller calls the expression not known."""


def between(cell: Range, roots: list[Fraction], line: Line) -> Iterator[Range]:
    """The range cut at the roots, each root on its own."""
    low = cell.low
    for root in roots:
        for piece in (Range(low, End(0, root, True)), point(root)):
            part = line.part(cell, piece)
            if part is not None:
                yield part
        low = End(0, root, True)
    part = line.part(cell, Range(low, cell.high))
    if part is not None:
        yield part


def _compare_stairs(op: str, stairs: Stairs, level: Fraction, cell: Range, line: Line) -> Pieces:
    if not stairs.scale:
        return [(cell, Fixed(HOLDS[op](_sign(stairs.shift - level))))]
    goal = (level - stairs.shift) / stairs.scale
    if stairs.scale < 0:
        op = MIRRORED[op]
    if op in ("<", "<="):
        return [(c, Fixed(v is FALSE)) for c, v in _reaches(stairs, goal, op == "<=", cell, line)]
    if op in (">", ">="):
        return [(c, v) for c, v in _reaches(stairs, goal, op == ">", cell, line)]
    found: Pieces = []
    for part, reached in _reaches(stairs, goal, False, cell, line):
        for inner, above in _reaches(stairs, goal, True, part, line) if reached is TRUE else [(part, FALSE)]:
            same = reached is TRUE and above is FALSE
            found.append((inner, Fixed(same == (op == "="))))
    return found


def _reaches(stairs: Stairs, goal: Fraction, beyond: bool, cell: Range, line: Line) -> list[tuple[Range, Fixed]]:
    """Where the step is at least ``goal``, or beyond it."""
    size = Fraction(10) ** (stairs.places or 0)
    first = floor(goal * size) + 1 if beyond else ceil(goal * size)
    op, border = ">=", Fraction(first)
    if stairs.places is not None:
        op, border = (">=" if first >= 1 else ">"), (first - Fraction(1, 2)) / size
    found = _truths(op, _signs(stairs.inner, constant(border), cell, line))
    return [(part, TRUE if truth == TRUE else FALSE) for part, truth in found]


def flat(value: Value, cell: Range, line: Line) -> Pieces:
    """Stairs as single steps while the budget lasts; everything else as it is."""
    if not isinstance(value, Stairs):
        return [(cell, value)]
    reach = limits(value, cell)
    size = Fraction(10) ** (value.places or 0)
    if reach.low.infinite or reach.high.infinite or not value.scale:
        return [(cell, Hidden(reach, frozenset({MANY}), trend(value)))]
    count = abs((reach.high.at - reach.low.at) / value.scale) * size
    if count >= line.steps:
        return [(cell, Hidden(reach, frozenset({MANY}), trend(value)))]
    line.steps -= int(count)
    return _walk(value, cell, line)


def _walk(stairs: Stairs, cell: Range, line: Line) -> Pieces:
    found: Pieces = []
    rest: Range | None = cell
    while rest is not None:
        level = ends(stairs, rest)[0].at
        parts = _compare_stairs("=", stairs, level, rest, line)
        found.append((parts[0][0], constant(level)))
        rest = Range(parts[1][0].low, rest.high) if len(parts) > 1 else None
    return found


# ---- arithmetic


def add(left: Curve, right: Curve) -> Curve | None:
    """The sum where it is linear-fractional again."""
    if left.c * right.d != left.d * right.c:
        return None
    factor = left.c / right.c if right.c else left.d / right.d
    return Curve(left.a + factor * right.a, left.b + factor * right.b, left.c, left.d)


def multiply(left: Curve, right: Curve) -> Curve | None:
    """The product where it is linear-fractional again."""
    tops, bottoms = [left[:2], right[:2]], [left[2:], right[2:]]
    factor = ONE
    for top in tuple(tops):
        for bottom in bottoms:
            if top[0] * bottom[1] == top[1] * bottom[0] and any(top):
                factor *= top[0] / bottom[0] if bottom[0] else top[1] / bottom[1]
                tops.remove(top)
                bottoms.remove(bottom)
                break
    over, under = _linear(tops), _linear(bottoms)
    return Curve(over[0] * factor, over[1] * factor, *under) if over and under else None


def _linear(parts: list[tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction] | None:
    a, b = ZERO, ONE
    for slope, level in parts:
        if a and slope:
            return None
        a, b = a * level + b * slope, b * level
    return a, b


def step(value: Value, places: int | None, cell: Range, line: Line) -> Pieces:
    """``Round`` or ``Floor`` of a value."""
    if isinstance(value, Curve):
        level = fixed_number(value)
        if level is None:
            return [(cell, Stairs(value, places, ONE, ZERO))]
        return [(cell, constant(_step_near(level, places, 0)))]
    if isinstance(value, Stairs):
        return [found for part, inner in flat(value, cell, line) for found in step(inner, places, part, line)]
    if isinstance(value, Hidden):
        inside = floored(value.limits) if places is None else stepped(value.limits, places)
        return [(cell, Hidden(inside or UNBOUNDED, value.why, value.trend))]
    return [(cell, UNDEFINED)]


def trend(value: Value) -> int | None:
    """1 for what never falls as the actual grows, -1 for what never rises, 0 for both; None where this is not known."""
    if isinstance(value, Curve):
        return value.trend
    if isinstance(value, Stairs):
        return value.inner.trend * _sign(value.scale)
    return value.trend if isinstance(value, Hidden) else None


def together(*values: Value) -> int | None:
    """The trend of a sum, a least or a greatest of some values."""
    found = {trend(value) for value in values}
    if None in found:
        return None
    signs = {sign for sign in found if sign}
    return (signs.pop() if signs else 0) if len(signs) < 2 else None


def reasons(*values: Value) -> frozenset[str]:
    return frozenset().union(*(v.why for v in values if isinstance(v, Hidden)))


def _sign(x: Fraction) -> int:
    top = x.numerator
    return (top > 0) - (top < 0)


MIRRORED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
HOLDS: dict[str, Callable[[int], bool]] = {
    "=": lambda sign: sign == 0,
    "!=": lambda sign: sign != 0,
    "<": lambda sign: sign < 0,
    ">": lambda sign: sign > 0,
    "<=": lambda sign: sign <= 0,
    ">=": lambda sign: sign >= 0,
}
