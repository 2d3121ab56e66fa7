"""Workbooks of any sort: every sheet is a grid of what its cells show, from A1 to the last place in use."""

import re
from collections.abc import Iterator, Sequence

from perfdsl import apart
from perfdsl.diagnostics import Diagnostic, Kind, finding, stated
from perfdsl.document import Cell, Grid, Part, Place
from perfdsl.documents._findings import (
    BOMB,
    DAMAGED,
    ENTITIES,
    ERROR_CELLS,
    HIDDEN_CELLS,
    HIDDEN_SHEETS,
    PASSWORD,
    ROUNDED,
    STOPPED,
    TOO_BIG,
    UNKNOWN,
    UNSOLVED,
    Unreadable,
)
from perfdsl.documents._spans import MOST_PLACES
from perfdsl.text import Source, Span
from perfdsl.workbook import EVERY_SHEET, Raw, Refused, Value, displayed, load

SPARE = 1000
Place0 = tuple[int, int]
_REASONS: dict[str, Kind] = {"password": PASSWORD, "not_a_workbook": UNKNOWN, "corrupt": DAMAGED, "too_big": TOO_BIG,
                             "bomb": BOMB, "entities": ENTITIES, "stopped": STOPPED}  # fmt: skip


def read_workbook(name: str, data: bytes) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """The sheets in their order, hidden ones too; raises ``Unreadable``."""
    try:
        sheets = load(data, EVERY_SHEET, MOST_PLACES)
    except Refused as refused:
        limits = {"seconds": apart.SECONDS, "megabytes": apart.MEGABYTES, "limit": f"{MOST_PLACES}格"}
        raise Unreadable(_REASONS[refused.reason], detail=refused.detail, part=refused.detail, **limits) from refused
    parts: list[Part] = []
    found: list[Diagnostic] = []
    hidden = [raw.title for raw in sheets if not raw.visible]
    if hidden:
        found.append(finding(HIDDEN_SHEETS, Span(0, 0, Source(name, "")), name=name, sheets="、".join(hidden)))
    for raw in sheets:
        sheet = Sheet(name, raw)
        grid = sheet.grid()
        if grid.rows:
            parts.append(grid)
            found += sheet.found()
    return tuple(parts), found


class Sheet:
    """One sheet on its way to a grid, and what is noticed on the way."""

    def __init__(self, name: str, raw: Raw) -> None:
        self.name, self.raw, self.marks = name, raw, raw.marks
        self.rounded: list[tuple[Place0, str, str]] = []
        self.errors: list[tuple[Place0, str]] = []
        self.unsolved: list[Place0] = []

    def grid(self) -> Grid:
        """From A1 on; merged cells are one object, empty places None."""
        height, width = self._extent()
        rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
        covered = dict(self._merged(height, width))
        for r, row in enumerate(rows):
            for c in range(width):
                top, down, across = covered.get((r, c), ((r, c), 1, 1))
                if top == (r, c):
                    row[c] = self._cell(r, c, down, across)
                else:
                    row[c] = rows[top[0]][top[1]]
        return Grid(_trimmed(rows), self.raw.title)

    def _extent(self) -> tuple[int, int]:
        """Rows and columns in use; a merged range counts whole, unless it would make the sheet many times larger."""
        marks, values = self.marks, self.raw.values
        places = [*marks.errors, *marks.unsolved, *marks.notes]
        height = max([len(values), *(row + 1 for row, _ in places)])
        width = max([*map(len, values), *(column + 1 for _, column in places)], default=0)
        most = 4 * height * width + SPARE
        for (top, left), (bottom, right) in self.raw.merged or marks.merged:
            if top < len(values) and left < len(values[top]) and values[top][left] != "":
                wanted = max(height, bottom + 1), max(width, right + 1)
                if wanted[0] * wanted[1] <= most:
                    height, width = wanted
        return height, width

    def _merged(self, height: int, width: int) -> Iterator[tuple[Place0, tuple[Place0, int, int]]]:
        """(place, (first place, rows, columns)) of every place in a merged range; a range ends with the sheet."""
        for (top, left), (bottom, right) in self.raw.merged or self.marks.merged:
            if top < height and left < width:
                down, across = min(bottom, height - 1) - top + 1, min(right, width - 1) - left + 1
                for r in range(top, top + down):
                    for c in range(left, left + across):
                        yield (r, c), ((top, left), down, across)

    def _cell(self, row: int, column: int, down: int, across: int) -> Cell | None:
        values = self.raw.values
        value: Value = values[row][column] if row < len(values) and column < len(values[row]) else ""
        at, marks = (row, column), self.marks
        error = marks.errors.get(at, "")
        note = marks.notes.get(at, "")
        if at in marks.unsolved:
            self.unsolved.append(at)
        text = error or self._shown(at, value)
        if error:
            self.errors.append((at, error))
        if not text.strip() and not note and (down, across) == (1, 1):
            return None
        place = Place(row=row + 1, column=column + 1, sheet=self.raw.title)
        return Cell(text, place, down, across, error, note, self._is_hidden(row, column))

    def _shown(self, at: Place0, value: Value) -> str:
        text, whole = displayed(value, self.marks.formats.get(at, ""))
        if not whole:
            self.rounded.append((at, text, displayed(value)[0]))
        return _LINE_ENDS.sub("\n", text)

    def _is_hidden(self, row: int, column: int) -> bool:
        return not self.raw.visible or row in self.marks.hidden_rows or column in self.marks.hidden_columns

    def found(self) -> list[Diagnostic]:
        """What was noticed, one finding for each sort with its first place."""
        place, found = Span(0, 0, Source(self.name, "")), []
        sheet = f"“{self.raw.title}”"
        height, width = len(self.raw.values), max(map(len, self.raw.values), default=0)
        rows = sum(row < height for row in self.marks.hidden_rows)
        columns = sum(column < width for column in self.marks.hidden_columns)
        if rows or columns:
            found.append(finding(HIDDEN_CELLS, place, sheet=sheet, rows=rows, columns=columns))
        if self.errors:
            at, error = self.errors[0]
            found.append(stated(ERROR_CELLS, place, _where(sheet, at) | {"error": error, "count": len(self.errors)}))
        if self.unsolved:
            found.append(stated(UNSOLVED, place, _where(sheet, self.unsolved[0]) | {"count": len(self.unsolved)}))
        if self.rounded:
            at, text, value = self.rounded[0]
            found.append(
                stated(ROUNDED, place, _where(sheet, at) | {"text": text, "value": value, "count": len(self.rounded)})
            )
        return found


def _where(sheet: str, at: Place0) -> dict[str, object]:
    return {"sheet": sheet, "row": at[0] + 1, "column": at[1] + 1}


def _trimmed(rows: Sequence[Sequence[Cell | None]]) -> tuple[tuple[Cell | None, ...], ...]:
    """Without the rows below and the columns right of the last cell that says anything."""
    said = [
        (r, c)
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
        if cell is not None and (cell.text or cell.note)
    ]
    reach = [rows[r][c] for r, c in said]
    height = max((cell.place.row - 1 + cell.rows for cell in reach if cell is not None), default=0)
    width = max((cell.place.column - 1 + cell.columns for cell in reach if cell is not None), default=0)
    return tuple(tuple(row[:width]) for row in rows[:height])


_LINE_ENDS = re.compile(r"\r\n?|_x000D_\n?")
