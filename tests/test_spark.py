"""Spark, on a cluster of its own on loopback: the scores of a table it reads itself are those of the exact engine and of the embedded one, cell by cell."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import chdir
from datetime import date
from decimal import Decimal
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from agreement import edges_agree, rulesets_agree
from click.testing import CliRunner
from hypothesis import given, settings
from scoring import compiled, inside
from spark_cluster import Cluster, absent, cluster, connect_server
from test_laws import cases
from test_many import PERCENT

from perfdsl.cli.main import perfdsl
from perfdsl.engines import spark_
from perfdsl.testing.rulesets import tables

pytestmark = pytest.mark.skipif(bool(absent()), reason=absent())
ROOT = Path(__file__).parents[1]
RULES = """
use 财预2020_10号

project "项目" {
  year 2024
  not_applicable rescale
  input 类别 values "县区", "部门"
  接通率   full "≥90%"    points 15 by 比例得分
  人均成本 full "≤5万元"  points 15 by 比例得分
  及时次数   full "≥7件"    points 10 by 比例得分
  满意度   full "≥90%"    points 20 by { met -> 100%  actual >= 80% -> 80%  actual >= 60% -> 50%  otherwise -> 0 }
  完工日期 full "6月30日前" points 10 by { met -> 100%  otherwise -> 0 }
  制度健全性 full "健全"  points 20 by { "健全" -> 100%  otherwise -> 0 .. 60% }
  管理 points 10 {
    督办 full "=0件" exact points 10 applies 类别 = "县区" by { met -> 100%  otherwise -> 0 }
  }
}
"""


def scored(folder: Path, *given: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """``perfdsl batch`` in a process of its own, as people run it."""
    env = {**(env or os.environ), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "perfdsl", "batch", "规则.perf", *given]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode in (0, 1) and "错误" not in done.stderr, done.stderr[-4000:]
    return done


def scored_here(folder: Path, *given: str, fails: bool = False) -> subprocess.CompletedProcess[str]:
    """The same in this process, whose session stays open from job to job."""
    with chdir(folder):
        done = CliRunner().invoke(perfdsl, ["batch", "规则.perf", *given])
    assert isinstance(done.exception, SystemExit | None), done.exception
    assert fails or (done.exit_code in (0, 1) and "错误" not in done.stderr), done.stderr[-4000:]
    return subprocess.CompletedProcess(given, done.exit_code, done.stdout, done.stderr)


def rows_of(path: Path, *beside: str) -> list[dict[str, Any]]:
    """A table, its columns in order, without those ``beside``."""
    import pyarrow.dataset as ds

    found = ds.dataset(path, format="parquet").to_table()
    made = found.select([x for x in found.column_names if x not in beside]).to_pylist()
    return sorted(made, key=str)


def values(points: F, target: F) -> list[F]:
    """Values at the target, at half a hundredth of a point, and one unit beside."""
    found = {
        target,
        target + F(1, 100),
        target - F(1, 100),
        F(0),
        F(1, 100),
        F(-1),
        target * 2,
        F(9),
        F("999999999.99"),
    }
    for hundredths in range(1, int(points * 100), 7):
        tie = (F(2 * hundredths + 1, 200) / points) * target
        near = F(round(tie * 10**4), 10**4)
        found |= {near, near + F(1, 10**4), near - F(1, 10**4)}
    return sorted(found)


ODD = {
    "接通率": [
        "90%",
        "九成",
        "0.9",
        "不适用",
        "很多",
        "",
        " 45.5 ",
        "１００",
        "1e2",
        "#REF!",
        "-",
        "90．5",
        "095",
        "00",
        "2024.06",
    ],
    "人均成本": ["5万元", "50000元", "60000.01元", "50000", "/", "约5万元", "5,000", "0.00000001", "05", "2024.06"],
    "制度健全性": ["健全", "不健全", " 健全。", "不适用", None, "未建立", "健 全"],
    "完工日期": ["2024-06-30", "2024年7月1日", "6月", "2024/6/29", "不详", None],
    "类别": ["县区", "部门", "乡镇", None],
}


def texts(count: int) -> dict[str, list[str | None]]:
    """A table of texts: plain numbers at the edges, and what people write instead of them."""
    made: dict[str, list[str | None]] = {"项目名称": [f"项目{i}" for i in range(count)]}
    for name, points, target in (
        ("接通率", 15, 90),
        ("人均成本", 15, 5),
        ("及时次数", 10, 7),
        ("满意度", 20, 90),
        ("督办", 10, 0),
    ):
        some = [
            None if i % 11 == 3 else str(float(x)) if x.denominator > 1 else str(x)
            for i, x in enumerate(values(F(points), F(target) or F(1)))
        ]
        odd = ODD.get(name, [])
        made[name] = [odd[i // 5 % len(odd)] if odd and i % 5 == 4 else some[(i * 7) % len(some)] for i in range(count)]
    for name in ("制度健全性", "完工日期", "类别"):
        made[name] = [ODD[name][i % len(ODD[name])] for i in range(count)]
    made["制度健全性.评分"] = [(None, "12", "3.5", "99")[i % 4] for i in range(count)]
    made["项目名称"] = [None if i == 5 else "　" if i == 6 else x for i, x in enumerate(made["项目名称"])]
    return made


@pytest.fixture(scope="module")
def spark() -> Iterator[Cluster]:
    """A cluster, and the session of this process on it."""
    with cluster() as made, pytest.MonkeyPatch.context() as patch:
        for name, value in made.env().items():
            patch.setenv(name, value)
        from perfdsl.spark_session import opened

        session = opened(made.master)
        yield made
        session.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "规则.perf").write_text(RULES, "utf-8")
    return tmp_path


def same(folder: Path, data: str, master: str, engine: str = "exact", env: dict[str, str] | None = None) -> None:
    """Spark's scores and refusals of ``data`` are those of another engine; with ``env`` by a process of its own."""
    given = ("--actuals", data, "-o", "甲", "--engine", "spark", "--master", master, "--format", "json")
    by_spark = scored_here(folder, *given) if env is None else scored(folder, *given, env=env)
    other = scored_here(folder, "--actuals", data, "-o", "乙.parquet", "--engine", engine, "--format", "json")
    assert rows_of(folder / "甲", "文件", "行") == rows_of(folder / "乙.parquet")
    assert told(by_spark.stdout) == told(other.stdout)
    refused = read_refused(folder / "乙.rejects.csv")
    found = rows_of(folder / "甲.rejects") if (folder / "甲.rejects").exists() else []
    assert sorted(key(x) for x in found) == sorted(key(x) for x in refused)


