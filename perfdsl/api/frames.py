"""Tables of other libraries as Arrow tables and back, without copies where their memory is alike."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from perfdsl.api.given import text_of

if TYPE_CHECKING:
    import pyarrow as pa


class Taken(NamedTuple):
    """A table as Arrow, and how a result becomes a table of the kind that came in."""

    table: "pa.Table"
    back: Callable[["pa.Table"], Any]


def taken(frame: Any) -> Taken:
    """Any table: of Arrow, Polars, pandas, or what gives an Arrow stream (its results are a ``pyarrow.Table``).

    Raises ``TypeError`` for what is no table.
    """
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return Taken(frame, _as_it_is)
    if isinstance(frame, pa.RecordBatch):
        return Taken(pa.Table.from_batches([frame]), _as_it_is)
    polars, pandas = sys.modules.get("polars"), sys.modules.get("pandas")  # who has such a table has loaded it
    if polars is not None and isinstance(frame, polars.DataFrame):
        return Taken(_of_polars(polars, frame), polars.from_arrow)
    if polars is not None and isinstance(frame, polars.LazyFrame):
        raise TypeError("a LazyFrame has no rows yet; collect() it first")
    if pandas is not None and isinstance(frame, pandas.DataFrame):
        return _of_pandas(pandas, frame)
    if hasattr(frame, "__arrow_c_stream__"):
        try:
            return Taken(pa.RecordBatchReader.from_stream(frame).read_all(), _as_it_is)
        except pa.ArrowInvalid as wrong:  # a stream of one column, or of a type Arrow has no name for
            raise TypeError(f"no table that Arrow reads: {wrong}") from None
    raise TypeError(f"a table of Arrow, Polars or pandas, or with __arrow_c_stream__; not {type(frame).__name__}")


def _as_it_is(table: "pa.Table") -> Any:
    return table


def _of_polars(polars: Any, frame: Any) -> "pa.Table":
    """Columns as Arrow; whole numbers of 128 bits, which Arrow has not, as their digits."""
    strange = [name for name, kind in frame.schema.items() if kind == polars.Object]
    if strange:
        raise TypeError(f"a column of Python objects holds no cells: {strange[0]!r}")
    wide = [getattr(polars, x) for x in ("Int128", "UInt128") if hasattr(polars, x)]
    made: pa.Table = frame.with_columns(polars.col(wide).cast(polars.String)).to_arrow()
    return made


def _of_pandas(pandas: Any, frame: Any) -> Taken:
    """Columns as Arrow; cells of several kinds in one column as the texts they would be in a file."""
    import pyarrow as pa

    columns = {}
    for at, heading in enumerate(frame.columns):
        if not isinstance(heading, str):
            raise TypeError(f"the headings of a table are texts, not {type(heading).__name__}: {heading!r}")
        series = frame.iloc[:, at]
        try:
            columns[heading] = pa.array(series, from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
            gone = [pandas.api.types.is_scalar(x) and pandas.isna(x) for x in series]
            cells = [None if none else text_of(x) for x, none in zip(series, gone, strict=True)]
            columns[heading] = pa.array(cells, pa.string())
    if len(columns) < frame.shape[1]:
        raise ValueError("two columns have the same heading")

    def back(table: "pa.Table") -> Any:
        made = table.to_pandas(types_mapper=pandas.ArrowDtype)
        if len(made) == len(frame):
            made.index = frame.index
        return made

    return Taken(pa.table(columns), back)
