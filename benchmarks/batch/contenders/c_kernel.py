"""A kernel in C, made for this plan by gcc and called through ctypes: how fast the machine is."""

import ctypes
import hashlib
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any, NamedTuple

import workload as w

from . import Data, _arrow

if TYPE_CHECKING:
    from . import Array, Results

NAME, NEEDS, MOST = "C kernel", ("numpy",), 10**8
BLOCK = 4096
SOURCE = """
#include <stdint.h>
#include <string.h>
#define NONE INT64_MIN
typedef int32_t cents; typedef uint8_t small;
typedef struct { int32_t low[%(block)d], high[%(block)d]; small open[%(block)d]; } sums;

#define EACH for (int i = 0; i < n; i++)
#define PUT(MET, AMPLE, SCORE, CASE, P) \\
    small there = a != NONE, met = MET, ample = AMPLE; int32_t made = SCORE; int32_t kept = made & -(int32_t)there; \\
    score[i] = there ? made : -1; \\
    status[i] = there ? 3 - 2 * met + ample : 4; \\
    kase[i] = there ? CASE : 0; \\
    s->low[i] += kept; s->high[i] += there ? made : P; s->open[i] |= !there;
#define HEAD(NAME, TYPE) static void NAME(const TYPE *restrict x, int n, cents *restrict score, small *restrict status, small *restrict kase, sums *restrict s

%(rows)s

void run(const void **in, void **out, int64_t first, int64_t last) {
  static __thread sums group, all;
  for (int64_t at = first; at < last; at += %(block)d) {
    int n = last - at < %(block)d ? last - at : %(block)d;
    memset(&all, 0, sizeof all);
%(calls)s
    small *complete = (small *)out[%(complete)d] + at, *grade = (small *)out[%(grade)d] + at;
    cents *low = (cents *)out[%(low)d] + at, *high = (cents *)out[%(high)d] + at;
    EACH {
      low[i] = all.low[i]; high[i] = all.high[i]; complete[i] = !all.open[i];
      small g = %(grades)s;
      grade[i] = all.open[i] ? 0 : g;
    }
  }
}
"""


def _row(at: int, x: w.Indicator) -> str:
    """The function of one indicator; a value is first brought into 32 bits, beyond which the score no longer changes."""
    t, p = x.target, x.points
    head = f"HEAD(row{at}, {'int8_t' if x.kind == w.WORD else 'int64_t'})) {{ EACH {{ "
    if x.kind == w.WORD:
        return head + (
            f"small there = x[i] >= 0, yes = x[i] > 0; score[i] = there ? yes * {p} : -1; status[i] = there ? yes ? 1 : 6 : 4;"
            f" kase[i] = there ? 2 - yes : 0; s->low[i] += yes * {p}; s->high[i] += there ? yes * {p} : {p}; s->open[i] |= !there; }} }}"
        )
    top = {w.AT_MOST: 2 * p * t + 1}.get(x.kind, 1 << 28)
    head += f"int64_t a = x[i]; int32_t v = a < {-(1 << 24)} ? {-(1 << 24)} : a > {top} ? {top} : a; "
    met, ample = (f"v <= {t}", f"v < {x.ample}") if x.kind == w.AT_MOST else (f"v >= {t}", f"v > {x.ample}")
    case = "2 - met"
    match x.kind:
        case w.AT_LEAST:
            score = f"({2 * p} * (v < {t} ? v : {t}) + {t}) / {2 * t}"
        case w.AT_MOST:
            score = f"(int32_t)((double)({2 * p * t} + (v > {t} ? v : {t})) / (double)(2 * (v > {t} ? v : {t})))"
        case w.BANDS:
            score = f"v >= {t} ? {p} : v >= 8000 ? {p * 4 // 5} : v >= 6000 ? {p // 2} : 0"
            case = "4 - met - (v >= 8000) - (v >= 6000)"
        case w.STEPS:
            lost = f"(v < {t} ? {t} - v : 0) / 100 * 50"
            score = f"{lost} > {p} ? 0 : {p} - {lost}"
        case w.LINE:
            score = f"(10 * v > {6 * t} ? {p} * (10 * (v < {t} ? v : {t}) - {6 * t}) + {2 * t} : 0) / {4 * t}"
            case = f"3 - met - (10 * v > {6 * t})"
    return f"{head} PUT({met}, {ample}, {score}, {case}, {p}) }} }}"


