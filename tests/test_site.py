"""The site builds without a warning, every link and anchor leads somewhere, every page is in the menu and can be found."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lark import Lark

from perfdsl.keywords import SPELLINGS
from sitegen.notation import rules, symbols

pytest.importorskip("zensical", reason="the group docs is not installed")
pytest.importorskip("railroad", reason="the group docs is not installed")

from markdown import Markdown

from sitegen.__main__ import stale
from sitegen.fences import Named
from sitegen.grammar import GRAMMARS, SIGNS, TOKENS, keywords
from sitegen.lexer import PerfLexer

ROOT = Path(__file__).resolve().parent.parent


def test_generated_pages_are_fresh() -> None:
    """``make pages`` (python -m sitegen) writes them."""
    assert stale() == []


def test_the_grammar_page_shows_what_the_parser_reads() -> None:
    """Rule for rule the same symbols as lark sees, without what only recovers from mistakes."""
    for name in GRAMMARS:
        text = (ROOT / "grammar" / f"{name}.lark").read_text(encoding="utf-8")
        seen: dict[str, set[str]] = {}
        for rule in Lark(text, parser="lalr", maybe_placeholders=False).rules:
            if not any(symbol.name.startswith("ERR_") for symbol in rule.expansion):
                seen.setdefault(rule.origin.name, set()).update(symbol.name for symbol in rule.expansion)
        helpers = {rule for rule in seen if rule.startswith("__")}
        whole = {rule: _spelled_out(rule, seen, helpers) - {rule} for rule in set(seen) - helpers}
        shown = {rule.name: symbols(rule.form) - {rule.name} for rule in rules(text)}
        assert shown == whole


def _spelled_out(rule: str, seen: dict[str, set[str]], helpers: set[str]) -> set[str]:
    """What a rule mentions, directly or through the rules lark makes of ``*`` and ``+``."""
    found: set[str] = set()
    waiting = [rule]
    done: set[str] = set()
    while waiting:
        current = waiting.pop()
        done.add(current)
        for name in seen[current]:
            if name in helpers:
                waiting.extend({name} - done)
            else:
                found.add(name)
    return found


def test_every_token_of_the_grammar_page_is_explained() -> None:
    words = set(keywords()) | set(SIGNS)
    for name in GRAMMARS:
        found = rules((ROOT / "grammar" / f"{name}.lark").read_text(encoding="utf-8"))
        used = {x for rule in found for x in symbols(rule.form) if x.isupper()}
        assert used - set(TOKENS[name]) <= (words if name == "perf" else set())


def test_the_figure_of_the_stages_is_the_same_in_english() -> None:
    figure = re.search(r"```\n(.*?)\n```", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), re.S)
    assert figure is not None
    assert figure[1] in (ROOT / "docs" / "en" / "architecture.md").read_text(encoding="utf-8")


class Page(HTMLParser):
    """What a built page has and where it leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.anchors.update(given[key] for key in ("id", "name") if key in given)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag in ("script", "img", "iframe", "source") and "src" in given:
            self.loads.append(given["src"])
        elif tag == "link" and given.get("rel") not in ("canonical", "prev", "next", "alternate"):
            self.loads.append(given["href"])


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the site is made of, built."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("docs", "sitegen", "perfdsl"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "zensical.toml", folder)
    done = subprocess.run([sys.executable, "-m", "zensical", "build", "--clean"], cwd=folder, capture_output=True, text=True,
                          check=False, timeout=300)  # fmt: skip
    printed = done.stdout + done.stderr
    assert done.returncode == 0 and "No issues found" in printed, printed
    return folder


@pytest.fixture(scope="module")
def pages(project: Path) -> dict[Path, Page]:
    """Every built page."""
    return {path: Page(path.read_text(encoding="utf-8")) for path in sorted((project / "site").rglob("*.html"))}


