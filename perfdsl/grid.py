"""A table of many objects as columns of numpy arrays, and what scoring them gives; rows are objects, in their order."""

from typing import TYPE_CHECKING, Any

import attrs

STATUS_ZH = {
    "": "", "met": "达标", "exceeded": "超额", "missed": "未达标", "missing": "缺完成值", "not applicable": "不适用", "unjudged": "未判定",
}  # fmt: skip
STATUSES = tuple(STATUS_ZH)
"""Of a row, by the numbers engines give them; the first is none."""

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

OPEN_AWARD = -1


@attrs.frozen(kw_only=True, eq=False)
class Strip:
    """One column: whole numbers of ``1/per`` (0 where there is none), a state a row (numbers of ``program.STATES``), words.

    ``numbers`` is int64, or Python integers where they are longer; ``states`` is None where every row has a number;
    ``said`` are numbers of ``words``, -1 for a word the rules do not know.
    """

    per: int = 1
    numbers: "Array | None" = None
    states: "Array | None" = None
    said: "Array | None" = None
    words: tuple[str, ...] = ()

    def piece(self, first: int, last: int) -> "Strip":
        """Some rows of it."""
        numbers, states, said = (None if x is None else x[first:last] for x in (self.numbers, self.states, self.said))
        return attrs.evolve(self, numbers=numbers, states=states, said=said)

    def taken(self, rows: "Array") -> "Strip":
        """The rows at these places, or where they are true."""
        numbers, states, said = (None if x is None else x[rows] for x in (self.numbers, self.states, self.said))
        return attrs.evolve(self, numbers=numbers, states=states, said=said)


@attrs.frozen(eq=False)
class Grid:
    """``count`` objects; a column that is not here is missing throughout."""

    count: int
    columns: dict[str, Strip]


@attrs.frozen(eq=False)
class RowScores:
    """One indicator: the score in whole units where it is not ``open`` (None: nowhere), its case and status by number."""

    score: "Array"
    open: "Array | None"
    case: "Array"
    status: "Array"


@attrs.frozen(eq=False)
class SumScores:
    """A group or the total: the limits in whole units, equal where it is not ``open`` (None: nowhere)."""

    low: "Array"
    high: "Array"
    open: "Array | None"


@attrs.frozen(kw_only=True, eq=False)
class Scores:
    """All objects of a grid: indicators and groups by path, the total after ceilings, the number of the grade (0: none).

    ``statuses`` are the words of the numbers in ``status``; awards are 1 given, 0 not given, -1 open.
    """

    units: int
    count: int
    rows: dict[str, RowScores]
    groups: dict[str, SumScores]
    total: SumScores
    complete: "Array"
    grade: "Array"
    grades: tuple[str, ...]
    statuses: tuple[str, ...]
    awards: dict[str, "Array"]

    def piece(self, first: int, last: int) -> "Scores":
        """Some of the objects."""

        def cut(array: "Array | None") -> Any:
            return None if array is None else array[first:last]

        def summed(x: SumScores) -> SumScores:
            return SumScores(cut(x.low), cut(x.high), cut(x.open))

        rows = {path: RowScores(cut(x.score), cut(x.open), cut(x.case), cut(x.status)) for path, x in self.rows.items()}
        return attrs.evolve(
            self, count=last - first, rows=rows, groups={path: summed(x) for path, x in self.groups.items()}, total=summed(self.total),
            complete=cut(self.complete), grade=cut(self.grade), awards={name: cut(x) for name, x in self.awards.items()},
        )  # fmt: skip


def woven(where: "Array", there: Scores, elsewhere: Scores) -> Scores:
    """The objects of two grids of the same plan as those of one: where it is true those of ``there``, each in its order."""
    import numpy as np

    assert (there.units, there.grades, there.statuses) == (elsewhere.units, elsewhere.grades, elsewhere.statuses)

    def laid(a: "Array", b: "Array") -> "Array":
        made = np.empty(len(where), dtype=np.result_type(a.dtype, b.dtype))
        made[where], made[~where] = a, b
        return made

    def opened(a: "Array | None", b: "Array | None") -> "Array | None":
        if a is None and b is None:
            return None
        return laid(*(np.zeros(x.count, dtype=bool) if y is None else y for x, y in ((there, a), (elsewhere, b))))

    def row(a: RowScores, b: RowScores) -> RowScores:
        return RowScores(laid(a.score, b.score), opened(a.open, b.open), laid(a.case, b.case), laid(a.status, b.status))

    def summed(a: SumScores, b: SumScores) -> SumScores:
        return SumScores(laid(a.low, b.low), laid(a.high, b.high), opened(a.open, b.open))

    return attrs.evolve(
        there, count=len(where), rows={x: row(y, elsewhere.rows[x]) for x, y in there.rows.items()},
        groups={x: summed(y, elsewhere.groups[x]) for x, y in there.groups.items()}, total=summed(there.total, elsewhere.total),
        complete=laid(there.complete, elsewhere.complete), grade=laid(there.grade, elsewhere.grade),
        awards={x: laid(y, elsewhere.awards[x]) for x, y in there.awards.items()},
    )  # fmt: skip
