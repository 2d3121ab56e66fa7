"""Read target cells and completion values: ``read_target`` and ``read_actual`` are the doors."""

from perfdsl.read_target.actual import read_actual
from perfdsl.read_target.door import read_target
from perfdsl.read_target.findings import KINDS
from perfdsl.target import Finding, Reading, Target

__all__ = ["KINDS", "Finding", "Reading", "Target", "read_actual", "read_target"]
