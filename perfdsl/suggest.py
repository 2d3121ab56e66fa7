"""Tests for what no test exercises yet, ready to paste: the value is at the boundary, the expectation is what the engine says.

Each is run before it is suggested, so that it passes and goes where it is meant to; whether the score is the one that was
meant, only a person can say.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl.core import TRUE, Case, Const, Domain, Scoring
from perfdsl.coverage import Counter, Coverage, Point, Tally, Wish
from perfdsl.diagnostics import Diagnostic
from perfdsl.quantity import format_number, parse_number
from perfdsl.replay import Outcome, run
from perfdsl.scorecard import GroupScore, IndicatorScore
from perfdsl.text import Span

GIVEN_TOTAL = "给定总分"
MOST_TRIED = 6
TITLES = {"case": "档次", "boundary": "界点", "grade": "等级"}


class Suggestion(NamedTuple):
    """A test block, the file it is for, and the object or ruleset it belongs in (empty: outside of all)."""

    file: str
    place: str
    text: str


class Attempt(NamedTuple):
    """A test to try: what is written before its rows, the rows, and the test itself."""

    head: tuple[str, ...]
    place: str
    test: m.Test


def suggestions(found: Coverage) -> tuple[list[Suggestion], list[tuple[str, Point]]]:
    """Tests for the open points, and the points for which none was found; what one test goes through needs no other."""
    made: list[Suggestion] = []
    left: list[tuple[str, Point]] = []
    for tally in found.tallies:
        for point in tally.open():
            if tally.hits[point]:
                continue
            block = next((x for counter in found.counters for x in _for_point(counter, tally, point)), None)
            if block is None:
                left.append((tally.name, point))
            else:
                made.append(block)
    return made, left


def _for_point(counter: Counter, tally: Tally, point: Point) -> Iterator[Suggestion]:
    """The first attempt that goes through the point; the tally is told of all it goes through."""
    known = {id(thing) for thing in counter.ran.model.objects} | {id(test.own) for test in counter.ran.model.tests}
    for wish in [x for x in tally.wishes.get(point, ()) if id(x.thing) in known][:MOST_TRIED]:
        title = _title(counter, point, wish)
        for attempt in _attempts(counter.ran.file, counter.ran.model, wish, title):
            outcome = run(attempt.test, counter.ran.model, _no_tables)
            expected = _expected(outcome, wish)
            if expected and not any(d.severity == "error" for d in outcome.found):
                before = {each.name: dict(each.hits) for each in counter.tallies.values()}
                counter.count(outcome)
                if tally.hits[point]:
                    counter.titles.add(title)
                    yield Suggestion(counter.name, attempt.place, _block(title, attempt, expected))
                    return
                for each in counter.tallies.values():  # what is not offered was not exercised
                    each.hits = before[each.name]


def _no_tables(file: str, span: Span) -> tuple[tuple[()], list[Diagnostic]]:
    return (), []


def _title(counter: Counter, point: Point, wish: Wish) -> str:
    """A title no other test of the file has."""
    name = wish.path[-1] if wish.path else "总分"
    text = wish.text.strip('"')
    taken = {test.title for test in counter.ran.model.tests} | counter.titles
    title = f"{TITLES[point.kind]} {name} {text}"
    number = 2
    while title in taken:
        title = f"{TITLES[point.kind]} {name} {text} ({number})"
        number += 1
    return title


def _attempts(file: s.File, model: m.Model, wish: Wish, title: str) -> Iterator[Attempt]:
    """The value alone, then beside what the tests of the same object give."""
    if not wish.path:
        yield from _of_total(file, wish, title)
        return
    value = wish.text[1:-1].replace('\\"', '"').replace("\\\\", "\\") if wish.text.startswith('"') else wish.text
    given = m.GivenRow(wish.path, value)
    owner = next((test for test in model.tests if test.own is wish.thing), None)
    head, place = _around(file, owner) if owner is not None else ((), wish.thing.name)
    base = m.Test(
        title=title, own=wish.thing if owner is not None else None, object_name=wish.thing.name, period=wish.period
    )
    yield Attempt(head, place, attrs.evolve(base, given=(given,)))
    for other in (
        [owner] if owner is not None else [x for x in model.tests if x.own is None and x.object_name == wish.thing.name]
    ):
        rest = tuple(x for x in other.given if x.path[-1] != wish.path[-1] and x.span.end)
        yield Attempt(head, place, attrs.evolve(base, given=(*rest, given)))


def _around(file: s.File, test: m.Test) -> tuple[tuple[str, ...], str]:
    """The rows and headers of a test with rows of its own, as they stand there, and the ruleset it is in."""
    for item in file.items:
        inside = item.items if isinstance(item, (s.Ruleset, s.Object)) else (item,)
        for one in inside:
            if isinstance(one, s.Test) and one.span == test.span:
                kept = [x.span.text for x in one.items if not isinstance(x, (s.Given, s.Expect))]
                return tuple(kept), item.name.text if isinstance(item, (s.Ruleset, s.Object)) else ""
    return (), ""


def _of_total(file: s.File, wish: Wish, title: str) -> Iterator[Attempt]:
    """A total of 100 of which so much is had; only where the grades are known outside of the object."""
    span = wish.thing.grades[0].span
    value = parse_number(wish.text)
    inside = [x for x in file.items if isinstance(x, s.Object) and x.span.start <= span.start < x.span.end]
    if span.source.name != file.span.source.name or inside or value is None or not 0 <= value <= 100:
        return
    case = Case(TRUE, Const(value), None, "otherwise", wish.text, 0)
    row = m.Indicator(path=(GIVEN_TOTAL,), points=Fraction(100), domain=Domain(Fraction(0), None),
                      scoring=Scoring("", (case,), Fraction(0), Fraction(100)))  # fmt: skip
    own = m.Object(kind="project", name=title, total=Fraction(100), rows=(row,), grades=wish.thing.grades)
    ruleset = next(
        (x for x in file.items if isinstance(x, s.Ruleset) and x.span.start <= span.start < x.span.end), None
    )
    head = (f"{GIVEN_TOTAL} points 100 by {{ otherwise -> {wish.text} }}",)
    test = m.Test(title=title, own=own, object_name=title, given=(m.GivenRow((GIVEN_TOTAL,), "0"),))
    yield Attempt(head, ruleset.name.text if ruleset is not None else "", test)


def _expected(outcome: Outcome, wish: Wish) -> list[str]:
    """What the engine says, as ``expect`` writes it."""
    if len(outcome.trials) != 1:
        return []
    card = outcome.trials[0].card
    if not wish.path:
        return [f"expect grade {_name(card.grade)}"] if card.grade else []
    row = next(x for x in card.indicators if x.path == wish.path)
    return [f"expect {_path(wish.path)} score {_score(row)}"]


def _score(row: IndicatorScore | GroupScore) -> str:
    if row.score is not None:
        return format_number(row.score)
    return f"{format_number(row.low)} .. {format_number(row.high)}" if row.low != row.high else "missing"


def _block(title: str, attempt: Attempt, expected: list[str]) -> str:
    given = [f"given {_path(x.path)} {_value(x)}" if not x.span.end else x.span.text for x in attempt.test.given]
    period = [f"given period {attempt.test.period}"] if attempt.test.period != "full" else []
    lines = [*attempt.head, *period, *given, *(f"{line}   # 程序算出，请核对" for line in expected)]
    return "\n".join([f"test {_name(title, True)} {{", *(f"  {line}" for line in lines), "}"])


def _value(given: m.GivenRow) -> str:
    return "missing" if given.value == "missing" else _name(given.value, True)


def _path(path: m.Path) -> str:
    return "/".join(_name(part, True) for part in path)


def _name(text: str, always: bool = False) -> str:
    plain = text.isidentifier() and not always
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
