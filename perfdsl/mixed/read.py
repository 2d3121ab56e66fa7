"""A long table of observations beside the plans of a part: whose each is, which row it means, and what it says.

Plain numbers of all projects are read together, each times the factor of its own row's unit and inside its own domain; any
other text once for each different way of reading it.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl.actuals import Row
from perfdsl.batch import NAMES, CellReader, plain_numbers, texts
from perfdsl.core import Domain
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding
from perfdsl.evaluate import field_of
from perfdsl.keywords import PERIOD_WORDS
from perfdsl.mixed.facts import column_of, named, value_of
from perfdsl.mixed.facts import skeleton as skeleton_of
from perfdsl.mixed.part import Plans, kinds_of
from perfdsl.mixed.rows import LONG, NUMBER, WORD, Given
from perfdsl.mixed.shapes import PATH
from perfdsl.mixed.store import Store
from perfdsl.observe import column_names, is_lost, observe
from perfdsl.program import ABSENT, STATES
from perfdsl.quantity import fold_width
from perfdsl.tables import Names, header_columns
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, np.dtype[Any]]

FREE = Domain(None, None)
FIELDS = ("value", "unit", "mark", "override")


class Refused(NamedTuple):
    """An observation that could not be read: its row in the table, whose it is, the column, its words, and why.

    ``value`` is what it says beside a name nobody knows.
    """

    row: int
    object: str
    column: str
    text: str
    finding: Diagnostic
    value: str = ""


@attrs.define(eq=False)
class Table:
    """The columns of a long table by what they are."""

    table: "pa.Table"
    at: dict[str, int]
    unit: str

    @classmethod
    def of(cls, table: "pa.Table") -> "Table":
        """By its header, as every table of actuals is read."""
        columns, _ = header_columns(table.schema.names, Names(frozenset(), frozenset(), frozenset()))
        at: dict[str, int] = {}
        for x in columns:
            if x.field:
                at.setdefault(x.field, x.place)
        unit = next((x.unit for x in columns if x.field == "value"), "")
        return cls(table, at, unit)

    def heading(self, field: str) -> str:
        """The heading of a column; of one that is not there, that of the values."""
        at = self.at.get(field, self.at.get("value"))
        return "" if at is None else str(self.table.schema.names[at])

    def text(self, field: str, row: int) -> str:
        """One cell as it is written."""
        return texts(self.table.column(self.at[field]).slice(row, 1))[0] if field in self.at else ""

    def column(self, field: str) -> "pa.ChunkedArray | None":
        """A column, where there is one."""
        return self.table.column(self.at[field]) if field in self.at else None

    def encoded(self, field: str, default: str = "") -> tuple[list[str], "Array"]:
        """The different texts of a column, and which one each row has."""
        made, codes = self.dictionary(field, default)
        return [x or default for x in texts(made)], codes

    def dictionary(self, field: str, default: str = "") -> tuple["pa.Array", "Array"]:
        """The same as they are held; a column that is not there says the default throughout."""
        import numpy as np
        import pyarrow as pa

        column = self.column(field)
        if column is None:
            return pa.array([default]), np.zeros(self.table.num_rows, np.int64)
        made = column.combine_chunks()
        if isinstance(made, pa.ChunkedArray):
            made = made.combine_chunks()
        kind = made.type
        texts_only = pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type)
        if not texts_only or made.null_count or made.dictionary.null_count:
            made = _as_texts(made).dictionary_encode()
        return made.dictionary, np.asarray(made.indices).astype(np.int64)


@attrs.define(eq=False)
class Reader:
    """Reads the observations of a store's plans; what it has learnt of texts and units is kept from part to part."""

    store: Store
    readers: dict[tuple[int, str], CellReader] = attrs.Factory(dict)
    factors: dict[tuple[int, str], "_Factor"] = attrs.Factory(dict)
    marks: dict[tuple[Fraction | None, str, str], tuple[Fraction | None, tuple[Diagnostic, ...]]] = attrs.Factory(dict)

    def owners(self, table: Table, whose: "Array") -> tuple["Array", list[Refused]]:
        """Whose each observation is (-1: nobody's), those of other periods left aside (-2)."""
        import numpy as np

        refused = []
        for i in np.flatnonzero(whose == -1).tolist():
            name = table.text("object", i)
            refused.append(Refused(i, name, table.heading("object"), name, _told(NO_PLAN, name)))
        words, said = table.encoded("period")
        periods = [PERIOD_WORDS.get(x.strip(), "?") if x else self.store.period for x in words]
        if periods != [self.store.period]:
            here = np.array([x == self.store.period for x in periods])[said]
            strange = np.flatnonzero(np.array([x == "?" for x in periods])[said] & (whose >= 0))
            for i in strange.tolist():
                word = words[said[i]]
                found = self.of_row(_EMPTY, "", period=word)[0]
                refused.append(Refused(i, table.text("object", i), table.heading("period"), word, found))
            whose = np.where(here, whose, np.where(whose == -1, -1, -2))
        return whose, refused

    def given(self, table: Table, part: Plans, whose: "Array") -> tuple[Given, list[Refused]]:
        """What was observed of every row of the part; ``whose`` counts its plans."""
        import numpy as np

        refused: list[Refused] = []
        meant = self.meant(table, part, whose, refused)
        seen = np.flatnonzero(meant >= 0)
        given = Given.nothing(len(part.cells["owner"]))
        several = np.bincount(meant[seen], minlength=len(given.place)) > 1
        several[: part.count] = part.rows["computed"]  # of other rows that are given twice the first counts
        together = seen[several[meant[seen]]]
        seen = seen[~several[meant[seen]]]
        first = np.full(len(given.place), -1)
        first[meant[seen[::-1]]] = seen[::-1]
        kept = first[meant[seen]] == seen
        for i in seen[~kept]:
            refused += self.refusals(table, part, int(i), int(meant[i]), "", twice=True)
        seen = seen[kept]
        at = meant[seen]
        given.place[at] = seen
        self.values(table, part, seen, at, given, refused)
        marks = self.together(table, part, together, meant[together], given, refused)
        rows = at < part.count
        self.assessed(table, part, seen[rows], at[rows], given, refused, marks)
        return given, refused

    def together(
        self, table: Table, part: Plans, seen: "Array", at: "Array", given: Given, refused: list[Refused]
    ) -> "dict[str, dict[int, Fraction]]":
        """Observations that bear on each other: several of one fact, and those of rows that are computed; marks by field and row."""
        import numpy as np

        found: dict[str, dict[int, Fraction]] = {"mark": {}, "override": {}}
        order = np.argsort(at, kind="stable")
        edges = np.flatnonzero(np.diff(at[order], prepend=-1)).tolist()
        for start, end in pairwise([*edges, len(order)]):
            cell, places = int(at[order[start]]), seen[order[start:end]].tolist()
            plan, _ = self.asked(table, part, places[0], cell)
            lines = [self.asked(table, part, i, cell)[1] for i in places]
            by_place = dict(zip((str(i) for i in places), lines, strict=True))
            lines = [attrs.evolve(x, span=Span(0, len(x.value), Source(i, x.value))) for i, x in by_place.items()]
            observed, told = observe(plan, lines, self.store.period)
            words = self.store.readings[int(part.cells["reading"][cell])].words
            if cell < part.count:
                entry = next(iter(observed.entries.get(lines[0].name, ())), None)
                if entry is not None:
                    given.put(cell, None, entry.applies, words)
                    given.place[cell] = int(entry.span.source.name)
                    for field, value in (("mark", entry.mark), ("override", entry.override)):
                        if value is not None:
                            found[field][cell] = value
            else:
                given.put(cell, value_of(part.fact(cell - part.count).key, observed), True, words)
                given.place[cell] = places[0]
            owner = part.objects[int(part.cells["owner"][cell])]
            for x in (y for y in told if is_lost(y)):
                field, i = field_of(x), x.span.source.name
                refused.append(Refused(int(i), owner, table.heading(field), str(getattr(by_place[i], field)), x))
        return found

    # ---- which cell is meant

    def meant(self, table: Table, part: Plans, whose: "Array", refused: list[Refused]) -> "Array":
        """The cell of the part each observation means; -1 for none."""
        import numpy as np

        known = part.names["name"].dictionary_encode()
        code_of = {name: i for i, name in enumerate(known.dictionary.to_pylist())}
        size = len(code_of) + 1
        names, codes = table.encoded("name")
        plain = [" ".join(x.split()) for x in names]
        keys = (2 * part.names["owner"] + part.names["exact"]) * size + np.asarray(known.indices)
        meant = np.full(len(codes), -1)
        for exact, called in enumerate(([fold_width(x) for x in plain], plain)):
            wanted = np.array([code_of.get(x, size - 1) for x in called], dtype=np.int64)[codes]
            asked = np.where(whose >= 0, (2 * whose + exact) * size + wanted, -1)
            found = _looked_up(keys, part.names["cell"], asked, 2 * len(part.objects) * size)
            meant = np.where(meant < 0, found, meant)
        meant = np.where(whose >= 0, meant, -1)
        found = meant >= 0
        slow: dict[tuple[int, int], int] = {}
        strays: dict[int, list[Row]] = {}
        for i in np.flatnonzero(~found & (whose >= 0)):
            key = int(whose[i]), int(codes[i])
            if part.plans["reason"][key[0]].as_py():
                continue  # its plan is read whole
            if key not in slow:
                slow[key] = self.looked_up(part, key[0], names[key[1]])
            meant[i] = slow[key]
            if meant[i] < 0:
                refused += self.of_nothing(table, part, int(i), key[0], strays.setdefault(key[0], []))
        return meant

    def of_nothing(self, table: Table, part: Plans, i: int, owner: int, before: list[Row]) -> list[Refused]:
        """What is told of an observation that means no cell: nobody knows its name, or it is money of which there is no table.

        ``before`` are those of the same object that were met earlier.
        """
        name, value = table.text("name", i), table.text("value", i)
        unit = table.text("unit", i) or table.unit
        row = Row(name=name, value=value, unit=unit, span=Span(0, len(name), Source(str(i), name)))
        _, told = observe(skeleton(part, owner), [*before, row], self.store.period)
        told = [x for x in told if x.span.source.name == str(i)]
        unknown = next((x for x in told if x.code in NAMES), None)
        if unknown is not None:
            return [Refused(i, part.objects[owner], name, name, unknown, value)]
        before.append(row)
        return [Refused(i, part.objects[owner], table.heading("value"), value, x) for x in told if is_lost(x)]

    def looked_up(self, part: Plans, owner: int, name: str) -> int:
        """The cell a name means by the rules for names in full."""
        import numpy as np

        column = column_names(skeleton(part, owner))(name)
        mine = np.flatnonzero(part.facts["owner"] == owner)
        for i in mine.tolist():
            if part.facts["key"][i].as_py() == column:
                return part.count + i
        path = column.partition(":")[2] if column.startswith("value:") else ""
        mine = np.flatnonzero(part.rows["owner"] == owner)
        return next((int(i) for i in mine if part.rows["path"][int(i)].as_py() == path), -1) if path else -1

    # ---- values

    def values(
        self, table: Table, part: Plans, seen: "Array", at: "Array", given: Given, refused: list[Refused]
    ) -> None:
        """The actuals."""
        import numpy as np
        import pyarrow as pa

        column = table.column("value")
        if column is None or not len(seen):
            return
        cells = column.take(pa.array(seen)).combine_chunks()
        if isinstance(cells, pa.ChunkedArray):
            cells = cells.combine_chunks()
        tops, per, plain = plain_numbers(cells)
        units, unit_codes = table.encoded("unit", table.unit)
        ways, way = kinds_of(part.cells["reading"][at].astype(np.int64) * len(units) + unit_codes[seen])
        pairs = [(x // len(units), units[x % len(units)].strip()) for x in ways]
        made, bottoms, good = _together(tops, per, way, [self.factor(*x) for x in pairs])
        good &= plain
        numbers = np.where(good, made, 0)
        states = np.where(good, NUMBER, 0).astype(np.uint8)
        said = np.full(len(seen), -1, np.int32)
        rest = np.flatnonzero(~good)
        if len(rest):
            words = _as_texts(cells.take(pa.array(rest))).dictionary_encode()
            keys = way[rest] * len(words.dictionary) + np.asarray(words.indices)
            different, inverse = np.unique(keys, return_inverse=True)
            spoken = words.dictionary.to_pylist()
            reads = [self.reader(*pairs[int(x) // len(spoken)]).cell(spoken[int(x) % len(spoken)]) for x in different]
            readings = [self.store.readings[pairs[int(x) // len(spoken)][0]] for x in different]
            values = [x.value if isinstance(x.value, Fraction) else Fraction(0) for x in reads]
            long = any(max(abs(x.numerator), x.denominator) >= LONG for x in values)
            kind = object if long else np.int64
            numbers, bottoms = numbers.astype(kind), bottoms.astype(kind)
            numbers[rest] = np.array([x.numerator for x in values], dtype=kind)[inverse]
            bottoms[rest] = np.array([x.denominator for x in values], dtype=kind)[inverse]
            states[rest] = np.array([_state(x) for x in reads], dtype=np.uint8)[inverse]
            said[rest] = np.array([_word(x, y.words) for x, y in zip(reads, readings, strict=True)], dtype=np.int32)[
                inverse
            ]
            wrong = np.array([bool(x.found) for x in reads])[inverse]
            for i in rest[wrong]:
                refused += self.refusals(table, part, int(seen[i]), int(at[i]), "value")
        if numbers.dtype == object:
            given.numbers, given.per = given.numbers.astype(object), given.per.astype(object)
        given.numbers[at], given.per[at], given.states[at], given.said[at] = numbers, bottoms, states, said

    def reader(self, reading: int, unit: str) -> CellReader:
        """How the cells of rows read so are read beside a unit."""
        found = self.readers.get((reading, unit))
        if found is None:
            known = self.store.readings[reading]
            found = self.readers[reading, unit] = CellReader(
                known.plan, self.store.period, column_of(known.plan), "value", unit, known.words
            )
        return found

    def factor(self, reading: int, unit: str) -> "_Factor":
        """What plain numbers read so are multiplied by, and the domain; a factor of 0 where they are read one by one."""
        found = self.factors.get((reading, unit))
        if found is None:
            reader = self.reader(reading, unit)
            found = self.factors[reading, unit] = _Factor(reader.factor or Fraction(0), reader.domain)
        return found

    def classes(self, part: Plans, given: Given, name: str) -> dict[int, str]:
        """The words of an input of this name, by object."""
        import numpy as np
        import pyarrow.compute as pc

        made: dict[int, str] = {}
        here = np.asarray(pc.equal(part.facts["key"], f"input:{name}")) if name else np.zeros(0, bool)
        for i in np.flatnonzero(here).tolist():
            cell = part.count + i
            words = self.store.readings[int(part.cells["reading"][cell])].words
            if given.said[cell] >= 0:
                made[int(part.cells["owner"][cell])] = words[int(given.said[cell])]
        return made

    # ---- marks and reviews

    def assessed(
        self,
        table: Table,
        part: Plans,
        seen: "Array",
        at: "Array",
        given: Given,
        refused: list[Refused],
        known: "dict[str, dict[int, Fraction]]",
    ) -> None:
        """Assessors' marks as columns, reviewers' scores one by one; some are known already."""
        import numpy as np

        for field in ("mark", "override"):
            if field not in table.at:
                continue
            words, codes = table.encoded(field)
            filled = np.array([bool(x.strip()) for x in words], dtype=bool)[codes[seen]]
            found = dict(known[field])
            if not filled.any() and not found:
                continue
            units = part.plans["units"][part.rows["owner"]]
            for i, row in zip(seen[filled].tolist(), at[filled].tolist(), strict=True):
                points = int(part.rows["points"][row])
                worth = None if points < 0 else Fraction(points, int(units[row]))
                value, wrong = self.mark(worth, words[codes[i]], field)
                if wrong:
                    refused += self.refusals(table, part, i, row, field)
                elif value is not None:
                    found[row] = value
            if field == "override":
                given.overrides = found
                continue
            given.mark_per = lcm(*(x.denominator for x in found.values()))
            tops = [int(x * given.mark_per) for x in found.values()]
            if any(abs(x) >= LONG for x in tops):
                given.marks = given.marks.astype(object)
            for row, top in zip(found, tops, strict=True):
                given.marks[row], given.marked[row] = top, True

    def mark(self, points: Fraction | None, text: str, field: str) -> tuple[Fraction | None, tuple[Diagnostic, ...]]:
        """A mark: points, or a percent of them."""
        key = points, text, field
        found = self.marks.get(key)
        if found is None:
            bare = p.PlanIndicator(path=PATH, points=points, domain=FREE)
            plan = p.Plan(kind="project", object="", roots=PATH, indicators=(bare,))
            row = Row(name=PATH[0], value="", span=Span(0, len(text), Source("", text)), **{field: text})  # type: ignore[arg-type]
            seen, told = observe(plan, [row], self.store.period)
            (entry,) = seen.entries[PATH[0]]
            value = entry.mark if field == "mark" else entry.override
            found = self.marks[key] = value, tuple(x for x in told if x.severity == ERROR)
        return found

    # ---- what could not be read, in the user's words

    def refusals(self, table: Table, part: Plans, i: int, row: int, field: str, twice: bool = False) -> list[Refused]:
        """Why a cell (of all fields where ``field`` is empty) could not be read, by the row's own name and target."""
        plan, made = self.asked(table, part, i, row, {"value": ("value", "unit"), "": FIELDS}.get(field, (field,)))
        _, told = observe(plan, [made], self.store.period)
        if twice:
            blank = attrs.evolve(made, value="", unit="", mark="", override="")
            told += observe(plan, [blank, blank], self.store.period)[1]
        owner = part.objects[int(part.cells["owner"][row])]
        lost = [(x, field_of(x)) for x in told if is_lost(x)]
        return [Refused(i, owner, table.heading(of), str(getattr(made, of)), x) for x, of in lost]

    def asked(self, table: Table, part: Plans, i: int, row: int, fields: Sequence[str] = FIELDS) -> tuple[p.Plan, Row]:
        """How a row is read, with its own name and target; and some fields of the observation ``i`` of it."""
        plan = self.store.readings[int(part.cells["reading"][row])].plan
        if row >= part.count:
            plan = named(plan, part.fact(row - part.count))
            path = " ".join(table.text("name", i).split())
        else:
            path, target = part.rows["path"][row].as_py(), part.rows["target"][row].as_py()
            (one,) = plan.indicators
            targets = tuple(attrs.evolve(x, target=attrs.evolve(x.target, text=target)) for x in one.targets)
            renamed = attrs.evolve(one, path=tuple(path.split("/")), targets=targets, points=worth_of(part, row))
            plan = attrs.evolve(plan, indicators=(renamed,))
        given = {x: table.text(x, i) for x in fields if x in table.at}
        if "unit" in fields:
            given["unit"] = given.get("unit") or table.unit
        text = given.get("value", "")
        line = Row(name=path, span=Span(0, len(text), Source("", text)), **({"value": ""} | given))  # type: ignore[arg-type]
        return plan, line

    def of_row(self, plan: p.Plan, name: str, period: str = "") -> list[Diagnostic]:
        """What is told of an observation with this name."""
        row = Row(name=name, value="", period=period, span=Span(0, len(name), Source("", name)))
        return observe(plan, [row], self.store.period)[1]


class _Factor(NamedTuple):
    by: Fraction
    domain: Domain


_EMPTY = p.Plan(kind="project", object="")


def _looked_up(keys: "Array", values: "Array", asked: "Array", count: int) -> "Array":
    """The value of each key that is asked for, -1 where there is none; keys are below ``count``, those asked may be none."""
    import numpy as np

    if not len(keys):
        return np.full(len(asked), -1)
    if count <= 8 * len(keys) + (1 << 20):  # a place for every key there may be
        places = np.full(count + 1, -1)
        places[keys] = values
        return np.asarray(places[np.where(asked >= 0, asked, count)])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    at = np.minimum(np.searchsorted(keys, asked), max(len(keys) - 1, 0))
    return np.where(keys[at] == asked, values[order][at], -1)


def worth_of(part: Plans, row: int) -> Fraction | None:
    """The points of a row, where it has any."""
    points = int(part.rows["points"][row])
    return None if points < 0 else Fraction(points, int(part.plans["units"][part.rows["owner"][row]]))


def skeleton(part: Plans, owner: int) -> p.Plan:
    """The names of a plan's rows, as far as a name that nobody knows is looked for among them."""
    import numpy as np

    rows = np.flatnonzero((part.rows["owner"] == owner) & ~part.rows["ceiling"]).tolist()
    first = rows[0] if rows else 0
    paths = [tuple(part.rows["path"][i].as_py().split("/")) for i in rows]
    alias: dict[int, str] = {}
    for i in np.flatnonzero((part.names["owner"] == owner) & ~part.names["exact"]).tolist():
        row, name = int(part.names["cell"][i]) - first, part.names["name"][i].as_py()
        if name not in (fold_width(paths[row][-1]), "/".join(paths[row])):
            alias[row] = name
    made = tuple(p.PlanIndicator(path=x, alias=alias.get(i, ""), domain=FREE) for i, x in enumerate(paths))
    return skeleton_of(made, part.facts_of(owner))


def _together(tops: Any, per: int, way: "Array", factors: Sequence[_Factor]) -> tuple[Any, Any, Any]:
    """Plain numbers of ``1/per`` in base units, each by its factor: tops, bottoms, and where they may be taken so."""
    import numpy as np

    count = len(factors)
    by, bottom, most, low, high = (np.zeros(count, np.int64) for _ in range(5))
    step_top, step_bottom = np.ones(count, np.int64), np.zeros(count, np.int64)
    for i, (factor, domain) in enumerate(factors):
        low[i], high[i] = -LONG, LONG
        whole = Fraction(1)
        if domain.whole:
            whole = domain.step * per * factor.denominator
            step_bottom[i] = min(whole.denominator, LONG)
            step_top[i] = min(whole.numerator, LONG)
        wide = max(factor.numerator, per * factor.denominator) * max(whole.denominator, 1)
        if not factor or wide >= LONG or whole.numerator >= LONG:
            continue  # nothing is taken together
        by[i], bottom[i] = factor.numerator, per * factor.denominator
        most[i] = LONG // wide
        if factor >= 1000:  # a number as large as its unit may have been written without it: the reader says so
            most[i] = min(int(most[i]), int(factor * per) - 1)
        for limit, sign in ((domain.low, 1), (domain.high, -1)):
            if limit is not None:
                edge = limit * int(bottom[i])
                found = -(-edge.numerator // edge.denominator) if sign > 0 else edge.numerator // edge.denominator
                found = max(-LONG, min(LONG, found))
                if sign > 0:
                    low[i] = found
                else:
                    high[i] = found
    good = (by[way] > 0) & (np.abs(tops) <= most[way])
    made = np.where(good, tops, 0) * by[way]
    good &= (made >= low[way]) & (made <= high[way])
    stepped = step_bottom[way] > 0
    if stepped.any():
        good &= ~stepped | (made * np.maximum(step_bottom[way], 1) % step_top[way] == 0)
    return made, np.maximum(bottom[way], 1), good


def _as_texts(column: Any) -> Any:
    """A column as texts, nothing as the empty one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_string(column.type):
        return pc.fill_null(column, "")
    return pa.array(texts(column), pa.string())


def _state(read: Any) -> int:
    if not read.applies:
        return STATES.index(ABSENT)
    return NUMBER if isinstance(read.value, Fraction) else WORD if isinstance(read.value, str) else 0


def _word(read: Any, words: tuple[str, ...]) -> int:
    return words.index(read.value) if isinstance(read.value, str) and read.value in words else -1


def _told(kind: Kind, text: str) -> Diagnostic:
    return finding(kind, Span(0, len(text), Source("", text)), name=text)


NO_PLAN = Kind(
    "B118", "error", "“{name}”没有规则，它的完成值没有用上", "there are no rules for “{name}”: its actuals were not used",
    "核对对象的名称，或给它编译一份规则", "check the name of the object, or compile rules for it",
)  # fmt: skip
