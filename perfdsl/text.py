"""Source text and places in it.

A place is counted in characters from the start of the text; lines and columns are derived from it when somebody asks.
"""

from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple


class Source:
    """A named text, or a piece of one that ``above`` lines stand above.  Two are the same only when they are the same object."""

    def __init__(self, name: str, text: str, above: int = 0) -> None:
        self.name = name
        self.text = text
        self.above = above

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of every line."""
        starts, at = [0], self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def line_of(self, offset: int) -> int:
        """1-based line that holds ``offset``."""
        return self.above + bisect_right(self.line_starts, offset)

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line and column (in characters) of ``offset``."""
        line = self.line_of(offset)
        return line, offset - self.line_starts[line - self.above - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a 1-based line, without its end."""
        starts, at = self.line_starts, line - self.above
        end = starts[at] - 1 if at < len(starts) else len(self.text)
        return self.text[starts[at - 1] : end].rstrip("\r")

    def __repr__(self) -> str:
        return f"Source({self.name!r})"


class Span(NamedTuple):
    """Characters ``start`` to ``end`` (exclusive) of ``source``."""

    start: int
    end: int
    source: Source

    @property
    def line(self) -> int:
        """1-based line on which the span starts."""
        return self.source.line_of(self.start)

    @property
    def text(self) -> str:
        """The words the span covers."""
        return self.source.text[self.start : self.end]

    def to(self, other: "Span") -> "Span":
        """From the start of this span to the end of ``other``."""
        return Span(self.start, other.end, self.source)


class Refusal(NamedTuple):
    """Why a local file is not read: ``outside`` the folder, ``absent``, or ``unreadable`` with the words."""

    why: str
    words: str = ""


NOWHERE = Span(0, 0, Source("", ""))


def counted(number: int, noun: str) -> str:
    """How many of an English noun: “1 object”, “2 objects”."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
