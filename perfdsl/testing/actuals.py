"""Rows of actuals for a plan, aimed at where scores change: ends of bands and their neighbours, ties, blanks, odd words."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from hypothesis import strategies as st

from perfdsl import core as c
from perfdsl import model as m
from perfdsl import plan as p
from perfdsl.actuals import Row
from perfdsl.prove import places
from perfdsl.quantity import NO_UNIT, Unit, format_number
from perfdsl.text import NOWHERE

BLANK, LEFT_OUT, NOTHING = "", "不适用", "无"
OFF_SCALE = ("说不清", "基本", "很好")
TIES = (0, 1, 7)
HUGE = Fraction(10) ** 12
SIDES = {"income": "收入", "spend": "支出"}


@st.composite
def actuals(draw: st.DrawFn, plan: p.Plan, period: str = "full") -> list[Row]:
    """Rows for one object: at most one for each indicator, input and line of money, several where entries are counted.

    ``plan`` is a compiled object, ``period`` one of q1, half, q3, full, cycle.  Values are drawn from ``values_of`` and,
    for inputs and money, from the ends of what they may be; a row may be left out altogether.  All are written as a table
    has them, so that ``observe(plan, rows, period)`` reads them.
    """
    rows: list[Row] = []
    for row in plan.indicators:
        several = row.gather is not None or (row.scoring is not None and row.scoring.entries is not None)
        for _ in range(draw(st.integers(0, 3 if several else 1))):
            if row.formula is None:
                value = draw(st.sampled_from(values_of(row, period)))
            else:
                value = draw(st.sampled_from((BLANK, LEFT_OUT)))
            mark, prior = draw(st.sampled_from(_marks(row))), draw(st.sampled_from(_priors(row, period)))
            rows.append(
                Row(
                    name="/".join(row.path),
                    value=value,
                    mark=mark,
                    prior=prior,
                    extras=draw(_weights(row)),
                    span=NOWHERE,
                )
            )
    for item in plan.inputs:
        rows += [
            Row(name=item.name, value=x, span=NOWHERE)
            for x in draw(st.lists(st.sampled_from(_of_input(item)), max_size=1))
        ]
    for table in plan.funds:
        for line in table.lines if not table.title else ():
            name = f"{SIDES[line.side]}/{line.path[-1]}"
            rows += [
                Row(name=name, value=x, span=NOWHERE)
                for x in draw(st.lists(st.sampled_from(_of_money(line, table.unit)), max_size=1))
            ]
    return rows


@lru_cache(maxsize=4096)
def values_of(row: p.PlanIndicator, period: str = "full") -> tuple[str, ...]:
    """The values worth trying on one indicator, as a table has them, each once.

    Every end of a band (and of every curve) with a value just below and just above it in the printed unit, one value for
    each case, zero, the ends of the domain, a huge value, values whose score is a tie at half of the last printed place,
    every word of its scale and words that are on none, blank, and 不适用.
    """
    found: dict[str, None] = {}
    for place in places(_as_model(row)):
        if place.period in ("", period):
            found |= dict.fromkeys(_plain(text) for _, text in place.samples)
            found |= dict.fromkeys(_plain(spot.text) for brk in place.breaks for spot in brk.spots if spot is not None)
    target = next((x for x in row.targets if x.period == period), None)
    unit = (target.unit if target is not None else None) or row.unit or NO_UNIT
    numbers = [Fraction(0), HUGE * unit.scale, *_ends(row.domain), *_ties(row, target)]
    found |= dict.fromkeys(text for x in numbers if row.domain.holds(x) and (text := _written(x, unit)))
    found |= dict.fromkeys((*(word for word, _ in row.words), *OFF_SCALE, NOTHING, BLANK, LEFT_OUT))
    found.pop("missing", None)
    return tuple(found)


def _as_model(row: p.PlanIndicator) -> m.Indicator:
    targets = tuple(m.TargetUse(x.period, x.target, x.judge, x.unit) for x in row.targets)
    return m.Indicator(path=row.path, points=row.points, targets=targets, direction=row.direction, domain=row.domain,
                       unit=row.unit, scoring=row.scoring, words=row.words)  # fmt: skip


def _plain(text: str) -> str:
    """A value without the quotes a test puts around words."""
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\") if text.startswith('"') else text


def _ends(domain: c.Domain) -> Iterator[Fraction]:
    yield from (end for end in (domain.low, domain.high) if end is not None)


def _ties(row: p.PlanIndicator, target: p.PlanTarget | None) -> Iterator[Fraction]:
    """Values a proportional rubric scores exactly half a hundredth above a printed score."""
    goal = target.judge.target if target is not None else None
    if isinstance(goal, c.Const) and isinstance(goal.value, Fraction) and goal.value > 0 and row.points:
        hundredths = int(row.points * 100)
        for part in TIES:
            yield goal.value * Fraction(2 * (hundredths * part // 10) + 1, 200) / row.points


def _written(value: Fraction, unit: Unit) -> str:
    text = format_number(value / unit.scale)
    return "" if "/" in text else text + unit.text


def _marks(row: p.PlanIndicator) -> tuple[str, ...]:
    """What an assessor may give where a case leaves it to one: shares of the points, the ends among them, or nothing."""
    if row.scoring is None or not row.points or all(case.high is None for case in row.scoring.cases):
        return (BLANK,)
    return (
        BLANK,
        *(
            format_number(row.points * share / 5)
            for share in range(6)
            if "/" not in format_number(row.points * share / 5)
        ),
    )


def _priors(row: p.PlanIndicator, period: str) -> tuple[str, ...]:
    """Last year's value, where the rubric or the target looks at one."""
    used = [
        x
        for case in (row.scoring.cases if row.scoring else ())
        for x in (case.when, case.award, case.high)
        if x is not None
    ]
    used += [x for t in row.targets for x in (t.judge.met, t.judge.completion)]
    if not any("prior" in c.references(x) for x in used):
        return (BLANK,)
    return (BLANK, *(x for x in values_of(row, period) if x[:1].isdigit()))


def _weights(row: p.PlanIndicator) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    if row.gather is None or not row.gather.column:
        return st.just(())
    column = row.gather.column
    return st.sampled_from(("1", "3", "2.5", "0", "")).map(lambda weight: ((column, weight),))


def _of_input(item: p.PlanInput) -> tuple[str, ...]:
    if item.is_word:
        return (*item.words, "别的")
    unit = item.unit or NO_UNIT
    numbers = [
        Fraction(0),
        unit.scale,
        *_ends(item.domain),
        *(end + unit.scale for end in _ends(item.domain)),
        100 * unit.scale,
    ]
    return (*dict.fromkeys(text for x in numbers if item.domain.holds(x) and (text := _written(x, unit))), BLANK)


def _of_money(line: p.PlanLine, unit: Unit) -> tuple[str, ...]:
    """Nothing, zero, and each amount with its neighbours in the last printed place."""
    amounts = [amount + side * unit.scale / 100 for _, amount in line.amounts for side in (-1, 0, 1)]
    return (*dict.fromkeys(text for x in [Fraction(0), *amounts] if x >= 0 and (text := _written(x, unit))), BLANK)
