"""A file as written to what it means: one door, ``resolve``."""

from perfdsl.resolve.door import resolve
from perfdsl.resolve.library import Loaded

__all__ = ["Loaded", "resolve"]
