"""Records between commas, semicolons, tabs or full-width commas, whichever divides the lines alike: one grid."""

from perfdsl.diagnostics import Diagnostic
from perfdsl.document import Part
from perfdsl.documents._text import likely_separator, records, text_of

NAME = "csv"
CONTENT = "txt"
SUFFIXES = (".csv",)
NEEDS = ()
EXTRA = ""
SEPARATORS = ",\t;，"


def read(name: str, data: bytes) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """The records of a text."""
    text, found = text_of(name, data)
    parts, more = records(name, text, likely_separator(text, SEPARATORS))
    return parts, found + more