def told(text: str) -> dict[str, Any]:
    import json

    made = json.loads(text)
    return {k: v for k, v in made.items() if k not in ("engine", "exact", "output", "rejects_file", "diagnostics")}


def read_refused(path: Path) -> list[dict[str, Any]]:
    import csv

    if not path.exists():
        return []
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [{**x, "行": int(x["行"])} for x in csv.DictReader(file)]


def key(row: dict[str, Any]) -> tuple[str, ...]:
    """A refusal: whose error of a spreadsheet a cell is, only Spark says."""
    beside = () if row["代码"] == "D211" else (row["对象"],)
    return (
        Path(row["文件"]).name,
        f"{row['行']:09}",
        row["列"],
        row["代码"],
        row["原文"].lstrip("'"),
        row["说明"],
        row["怎么改"],
        *beside,
    )


def write_csv(path: Path, made: dict[str, list[Any]], above: str = "") -> None:
    import csv

    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        file.write(above)
        writer = csv.writer(file)
        writer.writerow(made)
        writer.writerows([["" if x is None else x for x in row] for row in zip(*made.values(), strict=True)])


def long_form(made: dict[str, list[str | None]]) -> dict[str, list[Any]]:
    """The same, a row an observation: units of their own, some twice, some of no indicator, rows of an object far apart."""
    lines: list[tuple[str, str, str, str, str]] = []
    for i, name in enumerate(made["项目名称"]):
        for title in ("接通率", "人均成本", "及时次数", "满意度", "督办", "完工日期", "制度健全性", "类别"):
            value = made[title][i]
            unit = (
                {"接通率": "%", "人均成本": ("元", "万元")[i % 2]}.get(title, "")
                if value and value.replace(".", "").isdigit()
                else ""
            )
            mark = made["制度健全性.评分"][i] if title == "制度健全性" else None
            lines.append((name or "", title, value or "", unit, mark or ""))
            if i % 9 == 0 and title == "及时次数":
                lines.append((name or "", title, "1", "", ""))
        if i % 13 == 0:
            lines.append((name or "", "接听率", "5", "", ""))
    lines = lines[::2] + lines[1::2]
    return {head: [x[n] for x in lines] for n, head in enumerate(("对象", "指标", "实际值", "单位", "评分"))}


