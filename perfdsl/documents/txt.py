"""Plain text: every line with its number.  Text whose lines all have the same number of tabs is one grid."""

from perfdsl.diagnostics import Diagnostic
from perfdsl.document import Part
from perfdsl.documents._text import is_table, lines, records, text_of

NAME = "txt"
CONTENT = "txt"
SUFFIXES = (".txt",)
NEEDS = ()
EXTRA = ""


def read(name: str, data: bytes) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """The lines of a text, or its grid."""
    text, found = text_of(name, data)
    if not is_table(text):
        return lines(text), found
    parts, more = records(name, text, "\t")
    return parts, found + more
