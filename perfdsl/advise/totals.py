"""How printed scores make the total, as a tree whose every node grows with its parts; what applies and every factor stay as they are."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from perfdsl import core as c
from perfdsl.evaluate import Engine
from perfdsl.quantity import round_half_up
from perfdsl.scorecard import NOT_APPLICABLE, GroupScore, IndicatorScore

ZERO = Fraction(0)
Scores = Mapping[str, Fraction | None]


class Leaf(NamedTuple):
    """A row by its path; ``settled`` rows do not apply and keep the score they have."""

    path: str
    settled: bool = False


class Node(NamedTuple):
    """A sum of parts (``best``: the best of them), times ``by``, rounded to ``places``, inside ``limits``.

    ``by`` is 1 where nothing is multiplied (then nothing is rounded), None where a factor is not known.
    """

    path: str
    parts: tuple["Node | Leaf", ...]
    places: int
    best: bool = False
    by: Fraction | None = Fraction(1)
    rounded: bool = False
    limits: tuple[Fraction, Fraction] | None = None

    @property
    def plain(self) -> bool:
        """Does it only add up?"""
        return not self.best and not self.rounded and self.limits is None

    def after(self, value: Fraction) -> Fraction | None:
        """What becomes of the sum."""
        if self.by is None:
            return None
        made = round_half_up(value * self.by, self.places) if self.rounded else value
        return made if self.limits is None else min(max(made, self.limits[0]), self.limits[1])

    def value(self, scores: Scores) -> Fraction | None:
        """The contribution of these scores; None while one of them is open."""
        found = [part.value(scores) if isinstance(part, Node) else scores.get(part.path) for part in self.parts]
        known = [x for x in found if x is not None]
        if len(known) < len(found):
            return None
        return self.after(max(known, default=ZERO) if self.best else sum(known, ZERO))

    def expr(self, score: Callable[[str], c.Expr]) -> c.Expr:
        """The same in the calculus."""
        found = tuple(part.expr(score) if isinstance(part, Node) else score(part.path) for part in self.parts)
        made: c.Expr = (c.Max(found) if self.best else c.Add(found)) if found else c.ZERO
        if self.by is None:
            return c.UNDEFINED
        if self.rounded:
            made = c.Round(c.Mul((made, c.Const(self.by))), self.places)
        if self.limits is not None:
            made = c.Min((c.Max((made, c.Const(self.limits[0]))), c.Const(self.limits[1])))
        return made

    def leaves(self) -> Iterator[str]:
        """The rows that count."""
        for part in self.parts:
            yield from part.leaves() if isinstance(part, Node) else (part.path,)

    def nodes(self) -> Iterator["Node"]:
        """Itself and every node below."""
        yield self
        for part in self.parts:
            if isinstance(part, Node):
                yield from part.nodes()


def tree(engine: Engine) -> Node:
    """The tree of one object as it was evaluated."""
    plan = engine.plan
    total = plan.total if plan.total is not None else ZERO
    parts = engine.parts((), plan.roots)
    base = _shared(engine, (), total, [x for x in parts if not x.bonus])
    bonus = tuple(_part(engine, x) for x in parts if x.bonus)
    inside = (ZERO, plan.most if plan.most is not None else total)
    return Node("", (base, *bonus), plan.rounding, limits=inside)


def _part(engine: Engine, made: IndicatorScore | GroupScore) -> Node | Leaf:
    path = "/".join(made.path)
    if isinstance(made, IndicatorScore):
        return Leaf(path, made.status == NOT_APPLICABLE)
    group, places = engine.groups[path], engine.plan.rounding
    parts = engine.parts(group.path, group.children)
    points = engine.counts_for(group)
    if made.bonus:
        by, rounded = _factor(engine, group.factor, Fraction(1))
        return Node(path, tuple(_part(engine, x) for x in parts), places, by=by, rounded=rounded, limits=group.bonus)
    if not group.either or points is None:
        return _shared(engine, group.path, points or ZERO, parts)
    fixed = engine.plan.not_applicable in ("full", "zero")
    live = [x for x in parts if _applies(x)] or (parts if fixed else [])
    by, rounded = _factor(engine, group.factor, Fraction(1))
    inside = (ZERO, _most(engine, path, points)) if group.factor is not None else None
    return Node(path, tuple(_part(engine, x) for x in live), places, best=True, by=by, rounded=rounded, limits=inside)


def _shared(engine: Engine, path: tuple[str, ...], points: Fraction, parts: list[IndicatorScore | GroupScore]) -> Node:
    """A sum, rescaled where parts do not apply or the group has a weight."""
    name, places = "/".join(path), engine.plan.rounding
    live = [x for x in parts if _applies(x)] if engine.plan.not_applicable in ("rescale", "to") else parts
    possible = sum((x.points or ZERO for x in live), ZERO)
    full = engine.worth(path, points, possible)
    group = engine.groups.get(name)
    scale = full / possible if possible and possible != full else Fraction(1)
    by, rounded = _factor(engine, group.factor if group is not None else None, scale)
    inside = (ZERO, _most(engine, name, full)) if group is not None and group.factor is not None else None
    return Node(name, tuple(_part(engine, x) for x in live), places, by=by, rounded=rounded, limits=inside)


def _factor(engine: Engine, factor: c.Factor | None, scale: Fraction) -> tuple[Fraction | None, bool]:
    """What a sum is multiplied by, and whether that is rounded."""
    if factor is None:
        return scale, scale != 1
    known = engine.value(factor.value, None)
    return (scale * known, True) if isinstance(known, Fraction) else (None, True)


def _most(engine: Engine, path: str, full: Fraction) -> Fraction:
    """The most a group with a factor may come to."""
    group = engine.groups[path]
    if group.most is None:
        return full
    return engine.rounded(full * group.most / group.points) if group.points else group.most


def _applies(part: IndicatorScore | GroupScore) -> bool:
    return part.applicable if isinstance(part, GroupScore) else part.status != NOT_APPLICABLE
