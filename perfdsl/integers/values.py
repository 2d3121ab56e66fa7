"""Core values as whole numbers: a fraction and where it is known, a truth by where it holds and where it fails."""

from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from perfdsl import program as g
from perfdsl.fallback import ROOM, Why
from perfdsl.integers.build import Maker, joined, linear


class Num(NamedTuple):
    """``top / bottom`` where ``known`` holds; ``bottom`` is above zero everywhere."""

    top: g.Int
    bottom: g.Int
    known: g.Truth = g.YES


class Bool(NamedTuple):
    """Where it holds and where it fails; elsewhere it is missing."""

    yes: g.Truth
    no: g.Truth


class Word(NamedTuple):
    """A word known now."""

    text: str


class Column(NamedTuple):
    """What a column holds: a number of so many to one, or a word."""

    name: str
    per: int


class Nothing(NamedTuple):
    """Missing or undefined throughout."""


Value = Num | Bool | Word | Column | Nothing
NOTHING = Nothing()
Bools = list[Bool]


class NotCovered(Exception):
    """Whole-number arithmetic does not say this: ``why``, at the row or group ``place`` ("": not at one alone)."""

    def __init__(self, kind: str, place: str = "", /, **facts: str | int) -> None:
        self.why = Why(kind, tuple(facts.items()))
        self.place = place
        super().__init__(self.why.text("en"))


class NoRoom(NotCovered):
    """An engine has no type for whole numbers of ``need`` digits, but for ``most``: in ``column``, where it is one."""

    def __init__(self, place: str, need: int, most: int, column: str = "") -> None:
        super().__init__(ROOM, place, need=need, most=most)
        self.need, self.most, self.column = need, most, column


