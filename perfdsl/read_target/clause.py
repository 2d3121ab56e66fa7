"""From the grammar's pieces to meanings: one clause is one number, range, date or growth with its words around it."""

from calendar import monthrange
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

import attrs

from perfdsl import lalr
from perfdsl.lalr import Token
from perfdsl.quantity import NO_UNIT, Quantity, Unit, parse_unit
from perfdsl.target import PRINTED, Bound, Date, Deadline, Growth, Meaning, Range, unit_kind


class Doubt(NamedTuple):
    """A finding in the making, in offsets of the squeezed text."""

    code: str
    start: int
    end: int
    facts: dict[str, str]
    about: str = "cell"


class Clause(NamedTuple):
    """One reading with its place; ``meaning`` is None when its words do not go together."""

    meaning: Meaning | None
    start: int
    end: int
    doubts: list[Doubt]


class Pair(NamedTuple):
    """Two amounts with a joint between them, as the grammar found them."""

    sort: str
    first: Token
    second: Token
    ops: tuple[Token, ...] = ()

    @property
    def start(self) -> int:
        """Where the first begins."""
        return self.first.start

    @property
    def end(self) -> int:
        """Where the second ends."""
        return self.second.end


def parse_items(tokens: Sequence[Token]) -> list[Token | Clause] | None:
    """The words, separators and clauses of a cell; None when the words do not fit the grammar."""
    made, bound = _machine()
    try:
        items: list[Token | Clause] = lalr.run(made, bound, tokens, None)
    except lalr.Reject:
        return None
    return items


@cache
def _machine() -> tuple[lalr.Tables, Any]:
    made = lalr.tables("target")
    return made, lalr.bind(made, _ACTIONS)


class Frame:
    """The words before and after an amount, sorted by what they say."""

    __slots__ = ("about", "base", "before", "closed", "doubts", "grow", "ops", "quals", "soft")

    def __init__(self, words: Sequence[Token]) -> None:
        self.ops: list[Token] = []
        self.soft: list[Token] = []
        self.quals: list[str] = []
        self.base: list[str] = []
        self.about: Token | None = None
        self.grow: Token | None = None
        self.before: Token | None = None
        self.closed = ""
        self.doubts: list[Doubt] = []
        for token in words:
            self._take(token)

    def _take(self, token: Token) -> None:
        kind = token.kind
        if kind == "OP" or kind == "POST":
            (self.soft if token.value[-1] == "~" else self.ops).append(token)
        elif kind == "QUAL":
            self.quals.append(token.value)
        elif kind == "ABOUT" or kind == "AROUND":
            self.about = token
            self.doubts.append(Doubt("T107", token.start, token.end, {"word": token.value}))
        elif kind == "GROW" or kind == "GREW":
            self.grow = token
        elif kind == "BASE":
            self.base.append(token.value)
        elif kind == "CLOSED":
            self.closed = token.value
        elif kind == "BEFORE":
            self.before = token
        elif kind == "REMARK":
            self.doubts.append(Doubt("T122", token.start, token.end, {"text": token.value}))

    def op(self) -> str | None:
        """The one relation all the words say together; doubles and contradictions are noted."""
        if not self.ops:
            op = self.soft[-1].value[:-1] if self.soft else None
        else:
            op = self.ops[0].value
            for other in self.ops[1:]:
                self._compare(self.ops[0], other)
            for other in self.soft:
                if other.value == "<=~" and op[0] == ">":
                    self._contradict(self.ops[0], other)
        return _CLOSING.get((op or "", self.closed), op)

    def _compare(self, first: Token, second: Token) -> None:
        if first.value != second.value:
            self._contradict(first, second)
        else:
            facts = {"first": _shown(first), "second": _shown(second)}
            self.doubts.append(Doubt("T127", first.start, second.end, facts))

    def _contradict(self, first: Token, second: Token) -> None:
        first, second = (first, second) if first.start <= second.start else (second, first)
        facts = {"first": _shown(first), "second": _shown(second)}
        self.doubts.append(Doubt("T108", first.start, second.end, facts))

    def no_relation(self, allowed: str) -> None:
        """Note a relation word that has no sense here."""
        for token in self.ops:
            if token.value[0] not in allowed:
                self.doubts.append(Doubt("T108", token.start, token.end, {"first": _shown(token), "second": "区间"}))


def _shown(token: Token) -> str:
    return PRINTED.get(token.value, str(token.value))


