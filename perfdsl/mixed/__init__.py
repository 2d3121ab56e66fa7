"""Many different plans over one table of observations (docs/batch.md)."""

from perfdsl.mixed.build import Builder, store_of
from perfdsl.mixed.job import Mixed, MixedJob
from perfdsl.mixed.store import Store, carrier, opened, written
from perfdsl.mixed.tally import ManyTally, kept, of_kept

__all__ = [
    "Builder",
    "ManyTally",
    "Mixed",
    "MixedJob",
    "Store",
    "carrier",
    "kept",
    "of_kept",
    "opened",
    "store_of",
    "written",
]
