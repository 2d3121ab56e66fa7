"""Workbooks of Excel 97 to 2003 and of WPS (.et), read by the library in a process of its own."""

from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.document import Part
from perfdsl.documents._findings import MACROS
from perfdsl.documents._workbook import read_workbook
from perfdsl.text import Source, Span
from perfdsl.workbook import streams

NAME = "xls"
CONTENT = "xls"
SUFFIXES = (".xls", ".et", ".xlt")
NEEDS = ("python_calamine",)
EXTRA = "excel"


def read(name: str, data: bytes) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """Every sheet as a grid."""
    parts, found = read_workbook(name, data)
    if "_VBA_PROJECT" in streams(data):
        found.insert(0, finding(MACROS, Span(0, 0, Source(name, "")), name=name))
    return parts, found
