"""A plan as whole-number arithmetic: exact, and the same on every engine."""

from perfdsl.integers.door import apart_of, row_program, to_integers, units_of
from perfdsl.integers.values import NotCovered

__all__ = ["NotCovered", "apart_of", "row_program", "to_integers", "units_of"]
