"""Blocks into parts: so many rows of one shape each, an object never cut in two; the same parts whatever the blocks were."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import attrs

from perfdsl.batch.rows import OBJECT, Block, Refused, joined


class Sizes(NamedTuple):
    """How many rows a part has in the wide and, up to the end of the object, in the long form, where it has no more objects
    than a part of the wide one has; None: all of one shape."""

    wide: int | None
    long: int | None

    def of(self, block: Block) -> int | None:
        """That of the form of a block."""
        return self.long if block.long else self.wide

    def ends(self, block: Block) -> "Ends":
        """Where parts of such a block end."""
        return Ends(block, self.of(block), self.wide)


class Ends:
    """Where the parts of a block end, one after the other."""

    def __init__(self, block: Block, size: int | None, objects: int | None) -> None:
        import numpy as np
        import pyarrow.compute as pc

        self.count = block.count
        self.size = size
        self.objects = objects
        self.changes: Any = None  # rows that are about another object than the one before them
        if block.long and size is not None and block.count:
            column = block.table.column(OBJECT)
            self.changes = 1 + np.flatnonzero(
                np.asarray(pc.not_equal(column.slice(1), column.slice(0, block.count - 1)))
            )

    def after(self, first: int, whole: bool) -> int | None:
        """The end of the part that begins at ``first``; None where it is not yet known, or (``whole``) all the rest."""
        if self.size is None:
            return None
        full = self.count - first > self.size
        if self.changes is None:
            return first + self.size if full else None
        if not full and not whole:
            return None
        at = int(self.changes.searchsorted(first, "right"))
        found = int(self.changes.searchsorted(first + self.size)) if full else len(self.changes)
        if self.objects is not None:
            found = min(found, at + self.objects - 1)
        return int(self.changes[found]) if found < len(self.changes) else None


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
            yield from _cut(held, sizes, True)
            held = []
        held.append(block)
        size = sizes.of(block)
        if size is not None and sum(x.count for x in held) > size:
            *full, rest = _cut(held, sizes, False)
            yield from full
            held = [rest] if rest.count else []
        if refused and held:
            held[0], refused = _with(held[0], refused), []
    last = list(_cut(held, sizes, True)) if held else []
    yield from last[:-1]
    if last:
        end = last[-1]
        yield attrs.evolve(end, refused=_ordered([*end.refused, *refused]), aside=end.aside + aside)
    elif refused or aside:
        yield _nothing(refused, aside)


def _cut(held: list[Block], sizes: Sizes, whole: bool) -> Iterator[Block]:
    """Full parts, then what is left (with ``whole``: unless nothing is)."""
    block = joined(held)
    ends = sizes.ends(block)
    first = 0
    refused = list(block.refused)
    while (end := ends.after(first, whole)) is not None:
        place = int(block.files[end]), int(block.rows[end])
        made = block.part(first, end)
        yield attrs.evolve(made, refused=_ordered([x for x in refused if (x.file, x.row) < place]))
        refused = [x for x in refused if (x.file, x.row) >= place]
        first = end
    rest = attrs.evolve(block.part(first, block.count), refused=_ordered(refused))
    if rest.count or not whole or refused:
        yield rest


def _with(block: Block, refused: list[Refused]) -> Block:
    return attrs.evolve(block, refused=_ordered([*block.refused, *refused]))


def _ordered(refused: Iterable[Refused]) -> tuple[Refused, ...]:
    return tuple(sorted(refused, key=lambda x: (x.file, x.row)))


def _nothing(refused: list[Refused], aside: int) -> Block:
    import numpy as np
    import pyarrow as pa

    none: Any = pa.table({OBJECT: pa.array([], pa.string())})
    return Block(none, np.zeros(0, np.int32), np.zeros(0, np.int64), False, _ordered(refused), aside)
