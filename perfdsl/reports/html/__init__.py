"""The report as one web page that needs nothing else: no network, no script, no font of its own."""

from perfdsl.reports.html.door import NAME, NEEDS, SUFFIX, render

__all__ = ["NAME", "NEEDS", "SUFFIX", "render"]
