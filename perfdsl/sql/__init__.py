"""A program as SQL that runs without perfdsl: ``statement``; ``over_grid`` for engines that speak SQL; ``to_table`` for a plan."""

from perfdsl.sql.dialects import DIALECTS, Dialect
from perfdsl.sql.door import statement
from perfdsl.sql.expressions import DoesNotFit, TooWide
from perfdsl.sql.over_grid import OverGrid, over_grid
from perfdsl.sql.script import STATUS_WORDS, TOTAL
from perfdsl.sql.sources import Field, Note, Table
from perfdsl.sql.tabled import OPTIONAL, Wanted, to_table

__all__ = [
    "DIALECTS",
    "Dialect",
    "DoesNotFit",
    "Field",
    "Note",
    "OPTIONAL",
    "OverGrid",
    "STATUS_WORDS",
    "TOTAL",
    "Table",
    "TooWide",
    "Wanted",
    "over_grid",
    "statement",
    "to_table",
]
