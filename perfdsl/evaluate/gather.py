"""The values of several units to one: added up, averaged, or averaged by a weight; what cannot be is missing and said."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from perfdsl import core as c
from perfdsl.actuals import Entry
from perfdsl.core import Value
from perfdsl.diagnostics import Kind
from perfdsl.evaluate import messages as say
from perfdsl.quantity import format_number

ZERO = Fraction(0)


class Gathered(NamedTuple):
    """What several units come to; ``blank`` of their ``number`` gave nothing, ``troubles`` say why there is no value."""

    value: Value
    prior: Value
    number: int
    blank: int
    troubles: tuple[tuple[Kind, dict[str, str]], ...] = ()


def gathered(how: c.Gather, entries: Sequence[Entry]) -> Gathered:
    """One value of the units that apply, each counted as often as its row stands for."""
    live = [entry for entry in entries if entry.applies and entry.times]
    blank = sum(entry.value is None for entry in live)
    numbers = [_number(how, entry) for entry in live]
    strange = [(say.WORD_OFF_SCALE, {"text": entry.text}) for entry, number in zip(live, numbers, strict=True)
               if number is None and entry.value is not None]  # fmt: skip
    weights, troubles = _weights(how, live)
    if blank or strange or weights is None or not live:
        return Gathered(None, None, len(live), blank, (*strange, *troubles))
    priors = [entry.prior for entry in live]
    return Gathered(_together(how, numbers, weights), _together(how, priors, weights), len(live), 0, troubles)


def _number(how: c.Gather, entry: Entry) -> Fraction | None:
    """What a unit reached as a number: a word is worth its share of the scale."""
    if isinstance(entry.value, str):
        return dict(how.shares).get(entry.value)
    return entry.value if isinstance(entry.value, Fraction) and not how.shares else None


def _weights(
    how: c.Gather, live: Sequence[Entry]
) -> tuple[list[Fraction] | None, tuple[tuple[Kind, dict[str, str]], ...]]:
    """How much each unit counts; None, with the reason, when that cannot be said."""
    times = [Fraction(entry.times) for entry in live]
    if how.how != "weighted" or len(live) < 2:
        return times, ()
    missing = sum(entry.weight is None for entry in live)
    if missing:
        return None, ((say.WEIGHT_MISSING, {"count": str(missing), "column": how.column}),)
    known = [entry.weight for entry in live if entry.weight is not None]
    low = min(known, default=ZERO)
    if low < 0 or not any(known):
        return None, ((say.WEIGHT_UNUSABLE, {"weight": format_number(low), "column": how.column}),)
    zeros = ((say.WEIGHT_ZERO, {"count": str(known.count(ZERO)), "column": how.column}),) if ZERO in known else ()
    return [weight * each for weight, each in zip(known, times, strict=True)], zeros


def _together(how: c.Gather, values: Sequence[Value], weights: Sequence[Fraction]) -> Fraction | None:
    numbers = [value for value in values if isinstance(value, Fraction)]
    if len(numbers) < len(values):
        return None
    total = sum((number * weight for number, weight in zip(numbers, weights, strict=True)), ZERO)
    return total if how.how == "sum" else total / sum(weights, ZERO)


def opening(how: c.Gather, count: int) -> tuple[str, str]:
    """The words before a reason that say how many units it is about."""
    units = f"{count} unit" + ("s" if count != 1 else "")
    match how.how:
        case "sum":
            return f"{count}家单位合计：", f"{units} added up: "
        case "mean":
            return f"{count}家单位平均：", f"mean of {units}: "
    return f"{count}家单位按{how.column}加权平均：", f"mean of {units} weighted by {how.column}: "
