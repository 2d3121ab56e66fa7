"""The place in a TOML file that the message of its parser names; nothing but the message says it before Python 3.14."""

import re

from perfdsl.text import Source, Span


def toml_place(source: Source, words: str) -> Span:
    """The place that ``words``, a message of ``tomllib``, names: one character, or the end of the text where it names none."""
    said = re.search(r"at line (\d+), column (\d+)", words)
    if said is None or int(said[1]) > len(source.line_starts):
        return Span(len(source.text), len(source.text), source)
    start = min(source.line_starts[int(said[1]) - 1] + int(said[2]) - 1, len(source.text))
    return Span(start, min(start + 1, len(source.text)), source)
