"""Scores of a part as a table: one row an object; points as decimals, open ones empty."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from perfdsl import plan as p
from perfdsl.grid import STATUS_ZH, Scores

if TYPE_CHECKING:
    import pyarrow as pa

OBJECT, TOTAL, LOW, HIGH, GRADE, COMPLETE = "对象", "总分", "最低可能", "最高可能", "等级", "完整"
SCORE, STATUS, CASE = "得分", "状态", "情形"
DIGITS, WIDE_DIGITS = 18, 38  # of decimals that are 64 bits inside, and 128
PLACES = "decimal places"


def headings(plan: p.Plan) -> dict[str, str]:
    """Each row and group by the name it has in the table: its last name where that is its own, else its path."""
    paths = [*("/".join(x.path) for x in plan.indicators), *("/".join(x.path) for x in plan.groups)]
    last = [x.rpartition("/")[2] for x in paths]
    return {path: (name if last.count(name) == 1 else path) for path, name in zip(paths, last, strict=True)}


def table_of(plan: p.Plan, objects: list[str], scores: Scores, *, whole: bool = False) -> "pa.Table":
    """One row an object: for each indicator 得分, 状态, 情形 (the number of the case), for each group 得分, then the total.

    ``whole``: points that are decimals of 18 digits as the whole numbers inside, whose fields say what they are (``shown``).
    """
    import numpy as np
    import pyarrow as pa

    named = headings(plan)
    digits = _digits(plan, scores.units)

    def points(values: Any, is_open: Any) -> Any:
        return decimals(values, is_open, scores.units, digits, whole=whole)

    columns: dict[str, Any] = {OBJECT: pa.array(objects, pa.string())}
    words = pa.array([STATUS_ZH.get(x, x) for x in scores.statuses], pa.string())
    for row in plan.indicators:
        path = "/".join(row.path)
        made = scores.rows[path]
        name = named[path]
        columns[f"{name}.{SCORE}"] = points(made.score, made.open)
        columns[f"{name}.{STATUS}"] = pa.DictionaryArray.from_arrays(pa.array(made.status.astype(np.int8)), words)
        columns[f"{name}.{CASE}"] = pa.array(made.case.astype(np.int16), mask=made.case == 0)
    for group in plan.groups:
        path = "/".join(group.path)
        made_group = scores.groups[path]
        columns[f"{named[path]}.{SCORE}"] = points(made_group.low, made_group.open)
    total = scores.total
    columns[TOTAL] = points(total.low, total.open)
    columns[LOW], columns[HIGH] = points(total.low, None), points(total.high, None)
    grades = pa.array(["", *scores.grades], pa.string())
    columns[GRADE] = pa.DictionaryArray.from_arrays(pa.array(scores.grade.astype(np.int16)), grades)
    columns[COMPLETE] = pa.array(scores.complete)
    for name, decided in scores.awards.items():
        heading = name
        while heading in columns:
            heading += "（评优）"
        columns[heading] = pa.array(decided == 1, mask=decided < 0)
    kept = {PLACES: str(places_of(scores.units))} if whole else {}
    return pa.table(
        list(columns.values()),
        schema=pa.schema(
            [pa.field(k, v.type, metadata=kept if v.type == pa.int64() else None) for k, v in columns.items()]
        ),
    )


def shown(schema: "pa.Schema") -> "pa.Schema":
    """The columns of a table of scores as they are told: whole numbers that are decimals inside as these decimals."""
    import pyarrow as pa

    for i, field in enumerate(schema):
        if field.metadata and PLACES.encode() in field.metadata:
            kind = pa.decimal128(DIGITS, int(field.metadata[PLACES.encode()]))
            schema = schema.set(i, field.with_type(kind).remove_metadata())
    return schema


def places_of(units: int) -> int | None:
    """How many decimals write a unit of a point; None where none do, as of a third."""
    return next((n for n in range(19) if 10**n % units == 0), None)


def _digits(plan: p.Plan, units: int) -> int:
    """How many digits the scores of a plan may need, the same for every part: more where the plan has huge points."""
    amounts = [plan.total, plan.most, *(x.points for x in plan.indicators), *(x.points for x in plan.groups)]
    amounts += [x for row in plan.indicators if row.scoring is not None for x in (row.scoring.low, row.scoring.high)]
    most = sum(abs(x) for x in amounts if x is not None)
    return DIGITS if most * 100 < 10 ** (DIGITS - (places_of(units) or 0)) else WIDE_DIGITS


def decimals(values: Any, is_open: Any, units: int, digits: int, *, whole: bool = False) -> "pa.Array":
    """Whole units of a point as decimals with as many places as a unit needs; empty where open.

    ``whole``: those of 18 digits as the 64-bit numbers inside.
    """
    import numpy as np
    import pyarrow as pa

    places = places_of(units)
    if places is None:  # a unit that no decimal writes, such as a third of a point
        mask = np.zeros(len(values), dtype=bool) if is_open is None else is_open
        return pa.array(
            [None if o else str(Fraction(int(x), units)) for x, o in zip(values, mask, strict=True)], pa.string()
        )
    by = 10**places // units
    mask = None if is_open is None else np.asarray(is_open)
    if values.dtype == object or digits > DIGITS:
        from decimal import Decimal

        made = [
            None if mask is not None and mask[i] else Decimal(int(x) * by).scaleb(-places) for i, x in enumerate(values)
        ]
        return pa.array(made, pa.decimal128(WIDE_DIGITS, places))
    bits = None if mask is None else pa.array(~mask).buffers()[1]
    tops = np.multiply(values, by, dtype=np.int64, casting="unsafe")
    if whole:
        return pa.Array.from_buffers(pa.int64(), len(values), [bits, pa.py_buffer(tops)])
    wide = np.empty((len(values), 2), dtype=np.int64)
    wide[:, 0] = tops
    wide[:, 1] = tops >> 63
    return pa.Array.from_buffers(pa.decimal128(DIGITS, places), len(values), [bits, pa.py_buffer(wide)])
