"""Run the tests written in the language: each is scored like any object, and every expectation is compared."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

import attrs

from perfdsl import model as m
from perfdsl.actuals import Row
from perfdsl.cohort import Member, evaluate_together
from perfdsl.diagnostics import Diagnostic, has_errors
from perfdsl.evaluate import Engine
from perfdsl.lower import lower
from perfdsl.observe import observe
from perfdsl.quantity import format_number
from perfdsl.scorecard import Scorecard
from perfdsl.text import Span

Tables = Callable[[str, Span], tuple[Sequence[Row], list[Diagnostic]]]


class Mismatch(NamedTuple):
    """An expectation that does not hold."""

    span: Span
    what: str
    expected: str
    got: str
    reason_zh: str
    reason_en: str


class Trial(NamedTuple):
    """One object as a test scored it."""

    thing: m.Object
    engine: Engine
    card: Scorecard


@attrs.frozen
class Outcome:
    """What came of one test; ``trials`` are the objects it scored."""

    test: m.Test
    mismatches: tuple[Mismatch, ...]
    found: tuple[Diagnostic, ...]
    trials: tuple[Trial, ...] = ()

    @property
    def passed(self) -> bool:
        """No expectation failed, nothing in it was in error, and it expected something."""
        return not self.mismatches and not has_errors(self.found) and bool(self.test.expected)


COLUMNS = {"mark": "mark", "评分": "mark", "评分值": "mark", "override": "override", "复核分": "override", "item": "item",
           "事项": "item", "prior": "prior", "上年值": "prior", "unit": "unit", "单位": "unit", "times": "times",
           "次数": "times", "reason": "explanation", "偏差原因": "explanation", "object": "object", "对象": "object"}  # fmt: skip
DECISIONS = {True: ("yes", "是"), False: ("no", "否"), None: ("missing", "缺失")}
ABSENT = frozenset({"missing", "缺失"})


def run(test: m.Test, model: m.Model, tables: Tables) -> Outcome:
    """Score the test's object on what it gives, and compare."""
    thing = test.own or next(o for o in model.objects if o.name == test.object_name)
    found: list[Diagnostic] = []
    rows = [_row(given) for given in test.given]
    for file in test.files:
        more, problems = tables(file, test.span)
        rows.extend(more)
        found.extend(problems)
    trials, problems = _scored(thing, rows, test.period)
    cards = {trial.card.object: trial.card for trial in trials}
    mismatches = [x for e in test.expected if (x := _find(e, cards)) is not None]
    expects_gap = any(e.value in ABSENT for e in test.expected)
    problems = [d for d in problems if not expects_gap or d.code != "E103"]
    return Outcome(test, tuple(mismatches), (*found, *problems), tuple(trials))


def _scored(thing: m.Object, rows: Sequence[Row], period: str) -> tuple[list[Trial], list[Diagnostic]]:
    """The object on its rows; rows that name several objects are about each of them, those that name none about all."""
    plan = lower(thing)
    names = list(dict.fromkeys(row.object for row in rows if row.object))
    if thing.name in names:
        names = [thing.name]
    members: list[Member] = []
    found: list[Diagnostic] = []
    for name in names or [thing.name]:
        own = [row for row in rows if row.object in ("", name)]
        observed, unread = observe(plan, own, period)
        members.append(Member(attrs.evolve(plan, object=name), observed))
        found.extend(unread)
    scored = evaluate_together(members, period)
    return [Trial(thing, x.engine, x.card) for x in scored], [*found, *(d for x in scored for d in x.found)]


def _find(expected: m.Expectation, cards: dict[str, Scorecard]) -> Mismatch | None:
    """Compare with the card of the object an expectation is about."""
    if expected.object in cards:
        wrong = _compare(expected, cards[expected.object])
        return wrong and wrong._replace(what=f"{wrong.what}（{expected.object}）")
    if not expected.object and len(cards) == 1:
        return _compare(expected, next(iter(cards.values())))
    known = "、".join(list(cards)[:5])
    zh, en = f"要写明是哪个对象，如“, 对象 {known}”", f"say which object it is about, as in “, object {known}”"
    if expected.object:
        zh, en = f"没有这个对象；有：{known}", f"there is no such object; known: {known}"
    return Mismatch(expected.span, expected.object or expected.what, expected.value, "—", zh, en)


