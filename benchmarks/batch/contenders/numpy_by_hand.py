"""numpy by hand: a block of rows at a time, so that what is worked out stays in the cache; divisions in doubles below 2**53."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import workload as w

from . import Data, _arrow

if TYPE_CHECKING:
    from . import Array, Results

NAME, NEEDS, MOST = "numpy", ("numpy",), 10**8
BLOCK = 8192


class Own(NamedTuple):
    """The columns: 64 bits with a byte that says where there is a value; words as one byte."""

    values: "dict[str, Array]"
    there: "dict[str, Array]"
    count: int
    threads: int


def loaded(data: Data, threads: int) -> Own:
    """0 where there is none."""
    import numpy as np

    kinds = {x.name: np.int8 if x.kind == w.WORD else np.int64 for x in w.INDICATORS}
    values = {name: np.maximum(x, 0).astype(kinds[name]) for name, x in data.values.items()}
    return Own(values, {name: x >= 0 for name, x in data.values.items()}, data.count, threads)


def row_results(row: w.Indicator, a: "Array", there: "Array") -> "tuple[Any, Any, Any]":
    """Score (0 where there is none), status and case of a block."""
    import numpy as np

    t, p, u1 = row.target, row.points, np.uint8
    if row.kind == w.WORD:
        yes = a.view(u1)
        return yes * np.int16(p), u1(w.UNJUDGED) - yes * u1(w.UNJUDGED - w.REACHED), u1(2) - yes
    less = row.kind == w.AT_MOST
    met = (a <= t if less else a >= t).view(u1)
    ample = (a < row.ample if less else a > row.ample).view(u1)
    status, case = u1(w.MISSED) - met - met + ample, u1(2) - met
    match row.kind:
        case w.AT_LEAST:
            v = np.minimum(a, t).astype(np.float64)
            made = ((v * (2 * p) + t) / (2 * t)).astype(
                np.int32
            )  # towards zero, which is down for what is not below it
        case w.AT_MOST:
            v = np.maximum(a, t).astype(np.float64)
            made = ((v + 2 * p * t) / (v + v)).astype(np.int32)
        case w.BANDS:
            first, second = (a >= 8000).view(u1), (a >= 6000).view(u1)
            case = u1(4) - met - first - second
            made = met * np.int32(p - p * 4 // 5) + first * np.int32(p * 4 // 5 - p // 2) + second * np.int32(p // 2)
        case w.STEPS:
            short = np.maximum(t - a, 0).astype(np.float64)
            made = np.maximum(p - 50 * (short / 100).astype(np.int32), 0)
        case w.LINE:
            above = (a * 10 > 6 * t).view(u1)
            case = u1(3) - met - above
            v = np.clip(a, 6 * t // 10, t).astype(np.float64)
            made = ((v * (20 * p) - (12 * p * t - 4 * t)) / (8 * t)).astype(np.int32) * above
    return made, status, case


def score(own: Own) -> "Results":
    """Every object."""
    import numpy as np

    made: dict[str, Any] = {}
    for x in w.INDICATORS:
        made |= {f"score:{x.name}": np.int32, f"status:{x.name}": np.uint8, f"case:{x.name}": np.uint8}
    for name in w.GROUPS:
        made |= {f"low:{name}": np.int32, f"high:{name}": np.int32}
    made |= {"low": np.int32, "high": np.int32, "grade": np.uint8, "complete": np.bool_}
    made = {name: np.empty(own.count, kind) for name, kind in made.items()}
    firsts = range(0, own.count, BLOCK)
    if own.threads == 1:
        for first in firsts:
            block(own, made, first)
    else:
        with ThreadPoolExecutor(own.threads) as pool:
            list(pool.map(lambda first: block(own, made, first), firsts))
    return made


def block(own: Own, made: "Results", first: int) -> None:
    """Some rows."""
    import numpy as np

    rows = slice(first, min(first + BLOCK, own.count))
    count = rows.stop - rows.start
    low, high, complete = np.zeros(count, np.int32), np.zeros(count, np.int32), np.ones(count, np.bool_)
    for name, found in w.GROUPS.items():
        least, more = np.zeros(count, np.int32), np.zeros(count, np.int32)
        for x in found:
            there = own.there[x.name][rows]
            byte = there.view(np.uint8)
            score, status, case = row_results(x, own.values[x.name][rows], there)
            gone = byte ^ np.uint8(1)
            score = score * byte
            least += score
            more += gone * np.int16(x.points)
            complete &= there
            np.subtract(score, gone, out=made[f"score:{x.name}"][rows])
            np.multiply(case, byte, out=made[f"case:{x.name}"][rows])
            np.copyto(status, w.MISSING, where=~there)
            made[f"status:{x.name}"][rows] = status
        more += least
        made[f"low:{name}"][rows], made[f"high:{name}"][rows] = least, more
        low += least
        high += more
    made["low"][rows], made["high"][rows], made["complete"][rows] = low, high, complete
    grade = np.full(count, len(w.GRADES), np.uint8)
    for _, least_of in w.GRADES[:-1]:
        grade -= (low >= least_of).view(np.uint8)
    np.multiply(grade, complete.view(np.uint8), out=made["grade"][rows])


def results(made: "Results") -> "Results":
    """They are that already."""
    return made


def from_file(source: Path, target: Path, threads: int) -> None:
    """With pyarrow."""
    _arrow.through(source, target, threads, lambda data: results(score(loaded(data, threads))))
