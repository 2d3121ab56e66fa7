"""The exact engine: a plan and observations to a scorecard.  It is the definition of the language.

Rationals only; each score is rounded once, sums are sums of what is printed, and what is missing stays missing.
"""

from perfdsl.evaluate.door import Engine, evaluate
from perfdsl.evaluate.values import NO_JUDGE, Frame

__all__ = ["NO_JUDGE", "Engine", "Frame", "evaluate"]
