"""Many different plans over one table of observations (docs/batch.md)."""

from perfdsl.mixed.build import Builder, store_of
from perfdsl.mixed.job import Mixed, MixedJob
from perfdsl.mixed.store import Store, carrier, opened, written

__all__ = ["Builder", "Mixed", "MixedJob", "Store", "carrier", "opened", "store_of", "written"]
