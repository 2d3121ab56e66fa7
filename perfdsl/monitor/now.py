"""The day of a monitoring, as far as what is due depends on it."""

from fractions import Fraction
from typing import NamedTuple


class Now(NamedTuple):
    """``share`` is 序时进度, None where it is not known; ``at_end``: the day is the last one of the period.

    Only then do the plan and the targets of the period say what is still to come.
    """

    share: Fraction | None
    at_end: bool = True
