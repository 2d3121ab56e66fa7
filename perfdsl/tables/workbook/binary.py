"""The size of the sheets of an .xlsb, and their error cells.

Records are an identity and a length in seven-bit groups; only rows and cells are looked at.
"""

import posixpath
import struct
import zipfile
from collections.abc import Iterator

from perfdsl.tables.workbook.marks import MOST_ROWS, Marks, Refused, Survey

ROW, CELLS, ERROR, FORMULA_ERROR = 0, range(1, 12), 3, 11
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def survey(parts: zipfile.ZipFile) -> Survey:
    """The marks of every worksheet, in the order of the numbers of the parts."""
    names = [name for name in parts.namelist() if posixpath.dirname(name) == "xl/worksheets" and name.endswith(".bin")]
    names.sort(key=lambda name: (len(name), name))
    return Survey(ordered=tuple(_sheet(parts.read(name)) for name in names))


def _sheet(data: bytes) -> Marks:
    marks, row = Marks(), 0
    for kind, start, size in _records(data):
        if kind == ROW and size >= 4:
            (row,) = struct.unpack_from("<I", data, start)
            if row >= MOST_ROWS:
                raise Refused("corrupt", f"row {row}")
        elif kind in CELLS and size >= 4:
            (column,) = struct.unpack_from("<I", data, start)
            marks.reach(row, column)
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