@cache
def outputs() -> dict[str, str]:
    """The results in their order, with their types."""
    made: dict[str, str] = {}
    for x in w.INDICATORS:
        made |= {f"score:{x.name}": "i4", f"status:{x.name}": "u1", f"case:{x.name}": "u1"}
    for name in w.GROUPS:
        made |= {f"low:{name}": "i4", f"high:{name}": "i4"}
    return made | {"low": "i4", "high": "i4", "grade": "u1", "complete": "u1"}


def _text() -> str:
    order = {name: at for at, name in enumerate(outputs())}
    calls, at = [], 0
    for group, rows in w.GROUPS.items():
        calls.append("    memset(&group, 0, sizeof group);")
        for x in rows:
            kind = "int8_t" if x.kind == w.WORD else "int64_t"
            first = order[f"score:{x.name}"]
            calls.append(
                f"    row{at}((const {kind} *)in[{at}] + at, n, (cents *)out[{first}] + at, (small *)out[{first + 1}] + at,"
                f" (small *)out[{first + 2}] + at, &group);"
            )
            at += 1
        low, high = order[f"low:{group}"], order[f"high:{group}"]
        calls.append(
            f"    EACH {{ ((cents *)out[{low}])[at + i] = group.low[i]; ((cents *)out[{high}])[at + i] = group.high[i];"
            " all.low[i] += group.low[i]; all.high[i] += group.high[i]; all.open[i] |= group.open[i]; }"
        )
    grades = " - ".join([str(len(w.GRADES)), *(f"(all.low[i] >= {least})" for _, least in w.GRADES[:-1])])
    numbered = {name: order[name] for name in ("low", "high", "grade", "complete")}
    rows = "\n".join(_row(at, x) for at, x in enumerate(w.INDICATORS))
    return SOURCE % {"block": BLOCK, "rows": rows, "calls": "\n".join(calls), "grades": grades, **numbered}


@cache
def kernel() -> Any:
    """The compiled function."""
    text = _text()
    folder = Path(tempfile.gettempdir()) / f"perfdsl-bench-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    folder.mkdir(exist_ok=True)
    source, made = folder / "kernel.c", folder / "kernel.so"
    if not made.exists():
        source.write_text(text)
        compiler = which("gcc") or "cc"
        subprocess.run([compiler, "-O3", "-march=native", "-shared", "-fPIC", "-o", str(made), str(source)], check=True)
    run = ctypes.CDLL(str(made)).run
    run.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64]
    run.restype = None
    return run


class Own(NamedTuple):
    """The columns, and over how many threads rows are parted."""

    columns: "list[Array]"
    count: int
    threads: int


def loaded(data: Data, threads: int) -> Own:
    """64 bits, the least number for missing; met or not in a byte."""
    import numpy as np

    kernel()
    columns = []
    for x in w.INDICATORS:
        values = data.values[x.name]
        columns.append(
            values.astype(np.int8) if x.kind == w.WORD else np.where(values < 0, np.iinfo(np.int64).min, values)
        )
    return Own(columns, data.count, threads)


def score(own: Own) -> "Results":
    """Every object."""
    import numpy as np

    made = {name: np.empty(own.count, dtype=kind) for name, kind in outputs().items()}
    given = (ctypes.c_void_p * len(own.columns))(*(x.ctypes.data for x in own.columns))
    put = (ctypes.c_void_p * len(made))(*(x.ctypes.data for x in made.values()))
    run, step = kernel(), -(-own.count // own.threads)
    if own.threads == 1:
        run(given, put, 0, own.count)
    else:
        with ThreadPoolExecutor(own.threads) as pool:
            list(pool.map(lambda k: run(given, put, k * step, min(own.count, (k + 1) * step)), range(own.threads)))
    return made


def results(made: "Results") -> "Results":
    """They are that already."""
    return made


def from_file(source: Path, target: Path, threads: int) -> None:
    """With pyarrow."""
    _arrow.through(source, target, threads, lambda data: results(score(loaded(data, threads))))
