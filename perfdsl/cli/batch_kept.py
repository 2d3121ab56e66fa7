"""Tables of scores on the disk between one part and the result: quick to write and to read, decimals as the whole numbers they are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from perfdsl.cli.writing import growing

DECIMAL = b"decimal"  # the digits and places a column of whole numbers has as decimals
CHUNK = 1 << 16


def keep(table: Any, path: Path) -> None:
    """Write a table, whole or not at all."""
    import pyarrow as pa

    fields, columns = [], []
    for field, column in zip(table.schema, table.columns, strict=True):
        narrow = _narrow(column)
        if narrow is not None:
            told = {DECIMAL: f"{field.type.precision},{field.type.scale}".encode()}
            field, column = pa.field(field.name, narrow.type, metadata=told), narrow
        fields.append(field)
        columns.append(column)
    made = pa.table(columns, schema=pa.schema(fields))
    with growing(str(path)) as name, pa.ipc.new_file(name, made.schema) as writer:
        writer.write_table(made, max_chunksize=CHUNK)


def kept(path: Path, names: tuple[str, ...] | None = None) -> Iterator[Any]:
    """The rows of a kept table, at most 65,536 at a time; with ``names`` only those columns."""
    import pyarrow as pa

    with pa.memory_map(str(path)) as file:
        reader = pa.ipc.open_file(file)
        for at in range(reader.num_record_batches):
            some = pa.Table.from_batches([reader.get_batch(at)])
            some = some.select(names) if names is not None else some
            columns = [_wide(column, field) for field, column in zip(some.schema, some.columns, strict=True)]
            yield pa.table(columns, names=some.schema.names)


def _narrow(column: Any) -> Any:
    """Decimals that fit 32 bits as whole numbers; None for any other column."""
    import numpy as np
    import pyarrow as pa

    if not pa.types.is_decimal128(column.type) or not len(column):
        return None
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    bits, data = array.buffers()
    halves = np.frombuffer(data, dtype=np.int64)[2 * array.offset : 2 * (array.offset + len(array))]
    low = halves[::2].astype(np.int32)
    if array.offset or not (np.array_equal(low, halves[::2]) and np.array_equal(low >> 31, halves[1::2])):
        return None
    return pa.Array.from_buffers(pa.int32(), len(array), [bits, pa.py_buffer(low)])


def _wide(column: Any, field: Any) -> Any:
    """A column as it was before it was kept."""
    import numpy as np
    import pyarrow as pa

    digits = (field.metadata or {}).get(DECIMAL)
    if digits is None:
        return column
    (array,) = column.chunks
    bits, data = array.buffers()
    whole = np.frombuffer(data, dtype=np.int32)[array.offset : array.offset + len(array)]
    wide = np.empty((len(whole), 2), dtype=np.int64)
    wide[:, 0] = whole
    np.right_shift(wide[:, 0], 63, out=wide[:, 1])
    kind = pa.decimal128(*map(int, digits.split(b",")))
    return (
        pa.Array.from_buffers(kind, len(array), [bits, pa.py_buffer(wide)], offset=0)
        if not array.offset
        else column.cast(kind)
    )


__all__ = ["keep", "kept"]
