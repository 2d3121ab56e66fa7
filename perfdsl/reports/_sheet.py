"""The official table: one line a leaf, and beside it the groups that begin there with the lines they run over."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from perfdsl.scorecard import IndicatorScore, Path, Scorecard


class Span(NamedTuple):
    """A group that begins on a line: its path, and how many lines it runs over."""

    path: Path
    lines: int


class Line(NamedTuple):
    """One line: the groups that begin on it, then an indicator, or none where a group was left empty.

    ``wide`` counts the columns of names that the last one fills, because it stands less deep than others.
    """

    starts: tuple[Span, ...]
    path: Path
    wide: int
    row: IndicatorScore | None


class Node:
    """A row of the table and the rows below it, in order."""

    def __init__(self) -> None:
        self.below: dict[str, Node] = {}

    def add(self, path: Path) -> None:
        """The row at ``path``, with all above it."""
        node = self
        for name in path:
            node = node.below.setdefault(name, Node())

    def leaves(self) -> int:
        """How many lines it takes."""
        return sum(child.leaves() for child in self.below.values()) or 1


def depth(card: Scorecard) -> int:
    """How many columns of names the table has: at least one."""
    return max(map(len, (*_paths(card), ("",))))


def lines(card: Scorecard) -> list[Line]:
    """All lines in the order of the rules, those of empty groups included."""
    root = Node()
    for path in _paths(card):
        root.add(path)
    rows = {row.path: row for row in card.indicators}
    return list(_lines(root, (), (), rows, depth(card)))


def _paths(card: Scorecard) -> Iterable[Path]:
    rows = (row.path for row in card.indicators)
    return dict.fromkeys((*card.order, *(group.path for group in card.groups), *rows, *card.empty))


def _lines(
    node: Node, above: Path, starts: tuple[Span, ...], rows: dict[Path, IndicatorScore], deep: int
) -> Iterator[Line]:
    for name, child in node.below.items():
        path = (*above, name)
        if child.below:
            yield from _lines(child, path, (*starts, Span(path, child.leaves())), rows, deep)
        else:
            yield Line(starts, path, deep - len(above), rows.get(path))
        starts = ()
