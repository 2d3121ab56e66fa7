"""Rows that are read more than once wait on the disk: cut into parts as they came, or parted by their objects.

Rows are kept as they were read, each with the number of its file and its place there.  ``stored.json`` is written last: without
it nothing is there.
"""

import hashlib
import json
import shutil
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from perfdsl.batch import OBJECT, Block, Refused, joined
from perfdsl.cli.batch_parts import NUMBER, STORED, line_of, sums_of
from perfdsl.cli.writing import replace

FILE, ROW = "__file", "__row"
MOST_SHAPES = 3


class Scattered(Exception):
    """The rows of an object stand in several parts."""


class Piece(NamedTuple):
    """A part of the rows: ``order`` are their numbers among all where these are not in their order; ``lines`` were refused."""

    number: int
    block: Block
    order: Any
    lines: list[list[Any]]


def pieces(blocks: Iterable[Block]) -> Iterator[Piece]:
    """Parts as they come.  Raises ``Scattered`` at an object that was in an earlier one, or at the end."""
    seen = Seen()
    for number, block in enumerate(blocks):
        if block.long and block.count:
            seen.add(block.table.column(OBJECT).unique().to_pylist())
        yield Piece(number, block, None, lines_of(block.refused))
    seen.check()


def lines_of(refused: Iterable[Refused]) -> list[list[Any]]:
    """What was refused as it is kept, in the order of the rows."""
    return [line_of(x) for x in sorted(refused, key=lambda x: (x.file, x.row))]


class Seen:
    """Objects of the parts so far, eight bytes each; ``add`` raises ``Scattered`` where one comes again."""

    def __init__(self) -> None:
        self.fresh: list[Any] = []
        self.known: Any = None
        self.waiting = 0

    def add(self, objects: Sequence[str]) -> None:
        """The objects of the next part; looked through when they have doubled."""
        import numpy as np

        made = np.fromiter((_mark(x) for x in objects), dtype=np.uint64, count=len(objects))
        self.fresh.append(made)
        self.waiting += len(made)
        if self.waiting >= (0 if self.known is None else len(self.known)):
            self.check()

    def check(self) -> None:
        """Does any object stand in two parts?"""
        import numpy as np

        known = [self.known] if self.known is not None else []
        every = np.sort(np.concatenate([*known, *self.fresh])) if known or self.fresh else np.zeros(0, np.uint64)
        if (every[1:] == every[:-1]).any():
            raise Scattered
        self.known, self.fresh, self.waiting = every, [], 0


