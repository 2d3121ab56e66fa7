"""The first and the last of each class by their totals, collected table by table: what people are shown of many objects.

Of each class only those are kept that can still be listed, so that any number of objects needs little memory.  Objects
whose total is open are counted and not listed.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl.diagnostics import shorten
from perfdsl.grid import Grid, Scores
from perfdsl.program import STATES, WORD
from perfdsl.quantity import format_number

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


@attrs.frozen
class Held:
    """One object that is listed: what it is sorted by, its number among all, its name."""

    key: int
    number: int
    name: str


@attrs.define
class End:
    """One end of a class: at most ``most`` objects, the greatest keys first, then by number; ``more`` tie with the last."""

    most: int
    held: list[Held] = attrs.Factory(list)
    more: int = 0

    def add(self, other: "End") -> None:
        """The same of further objects."""
        found = sorted([*self.held, *other.held], key=lambda x: (-x.key, x.number))
        kept, rest = found[: self.most], found[self.most :]
        last = kept[-1].key if len(kept) == self.most and kept else None
        ties = sum(x.key == last for x in rest)
        self.more = ties + sum(x.more for x in (self, other) if x.held and x.held[-1].key == last)
        self.held = kept


@attrs.define
class Ends:
    """Both ends of one class, and how many objects it has: with a total, and open."""

    first: End
    last: End
    closed: int = 0
    open: int = 0

    def add(self, other: "Ends") -> None:
        """The same of further objects."""
        self.first.add(other.first)
        self.last.add(other.last)
        self.closed, self.open = self.closed + other.closed, self.open + other.open


class Line(NamedTuple):
    """One object of a list: its place (from 1, those that tie sharing the first of their places), name, total."""

    place: int
    name: str
    total: Fraction


@attrs.frozen
class Roll:
    """The list of one end of one class ("": all objects): who is on it, how many more tie with the last, who is not placed."""

    group: str
    best: bool
    lines: tuple[Line, ...]
    more: int
    members: int
    open: int


@attrs.define
class Lists:
    """The first ``top`` and the last ``bottom`` of each class by name; ``add`` joins those of several tables, in any order."""

    units: int = 1
    groups: dict[str, Ends] = attrs.Factory(dict)

    def add(self, other: "Lists") -> None:
        """Those of further objects of the same plan."""
        self.units = other.units if other.groups else self.units
        for group, ends in other.groups.items():
            if group in self.groups:
                self.groups[group].add(ends)
            else:
                self.groups[group] = ends

    def rolls(self, order: Sequence[str] = ()) -> list[Roll]:
        """All lists: the classes of ``order``, then the others by name; the first ones, then the last, the very last in front."""
        places = {word: i for i, word in enumerate(order)}
        found: list[Roll] = []
        for group in sorted(self.groups, key=lambda x: (places.get(x, len(places)), x)):
            ends = self.groups[group]
            for end, best in ((ends.first, True), (ends.last, False)):
                if end.most:
                    lines = tuple(self._lines(end, best, ends.closed))
                    found.append(Roll(group, best, lines, end.more, ends.closed, ends.open))
        return found

    def _lines(self, end: End, best: bool, members: int) -> Iterator[Line]:
        keys = [x.key for x in end.held]
        for one in end.held:
            ahead = keys.index(one.key)  # listed before those that tie with it
            tied = keys.count(one.key) + (end.more if one.key == keys[-1] else 0)
            place = ahead + 1 if best else members - ahead - tied + 1
            yield Line(place, one.name, Fraction(one.key if best else -one.key, self.units))


def lists(
    objects: Sequence[str], numbers: Sequence[int], grid: Grid, scores: Scores, most: tuple[int, int], by: str = ""
) -> Lists:
    """The lists of one table: the first ``most[0]`` and the last ``most[1]`` of each class; classes are the words of the input
    ``by`` ("": one class), and objects without a class make none.  ``numbers`` are those of its objects among all.
    """
    total = scores.total
    return lists_of(objects, numbers, total.low, total.open, scores.units, most, _classes(grid, scores.count, by))


def lists_of(
    objects: Sequence[str],
    numbers: Sequence[int],
    low: "Array",
    is_open: "Array | None",
    units: int,
    most: tuple[int, int],
    classes: "Iterable[tuple[str, Array]]",
) -> Lists:
    """The lists of totals ``low`` in whole ``1/units``; ``classes`` are their names and the places of their objects."""
    import numpy as np

    known = np.ones(len(low), dtype=bool) if is_open is None else ~np.asarray(is_open)
    made = Lists(units)
    for group, rows in classes:
        at = rows[known[rows]]
        ends = [_end(key * low[at], at, objects, numbers, n) for key, n in zip((1, -1), most, strict=True)]
        made.groups[group] = Ends(ends[0], ends[1], len(at), len(rows) - len(at))
    return made


def _end(keys: "Array", at: "Array", objects: Sequence[str], numbers: Sequence[int], most: int) -> End:
    """The greatest ``most`` keys, which belong to the objects ``at``."""
    import numpy as np

    if not most or not len(keys):
        return End(most)
    least = np.partition(keys, len(keys) - most)[len(keys) - most] if len(keys) > most else keys.min()
    near = np.flatnonzero(keys >= least)
    found = sorted(
        (Held(int(keys[i]), int(numbers[at[i]]), objects[at[i]]) for i in near), key=lambda x: (-x.key, x.number)
    )
    return End(most, found[:most], len(found) - len(found[:most]))


def _classes(grid: Grid, count: int, by: str) -> "Iterator[tuple[str, Array]]":
    import numpy as np

    if not by:
        yield "", np.arange(count)
        return
    strip = grid.columns.get(f"input:{by}")
    if strip is None or strip.said is None or strip.states is None:
        return
    said = np.where(strip.states == STATES.index(WORD), strip.said, -1)
    for number, word in enumerate(strip.words):
        rows = np.flatnonzero(said == number)
        if len(rows):
            yield word, rows


def lists_text(rolls: Sequence[Roll], lang: str = "zh") -> list[str]:
    """Each list as a line of text."""
    return [_told_en(x) if lang == "en" else _told_zh(x) for x in rolls]


def _told_zh(roll: Roll) -> str:
    head = f"{shorten(roll.group)}{'前' if roll.best else '末'}{len(roll.lines)}名（共{roll.members}家）"
    lines = "、".join(f"{x.place} {shorten(x.name)} {format_number(x.total)}" for x in roll.lines) or "没有"
    more = f"；另有{roll.more}家与最后一家并列" if roll.more else ""
    return f"{head}：{lines}{more}" + (f"；{roll.open}家总分未定，没有排" if roll.open else "")


def _told_en(roll: Roll) -> str:
    head = f"{shorten(roll.group)} {'first' if roll.best else 'last'} {len(roll.lines)} of {roll.members}".strip()
    lines = ", ".join(f"{x.place} {shorten(x.name)} {format_number(x.total)}" for x in roll.lines) or "none"
    more = f"; {roll.more} more tie with the last of these" if roll.more else ""
    return f"{head}: {lines}{more}" + (f"; {roll.open} with an open total left out" if roll.open else "")


def lists_json(rolls: Sequence[Roll]) -> list[dict[str, Any]]:
    """The lists for the summary as JSON; totals are decimals in quotes."""
    return [
        {
            "class": x.group, "end": "first" if x.best else "last", "members": x.members, "open": x.open, "more_tied": x.more,
            "objects": [{"place": y.place, "object": y.name, "total": format_number(y.total)} for y in x.lines],
        }
        for x in rolls
    ]  # fmt: skip


def rolls_of_json(data: Sequence[dict[str, Any]]) -> list[Roll]:
    """The lists of a summary."""
    return [
        Roll(x["class"], x["end"] == "first", tuple(Line(y["place"], y["object"], Fraction(y["total"])) for y in x["objects"]),
             x["more_tied"], x["members"], x["open"])
        for x in data
    ]  # fmt: skip


def lists_kept(made: Lists) -> dict[str, Any]:
    """Lists as they are kept beside a part."""
    return attrs.asdict(made)


def lists_of_kept(data: dict[str, Any]) -> Lists:
    """The same back."""
    groups = {}
    for word, ends in data["groups"].items():
        both = [End(x["most"], [Held(**y) for y in x["held"]], x["more"]) for x in (ends["first"], ends["last"])]
        groups[word] = Ends(both[0], both[1], ends["closed"], ends["open"])
    return Lists(data["units"], groups)
