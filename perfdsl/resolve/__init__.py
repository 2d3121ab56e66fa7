"""A file as written to what it means: one door, ``resolve``."""

from perfdsl.resolve.door import resolve
from perfdsl.resolve.library import Loaded, Memo

__all__ = ["Loaded", "Memo", "resolve"]
