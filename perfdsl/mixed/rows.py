"""The rows of many plans, scored together by shape: one compiled program a shape, its constants columns like the values."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl import program as g
from perfdsl.batch import described
from perfdsl.core import Value
from perfdsl.engines import Compiled, Engine, members
from perfdsl.grid import STATUSES, Grid, Strip
from perfdsl.integers import NotCovered, row_program
from perfdsl.mixed.part import Plans
from perfdsl.mixed.shapes import PATH, WIDE, facts_in, fixed
from perfdsl.mixed.store import FULL, NO_POINTS, ZERO, Number, Store
from perfdsl.scorecard import IndicatorScore

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

LEFT = STATUSES.index("not applicable")
LONG = 1 << 62
FAR = 252 * 10**16  # a number of a shape, in its own units, beyond which few are
PLAIN = "plain"  # the engine with room for every number
WORDS = tuple(f"w{i}" for i in range(64))  # the names of words in a shape
NUMBER, WORD = g.STATES.index(g.NUMBER), g.STATES.index(g.WORD)


@attrs.define(eq=False)
class Given:
    """What was observed of every cell: whole numbers of ``1/per``, states, words by number; marks; reviewers' scores by row.

    ``place`` is the observation a cell has it from (-1: none).  ``exact`` are rows that the exact engine has scored.
    """

    numbers: "Array"
    per: "Array"
    states: "Array"
    said: "Array"
    marks: "Array"
    mark_per: int
    marked: "Array"
    overrides: dict[int, Fraction]
    place: "Array"
    exact: dict[int, IndicatorScore] = attrs.Factory(dict)

    @classmethod
    def nothing(cls, count: int) -> "Given":
        """Of so many cells."""
        import numpy as np

        return cls(
            np.zeros(count, np.int64), np.ones(count, np.int64), np.zeros(count, np.uint8), np.full(count, -1, np.int32),
            np.zeros(count, np.int64), 1, np.zeros(count, bool), {}, np.full(count, -1, np.int64),
        )  # fmt: skip

    def put(self, cell: int, value: Value, applies: bool, words: Sequence[str]) -> None:
        """One value, as it was read."""
        number = value if isinstance(value, Fraction) else Fraction(0)
        if self.numbers.dtype != object and max(abs(number.numerator), number.denominator) >= LONG:
            self.numbers, self.per = self.numbers.astype(object), self.per.astype(object)
        self.numbers[cell], self.per[cell] = number.numerator, number.denominator
        state = (
            g.ABSENT
            if not applies
            else g.NUMBER
            if isinstance(value, Fraction)
            else g.WORD
            if value is not None
            else g.MISSING
        )
        self.states[cell] = g.STATES.index(state)
        self.said[cell] = words.index(value) if isinstance(value, str) and value in words else -1


class RowResults(NamedTuple):
    """Every row in whole units of its plan: both ends (equal where it is not open), whether it is open, case and status."""

    low: "Array"
    high: "Array"
    open: "Array"
    case: "Array"
    status: "Array"


@attrs.define(eq=False)
class Shapes:
    """The programs of a store's shapes on one engine, each made when rows of it first come."""

    store: Store
    engine: Engine
    plans: dict[int, tuple[p.Plan, list[int]]] = attrs.Factory(dict)
    programs: dict[tuple[int, tuple[g.Column, ...]], Compiled] = attrs.Factory(dict)

    def of(self, shape: int) -> tuple[p.Plan, list[int]]:
        """The plan of a shape with what is the same everywhere put back, and the numbers that are left."""
        found = self.plans.get(shape)
        if found is None:
            same = {i: x.same for i, x in enumerate(self.store.numbers[shape]) if x.same is not None}
            left = [i for i in range(len(self.store.numbers[shape])) if i not in same]
            found = self.plans[shape] = fixed(self.store.shapes[shape], same), left
        return found

    def program(self, shape: int, columns: tuple[g.Column, ...]) -> Compiled:
        """The program of a shape for such columns."""
        key = shape, columns
        if key not in self.programs:
            made = row_program(self.of(shape)[0], PATH[0], columns, self.store.period, self.store.as_of)
            try:
                self.programs[key] = self.engine.compiled(made)
            except NotCovered:  # the engine has no room for these numbers
                self.programs[key] = next(x for x in members() if x.NAME == PLAIN).compiled(made)
        return self.programs[key]

    def scored(self, part: Plans, given: Given) -> RowResults:
        """All rows of a part."""
        import numpy as np

        count = len(part.rows["owner"])
        made = RowResults(
            np.zeros(count, np.int64),
            np.zeros(count, np.int64),
            np.zeros(count, bool),
            np.zeros(count, np.int16),
            np.zeros(count, np.uint8),
        )
        shapes = part.rows["shape"]
        order = np.argsort(shapes.astype(np.int16) if len(self.store.shapes) < 1 << 15 else shapes, kind="stable")
        edges = np.flatnonzero(np.diff(shapes[order], prepend=-1)).tolist()
        for first, last in pairwise([*edges, count]):
            self.group(part, given, int(shapes[order[first]]), order[first:last], made)
        finished(part, given, made)
        units = part.plans["units"][part.rows["owner"]]
        for row, score in given.exact.items():
            made.low[row], made.high[row] = (int(x * int(units[row])) for x in (score.low, score.high))
            made.open[row], made.case[row] = score.score is None, score.case_number
            made.status[row] = STATUSES.index(score.status)
        return made

    def group(self, part: Plans, given: Given, shape: int, rows: "Array", made: RowResults) -> None:
        """All rows of one shape."""
        import numpy as np

        strips = {f"value:{PATH[0]}": value_strip(given, rows)}
        columns = [described(name, x) for name, x in strips.items()]
        if given.marked[rows].any():
            states = given.marked[rows].astype(np.uint8)
            strips[f"mark:{PATH[0]}"] = mark = Strip(per=given.mark_per, numbers=given.marks[rows], states=states)
            columns.append(described(f"mark:{PATH[0]}", mark))
        firsts = part.first_number[rows]
        for i in self.of(shape)[1]:
            name = f"input:p{i}"
            strips[name], column = number_strip(
                name, self.store.numbers[shape][i], part.tops[firsts + i], part.bottoms[firsts + i]
            )
            columns.append(column)
        for i in range(facts_in(self.store.shapes[shape])):
            name = f"input:f{i}"
            strips[name] = strip = self.fact_strip(part, given, rows, part.uses[part.first_use[rows] + i])
            columns.append(described(name, strip))
        scores = self.program(shape, tuple(columns))(Grid(len(rows), strips))
        (row,) = scores.rows.values()
        by = part.plans["units"][part.rows["owner"][rows]] // scores.units
        wide = int(WIDE * scores.units)
        low, high = scores.total.low.astype(np.int64), scores.total.high.astype(np.int64)
        nowhere = (low <= -wide) & (
            row.open if row.open is not None else False
        )  # the limits of the shape: nothing decided
        unsure = nowhere & (high > wide)  # it is not known whether the row applies
        open_low, open_high = part.rows["open_low"][rows], part.rows["open_high"][rows]
        open_low = np.where(unsure, np.minimum(open_low, 0), open_low)
        open_high = np.where(unsure, np.maximum(open_high, np.maximum(part.rows["points"][rows], 0)), open_high)
        made.low[rows] = np.where(nowhere, open_low, low * by)
        made.high[rows] = np.where(nowhere, open_high, high * by)
        made.open[rows], made.case[rows], made.status[rows] = row.open, row.case, row.status

    def fact_strip(self, part: Plans, given: Given, rows: "Array", cells: "Array") -> Strip:
        """A fact of each of some rows; its words get the numbers they have in the shape of the row."""
        import numpy as np

        made = value_strip(given, cells)
        if not (given.states[cells] == WORD).any():
            return made
        readings = part.cells["reading"]
        pairs, which = np.unique(np.stack([readings[cells], readings[rows]]), axis=1, return_inverse=True)
        said = given.said[cells].copy()
        for at, (of, to) in enumerate(pairs.T.tolist()):
            words, own = self.store.readings[of].words, self.store.readings[to].words
            number = np.array([*(own.index(x) if x in own else -1 for x in words), -1], np.int32)
            here = which.reshape(-1) == at
            said[here] = number[said[here]]
        return attrs.evolve(made, said=said)


