"""One plan over a stream of parts: read, scored by an engine, and by the exact one where that engine does not reach."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl.actuals import Observed, Row
from perfdsl.batch.cells import Reject
from perfdsl.batch.doubts import with_refused
from perfdsl.batch.exact import exact_together
from perfdsl.batch.fit import Fitting
from perfdsl.batch.indicators import by_indicator
from perfdsl.batch.objects import by_object, in_order, owned, rejected
from perfdsl.batch.part import Part, Shape
from perfdsl.batch.results import table_of
from perfdsl.batch.standings import place_columns
from perfdsl.engines import Engine
from perfdsl.fallback import ASKED, Fallback, Why
from perfdsl.grid import Scores, Strip, woven
from perfdsl.gridded import strip_of
from perfdsl.integers import apart_of, looks_aside
from perfdsl.observe import is_lost, observe

if TYPE_CHECKING:
    import pyarrow as pa


class Scored(NamedTuple):
    """A part, its scores, and what of it the exact engine scored, with the reasons."""

    part: Part
    scores: Scores
    fallbacks: tuple[Fallback, ...] = ()
    places: Mapping[str, Strip] = {}  # the comparisons of the plan by their names

    @property
    def whole(self) -> bool:
        """Did the exact engine score everything?"""
        return any(not x.indicators and x.count == len(self.part.objects) for x in self.fallbacks)


@attrs.define(eq=False)
class Job:
    """One plan for a period on one engine; programs are kept for parts whose columns are alike."""

    plan: p.Plan
    engine: Engine | None
    period: str = "full"
    as_of: date | None = None
    shapes: dict[tuple[str, ...], Shape] = attrs.Factory(dict)
    fitting: Fitting | None = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.fitting = Fitting(self.plan, self.engine, self.period, self.as_of) if self.engine is not None else None

    def shape(self, headings: tuple[str, ...]) -> Shape:
        """How tables with these headings are read."""
        if headings not in self.shapes:
            self.shapes[headings] = Shape(self.plan, self.period, headings)
        return self.shapes[headings]

    def score(self, table: "pa.RecordBatch | pa.Table") -> Scored:
        """Score the objects of one table."""
        import numpy as np
        import pyarrow as pa

        shape = self.shape(tuple(table.schema.names))
        if self.fitting is None:
            return self.one_by_one(shape, table, Why(ASKED))
        if self.plan.comparisons:
            from perfdsl.batch.passes import scored_together  # which reads tables by this class

            return next(scored_together(self, [table]))
        if self.aside is not None:
            return self.one_by_one(shape, table, self.aside)
        part = shape.observations(table) if shape.long else shape.wide(table)
        fit = self.fitting.fitted(part.grid, part.columns)
        if isinstance(fit, Why):
            return self.one_by_one(shape, table, fit)
        grid = fit.grid
        if fit.apart:
            kept = None if fit.out is None else ~fit.out
            results = by_indicator(shape, table, part, kept, fit.apart, self.as_of)
            grid = attrs.evolve(grid, columns=grid.columns | results)
        scores = fit.program(grid)
        if fit.out is not None:
            rest = table.take(pa.array(np.flatnonzero(owned(shape, table, fit.out))))
            scores = woven(fit.out, self.one_by_one(shape, rest, fit.fallbacks[0].why).scores, scores)
        return Scored(with_refused(shape, table, part, scores, self.as_of), scores, fit.fallbacks)

    @cached_property
    def aside(self) -> Why | None:
        """Why rows scored entry by entry cannot be scored from their own cells (None: they can)."""
        found = [path for path in apart_of(self.plan) if looks_aside(self.plan, path)]
        return Why("entries look aside", (("rows", "、".join(found)),)) if found else None

    def one_by_one(self, shape: Shape, table: Any, why: Why) -> Scored:
        """Every object by the exact engine."""
        named = list(by_object(shape, table))
        seen, rejects = observed(self, shape, named)
        made = exact_together(self.plan, [name for name, _ in named], seen, self.period, self.as_of)
        for (_, rows), found in zip(named, made.refused, strict=True):
            rejects += rejected(shape, found, rows)
        classes = {x: strip_of(x, [y.inputs.get(x.partition(":")[2]) for y in seen])[1] for x in shape.class_columns}
        fallbacks = (Fallback(why, len(named)),) if named else ()
        objects = [name for name, _ in named]
        return Scored(shape.part(objects, classes, in_order(shape, rejects)), made.scores, fallbacks)


def observed(
    job: Job, shape: Shape, named: Sequence[tuple[str, list[Row]]]
) -> tuple[list[Observed], list[tuple[str, Reject]]]:
    """What the rows of each object say, and those that say nothing that can be read."""
    seen: list[Observed] = []
    rejects: list[tuple[str, Reject]] = []
    for _, rows in named:
        one, found = observe(job.plan, rows, job.period)
        seen.append(one)
        rejects += rejected(shape, (d for d in found if is_lost(d)), rows)
    return seen, rejects


def no_objects(plan: p.Plan, period: str = "full", as_of: date | None = None) -> "pa.Table":
    """The table of the scores of no objects: its columns."""
    made = exact_together(plan, [], [], period, as_of)
    return beside(plan, table_of(plan, [], made.scores), made.places)


def beside(plan: p.Plan, table: "pa.Table", places: Mapping[str, Strip]) -> "pa.Table":
    """The table of scores with the places of its objects."""
    for name, column in place_columns(plan, places).items():
        table = table.append_column(name, column)
    return table
