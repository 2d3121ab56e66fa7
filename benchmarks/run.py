"""Measure checking, scoring and start-up beside other programs in the same run, and print Markdown tables.

Every figure is the best of several rounds; what is compared takes turns, so that a busy machine disturbs all alike.
"""

import argparse
import gc
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import bands
import generate
import loops

HERE = Path(__file__).resolve().parent
PYTHON = sys.executable
Jobs = dict[str, Callable[[], object]]


def main() -> None:
    """All four parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the files and objects, fewer rounds")
    parser.add_argument("--only", choices=["check", "prove", "score", "start"], help="one part")
    options = parser.parse_args()
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} × {processor()}, {platform.system()}\n"
    )
    for name, part in {"check": checking, "prove": proving, "score": scoring, "start": starting}.items():
        if options.only in (None, name):
            part(options.quick)


def processor() -> str:
    """What the machine says it is."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def best(jobs: Jobs, rounds: int) -> dict[str, float]:
    """The shortest time of each job in seconds; the jobs take turns."""
    found = dict.fromkeys(jobs, float("inf"))
    for _ in range(rounds):
        for name, job in jobs.items():
            gc.collect()
            start = time.perf_counter()
            job()
            found[name] = min(found[name], time.perf_counter() - start)
    return found


def table(head: list[str], rows: list[list[str]]) -> None:
    """A Markdown table."""
    print("| " + " | ".join(head) + " |")
    print("|" + "|".join(["---", *["---:"] * (len(head) - 1)]) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


# ---- checking a repository


def checking(quick: bool) -> None:
    """Cold and warm, in one process and from the command line, beside four parsers."""
    files, count = (100 if quick else 1000), 60
    with tempfile.TemporaryDirectory() as folder:
        repository, cache = Path(folder, "repository"), Path(folder, "cache")
        repository.mkdir()
        texts = [generate.perf(i, count) for i in range(files)]
        for i, text in enumerate(texts):
            (repository / f"{i:04}.perf").write_text(text, encoding="utf-8")
        size = sum(len(text.encode()) for text in texts)
        found = best(parsers(files, size // files), 2 if quick else 3)
        found |= fresh(quick, texts, repository, cache)
        memory = peak(["check", "--no-cache", str(repository)])
        report_check(found, files * count, size, memory)


def parsers(files: int, size: int) -> Jobs:
    """The others, on files of the same size."""
    import yaml  # a benchmark's own dependency
    from beancount.loader import load_string

    made = {name: [write(i, size) for i in range(files)] for name, write in {
        "tomllib": generate.toml, "json": generate.to_json, "PyYAML": generate.yaml, "beancount": generate.beancount}.items()}  # fmt: skip
    few = max(1, files // 20)  # PyYAML and beancount are slow: a part, counted up
    return {
        "tomllib": lambda: [tomllib.loads(x) for x in made["tomllib"]],
        "json": lambda: [json.loads(x) for x in made["json"]],
        f"PyYAML safe_load ×{few}/{files}": lambda: [yaml.safe_load(x) for x in made["PyYAML"][:few]],
        f"beancount ×{few}/{files}": lambda: [load_string(x) for x in made["beancount"][:few]],
    }


def fresh(quick: bool, texts: list[str], repository: Path, cache: Path) -> dict[str, float]:
    """perfdsl: the pipeline with one memo for the run, and the command with and without its cache."""
    from perfdsl.cli.files import Library
    from perfdsl.pipeline import Shared, check
    from perfdsl.text import Source

    def cold() -> None:
        library, shared = Library([]), Shared()
        for i, text in enumerate(texts):
            check(Source(f"{i}.perf", text), library, shared)

    environment = {"PERFDSL_CACHE": str(cache)}
    cold_command = lambda: command(["check", "--no-cache", str(repository)], environment)  # noqa: E731
    again = lambda: command(["check", str(repository)], environment)  # noqa: E731
    found = best({"perfdsl cold": cold, "perfdsl check --no-cache": cold_command}, 2 if quick else 3)
    again()  # fills the cache
    return found | best({"perfdsl check, unchanged": again}, 5)


def report_check(found: dict[str, float], indicators: int, size: int, memory: int) -> None:
    """Times, speeds, and how many times tomllib's time."""
    rows = []
    for name, seconds in found.items():
        shown, _, part = name.partition(" ×")
        whole = seconds * Fraction(part).denominator / Fraction(part).numerator if part else seconds
        per = f"{indicators / whole:,.0f}" if name.startswith("perfdsl") else "–"
        rows.append([shown, f"{whole:.2f}", per, f"{size / whole / 1e6:.2f}", f"{whole / found['tomllib']:.2f}"])
    print(f"## check: {indicators // 60} × 60, {size / 1e6:.1f} MB\n")
    table(["", "s", "indicators/s", "MB/s", "× tomllib"], rows)
    print(f"peak memory of `perfdsl check --no-cache`: {memory / 1024:.0f} MB\n")


def command(arguments: list[str], environment: dict[str, str] | None = None) -> None:
    """``perfdsl`` in a process of its own."""
    run([PYTHON, "-m", "perfdsl", *arguments], environment)


def run(words: list[str], environment: dict[str, str] | None = None) -> None:
    """Any program, its output thrown away."""
    done = subprocess.run(words, capture_output=True, env={**os.environ, **(environment or {})}, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode())


def peak(arguments: list[str]) -> int:
    """The most memory ``perfdsl`` takes, in KiB."""
    program = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], capture_output=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [PYTHON, "-c", program, PYTHON, "-m", "perfdsl", *arguments], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


# ---- proving one rubric


def proving(quick: bool) -> None:
    """Rubrics of 10 to 10,000 bands, beside z3 on the same bands."""
    rows, last = [], None
    for size in bands.SIZES:
        asked = size <= bands.MOST_ASKED
        jobs = {"perfdsl": bands.prover(size)} | ({"z3": bands.solver(size)} if asked else {})
        found = best(jobs, 2 if quick or size > 1_000 else 5)
        ours, theirs = found["perfdsl"], found.get("z3")
        grown = f"{ours / last:.1f}×" if last else "–"
        other = [f"{theirs * 1000:.1f}", f"{theirs / ours:.1f}"] if theirs is not None else ["–", "–"]
        rows.append([f"{size:,}", f"{ours * 1000:.1f}", f"{ours / size * 1e6:.0f}", grown, *other])
        last = ours
    print("## prove: one rubric\n")
    table(["bands", "perfdsl ms", "µs a band", "× the tenth", "z3 ms", "× perfdsl"], rows)


# ---- scoring many objects


def scoring(quick: bool) -> None:
    """One plan of 60 indicators on 1, 1,000 and 100,000 objects."""
    from perfdsl.actuals import Entry, Observed
    from perfdsl.evaluate import evaluate
    from perfdsl.many import many

    plan, specs = loops.plan()
    names = ["/".join(i.path) for i in plan.indicators]
    compiling = best({"many": lambda: many(plan)}, 5)["many"]
    scorer = many(plan)
    assert not scorer.exact_fallback
    rows = []
    for count in (1, 1000, 10_000 if quick else 100_000):
        objects = loops.objects(specs, count)
        floats = [[float(x) for x in row] for row in objects]
        few = objects[: min(count, 200)]

        def engine(few: Any = few) -> None:
            for row in few:
                evaluate(plan, Observed({n: (Entry(value=v, text="…"),) for n, v in zip(names, row)}, {}, {}))

        jobs: Jobs = {
            "float": lambda floats=floats: [loops.float_scores(specs, row) for row in floats],
            "many": lambda objects=objects: list(scorer.rows(objects)),
            "Fraction": lambda part=objects[:2000]: [loops.exact_scores(specs, row) for row in part],
            "evaluate": engine,
        }
        found = best(jobs, 3 if count > 1000 else 5)
        found["Fraction"] *= count / min(count, 2000)
        found["evaluate"] *= count / len(few)
        base = found["float"]
        rows.append([f"{count:,}", *(f"{found[n]:.4g} s ({found[n] / base:.1f}×)" for n in jobs)])
    print("## score: one plan of 60 indicators\n")
    table(["objects", "float loop", "many()", "Fraction loop", "evaluate()"], rows)
    print(f"compiling the plan for many(): {compiling * 1000:.0f} ms, once\n")
    compare_scores(specs, objects, floats, scorer)


def compare_scores(specs: Any, objects: Any, floats: Any, scorer: Any) -> None:
    """Exact against exact must be the same; floats differ somewhere."""
    exact = [loops.exact_scores(specs, row) for row in objects[:2000]]
    ours = list(scorer.rows(objects[:2000]))
    assert all(list(a.scores) == b for a, b in zip(ours, exact, strict=True)), "many() differs from the Fraction loop"
    rounded = [loops.float_scores(specs, row) for row in floats[:2000]]
    wrong = sum(round(f * 100) != e for a, b in zip(rounded, exact, strict=True) for f, e in zip(a, b, strict=True))
    total = sum(round(sum(a) * 100) != sum(b) for a, b in zip(rounded, exact, strict=True))
    print(f"many() and the Fraction loop agree on all {len(exact) * len(specs):,} scores; the float loop is wrong on "
          f"{wrong:,} of them ({wrong / len(exact) / len(specs):.1%}) and on {total:,} of {len(exact):,} totals.\n")  # fmt: skip


# ---- start-up


def starting(quick: bool) -> None:
    """Whole processes, taking turns."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "one.perf")
        file.write_text(generate.perf(7), encoding="utf-8")
        warm = {"PERFDSL_CACHE": str(Path(folder, "cache"))}
        command(["check", str(file)], warm)
        jobs: Jobs = {
            "python -c 'import click'": lambda: run([PYTHON, "-c", "import click"]),
            "python -c pass": lambda: run([PYTHON, "-c", "pass"]),
            "perfdsl --version": lambda: command(["--version"]),
            "perfdsl check, 60 indicators, cold": lambda: command(["check", "--no-cache", str(file)], warm),
            "perfdsl check, unchanged": lambda: command(["check", str(file)], warm),
        }
        found = best(jobs, 10 if quick else 40)
    base = found["python -c 'import click'"]
    print("## start-up\n")
    table(["", "ms", "× import click"], [[n, f"{t * 1000:.1f}", f"{t / base:.2f}"] for n, t in found.items()])


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    main()
