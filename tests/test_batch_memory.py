"""The memory of a job does not grow with its data (``make batch-deep`` shows it at ten million rows)."""

from pathlib import Path

import pytest
from batch_deep import measured


@pytest.mark.parametrize("scattered", [False, True])
def test_four_times_the_rows_take_hardly_more_memory(tmp_path: Path, scattered: bool) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    small = measured(tmp_path / "a", 10_000, scattered)
    large = measured(tmp_path / "b", 40_000, scattered)
    assert "对象 40000 个，完整 40000 个；读到 1200000 行" in large.printed
    assert large.megabytes < small.megabytes + 150, (small.megabytes, large.megabytes)
