"""What a careless user of ``batch`` is told: in the language of the run, with one exit code for one sort of fault."""

import csv
import errno
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import NoReturn

import hypothesis.strategies as st
import pytest
from click.testing import CliRunner, Result
from gate import examples
from hypothesis import given, settings
from openpyxl import Workbook
from scoring import compiled

from perfdsl.actuals import Row
from perfdsl.cli import batch_data, batch_parts
from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import perfdsl
from perfdsl.evaluate import evaluate
from perfdsl.observe import observe, row_names
from perfdsl.plan_json import dumps
from perfdsl.tables import Names, read_table

RULES = """use 财预2020_10号
project "项目" {
  甲 full "≥90%" points 40 by 比例得分
  乙 full "≤5万元" points 30 by 比例得分
  丙 full "健全" points 30 by { "健全" -> 100%  otherwise -> 0 .. 60% }
}
"""
ROOT = Path(__file__).resolve().parent.parent
WIDE = "对象,甲（%）,乙,丙\n一,90,5万元,健全\n二,45.5,60000元,不健全\n"
(PLAN,) = compiled(RULES).plans()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with rules and a wide table; the command is typed in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PERFDSL_LANG", "zh")
    for name, text in (("规则.perf", RULES), ("宽.csv", WIDE)):
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


def run(*words: str) -> Result:
    """What a command does; nothing it raises is an accident."""
    return CliRunner().invoke(perfdsl, list(words), catch_exceptions=False)


def batch(*data: str, more: tuple[str, ...] = ()) -> Result:
    """``perfdsl batch`` over some data."""
    return run("batch", "规则.perf", *(x for one in data for x in ("--actuals", one)), "-o", "得分.csv", *more)


def own_words(text: str) -> str:
    """What is said outside brackets, in which the words of a library or a database may stand."""
    return re.sub("（[^（）]*）", "", text)


def latin(text: str, *known: str) -> list[str]:
    """Words in Latin letters, but for the names of files and formats, and codes."""
    text = re.sub(r"\[[A-Z]\d{3}\]|[^\s：“”]*\.[a-z]+|^Error:", "", text, flags=re.MULTILINE)
    return [
        x
        for x in re.findall("[A-Za-z]{3,}", text)
        if x not in {"Parquet", "Excel", "WPS", "UTF", "PDF", "CSV", "GB18030", *known}
    ]


