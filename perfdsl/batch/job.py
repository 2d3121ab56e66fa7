"""One plan over a stream of parts: read, scored by an engine, or by the exact one where whole numbers do not reach."""

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
from perfdsl.batch.objects import by_object, rejected
from perfdsl.batch.part import Part, Shape
from perfdsl.batch.results import table_of
from perfdsl.batch.standings import place_columns
from perfdsl.engines import Compiled, Engine
from perfdsl.grid import Scores, Strip
from perfdsl.gridded import strip_of
from perfdsl.integers import NotCovered, apart_of, looks_aside, to_integers
from perfdsl.observe import is_lost, observe
from perfdsl.program import Column

if TYPE_CHECKING:
    import pyarrow as pa


class Scored(NamedTuple):
    """A part, its scores, and why the exact engine did it (empty: it did not)."""

    part: Part
    scores: Scores
    reason: str
    places: Mapping[str, Strip] = {}  # the comparisons of the plan by their names


@attrs.define(eq=False)
class Job:
    """One plan for a period on one engine; programs are kept for parts whose columns are alike."""

    plan: p.Plan
    engine: Engine | None
    period: str = "full"
    as_of: date | None = None
    shapes: dict[tuple[str, ...], Shape] = attrs.Factory(dict)
    programs: dict[tuple[Column, ...], Compiled | str] = attrs.Factory(dict)

    def shape(self, headings: tuple[str, ...]) -> Shape:
        """How tables with these headings are read."""
        if headings not in self.shapes:
            self.shapes[headings] = Shape(self.plan, self.period, headings)
        return self.shapes[headings]

    def score(self, table: "pa.RecordBatch | pa.Table") -> Scored:
        """Score the objects of one table."""
        shape = self.shape(tuple(table.schema.names))
        if self.engine is None:
            return self.one_by_one(shape, table, "asked for")
        if self.plan.comparisons:
            from perfdsl.batch.passes import scored_together  # which reads tables by this class

            return next(scored_together(self, [table]))
        if self.aside:
            return self.one_by_one(shape, table, self.aside)
        part = shape.observations(table) if shape.long else shape.wide(table)
        program = self.program(part.columns)
        if isinstance(program, str):
            return self.one_by_one(shape, table, program)
        scores = program(part.grid)
        return Scored(with_refused(shape, table, part, scores, self.as_of), scores, "")

    @cached_property
    def aside(self) -> str:
        """Why rows scored entry by entry cannot be scored from their own cells (empty: they can)."""
        found = [path for path in apart_of(self.plan) if looks_aside(self.plan, path)]
        return f"the entries of {'、'.join(found)} look at other cells" if found else ""

    def program(self, columns: tuple[Column, ...]) -> Compiled | str:
        """The compiled program of such columns, or why there is none."""
        assert self.engine is not None  # else no program is asked for
        if columns not in self.programs:
            try:
                self.programs[columns] = self.engine.compiled(to_integers(self.plan, columns, self.period, self.as_of))
            except NotCovered as wrong:
                self.programs[columns] = str(wrong)
        return self.programs[columns]

    def one_by_one(self, shape: Shape, table: Any, reason: str) -> Scored:
        """Every object by the exact engine."""
        named = list(by_object(shape, table))
        seen, rejects = observed(self, shape, named)
        made = exact_together(self.plan, [name for name, _ in named], seen, self.period, self.as_of)
        for (_, rows), found in zip(named, made.refused, strict=True):
            rejects += rejected(shape, found, rows)
        classes = {x: strip_of(x, [y.inputs.get(x.partition(":")[2]) for y in seen])[1] for x in shape.class_columns}
        return Scored(shape.part([name for name, _ in named], classes, rejects), made.scores, reason)


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
