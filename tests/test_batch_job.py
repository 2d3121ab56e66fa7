"""The command ``batch``: any parts, any form of the data and any interruption give the same files."""

import csv
import io
import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import hypothesis.strategies as st
import jsonschema
import pyarrow as pa
import pytest
from click.testing import CliRunner
from gate import examples
from hypothesis import given, settings
from pyarrow import parquet
from python_calamine import CalamineWorkbook
from scoring import compiled

from perfdsl.actuals import Row
from perfdsl.batch import Block, Sizes, joined, parts
from perfdsl.batch.lines import TextTable
from perfdsl.cli import batch_output, batch_run
from perfdsl.cli.batch_store import Scattered, Seen
from perfdsl.cli.main import perfdsl
from perfdsl.evaluate import evaluate
from perfdsl.observe import observe, row_names
from perfdsl.tables import Names, read_table
from perfdsl.text import NOWHERE

ROOT = Path(__file__).resolve().parent.parent
RULES = """use 财预2020_10号
project "项目" {
  甲 full "≥90%" points 40 by 比例得分
  乙 full "≤5万元" points 30 by 比例得分
  丙 full "健全" points 30 by { "健全" -> 100%  otherwise -> 0 .. 60% }
}
"""
WIDE = """2024年度完成值
对象,甲（%）,乙,丙,备注
一,90,5万元,健全,
二,45.5,60000元,不健全,"有,逗号"
三,,5,健全,
=四,89.995,不适用,,
五,101,很多,健全,
"""
LONG = """对象,指标,实际值,单位
一,甲,90,%
一,乙,5,万元
一,丙,健全,
二,甲,45.5,%
二,丁,1,
三,丙,健全,
一,甲,80,%
"""
(PLAN,) = compiled(RULES).plans()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with rules, a wide and a long table; the command is typed in it."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("规则.perf", RULES), ("宽.csv", WIDE), ("长.csv", LONG)):
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


def batch(*words: str, code: int | None = None) -> str:
    """What ``perfdsl batch 规则.perf …`` prints."""
    done = CliRunner().invoke(perfdsl, ["batch", "规则.perf", *words], catch_exceptions=False)
    assert code is None or done.exit_code == code, done.output
    return done.output


def told(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(Path(name).read_text("utf-8-sig"))))


def scores(name: str) -> dict[str, dict[str, str]]:
    """The rows of a result by object."""
    head, *lines = told(name)
    return {line[0]: dict(zip(head, line, strict=True)) for line in lines}


def test_a_wide_table_is_scored_and_what_could_not_be_read_is_told(desk: Path) -> None:
    printed = batch("--actuals", "宽.csv", "-o", "得分.csv", code=1)
    made = scores("得分.csv")
    assert list(made) == ["一", "二", "三", "'=四", "五"]
    assert [made["二"][x] for x in ("甲.得分", "甲.状态", "乙.得分", "丙.得分", "总分", "最低可能", "最高可能", "完整")] == [
        "20.22", "未达标", "25.00", "", "", "45.22", "63.22", "否",
    ]  # fmt: skip
    assert made["一"]["总分"] == "100.00" and made["一"]["等级"] == "优"
    assert [x[:6] for x in told("得分.rejects.csv")[1:]] == [
        ["宽.csv", "6", "'=四", "乙", "不适用", "E111"],
        ["宽.csv", "7", "五", "乙", "很多", "A108"],
    ]
    assert "读不了的 2 处（A108 1，E111 1），见 得分.rejects.csv" in printed
    assert "缺数据的对象 4 个\n  二（丙）\n  三（甲）\n  =四（丙）\n  五（乙）" in printed
    assert not (desk / "得分.parts").exists()


def test_a_long_table_is_scored_whatever_stands_between_the_rows_of_an_object(desk: Path) -> None:
    batch("--actuals", "长.csv", "-o", "得分.csv", code=1)
    made = scores("得分.csv")
    assert list(made) == ["一", "二", "三"]
    assert made["一"]["总分"] == "100.00"
    assert [x[1:6] for x in told("得分.rejects.csv")[1:]] == [
        ["6", "二", "丁", "丁", "A101"],
        ["8", "一", "实际值", "80", "A104"],
    ]


