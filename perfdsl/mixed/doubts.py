"""What was given and counts for nothing: where the columns show that there may be something, the exact engine is asked about the row.

The row is put together again from its shape, its numbers and words, so that findings say what ``score`` says.
"""

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.actuals import Observed
from perfdsl.batch import NO_WORD, looked_at, may_be_known, uncovered
from perfdsl.evaluate import REFUSED, Engine, field_of
from perfdsl.grid import STATUSES
from perfdsl.mixed import store as s
from perfdsl.mixed.part import Plans
from perfdsl.mixed.read import Reader, worth_of
from perfdsl.mixed.rows import LEFT, Given, RowResults
from perfdsl.mixed.shapes import facts_in, fixed
from perfdsl.mixed.table import Refused, Table
from perfdsl.observe import observe
from perfdsl.program import ABSENT, NUMBER, STATES, WORD
from perfdsl.scorecard import MISSING

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

FACT = "input:f"
NO_VALUE = STATUSES.index(MISSING)
POLICY = {number: word for word, number in s.POLICY.items()}


@attrs.define(eq=False)
class Doubts:
    """Asks about rows of a store; ``left_open`` are words, beside shapes and numbers, known to leave the rubric undecided or not."""

    reader: Reader
    left_open: dict[tuple[int, ...], bool] = attrs.Factory(dict)

    @cached_property
    def asking(self) -> "Array":
        """Which cases of each shape have a use for a mark, by their number; of no case it is not asked."""
        import numpy as np

        cases = [_cases(x) for x in self.reader.store.shapes]
        made = np.ones((len(cases), max(map(len, cases), default=0) + 1), dtype=bool)
        for shape, several in enumerate(cases):
            for number, case in enumerate(several, 1):
                made[shape, number] = case.high is not None or "mark" in c.references(case.award)
        return made

    def rows(self, part: Plans, given: Given, made: RowResults) -> "Array":
        """The rows of which the exact engine may have something to say; a row nothing was observed of is never one."""
        import numpy as np

        rows = part.rows
        count = len(rows["owner"])
        override, outside = np.zeros(count, bool), np.zeros(count, bool)
        for at, value in given.overrides.items():
            exact = value * int(part.plans["units"][rows["owner"][at]])
            override[at], outside[at] = True, not rows["low"][at] <= exact <= rows["high"][at]
        mark, scored = given.marked[:count], rows["scored"]
        left = made.status == LEFT
        unmarked = made.open | override
        found = (mark | override) & (left | ~scored) | outside
        here = np.flatnonzero(mark & scored & (made.case > 0))
        if len(here):
            found[here] |= ~self.asking[rows["shape"][here], made.case[here]] | unmarked[here]
        open_policy = part.plans["policy"][rows["owner"]] == s.OPEN
        states = given.states[:count]
        found |= left & open_policy & (states == STATES.index(ABSENT))
        told = scored & ~left & (states != 0) & (made.case == 0) & unmarked
        words = np.flatnonzero(told & (states == STATES.index(WORD)))
        told[words] = self.uncovered(part, given, words)
        looking = np.diff(part.first_use, append=len(part.uses)) > 0
        found[~looking] |= told[~looking]
        found &= given.place[:count] >= 0
        about = np.flatnonzero(looking & (scored | rows["computed"]))
        found[about] |= self.of_facts(part, given, made, about, unmarked[about])
        return np.flatnonzero(found)

    def of_facts(self, part: Plans, given: Given, made: RowResults, rows: "Array", unmarked: "Array") -> "Array":
        """Of which of these rows, that look at facts, the facts leave something to be said."""
        import numpy as np

        found = np.zeros(len(rows), bool)
        shapes, status = part.rows["shape"][rows], made.status[rows]
        no_case = (
            part.rows["scored"][rows] & (made.case[rows] == 0) & unmarked & (status != NO_VALUE) & (status != LEFT)
        )
        no_value = (status == NO_VALUE) | (status == LEFT)
        for shape in np.unique(shapes).tolist():
            mine = np.flatnonzero((shapes == shape) & (no_case | no_value))
            at = rows[mine]
            (row,) = self.reader.store.shapes[shape].indicators

            def missing(name: str, at: "Array" = at) -> "Array | None":
                if not name.startswith(FACT):
                    return None
                return np.asarray(given.states[part.uses[part.first_use[at] + int(name.removeprefix(FACT))]] == 0)

            whens = [x.when for x in row.scoring.cases] if row.scoring is not None else []
            found[mine] = no_case[mine]
            for name in set().union(*(c.references(x) for x in whens)):
                gone = missing(name)
                found[mine] &= True if gone is None else ~gone
            if row.formula is not None and row.domain != c.Domain(None, None):
                found[mine] |= no_value[mine] & may_be_known(row.formula, missing, len(at))
        return found

    def uncovered(self, part: Plans, given: Given, rows: "Array") -> "Array":
        """Which of these rows say a word that no case covers, as far as that is known without asking of each."""
        import numpy as np

        made = np.ones(len(rows), bool)
        shapes = part.rows["shape"][rows]
        for shape in np.unique(shapes).tolist():
            here = np.flatnonzero(shapes == shape)
            numbers = self.numbers(shape)
            if numbers is None:
                continue
            mine = rows[here]
            firsts = part.first_number[mine]
            facts = [part.rows["reading"][mine], given.said[mine]]
            facts += [x[firsts + i] for i in numbers for x in (part.tops, part.bottoms)]
            kinds, first, where = np.unique(np.stack(facts, axis=1), axis=0, return_index=True, return_inverse=True)
            known = [
                self.covers_not((shape, *kind), part, int(mine[at]))
                for kind, at in zip(kinds.tolist(), first.tolist(), strict=True)
            ]
            made[here] = np.array(known, dtype=bool)[where.reshape(-1)]
        return made

    def numbers(self, shape: int) -> list[int] | None:
        """The numbers of a shape that decide which case holds; None where more than numbers and the value does."""
        plan = self.reader.store.shapes[shape]
        found = looked_at(plan.indicators[0], self.reader.store.period)
        inputs = {f"input:{x.name}": i for i, x in enumerate(plan.inputs) if x.name.startswith("p")}
        return [inputs[x] for x in sorted(found)] if found <= inputs.keys() else None

    def covers_not(self, key: tuple[int, ...], part: Plans, row: int) -> bool:
        """Does no case of the row cover the word numbered ``key[2]``?"""
        if key not in self.left_open:
            store = self.reader.store
            reading = store.readings[int(part.rows["reading"][row])]
            plan = put_together(store, part, row, reading.plan)
            word = reading.words[key[2]] if key[2] >= 0 else NO_WORD
            self.left_open[key] = uncovered(plan, plan.indicators[0], word, store.period)
        return self.left_open[key]

    def of_no_use(self, table: Table, part: Plans, given: Given, rows: "Array", whose: "Array") -> list[Refused]:
        """What the exact engine says of these rows; where nothing was typed, at the first observation of the object."""
        import numpy as np

        made = []
        store = self.reader.store
        first = np.full(len(part.objects), -1)
        first[whose[whose >= 0][::-1]] = np.flatnonzero(whose >= 0)[::-1]
        for row in rows.tolist():
            owner = int(part.rows["owner"][row])
            place = int(given.place[row])
            at = place if place >= 0 else int(first[owner])
            if at < 0:
                continue  # nothing was given
            plan, line = self.reader.asked(table, part, at, row)
            seen = observe(plan, [line], store.period)[0] if place >= 0 else Observed({}, {}, {})
            seen = attrs.evolve(seen, inputs=self.facts(part, given, row))
            engine = Engine(put_together(store, part, row, plan), seen, store.period, store.as_of)
            engine.indicator(part.rows["path"][row].as_py())
            for x in engine.found:
                if x.code in REFUSED:
                    field = field_of(x)
                    made.append(Refused(at, part.objects[owner], table.heading(field), str(getattr(line, field)), x))
        return made

    def facts(self, part: Plans, given: Given, row: int) -> dict[str, c.Value]:
        """What was given of the facts a row looks at, by their names in its shape."""
        made: dict[str, c.Value] = {}
        first = int(part.first_use[row])
        for i in range(facts_in(self.reader.store.shapes[int(part.rows["shape"][row])])):
            cell = int(part.uses[first + i])
            words, said = self.reader.store.readings[int(part.cells["reading"][cell])].words, int(given.said[cell])
            match STATES[int(given.states[cell])]:
                case state if state == NUMBER:
                    made[f"f{i}"] = Fraction(int(given.numbers[cell]), int(given.per[cell]))
                case state if state == WORD:
                    made[f"f{i}"] = words[said] if said >= 0 else NO_WORD
        return made


def _cases(shape: p.Plan) -> tuple[c.Case, ...]:
    (row,) = shape.indicators
    return row.scoring.cases if row.scoring is not None else ()


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
        next((attrs.evolve(x, target=y.target, unit=y.unit) for y in named.targets if y.period == x.period), x)
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
