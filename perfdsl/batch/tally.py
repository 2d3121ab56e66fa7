"""What is told of all objects together, added up part by part; whole numbers only, so any parts give the same sums."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs

from perfdsl import plan as p
from perfdsl.fallback import Fallback, fallback_json, fallback_of, told_together
from perfdsl.grid import Scores
from perfdsl.scorecard import MISSING, NOT_APPLICABLE, UNJUDGED

BINS = 20
FIRST = 10


@attrs.define(kw_only=True)
class RowTally:
    """One indicator: objects by status, how many have a score, their sum in units, and the units they lack of its points."""

    path: str
    statuses: dict[str, int] = attrs.Factory(dict)
    scored: int = 0
    sum: int = 0
    lost: int = 0


@attrs.define(kw_only=True)
class Tally:
    """Sums over objects.  ``bins`` counts known totals from 0 to the full total in twentieths; what lies outside goes to the ends.

    ``exact`` says what the exact engine scored, by reason; ``open`` are those without a total, the first of them by
    their number.
    """

    units: int = 1
    objects: int = 0
    rows_read: int = 0
    aside: int = 0
    complete: int = 0
    known: int = 0
    sum: int = 0
    least: int | None = None
    most: int | None = None
    bins: list[int] = attrs.Factory(lambda: [0] * BINS)
    grades: dict[str, int] = attrs.Factory(dict)
    awards: dict[str, int] = attrs.Factory(dict)
    open: list[tuple[int, str, list[str]]] = attrs.Factory(list)
    exact: list[Fallback] = attrs.Factory(list)
    rejects: dict[str, int] = attrs.Factory(dict)
    rows: list[RowTally] = attrs.Factory(list)

    def add(self, other: "Tally") -> None:
        """Add the sums of a later part."""
        if not other.objects and not other.rows:
            other.rows = [RowTally(path=x.path) for x in self.rows]
        if not self.rows:
            self.rows = [RowTally(path=x.path) for x in other.rows]
            self.units = other.units
        for name in ("objects", "rows_read", "aside", "complete", "known", "sum"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.least = min((x for x in (self.least, other.least) if x is not None), default=None)
        self.most = max((x for x in (self.most, other.most) if x is not None), default=None)
        self.bins = [a + b for a, b in zip(self.bins, other.bins, strict=True)]
        for mine, theirs in (
            (self.grades, other.grades),
            (self.awards, other.awards),
            (self.rejects, other.rejects),
        ):
            _add(mine, theirs)
        self.exact = told_together([*self.exact, *other.exact])
        self.open = sorted([*self.open, *other.open])[:FIRST]
        for a, b in zip(self.rows, other.rows, strict=True):
            _add(a.statuses, b.statuses)
            a.scored, a.sum, a.lost = a.scored + b.scored, a.sum + b.sum, a.lost + b.lost


def _add(mine: dict[str, int], theirs: dict[str, int]) -> None:
    for word, count in theirs.items():
        mine[word] = mine.get(word, 0) + count


def tally(
    plan: p.Plan, objects: Sequence[str], scores: Scores, fallbacks: Sequence[Fallback], numbers: Sequence[int]
) -> Tally:
    """The sums of one part; ``numbers`` are those of its objects among all."""
    import numpy as np

    units = scores.units
    closed = _closed(scores.total.open, scores.count)
    known = scores.total.low[closed]
    made = Tally(units=units, objects=scores.count, complete=int(scores.complete.sum()), known=len(known))
    made.sum = int(sum(int(x) for x in known)) if known.dtype == object else int(known.sum(dtype=np.int64))
    if len(known):
        made.least, made.most = int(known.min()), int(known.max())
        made.bins = bins(known, int((plan.total or Fraction(100)) * units))
    for number, name in enumerate(("", *scores.grades)):
        if name and (count := int((scores.grade == number).sum())):
            made.grades[name] = count
    for name, decided in scores.awards.items():
        made.awards[name] = int((decided == 1).sum())
    made.exact = told_together(fallbacks)
    for row in plan.indicators:
        made.rows.append(_row(row, scores))
    for i in np.flatnonzero(~scores.complete)[:FIRST]:
        names = [x.path[-1] for x in plan.indicators if _is_open(plan, x, scores, int(i))]
        made.open.append((int(numbers[int(i)]), objects[int(i)], names))
    return made


def bins(values: Any, top: int) -> list[int]:
    """How many values lie in each twentieth of 0 to ``top``; the last one holds ``top`` itself."""
    import numpy as np

    if top <= 0:
        return [len(values), *([0] * (BINS - 1))]
    places = (values.astype(object) if values.dtype != object else values) if top > 1 << 50 else values.astype(np.int64)
    at = np.clip(places * BINS // top, 0, BINS - 1).astype(np.int64)
    return [int(x) for x in np.bincount(at, minlength=BINS)]


def _row(row: p.PlanIndicator, scores: Scores) -> RowTally:
    import numpy as np

    path = "/".join(row.path)
    made = scores.rows[path]
    counts = [(word, int(np.count_nonzero(made.status == i))) for i, word in enumerate(scores.statuses) if word]
    tallied = RowTally(path=path, statuses={word: n for word, n in counts if n})
    known = made.status != scores.statuses.index(NOT_APPLICABLE)
    known &= _closed(made.open, scores.count)
    tallied.scored = int(np.count_nonzero(known))
    tallied.sum = int((made.score * known).sum(dtype=None if made.score.dtype == object else np.int64))
    points = row.points * scores.units if row.points is not None else Fraction(0)
    tallied.lost = max(int(points * tallied.scored) - tallied.sum, 0) if not row.bonus else 0
    return tallied


def _is_open(plan: p.Plan, row: p.PlanIndicator, scores: Scores, i: int) -> bool:
    """Does a row of an object lack its score, or where nothing is scored its verdict?"""
    made = scores.rows["/".join(row.path)]
    status = scores.statuses[made.status[i]]
    if not plan.scored:
        return status in (MISSING, UNJUDGED)
    carries = row.points is not None or row.bonus
    return carries and status != NOT_APPLICABLE and made.open is not None and bool(made.open[i])


def _closed(is_open: Any, count: int) -> Any:
    import numpy as np

    return np.ones(count, dtype=bool) if is_open is None else ~is_open


def as_json(made: Tally) -> dict[str, Any]:
    """Sums as they are kept beside a part."""
    return {**attrs.asdict(made), "exact": [fallback_json(x) for x in made.exact]}


def from_json(data: dict[str, Any]) -> Tally:
    """The same back."""
    rows = [RowTally(**x) for x in data["rows"]]
    exact = [fallback_of(x) for x in data["exact"]]
    return Tally(
        **{
            **data,
            "rows": rows,
            "exact": exact,
            "open": [(number, name, names) for number, name, names in data["open"]],
        }
    )
