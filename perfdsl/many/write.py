"""The core calculus written as Python source over whole numbers: every value is a numerator and a denominator above zero.

The source holds numbers and generated names, nothing a user wrote.  What is missing, undefined or not a number where a
number is due leaves the source by ``continue``; the engine decides there.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from perfdsl import core as c
from perfdsl.many.inline import NotCovered

MOST_DIGITS = 10**400
MOST_DEPTH = 60
PYTHON = {"=": "==", "!=": "!="}
Atom = int | str


class Num(NamedTuple):
    """A number; the parts are whole numbers known now, or names of variables."""

    top: Atom
    bottom: Atom


class Truth(NamedTuple):
    """A condition: known now, or a Python expression."""

    holds: bool | str


class Nothing(NamedTuple):
    """A word or what is undefined; here the source gives up."""

    value: str | None


Written = Num | Truth | Nothing


class Writer:
    """Writes one function body; ``given`` are the numbers that stand in variables."""

    def __init__(self, given: dict[str, Num], give_up: str) -> None:
        self.given = given
        self.give_up = give_up
        self.lines: list[str] = []
        self.depth = 0
        self.count = 0
        self.known: dict[c.Expr, Written] = {}

    # ---- lines

    def line(self, text: str) -> None:
        """One line at the present depth."""
        self.lines.append("    " * self.depth + text)

    def block(self, head: str) -> None:
        """Open a block."""
        self.line(head)
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise NotCovered("depth")

    def stop(self) -> None:
        """Leave it to the engine."""
        self.line(self.give_up)

    def keep(self, value: Atom) -> Atom:
        """A variable for a compound expression."""
        if isinstance(value, int) or value.isidentifier():
            return value
        self.count += 1
        name = f"t{self.count}"
        self.line(f"{name} = {value}")
        return name

    # ---- expressions

    def write(self, expr: c.Expr) -> Written:
        """The value of ``expr``; lines that work it out are written."""
        found = self.known.get(expr)
        if found is None:
            found = self.known[expr] = self.fresh(expr)
        return found

    def fresh(self, expr: c.Expr) -> Written:
        """The value of an expression not met before on this way."""
        match expr:
            case c.Const(value):
                return constant(value)
            case c.Ref(name):
                if name not in self.given:
                    raise NotCovered(name)
                return self.given[name]
            case c.Compare(op, left, right):
                return self.compare(op, self.write(left), self.write(right))
            case c.If(test, then, other):
                return self.choose(self.write(test), then, other)
            case c.And(args) | c.Or(args):
                return self.all_or_any([self.write(arg) for arg in args], isinstance(expr, c.Or))
            case c.Not(arg):
                return self.opposite(self.write(arg))
            case c.Missing(arg):
                return self.missing(arg)
        numbers = [self.write(arg) for arg in c.children(expr)]
        known = [x for x in numbers if isinstance(x, Num)]
        return self.number(expr, known) if len(known) == len(numbers) else Nothing(None)

    def missing(self, arg: c.Expr) -> Truth:
        """Columns are numbers here; what is worked out is missing only where the source has given up before."""
        return Truth(isinstance(self.write(arg), Nothing) and self.write(arg) == Nothing(None))

    def number(self, expr: c.Expr, args: list[Num]) -> Written:
        """Arithmetic."""
        match expr:
            case c.Add(_):
                return self.fold(args, Num(0, 1), self.add)
            case c.Mul(_):
                return self.fold(args, Num(1, 1), self.multiply)
            case c.Div(_, _):
                return self.divide(args[0], args[1])
            case c.Min(_):
                return self.fold(args[1:], args[0], lambda a, b: self.extreme("<=", a, b))
            case c.Max(_):
                return self.fold(args[1:], args[0], lambda a, b: self.extreme(">=", a, b))
            case c.Floor(_):
                return self.divided(args[0])
            case c.Round(_, places):
                return self.rounded(args[0], places)
        raise NotCovered(type(expr).__name__)

    def fold(self, args: list[Num], start: Num, combine: Callable[[Num, Num], Num]) -> Num:
        """Left to right."""
        for arg in args:
            start = combine(start, arg)
        return start

    def add(self, a: Num, b: Num) -> Num:
        """The sum."""
        if a == Num(0, 1):
            return b
        if a.bottom == b.bottom:
            return self.made(plus(a.top, b.top), a.bottom)
        return self.made(plus(times(a.top, b.bottom), times(b.top, a.bottom)), times(a.bottom, b.bottom))

    def multiply(self, a: Num, b: Num) -> Num:
        """The product."""
        return self.made(times(a.top, b.top), times(a.bottom, b.bottom))

    def divide(self, a: Num, b: Num) -> Written:
        """The quotient, its denominator above zero."""
        if b.top == 0:
            return Nothing(None)
        if isinstance(b.top, int):
            sign = 1 if b.top > 0 else -1
            return self.made(times(times(a.top, b.bottom), sign), times(a.bottom, abs(b.top)))
        self.block(f"if not {b.top}:")
        self.stop()
        self.depth -= 1
        top, bottom = self.keep(times(a.top, b.bottom)), self.keep(times(a.bottom, b.top))
        names = self.pair()
        self.line(f"{names.top}, {names.bottom} = ({top}, {bottom}) if {b.top} > 0 else (-{top}, -{bottom})")
        return names

    def extreme(self, op: str, a: Num, b: Num) -> Num:
        """The smaller or the greater."""
        test = self.ordered(op, a, b)
        if not isinstance(test.holds, str):
            return a if test.holds else b
        names = self.pair()
        self.line(f"{names.top}, {names.bottom} = ({a.top}, {a.bottom}) if {test.holds} else ({b.top}, {b.bottom})")
        return names

    def divided(self, a: Num) -> Num:
        """Rounded down."""
        if isinstance(a.top, int) and isinstance(a.bottom, int):
            return Num(a.top // a.bottom, 1)
        return Num(self.keep(f"{a.top} // {a.bottom}"), 1)

    def rounded(self, a: Num, places: int) -> Num:
        """Rounded to places, ties away from zero."""
        return self.made(nearest(a, 10**places), 10**places)

    def made(self, top: Atom, bottom: Atom) -> Num:
        """A number, in lowest terms where it is known now."""
        if isinstance(top, int) and isinstance(bottom, int):
            return constant(Fraction(top, bottom))  # type: ignore[return-value]
        return Num(self.keep(top), self.keep(bottom))

    def pair(self) -> Num:
        """Two new variables."""
        self.count += 2
        return Num(f"t{self.count - 1}", f"t{self.count}")

    # ---- conditions

    def compare(self, op: str, left: Written, right: Written) -> Written:
        """Numbers by size, words known now by being the same."""
        if isinstance(left, Num) and isinstance(right, Num):
            return self.ordered(op, left, right)
        return same(op, left, right)

    def ordered(self, op: str, left: Num, right: Num) -> Truth:
        """Cross-multiplied."""
        a, b = times(left.top, right.bottom), times(right.top, left.bottom)
        if isinstance(a, int) and isinstance(b, int):
            return Truth(decided(op, a, b))
        return Truth(f"{a} {PYTHON.get(op, op)} {b}")

    def opposite(self, inner: Written) -> Written:
        """Not."""
        if not isinstance(inner, Truth):
            return Nothing(None)
        return Truth(f"not ({inner.holds})" if isinstance(inner.holds, str) else not inner.holds)

    def all_or_any(self, args: list[Written], any_of: bool) -> Written:
        """Kleene's; an argument that is not a condition makes the rest undecided unless one is decisive."""
        truths = [arg for arg in args if isinstance(arg, Truth)]
        if any(truth.holds is any_of for truth in truths):
            return Truth(any_of)
        unsettled = [f"({truth.holds})" for truth in truths if isinstance(truth.holds, str)]
        joined = (" or " if any_of else " and ").join(unsettled)
        if len(truths) == len(args):
            return Truth(joined) if joined else Truth(not any_of)
        if not joined:
            return Nothing(None)
        self.block(f"if not ({joined}):" if any_of else f"if {joined}:")
        self.stop()
        self.depth -= 1
        return Truth(any_of)

    def choose(self, test: Written, then: c.Expr, other: c.Expr) -> Written:
        """By a condition; both ways give a value of the same kind, or give up."""
        if not isinstance(test, Truth):
            return Nothing(None)
        if not isinstance(test.holds, str):
            return self.write(then if test.holds else other)
        names = self.pair()
        kinds = {self.branch(head, expr, names) for head, expr in ((f"if {test.holds}:", then), ("else:", other))}
        kinds.discard(Nothing)
        if len(kinds) != 1:
            raise NotCovered("branches")
        return names if kinds == {Num} else Truth(f"{names.top} == 1")

    def branch(self, head: str, expr: c.Expr, names: Num) -> type:
        """One way, its value put into the variables; what is known inside is not known outside."""
        outside = dict(self.known)
        self.block(head)
        found = self.write(expr)
        match found:
            case Num(top, bottom):
                self.line(f"{names.top}, {names.bottom} = {top}, {bottom}")
            case Truth(holds):
                self.line(f"{names.top} = 1 if {holds} else 0")
            case _:
                self.stop()
        self.depth -= 1
        self.known = outside
        return type(found)


