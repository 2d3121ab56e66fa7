"""What to change to reach a grade or a total: the exact smallest change of one thing, the cheapest set, each replayed."""

from perfdsl.advise import model
from perfdsl.advise.costs import read_costs
from perfdsl.advise.door import advise
from perfdsl.advise.model import Advice, Change, ChangeSet, Goal, Prices, Single

__all__ = ["Advice", "Change", "ChangeSet", "Goal", "Prices", "Single", "advise", "model", "read_costs"]
