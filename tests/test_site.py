"""The site builds without a warning, every link and anchor leads somewhere, every page is in the menu and can be found."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(
    find_spec("zensical") is None, reason="zensical is not installed (pip install --group docs)"
)


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
    assert done.returncode == 0 and "Warning" not in printed and "issue" not in printed, printed
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
