"""A reader of the HTML report for tests: strict about nesting, it gives elements, their text, and the rows of the score sheet."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"meta", "col", "br", "hr", "img", "input", "link"}


class Element:
    """An element: its tag, its attributes, and what is in it."""

    def __init__(self, tag: str, attrs: dict[str, str]) -> None:
        self.tag, self.attrs = tag, attrs
        self.inside: list[Element | str] = []

    @property
    def classes(self) -> set[str]:
        return set(self.attrs.get("class", "").split())

    @property
    def text(self) -> str:
        """All words in it, white space folded; words only for readers of the screen left out."""
        return re.sub(r"\s+", " ", "".join(self._words())).strip()

    def _words(self) -> Iterator[str]:
        for part in self.inside:
            if isinstance(part, str):
                yield part
            elif "vh" not in part.classes:
                yield from part._words()

    def all(self, tag: str = "", cls: str = "") -> list["Element"]:
        """Elements inside, at any depth, in order."""
        return [e for e in self.walk() if (not tag or e.tag == tag) and (not cls or cls in e.classes)]

    def one(self, tag: str = "", cls: str = "") -> "Element":
        return self.all(tag, cls)[0]

    def walk(self) -> Iterator["Element"]:
        for part in self.inside:
            if isinstance(part, Element):
                yield part
                yield from part.walk()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.stack = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].inside.append(made)
        if tag not in VOID:
            self.stack.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.stack[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack[-1].tag == tag, f"</{tag}> inside <{self.stack[-1].tag}>"
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        self.stack[-1].inside.append(data)


def read(data: bytes) -> Element:
    """The page, every element closed where it must be."""
    reader = _Reader()
    reader.feed(data.decode("utf-8"))
    reader.close()
    assert reader.stack == [reader.root]
    return reader.root


class Row(NamedTuple):
    """A line of the score sheet: the names above it and its own, its cells, and the facts behind its score."""

    path: tuple[str, ...]
    cells: dict[str, str]
    reason: str
    facts: dict[str, str]


def sheet(table: Element) -> tuple[list[Row], list[tuple[str, ...]]]:
    """The rows of an official table, and the paths of the empty groups; merged cells must fill it without gap or overlap."""
    width = len(table.one("thead").all("th"))
    rows, empty = [], []
    running: dict[int, tuple[str, int]] = {}  # column of names -> (name, lines left)
    for line in table.all("tbody") and [tr for body in table.all("tbody") for tr in body.all("tr")]:
        cells = [e for e in line.inside if isinstance(e, Element)]
        names = [e for e in cells if e.tag == "th"]
        column = 0
        path: list[str] = []
        taken = 0
        for cell in names:
            while column in running and running[column][1]:
                path.append(running[column][0])
                column += 1
            words = _name(cell)
            path.append(words)
            if "g" in cell.classes:
                running[column] = (words, int(cell.attrs["rowspan"]))
                column += 1
            else:
                taken = int(cell.attrs.get("colspan", "1"))
        assert column + taken + sum(int(e.attrs.get("colspan", "1")) for e in cells if e.tag == "td") == width
        running = {k: (name, left - 1) for k, (name, left) in running.items() if left > 1}
        if any("e" in e.classes for e in cells):
            empty.append(tuple(path))
            continue
        rows.append(_row(tuple(path), line))
    assert not running
    return rows, empty


def _name(cell: Element) -> str:
    return re.sub(r"\s+", " ", "".join(part for part in cell.inside if isinstance(part, str))).strip()


def _row(path: tuple[str, ...], line: Element) -> Row:
    cells = {cls: line.one("td", cls).text for cls in "ta"}
    for cls in "pm":
        found = line.all("td", cls)
        cells[cls] = (found[0].all("summary") or found)[0].text if found else ""
    score = line.all("td", "s")
    cells["s"] = score[0].one("summary").text if score else ""
    why = line.one("div", "why")
    facts = {e.one("dt").text: e.one("dd").text for e in why.one("dl").all("div")}
    return Row(path, cells, why.all("p")[1].text, facts)
