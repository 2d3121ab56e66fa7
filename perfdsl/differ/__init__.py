"""The comparison of two sets of rules: ``compare`` decides where scores differ for every actual, ``effects`` whose do for given ones."""

from perfdsl.differ.door import compare
from perfdsl.differ.effects import Effect, Got, Held, RowEffect, effects
from perfdsl.differ.found import (
    BEST,
    DIFFERS,
    MARK,
    NO_VALUE,
    NUMBER,
    OPEN,
    OTHER,
    OUTSIDE,
    PRESENT,
    SAME,
    SCORE,
    TAKEN,
    UNASSESSED,
    UNDECIDED,
    WORD,
    WORST,
    Card,
    Change,
    Difference,
    Edge,
    Example,
    ObjectDifference,
    RowDifference,
    Setting,
    Side,
    Stretch,
    Whole,
)  # fmt: skip

__all__ = [
    "BEST", "Card", "WORST", "Whole", "DIFFERS", "MARK", "NO_VALUE", "NUMBER", "OPEN", "OTHER", "OUTSIDE", "PRESENT", "SAME", "SCORE", "TAKEN", "UNASSESSED", "UNDECIDED", "WORD", "Change", "Difference", "Edge", "Effect",
    "Example", "Got", "Held", "RowEffect", "ObjectDifference", "RowDifference", "Setting", "Side", "Stretch", "compare", "effects",
]  # fmt: skip
