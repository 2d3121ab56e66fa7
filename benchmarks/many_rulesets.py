"""Projects with rules of their own against one ruleset for all, per observation: ``python benchmarks/many_rulesets.py [PROJECTS]``.

30 indicators a project (12 met or not, 6 proportional ≥, 4 ≤, 4 bands, 2 step deductions, 2 linear), amounts drawn for each of
200 rulesets, which take turns; observations are a long table of texts in memory, 1 % missing.  What is timed begins with the rules
(a store of plans, a plan), ends with the tables of scores, and has the compilation of both in it.
"""

import io
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import attrs
import numpy as np
import pyarrow as pa

from perfdsl.batch import Job, table_of
from perfdsl.cli.score import read_plans
from perfdsl.engines import embedded
from perfdsl.mixed import MixedJob, opened, store_of, written
from perfdsl.plan import Plan

RULESETS, INDICATORS, PART = 200, 30, 4096
TOPS = range(60, 70)  # per cent, from where the bands and lines of chance begin
EASY_TOPS = (60, 64, 65, 68)  # lines of these have slopes that a store keeps as columns: 1/0.4, 1/0.36, 1/0.35, 1/0.32
KINDS = ["word"] * 12 + ["at least"] * 6 + ["at most"] * 4 + ["bands"] * 4 + ["steps"] * 2 + ["linear"] * 2
WORDS = ("健全", "完备", "规范")
UNIT = {"word": "", "at most": "万元"}


def ruleset(chance: random.Random, tops: Sequence[int]) -> str:
    """One object with amounts of its own."""
    kinds = chance.sample(KINDS, len(KINDS))
    lines, first = ["not_applicable rescale", "grades { 优 >= 90  良 >= 80  中 >= 60  差 < 60 }"], 0
    for group, count in enumerate((8, 12, 10)):
        points = [chance.randint(1, 5) for _ in range(count)]
        lines.append(f"组{group} points {sum(points)} {{")
        for kind, worth in zip(kinds[first : first + count], points, strict=True):
            lines.append(f"  指标{first} {clauses(kind, chance)} points {worth} by {rubric(kind, chance, tops)}")
            first += 1
        lines.append("}")
    return 'use 财预2020_10号\nproject "P" {\n' + "\n".join(lines) + "\n}\n"


def clauses(kind: str, chance: random.Random) -> str:
    """The target."""
    match kind:
        case "word":
            return f'full "{chance.choice(WORDS)}"'
        case "at most":
            return f'full "≤{chance.randint(5, 90)}万元"'
    return f'full "≥{chance.randint(70, 100)}%"'


def rubric(kind: str, chance: random.Random, tops: Sequence[int]) -> str:
    """How it is scored."""
    top = chance.choice(tops)
    match kind:
        case "word":
            return "达标得满分"
        case "bands":
            return f"{{ met -> 100%  actual >= {top}% -> 80%  actual >= {top - 10}% -> 60%  otherwise -> 0 }}"
        case "steps":
            return "{ met -> 100%  otherwise -> max(0, points - 0.5 * ceil(gap / 1%)) }"
        case "linear":
            return f"{{ met -> 100%  completion > {top}% -> interpolate(completion, {top}%: 0%, 100%: 100%)  otherwise -> 0 }}"
    return "比例得分"


def compiled(folder: Path, tops: Sequence[int]) -> list[Plan]:
    """All rulesets."""
    chance, made = random.Random(1), []
    for number in range(RULESETS):
        path = folder / f"{number}.perf"
        path.write_text(ruleset(chance, tops), encoding="utf-8")
        plans, found = read_plans(str(path))
        assert plans is not None, [x.message() for x in found]
        made.append(plans[0])
    return made


def observed(plans: list[Plan], names: list[str], chance: np.random.Generator) -> pa.Table:
    """A long table: every indicator of every project."""
    units = [
        ["%" if "%" in t else "万元" if "万元" in t else "" for i in x.indicators for t in [i.targets[0].target.text]]
        for x in plans
    ]
    unit = np.array(units, dtype=object)[np.arange(len(names)) % len(plans)].ravel()
    numbers = np.array([f"{x / 100:.2f}" for x in range(3000, 12000)], dtype=object)
    words = np.array([*WORDS, "不健全"], dtype=object)
    values = np.where(unit == "", words[chance.integers(0, 4, len(unit))], numbers[chance.integers(0, 9000, len(unit))])
    values[chance.random(len(unit)) < 0.01] = None
    indicators = np.array([f"指标{i}" for i in range(INDICATORS)], dtype=object)
    return pa.table({
        "对象": pa.array(np.repeat(np.array(names, dtype=object), INDICATORS)), "指标": pa.array(np.tile(indicators, len(names))),
        "实际值": pa.array(values, pa.string()), "单位": pa.array(unit, pa.string()),
    })  # fmt: skip


def best_of(run: Callable[[], None], rounds: int) -> float:
    """Seconds of the processor, the median of so many."""
    found = []
    for _ in range(rounds):
        start = time.process_time()
        run()
        found.append(time.process_time() - start)
    return sorted(found)[len(found) // 2]


class Measured(NamedTuple):
    """Microseconds an observation: rules of their own, one ruleset; the share of projects the exact engine scores one by one."""

    own: float
    one: float
    alone: float


def main(count: int, folder: Path, tops: Sequence[int] = TOPS, rounds: int = 3) -> Measured:
    """Both cases side by side."""
    start = time.process_time()
    plans = compiled(folder, tops)
    each = (time.process_time() - start) / RULESETS
    start = time.process_time()
    store = store_of([attrs.evolve(x, object=str(i)) for i, x in enumerate(plans)])
    apart = (time.process_time() - start) / RULESETS
    base = pa.concat_tables(store.parts).combine_chunks()
    names = [f"项目{i:07}" for i in range(count)]
    parts = []
    for first in range(0, count, PART):
        rows = np.arange(first, min(first + PART, count))
        parts.append(
            base.take(pa.array(rows % RULESETS)).set_column(0, "object", pa.array(names[first : first + PART]))
        )
    store.parts = parts
    file = io.BytesIO()
    written(store, file)
    table = observed(plans, names, np.random.default_rng(1))
    alike = observed(plans[:1], names, np.random.default_rng(1))

    def many() -> None:
        job = MixedJob(opened(io.BytesIO(file.getvalue())), embedded)
        assert sum(x.totals.num_rows for x in job.score(table)) == count

    def one() -> None:
        one_job = Job(plans[0], embedded)
        for first in range(0, alike.num_rows, PART * INDICATORS):
            scored = one_job.score(alike.slice(first, PART * INDICATORS))
            table_of(plans[0], scored.part.objects, scored.scores)

    observations = count * INDICATORS
    mine, single = best_of(many, rounds), best_of(one, rounds)
    print(
        f"{count} projects, {observations} observations, {len(store.shapes)} shapes, {len(store.readings)} ways to read a cell"
    )
    print(f"compiling a ruleset {each * 1e3:.0f} ms, taking it apart {apart * 1e3:.1f} ms")
    print(
        f"rules of their own {mine:.2f} s, {mine / observations * 1e6:.2f} µs an observation (reading the store included)"
    )
    print(
        f"one ruleset, long  {single:.2f} s, {single / observations * 1e6:.2f} µs an observation; ratio {mine / single:.2f}"
    )

    alone = sum(1 for part in store.parts for reason in part["reason"].to_pylist() if reason) / count
    print(f"scored one by one by the exact engine: {100 * alone:.0f} % of the projects")
    return Measured(mine / observations * 1e6, single / observations * 1e6, alone)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10**5, Path(made))
