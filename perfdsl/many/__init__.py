"""The exact engine over many objects: the same numbers as ``evaluate``, compiled once and run column by column."""

from perfdsl.many.door import NOT_APPLICABLE, Given, Line, Scaled, Scorer, many

__all__ = ["NOT_APPLICABLE", "Given", "Line", "Scaled", "Scorer", "many"]
