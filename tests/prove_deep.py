"""Small rubrics by the million: the prover against brute force that knows the truth.  ``make prove-deep`` runs all of it.

Every family is enumerated: cases × inclusive and exclusive ends × awards × domains × directions × targets.  The oracle is
a table: each condition and each award is written twice, as an expression of the core and as a plain function of the
actual, and the functions are tried on a grid that is exact for the family: every border, crossing and step lies on
quarters, values there are multiples of an eighth, and beside every quarter stand two neighbours a 64th away.
"""

import argparse
import itertools
import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from perfdsl import core as c
from perfdsl import model as m
from perfdsl.prove.bands import check_grades
from perfdsl.prove.contract import Verdict, decide
from perfdsl.prove.outside import Outside
from perfdsl.prove.survey import Problem

F = Fraction
A, P = c.Ref("actual"), c.Ref("input:数")
STRIDE = 1_000_003  # a prime: indices spread over the whole family, each met once


class Both(NamedTuple):
    """The same thing said twice."""

    expr: c.Expr
    plain: Callable[[Fraction, Fraction], Any]


class Sample(NamedTuple):
    """One generated rubric: what the prover gets, and what the oracle tries."""

    problem: Problem
    cases: tuple[tuple[Both, Both], ...]
    met: Both | None
    xs: Sequence[Fraction]
    ps: Sequence[Fraction]


def const(n: object) -> c.Const:
    return c.Const(F(n))  # type: ignore[arg-type]


OPS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": lambda a, b: a >= b, ">": lambda a, b: a > b, "<=": lambda a, b: a <= b, "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
}  # fmt: skip


def limit(op: str, at: int) -> Both:
    return Both(c.Compare(op, A, const(at)), lambda x, p: OPS[op](x, F(at)))


def band(low: str, at: int, high: str, to: int) -> Both:
    return Both(
        c.And((c.Compare(low, A, const(at)), c.Compare(high, A, const(to)))),
        lambda x, p: OPS[low](x, F(at)) and OPS[high](x, F(to)),
    )


def line(slope: object, level: object) -> c.Expr:
    return c.Add((c.Mul((const(slope), A)), const(level)))


ALL = Both(c.TRUE, lambda x, p: True)
LIMITS = [limit(op, at) for op in OPS for at in (1, 2, 3)]
SPANS = [band(low, at, high, at + 1) for low in (">=", ">") for high in ("<=", "<") for at in (0, 1, 2)]
CONDITIONS = [*LIMITS, *SPANS, ALL]
AWARDS = [
    Both(const(0), lambda x, p: F(0)),
    Both(const(2), lambda x, p: F(2)),
    Both(const(3), lambda x, p: F(3)),
    Both(const(4), lambda x, p: F(4)),
    Both(A, lambda x, p: x),
    Both(c.Min((A, const(3))), lambda x, p: min(x, F(3))),
    Both(line(-1, 4), lambda x, p: 4 - x),
    Both(c.Max((c.ZERO, line(-1, 3))), lambda x, p: max(F(0), 3 - x)),
    Both(line("1/2", 1), lambda x, p: x / 2 + 1),
    Both(c.Floor(line("1/2", 1)), lambda x, p: F(math.floor(x / 2 + 1))),
    Both(c.Mul((const(-1), c.Floor(c.Mul((const(-1), A))))), lambda x, p: F(math.ceil(x))),
    Both(c.Round(A, 0), lambda x, p: F(math.floor(x + F(1, 2)))),
    Both(c.Max((c.ZERO, c.Add((const(3), c.Mul((const("-1/2"), c.Floor(A))))))),
         lambda x, p: max(F(0), 3 - F(math.floor(x)) / 2)),
    Both(c.Div(const(6), c.Add((A, const(2)))), lambda x, p: 6 / (x + 2)),
    Both(c.Max((line(-1, 2), line(1, -2))), lambda x, p: abs(x - 2)),
]  # fmt: skip
REAL, WHOLE = c.Domain(F(0), F(4)), c.Domain(F(0), F(4), True, F(1))
HALVES, OPEN = c.Domain(F(0), F(4), True, F(1, 2)), c.Domain(F(0), None)
DOMAINS = [REAL, WHOLE, HALVES, OPEN]
NEAR = F(1, 64)


