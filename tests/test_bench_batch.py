"""The contenders of benchmarks/batch do the same work: what is measured is compared with perfdsl and with the exact engine."""

import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest

np = pytest.importorskip("numpy")
parquet = pytest.importorskip("pyarrow.parquet")

FOLDER = Path(__file__).parents[1] / "benchmarks" / "batch"
COUNT, FEW = 1000, 40
HERE = ["polars_by_hand", "duckdb_by_hand", "numpy_by_hand", "c_kernel", "fraction", "openfisca", "zen"]
IN_FILES = ["polars_by_hand", "duckdb_by_hand", "numpy_by_hand"]


@pytest.fixture(scope="module", autouse=True)
def _found():
    """The scripts are no package: their folder is on the path while they are tried."""
    sys.path.insert(0, str(FOLDER))
    yield
    sys.path.remove(str(FOLDER))


@pytest.fixture(scope="module")
def data(_found):
    import contenders
    import workload as w

    table = w.table(COUNT)
    return contenders.Data(table, {x.name: w.whole(table[x.heading]) for x in w.INDICATORS})


@pytest.fixture(scope="module")
def expected(data):
    import contenders

    ours = contenders.one("perfdsl_embedded")
    return ours.results(ours.score(ours.loaded(data, 1)))


def contender(name):
    """The module, if what it needs is there."""
    import contenders

    made = contenders.one(name)
    if contenders.absent(made) or (name == "c_kernel" and which("gcc") is None):
        pytest.skip(f"{name} is not installed")
    return made


@pytest.mark.parametrize(("name", "threads"), [*((x, 1) for x in HERE), *((x, 2) for x in HERE[:4])])
def test_a_contender_gives_the_same_scores(name, threads, data, expected):
    it = contender(name)
    found = it.results(it.score(it.loaded(data, threads)))
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        assert np.array_equal(np.asarray(found[key]).astype(np.int64), values.astype(np.int64)), key


def test_perfdsl_gives_what_the_rules_say(data, expected):
    """A few objects by the exact engine, all values by the definition of their kind."""
    import contenders
    import workload as w

    import perfdsl

    rules = perfdsl.load(w.rules())
    assert not rules.check()
    exact = rules.score_table(data.table.slice(0, FEW), engine="exact")
    for key, values in contenders.one("perfdsl_embedded").results(exact.scores).items():
        assert np.array_equal(values.astype(np.int64), expected[key][:FEW].astype(np.int64)), key
    for x in w.INDICATORS:
        values, made = data.values[x.name].tolist(), expected[f"score:{x.name}"].tolist()
        assert made == [-1 if v < 0 else v * x.points if x.kind == w.WORD else w.score(x, v) for v in values], x.name


def test_the_workload_is_what_it_says(data):
    import workload as w

    kinds = [x.kind for x in w.INDICATORS]
    assert [kinds.count(x) for x in (w.WORD, w.AT_LEAST, w.AT_MOST, w.BANDS, w.STEPS, w.LINE)] == [12, 6, 4, 4, 2, 2]
    missing = sum(int((x < 0).sum()) for x in data.values.values()) / (30 * COUNT)
    assert 0.007 < missing < 0.013
    ties = sum(2 * x.points * v % x.target == 0 and 2 * x.points * v // x.target % 2
               for x in w.INDICATORS if x.kind == w.AT_LEAST for v in data.values[x.name].tolist() if 0 <= v < x.target)  # fmt: skip
    assert ties > COUNT // 20
    assert w.table(COUNT).equals(data.table)


@pytest.mark.parametrize("name", IN_FILES)
def test_a_file_has_the_columns_of_the_command(name, tmp_path, data):
    import worker
    import workload as w

    import perfdsl

    source = tmp_path / "actuals-300.parquet"
    table = data.table.slice(0, 300)
    parquet.write_table(table, source, row_group_size=128, store_decimal_as_integer=True)
    parquet.write_table(perfdsl.load(w.rules()).score_table(table).arrow, tmp_path / "ours.parquet")
    contender(name).from_file(source, tmp_path / "theirs.parquet", 1)
    assert worker.wrong(str(tmp_path / "theirs.parquet"), str(tmp_path / "ours.parquet")) == {"wrong": 0}
    spoilt = parquet.read_table(tmp_path / "ours.parquet")
    spoilt = spoilt.set_column(4, spoilt.schema.names[4], spoilt.column(1))
    parquet.write_table(spoilt, tmp_path / "spoilt.parquet")
    assert worker.wrong(str(tmp_path / "spoilt.parquet"), str(tmp_path / "ours.parquet"))["wrong"] > 0


def test_ratios_are_told_of_what_was_measured():
    import shown

    made = {
        ("perfdsl_embedded", 10): {"wall": 3.0, "cpu": 1.0, "wrong": 0, "of": 10, "rounds": 3},
        ("polars_by_hand", 10): {"wall": 3.0, "cpu": 2.0, "wrong": 0, "of": 10, "rounds": 3},
        ("zen", 10): {"wall": 50.0, "cpu": 40.0, "wrong": 0, "of": 1, "rounds": 2},
    }
    aims = shown.memory_aims(made, 10, "1 thread")
    assert [(x.cpu, x.wall) for x in aims] == [(0.5, 1.0), (None, None), (None, None), (1 / 40, 3 / 50)]
    assert (
        aims[0].line().endswith("reached |")
        and "**missed**" in aims[3].line()
        and "counted up from 1" in aims[3].line()
    )
    assert shown.rounds_told(made, [1, 10]) == "Rounds: 0 of 1 objects, 3 of 10 objects."
    assert "| ≈ 40,000 (50,000) |" in shown.memory_table(["perfdsl_embedded", "polars_by_hand", "zen"], [10], made)[-1]


@pytest.mark.skipif(find_spec("polars") is None, reason="needs polars")
def test_a_measurement_runs_in_a_process_of_its_own():
    import run

    cost = run.launched("memory", 50, 1, 2, 60, "perfdsl_embedded", "numpy_by_hand")
    assert cost.told["numpy_by_hand"]["wrong"] == 0
    assert len(cost.told["numpy_by_hand"]["cpu"]) == 2
    assert cost.peak > 20
    assert cost.cpu > 0
