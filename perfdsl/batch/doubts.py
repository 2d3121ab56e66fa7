"""What was given and counts for nothing: asked of the exact engine where the columns show that there may be something.

A score that is open only because nothing was given is no reason to ask.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.actuals import Entry, Observed
from perfdsl.batch.cells import Reject
from perfdsl.batch.objects import by_object, in_order, rejected
from perfdsl.batch.part import Part, Shape
from perfdsl.evaluate import REFUSED, Engine
from perfdsl.grid import Grid, Scores, Strip
from perfdsl.integers import UNDER
from perfdsl.observe import observe
from perfdsl.program import ABSENT, MISSING, NUMBER, STATES, WORD
from perfdsl.scorecard import MISSING as NO_VALUE
from perfdsl.scorecard import NOT_APPLICABLE

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

KNOWN_BY = ("value:", "input:", "spent:")
JUDGED = frozenset({"target", "met", "completion", "gap", "excess"})
OTHER = "other"
NO_WORD = "\0"  # a word no rules know


def doubts(plan: p.Plan, period: str, grid: Grid, scores: Scores) -> "dict[str, Array]":
    """For each indicator the objects of which the exact engine may have something to say; those without any are left out."""
    found = {}
    for row in plan.indicators:
        path = "/".join(row.path)
        if row.scoring is None or row.scoring.entries is None:  # of those all was said when their rows were read
            flags = _doubts(plan, period, row, grid, scores)
            if flags.any():
                found[path] = flags
    return found


def _doubts(plan: p.Plan, period: str, row: p.PlanIndicator, grid: Grid, scores: Scores) -> "Array":
    import numpy as np

    path = "/".join(row.path)
    made = scores.rows[path]
    nobody = np.zeros(scores.count, dtype=bool)
    is_open = nobody if made.open is None else np.asarray(made.open)
    mark, override = (
        _is(grid, name, NUMBER) if (name := f"{x}:{path}") in grid.columns else nobody for x in ("mark", "override")
    )
    left = np.asarray(made.status == scores.statuses.index(NOT_APPLICABLE))
    missing = np.asarray(made.status == scores.statuses.index(NO_VALUE))
    outside = nobody
    if row.formula is not None and row.domain != c.Domain(None, None) and (missing | left).any():
        outside = (missing | left) & may_be_known(row.formula, lambda name: _missing(grid, name), scores.count)
    if row.scoring is None:
        return mark | override | outside
    unmarked = is_open | override
    found = (mark | override) & left | outside
    if mark.any():
        marked = np.array([True, *(x.high is not None or "mark" in c.references(x.award) for x in row.scoring.cases)])
        found |= mark & (made.case > 0) & (~marked[made.case] | unmarked)
    if override.any():
        found |= override & ~_between(grid.columns[f"override:{path}"], row.scoring.low, row.scoring.high)
    if not plan.not_applicable:
        found |= left & _is(grid, f"value:{path}", ABSENT)
    told = ~missing & ~left & (made.case == 0) & unmarked
    if told.any():
        told &= _settled(grid, [x.when for x in row.scoring.cases])
        found |= told & ~_words_left_open(plan, period, row, grid, told)
    return np.asarray(found)


def may_be_known(expr: c.Expr, missing: "Callable[[str], Array | None]", count: int) -> "Array":
    """Where an expression may come to a value; ``missing`` says where a name has none (None: that is not known)."""
    import numpy as np

    match expr:
        case c.Const(value):
            return np.full(count, value is not None)
        case c.Ref(name):
            gone = missing(name)
            return np.asarray(np.ones(count, dtype=bool) if gone is None else ~gone)
        case c.If(c.Missing(c.Ref(name)), then, other) if (gone := missing(name)) is not None:
            return np.asarray(np.where(gone, may_be_known(then, missing, count), may_be_known(other, missing, count)))
        case c.If(_, then, other):
            return may_be_known(then, missing, count) | may_be_known(other, missing, count)
        case c.Add(args) | c.Mul(args) | c.Min(args) | c.Max(args):
            return (
                np.all([may_be_known(x, missing, count) for x in args], axis=0) if args else np.ones(count, dtype=bool)
            )
        case c.Div(left, right):
            return may_be_known(left, missing, count) & may_be_known(right, missing, count)
        case c.Floor(arg) | c.Round(arg, _):
            return may_be_known(arg, missing, count)
    return np.ones(count, dtype=bool)


def _missing(grid: Grid, name: str) -> "Array | None":
    """Where a name of the plan was not given; None of one that is worked out."""
    known = name.startswith(KNOWN_BY) and (name in grid.columns or not name.startswith("value:"))
    return _is(grid, name, MISSING) if known else None


def _words_left_open(plan: p.Plan, period: str, row: p.PlanIndicator, grid: Grid, told: "Array") -> "Array":
    """Where a word is known to leave the rubric undecided, so that there is nothing to ask: once for each different word."""
    import numpy as np

    made = np.zeros(grid.count, dtype=bool)
    name = f"value:{'/'.join(row.path)}"
    strip = grid.columns.get(name)
    if strip is None or strip.states is None or strip.said is None or looked_at(row, period):
        return made
    rows = np.flatnonzero(told & (strip.states == STATES.index(WORD)))
    for number in np.unique(strip.said[rows]).tolist():
        if not uncovered(plan, row, strip.words[number] if number >= 0 else NO_WORD, period):
            made[rows[strip.said[rows] == number]] = True
    return made


def looked_at(row: p.PlanIndicator, period: str) -> set[str]:
    """What else than the value of a row decides which of its cases holds: names, those of its judgement followed."""
    if row.formula is not None or row.gather is not None or row.scoring is None:
        return {OTHER}
    judge = next((x.judge for x in row.targets if x.period == period), None)
    exprs = [x.when for x in row.scoring.cases]
    seen: set[str] = set()
    while new := set().union(*(c.references(x) for x in exprs)) - seen:
        seen |= new
        exprs = [getattr(judge, x) for x in sorted(new & JUDGED) if judge is not None]
    return seen - JUDGED - {"actual"}


def uncovered(plan: p.Plan, row: p.PlanIndicator, word: str, period: str) -> bool:
    """Does no case cover the word: neither holds nor is left undecided?"""
    entry = Entry(value=word, text=word)
    engine = Engine(plan, Observed({"/".join(row.path): (entry,)}, {}, {}), period, None)
    assert row.scoring is not None  # the caller looked
    engine.decide(row.scoring, engine.frame(row))
    return any(x.code in REFUSED for x in engine.found)


def _is(grid: Grid, name: str, state: str) -> "Array":
    """Where a column is in a state."""
    import numpy as np

    strip = grid.columns.get(name)
    if strip is None:
        return np.full(grid.count, state == MISSING)
    if strip.states is None:
        return np.full(grid.count, state == NUMBER)
    return np.asarray(strip.states == STATES.index(state))


def _between(strip: Strip, low: Fraction, high: Fraction) -> "Array":
    import numpy as np

    assert strip.numbers is not None  # a part fills them
    inside = (strip.numbers >= -(-low * strip.per // 1)) & (strip.numbers <= high * strip.per // 1)
    return np.asarray(inside, dtype=bool)


def _settled(grid: Grid, exprs: list[c.Expr]) -> "Array":
    """Where nothing that is looked at in other columns is missing."""
    import numpy as np

    made = np.ones(grid.count, dtype=bool)
    for name in sorted(set().union(*(c.references(x) for x in exprs))):
        if name.startswith(KNOWN_BY) and (name in grid.columns or not name.startswith("value:")):
            made &= ~_is(grid, name, MISSING)
    return made


def with_refused(
    shape: Shape,
    table: Any,
    part: Part,
    scores: Scores,
    as_of: date | None,
    places: Mapping[str, Strip] | None = None,
) -> Part:
    """A part with what was given and counts for nothing among its rejects; ``places`` are its comparisons."""
    import numpy as np
    import pyarrow as pa

    found = doubts(shape.plan, shape.period, part.grid, scores)
    if not found:
        return _sorted(shape, part, [])
    asked = np.logical_or.reduce(list(found.values()))
    owners = np.flatnonzero(asked)
    at = shape.place_of("object")
    _, whose = shape.coded(table, at if shape.long else None, "")
    whose = whose if shape.long else np.arange(table.num_rows)
    rows = np.flatnonzero(asked[whose])
    made: list[tuple[str, Reject]] = []
    told = {(x.row, x.finding.code, x.finding.facts) for _, x in part.rejects}
    asked_of = [
        ([path for path, flags in found.items() if flags[owner]], dict(_standing(owner, places or {})))
        for owner in owners.tolist()
    ]
    for _, column, x in refused_of(shape, table.take(pa.array(rows)), asked_of, as_of):
        one = x._replace(row=int(rows[x.row]))
        key = one.row, one.finding.code, one.finding.facts
        if key not in told:
            told.add(key)
            made.append((column, one))
    return _sorted(shape, part, made)


def refused_of(
    shape: Shape,
    table: Any,
    asked: Sequence[tuple[Sequence[str], Mapping[str, Fraction | None]]],
    as_of: date | None,
) -> Iterator[tuple[int, str, Reject]]:
    """What was given for the objects of ``table`` and counts for nothing, each with the number of its object.

    ``asked`` are, for each object, the rows of the rules to look at and what its comparisons came to.
    """
    for owner, ((paths, known), (_, given)) in enumerate(zip(asked, by_object(shape, table), strict=True)):
        seen, _ = observe(shape.plan, given, shape.period)
        engine = Engine(shape.plan, seen, shape.period, as_of)
        engine.known.update(known)
        for path in paths:
            engine.indicator(path)
        for column, x in rejected(shape, (d for d in engine.found if d.code in REFUSED), given):
            yield owner, column, x


def _standing(owner: int, places: Mapping[str, Strip]) -> Iterator[tuple[str, Fraction | None]]:
    """The comparisons of one object as the exact engine knows them."""
    for name, strip in places.items():
        if name.startswith(UNDER):
            continue
        assert strip.numbers is not None and strip.states is not None  # both are worked out
        under = places.get(f"{UNDER}{name}")
        per = int(under.numbers[owner]) if under is not None and under.numbers is not None else strip.per
        known = strip.states[owner] == STATES.index(NUMBER)
        yield name, Fraction(int(strip.numbers[owner]), per) if known else None


def _sorted(shape: Shape, part: Part, more: list[tuple[str, Reject]]) -> Part:
    """The rejects of a part with those found later, in the order of its rows."""
    found = [*part.rejects, *more]
    return attrs.evolve(part, rejects=in_order(shape, found)) if found else part
