"""What scores the common workload, one contender a file.

A contender is a module with ``NAME``, ``NEEDS`` (modules it imports), ``MOST`` (objects it is given at most), and

- ``loaded(data, threads)``: the columns as the tool likes them, and whatever is compiled once; not timed;
- ``score(own)``: all results in the tool's own columns; timed;
- ``results(made)``: those as numpy arrays by name (``Results``), to be compared; not timed;
- ``from_file(source, target, threads)``: Parquet to Parquet, timed as a whole process; None where nobody would.

Everybody gives, for each indicator, its score (none where missing), status and case, for each group and for the total the
lowest and highest it may be, and the grade and whether the object is complete; in files the columns ``perfdsl batch`` writes.
"""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, np.dtype[Any]]
    Results = dict[
        str, Array
    ]  # score: status: case: of an indicator (score -1: none), low: high: of a group, low, high, grade, complete


class Data(NamedTuple):
    """The same for everybody: the table as it would be read, and its columns as whole numbers, -1 for missing."""

    table: "pa.Table"
    values: "dict[str, Array]"

    @property
    def count(self) -> int:
        """How many objects."""
        return self.table.num_rows


class Contender(Protocol):
    """A module of this package."""

    NAME: str
    NEEDS: tuple[str, ...]
    MOST: int
    loaded: Callable[[Data, int], Any]
    score: Callable[[Any], Any]
    results: "Callable[[Any], Results]"
    from_file: "Callable[[Path, Path, int], None] | None"


ORDER = (
    "perfdsl_embedded", "perfdsl_table", "perfdsl_polars", "perfdsl_duckdb", "polars_by_hand", "duckdb_by_hand", "numpy_by_hand",
    "c_kernel", "openfisca", "zen", "fraction",
)  # fmt: skip


def one(name: str) -> Contender:
    """By the name of its file."""
    return cast(Contender, importlib.import_module(f"{__name__}.{name}"))


@cache
def known() -> dict[str, Contender]:
    """All, in the order in which they are told of; none is forgotten."""
    there = {x.name for x in pkgutil.iter_modules(__path__) if not x.name.startswith("_")}
    assert there == set(ORDER), there ^ set(ORDER)
    return {name: one(name) for name in ORDER}


def absent(contender: Contender) -> list[str]:
    """The modules it needs that are not there."""
    return [name for name in contender.NEEDS if find_spec(name) is None]
