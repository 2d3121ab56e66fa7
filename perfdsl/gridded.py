"""Observations of many objects as the columns of a grid; what no column can hold is scored before by the exact engine."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import lcm

from perfdsl import plan as p
from perfdsl import program as g
from perfdsl.actuals import Entry, Observed
from perfdsl.core import Value
from perfdsl.evaluate import Engine
from perfdsl.grid import Grid, Strip
from perfdsl.integers import apart_of, units_of
from perfdsl.scorecard import IndicatorScore

ABSENT = object()
LONG = 1 << 62
Held = Value | object


def gridded(
    plan: p.Plan, seen: Sequence[Observed], period: str = "full", as_of: date | None = None
) -> tuple[Grid, tuple[g.Column, ...]]:
    """``seen`` as a grid of ``plan``, and what its columns hold."""
    held: dict[str, list[Held]] = {}
    apart = apart_of(plan)
    engines = [Engine(plan, one, period, as_of) for one in seen]
    for row in plan.indicators:
        path = "/".join(row.path)
        several = [x.entries.get(path, ()) for x in seen]
        if row.gather is not None:
            held[f"value:{path}"] = [_gathered(x, row, y) for x, y in zip(engines, several, strict=True)]
            held[f"prior:{path}"] = [x.frame(row).entry.prior for x in engines]
        else:
            held[f"value:{path}"] = [_value(x) for x in several]
            held[f"prior:{path}"] = [x[0].prior if x else None for x in several]
        held[f"mark:{path}"] = [
            next((e.mark for e in x if e.mark is not None or row.gather is None), None) for x in several
        ]
        held[f"override:{path}"] = [next((e.override for e in x if e.override is not None), None) for x in several]
    for item in plan.inputs:
        held[f"input:{item.name}"] = [x.inputs.get(item.name) for x in seen]
    for key in sorted({key for x in seen for key in x.spent}):
        held[f"spent:{key}"] = [x.spent.get(key) for x in seen]
    units = units_of(Engine(plan, Observed({}, {}, {}), period, as_of))
    for path in apart:
        found = [x.indicator(path) for x in engines]
        held |= results(path, found, units)
    columns, strips = [], {}
    for name, values in held.items():
        column, strip = strip_of(name, values)
        columns.append(column)
        strips[name] = strip
    return Grid(len(seen), strips), tuple(columns)


def results(path: str, found: Sequence[IndicatorScore], units: int) -> dict[str, list[Held]]:
    """The results of a row that is scored before, as columns."""
    return {
        f"low:{path}": [x.low * units for x in found],
        f"high:{path}": [x.high * units for x in found],
        f"open:{path}": [Fraction(x.score is None) for x in found],
        f"status:{path}": [x.status for x in found],
        f"case:{path}": [Fraction(x.case_number) for x in found],
    }


def strip_of(name: str, values: Sequence[Held]) -> tuple[g.Column, Strip]:
    """Values as one column: fractions over one denominator, words by number."""
    import numpy as np

    numbers = [x for x in values if isinstance(x, Fraction)]
    per = lcm(*(x.denominator for x in numbers))
    tops = [x.numerator * (per // x.denominator) if isinstance(x, Fraction) else 0 for x in values]
    words = tuple(sorted({x for x in values if isinstance(x, str)}))
    number_of = {word: i for i, word in enumerate(words)}
    states = [g.STATES.index(_state(x)) for x in values]
    low, high = min((int(x * per) for x in numbers), default=0), max((int(x * per) for x in numbers), default=0)
    column = g.Column(name=name, per=per, low=low, high=high, words=words,
                      states=frozenset(g.STATES[x] for x in states) or frozenset({g.MISSING}))  # fmt: skip
    wide = max(-low, high) >= LONG
    return column, Strip(
        per=per, words=words, numbers=np.array(tops, dtype=object if wide else np.int64), states=np.array(states, dtype=np.uint8),
        said=np.array([number_of.get(x, -1) if isinstance(x, str) else -1 for x in values], dtype=np.int32),
    )  # fmt: skip


def _state(value: Held) -> str:
    match value:
        case bool():
            raise TypeError("a column holds no truths")
        case Fraction():
            return g.NUMBER
        case str():
            return g.WORD
        case None:
            return g.MISSING
    return g.ABSENT


def _value(entries: tuple[Entry, ...]) -> Held:
    if any(not x.applies for x in entries):
        return ABSENT
    return entries[0].value if entries else None


def _gathered(engine: Engine, row: p.PlanIndicator, entries: tuple[Entry, ...]) -> Held:
    if entries and all(not x.applies for x in entries):
        return ABSENT
    return engine.frame(row).value
