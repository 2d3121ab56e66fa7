"""Odd and hostile data through ``perfdsl batch``: a diagnostic or a right result, never a traceback, nothing half-written."""

import csv
import datetime
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from perfdsl.cli.batch_database import shown_address
from perfdsl.cli.batch_parts import Folder
from perfdsl.cli.main import perfdsl

ROOT = Path(__file__).resolve().parent.parent
RULES = """use 财预2020_10号
project "项目" {
  甲 full "≥90%" points 40 by 比例得分
  乙 full "≤5万元" points 30 by 比例得分
  丙 full "健全" points 30 by { "健全" -> 100%  otherwise -> 0 .. 60% }
}
"""
ENGINES = ("embedded", "plain", "polars", "duckdb", "exact")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("规则.perf").write_text(RULES, encoding="utf-8")
    return tmp_path


def batch(*words: str, code: int | tuple[int, ...] | None = None) -> str:
    """What the command prints; it leaves a whole result or none, and nothing beside it."""
    done = CliRunner().invoke(perfdsl, ["batch", "规则.perf", *words], catch_exceptions=False)
    codes = (code,) if isinstance(code, int) else code
    assert codes is None or done.exit_code in codes, done.output
    assert not list(Path().glob("*.parts")) and not list(Path().glob(".perfdsl-*"))
    return done.output


def told(name: str = "得分.csv") -> list[list[str]]:
    return list(csv.reader(io.StringIO(Path(name).read_text("utf-8-sig"))))[1:]


def totals(name: str = "得分.csv") -> dict[str, str]:
    return {x["对象"]: x["总分"] for x in csv.DictReader(io.StringIO(Path(name).read_text("utf-8-sig")))}


