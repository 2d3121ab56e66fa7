"""Which cases, boundaries, grades and ceilings of some files their tests exercise (docs/testing.md says what counts).

Counted is what stands in the given files: rubrics, and the methods, grades and ceilings of objects.  A test exercises
what its objects go through, whether it passes or not.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl.core import Scoring
from perfdsl.evaluate import Engine, Frame
from perfdsl.plan import PlanIndicator
from perfdsl.prove import Break, Places, places
from perfdsl.quantity import format_number
from perfdsl.replay import Outcome, Trial
from perfdsl.scorecard import NOT_APPLICABLE, IndicatorScore

KINDS = ("case", "boundary", "grade", "ceiling")
SIDES = ("below", "on", "above")
GRADES, OTHERWISE = "评价等级", "otherwise"
STEP = Fraction(1, 100)


Declared = dict[tuple[str, tuple[int, ...]], s.Rubric]


class Point(NamedTuple):
    """One thing to exercise: its kind, the method or object it belongs to, what it is, and on which line."""

    kind: str
    owner: str
    what: str
    line: int


class Wish(NamedTuple):
    """How a point could be exercised: give ``text`` to the indicator ``path`` of ``thing`` in ``period``.

    For a grade ``path`` is empty and ``text`` the total, of 100.
    """

    thing: m.Object
    path: m.Path
    period: str
    text: str


@attrs.define
class Tally:
    """What a file has to exercise, in order: how often each was, and ways to do it."""

    name: str
    hits: dict[Point, int] = attrs.Factory(dict)
    wishes: dict[Point, list[Wish]] = attrs.Factory(dict)

    def exercised(self, kind: str = "") -> tuple[int, int]:
        """(exercised, all) of one kind, or of every kind."""
        counted = [hits for point, hits in self.hits.items() if kind in ("", point.kind)]
        return sum(hits > 0 for hits in counted), len(counted)

    def open(self) -> tuple[Point, ...]:
        """What nothing exercises, in order."""
        return tuple(point for point, hits in self.hits.items() if not hits)

    def expect(self, point: Point, wish: Wish | None = None) -> None:
        """There is such a point, and this is a way to it."""
        self.hits.setdefault(point, 0)
        if wish is not None and wish.text:
            self.wishes.setdefault(point, []).append(wish)

    def hit(self, point: Point) -> None:
        """A test went there."""
        if point in self.hits:
            self.hits[point] += 1


class Owner(NamedTuple):
    """Where a method counts: the tally, its name there, and the text and line of each case."""

    tally: Tally
    name: str
    cases: tuple[tuple[str, int], ...]

    def case(self, number: int) -> Point:
        """The point of a case, counted from 1."""
        text, line = self.cases[number - 1]
        return Point("case", self.name, f"{number} {text}", line)


class Edge(NamedTuple):
    """One side of a limit of the grades: totals ``at`` it, or between it and the next limit (None: there is none)."""

    point: Point
    at: Fraction
    side: int
    border: Fraction | None

    def holds(self, share: Fraction) -> bool:
        """Is a total, in percent, there?"""
        if self.side == 1:
            return share == self.at
        low, high = (self.border, self.at) if self.side == 0 else (self.at, self.border)
        return (low is None or share > low) and (high is None or share < high)


class Ran(NamedTuple):
    """One file with the outcomes of its tests."""

    file: s.File
    model: m.Model
    used: tuple[str, ...]
    outcomes: tuple[Outcome, ...]


class Coverage(NamedTuple):
    """A tally for each file, in order, and who counts for it."""

    tallies: tuple[Tally, ...]
    counters: tuple["Counter", ...]


def coverage(ran: Sequence[Ran]) -> Coverage:
    """What ``ran`` exercises; a rubric counts in the file that declares it, whichever test goes through it."""
    tallies = {x.file.span.source.name: Tally(x.file.span.source.name) for x in ran}
    declared = {name: _declared(x.file) for name, x in zip(tallies, ran, strict=True)}
    counters: list[Counter] = []
    for name, x in zip(tallies, ran, strict=True):
        for rubric in declared[name].values():
            for number, _ in enumerate(_cases(rubric), 1):
                tallies[name].expect(Owner(tallies[name], rubric.name.text, _written(rubric)).case(number))
        counters.append(Counter(name, x, tallies, declared))
        counters[-1].expect()
    for counter, x in zip(counters, ran, strict=True):
        for outcome in x.outcomes:
            counter.count(outcome)
    return Coverage(tuple(tallies.values()), tuple(counters))


def _declared(file: s.File) -> Declared:
    """The rubrics of a file by their name and the lines of their cases."""
    found: Declared = {}
    for item in file.items:
        inside = item.items if isinstance(item, (s.Ruleset, s.Object)) else (item,)
        for rubric in (x for x in inside if isinstance(x, s.Rubric)):
            found[rubric.name.text, tuple(case.span.line for case in _cases(rubric))] = rubric
    return found


def _cases(rubric: s.Rubric) -> list[s.Case]:
    return [case for case in rubric.cases if isinstance(case, s.Case)]


def _written(rubric: s.Rubric) -> tuple[tuple[str, int], ...]:
    """The condition of each case as it stands in the file, and its line."""
    words = [
        re.split("->|→", case.span.text)[0] if case.condition is not None else OTHERWISE for case in _cases(rubric)
    ]
    return tuple((" ".join(text.split()), case.span.line) for text, case in zip(words, _cases(rubric), strict=True))


class Counter:
    """The points of one file's objects and tests, and which a trial goes through."""

    def __init__(self, name: str, ran: Ran, tallies: Mapping[str, Tally], declared: Mapping[str, Declared]) -> None:
        self.name, self.ran, self.tallies, self.declared = name, ran, tallies, declared
        self.known: dict[int, tuple[m.Indicator, tuple[Places, ...]]] = {}
        self.titles: set[str] = set()

    # ---- what there is

    def expect(self) -> None:
        """Rows, grades and ceilings of the objects of the file, and what its tests bring with them."""
        for thing in self.ran.model.objects:
            self.expect_rows(thing)
            for tally, owner, ceiling in self._ceilings(thing):
                for how in ("holds", "fails"):
                    tally.expect(Point("ceiling", owner, f"{ceiling.text} {how}", ceiling.span.line))
        for test in self.ran.model.tests:
            if test.own is not None:
                self.expect_rows(test.own)

    def expect_rows(self, thing: m.Object) -> None:
        """The methods of the rows of an object, or of a test with rows of its own, and the grades it uses."""
        for row in m.indicators(thing.rows):
            owner = self._owner(thing, row)
            if owner is None or row.scoring is None:
                continue
            for number, _ in enumerate(owner.cases, 1):
                owner.tally.expect(owner.case(number))
            for found in self._places(row):
                period = found.period or "full"
                for index, text in found.samples:
                    owner.tally.expect(owner.case(index + 1), Wish(thing, row.path, period, text))
                for brk in found.breaks:
                    for side, spot in enumerate(brk.spots):
                        if spot is not None:
                            owner.tally.expect(_beside(owner, row, brk, side), Wish(thing, row.path, period, spot.text))
        for tally, edge in self._grades(thing):
            tally.expect(edge.point, Wish(thing, (), "full", format_number(edge.at + (edge.side - 1) * STEP)))

    def _owner(self, thing: m.Object, row: m.Indicator) -> Owner | None:
        """Where the method of a row counts: its declaration, or the row itself; None outside of the given files."""
        if row.scoring is None:
            return None
        lines = tuple(case.line for case in row.scoring.cases)
        if row.scoring.name:
            name = row.scoring.name.partition("(")[0]
            for source in (self.name, *self.ran.used):
                rubric = self.declared.get(source, {}).get((name, lines))
                if rubric is not None:
                    return Owner(self.tallies[source], name, _written(rubric))
            return None
        if not any(thing is x for x in self.ran.model.objects):
            return None
        cases = tuple((" ".join(case.text.split()), case.line) for case in row.scoring.cases)
        return Owner(self.tallies[self.name], f"{thing.name}/{'/'.join(row.path)}", cases)

    def _places(self, row: m.Indicator) -> tuple[Places, ...]:
        if id(row) not in self.known:
            self.known[id(row)] = (row, places(row))
        return self.known[id(row)][1]

    def _ceilings(self, thing: m.Object) -> Iterator[tuple[Tally, str, m.Ceiling]]:
        for ceiling in thing.ceilings:
            source = ceiling.span.source.name
            if source in self.tallies:
                yield self.tallies[source], thing.name, ceiling

    def _grades(self, thing: m.Object) -> Iterator[tuple[Tally, Edge]]:
        """The sides of every limit of the grades, as far as totals go, in percent of the total."""
        own = [test.span for test in self.ran.model.tests if test.own is thing]
        declared = [x for x in thing.grades if not any(span.start <= x.span.start < span.end for span in own)]
        limits = sorted({(x, band.span.source.name, band.span.line) for band in declared for _, x in band.limits})
        full = thing.total or Fraction(100)
        most = (thing.most or full) * 100 / full
        for at, source, line in limits:
            if source not in self.tallies:
                continue
            lower = max((x for x, _, _ in limits if x < at), default=None)
            upper = min((x for x, _, _ in limits if x > at), default=None)
            for side, border in enumerate((lower, at, upper)):
                if 0 <= at + (side - 1) * STEP <= most:
                    point = Point("grade", GRADES, f"{format_number(at)} {SIDES[side]}", line)
                    yield self.tallies[source], Edge(point, at, side, border)

    # ---- where a trial goes

    def count(self, outcome: Outcome) -> None:
        """One test."""
        for trial in outcome.trials:
            self._count(trial)

    def _count(self, trial: Trial) -> None:
        rows = {row.path: row for row in m.indicators(trial.thing.rows)}
        for made in trial.card.indicators:
            row = rows[made.path]
            owner = self._owner(trial.thing, row)
            if owner is None or row.scoring is None:
                continue
            for number in _decided(trial.engine, row.scoring, made):
                owner.tally.hit(owner.case(number))
            self._count_breaks(trial, owner, row, made)
        if trial.card.total is not None and trial.thing.total:
            share = trial.card.total * 100 / trial.thing.total
            for tally, edge in self._grades(trial.thing):
                if edge.holds(share):
                    tally.hit(edge.point)
        for tally, name, ceiling in self._ceilings(trial.thing):
            holds = trial.engine.value(ceiling.condition, None)
            if isinstance(holds, bool):
                tally.hit(Point("ceiling", name, f"{ceiling.text} {'holds' if holds else 'fails'}", ceiling.span.line))

    def _count_breaks(self, trial: Trial, owner: Owner, row: m.Indicator, made: IndicatorScore) -> None:
        value = trial.engine.frame(trial.engine.rows["/".join(row.path)]).value
        if made.status == NOT_APPLICABLE or not isinstance(value, Fraction):
            return
        for found in self._places(row):
            if found.period not in ("", trial.engine.period):
                continue
            for brk in found.breaks:
                for side, spot in enumerate(brk.spots):
                    decided = made.case_number or brk.cases[side] is None
                    if spot is not None and decided and spot.holds(value):
                        owner.tally.hit(_beside(owner, row, brk, side))


