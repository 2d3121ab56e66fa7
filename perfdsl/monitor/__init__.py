"""Monitoring during the year: plans and rows of actuals to ``Monitoring``, one for each object."""

from perfdsl.monitor.columns import COLUMNS
from perfdsl.monitor.door import monitor, outside

__all__ = ["COLUMNS", "monitor", "outside"]
