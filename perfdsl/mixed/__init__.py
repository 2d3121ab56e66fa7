"""Many different plans over one table of observations (docs/batch.md)."""

from perfdsl.mixed.build import Builder, store_of
from perfdsl.mixed.job import Mixed, MixedJob
from perfdsl.mixed.listed import rolls_of
from perfdsl.mixed.store import Store, carrier, cut, opened, written
from perfdsl.mixed.table import Refused
from perfdsl.mixed.tally import ManyTally, kept, of_kept
from perfdsl.mixed.wide import Melted, melted

__all__ = [
    "Builder",
    "ManyTally",
    "Melted",
    "Mixed",
    "MixedJob",
    "Refused",
    "Store",
    "carrier",
    "cut",
    "kept",
    "melted",
    "of_kept",
    "opened",
    "rolls_of",
    "store_of",
    "written",
]
