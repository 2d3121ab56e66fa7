"""OpenFisca-core: a tax-benefit system of one entity, an input and three computed variables an indicator, vectorial formulas.

Whole numbers are its int, 32 bits: exact as long as 2 × points × target stays below 2**31, which it does here (its float is 32 bits
too and would not be).  It has no missing value: the input is -1 there.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import workload as w

from . import Data, _arrow

if TYPE_CHECKING:
    from . import Array, Results

NAME, NEEDS, MOST = "OpenFisca", ("openfisca_core",), 10**6
PERIOD = "2024"
INPUT, ROW = "input_{}", ("score_{}", "status_{}", "case_{}")


class Own(NamedTuple):
    """The system, and the inputs."""

    system: Any
    inputs: "dict[str, Array]"
    count: int


def outputs() -> dict[str, str]:
    """What each result is called there: names are Python's."""
    made: dict[str, str] = {}
    for i, x in enumerate(w.INDICATORS):
        made |= {
            f"{kind}:{x.name}": name.format(i) for kind, name in zip(("score", "status", "case"), ROW, strict=True)
        }
    for i, name in enumerate(w.GROUPS):
        made |= {f"low:{name}": f"low_{i}", f"high:{name}": f"high_{i}"}
    return made | {"low": "low", "high": "high", "grade": "grade", "complete": "complete"}


def row_score(x: w.Indicator, a: "Array") -> "Array":
    """-1 where there is none."""
    import numpy as np

    t, p = np.int32(x.target), np.int32(x.points)
    match x.kind:
        case w.WORD:
            made = a * p
        case w.AT_LEAST:
            made = (2 * p * np.minimum(a, t) + t) // (2 * t)
        case w.AT_MOST:
            b = np.maximum(a, t)
            made = (2 * p * t + b) // (2 * b)
        case w.BANDS:
            made = np.select([a >= t, a >= 8000, a >= 6000], [p, p * 4 // 5, p // 2], np.int32(0))
        case w.STEPS:
            made = np.maximum(p - np.maximum(t - a, 0) // 100 * 50, 0)
        case w.LINE:
            b = np.minimum(a, t)
            made = np.where(10 * a > 6 * t, (p * (10 * b - 6 * t) + 2 * t) // (4 * t), 0)
    return np.where(a < 0, -1, made)


def row_status(x: w.Indicator, a: "Array") -> "Array":
    """The number of the status."""
    import numpy as np

    if x.kind == w.WORD:
        return np.select([a < 0, a == 1], [w.MISSING, w.REACHED], w.UNJUDGED)
    less = x.kind == w.AT_MOST
    tests = [a < 0, a < x.ample if less else a > x.ample, a <= x.target if less else a >= x.target]
    return np.select(tests, [w.MISSING, w.EXCEEDED, w.REACHED], w.MISSED)


def row_case(x: w.Indicator, a: "Array") -> "Array":
    """The number of the case."""
    import numpy as np

    if x.kind == w.WORD:
        return np.select([a < 0, a == 1], [0, 1], 2)
    tests = [a < 0, a <= x.target if x.kind == w.AT_MOST else a >= x.target]
    more = {w.BANDS: [a >= 8000, a >= 6000], w.LINE: [10 * a > 6 * x.target]}.get(x.kind, [])
    return np.select([*tests, *more], range(len(tests) + len(more)), len(tests) + len(more))


def of_input(name: str, x: w.Indicator, how: Any) -> Any:
    """A formula over one input (OpenFisca counts the arguments of formulas, so that these are closures)."""
    return lambda project, period: how(x, project(name, period))


def of_rows(scores: list[tuple[str, int]], high: bool) -> Any:
    """The sum of scores; those that are open count 0 or their points."""

    def formula(project: Any, period: Any) -> Any:
        import numpy as np

        found = ((project(name, period), np.int32(points if high else 0)) for name, points in scores)
        return sum(np.where(s < 0, points, s) for s, points in found)

    return formula


def of_groups(end: str) -> Any:
    """The sum of the groups."""
    return lambda project, period: sum(project(f"{end}_{g}", period) for g in range(len(w.GROUPS)))


@cache
def system() -> Any:
    """All variables."""
    import numpy as np
    from openfisca_core.entities import build_entity
    from openfisca_core.periods import DateUnit
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable

    thing = build_entity(key="project", plural="projects", label="a project", is_person=True)
    made = TaxBenefitSystem([thing])

    def add(name: str, formula: Any) -> None:
        facts = {"value_type": int, "entity": thing, "definition_period": DateUnit.YEAR, "label": name}
        if formula is not None:
            facts["formula"] = formula
        made.add_variable(type(name, (Variable,), facts))

    for i, x in enumerate(w.INDICATORS):
        add(INPUT.format(i), None)
        for name, how in zip(ROW, (row_score, row_status, row_case), strict=True):
            add(name.format(i), of_input(INPUT.format(i), x, how))
    place = {x.name: i for i, x in enumerate(w.INDICATORS)}
    for g, rows in enumerate(w.GROUPS.values()):
        scores = [(ROW[0].format(place[x.name]), x.points) for x in rows]
        add(f"low_{g}", of_rows(scores, False))
        add(f"high_{g}", of_rows(scores, True))
    for end in ("low", "high"):
        add(end, of_groups(end))

    def complete(project: Any, period: Any) -> Any:
        return np.logical_and.reduce([project(ROW[0].format(i), period) >= 0 for i in range(len(w.INDICATORS))])

    def grade(project: Any, period: Any) -> Any:
        total = project("low", period)
        tests = [project("complete", period) == 0, *(total >= least for _, least in w.GRADES)]
        return np.select(tests, range(len(w.GRADES) + 1))

    add("complete", complete)
    add("grade", grade)
    return made


def loaded(data: Data, threads: int) -> Own:
    """32 bits."""
    import numpy as np

    return Own(
        system(),
        {INPUT.format(i): data.values[x.name].astype(np.int32) for i, x in enumerate(w.INDICATORS)},
        data.count,
    )


def score(own: Own) -> "Results":
    """A new simulation, as what is worked out is kept in it; every variable asked for."""
    from openfisca_core.simulations import SimulationBuilder

    simulation = SimulationBuilder().build_default_simulation(own.system, own.count)
    for name, values in own.inputs.items():
        simulation.set_input(name, PERIOD, values)
    return {name: simulation.calculate(variable, PERIOD) for name, variable in outputs().items()}


def results(made: "Results") -> "Results":
    """They are that already."""
    return made


def from_file(source: Path, target: Path, threads: int) -> None:
    """With pyarrow."""
    _arrow.through(source, target, threads, lambda data: results(score(loaded(data, threads))))
