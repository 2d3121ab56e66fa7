"""Parquet to Parquet through pyarrow for those who have arrays: a piece of the file at a time."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import workload as w

from . import Data

if TYPE_CHECKING:
    import pyarrow as pa

    from . import Results

AT_ONCE = 32_768


def through(source: Path, target: Path, threads: int, scored: "Callable[[Data], Results]") -> None:
    """Read, score and write some rows, again and again."""
    import pyarrow as pa
    from pyarrow import parquet

    pa.set_cpu_count(threads)
    writer = None
    with parquet.ParquetFile(source) as file:
        for batch in file.iter_batches(AT_ONCE, use_threads=threads > 1):
            made = table_of(batch.column(w.OBJECT), scored(data_of(pa.table(batch))))
            if writer is None:
                coded = [x.name for x in made.schema if pa.types.is_dictionary(x.type)]
                writer = parquet.ParquetWriter(
                    target, made.schema, compression="snappy", use_dictionary=coded, store_decimal_as_integer=True
                )
            writer.write_table(made)
    assert writer is not None  # a file without rows has no group to read
    writer.close()


def data_of(table: "pa.Table") -> Data:
    """The columns of a table as whole numbers."""
    return Data(table, {x.name: w.whole(table.column(x.heading)) for x in w.INDICATORS})


def table_of(objects: "pa.Array", found: "Results") -> "pa.Table":
    """The columns ``perfdsl batch`` writes."""
    import numpy as np
    import pyarrow as pa

    statuses, grades = pa.array(w.STATUSES), pa.array(["", *(name for name, _ in w.GRADES)])
    columns: dict[str, Any] = {w.OBJECT: objects}
    for x in w.INDICATORS:
        score, case = found[f"score:{x.name}"], found[f"case:{x.name}"]
        columns[f"{x.name}.{w.SCORE}"] = w.decimals(score, score >= 0)
        columns[f"{x.name}.{w.STATUS}"] = pa.DictionaryArray.from_arrays(
            found[f"status:{x.name}"].astype(np.int8), statuses
        )
        columns[f"{x.name}.{w.CASE}"] = pa.array(case.astype(np.int16), mask=case == 0)
    for name in w.GROUPS:
        low = found[f"low:{name}"]
        columns[f"{name}.{w.SCORE}"] = w.decimals(low, low == found[f"high:{name}"])
    complete = found["complete"].astype(np.bool_)
    columns[w.TOTAL] = w.decimals(found["low"], complete)
    columns[w.LOW], columns[w.HIGH] = w.decimals(found["low"], None), w.decimals(found["high"], None)
    columns[w.GRADE] = pa.DictionaryArray.from_arrays(found["grade"].astype(np.int8), grades)
    columns[w.COMPLETE] = pa.array(complete)
    return pa.table(columns)
