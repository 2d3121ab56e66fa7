"""The pages say what is true: their programs compile and pass their own tests, their transcripts are what is printed.

How a page is followed is told in ``tests/pages.py``.  ``pytest --update`` rewrites the transcripts.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pages import DOCS, PAGES, ROOT, TOP, TUTORIAL, Fence, fences, follow, furnish, of_kind, record, surroundings

from perfdsl import __version__
from perfdsl.cli.files import Library
from perfdsl.diagnostics import has_errors
from perfdsl.keywords import FORMULA_WORDS, FUNCTIONS, SETTINGS, WORDS
from perfdsl.pipeline import check
from perfdsl.tables import Names, read_table
from perfdsl.text import Source

LANGUAGE = DOCS / "language.md"


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def each(kind: str) -> list[object]:
    found = [(page, fence) for page in PAGES for fence in of_kind(page, kind)]
    return [pytest.param(page, fence, id=f"{name_of(page)}:{fence.line}") for page, fence in found]


def run(command: str, folder: Path) -> str:
    """What a command prints, in a shell where ``perfdsl`` is this copy."""
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=surroundings(folder), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, check=False)  # fmt: skip
    return done.stdout.decode().rstrip("\n")


@pytest.mark.parametrize(("page", "fence"), each("perf"))
def test_program_on_a_page_compiles(page: Path, fence: Fence) -> None:
    checked = check(Source(f"{page.name}:{fence.line}", fence.body), Library([str(ROOT)]))
    found = [f"{page.name}:{fence.line + d.span.line - 1} {d.code} {d.message()}" for d in checked.found]
    errors = [text for text, d in zip(found, checked.found, strict=True) if d.severity == "error"]
    assert errors == []


def holding_tests(page: Path) -> list[Fence]:
    """The programs of a page that hold tests."""
    return [fence for fence in of_kind(page, "perf") if re.search(r"^\s*(test|测试)\s+[\"“]", fence.body, re.M)]


@pytest.mark.parametrize("page", [page for page in PAGES if holding_tests(page)], ids=name_of)
def test_tests_written_on_a_page_pass(page: Path, tmp_path: Path) -> None:
    for fence in holding_tests(page):
        (tmp_path / f"line-{fence.line}.perf").write_text(fence.body, encoding="utf-8")
    printed = run("perfdsl test . ; echo exit $?", tmp_path)
    assert printed.endswith("\nexit 0"), printed


# The tutorial begins in an empty folder; tests/test_tutorial.py follows it.
FOLLOWED = [page for page in PAGES if page != TUTORIAL and (of_kind(page, "console") or of_kind(page, "yaml"))]


@pytest.mark.skipif(shutil.which("bash") is None, reason="transcripts need bash")
@pytest.mark.parametrize("page", FOLLOWED, ids=name_of)
def test_a_page_followed_from_top_to_bottom_prints_what_it_says(page: Path, tmp_path: Path, update: bool) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    steps = list(follow(page, furnish(folder), surroundings(folder), once=False))
    assert not any("Traceback" in step.made for step in steps), "\n\n".join(step.made for step in steps)
    if update:
        record(page, steps)
        return
    assert "\n\n".join(step.made for step in steps) == "\n\n".join(step.fence.body for step in steps)


# What is done with a block of each kind; "named" blocks are files that the transcripts of the page use.
RUN = {"perf", "console", "csv", "json", "yaml"}
NAMED = {"perf", "perf-fragment", "csv", "xlsx", "json", "diff", "python", "sql", "text", "toml"}
SHOWN = {"perf-fragment", "text", "ebnf"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_of_a_page_is_run_or_says_that_it_is_not(page: Path) -> None:
    allowed = RUN | SHOWN | ({""} if page.name in TOP else set())
    strange = [f"{page.name}:{f.line} {f.kind} {f.name}" for f in fences(page.read_text(encoding="utf-8"))
               if f.kind not in (NAMED if f.name else allowed)]  # fmt: skip
    assert strange == []


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(f.name for f in fences(page.read_text("utf-8")))], ids=name_of
)
def test_every_file_of_a_page_is_used_by_its_transcripts(page: Path) -> None:
    found = fences(page.read_text(encoding="utf-8"))
    printed = "\n".join(f.body for f in found if f.kind in ("console", "yaml"))
    others = "\n".join(f.body for f in found if f.kind in ("perf", "python"))
    whole = any(word in printed for word in (" .\n", " . ", "test .", "check ."))
    assert [f.name for f in found if f.name and f.name not in printed + others and not whole] == []


@pytest.mark.parametrize(("page", "fence"), [x for x in each("csv") if not x.values[1].name])  # type: ignore[attr-defined]
def test_table_on_a_page_is_read(page: Path, fence: Fence) -> None:
    header = fence.body.split("\n")[0]
    rows = frozenset() if header.startswith("指标") else frozenset(re.split(r"[,.（）]", header))
    table, found = read_table("完成值.csv", (fence.body + "\n").encode(), Names(rows, frozenset()))
    assert not has_errors(found), [d.message() for d in found]
    assert table.rows


@pytest.mark.parametrize(("page", "fence"), each("json"))
def test_json_on_a_page_is_json(page: Path, fence: Fence) -> None:
    assert json.loads(fence.body)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
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