def test_all_is_well_is_zero(desk: Path) -> None:
    Path("好.csv").write_text("对象,甲,乙,丙\n一,90%,5万元,健全\n", encoding="utf-8")
    assert "读不了" not in batch("--actuals", "好.csv", "-o", "得分.csv", code=0)
    assert not Path("得分.rejects.csv").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_chinese_office_software(desk: Path, encoding: str) -> None:
    Path("表.csv").write_bytes(WIDE.replace("\n", "\r\n").encode(encoding))
    batch("--actuals", "宽.csv", "-o", "a.csv")
    batch("--actuals", "表.csv", "-o", "b.csv")
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()


def test_bytes_that_are_no_text_stop_the_job(desk: Path) -> None:
    Path("坏.csv").write_bytes(WIDE.encode() + b"\xe4\xb8,\xff\n")
    assert "D101" in batch("--actuals", "坏.csv", "-o", "得分.csv", code=2)
    assert not Path("得分.csv").exists() and not Path("得分.parts").exists()


def test_parquet_excel_csv_and_a_database_say_the_same(desk: Path) -> None:
    import xlsxwriter

    lines = list(csv.reader(io.StringIO(WIDE)))[1:]
    head, rows = lines[0], lines[1:]
    numbers = [Decimal(x[1]) if x[1] else None for x in rows]
    columns = {name: pa.array([row[at] for row in rows]) for at, name in enumerate(head)}
    columns["甲（%）"] = pa.array([None if x is None else float(x) for x in numbers], pa.float64())
    parquet.write_table(pa.table(columns), "表.parquet", row_group_size=2)
    book = xlsxwriter.Workbook("表.xlsx")
    sheet = book.add_worksheet("数据")
    for at, name in enumerate(head):
        sheet.write_string(0, at, name)
        for line, row in enumerate(rows, 1):
            number = numbers[line - 1]
            if at == 1 and number is not None:
                sheet.write_number(line, at, float(number))
            elif row[at]:
                sheet.write_string(line, at, row[at])
    book.close()
    with sqlite3.connect("库.db") as base:
        base.execute('create table 表 (对象 text, "甲（%）" real, 乙 text, 丙 text)')
        base.executemany(
            "insert into 表 values (?, ?, ?, ?)",
            [(r[0], None if n is None else float(n), r[2], r[3]) for r, n in zip(rows, numbers, strict=True)],
        )
    base.close()
    batch("--actuals", "宽.csv", "-o", "a.csv")
    for name in ("表.parquet", "表.xlsx"):
        batch("--actuals", name, "-o", "b.csv", "--force")
        assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes(), name
    batch("--actuals", "sqlite:///库.db", "--query", "select * from 表", "-o", "c.csv")
    assert Path("a.csv").read_bytes() == Path("c.csv").read_bytes()
    assert [x[:2] for x in told("c.rejects.csv")[1:]] == [["sqlite:///库.db", "4"], ["sqlite:///库.db", "5"]]


def test_money_kept_as_text_or_whole_numbers_in_a_database_stays_exact(desk: Path) -> None:
    with sqlite3.connect("库.db") as base:
        base.execute("create table 表 (对象 text, 指标 text, 实际值)")
        base.executemany(
            "insert into 表 values (?, ?, ?)",
            [("一", "乙", "60000.00"), ("二", "乙", 60000), ("三", "乙", "50000.000000000001")],
        )
    base.close()
    batch(
        "--actuals",
        "sqlite:///库.db",
        "--query",
        "select 对象, 指标, 实际值, '元' as 单位 from 表 order by rowid",
        "-o",
        "c.csv",
    )
    made = scores("c.csv")
    assert [made[x]["乙.得分"] for x in "一二三"] == ["25.00", "25.00", "30.00"]
    assert [made[x]["乙.状态"] for x in "一二三"] == ["未达标", "未达标", "未达标"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sqlite:///没有.db", "--query", "select 1"], "没有数据库文件"),
        (["sqlite:///库.db", "--query", "select"], "查询写得不对（原话：incomplete input）"),
        (["sqlite:///库.db", "--query", "create table x (y)"], "数据库只读地打开"),
        (["oracle://h/x", "--query", "select 1"], "不会连“oracle”"),
        (["没有.csv"], "没有文件“没有.csv”"),
        (["规则.perf"], "不会读“规则.perf”这种数据"),
        (["没有/*.csv"], "没有文件合于"),
    ],
)
def test_data_that_cannot_be_used(desk: Path, words: list[str], said: str) -> None:
    sqlite3.connect("库.db").close()
    Path("库.db").touch()
    assert said in batch("--actuals", *words, "-o", "c.csv", code=2)
    assert not Path("c.csv").exists()


