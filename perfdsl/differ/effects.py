"""Who is affected: the cards of the same actuals under both rules, and the clause behind every score that moved."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl.differ.found import SAME, Change, Difference, ObjectDifference, Path
from perfdsl.scorecard import IndicatorScore, Scorecard


class Held(NamedTuple):
    """An object's card and the plan it was scored by."""

    plan: p.Plan
    card: Scorecard


@attrs.frozen(kw_only=True)
class Got:
    """A score, or the limits of one that is open; the case that decided and its line in the rules."""

    score: Fraction | None
    low: Fraction
    high: Fraction
    points: Fraction | None
    status: str = ""
    case: int = 0
    clause: str = ""
    line: int = 0
    reason_zh: str = ""
    reason_en: str = ""


@attrs.frozen(kw_only=True)
class RowEffect:
    """A row whose score moved; a side is None where the rules have no such row.  ``causes`` are the changes of the row."""

    path: Path
    actual: str
    before: Got | None
    after: Got | None
    causes: tuple[Change, ...] = ()
    through: tuple[Path, ...] = ()


@attrs.frozen(kw_only=True)
class Effect:
    """One object before and after; ``awards`` are (name, before, after) of those that moved.

    ``causes`` are the changes of the object itself (groups, limits, grades, conditions) where its rows do not explain what moved.
    """

    object: str
    before: Got
    after: Got
    grades: tuple[str, str]
    rows: tuple[RowEffect, ...] = ()
    awards: tuple[tuple[str, bool | None, bool | None], ...] = ()
    causes: tuple[Change, ...] = ()

    @property
    def moved(self) -> bool:
        """Does anything that is printed of it change?"""
        return (
            bool(self.rows or self.awards)
            or self.grades[0] != self.grades[1]
            or total(self.before) != total(self.after)
        )


def total(got: Got) -> tuple[Fraction | None, Fraction, Fraction]:
    """What counts of a score."""
    return got.score, got.low, got.high


def effects(difference: Difference, before: Sequence[Held], after: Sequence[Held]) -> tuple[Effect, ...]:
    """The objects that both rules score, in the order of the new ones."""
    by_name = {held.card.object: held for held in before}
    found = []
    for held in after:
        known = {x.name: x for x in difference.objects}
        compared = known.get(held.plan.object) or (difference.objects[0] if len(difference.objects) == 1 else None)
        if compared is None:
            continue
        was = by_name.get(held.card.object) or by_name.get(compared.was)
        if was is not None:
            found.append(_effect(compared, was, held))
    return tuple(found)


def _effect(compared: ObjectDifference, was: Held, held: Held) -> Effect:
    rows = {x.path: x for x in held.card.indicators}
    olds = {x.path: x for x in was.card.indicators}
    made: list[RowEffect] = []
    for row in compared.rows:
        a, b = olds.get(row.was), rows.get(row.path)
        if a is None or b is None or (a.score, a.low, a.high) == (b.score, b.low, b.high):
            continue
        made.append(
            RowEffect(
                path=row.path,
                actual=b.actual or a.actual,
                before=_got(a, was.plan),
                after=_got(b, held.plan),
                causes=row.changes,
                through=row.through,
            )
        )
    for path in compared.removed:
        if path in olds and _counts(olds[path]):
            made.append(RowEffect(path=path, actual=olds[path].actual, before=_got(olds[path], was.plan), after=None))
    for path in compared.added:
        if path in rows and _counts(rows[path]):
            made.append(RowEffect(path=path, actual=rows[path].actual, before=None, after=_got(rows[path], held.plan)))
    given = {x.name: x.decided for x in was.card.awards}
    now = {x.name: x.decided for x in held.card.awards}
    awards = tuple(
        (name, given.get(name), now.get(name))
        for name in dict.fromkeys([*given, *now])
        if given.get(name) != now.get(name)
    )
    return Effect(
        object=held.card.object, before=_whole(was.card), after=_whole(held.card), grades=(was.card.grade, held.card.grade),
        rows=tuple(made), awards=awards, causes=_causes(compared, was.card, held.card, made),
    )  # fmt: skip


def _causes(
    compared: ObjectDifference, was: Scorecard, now: Scorecard, rows: Sequence[RowEffect]
) -> tuple[Change, ...]:
    """The changes of the object that may move a total by more or less than its rows, or a grade without the total."""
    counted = [x for x in compared.changes if x.effect != SAME]
    by_rows = sum((_score(x.after) - _score(x.before) for x in rows), Fraction(0))
    moved = (now.total or Fraction(0)) - (was.total or Fraction(0))
    if was.total is None or now.total is None or moved != by_rows:
        return tuple(x for x in counted if x.what not in ("grade", "award"))
    if was.grade != now.grade and not moved:
        return tuple(x for x in counted if x.what in ("grade", "ceiling", "total"))
    return ()


def _score(got: Got | None) -> Fraction:
    return Fraction(0) if got is None or got.score is None else got.score


def _counts(row: IndicatorScore) -> bool:
    return row.points is not None or row.bonus


def _whole(card: Scorecard) -> Got:
    return Got(score=card.total, low=card.low, high=card.high, points=card.points)


def _got(row: IndicatorScore, plan: p.Plan) -> Got:
    scoring = next((x.scoring for x in plan.indicators if x.path == row.path), None)
    line = scoring.cases[row.case_number - 1].line if scoring is not None and row.case_number else row.line
    return Got(score=row.score, low=row.low, high=row.high, points=row.points, status=row.status, case=row.case_number,
               clause=row.case, line=line, reason_zh=row.reason_zh, reason_en=row.reason_en)  # fmt: skip
