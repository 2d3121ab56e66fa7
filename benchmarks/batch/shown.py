"""What was measured as tables: times, ratios, what is aimed at, and the machine."""

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import date
from importlib import metadata
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

import contenders as c

OURS, POLARS, LIMIT, FISCA, ZEN = "perfdsl_embedded", "polars_by_hand", "c_kernel", "openfisca", "zen"
BY_HAND = ("polars_by_hand", "duckdb_by_hand", "numpy_by_hand")
LIBRARIES = ("numpy", "pyarrow", "polars", "duckdb", "openfisca-core", "zen-engine", "datalogic-py")

# by contender and size: wall, cpu (seconds), wrong (rows), of (the size it was measured at), rounds
Times = dict[tuple[str, int], dict[str, Any]]


class FileTimes(NamedTuple):
    """Medians of one contender, and the rows that differ from perfdsl's."""

    wall: float
    cpu: float
    peak: float
    size: float
    wrong: int
    rounds: int


def memory_table(names: Sequence[str], sizes: Sequence[int], made: Times) -> list[str]:
    """Milliseconds of CPU and, in brackets, of the clock; ratios at the largest size."""
    last = sizes[-1]
    heads = [f"{size:,} ms" for size in sizes]
    out = [
        "| | " + " | ".join(heads) + " | µs/object | × Polars | × C | wrong rows |",
        "|---|" + "---:|" * (len(sizes) + 4),
    ]
    for name in names:
        cells = []
        for size in sizes:
            one = made.get((name, size))
            near = "≈ " if one is not None and one["of"] < size else ""
            cells.append("–" if one is None else f"{near}{figure(1e3 * one['cpu'])} ({figure(1e3 * one['wall'])})")
        one = made.get((name, last))
        if one is None:
            continue
        ratios = [both(made, name, other, last) for other in (POLARS, LIMIT)]
        wrong = str(one["wrong"]) + ("" if one["of"] == last else f" of {one['of']:,}")
        out.append(
            f"| {c.one(name).NAME} | {' | '.join(cells)} | {figure(1e6 * one['cpu'] / last)} | {' | '.join(ratios)} | {wrong} |"
        )
    return out


def rounds_told(made: Times, sizes: Sequence[int]) -> str:
    """How many rounds there were."""
    found = {
        size: max((x["rounds"] for (_, n), x in made.items() if n == size == x["of"]), default=0) for size in sizes
    }
    return "Rounds: " + ", ".join(f"{rounds} of {size:,} objects" for size, rounds in found.items()) + "."


def both(made: Times, name: str, other: str, size: int) -> str:
    """The ratio of CPU times, and of clock times in brackets."""
    a, b = made.get((name, size)), made.get((other, size))
    return "–" if a is None or b is None else f"{figure(a['cpu'] / b['cpu'])} ({figure(a['wall'] / b['wall'])})"


def file_table(found: dict[str, FileTimes]) -> list[str]:
    """Seconds, memory, and ratios to the best by hand."""
    best = fastest(found)
    out = [
        "| | CPU s | clock s | × best by hand | peak MiB | written MiB | rows that differ | rounds |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, x in found.items():
        ratio = "–" if best is None else f"{figure(x.cpu / found[best].cpu)} ({figure(x.wall / found[best].wall)})"
        out.append(
            f"| {c.one(name).NAME} | {figure(x.cpu)} | {figure(x.wall)} | {ratio} | {x.peak:.0f} | {x.size:.1f} |"
            f" {x.wrong} | {x.rounds} |"
        )
    return out


def fastest(found: dict[str, FileTimes]) -> str | None:
    """The one by hand that takes least."""
    there = [x for x in BY_HAND if x in found]
    return min(there, key=lambda x: found[x].cpu) if there else None


class Aim(NamedTuple):
    """A ratio, what it should be at most, by CPU and by the clock."""

    what: str
    most: float
    cpu: float | None
    wall: float | None

    def line(self) -> str:
        """One row of the table."""
        if self.cpu is None:
            return f"| {self.what} | {figure(self.most)} | – | not measured |"
        clock = "" if self.wall is None else f" ({figure(self.wall)})"
        return f"| {self.what} | {figure(self.most)} | {figure(self.cpu)}{clock} | {'reached' if self.cpu <= self.most else '**missed**'} |"


def memory_aims(made: Times, size: int, threads: str) -> list[Aim]:
    """Against those by hand, OpenFisca and zen-engine."""
    found = []
    for other, most, what in (
        (POLARS, 0.75, "exact Polars by hand"), (LIMIT, 3, "the C kernel"), (FISCA, 1 / 3, "OpenFisca"), (ZEN, 1 / 500, "zen-engine's batch call"),
    ):  # fmt: skip
        a, b = made.get((OURS, size)), made.get((other, size))
        of = f", counted up from {b['of']:,}" if b is not None and b["of"] < size else ""
        pair = (None, None) if a is None or b is None else (a["cpu"] / b["cpu"], a["wall"] / b["wall"])
        found.append(Aim(f"in memory, {size:,} objects, {threads}: perfdsl to {what}{of}", most, *pair))
    return found


def file_aims(found: dict[str, FileTimes], size: int, threads: str) -> list[Aim]:
    """Against the fastest by hand."""
    best, ours = fastest(found), found.get(OURS)
    if best is None or ours is None:
        return []
    other = found[best]
    start = f"Parquet to Parquet, {size:,} objects, {threads}: perfdsl to {c.one(best).NAME}, the best by hand"
    return [
        Aim(start, 1, ours.cpu / other.cpu, ours.wall / other.wall),
        Aim(f"{start}, peak memory", 1.2, ours.peak / other.peak, None),
    ]


def figure(x: float) -> str:
    """Three figures."""
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}"


def machine() -> str:
    """On what, with what, when."""
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        model = next(
            (
                x.partition(":")[2].strip()
                for x in Path("/proc/cpuinfo").read_text().splitlines()
                if x.startswith("model name")
            ),
            model,
        )
    found = []
    for name in LIBRARIES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(f"{name} not installed")
    compiler = (
        subprocess.run(["gcc", "-dumpfullversion"], capture_output=True, text=True, check=False).stdout.strip()
        if gcc()
        else "none"
    )
    return (
        f"{date.today().isoformat()}; {processors()} × {model}, {platform.system()}, CPython {platform.python_version()}, gcc {compiler}; "
        + ", ".join(found)
    )


def gcc() -> bool:
    """Is there a compiler?"""
    return which("gcc") is not None


def processors() -> int:
    """Those this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load() -> str:
    """How many processes wanted a processor in the last minute."""
    return f"{os.getloadavg()[0]:.1f}"
