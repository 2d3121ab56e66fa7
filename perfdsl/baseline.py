"""Findings known already: each by its code, file, row and words, so that it is known again when lines move."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from perfdsl import syntax as s
from perfdsl.diagnostics import Diagnostic
from perfdsl.parse import parse
from perfdsl.text import Source

FORMAT, VERSION = "perfdsl-baseline", 1


class Known(NamedTuple):
    """One finding without its place: ``path`` are the object and the rows it stands in."""

    code: str
    file: str
    path: str
    words: str


class BadBaseline(ValueError):
    """A text that is no list of known findings."""


class Compared(NamedTuple):
    """What is new, what is known, and what is known but gone."""

    new: list[Diagnostic]
    hidden: list[Diagnostic]
    gone: list[Known]


def known(found: Iterable[Diagnostic], names: dict[str, str]) -> list[Known]:
    """The fingerprint of each finding; ``names`` are the files of the run by what they are called in the list."""
    outlines: dict[int, _Outline] = {}
    made = []
    for diagnostic in found:
        source = diagnostic.span.source
        if id(source) not in outlines:
            outlines[id(source)] = _Outline(source)
        path = outlines[id(source)].path(diagnostic.span.start)
        made.append(Known(diagnostic.code, names.get(source.name, source.name), path, diagnostic.message()))
    return made


def compare(found: Sequence[Diagnostic], before: Sequence[Known], names: dict[str, str]) -> Compared:
    """Each known finding hides one that is the same; what is accepted is not hidden, because it does not count anyway."""
    left = Counter(before)
    new: list[Diagnostic] = []
    hidden: list[Diagnostic] = []
    for diagnostic, own in zip(found, known(found, names), strict=True):
        if not diagnostic.accepted and left[own] > 0:
            left[own] -= 1
            hidden.append(diagnostic)
        else:
            new.append(diagnostic)
    looked_at = set(names.values())
    gone = [own for own, count in left.items() if own.file in looked_at for _ in range(count)]
    return Compared(new, hidden, gone)


def dumps(found: Iterable[Known]) -> str:
    """The list as JSON, in order."""
    data = {"format": FORMAT, "version": VERSION, "known": [own._asdict() for own in sorted(found)]}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def loads(text: str) -> list[Known]:
    """The list that ``dumps`` wrote, or ``BadBaseline``."""
    try:
        data = json.loads(text)
        if data["format"] != FORMAT or data["version"] != VERSION:
            raise BadBaseline(f"{data['format']} {data['version']}")
        made = [Known(**entry) for entry in data["known"]]
    except (json.JSONDecodeError, KeyError, TypeError, RecursionError) as wrong:
        raise BadBaseline(str(wrong)) from None
    if not all(isinstance(part, str) for own in made for part in own):
        raise BadBaseline("not a text")
    return made


class _Outline:
    """Which object and rows each place of a text stands in."""

    def __init__(self, source: Source) -> None:
        self.items = parse(source)[0].items if source.name.endswith(".perf") or "{" in source.text else ()

    def path(self, at: int) -> str:
        """The names from the outside in, joined by ``/``."""
        names: list[str] = []
        items: Iterable[object] = self.items
        while True:
            inside = next(
                (item for item in items if isinstance(item, NAMED) and item.span.start <= at < item.span.end), None
            )
            if inside is None:
                return "/".join(names)
            names.append(inside.title if isinstance(inside, s.Test) else inside.name.text)
            items = (inside.children or ()) if isinstance(inside, s.Node) else inside.items


NAMED = (s.Object, s.Ruleset, s.Test, s.Node)
