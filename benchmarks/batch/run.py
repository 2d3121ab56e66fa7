"""The common workload side by side in one run: ``python benchmarks/batch/run.py [-o FILE]`` (``make bench-batch``).

Everything is measured in processes of its own, started by this one, which loads nothing: what the system counts for a child as its
largest memory includes what the process that started it held.  Contenders take turns, round after round; the figures are medians.
"""

import argparse
import compileall
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import contenders as c  # noqa: E402 (a folder of scripts, not a package)
import shown  # noqa: E402

SIZES, ROUNDS, FILE_ROUNDS = (10**3, 10**5, 10**6), {10**3: 21, 10**5: 9, 10**6: 5}, 3
IN_FILES = (shown.OURS, *shown.BY_HAND, shown.LIMIT)
MEBIBYTE = 1 << 20


class Cost(NamedTuple):
    """What a process took: seconds, CPU seconds in and for it, its largest memory in MiB, and what it answered."""

    wall: float
    cpu: float
    peak: float
    told: Any


def launched(*arguments: object) -> Cost:
    """``worker.py`` with these arguments, alone."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, str(HERE / "worker.py"), *map(str, arguments)],
            stdout=out,
            stderr=errors,
            env=environment(),
        )
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), errors.seek(0)
        if child.returncode:
            raise SystemExit(f"worker.py {' '.join(map(str, arguments))}\n{errors.read().decode()[-4000:]}")
        last = out.read().decode().splitlines()[-1]
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / MEBIBYTE
    return Cost(wall, used.ru_utime + used.ru_stime, peak, json.loads(last))


def environment() -> dict[str, str]:
    """Ours, with the project first on the path."""
    return {**os.environ, "PYTHONPATH": str(HERE.parents[1])}


def note(text: str) -> None:
    """How far it is."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


# ---- in memory


def in_memory(
    names: Sequence[str], sizes: Iterable[int], threads: int, rounds: int | None, seconds: float
) -> shown.Times:
    """Every contender at every size it is given; where that is too much for it, its largest one counted up."""
    made: shown.Times = {}
    for size in sizes:
        some = [x for x in names if size <= c.one(x).MOST]
        note(f"in memory, {size} objects, {threads} threads: {', '.join(some)}")
        told = launched("memory", size, threads, rounds or ROUNDS.get(size, 5), seconds, *some).told
        for name in some:
            made[name, size] = {
                "wall": median(told[name]["wall"]),
                "cpu": median(told[name]["cpu"]),
                "wrong": told[name]["wrong"],
                "of": size,
                "rounds": len(told[name]["wall"]),
            }
    for size in sizes:
        for name in names:
            least = max((x for n, x in made if n == name and x < size), default=None)
            if (name, size) not in made and least is not None:
                base = made[name, least]
                by = size / least
                made[name, size] = base | {"wall": base["wall"] * by, "cpu": base["cpu"] * by}
    return made


# ---- from Parquet to Parquet


def from_files(
    names: Sequence[str], size: int, threads: int, rounds: int, seconds: float, folder: Path
) -> dict[str, shown.FileTimes]:
    """Each in a fresh process, so many rounds or as many as begin in time."""
    source = folder / f"actuals-{size}.parquet"
    if not source.exists():
        note(f"writing {source}")
        subprocess.run(
            [sys.executable, str(HERE / "workload.py"), str(size), str(folder)], check=True, stdout=subprocess.DEVNULL
        )
    source.read_bytes()  # into the page cache for everybody
    some = [x for x in names if size <= c.one(x).MOST]
    costs: dict[str, list[Cost]] = {x: [] for x in some}
    end = time.monotonic() + seconds
    for turn in range(rounds):
        if turn and time.monotonic() > end:
            break
        for name in some:
            note(f"Parquet, {size} objects, {threads} threads, round {turn + 1}: {name}")
            costs[name].append(launched("file", name, source, folder / f"{name}.parquet", threads))
    made = {}
    for name, each in costs.items():
        wrong = launched("wrong", folder / f"{name}.parquet", folder / f"{some[0]}.parquet").told["wrong"]
        middle = [median(x[i] for x in each) for i in range(3)]
        made[name] = shown.FileTimes(*middle, each[0].told["bytes"] / MEBIBYTE, wrong, len(each))
    for name in some:
        (folder / f"{name}.parquet").unlink()
    return made


def other_aims(arguments: argparse.Namespace) -> tuple[list[shown.Aim], list[str]]:
    """Compiling, one object, rules of their own; and their figures."""
    note("compiling")
    took = launched("compiling", 5).told
    aims = [
        shown.Aim(f"compiling the plan for {name.removeprefix('integers to ')}, of 100 ms", 1, (took["plan to integers"] + took[name]) / 0.1, None)
        for name in took if name.startswith("integers to")
    ]  # fmt: skip
    out = ["| compiling | ms of CPU |", "|---|---:|", *(f"| {name} | {1e3 * x:.0f} |" for name, x in took.items()), ""]
    note("one object at a time")
    single = launched("one", arguments.single_rounds).told
    out += ["| one object, 30 indicators, µs of CPU | " + " | ".join(single) + " |", "|---|" + "---:|" * len(single)]
    out += [
        f"| {name} | " + " | ".join(shown.figure(single[what][name]) for what in single) + " |"
        for name in next(iter(single.values()))
    ] + [""]
    for what, each in single.items():
        logic = next((x for name, x in each.items() if "compiled" in name), None)
        aims.append(
            shown.Aim(
                f"one object, {what}: perfdsl to compiled JSONLogic",
                1,
                None if logic is None else each["perfdsl scorer"] / logic,
                None,
            )
        )
    out += [
        "| long form, µs an observation | rules of their own | one ruleset | by the exact engine |",
        "|---|---:|---:|---:|",
    ]
    for tops, projects, rounds in (("easy", arguments.projects, 3), ("any", arguments.few_projects, 1)):
        if not projects:
            continue
        note(f"{projects} projects with rules of their own ({tops} slopes)")
        found = launched("many", projects, rounds, tops).told
        name = f"{projects:,} projects, " + ("slopes that are columns" if tops == "easy" else "any slope of a line")
        out.append(
            f"| {name} | {shown.figure(found['own'])} | {shown.figure(found['one'])} | {100 * found['alone']:.0f} % |"
        )
        aims.append(
            shown.Aim(
                f"rules of their own to one ruleset, an observation; {name}", 3, found["own"] / found["one"], None
            )
        )
    return aims, out


