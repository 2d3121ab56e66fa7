"""perfdsl with its Polars engine."""

from typing import TYPE_CHECKING

from . import Data
from .perfdsl_embedded import Own, results, score
from .perfdsl_embedded import loaded as of_engine

if TYPE_CHECKING:
    pass

NAME, NEEDS, MOST = "perfdsl, engine polars", ("numpy", "pyarrow", "polars"), 10**6
from_file = None

__all__ = ["MOST", "NAME", "NEEDS", "from_file", "loaded", "results", "score"]


def loaded(data: Data, threads: int) -> Own:
    """The grid is the same."""
    return of_engine(data, threads, "polars")
