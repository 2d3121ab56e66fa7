"""How wide a text is on a page or terminal of fixed cells: Chinese characters take two, ambiguous ones (“ ” ≥) one.

All three functions agree with each other: a padded text has the width asked for, a wrapped line never exceeds it.
"""

import re
import unicodedata
from functools import lru_cache

_NO_WIDTH = frozenset({"Mn", "Me", "Cf", "Cc", "Cs"})
_NEVER_FIRST = frozenset("，。；：、！？）》”’】』」〉,.;:!?)]}%‰")
_NEVER_LAST = frozenset("（《“‘【『「〈([{")
_LATIN = re.compile(r"[\x21-\x7e\u00c0-\u024f]+|\s+|.", re.DOTALL)


def width(text: str) -> int:
    """Cells that ``text`` takes on one line."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_cells, text))


def pad(text: str, columns: int) -> str:
    """``text`` with spaces after it up to ``columns`` cells; a wider text is left as it is."""
    return text + " " * (columns - width(text))


def wrap(text: str, columns: int) -> list[str]:
    """``text`` on lines of at most ``columns`` cells (at least two), broken between words or Chinese characters.

    No line starts with a closing sign or ends with an opening one where that can be helped; newlines in the text stay.
    """
    most = max(columns, 2)
    return [line for paragraph in text.split("\n") for line in _paragraph(paragraph, most)]


def excel_length(text: str) -> int:
    """Characters as Excel counts them for its limits: one beyond the first 65,536 of Unicode is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def excel_beginning(text: str, most: int) -> str:
    """As many whole characters of ``text`` as Excel counts ``most``."""
    if excel_length(text) <= most:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")


@lru_cache(maxsize=8192)
def _cells(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _paragraph(text: str, columns: int) -> list[str]:
    lines, line, used = [], "", 0
    for piece in _unbreakable(text, columns):
        size = width(piece)
        if line and used + size > columns and not piece.isspace():
            lines.append(line.rstrip())
            line, used = "", 0
        if line or not piece.isspace():
            line, used = line + piece, used + size
    return [*lines, line.rstrip()]


def _unbreakable(text: str, columns: int) -> list[str]:
    """The pieces a line may be broken between, each at most ``columns`` wide unless it is white space."""
    pieces: list[str] = []
    for piece in (part for word in _LATIN.findall(text) for part in _split(word, columns)):
        before = pieces[-1] if pieces else ""
        together = piece[0] in _NEVER_FIRST and not before.isspace() or before[-1:] in _NEVER_LAST
        if before and together and width(before) + width(piece) <= columns:
            pieces[-1] = before + piece
        else:
            pieces.append(piece)
    return pieces


def _split(word: str, columns: int) -> list[str]:
    if word.isspace() or width(word) <= columns:
        return [word]
    return [word[at : at + columns] for at in range(0, len(word), columns)]
