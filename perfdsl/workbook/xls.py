"""The size, number formats and error cells of the sheets of an .xls: a file system in a file, and in it a stream of records.

Row and column are two bytes each, so a single damaged record can claim four thousand million cells.
"""

import struct
from collections.abc import Iterator

from perfdsl.workbook.binary import ERRORS
from perfdsl.workbook.marks import Marks, Refused, Styles, Survey

END = 0xFFFFFFFA  # sector numbers from here on are marks
BOF, BOOLERR, FORMULA, FORMAT, STYLE, MULRK = 0x0809, 0x0205, 0x0006, 0x041E, 0x00E0, 0x00BD
ROW, COLUMNS, FONT, NOTE = 0x0208, 0x007D, 0x0031, 0x001C
STRUCK = 0x0008
CELLS = frozenset({0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204,
                   0x0205, 0x0206, 0x027E, 0x0406})  # fmt: skip


def survey(data: bytes, most: int) -> Survey:
    """The marks of every worksheet, in the order of the stream."""
    try:
        return Survey(ordered=tuple(_sheets(_workbook(data), most)))
    except struct.error as problem:
        raise Refused("corrupt", str(problem)) from problem


def _sheets(stream: bytes, most: int) -> list[Marks]:
    sheets: list[Marks] = []
    styles = Styles()
    at = fonts = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        at += 4
        if kind == BOF and size >= 4 and struct.unpack_from("<H", stream, at + 2)[0] == 0x10:
            sheets.append(Marks(most=most))
        elif kind in CELLS and size >= 6 and sheets:
            _cell(sheets[-1], kind, stream[at : at + size], styles)
        elif kind == ROW and size >= 16 and sheets:
            if stream[at + 12] & 0x20:
                sheets[-1].hidden_rows.add(struct.unpack_from("<H", stream, at)[0])
        elif kind == COLUMNS and size >= 10 and sheets:
            first, last = struct.unpack_from("<HH", stream, at)
            if stream[at + 8] & 1:
                sheets[-1].hidden_columns.update(range(first, min(last, 255) + 1))
        elif kind == FORMAT and size >= 5:
            styles.own[struct.unpack_from("<H", stream, at)[0]] = _words(stream[at + 2 : at + size])
        elif kind == STYLE and size >= 4:
            styles.fonts.append(struct.unpack_from("<H", stream, at)[0])
            styles.used.append(struct.unpack_from("<H", stream, at + 2)[0])
        elif kind == FONT and size >= 4:
            if struct.unpack_from("<H", stream, at + 2)[0] & STRUCK:
                styles.struck.add(fonts + (fonts > 3))  # no font has the number 4
            fonts += 1
        elif kind == NOTE and size >= 4 and sheets:
            place = struct.unpack_from("<HH", stream, at)
            sheets[-1].reach(*place)
            sheets[-1].notes[place] = ""  # its words are in a drawing
        at += size
    return sheets


def _words(record: bytes) -> str:
    """A text with its length before it, one or two bytes a character."""
    wide = record[2] & 1
    return record[3:].decode("utf-16-le" if wide else "latin-1", "replace")


def _cell(marks: Marks, kind: int, record: bytes, styles: Styles) -> None:
    row, column = struct.unpack_from("<HH", record)
    last = struct.unpack_from("<H", record, len(record) - 2)[0] if kind == MULRK else column
    marks.reach(row, max(column, last))
    for step in range(min(last - column + 1, (len(record) - 4) // 6)):
        (style,) = struct.unpack_from("<H", record, 4 + 6 * step)
        if name := styles.format_of(style):
            marks.formats[row, column + step] = name
        if styles.strikes(style):
            marks.struck.add((row, column + step))
    if kind == BOOLERR and len(record) >= 8 and record[7]:
        marks.errors[row, column] = ERRORS.get(record[6], "#N/A")
    elif kind == FORMULA and len(record) >= 14 and record[6] == 2 and record[12:14] == b"\xff\xff":
        marks.errors[row, column] = ERRORS.get(record[8], "#N/A")


def streams(data: bytes) -> frozenset[str]:
    """The names in the directory; none where it cannot be read."""
    try:
        return frozenset(entry[0] for entry in _entries(_directory(data)[2]) if entry[0])
    except (struct.error, Refused):
        return frozenset()


def _directory(data: bytes) -> tuple[int, list[int], bytes]:
    """(bytes of a sector, which sector follows which, the directory)."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise Refused("corrupt", "sector size")
    size = 1 << shift
    table = _table(data, size)
    return size, table, _chain(data, table, struct.unpack_from("<I", data, 48)[0], size)


def _workbook(data: bytes) -> bytes:
    """The stream named Workbook (Book before 1997)."""
    size, table, directory = _directory(data)
    for entry in _entries(directory):
        if entry[0] in ("Workbook", "Book"):
            return _stream(data, table, directory, entry, size)
    if "EncryptedPackage" in {entry[0] for entry in _entries(directory)}:
        raise Refused("password")
    raise Refused("not_a_workbook")


def _entries(directory: bytes) -> Iterator[tuple[str, int, int]]:
    """(name, first sector, length) of everything in the directory."""
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        start, size = struct.unpack_from("<II", directory, at + 116)
        yield directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace"), start, size


def _stream(data: bytes, table: list[int], directory: bytes, entry: tuple[str, int, int], size: int) -> bytes:
    _, start, length = entry
    if length >= struct.unpack_from("<I", data, 56)[0]:
        return _chain(data, table, start, size)[:length]
    small = _chain(data, table, struct.unpack_from("<I", data, 60)[0], size)
    links = list(struct.unpack(f"<{len(small) // 4}I", small[: len(small) // 4 * 4]))
    root = next(_entries(directory), ("", END, 0))
    return _chain(b"\0" * 64 + _chain(data, table, root[1], size), links, start, 64)[:length]


def _table(data: bytes, size: int) -> list[int]:
    """Which sector follows which."""
    sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < END]
    more, seen = struct.unpack_from("<I", data, 68)[0], 0
    while more < END and seen * size < len(data):
        part = _sector(data, more, size)
        numbers = struct.unpack(f"<{len(part) // 4}I", part)
        sectors += [s for s in numbers[:-1] if s < END]
        more, seen = numbers[-1], seen + 1
    if len(sectors) * size > len(data):
        raise Refused("corrupt", "sectors")
    joined = b"".join(_sector(data, s, size) for s in sectors)
    return list(struct.unpack(f"<{len(joined) // 4}I", joined))


def _chain(data: bytes, table: list[int], start: int, size: int) -> bytes:
    found: list[bytes] = []
    at = start
    while at < END:
        if at >= len(table) or len(found) * size > len(data):
            raise Refused("corrupt", f"sector {at}")
        found.append(_sector(data, at, size))
        at = table[at]
    return b"".join(found)


def _sector(data: bytes, number: int, size: int) -> bytes:
    """A sector, filled up with zeros where the file is cut."""
    return data[(number + 1) * size : (number + 2) * size].ljust(size, b"\0")
