"""Two results to their comparison: rows are paired, weighed, and their differences split into causes."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs

from perfdsl.attribute import messages as say
from perfdsl.attribute.causes import Half, Kinds, causes_between
from perfdsl.attribute.facts import facts_between, visible_kinds
from perfdsl.attribute.tree import Counted, Levels
from perfdsl.comparison import (
    ADDED,
    APPLICABLE,
    BOTH,
    HIDDEN,
    POINTS,
    REMOVED,
    REVIEW,
    SHARE,
    TARGET,
    Cause,
    Change,
    Comparison,
    Result,
)
from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.evaluate import Engine
from perfdsl.quantity import format_number
from perfdsl.scorecard import EXCEEDED, MET, MISSING, NOT_APPLICABLE, UNJUDGED, IndicatorScore, Scorecard
from perfdsl.text import NOWHERE

ZERO = Fraction(0)
Pair = tuple[IndicatorScore | None, IndicatorScore | None]


@attrs.frozen
class Side:
    """One result, where it came from, and the engine that made it; a saved report has none."""

    card: Scorecard
    engine: Engine | None = attrs.field(default=None, repr=False)
    source: str = ""


def attribute(before: Side, after: Side) -> tuple[Comparison, list[Diagnostic]]:
    """What made the total of ``after`` another one than that of ``before``; the findings say what limits the answer."""
    cards = before.card, after.card
    levels = Levels()
    scored = [card.points is not None for card in cards]
    if all(scored):
        levels.totals(*cards)
    pairs = paired(before.card.indicators, after.card.indicators)
    made = (_Row(before, after, levels).change(pair) for pair in pairs)
    changes = sorted((x for x in made if x is not None), key=lambda x: -abs(x.amount))
    known = cards[0].total, cards[1].total
    comparison = Comparison(
        before=_result(before), after=_result(after),
        difference=known[1] - known[0] if known[0] is not None and known[1] is not None else None,
        low=cards[1].low - cards[0].high, high=cards[1].high - cards[0].low, changes=tuple(changes),
        shifts=tuple(sorted(levels.shifts, key=lambda x: -abs(x.amount))), open=tuple(dict.fromkeys(levels.open)),
    )  # fmt: skip
    return comparison, list(_findings(before, after, comparison, pairs))


def paired(before: Sequence[IndicatorScore], after: Sequence[IndicatorScore]) -> list[Pair]:
    """Rows of the same path; of the rest those whose name is the only one of its kind on both sides; then what is left."""
    old = {row.path: row for row in before}
    kept = {row.path for row in after} & old.keys()
    names = {name: row for name, row in _only(before).items() if row.path not in kept}
    unique = _only(after)
    pairs: list[Pair] = []
    for row in after:
        own = old.get(row.path) or (names.pop(row.path[-1], None) if row.path[-1] in unique else None)
        pairs.append((own, row))
    found = {own.path for own, _ in pairs if own is not None}
    return [*pairs, *((row, None) for row in before if row.path not in found)]


def _only(rows: Sequence[IndicatorScore]) -> dict[str, IndicatorScore]:
    """The rows whose name no other row has."""
    named: dict[str, list[IndicatorScore]] = {}
    for row in rows:
        named.setdefault(row.path[-1], []).append(row)
    return {name: found[0] for name, found in named.items() if len(found) == 1}


class _Row:
    """One row on both sides."""

    def __init__(self, before: Side, after: Side, levels: Levels) -> None:
        self.before, self.after, self.levels = before, after, levels

    def change(self, pair: Pair) -> Change | None:
        """What became of it; None when nothing did."""
        was, now = pair
        here = was.path if was is not None else (), now.path if now is not None else ()
        decided = not {*here} & self.levels.undecided
        first = self.levels.before.get(here[0]) if decided else None
        second = self.levels.after.get(here[1]) if decided else None
        amount = (second.amount if second is not None else ZERO) - (first.amount if first is not None else ZERO)
        causes = self.weighed(pair, first, second) if first is not None or second is not None else []
        differs = was is None or now is None or (was.status, was.score) != (now.status, now.score)
        if not causes and not differs:
            return None
        return Change(
            path=here[1] or here[0], was=here[0] if now is not None and was is not None and here[0] != here[1] else (),
            state=BOTH if was is not None and now is not None else ADDED if was is None else REMOVED,
            before=was.score if was is not None else None, after=now.score if now is not None else None, amount=amount,
            causes=tuple(sorted(causes, key=lambda x: -abs(x.amount))), facts=facts_between(was, now, *self.halves(pair)),
        )  # fmt: skip

    def halves(self, pair: Pair) -> tuple[Half | None, Half | None]:
        """The rows with the engines that scored them."""
        made = [
            Half(side.engine, side.engine.rows["/".join(row.path)])
            if side.engine is not None and row is not None
            else None
            for side, row in zip((self.before, self.after), pair, strict=True)
        ]
        return made[0], made[1]

    def weighed(self, pair: Pair, first: Counted | None, second: Counted | None) -> list[Cause]:
        """Its causes in points of the total."""
        one, other = (first or second, second or first)
        assert one is not None and other is not None  # the caller looked
        scores = first.score if first is not None else ZERO, second.score if second is not None else ZERO
        points = first.points if first is not None else ZERO, second.points if second is not None else ZERO
        mean = (one.weight.score + other.weight.score) / 2
        whole = self.whole_cause(pair, first, second)
        found: dict[Kinds, Fraction] = {}
        for kinds, part in [(whole, scores[1] - scores[0])] if whole else self.causes(pair, scores):
            found[kinds] = found.get(kinds, ZERO) + mean * part
        moved = (other.weight.score - one.weight.score) * sum(scores, ZERO) / 2
        carried = one.weight.points * points[0] - other.weight.points * points[1]
        if carried:
            order = (ADDED, REMOVED, APPLICABLE, POINTS, TARGET)
            kinds = next((kinds for kind in order for kinds in found if kind in kinds), (SHARE,))
            found[kinds] = found.get(kinds, ZERO) + carried
        if moved:
            found[SHARE,] = found.get((SHARE,), ZERO) + moved
        return [Cause(kinds, part) for kinds, part in found.items() if part]

    def whole_cause(self, pair: Pair, first: Counted | None, second: Counted | None) -> Kinds:
        """The only cause there can be where a side has a score, or is open, and does not count beside others in a 择一 group."""
        for row, counted in zip(pair, (first, second), strict=True):
            if row is not None and counted is None and row.points is None and not row.bonus:
                return (POINTS,)
            left_out = row is not None and row.status == NOT_APPLICABLE
            if row is not None and counted is None and (row.score is not None or not left_out):
                return (APPLICABLE,) if left_out else (SHARE,)
        return ()

    def causes(self, pair: Pair, scores: tuple[Fraction, Fraction]) -> list[tuple[Kinds, Fraction]]:
        """The difference in the row's own points."""
        was, now = pair
        moved = scores[1] - scores[0]
        if was is None or now is None:
            return [((ADDED if was is None else REMOVED,), moved)]
        if was.status == now.status == NOT_APPLICABLE:
            return [((POINTS,), moved)]  # all it can get is the points that 满分 gives to what does not apply
        one, other = self.halves(pair)
        if one is None or other is None:
            return list(_visible(was, now, moved))
        found = causes_between(one, other)
        return found if sum((part for _, part in found), ZERO) == moved else [((HIDDEN,), moved)]


