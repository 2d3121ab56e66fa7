"""Tables whose objects are compared with each other: read once for each pass over all objects, then scored table by table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, TypeAlias

import attrs

from perfdsl.batch.doubts import with_refused
from perfdsl.batch.exact import exact_together
from perfdsl.batch.job import Job, Scored, observed
from perfdsl.batch.objects import by_object, in_order, rejected
from perfdsl.batch.part import Part
from perfdsl.batch.together import Together, in_passes
from perfdsl.fallback import ASKED, Fallback, Why
from perfdsl.integers import NotCovered

if TYPE_CHECKING:
    import pyarrow as pa

    Table: TypeAlias = pa.RecordBatch | pa.Table
    Tables: TypeAlias = Sequence[Table] | Callable[[], Iterable[Table]]


def scored_together(job: Job, tables: "Tables") -> Iterator[Scored]:
    """Score the objects of all tables, each with its place among all, table by table.

    A sequence of tables is read once; a function gives the same tables once more for each pass, and only what is compared
    is kept between them.  Where whole numbers do not say what the plan says, the exact engine sees all objects at once.
    """
    return (x for x in some_together(job, tables, lambda _: True) if x is not None)


def some_together(job: Job, tables: "Tables", wanted: Callable[[int], bool]) -> Iterator[Scored | None]:
    """The same, None for the tables whose number is not wanted: their objects count and are not scored again."""
    made = worked_out(job, tables)
    if isinstance(made, Why):
        for number, scored in enumerate(by_exact_engine(job, tables, made)):
            yield scored if wanted(number) else None
        return
    together, again = made
    for number, (table, part) in enumerate(again()):
        if wanted(number):
            scores, places = together.score(number, part.grid, part.columns), together.places(number)
            shape = job.shape(tuple(table.schema.names))
            yield Scored(with_refused(shape, table, part, scores, job.as_of, places), scores, (), places)
        else:
            yield None


def worked_out(job: Job, tables: "Tables") -> "tuple[Together, Callable[[], Iterable[tuple[Table, Part]]]] | Why":
    """All places, and the tables with their parts once more; or why the exact engine is needed."""
    if job.engine is None:
        return Why(ASKED)
    if job.aside is not None:
        return job.aside
    again: Callable[[], Iterable[tuple[Table, Part]]]
    if isinstance(tables, Sequence):
        again = [(x, read(job, x)) for x in tables].copy
    else:
        given = tables

        def again() -> "Iterable[tuple[Table, Part]]":
            return ((x, read(job, x)) for x in given())

    try:
        made = Together(job.plan, job.engine, job.period, job.as_of)
        in_passes(made, (((x.grid, x.columns) for _, x in again()) for _ in repeat(None)))
    except NotCovered as wrong:
        return wrong.why
    return made, again


def read(job: Job, table: "Table") -> Part:
    """The objects of one table."""
    shape = job.shape(tuple(table.schema.names))
    return shape.observations(table) if shape.long else shape.wide(table)


def by_exact_engine(job: Job, tables: "Tables", why: Why) -> Iterator[Scored]:
    """All objects of all tables at once."""
    parts, seen, given, shapes = [], [], [], []
    for table in tables if isinstance(tables, Sequence) else tables():
        shape = job.shape(tuple(table.schema.names))
        named = list(by_object(shape, table))
        shapes.append(shape)
        mine, wrong = observed(job, shape, named)
        parts.append(attrs.evolve(read(job, table), objects=[name for name, _ in named], rejects=wrong))
        seen += mine
        given += [rows for _, rows in named]
    scores, places, refused = exact_together(
        job.plan, [x for part in parts for x in part.objects], seen, job.period, job.as_of
    )
    first = 0
    for part, shape in zip(parts, shapes, strict=True):
        last = first + len(part.objects)
        for rows, found in zip(given[first:last], refused[first:last], strict=True):
            part.rejects.extend(rejected(shape, found, rows))
        part = attrs.evolve(part, rejects=in_order(shape, part.rejects))
        fallbacks = (Fallback(why, last - first),) if last > first else ()
        yield Scored(
            part, scores.piece(first, last), fallbacks, {name: x.piece(first, last) for name, x in places.items()}
        )
        first = last
