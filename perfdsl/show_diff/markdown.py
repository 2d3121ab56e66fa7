"""The Markdown form, for the comment on a change that is to be reviewed."""

from collections.abc import Sequence

from perfdsl.differ import Difference, Effect
from perfdsl.show_diff.blocks import Heading, Line, Table, blocks
from perfdsl.show_diff.words import Tongue

SPECIAL = str.maketrans({"|": "\\|", "<": "&lt;", ">": "&gt;", "*": "\\*", "_": "\\_", "`": "\\`", "\n": " "})


def diff_markdown(found: Difference, affected: Sequence[Effect] | None, lang: str) -> str:
    """The comparison as Markdown, with an end of line."""
    lines: list[str] = []
    for block in blocks(found, affected, Tongue(lang)):
        match block:
            case Heading(level, text):
                lines += [f"{'#' * level} {text.translate(SPECIAL)}", ""]
            case Line(text):
                lines += [text.translate(SPECIAL), ""]
            case Table(titles, rows):
                lines += [_row(titles), "|" + "---|" * len(titles), *map(_row, rows), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.translate(SPECIAL) for cell in cells)} |"
