"""Rows whose numbers are much longer than those of the others: without them an engine may have room for the rest."""

from collections.abc import Iterator, Sequence
from math import gcd, lcm
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl.batch.part import described
from perfdsl.grid import Grid, Strip
from perfdsl.program import Column

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

LIMITS = ((10**12, 10**18), (10**8, 10**14), (10**6, 10**11), (10**4, 10**9))
"""One after the other, what an ordinary number has: at most this denominator, less than this size."""
USUAL = 10**4  # hundredths of a percent
LONG = 1 << 62


class Shorter(NamedTuple):
    """The grid and its columns without the rows that are ``out``."""

    out: "Array"
    grid: Grid
    columns: tuple[Column, ...]


def shorter(grid: Grid, columns: Sequence[Column]) -> Iterator[Shorter]:
    """The grid without few rows of long numbers, then without more; a column most of whose numbers are long keeps them all."""
    import numpy as np

    known = np.zeros(grid.count, dtype=bool)
    for denominator, size in LIMITS:
        beyond = {}
        for name, strip in grid.columns.items():
            if _may_be(strip, denominator, size):
                found = longer(strip, denominator, size)
                if 0 < 2 * int(found.sum()) <= grid.count:
                    beyond[name] = found
        out = np.logical_or.reduce([known, *beyond.values()])
        if int(out.sum()) in (int(known.sum()), grid.count):
            continue
        known = out
        yield _without(grid, columns, out, beyond)


def longer(strip: Strip, denominator: int, size: int) -> "Array":
    """Where a number has a larger denominator in its lowest terms, or is not below ``size``."""
    import numpy as np

    numbers = strip.numbers
    assert numbers is not None  # asked before
    wide = numbers.dtype == object or max(strip.per, size * strip.per) >= LONG
    tops = numbers.astype(object) if wide else numbers
    found = (strip.per // np.gcd(tops, strip.per) > denominator) | (abs(tops) >= size * strip.per)
    return np.asarray(found, dtype=bool)


def _may_be(strip: Strip, denominator: int, size: int) -> bool:
    """May there be such a number?"""
    numbers = strip.numbers
    if numbers is None or not len(numbers):
        return False
    return strip.per > denominator or max(-int(numbers.min()), int(numbers.max())) >= size * strip.per


def _without(grid: Grid, columns: Sequence[Column], out: "Array", beyond: "dict[str, Array]") -> Shorter:
    """The rows that stay; columns that lost long numbers hold what is left as short as can be."""
    strips = {name: x.taken(~out) for name, x in grid.columns.items()}
    strips |= {name: reduced(strips[name]) for name in beyond}
    made = tuple(
        attrs.evolve(described(x.name, strips[x.name]), words=x.words) if x.name in beyond else x for x in columns
    )
    return Shorter(out, Grid(int((~out).sum()), strips), made)


def reduced(strip: Strip) -> Strip:
    """The same numbers over their least denominator, in 64 bits where they fit; it is one the columns of other parts may have too."""
    import numpy as np

    numbers = strip.numbers
    assert numbers is not None  # it has long ones
    shared = gcd(strip.per, int(np.gcd.reduce(numbers)) if len(numbers) else 0)
    per = lcm(strip.per // shared, USUAL)
    shared = strip.per // per if strip.per % per == 0 else shared
    made: Any = numbers // shared
    fits = max(-int(made.min()), int(made.max())) < LONG
    return attrs.evolve(strip, per=strip.per // shared, numbers=made.astype(np.int64) if fits else made)
