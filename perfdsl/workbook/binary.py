"""The size, number formats and error cells of the sheets of an .xlsb.

Records are an identity and a length in seven-bit groups; only rows and cells are looked at.
"""

import posixpath
import struct
import zipfile
from collections.abc import Iterator

from perfdsl.workbook.marks import MOST_ROWS, Marks, Refused, Styles, Survey

ROW, CELLS, ERROR, FORMULA_ERROR = 0, range(2, 12), 3, 11
FORMAT, STYLE, STYLES_BEGIN, STYLES_END = 44, 47, 617, 618
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def survey(parts: zipfile.ZipFile, most: int) -> Survey:
    """The marks of every worksheet, in the order of the numbers of the parts."""
    names = [name for name in parts.namelist() if posixpath.dirname(name) == "xl/worksheets" and name.endswith(".bin")]
    names.sort(key=lambda name: (len(name), name))
    styles = _styles(parts.read("xl/styles.bin")) if "xl/styles.bin" in parts.NameToInfo else Styles()
    return Survey(ordered=tuple(_sheet(parts.read(name), styles, most) for name in names))


def _styles(data: bytes) -> Styles:
    styles, inside = Styles(), False
    for kind, start, size in _records(data):
        if kind == FORMAT and size >= 6:
            number, length = struct.unpack_from("<HI", data, start)
            styles.own[number] = data[start + 6 : start + min(size, 6 + 2 * length)].decode("utf-16-le", "replace")
        elif kind == STYLE and size >= 4 and inside:
            styles.used.append(struct.unpack_from("<H", data, start + 2)[0])
        elif kind in (STYLES_BEGIN, STYLES_END):
            inside = kind == STYLES_BEGIN
    return styles


def _sheet(data: bytes, styles: Styles, most: int) -> Marks:
    marks, row = Marks(most=most), 0
    for kind, start, size in _records(data):
        if kind == ROW and size >= 4:
            (row,) = struct.unpack_from("<I", data, start)
            if row >= MOST_ROWS:
                raise Refused("corrupt", f"row {row}")
        elif kind in CELLS and size >= 8:
            column, style = struct.unpack_from("<II", data, start)
            marks.reach(row, column)
            if name := styles.format_of(style & 0xFFFFFF):
                marks.formats[row, column] = name
            if kind in (ERROR, FORMULA_ERROR) and size >= 9:
                marks.errors[row, column] = ERRORS.get(data[start + 8], "#N/A")
    return marks


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(identity, offset of the content, its length) of every record."""
    at = 0
    while at < len(data):
        kind, at = _group(data, at, 2)
        size, at = _group(data, at, 4)
        if at + size > len(data):
            raise Refused("corrupt", f"record at {at}")
        yield kind, at, size
        at += size


def _group(data: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for step in range(most):
        byte = data[at + step]
        number |= (byte & 0x7F) << (7 * step)
        if byte < 0x80:
            return number, at + step + 1
    return number, at + most
