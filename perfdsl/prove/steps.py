"""Expressions of one varying number as steps: the exact inverse of a printed score is read off them."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl.bounds import Range
from perfdsl.core import Expr
from perfdsl.prove.curves import Fixed, Line, fixed_number, flat
from perfdsl.prove.pieces import values

MOST = 60_000
StepValue = Fraction | str | bool | None


class Step(NamedTuple):
    """A range of the varying number on which every expression has one value (None: undefined)."""

    cell: Range
    values: tuple[StepValue, ...]


@attrs.frozen
class Steps:
    """The steps of some expressions of ``Ref("actual")`` from low to high; together they leave nothing of the range out."""

    parts: tuple[Step, ...]

    @classmethod
    def of(cls, exprs: Sequence[Expr], whole: Range, step: Fraction | None = None) -> "Steps | None":
        """The steps over ``whole`` (with ``step``: over its multiples); None where an expression is no stair or not known."""
        line = Line(whole, step, MOST)
        start = line.fit(whole)
        found = [Step(start, ())] if start is not None else []
        for expr in exprs:
            split: list[Step] = []
            for cell, known in found:
                for part, value in values(expr, cell, line):
                    for inner, level in flat(value, part, line):
                        number = fixed_number(level)
                        if number is None and not isinstance(level, Fixed):
                            return None
                        made = level.value if isinstance(level, Fixed) else number
                        split.append(Step(inner, (*known, made)))
            found = split
        return cls(tuple(_merged(found)))


def _merged(found: Sequence[Step]) -> list[Step]:
    """Neighbours with the same values as one step."""
    made: list[Step] = []
    for step in found:
        if made and _same(made[-1].values, step.values):
            made[-1] = Step(Range(made[-1].cell.low, step.cell.high), step.values)
        else:
            made.append(step)
    return made


def _same(left: tuple[StepValue, ...], right: tuple[StepValue, ...]) -> bool:
    """True is not the number 1 here."""
    return left == right and all(type(a) is type(b) for a, b in zip(left, right, strict=True))
