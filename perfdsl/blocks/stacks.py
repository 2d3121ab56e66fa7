"""Rows of one column each as sums of masks, those of one shape together: what a block of numpy code is written from.

A *stack* holds rows that differ only in their columns and constants.  Every result of its rows is a number, plus a number for
each mask that holds: ``x >= threshold``, the column is in a state, it says a word.  Where the score is a formula of the value,
the value is first kept between two limits, beyond which the score no longer changes, or the formula is masked.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import attrs

from perfdsl import program as g
from perfdsl.blocks.ranges import OTHER, Outcome, Ranges, at
from perfdsl.extent import Extent, Extents, widest

BYTE, HALF, SHORT = 1 << 8, 1 << 15, 1 << 31
SINGLE, DOUBLE = 1 << 23, 1 << 52
Ends = tuple[int | None, int | None]


@attrs.frozen
class Channel:
    """A result: where no mask holds, and what each mask adds (by the names of masks, in their order)."""

    base: int
    steps: tuple[int, ...]


@attrs.frozen(kw_only=True)
class Masked:
    """One row so: its masks are ``starts`` (thresholds), ``states``, ``words``; ``formula`` of the value adds to the score.

    The value is kept inside ``limits`` first (None: it is inside), and counts between the thresholds numbered ``only`` (None: always).
    """

    path: str
    column: str
    reach: Extent
    starts: tuple[int, ...]
    states: tuple[str, ...]
    words: tuple[str, ...]
    case: Channel
    status: Channel
    open: Channel
    gap: Channel
    score: Channel
    formula: g.Int | None = None
    limits: tuple[int | None, int | None] = (None, None)
    only: tuple[int | None, int | None] = (None, None)
    inside: Extent = (0, 0)

    @property
    def carrier(self) -> str:
        """The type a value is carried in: doubles, or singles where every step is exact in them; f8, f4, i4, or none."""
        if self.formula is None:
            return "i4" if max(map(abs, self.reach)) < SHORT else ""
        most = max(
            widest([self.formula], Extents({self.column: self.inside})), *map(abs, self.reach), *map(abs, self.inside)
        )
        return "f4" if most < SINGLE else "f8" if most < DOUBLE else ""

    @property
    def lowest(self) -> int:
        """The least the formula comes to where it counts."""
        return 0 if self.formula is None else Extents({self.column: self.inside}).of(self.formula)[0]

    @property
    def stored(self) -> str:
        """The type its score goes out as."""
        sizes = [abs(x) for channel in (self.score, self.gap) for x in (channel.base, *channel.steps)]
        if self.formula is not None:
            sizes += map(abs, Extents({self.column: self.inside}).of(self.formula))
        return "i2" if sum(sizes) < HALF else "i4" if sum(sizes) < SHORT else ""

    @property
    def shape(self) -> tuple[object, ...]:
        """Equal for rows that go into one stack."""
        return (
            self.carrier, self.stored, len(self.starts), self.states, len(self.words), self.case, self.status, self.open,
            tuple(map(bool, self.gap.steps)), bool(self.gap.base), tuple(map(bool, self.score.steps)), bool(self.score.base),
            None if self.formula is None else form(self.formula), tuple(x is None for x in self.limits), self.only,
        )  # fmt: skip


def form(expr: g.Int) -> object:
    """The expression without its constants."""
    if isinstance(expr, g.Whole | g.Cell):
        return type(expr).__name__
    return (type(expr).__name__, *(form(x) for x in g.parts(expr)))  # type: ignore[arg-type]


def constants(expr: g.Int) -> list[int]:
    """Its constants in their order."""
    if isinstance(expr, g.Whole):
        return [expr.value]
    return [x for part in g.parts(expr) for x in constants(part)]  # type: ignore[arg-type]


def masked(row: Ranges, statuses: Sequence[str]) -> Masked | None:
    """A row as masks; None where its score is more than one formula, or something is too large."""
    others = [*row.states.values(), *row.words.values()]
    formula, first, last = _formula(row)
    if (formula is None and first >= 0) or not all(isinstance(x.low, g.Whole) for x in others):
        return None
    limits, only, covered = (
        ((None, None), (None, None), (0, -1)) if formula is None else _covered(row, formula, first, last)
    )
    inside = _inside(row, limits, only, (first, last))
    nought = max(i for i, start in enumerate(row.starts) if start <= 0)
    beside: int | None = 0
    if formula is not None and covered[0] <= nought <= covered[1]:
        beside = at(formula, min(max(0, inside[0]), inside[1]))
    states = dict(row.states) | ({g.WORD: row.words[OTHER]} if row.numeric and row.words else {})
    words = {word: x for word, x in row.words.items() if word != OTHER}

    def channel(ask: Callable[[Outcome], int], more: int = 0) -> Channel:
        """A result; ``more`` is what 0 has beside it, which stands where there is no number."""
        numbers = [ask(x) for x in row.numbers] if row.numeric else [ask(row.words[OTHER])]
        none = (numbers[nought] if row.numeric else numbers[0]) + more
        other = ask(row.words[OTHER]) if words else 0
        steps = [b - a for a, b in pairwise(numbers)]
        steps += [ask(states[x]) - none for x in sorted(states)] + [ask(words[x]) - other for x in sorted(words)]
        return Channel(numbers[0], tuple(steps))

    def score(x: Outcome) -> int:
        counts = any(x is row.numbers[i] for i in range(covered[0], covered[1] + 1))
        return 0 if counts or not isinstance(x.low, g.Whole) else x.low.value

    if beside is None or not all(0 <= x.case < BYTE for x in (*row.numbers, *others)):
        return None
    made = Masked(
        path=row.path, column=row.column, reach=(row.starts[0], row.most), starts=row.starts[1:] if row.numeric else (),
        states=tuple(sorted(states)), words=tuple(sorted(words)), case=channel(lambda x: x.case), open=channel(lambda x: int(x.open)),
        status=channel(lambda x: statuses.index(x.status)), gap=channel(lambda x: x.gap), score=channel(score, beside),
        formula=formula, limits=limits, only=only, inside=inside,
    )  # fmt: skip
    return made if made.carrier and made.stored else None


def _inside(row: Ranges, limits: Ends, only: Ends, places: tuple[int, int]) -> Extent:
    """Between which numbers the value lies where the formula counts."""
    low = limits[0] if limits[0] is not None else row.starts[0]
    high = limits[1] if limits[1] is not None else row.most
    if only[0] is not None:
        low = row.starts[places[0]]
    if only[1] is not None:
        high = row.starts[places[1] + 1] - 1
    return low, high


def _formula(row: Ranges) -> tuple[g.Int | None, int, int]:
    """The one formula of the score, and the first and last of the ranges where it stands; -1 where there is none, no formula where there are several."""
    places = [i for i, x in enumerate(row.numbers) if not isinstance(x.low, g.Whole)]
    if not places:
        return None, -1, -1
    formula, first, last = row.numbers[places[0]].low, places[0], places[-1]
    if any(row.numbers[i].low != formula for i in range(first, last + 1)):
        return None, first, last
    return formula, first, last


def _covered(row: Ranges, formula: g.Int, first: int, last: int) -> tuple[Ends, Ends, Extent]:
    """Limits for the value, else the thresholds between which the formula counts, and the ranges it then speaks for.

    Where the formula at a limit is the score beyond it, the value is kept inside: ``min(x, target)`` says "full marks from there on".
    """
    low, high = row.starts[first], row.starts[last + 1] - 1 if last + 1 < len(row.starts) else row.most

    def reaches(number: int, beyond: Sequence[Outcome]) -> bool:
        return all(isinstance(x.low, g.Whole) and at(formula, number) == x.low.value for x in beyond)

    limits: list[int | None] = [None, None]
    only: list[int | None] = [None, None]
    covered = [first, last]
    for side, here, beyond in (
        (0, (low, low - 1), row.numbers[:first]),
        (1, (high, high + 1), row.numbers[last + 1 :]),
    ):
        if not beyond:
            continue
        found = next((x for x in here if reaches(x, beyond)), None)
        limits[side] = found
        if found is not None:
            covered[side] = 0 if side == 0 else len(row.numbers) - 1
        else:
            only[side] = (
                first - 1 if side == 0 else last
            )  # the number of the threshold among those after the first start
    return (limits[0], limits[1]), (only[0], only[1]), (covered[0], covered[1])
