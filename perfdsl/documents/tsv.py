"""Records between tabs: one grid."""

from perfdsl.diagnostics import Diagnostic
from perfdsl.document import Part
from perfdsl.documents._text import records, text_of

NAME = "tsv"
CONTENT = "txt"
SUFFIXES = (".tsv", ".tab")
NEEDS = ()
EXTRA = ""


def read(name: str, data: bytes) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """The records of a text."""
    text, found = text_of(name, data)
    parts, more = records(name, text, "\t")
    return parts, found + more
