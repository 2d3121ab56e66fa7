"""Every engine against the exact one on rules and objects by chance, at length: ``make differential N=1000000``.

Prints for each engine how many objects and cells were compared, and how many objects were not its own: rules that whole-number
arithmetic does not cover (``handed`` to the exact engine), numbers the engine has no type for (``refused``).  Only objects an engine
scored itself count.  Ends with 1 where a single cell differs, and prints how to see it again: ``--seed S --only K``.
"""

import argparse
import multiprocessing
import os
import queue
import random
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import Any, NamedTuple

from differential_engines import (
    Answer,
    Batch,
    Programs,
    by_many,
    by_mixed,
    by_projects,
    by_scorer,
    by_table,
    scored_batch,
    shown,
    smallest,
)
from differential_rules import plain_rules, rules_of
from differential_values import SIZES, Chance
from sql_hosts import OnHost, Sqlite, lacking, maria, postgres

from perfdsl.engines import members

Ask = Callable[[Batch], Answer]
WEIGHTS = (13, 3, 3, 1)  # of the sizes of numbers
OBJECTS, CROWD, VARIANTS = 6000, 60, 12
SHARES = {"sqlite": 1.0, "postgres": 1.0, "mysql": 0.05, "table": 0.1, "mixed": 0.1, "scorer": 1.0, "many": 0.15}


class Tally(NamedTuple):
    """Of one engine."""

    rows: int = 0
    cells: int = 0
    handed: int = 0
    refused: int = 0
    wrong: int = 0
    seconds: float = 0.0

    def plus(self, other: "Tally") -> "Tally":
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))


class Told(NamedTuple):
    """What came of the rules of one number."""

    number: int
    tallies: dict[str, Tally]
    exact: float
    found: tuple[str, ...]


@contextmanager
def engines(names: set[str] | None = None) -> Iterator[dict[str, Ask]]:
    """All engines that can be had here, or those of these names."""

    def wanted(name: str) -> bool:
        return names is None or name in names

    made: dict[str, Ask] = {x.NAME: Programs(x) for x in members() if all(find_spec(y) for y in x.NEEDS)}
    made |= {
        "sqlite": Programs(OnHost(Sqlite())),
        "many": by_many,
        "scorer": by_scorer,
        "table": by_table,
        "mixed": by_mixed,
    }
    with ExitStack() as servers:
        if wanted("postgres") and find_spec("psycopg") and not lacking("initdb", "postgres"):
            made["postgres"] = Programs(OnHost(servers.enter_context(postgres())))
        if wanted("mysql") and find_spec("pymysql") and not lacking("mariadbd", "mariadb-install-db"):
            made["mysql"] = Programs(OnHost(servers.enter_context(maria())))
        yield {name: ask for name, ask in made.items() if wanted(name)}


def batches(seed: int, number: int, count: int) -> Iterator[tuple[str, Batch]]:
    """The objects of the rules of one number: in one period or another, with numbers of one size or another."""
    text, plan = rules_of(seed * 1_000_003 + number)
    if plan is None:
        return
    chance = random.Random(f"{seed} {number}")
    for _ in range(chance.choice((1, 1, 2))):
        period = chance.choice(("full", "full", "half"))
        (size,) = chance.choices(SIZES, WEIGHTS)
        many = (
            chance.choice((0, 1, CROWD, CROWD, CROWD))
            if plan.comparisons
            else chance.choice((count,) * 9 + (count // 10, 1, 0))
        )
        yield text, scored_batch(plan, Chance(plan, period, size, chance).objects(many), period)


def tried(seed: int, number: int, asks: dict[str, Ask], count: int = OBJECTS) -> Told:
    """All engines on the rules of one number."""
    tallies: dict[str, Tally] = {}
    found: list[str] = []
    exact, since = 0.0, time.perf_counter()
    for at, (text, batch) in enumerate(batches(seed, number, count)):
        exact += time.perf_counter() - since
        for name, ask in asks.items():
            if len(asks) > 1 and random.Random(f"{seed} {number} {at} {name}").random() >= SHARES.get(name, 1.0):
                continue
            start = time.perf_counter()
            try:
                answer = ask(batch)
            except (KeyboardInterrupt, MemoryError):
                raise
            except Exception as failure:  # noqa: BLE001 - whatever an engine fails by is a finding
                found.append(
                    f"{name} fails: {failure!r}\n--seed {seed} --only {number} --engines {name}\n{traceback.format_exc()}\n{text}"
                )
                answer = Answer(0, 0, (((name, ""), -1, "fails"),))
            if answer.wrong and answer.cells and len(found) < 2:
                found.append(told(name, ask, batch, answer, f"--seed {seed} --only {number} --engines {name}", text))
            spent = time.perf_counter() - start
            made = Tally(answer.rows, answer.cells, answer.handed, answer.refused, len(answer.wrong), spent)
            tallies[name] = tallies.get(name, Tally()).plus(made)
        since = time.perf_counter()
    if "mixed" in asks:
        made, said = projects(seed, number, count)
        tallies["mixed"] = tallies.get("mixed", Tally()).plus(made)
        found += said
    return Told(number, tallies, exact, tuple(found))


def projects(seed: int, number: int, count: int, variants: int = VARIANTS) -> tuple[Tally, list[str]]:
    """Projects of one form with amounts of their own in one job, one by one by the exact engine."""
    chance = random.Random(f"{seed} {number} projects")
    period = chance.choice(("full", "full", "half"))
    (size,) = chance.choices(SIZES, WEIGHTS)
    several = plain_rules(seed * 1_000_003 + number, variants)
    each = max(1, min(count, 960) // variants)
    start = time.perf_counter()
    made = [Batch(plan, Chance(plan, period, size, chance).objects(each), period, ()) for _, plan in several]
    answer = by_projects(made) if made else Answer(0, 0)
    said = []
    if answer.wrong:
        key, i, words = answer.wrong[0]
        text = several[int(words.split()[1].rstrip(":"))][0]
        one = made[int(words.split()[1].rstrip(":"))].ones[max(i, 0)]
        said = [
            f"mixed differs: --seed {seed} --only {number} --engines mixed\n{text}\nperiod {period}\n  {i}: {shown(one)}\n  {key}: {words}"
        ]
    spent = time.perf_counter() - start
    return Tally(answer.rows, answer.cells, answer.handed, answer.refused, len(answer.wrong), spent), said


def told(name: str, ask: Ask, batch: Batch, answer: Answer, again: str, text: str) -> str:
    """A difference as small as it can be made, and how to see it again."""
    small = smallest(batch, ask, answer.wrong[0][1])
    lines = [f"{name} differs: {again}", text, f"period {batch.period}, {len(small.ones)} of {len(batch.ones)} objects"]
    lines += [f"  {i}: {shown(x)}" for i, x in enumerate(small.ones[:5])]
    lines += [f"  {key[0]} {key[1]} of {i}: {said}" for key, i, said in ask(small).wrong[:6]]
    return "\n".join(lines)


def work(seed: int, first: int, step: int, count: int, names: set[str] | None, out: Any, stop: Any) -> None:
    """One process: every ``step``-th number, until told to stop."""
    if first:  # one MariaDB is enough
        names = (names or {x.NAME for x in members()} | SHARES.keys()) - {"mysql"}
    with engines(names) as asks:
        number = first
        while not stop.is_set():
            out.put(tried(seed, number, asks, count))
            number += step


def table(tallies: dict[str, Tally], seconds: float, exact: float, rulesets: int, seed: int) -> str:
    """The figures."""
    head = f"{'engine':<12}{'objects':>12}{'cells':>14}{'handed':>10}{'refused':>10}{'different':>11}{'seconds':>10}"
    lines = [head] + [
        f"{name:<12}{x.rows:>12,}{x.cells:>14,}{x.handed:>10,}{x.refused:>10,}{x.wrong:>11,}{x.seconds:>10,.0f}"
        for name, x in sorted(tallies.items())
    ]
    return "\n".join(
        [
            *lines,
            f"seed {seed}, {rulesets} rulesets, {seconds:,.0f} seconds; the exact engine and the objects took {exact:,.0f} of processor",
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "--rows", type=int, default=20_000, help="objects an engine has scored itself before the run ends"
    )
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", type=int, help="the rules of this number alone")
    parser.add_argument("--engines", default="", help="their names with commas; all that can be had without")
    parser.add_argument("--count", type=int, default=OBJECTS, help="objects a batch")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    told_by = parser.parse_args()
    names = set(told_by.engines.split(",")) if told_by.engines else None
    if told_by.only is not None:
        with engines(names) as asks:
            one = tried(told_by.seed, told_by.only, asks, told_by.count)
        print(*one.found, table(one.tallies, 0, one.exact, 1, told_by.seed), sep="\n\n")
        return 1 if any(x.wrong for x in one.tallies.values()) else 0
    return run(told_by.seed, told_by.rows, told_by.count, names, told_by.processes)


def run(seed: int, wanted: int, count: int, names: set[str] | None, processes: int) -> int:
    """Until every engine that scores all it is given has scored so many objects."""
    context = multiprocessing.get_context("spawn")
    out, stop, since = context.Queue(), context.Event(), time.time()
    workers = [
        context.Process(target=work, args=(seed, i, processes, count, names, out, stop)) for i in range(processes)
    ]
    for worker in workers:
        worker.start()
    tallies: dict[str, Tally] = {}
    rulesets, exact, shown_at = 0, 0.0, since
    try:
        while True:
            try:
                one: Told = out.get(timeout=60)
            except queue.Empty:
                if not all(x.is_alive() for x in workers):
                    print("a process has ended before its time", file=sys.stderr)
                    return 1
                continue
            rulesets, exact = rulesets + bool(one.tallies), exact + one.exact
            for name, made in one.tallies.items():
                tallies[name] = tallies.get(name, Tally()).plus(made)
            for text in one.found:
                print(text, end="\n\n", flush=True)
            if time.time() - shown_at > 60:
                shown_at = time.time()
                print(table(tallies, shown_at - since, exact, rulesets, seed), file=sys.stderr, flush=True)
            full = [x.rows for name, x in tallies.items() if name not in SHARES or name == "sqlite"]
            if full and min(full) >= wanted:
                break
    finally:
        stop.set()
        for worker in workers:
            while worker.is_alive():
                try:
                    out.get(timeout=1)
                except queue.Empty:
                    worker.join(0.1)
    print(table(tallies, time.time() - since, exact, rulesets, seed))
    return 1 if any(x.wrong for x in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
