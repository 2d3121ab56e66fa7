"""Two rules over the same actuals: every maximal range on which their scores differ, and what could not be decided."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

import attrs

from perfdsl.bounds import HIGHEST, LOWEST, Range, domain_range, join, point
from perfdsl.core import Const, Domain, Expr, Value
from perfdsl.differ.found import NO_VALUE, NUMBER, OTHER, OUTSIDE, PRESENT, SCORE, TAKEN, WORD, Setting, Side, Stretch
from perfdsl.differ.outcomes import HIDDEN, NOT_DUE, NOWHERE, Number, Outcome, Outcomes, outcomes
from perfdsl.differ.rule import Rule
from perfdsl.differ.steps import differences
from perfdsl.differ.stretches import edge, joined, stretch_of, unrounded
from perfdsl.differ.worlds import Given, Possible, Use, settings, uses
from perfdsl.prove import Curve, Exact, Fixed, Hidden, Stairs

ZERO = Fraction(0)
Differences = Sequence[tuple[Range, Fraction | None]]


class Compared(NamedTuple):
    """Where two rules differ, and the reasons for what is not decided."""

    stretches: tuple[Stretch, ...]
    doubts: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Pair:
    """The rules of one indicator in one period, None where it is not assessed; ``size`` is that of the printed unit.

    ``inputs`` say what other inputs can be.
    """

    old: Rule | None
    new: Rule | None
    period: str = ""
    size: Fraction = Fraction(1)
    inputs: dict[str, Possible] = attrs.Factory(dict)


def compare_rules(pair: Pair) -> Compared:
    """Decide a pair: equal everywhere when there is neither a stretch nor a doubt."""
    old, new = pair.old, pair.new
    if old is None and new is None:
        return Compared((), ())
    if old is not None and new is not None and old.identity() == new.identity():
        return Compared((), ())
    rules = [rule for rule in (old, new) if rule is not None]
    conditions = [e for rule in rules for e in rule.conditions]
    awards = [e for rule in rules for e in rule.awards]
    known = settings(conditions, awards, rules[0].domain, pair.inputs)
    found: dict[Stretch, list[Given]] = {}
    doubts: dict[str, None] = {}
    for given in known:
        names: dict[str, Expr] = {name: Const(value) for name, value in given if value != PRESENT}
        here = attrs.evolve(pair, old=_under(old, names), new=_under(new, names))
        if here.old is not None and here.new is not None and here.old.identity() == here.new.identity():
            continue
        for stretch in _everywhere(here, conditions, awards, doubts):
            found.setdefault(attrs.evolve(stretch, period=pair.period), []).append(given)
    used = uses(conditions, awards)
    made = [attrs.evolve(stretch, given=tuple(_setting(name, value, used[name]) for name, value in given))
            for stretch, givens in found.items() for given in without_idle(givens, known)]  # fmt: skip
    return Compared(tuple(made), tuple(doubts))


def without_idle(givens: list[Given], known: list[Given]) -> list[Given]:
    """Settings without the inputs whose every value is there beside the same values of the others."""
    left = [dict(given) for given in givens]
    for name in sorted({name for given in known for name, _ in given}):
        every = {given_value for given in known for given_name, given_value in given if given_name == name}
        together: dict[Given, list[dict[str, Value]]] = {}
        for one in left:
            rest = tuple(sorted(((n, v) for n, v in one.items() if n != name), key=repr))
            together.setdefault(rest, []).append(one)
        left = []
        for rest, same in together.items():
            free = {one[name] for one in same if name in one} >= every
            left += [dict(rest)] if free else same
    return [tuple(sorted(one.items())) for one in left]


def _setting(name: str, value: Value, use: Use) -> Setting:
    if not isinstance(value, Fraction):
        return Setting(name=name, value=value)
    if use.computed:
        return Setting(name=name, value=value, ratio=True)
    if value in use.limits:
        return Setting(name=name, value=value)
    above = max((at for at in use.limits if at < value), default=None)
    return Setting(
        name=name, value=value, above=above, below=min((at for at in use.limits if at > value), default=None)
    )


def _under(rule: Rule | None, names: dict[str, Expr]) -> Rule | None:
    return rule.with_names(names) if rule is not None else None


def _everywhere(pair: Pair, conditions: list[Expr], awards: list[Expr], doubts: dict[str, None]) -> Iterator[Stretch]:
    numeric, words = _actuals(pair, conditions, awards)
    if numeric:
        yield from _numbers(pair, doubts)
    for word in words:
        yield from _one(pair, word, doubts)
    yield from _one(pair, None, doubts)


def _actuals(pair: Pair, conditions: list[Expr], awards: list[Expr]) -> tuple[bool, list[Value]]:
    """Can the actual be a number, and which words can it be?"""
    used = uses(conditions, awards).get("actual")
    known = {word for rule in (pair.old, pair.new) if rule is not None for word in rule.words}
    mentioned = used.words if used is not None else set()
    if not mentioned and not known:
        return True, []
    numeric = used is not None and bool(used.limits or used.computed)
    found: list[Value] = [*sorted({*known, *(w for w in mentioned if isinstance(w, str))})]
    if any(isinstance(word, bool) for word in mentioned):
        found += [True, False]
    return numeric, [*found, OTHER]


def _one(pair: Pair, word: Value, doubts: dict[str, None]) -> Iterator[Stretch]:
    """One word, or the missing value."""
    exact = Exact(point(ZERO), None)
    sides = []
    for rule in (pair.old, pair.new):
        actual = rule.words.get(word, word) if rule is not None and isinstance(word, str) else word
        named = _under(rule, {"actual": Const(actual)})
        sides.append(outcomes(named, point(ZERO), exact)[0][1] if named is not None else NOT_DUE)
    for stretch in _differing(point(ZERO), sides[0], sides[1], exact, pair.size, doubts):
        what = NO_VALUE if word is None else WORD
        shown = str(word) if not isinstance(word, bool) else ("是" if word else "否")
        yield attrs.evolve(stretch, what=what, word=shown if word is not None else "", low=None, high=None, at=None)


def _numbers(pair: Pair, doubts: dict[str, None]) -> Iterator[Stretch]:
    exact, hull = _line([rule.domain for rule in (pair.old, pair.new) if rule is not None])
    first, second = _over(pair.old, hull, exact), _over(pair.new, hull, exact)
    found: list[Stretch] = []
    for cell, before, after in _refined(first, second, exact):
        found += _differing(cell, before, after, exact, pair.size, doubts)
    yield from joined(found, exact)
    yield from _between_steps(pair, hull)


def _between_steps(pair: Pair, hull: Range) -> Iterator[Stretch]:
    """The numbers that only one of the rules takes because the other takes multiples of a step only: one stretch for each."""
    if pair.old is None or pair.new is None:
        return
    for taking, refusing, turned in ((pair.old, pair.new, False), (pair.new, pair.old, True)):
        step = refusing.domain.step if refusing.domain.whole else None
        at = _off_step(taking.domain, refusing.domain, pair.size) if step is not None else None
        if at is not None:
            taken, refused = Side(kind=TAKEN), Side(kind=OUTSIDE)
            low, high = domain_range(taking.domain)
            yield Stretch(
                what=NUMBER, low=edge(low), high=edge(high), at=at, off_step=step, before=refused if turned else taken, after=taken if turned else refused,
            )  # fmt: skip


def _off_step(taking: Domain, refusing: Domain, size: Fraction) -> Fraction | None:
    """A number inside the limits of both that one domain takes and the other does not because it is no multiple of its step."""
    lows, highs = (
        [x for x in ends if x is not None] for ends in ((taking.low, refusing.low), (taking.high, refusing.high))
    )
    low, high = max(lows, default=None), min(highs, default=None)
    if taking.whole:
        unit, count = taking.step, int(refusing.step / gcd_of(taking.step, refusing.step))
        start = -(-low // unit) if low is not None else (high // unit - count if high is not None else ZERO)
        tried = [(start + n) * unit for n in range(count + 1)]
    elif low is not None and high is not None:
        tried = [low + (high - low) * Fraction(n, 7) for n in (1, 2, 3, 4, 5, 6)] if low < high else [low]
        tried = [x for n in (2, 10, 100) for x in (_nearest(low, size / n), _nearest(high, -size / n))] + tried
    else:
        base = low if low is not None else high if high is not None else ZERO
        tried = [_nearest(base, (size if high is None or low is not None else -size) / n) for n in (2, 10, 100)] + [
            base + refusing.step / 3,
            base - refusing.step / 3,
        ]
    return next((x for x in tried if taking.holds(x) and not refusing.holds(x) and _inside_limits(refusing, x)), None)


def _nearest(base: Fraction, by: Fraction) -> Fraction:
    """The odd multiple of ``by`` next to ``base`` on the side ``by`` points to."""
    return (base // by + (1 if (base // by) % 2 == 0 else 2)) * by


def _inside_limits(domain: Domain, value: Fraction) -> bool:
    return attrs.evolve(domain, whole=False).holds(value)


def gcd_of(left: Fraction, right: Fraction) -> Fraction:
    """The largest number both are multiples of."""
    under = lcm(left.denominator, right.denominator)
    return Fraction(gcd(int(left * under), int(right * under)), under)


def _line(domains: list[Domain]) -> tuple[Exact, Range]:
    """The numbers either rule takes; where one takes multiples of a step only, those (``_between_steps`` has the others)."""
    hull = domain_range(domains[0])
    for domain in domains[1:]:
        hull = join(hull, domain_range(domain)) or hull
    steps = [domain.step for domain in domains if domain.whole]
    step = None
    if steps:
        step = _least_multiple(steps)
    exact = Exact(hull, step)
    return exact, exact.common(hull, hull) or hull


def _least_multiple(steps: list[Fraction]) -> Fraction:
    under = lcm(*(s.denominator for s in steps))
    return Fraction(lcm(*((s * under).numerator for s in steps)), under)


def _over(rule: Rule | None, hull: Range, exact: Exact) -> Outcomes:
    if rule is None:
        return [(hull, NOT_DUE)]
    inside = domain_range(rule.domain)
    found: Outcomes = []
    for side, within in (
        (Range(LOWEST, inside.low._replace(outside=not inside.low.outside)), False),
        (inside, True),
        (Range(inside.high._replace(outside=not inside.high.outside), HIGHEST), False),
    ):
        if not within and (side.low == HIGHEST or side.high == LOWEST or side.low[:2] == side.high[:2]):
            continue
        if not within and (inside.low.infinite if side.low == LOWEST else inside.high.infinite):
            continue
        cell = exact.common(hull, side)
        if cell is not None:
            found += outcomes(rule, cell, exact) if within else [(cell, NOWHERE)]
    return found


def _refined(first: Outcomes, second: Outcomes, exact: Exact) -> Iterator[tuple[Range, Outcome, Outcome]]:
    """Both partitions of the line at once, from low to high."""
    at = 0
    for cell, before in first:
        while at and second[at - 1][0].high[:2] >= cell.low[:2]:
            at -= 1
        for index in range(at, len(second)):
            other, after = second[index]
            if other.low[:2] > cell.high[:2]:
                break
            part = exact.common(cell, other)
            if part is not None:
                yield part, before, after
            at = index


def _differing(
    cell: Range, before: Outcome, after: Outcome, exact: Exact, size: Fraction, doubts: dict[str, None]
) -> list[Stretch]:
    """The stretches inside one range on which neither rule changes its case."""
    if HIDDEN in (before.kind, after.kind):
        if before.what is None or before.what != after.what:
            doubts.update(dict.fromkeys(sorted(before.why | after.why)))
        return []
    if before.kind != after.kind or len(before.values) != len(after.values):
        return [stretch_of([(cell, None)], before, after, exact, size)]
    if all(_same(a, b, cell) for a, b in zip(before.values, after.values, strict=True)):
        return []
    if before.kind == SCORE:
        return _runs(cell, before, after, exact, size, doubts)
    at = exact.sample(cell)
    if [x.value(at) for x in before.values] == [x.value(at) for x in after.values]:
        doubts["varying limits of a mark"] = None
        return []
    return [stretch_of([(cell, None)], before, after, exact, size)]


def _same(left: Number, right: Number, cell: Range) -> bool:
    """Are they the same function for certain?"""
    if cell.low[:2] == cell.high[:2] and not cell.low.infinite:
        return left.value(cell.low.at) == right.value(cell.low.at)
    if isinstance(left, Curve) and isinstance(right, Curve):
        a, b, c, d = left
        e, f, g, h = right
        return a * g == e * c and b * h == f * d and a * h + b * g == e * d + f * c
    if isinstance(left, Stairs) and isinstance(right, Stairs):
        return left[1:] == right[1:] and _same(left.inner, right.inner, cell)
    return False


def _runs(
    cell: Range, before: Outcome, after: Outcome, exact: Exact, size: Fraction, doubts: dict[str, None]
) -> list[Stretch]:
    """Runs of the same sign of the difference; scores that are equal only once rounded do not end a run."""
    a, b = before.values[0], after.values[0]
    known: Differences | None = differences(a, b, cell, exact)
    if known is None:
        known = [found for part, x in exact.steps(a, cell) for inner, y in exact.steps(b, part)
                 for found in _signs(x, y, inner, exact)]  # fmt: skip
    runs: list[tuple[int, list[tuple[Range, Fraction | None]]]] = []
    equal = False
    for part, size_of in known:
        sign = 2 if size_of is None else (size_of > 0) - (size_of < 0)
        if sign == 2 and a.value(exact.sample(part)) == b.value(exact.sample(part)):
            doubts["too many steps"] = None
            sign = 0
        if not sign:
            equal = equal or _raw_equal(a, b, part, exact)
            continue
        if runs and runs[-1][0] == sign and not equal:
            runs[-1][1].append((part, size_of))
        else:
            runs.append((sign, [(part, size_of)]))
        equal = False
    return [stretch_of(parts, before, after, exact, size) for _, parts in runs]


def _raw_equal(left: Number, right: Number, cell: Range, exact: Exact) -> bool:
    """Are the scores the same even before they are rounded?"""
    at = exact.sample(cell)
    return unrounded(left).value(at) == unrounded(right).value(at) and cell.low[:2] != cell.high[:2]


def _signs(x: object, y: object, cell: Range, exact: Exact) -> list[tuple[Range, Fraction | None]]:
    """The difference where it is a constant, else some number of its sign; None where it is not known."""
    if isinstance(x, Hidden) or isinstance(y, Hidden):
        return [(cell, None)]
    assert isinstance(x, (Curve, Stairs)) and isinstance(y, (Curve, Stairs))  # nothing else is a score
    if _same(x, y, cell):
        return [(cell, ZERO)]
    found: list[tuple[Range, Fraction | None]] = []
    for part, less in exact.order("<", x, y, cell):
        if isinstance(less, Hidden):
            found.append((part, None))
            continue
        for inner, same in exact.order("=", x, y, part):
            at = exact.sample(inner)
            found.append((inner, ZERO if same == Fixed(True) else y.value(at) - x.value(at)))
    return found
