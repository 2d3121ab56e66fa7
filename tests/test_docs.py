"""The pages say what is true: their programs compile and pass their own tests, their transcripts are what is printed.

A fence ``perf`` is a whole file and is checked; ``perf-fragment`` is only shown.  A fence with a file name after its kind
(``perf 规则.perf``, ``csv 完成值.csv``) is also written into the folder in which the page's ``console`` fences run, beside
copies of ``examples/`` and ``rulesets/``.  ``pytest --update`` rewrites the transcripts.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from perfdsl import __version__
from perfdsl.cli.files import Library
from perfdsl.keywords import FORMULA_WORDS, FUNCTIONS, SETTINGS, WORDS
from perfdsl.pipeline import check
from perfdsl.text import Source

ROOT = Path(__file__).resolve().parent.parent
TOP = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
PAGES = [path for path in (*(ROOT / name for name in TOP), *sorted((ROOT / "docs").glob("*.md"))) if path.is_file()]
LANGUAGE = ROOT / "docs" / "language.md"


class Fence(NamedTuple):
    """One fenced block: what stands after the fence, its lines, and the number of its first line."""

    kind: str
    name: str
    body: str
    line: int


def fences(text: str) -> list[Fence]:
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
    return [fence for fence in fences(page.read_text(encoding="utf-8")) if fence.kind == kind]


def each(kind: str) -> list[object]:
    found = [(page, fence) for page in PAGES for fence in of_kind(page, kind)]
    return [pytest.param(page, fence, id=f"{page.name}:{fence.line}") for page, fence in found]


def run(command: str, folder: Path) -> str:
    """What a command prints, in a shell where ``perfdsl`` is this copy."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PERFDSL_")}
    env |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{env.get('PATH', '')}", "COLUMNS": "100", "NO_COLOR": "1",
            "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "PERFDSL_CACHE": str(folder.parent / "perfdsl-cache")}  # fmt: skip
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=120, check=False)  # fmt: skip
    return done.stdout.decode().rstrip("\n")


def replayed(body: str, folder: Path) -> str:
    """A transcript with what its ``$ perfdsl`` commands print now; other commands keep what is written."""
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
            live = line.startswith("$ perfdsl")
            if live and (printed := run("\n".join(command)[2:], folder)):
                made.extend(line.rstrip() for line in printed.split("\n"))
        elif not live:
            made.append(line)
    return "\n".join(made)


def workshop(page: Path, folder: Path) -> Path:
    """A folder with the examples, the rulesets and the page's own named blocks."""
    for name in ("examples", "rulesets"):
        shutil.copytree(ROOT / name, folder / name)
    for fence in fences(page.read_text(encoding="utf-8")):
        if fence.name:
            (folder / fence.name).write_text(fence.body + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(("page", "fence"), each("perf"))
def test_program_on_a_page_compiles(page: Path, fence: Fence) -> None:
    checked = check(Source(f"{page.name}:{fence.line}", fence.body), Library([str(ROOT)]))
    found = [f"{page.name}:{fence.line + d.span.line - 1} {d.code} {d.message()}" for d in checked.found]
    errors = [text for text, d in zip(found, checked.found, strict=True) if d.severity == "error"]
    assert errors == []


def holding_tests(page: Path) -> list[Fence]:
    """The programs of a page that hold tests."""
    return [fence for fence in of_kind(page, "perf") if re.search(r"^\s*(test|测试)\s+[\"“]", fence.body, re.M)]


@pytest.mark.parametrize("page", [page for page in PAGES if holding_tests(page)], ids=lambda page: page.name)
def test_tests_written_on_a_page_pass(page: Path, tmp_path: Path) -> None:
    for fence in holding_tests(page):
        (tmp_path / f"line-{fence.line}.perf").write_text(fence.body, encoding="utf-8")
    printed = run("perfdsl test . ; echo exit $?", tmp_path)
    assert printed.endswith("\nexit 0"), printed


@pytest.mark.skipif(shutil.which("bash") is None, reason="transcripts need bash")
@pytest.mark.parametrize(("page", "fence"), each("console"))
def test_transcript_is_what_is_printed(page: Path, fence: Fence, tmp_path: Path, update: bool) -> None:
    made = replayed(fence.body, workshop(page, tmp_path))
    if update and made != fence.body:
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace(f"```console\n{fence.body}\n```", f"```console\n{made}\n```"), encoding="utf-8")
        return
    assert made == fence.body


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?\n```", "", page.read_text(encoding="utf-8"), flags=re.S)
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    gone = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert gone == []


def rows(header: str) -> list[list[str]]:
    """The cells of all tables on the language page whose header begins with ``header``."""
    found: list[list[str]] = []
    inside = False
    for line in LANGUAGE.read_text(encoding="utf-8").split("\n"):
        if not line.startswith("|"):
            inside = False
        elif line.startswith(header):
            inside = True
        elif inside and not line.startswith("|---"):
            found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def test_every_keyword_is_on_the_page_with_its_spellings() -> None:
    written = {(en, zh, others, kept) for en, zh, others, kept, *_ in rows("| 英文 | 中文 | 别名 | 保留 |")}
    known = {(f"`{w.meaning}`", f"`{w.zh}`", " ".join(f"`{a}`" for a in w.aliases), "是" if w.reserved else "")
             for w in WORDS}  # fmt: skip
    assert written == known


@pytest.mark.parametrize(
    ("header", "table"),
    [("| 词 | 中文词 |", FORMULA_WORDS), ("| 函数 | 中文名 |", FUNCTIONS), ("| 设置词 | 中文写法 |", SETTINGS)],
)
def test_every_word_of_formulas_and_settings_is_on_the_page(header: str, table: dict[str, str]) -> None:
    written = {(re.sub(r"\(.*\)", "", en).strip("`"), zh.strip("`")) for en, zh, *_ in rows(header)}
    assert written == set(table.items())


def test_changelog_begins_with_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", text, re.M)
    assert newest is not None
    assert newest[1] == __version__