def test_a_folder_and_a_pattern_are_read_in_the_order_of_names(desk: Path) -> None:
    Path("数据").mkdir()
    for name, who in (("b", "二"), ("a", "一"), ("c", "三")):
        Path(f"数据/{name}.csv").write_text(f"对象,甲,乙\n{who},90%,5万元\n", encoding="utf-8")
    batch("--actuals", "数据", "-o", "a.csv", "--part", "2")
    batch("--actuals", "数据/*.csv", "-o", "b.csv")
    assert list(scores("a.csv")) == ["一", "二", "三"]
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()


def test_an_object_may_begin_in_one_file_and_end_in_another(desk: Path) -> None:
    Path("数据").mkdir()
    lines = LONG.splitlines()
    for i, line in enumerate(lines[1:]):
        Path(f"数据/{i}.csv").write_text(f"{lines[0]}\n{line}\n", encoding="utf-8")
    batch("--actuals", "长.csv", "-o", "a.csv")
    batch("--actuals", "数据", "-o", "b.csv", "--part", "1")
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()


def test_rows_of_other_periods_are_left_aside_and_counted(desk: Path) -> None:
    Path("期.csv").write_text(
        "对象,期间,指标,实际值\n一,半年,甲,50%\n一,全年,甲,90%\n一,来年,甲,1%\n", encoding="utf-8"
    )
    printed = batch("--actuals", "期.csv", "-o", "a.csv", code=1)
    assert "读到 1 行，另有别的期间的 1 行" in printed
    assert scores("a.csv")["一"]["甲.得分"] == "40.00"
    assert [x[1:7] for x in told("a.rejects.csv")[1:]] == [
        ["4", "一", "期间", "来年", "A111", "第4行：期间“来年”不认识"]
    ]


def test_rows_without_an_object_or_an_indicator_are_refused(desk: Path) -> None:
    Path("缺.csv").write_text("对象,指标,实际值\n一,甲,90%\n,甲,80%\n二,,5\n,,\n合计,,\n", encoding="utf-8")
    batch("--actuals", "缺.csv", "-o", "a.csv", code=1)
    assert list(scores("a.csv")) == ["一"]
    assert [(x[1], x[5]) for x in told("a.rejects.csv")[1:]] == [("3", "D214"), ("4", "D212"), ("6", "D213")]


def test_a_table_without_a_column_of_objects_is_refused(desk: Path) -> None:
    Path("缺.csv").write_text("甲,乙\n90%,3\n80%,5\n", encoding="utf-8")
    assert "B101" in batch("--actuals", "缺.csv", "-o", "a.csv", code=1)
    assert not Path("a.csv").exists()


def test_results_are_never_written_over_inputs_or_without_leave(desk: Path) -> None:
    assert "不能把结果写到输入文件" in batch("--actuals", "宽.csv", "-o", "宽.csv", "--force", code=2)
    Path("a.csv").write_text("我的", encoding="utf-8")
    assert "--force" in batch("--actuals", "宽.csv", "-o", "a.csv", code=2)
    assert Path("a.csv").read_text("utf-8") == "我的"
    Path("b.parts").mkdir()
    Path("b.parts/我的.txt").write_text("x", encoding="utf-8")
    assert "不去动它" in batch("--actuals", "宽.csv", "-o", "b.csv", code=2)
    assert Path("b.parts/我的.txt").exists()


