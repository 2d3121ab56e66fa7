"""Some objects of a table as a grid of their plan: which column means what, wide or long, and what does not fit."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl import program as g
from perfdsl.actuals import Row
from perfdsl.batch.cells import CellReader, Cells, Reject, classes_of, coded, filled, texts, words_of
from perfdsl.batch.rows_together import EXTRA, UNIT, Line, Rows, of_lines
from perfdsl.grid import Grid, Strip
from perfdsl.gridded import Held, strip_of
from perfdsl.integers import apart_of
from perfdsl.observe import column_names, observe, row_names
from perfdsl.tables import Column, Names, header_columns
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    import pyarrow as pa

READ = ("value", "mark", "override", "prior")
BESIDE = ("item", "times", "explanation", "evidence")


class Use(NamedTuple):
    """What a column of a wide table is: its number in the table, ``key`` of the plan, field, unit, and the name it carries."""

    place: int
    key: str
    field: str
    unit: str
    target: str


class Piece(NamedTuple):
    """Rows of a table that say something under one name, in one unit; ``places`` are the columns of their fields."""

    rows: Any
    unit: str
    name: str
    places: Mapping[str, int]


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
    readers: dict[tuple[str, str, str, str], CellReader] = attrs.Factory(dict)
    vocabularies: dict[str, dict[str, int]] = attrs.Factory(dict)

    @cached_property
    def rows(self) -> Rows:
        """Rows that are read together."""
        return Rows(self.plan, self.period, self.apart)

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
        """The columns of a wide table that hold values, and the units beside them."""
        return [x for x in self.named if x.key]

    @cached_property
    def named(self) -> list[Use]:
        """The columns of a wide table that carry a name; those whose name means several rows have no key."""
        found = [x for x in self.columns[0] if x.target and x.field in (*READ, *BESIDE, UNIT)]
        return [Use(x.place, self.names(x.target), x.field, x.unit, x.target) for x in found]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words the plan compares with."""
        return words_of(self.plan)

    @cached_property
    def apart(self) -> frozenset[str]:
        """Rows whose cells are read together: scored entry by entry, gathered from several units, or compared with last year."""
        several = {"/".join(i.path) for i in self.plan.indicators if i.gather is not None}
        return frozenset(several | self.grown | set(apart_of(self.plan)))

    @cached_property
    def grown(self) -> frozenset[str]:
        """Rows compared with last year: their value is read in another unit where that of last year stands beside it."""
        return frozenset("/".join(i.path) for i in self.plan.indicators if any(_reads_prior(x) for x in i.targets))

    @cached_property
    def computed(self) -> frozenset[str]:
        """The columns that a formula fills: what is typed there is refused with all that stands beside it."""
        return frozenset(f"value:{'/'.join(i.path)}" for i in self.plan.indicators if i.formula is not None)

    @property
    def extras(self) -> list[tuple[str, int]]:
        """Further columns, such as the weight of each of several units: what they are kept as, and their place."""
        return [(f"{EXTRA}{x.header}", x.place) for x in self.columns[0] if not x.field and not x.target]

    @property
    def class_columns(self) -> list[str]:
        """The columns that part objects into classes."""
        return [f"input:{x}" for x in sorted(classes_of(self.plan))]

    def reader(self, key: str, field: str, unit: str, called: str = "") -> CellReader:
        """The reader of a column, kept from part to part with what it has learnt; ``called`` is the user's name for it."""
        called = "" if key.startswith("value:") else called  # of a row messages say the name in the rules
        found = self.readers.get((key, field, unit, called))
        if found is None:
            found = CellReader(self.plan, self.period, key, field, unit, self.words, called)
            self.readers[key, field, unit, called] = found
            found.words = self.vocabulary(key)
        return found

    @property
    def learnt(self) -> int:
        """How many different cells and words are remembered."""
        return len(self.rows.asked) + sum(len(x.known) + len(x.words) - len(self.words) for x in self.readers.values())

    def vocabulary(self, key: str) -> dict[str, int]:
        """The words a column has its numbers for: those of the plan, and the classes met so far."""
        return self.vocabularies.setdefault(key, {word: i for i, word in enumerate(self.words)})

    # ---- wide

    def wide(self, table: "pa.RecordBatch | pa.Table") -> Part:
        """One row an object."""
        import numpy as np

        count = table.num_rows
        at = self.place_of("object")
        objects = texts(table.column(at)) if at is not None else [self.plan.object] * count
        rejects: list[tuple[str, Reject]] = []
        strips: dict[str, Strip] = {}
        columns: dict[str, dict[str, list[Use]]] = {}
        for use in self.named:
            columns.setdefault(use.key, {}).setdefault(use.target, []).append(use)
        for found in columns.pop("", {}).values():
            rejects += [self.strange(table, int(i), found[0]) for i in np.flatnonzero(_any_filled(table, found))]
        entries: dict[str, list[list[Line]]] = {}
        for key, named in columns.items():
            kind, _, path = key.partition(":")
            fields = {x.field for found in named.values() for x in found}
            if kind == "value" and path in self.apart:
                pieces = [y for x in named.values() for y in self.pieces(table, x)]
                entries[path] = self.rows_of(table, pieces, np.arange(count), count)
            elif len(named) > 1 or bool(fields & {UNIT, "prior", "times"}) or key in self.computed:
                pieces = [y for x in named.values() for y in self.pieces(table, x)]
                strips |= self.spread(table, pieces, np.arange(count), count, key, rejects)
            else:
                for use in (x for found in named.values() for x in found if x.field in READ):
                    reader = self.reader(key, use.field, use.unit, use.target)
                    cells = reader.column(table.column(use.place))
                    strips[_column(key, use.field)] = self.strip(cells, key)
                    rejects += [(self.headings[use.place], x) for x in cells.rejects]
        for path in sorted(self.apart):
            self.entries(path, entries.get(path, [[] for _ in objects]), strips, rejects)
        return self.part(objects, strips, rejects)

    def pieces(self, table: Any, uses: list[Use]) -> "list[Piece]":
        """The rows that say anything under one name, by the unit they are in."""
        import numpy as np

        there = _any_filled(table, uses)
        places = {x.field: x.place for x in uses if x.field != UNIT}
        plain = next((x.unit for x in uses if x.field == "value"), "")
        value = [x for x in uses if x.field == "value"]
        with_value = _any_filled(table, value) if plain else there
        beside = next((x.place for x in uses if x.field == UNIT), None)
        units, codes = self.coded(table, beside, "")
        found = []
        for number, unit in enumerate(units):
            here = there & (codes == number)
            for some, own in ((here & with_value, unit or plain), (here & ~with_value, unit)):
                if some.any():
                    own_place = {UNIT: beside} if unit and beside is not None else {}
                    found.append(Piece(np.flatnonzero(some), own, uses[0].target, places | own_place))
        return found

    # ---- long

    def observations(self, table: "pa.RecordBatch | pa.Table") -> Part:
        """One row an observation; the rows of an object stand together or apart, objects come in the order of their first row."""
        import numpy as np

        places = {x: y for x in (*READ, *BESIDE) if (y := self.place_of(x)) is not None}
        count = table.num_rows
        nothing = np.zeros(count, dtype=np.int32)
        objects, whose = self.coded(table, self.place_of("object"), self.plan.object)
        names, codes = self.coded(table, self.place_of("name"), "")
        units, unit_codes = self.coded(table, self.place_of(UNIT), "")
        plain = next((x.unit for x in self.columns[0] if x.field == "value"), "")
        both = codes.astype(np.int64) * max(len(units), 1) + unit_codes if len(units) > 1 else codes + nothing
        order = np.argsort(both, kind="stable")
        found, starts = np.unique(both[order], return_index=True)
        strips: dict[str, Strip] = {}
        rejects: list[tuple[str, Reject]] = []
        pieces: dict[str, list[Piece]] = {}
        for mark, rows in zip(found, np.split(order, starts[1:]), strict=False):
            name, unit = names[int(mark) // max(len(units), 1)], units[int(mark) % max(len(units), 1)]
            name = " ".join(name.split())
            pieces.setdefault(self.names(name), []).append(Piece(rows, unit.strip() or plain, name, places))
        for piece in pieces.pop("", []):
            rejects += [self.strange(table, int(x)) for x in piece.rows]
        entries: dict[str, list[list[Line]]] = {}
        for key, several in pieces.items():
            kind, _, path = key.partition(":")
            if kind == "value" and path in self.apart:
                entries[path] = self.rows_of(table, several, whose, len(objects))
            else:
                strips |= self.spread(table, several, whose, len(objects), key, rejects)
        for path in sorted(self.apart):
            self.entries(path, entries.get(path, [[] for _ in objects]), strips, rejects)
        return self.part(objects, strips, rejects)

    def coded(self, table: Any, place: int | None, otherwise: str) -> tuple[list[str], Any]:
        """The different texts of a column and their numbers; of one that is not there, ``otherwise`` throughout."""
        import numpy as np

        return (
            coded(table.column(place)) if place is not None else ([otherwise], np.zeros(table.num_rows, dtype=np.int32))
        )

    def strange(self, table: Any, row: int, use: Use | None = None) -> tuple[str, Reject]:
        """An observation whose indicator the plan does not have, or has several times; ``use`` is its column in a wide table."""
        place = use.place if use is not None else self.place_of("name")
        text = texts(table.column(place).slice(row, 1))[0] if place is not None else ""
        name = use.target if use is not None else text
        source = Source("", text)
        _, found = observe(self.plan, [Row(name=name, value="", span=Span(0, len(text), source))], self.period)
        return (self.headings[use.place] if use is not None else text), Reject(row, text, found[0])

    def rows_of(self, table: Any, several: "list[Piece]", whose: Any, count: int) -> "list[list[Line]]":
        """The rows of one indicator by object, as texts by field."""
        import pyarrow as pa

        made: list[list[tuple[int, int, dict[str, str], Mapping[str, str]]]] = [[] for _ in range(count)]
        for piece in several:
            fields = [*((x, at) for x, at in piece.places.items() if x != UNIT), *self.extras]
            headings = {field: self.headings[place] for field, place in piece.places.items()}
            unit = piece.places.get(UNIT, table.num_columns)
            columns = [(field, texts(table.column(place).take(pa.array(piece.rows)))) for field, place in fields]
            places = [piece.places.get(field, table.num_columns) for field, _ in columns]
            same = {"name": piece.name, **({UNIT: piece.unit} if piece.unit else {})}
            for i, row in enumerate(piece.rows):
                told = {field: column[i] for field, column in columns if column[i]}
                first = min((at for at, (field, _) in zip(places, columns, strict=True) if field in told), default=unit)
                made[whose[row]].append((int(row), min(first, unit), same | told, headings))
        return [[(row, told, x) for row, _, told, x in sorted(found, key=lambda x: x[:2])] for found in made]

    def spread(
        self,
        table: Any,
        pieces: "list[Piece]",
        whose: Any,
        count: int,
        key: str,
        rejects: list[tuple[str, Reject]],
    ) -> dict[str, Strip]:
        """The values of one column put at their objects; rows whose fields bear on each other are read together."""
        import numpy as np
        import pyarrow as pa

        if not pieces:
            return {}
        many = np.bincount(whose[np.concatenate([x.rows for x in pieces])], minlength=count) > 1
        if key.startswith("value:"):
            for piece in pieces:
                whole = key in self.computed
                for place in (piece.places[x] for x in ("prior", "times") if x in piece.places):
                    whole |= filled(table.column(place))[piece.rows]
                many[whose[piece.rows]] |= whole
        again = bool(many.any())
        found: dict[str, Cells] = {}
        for piece in pieces:
            rows = piece.rows[~many[whose[piece.rows]]] if again else piece.rows
            for field in READ if key.startswith("value:") else ("value",):
                if field not in piece.places:
                    continue
                place = piece.places[field]
                if field not in found:
                    found[field] = _nothing(count)
                cells = self.reader(key, field, piece.unit, piece.name).column(table.column(place).take(pa.array(rows)))
                rejects += [(self.headings[place], x._replace(row=int(rows[x.row]))) for x in cells.rejects]
                _merge(found[field], cells, whose[rows])
        if again:
            mine = [x._replace(rows=x.rows[many[whose[x.rows]]]) for x in pieces]
            self.together(key, self.rows_of(table, mine, whose, count), found, rejects)
        return {_column(key, field): self.strip(cells, key) for field, cells in found.items()}

    def together(
        self, key: str, given: "list[list[Line]]", found: dict[str, Cells], rejects: list[tuple[str, Reject]]
    ) -> None:
        """Several rows of an object that mean the same column: what ``observe`` makes of all of them."""
        import numpy as np

        held: dict[str, list[Held]] = {field: [] for field in found}
        owners = [owner for owner, several in enumerate(given) if several]
        for owner in owners:
            known = self.rows.known(key, given[owner])
            for field, values in held.items():
                values.append(known[0][field])
            rejects += of_lines(known[1], given[owner])
        for field, values in held.items():
            strip = strip_of(field, values)[1]
            vocabulary = self.vocabulary(key)
            for word in strip.words if key in self.class_columns else ():
                vocabulary.setdefault(word, len(vocabulary))
            numbers = np.array([*(vocabulary.get(x, -1) for x in strip.words), -1], dtype=np.int32)
            cells = Cells(len(owners), strip.per, strip.numbers, strip.states, numbers[strip.said], [])
            _merge(found[field], cells, np.array(owners, dtype=np.int64))

    # ---- what no column holds

    def entries(
        self, path: str, given: "Sequence[list[Line]]", strips: dict[str, Strip], rejects: list[tuple[str, Reject]]
    ) -> None:
        """Rows read, and where they are scored entry by entry also scored, by the exact engine: once for the same texts."""
        held: dict[str, list[Held]] = {}
        for several in given:
            values, found = self.rows.known(f"value:{path}", several)
            for name, value in values.items():
                held.setdefault(name, []).append(value)
            rejects += of_lines(found, several)
        for name, column in held.items():
            _, strips[name] = strip_of(name, column)

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


def described(name: str, strip: Strip) -> g.Column:
    """What a column holds, in round figures, so that the next part of the table is scored by the same program."""
    assert strip.numbers is not None and strip.states is not None  # a part fills both
    low, high = (int(strip.numbers.min()), int(strip.numbers.max())) if len(strip.numbers) else (0, 0)
    if name.partition(":")[0] not in ("low", "high", "open", "case"):
        low, high = -_round(-low), _round(high)
    found = frozenset(name for i, name in enumerate(g.STATES) if (strip.states == i).any())
    if found <= {g.MISSING, g.NUMBER}:
        found = frozenset({g.MISSING, g.NUMBER})
    return g.Column(name=name, per=strip.per, low=low, high=high, states=found, words=strip.words)


def _round(value: int) -> int:
    """The next power of ten, from zero up."""
    return 10 ** len(str(value)) if value > 0 else 0


def _column(key: str, field: str) -> str:
    """The column of the grid for a field of what ``key`` names."""
    return key if field == "value" else f"{field}:{key.partition(':')[2]}"


def _nothing(count: int) -> Cells:
    """A column nothing is known of yet."""
    import numpy as np

    return Cells(count, 1, np.zeros(count, np.int64), np.zeros(count, np.uint8), np.full(count, -1, np.int32), [])


def _any_filled(table: Any, uses: Sequence[Use]) -> Any:
    """The rows in which one of these columns says anything."""
    import numpy as np

    found = np.zeros(table.num_rows, dtype=bool)
    for use in uses:
        found |= filled(table.column(use.place))
    return found


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
