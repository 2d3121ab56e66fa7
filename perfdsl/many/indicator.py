"""One indicator over a column of values: a generated loop for numbers, the engine for everything else.

What the loop leaves open is scored by the engine itself, once for each set of values where nothing else matters.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.evaluate import Engine
from perfdsl.many.inline import NotCovered, rubric
from perfdsl.many.write import Num, Truth, Writer, enclosed, nearest, times
from perfdsl.quantity import round_half_up
from perfdsl.scorecard import IndicatorScore

MOST_KNOWN = 1 << 16
Units = int


class Open(NamedTuple):
    """What became of one indicator: the score, or between which it will be."""

    score: Units | None
    low: Units
    high: Units


Loop = Callable[..., tuple[list[Any], list[int]]]


@attrs.define(eq=False)
class Column:
    """How one indicator is scored: ``names`` are the columns it depends on, None when on the whole object.

    ``settled`` is its result where it does not depend on the object at all.
    """

    path: str
    names: tuple[str, ...] | None
    loop: Loop | None = None
    settled: Open | None = None
    known: dict[tuple[object, ...], Open] = attrs.Factory(dict)
    plain: dict[object, Open] = attrs.Factory(dict)
    words: dict[object, Units] = attrs.Factory(dict)

    @property
    def reads_itself(self) -> bool:
        """Does the loop see every value of this row that is not a number?"""
        return self.names is not None and f"value:{self.path}" in self.names

    def remember(self, word: object, found: Open) -> None:
        """The result of a word, or of nothing, where it decides alone."""
        if len(self.plain) < MOST_KNOWN:
            self.plain[word] = found
            if found.score is not None and word is not None:
                self.words[word] = found.score


def column(engine: Engine, row: p.PlanIndicator, units: int) -> Column:
    """The way to score ``row``; ``units`` are those of a point."""
    path = "/".join(row.path)
    if row.scoring is None or settled(engine, row):
        return Column(path, (), None, measured(engine.indicator(path), units))
    if row.scoring.entries is not None or row.gather is not None:
        return Column(path, _own(row) if _alone(row) else None)
    try:
        cases = rubric(engine, row)
        names = _names(cases, path)
        return Column(path, names, loop(cases, row.scoring, names, Scale(units, engine.plan.rounding)))
    except NotCovered:
        return Column(path, _own(row) if _alone(row) else None)


def settled(engine: Engine, row: p.PlanIndicator) -> bool:
    """Is the row not assessed in this period, whatever is given?"""
    made = engine.indicator("/".join(row.path))
    return made.status == "not applicable"


def measured(made: IndicatorScore, units: int) -> Open:
    """A score of the engine in whole units."""
    score = None if made.score is None else whole(made.score, units)
    return Open(score, whole(made.low, units), whole(made.high, units))


def whole(value: Fraction, units: int) -> int:
    """Points as whole units."""
    found = value * units
    assert found.denominator == 1, value  # the units were chosen for it
    return found.numerator


class Scale(NamedTuple):
    """Units of a point, and the decimals a score is rounded to."""

    units: int
    places: int


def loop(cases: tuple[c.Case, ...], scoring: c.Scoring, names: tuple[str, ...], scale: Scale) -> Loop:
    """The cases as a function from columns to scores, and the places it leaves open."""
    space: dict[str, Any] = {"__builtins__": {}, "len": len, "zip": zip}
    try:
        exec(compile(source(cases, scoring, names, scale), "<rubric>", "exec"), space)
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        raise NotCovered("too large") from None
    made: Loop = space["score"]
    return made


def source(cases: tuple[c.Case, ...], scoring: c.Scoring, names: tuple[str, ...], scale: Scale) -> str:
    """The function as text: whole numbers and generated names, nothing a user wrote."""
    numbers = [name for name in names if not name.startswith("mark:")]
    writer = Writer(
        {name: Num(f"n{i}", f"d{i}") for i, name in enumerate(numbers)}, "bad(len(out)); put(None); continue"
    )
    columns = [f"c{i}" for i in range(len(numbers))]
    values = ", ".join(f"v{i}" for i in range(len(numbers)))
    over = "rows" if not columns else columns[0] if len(columns) == 1 else f"zip({', '.join(columns)})"
    pers = [f"p{i}" for i in range(len(numbers))]
    writer.block(f"def score(rows, words, whole, ratio, text, {', '.join(columns + pers)}):")
    writer.line("out = []; put = out.append; open = []; bad = open.append")
    writer.block(f"for {values or '_'} in {over}:")
    for i in range(len(numbers)):
        _read(writer, i, len(names) == 1)
    decide(writer, cases, scoring, scale)
    writer.depth = 1
    writer.line("return out, open")
    return "\n".join(writer.lines)


def decide(writer: Writer, cases: tuple[c.Case, ...], scoring: c.Scoring, scale: Scale) -> None:
    """The first case that holds; one that is undefined or gives a range is the engine's."""
    for case in cases:
        when = writer.write(case.when)
        if not isinstance(when, Truth):
            break
        if when.holds is False:
            continue
        if when.holds is True:
            award(writer, case, scoring, scale)
            return
        outside = dict(writer.known)
        writer.block(f"if {when.holds}:")
        award(writer, case, scoring, scale)
        writer.depth -= 1
        writer.known = outside
    writer.stop()