def test_a_workbook_holds_the_same_and_refuses_too_many(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch("--actuals", "宽.csv", "-o", "a.xlsx")
    batch("--actuals", "宽.csv", "-o", "b.csv")
    sheet = CalamineWorkbook.from_path("a.xlsx").get_sheet_by_name("得分").to_python()
    head, *rows = told("b.csv")
    assert sheet[0] == head
    for shown, line in zip(sheet[1:], rows, strict=True):
        for name, value, text in zip(head, shown, line, strict=True):
            assert str(value) == text.removeprefix("'") if isinstance(value, str) else value == float(text), name
    monkeypatch.setattr(batch_output, "MOST_ROWS", 4)
    assert "最多 4 行" in batch("--actuals", "宽.csv", "-o", "c.xlsx", code=2)
    assert not Path("c.xlsx").exists()


def test_the_exact_engine_gives_the_same_files_and_says_so(desk: Path) -> None:
    for name in ("宽.csv", "长.csv"):
        batch("--actuals", name, "-o", "a.csv", "--force")
        assert "精确引擎逐个打分" in batch("--actuals", name, "-o", "b.csv", "--engine", "exact", "--force")
        assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
    assert "没有叫“火花”的引擎；有：duckdb、embedded" in batch(
        "--actuals", "宽.csv", "-o", "c.csv", "--engine", "火花", code=2
    )


def test_the_printed_summary_has_the_shape_of_its_schema_and_is_the_one_written(desk: Path) -> None:
    schema = json.loads((ROOT / "docs" / "batch.schema.json").read_text("utf-8"))
    printed = json.loads(batch("--actuals", "宽.csv", "-o", "a.parquet", "--format", "json", "--summary", "汇总.json", "--summary", "汇总.html",
                               "--summary", "汇总.svg"))  # fmt: skip
    jsonschema.validate(printed, schema)
    written = json.loads(Path("汇总.json").read_text("utf-8"))
    jsonschema.validate(written, schema)
    assert written == {k: v for k, v in printed.items() if k != "diagnostics"}
    assert [x["count"] for x in printed["total"]["bins"]] == [0] * 19 + [1]
    page, picture = Path("汇总.html").read_text("utf-8"), Path("汇总.svg").read_text("utf-8")
    assert picture.strip() in page and "二" in page and "=四" in page
    assert picture.count("<rect") == 1 + 20 + 4


# ---- parts

NAMES = ["一", "二", "三", "四"]
observations = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(["甲", "乙", "丙", "丁", ""]),
        st.sampled_from(["90", "45.5", "健全", "", "很多", "不适用", "1,5"]),
    ),
    max_size=14,
)


@settings(max_examples=examples(60), deadline=None)
@given(observations, st.integers(1, 15), st.integers(1, 40))
def test_a_long_table_in_parts_of_any_size_is_the_table_at_once(tmp_path_factory, rows, size: int, chunk: int) -> None:
    folder = tmp_path_factory.mktemp("job")
    here = Path.cwd()
    os.chdir(folder)
    try:
        Path("规则.perf").write_text(RULES, encoding="utf-8")
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows([("对象", "指标", "实际值"), *rows])
        Path("表.csv").write_text(stream.getvalue(), encoding="utf-8")
        whole = batch("--actuals", "表.csv", "-o", "得分.csv", "--force")
        kept = {x.name: x.read_bytes() for x in folder.glob("得分*")}
        for x in folder.glob("得分*"):
            x.unlink()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("perfdsl.cli.batch_data.CHUNK", chunk + 40)
            again = batch("--actuals", "表.csv", "-o", "得分.csv", "--part", str(size))
        assert again == whole
        assert {x.name: x.read_bytes() for x in folder.glob("得分*")} == kept
        if rows:
            compare(rows, scores("得分.csv"))
    finally:
        os.chdir(here)


