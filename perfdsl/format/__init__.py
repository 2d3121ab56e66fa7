"""The canonical layout of a .perf file: ``format_file(file, keywords) -> str``."""

from perfdsl.format.items import format_file

__all__ = ["format_file"]
