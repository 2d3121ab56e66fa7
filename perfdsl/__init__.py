"""perfdsl: write performance indicators and scoring rubrics, prove them sound, score actual values exactly."""

__version__ = "0.1.0"
