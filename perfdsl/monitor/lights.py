"""Which light a ratio has, by the limits of the file; none without limits."""

from fractions import Fraction

from perfdsl import plan as p
from perfdsl.core import Compare, Const
from perfdsl.evaluate import Engine
from perfdsl.monitoring import Light


def light(engine: Engine, about: str, ratio: Fraction) -> Light | None:
    """The first light of ``about`` (output or money) whose limits hold for ``ratio``."""
    for rank, band in enumerate(_bands(engine.plan, about)):
        if all(engine.value(Compare(op, Const(ratio), Const(limit)), None) for op, limit in band.limits):
            return Light(band.name, rank)
    return None


def names(plan: p.Plan, about: str) -> tuple[str, ...]:
    """The lights there are, the best first."""
    return tuple(band.name for band in _bands(plan, about))


def _bands(plan: p.Plan, about: str) -> tuple[p.PlanBand, ...]:
    return next((made.bands for made in plan.lights if made.about == about), ())
