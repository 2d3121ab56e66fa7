"""Tables of many objects scored at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import attrs

from perfdsl.api.frames import Taken, taken
from perfdsl.diagnostics import Diagnostic
from perfdsl.engines import Engine, lacking, members, named
from perfdsl.fallback import ASKED, Fallback, Why
from perfdsl.plan import Plan

if TYPE_CHECKING:
    import pyarrow as pa

    from perfdsl.batch import Job
    from perfdsl.grid import Scores

EXACT = "exact"
MOST_KEPT, MOST_LEARNT, MOST_PROGRAMS = 16, 1 << 14, 64
GUARD = Lock()
READY: "WeakKeyDictionary[Any, dict[tuple[object, ...], list[Job]]]" = WeakKeyDictionary()  # by their rules


class Reject(NamedTuple):
    """A cell that could not be read and counts as not given: its row in the table (from 0), its column, its words, and why."""

    row: int
    column: str
    text: str
    finding: Diagnostic


@attrs.frozen(eq=False)
class ScoredTable:
    """The scores of a table: ``frame`` is a table of the kind that came in, one row an object (its columns: docs/api.md).

    ``rejects`` are the cells that could not be read, ``unread`` the headings that are no column of the rules; ``engine`` is
    what scored it, and ``fallbacks`` say which objects or indicators of it the exact engine scored instead, and why.  It is
    an Arrow stream itself.
    """

    frame: Any
    rejects: tuple[Reject, ...]
    unread: tuple[str, ...]
    engine: str
    fallbacks: tuple[Fallback, ...]
    scores: "Scores" = attrs.field(repr=False)
    _table: "pa.Table" = attrs.field(repr=False)

    @property
    def reason(self) -> str:
        """What the exact engine scored instead of the one asked for, and why, in English; empty where nothing was."""
        return "; ".join(x.text("en") for x in self.fallbacks)

    @property
    def arrow(self) -> "pa.Table":
        """The same as an Arrow table."""
        return self._table

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """For any library that reads Arrow."""
        return self._table.__arrow_c_stream__(requested_schema)


def score_table(owner: object, plan: Plan, frame: Any, engine: str, period: str, as_of: date | None) -> ScoredTable:
    """Score every object of ``frame`` by one plan of ``owner``, for which programs are kept as long as it lives."""
    given = taken(frame)
    chosen = engine_named("embedded" if engine == EXACT else engine)
    with _job(owner, plan, chosen, period, as_of) as job:
        return _scored(job, given, engine)


@contextmanager
def _job(owner: object, plan: Plan, chosen: Engine, period: str, as_of: date | None) -> "Iterator[Job]":
    """A job nobody else uses; it waits for the next table when this one is scored."""
    from perfdsl.batch import Job

    key = plan.object, chosen.NAME, period, as_of
    with GUARD:
        waiting = READY.setdefault(owner, {})
        if key not in waiting and len(waiting) >= MOST_KEPT:
            waiting.clear()
        idle = waiting.setdefault(key, [])
        job = idle.pop() if idle else Job(plan, chosen, period, as_of)
    yield job
    learnt = sum(x.learnt for x in job.shapes.values())
    if len(job.shapes) > MOST_KEPT or learnt > MOST_LEARNT:
        job.shapes.clear()
    if job.fitting is None or len(job.fitting.made) <= MOST_PROGRAMS:
        idle.append(job)


def _scored(job: "Job", given: Taken, engine: str) -> ScoredTable:
    import pyarrow as pa

    from perfdsl.batch import one_value, table_of, usual

    plan, chosen = job.plan, job.engine
    assert chosen is not None  # ``exact`` is asked for by its name
    headings = tuple(given.table.schema.names)
    if len(set(headings)) < len(headings):
        raise ValueError("two columns have the same heading")
    shape = job.shape(headings)
    if not shape.usable or not (shape.long or shape.uses):
        raise ValueError(f"no column is an indicator of the rules: {'、'.join(headings[:8])}")
    looked = {x.place for x in shape.columns[0] if x.field and (shape.long or not x.target)} | {
        x.place for x in shape.uses
    }
    columns, several = [], []
    for at, (name, column) in enumerate(zip(headings, given.table.columns, strict=True)):
        one, found = one_value(usual(column), name, range(1, len(column) + 1))
        columns.append(one)
        several += [Reject(row, name, text, why) for row, text, why in found if at in looked]
    cells = pa.table(columns, names=list(headings))
    made = job.one_by_one(shape, cells, Why(ASKED)) if engine == EXACT else job.score(cells)
    table = table_of(plan, made.part.objects, made.scores)
    rejects = [*several, *(Reject(x.row, name, x.text, _in_row(x.finding, x.row)) for name, x in made.part.rejects)]
    order = {name: at for at, name in enumerate(headings)}
    rejects.sort(key=lambda x: (x.row, order.get(x.column, len(order))))
    unread = tuple(x for place, x in enumerate(headings) if place not in looked and x not in plan.own_columns)
    used = EXACT if made.whole else chosen.NAME
    fallbacks = () if engine == EXACT else made.fallbacks
    return ScoredTable(given.back(table), tuple(rejects), unread, used, fallbacks, made.scores, table)


def _in_row(found: Diagnostic, row: int) -> Diagnostic:
    """The finding with the number of the row in the table, counted from 1 as people do."""
    return found._replace(facts=tuple((name, str(row + 1) if name == "row" else fact) for name, fact in found.facts))


def engine_named(name: str) -> Engine:
    """An engine by its name.  Raises ``ValueError`` where there is none, ``ModuleNotFoundError`` where its library is not installed."""
    engine = named(name)
    if engine is None:
        raise ValueError(f"no engine {name!r}; known: {', '.join([*(x.NAME for x in members()), EXACT])}")
    if lacking(engine):
        raise ModuleNotFoundError(f'the engine {name} needs: pip install "perfdsl[{engine.EXTRA}]"')
    return engine