def _row(given: m.GivenRow) -> Row:
    fields: dict[str, str] = {}
    extras: list[tuple[str, str]] = []
    for name, value in given.extras:
        if name in COLUMNS:
            fields[COLUMNS[name]] = value
        else:
            extras.append((name, value))
    value = "" if given.value in ABSENT else given.value
    return Row(name="/".join(given.path), value=value, extras=tuple(extras), span=given.span, **fields)  # type: ignore[arg-type]


def _compare(expected: m.Expectation, card: Scorecard) -> Mismatch | None:
    if expected.what == "total":
        return _figure(expected, "total", card.total, card.low, card.high, ("", ""))
    if expected.what == "award":
        return _award(expected, card)
    if expected.what == "grade":
        return _word(expected, "grade", card.grade, ("", ""))
    found = [i for i in card.indicators if i.path[-len(expected.path) :] == expected.path]
    groups = [g for g in card.groups if g.path[-len(expected.path) :] == expected.path]
    what = "/".join(expected.path)
    if len(found) + len(groups) != 1:
        return Mismatch(
            expected.span, what, expected.value, "—", "没有这一行，或不止一行", "no such row, or more than one"
        )
    if groups:
        group = groups[0]
        return _figure(expected, what, group.score, group.low, group.high, (group.note_zh, group.note_en))
    row = found[0]
    reasons = (row.reason_zh, row.reason_en)
    if expected.what == "score":
        if expected.ranged and row.limited:
            reasons = (
                "计分方法给的分超出范围，按界限计了（E104）",
                "its rule awards more or less than it can have (E104)",
            )
            return _mismatch(expected, what, row.score, row.low, row.high, reasons)
        return _figure(expected, what, row.score, row.low, row.high, reasons)
    return _word(expected, what, row.status if expected.what == "status" else row.case, reasons)


def _award(expected: m.Expectation, card: Scorecard) -> Mismatch | None:
    """Given, not given, or not decided."""
    found = next((x for x in card.awards if (x.name,) == expected.path), None)
    wanted = next((value for value, words in DECISIONS.items() if expected.value in words), expected.value)
    if found is None or isinstance(wanted, str):
        zh, en = (
            ("没有这项评优", "no such award")
            if found is None
            else ("写 yes、no 或 missing", "write yes, no or missing")
        )
        return Mismatch(expected.span, "/".join(expected.path), expected.value, "—", zh, en)
    if found.decided is wanted:
        return None
    got = DECISIONS[found.decided][0]
    return Mismatch(expected.span, found.name, expected.value, got, found.reason_zh, found.reason_en)


def _figure(
    expected: m.Expectation, what: str, score: Fraction | None, low: Fraction, high: Fraction, reasons: tuple[str, str]
) -> Mismatch | None:
    """A score as expected; one that is still open is met only by the range that it has."""
    if expected.low is None or expected.high is None:
        held = expected.value in ABSENT and score is None
    elif score is None:
        held = expected.ranged and (low, high) == (expected.low, expected.high)
    else:
        held = expected.low <= score <= expected.high
    return None if held else _mismatch(expected, what, score, low, high, reasons)


def _mismatch(
    expected: m.Expectation, what: str, score: Fraction | None, low: Fraction, high: Fraction, reasons: tuple[str, str]
) -> Mismatch:
    got = format_number(score) if score is not None else f"{format_number(low)} .. {format_number(high)}"
    wanted = expected.value
    if expected.ranged and expected.high is not None:
        wanted = f"{expected.value} .. {format_number(expected.high)}"
    return Mismatch(expected.span, what, wanted, got, *reasons)


def _word(expected: m.Expectation, what: str, got: str, reasons: tuple[str, str]) -> Mismatch | None:
    if " ".join(got.split()) == " ".join(expected.value.split()):
        return None
    return Mismatch(expected.span, what, expected.value, got or "—", *reasons)
