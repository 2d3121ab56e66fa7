"""Which rows of a card a reader must see: what was lost, what is open, what needs an explanation, what was waived."""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from perfdsl.diagnostics import Diagnostic
from perfdsl.quantity import format_number
from perfdsl.scorecard import EXCEEDED, MISSED, MISSING, NOT_APPLICABLE, UNJUDGED, GroupScore, IndicatorScore, Scorecard


class Waiver(NamedTuple):
    """A finding that was accepted: its code, what it is about, and the reason."""

    code: str
    subject: str
    reason: str


class Placed(NamedTuple):
    """The place of one object: None while it is open."""

    place: Fraction | None
    object: str
    tied: bool


def places(cards: Sequence[Scorecard]) -> list[tuple[str, str, list[Placed]]]:
    """For each rank and class the objects from the first place on, then those whose place is open."""
    found: dict[tuple[str, str], list[Placed]] = {}
    for card in cards:
        for made in card.standings:
            if made.what == "rank" and not made.outside:
                place = Placed(made.value, card.object, made.tied)
                found.setdefault((made.word, made.group), []).append(place)
    ordered = sorted(found.items())
    return [(word, group, sorted(rows, key=_place)) for (word, group), rows in ordered]


def _place(placed: Placed) -> tuple[bool, Fraction]:
    """Those that tie stay in the order of the table."""
    return placed.place is None, placed.place or Fraction(0)


def awards(cards: Sequence[Scorecard]) -> dict[str, dict[bool | None, list[str]]]:
    """For each award the objects it is given to, not given to, and those where it is open."""
    found: dict[str, dict[bool | None, list[str]]] = {}
    for card in cards:
        for award in card.awards:
            sides = found.setdefault(award.name, {True: [], False: [], None: []})
            sides[award.decided].append(card.object)
    return found


def is_open(row: IndicatorScore | GroupScore) -> bool:
    """Does it carry a score that is not known yet?"""
    applies = row.applicable if isinstance(row, GroupScore) else row.status != NOT_APPLICABLE
    return row.score is None and applies and (row.points is not None or row.bonus)


def lost(card: Scorecard) -> list[IndicatorScore]:
    """Rows that certainly lost points, the largest loss first."""
    return sorted((row for row in card.indicators if row.lost), key=lambda row: -row.lost)


def missed(card: Scorecard) -> list[IndicatorScore]:
    """Rows that missed their target, in the order of the table."""
    return [row for row in card.indicators if row.status == MISSED]


def to_explain(card: Scorecard) -> list[IndicatorScore]:
    """Rows without a value, without a decision, or far beyond their target."""
    return [row for row in card.indicators if is_open(row) or row.status in (MISSING, EXCEEDED) or _unscored_doubt(row)]


def _unscored_doubt(row: IndicatorScore) -> bool:
    return row.status == UNJUDGED and row.points is None and not row.bonus


def reviewed(card: Scorecard) -> list[IndicatorScore]:
    """Rows whose score the review changed."""
    return [row for row in card.indicators if row.override is not None]


def left_out(card: Scorecard) -> list[IndicatorScore]:
    """Rows that do not apply."""
    return [row for row in card.indicators if row.status == NOT_APPLICABLE]


def counts(rows: Iterable[IndicatorScore]) -> Counter[str]:
    """How many rows have each status."""
    return Counter(row.status for row in rows)


def inside(card: Scorecard, group: GroupScore) -> list[IndicatorScore]:
    """The indicators of a group, at any depth."""
    return [row for row in card.indicators if row.path[: len(group.path)] == group.path]


def waivers(cards: Sequence[Scorecard], findings: Iterable[Diagnostic], lang: str) -> list[Waiver]:
    """Everything that was accepted, each once."""
    said = [Waiver(d.code, d.message(lang), d.accepted) for d in findings if d.accepted]
    known = {(waiver.code, waiver.reason) for waiver in said}
    rows: list[GroupScore | IndicatorScore] = [row for card in cards for row in card.groups]
    rows += [row for card in cards for row in card.indicators]
    more = [Waiver(code, row.path[-1], reason) for row in rows for code, reason in row.accepted]
    return list(dict.fromkeys([*said, *(waiver for waiver in more if (waiver.code, waiver.reason) not in known)]))


def score_text(row: IndicatorScore | GroupScore) -> str:
    """The score, the range it can still be in, or nothing."""
    if row.score is not None:
        return format_number(row.score)
    return f"{format_number(row.low)}–{format_number(row.high)}" if is_open(row) else ""


def total_text(card: Scorecard) -> str:
    """The total, or the lowest and highest it can become; empty for an object without points."""
    if card.points is None:
        return ""
    if card.total is not None:
        return format_number(card.total)
    return f"{format_number(card.low)}–{format_number(card.high)}"
