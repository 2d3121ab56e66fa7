"""What the driver tells the cluster, as small tables: no machine of it needs Python to read them."""

from collections.abc import Mapping, Sequence
from typing import Any

TYPES = {"STRING": "string", "INT": "int32", "BIGINT": "int64", "BOOLEAN": "bool_"}


def tell(session: Any, name: str, columns: Mapping[str, Any]) -> None:
    """The view ``name`` with these columns of Arrow."""
    import pyarrow as pa

    # a list of Python values would be read by Python on the machines of the cluster
    session.createDataFrame(pa.table(columns)).createOrReplaceTempView(name)


def tell_rows(session: Any, name: str, schema: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """The same of rows, with a schema such as ``f STRING, n INT``."""
    import pyarrow as pa

    named = [x.split() for x in schema.split(", ")]
    arrays = {
        title: pa.array([row[i] for row in rows], getattr(pa, TYPES[kind])()) for i, (title, kind) in enumerate(named)
    }
    tell(session, name, arrays)