def compare(rows, made: dict[str, dict[str, str]]) -> None:
    """Every object alone by the exact engine, from the rows that name an indicator."""
    for name in dict.fromkeys(who for who, what, _ in rows if what):
        given_rows = [Row(name=what, value=value, span=NOWHERE) for who, what, value in rows if who == name and what]
        card, _ = evaluate(PLAN, observe(PLAN, given_rows, "full")[0])
        assert made[name]["总分"] == ("" if card.total is None else f"{float(card.total):.2f}")
        assert [made[name][f"{x.path[-1]}.得分"] for x in card.indicators] == [
            "" if x.score is None else f"{float(x.score):.2f}" for x in card.indicators
        ]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3)), max_size=6),
    st.integers(1, 5),
    st.lists(st.integers(1, 4), min_size=1),
)
def test_parts_do_not_depend_on_blocks_and_cut_no_object(runs, size: int, cuts) -> None:
    import numpy as np

    objects = [name for name, count in runs for _ in range(count)]
    table = pa.table({"对象": pa.array(objects, pa.string()), "指标": pa.array(["甲"] * len(objects), pa.string())})
    whole = Block(table, np.zeros(len(objects), np.int32), np.arange(len(objects), dtype=np.int64), True)
    blocks, first = [], 0
    while first < len(objects):
        step = cuts[len(blocks) % len(cuts)]
        blocks.append(whole.part(first, min(first + step, len(objects))))
        first += step
    one, many = list(parts([whole], Sizes(size, size))), list(parts(blocks, Sizes(size, size)))
    assert [x.rows.tolist() for x in one] == [x.rows.tolist() for x in many]
    assert [r for x in one for r in x.rows.tolist()] == list(range(len(objects)))
    for before, after in itertools.pairwise(one):
        assert before.count >= size
        assert before.table["对象"][-1] != after.table["对象"][0]
    if one:
        assert joined(one).table.equals(table)


CELLS = st.text(alphabet="ab\"',\n 一=", max_size=5)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=6), st.integers(1, 9), st.booleans())
def test_text_cut_into_blocks_gives_the_cells_of_the_whole(lines, size: int, quoted: bool) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
    writer.writerows([("对象", "指标", "实际值"), *lines])
    data = stream.getvalue().encode()
    names = Names(frozenset(row_names(PLAN)))
    chunks = [data[:64], *(data[i : i + size] for i in range(64, len(data), size))]
    table = TextTable.of("表.csv", chunks, names)
    made = [
        (int(n), *row)
        for raw in table.blocks()
        for n, row in zip(raw.rows, zip(*(c.to_pylist() for c in raw.table.columns), strict=True), strict=True)
    ]
    refused = [n for x in [TextTable.of("表.csv", chunks, names)] for raw in x.blocks() for n, _, _ in raw.refused]
    assert [d.code for d in table.found if d.severity == "error"] == []
    whole, _ = read_table("表.csv", data, names)
    kept = [[x.strip() for x in line[1:]] for line in made if line[2].strip()]
    assert [x[0] for x in kept] == [row.object for row in whole.rows]
    assert [x[2] for x in kept] == [row.value for row in whole.rows]
    assert set(refused) <= {n + 2 for n, line in enumerate(lines) if len(line) > 3}


# ---- killed and taken up again


def spread(count: int) -> str:
    return "对象,甲,乙,丙\n" + "".join(
        f"项目{i},{i % 101}%,{i % 11}万元,{'健全' if i % 3 else '很多' if i % 7 else ''}\n" for i in range(count)
    )


