"""Reading in a process of its own: libraries that a hostile page or PDF could keep busy for hours are stopped in time.

The other process answers with the parts and the findings, or with why it did not read.
"""

import importlib
import sys
from typing import Any, cast

from attrs import astuple

from perfdsl import apart
from perfdsl.diagnostics import Diagnostic, Kind, stated
from perfdsl.document import Cell, Grid, Line, Part, Place
from perfdsl.documents import _findings
from perfdsl.documents._findings import STOPPED, Unreadable
from perfdsl.text import Source, Span

Read = tuple[tuple[Part, ...], list[Diagnostic]]
KINDS = {kind.code: kind for kind in vars(_findings).values() if isinstance(kind, Kind)}


def read_inside(member: str, name: str, data: bytes) -> Read:
    """What the function ``inside`` of a member makes of the bytes, done elsewhere; raises ``Unreadable``."""
    try:
        said = cast(Any, apart.run(__name__, [member, name], data, apart.SECONDS))
    except apart.Stopped as stopped:
        limits = {"seconds": apart.SECONDS, "megabytes": apart.MEGABYTES}
        raise Unreadable(STOPPED, **limits) from stopped
    if "refused" in said:
        raise Unreadable(KINDS[said["refused"]], **said["facts"])
    place = Span(0, 0, Source(name, ""))
    return tuple(map(_part, said["parts"])), [stated(KINDS[code], place, facts) for code, facts in said["found"]]


def _part(packed: Any) -> Part:
    if packed[0] == "line":
        return Line(packed[1], Place(*packed[2]))
    _, title, cells, rows = packed
    made = [Cell(text, Place(*place), *rest) for text, place, *rest in cells]
    return Grid(tuple(tuple(None if n < 0 else made[n] for n in row) for row in rows), title)


def _packed(part: Part) -> object:
    if isinstance(part, Line):
        return ["line", part.text, part.place]
    numbers: dict[int, int] = {}
    cells: list[object] = []
    for cell in (cell for row in part.rows for cell in row if cell is not None):
        if id(cell) not in numbers:
            numbers[id(cell)] = len(cells)
            cells.append(astuple(cell, recurse=False))
    rows = [[-1 if cell is None else numbers[id(cell)] for cell in row] for row in part.rows]
    return ["grid", part.title, cells, rows]


def _answer() -> None:
    """What the other process does."""
    apart.confine()
    sys.setrecursionlimit(5000)
    member, name = sys.argv[1:]
    try:
        parts, found = importlib.import_module(f"perfdsl.documents.{member}").inside(name, sys.stdin.buffer.read())
    except Unreadable as problem:
        apart.answer({"refused": problem.kind.code, "facts": problem.facts})
        return
    apart.answer({"parts": [_packed(p) for p in parts], "found": [(d.code, dict(d.facts)) for d in found]})


if __name__ == "__main__":
    from perfdsl.documents._inside import (
        _answer as answer,  # the module under its own name, so that classes are the same
    )

    answer()
