"""Tables of many objects scored at once."""

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl.api.frames import taken
from perfdsl.diagnostics import Diagnostic
from perfdsl.engines import Engine, lacking, members
from perfdsl.plan import Plan

if TYPE_CHECKING:
    import pyarrow as pa

    from perfdsl.grid import Scores

EXACT = "exact"


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
    what scored it and ``reason`` why that is the exact engine where another was asked for.  It is an Arrow stream itself.
    """

    frame: Any
    rejects: tuple[Reject, ...]
    unread: tuple[str, ...]
    engine: str
    reason: str
    scores: "Scores" = attrs.field(repr=False)
    _table: "pa.Table" = attrs.field(repr=False)

    @property
    def arrow(self) -> "pa.Table":
        """The same as an Arrow table."""
        return self._table

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """For any library that reads Arrow."""
        return self._table.__arrow_c_stream__(requested_schema)


def score_table(plan: Plan, frame: Any, engine: str, period: str, as_of: date | None) -> ScoredTable:
    """Score every object of ``frame`` by one plan."""
    import pyarrow as pa

    from perfdsl.batch import Job, table_of, usual

    given = taken(frame)
    chosen = engine_named("embedded" if engine == EXACT else engine)
    job = Job(plan, chosen, period, as_of)
    headings = tuple(given.table.schema.names)
    if len(set(headings)) < len(headings):
        raise ValueError("two columns have the same heading")
    shape = job.shape(headings)
    if not shape.usable or not (shape.long or shape.uses):
        raise ValueError(f"no column is an indicator of the rules: {'、'.join(headings[:8])}")
    cells = pa.table([usual(x) for x in given.table.columns], names=list(headings))
    made = job.one_by_one(shape, cells, "asked for") if engine == EXACT else job.score(cells)
    table = table_of(plan, made.part.objects, made.scores)
    rejects = tuple(Reject(x.row, name, x.text, _in_row(x.finding, x.row)) for name, x in made.part.rejects)
    read = {x.place for x in shape.columns[0] if x.field and (shape.long or not x.target)} | {
        x.place for x in shape.uses
    }
    unread = tuple(x for place, x in enumerate(headings) if place not in read and x not in plan.own_columns)
    used = EXACT if made.reason else chosen.NAME
    reason = "" if engine == EXACT else made.reason
    return ScoredTable(given.back(table), rejects, unread, used, reason, made.scores, table)


def _in_row(found: Diagnostic, row: int) -> Diagnostic:
    """The finding with the number of the row in the table, counted from 1 as people do."""
    return found._replace(facts=tuple((name, str(row + 1) if name == "row" else fact) for name, fact in found.facts))


def engine_named(name: str) -> Engine:
    """An engine by its name.  Raises ``ValueError`` where there is none, ``ModuleNotFoundError`` where its library is not installed."""
    known = {x.NAME: x for x in members()}
    if name not in known:
        raise ValueError(f"no engine {name!r}; known: {', '.join([*known, EXACT])}")
    if lacking(known[name]):
        raise ModuleNotFoundError(f'the engine {name} needs: pip install "perfdsl[{known[name].EXTRA}]"')
    return known[name]