def grid(domain: c.Domain, top: int = 4) -> list[Fraction]:
    """Quarters, eighths, and two neighbours of every quarter; far numbers where there is no end."""
    quarters = [F(n, 4) for n in range(4 * top + 1)]
    found = {*(F(n, 8) for n in range(8 * top + 1)), *(q + NEAR for q in quarters), *(q - NEAR for q in quarters)}
    if domain.high is None:
        found |= {F(n) for n in (5, 6, 7, 8, 9, 100, 1000)}
    return sorted(x for x in found if domain.holds(x))


XS = {domain: grid(domain) for domain in DOMAINS}
TARGETS = (None, 1, 2)


GOALS = {(target, op): limit(op, target) for target in (1, 2) for op in (">=", "<=")}


def judge_at(target: int, direction: str) -> tuple[c.Judge, Both]:
    met = GOALS[target, ">=" if direction == "higher" else "<="]
    return c.Judge(const(target), met.expr, c.UNDEFINED, c.UNDEFINED, c.UNDEFINED), met


class Family:
    """All choices in a fixed order; ``sample(i)`` is the i-th of ``size``."""

    def __init__(self, conditions: list[Both], awards: list[Both], most: int, other: c.Domain | None = None) -> None:
        self.cases = [len(conditions) * len(awards)] * most
        self.conditions, self.awards, self.other = conditions, awards, other
        self.domains = DOMAINS if other is None else [REAL]
        self.size = math.prod(self.cases) * len(self.domains) * 2 * len(TARGETS)

    def sample(self, index: int) -> Sample:
        index, target = divmod(index, len(TARGETS))
        index, direction = divmod(index, 2)
        index, domain = divmod(index, len(self.domains))
        cases = []
        for _ in self.cases:
            index, award = divmod(index, len(self.awards))
            index, condition = divmod(index, len(self.conditions))
            cases.append((self.conditions[condition], self.awards[award]))
        way = ("higher", "lower")[direction]
        judge, met = judge_at(TARGETS[target] or 0, way) if TARGETS[target] else (None, None)
        problem = Problem(
            cases=tuple((when.expr, award.expr, None) for when, award in cases), judge=judge, domain=self.domains[domain],
            low=F(0), high=F(3), points=F(3), direction=way,
            outside=() if self.other is None else ((P.name, Outside(self.other)),),
        )  # fmt: skip
        ps = [F(0)] if self.other is None else grid(self.other, 3)
        return Sample(problem, tuple(cases), met, XS[self.domains[domain]], ps)


def against(op: str, slope: int, level: int) -> Both:
    return Both(
        c.Compare(op, A, c.Add((c.Mul((const(slope), P)), const(level)))),
        lambda x, p: OPS[op](x, slope * p + level),
    )


PLANE = [*(against(op, slope, level) for op in (">=", ">", "<") for slope, level in ((1, 0), (-1, 3), (1, 1))),
         Both(c.Compare(">", P, const(1)), lambda x, p: p > 1), limit(">=", 2), limit("<", 2), ALL]  # fmt: skip
PLANE_AWARDS = [
    Both(const(0), lambda x, p: F(0)), Both(const(3), lambda x, p: F(3)), Both(P, lambda x, p: p),
    Both(c.Min((A, P)), lambda x, p: min(x, p)), Both(c.Add((A, c.Mul((const(-1), P)))), lambda x, p: x - p),
    Both(c.Max((c.ZERO, c.Add((const(3), c.Mul((const(-1), A)), P)))), lambda x, p: max(F(0), 3 - x + p)),
]  # fmt: skip
ONE, TWO, THREE = (Family(CONDITIONS, AWARDS, most) for most in (1, 2, 3))
OTHERS = Family(PLANE, PLANE_AWARDS, 2, c.Domain(F(0), F(3)))


# ---- the oracle


class Table:
    """Conditions and awards tried once at every point, kept as bits: bit ``i`` is the ``i``-th point, row after row.

    ``levels`` are the awards as their places among all values that occur, so that comparing them is comparing integers.
    """

    def __init__(
        self, conditions: Sequence[Both], awards: Sequence[Both], xs: Sequence[Fraction], ps: Sequence[Fraction]
    ) -> None:
        points = [(x, p) for p in ps for x in xs]
        self.everywhere = (1 << len(points)) - 1
        self.starts = [len(xs) * row for row in range(len(ps) + 1)]
        self.holds = {id(part): _bits(part.plain(x, p) for x, p in points) for part in conditions}
        found = {id(part): [part.plain(x, p) for x, p in points] for part in awards}
        place = {value: place for place, value in enumerate(sorted({v for values in found.values() for v in values}))}
        self.levels = {key: [place[v] for v in values] for key, values in found.items()}
        self.beyond = {key: _bits(not 0 <= v <= 3 for v in values) for key, values in found.items()}
        self.full = {key: _bits(v >= 3 for v in values) for key, values in found.items()}


