"""Many plans as one table: a row a plan, in it its indicators and groups; the shapes they share stand once, in its metadata.

A plan that has no shape of its own (cross references, 择一, factors …) is kept whole, with the reason.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, BinaryIO

import attrs

from perfdsl import plan as p
from perfdsl.core import UNDEFINED, Domain, Gather, Judge
from perfdsl.plan_json import dumps, encode, loads
from perfdsl.quantity import format_number

if TYPE_CHECKING:
    import pyarrow as pa

PART = 2048  # plans
NO_POINTS = -1
ROOT, APART = -1, -2  # parents that are no group: everything, and nothing at all
SUM, BLOCK, EMPTY = 0, 1, 2
RESCALE, FULL, ZERO, OPEN = 0, 1, 2, 3
POLICY = {"rescale": RESCALE, "full": FULL, "zero": ZERO, "": OPEN}
KEY = b"perfdsl"
VERSION = 3
REPEATED = [  # texts of which there are few different ones
    "rows.list.element.plan",
    "rows.list.element.path", "rows.list.element.target", "groups.list.element.path", "names.list.element.name",
    "facts.list.element.key", "facts.list.element.alias",
]  # fmt: skip
Bands = tuple[tuple[str, int | None, int | None], ...]


@attrs.define
class Number:
    """What a number of a shape is over all plans: whole multiples of ``1/per``, from ``low`` to ``high``; ``same`` everywhere."""

    per: int
    low: Fraction
    high: Fraction
    same: Fraction | None

    @classmethod
    def of(cls, value: Fraction) -> "Number":
        """One value."""
        return cls(value.denominator, value, value, value)

    def add(self, value: Fraction) -> None:
        """One more value."""
        self.per = lcm(self.per, value.denominator)
        self.low, self.high = min(self.low, value), max(self.high, value)
        self.same = self.same if self.same == value else None


@attrs.frozen
class Reading:
    """How a row's cells are read, and the words its shape asks for, in their order."""

    plan: p.Plan
    words: tuple[str, ...]


@attrs.define(kw_only=True)
class Store:
    """Plans for a period: their tables in parts, the shapes with their numbers, the readings, and the grades there are.

    ``names`` are those a row of actuals may carry; where there are very many, none are kept, and no table is read as a wide one.
    ``classes`` are the words of inputs that part objects into classes.
    """

    period: str
    as_of: date | None
    shapes: list[p.Plan]
    numbers: list[list[Number]]
    readings: list[Reading]
    schemes: list[Bands]
    parts: "Iterable[pa.Table]"
    count: int = 0
    units: int = 1
    columns: set[str] = attrs.Factory(set)
    names: set[str] = attrs.Factory(set)
    classes: dict[str, list[str]] = attrs.Factory(dict)

    def objects(self) -> Iterator[list[str]]:
        """The names of the objects, part by part."""
        yield from (
            self.parts.objects()
            if isinstance(self.parts, _Parts | _Cut)
            else (x.column("object").to_pylist() for x in self.parts)
        )

    @property
    def places(self) -> int | None:
        """How many decimals any score of these plans may need; None where some have no end (a third of a point)."""
        return next((n for n in range(10) if 10**n % self.units == 0), None)


def written(store: Store, to: BinaryIO) -> None:
    """The store as a Parquet file, a row group a part."""
    import pyarrow.parquet as pq

    writer = None
    for part in store.parts:
        writer = writer or pq.ParquetWriter(to, part.schema, compression="zstd")
        writer.write_table(part)
    if writer is not None:
        writer.add_key_value_metadata({KEY: json.dumps(_meta(store), ensure_ascii=False).encode()})
        writer.close()


def opened(source: "str | BinaryIO") -> Store:
    """The store of a Parquet file; its parts are read when they are asked for.

    Raises ``ValueError`` where the file is no store of plans.
    """
    import pyarrow.parquet as pq

    file = pq.ParquetFile(source, read_dictionary=REPEATED)
    found = (file.metadata.metadata or {}).get(KEY)
    if found is None:
        raise ValueError("not a store of plans")
    made = json.loads(found)
    try:
        if made["version"] != VERSION:
            raise ValueError(f"version {made['version']}, not {VERSION}: compile the rules again")
        return _store(made, file)
    except (KeyError, TypeError, IndexError) as wrong:
        raise ValueError(f"damaged: {wrong}") from None


def _store(made: dict[str, Any], file: Any) -> Store:
    """The store by its metadata."""
    return Store(
        period=made["period"],
        as_of=date.fromisoformat(made["as_of"]) if made["as_of"] else None,
        shapes=[loads(x["shape"])[0] for x in made["shapes"]],
        numbers=[[_number(y) for y in x["numbers"]] for x in made["shapes"]],
        readings=[Reading(loads(x["plan"])[0], tuple(x["words"])) for x in made["readings"]],
        schemes=[tuple((name, low, high) for name, low, high in x) for x in made["schemes"]],
        parts=_Parts(file),
        count=file.metadata.num_rows,
        units=made["units"],
        columns=set(made["columns"]),
        names=set(made["names"]),
        classes=made["classes"],
    )


