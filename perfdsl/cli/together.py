"""All objects of one run scored beside each other: the cards, what was found, and the engines that made them."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from perfdsl.actuals import Row
from perfdsl.diagnostics import Diagnostic
from perfdsl.plan import Plan
from perfdsl.scorecard import Scorecard
from perfdsl.settings import STANDARD, Settings

if TYPE_CHECKING:
    from perfdsl.evaluate import Engine


class Scored(NamedTuple):
    """One object of a run."""

    card: Scorecard
    found: list[Diagnostic]
    engine: "Engine"


def score_together(
    shared: Sequence[tuple[Plan, list[Row]]], period: str, day: date | None, sha256: str, settings: Settings = STANDARD
) -> list[Scored]:
    """Every object on the rows that are about it and beside all the others."""
    from perfdsl.cohort import Member, engines_of
    from perfdsl.lints import lint_scored
    from perfdsl.observe import observe

    read = [observe(plan, own, period, sha256) for plan, own in shared]
    members = [Member(plan, observed) for (plan, _), (observed, _) in zip(shared, read, strict=True)]
    engines = engines_of(members, period, day)
    cards = [engine.card() for engine in engines]
    return [
        Scored(card, [*unread, *engine.found, *lint_scored(member.plan, card, member.observed, settings)], engine)
        for card, engine, member, (_, unread) in zip(cards, engines, members, read, strict=True)
    ]
