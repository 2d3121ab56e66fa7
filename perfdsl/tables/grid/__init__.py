"""A sheet of cells, its header, and the rows of actuals in it; every member of ``perfdsl.tables`` works on this."""

from perfdsl.tables.grid.columns import Column, Layout, find_layout, header_columns
from perfdsl.tables.grid.filled import OWN_SHEETS, is_filled, table_of
from perfdsl.tables.grid.head import Head, head_of, head_of_titles
from perfdsl.tables.grid.names import Names
from perfdsl.tables.grid.rows import UNSOLVED, long_row, read_sheet, wide_rows
from perfdsl.tables.grid.sheet import MOST_CELLS, Cell, Line, Sheet

__all__ = [
    "MOST_CELLS", "OWN_SHEETS", "UNSOLVED", "Cell", "Column", "Head", "Layout", "Line", "Names", "Sheet", "find_layout", "head_of",
    "head_of_titles", "header_columns", "is_filled", "long_row", "read_sheet", "table_of", "wide_rows",
]  # fmt: skip
