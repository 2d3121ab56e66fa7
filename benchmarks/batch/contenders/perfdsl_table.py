"""perfdsl's ``score_table``: an Arrow table of decimals and words in, one of decimals and words out; reading cells is in the time."""

from typing import TYPE_CHECKING, Any, NamedTuple

import workload as w

from . import Data
from .perfdsl_embedded import results as of_scores

if TYPE_CHECKING:
    from . import Results

NAME, NEEDS, MOST = "perfdsl, score_table", ("numpy", "pyarrow"), 10**5
from_file = None


class Own(NamedTuple):
    """The rules, and the table as it was read."""

    rules: Any
    table: Any


def loaded(data: Data, threads: int) -> Own:
    """Nothing is converted."""
    import pyarrow as pa

    import perfdsl

    pa.set_cpu_count(threads)
    return Own(perfdsl.load(w.rules()), data.table)


def score(own: Own) -> Any:
    """Every object."""
    return own.rules.score_table(own.table)


def results(made: Any) -> "Results":
    """The scores behind the table."""
    return of_scores(made.scores)
