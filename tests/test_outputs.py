"""Results are written whole or not at all, all of a run or none, and never over what should stay."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from perfdsl.cli import writing
from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import perfdsl

TOP = Path(__file__).parent.parent
RULES = 'use 财预2020_10号\nproject "甲" { 次数 full "≥4次" points 100 by 比例得分 }\n'
TABLE = "三级指标\t指标值\t分值\n次数\t≥4次\t100\n"
WRITERS = {
    "export.xlsx": ("export", "规则.perf", "-o", "结果.xlsx"), "export.docx": ("export", "规则.perf", "-o", "结果.docx"),
    "export.md": ("export", "规则.perf", "-o", "结果.md"), "export.html": ("export", "规则.perf", "-o", "结果.html"),
    "score.json": ("score", "规则.perf", "--actuals", "数.csv", "-o", "结果.json"),
    "score.xlsx": ("score", "规则.perf", "--actuals", "数.csv", "-o", "结果.xlsx"),
    "score.html": ("score", "规则.perf", "--actuals", "数.csv", "-o", "结果.html"),
    "report.html": ("report", "规则.perf", "--actuals", "数.csv", "-o", "结果.html"),
    "report.docx": ("report", "规则.perf", "--actuals", "数.csv", "-o", "结果.docx"),
    "monitor.txt": ("monitor", "规则.perf", "--actuals", "数.csv", "--period", "full", "-o", "结果.txt"),
    "template.xlsx": ("template", "规则.perf", "-o", "结果.xlsx"),
    "collect.csv": ("collect", "收", "-o", "结果.csv"), "collect.xlsx": ("collect", "收", "-o", "结果.xlsx"),
}  # fmt: skip
NAMES = sorted(WRITERS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "规则.perf").write_text(RULES, encoding="utf-8")
    (tmp_path / "数.csv").write_text("指标,实际值,对象\n次数,4次,甲\n", encoding="utf-8")
    (tmp_path / "表.txt").write_text(TABLE, encoding="utf-8")
    (tmp_path / "收").mkdir()
    sheet = tmp_path / "收" / "甲.xlsx"
    assert run("template", "规则.perf", "-o", str(sheet), "--object", "甲").exit_code == 0
    import openpyxl

    book = openpyxl.load_workbook(sheet)
    columns = {cell.value: cell.column for cell in book["填报"][3]}
    book["填报"].cell(4, columns["实际值"]).value = 4
    book.save(sheet)
    yield tmp_path
    assert [path.name for path in tmp_path.rglob(".perfdsl-*")] == []


def run(*words: str) -> Result:
    made = CliRunner().invoke(perfdsl, [*words], standalone_mode=True)
    assert made.exception is None or isinstance(made.exception, SystemExit), made.exception
    return made


def to(words: tuple[str, ...], target: str) -> list[str]:
    return [target if word.startswith("结果") else word for word in words]


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_there_stays_unless_it_may_go(folder: Path, name: str) -> None:
    words = WRITERS[name]
    target = folder / words[-1]
    target.write_text("旧")
    target.chmod(0o640)
    made = run(*words)
    assert made.exit_code == 2 and "--force" in made.output and target.read_text() == "旧"
    made = run(*words, "--force")
    assert made.exit_code == 0, made.output
    assert target.read_bytes() != "旧".encode() and stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.parametrize("name", NAMES)
def test_a_new_file_has_the_permissions_of_any_new_file(folder: Path, name: str) -> None:
    words = WRITERS[name]
    old = os.umask(0o027)
    try:
        assert run(*words).exit_code == 0
    finally:
        os.umask(old)
    assert stat.S_IMODE((folder / words[-1]).stat().st_mode) == 0o640


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", ["the same", "by a dot", "a link", "a second name", "through a folder"])
def test_an_input_is_never_written_over(folder: Path, name: str, way: str) -> None:
    words = WRITERS[name]
    suffix = Path(words[-1]).suffix
    kind = next(word for word in ("规则.perf", "收") if word in words)
    given = folder / ("收/甲.xlsx" if kind == "收" else "规则.perf")
    before = given.read_bytes()
    target = folder / f"别名{suffix}"
    if way == "a link":
        target.symlink_to(given)
    elif way == "a second name":
        target.hardlink_to(given)
    elif way == "through a folder":
        (folder / "夹").symlink_to(folder)
        target.symlink_to(folder / "夹" / given.relative_to(folder))
    else:
        target = Path(f"./收/../{given.relative_to(folder)}" if way == "by a dot" else given.relative_to(folder))
    made = run(*to(words, str(target)), "--force")
    assert made.exit_code == 2 and given.read_bytes() == before, made.output


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("target", ["没有/结果", "数.csv/结果", "夹", "-"])
def test_where_nothing_can_be_written_nothing_is(folder: Path, name: str, target: str) -> None:
    words = WRITERS[name]
    (folder / f"夹{Path(words[-1]).suffix}").mkdir()
    before = names(folder)
    made = run(*to(words, target if target == "-" else target + Path(words[-1]).suffix))
    if name.startswith("template") and target == "夹":  # a folder is what template may be given
        assert made.exit_code == 0
        return
    assert made.exit_code == 2 and len(made.output.strip().splitlines()) <= 2, made.output
    assert names(folder) == before


@pytest.mark.parametrize("command", ["score", "report", "export"])
@pytest.mark.parametrize("bad", ["没有/二", "夹", "一"])
def test_of_several_results_all_are_written_or_none(folder: Path, command: str, bad: str) -> None:
    (folder / "夹.html").mkdir()
    words = [word for word in WRITERS[f"{command}.html"] if word not in ("-o", "结果.html")]
    before = names(folder)
    made = run(*words, "-o", "一.html", "-o", f"{bad}.html")
    assert made.exit_code == 2, made.output
    assert names(folder) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_full_disk_leaves_everything_as_it_was(folder: Path, name: str) -> None:
    """The system lets the process write no file longer than a few bytes, which is how a full disk looks from inside."""
    pytest.importorskip("resource")
    words = WRITERS[name]
    (folder / words[-1]).write_text("旧")
    before = names(folder)
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64));"
        "from perfdsl.cli.main import main; sys.argv[0] = 'perfdsl'; main()"
    )
    made = subprocess.run([sys.executable, "-c", code, *words, "--force"], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(TOP), "PYTHONDONTWRITEBYTECODE": "1"})  # fmt: skip
    assert made.returncode == 2 and "Traceback" not in made.stderr, made.stderr
    assert (folder / words[-1]).read_text() == "旧" and names(folder) == before


def test_an_import_that_cannot_be_finished_leaves_no_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = names(folder)
    moved = []

    def replace(source: str, target: Path) -> None:
        if moved:
            raise OSError(28, "No space left on device")
        moved.append(os.rename(source, target))

    monkeypatch.setattr(writing.os, "replace", replace)
    made = run("import", "表.txt", "-o", "出/里")
    assert made.exit_code == 2 and "磁盘满了" in made.output, made.output
    assert len(moved) == 1 and names(folder) == before


def test_a_device_is_written_to_and_stays_one(folder: Path) -> None:
    (folder / "空.json").symlink_to("/dev/null")
    assert run("score", "规则.perf", "--actuals", "数.csv", "-o", "空.json").exit_code == 0
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode) and (folder / "空.json").is_symlink()


def test_a_link_stays_a_link_and_what_it_leads_to_is_replaced(folder: Path) -> None:
    (folder / "真.json").write_text("旧")
    (folder / "链.json").symlink_to("真.json")
    assert run("score", "规则.perf", "--actuals", "数.csv", "-o", "链.json").exit_code == 2
    assert run("score", "规则.perf", "--actuals", "数.csv", "-o", "链.json", "--force").exit_code == 0
    assert (folder / "链.json").is_symlink() and (folder / "真.json").read_text().startswith("{")


@pytest.mark.skipif(not hasattr(signal, "SIGTERM") or sys.platform == "win32", reason="no signals")
def test_a_run_that_is_told_to_end_leaves_nothing_half_done(folder: Path) -> None:
    """The program is stopped while a result is being written beside its place."""
    code = (
        "import os, sys, time\nfrom perfdsl.cli import writing\nreal = os.replace\n"
        "def replace(*a):\n    print('now', flush=True)\n    time.sleep(60)\n"
        "writing.os.replace = replace\nfrom perfdsl.cli.main import main\nmain()"
    )
    before = names(folder)
    made = subprocess.Popen([sys.executable, "-c", code, *WRITERS["score.json"]], cwd=folder, stdout=subprocess.PIPE,
                            env={**os.environ, "PYTHONPATH": str(TOP)}, text=True)  # fmt: skip
    assert made.stdout is not None and made.stdout.readline() == "now\n"
    time.sleep(0.2)
    assert len(list(folder.glob(".perfdsl-*"))) == 1
    made.send_signal(signal.SIGTERM)
    assert made.wait(30) == 128 + signal.SIGTERM
    made.stdout.close()
    assert names(folder) == before


def test_what_fails_between_two_names_takes_back_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, fresh = tmp_path / "旧", tmp_path / "新"
    kept.write_text("旧")
    real, calls = os.replace, []

    def replace(source: str, target: Path) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise PermissionError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr(writing.os, "replace", replace)
    with pytest.raises(Unreadable):
        writing.write_together({fresh: b"1", kept: b"2"})
    assert names(tmp_path) == ["旧"] and kept.read_text() == "旧"
