"""Look through a workbook without reading its values: which sort it is, how large, and what is noted on its cells.

Raises ``Refused`` and nothing else.
"""

import struct
import zipfile
from xml.etree.ElementTree import ParseError

from perfdsl import package
from perfdsl.package import BadPackage
from perfdsl.workbook import binary, ods, ooxml, xls
from perfdsl.workbook.marks import Refused, Survey

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = (*package.BROKEN, ParseError, struct.error)


def survey(data: bytes, most: int) -> Survey:
    """What is noted about the sheets of a workbook of any sort, which together have no more than ``most`` places."""
    found = _survey(data, most)
    places = sum((m.bottom + 1) * (m.right + 1) for m in found.ordered or found.named.values())
    if places > most:
        raise Refused("too_big", f"{places}格")
    return found


def _survey(data: bytes, most: int) -> Survey:
    try:
        if data.startswith(OLE):
            return xls.survey(data, most)
        if data.startswith(ZIP):
            with package.opened(data) as parts:
                package.undeclared(parts)
                return _zipped(parts, most)
    except BadPackage as bad:
        raise Refused(bad.reason, bad.detail) from bad
    except _BROKEN as problem:
        raise Refused("corrupt", package.words(problem)) from problem
    raise Refused("not_a_workbook")


def _zipped(parts: zipfile.ZipFile, most: int) -> Survey:
    damaged = parts.testzip()
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
