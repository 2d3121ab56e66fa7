"""The cliff map: where the smallest change of an actual moves the award by a jump."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import attrs

from perfdsl.bounds import Range
from perfdsl.model import Object, Path, indicators
from perfdsl.prove import curves as cv
from perfdsl.prove.outside import Neighbours
from perfdsl.prove.subject import Subject
from perfdsl.prove.survey import Site, problem_of, survey
from perfdsl.prove.witness import pick
from perfdsl.text import NOWHERE, Span

NEAR = Fraction(1, 100)
MOST_STEPS = 100


@attrs.frozen(kw_only=True)
class Cliff:
    """A jump of the award from ``below`` to ``above`` points, from the actual ``before`` to ``after``; ``at`` is its place.

    ``before`` is a hundredth of the printed unit away, or the next whole step; ``size`` is the jump as a share of the
    points (1/2 is half of them, 0 where the row has none); ``given`` are values of other inputs.
    """

    path: Path
    at: str
    before: str
    after: str
    below: Fraction
    above: Fraction
    points: Fraction
    given: tuple[tuple[str, str], ...] = ()
    span: Span = attrs.field(default=NOWHERE, eq=False, repr=False)

    @property
    def size(self) -> Fraction:
        """The jump as a share of the points."""
        return abs(self.above - self.below) / self.points if self.points else Fraction(0)


def cliffs(thing: Object) -> list[Cliff]:
    """Every jump of an award, in the order of the rows and of the actuals."""
    found: dict[Cliff, None] = {}
    outside = Neighbours(thing)
    for row in indicators(thing.rows):
        if row.points is None or row.scoring is None or row.scoring.entries is not None:
            continue
        for use in row.targets or (None,):
            subject = Subject(row, row.scoring, use, thing)
            problem = problem_of(row, row.scoring, use, outside)
            for site in survey(problem).numbers:
                found.update(dict.fromkeys(_jumps(subject, site, problem.size)))
    return list(found)


def _jumps(subject: Subject, site: Site, size: Fraction) -> Iterator[Cliff]:
    """Between neighbouring pieces, and between the steps of one (as many as are worth listing)."""
    parts = [(cell, value, end) for piece in site.walk.pieces if piece.certain
             for end in (("low", "high") if piece.low != piece.high else ("low",))
             for cell, value in cv.flat(getattr(piece, end), piece.cell, attrs.evolve(site.line, steps=MOST_STEPS))]  # fmt: skip
    with_high = {cell for cell, _, end in parts if end == "high"}
    for kind in ("low", "high"):
        steps = [
            (cell, value) for cell, value, end in parts if end == kind or (kind == "high" and cell not in with_high)
        ]
        for (left, a), (right, b) in pairwise(steps):
            if isinstance(a, cv.Curve) and isinstance(b, cv.Curve) and left.high[:2] <= right.low[:2]:
                below, above = cv.ends(a, left)[1], cv.ends(b, right)[0]
                if below[:2] != above[:2] and not below.infinite and not above.infinite:
                    yield _cliff(subject, site, (left, right), (below.at, above.at), size)


def _cliff(
    subject: Subject, site: Site, cells: tuple[Range, Range], awards: tuple[Fraction, Fraction], size: Fraction
) -> Cliff:
    left, right = cells
    before, after = _near(left, size, True), _near(right, size, False)
    return Cliff(
        path=subject.row.path, at=subject.shown(right.low.at), before=subject.shown(before), after=subject.shown(after),
        below=awards[0], above=awards[1], points=subject.row.points or Fraction(0), span=subject.row.name_span,
        given=tuple((name, subject.other(name, value)) for name, value in site.world),
    )  # fmt: skip


def _near(cell: Range, size: Fraction, high: bool) -> Fraction:
    """The end of a range, or a number a hundredth of a unit inside."""
    end = cell.high if high else cell.low
    if not end.outside and not end.infinite:
        return end.at
    at = end.at + (-NEAR if high else NEAR) * size
    far = cell.low if high else cell.high
    inside = far.infinite or (far.at < at if high else at < far.at)
    return at if inside else pick(cell, size, near_high=high)