def options() -> argparse.Namespace:
    """The command line."""
    every = argparse.ArgumentParser(description="The common workload side by side")
    every.add_argument("--sizes", default=",".join(map(str, SIZES)), help="objects, by commas")
    every.add_argument("--rounds", type=int, help="rounds in memory at most (default 21, 9, 5)")
    every.add_argument("--file-rounds", type=int, default=FILE_ROUNDS, help="rounds from Parquet to Parquet at most")
    every.add_argument(
        "--minutes", type=float, default=10, help="about how long: later rounds are left out where it gets late"
    )
    every.add_argument("--threads", default="1,all", help="1, all or both")
    every.add_argument("--only", default="memory,files,others", help="some of memory, files, others")
    every.add_argument("--contenders", default=",".join(c.ORDER), help="by the names of their files")
    every.add_argument("--single-rounds", type=int, default=40)
    every.add_argument(
        "--projects", type=int, default=10_000, help="with rules of their own, slopes that are columns; 0: none"
    )
    every.add_argument("--few-projects", type=int, default=50, help="with lines of any slope; 0: none")
    every.add_argument("--data", type=Path, help="a folder for the Parquet files, kept (default: one that is removed)")
    every.add_argument("-o", "--output", type=Path, help="write the tables there too")
    return every.parse_args()


def main() -> None:
    """Measure, then tell.  Sources are compiled beforehand, as installing compiles those of everybody else."""
    arguments = options()
    compileall.compile_dir(HERE.parents[1] / "perfdsl", quiet=2)
    sizes = [int(x) for x in arguments.sizes.split(",")]
    known = [x for x in arguments.contenders.split(",") if x in c.ORDER]
    lacking = {x: c.absent(c.one(x)) for x in known}
    if shown.LIMIT in lacking and not shown.gcc():
        lacking[shown.LIMIT] = ["gcc"]
    names = [x for x in known if not lacking[x]]
    gone = [f"{c.one(x).NAME} is left out: {', '.join(why)} not installed." for x, why in lacking.items() if why]
    report = Report(arguments.output, gone)
    with tempfile.TemporaryDirectory() as made:
        folder = arguments.data or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        for word in arguments.threads.split(","):
            threads = 1 if word == "1" else shown.processors()
            told = "1 thread" if threads == 1 else f"{threads} threads"
            if "memory" in arguments.only:
                times = in_memory(names, sizes, threads, arguments.rounds, 3 * arguments.minutes)
                table = [shown.rounds_told(times, sizes), "", *shown.memory_table(names, sizes, times)]
                report.add(f"In memory, {told}", table, shown.memory_aims(times, sizes[-1], told))
            if "files" in arguments.only:
                for size in sizes:
                    some = [x for x in IN_FILES if x in names]
                    found = from_files(some, size, threads, arguments.file_rounds, 4.5 * arguments.minutes, folder)
                    aims = shown.file_aims(found, size, told) if size == sizes[-1] else []
                    report.add(f"Parquet to Parquet, {size:,} objects, {told}", shown.file_table(found), aims)
    if "others" in arguments.only:
        aims, table = other_aims(arguments)
        report.add("Compiling, one object, rules of their own", table, aims)
    print(report.text())


class Report:
    """What is known so far; written after every section, so that a run that is ended leaves what it has."""

    def __init__(self, path: Path | None, gone: Sequence[str]) -> None:
        self.path = path
        self.gone = gone
        self.load, self.started = shown.load(), time.time()
        self.aims: list[shown.Aim] = []
        self.sections: list[str] = []

    def add(self, title: str, table: Sequence[str], aims: Sequence[shown.Aim]) -> None:
        """One more section."""
        self.sections += [f"### {title}", "", *table, ""]
        self.aims += aims
        if self.path is not None:
            self.path.write_text(self.text(), encoding="utf-8")

    def text(self) -> str:
        """All of it."""
        minutes = (time.time() - self.started) / 60
        return "\n".join([
            f"{shown.machine()}.", f"Processes that wanted a processor before and after: {self.load}, {shown.load()}; it took {minutes:.0f} minutes.",
            "CPU time first, clock time in brackets; ratios are of medians; ≈ is counted up from fewer objects.", *self.gone, "",
            "| aim | at most | measured | |", "|---|---:|---:|---|", *(x.line() for x in self.aims), "", *self.sections,
        ])  # fmt: skip


if __name__ == "__main__":
    main()
