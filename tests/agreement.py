"""What every engine has in common: for any rules and any objects it gives what the exact engine gives, cell by cell.

A law takes the engine it speaks of; each engine has a file of tests that asks for them.
"""

import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import attrs
from scoring import compiled, inside, rows
from test_many import edges

from perfdsl import core as c
from perfdsl.actuals import Entry, Observed
from perfdsl.cli.score import read_plans
from perfdsl.engines import Engine
from perfdsl.evaluate import evaluate
from perfdsl.gridded import gridded
from perfdsl.integers import NotCovered, to_integers
from perfdsl.many import NOT_APPLICABLE
from perfdsl.observe import observe
from perfdsl.plan import Plan
from perfdsl.scorecard import Scorecard

F = Fraction
ROOT = Path(__file__).parents[1]


def told(card: Scorecard, units: int) -> dict[str, object]:
    """What the exact engine says, in the words of a batch."""
    found: dict[str, object] = {}
    for row in card.indicators:
        path = "/".join(row.path)
        found[f"score:{path}"] = None if row.score is None else row.score * units
        found[f"status:{path}"] = row.status
        found[f"case:{path}"] = row.case_number
    for group in card.groups:
        path = "/".join(group.path)
        found[f"score:{path}"] = None if group.score is None else group.score * units
        found[f"low:{path}"], found[f"high:{path}"] = group.low * units, group.high * units
    found |= {"total": None if card.total is None else card.total * units, "low": card.low * units, "high": card.high * units,
              "complete": card.complete, "grade": card.grade}  # fmt: skip
    found |= {f"award:{x.name}": x.decided for x in card.awards}
    return found


def batched(scores, i: int) -> dict[str, object]:
    """The same of one object of a batch."""
    found: dict[str, object] = {}

    def known(low, is_open) -> object:
        return None if is_open is not None and is_open[i] else int(low[i])

    for path, row in scores.rows.items():
        found[f"score:{path}"] = known(row.score, row.open)
        found[f"status:{path}"] = scores.statuses[row.status[i]]
        found[f"case:{path}"] = int(row.case[i])
    for path, group in scores.groups.items():
        found[f"score:{path}"] = known(group.low, group.open)
        found[f"low:{path}"], found[f"high:{path}"] = int(group.low[i]), int(group.high[i])
    total = scores.total
    found |= {"total": known(total.low, total.open), "low": int(total.low[i]), "high": int(total.high[i]),
              "complete": bool(scores.complete[i]), "grade": (("", *scores.grades))[scores.grade[i]]}  # fmt: skip
    found |= {f"award:{name}": {1: True, 0: False, -1: None}[int(x[i])] for name, x in scores.awards.items()}
    return found


def assert_same(plan: Plan, seen: Sequence[Observed], engine: Engine, period: str = "full") -> None:
    """Every object alone by the exact engine, all of them as one grid."""
    grid, columns = gridded(plan, seen, period)
    program = to_integers(plan, columns, period)
    scores = engine.compiled(program)(grid)
    for i, one in enumerate(seen):
        assert batched(scores, i) == told(evaluate(plan, one, period)[0], program.units), one


def same_or_refused(plan: Plan, seen: Sequence[Observed], engine: Engine, period: str = "full") -> bool:
    """The same, or an engine that says it has no room for such numbers; never another score."""
    try:
        assert_same(plan, seen, engine, period)
    except NotCovered:
        return False
    return True


def profiles() -> list[Plan]:
    """The rules of the examples that are scored without others."""
    paths = sorted((ROOT / "examples").glob("*/*.perf")) + sorted((ROOT / "examples" / "profiles").glob("*/*.perf"))
    found = [plan for path in paths for plan in read_plans(str(path))[0] or ()]
    return [plan for plan in found if plan.scored and not plan.comparisons]


PROFILES = profiles()


def alone(values: Sequence[object], marks: Sequence[Fraction | None]) -> list[Observed]:
    """One object a value of the only row."""
    return [
        Observed({"全": (Entry(value=None if x is NOT_APPLICABLE else x, text="", applies=x is not NOT_APPLICABLE, mark=mark),)}, {}, {})
        for x, mark in zip(values, marks, strict=True)
    ]  # fmt: skip


def edges_agree(row: str, target: Fraction, points: Fraction, engine: Engine) -> None:
    """At band ends, at exact ties, one unit beside them, at zero, below it, far above, and without a value."""
    checked = compiled(inside("not_applicable zero\n" + row.format(t=float(target), p=float(points))))
    (plan,) = checked.plans()
    values = [F(x) if isinstance(x, int) else x for x in edges(F(target) / 100, points, random.Random(1))]
    marks = [(None, points / 2, points)[i % 3] for i in range(len(values))]
    same_or_refused(plan, alone(values, marks), engine)
    small = [x for x in values if not isinstance(x, F) or (abs(x) < 1000 and 10**6 % x.denominator == 0)]
    assert_same(plan, alone(small, marks[: len(small)]), engine)  # without those that need long integers


def rulesets_agree(case, found, engine: Engine) -> None:
    """Any rules over any tables, at half the year and at its end."""
    _, plan, table = case
    for period in ("full", "half"):
        same_or_refused(plan, [observe(plan, rows(x), period)[0] for x in (table, *found)], engine, period)


def core_agrees(found, values, engine: Engine) -> None:
    """Any cases of the core calculus."""
    (plan,) = compiled(inside('全 full "≥3件" points 3 by 比例得分')).plans()
    (row,) = plan.indicators
    made = tuple(c.Case(when, award, None, "", "", 1) for when, award in found)
    row = attrs.evolve(row, scoring=attrs.evolve(row.scoring, cases=made, low=F(-2), high=F(5, 2)))
    values = [None if x is None else F(x) for x in values]
    same_or_refused(attrs.evolve(plan, indicators=(row,)), alone(values, [None] * len(values)), engine)
