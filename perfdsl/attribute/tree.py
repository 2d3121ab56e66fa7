"""From rows to the total, level by level: what a point of each row weighs, and what the groups do by themselves.

A group counts its points times the share of their points its parts got (折算、组权重), times its own factor (系数), and a
remainder (rounding, a limit).
Where that share changes, each part answers for its score and, if its points changed or it left, for its points; where the
points of the group change, the group does.  Products are shared evenly: each factor weighs with the mean of the other.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl.attribute.shares import shares_of_best
from perfdsl.comparison import BONUS_LIMIT, CEILING, EITHER, FACTOR, LIMIT, MULTIPLIER, ROUNDING, TOTAL_LIMIT, Shift
from perfdsl.quantity import round_half_up
from perfdsl.scorecard import NOT_APPLICABLE, GroupScore, IndicatorScore, Scorecard

Path = tuple[str, ...]
Key = tuple[str, bool]
ZERO, ONE = Fraction(0), Fraction(1)


@attrs.frozen(kw_only=True)
class Node:
    """A row or group that counts; ``score`` is None while it is open."""

    path: Path
    score: Fraction | None
    points: Fraction
    bonus: bool = False
    either: bool = False
    times: Fraction = ONE
    rounding: int = 0
    parts: Mapping[Key, "Node"] | None = None  # None: a row

    @property
    def inside(self) -> Mapping[Key, "Node"]:
        return self.parts or {}

    @property
    def possible(self) -> Fraction:
        """The points of its parts."""
        return sum((part.points for part in self.inside.values()), ZERO)

    @property
    def factor(self) -> Fraction:
        """By how much the sum of the parts is multiplied: a weight, or the points of what does not apply."""
        return ONE if self.bonus or self.either or not self.possible else self.points / self.possible

    @property
    def sum(self) -> Fraction | None:
        """The sum of the parts; None while one of them is open."""
        scores = [part.score for part in self.inside.values() if part.score is not None]
        return sum(scores, ZERO) if len(scores) == len(self.inside) else None

    @property
    def got(self) -> Fraction | None:
        """What its parts come to before its own factor and limits; None while one of them is open."""
        return self.factor * self.sum if self.sum is not None else None

    @property
    def best(self) -> Fraction:
        """The best of the parts."""
        return max((_value(part) for part in self.inside.values()), default=ZERO)

    def rest(self, whole: Fraction | None) -> tuple[Fraction, Fraction] | None:
        """The score beyond ``whole`` times the factor of the group: rounding, and limits; None while it is open."""
        if self.score is None or whole is None:
            return None
        exact = whole * self.times
        rounded = round_half_up(exact, self.rounding)
        return rounded - exact, self.score - rounded

    @property
    def waits(self) -> bool:
        """Is it open although every part is known: its factor is not known yet?"""
        return self.score is None and bool(self.path) and not self.either and self.sum is not None


def tree_of(card: Scorecard) -> dict[Key, Node]:
    """The top rows and groups that count, each with its parts: with points or as a bonus, and applicable."""
    below: dict[Path, list[IndicatorScore | GroupScore]] = {}
    rows: list[IndicatorScore | GroupScore] = [*card.indicators, *card.groups]
    for row in rows:
        below.setdefault(row.path[:-1], []).append(row)
    return _parts(below, (), None, card.rounding)


def _parts(
    below: Mapping[Path, list[IndicatorScore | GroupScore]], above: Path, best: GroupScore | None, rounding: int
) -> dict[Key, Node]:
    """``best``: of a 择一 group, where what does not apply counts only if nothing else does, and what is still open no more
    once the best is known."""
    rows = [row for row in below.get(above, ()) if row.points is not None or row.bonus]
    live = [row for row in rows if _applies(row)]
    found = live if best is not None and live else [row for row in rows if _applies(row) or _stands_in(row)]
    if best is not None and best.score is not None:
        found = [row for row in found if row.score is not None]
    return {(row.path[-1], isinstance(row, GroupScore)): _node(below, row, rounding) for row in found}


def _node(
    below: Mapping[Path, list[IndicatorScore | GroupScore]], row: IndicatorScore | GroupScore, rounding: int
) -> Node:
    group = isinstance(row, GroupScore)
    best = row if isinstance(row, GroupScore) and row.either else None
    times = row.factor if isinstance(row, GroupScore) and row.factor is not None else ONE
    return Node(path=row.path, score=row.score, points=row.points or ZERO, bonus=row.bonus, either=best is not None, times=times,
                rounding=rounding, parts=_parts(below, row.path, best, rounding) if group else None)  # fmt: skip


def _applies(row: IndicatorScore | GroupScore) -> bool:
    return row.applicable if isinstance(row, GroupScore) else row.status != NOT_APPLICABLE


def _stands_in(row: IndicatorScore | GroupScore) -> bool:
    """Does it not apply and get points all the same (满分、零分)?"""
    return isinstance(row, IndicatorScore) and row.score is not None


class Weight(NamedTuple):
    """What a point of score is worth in the total, and what a point that the part does or does not carry costs it."""

    score: Fraction
    points: Fraction


class Counted(NamedTuple):
    """A row on one side: its weight, and the score and points with which it counts."""

    weight: Weight
    score: Fraction
    points: Fraction

    @property
    def amount(self) -> Fraction:
        """What it brings into the difference (the other side takes its own away)."""
        return self.weight.score * self.score - self.weight.points * self.points


class Levels:
    """The walk down both trees at once; ``before`` and ``after`` are the rows that count, by path."""

    def __init__(self) -> None:
        self.before: dict[Path, Counted] = {}
        self.after: dict[Path, Counted] = {}
        self.shifts: list[Shift] = []
        self.open: list[Path] = []
        self.undecided: set[Path] = set()  # rows whose part in the difference is not known

    def totals(self, before: Scorecard, after: Scorecard) -> None:
        """From both totals down: groups and rows, bonus blocks, the limits of the total, ceilings."""
        one, other = (_Top.of(card) for card in (before, after))
        whole = Weight(ONE, ZERO)
        self.group(one.base, other.base, whole)
        for key in dict.fromkeys([*other.bonus, *one.bonus]):
            self.part(one.bonus.get(key), other.bonus.get(key), whole)
        for kind, was, now in ((TOTAL_LIMIT, one.limited, other.limited), (CEILING, one.capped, other.capped)):
            if was is not None and now is not None:
                self.shift(Shift((), kind, now - was, was, now))

    def part(self, before: Node | None, after: Node | None, weight: Weight) -> None:
        """A row or group of either or both sides."""
        known = [side for side in (before, after) if side is not None]
        if known[0].parts is not None:
            self.group(before, after, weight)
        elif any(side.score is None for side in known):
            self.leave_open(before, after)
        else:
            for side, kept in ((before, self.before), (after, self.after)):
                if side is not None:
                    kept[side.path] = Counted(weight, _value(side), side.points)

    def group(self, before: Node | None, after: Node | None, weight: Weight) -> None:
        """A group of either or both sides: its parts, its points, its own factor, its remainder."""
        known = [side for side in (before, after) if side is not None]
        if any(side.waits for side in known):
            self.leave_open(before, after)
            return
        wholes = [side.best if all(x.either for x in known) else side.got for side in known]
        inner = Weight(weight.score * (known[0].times + known[-1].times) / 2, weight.points)
        if before is not None and after is not None:
            self.both(before, after, inner)
            gained = (after.times - before.times) * _mean(wholes[0], wholes[-1])
            self.shift(Shift(after.path, MULTIPLIER, weight.score * gained, before.times, after.times))
        else:
            self.alone(before, after, inner)
        self.remainder(before, after, weight.score, wholes)

    def both(self, before: Node, after: Node, weight: Weight) -> None:
        """A group that both sides have."""
        if before.either and after.either:
            self.best_of(before, after, weight)
        elif before.factor == after.factor == 1 and not before.either and not after.either:
            self.parts(before, after, weight)
        elif before.possible and after.possible and not before.either and not after.either:
            self.shared(before, after, weight)
        else:
            self.parts(before, after, Weight(weight.score * (before.factor + after.factor) / 2, ZERO))
            self.counts(before, after, weight, (after.factor - before.factor) * _mean(before.sum, after.sum))

    def alone(self, before: Node | None, after: Node | None, weight: Weight) -> None:
        """A group that only one side has."""
        only = after or before or _NOTHING
        if only.either:
            self.best_of(before, after, weight)
        elif only.possible:
            each = only.points / only.possible
            self.parts(before, after, Weight(weight.score * only.factor, weight.points * each))
        else:
            self.parts(before, after, Weight(weight.score, ZERO))
            self.counts(before, after, weight, ZERO)

    def parts(self, before: Node | None, after: Node | None, weight: Weight) -> None:
        """The parts of a group, all with one weight."""
        for key in _keys(before, after):
            self.part(_part(before, key), _part(after, key), weight)

    def shared(self, before: Node, after: Node, weight: Weight) -> None:
        """A group whose points are shared out among the parts that are left."""
        mean = (before.points + after.points) / 2
        each = weight.score * mean * (1 / before.possible + 1 / after.possible) / 2
        if before.sum is None or after.sum is None:
            for key in _keys(before, after):
                one, other = before.inside.get(key), after.inside.get(key)
                if one is None or other is None or one.points != other.points:
                    self.leave_open(one, other)
                else:
                    self.part(one, other, Weight(each, ZERO))
            return
        costs = weight.score * mean * (before.sum + after.sum) / (2 * before.possible * after.possible)
        self.parts(before, after, Weight(each, costs))
        rate = (before.sum / before.possible + after.sum / after.possible) / 2
        self.counts(before, after, weight, (after.points - before.points) * rate)

    def counts(self, before: Node | None, after: Node | None, weight: Weight, gained: Fraction) -> None:
        """What the points of a group itself do: to its score, and to its share in the group above."""
        was, now = (side.points if side is not None else ZERO for side in (before, after))
        path = (after or before or _NOTHING).path
        self.shift(Shift(path, FACTOR, weight.score * gained - weight.points * (now - was), was, now))

    def remainder(
        self, before: Node | None, after: Node | None, weight: Fraction, wholes: Sequence[Fraction | None]
    ) -> None:
        """What is neither in the parts nor in the points and the factor: rounding, the limits of a group or bonus block."""
        known = [side for side in (before, after) if side is not None]
        rests = [side.rest(whole) for side, whole in zip(known, wholes, strict=True)]
        was = rests[0] if before is not None else (ZERO, ZERO)
        now = rests[-1] if after is not None else (ZERO, ZERO)
        if was is None or now is None:
            return
        either = len({side.either for side in known}) > 1
        limit = EITHER if either else BONUS_LIMIT if known[-1].bonus else LIMIT
        for kind, old, new in ((ROUNDING, was[0], now[0]), (limit, was[1], now[1])):
            self.shift(Shift(known[-1].path, kind, weight * (new - old), old, new))

    def best_of(self, before: Node | None, after: Node | None, weight: Weight) -> None:
        """择一: each part has its share in what became of the best one."""
        known = [side for side in (before, after) if side is not None]
        if any(side.score is None for side in known):
            self.leave_open(before, after)
            return
        keys = _keys(before, after)
        was, now = ([_part(side, key) for key in keys] for side in (before, after))
        lowest = min([ZERO, *(_value(x) for x in (*was, *now))])
        shares = shares_of_best(*([_value(x) if x is not None else lowest for x in side] for side in (was, now)))
        rest = (after.best if after is not None else ZERO) - (before.best if before is not None else ZERO)
        for one, other, share in zip(was, now, shares, strict=True):
            moved = _value(other) - _value(one)
            self.part(one, other, Weight(weight.score * share / moved if moved else ZERO, ZERO))
            rest -= share if moved else ZERO
        self.shift(Shift(known[-1].path, EITHER, weight.score * rest, ZERO, rest))
        self.counts(before, after, weight, ZERO)

    def leave_open(self, before: Node | None, after: Node | None) -> None:
        """What nobody can say yet."""
        self.open.append((after or before or _NOTHING).path)
        self.undecided.update(_rows(before), _rows(after))

    def shift(self, made: Shift) -> None:
        """Keep what makes a difference."""
        if made.amount:
            self.shifts.append(made)


@attrs.frozen
class _Top:
    """A total taken apart: what its groups come to, bonus blocks, what its limits and ceilings took or gave."""

    base: Node
    bonus: dict[Key, Node]
    limited: Fraction | None
    capped: Fraction | None

    @classmethod
    def of(cls, card: Scorecard) -> "_Top":
        parts = tree_of(card)
        plain = {key: part for key, part in parts.items() if not part.bonus}
        bonus = {key: part for key, part in parts.items() if part.bonus}
        base = Node(path=(), score=None, points=card.points or ZERO, rounding=card.rounding, parts=plain)
        score = base.sum
        if score is not None and base.factor != 1:
            score = round_half_up(score * base.factor, card.rounding)
        base = attrs.evolve(base, score=score)
        added = [part.score for part in bonus.values()]
        uncapped = card.before_ceilings if card.before_ceilings is not None else card.total
        limited = None
        if score is not None and uncapped is not None and None not in added:
            limited = uncapped - score - sum((x for x in added if x is not None), ZERO)
        capped = card.total - uncapped if card.total is not None and uncapped is not None else None
        return cls(base, bonus, limited, capped)


_NOTHING = Node(path=(), score=None, points=ZERO)


def _rows(node: Node | None) -> set[Path]:
    """The rows at or below a node."""
    if node is None:
        return set()
    return {node.path} if node.parts is None else set().union(*map(_rows, node.parts.values()))


def _mean(one: Fraction | None, other: Fraction | None) -> Fraction:
    return (one + other) / 2 if one is not None and other is not None else ZERO


def _value(side: Node | None) -> Fraction:
    return side.score if side is not None and side.score is not None else ZERO


def _part(side: Node | None, key: Key) -> Node | None:
    return side.inside.get(key) if side is not None else None


def _keys(before: Node | None, after: Node | None) -> list[Key]:
    """The parts of both sides, those of the result at hand first and in its order."""
    inside = [*(after.inside if after is not None else ()), *(before.inside if before is not None else ())]
    return list(dict.fromkeys(inside))
