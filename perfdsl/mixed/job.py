"""Many plans over one long table: the rows of all projects by shape, the sums of all projects together.

An object whose rules do not come apart so is scored by its own plan; how many were, and why, is counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from perfdsl.actuals import Row
from perfdsl.batch import TITLES, Lists, exact_together
from perfdsl.engines import Engine
from perfdsl.grid import STATUS_ZH, STATUSES, Scores
from perfdsl.mixed.apart import observations, told
from perfdsl.mixed.doubts import Doubts
from perfdsl.mixed.listed import listed
from perfdsl.mixed.part import Plans
from perfdsl.mixed.read import Reader
from perfdsl.mixed.rows import RowResults, Shapes
from perfdsl.mixed.shelves import Shelves
from perfdsl.mixed.store import NO_POINTS, Store
from perfdsl.mixed.table import Refused, Table
from perfdsl.mixed.tally import NO_INDICATOR, Ends, Lines, ManyTally, tally_of
from perfdsl.mixed.totals import Sums, summed
from perfdsl.observe import is_lost, observe
from perfdsl.plan import Plan
from perfdsl.quantity import format_number

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, np.dtype[Any]]

NOBODY = -1  # the shelf of observations nobody has rules for
PLACE = "place in the whole"
OWNER = "number of the object in its part"
NOTHING = [TITLES[x] for x in ("object", "name", "value")]  # the headings where nothing was observed


@attrs.frozen(kw_only=True, eq=False)
class Mixed:
    """The scores of some objects: ``rows`` an indicator or a group of an object, ``totals`` an object; what was refused.

    ``apart`` counts the objects that were scored by their own plan, by reason; ``tally`` is what is told of them, ``lists`` who
    is first and last, where that is asked for.
    """

    rows: "pa.Table"
    totals: "pa.Table"
    refused: list[Refused]
    apart: Counter[str]
    tally: ManyTally
    lists: Lists | None = None


@attrs.define(eq=False)
class MixedJob:
    """A store of plans on one engine; programs and readings are kept from part to part.

    Listed are the first ``most[0]`` and the last ``most[1]`` of all objects, and of each class by the input ``by``.
    """

    store: Store
    engine: Engine
    most: tuple[int, int] = (0, 0)
    by: str = ""
    shapes: Shapes = attrs.field(init=False)
    reader: Reader = attrs.field(init=False)
    doubts: Doubts = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.shapes = Shapes(self.store, self.engine)
        self.reader = Reader(self.store)
        self.doubts = Doubts(self.reader)

    def score(self, tables: "pa.Table | Iterable[pa.Table]", folder: Path | None = None) -> Iterator[Mixed]:
        """Every object of the store, part by part; those without observations are scored as missing throughout.

        ``tables`` are long: 对象, 指标, 实际值 and what else a row of actuals may have, in any order; not all need have all columns.
        What memory should not hold waits in ``folder``.  Last, where there are any, the observations nobody has rules for.
        """
        return (x for x in self.some(tables, lambda _: True, folder) if x is not None)

    def some(
        self, tables: "pa.Table | Iterable[pa.Table]", wanted: Callable[[int], bool], folder: Path | None = None
    ) -> Iterator[Mixed | None]:
        """The same, None for the parts whose number is not wanted."""
        shelves = Shelves(folder)
        titles = self.sort([tables] if hasattr(tables, "schema") else tables, shelves) or NOTHING
        number = -1
        for number, part in enumerate(self.store.parts):
            found = shelves.take(number)
            yield self.part(part, *_placed(found, titles), number) if wanted(number) else None
        left = shelves.take(NOBODY)
        if left is not None:
            yield self.part(part.slice(0, 0), *_placed(left, titles), number + 1) if wanted(number + 1) else None

    def sort(self, tables: "Iterable[pa.Table]", shelves: Shelves) -> list[str]:
        """The headings that occur; every observation on the shelf of the part its object is in, with its place in the whole."""
        import numpy as np
        import pyarrow as pa

        parts = list(self.store.objects())
        sizes = [len(x) for x in parts]
        known = pa.array([name for names in parts for name in names], pa.string())
        part_of = np.append(np.repeat(np.arange(len(parts), dtype=np.int32), sizes), np.int32(NOBODY))
        inside = np.append(
            np.concatenate([np.zeros(0, np.int32), *(np.arange(x, dtype=np.int32) for x in sizes)]), np.int32(NOBODY)
        )
        titles: dict[str, None] = {}
        first = 0
        for table in tables:
            titles |= dict.fromkeys(table.schema.names)
            names, codes = Table.of(table).dictionary("object")
            at = found_in(names, known)[codes]
            numbers = part_of[at]
            table = table.append_column(PLACE, pa.array(np.arange(first, first + table.num_rows)))
            table = table.append_column(OWNER, pa.array(inside[at]))
            first += table.num_rows
            if len(numbers) and (np.diff(numbers) < 0).any():
                order = np.argsort(numbers, kind="stable")
                table, numbers = table.take(pa.array(order)), numbers[order]
            starts = np.flatnonzero(np.diff(numbers, prepend=-2)).tolist()
            for start, end in pairwise([*starts, len(numbers)]):
                shelves.put(int(numbers[start]), table.slice(start, end - start))
        return list(titles)

    def part(self, plans: "pa.Table", table: "pa.Table", places: "Array", owners: "Array", number: int) -> Mixed:
        """The objects of one part of the store; of their observations the places in the whole, and which objects they are of."""
        import numpy as np
        import pyarrow as pa

        part = Plans.of(plans)
        read = Table.of(table)
        whose, refused = self.reader.owners(read, owners)
        given, more = self.reader.given(read, part, whose)
        rows = self.shapes.scored(part, given)
        sums = summed(part, rows, self.store.schemes)
        made = Made.of(part, rows, sums, self.store)
        refused += more + self.doubts.of_no_use(read, part, given, self.doubts.rows(part, given, rows), whose)
        made.words |= self.reader.classes(part, given, self.by)
        whole = {owner: reason for owner, reason in enumerate(part.plans["reason"].to_pylist()) if reason}
        theirs = np.flatnonzero(np.isin(whose, list(whole)))
        rows_of: dict[int, list[Row]] = {}
        for owner, line in zip(whose[theirs].tolist(), observations(table, theirs), strict=True):
            rows_of.setdefault(owner, []).append(line)
        for owner in whole:
            refused += self.alone(part, owner, rows_of.get(owner, []), read, made)
        apart = Counter(whole.values())
        refused = sorted((x._replace(row=int(places[x.row])) for x in refused), key=lambda x: x.row)
        lines, ends = made.lines(), made.ends()
        summary = tally_of(part.objects, lines, ends, self.store.schemes, number << 32)
        by_themselves = _texts(part.rows["path"]).filter(pa.array(part.rows["apart"]))
        summary.exact, summary.alone = dict(apart), dict(Counter(by_themselves.to_pylist()))
        lists = (
            listed(part.objects, number << 32, ends, made.words, self.store.units, self.most)
            if any(self.most)
            else None
        )
        return Mixed(
            rows=made.rows_table(lines),
            totals=made.totals_table(ends),
            refused=refused,
            apart=apart,
            tally=summary,
            lists=lists,
        )

    def alone(self, part: Plans, owner: int, rows: list[Row], table: Table, made: "Made") -> list[Refused]:
        """One object by its own plan, with the exact engine."""
        plan = attrs.evolve(self.reader.kept.plan(part.plans["plan"][owner].as_py()), object=part.objects[owner])
        seen, found = observe(plan, rows, self.store.period)
        scored = exact_together(plan, [plan.object], [seen], self.store.period, self.store.as_of)
        made.put(owner, scored.scores, plan)
        word = seen.inputs.get(self.by)
        if isinstance(word, str):
            made.words[owner] = word
        found = [*(x for x in found if is_lost(x)), *scored.refused[0]]
        return list(told(found, rows, table, plan.object))


def _placed(table: "pa.Table | None", titles: Sequence[str]) -> "tuple[pa.Table, Array, Array]":
    """Observations, their places in the whole, and the number of their object in its part."""
    import numpy as np
    import pyarrow as pa

    if table is None:
        return pa.table({x: pa.array([], pa.string()) for x in titles}), np.zeros(0, np.int64), np.zeros(0, np.int64)
    bare = table.drop_columns([PLACE, OWNER]).combine_chunks()
    return bare, np.asarray(table.column(PLACE)), np.asarray(table.column(OWNER)).astype(np.int64)


def found_in(names: "pa.Array", known: "pa.Array") -> "Array":
    """The place of each name among the known ones, blanks around it aside; -1 of none."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    made = np.asarray(pc.fill_null(pc.index_in(names, value_set=known), -1)).copy()
    lost = np.flatnonzero(made < 0)
    if len(lost):
        bare = pa.array([x.strip() for x in names.take(pa.array(lost)).to_pylist()], pa.string())
        made[lost] = np.asarray(pc.fill_null(pc.index_in(bare, value_set=known), -1))
    return made


