"""perfdsl: the plan as whole-number arithmetic, its own engine (numpy, block by block); its command from file to file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import workload

from . import Data

if TYPE_CHECKING:
    from perfdsl.engines import Compiled
    from perfdsl.grid import Grid, Scores

    from . import Results

NAME, NEEDS, MOST = "perfdsl", ("numpy", "pyarrow"), 10**8
ENGINE = "embedded"


class Own(NamedTuple):
    """A compiled program and its columns."""

    program: "Compiled"
    grid: "Grid"


READ: dict[int, Any] = {}  # the part last read, for the engines that score the same one


def loaded(data: Data, threads: int, engine: str = ENGINE) -> Own:
    """The cells as the job reads them; the program is compiled for what they hold."""
    import perfdsl
    from perfdsl.api.tabled import engine_named
    from perfdsl.batch import Job

    job = Job(perfdsl.load(workload.rules()).plans[0], engine_named(engine))
    if id(data.table) not in READ:
        READ.clear()
        READ[id(data.table)] = job.shape(tuple(data.table.schema.names)).wide(data.table)
    part = READ[id(data.table)]
    program = job.fitting.program(part.columns, frozenset())
    assert callable(program), program
    return Own(program, part.grid)


def score(own: Own) -> "Scores":
    """Every object."""
    return own.program(own.grid)


def results(made: "Scores") -> "Results":
    """By the names all contenders share."""
    import numpy as np

    found: dict[str, Any] = {}
    for path, row in made.rows.items():
        name = path.rpartition("/")[2]
        found[f"score:{name}"] = row.score if row.open is None else np.where(row.open, -1, row.score)
        found[f"status:{name}"], found[f"case:{name}"] = row.status, row.case
    for path, group in made.groups.items():
        found[f"low:{path}"], found[f"high:{path}"] = group.low, group.high
    return found | {"low": made.total.low, "high": made.total.high, "grade": made.grade, "complete": made.complete}


def from_file(source: Path, target: Path, threads: int, engine: str = ENGINE) -> None:
    """The command itself."""
    from perfdsl.cli import main

    rules = str(source.parent / "共同.perf")
    sys.argv = ["perfdsl", "batch", rules, "--actuals", str(source), "-o", str(target), "--engine", engine, "--force"]
    try:
        main()
    except SystemExit as done:
        if done.code != 1:  # it says so when one value is missing
            raise
