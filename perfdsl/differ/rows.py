"""One indicator in both rules: its score as a function of the actual, period by period, and what is written otherwise."""

from fractions import Fraction

import attrs

from perfdsl import plan as p
from perfdsl.core import TRUE, Domain, Expr, Ref, references
from perfdsl.differ.decide import compared
from perfdsl.differ.examples import example_of, examples_of_entries, periods_between, reached
from perfdsl.differ.found import DIFFERS, OPEN, SAME, Change, RowDifference, Stretch, worst
from perfdsl.differ.match import Matched
from perfdsl.differ.normal import key
from perfdsl.differ.ranges import Pair, compare_rules
from perfdsl.differ.rule import Rule, Rules, inside
from perfdsl.differ.worlds import Possible, Use, uses
from perfdsl.differ.written import PERIODS, expressions, row_changes
from perfdsl.quantity import NO_UNIT, Unit
from perfdsl.target import Deadline

COMPUTED, UNREACHED = "formula", "unreached"


class Two:
    """Both rules side by side, and what their inputs can be."""

    def __init__(self, old: p.Plan, new: p.Plan, found: Matched) -> None:
        names = found.names
        self.old = Rules(old, names, side="old")
        self.new = Rules(new, {}, side="new")
        self.inputs = _possible(old, names) | _possible(new, {})
        opened = [(a, b) for a, b in found.rows if not self._alike(a, b)]
        if opened:
            self.old = Rules(old, names, frozenset("/".join(a.path) for a, _ in opened), "old")
            self.new = Rules(new, {}, frozenset("/".join(b.path) for _, b in opened), "new")
        self.looked = {n for x in (self.old, self.new) for e in expressions(x.plan)
                       for n in (names.get(n, n) if x is self.old else n for n in references(e))}  # fmt: skip
        self.looked |= {x.of if plan is new else names.get(x.of, x.of) for plan in (old, new) for x in plan.comparisons}

    def _alike(self, a: p.PlanIndicator, b: p.PlanIndicator) -> bool:
        if a.formula is None and b.formula is None:
            return True
        return a.domain == b.domain and self.same(a.formula, b.formula)

    def pairs(self, before: Expr | None, after: Expr | None) -> list[tuple[Expr | None, Expr | None]]:
        """Both expressions as they are in each period."""
        return [
            (self.old.settled(before, period) if before is not None else None,
             self.new.settled(after, period) if after is not None else None)
            for period in PERIODS
        ]  # fmt: skip

    def same(self, before: Expr | None, after: Expr | None) -> bool:
        """Are two expressions written alike in every period?"""
        return all(key(a) == key(b) for a, b in self.pairs(before, after))

    def equal(self, before: Expr | None, after: Expr | None, *, truth: bool, absent: Expr = TRUE) -> bool:
        """Are two conditions (or numbers) proved equal in every period?  ``absent`` is what one that is not written stands for."""
        return all(
            not any(compared(a or absent, b or absent, self.inputs, truth=truth)) for a, b in self.pairs(before, after)
        )


def _possible(plan: p.Plan, names: dict[str, str]) -> dict[str, Possible]:
    made = {f"input:{x.name}": Possible(x.domain, x.words if x.is_word else ()) for x in plan.inputs}
    for row in plan.indicators:
        name = f"value:{'/'.join(row.path)}"
        made[names.get(name, name)] = Possible(row.domain)
    return made


def compare_row(two: Two, old: p.PlanIndicator, new: p.PlanIndicator) -> RowDifference:
    """Decide one pair of rows."""
    made = RowDifference(
        path=new.path,
        was=old.path,
        effect=SAME,
        unit=_unit(new) or _unit(old),
        dated=any(isinstance(x.target.meaning, Deadline) for x in (*old.targets, *new.targets)),
        changes=tuple(row_changes(two, old, new)),
    )
    if old.scoring is None or new.scoring is None:
        lost = DIFFERS if (old.scoring is None) != (new.scoring is None) else SAME
        made = attrs.evolve(made, changes=tuple(_as_looked_at(two, old, new, x) for x in made.changes))
        return attrs.evolve(made, effect=worst([lost, *(x.effect for x in made.changes)]))
    if old.scoring.entries is not None or new.scoring.entries is not None:
        made = _entries(two, old, new, made)
    else:
        made = _values(two, old, new, made)
    return attrs.evolve(made, effect=worst([made.effect, *(x.effect for x in made.changes)]))


def _as_looked_at(two: Two, old: p.PlanIndicator, new: p.PlanIndicator, change: Change) -> Change:
    """What a change of a row without points does to the results of those that look at its value.

    Another formula is put in where its value is looked at, and so is decided there; among objects that are compared it is not.
    """
    path = "/".join(new.path)
    if not {f"value:{path}", f"met:{path}"} & two.looked or change.effect != SAME:
        return change
    placed = any(
        two.old.names.get(x.of, x.of) == f"value:{path}"
        for plan in (two.old.plan, two.new.plan)
        for x in plan.comparisons
    )
    match change.what:
        case "formula" if placed and not two.same(old.formula, new.formula):
            return attrs.evolve(change, effect=OPEN)
        case "domain" if new.formula is None and old.formula is None:
            return attrs.evolve(change, effect=DIFFERS)  # a value that only one of the rules takes
        case "domain" if placed:
            return attrs.evolve(change, effect=OPEN)
        case "words":
            return attrs.evolve(change, effect=OPEN)
    return change


def _unit(row: p.PlanIndicator) -> Unit | None:
    return next((x.unit for x in row.targets if x.unit is not None), row.unit)


