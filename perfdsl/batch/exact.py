"""Objects by the exact engine, one after the other: what whole-number arithmetic does not cover, and places among all."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl.actuals import Observed
from perfdsl.cohort import Member, engines_of
from perfdsl.diagnostics import Diagnostic
from perfdsl.evaluate import REFUSED, Engine
from perfdsl.grid import STATUSES, RowScores, Scores, Strip, SumScores
from perfdsl.gridded import ABSENT, Held, strip_of
from perfdsl.integers import units_of
from perfdsl.scorecard import Scorecard


class Exactly(NamedTuple):
    """Scores, comparisons by their names, and for each object what was given and counts for nothing."""

    scores: Scores
    places: dict[str, Strip]
    refused: list[list[Diagnostic]]


def exact(
    plan: p.Plan, objects: Sequence[str], seen: Sequence[Observed], period: str = "full", as_of: date | None = None
) -> Scores:
    """All objects; where the plan compares objects, those given are scored together."""
    return exact_together(plan, objects, seen, period, as_of).scores


def exact_together(
    plan: p.Plan, objects: Sequence[str], seen: Sequence[Observed], period: str = "full", as_of: date | None = None
) -> Exactly:
    """All objects, the comparisons of the plan, and what was given and counts for nothing."""
    if plan.comparisons:
        members = [Member(attrs.evolve(plan, object=name), one) for name, one in zip(objects, seen, strict=True)]
        engines = engines_of(members, period, as_of)
    else:
        engines = [Engine(plan, one, period, as_of) for one in seen]
    scores = of_cards(plan, [x.card() for x in engines], units_of(Engine(plan, Observed({}, {}, {}), period, as_of)))
    places = {x.name: strip_of(x.name, [_compared(y, x.name) for y in engines])[1] for x in plan.comparisons}
    return Exactly(scores, places, [[d for d in x.found if d.code in REFUSED] for x in engines])


def _compared(engine: Engine, name: str) -> Held:
    value = engine.reference(name, None)
    return ABSENT if engine.standings[name].outside else value


def of_cards(plan: p.Plan, cards: Sequence[Scorecard], units: int) -> Scores:
    """Scorecards of one plan as columns."""
    import numpy as np

    def whole(values: Sequence[Fraction]) -> Any:
        tops = [int(x * units) for x in values]
        return np.array(tops, dtype=np.int64 if all(abs(x) < 1 << 62 for x in tops) else object)

    rows = {}
    for i, row in enumerate(plan.indicators):
        made = [x.indicators[i] for x in cards]
        rows["/".join(row.path)] = RowScores(
            whole([x.low for x in made]), np.array([x.score is None for x in made], dtype=bool),
            np.array([x.case_number for x in made], dtype=np.int64), np.array([STATUSES.index(x.status) for x in made], dtype=np.uint8),
        )  # fmt: skip
    groups = {}
    for i, group in enumerate(plan.groups):
        parts = [x.groups[i] for x in cards]
        is_open = np.array([x.score is None for x in parts], dtype=bool)
        groups["/".join(group.path)] = SumScores(whole([x.low for x in parts]), whole([x.high for x in parts]), is_open)
    grades = tuple(x.name for x in plan.grades)
    return Scores(
        units=units, count=len(cards), rows=rows, groups=groups, grades=grades, statuses=STATUSES,
        total=SumScores(whole([x.low for x in cards]), whole([x.high for x in cards]), np.array([x.total is None for x in cards], dtype=bool)),
        complete=np.array([x.complete for x in cards], dtype=bool),
        grade=np.array([grades.index(x.grade) + 1 if x.grade else 0 for x in cards], dtype=np.int16),
        awards={
            award.name: np.array([{True: 1, False: 0, None: -1}[x.awards[i].decided] for x in cards], dtype=np.int8)
            for i, award in enumerate(plan.awards)
        },
    )  # fmt: skip
