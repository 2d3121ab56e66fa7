"""Look through a workbook without reading its values: which sort it is, how large, and what is noted on its cells.

Raises ``Refused`` and nothing else.
"""

import io
import struct
import zipfile
import zlib
from xml.etree.ElementTree import ParseError

from perfdsl.workbook import binary, ods, ooxml, xls
from perfdsl.workbook.marks import MOST_BYTES, Refused, Survey

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, LookupError,
           OverflowError, ParseError, struct.error)  # fmt: skip


def survey(data: bytes, most: int) -> Survey:
    """What is noted about the sheets of a workbook of any sort."""
    try:
        if data.startswith(OLE):
            return xls.survey(data, most)
        if data.startswith(ZIP):
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                return _zipped(parts, most)
    except _BROKEN as problem:
        raise Refused("corrupt", f"{type(problem).__name__}: {problem}") from problem
    raise Refused("not_a_workbook")


def _zipped(parts: zipfile.ZipFile, most: int) -> Survey:
    size = sum(part.file_size for part in parts.infolist())
    if size > MOST_BYTES:
        raise Refused("too_big", f"{size >> 20} MB")
    damaged = parts.testzip()  # also proves that the sizes above are true
    if damaged is not None:
        raise Refused("corrupt", damaged)
    present = set(parts.namelist())
    if "xl/workbook.bin" in present:
        return binary.survey(parts, most)
    if "xl/workbook.xml" in present:
        return ooxml.survey(parts, most)
    if "content.xml" in present:
        return ods.survey(parts, most)
    raise Refused("not_a_workbook")
