"""Radicals of the blocks U+2E80–U+2FDF as the ordinary characters they stand for: PDF files often give 执⾏ for 执行."""

import unicodedata
from collections.abc import Sequence

from attrs import evolve

from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.document import Cell, Grid, Line, Part
from perfdsl.documents._findings import RADICALS
from perfdsl.text import Source, Span

# The supplement has no decompositions; these are the simplified and common forms that have an ideograph of their own
# (Unicode, EquivalentUnifiedIdeograph).
_SUPPLEMENT = (
    "⺁厂⺃乚⺄乙⺅亻⺇几⺈勹⺉刂⺋㔾⺌小⺍小⺎兀⺏尢⺐尢⺑尣⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻"
    "⺯糸⺰纟⺱罓⺲罒⺳网⺶羊⺷羊⺸羋⺹耂⺺肀⺻聿⺼月⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青"
    "⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)


def _table() -> dict[int, str]:
    table = {ord(a): b for a, b in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)}
    for code in range(0x2F00, 0x2FD6):
        table[code] = unicodedata.normalize("NFKC", chr(code))
    return table


_FOLD = _table()


def folded(text: str) -> str:
    """The text with every radical as its ordinary character, one for one."""
    return text if text.isascii() else text.translate(_FOLD)


def without_radicals(name: str, parts: Sequence[Part]) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """The parts with ordinary characters, and one word about it; a cell that covers several places stays one object."""
    seen: list[str] = []
    made = tuple(_line(part, seen) if isinstance(part, Line) else _grid(part, seen) for part in parts)
    if not seen:
        return made, []
    sample = next(c for c in seen[0] if ord(c) in _FOLD)
    count = sum(ord(c) in _FOLD for text in seen for c in text)
    return made, [finding(RADICALS, Span(0, 0, Source(name, "")), name=name, count=count, sample=sample)]


def _plain(text: str, seen: list[str]) -> str:
    plain = folded(text)
    if plain != text:
        seen.append(text)
    return plain


def _line(line: Line, seen: list[str]) -> Line:
    return evolve(line, text=_plain(line.text, seen))


def _grid(grid: Grid, seen: list[str]) -> Grid:
    cells = {id(cell): cell for row in grid.rows for cell in row if cell is not None}
    changed: dict[int, Cell] = {
        key: evolve(cell, text=_plain(cell.text, seen)) for key, cell in cells.items() if folded(cell.text) != cell.text
    }
    if not changed:
        return grid
    return Grid(tuple(tuple(changed.get(id(cell), cell) for cell in row) for row in grid.rows), grid.title)
