"""What the top of a table says before its rows are read: its header, its delimiter, whom a filled sheet is about."""

from collections.abc import Sequence
from typing import NamedTuple

from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.tables.grid import findings as f
from perfdsl.tables.grid.columns import INCOMPLETE, Column, Layout, find_layout
from perfdsl.tables.grid.filled import table_of
from perfdsl.tables.grid.names import Names
from perfdsl.tables.grid.rows import above, first, header_findings
from perfdsl.tables.grid.sheet import Cell, Line, Sheet
from perfdsl.text import Source


class Head(NamedTuple):
    """The header of a sheet: its line (from 0), its columns, whether one line is an object; unusable where ``columns`` is empty.

    ``object`` is whom a sheet made by ``template`` is about, "" of any other.
    """

    line: int
    columns: tuple[Column, ...]
    wide: bool
    object: str
    found: tuple[Diagnostic, ...]


def head_of(sheet: Sheet, names: Names) -> Head:
    """The header of ``sheet``, and what there is to say about it."""
    layout = find_layout(sheet, names)
    if layout is None:
        return Head(0, (), False, "", (finding(f.NO_HEADER, first(sheet), where=sheet.title or sheet.source.name),))
    found = above(sheet, layout) + header_findings(sheet, layout, names)
    usable = layout.rank > INCOMPLETE and not any(d.kind is f.TWICE_HEADER for d in found)
    table, found = table_of(sheet.source.name, sheet, names, (), found)
    about = table.filled.object if table.filled is not None else ""
    return Head(layout.line, layout.columns if usable else (), layout.wide, about, tuple(found))


def head_of_titles(name: str, titles: Sequence[str], names: Names) -> Head:
    """The same of columns that come with their titles, as those of a query."""
    shown = [title.replace("\n", " ").replace("\t", " ") for title in titles]
    text, at, cells = "\t".join(shown), 0, []
    for title, words in zip(titles, shown, strict=True):
        cells.append(Cell(title, at, at + len(words)))
        at += len(words) + 1
    source = Source(name, text)
    return head_of(Sheet(source=source, lines=(Line(tuple(cells), 0, len(text)),)), names)


__all__ = ["Head", "Layout", "head_of", "head_of_titles"]
