"""Sentences about rows and groups."""

from collections import Counter
from collections.abc import Iterator, Sequence

from perfdsl import narrative as n
from perfdsl.narrate.phrases import Teller, share
from perfdsl.quantity import format_number
from perfdsl.reports import Object, Row, Voice, clean
from perfdsl.scorecard import (
    EXCEEDED,
    MET,
    MISSED,
    MISSING,
    NOT_APPLICABLE,
    UNJUDGED,
    GroupScore,
    IndicatorScore,
    Scorecard,
)

ORDER = (MET, EXCEEDED, MISSED, MISSING, UNJUDGED, NOT_APPLICABLE)
STATUSES = {
    MET: ("达标", "met"), EXCEEDED: ("超额完成", "exceeded"), MISSED: ("未达标", "missed"), MISSING: ("缺完成值", "without actual value"),
    UNJUDGED: ("无法判定", "not judged"), NOT_APPLICABLE: ("不适用", "not applicable"),
}  # fmt: skip


def only_scored(row: IndicatorScore) -> bool:
    """Is it scored without a target to judge it by?"""
    return row.status == UNJUDGED and not row.target and row.score is not None


def counted(rows: Sequence[IndicatorScore], key: str, tell: Teller) -> str:
    """How many rows have each status; those scored without a target by themselves."""
    found = Counter(row.status for row in rows if not only_scored(row))
    plain = sum(map(only_scored, rows))
    voice = Voice(tell.lang)
    words = [
        tell("count", word=voice.word(STATUSES, status), number=found[status]) for status in ORDER if found[status]
    ]
    words += [tell("count", word=tell("only_scored"), number=plain)] if plain else []
    return tell(key, count=len(rows), words=tell("list").join(words) or tell("dash"))


def pair(given: IndicatorScore, row: Row, tell: Teller) -> str:
    """Target, actual and status of a row; a sentence that says when one is not there."""
    if row.target or row.actual:
        said = [tell("row_target", target=row.target)] if row.target else []
        key = "row_without" if not row.actual else "row_unusable" if given.status == MISSING else "row_actual"
        said.append(tell(key, actual=row.actual))
    else:
        said = [tell("row_none")]
    if row.mark.sign and given.status != MISSING:
        said.append(row.mark.word)
    return tell("row_values", text=capital(tell("comma").join(said)))


def capital(text: str) -> str:
    """A sentence of ours from its first letter."""
    return text[:1].upper() + text[1:]


def reason(row: Row, tell: Teller, key: str = "reason") -> str:
    """Why it has its score, in the words of the engine."""
    return tell(key, text=tell.ended(row.reason)) if row.reason else ""


def why(given: IndicatorScore, row: Row, tell: Teller) -> str:
    """The explanation of the data, quoted; where there is none that is said."""
    return tell("why", text=tell.ended(row.explanation)) if given.explanation and row.explanation else tell("no_why")


def groups(card: Scorecard, made: Object, tell: Teller) -> Iterator[n.Block]:
    """A paragraph for each group of the highest level: its points, and how its rows stand."""
    if card.points is None:
        for name, rows in by_group(card).items():
            yield n.Paragraph(counted(rows, "group_rows", tell), lead=tell("fact", label=clean(name), text=""))
        return
    shown = [group for group in card.groups if group.points is not None or group.bonus]
    for group, words in zip(shown, made.groups, strict=True):
        if len(group.path) > 1:
            continue
        rows = [row for row in card.indicators if row.path[:1] == group.path]
        note = tell("group_note", note=words.note) if words.note else ""
        inside = counted(rows, "group_rows", tell) if rows else tell("group_empty")
        gap = " " if tell.lang == "en" else ""
        yield n.Paragraph(f"{_got(group, tell)}{gap}{inside}{note}", lead=tell("fact", label=words.name, text=""))


def by_group(card: Scorecard) -> dict[str, list[IndicatorScore]]:
    """The rows by their group of the highest level, in the order of the rules; rows in no group are left out."""
    found: dict[str, list[IndicatorScore]] = {}
    for row in card.indicators:
        if len(row.path) > 1:
            found.setdefault(row.path[0], []).append(row)
    return found


def _got(group: GroupScore, tell: Teller) -> str:
    """What a group counts with."""
    if not group.applicable:
        return tell("group_none")
    low, high = format_number(group.low), format_number(group.high)
    if group.points is None:
        return (
            tell("group_bonus", score=format_number(group.score))
            if group.score is not None
            else tell("group_bonus_open")
        )
    points = format_number(group.points)
    if group.score is None:
        return tell("group_open", points=points, low=low, high=high)
    if not group.points:
        return tell("group_plain", points=points, score=format_number(group.score))
    return tell("group_got", points=points, score=format_number(group.score), share=share(group.score, group.points))
