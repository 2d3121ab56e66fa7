"""One plan over a stream of parts: read, scored by an engine, or by the exact one where whole numbers do not reach."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl.actuals import Row
from perfdsl.batch.cells import Reject, texts
from perfdsl.batch.exact import exact, exact_together
from perfdsl.batch.part import Part, Shape
from perfdsl.batch.results import table_of
from perfdsl.batch.standings import place_columns
from perfdsl.diagnostics import ERROR
from perfdsl.engines import Compiled, Engine
from perfdsl.grid import Scores, Strip
from perfdsl.gridded import strip_of
from perfdsl.integers import NotCovered, apart_of, looks_aside, to_integers
from perfdsl.observe import observe
from perfdsl.program import Column
from perfdsl.text import Source, Span

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
        return Scored(part, program(part.grid), "")

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
        objects, rejects, seen = [], [], []
        for name, rows in by_object(shape, table):
            observed, found = observe(self.plan, rows, self.period)
            objects.append(name)
            seen.append(observed)
            for d in found:
                if d.severity == ERROR:
                    number, _, called = d.span.source.name.partition(" ")
                    rejects.append((called, Reject(int(number), d.span.source.text, d)))
        classes = {x: strip_of(x, [y.inputs.get(x.partition(":")[2]) for y in seen])[1] for x in shape.class_columns}
        part = shape.part(objects, classes, rejects)
        return Scored(part, exact(self.plan, objects, seen, self.period, self.as_of), reason)


def no_objects(plan: p.Plan, period: str = "full", as_of: date | None = None) -> "pa.Table":
    """The table of the scores of no objects: its columns."""
    scores, places = exact_together(plan, [], [], period, as_of)
    return beside(plan, table_of(plan, [], scores), places)


def beside(plan: p.Plan, table: "pa.Table", places: Mapping[str, Strip]) -> "pa.Table":
    """The table of scores with the places of its objects."""
    for name, column in place_columns(plan, places).items():
        table = table.append_column(name, column)
    return table


def by_object(shape: Shape, table: Any) -> Iterable[tuple[str, list[Row]]]:
    """The rows of a long table by object, in the order of their first row; of a wide one each row is an object, whatever its name."""
    columns = {x.place: texts(table.column(x.place)) for x in shape.columns[0]}
    at = shape.place_of("object")
    names = columns[at] if at is not None else [shape.plan.object] * table.num_rows
    if not shape.long:
        return [(name, list(_rows(shape, columns, i))) for i, name in enumerate(names)]
    found: dict[str, list[Row]] = {}
    for i, name in enumerate(names):
        found.setdefault(name, []).extend(_rows(shape, columns, i))
    return found.items()


def _rows(shape: Shape, columns: dict[int, list[str]], i: int) -> Iterator[Row]:
    whole = {x.field: columns[x.place][i] for x in shape.columns[0] if x.field and not x.target}
    extras = tuple(
        (x.header, columns[x.place][i])
        for x in shape.columns[0]
        if not x.field and not x.target and columns[x.place][i]
    )
    if shape.long:
        yield _row({k: v for k, v in whole.items() if v}, extras, i)
        return
    given: dict[str, dict[str, str]] = {}
    called: dict[str, str] = {}
    for x in shape.columns[0]:
        text = columns[x.place][i] if x.target else ""
        if x.target and text:
            if x.field == "value" or x.target not in called:
                called[x.target] = shape.headings[x.place]
            given.setdefault(x.target, {"unit": ""})[x.field] = text
            if x.unit and x.field == "value":
                given[x.target]["unit"] = x.unit
    for name, fields in given.items():
        yield _row({"name": name, **fields}, extras, i, called[name])


def _row(fields: dict[str, str], extras: tuple[tuple[str, str], ...], number: int, called: str = "") -> Row:
    """A row whose source is called by its number and its column or name, so that what is found leads back to it."""
    made = {"name": "", "value": "", **fields}
    text = made["value"]
    return Row(span=Span(0, len(text), Source(f"{number} {called or made['name']}", text)), extras=extras, **made)  # type: ignore[arg-type]
