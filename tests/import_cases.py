"""Invented official tables in a plain notation, as documents: ``| a | b |`` is a row of a grid, ``<`` is merged with the cell to
the left, ``^`` with the cell above; other lines stand outside grids.  With ``flat`` they are flattened text with tabs."""

from collections.abc import Iterator
from pathlib import Path

from perfdsl.document import Cell, Document, Grid, Line, Place

CASES = Path(__file__).parent / "cases" / "import"


def document(name: str, text: str) -> Document:
    """The document that a case in the notation stands for."""
    return Document(name, "docx", tuple(_parts(text.split("\n"))))


def flat(name: str, text: str) -> Document:
    """The same words as lines of flattened text."""
    return Document(name, "txt", tuple(Line(line, Place(1, row)) for row, line in enumerate(text.split("\n"), 1)))


def _parts(lines: list[str]) -> Iterator[Grid | Line]:
    grid: list[tuple[int, list[str]]] = []
    for row, line in enumerate([*lines, ""], 1):
        if line.startswith("|"):
            grid.append((row, [cell.strip() for cell in line.strip().strip("|").split("|")]))
            continue
        if grid:
            yield _grid(grid)
            grid = []
        if line.strip():
            yield Line(line, Place(1, row))


def _grid(rows: list[tuple[int, list[str]]]) -> Grid:
    width = max(len(cells) for _, cells in rows)
    made: list[list[Cell | None]] = []
    for row, words in rows:
        cells: list[Cell | None] = []
        for column in range(width):
            word = words[column] if column < len(words) else "<"
            if word == "<" and cells:
                cells.append(cells[-1])
            elif word == "^" and made:
                cells.append(made[-1][column])
            else:
                cells.append(Cell(word, Place(1, row, column + 1), error=word if word.startswith("#") else ""))
        made.append(cells)
    return Grid(tuple(tuple(cells) for cells in made))


def flattened(text: str) -> str:
    """The case as flattened text: cells between tabs, a merged cell only where it begins."""
    lines = []
    for line in text.split("\n"):
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            lines.append("\t".join("" if cell in ("<", "^") else cell for cell in cells))
        else:
            lines.append(line)
    return "\n".join(lines)
