"""What a started step counts: as the sentence says, not at all where there are no parts of a step, else a question."""

from fractions import Fraction

from perfdsl.quantity import format_number
from perfdsl.sentences import atoms as a
from perfdsl.sentences.aim import DAY, counts, dims_of, scale_of
from perfdsl.sentences.gather import Gathered, Talk
from perfdsl.sentences.rule import (
    EXACT,
    PARTIALS,
    Edge,
)


def partial_steps(made: Gathered, step: a.Step, origin: Edge | None, talk: Talk, *, relative: bool) -> str:
    """What a started step counts: as the sentence says, not at all where there is none, else a question."""
    if len(made.started) > 1:
        talk.stop("I213", made.started[1])
    if made.started:
        said = made.started[0]
        if said.value is not None and (said.value.value, said.value.unit) != (step.value.value, step.value.unit):
            talk.stop("I213", said)
        return said.partial
    if step.value.value == 1 and not relative and _one_by_one(step, origin, talk):
        return EXACT
    printed = format_number(step.value.value) + ("个百分点" if step.value.point else step.value.unit)
    return talk.ask("I201", step, PARTIALS, step=printed)


def _one_by_one(step: a.Step, origin: Edge | None, talk: Talk) -> bool:
    """Is there no part of a step: whole things, or the days after a deadline?"""
    aim = talk.aim
    if step.side == "late" and aim.kind in ("deadline", "none"):
        return dims_of(step.value.unit) == (("秒", 1),) and scale_of(step.value.unit) == DAY
    if not counts(step.value.unit):
        return False
    begin = origin.value if origin is not None else aim.value
    scale = aim.unit.scale if origin is None else Fraction(1)
    return begin is None or (begin * scale).denominator == 1
