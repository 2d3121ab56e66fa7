"""In which direction an actual gets better: as the user says, or as the completion of the target rises and falls."""

from fractions import Fraction
from typing import NamedTuple

from perfdsl.bounds import HIGHEST, LOWEST, End, Range
from perfdsl.prove import curves as cv
from perfdsl.prove.curves import Curve, Fixed, Hidden, Line, Stairs
from perfdsl.prove.pieces import values
from perfdsl.prove.survey import Site

EVERYWHERE = Range(LOWEST, HIGHEST)
NO_ORDER = "completion rises and falls"


class Side(NamedTuple):
    """Where more (``sign`` 1) or less (-1) is better; ``away`` is where the actual is worse than it could be."""

    part: Range
    sign: int
    away: Range

    def far(self, cell: Range, line: Line) -> Range:
        """The part of ``cell`` far from the target, or ``cell`` where there is no such part."""
        edge = self.away.low if self.sign < 0 else self.away.high
        if self.sign > 0 or edge.infinite or edge.at <= 0:
            return cell
        for times in (5, 2):
            found = line.part(cell, Range(End(0, edge.at * times, False), HIGHEST))
            if found is not None:
                return found
        return cell


class Move(NamedTuple):
    """A rise or a fall of the completion: where what lies before it ends, and where what lies after it begins."""

    sign: int
    before: End
    after: End


def orientation(site: Site, direction: str) -> tuple[list[Side], frozenset[str]]:
    """The sides on which the award must rise, or why this is not known; no side when nothing is better than anything."""
    if direction in ("higher", "lower"):
        return [Side(EVERYWHERE, 1 if direction == "higher" else -1, EVERYWHERE)], cv.reasons()
    moves, doubt = _moves(site)
    if doubt:
        return [], doubt
    signs = [move.sign for move in moves]
    if not signs or len(set(signs)) == 1:
        return [Side(EVERYWHERE, sign, EVERYWHERE) for sign in signs[:1]], cv.reasons()
    rises = signs.index(-1)
    if any(sign > 0 for sign in signs[rises:]):
        return [], frozenset({NO_ORDER})
    start, stop = moves[rises - 1].after, moves[rises].before
    near_low, near_high = Range(LOWEST, _other(start)), Range(_other(stop), HIGHEST)
    return [Side(Range(LOWEST, stop), 1, near_low), Side(Range(start, HIGHEST), -1, near_high)], cv.reasons()


def _other(end: End) -> End:
    """The same border seen from the other side."""
    return end._replace(outside=not end.outside)


def _moves(site: Site) -> tuple[list[Move], frozenset[str]]:
    why = cv.reasons()
    for expr in (site.completion, site.met):
        track: list[tuple[Range, Curve | Stairs]] = []
        why = cv.reasons()
        for cell, value in values(expr, site.line.whole, site.line):
            if isinstance(value, Fixed) and isinstance(value.value, bool):
                value = cv.constant(Fraction(value.value))
            if isinstance(value, Hidden):
                why |= value.why
            elif isinstance(value, (Curve, Stairs)):
                track.append((cell, value))
        if track and not why:
            return _changes(track), why
    return [], why


def _changes(track: list[tuple[Range, Curve | Stairs]]) -> list[Move]:
    found: list[Move] = []
    reached: tuple[int, Fraction] | None = None
    for index, (cell, value) in enumerate(track):
        first, last = (end[:2] for end in cv.ends(value, cell))
        if reached is not None and reached != first:
            found.append(Move(1 if first > reached else -1, track[index - 1][0].high, cell.low))
        if first != last:
            before, after = cell.low._replace(outside=False), cell.high._replace(outside=False)
            found.append(Move(1 if last > first else -1, before, after))
        reached = last
    return found
