"""What a condition compares, and whether its unit fits the target."""

import attrs

from perfdsl.sentences import atoms as a
from perfdsl.sentences.aim import FIRM, PERCENT, Aim, dims_of
from perfdsl.sentences.gather import Talk, Unclear


def subject_of(condition: a.Condition, talk: Talk, *, ratio: bool) -> str:
    """actual or completion; ``ratio``: the sentence speaks of proportions, so a bare percent may be the completion."""
    aim = talk.aim
    kind = aim.subject(condition.subject)
    if not kind and aim.kind == "none" and attrs.evolve(aim, name="").subject(condition.subject):
        kind = "actual"
        talk.note("I225", condition, words=condition.subject)
    if not kind:
        talk.stop("I212", condition, words=condition.subject)
    units = [x.value for x in (condition.low, condition.high) if x is not None]
    if any(x.point for x in units):
        talk.stop("I207", condition)
    percent = all(x.unit and dims_of(x.unit) == PERCENT for x in units)
    if kind == "done":  # 完成80%以上 of a number is its completion
        kind = "completion" if percent and (aim.kind != "percent" or ratio) else "actual"
    if kind == "completion" or (ratio and not condition.subject and percent):
        return _completion(condition, talk, percent)
    if not aim.numeric:
        if aim.kind == "level" or aim.kind in ("deadline", "growth", "other"):
            talk.stop("I207", condition)
        return "actual"
    if any(not fits(x.unit, aim) for x in units):
        talk.stop("I207", condition)
    return "actual"


def _completion(condition: a.Condition, talk: Talk, percent: bool) -> str:
    aim = talk.aim
    if not percent:
        talk.stop("I207", condition)
    if condition.subject in FIRM:
        if aim.kind not in ("none", "percent", "count", "money", "duration") or (
            aim.value is not None and aim.value <= 0
        ):
            talk.stop("I219", condition)
        return "completion"
    if aim.whole or aim.kind == "none":
        return "actual" if not (aim.kind == "none" and not condition.subject) else "completion"
    if aim.kind == "percent":
        if aim.side != "up":
            talk.stop("I205", condition)
        return talk.ask("I205", condition, ("actual", "completion"))
    if aim.kind in ("count", "money", "duration") and aim.side == "up":
        return "completion"
    raise Unclear(talk.finding("I205", condition))


def fits(unit: str, aim: Aim) -> bool:
    """Can a number in this unit be compared with the target?  A bare number is a count in its own unit."""
    dims = dims_of(unit)
    if not unit:
        return not aim.unit.dims or (aim.kind == "count" and aim.unit.scale == 1)
    return dims == aim.unit.dims
