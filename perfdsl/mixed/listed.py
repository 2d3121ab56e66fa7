"""The first and the last of projects with rules of their own: totals of the same full mark side by side, others apart.

What is worth 80 of 100 in one set of rules and 80 of 120 in another is not compared, as the exact engine does not compare it.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from perfdsl.batch import Lists, Roll, lists_of
from perfdsl.mixed.rows import LONG
from perfdsl.mixed.tally import Ends
from perfdsl.quantity import format_number

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

APART = "|"  # between a full mark and a class


def listed(
    objects: Sequence[str], first: int, ends: Ends, words: Mapping[int, str], units: int, most: tuple[int, int]
) -> Lists:
    """The lists of one part, by full mark and by class: ``words`` are the classes of objects that have one.

    ``first`` is the number of the first object among all, ``units`` those of all parts.
    """
    import numpy as np

    longest = max(abs(int(ends.low.max(initial=0))), abs(int(ends.low.min(initial=0)))) * units
    low = ends.low.astype(object) if longest >= LONG else ends.low
    low = low * (units // ends.units.astype(low.dtype))
    return lists_of(
        objects, range(first, first + len(objects)), np.asarray(low), ends.open, units, most, _classes(ends, words)
    )


def _classes(ends: Ends, words: Mapping[int, str]) -> "Iterator[tuple[str, Array]]":
    import numpy as np

    several: dict[tuple[Fraction, str], list[int]] = {}
    for at, full in enumerate(ends.full):
        if full is not None:
            several.setdefault((full, ""), []).append(at)
            if at in words:
                several.setdefault((full, words[at]), []).append(at)
    for (full, word), places in several.items():
        yield f"{full}{APART}{word}", np.array(places, np.int64)


def rolls_of(made: Lists, words: Sequence[str], name: str) -> list[Roll]:
    """All lists, first those of all objects, then of the classes in the order of ``words``.

    Where there are several full marks each has its own lists, called after ``name`` with ``{full}`` in it.
    """
    keys = [
        (Fraction(full), word, f"{full}{APART}{word}") for full, _, word in (x.partition(APART) for x in made.groups)
    ]
    alone = len({full for full, _, _ in keys}) < 2
    places = {word: i for i, word in enumerate(("", *words))}
    order = sorted(keys, key=lambda x: (places.get(x[1], len(places)), x[1], -x[0]))
    titles = {key: word if alone else word + name.format(full=format_number(full)) for full, word, key in order}
    return Lists(made.units, {titles[key]: made.groups[key] for _, _, key in order}).rolls(
        [titles[x[2]] for x in order]
    )
