"""What objects bring to comparisons, as steps of a program: what ``evaluate/places.py`` says of one object.

For each thing compared two sums: ``compared:OF``, whose limits are those of what is compared in whole ``1/per`` (with ``per``
0 the value is the lower limit over the upper one), open where a value is not known; and ``part:OF``, whose lower limit says
whether the object takes part (``APART``, ``UNSURE``, ``SURE``), the upper one what it is measured by.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from perfdsl import plan as p
from perfdsl import program as g
from perfdsl.integers.door import begun
from perfdsl.integers.totals import ZERO, Totals
from perfdsl.integers.values import Num

APART, UNSURE, SURE = 0, 1, 2
VALUE, PART = "compared:", "part:"
NEVER = g.Sum("", ZERO, ZERO, g.NO, g.YES)


class Compared(NamedTuple):
    """One thing compared: its denominator (0: by object), between what a missing value lies (None: it has limits itself)."""

    of: str
    per: int
    missing: tuple[Fraction | None, Fraction | None] | None


class Asked(NamedTuple):
    """The program that says what objects bring, and how its numbers are meant."""

    program: g.Program
    compared: tuple[Compared, ...]


def to_compared(
    plan: p.Plan, columns: Iterable[g.Column], of: Sequence[str], period: str = "full", as_of: date | None = None
) -> Asked:
    """What objects bring to comparisons of each of ``of`` (not empty), over ``columns``, in which the comparisons it needs are.

    Raises ``NotCovered`` as ``to_integers`` does.
    """
    reading = begun(plan, columns, period, as_of)
    bringing = _Bringing(reading)
    made = tuple(bringing.brought(x) for x in of)
    shared = reading.shared
    program = g.Program(
        units=shared.units, places=plan.rounding, columns=tuple(shared.columns.values()), steps=(*shared.steps, *bringing.sums),
        total=NEVER, complete=g.YES, grade=ZERO,
    )  # fmt: skip
    return Asked(program, made)


class _Bringing:
    """The sums about one object."""

    def __init__(self, reading: Totals) -> None:
        self.reading = reading
        self.plan = reading.plan
        self.engine = reading.engine
        self.sums: list[g.Sum] = []

    def brought(self, of: str) -> Compared:
        """The two sums of one thing compared."""
        kind, _, path = of.partition(":")
        match kind:
            case "total" if self.plan.scored:
                whole, _, _ = self.reading.ceilings([x for x in self.plan.ceilings if x.total is not None])
                return self.scored(of, "", whole.low, whole.high, self.reading.amount(self.plan.total))
            case "score" | "lost" if not path or path in self.engine.rows or path in self.engine.groups:
                return self.points_of(of, kind, path)
            case "value" if path in self.engine.rows:
                return self.value_of_row(of, self.engine.rows[path], path)
            case "input":
                return self.value_of_input(of, path)
        return self.nothing(of)

    def nothing(self, of: str) -> Compared:
        """Nobody takes part."""
        return self.put(Compared(of, 1, None), ZERO, ZERO, g.NO, g.NO)

    def points_of(self, of: str, kind: str, path: str) -> Compared:
        """What a row or group got or lost."""
        made = self.reading.result(path)
        if made.points is None and not made.bonus:
            return self.nothing(of)
        points = made.points or ZERO
        low, high = made.low, made.high
        if kind == "lost":
            reading = self.reading
            low, high = (reading.greatest(ZERO, reading.minus(points, x)) for x in (high, low))
        return self.scored(of, path, low, high, points)

    def scored(self, of: str, path: str, low: g.Int, high: g.Int, points: g.Int) -> Compared:
        """Between limits; where nothing below applies the object takes no part."""
        reading = self.reading
        part, sure = [], []
        for key, row in self.engine.rows.items():
            if row.scoring is not None and f"{key}/".startswith(f"{path}/" if path else ""):
                stays = reading.opposite(reading.left_out(row))
                part.append(stays)
                sure.append(reading.every(stays, reading.applies(key).yes))
        compared = Compared(of, reading.shared.units, None)
        return self.put(compared, low, high, reading.some(*part), reading.some(*sure), g.NO, points)

    def value_of_row(self, of: str, row: p.PlanIndicator, path: str) -> Compared:
        """The value of a row; its domain says what a missing one can be."""
        reading = self.reading
        value = reading.number(reading.value_of(path))
        return self.valued(of, value, row, reading.opposite(reading.left_out(row)), reading.applies(path).yes)

    def value_of_input(self, of: str, name: str) -> Compared:
        """A raw datum."""
        found = next((x for x in self.plan.inputs if x.name == name), None)
        if found is None:
            return self.nothing(of)
        return self.valued(of, self.reading.number(self.reading.column(of)), found, g.YES, g.YES)

    def valued(
        self, of: str, value: Num | None, source: p.PlanIndicator | p.PlanInput, part: g.Truth, sure: g.Truth
    ) -> Compared:
        """A value, or all that its domain allows."""
        known = value or Num(ZERO, g.Whole(1), g.NO)
        low, high = source.domain.low, source.domain.high
        if low == high:
            low = None  # the only value it can have is not given yet
        per = known.bottom.value if isinstance(known.bottom, g.Whole) else 0
        compared = Compared(of, per, (low, high))
        return self.put(
            compared, known.top, known.top if per else known.bottom, part, sure, self.reading.opposite(known.known)
        )

    def put(
        self, made: Compared, low: g.Int, high: g.Int, part: g.Truth, sure: g.Truth, is_open: g.Truth = g.NO,
        measure: g.Int = ZERO,
    ) -> Compared:  # fmt: skip
        """The two sums of ``made``."""
        reading = self.reading
        within = reading.pick(part, reading.pick(sure, g.Whole(SURE), g.Whole(UNSURE)), g.Whole(APART))
        self.sums.append(g.Sum(f"{VALUE}{made.of}", low, high, is_open, g.YES))
        self.sums.append(g.Sum(f"{PART}{made.of}", within, measure, g.NO, g.YES))
        return made