def test_every_page_is_built(project: Path, pages: dict[Path, Page]) -> None:
    written = {path.relative_to(project / "docs").with_suffix("") for path in (project / "docs").rglob("*.md")}
    built = {path.relative_to(project / "site").with_suffix("") for path in pages} - {Path("404")}
    assert built == written


def broken(page: Path, pages: dict[Path, Page]) -> Iterator[str]:
    for link in pages[page].links:
        parts = urlsplit(link)
        if parts.scheme:
            continue
        path = page if not parts.path else (page.parent / unquote(parts.path)).resolve()
        path = path / "index.html" if path.is_dir() else path
        if (
            not path.is_file()
            or parts.fragment
            and path.suffix == ".html"
            and unquote(parts.fragment) not in pages[path].anchors
        ):
            yield link


def test_every_link_and_anchor_leads_somewhere(pages: dict[Path, Page]) -> None:
    found = {f"{page.name}: {link}" for page in pages if page.name != "404.html" for link in broken(page, pages)}
    assert found == set()


def test_nothing_is_fetched_from_outside(project: Path, pages: dict[Path, Page]) -> None:
    loaded = {load for page in pages.values() for load in page.loads if urlsplit(load).scheme not in ("", "data")}
    styles = [path.read_text(encoding="utf-8") for path in (project / "site").rglob("*.css")]
    assert loaded | {url for text in styles for url in re.findall(r"url\(['\"]?(https?:[^)]*)", text)} == set()


def in_menu(part: object) -> Iterator[str]:
    match part:
        case str():
            yield part
        case dict():
            for inner in part.values():
                yield from in_menu(inner)
        case list():
            for inner in part:
                yield from in_menu(inner)


def test_every_page_is_in_the_menu_once() -> None:
    menu = list(in_menu(tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]["nav"]))
    assert sorted(menu) == sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))


def test_search_finds_a_word_in_the_middle_of_a_word(project: Path) -> None:
    index = json.loads((project / "site" / "search.json").read_text(encoding="utf-8"))
    assert index["config"]["lang"] == ["zh"]
    text = "\n".join(item["text"] for item in index["items"])
    assert re.search(r"[一-龥]执行率", text)
    # A title is searched first; no page may be without one.
    assert all(item["title"] for item in index["items"])


def test_every_block_is_shown_as_a_block(project: Path) -> None:
    """A fence the site does not understand would be a paragraph of backquotes."""
    for path in (project / "site").rglob("*.html"):
        assert not re.search(r"<p>\s*```", path.read_text(encoding="utf-8")), path.name


def test_a_program_is_in_colour_under_its_file_name(project: Path) -> None:
    page = (project / "site" / "tutorial.html").read_text(encoding="utf-8")
    assert '<span class="filename">规则.perf</span>' in page
    assert '<span class="k">points</span>' in page


def test_colours_lose_no_character() -> None:
    for page in sorted((ROOT / "examples").rglob("*.perf")):
        text = page.read_text(encoding="utf-8")
        tokens = [(str(kind), word) for kind, word in PerfLexer(stripnl=False, ensurenl=False).get_tokens(text)]
        assert "".join(word for _, word in tokens) == text.replace("\r\n", "\n")
        assert not any(kind == "Token.Error" for kind, _ in tokens)
        assert {word for kind, word in tokens if kind == "Token.Keyword"} <= set(SPELLINGS)


def test_lines_of_a_chinese_sentence_are_joined_outside_of_blocks() -> None:
    lines = [
        "# 标题",
        "第一句。",
        "第二句，",
        "`码` 后面",
        "- 甲",
        "- 乙",
        "  续。",
        "```perf 规则.perf",
        "甲。",
        "乙",
        "```",
        "end",
        "of",
    ]
    assert Named(Markdown()).run(lines) == [
        "# 标题", "第一句。第二句，`码` 后面", "- 甲", "- 乙续。", '```perf title="规则.perf"', "甲。", "乙", "```", "end", "of",
    ]  # fmt: skip
