"""Many plans over one long table: the rows of all projects by shape, the sums of all projects together.

An object whose rules do not come apart so is scored by its own plan; how many were, and why, is counted.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from perfdsl.actuals import Row
from perfdsl.batch.cells import texts
from perfdsl.batch.exact import exact
from perfdsl.batch.results import STATUS_ZH
from perfdsl.diagnostics import ERROR
from perfdsl.engines import Engine
from perfdsl.grid import Scores
from perfdsl.mixed.part import Plans
from perfdsl.mixed.read import Reader, Refused, Table
from perfdsl.mixed.rows import STATUSES, RowResults, Shapes
from perfdsl.mixed.store import Store
from perfdsl.mixed.totals import Sums, summed
from perfdsl.observe import observe
from perfdsl.plan_json import loads
from perfdsl.quantity import format_number
from perfdsl.tables import Names
from perfdsl.tables.grid import header_columns
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, np.dtype[Any]]


@attrs.frozen(kw_only=True, eq=False)
class Mixed:
    """The scores of some objects: ``rows`` an indicator or a group of an object, ``totals`` an object; what was refused.

    ``apart`` counts the objects that were scored by their own plan, by reason.
    """

    rows: "pa.Table"
    totals: "pa.Table"
    refused: list[Refused]
    apart: Counter[str]


@attrs.define(eq=False)
class MixedJob:
    """A store of plans on one engine; programs and readings are kept from part to part."""

    store: Store
    engine: Engine
    shapes: Shapes = attrs.field(init=False)
    reader: Reader = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.shapes = Shapes(self.store, self.engine)
        self.reader = Reader(self.store)

    def score(self, table: "pa.Table") -> Iterator[Mixed]:
        """Every object of the store, part by part; those without observations are scored as missing throughout.

        ``table`` is long: 对象, 指标, 实际值 and what else a row of actuals may have.
        """
        import numpy as np

        names, codes = Table.of(table).encoded("object")
        code_of: dict[str, int] = {}
        same = np.array([code_of.setdefault(x.strip(), len(code_of)) for x in names], dtype=np.int64)[codes]
        order = np.argsort(same, kind="stable")
        starts = np.searchsorted(same[order], np.arange(len(code_of) + 1))
        used = np.zeros(len(code_of), bool)
        for part in self.store.parts:
            mine = [code_of[x] for x in dict.fromkeys(part.column("object").to_pylist()) if x in code_of]
            used[mine] = True
            ranges = [order[starts[x] : starts[x + 1]] for x in mine]
            yield self.part(part, table, np.sort(np.concatenate(ranges)) if ranges else np.zeros(0, np.int64))
        strange = np.flatnonzero(~used[same])
        if len(strange):
            yield self.part(part.slice(0, 0), table, strange)

    def part(self, plans: "pa.Table", table: "pa.Table", places: "Array | None" = None) -> Mixed:
        """The objects of one part of the store; ``places`` are the rows of ``table`` that are theirs (None: all)."""
        import pyarrow as pa

        if places is not None:
            table = table.take(pa.array(places)).combine_chunks()
        part = Plans.of(plans)
        read = Table.of(table)
        whose, refused = self.reader.owners(read, {x: i for i, x in enumerate(part.objects)})
        given, more = self.reader.given(read, part, whose)
        rows = self.shapes.scored(part, given)
        sums = summed(part, rows, self.store.schemes)
        made = Made.of(part, rows, sums, self.store)
        refused += more
        apart: Counter[str] = Counter()
        for owner, reason in enumerate(part.plans["reason"].to_pylist()):
            if reason:
                apart[reason] += 1
                refused += self.alone(part, owner, table, whose, made)
        if places is not None:
            refused = [x._replace(row=int(places[x.row])) for x in refused]
        return Mixed(rows=made.rows_table(), totals=made.totals_table(), refused=sorted(refused, key=lambda x: x.row), apart=apart)

    def alone(self, part: Plans, owner: int, table: "pa.Table", whose: "Array", made: "Made") -> list[Refused]:
        """One object by its own plan, with the exact engine."""
        import numpy as np

        (plan,) = loads(part.plans["plan"][owner].as_py())
        rows = list(observations(table, np.flatnonzero(whose == owner)))
        seen, found = observe(plan, rows, self.store.period)
        made.put(owner, exact(plan, [plan.object], [seen], self.store.period, self.store.as_of))
        wrong = [x for x in found if x.severity == ERROR]
        return [Refused(int(x.span.source.name), plan.object, x.span.source.text, x) for x in wrong]


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


@attrs.define(eq=False)
class Made:
    """Results by object, before they are written down: those of the shapes as arrays, those scored apart one by one."""

    part: Plans
    rows: RowResults
    sums: Sums
    store: Store
    alone: dict[int, Scores] = attrs.Factory(dict)

    @classmethod
    def of(cls, part: Plans, rows: RowResults, sums: Sums, store: Store) -> "Made":
        """Those of the shapes."""
        return cls(part, rows, sums, store)

    def put(self, owner: int, scores: Scores) -> None:
        """An object that was scored by its own plan."""
        self.alone[owner] = scores

    def rows_table(self) -> "pa.Table":
        """An indicator or a group of an object a row: 得分 where it is decided, between what it can still be, 状态, 情形."""
        import numpy as np
        import pyarrow as pa

        part, rows, groups = self.part, self.rows, self.sums.groups
        owner = np.concatenate([part.rows["owner"], part.groups["owner"]])
        units = part.plans["units"][owner]
        low, high, is_open = (np.concatenate([a, b]) for a, b in ((rows.low, groups.low), (rows.high, groups.high), (rows.open, groups.open)))
        none = np.zeros(len(groups.low), np.int64)
        case, status = np.concatenate([rows.case, none]), np.concatenate([rows.status, none])
        paths = pa.concat_arrays([_texts(part.rows["path"]), _texts(part.groups["path"])])
        for at, scores in self.alone.items():
            several = [(path, x.score, x.high if hasattr(x, "high") else x.score, x.open, x.case, x.status) for path, x in scores.rows.items()]
            several += [(path, x.low, x.high, x.open, [0], [0]) for path, x in scores.groups.items()]
            owner = np.concatenate([owner, np.full(len(several), at)])
            units = np.concatenate([units, np.full(len(several), scores.units)])
            low, high = (np.concatenate([x, [int(y[n][0]) for y in several]]) for x, n in ((low, 1), (high, 2)))
            is_open = np.concatenate([is_open, np.array([y[3] is not None and bool(y[3][0]) for y in several], dtype=bool)])
            case, status = (np.concatenate([x, np.array([y[n][0] for y in several], np.int64)]) for x, n in ((case, 4), (status, 5)))
            paths = pa.concat_arrays([paths, pa.array([y[0] for y in several], pa.string())])
        order = np.argsort(owner, kind="stable")
        words = pa.array([STATUS_ZH.get(x, x) for x in STATUSES], pa.string())
        case, status = case[order], status[order]
        return pa.table({
            "对象": pa.DictionaryArray.from_arrays(pa.array(owner[order].astype(np.int32)), pa.array(part.objects, pa.string())),
            "指标": paths.take(pa.array(order)), "得分": self.points(low[order], is_open[order], units[order]),
            "状态": pa.DictionaryArray.from_arrays(pa.array(status.astype(np.int8)), words), "情形": pa.array(case.astype(np.int16), mask=case == 0),
        })  # fmt: skip

    def totals_table(self) -> "pa.Table":
        """An object a row: 总分, 最低可能, 最高可能, 等级, 完整."""
        import numpy as np
        import pyarrow as pa

        totals, plans = self.sums.totals, self.part.plans
        low, high, is_open, units = totals.low.copy(), totals.high.copy(), totals.open.copy(), plans["units"].copy()
        complete = self.sums.complete.copy()
        grades = [("", *(name for name, _, _ in x)) for x in self.store.schemes]
        words = [grades[s][g] if g else "" for s, g in zip(plans["scheme"].tolist(), self.sums.grade.tolist(), strict=True)]
        for at, scores in self.alone.items():
            total = scores.total
            low[at], high[at], units[at] = int(total.low[0]), int(total.high[0]), scores.units
            is_open[at] = total.open is not None and bool(total.open[0])
            complete[at], words[at] = bool(scores.complete[0]), ("", *scores.grades)[int(scores.grade[0])]
        return pa.table({
            "对象": pa.array(self.part.objects, pa.string()), "总分": self.points(low, is_open, units),
            "最低可能": self.points(low, None, units), "最高可能": self.points(high, None, units),
            "等级": pa.array(words, pa.string()), "完整": pa.array(complete),
        })  # fmt: skip

    def points(self, values: Any, is_open: Any, units: Any) -> "pa.Array":
        """Points as decimals of as many places as the store needs, or where no decimal is exact as texts such as 10/3."""
        import numpy as np
        import pyarrow as pa

        places = self.store.places
        if places is None:
            given = np.zeros(len(values), bool) if is_open is None else is_open
            return pa.array([None if o else format_number(Fraction(int(x), int(u))) for x, u, o in zip(values, units, given, strict=True)], pa.string())
        wide = np.zeros((len(values), 2), dtype=np.int64)
        wide[:, 0] = values * (10**places // units)
        wide[:, 1] = wide[:, 0] >> 63
        bits = None if is_open is None else pa.array(~is_open).buffers()[1]
        return pa.Array.from_buffers(pa.decimal128(18, places), len(values), [bits, pa.py_buffer(wide)])


def _texts(column: Any) -> Any:
    import pyarrow as pa

    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