def make_clause(mods: list[Token], amount: Token | Pair, tails: list[Token]) -> Clause:
    """Put an amount and the words around it together."""
    inner = amount.ops if isinstance(amount, Pair) and amount.sort == "zero" else ()
    frame = Frame([*mods, *inner, *tails])
    start = mods[0].start if mods else amount.start
    end = max(tails[-1].end, tails[0].end, amount.end) if tails else amount.end
    if isinstance(amount, Pair):
        meaning = _pair(frame, amount)
    elif amount.kind == "DATE":
        meaning = _deadline(frame, amount.value, None)
    else:
        meaning = _bound(frame, amount.value)
    return Clause(meaning, start, end, frame.doubts)


def _bound(frame: Frame, quantity: Quantity) -> Meaning:
    op = frame.op()
    approximate = frame.about is not None
    if frame.grow is not None or frame.base:
        direction = frame.grow.value if frame.grow else "up"
        return Growth(op, quantity, "".join(frame.quals + frame.base), direction, approximate)
    if frame.quals and unit_kind(quantity.unit) == "money":
        quantity, frame.quals = _per(quantity, frame.quals)
    return Bound(op, quantity, "".join(frame.quals), approximate)


def _per(quantity: Quantity, quals: list[str]) -> tuple[Quantity, list[str]]:
    """每亩300元 is 300元/亩; several are multiplied under the line."""
    per = [word for word in quals if word[0] == "每" and parse_unit(word[1:])]
    units = [name for word in per for name in word[1:].split("每")]
    if not units or any(power < 0 for _, power in quantity.unit.dims):
        return quantity, quals
    unit = parse_unit(f"{quantity.unit.text}/{'·'.join(units)}")
    if unit is None:
        return quantity, quals
    return Quantity(quantity.value, unit), [word for word in quals if word not in per]


def _pair(frame: Frame, pair: Pair) -> Meaning | None:
    if pair.sort == "span":
        return _span(frame, pair)
    if frame.grow is not None or frame.base:
        return None
    if pair.sort == "zero":
        return _tolerance(frame, pair.second.value)
    if pair.sort == "around":
        return _around(frame, pair.first.value, pair.second.value)
    return _range(frame, pair)


def _tolerance(frame: Frame, quantity: Quantity) -> Range:
    frame.no_relation("<=")
    size = abs(quantity.value)
    qualifier = "".join(frame.quals)
    return Range(-size, size, quantity.unit, qualifier=qualifier, approximate=frame.about is not None, tolerance=True)


def _around(frame: Frame, center: Quantity, spread: Quantity) -> Range | None:
    frame.no_relation("=")
    unit = center.unit if center.unit.dims else spread.unit
    size = spread.value
    if spread.unit.dims == (("%", 1),) and unit.dims != (("%", 1),):
        size = abs(center.value) * spread.base
    elif spread.unit.dims and center.unit.dims and spread.unit != center.unit:
        return None
    size = abs(size)
    return Range(center.value - size, center.value + size, unit, qualifier="".join(frame.quals))


def _range(frame: Frame, pair: Pair) -> Range | None:
    low, high = _same_unit(pair.first.value, pair.second.value)
    if low is None:
        return None
    unit = high.unit
    low_closed = high_closed = True
    if pair.sort == "closed":
        frame.no_relation("=<" if low.value < 0 else "=")
        low_closed, high_closed = pair.ops[0].value == "in", frame.closed != "out"
    elif pair.ops:
        first = frame.ops[0].value if frame.ops else ">="
        second = next((t.value for t in pair.ops if t.kind == "OP"), "<=").rstrip("~")
        if first[0] != ">" or second[0] != "<":
            return None
        low_closed, high_closed = first == ">=", second == "<="
    else:
        frame.no_relation("=<" if low.value < 0 else "=")
        high_closed = frame.closed != "out"
    if low.value > high.value:
        text = {"text": f"{low.value}-{high.value}"}
        frame.doubts.append(Doubt("T118", pair.start, pair.end, text))
        low, high = high, low
    about = frame.about is not None
    return Range(low.value, high.value, unit, low_closed, high_closed, "".join(frame.quals), about)


def _same_unit(low: Quantity, high: Quantity) -> tuple[Quantity | None, Quantity]:
    """Both in the unit of the upper one; None when they cannot be."""
    if low.unit == high.unit or low.unit == NO_UNIT:
        return Quantity(low.value, high.unit), high
    if high.unit == NO_UNIT:
        return low, Quantity(high.value, low.unit)
    if low.unit.dims == high.unit.dims or not low.unit.dims:
        return Quantity(low.base / high.unit.scale, high.unit), high
    return None, high


