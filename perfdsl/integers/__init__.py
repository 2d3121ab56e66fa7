"""A plan as whole-number arithmetic: exact, and the same on every engine."""

from perfdsl.integers.compared import APART, PART, SURE, UNSURE, VALUE, Asked, Compared, to_compared
from perfdsl.integers.door import apart_of, row_program, to_integers, units_of
from perfdsl.integers.layers import layers, looks_aside
from perfdsl.integers.reading import UNDER
from perfdsl.integers.values import NotCovered

__all__ = [
    "APART", "PART", "SURE", "UNDER", "UNSURE", "VALUE", "Asked", "Compared", "NotCovered", "apart_of", "layers", "looks_aside",
    "row_program", "to_compared", "to_integers", "units_of",
]  # fmt: skip