def _once(found: list[Stretch]) -> tuple[Stretch, ...]:
    """Without what is there again for every period."""
    known: dict[Stretch, list[str]] = {}
    for stretch in found:
        known.setdefault(attrs.evolve(stretch, period=""), []).append(stretch.period)
    every = set(PERIODS)
    return tuple(attrs.evolve(stretch, period=period) for stretch, periods in known.items()
                 for period in ([""] if set(periods) == every else periods))  # fmt: skip


def _values(two: Two, old: p.PlanIndicator, new: p.PlanIndicator, made: RowDifference) -> RowDifference:
    stretches: list[Stretch] = []
    doubts: dict[str, None] = {}
    variable, example = "", None
    size = (made.unit or NO_UNIT).scale
    for period in periods_between(two, old, new):
        before, after = two.old.rule(old, period), two.new.rule(new, period)
        inputs = two.inputs
        if not _same_formula(two, old, new, period):
            composed = _composed(two, old, new, period, before, after)
            if composed is None:
                example = example or example_of(two, old, new, period)
                doubts[COMPUTED] = None
                continue
            before, after, variable = composed
            size = Fraction(1)
        elif (over := _over_one_input(two, new, before, after)) is not None:
            before, after, variable = over
            size = Fraction(1)
        found = compare_rules(Pair(old=before, new=after, period=period, size=size, inputs=inputs))
        if found.stretches and new.formula is not None and not variable:
            through = _composed(two, old, new, period, before, after)
            if through is not None:  # over the one input it is decided whether a value that differs can come up
                exact = compare_rules(Pair(old=through[0], new=through[1], period=period, inputs=inputs))
                found = found if exact.stretches else exact
            elif not any(reached(two, old, new, period, x) for x in found.stretches):
                example = example or example_of(two, old, new, period)
                doubts[UNREACHED] = None
        stretches += found.stretches
        doubts.update(dict.fromkeys(found.doubts))
        if found.doubts and not found.stretches:
            example = example or example_of(two, old, new, period)
    proved = stretches and UNREACHED not in doubts
    effect = DIFFERS if proved or example else OPEN if doubts else SAME
    unit = None if variable else made.unit
    return attrs.evolve(made, effect=effect, stretches=_once(stretches), doubts=tuple(doubts), variable=variable,
                        example=None if proved else example, unit=unit)  # fmt: skip


# ---- computed values


def _same_formula(two: Two, old: p.PlanIndicator, new: p.PlanIndicator, period: str) -> bool:
    if old.formula is None or new.formula is None:
        return old.formula is new.formula
    return key(two.old.settled(old.formula, period)) == key(two.new.settled(new.formula, period))


def _over_one_input(
    two: Two, row: p.PlanIndicator, before: Rule | None, after: Rule | None
) -> tuple[Rule, Rule, str] | None:
    """Both rules over the one input they compute with, where of the row's own actual they at most ask whether it is there."""
    if before is None or after is None or before.identity() == after.identity():
        return None
    used = uses([*before.conditions, *after.conditions], [*before.awards, *after.awards])
    names = [name for name, use in used.items() if use.computed]
    own = used.get("actual", Use())
    if own.limits or own.words or before.domain != after.domain or len(names) != 1 or names[0] not in two.inputs:
        return None
    over = {names[0]: Ref("actual"), "actual": Ref(f"value:{'/'.join(row.path)}")}
    first, second = (
        attrs.evolve(x.with_names(over), domain=two.inputs[names[0]].domain, words={}) for x in (before, after)
    )
    return first, second, names[0]


def _composed(
    two: Two, old: p.PlanIndicator, new: p.PlanIndicator, period: str, before: Rule | None, after: Rule | None
) -> tuple[Rule | None, Rule | None, str] | None:
    """Both rules over the one input their formulas are made of; None where there are several."""
    if old.formula is None or new.formula is None:
        return None
    formulas = two.old.settled(old.formula, period), two.new.settled(new.formula, period)
    names = references(formulas[0]) | references(formulas[1])
    name = next(iter(names), "")
    if len(names) != 1 or ":" not in name:
        return None
    within = two.inputs.get(name, Possible()).domain
    first, second = (_through(rule, formula, row.domain, name, within)
                     for rule, formula, row in zip((before, after), formulas, (old, new), strict=True))  # fmt: skip
    return first, second, name


def _through(rule: Rule | None, formula: Expr, domain: Domain, name: str, within: Domain) -> Rule | None:
    """A rule over the input of the row's formula; a value outside the row's domain counts as none."""
    if rule is None:
        return None
    made = rule.with_names({"actual": inside(formula, domain)}).with_names({name: Ref("actual")})
    return attrs.evolve(made, domain=within, words={})


# ---- several entries


def _entries(two: Two, old: p.PlanIndicator, new: p.PlanIndicator, made: RowDifference) -> RowDifference:
    """Equal where entries are put together alike and each is worth the same; else an example decides."""
    assert old.scoring is not None and new.scoring is not None  # the caller looked
    alike = attrs.evolve(old.scoring, name="", cases=()) == attrs.evolve(new.scoring, name="", cases=())
    alike = alike and two.old.plan.rounding == two.new.plan.rounding
    stretches: list[Stretch] = []
    doubts: dict[str, None] = {} if alike else {"entries": None}
    for period in periods_between(two, old, new):
        before, after = two.old.rule(old, period), two.new.rule(new, period)
        if (old.scoring.entries is None) == (new.scoring.entries is None):
            found = compare_rules(Pair(old=before, new=after, period=period, inputs=two.inputs))
            stretches += found.stretches
            doubts.update(dict.fromkeys(found.doubts))
    if not stretches and not doubts:
        return made
    example = next(examples_of_entries(two, old, new, stretches), None)
    effect = DIFFERS if example is not None else OPEN
    return attrs.evolve(made, effect=effect, stretches=_once(stretches), doubts=tuple(doubts), example=example)