def _bits(truths: Iterable[bool]) -> int:
    return sum(1 << place for place, truth in enumerate(truths) if truth)


TABLES: dict[tuple[int, c.Domain], Table] = {}


def table_of(sample: Sample) -> Table:
    key = (len(sample.ps), sample.problem.domain)
    if key not in TABLES:
        conditions, awards = (CONDITIONS, AWARDS) if len(sample.ps) == 1 else (PLANE, PLANE_AWARDS)
        TABLES[key] = Table([*conditions, *GOALS.values()], awards, sample.xs, sample.ps)
    return TABLES[key]


def truth(sample: Sample) -> set[str]:
    """What fails, by trying everything."""
    table = table_of(sample)
    met = table.holds[id(sample.met)] if sample.met is not None else table.everywhere
    rest, full, taken, found = table.everywhere, 0, [], set()
    for index, (when, award) in enumerate(sample.cases):
        here = rest & table.holds[id(when)]
        if not here:
            found.add(f"V105:{index}")
            continue
        if here & table.beyond[id(award)]:
            found.add("V102")
        full |= here & table.full[id(award)] & met
        taken.append((here, table.levels[id(award)]))
        rest &= ~here
    if rest:
        found.add("V101")
    if taken and not full:
        found.add("V104")
    if falls(table, taken, 1 if sample.problem.direction == "higher" else -1):
        found.add("V103")
    return found


def falls(table: Table, taken: list[tuple[int, list[int]]], sign: int) -> bool:
    """Does any row of points have an award that is worse than the one before it?  Points without an award do not count."""
    covered = [(f"{here:b}".rjust(table.starts[-1], "0")[::-1], levels) for here, levels in taken]
    for start, stop in itertools.pairwise(table.starts):
        found: list[int | None] = [None] * (stop - start)
        for marks, levels in covered:
            for at in [at for at in range(start, stop) if marks[at] == "1"]:
                found[at - start] = levels[at]
        row = [level for level in found if level is not None]
        if row != sorted(row, reverse=sign < 0):
            return True
    return False


def shows(sample: Sample, verdict: Verdict) -> bool:
    """Does the witness fail when it is tried?"""
    p = dict(verdict.world).get(P.name, F(0))
    tried = []
    for x in verdict.actuals:
        if not sample.problem.domain.holds(x):  # type: ignore[arg-type]
            return False
        case = next((i for i, (when, _) in enumerate(sample.cases) if when.plain(x, p)), None)  # type: ignore[arg-type]
        tried.append(None if case is None else sample.cases[case][1].plain(x, p))  # type: ignore[arg-type]
    match verdict.code:
        case "V101":
            return tried == [None]
        case "V102":
            return tuple(tried) == verdict.awards and not sample.problem.low <= tried[0] <= sample.problem.high
        case "V103":
            worse, better = verdict.actuals
            ordered = worse < better if sample.problem.direction == "higher" else worse > better  # type: ignore[operator]
            return bool(ordered and tuple(tried) == verdict.awards and tried[0] > tried[1])
        case "V104":
            return tuple(tried) == verdict.awards
    return True


def wrong(sample: Sample) -> str:
    """Empty, or how prover and oracle differ."""
    answer = decide(sample.problem)
    said = {f"V105:{v.case}" if v.code == "V105" else v.code for v in answer.verdicts}
    known = truth(sample)
    if answer.doubts:
        return f"not decided: {answer.doubts} in {sample.problem}"
    if said != known:
        return f"missed {sorted(known - said)}, false {sorted(said - known)} in {sample.problem}"
    bad = [v for v in answer.verdicts if not shows(sample, v)]
    return f"witness does not show it: {bad} in {sample.problem}" if bad else ""


# ---- grades


BAND_LIMITS: list[tuple[tuple[str, Fraction], ...]] = [
    (), *(((op, F(at)),) for op in OPS for at in (60, 80)),
    *(((low, F(a)), (high, F(b))) for low in (">=", ">") for high in ("<=", "<") for a, b in ((60, 79), (60, 80), (80, 89))),
]  # fmt: skip
SCALES = [(F(100), 0), (F(100), 1), (F(10), 1)]
GRADES = [bands for n in (1, 2, 3) for bands in itertools.product(BAND_LIMITS, repeat=n)]


