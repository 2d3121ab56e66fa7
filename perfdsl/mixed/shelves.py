"""Observations put aside by the part of the store they belong to, whatever their order: in memory, or beyond a size on disk."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from perfdsl.batch import text_column

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 1 << 28  # bytes kept in memory where there is a folder


@attrs.define(eq=False)
class Shelves:
    """Tables by number; with a ``folder`` what is too much for memory waits there, and goes when it is taken."""

    folder: Path | None = None
    most: int = MOST
    held: "dict[int, list[pa.Table]]" = attrs.Factory(dict)
    size: int = 0
    files: dict[int, list[Path]] = attrs.Factory(dict)
    count: int = 0

    def put(self, number: int, table: "pa.Table") -> None:
        """Put a table behind those already there."""
        self.held.setdefault(number, []).append(table)
        self.size += table.nbytes
        if self.folder is not None and self.size > self.most:
            self.lay_down(self.folder)

    def lay_down(self, folder: Path) -> None:
        """Everything held goes to the folder, a file a shelf."""
        import pyarrow as pa

        for number, tables in self.held.items():
            path = folder / f"{number}-{self.count}.arrow"
            whole = together(tables)
            with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, whole.schema) as writer:
                writer.write_table(whole)
            self.files.setdefault(number, []).append(path)
        self.count += 1
        self.held, self.size = {}, 0

    def take(self, number: int) -> "pa.Table | None":
        """All of one shelf, in the order it was put there; None where there is nothing."""
        found = list(self._read(number))
        kept = self.held.pop(number, [])
        self.size -= sum(x.nbytes for x in kept)
        return together([*found, *kept]) if found or kept else None

    def _read(self, number: int) -> "Iterator[pa.Table]":
        import pyarrow as pa

        for path in self.files.pop(number, []):
            with pa.OSFile(str(path), "rb") as file:
                yield pa.ipc.open_stream(file).read_all()
            path.unlink()


def together(tables: "Sequence[pa.Table]") -> "pa.Table":
    """Tables one after the other; where one lacks a column its cells are empty, and one that is not everywhere of one type becomes text."""
    import pyarrow as pa

    if len({x.schema for x in tables}) > 1:
        kinds: dict[str, set[pa.DataType]] = {}
        for table in tables:
            for field in table.schema:
                kinds.setdefault(field.name, set()).add(field.type)
        tables = [_alike(x, kinds) for x in tables]
    return pa.concat_tables(tables)


def _alike(table: "pa.Table", kinds: "dict[str, set[pa.DataType]]") -> "pa.Table":
    import pyarrow as pa

    made = {}
    for name, found in kinds.items():
        kind = next(iter(found)) if len(found) == 1 else pa.string()
        if name not in table.schema.names:
            made[name] = pa.nulls(table.num_rows, kind)
        else:
            made[name] = table.column(name) if len(found) == 1 else text_column(table.column(name))
    return pa.table(made)
