"""Workbooks as they lie in a file: .xlsx, .xlsm, .xlsb, .xls and .ods, for whoever reads tables or documents.

``load`` looks through the file in a process of its own before it is read, so that no workbook can take more time or memory
than is allowed, and gives the values with what the library that reads them does not tell: formats, error cells, comments,
what is hidden.  ``shown_value`` and ``displayed`` are their words.
"""

from perfdsl.workbook.display import displayed
from perfdsl.workbook.library import EVERY_SHEET, Raw, load
from perfdsl.workbook.marks import MOST_CELLS, Marks, Refused
from perfdsl.workbook.shown import Value, scaled, shown_value

__all__ = [
    "EVERY_SHEET",
    "MOST_CELLS",
    "Marks",
    "Raw",
    "Refused",
    "Value",
    "displayed",
    "load",
    "scaled",
    "shown_value",
    "streams",
]


def streams(data: bytes) -> frozenset[str]:
    """The names of the streams of a file system in a file (.xls, .doc, a workbook under a password); none if it is damaged."""
    from perfdsl.workbook.xls import streams as names  # only old files need it

    return names(data)