class Arithmetic(Maker):
    """The operations of the core calculus."""

    def number(self, value: Value) -> Num | None:
        """The number a value has; None when it never has one."""
        if isinstance(value, Num):
            return value
        if isinstance(value, Column):
            known = self.state(value.name, g.NUMBER)
            return None if known == g.NO else Num(g.Cell(value.name), g.Whole(value.per), known)
        return None

    def missing(self, value: Value) -> g.Truth:
        """Has it no value?"""
        match value:
            case Num(_, _, known):
                return self.opposite(known)
            case Bool(yes, no):
                return self.opposite(self.some(yes, no))
            case Word():
                return g.NO
            case Column(name, _):
                return self.opposite(self.some(self.state(name, g.NUMBER), self.state(name, g.WORD)))
        return g.YES

    def truth(self, value: Value) -> Bool:
        """A condition; anything else is undecided."""
        return value if isinstance(value, Bool) else Bool(g.NO, g.NO)

    # ---- arithmetic

    def ratio(self, top: g.Int, bottom: g.Int, known: g.Truth) -> Num:
        """In lowest terms as far as that is known now."""
        if isinstance(bottom, g.Whole):
            terms, constant = linear(top)
            shared = gcd(bottom.value, constant, *terms.values())
            if shared > 1:
                top = joined({x: by // shared for x, by in terms.items()}, constant // shared)
                bottom = g.Whole(bottom.value // shared)
        return Num(top, bottom, known)

    def alike(self, numbers: list[Num]) -> tuple[list[g.Int], g.Int]:
        """Tops over one bottom."""
        fixed = [x.bottom.value for x in numbers if isinstance(x.bottom, g.Whole)]
        shared = lcm(*fixed)
        varying = list(dict.fromkeys(x.bottom for x in numbers if not isinstance(x.bottom, g.Whole)))
        bottom: g.Int = g.Whole(shared)
        for one in varying:
            bottom = self.times(bottom, one)
        tops: list[g.Int] = []
        for x in numbers:
            top = self.times(x.top, g.Whole(shared // x.bottom.value if isinstance(x.bottom, g.Whole) else shared))
            for one in varying:
                top = top if one == x.bottom else self.times(top, one)
            tops.append(top)
        return tops, bottom

    def all_known(self, numbers: list[Num]) -> g.Truth:
        """Are all known?"""
        return self.every(*(x.known for x in numbers))

    def add(self, numbers: list[Num]) -> Num:
        """The sum."""
        tops, bottom = self.alike(numbers)
        return self.ratio(self.plus(*tops), bottom, self.all_known(numbers))

    def multiply(self, numbers: list[Num]) -> Num:
        """The product."""
        top, bottom = numbers[0].top, numbers[0].bottom
        for x in numbers[1:]:
            top, bottom = self.times(top, x.top), self.times(bottom, x.bottom)
        return self.ratio(top, bottom, self.all_known(numbers))

    def divide(self, a: Num, b: Num) -> Value:
        """The quotient; by zero it is not known."""
        low, high = self.extents.of(b.top)
        if low == high == 0:
            return NOTHING
        top, bottom = self.times(a.top, b.bottom), self.times(a.bottom, b.top)
        known = self.every(a.known, b.known)
        if high <= 0:
            top, bottom = self.times(top, g.Whole(-1)), self.times(bottom, g.Whole(-1))
        elif low < 0:
            below = self.order("<", b.top, g.Whole(0))
            top = self.pick(below, self.times(top, g.Whole(-1)), top)
            bottom = self.pick(below, self.times(bottom, g.Whole(-1)), bottom)
        if low <= 0 <= high:
            known = self.every(known, self.order("!=", b.top, g.Whole(0)))
        if self.anywhere.of(b.top)[0] <= 0 <= self.anywhere.of(b.top)[1]:
            bottom = g.Greatest((bottom, g.Whole(1)))  # the rows without a value are divided too, and not looked at
        return self.ratio(top, bottom, known)

    def extreme(self, numbers: list[Num], least: bool) -> Num:
        """The least or the greatest."""
        known = self.all_known(numbers)
        if all(isinstance(x.bottom, g.Whole) for x in numbers):
            tops, bottom = self.alike(numbers)
            return self.ratio(self.least(*tops) if least else self.greatest(*tops), bottom, known)
        best = numbers[0]
        for x in numbers[1:]:
            test = self.compared("<=" if least else ">=", best, x)
            best = Num(self.pick(test, best.top, x.top), self.pick(test, best.bottom, x.bottom))
        return best._replace(known=known)

    def floor(self, a: Num) -> Num:
        """Rounded down."""
        return Num(self.quotient(a.top, a.bottom), g.Whole(1), a.known)

    def round(self, a: Num, places: int) -> Num:
        """Rounded to places, ties away from zero."""
        size = 10**places
        return self.ratio(self.nearest(a, size), g.Whole(size), a.known)

    def nearest(self, a: Num, size: int) -> g.Int:
        """``a * size`` as the nearest whole number, ties away from zero."""
        if isinstance(a.bottom, g.Whole) and size % a.bottom.value == 0:
            return self.times(a.top, g.Whole(size // a.bottom.value))
        twice = self.times(a.bottom, g.Whole(2))
        low, high = self.extents.of(a.top)

        def up(top: g.Int) -> g.Int:
            return self.quotient(self.plus(self.times(top, g.Whole(2 * size)), a.bottom), twice)

        if low >= 0:
            return up(a.top)
        below = self.times(up(self.times(a.top, g.Whole(-1))), g.Whole(-1))
        return below if high <= 0 else self.pick(self.order("<=", g.Whole(0), a.top), up(a.top), below)

    # ---- conditions

    def compared(self, op: str, a: Num, b: Num) -> g.Truth:
        """Cross-multiplied; whether they are known is not asked."""
        if a.bottom == b.bottom:
            return self.order(op, a.top, b.top)
        return self.order(op, self.times(a.top, b.bottom), self.times(b.top, a.bottom))

    def compare(self, op: str, left: Value, right: Value) -> Bool:
        """Numbers by size, words and truths only for being the same."""
        a, b = self.number(left), self.number(right)
        yes: g.Truth = g.NO
        no: g.Truth = g.NO
        if a is not None and b is not None:
            known = self.all_known([a, b])
            holds = self.compared(op, a, b)
            yes, no = self.every(known, holds), self.every(known, self.opposite(holds))
        if op not in ("=", "!="):
            return Bool(yes, no)
        same = self.same(left, right)
        if op == "!=":
            same = Bool(same.no, same.yes)
        return Bool(self.some(yes, same.yes), self.some(no, same.no))

    def same(self, left: Value, right: Value) -> Bool:
        """Are two words, or two truths, the same?"""
        match left, right:
            case Word(a), Word(b):
                return Bool(g.Settled(a == b), g.Settled(a != b))
            case (Word(text), Column(name, _)) | (Column(name, _), Word(text)):
                word = self.state(name, g.WORD)
                if word == g.NO:
                    return Bool(g.NO, g.NO)
                said = g.Said(name, text)
                return Bool(said, self.every(word, self.opposite(said)))
            case Column(a, _), Column(b, _):
                if g.NO not in (self.state(a, g.WORD), self.state(b, g.WORD)):
                    raise NotCovered("words compared")
            case Bool(), Bool():
                yes = self.some(self.every(left.yes, right.yes), self.every(left.no, right.no))
                return Bool(yes, self.some(self.every(left.yes, right.no), self.every(left.no, right.yes)))
        return Bool(g.NO, g.NO)

    def joint(self, args: Bools, any_of: bool) -> Bool:
        """Kleene's ``and`` and ``or``."""
        if any_of:
            return Bool(self.some(*(x.yes for x in args)), self.every(*(x.no for x in args)))
        return Bool(self.every(*(x.yes for x in args)), self.some(*(x.no for x in args)))

    def choose(self, test: Bool, then: Value, other: Value) -> Value:
        """By a condition; an undecided one gives nothing."""
        if test.yes == g.YES:
            return then
        if test.no == g.YES:
            return other
        if test.yes == test.no == g.NO:
            return NOTHING
        truths = [x for x in (then, other) if isinstance(x, Bool | Nothing)]
        if len(truths) == 2 and any(isinstance(x, Bool) for x in truths):
            a, b = self.truth(then), self.truth(other)
            yes = self.some(self.every(test.yes, a.yes), self.every(test.no, b.yes))
            return Bool(yes, self.some(self.every(test.yes, a.no), self.every(test.no, b.no)))
        for value in (then, other):
            if isinstance(value, Word | Bool) or (isinstance(value, Column) and self.state(value.name, g.WORD) != g.NO):
                raise NotCovered("word chosen")
        nothing = Num(g.Whole(0), g.Whole(1), g.NO)
        a_num, b_num = self.number(then) or nothing, self.number(other) or nothing
        if a_num.known == b_num.known:
            known = self.every(a_num.known, self.some(test.yes, test.no))
        else:
            known = self.some(self.every(test.yes, a_num.known), self.every(test.no, b_num.known))
        if isinstance(a_num.bottom, g.Whole) and isinstance(b_num.bottom, g.Whole):
            tops, bottom = self.alike([a_num, b_num])
            return self.ratio(self.pick(test.yes, tops[0], tops[1]), bottom, known)
        return Num(self.pick(test.yes, a_num.top, b_num.top), self.pick(test.yes, a_num.bottom, b_num.bottom), known)


def constant(value: Fraction) -> Num:
    """A number known now."""
    return Num(g.Whole(value.numerator), g.Whole(value.denominator))
