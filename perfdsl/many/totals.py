"""Groups and the total over columns: what ``evaluate`` does for one object, for a block of them.

Which rows apply is known beforehand here; a column without an open score is its own low and high.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.evaluate import Engine
from perfdsl.many.indicator import Scale, whole
from perfdsl.scorecard import NOT_APPLICABLE

Scores = Sequence[int | None]


class Block(NamedTuple):
    """Scores of some objects; ``low is scores`` when none is open."""

    scores: Scores
    low: Sequence[int]
    high: Sequence[int]

    @property
    def complete(self) -> bool:
        """Is no score open?"""
        return self.low is self.scores


Sum = Callable[[Mapping[str, Block], int], Block]


class Part(NamedTuple):
    """A row or a group of which something is the sum; fixed facts come from the engine."""

    sum: Sum
    points: Fraction | None
    applies: bool
    bonus: bool


class Tree:
    """Builds the sums of a plan whose rows apply or not, whatever is given."""

    def __init__(self, engine: Engine, scale: Scale) -> None:
        self.engine = engine
        self.plan = engine.plan
        self.scale = scale

    def whole(self) -> Sum:
        """The total: groups, then bonus blocks, inside 0 and the most it may be."""
        parts = self.parts((), self.plan.roots)
        total = self.plan.total or Fraction(0)
        most = self.plan.most if self.plan.most is not None else total
        base = self.shared_out((), total, [x for x in parts if not x.bonus])
        return clamped(added([base, *(x.sum for x in parts if x.bonus)]), 0, whole(most, self.scale.units))

    def parts(self, above: p.Path, names: tuple[str, ...]) -> list[Part]:
        """What counts directly below."""
        found: list[Part] = []
        for name in names:
            path = "/".join((*above, name))
            row = self.engine.rows.get(path)
            if row is not None and (row.points is not None or row.bonus):
                status = self.engine.indicator(path).status
                found.append(Part(one(path), row.points, status != NOT_APPLICABLE, row.bonus))
            elif path in self.engine.groups:
                group, made = self.engine.groups[path], self.engine.group(path)
                if made.points is not None or made.bonus or group.bonus:
                    found.append(Part(self.group(group), made.points, made.applicable, made.bonus))
        return found

    def group(self, group: p.PlanGroup) -> Sum:
        """The contribution of one group."""
        parts = self.parts(group.path, group.children)
        points = self.engine.counts_for(group)
        all_bonus = group.points is None and group.weight is None and bool(parts) and all(x.bonus for x in parts)
        if group.bonus is not None or all_bonus:
            return self.block(group, parts)
        if points is None:
            return same(0)
        if group.either:
            fixed = self.plan.not_applicable in ("full", "zero")
            live = [x.sum for x in parts if x.applies] or [x.sum for x in parts if fixed]
            made = best(live) if live else never(whole(points, self.scale.units))
            return self.multiplied(group, made, points) if live else made
        return self.shared_out(group.path, points, parts)

    def block(self, group: p.PlanGroup, parts: list[Part]) -> Sum:
        """Bonus rows inside the block's limits; without limits of its own their sum is the sum."""
        inner = added([x.sum for x in parts])
        if group.bonus is None:
            return inner  # a factor stands on a group with limits of its own
        low, high = group.bonus
        if (by := _constant(group)) is not None:
            inner = rescaled(inner, by, self.scale)
        return clamped(inner, whole(low, self.scale.units), whole(high, self.scale.units))

    def shared_out(self, path: p.Path, points: Fraction, parts: list[Part]) -> Sum:
        """A sum, rescaled where parts do not apply or the group has a weight."""
        live = [x for x in parts if x.applies] if self.plan.not_applicable in ("rescale", "to") else parts
        if not live and parts:
            return never(whole(points, self.scale.units))
        possible = sum((x.points or Fraction(0) for x in live), Fraction(0))
        full = self.engine.worth(path, points, possible)
        inner = added([x.sum for x in live])
        group = self.engine.groups.get("/".join(path))
        by = Fraction(1) if possible == full or not possible else full / possible
        if group is not None and group.factor is not None:
            return self.multiplied(group, inner, full, by)
        return inner if possible == full or not possible else rescaled(inner, by, self.scale)

    def multiplied(self, group: p.PlanGroup, inner: Sum, full: Fraction, by: Fraction = Fraction(1)) -> Sum:
        """Times a constant factor, rounded once with ``by``, at most what the group may come to."""
        factor = _constant(group)
        if factor is None:
            return inner
        most = full
        if group.most is not None:
            most = self.engine.rounded(full * group.most / group.points) if group.points else group.most
        return clamped(rescaled(inner, by * factor, self.scale), 0, whole(most, self.scale.units))


def _constant(group: p.PlanGroup) -> Fraction | None:
    """The factor of a group where it is the same for all objects."""
    value = group.factor.value if group.factor is not None else None
    return value.value if isinstance(value, c.Const) and isinstance(value.value, Fraction) else None


def one(path: str) -> Sum:
    """A row."""
    return lambda rows, _: rows[path]


def same(value: int) -> Sum:
    """A group that is not scored counts nothing and stays open."""
    return lambda _, count: Block([None] * count, [value] * count, [value] * count)


def never(points: int) -> Sum:
    """A group in which nothing applies."""
    return lambda _, count: Block([None] * count, [0] * count, [points] * count)


def added(parts: Sequence[Sum]) -> Sum:
    """A sum; open while a part is."""

    def run(rows: Mapping[str, Block], count: int) -> Block:
        blocks = [part(rows, count) for part in parts]
        low = _sums([b.low for b in blocks], count)
        if all(b.complete for b in blocks):
            return Block(low, low, low)
        columns = zip(*(b.scores for b in blocks), strict=True)
        scores = [None if None in found else sum(found) for found in columns]
        return Block(scores, low, _sums([b.high for b in blocks], count))

    return run


def _sums(columns: list[Sequence[int]], count: int) -> list[int]:
    return list(map(sum, zip(*columns, strict=True))) if columns else [0] * count


def clamped(inner: Sum, low: int, high: int) -> Sum:
    """Inside limits."""
    return each(inner, lambda x: min(max(x, low), high))


def rescaled(inner: Sum, by: Fraction, scale: Scale) -> Sum:
    """Times a constant, rounded."""
    size: int = 10**scale.places
    more = scale.units // size
    top, bottom = by.numerator * size, by.denominator * scale.units

    def run(x: int) -> int:
        found: int = (2 * abs(x) * abs(top) + bottom) // (2 * bottom) * more
        return found if x * top >= 0 else -found

    return each(inner, run)


def each(inner: Sum, change: Callable[[int], int]) -> Sum:
    """The same change for every score and limit."""

    def run(rows: Mapping[str, Block], count: int) -> Block:
        scores, low, high = inner(rows, count)
        changed = [change(x) for x in low]
        if low is scores:
            return Block(changed, changed, changed)
        return Block([None if x is None else change(x) for x in scores], changed, [change(x) for x in high])

    return run


def best(parts: Sequence[Sum]) -> Sum:
    """The best counts; open while it is not the same at both ends."""

    def run(rows: Mapping[str, Block], count: int) -> Block:
        blocks = [part(rows, count) for part in parts]
        low = list(map(max, zip(*(b.low for b in blocks), strict=True)))
        if all(b.complete for b in blocks):
            return Block(low, low, low)
        high = list(map(max, zip(*(b.high for b in blocks), strict=True)))
        return Block([a if a == b else None for a, b in zip(low, high, strict=True)], low, high)

    return run
