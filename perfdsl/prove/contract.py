"""The score contract of one rubric on one indicator: refuted with a witness, or not decided with a reason.

A refutation is certain: its witness is a value of the domain (and a world) at which the contract fails.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

import attrs

from perfdsl.bounds import End, Range
from perfdsl.prove import curves as cv
from perfdsl.prove.curves import FALSE, TRUE, Curve, Fixed, Hidden, Stairs
from perfdsl.prove.curves import Value as Piecewise
from perfdsl.prove.direction import Side, orientation
from perfdsl.prove.pieces import Piece, values
from perfdsl.prove.survey import Problem, Site, Survey, survey
from perfdsl.prove.witness import pick
from perfdsl.prove.worlds import World
from perfdsl.quantity import round_half_up

Actual = Fraction | str | bool


@attrs.frozen
class Verdict:
    """A failure of the contract: ``actuals`` show it (the better one last), with what is awarded there.

    ``why`` tells variants of one code apart; ``case`` is the index of the case to blame.
    """

    code: str
    why: str = ""
    case: int | None = None
    actuals: tuple[Actual, ...] = ()
    awards: tuple[Fraction, ...] = ()
    world: World = ()


class Doubt(NamedTuple):
    """What could not be decided, and because of what."""

    code: str
    why: frozenset[str]


class Answer(NamedTuple):
    """All that is refuted and all that is not decided; what is in neither is proved."""

    verdicts: tuple[Verdict, ...]
    doubts: tuple[Doubt, ...]


def decide(problem: Problem) -> Answer:
    """Decide the contract of one problem."""
    seen = survey(problem)
    found: list[Verdict | Doubt] = []
    for check in (_total, _bounded, _monotone, _reachable, _alive):
        found += (_certain(each, problem) for each in check(seen))
    verdicts = {(v.code, v.why, v.case if v.code == "V105" else None): v
                for v in reversed(found) if isinstance(v, Verdict)}  # fmt: skip
    refuted = {v.code for v in verdicts.values()}
    doubts = [d for d in found if isinstance(d, Doubt) and (d.code == "V105" or d.code not in refuted)]
    return Answer(tuple(sorted(verdicts.values(), key=lambda v: (v.code, v.case or 0))), tuple(dict.fromkeys(doubts)))


def _certain(found: Verdict | Doubt, problem: Problem) -> Verdict | Doubt:
    """A failure shown with a value another row is not known to have is no more than a doubt."""
    outside = dict(problem.outside)
    if isinstance(found, Doubt) or found.code in ("V104", "V105"):
        return found
    unsure = [name for name, value in found.world if name in outside and not outside[name].occurs(value)]
    return Doubt(found.code, frozenset(unsure)) if unsure else found


# ---- V101


def _total(seen: Survey) -> Iterator[Verdict | Doubt]:
    for site in seen.sites:
        for hole in site.walk.holes:
            if hole.certain:
                yield Verdict("V101", "", None, (_actual(site, hole.cell, seen.problem),), (), site.world)
            else:
                yield Doubt("V101", site.walk.why)


def _actual(site: Site, cell: Range, problem: Problem) -> Actual:
    return site.word if site.word is not None else pick(cell, problem.size)


# ---- V102


def _bounded(seen: Survey) -> Iterator[Verdict | Doubt]:
    limits = ((">", seen.problem.high, "high"), ("<", seen.problem.low, "low"))
    for site in seen.sites:
        for piece in site.walk.pieces:
            for value in dict.fromkeys((piece.low, piece.high)):
                for op, limit, why in limits:
                    yield from _beyond(seen, site, piece, value, (op, limit, why))


def _beyond(
    seen: Survey, site: Site, piece: Piece, value: Piecewise, limit: tuple[str, Fraction, str]
) -> Iterator[Verdict | Doubt]:
    if isinstance(value, Fixed):
        return
    op, edge, why = limit
    for cell, truth in cv.compare(op, value, cv.constant(edge), piece.cell, site.line):
        if isinstance(truth, Hidden) or (truth == TRUE and (isinstance(value, Hidden) or not piece.certain)):
            yield Doubt("V102", cv.reasons(value, truth) or site.walk.why)
        elif truth == TRUE and isinstance(value, (Curve, Stairs)):
            at = pick(cell, seen.problem.size)
            shown: Actual = site.word if site.word is not None else at
            yield Verdict("V102", why, piece.case, (shown,), (value.value(at),), site.world)


# ---- V103


class Step(NamedTuple):
    """A piece of the award on the way to a better actual."""

    cell: Range
    value: Curve | Stairs | Hidden
    case: int


def _monotone(seen: Survey) -> Iterator[Verdict | Doubt]:
    for site in seen.numbers:
        sides, doubt = orientation(site, seen.problem.direction)
        if doubt:
            yield Doubt("V103", doubt)
        ends = ("low",) if all(piece.low is piece.high for piece in site.walk.pieces) else ("low", "high")
        for side in sides:
            for end in ends:
                yield from _rising(seen.problem, site, side, end)
        if len(sides) == 2:
            for side in sides:
                yield from _one_sided(seen.problem, site, side)
    for world in dict.fromkeys(site.world for site in seen.words):
        yield from _words([site for site in seen.words if site.world == world])


def _steps(site: Site, side: Side, end: str) -> Iterator[Step | Doubt]:
    for piece in site.walk.pieces:
        cell = site.line.part(piece.cell, side.part)
        value: Piecewise = getattr(piece, end)
        if cell is None or isinstance(value, Fixed):
            continue
        if not piece.certain or (isinstance(value, Hidden) and (value.trend or side.sign) != side.sign):
            yield Doubt("V103", cv.reasons(value) or site.walk.why)
        elif isinstance(value, Hidden) and value.trend is None:
            yield Doubt("V103", cv.reasons(value))
        else:
            yield Step(cell, value, piece.case)


def _rising(problem: Problem, site: Site, side: Side, end: str) -> Iterator[Verdict | Doubt]:
    """Up to the first fall: one is enough, and in one world all are as certain."""
    before: Step | None = None
    for step in _steps(site, side, end):
        if isinstance(step, Doubt):
            yield step
            continue
        first, last = (_oriented(e, side.sign) for e in _ends(step))
        if last < first and not isinstance(step.value, Hidden):
            yield _fall(problem, site, side, (step, step), (first, last))
            return
        if before is not None:
            unknown = isinstance(step.value, Hidden) or isinstance(before.value, Hidden)
            reached = max(_oriented(e, side.sign) for e in _ends(before)[not isinstance(before.value, Hidden) :])
            if unknown:
                first = min(_oriented(e, side.sign) for e in _ends(step)[: 2 if isinstance(step.value, Hidden) else 1])
            if first < reached and unknown:
                yield Doubt("V103", cv.reasons(step.value, before.value))
            elif first < reached:
                yield _fall(problem, site, side, (before, step), (reached, first))
                return
        before = step


def _ends(step: Step) -> tuple[End, End]:
    """What the award tends to at both ends of a step; of one that is not known, the limits it stays in."""
    if isinstance(step.value, Hidden):
        return step.value.limits
    return cv.ends(step.value, step.cell)


Height = tuple[int, Fraction]


def _oriented(end: End, sign: int) -> Height:
    return end.infinite * sign, end.at * sign


def _fall(
    problem: Problem, site: Site, side: Side, steps: tuple[Step, Step], heights: tuple[Height, Height]
) -> Verdict:
    """Two actuals on the two sides of a fall, as near to each other as is convenient and the printed scores still fall."""
    high, low = _printable(heights, problem, side.sign)
    middle, unit = _between(high, low), Fraction(1, 10**problem.rounding)
    pair = _pair(problem, site, side, steps, (middle, middle))
    if (
        _printed(pair[0][1], problem) == _printed(pair[1][1], problem)
        and not (high[0] or low[0])
        and high[1] - low[1] > unit
    ):
        pair = _pair(problem, site, side, steps, (middle + unit / 2, middle - unit / 2))
    if side.sign < 0:
        pair.reverse()
    better = steps[1] if side.sign > 0 else steps[0]
    (worse_at, worse), (better_at, best) = pair
    return Verdict("V103", "", better.case, (worse_at, better_at), (worse, best), site.world)


def _pair(
    problem: Problem, site: Site, side: Side, steps: tuple[Step, Step], borders: tuple[Fraction, Fraction]
) -> list[tuple[Fraction, Fraction]]:
    """The last actual (and its award) above the one border before a fall, and the first below the other one after it."""
    one, two = steps[0].value, steps[1].value
    assert not isinstance(one, Hidden) and not isinstance(two, Hidden)  # the caller looked
    over, under = (cv.constant(side.sign * border) for border in borders)
    above, below = (">", "<") if side.sign > 0 else ("<", ">")
    before = [c for c, t in cv.compare(above, one, over, steps[0].cell, site.line) if t == TRUE]
    after = [c for c, t in cv.compare(below, two, under, steps[1].cell, site.line) if t == TRUE]
    first = pick(before[-1], problem.size, near_high=True)
    second = pick(after[0], problem.size)
    return [(first, one.value(first)), (second, two.value(second))]


def _printed(award: Fraction, problem: Problem) -> Fraction:
    return round_half_up(max(problem.low, min(problem.high, award)), problem.rounding)


def _printable(heights: tuple[Height, Height], problem: Problem, sign: int) -> tuple[Height, Height]:
    """The part of a fall that lies inside the limits of the score, where there is one."""
    ends = sorted((problem.low * sign, problem.high * sign))
    high, low = min(heights[0], (0, ends[1])), max(heights[1], (0, ends[0]))
    return (high, low) if low < high else heights


def _between(high: Height, low: Height) -> Fraction:
    if high[0] and low[0]:
        return Fraction(0)
    if high[0]:
        return low[1] + 1
    return high[1] - 1 if low[0] else (high[1] + low[1]) / 2


def _one_sided(problem: Problem, site: Site, side: Side) -> Iterator[Verdict]:
    """Full marks however far the actual is from a two-sided target."""
    far = [p for p in site.walk.pieces if p.certain and site.line.part(p.cell, side.away)]
    levels = [cv.fixed_number(p.low) for p in far]
    if not far or problem.points <= 0 or any(level is None or level < problem.points for level in levels):
        return
    cell = site.line.part(far[-1 if side.sign < 0 else 0].cell, side.away)
    level = levels[-1 if side.sign < 0 else 0]
    if cell is not None and level is not None:
        at = pick(side.far(cell, site.line), problem.size, near_high=side.sign > 0)
        yield Verdict("V103", "one-sided", far[-1 if side.sign < 0 else 0].case, (at,), (level,), site.world)


def _words(sites: list[Site]) -> Iterator[Verdict | Doubt]:
    """No word that is worth more scores less."""
    ranked = sorted(((rank, site) for site in sites if (rank := _rank(site)) is not None), key=lambda pair: pair[0])
    for end in ("low", "high"):
        best: tuple[Fraction, Site] | None = None
        for _, group in groupby(ranked, key=lambda pair: pair[0]):
            levels: list[tuple[Fraction, int, Site]] = []
            for site, piece in [(s, p) for _, s in group for p in s.walk.pieces]:
                level = cv.fixed_number(getattr(piece, end))
                if level is None or not piece.certain:
                    yield from _word_doubt(getattr(piece, end), site)
                else:
                    levels.append((level, piece.case, site))
            for level, case, site in levels:
                if best is not None and level < best[0]:
                    actuals = (_word(best[1]), _word(site))
                    yield Verdict("V103", "", case, actuals, (best[0], level), site.world)
            tops = [(level, site) for level, _, site in levels] + ([best] if best else [])
            best = max(tops, key=lambda pair: pair[0], default=None)


def _word_doubt(value: Piecewise, site: Site) -> Iterator[Doubt]:
    if not isinstance(value, Fixed):
        yield Doubt("V103", cv.reasons(value) or site.walk.why)


def _word(site: Site) -> str | bool:
    assert site.word is not None  # a site of words
    return site.word


def _rank(site: Site) -> Fraction | None:
    for expr in (site.completion, site.met):
        for _, value in values(expr, site.line.whole, site.line):
            level = (
                Fraction(value.value)
                if isinstance(value, Fixed) and isinstance(value.value, bool)
                else cv.fixed_number(value)
            )
            if level is not None:
                return level
    return None


# ---- V104


def _reachable(seen: Survey) -> Iterator[Verdict | Doubt]:
    goal = seen.problem.points
    pieces = [(site, piece) for site in seen.sites for piece in site.walk.pieces]
    if goal <= 0 or not pieces:
        return
    unsure = not any(piece.certain for _, piece in pieces)
    doubts, missed = pieces[0][0].walk.why if unsure else cv.reasons(), None
    for site in seen.sites:
        for piece in site.walk.pieces:
            for cell, truth in _full(piece, goal, site):
                if isinstance(truth, Hidden):
                    doubts |= truth.why | site.walk.why
                    continue
                meets, apart = _meets(site, cell)
                if meets and piece.certain:
                    return
                doubts |= site.walk.why if meets else frozenset()
                missed = missed or (apart and piece.certain and (site, piece, apart)) or None
    if doubts:
        yield Doubt("V104", doubts)
        return
    yield _unreached(seen, missed)


def _full(piece: Piece, goal: Fraction, site: Site) -> list[tuple[Range, Piecewise]]:
    if isinstance(piece.high, Fixed):
        return []
    found = cv.compare(">=", piece.high, cv.constant(goal), piece.cell, site.line)
    return [(cell, truth) for cell, truth in found if truth != FALSE]


def _meets(site: Site, cell: Range) -> tuple[bool, Range | None]:
    """Can the target be met there (what cannot be judged counts), else where it is missed."""
    apart = None
    for part, truth in values(site.met, cell, site.line):
        if truth != FALSE:
            return True, None
        apart = apart or part
    return False, apart


def _unreached(seen: Survey, missed: tuple[Site, Piece, Range] | None) -> Verdict:
    problem = seen.problem
    if missed is not None:
        site, piece, cell = missed
        at = pick(cell, problem.size)
        shown = site.word if site.word is not None else at
        found = Verdict("V104", "missed", piece.case, (shown,), (_award(piece.high, at),), site.world)
        meeting = max(_tops(seen, [s for s in seen.sites if s.world == site.world]), key=_best)
        if not meeting.actuals or meeting.awards[0] >= problem.points:
            return found
        return attrs.evolve(found, actuals=found.actuals + meeting.actuals, awards=found.awards + meeting.awards)
    outside = dict(problem.outside)
    return max(_tops(seen, seen.sites), key=lambda v: (_best(v), all(
        name not in outside or outside[name].occurs(value) for name, value in v.world)))  # fmt: skip


def _best(verdict: Verdict) -> tuple[Fraction, ...]:
    return verdict.awards


def _tops(seen: Survey, sites: Sequence[Site]) -> Iterator[Verdict]:
    """The best award every piece offers to an actual that meets the target, or to any when none does."""
    for meeting in (True, False):
        offered = False
        for site in sites:
            for piece in site.walk.pieces:
                for cell, truth in values(site.met, piece.cell, site.line):
                    if (truth == TRUE) == meeting and isinstance(piece.high, (Curve, Stairs)):
                        offered = True
                        yield _top(seen.problem, site, piece, cell)
        if offered:
            return
    yield Verdict("V104", "unreached")


def _top(problem: Problem, site: Site, piece: Piece, cell: Range) -> Verdict:
    value = piece.high
    assert isinstance(value, (Curve, Stairs))  # the caller looked
    low, high = cv.ends(value, cell)
    at = pick(cell, problem.size, near_high=high[:2] > low[:2])
    shown: Actual = site.word if site.word is not None else at
    return Verdict("V104", "unreached", piece.case, (shown,), (value.value(at),), site.world)


def _award(value: Piecewise, at: Fraction) -> Fraction:
    assert isinstance(value, (Curve, Stairs))  # it was compared with the points
    return value.value(at)


# ---- V105


def _alive(seen: Survey) -> Iterator[Verdict | Doubt]:
    """Cases nothing reaches; where a condition is undefined, what the later cases decide is not known."""
    if not seen.sites:
        return
    stopped = min(site.walk.stopped for site in seen.sites)
    reached = {piece.case for site in seen.sites for piece in site.walk.pieces}
    certain = {piece.case for site in seen.sites for piece in site.walk.pieces if piece.certain}
    unsure = reached - certain
    for case in range(stopped):
        if case in unsure:
            yield Doubt("V105", frozenset().union(*(site.walk.why for site in seen.sites)))
        elif case not in reached:
            possible = any(_possible(site, case) for site in seen.sites)
            yield Verdict("V105", "shadowed" if possible else "impossible", case)


def _possible(site: Site, case: int) -> bool:
    return any(truth != FALSE for _, truth in values(site.conditions[case], site.line.whole, site.line))
