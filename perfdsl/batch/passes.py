"""Tables whose objects are compared with each other: read once for each pass over all objects, then scored table by table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, TypeAlias

import attrs

from perfdsl.batch.exact import exact_together
from perfdsl.batch.job import Job, Scored, by_object
from perfdsl.batch.part import Part
from perfdsl.batch.together import Together, in_passes
from perfdsl.integers import NotCovered
from perfdsl.observe import observe

if TYPE_CHECKING:
    import pyarrow as pa

    Table: TypeAlias = pa.RecordBatch | pa.Table
    Tables: TypeAlias = Sequence[Table] | Callable[[], Iterable[Table]]

ASKED_FOR = "asked for"


def scored_together(job: Job, tables: "Tables") -> Iterator[Scored]:
    """Score the objects of all tables, each with its place among all, table by table.

    A sequence of tables is read once; a function gives the same tables once more for each pass, and only what is compared
    is kept between them.  Where whole numbers do not say what the plan says, the exact engine sees all objects at once.
    """
    return (x for x in some_together(job, tables, lambda _: True) if x is not None)


def some_together(job: Job, tables: "Tables", wanted: Callable[[int], bool]) -> Iterator[Scored | None]:
    """The same, None for the tables whose number is not wanted: their objects count and are not scored again."""
    made = worked_out(job, tables)
    if isinstance(made, str):
        for number, scored in enumerate(by_exact_engine(job, tables, made)):
            yield scored if wanted(number) else None
        return
    together, again = made
    for number, part in enumerate(again()):
        if wanted(number):
            yield Scored(part, together.score(number, part.grid, part.columns), "", together.places(number))
        else:
            yield None


def worked_out(job: Job, tables: "Tables") -> tuple[Together, Callable[[], Iterable[Part]]] | str:
    """All places, and the parts once more; or why the exact engine is needed."""
    if job.engine is None:
        return ASKED_FOR
    if job.aside:
        return job.aside
    again: Callable[[], Iterable[Part]]
    if isinstance(tables, Sequence):
        again = [read(job, x) for x in tables].copy
    else:
        given = tables

        def again() -> Iterable[Part]:
            return (read(job, x) for x in given())

    try:
        made = Together(job.plan, job.engine, job.period, job.as_of)
        in_passes(made, (((x.grid, x.columns) for x in again()) for _ in repeat(None)))
    except NotCovered as wrong:
        return str(wrong)
    return made, again


def read(job: Job, table: "Table") -> Part:
    """The objects of one table."""
    shape = job.shape(tuple(table.schema.names))
    return shape.observations(table) if shape.long else shape.wide(table)


def by_exact_engine(job: Job, tables: "Tables", reason: str) -> Iterator[Scored]:
    """All objects of all tables at once."""
    parts, seen = [], []
    for table in tables if isinstance(tables, Sequence) else tables():
        named = list(by_object(job.shape(tuple(table.schema.names)), table))
        parts.append(attrs.evolve(read(job, table), objects=[name for name, _ in named]))
        seen += [observe(job.plan, rows, job.period)[0] for _, rows in named]
    scores, places = exact_together(job.plan, [x for part in parts for x in part.objects], seen, job.period, job.as_of)
    first = 0
    for part in parts:
        last = first + len(part.objects)
        yield Scored(
            part, scores.piece(first, last), reason, {name: x.piece(first, last) for name, x in places.items()}
        )
        first = last