def write_parquet(path: Path, made: dict[str, list[Any]]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(
        pa.table({k: pa.array(x) if k in ("小数",) else pa.array(x, pa.string()) for k, x in made.items()}), path
    )


def typed(count: int) -> Any:
    """A table of numbers of every type: doubles that print long, decimals, whole numbers, days."""
    import pyarrow as pa

    at_edges = [values(F(x), F(y)) for x, y in ((15, 90), (15, 5), (10, 7), (20, 90))]
    some = [[x[i % len(x)] for i in range(count)] for x in at_edges]
    doubles = [None if i % 17 == 1 else 0.1 + 0.2 if i % 17 == 2 else float(x) for i, x in enumerate(some[0])]
    return pa.table({
        "对象": [f"项目{i:05}" for i in range(count)],
        "接通率（%）": pa.array(doubles, pa.float64()),
        "人均成本（万元）": pa.array([None if i % 19 == 1 else Decimal(x.numerator) / x.denominator for i, x in enumerate(some[1])], pa.decimal128(24, 8)),
        "及时次数": pa.array([int(x) for x in some[2]], pa.int32()),
        "满意度（%）": pa.array([Decimal(x.numerator) / x.denominator for x in some[3]], pa.decimal128(18, 4)),
        "完工日期": pa.array([date(2024, 6, 28 + i % 3) for i in range(count)], pa.date32()),
        "制度健全性": pa.array([ODD["制度健全性"][i % 7] for i in range(count)], pa.string()),
        "制度健全性.评分": pa.array([(None, 12, 3)[i % 3] for i in range(count)], pa.int64()),
        "类别": pa.array([("县区", "部门")[i % 2] for i in range(count)], pa.string()),
        "督办": pa.array([(0, 1, None)[i % 3] for i in range(count)], pa.int16()),
    })  # fmt: skip


@pytest.mark.cluster_slice
def test_numbers_of_every_type_and_their_edges_score_as_embedded_on_two_workers(spark: Cluster, folder: Path) -> None:
    from pyarrow import parquet

    (folder / "数据").mkdir()
    made = typed(3000)
    for i in range(3):
        parquet.write_table(made.slice(i * 1000, 1000), folder / "数据" / f"第{i + 1} 份.parquet", row_group_size=400)
    same(folder, "数据", spark.master, "embedded")


def test_whatever_people_write_in_a_wide_csv_scores_as_in_the_exact_engine(spark: Cluster, folder: Path) -> None:
    write_csv(folder / "全部.csv", texts(400), above="2024年度完成值\n\n")
    same(folder, "全部.csv", spark.master)


def test_a_long_table_scores_as_in_the_exact_engine_whatever_the_order_of_its_rows(
    spark: Cluster, folder: Path
) -> None:
    write_parquet(folder / "观测.parquet", long_form(texts(300)))
    same(folder, "观测.parquet", spark.master)


def test_one_file_where_one_is_asked_for_is_that_of_the_exact_engine(spark: Cluster, folder: Path) -> None:
    write_csv(folder / "全部.csv", texts(60))
    scored_here(folder, "--actuals", "全部.csv", "-o", "甲.csv", "--engine", "spark", "--master", spark.master)
    scored_here(folder, "--actuals", "全部.csv", "-o", "乙.csv", "--engine", "exact")
    assert (folder / "甲.csv").read_bytes() == (folder / "乙.csv").read_bytes()


COMPARED = """
project "项目" {
  year 2024
  not_applicable rescale
  input 类别: text
  input 参加 values "是", "否"
  input 人口 unit 人 values whole 1 .. 4000
  组 points 50 applies 参加 = "是" {
    甲 full "≥30件" points 30 values whole 0 .. 40 by { completion >= 100% -> 100%  otherwise -> completion }
    乙 full "≥10件" points 20 values whole 0 .. 20 by { met -> 20  otherwise -> 0 .. 10 }
  }
  另 full "≥1件" points 20 values whole 0 .. 20 by { rank_share(甲, 类别) <= 35% -> 20  met -> 10  otherwise -> 0 }
  高低 full "≥10件" values whole 0 .. 20
  占比 = { best(高低, 类别) > 0件 -> 高低 / best(高低, 类别)  otherwise -> 0 } unit "%" values 0% .. 100% points 20 by { otherwise -> 20 * (actual / 100%) }
  人均 = 甲 / (人口 / 1人) unit 件 values 0 .. 40
  total 90 up to 93
  加 bonus -1 .. 3 {
    名次 = rank(score(组), 类别, ties_dense) by { = 1 -> 3  = 2 -> 1.5  otherwise -> -1 } lower
    再 = rank(人均, low_first, ties_last) by { = 1 -> 0.5  otherwise -> 0 } lower
  }
  award 便民杯 when rank_share(总分, 类别) <= 35% or rank_share(总分, 类别) <= 50% and lost(甲) = 0
  award 前十 when rank(总分) <= 10
  award 多 when size(甲, 类别) > 3 and size(总分) > 2
}
"""


def compared(count: int, missing: float) -> dict[str, list[Any]]:
    """Objects of three classes, some of which lack what is compared, or their class, or take no part."""
    chance = random.Random(count)

    def maybe(several: Sequence[str]) -> str | None:
        return None if chance.random() < missing else chance.choice(several)

    numbers = [str(i) for i in range(21)]
    odd = ["不适用", "否"] if missing else ["40件", "是"]
    drawn = [
        (f"对象{i}", maybe(["甲类", "乙类", "丙类"]), maybe(["是", "是", "是", odd[1]]), maybe(["3人", "4000", "77"]), maybe([*numbers, "40件", "40", odd[0]]),
         maybe(numbers), chance.choice(["3", "8"] if not missing else [None, None, "3", "8", "50"]), maybe(numbers), maybe(numbers))
        for i in range(count)
    ]  # fmt: skip
    titles = ("对象", "类别", "参加", "人口", "甲", "乙", "乙.评分", "另", "高低")
    return {title: [x[n] for x in drawn] for n, title in enumerate(titles)}


@pytest.mark.parametrize(("count", "missing"), [(90, 0.0), (60, 0.04), (1, 0.0)])
def test_objects_compared_with_each_other_stand_where_the_exact_engine_places_them(
    spark: Cluster, folder: Path, count: int, missing: float
) -> None:
    (folder / "规则.perf").write_text(COMPARED, "utf-8")
    write_csv(folder / "全部.csv", compared(count, missing))
    same(folder, "全部.csv", spark.master)
    found = rows_of(folder / "甲")
    assert len(found) == count
    if count == 90:  # places there are, and awards
        assert {x["前十"] for x in found} == {True, False} and {x["便民杯"] for x in found} == {True, False}
        assert len({x["rank(总分)"] for x in found}) > 20
        assert len({x["rank_share(总分, 类别)"] for x in found}) > 20


def test_more_different_values_than_the_driver_holds_are_refused_before_anything_is_written(
    spark: Cluster, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perfdsl.spark.places.MOST", 30)
    (folder / "规则.perf").write_text(COMPARED, "utf-8")
    write_csv(folder / "全部.csv", compared(60, 0.0))
    given = ("--actuals", "全部.csv", "-o", "甲", "--engine", "spark", "--master", spark.master)
    done = scored_here(folder, *given, fails=True)
    assert done.returncode == 1 and "B161" in done.stderr and "rank_share(甲, 类别)" in done.stderr
    assert not (folder / "甲").exists()


GROWN = """
project "项目" {
  year 2024
  not_applicable rescale
  营收 full "较上年增长5%" unit 万元 points 40 by { met -> 40  otherwise -> 10 .. 20 }
  就业率 full "较上年增长5%" points 30 by { met -> 30  completion >= 60% -> 15  otherwise -> 0 }
  人数 full "≥30人" points 20 by { met -> 20  otherwise -> 0 }
  差 = 人数 - 10人 unit 人 values -50 .. 90 points 10 by { >= 0 -> 10  otherwise -> 0 .. 5 }
}
"""
GROWING: dict[str, list[str | None]] = {
    "营收": ["105", "105.01", "104.99", "99", "6%", "5%", "105万元", "1050000元", "不适用", "很好", None],
    "营收.上年值": ["100", "100万元", "0", "约100", "1000000元", None, None, " ", "-"],
    "营收.评分": [None, "15", "99"],
    "就业率": ["95%", "94.5%", "90", "5%", "3%", "95", None],
    "就业率.上年值": ["90%", "90", None, None, "九成"],
    "人数": ["29", "30", "31人", "3", None],
    "人数.上年值": ["29", "甲", None],
    "差": [None, None, None, "5", "不适用"],
    "差.评分": [None, "3", "9"],
}


def grown(count: int, long: bool) -> dict[str, list[str | None]]:
    """Values beside those of the year before, in many ways of writing; and a computed row that somebody fills in all the same."""
    chance = random.Random(count)
    made = {title: [chance.choice(several) for _ in range(count)] for title, several in GROWING.items()}
    if not long:
        return {"项目名称": [f"项目{i}" for i in range(count)], **made}
    nothing: list[str | None] = [None] * count
    lines: list[tuple[str | None, ...]] = []
    for i in range(count):
        for name in ("营收", "就业率", "人数", "差"):
            value, prior, mark = (made.get(f"{name}{x}", nothing)[i] for x in ("", ".上年值", ".评分"))
            unit = chance.choice(["", "万元", "元"]) if name == "营收" and (value or "x")[-1].isdigit() else ""
            if value or prior or mark:
                lines.append((f"项目{i}", name, value, unit, prior, mark))
    titles = ("对象", "指标", "完成值", "单位", "上年值", "评分")
    return {title: [x[n] for x in lines] for n, title in enumerate(titles)}


@pytest.mark.parametrize("long", [False, True])
def test_values_beside_those_of_the_year_before_score_as_in_the_exact_engine(
    spark: Cluster, folder: Path, long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perfdsl.spark.doubts.AT_ONCE", 40)  # what counts for nothing is told piece by piece
    (folder / "规则.perf").write_text(GROWN, "utf-8")
    write_csv(folder / "全部.csv", grown(150, long))
    same(folder, "全部.csv", spark.master)


@pytest.mark.cluster_slice
def test_a_worker_killed_in_the_middle_costs_no_row_and_doubles_none(folder: Path) -> None:
    from pyarrow import parquet

    made = typed(8_000)
    (folder / "数据").mkdir()
    for i in range(16):
        parquet.write_table(made.slice(i * 500, 500), folder / "数据" / f"{i:03}.parquet")
    small = (("spark.sql.files.openCostInBytes", "134217728"),)  # a task a file
    with cluster(more=small) as spark:
        killed: list[tuple[int, int]] = []
        over = threading.Event()

        def kill() -> None:
            """When the first parts of the result are being written, the first worker goes with its executor."""
            while not over.wait(0.05):
                done = len(list(folder.glob("甲/_temporary/0/task_*")))
                if done >= 2:
                    killed.append((done, len(spark.workers[0].children)))
                    spark.workers[0].kill()
                    return

        watch = threading.Thread(target=kill)
        watch.start()
        try:
            same(folder, "数据", spark.master, "embedded", spark.env())
        finally:
            over.set()
            watch.join()
        assert killed and killed[0][0] < 16, "the job was over before the worker was killed"
        assert killed[0][1], "the worker had no executor"
        assert spark.workers[0].process.poll() is not None


def test_a_connect_server_scores_as_in_the_exact_engine(folder: Path) -> None:
    write_csv(folder / "全部.csv", texts(120))
    with connect_server() as address:
        same(folder, "全部.csv", address, env=dict(os.environ))


def test_what_spark_cannot_do_is_said_before_anything_is_written(folder: Path) -> None:
    (plan,) = compiled(inside("全 points 3 by mean { otherwise -> 0 .. 3 }")).plans()
    from perfdsl.spark import Halt, refused

    with pytest.raises(Halt) as found:
        refused(plan, "full")
    assert [d.code for d in found.value.found] == ["B161"]
    assert "全" in found.value.found[0].message()


@pytest.mark.parametrize("heading", ["人均成本.单位", "人均成本（元）"])
def test_a_wide_table_with_units_of_its_cells_or_two_columns_of_a_row_is_refused(
    folder: Path, spark: Cluster, heading: str
) -> None:
    made = texts(20)
    write_csv(folder / "全部.csv", made | {heading: ["元"] * 20})
    given = ("--actuals", "全部.csv", "-o", "甲", "--engine", "spark", "--master", spark.master)
    done = scored_here(folder, *given, fails=True)
    assert done.returncode == 1 and "人均成本" in done.stderr
    assert not (folder / "甲").exists()


@pytest.mark.parametrize(
    "master", ["sc://127.0.0.1:1", "spark://127.0.0.1:1", "spark://127.0.0.1", "sc://127.0.0.1:无"]
)
def test_a_master_that_is_not_there_is_a_finding_within_seconds(folder: Path, master: str) -> None:
    write_csv(folder / "全部.csv", texts(3))
    begun = time.monotonic()
    given = ["规则.perf", "--actuals", "全部.csv", "-o", "甲", "--engine", "spark", "--master", master]
    done = subprocess.run(
        [sys.executable, "-m", "perfdsl", "batch", *given],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    took = time.monotonic() - begun
    assert done.returncode == 1, (took, done.stderr[-2000:])
    assert "B160" in done.stderr and "127.0.0.1" in done.stderr
    assert "Warning" not in done.stderr
    assert took < 60, took  # eight seconds of waiting, and the start of two programs on a busy machine
    assert not (folder / "甲").exists()


@pytest.mark.parametrize("row", PERCENT[:3])
@pytest.mark.parametrize("points", [F(3, 2), F(25)])
def test_edges_ties_and_their_neighbours_score_as_in_the_exact_engine(spark: Cluster, row: str, points: F) -> None:
    edges_agree(row, F(947, 10), points, spark_)


@settings(max_examples=4, deadline=None)
@given(cases(), st.data())
def test_every_ruleset_scores_as_in_the_exact_engine(spark: Cluster, case: Any, data: Any) -> None:
    rulesets_agree(case, [data.draw(tables(case[0])) for _ in range(3)], spark_)