@contextmanager
def runner() -> Iterator[Path]:
    """A folder of its own for one example, with the rules where the command is typed."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        try:
            Path("规则.perf").write_text(RULES, encoding="utf-8")
            yield Path(name)
        finally:
            os.chdir(before)


# ---- files that are not what they are called


def packed(name: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        book.writestr(name, "<")
    return made.getvalue()


BROKEN = {
    "空.parquet": b"",
    "短.parquet": b"PAR1",
    "文.parquet": b"hello, this is no Parquet at all",
    "尾.parquet": b"PAR1" + b"x" * 40 + b"\xff\xff\xff\x7fPAR1",
    "文.xlsx": b"hello",
    "空.xlsx": b"",
    "坏.xlsx": packed("xl/workbook.xml"),
    "包.xlsx": packed("a.txt"),
    "坏.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "坏.ods": packed("content.xml"),
    "乱.csv": b"\xff\xff\xfe" * 40,
    "图.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_ends_with_two_and_leaves_nothing(name: str, desk: Path) -> None:
    Path(name).write_bytes(BROKEN[name])
    done = batch(name)
    assert done.exit_code == 2, done.output
    assert name in done.output
    assert latin(own_words(done.output), "GB") == []
    assert {x.name for x in Path().iterdir()} == {"规则.perf", "宽.csv", name}
    if not name.endswith(".parquet"):
        assert run("score", "规则.perf", "--actuals", name).exit_code == 2


@pytest.mark.parametrize("command", ["score", "monitor", "advise", "diff", "check", "compile", "batch"])
def test_every_command_ends_with_two_on_a_file_that_is_no_text(command: str, desk: Path) -> None:
    Path("乱.perf").write_bytes(b"\xff\xff\xfe" * 40)
    Path("乱.csv").write_bytes(b"\xff\xff\xfe" * 40)
    more = {
        "score": ["--actuals", "宽.csv"],
        "monitor": ["--actuals", "宽.csv", "--as-of", "2024-07-31"],
        "advise": ["--actuals", "宽.csv", "--total", "90"],
        "diff": ["规则.perf"],
        "check": ["--no-cache"],
        "compile": ["--sql", "sqlite"],
        "batch": ["--actuals", "宽.csv", "-o", "得分.csv"],
    }[command]
    assert run(command, "乱.perf", *more).exit_code == 2
    if "宽.csv" in more:
        assert run(command, "规则.perf", *("乱.csv" if x == "宽.csv" else x for x in more)).exit_code == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sheet_that_is_not_there_ends_with_two(lang: str, desk: Path) -> None:
    book = Workbook()
    for line in WIDE.splitlines():
        book.active.append(line.split(","))
    book.save("表.xlsx")
    for words in (
        ["score", "规则.perf", "--actuals", "表.xlsx#无"],
        ["batch", "规则.perf", "--actuals", "表.xlsx#无", "-o", "得分.csv"],
    ):
        assert run(*words, "--lang", lang).exit_code == 2


# ---- databases


@pytest.fixture
def database(desk: Path) -> str:
    with sqlite3.connect("库.db") as made:
        made.execute("create table t (o, n, v)")
        made.execute("insert into t values ('一', '甲', '90%')")
    return "sqlite:///库.db"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("selec 1", "查询写得不对"), ("select * from 无", "查询写得不对"), ("select 无 from t", "查询写得不对"), ("delete from t", "只能读"),
        ("drop table t", "只能读"), ("select 1; select 2", "只写一条语句"), ("attach 'x.db' as x", "查询写得不对"), ("", "要一条 select"),
    ],
)  # fmt: skip
def test_what_a_database_refuses_is_said_in_chinese(query: str, reason: str, database: str) -> None:
    done = batch(database, more=("--query", query))
    assert done.exit_code == 2, done.output
    assert reason in done.output
    assert latin(own_words(done.output), "select") == []
    assert not Path("得分.parts").exists()


def test_a_file_that_is_no_database_is_called_so(desk: Path) -> None:
    Path("假.db").write_text("这不是数据库" * 200, encoding="utf-8")
    done = batch("sqlite:///假.db", more=("--query", "select * from t"))
    assert done.exit_code == 2
    assert "“sqlite:///假.db”不是可用的 SQLite 数据库" in done.output


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("sqlite://库.db", "sqlite:///文件"),
        ("sqlite:库.db", "sqlite:///文件"),
        ("sqlite:///", "sqlite:///文件"),
        ("sqlite:///无.db", "没有数据库文件“无.db”"),
        ("mysql://a:secret@h/d", "不会连“mysql”"),
        ("https://x/y.csv", "不会连“https”"),
        ("postgresql://a:secret@127.0.0.1:1/d", "连不上"),
        ("postgresql://a:secret@127.0.0.1:abc/d", "地址写得不对"),
        ("postgresql://a:secret@127.0.0.1:1/d?nosuch=1", "地址写得不对"),
    ],
)
def test_an_address_that_is_wrong_in_one_part_is_answered_without_its_password(
    address: str, sentence: str, database: str
) -> None:
    if address.startswith("postgres"):
        pytest.importorskip("psycopg")
    for more in (
        (("--query", "select 1"), ())
        if not address.startswith(("postgres", "sqlite:///"))
        else (("--query", "select 1"),)
    ):
        done = batch(address, more=more)
        assert done.exit_code == 2, done.output
        assert sentence in done.output
        assert "secret" not in done.output


# ---- the command line


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["宽.csv", "-o", "无/得分.csv"], "写不了“无/得分.csv”：没有文件夹“无”"),
        (["宽.csv", "-o", "得分.csv", "--summary", "无/汇总.svg"], "写不了“无/汇总.svg”：没有文件夹“无”"),
        (["宽.csv", "--actuals", "宽.csv", "-o", "得分.csv"], "“宽.csv”给了两次"),
        (["宽.csv", "--actuals", ".", "-o", "得分.csv"], "“宽.csv”给了两次"),
        (["宽.csv", "--actuals", "又.csv", "-o", "得分.csv"], "“宽.csv”和“又.csv”是同一个文件"),
        (["宽.csv", "-o", "得分.csv", "--master", "local[2]"], "--master 要和 --engine spark 一起用"),
        (["没有*.csv", "-o", "得分.csv"], "没有文件合于“没有*.csv”"),
        (["", "-o", "得分.csv"], "不会读“”这种数据"),
    ],
)
def test_a_command_that_cannot_be_done_is_refused_before_anything_is_made(
    words: list[str], sentence: str, desk: Path
) -> None:
    if "又.csv" in words:
        Path("又.csv").symlink_to("宽.csv")
    before = set(Path().iterdir())
    done = run("batch", "规则.perf", "--actuals", *words)
    assert (done.exit_code, sentence in done.output) == (2, True), done.output
    assert set(Path().iterdir()) == before


def test_a_name_of_rules_that_is_empty_is_not_this_folder(desk: Path) -> None:
    done = run("batch", "", "--actuals", "宽.csv", "-o", "得分.csv")
    assert done.exit_code == 2 and "读不了“”" in done.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--table", "表"], "--table 要和 --sql 一起用"),
        (["--object", "项目", "--digits", "9"], "--object、--digits 要和 --sql 一起用"),
        (["--sql", "sqlite", "--table", ""], "要写一个名字"),
        (["--sql", "sqlite", "--key", " "], "要写一个名字"),
        (["--sql", "sqlite", "--digits", "3"], "不能比 --decimals（4）少"),
    ],
)
def test_options_of_a_statement_that_mean_nothing_are_refused(words: list[str], sentence: str, desk: Path) -> None:
    done = run("compile", "规则.perf", *words)
    assert (done.exit_code, sentence in done.output) == (2, True), done.output


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("库.parquet", None, "读不了“库.parquet”：没有这个文件或文件夹"),
        ("库.parquet", b"hello", "“库.parquet”不是规则库，或已经损坏"),
        ("案.json", b"{", "“案.json”不是可用的评价方案，请重新编译（"),
        ("案.jsonl", b"{\n", "“案.jsonl”第1行不是可用的评价方案，请重新编译（"),
    ],
)
def test_rules_that_cannot_be_read_are_refused_in_chinese(
    name: str, data: bytes | None, sentence: str, desk: Path
) -> None:
    if data is not None:
        Path(name).write_bytes(data)
    done = run("batch", name, "--actuals", "宽.csv", "-o", "得分.csv")
    assert (done.exit_code, sentence in done.output) == (2, True), done.output
    assert latin(own_words(done.output), "perfdsl", "compile") == []


ONE = 'project "名" { 甲 full "≥9件" points 100 by { met -> 100  otherwise -> 0 } }'
BESIDE: dict[str, tuple[str, str]] = {
    "共用.perf": ("ruleset 本地 { rubric 做到 { met -> 100%  otherwise -> 0 } }", ""),
    "写错.perf": (ONE.replace("{ met -> 100  otherwise -> 0 }", "没有的方法"), "R206"),
    "半份.json": ("{", "B119"),
    "别的.json": ('{"a": 1}', "B119"),
    "一行坏.jsonl": ('PLAN\n{"a": 1}\nPLAN', "B119"),
    "空.jsonl": ("\n\n", ""),
}


@pytest.mark.parametrize("name", BESIDE)
def test_one_file_of_a_folder_of_rules_stops_no_other(name: str, desk: Path) -> None:
    text, code = BESIDE[name]
    plan = " ".join(dumps(compiled(ONE).plans()).split())
    pieces = text.split("PLAN")
    made = pieces[0] + "".join(plan.replace("名", f"行{i}") + x for i, x in enumerate(pieces[1:]))
    os.mkdir("规则们")
    use = 'use "./共用.perf"\n' if name == "共用.perf" else ""
    for file, body in (("前.perf", use + ONE.replace("名", "前")), (name, made), ("后.perf", ONE.replace("名", "后"))):
        Path("规则们", file).write_text(body, encoding="utf-8")
    Path("表.csv").write_text("对象,指标,实际值\n前,甲,9\n后,甲,8\n行0,甲,9\n行1,甲,9\n", encoding="utf-8")
    words = ["batch", "规则们", "--actuals", "表.csv", "-o", "得分.csv"]
    done = CliRunner().invoke(perfdsl, words, catch_exceptions=False)
    assert done.exit_code == 1, done.output  # 行0 and 行1 have no rules, or another file is wrong
    assert f"[{code}" in done.output if code else "B119" not in done.output, done.output
    found = {x["对象"]: x["总分"] for x in written("得分.totals.csv")}
    assert found == {"前": "100.00", "后": "0.00"} | {f"行{i}": "100.00" for i in range(len(pieces) - 1)}
    named = CliRunner().invoke(perfdsl, ["batch", f"规则们/{name}", "规则们/后.perf", *words[2:], "--force"])
    assert named.exit_code == (2 if code == "B119" or name == "共用.perf" else 1), named.output


def test_a_store_is_given_alone(desk: Path) -> None:
    os.mkdir("规则们")
    Path("规则们/前.perf").write_text(ONE, encoding="utf-8")
    assert CliRunner().invoke(perfdsl, ["compile", "规则们", "-o", "库.parquet"]).exit_code == 0
    done = CliRunner().invoke(perfdsl, ["batch", "库.parquet", "规则们", "--actuals", "宽.csv", "-o", "得分.csv"])
    assert (done.exit_code, "要单独给" in done.output) == (2, True)


def test_a_store_of_another_period_is_called_by_its_name(desk: Path) -> None:
    assert run("compile", "规则.perf", "-o", "库.parquet").exit_code == 0
    done = run("batch", "库.parquet", "--actuals", "宽.csv", "-o", "得分.csv", "--period", "half")
    assert done.exit_code == 2
    assert "“库.parquet”是按全年编译的，不能用来评半年" in done.output


# ---- workbooks


def book(*lines: list[object], merged: tuple[str, ...] = (), name: str = "表.xlsx") -> None:
    """A workbook of one sheet."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    for place in merged:
        sheet.merge_cells(place)
    made.save(name)