def _deadline(frame: Frame, date: Date, since: Date | None) -> Deadline | None:
    if any(token.value[0] == ">" for token in frame.ops) or frame.grow or frame.about or frame.base:
        return None
    date = _last_day(date, frame.before.value) if frame.before else date
    if date.day is not None and date.month is not None and date.day > monthrange(date.year or 2024, date.month)[1]:
        return None
    inclusive = frame.closed != "out" and not any(token.value == "<" for token in frame.ops)
    return Deadline(date, since, inclusive, "".join(frame.quals))


def _last_day(date: Date, word: str) -> Date:
    """月底 is the last day of the month, 年底 of the year; a February without a year keeps its month only."""
    if date.day is not None or word == "before":
        return date
    if date.month is None:
        return Date(date.year, 12, 31) if word == "end" else date
    if word in ("early", "middle"):
        return attrs.evolve(date, day=10 if word == "early" else 20)
    if date.month == 2 and date.year is None:
        return date
    return attrs.evolve(date, day=monthrange(date.year or 2024, date.month)[1])


def _span(frame: Frame, pair: Pair) -> Deadline | None:
    since, until = pair.first.value, pair.second.value
    if until.year is None and since.year is not None:
        until = attrs.evolve(until, year=since.year)
    if until.month is None and since.month is not None:
        return None
    if until.year is not None and since.year is None:
        return None
    if until.iso() < since.iso():
        frame.doubts.append(Doubt("T118", pair.start, pair.end, {"text": f"{since.iso()}…{until.iso()}"}))
    return _deadline(frame, until, since)


def combine(low: Meaning | None, high: Meaning | None) -> Range | None:
    """≥90% and ≤100% are one range."""
    if not isinstance(low, Bound) or not isinstance(high, Bound) or not low.op or not high.op:
        return None
    if low.op[0] == "<" and high.op[0] == ">":
        low, high = high, low
    if low.op is None or high.op is None or low.op[0] != ">" or high.op[0] != "<":
        return None
    first, second = _same_unit(low.quantity, high.quantity)
    if first is None or first.value > second.value or high.qualifier not in ("", low.qualifier):
        return None
    approximate = low.approximate or high.approximate
    return Range(first.value, second.value, second.unit, low.op == ">=", high.op == "<=", low.qualifier, approximate)


def with_unit(meaning: Meaning, unit: Unit) -> Meaning:
    """The same meaning with its number in another unit."""
    match meaning:
        case Bound(quantity=quantity) | Growth(quantity=Quantity() as quantity):
            return attrs.evolve(meaning, quantity=Quantity(quantity.value, unit))
        case Range():
            return attrs.evolve(meaning, unit=unit)
        case _:
            return meaning


def with_op(meaning: Meaning, op: str) -> Meaning:
    """The same meaning with a relation, where it has a place for one."""
    return attrs.evolve(meaning, op=op) if isinstance(meaning, Bound | Growth) else meaning


def unit_of(meaning: Meaning) -> Unit | None:
    """The unit of the meaning's number, None where it has no number."""
    match meaning:
        case Bound(quantity=quantity) | Growth(quantity=Quantity() as quantity):
            return quantity.unit
        case Range(unit=unit):
            return unit
        case _:
            return None


def value_of(meaning: Meaning) -> Fraction | None:
    """The single number of a bound."""
    return meaning.quantity.value if isinstance(meaning, Bound) else None


_CLOSING = {(">", "in"): ">=", ("<", "in"): "<=", (">=", "out"): ">", ("<=", "out"): "<"}
_NONE: list[Token] = []
_ACTIONS: dict[str, lalr.Action] = {
    "start": lambda _run, items=None: items or [],
    "bare": lambda _run, amount: make_clause(_NONE, amount, _NONE),
    "led": lambda _run, mods, amount: make_clause(mods, amount, _NONE),
    "trailed": lambda _run, amount, tails: make_clause(_NONE, amount, tails),
    "framed": lambda _run, mods, amount, tails: make_clause(mods, amount, tails),
    "between": lambda _run, first, _, second: Pair("range", first, second),
    "between_closed": lambda _run, first, closed, _, second: Pair("closed", first, second, (closed,)),
    "between_led": lambda _run, first, _, mods, second: Pair("range", first, second, tuple(mods)),
    "around_zero": lambda _run, sign, amount: Pair("zero", sign, amount),
    "around_zero_led": lambda _run, sign, mods, amount: Pair("zero", sign, amount, tuple(mods)),
    "around": lambda _run, first, _, second: Pair("around", first, second),
    "span": lambda _run, first, _, second: Pair("span", first, second),
    "mods": lambda _run, items: items,
    "tails": lambda _run, items: items,
}
