"""``perfdsl batch --engine spark``: the data stay where they are, Spark reads, scores and writes them (docs/cluster.md)."""

from perfdsl.spark.findings import Halt
from perfdsl.spark.job import Done, refused, score, session_of

__all__ = ["Done", "Halt", "refused", "score", "session_of"]