def _beside(owner: Owner, row: m.Indicator, brk: Break, side: int) -> Point:
    """Of a rubric that serves many rows a break is known by its cases; of a row's own method by its value too."""
    cases = "|".join("—" if case is None else str(case + 1) for case in brk.cases)
    which = f" #{brk.number}" if brk.number > 1 else ""
    named = row.scoring is not None and bool(row.scoring.name)
    last = max((case for case in brk.cases if case is not None), default=0)
    at = "" if named else f"{brk.at} "
    return Point("boundary", owner.name, f"{at}[{cases}]{which} {SIDES[side]}", owner.cases[last][1])


def _decided(engine: Engine, scoring: Scoring, made: IndicatorScore) -> list[int]:
    """The numbers of the cases that decided a row, or its entries."""
    if scoring.entries is None:
        return [made.case_number] if made.case_number else []
    row: PlanIndicator = engine.rows["/".join(made.path)]
    judge = engine.frame(row).judge
    given = [e for e in engine.observed.entries.get("/".join(row.path), ()) if not e.none_happened and (e.text or e.mark is not None)]  # fmt: skip
    found: list[int] = []
    for entry in Engine.single_points(scoring.entries, given):
        frame = Frame(row, judge, entry, entry.value)
        for number, case in enumerate(scoring.cases, 1):
            if engine.value(case.when, frame) is True:
                found.append(number)
                break
    return found
