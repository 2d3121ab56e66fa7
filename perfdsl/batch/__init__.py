"""The same plan over tables of many objects (docs/batch.md)."""

from perfdsl.batch.job import Job, Scored
from perfdsl.batch.results import table_of

__all__ = ["Job", "Scored", "table_of"]
