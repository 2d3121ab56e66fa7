"""The three charts: what each group reached, what was lost, this result beside another."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from perfdsl import narrative as n
from perfdsl.comparison import BOTH, Comparison, Result
from perfdsl.narrate.phrases import Teller, share
from perfdsl.narrate.words import by_group
from perfdsl.quantity import format_number
from perfdsl.reports import Object, clean
from perfdsl.scorecard import EXCEEDED, MET, NOT_APPLICABLE, GroupScore, Scorecard

MOST = 15
ZERO, ONE = Fraction(0), Fraction(1)


def groups(card: Scorecard, made: Object, tell: Teller) -> Iterator[n.Block]:
    """The share of its points that the total and each group has; groups without points have no bar."""
    if card.points is None:
        yield from _met(card, tell)
        return
    if not card.points:
        return
    whole = n.Entry(name=tell("total_name"), bars=(_bar(card.total, card.low, card.high, card.points, tell),))
    shown = [(group, words) for group, words in zip(_with_points(card), made.groups, strict=True) if group.points and group.applicable]  # fmt: skip
    deep = max((level for level in range(1, 4) if sum(len(g.path) <= level for g, _ in shown) <= MOST), default=1)
    entries = [
        n.Entry(name=words.name, bars=(_bar(group.score, group.low, group.high, group.points or ONE, tell),), level=words.level)
        for group, words in shown if len(group.path) <= deep
    ]  # fmt: skip
    is_open = any(entry.bars[0].possible > entry.bars[0].sure for entry in (whole, *entries))
    legend = [("sure", tell("sure")), *([("possible", tell("possible"))] if is_open else []), ("rest", tell("rest"))]
    yield from _drawn(tell("chart_groups"), [whole, *entries], tuple(legend), tell)


def _met(card: Scorecard, tell: Teller) -> Iterator[n.Block]:
    """How many of the rows that are judged met their target, in all and by group; for cards without points."""
    entries = []
    for name, rows in (
        (tell("all_rows"), list(card.indicators)),
        *((clean(x), rows) for x, rows in by_group(card).items()),
    ):
        met, count = sum(x.status in (MET, EXCEEDED) for x in rows), sum(x.status != NOT_APPLICABLE for x in rows)
        if count:
            entries.append(n.Entry(name=name, bars=(_count(met, count, n.AFTER, tell),)))
    legend = (("sure", tell("is_met")), ("rest", tell("not_met")))
    if entries:
        yield from _drawn(tell("chart_met"), entries, legend, tell)


def _count(met: int, count: int, tone: str, tell: Teller) -> n.Bar:
    share = _within(Fraction(met, count or 1))  # a saved report may say anything
    return n.Bar(sure=share, possible=share, text=tell("met_of", met=met, count=count), tone=tone)


def _with_points(card: Scorecard) -> list[GroupScore]:
    """The groups that a report prints."""
    return [group for group in card.groups if group.points is not None or group.bonus]


def _bar(score: Fraction | None, low: Fraction, high: Fraction, points: Fraction, tell: Teller) -> n.Bar:
    if score is None:
        words = tell("got", score=f"{format_number(low)}–{format_number(high)}", points=format_number(points))
        return n.Bar(sure=_within(low / points), possible=_within(high / points), text=words)
    words = tell("got_share", score=format_number(score), points=format_number(points), share=share(score, points))
    return n.Bar(sure=_within(score / points), possible=_within(score / points), text=words)


def losses(made: Object, tell: Teller) -> Iterator[n.Block]:
    """What each row lost, the largest first; bars are as long as their part of the largest."""
    entries = [n.Entry(name=row.name, bars=(n.Bar(sure=row.bar.sure, possible=row.bar.sure, text=row.lost, tone=n.LOSS),))
               for row in made.lost]  # fmt: skip
    if len(entries) > 1:
        yield from _drawn(tell("chart_lost"), entries, (), tell)


def against(compared: Comparison, names: tuple[str, str], tell: Teller) -> Iterator[n.Block]:
    """Both totals, and each row that has another score; the other result above, this one below."""
    legend = ((n.BEFORE, tell("that_one", name=names[0])), (n.AFTER, tell("this_one", name=names[1])))
    if compared.compares_totals:
        was, now = compared.before, compared.after
        most = max(was.points or ZERO, now.points or ZERO, was.high, now.high)
        yield from _drawn(
            tell("chart_totals"), [_pair(tell("total_name"), _shown(was), _shown(now), most)], legend, tell
        )
    else:
        bars = (
            _count(x.met, x.assessed, tone, tell)
            for x, tone in ((compared.before, n.BEFORE), (compared.after, n.AFTER))
        )
        yield from _drawn(tell("chart_mets"), [n.Entry(name=tell("all_rows"), bars=tuple(bars))], legend, tell)
    rows = [(clean(x.path[-1]), x.before, x.after) for x in compared.changes
            if x.state == BOTH and x.before is not None and x.after is not None and x.before != x.after]  # fmt: skip
    most = max((score for _, *scores in rows for score in scores), default=ZERO)
    if rows:
        yield from _drawn(tell("chart_rows"), [_pair(name, (a, a), (b, b), most) for name, a, b in rows], legend, tell)


def _pair(name: str, was: tuple[Fraction, Fraction], now: tuple[Fraction, Fraction], most: Fraction) -> n.Entry:
    """Two bars, as long as their part of ``most``."""
    bars = (
        n.Bar(sure=_within(low / (most or ONE)), possible=_within(high / (most or ONE)), text=_ends(low, high), tone=tone)
        for tone, (low, high) in ((n.BEFORE, was), (n.AFTER, now))
    )  # fmt: skip
    return n.Entry(name=name, bars=tuple(bars))


def _shown(result: Result) -> tuple[Fraction, Fraction]:
    return (result.low, result.high) if result.total is None else (result.total, result.total)


def _ends(low: Fraction, high: Fraction) -> str:
    return format_number(low) if low == high else f"{format_number(low)}–{format_number(high)}"


def _within(value: Fraction) -> Fraction:
    return min(max(value, ZERO), ONE)


def _drawn(
    title: str, entries: Sequence[n.Entry], legend: tuple[tuple[str, str], ...], tell: Teller
) -> Iterator[n.Block]:
    yield n.Chart(title=title, entries=tuple(entries[:MOST]), legend=legend)
    if len(entries) > MOST:
        yield n.Note(tell("chart_more", shown=MOST, more=len(entries) - MOST))
