"""What a formula can be made of: inputs with which it comes to a value, so that a test can bring it there."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product

from perfdsl.bounds import HIGHEST, LOWEST, End, Range, domain_range, point, substitute
from perfdsl.core import Const, Domain, Expr, Ref, Value
from perfdsl.prove import curves as cv
from perfdsl.prove.curves import Curve, Fixed, Line
from perfdsl.prove.outside import Known, Outside, known_of
from perfdsl.prove.pieces import compared, values
from perfdsl.prove.witness import pick
from perfdsl.prove.worlds import World, uses_of_numbers

MOST_TRIED = 400
ONE = Fraction(1)


def sources(formula: Expr, wanted: Value, known: Known, domain: Domain) -> Iterator[World]:
    """Worlds in which the formula comes to ``wanted``: all inputs but one at handy values, that one solved for exactly."""
    yield from islice(_solved(formula, wanted, known, domain), MOST_TRIED)


def _solved(formula: Expr, wanted: Value, known: Known, domain: Domain) -> Iterator[World]:
    used = uses_of_numbers([formula])
    facts = {name: known_of(name, known, domain) for name in used}
    numbers = [name for name in sorted(used) if used[name].number]
    words = [[(name, value) for value in used[name].options(facts[name].words) if value is not None]
             for name in sorted(used) if not used[name].number]  # fmt: skip
    tried = 0
    for chosen in product(*words):
        for free in numbers or [""]:
            others = [name for name in numbers if name != free]
            for levels in product(*(_handy(facts[name]) for name in others)):
                tried += 1
                if tried > MOST_TRIED:
                    return
                world: World = (*chosen, *zip(others, levels, strict=True))
                yield from _with(world, free, formula, wanted, facts.get(free, Outside()))


def _with(world: World, free: str, formula: Expr, wanted: Value, fact: Outside) -> Iterator[World]:
    """One input solved for, the others being as ``world`` says; without a free one it is only looked at."""
    names: dict[str, Expr] = {name: Const(value) for name, value in world}
    if free:
        names[free] = Ref("actual")
    line = Line(domain_range(fact.domain), fact.domain.step if fact.domain.whole else None)
    whole = line.fit(line.whole) if free else point(ONE)
    goal: Curve | Fixed = cv.constant(wanted) if isinstance(wanted, Fraction) else Fixed(wanted)
    for cell, value in values(substitute(formula, names), whole, line) if whole is not None else ():
        for part, truth in compared("=", value, goal, cell, line):
            if truth == cv.TRUE:
                yield (*world, (free, pick(part, fact.size))) if free else world


def _handy(fact: Outside) -> list[Fraction]:
    """A few numbers an input can be: one and ten of its units, its ends, what lies beside zero."""
    domain = fact.domain
    line = Line(domain_range(domain), domain.step if domain.whole else None)
    positive = line.part(line.whole, Range(End(0, Fraction(0), True), HIGHEST))
    found = [fact.size, 100 * fact.size, domain.high, domain.low]
    found += [pick(part, fact.size) for part in (positive, line.part(line.whole, Range(LOWEST, HIGHEST))) if part]
    return list(dict.fromkeys(x for x in found if x is not None and domain.holds(x)))[:4]