def award(writer: Writer, case: c.Case, scoring: c.Scoring, scale: Scale) -> None:
    """The award inside its limits, rounded once."""
    made = writer.write(case.award)
    if not isinstance(made, Num) or case.high is not None:
        writer.stop()
        return
    edges = {edge: _rounded(edge, scale) for edge in (scoring.low, scoring.high)}
    if isinstance(made.top, int) and isinstance(made.bottom, int):
        kept = min(max(Fraction(made.top, made.bottom), scoring.low), scoring.high)
        writer.line(f"put({_rounded(kept, scale)}); continue")
        return
    for op, edge in (("<=", scoring.low), (">=", scoring.high)):
        beyond = writer.ordered(op, made, Num(edge.numerator, edge.denominator))
        writer.line(f"if {beyond.holds}: put({edges[edge]}); continue")
    writer.line(f"put({_score(made, scoring.low >= 0, scale)}); continue")


def _score(made: Num, positive: bool, scale: Scale) -> str:
    """A number as whole units; ``positive`` is known after the lower limit."""
    size = 10**scale.places
    if positive:
        top, bottom = enclosed(times(2 * size, made.top)), enclosed(made.bottom)
        found = f"({top} + {bottom}) // {enclosed(times(2, made.bottom))}"
    else:
        found = str(nearest(made, size))
    more = scale.units // size
    return found if more == 1 else f"({found}) * {more}"


def _rounded(value: Fraction, scale: Scale) -> int:
    return whole(round_half_up(value, scale.places), scale.units)


def _read(writer: Writer, i: int, alone: bool) -> None:
    """A value as a numerator and a denominator; a word that stands alone may be known already."""
    writer.line(f"k = v{i}.__class__")
    writer.line(f"if k is ratio: n{i} = v{i}.numerator; d{i} = v{i}.denominator * p{i}")
    writer.line(f"elif k is whole: n{i} = v{i}; d{i} = p{i}")
    if alone:
        writer.line(f"elif k is text and v{i} in words: put(words[v{i}]); continue")
    writer.block("else:")
    writer.stop()
    writer.depth -= 1


def _names(cases: Sequence[c.Case], path: str) -> tuple[str, ...]:
    """The columns the cases look at."""
    found: set[str] = set()
    for case in cases:
        for expr in (case.when, case.award, case.high):
            found |= c.references(expr) if expr is not None else set()
        if case.high is not None:
            found.add(f"mark:{path}")
    return tuple(sorted(found))


def _own(row: p.PlanIndicator) -> tuple[str, ...]:
    path = "/".join(row.path)
    return (f"value:{path}", f"mark:{path}")


def _alone(row: p.PlanIndicator) -> bool:
    """Does the row look at nothing but its own words?"""
    assert row.scoring is not None  # the caller looked
    exprs = [e for case in row.scoring.cases for e in (case.when, case.award, case.high) if e is not None]
    judged = [e for t in row.targets for e in (t.judge.met, t.judge.completion, t.judge.gap, t.judge.target)]
    return row.formula is None and not any(":" in name for e in [*exprs, *judged] for name in c.references(e))