def number_strip(name: str, number: Number, tops: "Array", bottoms: "Array") -> tuple[Strip, g.Column]:
    """One number of a shape, of some rows."""
    import numpy as np

    only = frozenset({g.NUMBER})
    low, high = int(number.low * number.per), int(number.high * number.per)
    if max(-low, high) <= FAR:
        strip = Strip(per=number.per, numbers=tops * (number.per // bottoms))
        return strip, g.Column(name=name, per=number.per, low=low, high=high, states=only)
    by = number.per // bottoms  # some project has an amount so large: how large others are is told part by part
    most = int(np.abs(tops).max(initial=0)) * int(by.max(initial=1))
    numbers = (tops.astype(object) if most >= LONG else tops) * by
    strip = Strip(per=number.per, numbers=numbers, states=np.full(len(tops), NUMBER, np.uint8))
    return strip, attrs.evolve(described(name, strip), states=only)


def value_strip(given: Given, rows: "Array") -> Strip:
    """The values of some cells over one denominator."""
    import numpy as np

    per = np.unique(given.per[rows]).tolist()
    numbers, states = given.numbers[rows], given.states[rows]
    shared = 1
    for x in per:
        shared = shared * x // gcd(shared, x)
    if len(per) > 1 or per[0] != shared:
        by = shared // given.per[rows].astype(object) if shared >= LONG else shared // given.per[rows]
        most = int(max(-numbers.min(initial=0), numbers.max(initial=0))) * int(by.max(initial=1))
        numbers = (numbers.astype(object) if most >= LONG else numbers) * by
    said = given.said[rows]
    return Strip(per=shared, numbers=numbers, states=states, said=said if (states == WORD).any() else np.full(len(rows), -1, np.int32),
                 words=WORDS)  # fmt: skip


def finished(part: Plans, given: Given, made: RowResults) -> None:
    """Limits of the row, what becomes of one that does not apply, the reviewer's score."""
    import numpy as np

    rows, plans = part.rows, part.plans
    owner = rows["owner"]
    units, size = plans["units"][owner], 10 ** plans["places"][owner].astype(np.int64)
    step = units // size
    decided = ~made.open & rows["scored"]
    low, high = (nearest(rows[x] * size, units) * step for x in ("low", "high"))
    kept = np.clip(made.low, low, high)
    made.low[:] = np.where(decided, kept, made.low)
    made.high[:] = np.where(decided, kept, made.high)
    left = made.status == LEFT
    points = np.where(rows["points"] == NO_POINTS, 0, rows["points"])
    policy = plans["policy"][owner]
    nothing = (policy == ZERO) | rows["bonus"]
    full = np.where(nothing, 0, points)
    fixed_at = nothing | ((policy == FULL) & (rows["points"] != NO_POINTS))
    made.low[:] = np.where(left, np.where(fixed_at, full, 0), made.low)
    made.high[:] = np.where(left, np.where(fixed_at, full, points), made.high)
    made.open[:] = np.where(left, ~fixed_at, made.open)
    for at, value in given.overrides.items():
        exact = value * int(units[at])
        if rows["scored"][at] and not left[at] and rows["low"][at] <= exact <= rows["high"][at]:
            score = int(nearest_of(exact * int(size[at]) / int(units[at])) * int(step[at]))
            made.low[at] = made.high[at] = score
            made.open[at] = False


def nearest(top: Any, bottom: Any) -> Any:
    """``top / bottom`` as the nearest whole number, ties away from zero; long ones as Python integers."""
    import numpy as np

    longest = 2 * int(np.abs(top).max(initial=0)) + int(np.abs(bottom).max(initial=0))
    if longest >= LONG and top.dtype.kind != "O":
        return nearest(top.astype(object), bottom.astype(object)).astype(np.int64)
    sign = np.where(top < 0, -1, 1)
    return sign * ((2 * np.abs(top) + bottom) // (2 * bottom))


def nearest_of(value: Fraction) -> int:
    """A fraction as the nearest whole number, ties away from zero."""
    found = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return found if value >= 0 else -found