def _visible(was: IndicatorScore, now: IndicatorScore, moved: Fraction) -> Iterator[tuple[Kinds, Fraction]]:
    """Without the rules of one side: the review by itself, and what else a reader sees as one cause."""
    reviewed = _review(now) - _review(was)
    if reviewed:
        yield (REVIEW,), reviewed
    if moved - reviewed:
        yield visible_kinds(was, now) or (HIDDEN,), moved - reviewed


def _review(row: IndicatorScore) -> Fraction:
    """What the review added to the score."""
    known = row.override is not None and row.score is not None and row.computed is not None
    return row.score - row.computed if known and row.score is not None and row.computed is not None else ZERO


def _result(side: Side) -> Result:
    card = side.card
    status = [row.status for row in card.indicators]
    return Result(
        object=card.object, period=card.period, source=side.source, as_of=card.as_of, points=card.points, total=card.total,
        low=card.low, high=card.high, met=sum(x in (MET, EXCEEDED) for x in status),
        assessed=sum(x not in (NOT_APPLICABLE, MISSING, UNJUDGED) for x in status),
    )  # fmt: skip


def _findings(before: Side, after: Side, made: Comparison, pairs: Sequence[Pair]) -> Iterator[Diagnostic]:
    one, other = before.card, after.card
    names = before.source or one.object, after.source or other.object
    if not any(was is not None and now is not None for was, now in pairs):
        yield finding(say.NOTHING_IN_COMMON, NOWHERE, before=names[0], after=names[1])
    elif _same(one, other):
        yield finding(say.SAME_TWICE, NOWHERE, before=names[0], after=names[1])
    if (one.points is None) != (other.points is None):
        yield finding(say.ONE_WITHOUT_POINTS, NOWHERE, name=(one if one.points is None else other).object)
    elif one.points is not None and other.points is not None and one.points != other.points:
        yield finding(
            say.OTHER_FULL_MARKS, NOWHERE, before=format_number(one.points), after=format_number(other.points)
        )
    if one.points is not None and other.points is not None and made.difference is None:
        rows = "、".join(path[-1] for path in made.open[:5]) or "—"
        yield finding(say.STILL_OPEN, NOWHERE, low=format_number(made.low), high=format_number(made.high), rows=rows)
    if (before.engine is None or after.engine is None) and any(len(c.kinds) > 1 or HIDDEN in c.kinds for x in made.changes for c in x.causes):  # fmt: skip
        yield finding(say.WITHOUT_RULES, NOWHERE, before=names[0], after=names[1])


def _same(one: Scorecard, other: Scorecard) -> bool:
    """The same rules and data, for the same object and time?"""
    facts = [(x.object, x.period, x.as_of, x.ruleset_sha256, x.actuals_sha256) for x in (one, other)]
    return facts[0] == facts[1] and bool(one.actuals_sha256)
