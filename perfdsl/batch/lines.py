"""A table written as text, a block at a time: cells cut exactly as ``perfdsl.tables`` cuts them, by Arrow where that is the same.

Arrow reads a block where every quoted cell is well formed and every line has as many cells as the header; the reader of
``tables`` reads all other blocks.  Rows are numbered as a spreadsheet shows them: records of the file from 1.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl.diagnostics import ERROR, Diagnostic, finding, stated
from perfdsl.encoding import READ_AS_GB18030, UNDECODABLE, Stream
from perfdsl.tables import (
    CUT_SHORT,
    EMPTY,
    OPEN_QUOTE,
    TOO_MANY_CELLS,
    Head,
    Names,
    no_text,
    split,
    text_head,
    unguarded,
)
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST = 1 << 26  # characters a quoted cell may hold: beyond, its quote was never closed
MOST_TOLD = 1000  # findings that are no rejects
SIMPLE = (",", "\t", ";")


class Raw(NamedTuple):
    """Some rows under one header: their cells as they are, the numbers of the rows, and rows that fit no header."""

    table: "pa.Table"
    rows: Any
    refused: tuple[tuple[int, str, Diagnostic], ...]


@attrs.define(eq=False)
class TextTable:
    """A text that comes in blocks of bytes.  ``head`` is read at once; ``found`` grows while ``blocks`` is followed."""

    name: str
    chunks: Iterator[bytes]
    names: Names
    found: list[Diagnostic] = attrs.Factory(list)
    stream: Stream = attrs.Factory(Stream)
    text: str = ""
    done: bool = False
    number: int = 0
    behind: int = 0
    delimiter: str = ","
    head: Head = attrs.Factory(lambda: Head(0, (), False, "", ()))

    @classmethod
    def of(cls, name: str, chunks: Iterable[bytes], names: Names) -> "TextTable":
        """The table with its header read."""
        chunks = iter(chunks)
        first = next(chunks, b"")
        made = cls(name, chain((first,), chunks), names)
        if (strange := no_text(name, first)) is not None:
            made.found.append(strange)
            return made
        while not made.text.strip() and not made.done:
            made._more()
        if not made.text.strip() and made.done and not made.found:
            made.found.append(finding(EMPTY, Span(0, 0, Source(name, made.text)), name=name))
        if unread(made.found):
            return made
        made.delimiter, made.head = text_head(Source(name, made.text), names)
        made.found += made.head.found
        return made

    def blocks(self) -> Iterator[Raw]:
        """The rows under the header."""
        skip = self.head.line + 1
        while True:
            cut = self._cut()
            if cut is None:
                self._quote()
                return
            if cut:
                block, self.text = self.text[:cut], self.text[cut:]
                if skip:
                    block, skip = self._without(block, skip)
                if block:
                    yield self._block(block)
            if self.done and not self.text:
                return
            self._more()

    # ---- text

    def _more(self) -> None:
        """The next bytes that make text."""
        while not self.done:
            chunk = next(self.chunks, b"")
            self.done = not chunk
            made = self.stream.text(chunk, self.done)
            if self.stream.problem is not None:
                self.done = True
                before = chunk[: max(self.stream.problem - self.behind, 0)]
                line = self.number + self.text.count("\n") + before.count(b"\n") + 1
                place = self._line(line)
                self.found.append(finding(UNDECODABLE, place, name=self.name, offset=self.stream.problem, line=line))
                return
            self.behind += len(chunk)
            self.text += made
            if made:
                break
        if self.done and self.stream.encoding == "gb18030":
            self.found.append(finding(READ_AS_GB18030, Span(0, 0, Source(self.name, "")), name=self.name))

    def _line(self, number: int) -> Span:
        """The beginning of a line, by its number alone."""
        return Span(0, 0, Source(self.name, "", above=number - 1))

    def _cut(self) -> int | None:
        """Where the complete records end: 0 while there is none, None where a quote is never closed."""
        text = self.text
        end = len(text) if self.done else text.rfind("\n") + 1
        if '"' not in text:
            return end
        for _ in range(20):
            if '"' not in self._cells.sub("", text[:end]):
                return end
            end = text.rfind("\n", 0, max(end - 1, 0)) + 1
            if not end:
                break
        wrong: list[Diagnostic] = []
        ends = [line.end for line in split(Source("", text), self.delimiter, wrong)]
        if self.done:
            return None if wrong else len(text)
        if not wrong and ends:
            ends.pop()  # the last record may go on
        if not ends and len(text) > LONGEST:
            return None
        return min(ends[-1] + 1, len(text)) if ends else 0

    @property
    def _cells(self) -> re.Pattern[str]:
        """A quoted cell that is well formed."""
        d = re.escape(self.delimiter)
        return re.compile(f'(?:(?<=[{d}\n])|\\A)"(?:[^"]|"")*+"(?=[{d}\n]|\\Z)')

    def _quote(self) -> None:
        wrong: list[Diagnostic] = []
        here = Source(self.name, self.text, above=self.number)
        lines = sum(1 for _ in split(here, self.delimiter, wrong))
        place = wrong[0].span if wrong else Span(0, 0, here)
        self.found.append(finding(OPEN_QUOTE, place, row=self.number + lines + 1))
        self.text, self.done = "", True

    def _without(self, block: str, lines: int) -> tuple[str, int]:
        """A block without so many records at its beginning, and how many are still to go."""
        for line in split(Source("", block), self.delimiter, []):
            self.number += 1
            lines -= 1
            if not lines:
                return block[line.end + 1 :], 0
        return "", lines

    # ---- cells

    def _block(self, block: str) -> Raw:
        import numpy as np

        made = self._by_arrow(block) if self._plain(block) else None
        if made is None:
            return self._by_hand(block)
        first = self.number + 1
        self.number += made.num_rows
        return Raw(made, np.arange(first, first + made.num_rows, dtype=np.int64), ())

    def _plain(self, block: str) -> bool:
        """May Arrow cut it?"""
        return (
            self.delimiter in SIMPLE
            and "\x00" not in block
            and ('"' not in block or '"' not in self._cells.sub("", block))
        )

    def _by_arrow(self, block: str) -> "pa.Table | None":
        import pyarrow as pa
        import pyarrow.compute as pc
        from pyarrow import csv

        width = len(self.head.columns)
        data = block.encode("utf-8", "surrogatepass")
        names = [str(i) for i in range(width)]
        try:
            made = csv.read_csv(
                pa.BufferReader(data),
                read_options=csv.ReadOptions(column_names=names, block_size=max(len(data), 1) + 1, use_threads=False),
                parse_options=csv.ParseOptions(
                    delimiter=self.delimiter, quote_char='"' if '"' in block else False, newlines_in_values='"' in block, ignore_empty_lines=False
                ),
                convert_options=csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, quoted_strings_can_be_null=False
                ),
            )  # fmt: skip
        except pa.ArrowInvalid:  # a line of another width: the reader of ``tables`` says which
            return None
        if "'" in block:
            for at, column in enumerate(made.columns):
                if pc.any(pc.starts_with(column, "'")).as_py():
                    made = made.set_column(
                        at, str(at), pa.array([unguarded(x) for x in column.to_pylist()], pa.string())
                    )
        return made

    def _by_hand(self, block: str) -> Raw:
        import numpy as np
        import pyarrow as pa

        width = len(self.head.columns)
        columns: list[list[str]] = [[] for _ in range(width)]
        numbers: list[int] = []
        refused: list[tuple[int, str, Diagnostic]] = []
        source = Source(self.name, block, above=self.number)
        wide = self.head.wide
        value = next((c for c in self.head.columns if c.field == "value"), None)
        for line in split(source, self.delimiter, []):
            self.number += 1
            cells = [cell.text for cell in line.cells]
            if not any(cell.strip() for cell in cells):
                continue
            where = {"sheet": "", "row": str(self.number), "column": ""}
            over = [cell for cell in cells[width:] if cell.strip()]
            if over:
                place = Span(line.start, line.end, source)
                refused.append(
                    (
                        self.number,
                        over[0],
                        stated(TOO_MANY_CELLS, place, {"count": len(cells), "width": width, "text": over[0], **where}),
                    )
                )
                continue
            if value is not None and not wide and value.place >= len(cells) and len(self.found) < MOST_TOLD:
                self.found.append(stated(CUT_SHORT, self._line(self.number), {"header": value.header, **where}))
            numbers.append(self.number)
            for at, column in enumerate(columns):
                column.append(cells[at] if at < len(cells) else "")
        made = pa.table({str(i): pa.array(x, pa.string()) for i, x in enumerate(columns)})
        return Raw(made, np.array(numbers, dtype=np.int64), tuple(refused))


def unread(found: Iterable[Diagnostic]) -> bool:
    """Is there anything wrong that leaves a file unread?"""
    return any(d.severity == ERROR for d in found)
