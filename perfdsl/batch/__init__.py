"""The same plan over tables of many objects (docs/batch.md)."""

from perfdsl.batch.job import Job, Scored
from perfdsl.batch.lists import Lists, Roll, lists, lists_json, lists_kept, lists_of_kept, lists_text
from perfdsl.batch.passes import scored_together
from perfdsl.batch.results import table_of
from perfdsl.batch.standings import place_columns

__all__ = [
    "Job", "Lists", "Roll", "Scored", "lists", "lists_json", "lists_kept", "lists_of_kept", "lists_text", "place_columns",
    "scored_together", "table_of",
]  # fmt: skip
