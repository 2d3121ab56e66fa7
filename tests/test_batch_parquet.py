"""Parts that are Parquet already are put together without being read: the file is the one of all rows, whoever reads it."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from pyarrow import parquet

from perfdsl.cli import batch_parts, batch_run
from perfdsl.cli.batch_parquet import encode, footer, join
from perfdsl.cli.main import perfdsl

RULES = """project "项目" {
  甲 full "≥90" points 40 by { completion >= 100% -> 100%  otherwise -> completion }
  丙 full "健全" points 60 by { "健全" -> 100%  otherwise -> 0 }
}
"""
SCHEMA = pa.schema(
    [
        ("对象", pa.string()),
        ("甲.得分", pa.decimal128(18, 2)),
        ("甲.状态", pa.dictionary(pa.int8(), pa.string())),
        ("甲.情形", pa.int16()),
        ("总分", pa.decimal128(38, 6)),
        ("完整", pa.bool_()),
    ]
)
ROW = st.tuples(
    st.text("甲乙b\n", max_size=5),
    st.none() | st.decimals(-(10**9), 10**9, places=2),
    st.sampled_from(["达标", "未达标", None]),
    st.none() | st.integers(-(2**15), 2**15 - 1),
    st.none() | st.decimals(-(10**30), 10**30, places=6),
    st.booleans(),
)


def table(rows: list[tuple[object, ...]]) -> pa.Table:
    columns = [pa.array([row[i] for row in rows], field.type) for i, field in enumerate(SCHEMA)]
    return pa.table(columns, schema=SCHEMA)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(ROW, max_size=40), min_size=1, max_size=20))
def test_files_put_together_are_the_file_of_all_rows(tmp_path_factory: pytest.TempPathFactory, parts) -> None:
    folder = tmp_path_factory.mktemp("部分")
    paths = [folder / str(i) for i in range(len(parts))]
    for path, rows in zip(paths, parts, strict=True):
        encode(str(path), [table(rows)], SCHEMA)
    made = BytesIO()
    join([(path, footer(path)) for path in paths], made)
    file = parquet.ParquetFile(pa.BufferReader(made.getvalue()))
    assert file.schema_arrow.equals(SCHEMA, check_metadata=False)
    assert file.metadata.num_rows == sum(map(len, parts))
    assert file.read().to_pylist() == [row for rows in parts for row in table(rows).to_pylist()]
    filled = [rows for rows in parts if rows]
    assert file.metadata.num_row_groups == len(filled)
    for at, rows in enumerate(filled):  # the groups stand in the order of the files and say what these said
        group = file.metadata.row_group(at)
        assert group.num_rows == len(rows)
        totals = [row[4] for row in rows if row[4] is not None]
        if totals:
            told = group.column(4).statistics
            assert (told.min, told.max) == (min(totals), max(totals))


def test_files_of_other_columns_say_so(tmp_path: Path) -> None:
    encode(str(tmp_path / "a"), [table([])], SCHEMA)
    other = SCHEMA.set(3, pa.field("甲.情形", pa.int32()))
    encode(str(tmp_path / "b"), [table([]).cast(other)], other)
    encode(str(tmp_path / "c"), [table([("一", Decimal(1), "达标", 1, None, True)])], SCHEMA)
    a, b, c = (footer(tmp_path / x).rest for x in "abc")
    assert a == c != b


def test_more_rows_than_a_group_holds_are_several_groups(tmp_path: Path) -> None:
    rows = pa.table({"对象": pa.array(map(str, range(150_000)))})
    encode(str(tmp_path / "a"), [rows], rows.schema)
    with open(tmp_path / "b", "wb") as file:
        join([(tmp_path / "a", footer(tmp_path / "a"))] * 2, file)
    with parquet.ParquetFile(tmp_path / "b") as made:
        assert [made.metadata.row_group(i).num_rows for i in range(6)] == [65536, 65536, 18928] * 2
        assert made.read().equals(pa.concat_tables([rows, rows]))


# ---- the job


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("规则.perf").write_text(RULES, encoding="utf-8")
    lines = [f"对象{i},{i * 7 % 1301 / 10},{('健全', '不健全', '')[i % 3]}" for i in range(100)]
    Path("宽.csv").write_text("\n".join(["对象,甲,丙", *lines]) + "\n", encoding="utf-8")
    return tmp_path


def batch(*words: str) -> str:
    return CliRunner().invoke(perfdsl, ["batch", "规则.perf", "--actuals", "宽.csv", *words]).output


@pytest.mark.parametrize("least", [1, 12, 13])
def test_parts_kept_as_parquet_give_the_scores_of_parts_kept_as_tables(
    desk: Path, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    batch("-o", "所有.parquet")
    monkeypatch.setattr(batch_parts, "LEAST", least)  # the last part has four objects, all others twelve
    batch("--part", "12", "-o", "拼.parquet")
    made = parquet.read_table("拼.parquet")
    assert made.num_rows == 100 and made.equals(parquet.read_table("所有.parquet"))
    groups = parquet.ParquetFile("拼.parquet").metadata.num_row_groups
    assert groups == {1: 9, 12: 9, 13: 1}[least]
    assert not Path("拼.parts").exists()


@pytest.mark.parametrize("damage", [None, lambda x: b"", lambda x: x[:-9], lambda x: bytes(len(x))])
@pytest.mark.parametrize("end", [".parquet", ".csv"])
@pytest.mark.parametrize("second", [1, 1000])
def test_a_job_that_stopped_goes_on_with_the_parquet_it_has(
    desk: Path, monkeypatch: pytest.MonkeyPatch, end: str, second: int, damage: Callable[[bytes], bytes] | None
) -> None:
    batch("-o", f"所有{end}")
    monkeypatch.setattr(batch_parts, "LEAST", 1)
    add, added = batch_run.Run._add, []

    def stopped(run: batch_run.Run, number: int) -> None:
        if len(added) == 3:
            raise KeyboardInterrupt
        added.append(number)
        add(run, number)

    with monkeypatch.context() as patch:
        patch.setattr(batch_run.Run, "_add", stopped)
        assert "拼.parquet" not in batch("--part", "12", "-o", "拼.parquet")
    assert [x.name for x in sorted(Path("拼.parts").glob("*.parquet"))] == [f"{i:06}.parquet" for i in range(5)]
    assert not Path("拼.parquet").exists()
    if damage is not None:
        path = Path("拼.parts", "000003.parquet")
        path.write_bytes(damage(path.read_bytes()))
    monkeypatch.setattr(batch_parts, "LEAST", second)
    assert f"接着上次的做：已有 {5 if damage is None else 3} 部分" in batch("--part", "12", "-o", f"拼{end}")
    if end == ".csv":
        assert Path("拼.csv").read_bytes() == Path("所有.csv").read_bytes()
    else:
        assert parquet.read_table("拼.parquet").equals(parquet.read_table("所有.parquet"))
    assert not Path("拼.parts").exists()
