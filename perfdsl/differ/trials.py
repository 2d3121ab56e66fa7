"""Whole objects to score by both rules: for each row, input and line of money a few values between which something changes."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice, product
from typing import TYPE_CHECKING

import attrs

from perfdsl import plan as p
from perfdsl.actuals import Entry, Observed
from perfdsl.bounds import domain_range
from perfdsl.core import Domain, Value
from perfdsl.differ.found import Card
from perfdsl.differ.outcomes import outcomes
from perfdsl.differ.rule import Rule, Rules
from perfdsl.differ.worlds import uses
from perfdsl.differ.written import condition_texts, expressions
from perfdsl.evaluate import Engine, evaluate
from perfdsl.prove import Exact
from perfdsl.quantity import NO_UNIT, Unit, format_number
from perfdsl.target import Deadline

if TYPE_CHECKING:
    from perfdsl.differ.rows import Two

MOST_EACH = 6
NONE = (Entry(value=None, text="无", none_happened=True),)
LEFT_OUT = (Entry(value=None, text="不适用", applies=False),)
BEYOND = tuple(Fraction(n) for n in (0, 1, 2, 3, 5, 10, 100))
Given = tuple[Entry, ...] | Value


class Trials:
    """The values to try under ``period``, by the names of the new rules (``value:``, ``input:``, ``spent:``)."""

    def __init__(self, two: "Two", pairs: Iterable[tuple[p.PlanIndicator, p.PlanIndicator]], period: str) -> None:
        self.two, self.period = two, period
        self.grounds: dict[str, dict[str, Given]] | None = None
        self.back = {name: was for was, name in two.old.names.items()}
        self.rows = {f"value:{'/'.join(b.path)}": (a, b) for a, b in pairs if a.formula is None and b.formula is None}
        exprs = [[rules.settled(e, period) for e in expressions(rules.plan)] for rules in (two.old, two.new)]
        self.used = uses([], [e for some in exprs for e in some])
        self.choices: dict[str, list[Given]] = {name: self._of_row(name) for name in self.rows}
        for item in two.new.plan.inputs:
            self.choices[f"input:{item.name}"] = self._of_input(item)
        for name in sorted(n for n in self.used if n.startswith("spent:")):
            self.choices[name] = [Fraction(n) * 10_000 for n in (100, 0, 50, 90, 120)]

    # ---- values

    def _of_row(self, name: str) -> list[Given]:
        pair = self.rows[name]
        if any(row.scoring is not None and row.scoring.entries is not None for row in pair):
            texts = [x for x in condition_texts(*pair) if isinstance(x, str)][:4]
            several = [
                tuple(_entry(x, str(n)) for n, x in enumerate(some))
                for k in (1, 2, 3)
                for some in product(texts, repeat=k)
            ]
            together = tuple(
                _entry(x, str(n)) for n, x in enumerate(x for x in condition_texts(*pair) if isinstance(x, str))
            )
            many = [together, *((attrs.evolve(_entry(x), times=20),) for x in texts)]
            return [NONE, *several[:24], *many, ()]
        values = [
            x for rules, row in zip((self.two.old, self.two.new), pair, strict=True) for x in self._edges(rules, row)
        ]
        use = self.used.get(name)
        values += [y for x in (sorted(use.limits) if use is not None else ()) for y in (x, x - 1, x + 1)]
        values += sorted((x for x in use.words if isinstance(x, str)) if use is not None else ())
        known = [
            x for x in dict.fromkeys(values) if not isinstance(x, Fraction) or all(row.domain.holds(x) for row in pair)
        ]
        marks = [Entry(value=x, text=str(x), mark=mark) for x in known for mark in self._marks(pair[1], x)]
        return [*((_entry(x),) for x in known), *((x,) for x in marks), (), LEFT_OUT]

    def _edges(self, rules: Rules, row: p.PlanIndicator) -> Iterator[Value]:
        """Both ends, and one number between, of every range on which a rubric does one thing; the words it knows."""
        if row.scoring is None:
            yield from (Fraction(n) for n in (0, 1) if row.domain.holds(Fraction(n)))
            return
        rule = rules.rule(row, self.period)
        if rule is None:
            return
        own = uses(rule.conditions, rule.awards).get("actual")
        if own is not None:
            yield from sorted(x for x in own.words if isinstance(x, str))
        yield from rule.words
        yield from _ends(rule, row.domain)

    def _marks(self, row: p.PlanIndicator, value: Value) -> list[Fraction]:
        """Marks an assessor may give to a value: both limits, and a step inside each."""
        engine = Engine(self.two.new.plan, Observed({}, {}, {}), self.period, None)
        ranged = (
            engine.decide(row.scoring, engine.frame(row, _entry(value))).ranged if row.scoring is not None else None
        )
        if ranged is None:
            return []
        low, high = ranged
        size = Fraction(1, 10**self.two.new.plan.rounding)
        return sorted({x for x in (low, low + size, high - size, high) if low <= x <= high})

    def _of_input(self, item: p.PlanInput) -> list[Given]:
        if item.is_word:
            mentioned = self.used[f"input:{item.name}"].words if f"input:{item.name}" in self.used else set()
            return [*(item.words or sorted(str(x) for x in mentioned)), None]
        use = self.used.get(f"input:{item.name}")
        near = [y for x in (sorted(use.limits) if use is not None else ()) for y in (x, x - 1, x + 1)]
        found = [x for x in dict.fromkeys([*near, *BEYOND]) if item.domain.holds(x)][: 2 * MOST_EACH]
        return [*found, None]

    # ---- scoring

    def seen(self, given: dict[str, Given], *, back: bool = False) -> Observed:
        """The observations of one trial, ``back`` under the names of the old rules."""
        entries: dict[str, tuple[Entry, ...]] = {}
        inputs: dict[str, Value] = {}
        spent: dict[str, Fraction] = {}
        for name, value in given.items():
            kind, _, path = (self.back.get(name, name) if back else name).partition(":")
            if isinstance(value, tuple):
                entries[path] = value
            elif kind == "spent" and isinstance(value, Fraction):
                spent[path] = value
            else:
                inputs[path] = value
        return Observed(entries, inputs, spent)

    def card(self, plan: p.Plan, given: dict[str, Given], *, back: bool = False) -> Card:
        """What the engine makes of it."""
        made, _ = evaluate(plan, self.seen(given, back=back), self.period)
        return Card(made.total, made.low, made.high, made.grade, tuple((x.name, x.decided) for x in made.awards))

    def score(self, name: str, given: dict[str, Given]) -> Fraction | None:
        """What the new rules give one row."""
        engine = Engine(self.two.new.plan, self.seen(given), self.period, None)
        return engine.indicator(name.partition(":")[2]).score

    def text(self, name: str, value: Given) -> str:
        """A value as a table has it; empty where nothing is given."""
        if not isinstance(value, tuple):
            unit = next((x.unit for x in self.two.new.plan.inputs if f"input:{x.name}" == name), None)
            return _written(value, unit or NO_UNIT)
        pair = self.rows[name]
        target = next((x for x in pair[1].targets if x.period == self.period), None)
        unit = (target.unit if target is not None else None) or pair[1].unit or NO_UNIT
        unit = (
            attrs.evolve(unit, text="") if target is not None and isinstance(target.target.meaning, Deadline) else unit
        )
        parts = [
            _written(x.value, unit) + (f"（{format_number(x.mark)}）" if x.mark is not None else "")
            if x.value is not None
            else x.text
            for x in value
        ]
        return "、".join(f"{part}×{x.times}" if x.times != 1 else part for part, x in zip(parts, value, strict=True))


def _entry(value: Value, item: str = "") -> Entry:
    return Entry(value=value, text=str(value), item=item)


def _written(value: Value, unit: Unit) -> str:
    if isinstance(value, Fraction):
        return format_number(value / unit.scale) + unit.text
    return "" if value is None else str(value)


def _ends(rule: Rule, domain: Domain) -> Iterator[Fraction]:
    exact = Exact(domain_range(domain), domain.step if domain.whole else None)
    whole = domain_range(domain)
    found: dict[Fraction, None] = {}
    for cell, _ in islice(outcomes(rule, exact.common(whole, whole) or whole, exact), 2 * MOST_EACH):
        ends = [e.at for e in cell if not e.infinite and not e.outside]
        found |= dict.fromkeys([*ends, exact.sample(cell)])
    yield from (x for x in found if domain.holds(x))
