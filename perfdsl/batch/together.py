"""Objects compared with each other, part by part: what is compared first, then all places at once, then the scores.

Between the passes only what is compared is kept, a few numbers for each object.  What a comparison looks at may itself come
from places (a total that contains a row by rank): then there are several such passes, in the order of ``integers.layers``.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from perfdsl import plan as p
from perfdsl.batch.places import BEST, Brought, Crowd, Placed, crowd, places
from perfdsl.core import Comparison
from perfdsl.engines import Compiled, Engine
from perfdsl.grid import Grid, Scores, Strip
from perfdsl.integers import PART, SURE, UNDER, VALUE, Asked, Compared, layers, to_compared, to_integers
from perfdsl.program import NUMBER, STATES, WORD, Column

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

Columns = tuple[Column, ...]


@attrs.define(eq=False)
class Together:
    """One plan with comparisons on one engine.

    While it is ``open``: ``look`` at every part, in the order of their numbers, then ``settle``; after that ``score`` any
    of them.  Whatever raises ``NotCovered`` leaves the job to the exact engine, before a part was scored.
    """

    plan: p.Plan
    engine: Engine
    period: str = "full"
    as_of: date | None = None
    left: list[tuple[Comparison, ...]] = attrs.field(init=False)
    starts: list[int] = attrs.Factory(lambda: [0])
    seen: dict[Columns, None] = attrs.Factory(dict)
    words: dict[str, dict[str, int]] = attrs.Factory(dict)
    classes: dict[str, list["Array"]] = attrs.Factory(dict)
    brought: dict[str, list[Brought]] = attrs.Factory(dict)
    meant: dict[str, Compared] = attrs.Factory(dict)
    placed: dict[str, Strip] = attrs.Factory(dict)
    columns: dict[str, Column] = attrs.Factory(dict)
    asking: dict[tuple[int, Columns], tuple[Asked, Compiled]] = attrs.Factory(dict)
    scoring: dict[Columns, Compiled] = attrs.Factory(dict)

    def __attrs_post_init__(self) -> None:
        self.left = list(layers(self.plan))

    @property
    def open(self) -> bool:
        """Are there places still to be worked out?"""
        return bool(self.left)

    # ---- what is compared

    def look(self, number: int, grid: Grid, columns: Columns) -> None:
        """Keep what the objects of one part bring to the comparisons that are next."""
        if number + 1 == len(self.starts):
            self.first_look(grid, columns)
        wanted = tuple(dict.fromkeys(x.of for x in self.left[0] if x.of))
        if not wanted:
            return
        key = (len(self.left), columns)
        if key not in self.asking:
            asked = to_compared(self.plan, (*columns, *self.columns.values()), wanted, self.period, self.as_of)
            self.asking[key] = asked, self.engine.compiled(asked.program)
        asked, program = self.asking[key]
        scores = program(self.beside(number, grid))
        for one in asked.compared:
            self.meant[one.of] = one
            self.brought.setdefault(one.of, []).append(brought(one, scores))

    def first_look(self, grid: Grid, columns: Columns) -> None:
        """How many objects a part has, and their classes."""
        self.starts.append(self.starts[-1] + grid.count)
        self.seen[columns] = None
        for within in dict.fromkeys(x.within for x in self.plan.comparisons if x.within):
            known = self.words.setdefault(within, {})
            self.classes.setdefault(within, []).append(classes(grid, within, known))

    def settle(self) -> None:
        """All parts were looked at: the places of this pass, of all objects."""
        import numpy as np

        count = self.starts[-1]
        crowds = {of: crowd(found, self.meant[of].missing) for of, found in self.brought.items()}
        self.brought.clear()
        nothing = np.zeros(count, dtype=np.int64)
        for one in self.left.pop(0):
            of = crowds.get(one.of) or Crowd(nothing, nothing, np.full(count, SURE, np.uint8), None, nothing[:1], 1)
            groups = np.concatenate(self.classes[one.within]) if one.within else nothing
            self.keep(one.name, one.what, places(of, groups, one))
        if not self.open:
            for columns in self.seen:
                self.program(columns)

    def keep(self, name: str, what: str, found: Placed) -> None:
        """A comparison as columns of all objects."""
        for title, (column, strip) in as_columns(name, found).items():
            self.columns[title], self.placed[title] = column, strip
        assert what in BEST or self.placed[name].per == 1

    # ---- the scores

    def score(self, number: int, grid: Grid, columns: Columns) -> Scores:
        """Score one part, all places being known."""
        return self.program(columns)(self.beside(number, grid))

    def program(self, columns: Columns) -> Compiled:
        """The program for such columns and all places."""
        if columns not in self.scoring:
            made = to_integers(self.plan, (*columns, *self.columns.values()), self.period, self.as_of)
            self.scoring[columns] = self.engine.compiled(made)
        return self.scoring[columns]

    def beside(self, number: int, grid: Grid) -> Grid:
        """A part with the places known so far."""
        return Grid(grid.count, grid.columns | self.places(number))

    def places(self, number: int) -> dict[str, Strip]:
        """The comparisons made so far, of the objects of one part."""
        first, last = self.starts[number], self.starts[number + 1]
        return {name: x.piece(first, last) for name, x in self.placed.items()}


def as_columns(name: str, found: Placed) -> dict[str, tuple[Column, Strip]]:
    """The columns of a comparison: its numbers, and where they are shares what they are divided by."""
    import numpy as np

    kinds = frozenset(STATES[x] for x in np.unique(found.states))
    known = found.states == STATES.index(NUMBER)
    per = found.bottoms if isinstance(found.bottoms, int) else 1
    numbers = np.where(known, found.numbers, 0)
    made = {name: _column(name, Strip(per=per, numbers=numbers, states=found.states), kinds)}
    if found.bottoms is not None and not isinstance(found.bottoms, int):
        under = Strip(numbers=np.where(known, found.bottoms, 1))
        made[f"{UNDER}{name}"] = _column(f"{UNDER}{name}", under, frozenset({NUMBER}))
    return made


def _column(name: str, strip: Strip, states: frozenset[str]) -> tuple[Column, Strip]:
    numbers = strip.numbers
    assert numbers is not None  # it was made of them
    low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, 0)
    return Column(name=name, per=strip.per, low=low, high=high, states=states or frozenset({NUMBER})), strip


def brought(one: Compared, scores: Scores) -> Brought:
    """What the objects of a part bring, as the program found it."""
    import numpy as np

    value, part = scores.groups[f"{VALUE}{one.of}"], scores.groups[f"{PART}{one.of}"]
    is_open = np.zeros(scores.count, dtype=bool) if value.open is None else np.asarray(value.open)
    high = value.low if one.missing is not None and one.per else value.high
    return Brought(value.low, high, one.per, is_open, part.low.astype(np.uint8), part.high)


def classes(grid: Grid, within: str, known: dict[str, int]) -> "Array":
    """The class of every object by number, -1 where none is given; ``known`` learns new words."""
    import numpy as np

    strip = grid.columns.get(f"input:{within}")
    if strip is None or strip.said is None or strip.states is None:
        return np.full(grid.count, -1, dtype=np.int32)
    numbers = np.array([known.setdefault(x, len(known)) for x in strip.words] or [-1], dtype=np.int32)
    word = strip.states == STATES.index(WORD)
    assert not (word & (strip.said < 0)).any(), "every word of a class has its number"
    return np.where(word, numbers[np.maximum(strip.said, 0)], -1).astype(np.int32)


def in_passes(made: Together, parts: Iterable[Iterable[tuple[Grid, Columns]]]) -> None:
    """Work out all places; every item of ``parts`` is all parts once more, one for each pass."""
    passes = iter(parts)
    while made.open:
        for number, (grid, columns) in enumerate(next(passes)):
            made.look(number, grid, columns)
        made.settle()
