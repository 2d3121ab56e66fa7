"""The same plan over tables of many objects (docs/batch.md)."""

from perfdsl.batch.cells import CellReader
from perfdsl.batch.job import Job, Scored
from perfdsl.batch.part import Shape
from perfdsl.batch.results import table_of

__all__ = ["CellReader", "Job", "Scored", "Shape", "table_of"]
