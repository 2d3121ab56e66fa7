"""Tables of fixed cells: Chinese aligned with Latin, long cells wrapped, numbers under each other by their point."""

from collections.abc import Iterator, Sequence

import attrs

from perfdsl.width import pad, width, wrap

GAP = 2


@attrs.frozen
class Cell:
    """A text and the colour it is printed in."""

    text: str
    tone: str = ""


@attrs.frozen
class Column:
    """A column: how many cells wide, and on which side it is aligned."""

    size: int
    right: bool = False

    def fitted(self, text: str) -> str:
        """``text`` with spaces up to the size."""
        return " " * (self.size - width(text)) + text if self.right else pad(text, self.size)


@attrs.frozen
class Ink:
    """Colours, or none."""

    colour: bool

    def paint(self, text: str, tone: str) -> str:
        """``text`` in the colour of an ANSI code."""
        return f"\x1b[{tone}m{text}\x1b[0m" if self.colour and tone and text.strip() else text


def lines(row: Sequence[Cell], columns: Sequence[Column], ink: Ink) -> Iterator[str]:
    """One row, on as many lines as its longest cell needs; what is indented stays indented."""
    wrapped = [_wrapped(cell.text, column.size) for cell, column in zip(row, columns, strict=True)]
    for number in range(max(map(len, wrapped))):
        parts = [
            ink.paint(column.fitted(texts[number] if number < len(texts) else ""), cell.tone)
            for texts, cell, column in zip(wrapped, row, columns, strict=True)
        ]
        yield (" " * GAP).join(parts).rstrip()


def printable(text: str) -> str:
    """``text`` on one line, with a space for every sign a terminal would act on."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c == "\u3000" else " " for c in text)


def _wrapped(written: str, size: int) -> list[str]:
    text = printable(written)
    start = " " * min(len(text) - len(text.lstrip(" ")), size // 2)
    return [start + line for line in wrap(text.strip(" "), size - len(start))]


def by_point(numbers: Sequence[str]) -> list[str]:
    """Numbers with spaces behind them, so that their points stand under each other when aligned on the right."""
    behind = [width(number.partition(".")[1] + number.partition(".")[2]) for number in numbers]
    most = max(behind, default=0)
    plain = [number.replace(".", "").replace("-", "").isdigit() for number in numbers]
    return [
        n + " " * (most - size) if is_plain else n for n, size, is_plain in zip(numbers, behind, plain, strict=True)
    ]


def packed(texts: Sequence[str], columns: int) -> Iterator[str]:
    """Texts side by side, as many on a line as fit."""
    line = ""
    for text in texts:
        longer = f"{line}    {text}" if line else text
        if line and width(longer) > columns:
            yield line
            longer = text
        line = longer
    if line:
        yield line


def widest(texts: Sequence[str]) -> int:
    """Cells of the widest text."""
    return max(map(width, texts), default=0)
