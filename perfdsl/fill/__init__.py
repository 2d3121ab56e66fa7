"""Sheets to fill: ``blank`` lays one out for a plan, ``read_back`` says what in a filled one does not fit.

``Rules`` holds what many sheets are read against; ``notes`` are the words of the second sheet.
"""

from perfdsl.fill.back import OTHER_PERIOD, REPEATS, read_back
from perfdsl.fill.cells import NOT_A_DATE, NOT_A_NUMBER
from perfdsl.fill.layout import SPARE, blank
from perfdsl.fill.notes import notes
from perfdsl.fill.rules import Rules

__all__ = ["NOT_A_DATE", "NOT_A_NUMBER", "OTHER_PERIOD", "REPEATS", "SPARE", "Rules", "blank", "notes", "read_back"]
