"""A document as read: text and grids of cells in their order, each with its place.  No meaning yet, and nothing is left out.

The readers of ``documents/`` make it from workbooks, Word files, pages and plain text; ``importers/`` finds the tables of
indicators in it.
"""

from typing import NamedTuple

from attrs import frozen


class Place(NamedTuple):
    """Where something stands, from 1: the page (or sheet), the line or row on it, the column of a cell; 0 is not known.

    ``sheet`` is the name of a sheet of a workbook, the table (``表2``) of a document or page that has several grids, or the
    part of a document that stands beside its text: 页眉, 页脚, 脚注, 批注; empty elsewhere.
    """

    page: int = 0
    row: int = 0
    column: int = 0
    sheet: str = ""


@frozen
class Cell:
    """One cell.  ``text`` is what a reader sees (``95.04%``, not ``0.9504``); it covers ``rows`` × ``columns`` places.

    ``error`` is an error of the workbook (``#DIV/0!``), ``note`` a comment attached to the cell; ``hidden`` is a cell of a
    hidden row, column or sheet.
    """

    text: str
    place: Place
    rows: int = 1
    columns: int = 1
    error: str = ""
    note: str = ""
    hidden: bool = False


@frozen
class Grid:
    """A table: ``rows[r][c]`` is the cell that covers that place (the same object wherever it is merged), None where there is
    none.  Rows are equally long."""

    rows: tuple[tuple[Cell | None, ...], ...]
    title: str = ""


@frozen
class Line:
    """A line or paragraph outside every table; in flattened text cells follow each other as lines, or stand between tabs."""

    text: str
    place: Place


Part = Grid | Line


@frozen
class Document:
    """``parts`` in the order of the document; ``name`` and ``digest`` (SHA-256 of the bytes) say what was read."""

    name: str
    kind: str
    parts: tuple[Part, ...]
    digest: str = ""
