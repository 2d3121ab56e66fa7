"""A file as rows of cells: what stands together on a line, what may be aligned, and where each piece once stood.

Rows know nothing of syntax and nothing of comments; ``items`` makes them, ``layout`` puts them on lines.
"""

import attrs

from perfdsl.text import Span


@attrs.frozen(eq=False)
class Cell:
    """A piece that never breaks: one clause, one name, one brace.  Two cells are equal only when they are one object.

    ``word`` and ``rest`` print with a space between.  Cells of sibling rows with equal ``key`` are aligned, a
    ``number`` on its decimal point; a ``solo`` cell has a line to itself.  A ``block`` prints after the cell.
    """

    word: str
    rest: str = ""
    start: int = 0
    key: str = ""
    number: bool = False
    solo: bool = False
    block: "Block | None" = None

    @property
    def text(self) -> str:
        """The cell without its block."""
        return f"{self.word} {self.rest}" if self.word and self.rest else self.word or self.rest

    @property
    def flat(self) -> str:
        """The cell and its block on one line."""
        if self.block is None:
            return self.text
        inside = "   ".join(row.flat for row in self.block.rows)
        braces = f"{{ {inside} }}" if inside else "{}"
        return f"{self.text} {braces}" if self.text else braces


@attrs.frozen(eq=False)
class Block:
    """Rows between braces.  ``opened``: each row must have its own line; ``end`` is the cell of the closing brace."""

    rows: "tuple[Row, ...]"
    end: Cell
    opened: bool


@attrs.frozen(eq=False)
class Row:
    """One statement: its cells in order, the first ``lead`` of them together; a block of its own is its last cell.

    Neighbouring rows of the same ``family`` are aligned.  ``blank``: an empty line stands above it.
    """

    cells: tuple[Cell, ...]
    family: str = ""
    lead: int = 1
    blank: bool = False

    @property
    def flat(self) -> str:
        """The row on one line."""
        return " ".join(cell.flat for cell in self.cells)

    @property
    def own_block(self) -> Block | None:
        """The block that belongs to the row itself."""
        last = self.cells[-1]
        return last.block if not last.text else None


def blank_above(span: Span) -> bool:
    """Is the line above the one on which ``span`` starts empty in the source?"""
    text, at, newlines = span.source.text, span.start, 0
    while at > 0 and newlines < 2 and (text[at - 1].isspace() or text[at - 1] in ";；\u200b\ufeff"):
        at -= 1
        newlines += text[at] == "\n"
    return newlines == 2
