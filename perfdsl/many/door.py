"""Score one plan on many objects; ``evaluate`` is the definition, and every number here is the same as there.

Scores are whole units (hundredths of a point where the plan rounds to two decimals); nothing is a float on the way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import islice
from math import lcm
from typing import Final, NamedTuple

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.actuals import Entry, Observed
from perfdsl.cohort import Member, evaluate_together
from perfdsl.core import Value
from perfdsl.evaluate import Engine
from perfdsl.many.indicator import MOST_KNOWN, Column, Open, Scale, column, measured, whole
from perfdsl.many.totals import Block, Sum, Tree
from perfdsl.scorecard import Scorecard

AT_ONCE = 4096
NOT_PLAIN: Final = object()
TOGETHER: Final = "(places among the objects scored together)"


@attrs.frozen
class NotApplicable:
    """The row does not apply to this object."""


NOT_APPLICABLE: Final = NotApplicable()
Given = Value | int | NotApplicable | tuple[Entry, ...]


class Line(NamedTuple):
    """One object: scores by row of the plan, None while open; the total and between which limits it lies."""

    scores: tuple[int | None, ...]
    total: int | None
    low: int
    high: int
    complete: bool


class Scaled(NamedTuple):
    """A column of whole numbers, each ``1/per``; None is missing."""

    tops: Sequence[int | None]
    per: int


Columns = Sequence[Sequence[Given] | Scaled]


def many(plan: p.Plan, period: str = "full", as_of: date | None = None) -> "Scorer":
    """Compile ``plan`` for ``period`` as of a day (default: the end of the period)."""
    engine = Engine(plan, Observed({}, {}, {}), period, as_of)
    units = _units(engine)
    found = [column(engine, row, units) for row in plan.indicators]
    whole_plan = _varying(plan)
    total = None if whole_plan else Tree(engine, Scale(units, plan.rounding)).whole()
    fallback = [x.path for x in found if x.loop is None and x.settled is None] if total else [whole_plan]
    return Scorer(engine, units, names(plan), tuple(fallback), tuple(found), total)


def names(plan: p.Plan) -> tuple[str, ...]:
    """The columns of a plan: ``value:ROW`` in order, then ``mark:ROW``, ``input:NAME`` and ``spent:LINE`` where used."""
    paths = ["/".join(i.path) for i in plan.indicators]
    marked = [
        path for path, i in zip(paths, plan.indicators, strict=True) if i.scoring is not None and _marked(i.scoring)
    ]
    spent = sorted({name for expr in _expressions(plan) for name in c.references(expr) if name.startswith("spent:")})
    return (
        *(f"value:{x}" for x in paths),
        *(f"mark:{x}" for x in marked),
        *(f"input:{i.name}" for i in plan.inputs),
        *spent,
    )


@attrs.define(eq=False)
class Scorer:
    """A compiled plan: ``names`` are its columns, ``units`` those of a point.

    ``exact_fallback`` are the rows the engine scores object by object; a plan in which what applies changes from object
    to object, or that has ceilings or no points, is wholly the engine's, and this says why.  Where objects have places
    among each other, those of one call are scored together.
    """

    engine: Engine
    units: int
    names: tuple[str, ...]
    exact_fallback: tuple[str, ...]
    found: tuple[Column, ...]
    total: Sum | None

    def rows(self, values: Iterable[Sequence[Given]]) -> Iterator[Line]:
        """Objects as sequences in the order of ``names``; what a sequence leaves out at its end is missing."""
        objects = iter(values)
        if self.engine.plan.comparisons:
            whole_table = [self._filled(x) for x in objects]
            yield from self.columns(list(zip(*whole_table, strict=True)) if self.names else [], len(whole_table))
            return
        while part := list(islice(objects, AT_ONCE)):
            width = len(self.names)
            full = [x if len(x) == width else self._filled(x) for x in part]
            yield from self.columns(list(zip(*full, strict=True)) if width else [], len(full))

    def columns(self, columns: Columns, count: int) -> Iterator[Line]:
        """``count`` objects as columns in the order of ``names``."""
        table = _Table(dict(zip(self.names, columns, strict=True)), count)
        if self.engine.plan.comparisons:
            return self._together(table)
        if self.total is None:
            return (self._alone(table, i) for i in range(count))
        return self._lines(table, self.total)

    def _filled(self, values: Sequence[Given]) -> tuple[Given, ...]:
        if len(values) > len(self.names):
            raise ValueError(f"{len(values)} values for {len(self.names)} columns")
        return (*values, *[None] * (len(self.names) - len(values)))

    def _lines(self, table: "_Table", total: Sum) -> Iterator[Line]:
        apart: set[int] = set()
        blocks = {made.path: self._block(made, table, apart) for made in self.found}
        sums = total(blocks, table.count)
        scores: Iterable[tuple[int | None, ...]] = zip(*(b.scores for b in blocks.values()), strict=True)
        lines = zip(scores if blocks else [()] * table.count, *sums, strict=True)
        for i, (row, score, low, high) in enumerate(lines):
            yield self._alone(table, i) if i in apart else Line(row, score, low, high, score is not None)

    # ---- one row of the plan

    def _block(self, made: Column, table: "_Table", apart: set[int]) -> Block:
        """The scores of one row; objects in which something does not apply are set apart."""
        if not made.reads_itself:
            apart.update(table.aside(f"value:{made.path}"))
        if made.settled is not None:
            return _spread(made.settled, table.count)
        if made.loop is None or made.names is None:
            return _block([None] * table.count, {i: self._left(made, table, i, apart) for i in range(table.count)})
        numbers = [table.column(name) for name in made.names if not name.startswith("mark:")]
        tops, pers = [x.tops for x in numbers], [x.per for x in numbers]
        out, left = made.loop(range(table.count), made.words, int, Fraction, str, *tops, *pers)
        return _block(out, {i: self._left(made, table, i, apart) for i in left})

    def _left(self, made: Column, table: "_Table", i: int, apart: set[int]) -> Open:
        """What the loop left to the engine; the same word, or none, is looked up at once."""
        plain = table.plain(made.names[0], i) if made.names is not None and len(made.names) == 1 else NOT_PLAIN
        found = made.plain.get(plain)
        if found is None:
            found = self._asked(made, table, i, apart)
            if plain is not NOT_PLAIN:
                made.remember(plain, found)
        return found

    def _asked(self, made: Column, table: "_Table", i: int, apart: set[int]) -> Open:
        """What the engine says, once for the same values of the columns the row depends on."""
        given = table.values(made.names if made.names is not None else self.names, i)
        if any(_absent(value) for value in given.values()):
            apart.add(i)
            return Open(None, 0, 0)
        key = tuple((value, isinstance(value, bool)) for value in given.values())
        known = made.known.get(key)
        if known is None:
            known = measured(self._engine(given).indicator(made.path), self.units)
            if made.names is not None and len(made.known) < MOST_KNOWN:
                made.known[key] = known
        return known

    def _engine(self, given: Mapping[str, Given]) -> Engine:
        return Engine(self.engine.plan, observed(given), self.engine.period, self.engine.as_of)

    def _alone(self, table: "_Table", i: int) -> Line:
        """One object by the engine."""
        return self._line(self._engine(table.values(self.names, i)).card())

    def _together(self, table: "_Table") -> Iterator[Line]:
        """All objects of a call, each with its place among the others."""
        plan = self.engine.plan
        given = [observed(table.values(self.names, i)) for i in range(table.count)]
        members = [Member(attrs.evolve(plan, object=str(i)), seen) for i, seen in enumerate(given)]
        scored = evaluate_together(members, self.engine.period, self.engine.as_of)
        return (self._line(x.card) for x in scored)

    def _line(self, card: Scorecard) -> Line:
        """The numbers of a card in whole units."""
        scores = tuple(None if x.score is None else whole(x.score, self.units) for x in card.indicators)
        total = None if card.total is None else whole(card.total, self.units)
        return Line(scores, total, whole(card.low, self.units), whole(card.high, self.units), card.complete)


def observed(given: Mapping[str, Given]) -> Observed:
    """One object as the engine wants it."""
    entries: dict[str, tuple[Entry, ...]] = {}
    inputs: dict[str, Value] = {}
    spent: dict[str, Fraction] = {}
    for name, value in given.items():
        kind, _, path = name.partition(":")
        match kind, value:
            case "value", tuple():
                entries[path] = value
            case "value", _ if value is not None or given.get(f"mark:{path}") is not None:
                mark = given.get(f"mark:{path}")
                entries[path] = (_entry(value, mark if isinstance(mark, Fraction) else None),)
            case "mark", Fraction() if f"value:{path}" not in given:
                entries[path] = (_entry(None, value),)
            case "input", Fraction() | str() | bool():
                inputs[path] = value
            case "spent", Fraction():
                spent[path] = value
    return Observed(entries, inputs, spent)


def _entry(value: Given, mark: Fraction | None) -> Entry:
    known = value if isinstance(value, (Fraction, str, bool)) else None
    return Entry(value=known, text="" if value is None else "…", mark=mark, applies=value != NOT_APPLICABLE)


class _Table:
    """Columns by name."""

    def __init__(self, columns: Mapping[str, Sequence[Given] | Scaled], count: int) -> None:
        self.given = columns
        self.count = count

    def column(self, name: str) -> Scaled:
        """A column as whole numbers as far as it goes; one that is not given is missing throughout."""
        found = self.given.get(name)
        if isinstance(found, Scaled):
            return found
        return Scaled([None] * self.count if found is None else found, 1)  # type: ignore[arg-type]

    def plain(self, name: str, i: int) -> object:
        """A word, or that there is none; anything else is not plain."""
        value: object = self.column(name).tops[i]
        return value if value is None or value.__class__ is str else NOT_PLAIN

    def values(self, wanted: Sequence[str], i: int) -> dict[str, Given]:
        """What one object has in some columns, whole numbers as fractions."""
        return {name: self._value(name, i) for name in wanted}

    def _value(self, name: str, i: int) -> Given:
        found = self.column(name)
        value: object = found.tops[i]
        match value:
            case None | bool() | str() | NotApplicable() | tuple():
                return value
            case int():
                return Fraction(value, found.per)
            case Fraction():
                return value / found.per
        raise TypeError(f"{value!r} is not exact: give a Fraction, an int, a word or None")

    def aside(self, name: str) -> Iterator[int]:
        """The objects of which a column says more than a value: that the row does not apply, or what a reviewer gave."""
        return (i for i, value in enumerate(self.column(name).tops) if isinstance(value, tuple) or _absent(value))


def _absent(value: Given) -> bool:
    if isinstance(value, tuple):
        return any(isinstance(entry, Entry) and not entry.applies for entry in value)
    return value is NOT_APPLICABLE


def _spread(settled: Open, count: int) -> Block:
    if settled.score is None:
        return Block([None] * count, [settled.low] * count, [settled.high] * count)
    scores = [settled.score] * count
    return Block(scores, scores, scores)


def _block(scores: list[int | None], left: Mapping[int, Open]) -> Block:
    """The loop's scores with what the engine said of the others."""
    for i, found in left.items():
        scores[i] = found.score
    if all(found.score is not None for found in left.values()):
        return Block(scores, scores, scores)  # type: ignore[arg-type]
    low, high = list(scores), list(scores)
    for i, found in left.items():
        low[i], high[i] = found.low, found.high
    return Block(scores, low, high)  # type: ignore[arg-type]


