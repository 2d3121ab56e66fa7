"""Blocks into parts: so many rows of one shape each, an object never cut in two; the same parts whatever the blocks were."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import attrs

from perfdsl.batch.rows import OBJECT, Block, Refused, joined


class Sizes(NamedTuple):
    """How many rows a part has in the wide and, up to the end of the object, in the long form; None: all of one shape."""

    wide: int | None
    long: int | None

    def of(self, block: Block) -> int | None:
        """That of the form of a block."""
        return self.long if block.long else self.wide


def parts(blocks: Iterable[Block], sizes: Sizes) -> Iterator[Block]:
    """Parts in their order; what was refused goes with the rows it stands before."""
    held: list[Block] = []
    refused: list[Refused] = []
    aside = 0
    for block in blocks:
        refused += block.refused
        aside += block.aside
        block = attrs.evolve(block, refused=(), aside=0)
        if not block.count:
            continue
        if held and not held[0].like(block):
            yield from _cut(held, sizes.of(held[0]), True)
            held = []
        held.append(block)
        size = sizes.of(block)
        if size is not None and sum(x.count for x in held) > size:
            *full, rest = _cut(held, size, False)
            yield from full
            held = [rest] if rest.count else []
        if refused and held:
            held[0], refused = _with(held[0], refused), []
    last = list(_cut(held, sizes.of(held[0]), True)) if held else []
    yield from last[:-1]
    if last:
        end = last[-1]
        yield attrs.evolve(end, refused=_ordered([*end.refused, *refused]), aside=end.aside + aside)
    elif refused or aside:
        yield _nothing(refused, aside)


def _cut(held: list[Block], size: int | None, whole: bool) -> Iterator[Block]:
    """Full parts, then what is left (with ``whole``: unless nothing is)."""
    block = joined(held)
    first = 0
    refused = list(block.refused)
    while size is not None and block.count - first > size:
        end = first + size
        if block.long:
            found = _next(block, end)
            if found is None:
                break
            end = found
        place = (int(block.files[end]), int(block.rows[end])) if end < block.count else None
        yield attrs.evolve(
            block.part(first, end), refused=_ordered([x for x in refused if place is None or (x.file, x.row) < place])
        )
        refused = [] if place is None else [x for x in refused if (x.file, x.row) >= place]
        first = end
    rest = attrs.evolve(block.part(first, block.count), refused=_ordered(refused))
    if rest.count or not whole or refused:
        yield rest


def _next(block: Block, place: int) -> int | None:
    """The first row from ``place`` on that is about another object than the one before it; None where that is not yet known."""
    import numpy as np
    import pyarrow.compute as pc

    column = block.table.column(OBJECT)
    changed = np.asarray(pc.not_equal(column.slice(place), column.slice(place - 1, block.count - place)))
    return place + int(changed.argmax()) if changed.any() else None


def _with(block: Block, refused: list[Refused]) -> Block:
    return attrs.evolve(block, refused=_ordered([*block.refused, *refused]))


def _ordered(refused: Iterable[Refused]) -> tuple[Refused, ...]:
    return tuple(sorted(refused, key=lambda x: (x.file, x.row)))


def _nothing(refused: list[Refused], aside: int) -> Block:
    import numpy as np
    import pyarrow as pa

    none: Any = pa.table({OBJECT: pa.array([], pa.string())})
    return Block(none, np.zeros(0, np.int32), np.zeros(0, np.int64), False, _ordered(refused), aside)
