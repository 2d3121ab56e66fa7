"""What was given and counts for nothing: where the columns show that there may be something, the exact engine is asked about the row.

The row is put together again from its shape, its numbers and words, so that findings say what ``score`` says.
"""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.evaluate import REFUSED, Engine, field_of
from perfdsl.mixed import store as s
from perfdsl.mixed.part import Plans
from perfdsl.mixed.read import Reader, Refused, Table, worth_of
from perfdsl.mixed.rows import LEFT, Given, RowResults
from perfdsl.mixed.shapes import fixed
from perfdsl.observe import observe
from perfdsl.program import ABSENT, STATES

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

POLICY = {number: word for word, number in s.POLICY.items()}


def doubtful(store: s.Store, part: Plans, given: Given, made: RowResults) -> "Array":
    """The rows of which the exact engine may have something to say; a row nothing was observed of is never one."""
    import numpy as np

    rows = part.rows
    count = len(rows["owner"])
    override, outside = np.zeros(count, bool), np.zeros(count, bool)
    for at, value in given.overrides.items():
        exact = value * int(part.plans["units"][rows["owner"][at]])
        override[at], outside[at] = True, not rows["low"][at] <= exact <= rows["high"][at]
    mark, scored = given.marked, rows["scored"]
    left = made.status == LEFT
    unmarked = made.open | override
    found = (mark | override) & (left | ~scored) | outside
    here = np.flatnonzero(mark & scored & (made.case > 0))
    if len(here):
        asks = _asking(store)
        found[here] |= ~asks[rows["shape"][here], made.case[here]] | unmarked[here]
    open_policy = part.plans["policy"][rows["owner"]] == s.OPEN
    found |= left & open_policy & (given.states == STATES.index(ABSENT))
    found |= scored & ~left & (given.states != 0) & (made.case == 0) & unmarked
    return np.flatnonzero(found & (given.place >= 0))


def _asking(store: s.Store) -> "Array":
    """Which cases of each shape have a use for a mark, by their number; of no case it is not asked."""
    import numpy as np

    cases = [_cases(x) for x in store.shapes]
    made = np.ones((len(cases), max(map(len, cases), default=0) + 1), dtype=bool)
    for shape, several in enumerate(cases):
        for number, case in enumerate(several, 1):
            made[shape, number] = case.high is not None or "mark" in c.references(case.award)
    return made


def _cases(shape: p.Plan) -> tuple[c.Case, ...]:
    (row,) = shape.indicators
    return row.scoring.cases if row.scoring is not None else ()


def of_no_use(reader: Reader, table: Table, part: Plans, given: Given, rows: "Array") -> list[Refused]:
    """What the exact engine says of these rows."""
    made = []
    for row in rows.tolist():
        plan, line = reader.asked(table, part, int(given.place[row]), row)
        seen, _ = observe(plan, [line], reader.store.period)
        engine = Engine(put_together(reader.store, part, row, plan), seen, reader.store.period, reader.store.as_of)
        engine.indicator(line.name)
        for x in engine.found:
            if x.code in REFUSED:
                field = field_of(x)
                owner = part.objects[int(part.rows["owner"][row])]
                made.append(Refused(int(given.place[row]), owner, table.heading(field), str(getattr(line, field)), x))
    return made


def put_together(store: s.Store, part: Plans, row: int, read: p.Plan) -> p.Plan:
    """The plan of one row alone as it was before it came into the store; ``read`` is how it is read, with its name and target."""
    shape, first = int(part.rows["shape"][row]), int(part.first_number[row])
    owner = int(part.rows["owner"][row])
    units = int(part.plans["units"][owner])
    numbers = {
        i: Fraction(int(part.tops[first + i]), int(part.bottoms[first + i])) for i in range(len(store.numbers[shape]))
    }
    whole = fixed(store.shapes[shape], numbers, store.readings[int(part.rows["reading"][row])].words)
    (one,), (named,) = whole.indicators, read.indicators
    targets = tuple(
        attrs.evolve(x, target=next((y.target for y in named.targets if y.period == x.period), x.target))
        for x in one.targets
    )
    scoring = one.scoring and attrs.evolve(
        one.scoring,
        low=Fraction(int(part.rows["low"][row]), units),
        high=Fraction(int(part.rows["high"][row]), units),
    )
    full = attrs.evolve(
        one,
        path=named.path,
        points=worth_of(part, row),
        bonus=bool(part.rows["bonus"][row]),
        unit=named.unit,
        targets=targets,
        scoring=scoring,
    )
    return attrs.evolve(
        whole,
        indicators=(full,),
        roots=full.path[:1],
        inputs=(),
        not_applicable=POLICY[int(part.plans["policy"][owner])],
        rounding=int(part.plans["places"][owner]),
    )
