"""The same plan over tables of many objects (docs/batch.md)."""

from perfdsl.batch.cells import CellReader, texts
from perfdsl.batch.cutting import Sizes, parts
from perfdsl.batch.decimals import plain_numbers
from perfdsl.batch.digest import digest, losing
from perfdsl.batch.exact import exact
from perfdsl.batch.job import Job, Scored, no_objects
from perfdsl.batch.lines import Raw, TextTable, unread
from perfdsl.batch.lists import Lists, Roll, lists, lists_json, lists_kept, lists_of_kept, lists_text
from perfdsl.batch.part import Shape, described
from perfdsl.batch.passes import scored_together
from perfdsl.batch.picture import html_page, svg_picture
from perfdsl.batch.results import GRADE, HIGH, LOW, STATUS_ZH, TOTAL, places_of, table_of
from perfdsl.batch.rows import OBJECT, Block, Reader, Refused, joined, names_of
from perfdsl.batch.standings import place_columns
from perfdsl.batch.tally import BINS, FIRST, RowTally, Tally, as_json, from_json, tally

__all__ = [
    "BINS", "FIRST", "GRADE", "HIGH", "LOW", "OBJECT", "TOTAL", "STATUS_ZH", "Block", "CellReader", "Job", "Lists", "Raw", "Reader", "Refused", "Roll", "RowTally", "Scored", "Shape", "Sizes", "Tally", "TextTable",
    "as_json", "described", "digest", "exact", "from_json", "html_page", "joined", "lists", "lists_json", "lists_kept", "lists_of_kept", "lists_text", "losing", "names_of",
    "no_objects", "parts", "place_columns", "places_of", "plain_numbers", "scored_together", "svg_picture", "table_of", "tally", "texts", "unread",
]  # fmt: skip
