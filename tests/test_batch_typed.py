"""A cell of any type is read as its text is: numbers that may be dates, lists, in tables, in files and one by one."""

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from click.testing import CliRunner
from gate import examples
from hypothesis import example, given, settings
from pyarrow import parquet
from scoring import compiled, inside

import perfdsl
from perfdsl.batch import CellReader, texts
from perfdsl.cli import batch_database
from perfdsl.cli.main import perfdsl as command
from perfdsl.engines import duckdb_, embedded, plain, polars_

BODY = """
  甲 full "≥3000件" points 40 by 比例得分
  乙 full "≥90%" values -100000000% .. 100000000% points 20 by 比例得分
  丙 full "2024年11月底前" points 20 by { met -> 20  otherwise -> 0 }
  丁 full "健全" points 10 by { "健全" -> 100%  otherwise -> 0 .. 60% }
  戊 points 10 by { "甲" -> 1  "乙" -> 5 }
"""
NAMES = ("甲", "乙", "丙", "丁", "戊")
YEARS, MONTHS, DAYS = (1899, 1900, 2024, 2099, 2100), (0, 1, 2, 12, 13), (0, 1, 30, 31, 32)
WHOLE = [sign * (y * 10000 + m * 100 + d) for y in YEARS for m in MONTHS for d in DAYS for sign in (1, -1)]
DOTTED = [Decimal(f"{y}.{m:02}") for y in YEARS for m in MONTHS] + [
    Decimal(x) for x in ("2024.1", "2024.001", "-2024.11")
]
COLUMNS = {
    "int": pa.array(WHOLE),
    "text": pa.array([str(x) for x in WHOLE]),
    "whole double": pa.array([float(x) for x in WHOLE]),
    "months as text": pa.array([str(x) for x in DOTTED]),
    "months with a zero more": pa.array([f"{x}0" for x in DOTTED]),
    "months": pa.array([float(x) for x in DOTTED]),
    "decimal": pa.array(DOTTED[:25], pa.decimal128(20, 2)),
    "decimal of four": pa.array(DOTTED, pa.decimal128(20, 4)),
    "whole decimal": pa.array([Decimal(x) for x in WHOLE], pa.decimal128(30, 2)),
    "dictionary": pa.array([str(x) for x in DOTTED]).dictionary_encode(),
}


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("name", ["甲", "乙", "丙"])
def test_what_may_be_a_date_is_read_as_its_text_is(kind: str, name: str) -> None:
    (plan,) = compiled(inside(BODY)).plans()
    column = COLUMNS[kind]
    reader = CellReader(plan, "full", f"value:{name}")
    cells = reader.column(column)
    refused: dict[int, list[str]] = {}
    for x in cells.rejects:
        refused.setdefault(x.row, []).append(x.finding.code)
    for i, text in enumerate(texts(column)):
        read = reader.cell(text)
        value = Fraction(int(cells.numbers[i]), cells.per) if cells.states[i] == 1 else None
        assert (value, refused.get(i, [])) == (
            read.value if isinstance(read.value, Fraction) else None,
            [d.code for d in read.found],
        ), text


CELLS = {
    pa.float64(): st.sampled_from([2024.11, 2024.1, 2024.0, 1999.5, 20241130.0, -2024.11, 95.5, 1e-7, float("nan"), None]),
    pa.int64(): st.sampled_from([2024, 202411, 20241130, 20241332, -20241130, 95, 0, None]),
    pa.decimal128(20, 2): st.sampled_from([Decimal(x) for x in ("2024.11", "2024.10", "2024.13", "20241130.00", "95.50")] + [None]),
    pa.list_(pa.string()): st.sampled_from([["健全"], [], None, ["甲", "乙"]]),
    pa.struct({"值": pa.string()}): st.sampled_from([{"值": "健全"}, None]),
    pa.date32(): st.sampled_from([date(2024, 11, 30), date(2025, 1, 1), None]),
    pa.bool_(): st.sampled_from([True, False, None]),
    pa.string(): st.sampled_from(["2024.11", "20241130", "95", "健全", "甲", "", "不适用", "很多"]),
}  # fmt: skip


@st.composite
def typed_tables(draw, size: int) -> pa.Table:
    columns = {}
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True)):
        kind = draw(st.sampled_from(list(CELLS)))
        columns[name] = pa.array(draw(st.lists(CELLS[kind], min_size=size, max_size=size)), kind)
    return pa.table({"对象": [f"项{i}" for i in range(size)], **columns})


@pytest.mark.parametrize("engine", [embedded, plain, polars_, duckdb_], ids=lambda x: x.NAME)
@settings(max_examples=examples(20), deadline=None)
@given(st.integers(1, 4).flatmap(typed_tables))
def test_typed_columns_come_to_what_the_exact_engine_says_of_them(engine, table) -> None:
    pytest.importorskip(engine.NEEDS[0])
    rules = perfdsl.load(inside(BODY))
    made, exact = (rules.score_table(table, engine=x) for x in (engine.NAME, "exact"))
    assert made.arrow.equals(exact.arrow)
    found, expected = (
        [(x.row, x.column, x.text, x.finding.code, x.finding.message()) for x in y.rejects] for y in (made, exact)
    )
    assert found == expected
    assert [x[:2] for x in found] == sorted(
        [x[:2] for x in found], key=lambda x: (x[0], table.column_names.index(x[1]))
    )
    lists = [(i, name) for name, column in zip(table.column_names, table.columns, strict=True)
             for i, x in enumerate(column.to_pylist()) if isinstance(x, list | dict)]  # fmt: skip
    assert sorted((x[0], x[1]) for x in found if x[3] == "D406") == sorted(lists)


