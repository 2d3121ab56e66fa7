"""Objects scored together: each by the exact engine, with its place among the others (docs/language.md, section 12).

What is compared is asked of every object when it is first needed.  The compiler has shown that no place is made from
itself, so that this is the same as working out first all that needs no place, then the places, then the rest.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.actuals import Observed
from perfdsl.diagnostics import Diagnostic, Kind
from perfdsl.evaluate import CLASS_OF_ONE, NOT_ALIKE, NOT_PLACED, Engine, Place, Values
from perfdsl.explain import number_text, placed, subject_words
from perfdsl.quantity import Unit, format_number
from perfdsl.scorecard import Scorecard, Standing
from perfdsl.text import NOWHERE

FEW = 3
SOUGHT = {
    "rank": ("名次", "place"),
    "best": ("最优值", "best value"),
    "worst": ("最差值", "worst value"),
    "size": ("家数", "number of objects"),
}
HERE = Place(Fraction(0), Fraction(0), "", True, None)
PERCENT = Unit("%", Fraction(1, 100), (("%", 1),))


class Member(NamedTuple):
    """One of the objects scored together: its plan and what was observed of it."""

    plan: p.Plan
    observed: Observed


class Scored(NamedTuple):
    """The card of one object, what was found about its marks, points and places, and the evaluation itself."""

    card: Scorecard
    found: list[Diagnostic]
    engine: Engine


def evaluate_together(members: Sequence[Member], period: str = "full", as_of: date | None = None) -> list[Scored]:
    """Score all ``members`` for ``period`` as of a day (default: its end), in their order.

    One member alone is what ``evaluate`` makes of it: it has no place, and a finding says so.
    """
    return [Scored(engine.card(), engine.found, engine) for engine in engines_of(members, period, as_of)]


def engines_of(members: Sequence[Member], period: str = "full", as_of: date | None = None) -> list[Engine]:
    """The engines that score ``members`` together, in their order; one alone has no peers."""
    engines = [Engine(member.plan, member.observed, period, as_of) for member in members]
    cohort = Cohort(engines)
    for engine in engines if len(engines) > 1 else ():
        engine.peers = cohort
    return engines


class Value(NamedTuple):
    """The value of a comparison for one object, or why there is none: a kind of finding and its words."""

    value: Fraction | None
    tied: bool = False
    why: Kind | None = None


@attrs.define(eq=False)
class Circle:
    """Those that are compared with each other, every number turned so that more is better; lists go from low to high.

    ``known`` are the certain values, ``different`` each of them once.  Of the ``open`` ones ``tops`` are the most they can be, ``floors`` the least of
    those that take part for certain (what has no limit is in neither list), ``names`` whose they are; ``unsure`` of
    them may take no part at all.
    """

    known: list[Fraction] = attrs.Factory(list)
    different: list[Fraction] = attrs.Factory(list)
    tops: list[Fraction] = attrs.Factory(list)
    floors: list[Fraction] = attrs.Factory(list)
    names: list[str] = attrs.Factory(list)
    unsure: int = 0
    measures: set[object] = attrs.Factory(set)

    @property
    def open(self) -> int:
        """How many have no certain value."""
        return len(self.names)

    @property
    def members(self) -> int:
        """All that take part for certain."""
        return len(self.known) + self.open - self.unsure

    def add(self, name: str, place: Place, sign: int) -> None:
        """One more object."""
        self.measures.add(place.measure)
        if place.sure and place.low is not None and place.low == place.high:
            self.known.append(sign * place.low)
            return
        low, high = (place.low, place.high) if sign > 0 else (place.high, place.low)
        self.names.append(name)
        self.unsure += not place.sure
        if high is not None:
            self.tops.append(sign * high)
        if low is not None and place.sure:
            self.floors.append(sign * low)

    def sort(self) -> None:
        """All are here."""
        for values in (self.known, self.tops, self.floors, self.names):
            values.sort()
        self.different = sorted(set(self.known))

    def ahead(self, value: Fraction, ties: str) -> int | None:
        """How many open ones are counted before a certain value; None unless that holds whatever they come to.

        One that may be equal does not matter, but where those that tie all take the last of their places.
        """
        before = bisect_left if ties == "last" else bisect_right
        better, behind = len(self.floors) - before(self.floors, value), before(self.tops, value)
        return better if better + behind == self.open else None

    def rank(self, value: Fraction, ties: str) -> Fraction | None:
        """The place of a certain value."""
        ahead = self.ahead(value, ties)
        if ahead is None or (ties == "dense" and ahead):
            return None
        above = len(self.known) - bisect_right(self.known, value)
        match ties:
            case "dense":
                return Fraction(1 + len(self.different) - bisect_right(self.different, value))
            case "last":
                return Fraction(above + self.same(value) + ahead)
        return Fraction(1 + above + ahead)

    def same(self, value: Fraction) -> int:
        """How many certain values are equal to it."""
        return bisect_right(self.known, value) - bisect_left(self.known, value)

    def best(self) -> Fraction | None:
        """The best value, where no open one can be better."""
        limited = len(self.tops) == self.open and (not self.tops or self.known[-1:] >= self.tops[-1:])
        return self.known[-1] if self.known and limited else None


class Cohort:
    """The objects scored together, as each of them may ask."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self.engines = engines
        self.circles: dict[tuple[str, str, str], dict[str, Circle]] = {}
        self.working: set[tuple[str, str, str]] = set()
        self.brought: dict[tuple[str, Engine], Place | None] = {}
        self.guest: Engine | None = None

    def instead(self, engine: Values, other: Values) -> "Cohort":
        """The same objects, with ``other`` in the place of ``engine``; what the rest brings to comparisons stays."""
        assert isinstance(other, Engine)  # only engines are scored together
        made = Cohort([other if one is engine else one for one in self.engines])
        made.brought, made.guest = self.brought, other
        return made

    def beside(self, engine: Values, comparison: c.Comparison) -> Mapping[str | None, Counter[Place]]:
        """What the others bring to a comparison, by their class (None: not given)."""
        found: dict[str | None, Counter[Place]] = {}
        for one in self.engines:
            if one is not engine and self.takes_part(one, comparison):
                place = self.place(one, comparison)
                if place is not None:
                    group = one.group_of(comparison.within) if comparison.within else ""
                    found.setdefault(group, Counter())[place._replace(shown="")] += 1
        return found

    def place(self, engine: Engine, comparison: c.Comparison) -> Place | None:
        """What one object brings to a comparison, asked for once; a guest's is not kept for others."""
        key = (comparison.of, engine)
        if engine is self.guest or not comparison.of:
            return engine.place(comparison.of) if comparison.of else HERE
        if key not in self.brought:
            self.brought[key] = engine.place(comparison.of)
        return self.brought[key]

    @staticmethod
    def takes_part(engine: Engine, comparison: c.Comparison) -> bool:
        """Do the rules of the object ask for the class, where only those of one class are compared?"""
        return not comparison.within or engine.knows(comparison.within)

    def standing(self, engine: Values, comparison: c.Comparison) -> Standing:
        """Where one object stands."""
        assert isinstance(engine, Engine)  # the engines of this cohort ask
        place = self.place(engine, comparison)
        group = engine.group_of(comparison.within) if comparison.within else ""
        zh, en = subject_words(comparison.of)
        if group is None:
            return Standing(word=comparison.word, what=comparison.what, value=None, reason_zh=f"没有填“{comparison.within}”",
                            reason_en=f"“{comparison.within}” is not given")  # fmt: skip
        circle = self.circle(comparison).get(group)
        if place is None or circle is None:
            return Standing(word=comparison.word, what=comparison.what, value=None, group=group, outside=place is None,
                            reason_zh=f"不参加{zh}的比较", reason_en=f"takes no part in comparing {en}")  # fmt: skip
        made = _value(circle, place, comparison)
        base = Standing(
            word=comparison.word,
            what=comparison.what,
            value=made.value,
            members=circle.members,
            group=group,
            tied=made.tied,
        )
        if made.value is not None:
            if circle.members == 1 and comparison.what != "size":
                engine.report(CLASS_OF_ONE, NOWHERE, word=comparison.word, name=engine.plan.object)
            shown = _shown(engine, comparison, made.value)
            zh, en = placed(comparison, base, place.shown, shown)
        elif made.why is None:
            zh, en = f"{zh}还没有定，排不出名次", f"{en} is open, so there is no place"
        elif made.why is NOT_ALIKE:
            engine.report(NOT_ALIKE, NOWHERE, word=comparison.word)
            zh, en = f"各对象{zh}的满分或单位不同", f"full marks or units of {en} differ"
        else:
            others = "、".join(circle.names[:FEW]) + ("等" if len(circle.names) > FEW else "")
            engine.report(NOT_PLACED, NOWHERE, word=comparison.word, name=engine.plan.object, others=f"{others}的{zh}")
            sought, sought_en = SOUGHT.get(comparison.what, SOUGHT["rank"])
            zh, en = f"{zh}的{sought}还定不了（{others}）", f"the {sought_en} by {en} is open ({others})"
        return attrs.evolve(base, reason_zh=zh, reason_en=en)

    def circle(self, comparison: c.Comparison) -> dict[str, Circle]:
        """All that are compared, by their class, worked out once; one whose class is not given may be in any."""
        key = (comparison.of, comparison.within, comparison.order)
        if key not in self.circles:
            if key in self.working:
                return {}  # only a plan written by hand can go in circles
            self.working.add(key)
            self.circles[key] = self._circles(comparison)
            self.working.discard(key)
        return self.circles[key]

    def _circles(self, comparison: c.Comparison) -> dict[str, Circle]:
        sign = 1 if comparison.order == "high" else -1
        found: dict[str, Circle] = {}
        anywhere: list[tuple[str, Place]] = []
        for engine in self.engines:
            place = self.place(engine, comparison)
            if place is None or not self.takes_part(engine, comparison):
                continue
            group = engine.group_of(comparison.within) if comparison.within else ""
            if group is None:
                anywhere.append((engine.plan.object, place._replace(sure=False)))
            else:
                found.setdefault(group, Circle()).add(engine.plan.object, place, sign)
        for circle in found.values():
            for name, place in anywhere:
                circle.add(name, place, sign)
            circle.sort()
        return found


