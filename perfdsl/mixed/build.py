"""Plans into a store: each taken apart into the shapes, readings and numbers of its rows, and the sums above them."""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

import attrs

from perfdsl import plan as p
from perfdsl.actuals import Observed
from perfdsl.batch import classes_of
from perfdsl.evaluate import Engine
from perfdsl.integers import units_of
from perfdsl.mixed import facts as f
from perfdsl.mixed import records as r
from perfdsl.mixed import store as s
from perfdsl.mixed.apart import stands_alone
from perfdsl.mixed.at_hand import AtHand, schedule_key
from perfdsl.mixed.shapes import BOTTOM, Shaped, ceiling_row, reading, shaped
from perfdsl.mixed.trial import why_not
from perfdsl.observe import row_names

if TYPE_CHECKING:
    import pyarrow as pa

MOST, LONGEST = 10**15, 1 << 62  # in base units; and the numerator of one number
UNITS = 10**9
MOST_WORDS = 64
MOST_NAMES = 10**5


class _Whole(Exception):
    """The plan is kept whole; the words say why."""


def store_of(plans: Iterable[p.Plan], period: str = "full", as_of: date | None = None, part: int = s.PART) -> s.Store:
    """The store of some plans, in memory."""
    builder = Builder(period, as_of)
    tables = list(builder.tables(plans, part))
    builder.store.parts = tables
    return builder.store


