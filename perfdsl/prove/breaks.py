"""Where a rubric changes what it does, as values to try: the points themselves, what lies just beside them, one for each case.

Only rubrics that look at nothing but the actual (and its judgement) have such points; for others only cases are listed.
"""

from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction

import attrs

from perfdsl.bounds import HIGHEST, LOWEST, End, Range, domain_range, meet, point
from perfdsl.core import Domain, Scoring
from perfdsl.model import Indicator, Object, TargetUse
from perfdsl.prove.curves import Curve, Stairs, Value
from perfdsl.prove.pieces import Piece
from perfdsl.prove.subject import Subject
from perfdsl.prove.survey import Problem, Site, survey
from perfdsl.prove.witness import pick

HUNDREDTH = Fraction(1, 100)
Side = int | None


@attrs.frozen
class Spot:
    """Values on one side of a point (or the point itself): all between the ends, and one of them as a test writes it."""

    low: End
    high: End
    sample: Fraction
    text: str

    def holds(self, value: Fraction) -> bool:
        """Does an actual fall here?"""
        return meet(Range(self.low, self.high), point(value)) is not None


@attrs.frozen(kw_only=True)
class Break:
    """A point where another case decides or another curve begins.

    ``cases`` are those that decide just below, at, and just above it, counted from 0 (None: none does); ``number`` tells
    points with the same cases apart.  ``spots`` are below, at and above it; None where the domain has no value there.
    """

    at: str
    cases: tuple[Side, Side, Side]
    number: int
    spots: tuple[Spot | None, Spot | None, Spot | None]


@attrs.frozen(kw_only=True)
class Places:
    """What to try on one indicator under one target: its breaks, and for each case an actual that reaches it."""

    period: str
    breaks: tuple[Break, ...]
    samples: tuple[tuple[int, str], ...]


def places(row: Indicator) -> tuple[Places, ...]:
    """The places of every target of ``row`` (of none, where it has none); empty for a row without a rubric."""
    if row.scoring is None:
        return ()
    return tuple(_places(row, row.scoring, use) for use in row.targets or (None,))


def _places(row: Indicator, scoring: Scoring, use: TargetUse | None) -> Places:
    period = use.period if use is not None else ""
    if scoring.entries is not None:
        words = [(i, word) for i, _ in enumerate(scoring.cases) for word in scoring.entries.words[i : i + 1]]
        return Places(period=period, breaks=(), samples=tuple((i, _quoted(word)) for i, word in words))
    alone = Object(kind="project", name="", rows=(row,))  # places look at the row itself only
    subject = Subject(row, scoring, use, alone)
    problem = _problem(row, scoring, use)
    numbers = [i for i, case in enumerate(scoring.cases) if not case.missing]
    seen = survey(problem)
    samples = {numbers[p.case]: text for site in reversed(seen.sites) for p in reversed(site.walk.pieces)
               if (text := _sample(site, p, subject, problem)) and not site.world}  # fmt: skip
    samples |= {i: "missing" for i, case in enumerate(scoring.cases) if case.missing}
    lone = seen.numbers[0] if len(seen.numbers) == 1 and not seen.numbers[0].world else None
    breaks = tuple(_breaks(lone, numbers, row.domain, subject, problem)) if lone is not None else ()
    return Places(period=period, breaks=breaks, samples=tuple(sorted(samples.items())))


def _problem(row: Indicator, scoring: Scoring, use: TargetUse | None) -> Problem:
    """The rubric over all numbers of the domain, whole or not, so that a limit between two of them is seen."""
    unit = use.unit if use is not None else row.unit
    cases = tuple((case.when, case.award, case.high) for case in scoring.cases if not case.missing)
    return Problem(
        cases=cases,
        judge=use.judge if use is not None else None,
        domain=attrs.evolve(row.domain, whole=False),
        low=scoring.low,
        high=scoring.high,
        points=row.points or Fraction(0),
        direction=row.direction,
        words=tuple(sorted({word for _, word in row.words})),
        size=unit.scale if unit is not None else Fraction(1),
    )


def _sample(site: Site, piece: Piece, subject: Subject, problem: Problem) -> str:
    if not piece.certain:
        return ""
    if site.word is not None:
        return subject.written(site.word)
    domain = subject.row.domain
    inside = meet(piece.cell, domain_range(domain))
    at = pick(inside, problem.size) if inside is not None else None
    if at is not None and not domain.holds(at):
        at = next((x for x in _whole(piece.cell, domain)), None)
    return subject.written(at) if at is not None else ""