@cache
def totals_of(total: Fraction, rounding: int) -> list[Fraction]:
    """Every total that can be printed."""
    return [F(n, 10**rounding) for n in range(int(total * 10**rounding) + 1)]


@cache
def fitting(limits: tuple[tuple[str, Fraction], ...], total: Fraction, rounding: int) -> list[bool]:
    """Which of them a band names."""
    return [all(OPS[op](t * 100 / total, at) for op, at in limits) for t in totals_of(total, rounding)]


def wrong_grades(index: int) -> str:
    """Empty, or how the check of grades differs from trying every total that can be printed."""
    bands, (total, rounding) = GRADES[index // len(SCALES)], SCALES[index % len(SCALES)]
    made = tuple(m.Band(f"级{i}", limits) for i, limits in enumerate(bands))
    found = check_grades(m.Object(kind="project", name="P", total=total, rounding=rounding, grades=made))
    totals = totals_of(total, rounding)
    columns = [fitting(limits, total, rounding) for limits in bands]
    fits = list(zip(*columns, strict=True))
    got = [next((i for i, fit in enumerate(row) if fit), None) for row in fits]
    gaps = [t for t, g, before in zip(totals, got, [0, *got], strict=False) if g is None and before is not None]
    dead = [i for i in range(len(bands)) if i not in got]
    if [gap.total for gap in found.gaps] != gaps:
        return f"gaps {found.gaps} != {gaps} in {bands} {total} {rounding}"
    if [made.index(band) for band in found.dead] != dead:
        return f"dead {found.dead} != {dead} in {bands}"
    best, falls = len(bands), False
    for grade in (g for g in got if g is not None):
        falls = falls or grade > best
        best = min(best, grade)
    if bool(found.dropped) != falls:
        return f"order {found.dropped} in {bands} {total} {rounding}"
    for drop in found.dropped:
        if got[totals.index(drop.total)] != int(drop.band[1:]):
            return f"witness {drop} in {bands}"
    for both in found.overlaps:
        row = fits[totals.index(both.total)]
        if not (row[made.index(both.first)] and row[made.index(both.second)]):
            return f"overlap {both} in {bands}"
    return ""


# ---- running


def indices(size: int, count: int, part: int = 0, parts: int = 1) -> Iterator[int]:
    """``count`` indices spread over ``size``, or all of them; the ``part``-th of so many parts."""
    if count >= size:
        yield from range(part, size, parts)
        return
    assert math.gcd(size, STRIDE) == 1
    for n in range(part, count, parts):
        yield n * STRIDE % size


PARTS = 16
PLAN: dict[str, tuple[Family | None, int]] = {
    "one case": (ONE, 10**9), "two cases": (TWO, 600_000), "three cases": (THREE, 380_000), "another input": (OTHERS, 10**9),
    "grades": (None, 10**9),
}  # fmt: skip


def run(name: str, count: int, part: int = 0, parts: int = 1) -> tuple[int, list[str]]:
    """How many were tried, and what went wrong."""
    family, most = PLAN[name]
    size = family.size if family is not None else len(GRADES) * len(SCALES)
    tried, found = 0, []
    for index in indices(size, min(count, most), part, parts):
        problem = wrong(family.sample(index)) if family is not None else wrong_grades(index)
        tried += 1
        if problem:
            found.append(f"{name} {index}: {problem}")
    return tried, found


def main() -> int:
    """All of it, on as many processes as wanted; the number of rubrics is printed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked.add_argument("--most", type=int, default=10**9, help="at most so many of each family")
    options = asked.parse_args()
    began, total, failed = time.monotonic(), 0, 0
    with ProcessPoolExecutor(options.processes) as pool:
        for name in PLAN:
            tried, wrong_ones = 0, 0
            jobs = [pool.submit(run, name, options.most, part, PARTS) for part in range(PARTS)]
            for job in as_completed(jobs):
                count, found = job.result()
                tried, wrong_ones = tried + count, wrong_ones + len(found)
                print(f"{time.monotonic() - began:6.0f} s  {name}: {tried} tried, {wrong_ones} wrong", flush=True)
                for text in found[:5]:
                    print("  ", text, flush=True)
            total, failed = total + tried, failed + wrong_ones
    spent = sum(os.times()[2:4]) + sum(os.times()[:2])
    print(f"{total} rubrics and grades, {failed} wrong; {spent:.0f} s of processor time, {options.processes} processes")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
