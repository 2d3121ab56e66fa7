"""Workbooks as they lie in a file: .xlsx, .xlsm, .xlsb, .xls and .ods, for whoever reads tables or documents.

``survey`` looks through the file before it is read, so that no workbook can take more memory than is allowed, and notes
what the library that reads values does not tell: formats, error cells, comments, what is hidden.  ``load`` gives the
values, ``shown_value`` and ``displayed`` their words.
"""

from perfdsl.workbook.display import displayed
from perfdsl.workbook.library import EVERY_SHEET, Raw, load
from perfdsl.workbook.marks import MOST_CELLS, Marks, Refused, Survey
from perfdsl.workbook.shown import Value, scaled, shown_value

__all__ = [
    "EVERY_SHEET", "Marks", "Raw", "Refused", "Survey", "Value", "displayed", "load", "scaled", "shown_value", "streams",
    "survey",
]  # fmt: skip


def survey(data: bytes, most: int = MOST_CELLS) -> Survey:
    """What is noted about the sheets of a workbook, none of them over ``most`` places; raises ``Refused`` and nothing else."""
    from perfdsl.workbook.look import survey as look  # XML is loaded only where there is a workbook

    return look(data, most)


def streams(data: bytes) -> frozenset[str]:
    """The names of the streams of a file system in a file (.xls, .doc, a workbook under a password); none if it is damaged."""
    from perfdsl.workbook.xls import streams as names  # as above

    return names(data)
