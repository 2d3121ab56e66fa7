"""Letters on a page put together to lines and paragraphs: what is written across a cell is one sentence, however it wraps."""

from collections.abc import Sequence

from attrs import frozen

GAP = 0.6
PADDING = 14.0


@frozen(kw_only=True)
class Glyph:
    """A letter with its box and its size, in points from the top left corner of the page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


@frozen(kw_only=True)
class Written:
    """A line of letters."""

    text: str
    top: float
    left: float
    right: float
    size: float


def in_lines(glyphs: Sequence[Glyph]) -> list[Written]:
    """The lines from top to bottom; letters are of one line when the middle of one lies within the other."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.middle):
        if rows and glyph.middle - rows[-1][0].middle <= GAP * min(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [_written(sorted(row, key=lambda g: g.left)) for row in rows]


def _written(row: Sequence[Glyph]) -> Written:
    pieces: list[str] = []
    end = row[0].left
    for glyph in row:
        spaced = bool(pieces) and not pieces[-1].endswith(" ") and glyph.text != " "
        if spaced and glyph.left - end > GAP * glyph.size:
            pieces.append(" ")
        pieces.append(glyph.text)
        end = max(end, glyph.right)
    shown = [g for g in row if g.text.strip()] or list(row)
    return Written(
        text="".join(pieces).replace("\xa0", " "), top=min(g.top for g in row), left=shown[0].left, right=shown[-1].right,
        size=max(g.size for g in row),
    )  # fmt: skip


def paragraphs(glyphs: Sequence[Glyph], width: float) -> str:
    """The words of a cell so wide: a line that leaves no room for one more letter goes on in the next."""
    found = ""
    full = False
    for line in in_lines(glyphs):
        text = line.text.strip()
        if not text:
            continue
        found = f"{found}{_joint(found, text)}{text}" if full else f"{found}\n{text}" if found else text
        full = width - (line.right - line.left) < line.size + PADDING
    return found


def _joint(before: str, after: str) -> str:
    """A space between words of letters, nothing between others."""
    return (
        " " if before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii() and after[:1].isalpha() else ""
    )
