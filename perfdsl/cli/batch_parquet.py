"""Scores as Parquet: each part encoded once, and parts put together as they are, their row groups one after the other.

The pages of a file do not say where they stand, only its footer does, in Thrift's compact protocol
(https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift): files whose footers differ in their row
groups alone are one file once the places in these are moved.  A decimal of at most 18 digits is kept as a whole number of 64 bits
and nothing but the footer tells them apart: whole numbers are encoded, which takes the library half the time, and signed as decimals.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from perfdsl.batch import OBJECT, shown

GROUP = 1 << 16  # rows of a row group
LEAST = 1 << 15  # fewer rows of a part wait for others to be a row group with
MAGIC = b"PAR1"
TAIL = len(MAGIC) + 4  # the length of the footer stands before the magic
COPIED = 1 << 20
SHORTER, LONGEST = 9, 18  # digits: of a decimal of at most so many that is kept in 32 bits, and in 64
LOOKED_BY = (
    "总分",
    "最低可能",
    "最高可能",
    "等级",
)  # columns by which rows are looked for: with statistics

BOOLEANS, BYTE, WHOLE, DOUBLE, BINARY, LISTS, MAP, STRUCT = (1, 2), 3, (4, 5, 6), 7, 8, (9, 10), 11, 12
MOVED, NUMBERED = object(), object()
COLUMN_METADATA = {9: MOVED, 10: MOVED, 11: MOVED, 14: MOVED}  # data, index and dictionary pages, bloom filter
COLUMN_CHUNK = {2: MOVED, 3: COLUMN_METADATA, 4: MOVED, 6: MOVED}
ROW_GROUP = {1: COLUMN_CHUNK, 5: MOVED, 7: NUMBERED}
ROWS, GROUPS = 3, 4  # of the footer


def options(schema: Any) -> dict[str, Any]:
    """How scores are encoded: names of objects are all different, and nobody looks for rows by a score or a status of one row."""
    import pyarrow as pa

    narrow = (pa.types.is_decimal, pa.types.is_dictionary, pa.types.is_integer)
    seen = [x.name for x in schema if x.name in LOOKED_BY or not any(test(x.type) for test in narrow)]
    repeated = [x.name for x in schema if x.name != OBJECT]
    packed = {
        x.name: "none" if any(test(x.type) for test in narrow) else "snappy" for x in schema
    }  # few bits a row already
    return {
        "store_decimal_as_integer": True,
        "write_statistics": seen,
        "use_dictionary": repeated or False,
        "compression": packed,
    }


def encode(path: str, found: Iterable[Any], schema: Any) -> None:
    """Tables of this schema as one file."""
    from pyarrow import parquet

    inside = whole(schema)
    with parquet.ParquetWriter(path, inside, **options(schema)) as writer:
        for table in found:
            if not table.num_rows:
                continue  # else there would be a row group of no rows
            if shown(table.schema).equals(schema):
                writer.write_table(_whole_numbers(table, inside), GROUP)
            else:
                writer.write_table(_whole_numbers(table.cast(schema), inside), GROUP)
    if inside is not schema:
        one = footer(Path(path))
        with open(path, "r+b") as file:
            file.truncate(one.start)
            file.seek(one.start)
            rows, groups = one.fields[ROWS], one.fields[GROUPS]
            file.write(
                _end(_of_no_rows(schema), {x: one.data[a:b] for x, (_, a, b) in ((ROWS, rows), (GROUPS, groups))})
            )


def whole(schema: Any) -> Any:
    """The schema with the whole numbers of 64 bits that some decimals are kept as; the same one where there are none."""
    import pyarrow as pa

    kept = [i for i, x in enumerate(schema) if pa.types.is_decimal128(x.type) and SHORTER < x.type.precision <= LONGEST]
    for i in kept:
        schema = schema.set(i, schema.field(i).with_type(pa.int64()))
    return schema


def _whole_numbers(table: Any, inside: Any) -> Any:
    import numpy as np
    import pyarrow as pa

    columns = []
    for column, field in zip(table.columns, inside, strict=True):
        if column.type != field.type:
            made = column.combine_chunks()
            there, halves = made.buffers()
            tops = np.frombuffer(halves, np.int64)[: 2 * (made.offset + len(made)) : 2].copy()
            column = pa.Array.from_buffers(pa.int64(), len(made), [there, pa.py_buffer(tops)], offset=made.offset)
        columns.append(column)
    return pa.table(columns, schema=inside)


@lru_cache(2)
def _of_no_rows(schema: Any) -> "Footer":
    from pyarrow import parquet

    with BytesIO() as file:
        with parquet.ParquetWriter(file, schema, **options(schema)):
            pass
        return _footer(file)


def batches(path: Path) -> Iterator[Any]:
    """The rows of a file."""
    import pyarrow as pa
    from pyarrow import parquet

    with open(path, "rb") as file:
        for batch in parquet.ParquetFile(file).iter_batches(GROUP, use_threads=False):
            yield pa.Table.from_batches([batch])


class Footer(NamedTuple):
    """The end of a file: ``data`` in which each field of ``fields`` stands from one place to another; pages end at ``start``."""

    data: bytes
    fields: Mapping[int, tuple[int, int, int]]
    start: int

    @property
    def rest(self) -> Sequence[tuple[int, bytes]]:
        """All but rows and row groups."""
        return [(name, self.data[a:b]) for name, (_, a, b) in self.fields.items() if name not in (ROWS, GROUPS)]


def footer(path: Path) -> Footer:
    """The footer of a file this program wrote whole."""
    with open(path, "rb") as file:
        return _footer(file)


def _footer(file: BinaryIO) -> Footer:
    size = file.seek(-TAIL, 2)
    length = int.from_bytes(file.read(4), "little")
    file.seek(size - length)
    data = file.read(length)
    walk = _Walk(data)
    fields = {name: (kind, walk.at, walk.skipped(kind)) for name, kind in walk.fields()}
    return Footer(data, fields, size - length)


def join(found: Sequence[tuple[Path, Footer]], target: BinaryIO) -> None:
    """The row groups of all files as one file; their footers must say the same but for these."""
    target.write(MAGIC)
    place, rows, groups = len(MAGIC), 0, bytearray()
    number = 0
    for path, one in found:
        with open(path, "rb") as file:
            _copied(file, target, one.start)
        rows += _Walk(one.data, one.fields[ROWS][1]).number()
        walk = _Walk(one.data, one.fields[GROUPS][1])
        _, count = walk.list_head()
        for _ in range(count):
            groups += walk.moved(ROW_GROUP, place - len(MAGIC), number)
            number += 1
        place += one.start - len(MAGIC)
    target.write(_end(found[0][1], {ROWS: _varint(rows << 1), GROUPS: _list_head(STRUCT, number) + groups}))


def _end(shown: Footer, other: Mapping[int, bytes]) -> bytes:
    """The end of a file with the footer ``shown`` but for ``other`` fields."""
    made = bytearray()
    last = 0
    for name, (kind, a, b) in shown.fields.items():
        made += bytes([(name - last) << 4 | kind]) + other.get(name, shown.data[a:b])
        last = name
    made.append(0)
    return bytes(made) + len(made).to_bytes(4, "little") + MAGIC


def _copied(file: BinaryIO, target: BinaryIO, end: int) -> None:
    """The pages of a file."""
    left = end - file.seek(len(MAGIC))
    while left:
        some = file.read(min(left, COPIED))
        if not some:
            raise OSError("the file has become shorter")
        target.write(some)
        left -= len(some)


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    made.append(value)
    return bytes(made)


def _list_head(kind: int, count: int) -> bytes:
    return bytes([count << 4 | kind]) if count < 15 else bytes([0xF0 | kind]) + _varint(count)


class _Walk:
    """Goes through values of the compact protocol."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def varint(self) -> int:
        data, at = self.data, self.at
        value = shift = 0
        while (byte := data[at]) > 127:
            value |= (byte & 127) << shift
            shift += 7
            at += 1
        self.at = at + 1
        return value | byte << shift

    def number(self) -> int:
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def fields(self) -> Iterator[tuple[int, int]]:
        """Number and kind of each field of a structure; whoever asks goes past its value before the next."""
        name = 0
        while head := self.data[self.at]:
            self.at += 1
            name = name + (head >> 4) if head >> 4 else self.number()
            yield name, head & 15
        self.at += 1

    def list_head(self) -> tuple[int, int]:
        head = self.data[self.at]
        self.at += 1
        return head & 15, self.varint() if head >> 4 == 15 else head >> 4

    def skipped(self, kind: int, inside: bool = False) -> int:
        """Go past a value, and say where that is; a truth of a list is a byte, one of a structure is in its head."""
        if kind in WHOLE:
            data, at = self.data, self.at
            while data[at] > 127:
                at += 1
            self.at = at + 1
        elif kind == BINARY:
            length = self.varint()
            self.at += length
        elif kind == STRUCT:
            for _, each in self.fields():
                self.skipped(each)
        elif kind in LISTS:
            each, count = self.list_head()
            for _ in range(count):
                self.skipped(each, inside=True)
        elif kind == BYTE or inside:
            self.at += 1
        elif kind == DOUBLE:
            self.at += 8
        elif kind == MAP:
            if count := self.varint():
                kinds = self.data[self.at]
                self.at += 1
                for _ in range(count):
                    self.skipped(kinds >> 4, inside=True)
                    self.skipped(kinds & 15, inside=True)
        else:
            assert kind in BOOLEANS, kind
        return self.at

    def moved(self, shape: Mapping[int, Any], by: int, number: int) -> bytes:
        """A structure with what ``shape`` says is a place moved; 0 stands for none."""
        made = bytearray()
        self.copied = self.at
        self._move(shape, by, number, made)
        made += self.data[self.copied : self.at]
        return bytes(made)

    def _move(self, shape: Mapping[int, Any], by: int, number: int, made: bytearray) -> None:
        for name, kind in self.fields():
            what = shape.get(name)
            if what is None:
                self.skipped(kind)
            elif what is MOVED or what is NUMBERED:
                made += self.data[self.copied : self.at]
                old = self.number()
                new = number if what is NUMBERED else old + by if old > 0 else old
                made += _varint(new << 1 if new >= 0 else (-new << 1) - 1)
                self.copied = self.at
            elif kind == STRUCT:
                self._move(what, by, number, made)
            else:
                _, count = self.list_head()
                for _ in range(count):
                    self._move(what, by, number, made)