def _whole(cell: Range, domain: Domain) -> Iterator[Fraction]:
    """Whole values of the domain inside a range, nearest to its ends."""
    for end, sides in ((cell.low, (0, 1)), (cell.high, (0, -1))):
        if not end.infinite:
            near = Fraction(end.at // domain.step) * domain.step
            for value in (near + k * domain.step for k in (*sides, 1 if sides[1] < 0 else 2)):
                if domain.holds(value) and meet(cell, point(value)) is not None:
                    yield value


def _breaks(site: Site, numbers: list[int], domain: Domain, subject: Subject, problem: Problem) -> Iterator[Break]:
    pieces = [piece for piece in site.walk.pieces if piece.certain]
    if len(pieces) < len(site.walk.pieces):
        return
    pieces.sort(key=lambda piece: piece.cell.low)
    lows = [piece.cell.low for piece in pieces]
    edges = sorted({end.at for piece in pieces for end in piece.cell if not end.infinite})
    kept: list[tuple[Fraction, tuple[Side, Side, Side]]] = []
    for at, low, high in zip(edges, [None, *edges], [*edges[1:], None], strict=False):
        below, above = _open(low, at), _open(at, high)
        around = [_at(pieces, lows, cell) for cell in (below, point(at), above)]
        if _changes(at, around[0], around[1], around[2], domain):
            a, b, c = (None if x is None else numbers[x.case] for x in around)
            kept.append((at, (a, b, c)))
    ends = [at for at, _ in kept]
    seen: dict[tuple[Side, Side, Side], int] = {}
    for index, (at, cases) in enumerate(kept):
        seen[cases] = seen.get(cases, 0) + 1
        below = _open(ends[index - 1] if index else None, at)
        above = _open(at, ends[index + 1] if index + 1 < len(ends) else None)
        spots = (_spot(below, at, -1, domain, subject, problem), _spot(point(at), at, 0, domain, subject, problem),
                 _spot(above, at, 1, domain, subject, problem))  # fmt: skip
        yield Break(at=subject.shown(at), cases=cases, number=seen[cases], spots=spots)


def _open(low: Fraction | None, high: Fraction | None) -> Range:
    return Range(LOWEST if low is None else End(0, low, True), HIGHEST if high is None else End(0, high, True))


def _at(pieces: list[Piece], lows: list[End], cell: Range) -> Piece | None:
    """The piece that holds a point, or a gap between two neighbouring ends; pieces stand in order and do not overlap."""
    last = bisect_right(lows, cell.low)
    near = pieces[max(0, last - 1) : last + 1]
    return next((piece for piece in near if meet(piece.cell, cell) is not None), None)


def _changes(at: Fraction, below: Piece | None, here: Piece | None, above: Piece | None, domain: Domain) -> bool:
    """Is anything different on the two sides, or at the point itself?  At an end of the domain there is one side."""
    sides = [side for side, end in ((below, domain.low), (above, domain.high)) if end != at]
    if any(_kind(side) != _kind(sides[0]) for side in sides):
        return True
    return any(not _continues(side, here, at) for side in sides)


def _kind(piece: Piece | None) -> tuple[int, Value, Value] | None:
    return None if piece is None else (piece.case, piece.low, piece.high)


def _continues(side: Piece | None, here: Piece | None, at: Fraction) -> bool:
    """Is the point itself decided as its neighbours are?"""
    if side is None or here is None:
        return side is here
    return side.case == here.case and all(
        _height(a, at) == _height(b, at) for a, b in ((side.low, here.low), (side.high, here.high))
    )


def _height(value: Value, at: Fraction) -> object:
    if isinstance(value, Curve) and not value.c * at + value.d:
        return None
    return value.value(at) if isinstance(value, (Curve, Stairs)) else value


def _spot(cell: Range, at: Fraction, side: int, domain: Domain, subject: Subject, problem: Problem) -> Spot | None:
    """The nearest value on one side: a unit of the last printed place away, else the most convenient one."""
    inside = meet(cell, domain_range(domain))
    if inside is None:
        return None
    steps = [domain.step] if domain.whole else [problem.size * HUNDREDTH, problem.size]
    near = [at + side * step for step in (steps if side else [Fraction(0)])]
    if domain.whole:
        near += list(_whole(cell, domain))
    else:
        near.append(pick(inside, problem.size, near_high=side < 0))
    found = [x for x in near if domain.holds(x) and meet(cell, point(x)) is not None]
    written = next((x for x in found if subject.written(x)), None)
    if not found:
        return None
    sample = found[0] if written is None else written
    return Spot(cell.low, cell.high, sample, subject.written(sample))


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
