"""Rows and comments to lines of text.

Each comment stays where its code ended or above the line it preceded, in order; layout depends on nothing that layout
changes, so laying out twice gives the same text.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from perfdsl.format.rows import Block, Cell, Row, blank_above
from perfdsl.syntax import Comment
from perfdsl.width import pad, width

COLUMNS = 120
LONG_NAME = 48  # a row whose name is wider than this stays out of the columns
INDENT = 2
_PERIODS = frozenset({"q1", "half", "q3", "full", "cycle"})

Line = tuple[Cell, ...]


def lay_out(rows: Sequence[Row], comments: Sequence[Comment]) -> str:
    """The text of a whole file."""
    page = _Page(*_places(rows, comments))
    page.rows(rows, 0)
    return page.text()


def _places(rows: Sequence[Row], comments: Sequence[Comment]) -> tuple[list[Comment], dict[Cell, list[Comment]]]:
    """The comments above everything, and those after each cell (after the brace that opens its block, if one does)."""
    cells = list(_in_order(rows))
    starts = list(accumulate((cell.start for cell in cells), max))
    above: list[Comment] = []
    after: dict[Cell, list[Comment]] = {}
    for comment in comments:
        index = bisect_left(starts, comment.span.start) - 1
        (after.setdefault(cells[index], []) if index >= 0 else above).append(comment)
    return above, after


def _in_order(rows: Iterable[Row]) -> Iterator[Cell]:
    for row in rows:
        for cell in row.cells:
            yield cell
            if cell.block is not None and cell.block.opened:
                yield from _in_order(cell.block.rows)
                yield cell.block.end


class _Page:
    """The lines so far, and the comments that wait for the next one."""

    def __init__(self, above: list[Comment], after: dict[Cell, list[Comment]]) -> None:
        self.after = after
        self.waiting = above
        self.lines: list[str] = []
        self.fresh = True  # nothing stands in this block yet
        self.unfolded: set[Cell] = set()  # cells whose block did not fit on their line

    def text(self) -> str:
        """Everything, with what is left of the comments at the end."""
        self._comments(0, between=True)
        return "".join(line + "\n" for line in self.lines)

    def rows(self, rows: Iterable[Row], indent: int) -> None:
        """Sibling rows, aligned in runs."""
        for run in _runs(rows):
            broken = [self._broken(row, indent) for row in run]
            columns = self._columns(broken, indent)
            for row, lines, own in zip(run, broken, columns, strict=True):
                self._row(row, lines, own, indent)

    # ---- which cells share a line

    def _broken(self, row: Row, indent: int) -> list[Line]:
        lines = self._forced(row, indent)
        wide = [cell for cell in self._too_wide(lines, indent) if cell.block is not None and cell.block.rows]
        if row.own_block and row.own_block.rows and len(lines) > 1:
            wide.append(row.cells[-1])
        if wide:
            self.unfolded.update(wide)
            lines = self._forced(row, indent)
        return [part for number, line in enumerate(lines) for part in self._split(row, line, number, indent)]

    def _forced(self, row: Row, indent: int) -> list[Line]:
        """The row broken where it must be: at comments, after open blocks and formulas, around notes."""
        cells = row.cells[:-1] if row.own_block else row.cells
        apart = not (row.own_block and not self._commented(cells) and self._fits(row.cells, indent))
        lines: list[list[Cell]] = [[cells[0]]]
        for before, cell in pairwise(cells):
            if self._ends_line(before, apart) or cell.solo and (apart or "\n" in cell.text):
                lines.append([cell])
            else:
                lines[-1].append(cell)
        if row.own_block:
            apart = len(lines) > 1 or self._is_open(cells[-1])
            lines = [*lines, [row.cells[-1]]] if apart else [[*lines[0], row.cells[-1]]]
        return [tuple(line) for line in lines]

    def _ends_line(self, cell: Cell, apart: bool) -> bool:
        return cell in self.after or self._is_open(cell) or cell.key == "=" or cell.solo and apart or "\n" in cell.text

    def _commented(self, cells: Iterable[Cell]) -> bool:
        return any(cell in self.after for cell in cells)

    def _too_wide(self, lines: list[Line], indent: int) -> list[Cell]:
        return [cell for n, line in enumerate(lines) if not self._fits(line, _at(n, indent)) for cell in line]

    def _split(self, row: Row, line: Line, number: int, indent: int) -> list[Line]:
        """A line that is too wide: what follows the name goes below it, and if still too wide, each cell by itself."""
        if self._fits(line, _at(number, indent)) or len(line) == 1:
            return [line]
        lead = row.lead if number == 0 else 0
        brace = line[-1:] if row.own_block and line[-1] is row.cells[-1] else ()
        rest = line[lead : len(line) - len(brace)]
        if not rest:
            return [line]
        below = [rest] if self._fits(rest, indent + INDENT) else [(cell,) for cell in rest]
        return [part for part in (line[:lead], *below, brace) if part]

    def _fits(self, cells: Sequence[Cell], indent: int) -> bool:
        return indent + width(" ".join(map(self._shown, cells))) <= COLUMNS

    def _is_open(self, cell: Cell) -> bool:
        return cell.block is not None and (cell.block.opened or cell in self.unfolded)

    def _shown(self, cell: Cell) -> str:
        if not self._is_open(cell):
            return cell.flat
        return f"{cell.text} {{" if cell.text else "{"

    # ---- columns

    def _columns(self, broken: list[list[Line]], indent: int) -> "list[list[_Column]]":
        """The columns for each row of a run; none for a row with a very long name, or too wide for its columns."""
        firsts = [lines[0] for lines in broken if _aligns(lines[0])] if len(broken) > 1 else []
        columns = _measure(firsts)
        fitting = [line for line in firsts if indent + self._total(line, columns) <= COLUMNS]
        columns = _measure(fitting)
        chosen = set(fitting)
        return [columns if lines[0] in chosen else [] for lines in broken]

    def _total(self, line: Line, columns: "list[_Column]") -> int:
        """The width of a line in its columns."""
        sizes = [width(self._shown(cell)) for cell in line]
        padded = [column.width for column in columns[: len(_words_of(line)) - 1]]
        return sum(sizes) + len(line) - 1 + sum(max(0, size - own) for size, own in zip(padded, sizes, strict=False))

    # ---- printing

    def _row(self, row: Row, lines: list[Line], columns: "list[_Column]", indent: int) -> None:
        self._comments(indent, between=True)
        if row.blank and not self.fresh:
            self.lines.append("")
        word = max((width(line[0].word) for line in lines[1:] if _is_target(line)), default=0)
        for number, line in enumerate(lines):
            own = number > 0 and line[0] is row.cells[-1] and row.own_block is not None
            at = indent if own else _at(number, indent)
            if number == 0 and columns:
                text = self._aligned(line, columns)
            elif number and _is_target(line):
                text = f"{pad(line[0].word, word)} {line[0].rest}"
            else:
                text = " ".join(map(self._shown, line))
            self._comments(at, between=False)
            self._line(text, line[-1], at)

    def _aligned(self, line: Line, columns: "list[_Column]") -> str:
        words = _words_of(line)
        parts = [pad(column.cell(cell), column.width) for cell, column in zip(words[:-1], columns, strict=False)]
        if len(parts) == len(words) - 1 < len(columns) and words[-1].block is None:
            parts.append(columns[len(parts)].cell(words[-1]))
        return " ".join([*parts, *map(self._shown, line[len(parts) :])])

    def _line(self, text: str, last: Cell, indent: int) -> None:
        """A line, its trailing comment, and the block that opens at its end."""
        self.lines.append(" " * indent + text)
        self.fresh = False
        if last.block is None or not self._is_open(last):
            self._trail(last)
            return
        if last.block.opened:
            self._trail(last)
        self._inside(last.block, indent)
        self._trail(last.block.end if last.block.opened else last)

    def _inside(self, block: Block, indent: int) -> None:
        self.fresh = True
        self.rows(block.rows, indent + INDENT)
        self._comments(indent + INDENT, between=True)
        self.lines.append(" " * indent + "}")
        self.fresh = False

    def _trail(self, cell: Cell) -> None:
        """Put the first comment after ``cell`` at the end of the line just made; the others wait."""
        comments = self.after.get(cell, [])
        if comments and not comments[0].alone:
            self.lines[-1] += f"   #{comments[0].text}"
            comments = comments[1:]
        self.waiting = [*self.waiting, *comments]

    def _comments(self, indent: int, *, between: bool) -> None:
        """The waiting comments on lines of their own; only ``between`` rows may empty lines stand above them."""
        for comment in self.waiting:
            if between and not self.fresh and blank_above(comment.span):
                self.lines.append("")
            self.lines.append(" " * indent + "#" + comment.text)
            self.fresh = False
        self.waiting = []


def _at(number: int, indent: int) -> int:
    return indent + INDENT if number else indent


def _is_target(line: Line) -> bool:
    return len(line) == 1 and line[0].key in _PERIODS


# ---- columns


class _Column(NamedTuple):
    """Cells above each other: how wide they are, and the most digits before the point where all are numbers."""

    width: int
    whole: int = 0

    def cell(self, cell: Cell) -> str:
        """The text of a cell in this column."""
        if not self.whole or not cell.number:
            return cell.flat
        return f"{cell.word} {' ' * (self.whole - _whole(cell.rest))}{cell.rest}"


def _whole(number: str) -> int:
    return len(number.partition(".")[0])


def _runs(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Neighbours of one family with nothing between them: no empty line, no block."""
    run: list[Row] = []
    for row in rows:
        if run and (row.blank or not row.family or row.family != run[-1].family or run[-1].own_block):
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _aligns(line: Line) -> bool:
    if len(line) < 2 or line[1].key == "=" or any("\n" in cell.text for cell in line):
        return False
    return all(cell.key or not cell.text or width(cell.text) <= LONG_NAME for cell in line)


def _words_of(line: Line) -> Line:
    """The line without the brace that opens the row's own block."""
    return line if line[-1].text else line[:-1]


def _measure(lines: list[Line]) -> list[_Column]:
    columns: list[_Column] = []
    lines = [_words_of(line) for line in lines]
    while lines and len({line[len(columns)].key for line in lines}) == 1:
        at = len(columns)
        cells = [line[at] for line in lines]
        bare = _Column(0, max(_whole(cell.rest) for cell in cells) if all(cell.number for cell in cells) else 0)
        lines = [line for line in lines if len(line) > at + 1]
        measured = cells if cells[0].key in _PERIODS else [line[at] for line in lines]
        columns.append(bare._replace(width=max((width(bare.cell(cell)) for cell in measured), default=0)))
    return columns
