"""What the year will come to: as stated, by what the plan still adds, by the rate so far, or at the level of today."""

from fractions import Fraction

from perfdsl import target as t
from perfdsl.core import Value
from perfdsl.evaluate import Engine, Frame
from perfdsl.explain import shown_value
from perfdsl.monitor.aims import Aim
from perfdsl.monitor.now import Now
from perfdsl.monitoring import BY_PLAN, BY_RATE, LEVEL, STATED, Forecast

Way = tuple[str, Value]


def forecasts(engine: Engine, frame: Frame, aim: Aim, now: Now, stated: Value) -> tuple[Forecast, ...]:
    """Every forecast that can be made of a row, the one that counts first."""
    ways: list[Way] = [(STATED, stated)] if stated is not None else []
    if isinstance(frame.value, Fraction):
        ways += _of_number(frame, frame.value, aim, now)
    made = []
    for method, value in ways:
        shown = shown_value(value, frame.row, aim.full or aim.judged)
        made.append(Forecast(method=method, value=value, shown=shown, reaches=_reaches(engine, frame, aim, value)))
    return tuple(made)


def _of_number(frame: Frame, value: Fraction, aim: Aim, now: Now) -> list[Way]:
    row = frame.row
    kind = aim.judged.target.meaning if aim.judged is not None else None
    if not isinstance(kind, (t.Bound, t.Range, t.Schedule)):
        return []
    if row.nature == "stock" or now.share == 1:
        return [(LEVEL, value)]
    grows = row.nature == "flow" or isinstance(kind, t.Schedule)
    ways: list[Way] = []
    rest = _still_planned(aim) if now.at_end else None
    if rest is not None:
        ways.append((BY_PLAN, value + rest))
    if grows and now.share:
        ways.append((BY_RATE, value / now.share))
    return ways


def _still_planned(aim: Aim) -> Fraction | None:
    """What the targets add between the period and the end of the year."""
    if aim.target is None or aim.full is None or aim.target.period == "full":
        return None
    early, late = aim.target.target.meaning, aim.full.target.meaning
    if (
        not isinstance(early, t.Bound)
        or not isinstance(late, t.Bound)
        or early.quantity.unit.dims != late.quantity.unit.dims
    ):
        return None
    return late.quantity.base - early.quantity.base


def _reaches(engine: Engine, frame: Frame, aim: Aim, value: Value) -> bool | None:
    """Does the forecast meet the target of the year?"""
    if aim.full is None:
        return None
    met = engine.value(aim.full.judge.met, frame._replace(value=value, judge=aim.full.judge))
    return met if isinstance(met, bool) else None
