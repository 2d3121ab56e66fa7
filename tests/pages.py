"""Pages followed from top to bottom: a block with a file name writes that file, a transcript is typed into one shell.

A fence ``perf`` is a whole file, ``perf-fragment`` is only shown.  A name after the kind (``perf 规则.perf``, ``csv 完成值.csv``,
``xlsx 完成值.xlsx``) writes the block into the folder the shell is in at that moment; ``diff 规则.perf`` changes lines of a file.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import xlsxwriter

from perfdsl.lalr import cache_dir

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
TOP = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
TUTORIAL = DOCS / "tutorial.md"
# The pages of diagnostics have a form of their own, which tests/test_diagnostics.py runs.
PAGES = [path for path in (*(ROOT / name for name in TOP), *sorted(DOCS.rglob("*.md")))
         if path.is_file() and path.parent.name != "diagnostics"]  # fmt: skip
# What these print depends on the machine; they are run where a test is about them.
ONCE = ("pip ", "make ", "git ", "source ", "python3 -m venv ")


class Fence(NamedTuple):
    """One fenced block: what stands after the fence, its lines, and the number of its first line."""

    kind: str
    name: str
    body: str
    line: int


class Step(NamedTuple):
    """A transcript of a page, and the same with what its commands print now."""

    fence: Fence
    made: str


def fences(text: str) -> list[Fence]:
    """All fenced blocks of a page."""
    found: list[Fence] = []
    inside: list[str] | None = None
    kind, name, start = "", "", 0
    for number, line in enumerate(text.split("\n"), 1):
        mark = re.fullmatch(r"```([\w-]*)(?: (\S+))?", line)
        if inside is None and mark:
            kind, name, inside, start = mark[1], mark[2] or "", [], number + 1
        elif inside is not None and line == "```":
            found.append(Fence(kind, name, "\n".join(inside), start))
            inside = None
        elif inside is not None:
            inside.append(line)
    assert inside is None, f"the block at line {start} is not closed"
    return found


def of_kind(page: Path, kind: str) -> list[Fence]:
    """The blocks of one kind."""
    return [fence for fence in fences(page.read_text(encoding="utf-8")) if fence.kind == kind]


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a page: ``perfdsl`` is this copy, nothing else of the desk it runs on is seen."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PERFDSL_")}
    kept = folder.parent / "perfdsl-cache"
    kept.mkdir(exist_ok=True)
    for tables in cache_dir().glob("*.tables"):  # of the parser: everybody has them after the first command
        shutil.copy(tables, kept)
    return env | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{env.get('PATH', '')}", "COLUMNS": "100", "NO_COLOR": "1",
                  "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "PERFDSL_CACHE": str(kept)}  # fmt: skip


class Shell:
    """One shell that stays open: where a command went, the next one is."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(["bash", "--norc", "--noprofile"], cwd=folder, env=dict(env), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip

    def __enter__(self) -> "Shell":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=10)

    def run(self, command: str, seconds: int = 300) -> str:
        """What a command prints, on either stream."""
        assert self.process.stdin is not None and self.process.stdout is not None
        mark = "=== that was all ==="
        self.process.stdin.write(f"{{ {command}\n}} </dev/null\nprintf '\\n%s\\n' '{mark}'\n".encode())
        self.process.stdin.flush()
        alarm = threading.Timer(seconds, self.process.kill)
        alarm.start()
        lines: list[str] = []
        for line in iter(self.process.stdout.readline, b""):
            if line == f"{mark}\n".encode():
                break
            lines.append(line.decode())
        else:
            raise AssertionError(f"the shell ended in {command!r}: {''.join(lines)}")
        alarm.cancel()
        return "".join(lines).rstrip("\n")


def follow(page: Path, folder: Path, env: Mapping[str, str], *, once: bool) -> Iterator[Step]:
    """The page done step by step in ``folder``; with ``once`` also what is done once on a machine."""
    with Shell(folder, env) as shell:
        for fence in fences(page.read_text(encoding="utf-8")):
            if fence.name:
                put(Path(shell.run("pwd")) / fence.name, fence)
            elif fence.kind == "console":
                yield Step(fence, typed(fence.body, shell, once=once))
            elif fence.kind == "yaml":
                for command in re.findall(r"^ *(?:- )?run: (perfdsl .*)$", fence.body, re.M):
                    status = shell.run(f"{command} >/dev/null 2>&1; echo $?")
                    assert status == "0", f"{page.name}:{fence.line} {command}"


def typed(body: str, shell: Shell, *, once: bool) -> str:
    """A transcript with what its commands print now; what is not run keeps what is written."""
    made: list[str] = []
    live = False
    lines = body.split("\n")
    while lines:
        line = lines.pop(0)
        if line.startswith("$ "):
            command = [line]
            while command[-1].endswith("\\") and lines:
                command.append(lines.pop(0))
            made.extend(command)
            text = "\n".join(command)[2:]
            live = not text.startswith(ONCE)
            if live and (printed := shell.run(text)):
                made.extend(x.rstrip() for x in printed.split("\n"))
            elif not live and once:
                assert shell.run(f"{text} >install.log 2>&1; echo $?") == "0", shell.run("tail -40 install.log")
        elif not live:
            made.append(line)
    return "\n".join(made)


def put(path: Path, fence: Fence) -> None:
    """Write a named block; a ``diff`` changes the file instead."""
    match fence.kind:
        case "diff":
            path.write_text(changed(path.read_text(encoding="utf-8"), fence), encoding="utf-8")
        case "xlsx":
            path.write_bytes(workbook(fence.body))
        case _:
            path.write_text(fence.body + "\n", encoding="utf-8")


def changed(text: str, fence: Fence) -> str:
    """``text`` with the lines marked ``-`` (and the unmarked ones around) replaced by those marked ``+``."""
    lines = fence.body.split("\n")
    old = "\n".join(line[1:] for line in lines if line[:1] != "+")
    new = "\n".join(line[1:] for line in lines if line[:1] != "-")
    assert f"\n{text}".count(f"\n{old}\n") == 1, f"line {fence.line}: this is not in {fence.name} exactly once:\n{old}"
    return f"\n{text}".replace(f"\n{old}\n", f"\n{new}\n")[1:]


def workbook(text: str) -> bytes:
    """A workbook, the same bytes every time: ``[表名]`` heads its rows; numbers are numbers, ``95.5%`` is one in percent format."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": datetime(2024, 12, 31)})
    percent_format = book.add_format({"num_format": "0.00%"})
    for title, body in re.findall(r"^\[(.+?)\]\n((?:(?!\[).*(?:\n|$))*)", text, re.M):
        sheet = book.add_worksheet(title)
        for row, line in enumerate(body.rstrip("\n").split("\n")):
            for column, words in enumerate(line.split(",")):
                if percent := re.fullmatch(r"(\d+(?:\.\d+)?)%", words):
                    sheet.write_number(row, column, float(percent[1]) / 100, percent_format)
                elif re.fullmatch(r"\d+(?:\.\d+)?", words):
                    sheet.write_number(row, column, float(words))
                elif words:
                    sheet.write_string(row, column, words)
    book.close()
    return stream.getvalue()


def furnish(folder: Path) -> Path:
    """A folder with copies of the examples and the rulesets."""
    for name in ("examples", "rulesets"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def record(page: Path, steps: list[Step]) -> None:
    """Write what is printed now into the page."""
    lines = page.read_text(encoding="utf-8").split("\n")
    for fence, made in reversed(steps):
        lines[fence.line - 1 : fence.line - 1 + len(fence.body.split("\n"))] = made.split("\n")
    page.write_text("\n".join(lines), encoding="utf-8")
