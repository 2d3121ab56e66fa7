"""A rubric as formulas of z3: numbers with where they are defined, conditions with where they hold and where they fail.

Everything is as in the core: what is undefined makes undefined what is made of it, and truth is Kleene's.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any, NamedTuple

from perfdsl.bounds import Range
from perfdsl.core import (
    Add,
    And,
    Compare,
    Const,
    Div,
    Domain,
    Expr,
    Floor,
    If,
    Max,
    Min,
    Missing,
    Mul,
    Not,
    Or,
    Ref,
    Round,
    references,
)
from perfdsl.prove.outside import Outside


class NotEncoded(Exception):
    """A word or a truth nobody knows, as a number: z3 is not asked."""


class Number(NamedTuple):
    """A real of z3, and where it is defined."""

    value: Any
    defined: Any


class Truth(NamedTuple):
    """Where a condition holds and where it fails; where neither is so it is undefined."""

    holds: Any
    fails: Any


class Word(NamedTuple):
    """A word, a truth, or nothing."""

    value: str | bool | None


class Case(NamedTuple):
    """Where a condition holds by itself, where its case decides, and the two ends of the award there."""

    holds: Any
    decides: Any
    ends: tuple[Number, Number]


Term = Number | Truth | Word
Cases = list[tuple[Expr, Expr, Expr | None]]


class Formulas:
    """One walk through the cases; ``tag`` tells the actual of a second walk apart, the inputs are the same."""

    def __init__(self, cases: Cases, met: Expr, facts: dict[str, Outside], domain: Domain, tag: str = "") -> None:
        import z3

        self.z3, self.facts = z3, facts
        self.actual = z3.Real("actual" + tag)
        self.tags = [z3.Real("actual"), z3.Real("actual'")]
        self.inputs = {name: z3.Real(name) for name in facts}
        self.yes, self.no = z3.BoolVal(True), z3.BoolVal(False)
        self.domain = [
            *self._inside(self.actual, domain, "step of actual" + tag),
            *(each for name, fact in facts.items() for each in self._known(name, fact)),
        ]
        self.met = self.truth(met)
        self.cases, self.hole = self._walk(cases)

    def number(self, value: Fraction) -> Any:
        return self.z3.Q(value.numerator, value.denominator)

    def within(self, part: Range) -> Any:
        """The actual inside a range."""
        found = []
        for end, low in ((part.low, True), (part.high, False)):
            if not end.infinite:
                at = self.number(end.at)
                above = self.actual > at if end.outside else self.actual >= at
                below = self.actual < at if end.outside else self.actual <= at
                found.append(above if low else below)
        return self.z3.And(*found)

    def actuals(self, model: Any) -> list[Any]:
        """The actuals a model says something of."""
        said = {str(each) for each in model.decls()}
        return self.tags if str(self.tags[1]) in said else self.tags[:1]

    def _inside(self, variable: Any, domain: Domain, name: str) -> list[Any]:
        found = [variable >= self.number(domain.low)] if domain.low is not None else []
        found += [variable <= self.number(domain.high)] if domain.high is not None else []
        if domain.whole:
            found.append(variable == self.number(domain.step) * self.z3.ToReal(self.z3.Int(name)))
        return found

    def _known(self, name: str, fact: Outside) -> list[Any]:
        if fact.words:
            raise NotEncoded
        variable = self.inputs[name]
        return [
            *self._inside(variable, fact.domain, "step of " + name),
            *(variable != self.number(at) for at in fact.never),
        ]

    def _walk(self, cases: Cases) -> tuple[list[Case], Any]:
        open_, found = self.yes, []
        for when, low, high in cases:
            truth = self.truth(when)
            ends = (self.real(low), self.real(low if high is None else high))
            found.append(Case(truth.holds, self.z3.And(open_, truth.holds), ends))
            open_ = self.z3.And(open_, truth.fails)
        return found, open_

    # ---- expressions

    def truth(self, expr: Expr) -> Truth:
        found = self._term(expr)
        if isinstance(found, Word):
            return Truth(self.z3.BoolVal(found.value is True), self.z3.BoolVal(found.value is False))
        if isinstance(found, Number):
            return Truth(self.no, self.no)
        return found

    def real(self, expr: Expr) -> Number:
        """As a number; a word or a truth is none."""
        found = self._term(expr)
        return found if isinstance(found, Number) else Number(self.number(Fraction(0)), self.no)

    def _term(self, expr: Expr) -> Term:
        match expr:
            case Const(Fraction() as value):
                return Number(self.number(value), self.yes)
            case Const(None | str() | bool() as value):
                return Word(value)
            case Ref("actual"):
                return Number(self.actual, self.yes)
            case Ref(name):
                return Number(self.inputs[name], self.yes)
            case Compare(op, left, right):
                return self._compared(op, left, right)
            case And(args) | Or(args):
                return self._several(isinstance(expr, And), [self.truth(arg) for arg in args])
            case Not(arg):
                return Truth(*reversed(self.truth(arg)))
            case Missing(Ref(_)):
                return Word(False)  # that something is missing is a world of its own
            case Missing(arg):
                return self._missing(arg)
            case If(test, then, other):
                return self._chosen(self.truth(test), self._term(then), self._term(other))
        return self._arithmetic(expr)

    def _arithmetic(self, expr: Expr) -> Term:
        z3 = self.z3
        match expr:
            case Add(args):
                return self._folded(args, lambda a, b: a + b)
            case Mul(args):
                return self._folded(args, lambda a, b: a * b)
            case Min(args):
                return self._folded(args, lambda a, b: z3.If(a <= b, a, b))
            case Max(args):
                return self._folded(args, lambda a, b: z3.If(a >= b, a, b))
            case Div(left, right):
                over, under = self.real(left), self.real(right)
                return Number(over.value / under.value, z3.And(over.defined, under.defined, under.value != 0))
            case Floor(arg):
                inner = self.real(arg)
                return Number(z3.ToReal(z3.ToInt(inner.value)), inner.defined)
            case Round(arg, places):
                return self._rounded(self.real(arg), places)
        raise NotEncoded

    def _rounded(self, inner: Number, places: int) -> Number:
        """Half away from zero."""
        z3, size, half = self.z3, self.number(Fraction(10) ** places), self.number(Fraction(1, 2))
        up = z3.ToReal(z3.ToInt(inner.value * size + half))
        down = -z3.ToReal(z3.ToInt(half - inner.value * size))
        return Number(z3.If(inner.value >= 0, up, down) / size, inner.defined)

    def _folded(self, args: tuple[Expr, ...], combine: Callable[[Any, Any], Any]) -> Number:
        parts = [self.real(arg) for arg in args]
        return Number(reduce(combine, [part.value for part in parts]), self.z3.And(*(part.defined for part in parts)))

    def _compared(self, op: str, left: Expr, right: Expr) -> Truth:
        a, b = self._term(left), self._term(right)
        if isinstance(a, Number) and isinstance(b, Number):
            here, holds = self.z3.And(a.defined, b.defined), COMPARED[op](a.value, b.value)
            return Truth(self.z3.And(here, holds), self.z3.And(here, self.z3.Not(holds)))
        if isinstance(a, Truth) or isinstance(b, Truth):
            raise NotEncoded
        if any(isinstance(each, Word) and each.value is None for each in (a, b)) or op not in ("=", "!="):
            return Truth(self.no, self.no)
        if {type(a), type(b)} == {Word, Number} and (references(left) | references(right)) - {"actual"}:
            raise NotEncoded  # an input that may be a word
        same = a == b if type(a) is type(b) else False
        return Truth(self.z3.BoolVal(same == (op == "=")), self.z3.BoolVal(same != (op == "=")))

    def _several(self, every: bool, parts: list[Truth]) -> Truth:
        holds, fails = ([part[side] for part in parts] for side in (0, 1))
        one, all_ = self.z3.Or, self.z3.And
        return Truth(all_(*holds), one(*fails)) if every else Truth(one(*holds), all_(*fails))

    def _missing(self, arg: Expr) -> Truth:
        found = self._term(arg)
        match found:
            case Number(_, defined):
                return Truth(self.z3.Not(defined), defined)
            case Truth(holds, fails):
                return Truth(self.z3.Not(self.z3.Or(holds, fails)), self.z3.Or(holds, fails))
        return Truth(self.z3.BoolVal(found.value is None), self.z3.BoolVal(found.value is not None))

    def _chosen(self, test: Truth, then: Term, other: Term) -> Term:
        z3 = self.z3
        one, two = self._alike(then, other)
        if isinstance(one, Number) and isinstance(two, Number):
            defined = z3.Or(z3.And(test.holds, one.defined), z3.And(test.fails, two.defined))
            return Number(z3.If(test.holds, one.value, two.value), defined)
        assert isinstance(one, Truth) and isinstance(two, Truth)  # as they were made
        return Truth(*(z3.Or(z3.And(test.holds, a), z3.And(test.fails, b)) for a, b in zip(one, two, strict=True)))

    def _alike(self, then: Term, other: Term) -> tuple[Term, Term]:
        """Both as numbers or both as truths; what is undefined is either."""
        kinds = {type(each) for each in (then, other) if not (isinstance(each, Word) and each.value is None)}
        if Number in kinds and len(kinds) == 1 or not kinds:
            zero = Number(self.number(Fraction(0)), self.no)
            return (then if isinstance(then, Number) else zero), (other if isinstance(other, Number) else zero)
        if Number in kinds or any(isinstance(each, Word) and isinstance(each.value, str) for each in (then, other)):
            raise NotEncoded
        return self._as_truth(then), self._as_truth(other)

    def _as_truth(self, term: Term) -> Truth:
        if isinstance(term, Word):
            return Truth(self.z3.BoolVal(term.value is True), self.z3.BoolVal(term.value is False))
        assert isinstance(term, Truth)  # no number is among them
        return term


COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
}  # fmt: skip
