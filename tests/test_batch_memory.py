"""The memory of a job does not grow with its data (``make batch-deep`` shows it at ten million rows)."""

import tracemalloc
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from batch_deep import measured
from pyarrow import parquet
from scoring import compiled

from perfdsl.cli.batch_data import BATCH, Files


@pytest.mark.parametrize("scattered", [False, True])
def test_four_times_the_rows_take_hardly_more_memory(tmp_path: Path, scattered: bool) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    small = measured(tmp_path / "a", 10_000, scattered)
    large = measured(tmp_path / "b", 40_000, scattered)
    assert "对象 40000 个，完整 40000 个；读到 1200000 行" in large.printed
    assert large.megabytes < small.megabytes + 150, (small.megabytes, large.megabytes)


def test_of_a_parquet_file_only_what_is_being_read_is_held(tmp_path: Path) -> None:
    name, rows, groups = str(tmp_path / "宽.parquet"), 1 << 15, 30
    chance = np.random.default_rng(6)
    with parquet.ParquetWriter(
        name, pa.schema([("对象", pa.string()), ("甲", pa.int64()), ("乙", pa.int64())])
    ) as file:
        for _ in range(groups):
            made = {x: chance.integers(0, 1 << 40, rows) for x in ("对象", "甲", "乙")}
            file.write_table(pa.table({**made, "对象": made["对象"].astype(str)}))
    (plan,) = compiled(
        'project "P" { 甲 full "≥1件" points 50 by { met -> 50 otherwise -> 0 } 乙 full "≥1件" points 50 by { met -> 50 otherwise -> 0 } }'
    ).plans()
    tracemalloc.start()  # what is read from the file; Arrow counts what it makes of it
    before, most, read = pa.total_allocated_bytes(), 0, 0
    for block in Files([name], plan, "full").blocks():
        held = pa.total_allocated_bytes() - before + tracemalloc.get_traced_memory()[0]
        most, read = max(most, held), read + block.count
    tracemalloc.stop()
    assert read == rows * groups > BATCH
    size = Path(name).stat().st_size
    assert 0 < most < size / 2, (most, size)
