"""What each change costs, and which outcomes of a lever are worth looking at; the number to write for one of them."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from perfdsl import advice as m
from perfdsl.advise.levers import Lever, Outcome, Told, holds
from perfdsl.bounds import Range
from perfdsl.quantity import format_number

ZERO, ONE = Fraction(0), Fraction(1)
MOST_PLACES = 12


class Way(NamedTuple):
    """An outcome as it is reached: how far off (0: nothing changes), and from which side a number comes (up, down)."""

    far: Fraction
    side: str
    outcome: Outcome


class Option(NamedTuple):
    """A way that is worth its cost: ``position`` among the ways of its lever."""

    lever: Lever
    way: Way
    sum: Fraction
    cost: Fraction


def ways(lever: Lever) -> list[Way]:
    """Every outcome in the direction of the target, the nearest first; without a value yet, the least demanding first."""
    if not lever.numeric:
        return _told_ways(lever)
    found = [_way(lever, x) for x in lever.outcomes]
    if lever.now is None:
        made = [Way(Fraction(i), "up", x) for i, x in enumerate(lever.outcomes)]
        if lever.direction == "lower":
            made = [Way(Fraction(i), "down", x) for i, x in enumerate(reversed(lever.outcomes))]
        return made
    wanted = {"higher": ("", "up"), "lower": ("", "down")}.get(lever.direction, ("", "up", "down"))
    return sorted((x for x in found if x.side in wanted), key=lambda x: (x.far, not _attained(x)))


def _way(lever: Lever, outcome: Outcome) -> Way:
    cell, now = outcome.spot, lever.now
    assert isinstance(cell, Range)  # numbers have ranges
    if now is None or holds(cell, now):
        return Way(ZERO, "", outcome)
    if not cell.low.infinite and cell.low.at >= now:
        return Way(cell.low.at - now, "up", outcome)
    return Way(now - cell.high.at, "down", outcome)


def _attained(way: Way) -> bool:
    cell = way.outcome.spot
    assert isinstance(cell, Range)
    return not (cell.low if way.side == "up" else cell.high).outside


def _told_ways(lever: Lever) -> list[Way]:
    """Fewest moves, or lowest marks and words, first."""
    found: list[Way] = []
    start = lever.current.sum if lever.current is not None else None
    for outcome in lever.outcomes:
        told, total = outcome.spot, outcome.sum
        assert isinstance(told, Told)
        if total is not None:
            steps = Fraction(len(told.moves.texts)) if told.moves is not None else total - (start or ZERO)
            found.append(Way(steps, "", outcome))
    found.sort(key=lambda x: x.far)
    if lever.current is None or lever.kind == m.ENTRIES:
        return found
    return [Way(ZERO, "", lever.current), *(x for x in found if x.far > 0 or not lever.rows)]


def changes_nothing(lever: Lever, way: Way) -> bool:
    """Is this what there is already?"""
    if lever.missing:
        return False
    if lever.kind == m.ENTRIES:
        return not way.far
    return way.outcome is lever.current


def options(lever: Lever, prices: m.Prices, joint: frozenset[int] = frozenset()) -> list[Option]:
    """What may be chosen, each dearer and better than the one before; nothing at all where nothing is allowed.

    ``joint`` are ceilings that several levers look at: whether they forbid the goal is seen when the set is replayed.
    """
    open_ways = [x for x in ways(lever) if not x.outcome.bars - joint and x.outcome.sum is not None]
    if not may_change(lever, prices):
        open_ways = [x for x in open_ways if changes_nothing(lever, x)]
    price = _price(lever, open_ways, prices)
    found: list[Option] = []
    for way in open_ways:
        made = Option(lever, way, way.outcome.sum or ZERO, ZERO if changes_nothing(lever, way) else price(way))
        if not found or made.sum > found[-1].sum:
            found.append(made)
    return found


def may_change(lever: Lever, prices: m.Prices) -> bool:
    """Is it allowed to change?  What is missing has to be filled in whatever that costs, unless it is fixed."""
    if lever.why or lever.name in prices.fixed or lever.key in prices.fixed:
        return False
    return prices.rates is None or lever.missing or rate_of(lever, prices) is not None


def rate_of(lever: Lever, prices: m.Prices) -> Fraction | None:
    """The cost of one unit."""
    rates = prices.rates or {}
    return rates.get(lever.key, rates.get(lever.name))


def _price(lever: Lever, found: Sequence[Way], prices: m.Prices) -> Callable[[Way], Fraction]:
    """What a way costs (docs/advise.md, 最省的组合)."""
    best = max((x.outcome.sum or ZERO for x in found), default=ZERO)
    whole = next((x.far for x in found if (x.outcome.sum or ZERO) == best), ZERO)
    if prices.rates is not None:
        rate, scale = rate_of(lever, prices) or ZERO, lever.unit.scale if lever.numeric else ONE
        if lever.numeric and lever.now is None:
            return lambda way: rate * _reach(way) / scale
        return lambda way: rate * way.far / scale
    if prices.measure == "count":
        return lambda way: ONE
    if lever.missing and lever.kind != m.ENTRIES:
        return lambda way: max(way.outcome.sum or ZERO, ZERO) / best if best > 0 else ZERO
    if prices.measure == "target" and lever.numeric and lever.target:
        aim = abs(lever.target)
        return lambda way: way.far / aim
    return lambda way: way.far / whole if whole else ONE


def _reach(way: Way) -> Fraction:
    """How far from nothing the number has to come, where more is to be done."""
    cell = way.outcome.spot
    if way.side != "up" or not isinstance(cell, Range) or cell.low.infinite:
        return ZERO
    return max(cell.low.at, ZERO)


# ---- the number to write


def limit_of(way: Way) -> tuple[Fraction | None, bool]:
    """The exact end of the range from which a number comes, and whether it is enough itself; None: any number will do."""
    cell = way.outcome.spot
    assert isinstance(cell, Range)
    end = cell.low if way.side == "up" else cell.high
    return (None, True) if end.infinite else (end.at, not end.outside)


def written(lever: Lever, way: Way, good: Range) -> Fraction | None:
    """The number nearest to the limit with two decimals of the printed unit that lies in ``good``; more where two are too few."""
    limit, attained = limit_of(way)
    if limit is None:
        return next((x for x in (ZERO, _inner(good)) if holds(good, x) and lever.domain.holds(x)), None)
    if lever.domain.whole:
        return limit if lever.domain.holds(limit) else None
    scale, sign = lever.unit.scale, 1 if way.side == "up" else -1
    for places in range(2, MOST_PLACES + 1):
        size = scale / 10**places
        count = -((-limit) // size) if sign > 0 else limit // size
        near = count * size
        for value in (near, near + sign * size):
            if holds(good, value) and lever.domain.holds(value):
                return Fraction(value)
    return limit if attained else None


def _inner(cell: Range) -> Fraction:
    return cell.low.at if cell.high.infinite else cell.high.at


def worse(lever: Lever, way: Way) -> Fraction | None:
    """A number a little short of the limit; None where there is none."""
    limit, attained = limit_of(way)
    if limit is None:
        return None
    sign = 1 if way.side == "up" else -1
    tiny = lever.domain.step if lever.domain.whole else lever.unit.scale / 10**9
    value = limit - sign * tiny if attained else limit
    passed = lever.now is not None and (value - lever.now) * sign <= 0
    return value if lever.domain.holds(value) and not passed else None


def run_of(found: Sequence[Way], first: int, good: Callable[[Outcome], bool]) -> Range:
    """The range from one way on, as long as the next ones touch it and are good too."""
    way = found[first]
    cell = way.outcome.spot
    assert isinstance(cell, Range)
    for other in found[first + 1 :]:
        if other.side != way.side:
            continue
        if not good(other.outcome) or not isinstance(other.outcome.spot, Range):
            break
        cell = (
            Range(cell.low, other.outcome.spot.high) if way.side == "up" else Range(other.outcome.spot.low, cell.high)
        )
    return cell


def change_to(
    lever: Lever, way: Way, good: Range | None, cost: Fraction = ZERO
) -> tuple[m.Change, Fraction | Told] | None:
    """The change in words and the thing to fill in; None where no number could be written down."""
    before = lever.current.sum if lever.current is not None and lever.rows else None
    after = way.outcome.sum if lever.rows else None
    told = way.outcome.spot
    if isinstance(told, Told):
        moves = told.moves.texts if told.moves is not None else ()
        mark = f"{format_number(told.mark)}分" if told.mark is not None else ""
        value = "、".join(moves) or " ".join(x for x in (told.word or "", mark) if x)
        return m.Change(kind=lever.kind, key=lever.key, name=lever.name, before=lever.shown, value=value, moves=moves, score=before,
                        after=after, cost=cost), told  # fmt: skip
    assert good is not None  # numbers have a range
    number = written(lever, way, good)
    if number is None:
        return None
    limit, attained = limit_of(way)
    only = lever.direction not in ("higher", "lower") and good.low == good.high
    scale = ONE if lever.day else lever.unit.scale
    return m.Change(
        kind=lever.kind, key=lever.key, name=lever.name, before=lever.shown, value=lever.text(number), unit=lever.unit.text,
        bound=None if limit is None else limit / scale, bound_text="" if limit is None else lever.text(limit), side="same" if only else way.side, attained=attained,
        score=before, after=after, cost=cost,
    ), number  # fmt: skip
