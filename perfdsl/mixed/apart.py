"""Rows that have no shape but stand for themselves: scored entry by entry, gathered from several units, compared with last year.

The exact engine scores such a row by a plan of this row alone; what stands beside and above it goes by shapes.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.actuals import Row
from perfdsl.batch import NAMES, texts
from perfdsl.diagnostics import Diagnostic
from perfdsl.evaluate import REFUSED, Engine, field_of
from perfdsl.mixed.part import Plans
from perfdsl.mixed.table import Refused, Table
from perfdsl.observe import is_lost, observe
from perfdsl.plan_json import reread
from perfdsl.scorecard import IndicatorScore
from perfdsl.tables import Names, header_columns
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, np.dtype[Any]]

MOST, MOST_SCORES = 1024, 1 << 14  # plans, and scores of rows, that are remembered
TEXTS = [x.name for x in attrs.fields(Row) if x.name not in ("span", "object", "period")]


def stands_alone(plan: p.Plan, row: p.PlanIndicator) -> bool:
    """Does a row look at nothing but what is given of it?"""
    above = [row.path[:n] for n in range(1, len(row.path))]
    if (
        row.formula is not None
        or row.applies is not None
        or any(x.applies is not None and x.path in above for x in plan.groups)
    ):
        return False
    exprs = [getattr(x.judge, y) for x in row.targets for y in ("target", "met", "completion", "gap", "excess")]
    exprs += [
        x for case in (row.scoring.cases if row.scoring is not None else ()) for x in (case.when, case.award, case.high)
    ]
    return not any(":" in name for x in exprs if x is not None for name in c.references(x))


def only(plan: p.Plan, row: p.PlanIndicator) -> p.Plan:
    """The plan of this row."""
    return attrs.evolve(
        plan, indicators=(row,), roots=row.path[:1], groups=(), inputs=(), funds=(), grades=(), ceilings=(), awards=(), total=None, most=None
    )  # fmt: skip


@attrs.define(eq=False)
class Kept:
    """Plans that are kept as texts, each read once."""

    period: str
    as_of: date | None
    plans: dict[str, p.Plan] = attrs.Factory(dict)
    scores: dict[tuple[str, tuple[tuple[Any, ...], ...]], IndicatorScore] = attrs.Factory(dict)

    def plan(self, text: str) -> p.Plan:
        """The plan of a text."""
        found = self.plans.get(text)
        if found is None:
            if len(self.plans) >= MOST:
                self.plans.clear()
            (found,) = reread(text)
            self.plans[text] = found
        return found

    def scored(
        self, table: "pa.Table", part: Plans, seen: "Array", at: "Array"
    ) -> tuple[dict[int, IndicatorScore], list[Refused]]:
        """All rows of a part that stand apart, by the observations ``seen`` of the rows ``at``."""
        import numpy as np

        refused: list[Refused] = []
        made: dict[int, IndicatorScore] = {}
        columns = Table.of(table)
        rows_of: dict[int, list[Row]] = {}
        for row, line in zip(at.tolist(), observations(table, seen), strict=True):
            rows_of.setdefault(row, []).append(line)
        for row in np.flatnonzero(part.rows["apart"]).tolist():
            rows = rows_of.get(row, [])
            made[row], found = self.score(part.rows["plan"][row].as_py(), rows)
            refused += told(found, rows, columns, part.objects[int(part.rows["owner"][row])])
        return made, refused

    def score(self, text: str, rows: Sequence[Row]) -> tuple[IndicatorScore, list[Diagnostic]]:
        """The one row of a plan, and what was given and counts for nothing; where that is nothing, once for the same texts."""
        key = text, tuple(tuple(getattr(x, y) for y in TEXTS) for x in rows)
        known = self.scores.get(key)
        if known is not None:
            return known, []
        plan = self.plan(text)
        seen, found = observe(plan, rows, self.period)
        engine = Engine(plan, seen, self.period, self.as_of)
        score = engine.indicator("/".join(plan.indicators[0].path))
        lost = [*(x for x in found if is_lost(x)), *(x for x in engine.found if x.code in REFUSED)]
        if not lost:
            if len(self.scores) >= MOST_SCORES:
                self.scores.clear()
            self.scores[key] = score
        return score, lost


def told(found: Iterable[Diagnostic], rows: Sequence[Row], columns: Table, owner: str) -> Iterator[Refused]:
    """What was found in the rows of an object, each where it stands; what is about no row, at the first."""
    by_place = {x.span.source.name: x for x in rows}
    for x in found:
        row = by_place.get(x.span.source.name, rows[0] if rows else None)
        if row is None:
            continue  # nothing was given
        field = field_of(x)
        column, text = (row.name,) * 2 if x.code in NAMES else (columns.heading(field), str(getattr(row, field)))
        yield Refused(int(row.span.source.name), owner, column, text, x, row.value)


def observations(table: "pa.Table", places: "Array") -> Iterator[Row]:
    """Some rows of a long table; the source of each is called by its place."""
    import pyarrow as pa

    columns, _ = header_columns(table.schema.names, Names(frozenset(), frozenset(), frozenset()))
    mine = table.take(pa.array(places))
    cells = [texts(mine.column(x.place)) for x in columns]
    for i, place in enumerate(places.tolist()):
        given = {x.field: cells[n][i] for n, x in reversed(list(enumerate(columns))) if x.field and cells[n][i]}
        extras = tuple((x.header, cells[n][i]) for n, x in enumerate(columns) if not x.field and cells[n][i])
        text = given.setdefault("value", "")
        given["unit"] = given.get("unit") or next((x.unit for x in columns if x.field == "value"), "")
        yield Row(span=Span(0, len(text), Source(str(place), text)), extras=extras, **({"name": ""} | given))  # type: ignore[arg-type]
