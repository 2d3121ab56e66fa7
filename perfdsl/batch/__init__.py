"""The same plan over tables of many objects (docs/batch.md)."""

from perfdsl.batch.cells import CellReader, classes_of, texts, usual
from perfdsl.batch.cutting import Sizes, parts
from perfdsl.batch.decimals import plain_numbers
from perfdsl.batch.digest import digest, losing
from perfdsl.batch.exact import exact, exact_together
from perfdsl.batch.job import Job, Scored, beside, no_objects
from perfdsl.batch.lines import Raw, TextTable, unread
from perfdsl.batch.lists import Lists, Roll, lists, lists_json, lists_kept, lists_of_kept, lists_text, rolls_of_json
from perfdsl.batch.part import Shape, described
from perfdsl.batch.passes import scored_together, some_together
from perfdsl.batch.picture import html_page, svg_picture
from perfdsl.batch.results import STATUS_ZH, headings, places_of, table_of
from perfdsl.batch.rows import OBJECT, Block, Reader, Refused, joined, names_of
from perfdsl.batch.standings import place_columns
from perfdsl.batch.tally import BINS, FIRST, RowTally, Tally, as_json, from_json, tally

__all__ = [
    "BINS", "FIRST", "OBJECT", "STATUS_ZH", "Block", "CellReader", "Job", "Lists", "Raw", "Reader", "Refused", "Roll", "RowTally", "Scored", "Shape", "Sizes", "Tally", "TextTable",
    "as_json", "beside", "classes_of", "described", "digest", "exact", "exact_together", "from_json", "headings", "html_page", "joined", "lists", "lists_json", "lists_kept", "lists_of_kept", "lists_text", "losing", "names_of",
    "no_objects", "parts", "place_columns", "places_of", "plain_numbers", "rolls_of_json", "scored_together", "some_together", "svg_picture", "table_of", "tally", "texts", "unread", "usual",
]  # fmt: skip