TEXTS = {
    "nothing": ("", "D201"),
    "a mark": ("\ufeff", "D201"),
    "lines": ("\n\n\n", "D201"),
    "no object": ("甲,乙\n1,2\n3,4\n", "B101"),
    "twice the same heading": ("对象,甲,甲\n一,1,2\n", "D205"),
    "twice the objects": ("对象,对象,甲\n一,二,1\n", "D205"),
    "an open quote": ('对象,甲\n一,"90%,5\n', "D216"),
    "unknown headings": ("对象,子,丑\n一,1,2\n", "D202"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_tables_that_are_none(desk: Path, name: str) -> None:
    text, code = TEXTS[name]
    Path("表.csv").write_text(text, encoding="utf-8")
    assert code in batch("--actuals", "表.csv", "-o", "得分.csv", code=1)
    assert not Path("得分.csv").exists()


@pytest.mark.parametrize("text", ["对象,甲,乙,丙", "对象,甲,乙,丙\n", "对象,指标,实际值\n", "对象,指标,实际值\n,,\n"])
@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_no_objects_are_a_table_of_none(desk: Path, text: str, kind: str) -> None:
    Path("表.csv").write_text(text, encoding="utf-8")
    assert "对象 0 个" in batch("--actuals", "表.csv", "-o", f"得分.{kind}", "--summary", "汇总.html", code=1)
    assert Path(f"得分.{kind}").exists() and "<svg" in Path("汇总.html").read_text("utf-8")


def test_names_that_would_break_a_table(desk: Path) -> None:
    names = ["一\n二", "逗,号", '引"号', "=1+1", "+1", "@x", "-3x", "\t空", "x" * 40_000, "𠮷", "\u202e反"]
    with open("表.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("对象", "甲", "乙", "丙"), *((x, "90%", "5万元", "健全") for x in names)])
    batch("--actuals", "表.csv", "-o", "得分.csv", code=0)
    made = [x[0] for x in told()]
    assert made == [("'" + x if x.strip()[0] in "=+-@" else x.strip()) for x in names]
    batch("--actuals", "表.csv", "-o", "得分.xlsx", "--summary", "汇总.html", "--summary", "汇总.svg", code=0)
    batch(
        "--actuals", "得分.csv", "-o", "再.csv", code=1
    )  # the result is itself a table of objects, all of whose columns are unknown


def test_names_on_the_screen_take_one_line_and_do_nothing_to_it(desk: Path) -> None:
    names = ["\x1b[31m红\x1b[2J", "铃\x07", "回\r覆", "一\n二", "\u202e反", "x" * 5000]
    with open("表.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("对象", "甲", "乙", "丙"), *((x, "90%", "", "健全") for x in names)])
        csv.writer(file).writerows([("对象" + x, "90%", "5万元", "健全") for x in names])
    printed = batch("--actuals", "表.csv", "-o", "得分.csv", "--top", "9", "--color", "always", code=1)
    assert all(x.isprintable() and len(x) < 1000 for x in printed.splitlines()), printed
    assert sum("（乙）" in x for x in printed.splitlines()) == len(names)


def test_three_thousand_columns(desk: Path) -> None:
    more = ",".join(f"列{i}" for i in range(3000))
    Path("表.csv").write_text(f"对象,{more},甲,乙,丙\n一,{',' * 2999},90%,5万元,健全\n", encoding="utf-8")
    batch("--actuals", "表.csv", "-o", "得分.csv", code=0)
    assert totals() == {"一": "100.00"}


NUMBERS = {
    "NaN": None, "Infinity": None, "-inf": None, "1e400": None, "1e99999999": None, "0x10": None, "９０": "10.42", "-0": "0.00", "9" * 400: "40.00",
    "0." + "1" * 400: None, "90.0000": "40.00", "1,000": "40.00", "89.995": "40.00", "89.98": "39.99",
}  # fmt: skip


def test_numbers_as_nobody_should_write_them_are_read_alike_by_every_engine(desk: Path) -> None:
    values = [
        *NUMBERS,
        "45",
        "45.50",
        "不适用",
        "",
        " ",
        "90%",
        "９０％",
        "1/3",
        "--1",
        "1" + "0" * 37,
        "0." + "0" * 36 + "1",
    ]
    with open("表.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("对象", "甲（%）", "乙（元）"), *((f"o{i}", x, x) for i, x in enumerate(values))])
    batch("--actuals", "表.csv", "-o", "得分.csv", code=1)
    wanted, refused = Path("得分.csv").read_bytes(), Path("得分.rejects.csv").read_text("utf-8-sig").splitlines()
    for engine in ENGINES:
        for part in ("1", "1000"):
            batch("--actuals", "表.csv", "-o", "得分.csv", "--force", "--engine", engine, "--part", part, code=1)
            assert Path("得分.csv").read_bytes() == wanted, engine
            assert Path("得分.rejects.csv").read_text("utf-8-sig").splitlines() == refused, engine
    assert {x[2] for x in told("得分.rejects.csv")} >= {f"o{i}" for i in range(6)}


def columns() -> dict[str, pa.Array]:
    """Columns of every kind a Parquet file may have, three cells each."""
    day = datetime.date(2024, 6, 30)
    return {
        "double": pa.array([float("nan"), float("inf"), -0.0]), "long doubles": pa.array([1e308, 5e-324, -1e300]),
        "float": pa.array([0.1, 90, None], pa.float32()), "half": pa.array([0.5, 90, None], pa.float16()),
        "int64": pa.array([2**63 - 1, -(2**63), 0]), "uint64": pa.array([2**64 - 1, 0, None], pa.uint64()), "int8": pa.array([-128, 127, 0], pa.int8()),
        "decimal": pa.array([Decimal("9" * 38), Decimal(-1), None], pa.decimal128(38, 0)),
        "small decimal": pa.array([Decimal("0." + "1" * 38), Decimal(0), None], pa.decimal128(38, 38)),
        "decimal256": pa.array([Decimal("9" * 70), Decimal(-1), None], pa.decimal256(76, 2)),
        "date": pa.array([day, None, day]), "time": pa.array([datetime.time(1), None, None]),
        "timestamp": pa.array([1, None, 2], pa.timestamp("ns", "Asia/Shanghai")), "duration": pa.array([1, 2, None], pa.duration("ns")),
        "null": pa.nulls(3), "bool": pa.array([True, False, None]), "binary": pa.array([b"90", b"\xff", None]),
        "dictionary": pa.array(["90", "健全", None]).dictionary_encode(), "dictionary of numbers": pa.array([1, 90, None]).dictionary_encode(),
        "large": pa.array(["90", "健全", None], pa.large_string()), "view": pa.array(["90", "健全", None], pa.string_view()),
        "binary view": pa.array([b"90", b"", None], pa.binary_view()),
        "list": pa.array([[1], [], None]), "struct": pa.array([{"a": 1}, {"a": None}, None]), "map": pa.array([[("a", 1)], [], None], pa.map_(pa.string(), pa.int8())),
    }  # fmt: skip


@pytest.mark.parametrize("kind", columns())
def test_every_kind_of_column_is_read_or_refused_in_both_forms(desk: Path, kind: str) -> None:
    column = columns()[kind]
    names = pa.array(["一", "二", "三"])
    parquet.write_table(
        pa.table({"对象": names, "甲": column, "乙": column, "丙": column, "别的": column}), "宽.parquet"
    )
    parquet.write_table(pa.table({"对象": names, "指标": pa.array(["乙"] * 3), "实际值": column}), "长.parquet")
    for table in ("宽.parquet", "长.parquet"):
        batch("--actuals", table, "-o", "得分.csv", "--force", code=1)
        wanted = Path("得分.csv").read_bytes()
        assert list(totals()) == ["一", "二", "三"]
        batch("--actuals", table, "-o", "得分.csv", "--force", "--engine", "exact", "--part", "2", code=1)
        assert Path("得分.csv").read_bytes() == wanted


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary"])
def test_words_of_every_kind_of_text_say_the_same(desk: Path, kind: str) -> None:
    made = {
        "对象": ["一", "二", "一", "二", "三"],
        "指标": ["甲", "甲", "丙", "丙", "乙"],
        "实际值": ["90%", "45.5%", "健全", "不健全", "5"],
    }
    plain = pa.table(made)
    kinds = {"large_string": pa.large_string(), "string_view": pa.string_view(), "string": pa.string()}
    turned = pa.table({k: v.combine_chunks().dictionary_encode() if kind == "dictionary" else v.cast(kinds[kind]) for k, v in zip(plain.schema.names, plain.columns, strict=True)})  # fmt: skip
    parquet.write_table(plain, "a.parquet")
    parquet.write_table(turned, "b.parquet", row_group_size=2)
    for part in ("1", "2", "100"):
        for name in ("a", "b"):
            batch("--actuals", f"{name}.parquet", "-o", f"{name}.csv", "--part", part, "--force", code=1)
        assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
    assert totals("a.csv")["一"] == ""


def test_files_of_many_schemas_are_one_table(desk: Path) -> None:
    Path("数据").mkdir()
    for i in range(12):  # each with its own types and order of columns, the objects spread over all of them
        values = [pa.array([str(90 + i)]), pa.array([90 + i]), pa.array([float(90 + i)]), pa.array([Decimal(90 + i)])][
            i % 4
        ]
        made = {
            "对象": pa.array([f"o{i % 3}"]),
            "指标": pa.array(["甲" if i < 3 else "乙" if i < 6 else "丙"]),
            "实际值": values,
            f"多{i}": values,
        }
        order = sorted(made, key=lambda x: len(x) * i % 5)
        parquet.write_table(pa.table({k: made[k] for k in order}), f"数据/{i:02}.parquet")
    for part in ("1", "3", "100"):
        batch("--actuals", "数据", "-o", f"{part}.csv", "--part", part, code=1)
    assert Path("1.csv").read_bytes() == Path("3.csv").read_bytes() == Path("100.csv").read_bytes()
    assert list(totals("1.csv")) == ["o0", "o1", "o2"]


@pytest.mark.parametrize("cut", [0, 3, 10, 0.5, -1, "middle"])
def test_a_damaged_parquet_file_is_named(desk: Path, cut: object) -> None:
    count = 60_000
    parquet.write_table(
        pa.table({"对象": [f"o{i}" for i in range(count)], "甲": [i % 101 for i in range(count)]}),
        "表.parquet",
        row_group_size=9000,
    )
    data = bytearray(Path("表.parquet").read_bytes())
    if cut == "middle":
        data[len(data) // 2 : len(data) // 2 + 3000] = bytes(3000)
    else:
        data = data[: int(cut * len(data)) if isinstance(cut, float) else cut]
    Path("表.parquet").write_bytes(data)
    assert "“表.parquet”不是 Parquet 文件，或已经损坏" in batch(
        "--actuals", "表.parquet", "-o", "得分.csv", "--part", "1000", code=2
    )
    assert not Path("得分.csv").exists()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_that_holds_no_number_at_all(desk: Path, engine: str) -> None:
    """Then every score is the same in every row, which an engine may work out beforehand."""
    for text in (
        "对象,甲\n一,很多\n二,\n",
        "对象,乙\n一,\n",
        "对象,甲,乙,丙\n一,,,\n",
        "对象,指标,实际值\n一,丙,健全\n二,丙,\n",
    ):
        Path("表.csv").write_text(text, encoding="utf-8")
        batch("--actuals", "表.csv", "-o", "a.csv", "--engine", engine, "--force", code=1)
        batch("--actuals", "表.csv", "-o", "b.csv", "--engine", "exact", "--force", code=1)
        assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()


# ---- where it is written

GOOD = "对象,甲,乙,丙\n一,90%,5万元,健全\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "没有/得分.csv"], "没有文件夹“没有”"), (["-o", "夹.csv"], "是文件夹"), (["-o", "表.csv", "--force"], "不能把结果写到输入文件"),
        (["-o", "链.csv", "--force"], "不能把结果写到输入文件"), (["-o", "得分.csv", "--summary", "没有/汇总.html"], "没有文件夹“没有”"),
        (["-o", "得分.csv", "--summary", "汇总.json", "--summary", "./汇总.json"], "写了两次"), (["-o", "得分.txt"], "不会写"),
        (["-o", "得分.csv", "--part", "0"], "--part"), (["-o", "得分.csv", "--engine", "没有"], "没有叫“没有”的引擎"),
    ],
)  # fmt: skip
def test_places_nothing_can_be_written_to(desk: Path, words: list[str], said: str) -> None:
    Path("表.csv").write_text(GOOD, encoding="utf-8")
    Path("夹.csv").mkdir()
    Path("链.csv").symlink_to("表.csv")
    before = sorted(Path().rglob("*"))
    assert said in batch("--actuals", "表.csv", *words, code=2)
    assert sorted(Path().rglob("*")) == before and Path("表.csv").read_text("utf-8") == GOOD


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "perfdsl", "batch", "规则.perf", *words]


def env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_full_disk_leaves_no_result(desk: Path, kind: str) -> None:
    """A limit on the size of files stands for the disk: whatever of the job comes to it stops it with one sentence."""
    import random
    import resource

    chance = random.Random(1)
    lines = [
        f"项目{chance.random()},{chance.randrange(9999) / 100}%,{chance.randrange(999) / 100}万元,健全\n"
        for _ in range(4000)
    ]
    Path("表.csv").write_text("对象,甲,乙,丙\n" + "".join(lines), encoding="utf-8")
    for limit in (60_000,):
        done = subprocess.run(
            command("--actuals", "表.csv", "-o", f"得分.{kind}"), env=env(), capture_output=True, text=True, check=False,
            preexec_fn=lambda most=limit: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        )  # fmt: skip
        assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
        assert not list(Path().glob("得分.[cpx]*s*")) or [x.name for x in Path().glob("得分.*")] == ["得分.parts"]
        assert not list(Path().glob(".perfdsl-*"))
    done = subprocess.run(
        command("--actuals", "表.csv", "-o", f"得分.{kind}"), env=env(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [x.name for x in Path().glob("得分.*")] == [f"得分.{kind}"]


def test_an_interrupted_job_says_so_and_goes_on(desk: Path) -> None:
    Path("表.csv").write_text(
        "对象,甲,乙,丙\n" + "".join(f"项目{i},{i % 101}%,{i % 11}万元,健全\n" for i in range(3000)), encoding="utf-8"
    )
    batch("--actuals", "表.csv", "-o", "整.csv", code=0)
    process = subprocess.Popen(
        command("--actuals", "表.csv", "-o", "得分.csv", "--part", "25"),
        env=env(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    limit = time.monotonic() + 60
    while not Path("得分.parts/000003.json").exists() and time.monotonic() < limit and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode not in (0, None) and b"Traceback" not in errors
    assert not Path("得分.csv").exists() and Path("得分.parts/000003.json").exists()
    batch("--actuals", "表.csv", "-o", "得分.csv", "--part", "25", code=0)
    assert Path("得分.csv").read_bytes() == Path("整.csv").read_bytes()


def test_two_jobs_do_not_write_to_the_same_result(desk: Path) -> None:
    Path("表.csv").write_text(GOOD, encoding="utf-8")
    holder = (
        "import sys, pathlib\nfrom perfdsl.cli.batch_parts import Folder\n"
        "Folder(pathlib.Path('得分.parts'), 'x', [])\nprint('ready', flush=True)\nsys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", holder], env=env(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None and other.stdout.readline() == b"ready\n"
    done = CliRunner().invoke(
        perfdsl, ["batch", "规则.perf", "--actuals", "表.csv", "-o", "得分.csv"], catch_exceptions=False
    )
    assert done.exit_code == 2 and "另一个进程正在写“得分.parts”" in done.output
    assert json.loads(Path("得分.parts/manifest.json").read_text("utf-8"))["job"] == "x"
    other.send_signal(signal.SIGKILL)
    other.communicate()
    batch("--actuals", "表.csv", "-o", "得分.csv", code=0)


def test_a_folder_that_was_being_emptied_is_nobodys(desk: Path) -> None:
    path = Path("得分.parts")
    first = Folder(path, "one", [])
    (path / "000000.json").write_text("{}", encoding="utf-8")
    first.lock.open()
    made = [
        "import pathlib, os, sys",
        "from perfdsl.cli.batch_parts import Folder",
        "pathlib.Path.unlink = lambda self: os._exit(9)",
    ]
    script = "\n".join([*made, "Folder(pathlib.Path('得分.parts'), 'two', [])"])
    assert subprocess.run([sys.executable, "-c", script], env=env(), check=False).returncode == 9
    for job in ("one", "two"):
        made = Folder(path, job, [])
        assert not made.resumed and not made.has(0)
        made.remove()


# ---- databases


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:secretpw@127.0.0.1:1/x", "postgresql://u:secretpw@[::bad/x", "postgresql://u:secretpw@127.0.0.1:abc/x",
        "postgresql://u:se:secretpw@127.0.0.1:1/x", "postgresql://u:p@secretpw@127.0.0.1:1/x", "postgresql:///x?password=secretpw&host=127.0.0.1&port=1",
        "postgresql://127.0.0.1:1/x?bogus=1&password=secretpw", "postgresql://u:secretpw%zz@127.0.0.1:1/x", "POSTGRES://u:secretpw@127.0.0.1:1/x",
        "mysql://u:secretpw@h/x", "http://u:secretpw@[x/", "://u:secretpw@h",
    ],
)  # fmt: skip
def test_a_database_that_does_not_answer_and_a_password_that_is_not_shown(desk: Path, address: str) -> None:
    printed = batch("--actuals", address, "--query", "select 1", "-o", "得分.csv", code=(1, 2))
    assert "secretpw" not in printed and "数据库" in printed
    assert "secretpw" not in shown_address(address)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "要一条 select"), ("-- x", "要一条 select"), ("select", "查询写得不对"), ("drop table t", "只能读"), ("insert into t values (1, 2)", "只能读"),
        ("select * from t; drop table t", "一次只写一条语句"), ("attach database 'x.db' as y", "查询写得不对"), ("select 1 as 对象 where 0", "D202"),
        ("select 对象, 甲, 甲 from t", "D205"), ("select 甲 from t", "B101"), ("pragma table_info(t)", "D203"),
    ],
)  # fmt: skip
def test_queries_that_give_no_table(desk: Path, query: str, said: str) -> None:
    with sqlite3.connect("库.db") as base:
        base.execute("create table t (对象, 甲)")
        base.execute("insert into t values ('一', 9e999), (x'ff00', 1)")
    base.close()
    before = Path("库.db").read_bytes()
    assert said in batch("--actuals", "sqlite:///库.db", "--query", query, "-o", "得分.csv", code=(1, 2))
    assert not Path("得分.csv").exists() and Path("库.db").read_bytes() == before
    assert not Path("x.db").exists()
    batch("--actuals", "sqlite:///库.db", "--query", "select 对象, 甲 from t", "-o", "得分.csv", code=1)