@attrs.frozen(eq=False)
class _Parts:
    """The row groups of a file."""

    file: Any

    def __iter__(self) -> "Iterator[pa.Table]":
        for i in range(self.file.num_row_groups):
            yield self.file.read_row_group(i)

    def objects(self) -> Iterator[list[str]]:
        """The names of the objects, part by part."""
        for i in range(self.file.num_row_groups):
            yield self.file.read_row_group(i, columns=["object"]).column(0).to_pylist()


@attrs.frozen(eq=False)
class _Cut:
    """The plans of a store in parts of another size."""

    store: Store
    size: int

    def __iter__(self) -> "Iterator[pa.Table]":
        import pyarrow as pa

        held: list[pa.Table] = []
        for part in self.store.parts:
            held.append(part)
            while sum(x.num_rows for x in held) >= self.size:
                whole = pa.concat_tables(held)
                yield whole.slice(0, self.size)
                held = [whole.slice(self.size)]
        if sum(x.num_rows for x in held):
            yield pa.concat_tables(held)

    def objects(self) -> Iterator[list[str]]:
        """The names of the objects, part by part."""
        names = [x for part in self.store.objects() for x in part]
        yield from (names[i : i + self.size] for i in range(0, len(names), self.size))


def cut(store: Store, size: int) -> Store:
    """The same store in parts of so many plans."""
    return attrs.evolve(store, parts=_Cut(store, size))


def _meta(store: Store) -> dict[str, Any]:
    shapes = [
        {"shape": dumps([shape]), "numbers": [[x.per, *(format_number(y) for y in (x.low, x.high)), "" if x.same is None else format_number(x.same)]
                                             for x in numbers]}
        for shape, numbers in zip(store.shapes, store.numbers, strict=True)
    ]  # fmt: skip
    return {
        "format": "perfdsl-plans", "version": VERSION, "units": store.units, "columns": sorted(store.columns), "names": sorted(store.names), "classes": store.classes, "period": store.period, "as_of": store.as_of.isoformat() if store.as_of else "",
        "shapes": shapes, "readings": [{"plan": dumps([x.plan]), "words": list(x.words)} for x in store.readings],
        "schemes": [[list(y) for y in x] for x in store.schemes],
    }  # fmt: skip


def _number(made: list[Any]) -> Number:
    per, low, high, same = made
    return Number(per, Fraction(low), Fraction(high), Fraction(same) if same else None)


def whole_plan(plan: p.Plan, period: str) -> str:
    """A plan as it is kept whole: without its name, so that plans that are the same are the same text, and without what no score of
    the period and no finding looks at."""
    return json.dumps(encode(_bare(plan, period)), ensure_ascii=False, separators=(",", ":"))


def _bare(plan: p.Plan, period: str) -> p.Plan:
    return attrs.evolve(
        plan, object="", facts=(), lights=(), accepted=(), ruleset_sha256="", indicators=tuple(_bare_row(x, period) for x in plan.indicators),
        groups=tuple(attrs.evolve(x, remarks=(), accepted=(), applies_text="") for x in plan.groups),
    )  # fmt: skip


def _bare_row(row: p.PlanIndicator, period: str) -> p.PlanIndicator:
    due = tuple(x for x in row.targets if x.period == period)
    if not due and row.targets:  # not assessed in this period
        due = (attrs.evolve(row.targets[0], judge=Judge(*(UNDEFINED,) * 5)),)
    cases = () if row.scoring is None else tuple(attrs.evolve(x, text="", award_text="") for x in row.scoring.cases)
    return attrs.evolve(
        row, targets=due, possible=tuple(x for x in row.possible if x[0] in (period, "")), formula_text="", applies_text="", nature="", remarks=(),
        accepted=(), scoring=row.scoring and attrs.evolve(row.scoring, cases=cases),
    )  # fmt: skip


def carrier(store: Store) -> p.Plan:
    """A plan whose rows have the names of all rows of all plans, and that looks at the columns that any of them look at."""
    free, columns = Domain(None, None), sorted(store.columns)
    named = {x: p.PlanIndicator(path=(x,), domain=free) for x in sorted(store.names) or columns}
    for name, column in zip(named, columns, strict=False):  # each is the column of some row that has a name
        named[name] = attrs.evolve(named[name], gather=Gather("weighted", column))
    return p.Plan(kind="project", object="", indicators=tuple(named.values()))
