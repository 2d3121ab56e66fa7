"""The text form: aligned by display width, tables that do not fit turned into lines."""

from collections.abc import Sequence

from perfdsl.differ import Difference, Effect
from perfdsl.show_diff.blocks import Heading, Line, Table, blocks
from perfdsl.show_diff.words import Tongue
from perfdsl.width import pad, width, wrap

GAP = "  "


def diff_text(found: Difference, affected: Sequence[Effect] | None, lang: str, columns: int) -> str:
    """The comparison for a screen of ``columns`` cells, with an end of line."""
    lines: list[str] = []
    for block in blocks(found, affected, Tongue(lang)):
        match block:
            case Heading(2, text):
                rule = "─" * max(2, columns - 4 - width(text))
                lines += ["", f"── {text} {rule}"]
            case Heading(_, text):
                lines += ["", *wrap(text, columns)]
            case Line(text):
                lines += wrap(text, columns)
            case Table():
                lines += _table(block, columns)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _table(table: Table, columns: int) -> list[str]:
    every = [tuple(table.titles), *table.rows]
    sizes = _sizes([max(width(row[at]) for row in every) for at in range(len(table.titles))], columns)
    lines: list[str] = []
    for row in every:
        cells = [wrap(cell, size) for cell, size in zip(row, sizes, strict=True)]
        for at in range(max(map(len, cells))):
            parts = [pad(cell[at] if at < len(cell) else "", size) for cell, size in zip(cells, sizes, strict=True)]
            lines.append(GAP + GAP.join(parts))
    return lines


def _sizes(wanted: list[int], columns: int) -> list[int]:
    """Column widths that fit; the widest give way first."""
    sizes = list(wanted)
    most = columns - len(GAP) * len(sizes)
    while sum(sizes) > most and max(sizes) > 10:
        sizes[sizes.index(max(sizes))] -= 1
    return sizes
