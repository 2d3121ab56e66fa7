"""Small projects as people write them, each with rules of its own, scored in one job: ``python benchmarks/small_projects.py [PROJECTS]``.

Six to ten indicators a project: words, numbers and bands; 预算执行率 by a formula over its funds (three of four projects), a rate by
a formula over inputs (one of three), a condition on an input (one of five), 资金到位率 against the year gone, a ceiling (one of twenty).
Prints how many projects go by shape, why the others do not, how many shapes there are, and the processor time of each part of the job.
"""

import io
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence

import attrs
import pyarrow as pa
from many_rulesets import clauses, rubric

from perfdsl.engines import embedded
from perfdsl.mixed import MixedJob, opened, store_of, written
from perfdsl.pipeline import check
from perfdsl.plan import Plan
from perfdsl.resources import data_dir
from perfdsl.text import Source

RULESETS = 300
KINDS = ("word", "word", "word", "at least", "at least", "at most", "bands", "steps")
LINES = ("人员经费", "运行维护费", "设备购置费", "服务采购费")


class Library:
    """The rulesets of the repository."""

    def library(self, name: str) -> Source | None:
        """By name."""
        path = data_dir("rulesets") / f"{name}.perf"
        return Source(path.name, path.read_text(encoding="utf-8")) if path.is_file() else None

    def local(self, beside: Source, path: str) -> None:
        """There are none."""

    def library_names(self) -> list[str]:
        """Those there are."""
        return sorted(p.stem for p in data_dir("rulesets").glob("*.perf"))


def project(chance: random.Random) -> tuple[str, list[tuple[str, str, str]]]:
    """Rules, and a row of actuals for each name in them (name, unit, values to choose from with a stroke between)."""
    head = ["year 2024", "not_applicable rescale", "grades { 优 >= 90  良 >= 80  中 >= 60  差 < 60 }"]
    rows: list[str] = []
    given: list[tuple[str, str, str]] = []
    if chance.random() < 0.75:
        lines = chance.sample(LINES, chance.choice((1, 1, 2, 3)))
        amounts = [chance.randint(500, 90000) for _ in lines]
        total = f"{sum(amounts) / 100:.2f}"
        head.append(f"funds 万元 {{\n income 财政拨款 full {total}\n"
                    + "".join(f" spend {x} full {y / 100:.2f}\n" for x, y in zip(lines, amounts, strict=True)) + "}")  # fmt: skip
        rows.append('预算执行率 = spent(支出) / budget(支出) full "=100%"')
        given += [(x, "万元", f"{y / 100:.2f}|{y / 125:.2f}") for x, y in zip(lines, amounts, strict=True)]
        rows.append('资金到位率 half "序时进度" full "=100%"')
        given.append(("资金到位率", "", "100%|90%"))
    if chance.random() < 0.33:
        head += ["input 应办件 : 件 values whole 1 ..", "input 办结件 : 件 values whole 0 .."]
        rows.append(f'办结率 = 办结件 / 应办件 full "≥{chance.randint(80, 99)}%"')
        given += [("应办件", "", "100|250"), ("办结件", "件", "90|241")]
    condition = chance.random() < 0.2
    if condition:
        head.append('input 实施方式 values "自办", "外包"')
        given.append(("实施方式", "", "自办|外包"))
    for number in range(chance.randint(5, 7)):
        kind = chance.choice(KINDS)
        only = ' applies 实施方式 = "外包"' if condition and not number else ""
        rows.append(f"指标{number} {clauses(kind, chance)}{only} by {rubric(kind, chance, range(60, 70))}")
        unit = {"word": "", "at most": "万元"}.get(kind, "%")
        given.append((f"指标{number}", unit, "健全|完备|无" if kind == "word" else "75.5|88|99.25"))
    points = [chance.randint(3, 20) for _ in rows]
    made = [x if " by " in x else f"{x} by 比例得分" for x in rows]
    body = "\n".join(x.replace(" by ", f" points {y} by ", 1) for x, y in zip(made, points, strict=True))
    if chance.random() < 0.05:
        body += "\nceiling not met(指标0) -> 良"
    return 'use 财预2020_10号\nproject "P" {\n' + "\n".join(head) + f"\n{body}\n}}\n", given


def projects(count: int = RULESETS) -> tuple[list[Plan], list[list[tuple[str, str, str]]]]:
    """Their plans and rows."""
    chance, library = random.Random(7), Library()
    plans, rows = [], []
    for _ in range(count):
        text, given = project(chance)
        made = check(Source("p.perf", text), library)
        assert made.usable, ([x.message() for x in made.found], text)
        plans.append(made.plans()[0])
        rows.append(given)
    return plans, rows


def observed(rows: Sequence[Sequence[tuple[str, str, str]]], count: int) -> pa.Table:
    """A long table of so many projects that take turns."""
    chance = random.Random(3)
    lines = [(f"项目{i}", name, "" if chance.random() < 0.01 else chance.choice(values.split("|")), unit)
             for i in range(count) for name, unit, values in rows[i % len(rows)]]  # fmt: skip
    return pa.table({head: [x[n] for x in lines] for n, head in enumerate(("对象", "指标", "实际值", "单位"))})


def main(count: int) -> None:
    """Build, score, tell."""
    start = time.process_time()
    plans, rows = projects()
    each = (time.process_time() - start) / len(plans)
    start = time.process_time()
    store = store_of([attrs.evolve(plans[i % len(plans)], object=f"项目{i}") for i in range(count)])
    apart = (time.process_time() - start) / count
    file = io.BytesIO()
    written(store, file)
    reasons = Counter(x for part in store.parts for x in part.column("reason").to_pylist())
    table = observed(rows, count)
    print(f"{count} projects, {table.num_rows} observations, {len(store.shapes)} shapes; compiling {each * 1e3:.0f} ms, "
          f"taking apart {apart * 1e3:.1f} ms a project, {len(file.getvalue()) / count:.0f} bytes")  # fmt: skip
    print("by shape", reasons.pop("", 0), "one by one", dict(reasons))
    for again in ("first", "again"):
        start = time.process_time()
        job = MixedJob(opened(io.BytesIO(file.getvalue())), embedded)
        assert sum(x.totals.num_rows for x in job.score(table)) == count
        spent = time.process_time() - start
        print(
            f"{again}: {spent:.2f} s, {spent / count * 1e3:.2f} ms a project, {spent / table.num_rows * 1e6:.1f} µs an observation"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
