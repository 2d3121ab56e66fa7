"""The cheapest set of changes: what belongs together is one item, special groups are settled inside, the rest adds up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from perfdsl import advice as m
from perfdsl.advise.cheapest import Budget, Choice, TooLong, frontier, least
from perfdsl.advise.levers import Lever
from perfdsl.advise.menu import Option, changes_nothing, options
from perfdsl.advise.totals import Leaf, Node

ZERO = Fraction(0)


class Found(NamedTuple):
    """The options chosen, or why there are none; ``held`` are levers kept as they are because they reach into several groups."""

    options: tuple[Option, ...] = ()
    cost: Fraction = ZERO
    value: Fraction | None = None
    why: str = ""
    held: tuple[tuple[str, str], ...] = ()


class Bundle(NamedTuple):
    """Levers that share rows: at most one of them changes."""

    levers: tuple[Lever, ...]
    rows: frozenset[str]


def bundles(levers: Sequence[Lever]) -> list[Bundle]:
    """Levers joined where they move the same row."""
    found: list[Bundle] = []
    for lever in levers:
        own = [b for b in found if b.rows & set(lever.rows)]
        joined = Bundle(
            (*(x for b in own for x in b.levers), lever), frozenset(lever.rows).union(*(b.rows for b in own))
        )
        found = [*(b for b in found if b not in own), joined]
    return found


class Search:
    """One search over the tree of one object: ``scores`` are the printed scores as they are, ``holding`` the ceilings that
    forbid the goal as things are; those that are ``lasting`` are passed over."""

    def __init__(
        self,
        total: Node,
        scores: Mapping[str, Fraction | None],
        *,
        holding: frozenset[int],
        lasting: frozenset[int],
        levers: Sequence[Lever],
        prices: m.Prices,
    ) -> None:
        self.total, self.scores, self.holding, self.prices = total, scores, holding - lasting, prices
        looked = Counter(i for lever in levers for i in lever.ceilings)
        self.joint = lasting | {i for i, count in looked.items() if count > 1}
        self.anchors: dict[str, str] = {}
        self._anchor(total, "")
        self.held: list[tuple[str, str]] = [(x.name, x.why) for x in levers if x.why]
        self.items: dict[str, list[list[Choice]]] = {}
        self.settled: set[str] = set()
        self.stuck = ""
        for bundle in bundles([x for x in levers if not x.why]):
            self._place(bundle)

    def _anchor(self, node: Node, inside: str) -> None:
        """Which special node each row belongs to; plain sums belong to what they are summed in."""
        for index, part in enumerate(node.parts):
            own = f"{inside}#{index}" if node.best else inside
            if isinstance(part, Leaf):
                self.anchors[part.path] = own
            else:
                self._anchor(part, own if part.plain else f"{own}/{part.path}")

    def _place(self, bundle: Bundle) -> None:
        """Its choices, beside those of the group it belongs to."""
        where = {self.anchors[row] for row in bundle.rows}
        choices = self._choices(bundle)
        if len(where) > 1:
            self.held += [(x.name, m.TANGLED) for x in bundle.levers]
            choices = [x for x in choices if isinstance(x.pick, tuple) and not x.pick]
        if not choices:
            self.stuck = self.stuck or "、".join(dict.fromkeys(x.name for x in bundle.levers))
            return
        if len(where) > 1:
            return
        self.items.setdefault(next(iter(where), ""), []).append(choices)
        self.settled |= bundle.rows

    def _choices(self, bundle: Bundle) -> list[Choice]:
        """As it is, or one of its levers changed: the sum of all its rows, and the cost."""
        present = [self.scores.get(row) for row in sorted(bundle.rows)]
        known = [x for x in present if x is not None]
        caps = {i for lever in bundle.levers for i in lever.ceilings} - self.joint
        made = [] if caps & self.holding or len(known) < len(present) else [Choice(sum(known, ZERO), ZERO, ())]
        for lever in bundle.levers:
            others = [self.scores.get(row) for row in sorted(bundle.rows - set(lever.rows))]
            if any(x is None for x in others) or (caps - set(lever.ceilings)) & self.holding:
                continue
            base = sum((x for x in others if x is not None), ZERO)
            found = [x for x in options(lever, self.prices, self.joint) if not changes_nothing(lever, x.way)]
            made += [Choice(base + option.sum, option.cost, (option,)) for option in found]
        return made

    def least(self, need: Fraction) -> Found:
        """The cheapest way to come to ``need``."""
        held = tuple(self.held)
        if self.stuck:
            return Found(why=m.INCOMPLETE, held=held)
        budget = Budget()
        try:
            items = self._items(self.total, "", budget)
            if items is None:
                return Found(why=m.INCOMPLETE, held=held)
            plan = least(items, need, budget)
        except TooLong:
            return Found(why=m.TOO_LONG, held=held)
        if plan is None:
            return Found(why=m.IMPOSSIBLE, held=held)
        return Found(_flat(plan.picks), plan.cost, plan.value, held=held)

    def highest(self) -> Fraction | None:
        """The highest total of all changes together."""
        if self.stuck:
            return None
        budget = Budget()
        free = {path: [[x._replace(cost=ZERO) for x in item] for item in items] for path, items in self.items.items()}
        kept, self.items = self.items, free
        try:
            items = self._items(self.total, "", budget)
            best = frontier(items, budget)[-1].value if items is not None else None
        except TooLong:
            best = None
        self.items = kept
        return None if best is None else self.total.after(best)

    def _items(self, node: Node, inside: str, budget: Budget) -> list[list[Choice]] | None:
        """The items that add up in a node: bundles, special groups settled inside, and what stays as it is."""
        found = list(self.items.get(inside, []))
        still = ZERO
        for part in node.parts:
            if isinstance(part, Leaf):
                if part.path not in self.settled:
                    score = self.scores.get(part.path)
                    if score is None:
                        return None
                    still += score
                continue
            own = inside if part.plain else f"{inside}/{part.path}"
            inner = self._plain(part, inside, budget) if part.plain else self._special(part, own, budget)
            if inner is None:
                return None
            found += inner
        return [*found, [Choice(still, ZERO, ())]]

    def _plain(self, node: Node, inside: str, budget: Budget) -> list[list[Choice]] | None:
        """A plain sum inside another: its bundles are already with those of the sum it belongs to."""
        kept = self.items.pop(inside, [])
        found = self._items(node, inside, budget)
        self.items[inside] = kept
        return found

    def _special(self, node: Node, own: str, budget: Budget) -> list[list[Choice]] | None:
        """A group that rounds, limits or chooses, as one item."""
        if node.best:
            choices = self._best(node, own, budget)
        else:
            items = self._items(node, own, budget)
            choices = (
                None if items is None else [Choice(x.value, x.cost, _flat(x.picks)) for x in frontier(items, budget)]
            )
        if choices is None:
            return None
        after = [(node.after(x.value), x) for x in choices]
        known = [Choice(value, x.cost, x.pick) for value, x in after if value is not None]
        return [known] if len(known) == len(after) else None

    def _best(self, node: Node, own: str, budget: Budget) -> list[Choice] | None:
        """择一: one part is changed, the others stay as cheap as they can; the best of them counts."""
        parts: list[list[Choice]] = []
        for index, part in enumerate(node.parts):
            alone = Node("", (part,), node.places)
            place = f"{own}#{index}"
            items = self._items(alone, place, budget)
            if items is None:
                return None
            parts.append([Choice(x.value, x.cost, _flat(x.picks)) for x in frontier(items, budget)])
        lowest = [choices[0] for choices in parts]
        found: list[Choice] = []
        for index, choices in enumerate(parts):
            others = [x for i, x in enumerate(lowest) if i != index]
            for choice in choices:
                value = max([choice.value, *(x.value for x in others)])
                cost = choice.cost + sum((x.cost for x in others), ZERO)
                picks = (*_picked(choice.pick), *(y for x in others for y in _picked(x.pick)))
                found.append(Choice(value, cost, picks))
        return found


def _flat(picks: Sequence[object]) -> tuple[Option, ...]:
    return tuple(option for pick in picks for option in _picked(pick))


def _picked(pick: object) -> tuple[Option, ...]:
    return pick if isinstance(pick, tuple) else ()