def _mark(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _known(folder: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((folder / STORED).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _finished(folder: Path, known: dict[str, Any]) -> None:
    known = {**known, "files": sums_of(folder.glob("*.arrow"))}
    replace(folder / STORED, json.dumps(known, ensure_ascii=False).encode("utf-8", "backslashreplace"))


def _form(block: Block) -> str:
    return "long" if block.long else "wide"


def _placed(block: Block) -> Any:
    """The rows with their places; a file holds no column whose dictionary changes."""
    import pyarrow as pa

    table = block.table
    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(at, field.name, table.column(at).cast(field.type.value_type))
    return table.append_column(FILE, pa.array(block.files)).append_column(ROW, pa.array(block.rows))


def _block(table: Any, form: str, aside: int = 0) -> Block:
    import numpy as np

    files, rows = np.asarray(table.column(FILE)), np.asarray(table.column(ROW))
    return Block(table.drop_columns([FILE, ROW]), files, rows, form == "long", (), aside)


def _stored(path: Path) -> Any:
    import pyarrow as pa

    with pa.OSFile(str(path), "rb") as file:
        return pa.ipc.open_file(file).read_all()


# ---- parts as they came


class Cut(NamedTuple):
    """Parts in their order, one file each."""

    folder: Path

    def fill(self, found: Iterable[Piece]) -> None:
        """Keep them.  What ``found`` raises leaves nothing that counts."""
        import pyarrow as pa

        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        made = []
        for one in found:
            table = _placed(one.block)
            with pa.ipc.new_file(str(self._path(one.number)), table.schema) as writer:
                writer.write_table(table)
            made.append([_form(one.block), one.block.aside, one.lines])
        _finished(self.folder, {"parts": made})

    def known(self) -> dict[str, Any] | None:
        """What was kept; None while that is not done."""
        return _known(self.folder)

    def pieces(self) -> Iterator[Piece]:
        """The parts once more."""
        known = self.known()
        assert known is not None  # whoever asks has filled it
        for number, (form, aside, lines) in enumerate(known["parts"]):
            yield Piece(number, _block(_stored(self._path(number)), form, aside), None, lines)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06}.arrow"


# ---- parted by their objects


class Store(NamedTuple):
    """One file for each of ``stores`` sets of objects and each shape of rows."""

    folder: Path
    stores: int

    def fill(self, blocks: Iterator[Block]) -> None:
        """Put every row where its object belongs, with its number among all."""
        import numpy as np
        import pyarrow as pa

        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        writers: dict[tuple[int, int], Any] = {}
        shapes: dict[Any, int] = {}
        numbered = shape = 0
        refused: list[Refused] = []
        aside = 0
        try:
            for block in blocks:
                refused += block.refused
                aside += block.aside
                numbers = np.arange(numbered, numbered + block.count, dtype=np.int64)
                numbered += block.count
                table = _placed(block).append_column(NUMBER, pa.array(numbers))
                key = block.long, table.schema.to_string()
                if key not in shapes:
                    if len(shapes) == MOST_SHAPES:  # a system lets no program open many more files
                        _close(writers)
                        shapes.clear()
                    shape += 1
                    shapes[key] = shape
                at = shapes[key]
                owners = self._owners(block)
                order = np.argsort(owners, kind="stable")
                starts = np.searchsorted(owners[order], np.arange(self.stores + 1))
                table = table.take(pa.array(order))
                for part in range(self.stores):
                    some = table.slice(starts[part], starts[part + 1] - starts[part])
                    if some.num_rows:
                        if (part, at) not in writers:
                            path = self.folder / f"{part:04}-{at:06}-{_form(block)}.arrow"
                            writers[part, at] = pa.ipc.new_file(str(path), table.schema)
                        writers[part, at].write_table(some)
        finally:
            _close(writers)
        _finished(self.folder, {"lines": lines_of(refused), "aside": aside, "rows": numbered})

    def _owners(self, block: Block) -> Any:
        """The part of each row."""
        import numpy as np

        found = block.table.column(OBJECT).combine_chunks().dictionary_encode()
        marks = [zlib.crc32(x.encode("utf-8", "surrogatepass")) % self.stores for x in found.dictionary.to_pylist()]
        return np.array(marks, dtype=np.int64)[np.asarray(found.indices)]

    def known(self) -> dict[str, Any] | None:
        """What was refused while the rows were parted; None while that is not done."""
        return _known(self.folder)

    def pieces(self, most: int | None) -> Iterator[Piece]:
        """The rows with their numbers, in the order of these: as many stores together as come to ``most`` rows."""
        for number, (block, order) in enumerate(self._blocks(most)):
            yield Piece(number, block, order, [])

    def _blocks(self, most: int | None) -> Iterator[tuple[Block, Any]]:
        found: dict[tuple[str, str], list[Path]] = {}
        for path in sorted(self.folder.glob("*.arrow")):
            part, _, form = path.stem.split("-")
            found.setdefault((form, part), []).append(path)
        held: list[Any] = []
        for (form, _), paths in sorted(found.items()):
            held += [_stored(path) for path in paths]
            if most is not None and sum(x.num_rows for x in held) >= most:
                yield _numbered(_alike(held), form)
                held = []
        if held:
            yield _numbered(_alike(held), form)


def _close(writers: dict[tuple[int, int], Any]) -> None:
    while writers:
        writers.popitem()[1].close()


def _alike(tables: list[Any]) -> list[Any]:
    """Tables with the same columns: those one of them lacks are empty there."""
    import pyarrow as pa

    titles = list(dict.fromkeys(name for table in tables for name in table.schema.names))
    made = []
    for table in tables:
        for title in titles:
            if title not in table.schema.names:
                table = table.append_column(title, pa.array([""] * table.num_rows, pa.string()))
        made.append(table.select(titles))
    return made


def _numbered(tables: list[Any], form: str) -> tuple[Block, Any]:
    import numpy as np

    numbers = [np.asarray(table.column(NUMBER)) for table in tables]
    blocks = [_block(table.drop_columns([NUMBER]), form) for table in tables]
    every = np.concatenate(numbers)
    block = joined(blocks)
    if len(blocks) > 1:
        order = np.argsort(every, kind="stable")
        return block.taken(order), every[order]
    return block, every
