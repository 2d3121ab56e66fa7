"""What to change to reach a grade or a total: the exact smallest change of one thing, the cheapest set, each replayed."""

from perfdsl.advise.costs import read_costs
from perfdsl.advise.door import advise

__all__ = ["advise", "read_costs"]
