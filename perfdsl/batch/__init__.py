"""The same plan over tables of many objects (docs/batch.md)."""

from perfdsl.batch.cells import CellReader, classes_of, filled, one_value, text_column, texts, usual
from perfdsl.batch.cutting import Sizes, parts
from perfdsl.batch.decimals import plain_numbers
from perfdsl.batch.digest import digest, losing
from perfdsl.batch.doubts import KNOWN_BY, NO_WORD, looked_at, may_be_known, refused_of, uncovered
from perfdsl.batch.exact import exact, exact_together
from perfdsl.batch.job import Job, Scored, beside, no_objects
from perfdsl.batch.lines import Raw, TextTable, unread
from perfdsl.batch.lists import (
    Lists,
    Roll,
    lists,
    lists_json,
    lists_kept,
    lists_of,
    lists_of_kept,
    lists_text,
    rolls_of_json,
)
from perfdsl.batch.objects import NAMES
from perfdsl.batch.part import Shape, Use, described
from perfdsl.batch.passes import scored_together, some_together
from perfdsl.batch.picture import html_page, svg_picture
from perfdsl.batch.places import Brought, crowd, places
from perfdsl.batch.results import headings, places_of, shown, table_of
from perfdsl.batch.rows import OBJECT, TITLES, Block, Reader, Refused, joined, names_of
from perfdsl.batch.standings import place_columns
from perfdsl.batch.tally import BINS, FIRST, RowTally, Tally, as_json, from_json, tally
from perfdsl.batch.together import as_columns

__all__ = [
    "BINS", "FIRST", "KNOWN_BY", "NAMES", "NO_WORD", "OBJECT", "TITLES", "Block", "Brought", "CellReader", "Job", "Lists", "Raw",
    "Reader", "Refused", "Roll", "RowTally", "Scored", "Shape", "Sizes", "Tally", "TextTable", "Use", "as_columns", "as_json", "beside",
    "classes_of", "crowd", "described", "digest", "exact", "exact_together", "filled", "from_json", "headings", "html_page", "joined", "lists",
    "lists_json", "lists_kept", "lists_of", "lists_of_kept", "lists_text", "looked_at", "losing", "may_be_known", "names_of", "no_objects", "one_value", "parts",
    "place_columns", "places", "places_of", "plain_numbers", "refused_of", "rolls_of_json", "scored_together", "shown", "some_together",
    "svg_picture", "table_of", "tally", "text_column", "texts", "uncovered", "unread", "usual",
]  # fmt: skip
