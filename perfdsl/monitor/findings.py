"""What is to be said of a monitoring: what cannot be judged, what is behind without a reason, what contradicts itself."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.explain import number_text
from perfdsl.monitor import messages as say
from perfdsl.monitor.aims import LATER, UNDATED, UNKNOWN, Aim
from perfdsl.monitor.rows import percent
from perfdsl.monitoring import FROM_TARGET, LAGGING, NOT_DUE, STATED, UNJUDGED, MoneyProgress, Monitoring, Progress
from perfdsl.quantity import Unit
from perfdsl.text import NOWHERE, Span

MOST_NAMES = 5
LIKELY_WORDS = {
    "certain": ("确定能", "certain"),
    "possible": ("有可能", "possible"),
    "impossible": ("完全不可能", "impossible"),
}
SIDE_WORDS = {"income": "收入", "spend": "支出"}
Places = Mapping[tuple[str, ...], Span]


class Day(NamedTuple):
    """Was the day asked for, and not taken from the period?  ``end`` is the last day of the period where that is another."""

    asked: bool
    end: date | None = None


def findings(made: Monitoring, aims: Mapping[tuple[str, ...], Aim], places: Places, day: Day) -> list[Diagnostic]:
    """Everything, in the order of the file."""
    found = [*_schedule(made, aims, asked=day.asked), *_day(made, aims, day)]
    for row in made.indicators:
        found += _indicator(row, places.get(row.path, NOWHERE))
    for line in made.money:
        found += _money(line, Unit(made.money_unit, made.money_scale, (("元", 1),)))
    return found


def _day(made: Monitoring, aims: Mapping[tuple[str, ...], Aim], day: Day) -> Iterator[Diagnostic]:
    """A day that is not the end of the period its targets are for; deadlines without any day."""
    own = any(row.basis == FROM_TARGET and aims[row.path].why != LATER for row in made.indicators)
    if day.end is not None and made.period != "full" and (own or any(x.basis == FROM_TARGET for x in made.money)):
        yield finding(say.NOT_AT_END, NOWHERE, day=made.as_of, end=day.end)
    undated = [row.path[-1] for row in made.indicators if row.status == UNJUDGED and aims[row.path].why == UNDATED]
    if undated:
        yield finding(say.NO_DAY, NOWHERE, names=_names(undated))


def _schedule(made: Monitoring, aims: Mapping[tuple[str, ...], Aim], *, asked: bool) -> Iterator[Diagnostic]:
    """Rows that cannot be divided, and a table that does not look at the day."""
    unknown = [row for row in made.indicators if row.status == UNJUDGED and aims[row.path].why == UNKNOWN]
    bare = [row.path[-1] for row in unknown if row.nature == ""]
    if bare:
        yield finding(say.NATURE_UNKNOWN, NOWHERE, count=len(bare), names=_names(bare))
    flows = [row.path[-1] for row in unknown if row.nature == "flow"]
    if flows and made.share is None:
        yield finding(say.NO_SCHEDULE, NOWHERE, names=_names(flows))
    if asked and made.schedule_by == "table" and made.share is not None:
        yield finding(say.TABLE_NOT_BY_DAY, NOWHERE, share=percent(made.share), day=made.as_of)


def _indicator(row: Progress, place: Span) -> Iterator[Diagnostic]:
    said = row.remarks
    if row.status == LAGGING and not said.explanation and not said.causes:
        yield finding(say.UNEXPLAINED, place, name=row.path[-1])
    best = row.forecast
    if best is None:
        return
    if (said.likelihood == "certain" and best.reaches is False) or (said.likelihood == "impossible" and best.reaches):
        zh, en = (
            ("达到全年指标值", "meets the year's target")
            if best.reaches
            else ("达不到全年指标值", "misses the year's target")
        )
        word_zh, word_en = LIKELY_WORDS[said.likelihood]
        yield finding(say.CONTRADICTS, place, name=row.path[-1], said=word_zh, said_en=word_en, shown=best.shown, verdict=zh,
                      verdict_en=en)  # fmt: skip
    counted = best.method == STATED and row.nature == "flow" and row.status != NOT_DUE
    if counted and isinstance(best.value, Fraction) and isinstance(row.value, Fraction) and best.value < row.value:
        yield finding(say.BACKWARDS, place, name=row.path[-1], shown=best.shown, actual=row.actual)


def _money(line: MoneyProgress, unit: Unit) -> Iterator[Diagnostic]:
    if line.spent is None or line.side != "spend":
        return
    name = "/".join(line.path) or SIDE_WORDS[line.side]
    if line.budget is not None and line.spent > line.budget:
        yield finding(
            say.OVER_BUDGET,
            NOWHERE,
            name=name,
            spent=number_text(line.spent, unit),
            budget=number_text(line.budget, unit),
        )
    elif line.planned == 0 and line.spent > 0:
        yield finding(say.UNPLANNED, NOWHERE, name=name, spent=number_text(line.spent, unit))


def _names(names: list[str]) -> str:
    return "、".join(names[:MOST_NAMES]) + ("……" if len(names) > MOST_NAMES else "")
