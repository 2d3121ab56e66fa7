"""What of a part an engine can score: without rows whose numbers are too long for it, and without indicators it cannot carry."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl.batch.lengths import shorter
from perfdsl.engines import Compiled, Engine
from perfdsl.fallback import Fallback, Why
from perfdsl.grid import Grid
from perfdsl.integers import NoRoom, NotCovered, apart_of, to_integers
from perfdsl.program import Column, Program, Row, mentions

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

Given = tuple[tuple[Column, ...], frozenset[str]]


class Fit(NamedTuple):
    """A program for the rows of ``grid``; ``out`` are the others (None: there are none), ``apart`` the indicators that come as results.

    ``fallbacks`` say what is left to the exact engine.
    """

    program: Compiled
    grid: Grid
    out: "Array | None"
    apart: tuple[str, ...]
    fallbacks: tuple[Fallback, ...]


class Tried(NamedTuple):
    """Why there is no program, and the indicators it would do without (none: it would not help)."""

    wrong: NotCovered
    to_leave: frozenset[str]


@attrs.define(eq=False)
class Fitting:
    """Finds what fits; programs, and why there are none, are kept for parts whose columns are alike."""

    plan: p.Plan
    engine: Engine
    period: str = "full"
    as_of: date | None = None
    made: dict[Given, Compiled | Tried] = attrs.Factory(dict)

    def fitted(self, grid: Grid, columns: tuple[Column, ...]) -> Fit | Why:
        """The most of a part that fits, or why too little of it does."""
        apart: dict[str, Why] = {}
        while True:
            tried: list[Tried] = []
            for out, some, held in self.candidates(grid, columns):
                made = self.program(held, frozenset(apart))
                if not isinstance(made, Tried):
                    lengths = [] if out is None else [Fallback(tried[0].wrong.why, int(out.sum()))]
                    return Fit(made, some, out, tuple(apart), (*lengths, *_told(apart, some.count)))
                tried.append(made)
                if not isinstance(made.wrong, NoRoom):
                    break
            last = tried[-1]  # which had the shortest numbers
            new = last.to_leave - set(apart)
            apart |= dict.fromkeys(self.in_order(new), last.wrong.why)
            if not new or len(apart) > len(self.plan.indicators) // 2:
                return tried[0].wrong.why

    def candidates(
        self, grid: Grid, columns: tuple[Column, ...]
    ) -> "Iterator[tuple[Array | None, Grid, tuple[Column, ...]]]":
        """The whole grid, then without more and more of the rows with the longest numbers."""
        yield None, grid, columns
        yield from shorter(grid, columns)

    def program(self, columns: tuple[Column, ...], apart: frozenset[str]) -> Compiled | Tried:
        """The program for such columns without some indicators, or why there is none."""
        key = columns, apart
        if key not in self.made:
            made: Program | None = None
            try:
                made = to_integers(self.plan, columns, self.period, self.as_of, apart)
                self.made[key] = self.engine.compiled(made)
            except NotCovered as wrong:
                wrong.__traceback__ = None
                self.made[key] = Tried(wrong, self.blamed(wrong, made))
        return self.made[key]

    def blamed(self, wrong: NotCovered, made: Program | None) -> frozenset[str]:
        """The indicators that cannot be carried; none where it is about what stands above them."""
        paths = {"/".join(x.path) for x in self.plan.indicators} - set(apart_of(self.plan))
        if isinstance(wrong, NoRoom) and wrong.column and made is not None:
            asking = {path for path, names in mentions(made).items() if wrong.column in names}
            rows = {x.path for x in made.steps if isinstance(x, Row)}
            return frozenset(asking) if asking <= rows & paths else frozenset()
        return frozenset({wrong.place} & paths)

    def in_order(self, paths: frozenset[str]) -> list[str]:
        """Indicators as the plan has them."""
        return [x for x in ("/".join(i.path) for i in self.plan.indicators) if x in paths]


def _told(apart: dict[str, Why], count: int) -> Iterator[Fallback]:
    """The indicators that are left to the exact engine, by reason."""
    by_why: dict[Why, list[str]] = {}
    for path, why in apart.items():
        by_why.setdefault(why, []).append(path)
    yield from (Fallback(why, count, tuple(paths)) for why, paths in by_why.items())
