"""What a store holds of a plan, row by row: the columns, rows that are no ordinary ones, names and words."""

from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from perfdsl import plan as p
from perfdsl.mixed import store as s
from perfdsl.mixed.apart import only
from perfdsl.mixed.shapes import Shaped, strings
from perfdsl.quantity import fold_width

if TYPE_CHECKING:
    import pyarrow as pa

NO_SHAPE = -1
BLANK: dict[str, Any] = {
    "path": "", "parent": s.APART, "shape": NO_SHAPE, "reading": 0, "points": s.NO_POINTS, "bonus": False, "scored": False, "low": 0, "high": 0,
    "open_low": 0, "open_high": 0, "target": "", "computed": False, "ceiling": False, "cap": s.NO_POINTS, "worst": 0, "tops": [], "bottoms": [],
    "uses": [], "apart": False, "plan": "",
}  # fmt: skip


def of_row(row: p.PlanIndicator, units: int, period: str) -> dict[str, Any]:
    """What every row has."""
    target = next((x.target.text for x in row.targets if x.period == period), "")
    points = s.NO_POINTS if row.points is None else whole(row.points * units)
    return {"path": "/".join(row.path), "points": points, "bonus": row.bonus, "target": target}


def numbers(made: Shaped) -> dict[str, Any]:
    """The numbers of a shape."""
    return {"tops": [x.numerator for x in made.numbers], "bottoms": [x.denominator for x in made.numbers]}


def apart(plan: p.Plan, row: p.PlanIndicator, units: int, period: str) -> dict[str, Any]:
    """A row the exact engine scores by a plan of its own."""
    return BLANK | of_row(row, units, period) | {"apart": True, "plan": s.whole_plan(only(plan, row), period)}


def ceiling(plan: p.Plan, rule: p.PlanCeiling, units: int) -> dict[str, Any]:
    """A ceiling as a row nobody sees, which does not apply where its condition does not hold."""
    names = [x.name for x in plan.grades]
    cap = s.NO_POINTS if rule.total is None else whole(rule.total * units)
    return BLANK | {"ceiling": True, "cap": cap, "worst": names.index(rule.grade) + 1 if rule.grade in names else 0}


def schema() -> "pa.Schema":
    """A row a plan; amounts are whole ``1/units`` of a point; cells are the rows of a plan and then its facts, by number."""
    import pyarrow as pa

    row = pa.struct({
        "path": pa.string(), "parent": pa.int32(), "shape": pa.int32(), "reading": pa.int32(), "points": pa.int64(), "bonus": pa.bool_(),
        "scored": pa.bool_(), "low": pa.int64(), "high": pa.int64(), "open_low": pa.int64(), "open_high": pa.int64(), "target": pa.string(),
        "computed": pa.bool_(), "ceiling": pa.bool_(), "cap": pa.int64(), "worst": pa.int32(), "tops": pa.list_(pa.int64()), "bottoms": pa.list_(pa.int64()), "uses": pa.list_(pa.int32()),
        "apart": pa.bool_(), "plan": pa.string(),
    })  # fmt: skip
    group = pa.struct({"path": pa.string(), "parent": pa.int32(), "depth": pa.int32(), "kind": pa.int8(), "points": pa.int64(),
                       "low": pa.int64(), "high": pa.int64()})  # fmt: skip
    name = pa.struct({"name": pa.string(), "cell": pa.int32(), "exact": pa.bool_()})
    fact = pa.struct({"key": pa.string(), "alias": pa.string(), "sort": pa.int8(), "reading": pa.int32()})
    return pa.schema({
        "object": pa.string(), "reason": pa.string(), "plan": pa.string(), "places": pa.int32(), "units": pa.int64(), "policy": pa.int8(),
        "total": pa.int64(), "most": pa.int64(), "scheme": pa.int32(), "rows": pa.list_(row), "groups": pa.list_(group), "names": pa.list_(name),
        "facts": pa.list_(fact),
    })  # fmt: skip


def whole(value: Fraction) -> int:
    """A whole number as one."""
    assert value.denominator == 1, value  # the units were chosen for it
    return value.numerator


def band(band: p.PlanBand, total: Fraction, units: int) -> tuple[str, int | None, int | None]:
    """A grade as limits on whole units of the total."""
    low: int | None = None
    high: int | None = None
    for op, limit in band.limits:
        edge = limit * total * units / 100
        if op in (">=", ">", "="):
            least = ceil(edge) if op != ">" else floor(edge) + 1
            low = least if low is None else max(low, least)
        if op in ("<=", "<", "="):
            most = floor(edge) if op != "<" else ceil(edge) - 1
            high = most if high is None else min(high, most)
    return band.name, low, high


def words_of(plan: p.Plan) -> dict[str, str] | None:
    """The words of all rules without the accidents of typing; None where two differ only in those."""
    found: dict[str, str] = {}
    every: dict[str, str] = {}
    above = [x.applies for x in plan.groups if x.applies is not None]
    above += [x.condition for x in plan.ceilings] + [x.condition for x in plan.awards]
    for row in plan.indicators:
        exprs = [x for case in (row.scoring.cases if row.scoring else ()) for x in (case.when, case.award)]
        exprs += [x for x in (row.formula, row.applies, *above) if x is not None]
        for word in (w for x in exprs for w in strings(x)):
            found.setdefault(bare(word), word)
        exprs += [
            y
            for x in row.targets
            for y in (x.judge.met, x.judge.completion, x.judge.gap, x.judge.excess, x.judge.target)
        ]
        for word in (w for x in exprs for w in strings(x)):
            if every.setdefault(bare(word), word) != word:
                return None
    return found


def bare(text: str) -> str:
    """A text without the accidents of typing."""
    return "".join(fold_width(text).split()).rstrip("。.")


def names_of(plan: p.Plan) -> list[dict[str, Any]]:
    """What each row may be called without doubt: its name, its short name, its path."""
    found: dict[str, set[int]] = {}
    for n, row in enumerate(plan.indicators):
        for name in {row.path[-1], row.alias} - {""}:
            found.setdefault(fold_width(" ".join(name.split())), set()).add(n)
    taken: list[dict[str, Any]] = [
        {"name": name, "cell": next(iter(rows)), "exact": False} for name, rows in found.items() if len(rows) == 1
    ]
    paths = ["/".join(x.path) for x in plan.indicators]
    ends = ["/" + x for x in paths]
    for n, path in enumerate(paths):
        if "/" in path and fold_width(path) not in found and sum(x.endswith(ends[n]) for x in ends) == 1:
            taken.append({"name": path, "cell": n, "exact": False})
    return taken