@pytest.mark.parametrize("scattered", [False, True])
def test_a_killed_job_goes_on_and_ends_as_if_nothing_had_happened(desk: Path, scattered: bool) -> None:
    if scattered:
        rows = [
            f"项目{i},{name},{value}\n"
            for name, value in (("甲", "45%"), ("乙", "6万元"), ("丙", "很多"))
            for i in range(700)
        ]
        Path("表.csv").write_text("对象,指标,实际值\n" + "".join(rows), encoding="utf-8")
    else:
        Path("表.csv").write_text(spread(3000), encoding="utf-8")
    words = ["--actuals", "表.csv", "--part", "20", "--summary", "汇总.json"]
    batch(*words, "-o", "得分.parquet")
    wanted = {name: Path(name).read_bytes() for name in ("得分.parquet", "汇总.json")}
    refused = Path("得分.rejects.csv").read_bytes() if Path("得分.rejects.csv").exists() else b""
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    for name in ("得分.parquet", "得分.rejects.csv", "汇总.json"):
        Path(name).unlink(missing_ok=True)
    slow = "import time, perfdsl.cli.batch_parts as b\nold = b.Folder.write\ndef write(*a):\n    old(*a)\n    time.sleep(0.2)\nb.Folder.write = write\n"
    script = f"import sys\nsys.argv = ['perfdsl', 'batch', '规则.perf', *{[*words, '-o', '得分.parquet']!r}]\n{slow}from perfdsl.cli.main import main\nmain()\n"
    process = subprocess.Popen([sys.executable, "-c", script], env=env)
    limit = time.monotonic() + 60
    ready = Path("得分.parts/rows/stored.json") if scattered else Path("得分.parts/000001.json")
    while (
        not (ready.exists() and list(Path().glob("得分.parts/0*.json")))
        and time.monotonic() < limit
        and process.poll() is None
    ):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = [int(x.stem) for x in Path().glob("得分.parts/0*.json")]
    assert done and not Path("得分.parquet").exists()
    with pytest.MonkeyPatch.context() as patch:
        wrote: list[int] = []
        real = batch_run.Run._score
        patch.setattr(
            batch_run.Run,
            "_score",
            lambda self, piece, *rest: (wrote.append(piece.number), real(self, piece, *rest))[1],
        )
        batch(*words, "-o", "得分.parquet")
    assert wrote and not set(wrote) & set(done)
    assert {name: Path(name).read_bytes() for name in wanted} == wanted
    assert (Path("得分.rejects.csv").read_bytes() if refused else b"") == refused
    assert not Path("得分.parts").exists() and not list(Path().glob(".perfdsl-*"))