@attrs.define(eq=False)
class Made:
    """Results by object, before they are written down: those of the shapes as arrays, those scored apart one by one."""

    part: Plans
    rows: RowResults
    sums: Sums
    store: Store
    alone: dict[int, Scores] = attrs.Factory(dict)
    own: dict[int, Plan] = attrs.Factory(dict)
    words: dict[int, str] = attrs.Factory(dict)

    @classmethod
    def of(cls, part: Plans, rows: RowResults, sums: Sums, store: Store) -> "Made":
        """Those of the shapes."""
        return cls(part, rows, sums, store)

    def put(self, owner: int, scores: Scores, plan: Plan) -> None:
        """An object that was scored by its own plan."""
        self.alone[owner], self.own[owner] = scores, plan

    def lines(self) -> "Lines":
        """An indicator or a group of an object a line, in the order of the objects."""
        import numpy as np
        import pyarrow as pa

        part, rows, groups = self.part, self.rows, self.sums.groups
        none = np.zeros(len(groups.low), np.int64)
        points = np.where(part.rows["bonus"], NO_POINTS, part.rows["points"])
        seen = np.flatnonzero(~part.rows["ceiling"])
        paths = [_texts(part.rows["path"]).take(pa.array(seen)), _texts(part.groups["path"])]
        mine = (
            part.rows["owner"],
            rows.low,
            rows.open,
            rows.case,
            rows.status,
            points,
            part.plans["units"][part.rows["owner"]],
        )
        pieces: list[tuple[Any, ...]] = [
            tuple(x[seen] for x in mine),
            (part.groups["owner"], groups.low, groups.open, none, none, none + NO_INDICATOR, part.plans["units"][part.groups["owner"]]),
        ]  # fmt: skip
        for at, scores in self.alone.items():
            worth = {
                "/".join(x.path): NO_POINTS if x.bonus or x.points is None else int(x.points * scores.units)
                for x in self.own[at].indicators
            }
            several = [
                (path, x.score, x.open, int(x.case[0]), int(x.status[0]), worth[path])
                for path, x in scores.rows.items()
            ]
            several += [(path, x.low, x.open, 0, 0, NO_INDICATOR) for path, x in scores.groups.items()]
            size = len(several)
            is_open = np.array([x[2] is not None and bool(x[2][0]) for x in several], dtype=bool)
            pieces.append((
                np.full(size, at), np.array([int(x[1][0]) for x in several], np.int64), is_open,
                *(np.array([x[n] for x in several], np.int64) for n in (3, 4, 5)), np.full(size, scores.units),
            ))  # fmt: skip
            paths.append(pa.array([x[0] for x in several], pa.string()))
        columns = [np.concatenate([x[n] for x in pieces]) for n in range(7)]
        order = np.argsort(columns[0], kind="stable")
        if any(pa.types.is_dictionary(x.type) for x in paths):
            paths = [x.dictionary_encode() for x in paths]
        return Lines(pa.concat_arrays(paths).take(pa.array(order)), *(x[order] for x in columns))

    def rows_table(self, lines: "Lines") -> "pa.Table":
        """得分 where it is decided, between what it can still be, 状态, 情形."""
        import numpy as np
        import pyarrow as pa

        words = pa.array([STATUS_ZH.get(x, x) for x in STATUSES], pa.string())
        names = pa.array(self.part.objects, pa.string())
        return pa.table({
            "对象": pa.DictionaryArray.from_arrays(pa.array(lines.owner.astype(np.int32)), names),
            "指标": lines.paths, "得分": self.points(lines.low, lines.open, lines.units),
            "状态": pa.DictionaryArray.from_arrays(pa.array(lines.status.astype(np.int8)), words),
            "情形": pa.array(lines.case.astype(np.int16), mask=lines.case == 0),
        })  # fmt: skip

    def ends(self) -> "Ends":
        """The totals of all objects."""
        totals, plans = self.sums.totals, self.part.plans
        low, high, is_open, units = totals.low.copy(), totals.high.copy(), totals.open.copy(), plans["units"].copy()
        complete = self.sums.complete.copy()
        grades = [("", *(name for name, _, _ in x)) for x in self.store.schemes]
        words = [
            grades[s][g] if g else "" for s, g in zip(plans["scheme"].tolist(), self.sums.grade.tolist(), strict=True)
        ]
        pairs = list(zip(plans["total"].tolist(), units.tolist(), strict=True))
        of = {(a, b): Fraction(a, b) if a >= 0 else None for a, b in set(pairs)}
        full = [of[x] for x in pairs]
        for at, scores in self.alone.items():
            total = scores.total
            low[at], high[at], units[at] = int(total.low[0]), int(total.high[0]), scores.units
            is_open[at] = total.open is not None and bool(total.open[0])
            complete[at], words[at] = bool(scores.complete[0]), ("", *scores.grades)[int(scores.grade[0])]
            full[at] = self.own[at].total
        return Ends(low, high, is_open, units, complete, words, full)

    def totals_table(self, ends: "Ends") -> "pa.Table":
        """An object a row: 总分, 最低可能, 最高可能, 等级, 完整."""
        import pyarrow as pa

        return pa.table({
            "对象": pa.array(self.part.objects, pa.string()), "总分": self.points(ends.low, ends.open, ends.units),
            "最低可能": self.points(ends.low, None, ends.units), "最高可能": self.points(ends.high, None, ends.units),
            "等级": pa.array(ends.words, pa.string()), "完整": pa.array(ends.complete),
        })  # fmt: skip

    def points(self, values: Any, is_open: Any, units: Any) -> "pa.Array":
        """Points as decimals of as many places as the store needs, or where no decimal is exact as texts such as 10/3."""
        import numpy as np
        import pyarrow as pa

        places = self.store.places
        if places is None:
            given = np.zeros(len(values), bool) if is_open is None else is_open
            return pa.array(
                [
                    None if o else format_number(Fraction(int(x), int(u)))
                    for x, u, o in zip(values, units, given, strict=True)
                ],
                pa.string(),
            )
        wide = np.zeros((len(values), 2), dtype=np.int64)
        wide[:, 0] = values * (10**places // units)
        wide[:, 1] = wide[:, 0] >> 63
        bits = None if is_open is None else pa.array(~is_open).buffers()[1]
        return pa.Array.from_buffers(pa.decimal128(18, places), len(values), [bits, pa.py_buffer(wide)])


def _texts(column: Any) -> Any:
    import pyarrow as pa

    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
