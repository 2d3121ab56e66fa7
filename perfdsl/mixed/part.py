"""A part of a store as arrays: rows, groups and names of some thousand plans, one after the other."""

from typing import TYPE_CHECKING, Any

import attrs

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
    """Some plans: ``objects`` in order; ``owner`` says whose a row or group is, ``parent`` counts groups from the first of all."""

    objects: list[str]
    plans: Fields
    rows: Fields
    groups: Fields
    names: Fields
    tops: "Array"
    bottoms: "Array"
    first_number: "Array"

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
        for made in (rows, groups):
            parent = made["parent"]
            made["parent"] = np.where(parent >= 0, parent + first_group[made["owner"]], parent)
        names["row"] = names["row"] + first_row[names["owner"]]
        tops, bottoms = rows.pop("tops"), rows.pop("bottoms")
        return cls(objects, Fields(plans), Fields(rows), Fields(groups), Fields(names), np.asarray(tops.flatten()),
                   np.asarray(bottoms.flatten()), np.asarray(tops.offsets)[:-1] - tops.offsets[0].as_py())  # fmt: skip


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
