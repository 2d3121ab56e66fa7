"""Some objects of a table as a grid of their plan: which column means what, wide or long, and what does not fit."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl import program as g
from perfdsl.actuals import Row
from perfdsl.batch.cells import CellReader, Cells, Reject, classes_of, coded, texts, words_of
from perfdsl.diagnostics import ERROR
from perfdsl.evaluate import Engine
from perfdsl.grid import Grid, Strip
from perfdsl.gridded import ABSENT, Held, results, strip_of
from perfdsl.integers import apart_of, units_of
from perfdsl.observe import column_names, observe, row_names
from perfdsl.tables import Column, Names, header_columns
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    import pyarrow as pa

READ = ("value", "mark", "override", "prior")
EXTRA = "extra:"  # before the heading of a further column, such as the weight of each of several units
BESIDE = ("item", "times", "explanation", "evidence")


Line = tuple[int, dict[str, str]]  # a row: its number in the table, and its texts by field
MOST_ASKED = 1 << 17


class Use(NamedTuple):
    """What a column of a wide table is: ``key`` of the plan, field, unit, and its number in the table."""

    place: int
    key: str
    field: str
    unit: str


@attrs.frozen(eq=False)
class Part:
    """Objects in their order, their grid, what its columns hold, and the cells that could not be read."""

    objects: list[str]
    grid: Grid
    columns: tuple[g.Column, ...]
    rejects: list[tuple[str, Reject]]


@attrs.define(eq=False)
class Shape:
    """How a table with these headings is read for a plan; ``unknown`` are headings nobody looks at."""

    plan: p.Plan
    period: str
    headings: tuple[str, ...]
    readers: dict[tuple[str, str, str], CellReader] = attrs.Factory(dict)
    vocabularies: dict[str, dict[str, int]] = attrs.Factory(dict)
    asked: dict[tuple[str, tuple[tuple[str, ...], ...]], tuple[Any, list[Any]]] = attrs.Factory(dict)

    @cached_property
    def names(self) -> Callable[[str], str]:
        """The column of the plan a name means."""
        return column_names(self.plan)

    @cached_property
    def columns(self) -> tuple[tuple[Column, ...], int]:
        """What each heading means, and whether the table is long (3) or wide (2)."""
        known = Names(frozenset(row_names(self.plan)), frozenset(), self.plan.own_columns)
        return header_columns(self.headings, known)

    @property
    def long(self) -> bool:
        """One row an observation?"""
        return self.columns[1] == 3

    @property
    def usable(self) -> bool:
        """Is it a table of actuals at all?"""
        return self.columns[1] >= 2

    def place_of(self, field: str) -> int | None:
        """The number of the column of a field that concerns the whole row."""
        return next((x.place for x in self.columns[0] if x.field == field and not x.target), None)

    @cached_property
    def uses(self) -> list[Use]:
        """The columns of a wide table that hold values."""
        found = [x for x in self.columns[0] if x.target and x.field in (*READ, *BESIDE)]
        return [Use(x.place, key, x.field, x.unit) for x in found if (key := self.names(x.target))]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words the plan compares with."""
        return words_of(self.plan)

    @cached_property
    def apart(self) -> frozenset[str]:
        """Rows whose cells are read together: scored entry by entry, gathered from several units, or compared with last year."""
        several = {"/".join(i.path) for i in self.plan.indicators if i.gather is not None}
        grown = {"/".join(i.path) for i in self.plan.indicators if any(_reads_prior(x) for x in i.targets)}
        return frozenset(several | grown | set(apart_of(self.plan)))

    @property
    def extras(self) -> list[tuple[str, int]]:
        """Further columns, such as the weight of each of several units: what they are kept as, and their place."""
        return [(f"{EXTRA}{x.header}", x.place) for x in self.columns[0] if not x.field and not x.target]

    @property
    def class_columns(self) -> list[str]:
        """The columns that part objects into classes."""
        return [f"input:{x}" for x in sorted(classes_of(self.plan))]

    def reader(self, key: str, field: str, unit: str) -> CellReader:
        """The reader of a column, kept from part to part with what it has learnt."""
        found = self.readers.get((key, field, unit))
        if found is None:
            found = self.readers[key, field, unit] = CellReader(self.plan, self.period, key, field, unit, self.words)
            found.words = self.vocabulary(key)
        return found

    @property
    def learnt(self) -> int:
        """How many different cells and words are remembered."""
        return len(self.asked) + sum(len(x.known) + len(x.words) - len(self.words) for x in self.readers.values())

    def vocabulary(self, key: str) -> dict[str, int]:
        """The words a column has its numbers for: those of the plan, and the classes met so far."""
        return self.vocabularies.setdefault(key, {word: i for i, word in enumerate(self.words)})

    # ---- wide

    def wide(self, table: "pa.RecordBatch | pa.Table") -> Part:
        """One row an object."""
        count = table.num_rows
        at = self.place_of("object")
        objects = texts(table.column(at)) if at is not None else [self.plan.object] * count
        rejects: list[tuple[str, Reject]] = []
        strips: dict[str, Strip] = {}
        together: dict[str, list[Use]] = {}
        for use in self.uses:
            kind, _, path = use.key.partition(":")
            if kind == "value" and path in self.apart:
                together.setdefault(path, []).append(use)
            elif use.field in READ:
                name = use.key if use.field == "value" else f"{use.field}:{path}"
                cells = self.reader(use.key, use.field, use.unit).column(table.column(use.place))
                strips[name] = self.strip(cells, use.key)
                rejects += [(self.headings[use.place], x) for x in cells.rejects]
        for path in sorted(self.apart):
            uses = together.get(path, [])
            fields = [(x.field, x.unit, texts(table.column(x.place))) for x in uses]
            beside = [(name, texts(table.column(place))) for name, place in self.extras]
            given: list[list[Line]] = []
            for i in range(count):
                made = {field: column[i] for field, _, column in fields if column[i]}
                more = {name: column[i] for name, column in beside if column[i]}
                given.append([(i, made | more)] if made else [])
            unit = next((unit for field, unit, _ in fields if field == "value"), "")
            self.entries(path, given, unit, strips, rejects)
        return self.part(objects, strips, rejects)

    # ---- long

    def observations(self, table: "pa.RecordBatch | pa.Table") -> Part:
        """One row an observation; the rows of an object stand together or apart, objects come in the order of their first row."""
        import numpy as np

        at = {
            field: self.place_of(field) for field in ("object", "name", "value", "unit", "period", *READ[1:], *BESIDE)
        }
        count = table.num_rows
        nothing = np.zeros(count, dtype=np.int32)
        objects, whose = self.coded(table, at["object"], self.plan.object)
        names, codes = self.coded(table, at["name"], "")
        units, unit_codes = self.coded(table, at["unit"], "")
        both = codes.astype(np.int64) * max(len(units), 1) + unit_codes if len(units) > 1 else codes + nothing
        order = np.argsort(both, kind="stable")
        found, starts = np.unique(both[order], return_index=True)
        strips: dict[str, Strip] = {}
        rejects: list[tuple[str, Reject]] = []
        pieces: dict[str, list[tuple[Any, str]]] = {}
        for mark, rows in zip(found, np.split(order, starts[1:]), strict=False):
            name, unit = names[int(mark) // max(len(units), 1)], units[int(mark) % max(len(units), 1)]
            pieces.setdefault(self.names(name), []).append((rows, unit))
        for rows, _ in pieces.pop("", []):
            rejects += [self.strange(table, int(x)) for x in rows]
        entries: dict[str, list[list[Line]]] = {}
        for key, several in pieces.items():
            kind, _, path = key.partition(":")
            if kind == "value" and path in self.apart:
                entries[path] = self.rows_of(table, at, several, whose, len(objects))
                continue
            for field in READ:
                place = at[field]
                if place is None or (kind != "value" and field != "value"):
                    continue
                name = key if field == "value" else f"{field}:{path}"
                strips[name] = self.spread(table, place, several, whose, len(objects), (key, field), rejects)
        for path in sorted(self.apart):
            self.entries(path, entries.get(path, [[] for _ in objects]), "", strips, rejects)
        return self.part(objects, strips, rejects)

    def coded(self, table: Any, place: int | None, otherwise: str) -> tuple[list[str], Any]:
        """The different texts of a column and their numbers; of one that is not there, ``otherwise`` throughout."""
        import numpy as np

        return (
            coded(table.column(place)) if place is not None else ([otherwise], np.zeros(table.num_rows, dtype=np.int32))
        )

    def strange(self, table: Any, row: int) -> tuple[str, Reject]:
        """An observation whose indicator the plan does not have."""
        at = self.place_of("name")
        text = texts(table.column(at).slice(row, 1))[0] if at is not None else ""
        source = Source("", text)
        _, found = observe(self.plan, [Row(name=text, value="", span=Span(0, len(text), source))], self.period)
        return text, Reject(row, text, found[0])

    def rows_of(
        self, table: Any, at: Mapping[str, int | None], several: list[tuple[Any, str]], whose: Any, count: int
    ) -> "list[list[Line]]":
        """The rows of one indicator by object, as texts by field."""
        import pyarrow as pa

        made: list[list[Line]] = [[] for _ in range(count)]
        fields = [(field, at[field]) for field in ("value", "unit", *READ[1:], *BESIDE) if at[field] is not None]
        fields += self.extras
        for rows, _ in several:
            columns = [
                (field, texts(table.column(place).take(pa.array(rows)))) for field, place in fields if place is not None
            ]
            for i, row in enumerate(rows):
                made[whose[row]].append((int(row), {field: column[i] for field, column in columns if column[i]}))
        for found in made:
            found.sort(key=lambda x: x[0])
        return made

    def spread(
        self, table: Any, place: int, several: list[tuple[Any, str]], whose: Any, count: int, wanted: tuple[str, str],
        rejects: list[tuple[str, Reject]],
    ) -> Strip:  # fmt: skip
        """The values of one indicator put at their objects; a second one of the same object is refused."""
        import numpy as np
        import pyarrow as pa

        key, field = wanted
        strip = Cells(count, 1, np.zeros(count, np.int64), np.zeros(count, np.uint8), np.full(count, -1, np.int32), [])
        every = np.sort(np.concatenate([rows for rows, _ in several]))
        _, first = np.unique(whose[every], return_index=True)
        if field == "value" and len(first) < len(every):
            for again in np.delete(every, first):
                rejects.append((self.headings[place], self.twice(table, place, int(again), key)))
        leading = np.zeros(table.num_rows, dtype=bool)
        leading[every[first]] = True
        for rows, unit in several:
            kept = leading[rows]
            owners = whose[rows]
            cells = self.reader(key, field, unit).column(table.column(place).take(pa.array(rows[kept])))
            rejects += [(self.headings[place], x._replace(row=int(rows[kept][x.row]))) for x in cells.rejects]
            _merge(strip, cells, owners[kept])
        return self.strip(strip, key)

    def twice(self, table: Any, place: int, row: int, key: str) -> Reject:
        """A second value for the same row."""
        text = texts(table.column(place).slice(row, 1))[0]
        name = key.partition(":")[2]
        source = Source("", text)
        same = Row(name=name, value=text, span=Span(0, len(text), source))
        _, found = observe(self.plan, [same, same], self.period)
        return Reject(
            row, text, [d for d in found if d.severity == ERROR][-1]
        )  # what is wrong with each alone comes first

    # ---- what no column holds

    def entries(
        self,
        path: str,
        given: "Sequence[list[Line]]",
        unit: str,
        strips: dict[str, Strip],
        rejects: list[tuple[str, Reject]],
    ) -> None:
        """Rows read, and where they are scored entry by entry also scored, by the exact engine: once for the same texts."""
        row = next(i for i in self.plan.indicators if "/".join(i.path) == path)
        scored = row.scoring is not None and row.scoring.entries is not None
        held: dict[str, list[Held]] = {}
        for several in given:
            key = (path, tuple(tuple(f"{k}={v}" for k, v in x.items()) for _, x in several))
            known = self.asked.get(key)
            if known is None:
                known = self.ask(path, [x for _, x in several], unit, row, scored)
                if len(self.asked) < MOST_ASKED:
                    self.asked[key] = known
            values, found = known
            for name, value in values.items():
                held.setdefault(name, []).append(value)
            for d in found:
                place, fields = several[int(d.span.source.name)]
                rejects.append((path, Reject(place, fields.get("value", ""), d)))
        for name, values in held.items():
            _, strips[name] = strip_of(name, values)

    def ask(
        self, path: str, rows: list[dict[str, str]], unit: str, row: p.PlanIndicator, scored: bool
    ) -> tuple[Any, list[Any]]:
        """One object's rows of one indicator."""
        made = [self.row(path, {"value": "", "unit": unit, **x}, i) for i, x in enumerate(rows)]
        seen, found = observe(self.plan, made, self.period)
        engine = Engine(self.plan, seen, self.period, None)
        several = seen.entries.get(path, ())
        absent = bool(several) and not engine_applies(several, row)
        first = next(iter(several), None)
        frame = engine.frame(row)
        values: dict[str, Held] = {
            f"value:{path}": ABSENT if absent else frame.value,
            f"prior:{path}": frame.entry.prior,
        }
        values[f"mark:{path}"] = (
            next((x.mark for x in several if x.mark is not None), None)
            if row.gather
            else (first.mark if first else None)
        )
        values[f"override:{path}"] = next((x.override for x in several if x.override is not None), None)
        if scored:
            units = units_of(engine)
            values |= {
                name: found_values[0] for name, found_values in results(path, [engine.indicator(path)], units).items()
            }
        return values, [d for d in found if d.severity == ERROR]

    @staticmethod
    def row(path: str, fields: dict[str, str], number: int) -> Row:
        """One row of texts by field, further columns among them; its source is called by its number."""
        extras = tuple((k.removeprefix(EXTRA), v) for k, v in fields.items() if k.startswith(EXTRA))
        known = {k: v for k, v in fields.items() if not k.startswith(EXTRA)}
        return Row(name=path, span=Span(0, 0, Source(str(number), "")), extras=extras, **known)  # type: ignore[arg-type]

    # ---- the grid

    def strip(self, cells: Cells, key: str) -> Strip:
        """Cells as a column of the grid."""
        words = tuple(self.vocabulary(key))
        return Strip(per=cells.per, numbers=cells.numbers, states=cells.states, said=cells.said, words=words)

    def part(self, objects: list[str], strips: dict[str, Strip], rejects: list[tuple[str, Reject]]) -> Part:
        """Everything together, with what the columns hold."""
        known = len(self.words)  # the rules know no more of them, and are the same for every part
        columns = [described(name, x) for name, x in strips.items()]
        columns = [attrs.evolve(x, words=x.words[:known]) if x.name.startswith("input:") else x for x in columns]
        return Part(objects, Grid(len(objects), strips), tuple(columns), rejects)


def engine_applies(entries: Sequence[Any], row: p.PlanIndicator) -> bool:
    """Do the entries say that the row applies?"""
    return any(x.applies for x in entries) if row.gather is not None else all(x.applies for x in entries)


def described(name: str, strip: Strip) -> g.Column:
    """What a column holds, in round figures, so that the next part of the table is scored by the same program."""
    import numpy as np

    assert strip.numbers is not None and strip.states is not None  # a part fills both
    low, high = (int(strip.numbers.min()), int(strip.numbers.max())) if len(strip.numbers) else (0, 0)
    if name.partition(":")[0] not in ("low", "high", "open", "case"):
        low, high = -_round(-low), _round(high)
    found = frozenset(g.STATES[x] for x in np.unique(strip.states))
    if found <= {g.MISSING, g.NUMBER}:
        found = frozenset({g.MISSING, g.NUMBER})
    return g.Column(name=name, per=strip.per, low=low, high=high, states=found, words=strip.words)


def _round(value: int) -> int:
    """The next power of ten, from zero up."""
    return 10 ** len(str(value)) if value > 0 else 0


def _merge(strip: Cells, cells: Cells, owners: Any) -> None:
    from math import lcm

    import numpy as np

    per = lcm(strip.per, cells.per)
    here, there = per // strip.per, per // cells.per
    if (
        object in (strip.numbers.dtype, cells.numbers.dtype)
        or max(
            here,
            there,
            here * int(np.abs(strip.numbers).max(initial=0)),
            there * int(np.abs(cells.numbers).max(initial=0)),
        )
        >= 1 << 62
    ):
        strip.numbers, numbers = strip.numbers.astype(object), cells.numbers.astype(object)
    else:
        numbers = cells.numbers
    strip.numbers = strip.numbers * here if here > 1 else strip.numbers
    strip.numbers[owners] = numbers * there
    strip.states[owners] = cells.states
    strip.said[owners] = cells.said
    strip.per = per


def _reads_prior(target: p.PlanTarget) -> bool:
    from perfdsl import target as t

    return isinstance(target.target.meaning, t.Growth)


__all__ = ["Part", "Shape", "described"]
