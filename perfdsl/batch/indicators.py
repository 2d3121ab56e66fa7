"""Single indicators by the exact engine, as columns of results that the program of the others takes in."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from perfdsl import plan as p
from perfdsl.actuals import Observed, Row
from perfdsl.batch.objects import rows_about
from perfdsl.batch.part import Part, Shape
from perfdsl.evaluate import Engine
from perfdsl.grid import Strip
from perfdsl.integers import STATUSES, looked_at, units_of
from perfdsl.observe import observe
from perfdsl.program import STATES, WORD
from perfdsl.scorecard import IndicatorScore

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


def by_indicator(
    shape: Shape, table: Any, part: Part, wanted: "Array | None", paths: Sequence[str], as_of: date | None
) -> dict[str, Strip]:
    """The results of some indicators for the objects that are ``wanted`` (None: all): once for those that say the same.

    Only the cells they look at are read.
    """
    keys = looked_at(shape.plan, paths)
    told: dict[tuple[object, ...], tuple[IndicatorScore, ...]] = {}
    found: list[tuple[IndicatorScore, ...]] = []
    for i, rows in enumerate(rows_about(shape, table, part.objects, keys)):
        if wanted is not None and not wanted[i]:
            continue
        asked = tuple(_said(x) for x in rows)
        if asked not in told:
            told[asked] = _scores(shape.plan, rows, shape.period, paths, as_of)
        found.append(told[asked])
    units = units_of(Engine(shape.plan, Observed({}, {}, {}), shape.period, as_of))
    return {
        name: strip
        for at, path in enumerate(paths)
        for name, strip in result_strips(path, [x[at] for x in found], units).items()
    }


def _said(row: Row) -> tuple[object, ...]:
    """What a row says, wherever it stands."""
    return (
        row.name, row.value, row.unit, row.mark, row.override, row.item, row.prior, row.times, row.extras,
    )  # fmt: skip


def _scores(
    plan: p.Plan, rows: Sequence[Row], period: str, paths: Collection[str], as_of: date | None
) -> tuple[IndicatorScore, ...]:
    engine = Engine(plan, observe(plan, rows, period)[0], period, as_of)
    return tuple(engine.indicator(x) for x in paths)


def result_strips(path: str, found: Sequence[IndicatorScore], units: int) -> dict[str, Strip]:
    """Results as the columns a program takes in (``result_columns``)."""
    import numpy as np

    def whole(values: Sequence[int]) -> Strip:
        return Strip(numbers=np.array(values, dtype=np.int64 if all(abs(x) < 1 << 62 for x in values) else object))

    said = np.array([STATUSES.index(x.status) for x in found], dtype=np.int32)
    return {
        f"low:{path}": whole([int(x.low * units) for x in found]),
        f"high:{path}": whole([int(x.high * units) for x in found]),
        f"open:{path}": whole([int(x.score is None) for x in found]),
        f"case:{path}": whole([x.case_number for x in found]),
        f"status:{path}": Strip(
            states=np.full(len(found), STATES.index(WORD), dtype=np.uint8), said=said, words=STATUSES
        ),
    }
