"""A plan for one period as a program of whole numbers."""

from collections.abc import Collection, Iterable
from datetime import date
from fractions import Fraction
from math import lcm

import attrs

from perfdsl import plan as p
from perfdsl import program as g
from perfdsl.actuals import Observed
from perfdsl.evaluate import Engine
from perfdsl.extent import Extents, extent
from perfdsl.integers.layers import compares
from perfdsl.integers.reading import Shared
from perfdsl.integers.totals import Totals
from perfdsl.integers.values import NotCovered
from perfdsl.scorecard import MISSING, NOT_APPLICABLE, UNJUDGED

RESULTS = ("low", "high", "open", "status", "case")
STATUSES = (MISSING, NOT_APPLICABLE, UNJUDGED, "met", "exceeded", "missed", "")


def to_integers(
    plan: p.Plan,
    columns: Iterable[g.Column],
    period: str = "full",
    as_of: date | None = None,
    apart: Collection[str] = (),
) -> g.Program:
    """``plan`` over ``columns``; a column nobody gives is missing throughout.

    The results of the rows ``apart`` come in as columns too, those of ``apart_of`` always do (``result_columns``).
    Raises ``NotCovered`` where whole-number arithmetic does not say what the plan says: the exact engine does.
    """
    reading = begun(plan, columns, period, as_of, apart)
    shared = reading.shared
    extents = shared.extents
    for row in plan.indicators:
        reading.result("/".join(row.path))
    for group in plan.groups:
        reading.result("/".join(group.path))
    total, grades, undecided = reading.ceilings(plan.ceilings)
    extents.define("low:total", extents.of(total.low))
    extents.define("high:total", extents.of(total.high))
    grade = reading.grade(total, grades, undecided)
    awards = []
    for award in plan.awards:
        found = reading.truth(reading.read(award.condition))
        awards.append(g.Decided(award.name, found.yes, found.no))
    complete = reading.every(reading.opposite(total.open), reading.opposite(undecided))
    if not plan.scored:
        complete = reading.every(*(_judged(reading, path) for path in reading.engine.rows))
    made = g.Program(
        units=shared.units, places=plan.rounding, columns=tuple(shared.columns.values()), steps=tuple(shared.steps),
        apart=tuple(x for x in ("/".join(i.path) for i in plan.indicators) if x in shared.apart), total=total,
        complete=complete, grade=grade, grades=tuple(x.name for x in plan.grades), awards=tuple(awards),
    )  # fmt: skip
    return _looked_at(made) if apart else made


def _looked_at(made: g.Program) -> g.Program:
    """Without the columns that only rows apart look at: they need no room."""
    wanted = set().union(*g.mentions(made).values())
    wanted |= {f"{kind}:{path}" for path in made.apart for kind in RESULTS}
    return attrs.evolve(made, columns=tuple(x for x in made.columns if x.name in wanted))


def begun(
    plan: p.Plan,
    columns: Iterable[g.Column],
    period: str = "full",
    as_of: date | None = None,
    apart: Collection[str] = (),
) -> Totals:
    """A reading of ``plan`` over ``columns`` that has made no step yet."""
    engine = Engine(plan, Observed({}, {}, {}), period, as_of)
    units = units_of(engine)
    given = {x.name: x for x in columns}
    for path in apart_of(plan):
        if compares(plan, path):
            raise NotCovered("entries look at places", rows=path)
    every = frozenset((*apart_of(plan), *apart))
    for path in sorted(every):
        given = {x.name: x for x in result_columns(engine.rows[path], path, units)} | given
    extents = Extents({name: extent(x) for name, x in given.items()})
    return Totals(Shared(engine, units, given, extents, every))


def apart_of(plan: p.Plan) -> tuple[str, ...]:
    """The rows scored entry by entry: no column holds them."""
    return tuple("/".join(i.path) for i in plan.indicators if i.scoring is not None and i.scoring.entries is not None)


def units_of(engine: Engine) -> int:
    """The least units of a point in which everything printed is whole."""
    plan = engine.plan
    amounts = [
        plan.total,
        plan.most,
        *(i.points for i in plan.indicators),
        *(engine.counts_for(x) for x in plan.groups),
        *(x.most for x in plan.groups),
    ]
    amounts += [limit for x in plan.groups for limit in x.bonus or ()] + [x.total for x in plan.ceilings]
    return lcm(10**plan.rounding, *(x.denominator for x in amounts if x is not None))


def result_columns(row: p.PlanIndicator, path: str, units: int) -> list[g.Column]:
    """The columns in which the results of a row that is scored before come; where it stays open, 0 to its points."""
    ends = [Fraction(0), row.points or Fraction(0)]
    ends += [row.scoring.low, row.scoring.high] if row.scoring is not None else []
    ends += [x for _, low, high in row.possible for x in (low, high)]
    low, high = (int(f(x * units for x in ends)) for f in (min, max))
    only = frozenset({g.NUMBER})
    return [
        g.Column(name=f"low:{path}", low=low, high=high + 1, states=only),
        g.Column(name=f"high:{path}", low=low, high=high + 1, states=only),
        g.Column(name=f"open:{path}", low=0, high=1, states=only),
        g.Column(name=f"status:{path}", states=frozenset({g.WORD}), words=STATUSES),
        g.Column(
            name=f"case:{path}", low=0, high=len(row.scoring.cases) if row.scoring is not None else 0, states=only
        ),
    ]


def _judged(reading: Totals, path: str) -> g.Truth:
    """Is the row neither missing nor unjudged?"""
    step = next((x for x in reading.shared.steps if isinstance(x, g.Row) and x.path == path), None)
    if step is None:
        return reading.every(*(reading.opposite(g.Said(f"status:{path}", x)) for x in (MISSING, UNJUDGED)))
    open_tests: list[g.Truth] = []
    before: g.Truth = g.NO
    for test, word in step.status:
        if word in (MISSING, UNJUDGED):
            open_tests.append(reading.every(test, reading.opposite(before)))
        before = reading.some(before, test)
    return reading.opposite(reading.some(*open_tests))


def row_program(
    plan: p.Plan, path: str, columns: Iterable[g.Column], period: str = "full", as_of: date | None = None
) -> g.Program:
    """One row of ``plan`` alone: the total is the row itself, so that an engine tells both ends of an open one.

    Raises ``NotCovered`` as ``to_integers`` does.
    """
    engine = Engine(plan, Observed({}, {}, {}), period, as_of)
    given = {x.name: x for x in columns}
    shared = Shared(
        engine,
        units_of(engine),
        given,
        Extents({name: extent(x) for name, x in given.items()}),
        frozenset(apart_of(plan)),
    )
    made = Totals(shared).result(path)
    return g.Program(
        units=shared.units, places=plan.rounding, columns=tuple(given.values()), steps=tuple(shared.steps), grade=g.Whole(0),
        total=g.Sum("", made.low, made.high, made.open, made.applies), complete=g.Opposite(made.open) if made.open not in (g.YES, g.NO)
        else g.Settled(made.open == g.NO),
    )  # fmt: skip