@settings(max_examples=examples(30), deadline=None)
@given(
    st.sampled_from(
        [
            2024.11,
            2024.1,
            2024.0,
            2099.12,
            20241130,
            20241130.0,
            20241332,
            -20241130,
            1999.5,
            95,
            "2024.11",
            "20241130",
            Decimal("2024.10"),
        ]
    )
)
def test_one_value_is_read_by_a_scorer_as_by_score(value) -> None:
    rules = perfdsl.load(inside(BODY))
    one, quick = rules.score({"甲": value}), rules.scorer(["甲"])({"甲": value})
    assert (one.score("甲"), one.total) == (quick.score("甲"), quick.total)
    assert {"A107", "A114"} & {d.code for d in one.findings} == {"A107", "A114"} & {d.code for d in quick.findings}


class Answer:
    """What a database answers."""

    def __init__(self, titles: list[str], rows: list[tuple[object, ...]]) -> None:
        self.description = [(x,) for x in titles]
        self.rows = rows

    def fetchmany(self, size: int) -> list[tuple[object, ...]]:
        some, self.rows = self.rows[:size], self.rows[size:]
        return some


@pytest.mark.parametrize("fetched", [1, 2, 100])
def test_arrays_records_and_json_of_a_database_are_no_values(fetched: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A JSON column holds values and lists side by side; which rows are fetched together changes nothing."""
    (plan,) = compiled(inside(BODY)).plans()
    cells: list[object] = [["甲"], "甲", {"值": "甲"}, None, ("甲", 1), [], 3, [Decimal("1.5")]]
    answer = Answer(["对象", "甲", "戊", "别的"], [(f"项{i}", 3000, x, x) for i, x in enumerate(cells)])
    monkeypatch.setattr(batch_database, "FETCH", fetched)
    blocks = list(batch_database.Database("sqlite:///x", "", plan, "full")._answer(answer))
    several = [i for i, x in enumerate(cells) if isinstance(x, list | dict | tuple)]
    refused = [(x.row - 1, x.object, x.finding.code, "戊" in x.finding.message()) for b in blocks for x in b.refused]
    assert refused == [(i, f"项{i}", "D406", True) for i in several]
    told = [x for b in blocks for x in texts(b.table["戊"].combine_chunks())]
    assert told == ["" if x is None or i in several else str(x) for i, x in enumerate(cells)]


SINGLE = st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=0, max_value=2**33).map(float)


@pytest.mark.parametrize("engine", ["embedded", "exact"])
@settings(max_examples=examples(20), deadline=None)
@example([0.7, None, 12.0])
@given(st.lists(st.one_of(st.none(), SINGLE, st.decimals(0, 9999, places=2).map(float)), min_size=1, max_size=6))
def test_numbers_of_single_precision_are_the_decimals_they_are_shown_as(
    engine: str, values: list[float | None]
) -> None:
    """0.7 of a FLOAT column is 0.7, not 0.699999988: what is due is reached."""
    numpy = pytest.importorskip("numpy")
    single = pa.array(values, pa.float32())
    text = [None if x is None else str(int(x)) if x == int(x) else numpy.format_float_positional(numpy.float32(x), trim="-")
            for x in single.to_pylist()]  # fmt: skip
    rules = perfdsl.load(inside('甲 full "≥0.7件" points 100 by 比例得分'))
    names = [f"项{i}" for i in range(len(values))]
    wanted = rules.score_table(pa.table({"对象": names, "甲": pa.array(text, pa.string())}), engine=engine).arrow
    runs = pa.RunEndEncodedArray.from_arrays(pa.array(range(1, len(values) + 1), pa.int32()), single)
    for column in (single, single.dictionary_encode(), runs):
        assert rules.score_table(pa.table({"对象": names, "甲": column}), engine=engine).arrow.equals(wanted)


@pytest.mark.parametrize("engine", ["embedded", "exact"])
def test_a_list_in_a_file_is_refused_as_score_refuses_it(engine: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("规则.perf").write_text(inside(BODY), "utf-8")
    table = pa.table(
        {"对象": ["一", "二"], "丁": pa.array([["健全"], None], pa.list_(pa.string())), "甲": [2024.11, 3000.0]}
    )
    parquet.write_table(table, "表.parquet")
    words = ["batch", "规则.perf", "--actuals", "表.parquet", "-o", "得分.csv", "--engine", engine]
    made = CliRunner().invoke(command, words)
    assert made.exit_code == 1, made.output
    with open("得分.rejects.csv", encoding="utf-8-sig", newline="") as file:
        found = [(x["行"], x["列"], x["原文"], x["代码"]) for x in csv.DictReader(file)]
    assert found == [("1", "丁", '["健全"]', "D406")]
    with open("得分.csv", encoding="utf-8-sig", newline="") as file:
        assert [x["丁.状态"] for x in csv.DictReader(file)] == ["缺完成值", "缺完成值"]
