"""Plans into a store: each taken apart into the shapes, readings and numbers of its rows, and the sums above them."""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from math import ceil, floor, lcm
from typing import TYPE_CHECKING, Any

import attrs

from perfdsl import plan as p
from perfdsl.actuals import Observed
from perfdsl.batch import classes_of
from perfdsl.evaluate import Engine
from perfdsl.integers import units_of
from perfdsl.mixed import facts as f
from perfdsl.mixed import store as s
from perfdsl.mixed.at_hand import AtHand
from perfdsl.mixed.shapes import BOTTOM, Shaped, ceiling_row, reading, shaped, strings
from perfdsl.mixed.trial import why_not
from perfdsl.observe import row_names
from perfdsl.quantity import fold_width

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 10**10  # in base units; with BOTTOM inside 62 bits
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
                yield pa.Table.from_pylist(made, schema())
                made = []
        if made:
            yield pa.Table.from_pylist(made, schema())

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
        words = _plan_words(plan)
        places = {g.path: n for n, g in enumerate(plan.groups)}
        counted = _counted(plan, engine)
        facts = f.facts_of(plan)
        cells = {f"value:{'/'.join(x.path)}": n for n, x in enumerate(plan.indicators)}
        for n, fact in enumerate(facts, len(cells) + len(plan.ceilings)):
            cells.setdefault(fact.key, n)
        at_hand = AtHand(engine, frozenset(x.key for x in facts))
        taken = [self.shaped(at_hand, row) for row in plan.indicators]
        asked: dict[str, dict[str, None]] = {}
        for made in taken:
            for key in made.facts:
                asked.setdefault(key, {}).update(dict.fromkeys(made.words))
        rows = []
        for row, made in zip(plan.indicators, taken, strict=True):
            others = asked.get(f"value:{'/'.join(row.path)}", {})
            rows.append(self.row(plan, row, made, (*made.words, *(x for x in others if x not in made.words)), words, engine, units) | {
                "parent": s.APART if row.path not in counted else places.get(row.path[:-1], s.ROOT),
                "uses": [cells[x] for x in made.facts]})  # fmt: skip
        for ceiling in plan.ceilings:
            capped = shaped(at_hand, ceiling_row(ceiling))
            if isinstance(capped, str) or self.not_covered(capped.shape):
                raise _Whole("ceilings")
            rows.append(self.ceiling(plan, ceiling, capped, units) | {"uses": [cells[x] for x in capped.facts]})
        groups = [self.group(plan, x, engine, units, places, counted) for x in plan.groups]
        total = s.NO_POINTS if plan.total is None else _int(plan.total * units)
        most = plan.most if plan.most is not None else plan.total or Fraction(0)
        return {"object": plan.object, "reason": "", "plan": "", "places": plan.rounding, "units": units,
                "policy": s.POLICY[plan.not_applicable], "total": total, "most": _int(most * units), "scheme": self.scheme(plan, units),
                "rows": rows, "groups": groups, "names": _names(plan) + [{"name": x, "cell": n + len(rows), "exact": True} for x, n in f.names_of(plan, facts)],
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

    def shaped(self, at_hand: AtHand, row: p.PlanIndicator) -> Shaped:
        """One indicator taken apart, if it can be."""
        made = shaped(at_hand, row)
        if isinstance(made, str):
            raise _Whole(made)
        if made.facts and (why := self.not_covered(made.shape)):
            raise _Whole(why)
        return made

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
            if BOTTOM % value.denominator or abs(value) > MOST:
                raise _Whole("a number too long to be a column")
        at = self.shape_of.get(made.shape)
        if at is None:
            at = self.shape_of[made.shape] = len(self.store.shapes)
            self.store.shapes.append(made.shape)
            self.store.numbers.append([s.Number.of(x) for x in made.numbers])
        for known, value in zip(self.store.numbers[at], made.numbers, strict=True):
            known.add(value)
        return at

    def ceiling(self, plan: p.Plan, ceiling: p.PlanCeiling, made: Shaped, units: int) -> dict[str, Any]:
        """A ceiling as a row nobody sees, which does not apply where its condition does not hold."""
        names = [x.name for x in plan.grades]
        return {
            "path": "", "parent": s.APART, "shape": self.shape(made), "reading": self.reading(p.Plan(kind="project", object=""), made.words), "points": s.NO_POINTS,
            "bonus": False, "scored": False, "low": 0, "high": 0, "open_low": 0, "open_high": 0, "target": "", "computed": False, "ceiling": True,
            "cap": s.NO_POINTS if ceiling.total is None else _int(ceiling.total * units), "worst": names.index(ceiling.grade) + 1 if ceiling.grade in names else 0,
            "tops": [x.numerator for x in made.numbers], "bottoms": [x.denominator for x in made.numbers],
        }  # fmt: skip

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
        own = {_bare(x) for x in told}
        read = self.reading(reading(plan, row, self.period, tuple(w for bare, w in words.items() if bare in own)), told)
        scoring = row.scoring
        open_low, open_high = engine.open(row)[2:4] if scoring else (Fraction(0), Fraction(0))
        target = next((x.target.text for x in row.targets if x.period == self.period), "")
        return {
            "path": "/".join(row.path), "shape": at, "reading": read, "points": s.NO_POINTS if row.points is None else _int(row.points * units),
            "bonus": row.bonus, "scored": scoring is not None, "low": _int(scoring.low * units) if scoring else 0,
            "high": _int(scoring.high * units) if scoring else 0, "open_low": _int(open_low * units), "open_high": _int(open_high * units),
            "target": target, "computed": row.formula is not None,
            "ceiling": False, "cap": s.NO_POINTS, "worst": 0, "tops": [x.numerator for x in made.numbers], "bottoms": [x.denominator for x in made.numbers],
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
            "depth": len(group.path), "kind": kind, "points": s.NO_POINTS if points is None or block else _int(points * units),
            "low": None if low is None else _int(low * units), "high": None if high is None else _int(high * units),
        }  # fmt: skip

    def scheme(self, plan: p.Plan, units: int) -> int:
        """The grades as limits on whole units of the total."""
        bands = [] if not plan.total else [_band(x, plan.total, units) for x in plan.grades]
        key = tuple(bands)
        if key not in self.scheme_of:
            self.scheme_of[key] = len(self.store.schemes)
            self.store.schemes.append(key)
        return self.scheme_of[key]


def schema() -> "pa.Schema":
    """A row a plan; amounts are whole ``1/units`` of a point; cells are the rows of a plan and then its facts, by number."""
    import pyarrow as pa

    row = pa.struct({
        "path": pa.string(), "parent": pa.int32(), "shape": pa.int32(), "reading": pa.int32(), "points": pa.int64(), "bonus": pa.bool_(),
        "scored": pa.bool_(), "low": pa.int64(), "high": pa.int64(), "open_low": pa.int64(), "open_high": pa.int64(), "target": pa.string(),
        "computed": pa.bool_(), "ceiling": pa.bool_(), "cap": pa.int64(), "worst": pa.int32(), "tops": pa.list_(pa.int64()), "bottoms": pa.list_(pa.int64()), "uses": pa.list_(pa.int32()),
    })  # fmt: skip
    group = pa.struct({"path": pa.string(), "parent": pa.int32(), "depth": pa.int32(), "kind": pa.int8(), "points": pa.int64(),
                       "low": pa.int64(), "high": pa.int64()})  # fmt: skip
    name = pa.struct({"name": pa.string(), "cell": pa.int32(), "exact": pa.bool_()})
    fact = pa.struct({"key": pa.string(), "alias": pa.string(), "sort": pa.int8(), "reading": pa.int32()})
    return pa.schema({
        "object": pa.string(), "reason": pa.string(), "plan": pa.string(), "places": pa.int32(), "units": pa.int64(), "policy": pa.int8(),
        "total": pa.int64(), "most": pa.int64(), "scheme": pa.int32(), "rows": pa.list_(row), "groups": pa.list_(group), "names": pa.list_(name),
        "facts": pa.list_(fact),
    })  # fmt: skip


def _int(value: Fraction) -> int:
    assert value.denominator == 1, value  # the units were chosen for it
    return value.numerator


def _band(band: p.PlanBand, total: Fraction, units: int) -> tuple[str, int | None, int | None]:
    low: int | None = None
    high: int | None = None
    for op, limit in band.limits:
        edge = limit * total * units / 100
        if op in (">=", ">", "="):
            least = ceil(edge) if op != ">" else floor(edge) + 1
            low = least if low is None else max(low, least)
        if op in ("<=", "<", "="):
            most = floor(edge) if op != "<" else ceil(edge) - 1
            high = most if high is None else min(high, most)
    return band.name, low, high


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


def _plan_words(plan: p.Plan) -> dict[str, str]:
    """The words of all rubrics without the accidents of typing; two that differ only in those would be read by the whole plan."""
    found: dict[str, str] = {}
    every: dict[str, str] = {}
    above = [x.applies for x in plan.groups if x.applies is not None]
    above += [x.condition for x in plan.ceilings] + [x.condition for x in plan.awards]
    for row in plan.indicators:
        exprs = [x for case in (row.scoring.cases if row.scoring else ()) for x in (case.when, case.award)]
        exprs += [x for x in (row.formula, row.applies, *above) if x is not None]
        for word in (w for x in exprs for w in strings(x)):
            found.setdefault(_bare(word), word)
        exprs += [
            y
            for x in row.targets
            for y in (x.judge.met, x.judge.completion, x.judge.gap, x.judge.excess, x.judge.target)
        ]
        for word in (w for x in exprs for w in strings(x)):
            if every.setdefault(_bare(word), word) != word:
                raise _Whole("words that differ only in spaces or width")
    return found


def _bare(text: str) -> str:
    return "".join(fold_width(text).split()).rstrip("。.")


def _names(plan: p.Plan) -> list[dict[str, Any]]:
    """What each row may be called without doubt: its name, its short name, its path."""
    found: dict[str, set[int]] = {}
    for n, row in enumerate(plan.indicators):
        for name in {row.path[-1], row.alias} - {""}:
            found.setdefault(fold_width(" ".join(name.split())), set()).add(n)
    taken: list[dict[str, Any]] = [
        {"name": name, "cell": next(iter(rows)), "exact": False} for name, rows in found.items() if len(rows) == 1
    ]
    paths = ["/".join(x.path) for x in plan.indicators]
    ends = ["/" + x for x in paths]
    for n, path in enumerate(paths):
        if "/" in path and fold_width(path) not in found and sum(x.endswith(ends[n]) for x in ends) == 1:
            taken.append({"name": path, "cell": n, "exact": False})
    return taken
