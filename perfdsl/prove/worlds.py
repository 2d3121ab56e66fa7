"""What a rubric depends on besides the actual, as worlds: in each of them these inputs have a value of their own.

Words and truths are enumerated; last year's value and the schedule are, where only ratios to them count, 1, 0 or -1.
All the worlds together leave nothing out; what cannot be enumerated stays an input whose value is not known.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise, product
from typing import NamedTuple

import attrs

from perfdsl.bounds import HIGHEST, LOWEST, End, Range, always, domain_range, substitute
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
    references,
)
from perfdsl.prove.curves import Hidden, Line
from perfdsl.prove.outside import Known, Outside, known_of
from perfdsl.prove.pieces import values
from perfdsl.prove.plane import crossings
from perfdsl.prove.witness import pick

MOST = 256
OTHER = "另外的词"
World = tuple[tuple[str, Value], ...]


@attrs.define
class Use:
    """How an input is used: the words it is compared with, as a truth, as a number, asked whether it is missing."""

    words: set[str | bool] = attrs.Factory(set)
    truth: bool = False
    number: bool = False
    missing: bool = False

    def options(self, all_words: tuple[str, ...] = ()) -> list[Value]:
        """The values to try; none when it is a number.  ``all_words`` are the words it can be, if that is known."""
        found: list[Value] = [None] if self.missing else []
        if self.number:
            return []
        if self.truth or any(isinstance(word, bool) for word in self.words):
            found += [True, False]
        texts = sorted(word for word in self.words if isinstance(word, str))
        if texts and all_words:
            return [*found, *all_words]
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


class Seen(NamedTuple):
    """The conditions and awards of a problem; ``known`` says what its other inputs can be, ``levels`` of awards count."""

    conditions: list[Expr]
    awards: list[Expr]
    domain: Domain
    known: Known
    levels: tuple[Fraction, ...]

    @property
    def exprs(self) -> list[Expr]:
        return [*self.conditions, *self.awards]


def worlds(seen: Seen) -> list[World]:
    """Every world to look at; an input that is not in a world stays unknown."""
    found = uses(seen.conditions)
    for name, use in uses_of_numbers(seen.awards).items():
        found.setdefault(name, Use()).number |= use.number
        found[name].missing |= use.missing
        found[name].words |= use.words
        found[name].truth |= use.truth
    choices: list[list[World]] = []
    size = 1
    for name in sorted(found.keys() - {"actual"}):
        options = _options(name, found[name], seen)
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


def _options(name: str, use: Use, seen: Seen) -> list[World]:
    known = known_of(name, seen.known, seen.domain)
    values = use.options(known.words)
    if not use.number:
        return [((name, value),) for value in values]
    missing: list[World] = [((name, None),)] if use.missing else []
    if name in ("prior", "schedule") and only_ratios(name, seen.exprs, seen.awards, seen.domain):
        signed = name == "prior" and (seen.domain.low is None or seen.domain.low < 0)
        numbers = (1, 0, -1) if signed else (1, 0)
        return missing + [((name, Fraction(number)),) for number in numbers]
    borders = _edges(name, seen.exprs)
    if borders is None:
        borders = crossings(name, seen.conditions, seen.awards, seen.domain, seen.levels)
    if borders is not None:
        return missing + [((name, value),) for value in representatives(borders, known)]
    return [*missing, ()] if missing else []


# ---- where a few values stand for all


def _edges(name: str, exprs: Iterable[Expr]) -> list[Fraction] | None:
    """Where the truth of conditions about this input alone changes; None where it meets anything else."""
    found: set[Fraction] = set()
    stack = [expr for expr in exprs if name in references(expr)]
    while stack:
        match stack.pop():
            case Compare(_, _, _) as compared if name in (looked_at := references(compared)):
                borders = _changes(compared, name) if looked_at == {name} else None
                if borders is None:
                    return None
                found |= borders
            case And(_) | Or(_) | Not(_) | If(_, _, _) as expr:
                stack.extend(child for child in children(expr) if name in references(child))
            case Missing(Ref(_)) | Compare(_, _, _):
                pass
            case _:
                return None
    return sorted(found)


def _changes(compared: Compare, name: str) -> set[Fraction] | None:
    """The ends of the ranges on which a comparison holds or fails."""
    line = Line(always(name))
    pieces = values(substitute(compared, {name: Ref("actual")}), line.whole, line)
    if any(isinstance(truth, Hidden) for _, truth in pieces):
        return None
    return {end.at for cell, _ in pieces for end in cell if not end.infinite}


def representatives(borders: list[Fraction], known: Outside) -> list[Fraction]:
    """The borders themselves and a convenient number between each two, as far as the input can be that."""
    domain = known.domain
    line = Line(domain_range(domain), domain.step if domain.whole else None)
    found = {at for at in (*borders, *known.natural) if known.holds(at)}
    ends = [at for at in (domain.low, domain.high) if at is not None]
    cuts = sorted({*borders, *ends})
    found.update(at for at in ends if known.holds(at))
    for low, high in pairwise([None, *cuts, None]):
        gap = Range(LOWEST if low is None else End(0, low, True), HIGHEST if high is None else End(0, high, True))
        part = line.part(line.whole, gap)
        if part is not None:
            found.add(pick(part, known.size))
    return sorted(found)


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
