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
from perfdsl.batch import CellReader, plain_numbers
from perfdsl.core import Domain
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding
from perfdsl.evaluate import field_of
from perfdsl.keywords import PERIOD_WORDS
from perfdsl.mixed.apart import Kept
from perfdsl.mixed.at_hand import year_gone
from perfdsl.mixed.facts import SCHEDULE, column_of, named, value_of
from perfdsl.mixed.meant import meant
from perfdsl.mixed.part import Plans, kinds_of
from perfdsl.mixed.rows import LONG, NUMBER, WORD, Given
from perfdsl.mixed.shapes import PATH
from perfdsl.mixed.store import Store
from perfdsl.mixed.table import Refused, Table, as_texts
from perfdsl.observe import is_lost, observe
from perfdsl.program import ABSENT, STATES
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

FREE = Domain(None, None)
FIELDS = ("value", "unit", "mark", "override")


@attrs.define(eq=False)
class Reader:
    """Reads the observations of a store's plans; what it has learnt of texts and units is kept from part to part."""

    store: Store
    readers: dict[tuple[int, str], CellReader] = attrs.Factory(dict)
    factors: dict[tuple[int, str], "_Factor"] = attrs.Factory(dict)
    kept: Kept = attrs.field(init=False)
    marks: dict[tuple[Fraction | None, str, str], tuple[Fraction | None, tuple[Diagnostic, ...]]] = attrs.Factory(dict)

    def __attrs_post_init__(self) -> None:
        self.kept = Kept(self.store.period, self.store.as_of)

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
        cells = meant(self.store.period, table, part, whose, refused)
        seen = np.flatnonzero(cells >= 0)
        given = Given.nothing(len(part.cells["owner"]))
        apart = np.append(part.rows["apart"], np.zeros(len(given.place) - part.count, bool))[cells[seen]]
        given.exact, more = self.kept.scored(table.table, part, seen[apart], cells[seen[apart]])
        refused += more
        seen = seen[~apart]
        several = np.bincount(cells[seen], minlength=len(given.place)) > 1
        several[: part.count] = part.rows["computed"]  # of other rows that are given twice the first counts
        together = seen[several[cells[seen]]]
        seen = seen[~several[cells[seen]]]
        first = np.full(len(given.place), -1)
        first[cells[seen[::-1]]] = seen[::-1]
        kept = first[cells[seen]] == seen
        for i in seen[~kept]:
            refused += self.refusals(table, part, int(i), int(cells[i]), "", twice=True)
        seen = seen[kept]
        at = cells[seen]
        given.place[at] = seen
        self.values(table, part, seen, at, given, refused)
        marks = self.together(table, part, together, cells[together], given, refused)
        self.reckoned(part, given)
        rows = at < part.count
        self.assessed(table, part, seen[rows], at[rows], given, refused, marks)
        return given, refused

    def reckoned(self, part: Plans, given: Given) -> None:
        """The share of the year gone, where it is asked for."""
        import numpy as np
        import pyarrow as pa

        asked = np.flatnonzero(part.facts["sort"] == SCHEDULE)
        if not len(asked):
            return
        keys = as_texts(part.facts["key"].take(pa.array(asked))).dictionary_encode()
        for at, key in enumerate(keys.dictionary.to_pylist()):
            gone = year_gone(key, self.store.period, self.store.as_of)
            cells = part.count + asked[np.asarray(keys.indices) == at]
            given.numbers[cells], given.per[cells] = gone.numerator, gone.denominator
            given.states[cells] = NUMBER

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
            words = as_texts(cells.take(pa.array(rest))).dictionary_encode()
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


def worth_of(part: Plans, row: int) -> Fraction | None:
    """The points of a row, where it has any."""
    points = int(part.rows["points"][row])
    return None if points < 0 else Fraction(points, int(part.plans["units"][part.rows["owner"][row]]))


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
