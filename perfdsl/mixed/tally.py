"""What is told of many objects that each have their own rules, added up part by part in fractions: any parts give the same.

Totals of different full marks are told as shares of them; indicators of the same path count as the same one.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl.batch import BINS, FIRST
from perfdsl.fallback import Fallback, Why, fallback_json
from perfdsl.grid import STATUSES
from perfdsl.mixed.part import kinds_of
from perfdsl.quantity import format_number, round_half_up
from perfdsl.scorecard import MISSING, NOT_APPLICABLE, UNJUDGED

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from perfdsl.mixed.store import Bands

    Array = np.ndarray[Any, np.dtype[Any]]

MOST_PATHS = 20_000  # beyond, further indicators are told together
LISTED, PLACES = 100, 2
ALONE, TOLD_ALONE = "several entries", 10
OTHERS = ""
NO_INDICATOR = -2  # the points of a line that is a group
GONE = [STATUSES.index(x) for x in (MISSING, UNJUDGED)]


class Lines(NamedTuple):
    """What is scored, a line an indicator or a group of an object: its path, whose it is, score and points in whole 1/units
    (points: NO_POINTS where it has none to lose, NO_INDICATOR of a group)."""

    paths: "pa.Array"
    owner: "Array"
    low: "Array"
    open: "Array"
    case: "Array"
    status: "Array"
    points: "Array"
    units: "Array"


class Ends(NamedTuple):
    """The totals of objects, in whole 1/units; the names of their grades; the full marks of each (None: it has none)."""

    low: "Array"
    high: "Array"
    open: "Array"
    units: "Array"
    complete: "Array"
    words: list[str]
    full: list[Fraction | None]


@attrs.define
class Totals:
    """The known totals of one full mark, and how many lie in each twentieth of it."""

    count: int = 0
    sum: Fraction = Fraction(0)
    least: Fraction | None = None
    most: Fraction | None = None
    bins: list[int] = attrs.Factory(lambda: [0] * BINS)

    def add(self, other: "Totals") -> None:
        """Those of further objects."""
        self.count, self.sum = self.count + other.count, self.sum + other.sum
        self.least = min((x for x in (self.least, other.least) if x is not None), default=None)
        self.most = max((x for x in (self.most, other.most) if x is not None), default=None)
        self.bins = [a + b for a, b in zip(self.bins, other.bins, strict=True)]


@attrs.define
class Lost:
    """One indicator in all rules that have it: objects by status, scores, points lost; ``points`` where they are the same."""

    points: Fraction | None
    scored: int = 0
    sum: Fraction = Fraction(0)
    lost: Fraction = Fraction(0)
    statuses: dict[str, int] = attrs.Factory(dict)

    def add(self, other: "Lost") -> None:
        """The same of further objects."""
        self.points = self.points if self.points == other.points else None
        self.scored, self.sum, self.lost = self.scored + other.scored, self.sum + other.sum, self.lost + other.lost
        for word, count in other.statuses.items():
            self.statuses[word] = self.statuses.get(word, 0) + count


@attrs.define(kw_only=True)
class ManyTally:
    """Sums over objects; ``lines`` are those of the table of scores, ``open`` the first objects without a total, by number.

    The exact engine scored the objects ``exact`` counts by reason, and indicators of those ``alone`` counts by path.
    """

    objects: int = 0
    lines: int = 0
    rows_read: int = 0
    aside: int = 0
    complete: int = 0
    totals: dict[Fraction, Totals] = attrs.Factory(dict)
    grades: dict[str, int] = attrs.Factory(dict)
    rows: dict[str, Lost] = attrs.Factory(dict)
    open: list[tuple[int, str, list[str]]] = attrs.Factory(list)
    exact: dict[str, int] = attrs.Factory(dict)
    alone: dict[str, int] = attrs.Factory(dict)
    rejects: dict[str, int] = attrs.Factory(dict)

    def add(self, other: "ManyTally") -> None:
        """Add the sums of a later part."""
        for name in ("objects", "lines", "rows_read", "aside", "complete"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for full, totals in other.totals.items():
            self.totals.setdefault(full, Totals()).add(totals)
        for mine, theirs in ((self.grades, other.grades), (self.exact, other.exact), (self.rejects, other.rejects)):
            for word, count in theirs.items():
                mine[word] = mine.get(word, 0) + count
        for path, count in other.alone.items():
            known = path if path in self.alone or len(self.alone) < MOST_PATHS else OTHERS
            self.alone[known] = self.alone.get(known, 0) + count
        for path, row in other.rows.items():
            known = path if path in self.rows or len(self.rows) < MOST_PATHS else OTHERS
            self.rows.setdefault(known, Lost(row.points)).add(row)
        self.open = sorted([*self.open, *other.open])[:FIRST]

    def told(self) -> dict[str, Any]:
        """The same in the shape of the summary of one set of rules."""
        rows = sorted(self.rows.items(), key=lambda x: (-x[1].lost, x[0]))[:LISTED]
        return {
            "objects": self.objects, "complete": self.complete, "rows": self.rows_read, "other_periods": self.aside, "total": self._total(),
            "grades": [{"name": name, "count": count} for name, count in self.grades.items()], "awards": [],
            "indicators": [_indicator(path, x) for path, x in rows],
            "incomplete": {"count": self.objects - self.complete, "first": [{"object": name, "missing": missing} for _, name, missing in self.open]},
            "exact": [fallback_json(x) for x in self.fallbacks()],
            "rejects": {"count": sum(self.rejects.values()), "codes": dict(sorted(self.rejects.items()))},
        }  # fmt: skip

    def fallbacks(self) -> list[Fallback]:
        """What the exact engine scored, and why; of indicators only the most frequent are told."""
        found = [Fallback(Why(reason), count) for reason, count in sorted(self.exact.items())]
        named = sorted(self.alone.items(), key=lambda x: (-x[1], x[0]))
        found += [Fallback(Why(ALONE), count, (path or "…",)) for path, count in named[:TOLD_ALONE]]
        more = [count for _, count in named[TOLD_ALONE:]]
        return [*found, Fallback(Why(ALONE), sum(more), ("…",))] if more else found

    def _total(self) -> dict[str, Any]:
        """Totals in points where all have the same full mark, else in percent of it."""
        fulls = list(self.totals)
        full = fulls[0] if len(fulls) == 1 else Fraction(100)
        by = {x: full / x if x else Fraction(0) for x in fulls}
        known = sum(x.count for x in self.totals.values())
        mean = sum((x.sum * by[f] for f, x in self.totals.items()), Fraction(0)) / known if known else None
        least = min((x.least * by[f] for f, x in self.totals.items() if x.least is not None), default=None)
        most = max((x.most * by[f] for f, x in self.totals.items() if x.most is not None), default=None)
        bins = [sum(x.bins[i] for x in self.totals.values()) for i in range(BINS)]
        edges = [format_number(full * i / BINS) for i in range(BINS + 1)]
        exact = len(fulls) < 2
        return {
            "known": known, "full": format_number(full), "mean": _short(mean), "least": _points(least, exact), "most": _points(most, exact),
            "bins": [{"from": a, "to": b, "count": n} for a, b, n in zip(edges, edges[1:], bins, strict=False)],
        }  # fmt: skip


def _indicator(path: str, row: Lost) -> dict[str, Any]:
    mean = row.sum / row.scored if row.scored and row.points is not None else None
    return {
        "path": path, "points": None if row.points is None else format_number(row.points), "scored": row.scored, "mean": _short(mean),
        "lost": format_number(row.lost), "statuses": dict(sorted(row.statuses.items())),
    }  # fmt: skip


def _short(value: Fraction | None) -> str | None:
    return None if value is None else format_number(round_half_up(value, PLACES))


def _points(value: Fraction | None, exact: bool) -> str | None:
    return None if value is None else format_number(value) if exact else _short(value)


def tally_of(objects: Sequence[str], lines: Lines, ends: Ends, schemes: "Iterable[Bands]", first: int) -> ManyTally:
    """What is told of the objects of one part, the first of which has the number ``first`` among all."""
    import numpy as np

    made = ManyTally(objects=len(objects), lines=len(lines.low), complete=int(ends.complete.sum()))
    _totals(made, ends)
    made.grades = {name: 0 for bands in schemes for name, _, _ in bands}
    for word in ends.words:
        if word:
            made.grades[word] = made.grades.get(word, 0) + 1
    lacking: dict[int, list[str]] = {int(i): [] for i in np.flatnonzero(~ends.complete)[:FIRST]}
    if lacking:
        mine = np.isin(lines.owner, list(lacking)) & (lines.points != NO_INDICATOR)
        scored = np.array([x is not None for x in ends.full], dtype=bool)[lines.owner]
        unscored = lines.open & (lines.status != STATUSES.index(NOT_APPLICABLE)) & (lines.points >= 0)
        gone = np.where(scored, unscored, np.isin(lines.status, GONE))
        for i in np.flatnonzero(mine & gone):
            lacking[int(lines.owner[i])].append(lines.paths[int(i)].as_py().rpartition("/")[2])
    made.open = [(first + at, objects[at], names) for at, names in lacking.items()]
    _rows(made, lines)
    return made


def _totals(made: ManyTally, ends: Ends) -> None:
    """The totals that are known, those of a full mark and of a unit together."""
    import numpy as np

    several: dict[tuple[int, int], tuple[Fraction, int, list[int]]] = {}
    for at in np.flatnonzero(~ends.open).tolist():
        full, units = ends.full[at], int(ends.units[at])
        if full is not None:
            several.setdefault((id(full), units), (full, units, []))[2].append(at)
    for full, units, places in several.values():
        low = ends.low[np.array(places)]
        whole = [int(x) for x in low]
        bottom = full * units
        bins = [0] * BINS
        for x in whole:
            bins[min(max(x * BINS * bottom.denominator // bottom.numerator, 0), BINS - 1) if full else 0] += 1
        made.totals.setdefault(full, Totals()).add(
            Totals(
                len(whole), Fraction(sum(whole), units), Fraction(min(whole), units), Fraction(max(whole), units), bins
            )
        )


def _rows(made: ManyTally, lines: Lines) -> None:
    """The indicators by path, units and points, each kind together."""
    import numpy as np

    rows = np.flatnonzero(lines.points != NO_INDICATOR)
    words = lines.paths.dictionary_encode()
    names, codes = words.dictionary.to_pylist(), np.asarray(words.indices)[rows]
    units, unit_of = kinds_of(lines.units[rows])
    points, points_of = kinds_of(lines.points[rows])
    different, where = kinds_of((codes.astype(np.int64) * len(units) + unit_of) * len(points) + points_of)
    kinds = [
        (names[x // len(points) // len(units)], units[x // len(points) % len(units)], points[x % len(points)])
        for x in different
    ]
    count = len(kinds)
    status = lines.status[rows]
    known = ~lines.open[rows] & (status != STATUSES.index(NOT_APPLICABLE))
    scored = np.bincount(where[known], minlength=count)
    sums = np.zeros(count, np.int64)
    np.add.at(sums, where[known], lines.low[rows][known])
    kind = len(STATUSES)
    seen = np.bincount(where * kind + status, minlength=count * kind).reshape(count, kind)
    for at, (path, unit, point) in enumerate(kinds):
        worth = Fraction(point, unit) if point >= 0 else None
        total, several = Fraction(int(sums[at]), unit), int(scored[at])
        lost = max(worth * several - total, Fraction(0)) if worth is not None else Fraction(0)
        one = Lost(
            worth, several, total, lost, {STATUSES[i]: int(n) for i, n in enumerate(seen[at]) if n and STATUSES[i]}
        )
        known_row = made.rows.get(path)
        if known_row is None:
            made.rows[path] = one
        else:
            known_row.add(one)


def kept(made: ManyTally) -> dict[str, Any]:
    """Sums as they are kept beside a part; fractions are texts."""

    def plain(found: Any) -> Any:
        return {k: _text(v) for k, v in attrs.asdict(found).items()}

    return attrs.asdict(made, recurse=False) | {
        "totals": {str(full): plain(x) for full, x in made.totals.items()}, "rows": {path: plain(x) for path, x in made.rows.items()},
    }  # fmt: skip


def of_kept(data: dict[str, Any]) -> ManyTally:
    """The same back."""
    totals = {}
    for full, x in data["totals"].items():
        totals[Fraction(full)] = Totals(
            x["count"], Fraction(x["sum"]), _fraction(x["least"]), _fraction(x["most"]), x["bins"]
        )
    rows = {
        path: Lost(_fraction(x["points"]), x["scored"], Fraction(x["sum"]), Fraction(x["lost"]), x["statuses"])
        for path, x in data["rows"].items()
    }
    first = [(number, name, names) for number, name, names in data["open"]]
    return ManyTally(**{**data, "totals": totals, "rows": rows, "open": first})


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, Fraction) else value


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