def _varying(plan: p.Plan) -> str:
    """Why a plan is the engine's alone; empty when it is not."""
    if not plan.scored:
        return "(plan without points)"
    if plan.ceilings:
        return "(ceilings)"
    if plan.comparisons:
        return TOGETHER
    if any(g.factor is not None and not isinstance(g.factor.value, c.Const) for g in plan.groups):
        return "(a factor that differs from object to object)"
    if any(x is not None for x in (*(i.applies for i in plan.indicators), *(g.applies for g in plan.groups))):
        return "(rows that apply to some objects only)"
    return ""


def _units(engine: Engine) -> int:
    """The least units of a point in which everything printed is whole."""
    plan = engine.plan
    amounts = [
        plan.total,
        plan.most,
        *(i.points for i in plan.indicators),
        *(engine.counts_for(g) for g in plan.groups),
        *(g.most for g in plan.groups),
    ]
    amounts += [limit for g in plan.groups for limit in g.bonus or ()] + [x.total for x in plan.ceilings]
    return lcm(10**plan.rounding, *(x.denominator for x in amounts if x is not None))


def _marked(scoring: c.Scoring) -> bool:
    """Can the assessor's mark change the score?"""
    return any(
        case.high is not None or "mark" in c.references(case.when) | c.references(case.award) for case in scoring.cases
    )


def _expressions(plan: p.Plan) -> Iterator[c.Expr]:
    for row in plan.indicators:
        yield from (x for x in (row.formula, row.applies) if x is not None)
        for case in row.scoring.cases if row.scoring is not None else ():
            yield from (x for x in (case.when, case.award, case.high) if x is not None)
    yield from (x.applies for x in plan.groups if x.applies is not None)
    yield from (x.factor.value for x in plan.groups if x.factor is not None)
    yield from (x.condition for x in plan.ceilings)
