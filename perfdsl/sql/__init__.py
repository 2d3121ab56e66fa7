"""A program as SQL that runs without perfdsl: ``statement``; ``over_grid`` for engines that speak SQL; ``table_of`` for a plan."""

from perfdsl.sql.dialects import DIALECTS, Dialect
from perfdsl.sql.door import OverGrid, over_grid, statement
from perfdsl.sql.expressions import DoesNotFit
from perfdsl.sql.script import STATUSES, TOTAL
from perfdsl.sql.sources import Field, Note, Table

__all__ = ["DIALECTS", "STATUSES", "TOTAL", "Dialect", "DoesNotFit", "Field", "Note", "OverGrid", "Table", "over_grid", "statement"]
