"""What the library that reads workbooks does not tell: their size, number formats, error cells, hidden rows.

``survey`` looks through the file before it is read, so that no workbook can take more memory than is allowed.
"""

from perfdsl.tables.workbook.shown import scaled, shown_value
from perfdsl.tables.workbook.survey import Marks, Refused, survey

__all__ = ["Marks", "Refused", "scaled", "shown_value", "survey"]
