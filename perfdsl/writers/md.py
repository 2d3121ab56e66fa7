"""Markdown: the same grid as pipe tables; a name merged down stands on each of its rows, other merged cells on their first."""

import re
from collections.abc import Iterator, Sequence

from perfdsl import layout as y
from perfdsl.writers._parts import by_row, covered, parts
from perfdsl.writers._text import clean

NAME, SUFFIX = "md", ".md"
_ACTING = re.compile(r"([\\`*_{}\[\]<>#|~&!$@:])")


def write(layouts: Sequence[y.Layout]) -> bytes:
    """The text, a chapter for each object."""
    blocks = [block for layout in layouts for block in _blocks(layout)]
    return ("\n\n".join(blocks) + "\n").encode("utf-8")


def _blocks(layout: y.Layout) -> Iterator[str]:
    rows, above = by_row(layout), covered(layout)
    for part in parts(layout):
        if not part.table:
            for row in rows[part.first : part.end]:
                yield from (
                    f"# {_safe(c.text)}" if c.role == y.TITLE else _safe(c.text) for c in row if c.role != y.SIGN
                )
                signs = [_safe(cell.text) for cell in row if cell.role == y.SIGN]
                if signs:
                    yield "　　".join(signs)
            continue
        lines = []
        for number in range(part.first, part.end):
            texts = [""] * len(layout.widths)
            for cell in rows[number]:
                texts[cell.column] = _safe(cell.text)
            for column in range(len(texts)):
                cell_above = above.get((number, column))
                if cell_above is not None and cell_above.role == y.NAME:
                    texts[column] = _safe(cell_above.text)
            lines.append("| " + " | ".join(texts) + " |")
            if number == part.first:
                lines.append("|" + " --- |" * len(texts))
        yield "\n".join(lines)


def _safe(text: str) -> str:
    """The words as they are, on one line, none of them taken as Markdown or HTML."""
    plain = clean(text).replace("\t", " ").strip(" \n")
    guarded = _ACTING.sub(r"\\\1", plain).replace("\n", "<br>")
    return re.sub(r"^([+-]|\d+[.)])(?=\s|$)", r"\\\1", guarded)
