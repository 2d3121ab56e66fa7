"""Tables as text: cells between commas, tabs, semicolons or full-width commas, quoted as spreadsheets quote them.

The delimiter is the one under which the header makes sense; every cell keeps its place in the text.
"""

import re
from collections.abc import Iterator
from itertools import islice

from perfdsl.actuals import Table
from perfdsl.diagnostics import Diagnostic, finding, has_errors
from perfdsl.encoding import decode
from perfdsl.tables.grid import MOST_CELLS, Cell, Line, Names, Sheet, find_layout, read_sheet, table_of
from perfdsl.tables.grid.columns import MOST_LINES_ABOVE
from perfdsl.tables.grid.findings import EMPTY, NO_SHEETS, NOT_TEXT, OPEN_QUOTE, TOO_LARGE
from perfdsl.tables.grid.head import Head, head_of
from perfdsl.text import Source, Span

NAME = "csv"
SUFFIXES = (".csv", ".tsv", ".txt")
DELIMITERS = (",", "\t", ";", "，")
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def looks_like(data: bytes) -> bool:
    """Text has no mark of its own."""
    return False


def read(name: str, data: bytes, names: Names, sheet: str = "") -> tuple[Table, list[Diagnostic]]:
    """The rows of a table written as text."""
    nothing = Table(name, ())
    if data.startswith(WORKBOOKS):
        return nothing, [finding(NOT_TEXT, Span(0, 0, Source(name, "")), name=name)]
    count = data.count(b"\n") + max(data.count(delimiter.encode()) for delimiter in DELIMITERS)
    if count > MOST_CELLS:
        return nothing, [finding(TOO_LARGE, Span(0, 0, Source(name, "")), name=name, count=count)]
    text, _, found = decode(name, data)
    source = Source(name, text)
    if sheet:
        found.append(finding(NO_SHEETS, Span(0, 0, source), name=name, sheet=sheet))
    if not text.strip():
        found.append(finding(EMPTY, Span(0, 0, source), name=name))
    if has_errors(found):
        return nothing, found
    lines = tuple(split(source, delimiter_of(source, names), found))
    grid = Sheet(source=source, lines=lines)
    rows, more = read_sheet(grid, names)
    return table_of(name, grid, names, rows, found + more)


def text_head(source: Source, names: Names) -> tuple[str, Head]:
    """The delimiter and the header of a text of which ``source`` is at least the beginning."""
    delimiter = delimiter_of(source, names)
    lines = tuple(islice(split(source, delimiter, []), MOST_LINES_ABOVE))
    return delimiter, head_of(Sheet(source=source, lines=lines), names)


def delimiter_of(source: Source, names: Names) -> str:
    """The delimiter with the most convincing header; the most columns, then the order above, break a tie."""
    best, chosen = (0, 0), DELIMITERS[0]
    for delimiter in DELIMITERS:
        head = tuple(islice(split(source, delimiter, []), MOST_LINES_ABOVE))
        layout = find_layout(Sheet(source=source, lines=head), names)
        if layout is not None and (layout.rank, len(layout.columns)) > best:
            best, chosen = (layout.rank, len(layout.columns)), delimiter
    return chosen


def split(source: Source, delimiter: str, found: list[Diagnostic]) -> Iterator[Line]:
    """The records of a text; a quote that is never closed ends them."""
    text, at, size = source.text, 0, len(source.text)
    bare = re.compile(f"[^{delimiter}\n]*")
    quoted = re.compile(f' *"((?:[^"]|"")*+)(?:(") *(?=[{delimiter}\n]|\\Z))?')
    while at < size:
        start, cells = at, []
        while True:
            cell, end = _cell(text, at, bare, quoted)
            if cell is None:
                found.append(finding(OPEN_QUOTE, Span(at, at + 1, source), row=source.line_of(at)))
                return
            cells.append(cell)
            at = end + 1
            if end >= size or text[end] == "\n":
                break
        yield Line(tuple(cells), start, end)


def _cell(text: str, at: int, bare: re.Pattern[str], quoted: re.Pattern[str]) -> tuple[Cell | None, int]:
    """The cell that begins at ``at`` and where it ends; no cell when its quote is never closed."""
    match = quoted.match(text, at)
    if match is not None and match.group(2):
        return Cell(unguarded(match.group(1).replace('""', '"')), match.start(), match.end()), match.end()
    if match is not None and match.end() == len(text):
        return None, at
    match = bare.match(text, at)  # a quote in the middle of a name is a character like any other
    end = match.end() if match is not None else at
    return Cell(unguarded(text[at:end]), at, end), end


def unguarded(text: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in _GUARDED and len(text) > 1 else text


_GUARDED = ("=", "+", "-", "@", "\t", "\n")