HEAD: list[object] = ["对象", "甲（%）", "乙", "丙"]
LONG_HEAD: list[object] = ["对象", "指标", "实际值", "单位"]
BOOKS: dict[str, tuple[list[list[object]], tuple[str, ...]]] = {
    "公式没有结果": ([HEAD, ["一", "=40+50", "5万元", "健全"], ["二", 45.5, "=1/0", "=A1"]], ()),
    "公式作对象": ([HEAD, ["=A9", 90, "5万元", "健全"], ["二", 45.5, 5, "健全"]], ()),
    "错误值": ([HEAD, ["一", "#DIV/0!", "5万元", "健全"], ["二", 45.5, "#N/A", "健全"]], ()),
    "竖着合并的完成值": ([HEAD, ["一", 90, "5万元", "健全"], ["二", None, "5万元", "健全"]], ("B2:B3",)),
    "竖着合并的对象": ([LONG_HEAD, ["一", "甲", 90, "%"], [None, "乙", 5, "万元"], [None, "丙", "健全", None], ["二", "甲", 80, "%"]], ("A2:A4",)),
    "合并的指标和实际值": ([LONG_HEAD, ["一", "甲", 90, "%"], ["二", None, None, "%"]], ("B2:B3", "C2:C3")),
    "两行的表头": ([["对象", "成本类", "产出类", None], [None, "乙", "甲（%）", "丙"], ["一", "5万元", 90, "健全"], ["二", "6万元", 80, "健全"]], ("A1:A2", "C1:D1")),
    "横着合并的标题": ([["2024年度完成情况", None, None, None], HEAD, ["一", 90, "5万元", "健全"]], ("A1:D1",)),
    "表头又印一次": ([HEAD, ["一", 90, "5万元", "健全"], HEAD, ["二", 45.5, 5, "健全"]], ()),
    "空行和合计": ([HEAD, ["一", 90, "5万元", "健全"], [None] * 4, ["合计", None, None, None]], ()),
    "没有写对象": ([HEAD, [None, 90, "5万元", "健全"], ["二", 45.5, 5, "健全"]], ()),
    "期间是错误值": ([[*LONG_HEAD, "期间"], ["一", "甲", 90, "%", "#N/A"], ["一", "乙", 5, "万元", "全年"]], ()),
    "多出的格": ([HEAD, ["一", 90, "5万元", "健全", "又"], ["二", 45.5, 5, "健全"]], ()),
}  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_says_the_same_to_score_and_to_batch(name: str, desk: Path) -> None:
    lines, merged = BOOKS[name]
    book(*lines, merged=merged)
    names = Names(row_names(PLAN), frozenset())
    alone, found = read_table("表.xlsx", Path("表.xlsx").read_bytes(), names)
    by_object: dict[str, list[Row]] = {}
    for row in alone.rows:
        by_object.setdefault(row.object, []).append(row)
    done = batch("表.xlsx")
    assert done.exit_code in (0, 1), done.output
    scores = {line["对象"]: line for line in written("得分.csv")}
    assert {x for x in scores if any(scores[x][f"{y}.得分"] for y in "甲乙丙")} <= set(by_object) <= set(scores)
    for who, rows in by_object.items():
        observed, more = observe(PLAN, rows, "full")
        found += more
        card, _ = evaluate(PLAN, observed)
        for one in card.indicators:
            shown = scores[who][f"{one.path[-1]}.得分"]
            assert (Fraction(shown) if shown else None) == one.score, (who, one.path)
    refused = written("得分.rejects.csv") if Path("得分.rejects.csv").exists() else []
    assert sorted(x["代码"] for x in refused) == sorted(d.code for d in found if d.severity == "error")
    assert all(x["对象"] in ("一", "二") for x in refused if x["代码"] in ("D211", "D221") and name != "公式作对象")