def constant(value: c.Value) -> Written:
    """A value known now."""
    if isinstance(value, bool):
        return Truth(value)
    if isinstance(value, Fraction):
        if max(abs(value.numerator), value.denominator) > MOST_DIGITS:
            raise NotCovered("long number")
        return Num(value.numerator, value.denominator)
    return Nothing(value)


def times(a: Atom, b: Atom) -> Atom:
    """A product as source, as short as what is known allows."""
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    if a == 0 or b == 0:
        return 0
    if a == 1 or b == 1:
        return b if a == 1 else a
    return f"{enclosed(a)} * {enclosed(b)}"


def plus(a: Atom, b: Atom) -> Atom:
    """A sum as source."""
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    if a == 0 or b == 0:
        return b if a == 0 else a
    return f"{enclosed(a)} + {enclosed(b)}"


def nearest(a: Num, size: int) -> Atom:
    """``a * size`` as the nearest whole number, ties away from zero."""
    if isinstance(a.top, int) and isinstance(a.bottom, int):
        whole = (2 * abs(a.top) * size + a.bottom) // (2 * a.bottom)
        return whole if a.top >= 0 else -whole
    top, below, twice = enclosed(times(2 * size, a.top)), enclosed(a.bottom), enclosed(times(2, a.bottom))
    return f"({top} + {below}) // {twice} if {a.top} >= 0 else -(({below} - {top}) // {twice})"


def enclosed(a: Atom) -> str:
    """Safe inside another expression."""
    text = str(a)
    return text if text.isidentifier() or text.isdigit() else f"({text})"


def decided(op: str, a: int, b: int) -> bool:
    """A comparison of what is known now."""
    return {"=": a == b, "!=": a != b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[op]


def same(op: str, left: Written, right: Written) -> Truth | Nothing:
    """Words known now; anything else is left to the engine."""
    if not isinstance(left, Nothing) or not isinstance(right, Nothing) or op not in ("=", "!="):
        return Nothing(None)
    if left.value is None or right.value is None:
        return Nothing(None)
    return Truth((left.value == right.value) == (op == "="))
