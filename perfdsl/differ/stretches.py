"""How a stretch is put together: its ends, what either rule gives there, and the largest difference."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

import attrs

from perfdsl.bounds import HIGHEST, LOWEST, End, Range
from perfdsl.differ.found import NUMBER, SCORE, Edge, Side, Stretch
from perfdsl.differ.outcomes import Number, Outcome
from perfdsl.prove import Curve, Exact, Stairs
from perfdsl.quantity import format_number

ZERO = Fraction(0)
ONE = Fraction(1)
MOST_LOOKED = 64


def unrounded(value: Number) -> Number:
    """The score before it was rounded."""
    return value.inner if isinstance(value, Stairs) and (value.scale, value.shift) == (ONE, ZERO) else value


def stretch_of(
    parts: Sequence[tuple[Range, Fraction | None]], before: Outcome, after: Outcome, exact: Exact, size: Fraction
) -> Stretch:
    """The range from the first to the last of some cells, with the largest difference inside."""
    cells = [cell for cell, _ in parts]
    whole = Range(cells[0].low, cells[-1].high)
    partly = any(found is None for _, found in parts)
    largest, at, scores = None, exact.pick(cells[0], size), None
    if before.kind == after.kind == SCORE:
        a, b = before.values[0], after.values[0]
        sizes = [abs(found or ZERO) for _, found in parts]
        most = max(sizes)
        best = [exact.pick(part, size) for part, found in zip(cells, sizes, strict=True) if found == most][
            -MOST_LOOKED:
        ]
        at = min(reversed(best), key=lambda x: len(format_number(x / size)))
        scores = (a.value(at), b.value(at))
        settled = not partly and all(_settled(x) for x in (a, b))
        largest = scores[1] - scores[0] if settled else None
    gaps = any(not exact.touch(left, right) for left, right in pairwise(cells))
    return Stretch(
        what=NUMBER, low=edge(whole.low), high=edge(whole.high), before=_side(before, whole, exact, size),
        after=_side(after, whole, exact, size), largest=largest, at=at, at_scores=scores, partly=gaps or (partly and scores is not None),
    )  # fmt: skip


def _settled(value: Number) -> bool:
    """Is it made of steps, so that the largest difference is one of finitely many?"""
    return isinstance(value, Stairs) or not value.trend


def edge(end: End) -> Edge:
    """An end as it is told."""
    return Edge(None if end.infinite else end.at, not end.outside)


def _side(outcome: Outcome, cell: Range, exact: Exact, size: Fraction) -> Side:
    step = outcome.step
    named = {"case": outcome.number, "clause": step.case.text if step else "", "line": step.case.line if step else 0}
    if not outcome.values:
        return Side(kind=outcome.kind, **named)  # type: ignore[arg-type]
    if outcome.kind != SCORE:
        low, high = (exact.ends(x, cell)[0] for x in outcome.values)
        return Side(kind=outcome.kind, low=low, high=high, **named)  # type: ignore[arg-type]
    value = outcome.values[0]
    raw = unrounded(value)
    low, high = exact.ends(value, cell)
    curve = (raw.a * size, raw.b, raw.c * size, raw.d) if isinstance(raw, Curve) else None
    return Side(kind=SCORE, low=low, high=high, curve=curve, **named)  # type: ignore[arg-type]


def joined(found: list[Stretch], exact: Exact) -> Iterator[Stretch]:
    """Neighbours on which both rules go on alike are one."""
    last: Stretch | None = None
    for stretch in found:
        if last is not None and _goes_on(last, stretch, exact):
            last = _together(last, stretch)
            continue
        if last is not None:
            yield last
        last = stretch
    if last is not None:
        yield last


def _goes_on(left: Stretch, right: Stretch, exact: Exact) -> bool:
    sides = ((left.before, right.before), (left.after, right.after))
    alike = all((a.kind, _shape(a)) == (b.kind, _shape(b)) for a, b in sides)
    first, second = _range_of(left), _range_of(right)
    return alike and exact.touch(first, second)


def _shape(side: Side) -> object:
    """What the side gives, whatever case decides."""
    if side.kind != SCORE or side.curve is None:
        return side.low, side.high
    a, b, c, d = side.curve
    if not a and not c:
        return b / d
    lead = next(x for x in (d, c) if x)
    return tuple(x / lead for x in side.curve)


def _range_of(stretch: Stretch) -> Range:
    assert stretch.low is not None and stretch.high is not None  # only ranges of numbers are joined
    low = LOWEST if stretch.low.at is None else End(0, stretch.low.at, not stretch.low.closed)
    high = HIGHEST if stretch.high.at is None else End(0, stretch.high.at, not stretch.high.closed)
    return Range(low, high)


def _together(left: Stretch, right: Stretch) -> Stretch:
    before = attrs.evolve(_with_clause(left.before, right.before), high=right.before.high)
    after = attrs.evolve(_with_clause(left.after, right.after), high=right.after.high)
    larger = right if abs(right.largest or ZERO) > abs(left.largest or ZERO) else left
    return attrs.evolve(
        left, high=right.high, before=before, after=after, largest=larger.largest, at=larger.at,
        at_scores=larger.at_scores, partly=left.partly or right.partly,
    )  # fmt: skip


def _with_clause(left: Side, right: Side) -> Side:
    if left.case == right.case:
        return left
    words = dict.fromkeys([*left.clause.split("；"), *right.clause.split("；")])
    return attrs.evolve(left, clause="；".join(words))
