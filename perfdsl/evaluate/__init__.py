"""The exact engine: a plan and observations to a scorecard.  It is the definition of the language.

Rationals only; each score is rounded once, sums are sums of what is printed, and what is missing stays missing.
"""

from perfdsl.evaluate.door import Engine, evaluate
from perfdsl.evaluate.messages import CLASS_OF_ONE, NOT_ALIKE, NOT_PLACED, REFUSED, field_of
from perfdsl.evaluate.rows import EXCESS
from perfdsl.evaluate.values import NO_JUDGE, Frame, Place, Values

__all__ = [
    "CLASS_OF_ONE", "EXCESS", "NOT_ALIKE", "NOT_PLACED", "NO_JUDGE", "REFUSED", "Engine", "Frame", "Place", "Values", "evaluate",
    "field_of",
]  # fmt: skip