@attrs.define(eq=False)
class Builder:
    """Takes plans apart; what they share is kept in ``store``, complete when all tables are made.

    A second plan for an object is left out and named in ``twice``.  With a reason ``apart`` all plans are kept whole.
    """

    period: str = "full"
    as_of: date | None = None
    store: s.Store = attrs.field(init=False)
    shape_of: dict[p.Plan, int] = attrs.Factory(dict)
    reading_of: dict[tuple[p.Plan, tuple[str, ...]], int] = attrs.Factory(dict)
    refused: dict[p.Plan, str] = attrs.Factory(dict)
    scheme_of: dict[s.Bands, int] = attrs.Factory(dict)
    objects: set[str] = attrs.Factory(set)
    twice: list[str] = attrs.Factory(list)
    few_names: bool = True
    apart: str = ""

    def __attrs_post_init__(self) -> None:
        self.store = s.Store(
            period=self.period, as_of=self.as_of, shapes=[], numbers=[], readings=[], schemes=[], parts=()
        )

    def tables(self, plans: Iterable[p.Plan], size: int = s.PART) -> "Iterator[pa.Table]":
        """The plans in parts."""
        import pyarrow as pa

        made: list[dict[str, Any]] = []
        for plan in plans:
            if plan.object in self.objects:
                self.twice.append(plan.object)
                continue
            self.objects.add(plan.object)
            made.append(self.taken_apart(plan))
            self.store.columns |= plan.own_columns
            self.named(plan)
            self.store.count += 1
            if len(made) >= size:
                yield pa.Table.from_pylist(made, r.schema())
                made = []
        if made:
            yield pa.Table.from_pylist(made, r.schema())

    def named(self, plan: p.Plan) -> None:
        """What the rows of its actuals may be called, and its classes."""
        if self.few_names:
            self.store.names |= row_names(plan)
        if len(self.store.names) > MOST_NAMES:
            self.few_names, self.store.names = False, set()
        for name in sorted(classes_of(plan)):
            known = self.store.classes.setdefault(name, [])
            words = next((x.words for x in plan.inputs if x.name == name), ())
            known += [x for x in words if x not in known]

    def taken_apart(self, plan: p.Plan) -> dict[str, Any]:
        """One plan."""
        try:
            if self.apart:
                raise _Whole(self.apart)
            return self.parts(plan)
        except _Whole as why:
            self.store.units = lcm(
                self.store.units, units_of(Engine(plan, Observed({}, {}, {}), self.period, self.as_of))
            )
            return {"object": plan.object, "reason": str(why), "plan": s.whole_plan(plan, self.period), "places": plan.rounding, "units": 1,
                    "policy": s.OPEN, "total": s.NO_POINTS, "most": 0, "scheme": 0, "rows": [], "groups": [], "names": [], "facts": []}  # fmt: skip

    def parts(self, plan: p.Plan) -> dict[str, Any]:
        """A plan whose rows stand for themselves and whose groups only add up."""
        self.check(plan)
        engine = Engine(plan, Observed({}, {}, {}), self.period, self.as_of)
        limits = [x for i in plan.indicators if i.scoring for x in (i.scoring.low, i.scoring.high)]
        units = lcm(units_of(engine), *(x.denominator for x in limits))
        if units > UNITS:
            raise _Whole("points in many different fractions")
        self.store.units = lcm(self.store.units, units)
        words = r.words_of(plan)
        if words is None:
            raise _Whole("words that differ only in spaces or width")
        places = {g.path: n for n, g in enumerate(plan.groups)}
        counted = _counted(plan, engine)
        facts = f.facts_of(plan)
        cells = {f"value:{'/'.join(x.path)}": n for n, x in enumerate(plan.indicators)}
        for n, fact in enumerate(facts, len(cells) + len(plan.ceilings)):
            cells.setdefault(fact.key, n)
        at_hand = AtHand(engine, frozenset(x.key for x in facts))
        taken = [self.shaped(at_hand, row) for row in plan.indicators]
        gone = schedule_key(plan)
        if any(gone in x.facts for x in taken if x is not None):
            facts.append(f.Fact(gone, "", f.SCHEDULE))
            cells[gone] = len(plan.indicators) + len(plan.ceilings) + len(facts) - 1
        asked: dict[str, dict[str, None]] = {}
        for key, own in ((key, x.words) for x in taken if x is not None for key in x.facts):
            asked.setdefault(key, {}).update(dict.fromkeys(own))
        rows = []
        for row, made in zip(plan.indicators, taken, strict=True):
            parent = s.APART if row.path not in counted else places.get(row.path[:-1], s.ROOT)
            if made is None:
                rows.append(r.apart(plan, row, units, self.period) | {"parent": parent})
                continue
            others = asked.get(f"value:{'/'.join(row.path)}", {})
            told = (*made.words, *(x for x in others if x not in made.words))
            rows.append(
                self.row(plan, row, made, told, words, engine, units)
                | {"parent": parent, "uses": [cells[x] for x in made.facts]}
            )
        for ceiling in plan.ceilings:
            capped = shaped(at_hand, ceiling_row(ceiling))
            if isinstance(capped, str) or self.not_covered(capped.shape):
                raise _Whole("ceilings")
            read = self.reading(p.Plan(kind="project", object=""), capped.words)
            rows.append(r.ceiling(plan, ceiling, units) | r.numbers(capped) | {
                "shape": self.shape(capped), "reading": read, "uses": [cells[x] for x in capped.facts]})  # fmt: skip
        groups = [self.group(plan, x, engine, units, places, counted) for x in plan.groups]
        total = s.NO_POINTS if plan.total is None else r.whole(plan.total * units)
        most = plan.most if plan.most is not None else plan.total or Fraction(0)
        return {"object": plan.object, "reason": "", "plan": "", "places": plan.rounding, "units": units,
                "policy": s.POLICY[plan.not_applicable], "total": total, "most": r.whole(most * units), "scheme": self.scheme(plan, units),
                "rows": rows, "groups": groups, "names": r.names_of(plan) + [{"name": x, "cell": n + len(rows), "exact": True} for x, n in f.names_of(plan, facts)],
                "facts": [{"key": x.key, "alias": x.alias, "sort": x.sort, "reading": self.reading(*f.read_as(plan, x, sorted(words.values())))}
                          for x in facts]}  # fmt: skip

    def check(self, plan: p.Plan) -> None:
        """What the sums of all projects together do not do."""
        reasons = {
            "comparisons with other objects": plan.comparisons,
            "points moved to another group": plan.not_applicable not in s.POLICY, "择一": any(x.either for x in plan.groups),
            "factors": any(x.factor is not None for x in plan.groups),
            "a stroke in the name of a line of money": any("/" in y for t in plan.funds for x in t.lines for y in x.path),
        }  # fmt: skip
        for reason, there in reasons.items():
            if there:
                raise _Whole(reason)

    def shaped(self, at_hand: AtHand, row: p.PlanIndicator) -> Shaped | None:
        """One indicator taken apart, if it can be; None where the exact engine scores it by itself."""
        made = shaped(at_hand, row)
        why = made if isinstance(made, str) else self.not_covered(made.shape) if made.facts else ""
        if not why:
            return made  # type: ignore[return-value]  # no words
        if stands_alone(at_hand.plan, row):
            return None
        raise _Whole(why)

    def not_covered(self, shape: p.Plan) -> str:
        """Why whole-number arithmetic does not say what a shape says; "" where it does."""
        if shape not in self.refused:
            self.refused[shape] = why_not(shape, self.period, self.as_of)
        return self.refused[shape]

    def reading(self, plan: p.Plan, words: tuple[str, ...]) -> int:
        """The number of a way to read cells."""
        found = self.reading_of.get((plan, words))
        if found is None:
            found = self.reading_of[plan, words] = len(self.store.readings)
            self.store.readings.append(s.Reading(plan, words))
        return found

    def shape(self, made: Shaped) -> int:
        """The number of a shape; its numbers are looked at."""
        for value in made.numbers:
            if BOTTOM % value.denominator or abs(value) > MOST or abs(value.numerator) >= LONGEST:
                raise _Whole("a number too long to be a column")
        at = self.shape_of.get(made.shape)
        if at is None:
            at = self.shape_of[made.shape] = len(self.store.shapes)
            self.store.shapes.append(made.shape)
            self.store.numbers.append([s.Number.of(x) for x in made.numbers])
        for known, value in zip(self.store.numbers[at], made.numbers, strict=True):
            known.add(value)
        return at

    def row(
        self,
        plan: p.Plan,
        row: p.PlanIndicator,
        made: Shaped,
        told: tuple[str, ...],
        words: dict[str, str],
        engine: Engine,
        units: int,
    ) -> dict[str, Any]:
        """One indicator; ``told`` are the words of its shape and those others ask for."""
        if len(told) > MOST_WORDS:
            raise _Whole("very many words")
        at = self.shape(made)
        own = {r.bare(x) for x in told}
        read = self.reading(reading(plan, row, self.period, tuple(w for bare, w in words.items() if bare in own)), told)
        scoring = row.scoring
        open_low, open_high = engine.open(row)[2:4] if scoring else (Fraction(0), Fraction(0))
        return r.BLANK | r.of_row(row, units, self.period) | r.numbers(made) | {
            "shape": at, "reading": read, "scored": scoring is not None, "low": r.whole(scoring.low * units) if scoring else 0,
            "high": r.whole(scoring.high * units) if scoring else 0, "open_low": r.whole(open_low * units),
            "open_high": r.whole(open_high * units), "computed": row.formula is not None,
        }  # fmt: skip

    def group(
        self,
        plan: p.Plan,
        group: p.PlanGroup,
        engine: Engine,
        units: int,
        places: dict[p.Path, int],
        counted: dict[p.Path, bool],
    ) -> dict[str, Any]:
        """One group: a sum with points, a block of bonus points, or neither."""
        points = engine.counts_for(group)
        block = counted.get(group.path, False)
        kind = s.BLOCK if block else s.EMPTY if points is None else s.SUM
        low, high = group.bonus or (None, None)
        return {
            "path": "/".join(group.path), "parent": places.get(group.path[:-1], s.ROOT) if group.path in counted else s.APART,
            "depth": len(group.path), "kind": kind, "points": s.NO_POINTS if points is None or block else r.whole(points * units),
            "low": None if low is None else r.whole(low * units), "high": None if high is None else r.whole(high * units),
        }  # fmt: skip

    def scheme(self, plan: p.Plan, units: int) -> int:
        """The grades as limits on whole units of the total."""
        bands = [] if not plan.total else [r.band(x, plan.total, units) for x in plan.grades]
        key = tuple(bands)
        if key not in self.scheme_of:
            self.scheme_of[key] = len(self.store.schemes)
            self.store.schemes.append(key)
        return self.scheme_of[key]


def _counted(plan: p.Plan, engine: Engine) -> dict[p.Path, bool]:
    """The rows and groups that count in the group above them, and whether each is a block of bonus points."""
    rows = {x.path: x for x in plan.indicators}
    groups = {x.path: x for x in plan.groups}
    found: dict[p.Path, bool] = {x.path: x.bonus for x in plan.indicators if x.points is not None or x.bonus}
    for group in sorted(plan.groups, key=lambda x: -len(x.path)):
        below = [(*group.path, name) for name in group.children]
        parts = [x for x in below if x in found and (x in rows or x in groups)]
        fixed = group.points is not None or group.weight is not None
        block = group.bonus is not None or (not fixed and bool(parts) and all(found[x] for x in parts))
        if block or engine.counts_for(group) is not None:
            found[group.path] = block
    return found
