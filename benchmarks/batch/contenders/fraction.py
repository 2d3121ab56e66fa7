"""Plain Python with Fraction, object by object: how it is written when nothing but exactness counts."""

from fractions import Fraction
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import workload as w

from . import Data, _arrow

if TYPE_CHECKING:
    from . import Results

NAME, NEEDS, MOST = "Fraction", (), 10**3
HUNDRED, STEP, OFF = Fraction(100), Fraction(1), Fraction(1, 2)
Value = Fraction | str | None


class Own(NamedTuple):
    """A list of objects, each a value for each indicator; targets and points as fractions."""

    objects: list[list[Value]]
    rows: list[tuple[w.Indicator, Fraction, Fraction, Fraction]]


def rounded(value: Fraction) -> Fraction:
    """Half up to hundredths."""
    return Fraction(floor(value * 100 + Fraction(1, 2)), 100)


def row_results(
    x: w.Indicator, a: Value, t: Fraction, p: Fraction, ample: Fraction
) -> tuple[Fraction | None, int, int]:
    """Score, status and case."""
    if a is None:
        return None, w.MISSING, 0
    if isinstance(a, str):
        return (p, w.REACHED, 1) if a == w.MET else (Fraction(0), w.UNJUDGED, 2)
    if x.kind == w.AT_MOST:
        if a <= t:
            return p, w.EXCEEDED if a < ample else w.REACHED, 1
        return rounded(p * t / a), w.MISSED, 2
    if a >= t:
        return p, w.EXCEEDED if a > ample else w.REACHED, 1
    match x.kind:
        case w.AT_LEAST:
            return rounded(p * a / t), w.MISSED, 2
        case w.BANDS:
            if a >= 80:
                return rounded(p * 4 / 5), w.MISSED, 2
            return (rounded(p / 2), w.MISSED, 3) if a >= 60 else (Fraction(0), w.MISSED, 4)
        case w.STEPS:
            return rounded(max(Fraction(0), p - OFF * floor((t - a) / STEP))), w.MISSED, 2
    done = a / t
    edge = Fraction(3, 5)
    return (rounded(p * (done - edge) / (1 - edge)), w.MISSED, 2) if done > edge else (Fraction(0), w.MISSED, 3)


def loaded(data: Data, threads: int) -> Own:
    """Values as fractions."""
    columns = []
    for x in w.INDICATORS:
        values = data.values[x.name].tolist()
        if x.kind == w.WORD:
            columns.append([None if v < 0 else w.MET if v else w.OTHER for v in values])
        else:
            known: dict[int, Any] = {v: None if v < 0 else Fraction(v, 100) for v in set(values)}
            columns.append([known[v] for v in values])
    rows = [(x, x.target / HUNDRED, x.points / HUNDRED, x.ample / HUNDRED) for x in w.INDICATORS]
    return Own([list(one) for one in zip(*columns, strict=True)], rows)


def score(own: Own) -> list[tuple[Any, ...]]:
    """Every object: its rows, its groups, its total, whether it is complete, its grade."""
    made = []
    groups = [(name, sum((x.points / HUNDRED for x in rows), Fraction(0))) for name, rows in w.GROUPS.items()]
    grades = [(number + 1, least / HUNDRED) for number, (_, least) in enumerate(w.GRADES)]
    for one in own.objects:
        low = dict.fromkeys(w.GROUPS, Fraction(0))
        high = dict(groups)
        rows = []
        complete = True
        for value, (x, t, p, ample) in zip(one, own.rows, strict=True):
            found = row_results(x, value, t, p, ample)
            rows.append(found)
            if found[0] is None:
                complete = False
            else:
                low[x.group] += found[0]
                high[x.group] += found[0] - p
        least, most = sum(low.values()), sum(high.values())
        grade = next(number for number, from_ in grades if least >= from_) if complete else 0
        made.append((rows, low, high, least, most, complete, grade))
    return made


def results(made: list[tuple[Any, ...]]) -> "Results":
    """Hundredths."""
    import numpy as np

    found: dict[str, Any] = {}
    for at, x in enumerate(w.INDICATORS):
        scores = [one[0][at] for one in made]
        found[f"score:{x.name}"] = np.array([-1 if s[0] is None else int(s[0] * 100) for s in scores])
        found[f"status:{x.name}"], found[f"case:{x.name}"] = (np.array([s[k] for s in scores]) for k in (1, 2))
    for name in w.GROUPS:
        for end, at in (("low", 1), ("high", 2)):
            found[f"{end}:{name}"] = np.array([int(one[at][name] * 100) for one in made])
    for name, at, by in (("low", 3, 100), ("high", 4, 100), ("complete", 5, 1), ("grade", 6, 1)):
        found[name] = np.array([int(one[at] * by) for one in made])
    return found


def from_file(source: Path, target: Path, threads: int) -> None:
    """With pyarrow."""
    _arrow.through(source, target, threads, lambda data: results(score(loaded(data, threads))))
