"""A part of a store as arrays: rows, groups and names of some thousand plans, one after the other."""

from typing import TYPE_CHECKING, Any

import attrs

from perfdsl.mixed.facts import Fact

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, np.dtype[Any]]


@attrs.frozen(eq=False)
class Fields:
    """Columns of equal length by name; numbers as arrays, texts as Arrow."""

    columns: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.columns[name]


@attrs.frozen(eq=False)
class Plans:
    """Some plans: ``objects`` in order; ``owner`` says whose a row or group is, ``parent`` counts groups from the first of all.

    ``cells`` are all rows and then all facts; ``uses`` are the cells that shapes look at, those of a row from ``first_use``.
    """

    objects: list[str]
    plans: Fields
    rows: Fields
    groups: Fields
    names: Fields
    facts: Fields
    cells: Fields
    tops: "Array"
    bottoms: "Array"
    first_number: "Array"
    uses: "Array"
    first_use: "Array"

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows["owner"])

    def facts_of(self, owner: int) -> list[Fact]:
        """What is given of an object beside its rows."""
        import numpy as np

        return [self.fact(int(i)) for i in np.flatnonzero(self.facts["owner"] == owner)]

    def fact(self, at: int) -> Fact:
        """One of them."""
        key, alias = (self.facts[x][at].as_py() for x in ("key", "alias"))
        return Fact(key, alias, int(self.facts["sort"][at]))

    @classmethod
    def of(cls, table: "pa.Table") -> "Plans":
        """The plans of one part of a store."""
        import numpy as np

        table = table.combine_chunks()
        objects = table.column("object").to_pylist()
        plain = ("places", "units", "policy", "total", "most", "scheme")
        plans = {x: np.asarray(table.column(x)) for x in plain}
        plans |= {"reason": table.column("reason"), "plan": table.column("plan")}
        groups, first_group = _inner(table, "groups")
        rows, first_row = _inner(table, "rows")
        names, _ = _inner(table, "names")
        facts, first_fact = _inner(table, "facts")
        for made in (rows, groups):
            parent = made["parent"]
            made["parent"] = np.where(parent >= 0, parent + first_group[made["owner"]], parent)
        several = np.bincount(rows["owner"], minlength=len(objects))
        total = len(rows["owner"])

        def cell(owner: "Array", number: "Array") -> "Array":
            """The cell that has this number in the plan of its owner."""
            behind = total + first_fact[owner] + number - several[owner]
            return np.asarray(np.where(number < several[owner], first_row[owner] + number, behind))

        names["cell"] = cell(names["owner"], names["cell"])
        tops, bottoms, uses = rows.pop("tops"), rows.pop("bottoms"), rows.pop("uses")
        first_use = np.asarray(uses.offsets).astype(np.int64)
        used = cell(np.repeat(rows["owner"], np.diff(first_use)), np.asarray(uses.flatten()))
        cells = {x: np.concatenate([rows[x], facts[x]]) for x in ("owner", "reading")}
        return cls(objects, Fields(plans), Fields(rows), Fields(groups), Fields(names), Fields(facts), Fields(cells), np.asarray(tops.flatten()),
                   np.asarray(bottoms.flatten()), np.asarray(tops.offsets)[:-1] - tops.offsets[0].as_py(), used,
                   first_use[:-1] - first_use[:1])  # fmt: skip


def kinds_of(values: "Array") -> tuple[list[int], "Array"]:
    """The different numbers in the order they come, and which of them each is."""
    import numpy as np
    import pyarrow as pa

    found = pa.array(values).dictionary_encode()
    return found.dictionary.to_pylist(), np.asarray(found.indices).astype(np.int64)


def _inner(table: "pa.Table", name: str) -> tuple[dict[str, Any], Any]:
    """The records inside the rows of a table, whose they are, and where those of each begin."""
    import numpy as np
    import pyarrow as pa

    lists = table.column(name)
    lists = lists.chunk(0) if lists.num_chunks else pa.array([], lists.type)
    offsets = np.asarray(lists.offsets).astype(np.int64)
    inner = lists.flatten()
    made: dict[str, Any] = {"owner": np.repeat(np.arange(len(lists)), np.diff(offsets))}
    for i, field in enumerate(inner.type):
        column = inner.field(i)
        if pa.types.is_integer(field.type) and column.null_count:
            made[f"no {field.name}"] = np.asarray(column.is_null())
            column = column.fill_null(0)
        numeric = pa.types.is_integer(field.type) or pa.types.is_boolean(field.type)
        made[field.name] = np.asarray(column) if numeric else column
    for field in ("low", "high"):
        if name == "groups":
            made.setdefault(f"no {field}", np.zeros(len(inner), dtype=bool))
    return made, offsets[:-1] - offsets[0] if len(offsets) else offsets
