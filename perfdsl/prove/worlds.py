"""What a rubric depends on besides the actual, as worlds: in each of them these inputs have a value of their own.

Words and truths are enumerated; last year's value and the schedule are, where only ratios to them count, 1, 0 or -1.
All the worlds together leave nothing out; what cannot be enumerated stays an input whose value is not known.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise, product
from math import floor

import attrs

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
    Value,
    children,
)

MOST = 64
OTHER = "另外的词"
World = tuple[tuple[str, Value], ...]


@attrs.define
class Use:
    """How an input is used: the words it is compared with, as a truth, as a number, asked whether it is missing."""

    words: set[str | bool] = attrs.Factory(set)
    truth: bool = False
    number: bool = False
    missing: bool = False

    def options(self) -> list[Value]:
        """The values to try; none when it is a number."""
        found: list[Value] = [None] if self.missing else []
        if self.number:
            return []
        if self.truth or any(isinstance(word, bool) for word in self.words):
            found += [True, False]
        texts = sorted(word for word in self.words if isinstance(word, str))
        return [*found, *texts, OTHER] if texts else found


def uses(exprs: Iterable[Expr]) -> dict[str, Use]:
    """How every input of some conditions and awards is used."""
    found: dict[str, Use] = {}
    for expr in exprs:
        _note(expr, found, True)
    return found


def _note(expr: Expr, found: dict[str, Use], condition: bool) -> None:
    match expr:
        case Ref(name):
            use = found.setdefault(name, Use())
            use.truth, use.number = use.truth or condition, use.number or not condition
        case Compare(_, Ref(name), Const(str() | bool() as word)) | Compare(
            _, Const(str() | bool() as word), Ref(name)
        ):
            found.setdefault(name, Use()).words.add(word)
        case Missing(Ref(name)):
            found.setdefault(name, Use()).missing = True
        case If(test, then, other):
            _note(test, found, True)
            _note(then, found, condition)
            _note(other, found, condition)
        case _:
            inside = isinstance(expr, (And, Or, Not))
            for child in children(expr):
                _note(child, found, inside)


def worlds(conditions: list[Expr], awards: list[Expr], domain: Domain) -> list[World]:
    """Every world to look at; an input that is not in a world stays unknown."""
    found = uses(conditions)
    for name, use in uses_of_numbers(awards).items():
        found.setdefault(name, Use()).number |= use.number
        found[name].missing |= use.missing
        found[name].words |= use.words
        found[name].truth |= use.truth
    choices: list[list[tuple[tuple[str, Value], ...]]] = []
    size = 1
    for name in sorted(found.keys() - {"actual"}):
        options = _options(name, found[name], [*conditions, *awards], awards, domain)
        if len(options) > 1 and size * len(options) <= MOST:
            size *= len(options)
            choices.append(options)
    return [tuple(pair for part in parts for pair in part) for parts in product(*choices)]


def uses_of_numbers(exprs: Iterable[Expr]) -> dict[str, Use]:
    """How every input of some awards is used."""
    found: dict[str, Use] = {}
    for expr in exprs:
        _note(expr, found, False)
    return found


def _options(name: str, use: Use, exprs: list[Expr], awards: list[Expr], domain: Domain) -> list[World]:
    values = use.options()
    if not use.number:
        return [((name, value),) for value in values]
    missing: list[World] = [((name, None),)] if use.missing else []
    if name in ("prior", "schedule") and only_ratios(name, exprs, awards, domain):
        signed = name == "prior" and (domain.low is None or domain.low < 0)
        numbers = (1, 0, -1) if signed else (1, 0)
        return missing + [((name, Fraction(number)),) for number in numbers]
    kind = name.partition(":")[0]
    if kind in ("rank", "size", "rank_share") and (edges := _edges(name, exprs)) is not None:
        return missing + [((name, value),) for value in _beside(edges, kind == "rank_share")]
    return [*missing, ()] if missing else []


# ---- where only a few limits count


def _edges(name: str, exprs: Iterable[Expr]) -> set[Fraction] | None:
    """The numbers a place or a number of objects is compared with; None where anything else is made of it."""
    found: set[Fraction] = set()
    stack = list(exprs)
    while stack:
        match stack.pop():
            case Compare(_, Ref(other), Const(Fraction() as at)) | Compare(_, Const(Fraction() as at), Ref(other)) if (
                other == name
            ):
                found.add(at)
            case Ref(other) if other == name:
                return None
            case Missing(Ref(_)):
                pass
            case expr:
                stack.extend(children(expr))
    return found


def _beside(edges: set[Fraction], share: bool) -> list[Fraction]:
    """A value at each limit and one between each two and beyond the last: the others are decided like one of them."""
    if share:
        inside = sorted({Fraction(0), Fraction(1), *(at for at in edges if 0 < at < 1)})
        return sorted({*inside[1:], *((low + high) / 2 for low, high in pairwise(inside))})
    whole = {Fraction(floor(at)) + step for at in edges for step in (-1, 0, 1)}
    return sorted({Fraction(1), *(at for at in whole if at >= 1)})


# ---- where only ratios count


class Uneven(Exception):
    """The expression changes when the actual and the other value grow alike."""


def only_ratios(name: str, exprs: list[Expr], awards: list[Expr], domain: Domain) -> bool:
    """Does nothing change when the actual and ``name`` are multiplied by the same positive number?"""
    if domain.whole or domain.high is not None or domain.low not in (None, 0):
        return False
    degrees = {"actual": 1, name: 1}
    try:
        return all(_degree(award, degrees) in (None, 0) for award in awards) and bool(
            [_degree(e, degrees) for e in exprs]
        )
    except Uneven:
        return False


def _degree(expr: Expr, degrees: Mapping[str, int]) -> int | None:
    """The power with which the expression grows; None for zero and for what has no number."""
    match expr:
        case Ref(name):
            return degrees.get(name, 0)
        case Const(value):
            return 0 if isinstance(value, Fraction) and value else None
        case Add(args) | Min(args) | Max(args):
            return _same(args, degrees)
        case Mul(args):
            parts = [_degree(arg, degrees) for arg in args]
            return None if None in parts else sum(part or 0 for part in parts)
        case Div(left, right):
            top, bottom = _degree(left, degrees), _degree(right, degrees)
            return None if top is None or bottom is None else top - bottom
        case Compare(_, left, right):
            _same((left, right), degrees)
            return None
        case If(Missing(Ref(_)), _, other):
            return _degree(other, degrees)  # here nothing is missing
        case If(test, then, other):
            _degree(test, degrees)
            return _same((then, other), degrees)
        case Missing(_):
            return None
        case Round(arg, _) | Floor(arg):
            if _degree(arg, degrees):
                raise Uneven
            return 0
    for child in children(expr):
        _degree(child, degrees)
    return None


def _same(args: tuple[Expr, ...], degrees: Mapping[str, int]) -> int | None:
    found = {_degree(arg, degrees) for arg in args} - {None}
    if len(found) > 1:
        raise Uneven
    return found.pop() if found else None
