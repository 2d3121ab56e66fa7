"""Workbooks in a package: .xlsx, .xlsm, .xlsb, .ods.  Macros and external links are left alone."""

import re
import zipfile

from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.document import Part
from perfdsl.documents._archive import Archive
from perfdsl.documents._findings import LINKS, PICTURES
from perfdsl.documents._workbook import read_workbook
from perfdsl.text import Source, Span

NAME = "xlsx"
CONTENT = "xlsx"
SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".ods", ".et")
NEEDS = ("python_calamine",)
EXTRA = "excel"


def read(name: str, data: bytes) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """Every sheet as a grid."""
    archive = Archive(name, data)
    archive.check_xml()
    parts, found = read_workbook(name, data)
    return parts, [*archive.found, *_left_out(name, archive.parts), *found]


def _left_out(name: str, parts: zipfile.ZipFile) -> list[Diagnostic]:
    place, found = Span(0, 0, Source(name, "")), []
    links = sum(bool(_LINK.fullmatch(part)) for part in parts.namelist())
    pictures = sum(bool(_PICTURE.fullmatch(part)) for part in parts.namelist())
    if links:
        found.append(finding(LINKS, place, name=name, count=links))
    if pictures:
        found.append(finding(PICTURES, place, name=name, count=pictures))
    return found


_LINK = re.compile(r"xl/externalLinks/[^/]+\.(?:xml|bin)")
_PICTURE = re.compile(r"(?:xl/(?:media|charts|embeddings)/|Pictures/)[^/]+", re.IGNORECASE)
