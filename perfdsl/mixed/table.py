"""A long table of observations by what its columns are, and what of it could not be read."""

from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl.batch import texts
from perfdsl.diagnostics import Diagnostic
from perfdsl.tables import Names, header_columns

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, np.dtype[Any]]


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
            made = as_texts(made).dictionary_encode()
        return made.dictionary, np.asarray(made.indices).astype(np.int64)


def as_texts(column: Any) -> Any:
    """A column as texts, nothing as the empty one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_string(column.type):
        return pc.fill_null(column, "")
    return pa.array(texts(column), pa.string())
