"""A report as prose before it is a file: headings, paragraphs, tables, charts and notes in their order.

A writer reads nothing else.  Every text is plain text, already clean; nothing in it is markup.
"""

from fractions import Fraction

import attrs

LEFT, CENTRE, RIGHT = "left", "centre", "right"
LISTED = 2  # levels of headings in a table of contents
AFTER, BEFORE, LOSS = "after", "before", "loss"  # tones of bars: this result, the other one, what was lost


@attrs.frozen
class Heading:
    """A heading; level 1 is the highest.  ``new_page`` begins a page."""

    text: str
    level: int = 1
    new_page: bool = False


@attrs.frozen
class Paragraph:
    """A paragraph; ``lead`` stands before it in bold, as part of the sentence."""

    text: str
    lead: str = ""


@attrs.frozen
class Note:
    """Small print below a table or a chart."""

    text: str


@attrs.frozen
class Blank:
    """Room for a person to write: so many empty lines."""

    lines: int = 3


@attrs.frozen
class Signatures:
    """Names of those who sign, each with room behind it."""

    names: tuple[str, ...]


@attrs.frozen
class Cell:
    """A cell of a table; it covers ``rows`` and ``columns``.  ``small`` stands below the text in small print."""

    text: str
    rows: int = 1
    columns: int = 1
    strong: bool = False
    small: str = ""


@attrs.frozen(kw_only=True)
class Column:
    """A column: its head, where its text stands, and its part of the width."""

    head: str
    place: str = LEFT
    width: int


@attrs.frozen(kw_only=True)
class Table:
    """Rows of cells below a head that every page repeats; a table without heads has none, and one under its heading no caption.

    A row holds only the cells that begin in it.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def headed(self) -> bool:
        """Has it a head?"""
        return any(column.head for column in self.columns)


@attrs.frozen(kw_only=True)
class Bar:
    """A bar: the share that is certain, the share that is possible (both from 0 to 1), and the words at its end."""

    sure: Fraction
    possible: Fraction
    text: str
    tone: str = AFTER


@attrs.frozen(kw_only=True)
class Entry:
    """One line of a chart: its name, and one bar or two; ``level`` counts from 1."""

    name: str
    bars: tuple[Bar, ...]
    level: int = 1


@attrs.frozen(kw_only=True)
class Chart:
    """Horizontal bars; ``legend`` says what each tone is."""

    title: str
    entries: tuple[Entry, ...]
    legend: tuple[tuple[str, str], ...] = ()


Block = Heading | Paragraph | Note | Blank | Signatures | Table | Chart


@attrs.frozen(kw_only=True)
class Narrative:
    """The whole report."""

    lang: str
    title: str
    subtitle: tuple[str, ...]  # line by line
    blocks: tuple[Block, ...]
    contents: str = ""  # the heading of a table of contents; without one there is none
