"""The places of objects as columns of the result, each named as the rules write the comparison."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from perfdsl import plan as p
from perfdsl.batch.results import decimals
from perfdsl.grid import Strip
from perfdsl.integers import UNDER
from perfdsl.program import NUMBER, STATES

if TYPE_CHECKING:
    import pyarrow as pa

PLACES = 4
SHORT = 1 << 46  # what may be multiplied by twenty thousand


def place_columns(plan: p.Plan, places: Mapping[str, Strip]) -> "dict[str, pa.Array]":
    """Ranks and sizes as whole numbers, shares as decimals of four places, empty where open or where an object takes no part.

    The best and the worst values are in the scores made from them.
    """
    import numpy as np
    import pyarrow as pa

    found: dict[str, pa.Array] = {}
    for one in plan.comparisons:
        strip = places.get(one.name)
        if (
            strip is None
            or strip.numbers is None
            or strip.states is None
            or one.what not in ("rank", "rank_share", "size")
        ):
            continue
        unknown = strip.states != STATES.index(NUMBER)
        if one.what != "rank_share":
            found[one.word] = pa.array(strip.numbers.astype(np.int64), mask=unknown)
            continue
        under = places.get(f"{UNDER}{one.name}")
        among = under.numbers if under is not None and under.numbers is not None else np.full(len(unknown), strip.per)
        size, numbers = 10**PLACES, strip.numbers
        if among.dtype == object or (len(among) and int(among.max()) >= SHORT):
            among, numbers = among.astype(object), numbers.astype(object)
        shares = (2 * size * numbers + among) // (2 * among)
        found[one.word] = decimals(shares.astype(np.int64), unknown, size, 18)
    return found
