"""Values for which the exact engine scores differently: looked for among a few; what is found is proof, finding none is not."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice, product
from typing import TYPE_CHECKING

from perfdsl import plan as p
from perfdsl.actuals import Entry, Observed
from perfdsl.bounds import domain_range, substitute
from perfdsl.core import Const, Domain, Expr, Ref, Value, references
from perfdsl.differ.found import Example, Stretch
from perfdsl.differ.worlds import Possible
from perfdsl.differ.written import PERIODS, condition_texts
from perfdsl.evaluate import Engine
from perfdsl.prove import Curve, Exact
from perfdsl.target import Nothing

if TYPE_CHECKING:
    from perfdsl.differ.rows import Two

MOST_TRIES, MOST_SOLVED = 400, 60
NUMBERS = tuple(Fraction(n) for n in (0, 1, 2, 3, 7, 10, 50, 90, 99, 100, 120, 1000))


def periods_of(*rows: p.PlanIndicator) -> tuple[str, ...]:
    """The periods in which any of the rows is assessed; "" alone where none has targets."""
    found = {x.period: None for row in rows for x in row.targets if not isinstance(x.target.meaning, Nothing)}
    return tuple(found) if any(row.targets for row in rows) else ("",)


def periods_between(two: "Two", old: p.PlanIndicator, new: p.PlanIndicator) -> tuple[str, ...]:
    """The same; every period where a row without targets scores by what another row, the money or the table has in it."""
    if not old.targets and not new.targets and (two.old.by_period(old) or two.new.by_period(new)):
        return tuple(PERIODS)
    return periods_of(old, new)


def example_of(two: "Two", old: p.PlanIndicator, new: p.PlanIndicator, period: str) -> Example | None:
    """Values for which the exact engine scores differently; looked for among a few, which proves nothing when none is found."""
    plans = (two.old.plan, two.new.plan)
    theirs = two.old.names
    back = {name: was for was, name in theirs.items()}
    names = sorted({theirs.get(x, x) for x in _needed(plans[0], old, set())} | _needed(plans[1], new, set()))
    choices = [
        [x for x in NUMBERS if two.inputs.get(name, Possible()).domain.holds(x)] or [Fraction(1)] for name in names
    ]
    for values in islice(product(*choices), MOST_TRIES):
        given: dict[str, Value] = dict(zip(names, values, strict=True))
        before = _score(plans[0], old, {back.get(name, name): x for name, x in given.items()}, period)
        after = _score(plans[1], new, given, period)
        if before != after:
            return Example(period=period, given=tuple(given.items()), before=before, after=after)
    return None


def _needed(plan: p.Plan, row: p.PlanIndicator, seen: set[str]) -> set[str]:
    """The inputs, amounts and given rows that a row's score is made of."""
    cases = row.scoring.cases if row.scoring is not None else ()
    exprs = [row.formula, *(e for x in cases for e in (x.when, x.award, x.high))]
    found = {f"value:{'/'.join(row.path)}"} if row.formula is None else set()
    rows = {f"value:{'/'.join(x.path)}": x for x in plan.indicators}
    for name in (n for e in exprs if e is not None for n in references(e)):
        if name.startswith(("input:", "spent:")):
            found.add(name)
        elif name in rows and name not in seen:
            seen.add(name)
            found |= _needed(plan, rows[name], seen)
    return found


def _score(plan: p.Plan, row: p.PlanIndicator, given: dict[str, Value], period: str) -> Fraction | None:
    inputs: dict[str, Value] = {n.removeprefix("input:"): x for n, x in given.items() if n.startswith("input:")}
    spent = {
        n.removeprefix("spent:"): x for n, x in given.items() if n.startswith("spent:") and isinstance(x, Fraction)
    }
    entries: dict[str, tuple[Entry, ...]] = {
        n.removeprefix("value:"): (Entry(value=x, text=str(x)),) for n, x in given.items() if n.startswith("value:")
    }
    engine = Engine(plan, Observed(entries, inputs, spent), period or "full", None)
    return engine.indicator("/".join(row.path)).score


# ---- a value that a formula has to come to


def reached(two: "Two", old: p.PlanIndicator, new: p.PlanIndicator, period: str, stretch: Stretch) -> bool:
    """Do some inputs make the common formula of two rows come to a value of ``stretch``, and the engine score them differently there?"""
    if stretch.at is None:
        return example_of(two, old, new, period) is not None
    assert new.formula is not None  # the caller looked
    formula = two.new.settled(new.formula, period)
    names = sorted(references(formula))
    back = {name: was for was, name in two.old.names.items()}
    aims = {stretch.at, *(e.at for e in (stretch.low, stretch.high) if e is not None and e.at is not None and e.closed)}
    fixed = {x.name: x.value for x in stretch.given if isinstance(x.value, (Fraction, str, bool))}
    choices = [[x for x in NUMBERS if _domain(two, name).holds(x)] or [Fraction(1)] for name in names]
    for values in islice(product(*choices), MOST_SOLVED):
        for free in names:
            others = {n: x for n, x in zip(names, values, strict=True) if n != free}
            for value in _solved(formula, free, others, aims, _domain(two, free)):
                given: dict[str, Value] = {**fixed, **others, free: value}
                before = _score(two.old.plan, old, {back.get(n, n): x for n, x in given.items()}, period)
                if before != _score(two.new.plan, new, given, period):
                    return True
    return False


def _domain(two: "Two", name: str) -> Domain:
    return two.inputs.get(name, Possible()).domain


def _solved(
    formula: Expr, free: str, others: dict[str, Fraction], aims: set[Fraction], domain: Domain
) -> Iterator[Fraction]:
    """The values of one input at which a formula comes to one of ``aims`` while the others stay."""
    over = substitute(formula, {free: Ref("actual"), **{n: Const(x) for n, x in others.items()}})
    exact = Exact(domain_range(domain), None)
    for _, made in exact.pieces(over, domain_range(domain)):
        if isinstance(made, Curve) and made.trend:
            for aim in aims:
                under = made.a - aim * made.c
                at = (aim * made.d - made.b) / under if under else None
                if at is not None and domain.holds(at):
                    yield at


# ---- several entries


def examples_of_entries(
    two: "Two", old: p.PlanIndicator, new: p.PlanIndicator, stretches: Iterable[Stretch]
) -> Iterator[Example]:
    """Up to three entries for which the exact engine scores differently."""
    words: dict[Value, None] = {x.word: None for x in stretches if x.word}
    words |= {x.at: None for x in stretches if x.at is not None}
    words |= dict.fromkeys(condition_texts(old, new))
    some = list(words)[:8]
    for period in periods_between(two, old, new):
        for count in (0, 1, 2, 3):
            for values in islice(product(some, repeat=count), MOST_TRIES):
                scores = [
                    _entry_score(plan, row, values, period) for plan, row in ((two.old.plan, old), (two.new.plan, new))
                ]
                if scores[0] != scores[1]:
                    given = tuple((f"{n}", value) for n, value in enumerate(values, 1))
                    yield Example(period=period, given=given, before=scores[0], after=scores[1])


def _entry_score(plan: p.Plan, row: p.PlanIndicator, values: tuple[Value, ...], period: str) -> Fraction | None:
    path = "/".join(row.path)
    none = Entry(value=None, text="无", none_happened=True)
    entries = tuple(Entry(value=x, text=str(x), item=str(n)) for n, x in enumerate(values)) or (none,)
    engine = Engine(plan, Observed({path: entries}, {}, {}), period or "full", None)
    return engine.indicator(path).score
