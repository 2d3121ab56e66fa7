"""A plan as whole-number arithmetic: exact, and the same on every engine."""

from perfdsl.integers.compared import APART, PART, SURE, UNSURE, VALUE, Asked, Compared, to_compared
from perfdsl.integers.door import RESULTS, STATUSES, apart_of, result_columns, row_program, to_integers, units_of
from perfdsl.integers.layers import layers, looked_at, looks_aside
from perfdsl.integers.reading import UNDER
from perfdsl.integers.values import NoRoom, NotCovered

__all__ = [
    "APART", "PART", "RESULTS", "STATUSES", "SURE", "UNDER", "UNSURE", "VALUE", "Asked", "Compared", "NoRoom", "NotCovered", "apart_of", "layers", "looked_at", "looks_aside",
    "result_columns", "row_program", "to_compared", "to_integers", "units_of",
]  # fmt: skip