def stopped(monkeypatch: pytest.MonkeyPatch, *words: str, scattered: bool = False) -> None:
    """A job that somebody stops at its fourth part, of those parted by their objects where it comes to that."""
    real = batch_run.Run._score

    def stops(self, piece, *rest) -> None:
        if piece.number == 3 and (piece.order is not None or not scattered):
            raise KeyboardInterrupt
        real(self, piece, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(batch_run.Run, "_score", stops)
        CliRunner().invoke(perfdsl, ["batch", "规则.perf", *words, "-o", "得分.csv"])


DAMAGE = {
    "empty": lambda path: path.write_bytes(b""),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "zeros": lambda path: path.write_bytes(b"\0" * path.stat().st_size),
    "a zero inside": lambda path: path.write_bytes(path.read_bytes()[:-9] + b"\0" + path.read_bytes()[-8:]),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("scattered", [False, True], ids=["in order", "scattered"])
@pytest.mark.parametrize("end", ["arrow", "rejects.jsonl", "json"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_part_that_cannot_be_read_back_is_made_again(
    desk: Path, monkeypatch: pytest.MonkeyPatch, damage: str, end: str, scattered: bool
) -> None:
    """What a machine leaves that lost its power: files that are empty, short, full of zeros, or not there."""
    lines = [
        f"项目{i},{name},{value}\n"
        for name, value in (("甲", "45%"), ("乙", "6万元"), ("丙", "很多"))
        for i in range(60)
    ]
    text = "对象,指标,实际值\n" + "".join(lines) if scattered else spread(100)
    for i in range(60):
        text = text.replace(f"项目{i},甲,45%", f"项目{i},甲,多").replace(f"项目{i},{i}%", f"项目{i},多")
    Path("表.csv").write_text(text, encoding="utf-8")
    words = ["--actuals", "表.csv", "--part", "10"]
    batch(*words, "-o", "全.csv", code=1)
    stopped(monkeypatch, *words, scattered=scattered)
    assert Path("得分.parts/rows/stored.json").exists() == scattered
    DAMAGE[damage](Path(f"得分.parts/000001.{end}"))
    batch(*words, "-o", "得分.csv", code=1)
    for name in ("csv", "rejects.csv"):
        assert Path(f"得分.{name}").read_bytes() == Path(f"全.{name}").read_bytes()


@pytest.mark.parametrize("damage", DAMAGE)
def test_rows_that_wait_and_cannot_be_read_back_are_read_again(
    desk: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    lines = [f"项目{i},{name},{value}\n" for name, value in (("甲", "45%"), ("乙", "6万元")) for i in range(60)]
    Path("表.csv").write_text("对象,指标,实际值\n" + "".join(lines), encoding="utf-8")
    words = ["--actuals", "表.csv", "--part", "10"]
    batch(*words, "-o", "全.csv", code=1)
    stopped(monkeypatch, *words, scattered=True)
    waiting = sorted(Path("得分.parts/rows").glob("*.arrow"))
    DAMAGE[damage](waiting[-1])
    batch(*words, "-o", "得分.csv", code=1)
    assert Path("得分.csv").read_bytes() == Path("全.csv").read_bytes()


def test_parts_of_another_job_are_not_used(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("表.csv").write_text(spread(100), encoding="utf-8")
    stopped(monkeypatch, "--actuals", "表.csv", "--part", "10")
    assert len(list(Path().glob("得分.parts/0*.json"))) == 3
    Path("表.csv").write_text(spread(100).replace("项目1,1%", "项目1,77%"), encoding="utf-8")
    batch("--actuals", "表.csv", "-o", "得分.csv", "--part", "10")
    batch("--actuals", "表.csv", "-o", "新.csv")
    assert Path("得分.csv").read_bytes() == Path("新.csv").read_bytes()


def test_objects_seen_before_are_known_again() -> None:

    seen = Seen()
    for first in range(0, 1000, 10):
        seen.add([f"o{i}" for i in range(first, first + 10)])
    seen.add(["o5"])
    with pytest.raises(Scattered):
        seen.check()


def test_a_table_without_objects_is_about_the_one_of_the_rules(tmp_path, monkeypatch) -> None:
    """As ``score``; where it may be about several it says whose each row is, or is refused."""
    monkeypatch.chdir(tmp_path)
    Path("r.perf").write_text(RULES, "utf-8")

    def scored(*tables: str, code: int) -> list[dict[str, str]]:
        for name in tmp_path.glob("d*.csv"):
            name.unlink()
        for at, text in enumerate(tables):
            Path(f"d{at}.csv").write_text(text, "utf-8")
        done = CliRunner().invoke(
            perfdsl, ["batch", "r.perf", "--actuals", "d*.csv", "-o", "y.csv", "--force"], catch_exceptions=False
        )
        assert done.exit_code == code, done.output
        assert ("B101" in done.output) == (not Path("y.csv").exists())
        found = (
            list(csv.DictReader(io.StringIO(Path("y.csv").read_text("utf-8-sig")))) if Path("y.csv").exists() else []
        )
        Path("y.csv").unlink(missing_ok=True)
        assert not Path("y.parts").exists()
        return found

    long = "指标,实际值\n甲,90%\n乙,5万元\n丙,健全\n"
    wide = "甲,乙,丙\n90%,5万元,健全\n"
    for text in (long, wide, wide + ",,\n"):
        (one,) = scored(text, code=0)
        assert (one["对象"], one["总分"]) == ("项目", "100.00")
    for several in ((wide + "80%,6万元,健全\n",), (wide, wide), (long, long)):
        assert scored(*several, code=1) == []


def test_a_job_loads_no_library_it_does_not_use(desk: Path) -> None:
    """pandas, which Arrow looks for by itself, takes longer to load than a small table to score."""
    script = """
import sys
from perfdsl.cli.main import main
sys.argv = ["perfdsl", "batch", "规则.perf", "--actuals", sys.argv[1], "-o", sys.argv[2]]
try:
    main()
except SystemExit as end:
    assert end.code == 1
loaded = {"pandas", "polars", "duckdb", "pyspark", "openpyxl", "xlsxwriter", "z3", "jinja2"} & set(sys.modules)
assert not loaded, loaded
"""
    for data, output in (("宽.csv", "甲.parquet"), ("长.csv", "乙.csv")):
        done = subprocess.run([sys.executable, "-c", script, data, output], env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr
