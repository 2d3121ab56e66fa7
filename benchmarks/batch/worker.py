"""One measurement in a process of its own: ``python worker.py WHAT ARGUMENTS``, answered as JSON on the last line.

``memory SIZE THREADS ROUNDS SECONDS NAMES…``   all contenders in turn, columns in memory, so many rounds or as many as begin in time
``file NAME SOURCE TARGET THREADS``     one contender from Parquet to Parquet (who starts it asks the system what it took)
``wrong TARGET OTHER``                  rows of two such results that differ
``compiling ROUNDS``, ``one ROUNDS``, ``many PROJECTS ROUNDS TOPS``   the plan to an expression; one object at a time; rules of their own
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]


def pinned(threads: int) -> None:
    """One thread is one processor, for tools that do not ask too."""
    if threads == 1:
        os.environ |= {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "NUMEXPR_NUM_THREADS": "1"}
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def memory(size: str, threads: str, rounds: str, seconds: str, *names: str) -> dict[str, Any]:
    """Seconds and CPU seconds of every round, and the rows that differ from those of the first contender."""
    pinned(int(threads))
    import contenders
    import numpy as np
    import workload as w

    table = w.table(int(size))
    data = contenders.Data(table, {x.name: w.whole(table[x.heading]) for x in w.INDICATORS})
    known = {name: contenders.known()[name] for name in names}
    own = {name: x.loaded(data, int(threads)) for name, x in known.items()}
    told: dict[str, Any] = {}
    expected: dict[str, Any] = {}
    for name, x in known.items():  # a round that is not timed
        found = {k: np.asarray(v).astype(np.int64) for k, v in x.results(x.score(own[name])).items()}
        expected = expected or found
        assert found.keys() == expected.keys(), (name, found.keys() ^ expected.keys())
        wrong = np.zeros(int(size), dtype=bool)
        for k, v in expected.items():
            wrong |= v != found[k]
        told[name] = {"wall": [], "cpu": [], "wrong": int(wrong.sum())}
    del expected, found
    gc.disable()
    end = time.monotonic() + float(seconds)
    for number in range(int(rounds)):
        if number and time.monotonic() > end:
            break
        for name, x in known.items():
            started, cpu = time.perf_counter(), time.process_time()
            made = x.score(own[name])
            told[name]["wall"].append(time.perf_counter() - started)
            told[name]["cpu"].append(time.process_time() - cpu)
            del made
            gc.collect()
    return told


def file(name: str, source: str, target: str, threads: str) -> dict[str, Any]:
    """Once."""
    pinned(int(threads))
    import contenders

    run = contenders.one(name).from_file
    assert run is not None, name
    run(Path(source), Path(target), int(threads))
    return {"bytes": Path(target).stat().st_size}


def wrong(target: str, other: str) -> dict[str, Any]:
    """Values are compared, not types: one writes decimals of 38 digits, another words without numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import parquet

    with parquet.ParquetFile(target) as a, parquet.ParquetFile(other) as b:
        assert a.schema_arrow.names == b.schema_arrow.names, (a.schema_arrow.names, b.schema_arrow.names)
        assert a.metadata.num_rows == b.metadata.num_rows
        bad: Any = None
        for name in a.schema_arrow.names:
            pair = []
            for x in (a, b):
                column = x.read([name]).column(0).combine_chunks()
                kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
                kind = (
                    pa.decimal128(38, 2)
                    if pa.types.is_decimal(kind)
                    else pa.string()
                    if pa.types.is_large_string(kind)
                    else kind
                )
                pair.append(column.cast(kind))
            both = pc.and_(pair[0].is_null(), pair[1].is_null())
            same = pc.or_(both, pc.fill_null(pc.equal(*pair), False))
            bad = pc.invert(same) if bad is None else pc.or_(bad, pc.invert(same))
    return {"wrong": pc.sum(bad).as_py() or 0}


def compiling(rounds: str) -> dict[str, Any]:
    """Seconds from the plan to a function of columns, for every engine that is there; from the text to the plan."""
    import contenders
    import workload as w

    import perfdsl
    from perfdsl.batch import Job
    from perfdsl.engines import lacking, members
    from perfdsl.integers import to_integers

    def best(run: Callable[[], Any]) -> float:
        found = []
        for _ in range(int(rounds)):
            started = time.process_time()
            run()
            found.append(time.process_time() - started)
        return min(found)

    plan = perfdsl.load(w.rules()).plans[0]
    table = w.table(1000)
    columns = Job(plan, None).shape(tuple(table.schema.names)).wide(table).columns
    assert contenders.known()
    program = to_integers(plan, columns, "full", None)
    told = {
        "text to plan": best(lambda: perfdsl.load(w.rules()).plans),
        "plan to integers": best(lambda: to_integers(plan, columns, "full", None)),
    }
    for engine in members():
        if not lacking(engine):
            engine.compiled(program)
            told[f"integers to {engine.NAME}"] = best(lambda engine=engine: engine.compiled(program))
    return told


def one(rounds: str) -> dict[str, Any]:
    """Microseconds an object, the best of many, two decimals and whole numbers."""
    import one_object

    return one_object.measured(int(rounds))


def many(projects: str, rounds: str, tops: str) -> dict[str, Any]:
    """Microseconds an observation: rules of their own, one ruleset; ``tops`` is ``easy`` or ``any``."""
    import contextlib
    import tempfile

    import many_rulesets as m

    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        return m.main(int(projects), Path(folder), m.EASY_TOPS if tops == "easy" else m.TOPS, int(rounds))._asdict()


def main() -> None:
    """Answer."""
    what = {x.__name__: x for x in (memory, file, wrong, compiling, one, many)}[sys.argv[1]]
    print(json.dumps(what(*sys.argv[2:]), ensure_ascii=False))


if __name__ == "__main__":
    main()