def _value(circle: Circle, place: Place, comparison: c.Comparison) -> Value:
    """The value of a comparison for an object that brings ``place``."""
    if not place.sure:
        return Value(None)  # whether there is a place at all is open
    if comparison.what == "size":
        return Value(None, why=NOT_PLACED) if circle.unsure else Value(Fraction(circle.members))
    if len(circle.measures) > 1:
        return Value(None, why=NOT_ALIKE)
    sign = 1 if comparison.order == "high" else -1
    if comparison.what in ("best", "worst"):
        best = circle.best()
        return Value(None, why=NOT_PLACED) if best is None else Value(sign * best)
    if place.low is None or place.low != place.high:
        return Value(None)
    own = sign * place.low
    rank = circle.rank(own, comparison.ties)
    if rank is None or (comparison.what == "rank_share" and circle.unsure):
        return Value(None, why=NOT_PLACED)
    tied = circle.same(own) > 1
    return Value(rank / circle.members if comparison.what == "rank_share" else rank, tied)


def _shown(engine: Engine, comparison: c.Comparison, value: Fraction) -> str:
    """The value of a comparison as a reader wants it."""
    kind, _, path = comparison.of.partition(":")
    if comparison.what == "rank_share":
        return number_text(value, PERCENT)
    if comparison.what not in ("best", "worst"):
        return format_number(value)
    if kind == "value":
        return engine.placed(value, engine.rows[path], True).shown
    if kind == "input":
        return engine.placed(value, next(x for x in engine.plan.inputs if x.name == path), True).shown
    return f"{format_number(value)}分"
