"""The widths of the columns of a table: as its words need them, so that no cell is a tower of two characters a line."""

import re
from collections import Counter
from collections.abc import Sequence

import attrs

from perfdsl import narrative as n
from perfdsl.width import width

ROOM = 84  # cells (half a Chinese character) of a line of a table across the page
EDGES = 2  # cells that the two edges of a column take
LEAST = 6
HEAD = 12  # cells of a head that stand on one line at most
SHORT = 10  # cells of a word that is not broken
BROAD = re.compile(r"[×÷·‐-⋿①-⑳]")
STEPS = (1, 2, 4, 8)


def fitted(columns: Sequence[n.Column], rows: Sequence[Sequence[n.Cell]]) -> tuple[n.Column, ...]:
    """The columns with widths that keep the lines of their cells few; what nobody needs goes to columns of running text."""
    found = [Counter[int]() for _ in columns]
    down = [0] * len(columns)  # rows a cell from above still reaches
    for row in rows:
        at, cells = 0, list(row)
        while at < len(columns):
            if down[at]:
                down[at] -= 1
                at += 1
                continue
            cell = cells.pop(0) if cells else n.Cell("")
            for column in range(at, min(at + cell.columns, len(columns))):
                down[column] = cell.rows - 1
            if cell.columns == 1:
                found[at][-(-max(_measured(cell.text), _measured(cell.small) * 6 // 7) // cell.rows)] += 1
            at += cell.columns
    wide = [
        max(LEAST, min(width(x.head), HEAD), max((size for size in seen if size <= SHORT), default=0))
        for x, seen in zip(columns, found, strict=True)
    ]
    room = ROOM - EDGES * len(columns) - sum(wide)
    gains = [_best(seen, had) for seen, had in zip(found, wide, strict=True)]
    while room > 0:
        gain, chosen = max((gain, -number) for number, (gain, _) in enumerate(gains))
        if gain <= 0:
            break
        step = min(gains[-chosen][1], room)
        wide[-chosen] += step
        room -= step
        gains[-chosen] = _best(found[-chosen], wide[-chosen])
    if room > 0:
        texts = [number for number, column in enumerate(columns) if column.place == n.LEFT] or list(range(len(columns)))
        for number in texts:
            wide[number] += room // len(texts)
    return tuple(attrs.evolve(x, width=size + EDGES) for x, size in zip(columns, wide, strict=True))


def _measured(text: str) -> int:
    """Cells of a text in a Chinese font, where ≥, “ and their like are as wide as a character."""
    return width(text) if text.isascii() else width(text) + len(BROAD.findall(text))


def _best(seen: Counter[int], wide: int) -> tuple[int, int]:
    """The greatest gain a cell of width brings, and the step that brings it."""
    now = _cost(seen, wide)
    return max(((now - _cost(seen, wide + step)) // step, step) for step in STEPS)


def _cost(seen: Counter[int], wide: int) -> int:
    """How tall the cells of a column are; tall ones weigh more than their lines."""
    return sum(
        many * (100 * (-(-size // wide)) ** 2 + 100 * size // wide) for size, many in seen.items() if size > wide
    ) + 100 * sum(many for size, many in seen.items() if size <= wide)
