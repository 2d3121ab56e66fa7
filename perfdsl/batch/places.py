"""The places of many objects at once: what ``cohort.Circle`` says of each, by sorting whole numbers.

What is compared becomes its number in the order of all values (``Crowd``), so that nothing is ever divided to be compared.
Of an object in a class are certain those that take part for certain with one value; the others are open: between two
limits, and perhaps not there at all.  One whose class is not given may be in any.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import attrs

from perfdsl.core import Comparison
from perfdsl.integers import APART, SURE
from perfdsl.program import ABSENT, MISSING, NUMBER, STATES

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

NOWHERE = -1
SMALL, LONG, DIGITS = 1 << 31, 1 << 62, 31
BEST = ("best", "worst")


@attrs.frozen(eq=False)
class Crowd:
    """What all objects bring to one comparison: where the limits of each stand among ``values``, 0 the least.

    -1 in ``low`` and the number of values in ``high`` is without limit.  ``part`` is APART, UNSURE or SURE; ``measure`` is
    alike for those that can be compared (None: all can).  ``tops / bottoms`` are the values.  Each stands for so many
    objects that bring the same (``counts``; None: for one).
    """

    low: "Array"
    high: "Array"
    part: "Array"
    measure: "Array | None"
    tops: "Array"
    bottoms: "Array | int"
    counts: "Array | None" = None

    @property
    def alone(self) -> bool:
        """Is there only one object?"""
        return len(self.part) == 1 and (self.counts is None or int(self.counts[0]) == 1)


class Placed(NamedTuple):
    """A comparison for every object: numbers, of which ``bottoms`` are the denominators (None: whole), and states."""

    numbers: "Array"
    bottoms: "Array | int | None"
    states: "Array"


class Brought(NamedTuple):
    """What the objects of one part bring: limits as whole ``1/per`` (0: ``low / high``), open ones, parts, measures."""

    low: "Array"
    high: "Array"
    per: int
    open: "Array"
    part: "Array"
    measure: "Array"


def crowd(
    parts: Sequence[Brought], missing: tuple[Fraction | None, Fraction | None] | None, counts: "Array | None" = None
) -> Crowd:
    """All parts as one; ``missing`` are the limits of a value that is not known (None: it has its own)."""
    import numpy as np

    part = np.concatenate([x.part for x in parts]).astype(np.uint8)
    measure = np.concatenate([x.measure for x in parts])
    alike = None if not len(measure) or (measure == measure[0]).all() else np.unique(measure, return_inverse=True)[1]
    if missing is None:
        (low, high), tops, bottoms = _ordered([[(x.low, x.per) for x in parts], [(x.high, x.per) for x in parts]])
        return Crowd(low, high, part, alike, tops, bottoms, counts)
    limits = [(np.array([x.numerator], dtype=object), x.denominator) for x in missing if x is not None]
    values = [(np.where(x.open, 0, x.low), x.per if x.per else np.where(x.open, 1, x.high)) for x in parts]
    (code, *ends), tops, bottoms = _ordered([values, *([x] for x in limits)])
    found = iter(ends)
    low_end, high_end = (
        next(found)[0] if x is not None else end for x, end in zip(missing, (-1, len(tops)), strict=True)
    )
    is_open = np.concatenate([x.open for x in parts])
    low, high = np.where(is_open, low_end, code), np.where(is_open, high_end, code)
    return Crowd(low, high, part, alike, tops, bottoms, counts)


def _ordered(lists: "Sequence[Sequence[tuple[Array, Array | int]]]") -> "tuple[list[Array], Array, Array | int]":
    """Lists of parts of fractions as numbers in the order of all that occur, and those (tops, bottoms)."""
    import numpy as np

    parts = [x for several in lists for x in several]
    tops, bottoms = _scaled(parts) if all(isinstance(x, int) for _, x in parts) else _wide(parts)
    keys = tops if isinstance(bottoms, int) else _keys(tops, bottoms)
    _, first, codes = np.unique(keys, return_index=True, return_inverse=True)
    ends = np.cumsum([sum(len(x) for x, _ in several) for several in lists])[:-1]
    return np.split(codes.reshape(-1), ends), tops[first], bottoms if isinstance(bottoms, int) else bottoms[first]


def _scaled(parts: "Sequence[tuple[Array, Any]]") -> "tuple[Array, int]":
    """Over one bottom."""
    from math import lcm

    import numpy as np

    per = lcm(*(x for _, x in parts))
    most = max((per // by * _most(x) for x, by in parts), default=0)
    kind = np.int64 if most < LONG else object
    return np.concatenate([x.astype(kind) * (per // by) for x, by in parts]), per


def _wide(parts: "Sequence[tuple[Array, Any]]") -> "tuple[Array, Array]":
    """With their own bottoms."""
    import numpy as np

    bottoms = [x if not isinstance(x, int) else np.full(len(tops), x, dtype=object) for tops, x in parts]
    kinds = [
        np.int64 if max(map(_most, found), default=0) < LONG else object for found in ([x for x, _ in parts], bottoms)
    ]
    return (
        np.concatenate([x.astype(kinds[0]) for x, _ in parts]),
        np.concatenate([x.astype(kinds[1]) for x in bottoms]),
    )


def _most(array: "Array") -> int:
    return max(abs(int(array.min())), abs(int(array.max()))) if len(array) else 0


def _keys(tops: "Array", bottoms: "Array") -> "Array":
    """Whole numbers in the order of the fractions, the same for the same.

    Fractions whose bottoms are below 2**n differ by more than 2**-2n: so many binary places, cut off, tell them apart.
    """
    import numpy as np

    if bottoms.dtype == object or tops.dtype == object or _most(bottoms) >= SMALL:
        places = 2 * _most(bottoms).bit_length()
        wide: Array = (tops.astype(object) << places) // bottoms.astype(object)
        return wide
    whole = tops // bottoms
    rest = tops - whole * bottoms
    ahead = (rest << DIGITS) // bottoms
    behind = (((rest << DIGITS) - ahead * bottoms) << DIGITS) // bottoms
    order = np.lexsort((behind, ahead, whole))
    new = np.zeros(len(order), dtype=np.int64)
    for x in (behind, ahead, whole):
        new[1:] |= x[order][1:] != x[order][:-1]
    keys = np.empty(len(order), dtype=np.int64)
    keys[order] = np.cumsum(new)
    return keys


def places(crowd: Crowd, groups: "Array", comparison: Comparison) -> Placed:
    """Where every object stands; ``groups`` are their classes from 0, -1 where none is given.

    Raises nothing: an object that takes no part is ABSENT, one whose place is open is MISSING.
    """
    import numpy as np

    count = len(crowd.part)
    apart = crowd.part == APART
    states = np.full(count, STATES.index(MISSING), dtype=np.uint8)
    states[apart & ((groups >= 0) | crowd.alone)] = STATES.index(ABSENT)
    if crowd.alone:
        states[~apart & (comparison.what == "size")] = STATES.index(NUMBER)
        return Placed(np.ones(count, dtype=np.int64), None, states)
    circles = _Circles(crowd, groups, comparison)
    if comparison.what == "size":
        numbers, known = circles.sizes()
    elif comparison.what in BEST:
        codes, known = circles.best()
        numbers, bottoms = crowd.tops[codes], crowd.bottoms
        states[known] = STATES.index(NUMBER)
        return Placed(numbers, bottoms if isinstance(bottoms, int) else bottoms[codes], states)
    else:
        numbers, known = circles.ranks()
    states[known] = STATES.index(NUMBER)
    return Placed(numbers, circles.members[circles.home] if comparison.what == "rank_share" else None, states)


class _Sorted:
    """Keys in their order, each of so many objects."""

    def __init__(self, keys: "Array", counts: "Array | None") -> None:
        import numpy as np

        self.sums: Array | None = None
        if counts is None:
            self.keys: Array = np.sort(keys)
        else:
            order = np.argsort(keys)
            self.keys = keys[order]
            self.sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts[order])])
        self.total = len(keys) if self.sums is None else int(self.sums[-1])

    def before(self, values: "Array", side: Literal["left", "right"] = "left") -> "Array":
        """How many objects have a lower key; with ``right`` also those that have the same."""
        import numpy as np

        at: Array = np.searchsorted(self.keys, values, side)
        return at if self.sums is None else self.sums[at]

    def last(self, edges: "Array") -> "Array":
        """The greatest key from each edge to the next, counted from that edge; -1 where there is none."""
        import numpy as np

        if not len(self.keys):
            return np.full(len(edges) - 1, NOWHERE)
        at = np.searchsorted(self.keys, edges)
        return np.where(at[1:] > at[:-1], self.keys[np.maximum(at[1:] - 1, 0)] - edges[:-1], NOWHERE)


class _Circles:
    """All classes at once: sorted lists of what is certain and of the limits of what is open, one class after the other."""

    def __init__(self, crowd: Crowd, groups: "Array", comparison: Comparison) -> None:
        import numpy as np

        self.ties, self.share = comparison.ties, comparison.what == "rank_share"
        span = len(crowd.tops)
        low, high = crowd.low + 1, crowd.high + 1  # from 0, without limit, to span + 1
        if comparison.order != "high":
            low, high = span + 1 - high, span + 1 - low
        self.flipped, self.span = comparison.order != "high", span
        self.count = int(groups.max()) + 1 if len(groups) else 0
        inside = crowd.part != APART
        self.sure = (crowd.part == SURE) & (groups >= 0)
        member, anywhere = inside & (groups >= 0), inside & (groups == NOWHERE)
        self.certain = self.sure & (low == high)
        is_open = member & ~self.certain
        self.home = np.maximum(groups, 0)
        self.step = span + 2
        self.own = self.home * self.step + low
        self.counts = crowd.counts
        self.known = self.sorted(self.own, self.certain)
        self.tops = self.sorted(self.home * self.step + high, is_open)
        self.floors = self.sorted(self.own, is_open & self.sure)
        self.any_tops = self.sorted(high, anywhere)
        self.known_count = self.counted(self.certain)
        self.open_count = self.counted(is_open) + self.any_tops.total
        self.unsure = self.counted(is_open & ~self.sure) + self.any_tops.total
        self.members = self.known_count + self.open_count - self.unsure
        self.alike = self.measured(crowd.measure, member, anywhere)
        self.edges = np.arange(len(self.members) + 1) * self.step  # the least key of every class, and one above all

    def sorted(self, keys: "Array", where: "Array") -> _Sorted:
        """Some of the keys in their order."""
        return _Sorted(keys[where], None if self.counts is None else self.counts[where])

    def counted(self, where: "Array") -> "Array":
        """How many in each class; at least one class, so that there is always one to look at."""
        import numpy as np

        if self.counts is None:
            return np.bincount(self.home[where], minlength=max(self.count, 1))
        made = np.zeros(max(self.count, 1), dtype=np.int64)
        np.add.at(made, self.home[where], self.counts[where])
        return made

    def measured(self, measure: "Array | None", member: "Array", anywhere: "Array") -> "Array":
        """The classes whose objects are all measured alike."""
        import numpy as np

        if measure is None:
            return np.ones(max(self.count, 1), dtype=bool)
        least = np.full(max(self.count, 1), measure.max())
        most = np.full(max(self.count, 1), measure.min())
        np.minimum.at(least, self.home[member], measure[member])
        np.maximum.at(most, self.home[member], measure[member])
        if anywhere.any():
            least, most = np.minimum(least, measure[anywhere].min()), np.maximum(most, measure[anywhere].max())
        return least >= most

    def sizes(self) -> "tuple[Array, Array]":
        """How many take part, and where that is known."""
        return self.members[self.home], self.sure & (self.unsure == 0)[self.home]

    def best(self) -> "tuple[Array, Array]":
        """The number of the best value, where no open one can be better."""
        import numpy as np

        found, tops = self.known.last(self.edges), self.tops.last(self.edges)
        if self.any_tops.total:
            tops = np.maximum(tops, self.any_tops.keys[-1])
        known = (found >= 0) & (tops <= found) & self.alike
        code = np.where(known, found, 1) - 1 if not self.flipped else self.span - np.where(known, found, self.span)
        return code[self.home], self.sure & known[self.home]

    def ranks(self) -> "tuple[Array, Array]":
        """The places from 1, and where they hold whatever the open ones come to: once for all that have the same value."""
        import numpy as np

        keys = self.known.keys
        values = keys[np.flatnonzero(np.diff(keys, prepend=NOWHERE))]
        home = values // self.step
        first, last = self.known.before(values), self.known.before(values, "right")
        above = np.cumsum(self.known_count)[home] - last
        side: Literal["left", "right"] = "left" if self.ties == "last" else "right"
        edges = self.edges
        better = self.floors.before(edges[1:])[home] - self.floors.before(values, side)
        behind = self.tops.before(values, side) - self.tops.before(edges[:-1])[home]
        behind += self.any_tops.before(values - home * self.step, side)
        known = self.alike[home] & (better + behind == self.open_count[home])
        if self.share:
            known &= self.unsure[home] == 0
        match self.ties:
            case "dense":
                known &= better == 0
                made = np.searchsorted(values, edges[1:])[home] - np.arange(len(values))
            case "last":
                made = above + last - first + better
            case _:
                made = 1 + above + better
        at = np.searchsorted(values, self.own[self.certain])
        numbers, found = np.zeros(len(self.own), dtype=np.int64), np.zeros(len(self.own), dtype=bool)
        numbers[self.certain], found[self.certain] = made[at], known[at]
        return numbers, found