def written(name: str) -> list[dict[str, str]]:
    """The lines of a table that was written."""
    return list(csv.DictReader(io.StringIO(Path(name).read_text("utf-8-sig"))))


# ---- places


@pytest.mark.parametrize("above", [0, 1, 3000])
@pytest.mark.parametrize(
    ("line", "code"),
    [('乙,90,"5万元', "D216"), ("乙,\udcff90,,", "D101"), ("乙", "D210")],
    ids=["quote", "byte", "short"],
)
def test_the_line_that_is_named_is_the_line_of_the_file(
    line: str, code: str, above: int, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_data, "CHUNK", 1000)
    head, row = ("对象,指标,实际值", "甲{},甲,90%") if code == "D210" else ("对象,甲（%）,乙,丙", "甲{},90,5万元,健全")
    text = "\n".join([head, *(row.format(i) for i in range(above)), line, ""])
    Path("表.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    said = batch("表.csv").output
    said = said[said.index(code) :]
    number = above + 2
    assert f"第{number}行" in said.splitlines()[0]
    assert f"--> 表.csv:{number}:" in said


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n \n", "\ufeff" + " \r\n" * 5000])
def test_a_table_with_nothing_in_it_is_called_empty(text: str, desk: Path) -> None:
    Path("表.csv").write_text(text, encoding="utf-8")
    done = batch("表.csv")
    assert (done.exit_code, "[D201]" in done.output) == (1, True)


# ---- rows in = scored + rejected


@pytest.mark.parametrize("word", ["合计", "平 均", "小 计", "Total"])
def test_a_line_of_totals_is_scored_and_spoken_of(word: str, desk: Path) -> None:
    Path("表.csv").write_text(WIDE + f"{word},67,11万元,健全\n", encoding="utf-8")
    done = batch("表.csv")
    told = "[B103] 第4行" in done.output and "--> 表.csv:4:1" in done.output
    assert told == (word != "平 均")
    assert len(written("得分.csv")) == 3


def test_a_line_of_a_long_table_that_says_nothing_is_not_lost(desk: Path) -> None:
    Path("表.csv").write_text("对象,指标,实际值\n一,甲,90%\n二,,\n,,\n合计,,\n", encoding="utf-8")
    assert batch("表.csv").exit_code == 1
    assert [x["对象"] for x in written("得分.csv")] == ["一"]
    refused = [(x["行"], x["对象"], x["代码"]) for x in written("得分.rejects.csv")]
    assert refused == [("3", "二", "D213"), ("5", "合计", "D213")]


def test_a_pattern_that_fits_more_than_tables_says_which(desk: Path) -> None:
    Path("数据").mkdir()
    Path("数据/a.csv").write_text(WIDE, encoding="utf-8")
    Path("数据/~$a.csv").write_text("锁", encoding="utf-8")
    assert batch("数据/*").exit_code == 1 and Path("得分.csv").exists()
    Path("数据/说明.md").write_text("说明", encoding="utf-8")
    done = batch("数据/*", more=("--force",))
    assert (done.exit_code, "不会读“数据/说明.md”这种数据" in done.output) == (2, True)


@pytest.mark.skipif(sys.platform != "linux", reason="names of any length")
def test_a_name_no_disk_takes_is_refused_in_chinese(desk: Path) -> None:
    words = ["batch", "规则.perf", "--actuals", "宽.csv", "-o", "长" * 300 + ".csv"]
    done = subprocess.run(
        [sys.executable, "-m", "perfdsl", *words],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout, "文件名太长" in done.stderr) == (2, "", True), done.stderr


@pytest.mark.parametrize("reason", [errno.EACCES, errno.EIO, errno.ENAMETOOLONG, errno.ELOOP])
def test_a_file_that_a_system_keeps_closed_is_named_with_its_reason(
    reason: int, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> NoReturn:
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(batch_data, "open", closed, raising=False)
    done = batch("宽.csv")
    assert done.exit_code == 2
    assert "读不了“宽.csv”：" in done.output and latin(done.output) == []
    assert not Path("得分.parts").exists()


def test_a_disk_that_is_full_from_the_beginning_is_left_as_it_was(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> NoReturn:
        raise Unreadable("写不了“得分.parts/manifest.json”：磁盘满了")

    monkeypatch.setattr(batch_parts, "replace", full)
    done = batch("宽.csv")
    assert (done.exit_code, "磁盘满了" in done.output) == (2, True)
    assert {x.name for x in Path().iterdir()} == {"规则.perf", "宽.csv"}


CELL = st.sampled_from(
    (
        "",
        "一",
        "二",
        "合计",
        " ",
        "甲",
        "乙",
        "丁",
        "90%",
        "5万元",
        "很多",
        "#N/A",
        "全年",
        "半年",
        "第九季度",
        '"',
        "x,y",
        "对象",
        "指标",
    )
)


@settings(max_examples=examples(60))
@given(st.booleans(), st.lists(st.lists(CELL, max_size=5), max_size=12), st.sampled_from((1, 3, 100)))
def test_every_line_is_scored_or_listed(long: bool, lines: list[list[str]], part: int) -> None:
    """But for blank ones, the header once more, and those of another period, which are counted."""
    head = ["对象", "指标", "实际值", "期间"] if long else ["对象", "甲（%）", "乙", "丙"]
    with runner() as folder:
        table = folder / "表.csv"
        with open(table, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *lines])
        words = ["batch", "规则.perf", "--actuals", str(table), "-o", str(folder / "得分.csv"), "--part", str(part)]
        done = CliRunner().invoke(perfdsl, [*words, "--format", "json"], catch_exceptions=False)
        assert done.exit_code in (0, 1), done.output
        told = json.loads(done.stdout)
        scores = written(str(folder / "得分.csv"))
        listed = folder / "得分.rejects.csv"
        refused = {int(x["行"]) for x in written(str(listed))} if listed.exists() else set()
    named = [x["对象"] for x in scores]
    told_of = {x.strip() for x in named}
    aside = 0
    for number, line in enumerate(lines, 2):
        cells = [x.strip() for x in (*line, "", "", "", "")]
        if not any(cells) or cells[:4] == head:
            continue
        if long and cells[3] == "半年" and not any(cells[4:]):
            aside += 1
        elif number not in refused:
            assert cells[0] in told_of, (number, line)
    assert told["other_periods"] == aside
    if not long:
        rows = [i for i, x in enumerate(lines, 2) if any(y.strip() for y in x) and [y.strip() for y in x] != head]
        over = {i for i in rows if any(x.strip() for x in lines[i - 2][4:])}
        assert len(named) == len([i for i in rows if i not in over and lines[i - 2][0].strip() not in ("", "#N/A")])
