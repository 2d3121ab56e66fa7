"""Expressions of a program as SQL text over columns that are never NULL."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from perfdsl import program as g
from perfdsl.integers import NoRoom, NotCovered
from perfdsl.sql.dialects import Dialect, Integer
from perfdsl.sql.limits import Clamp, clamp
from perfdsl.sql.room import Room

HEAVY = 12  # an expression of so many parts that is needed twice becomes a column
OPPOSITE = {"<": ">=", "<=": ">", "=": "<>"}
FLIPPED = {"<": ">", "<=": ">=", "=": "="}
ALWAYS, NEVER = "1 = 1", "1 = 0"


class DoesNotFit(NoRoom):
    """``place`` needs whole numbers of ``need`` digits, more than the ``most`` the database has room for."""


class TooWide(NotCovered):
    """A layer of ``count`` columns, where a query of the database has ``most``."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__("columns", count=count, most=most)
        self.count, self.most = count, most


class Sql(NamedTuple):
    """A piece of SQL; ``level`` is the latest layer it looks at, ``typed`` whether it surely has the type worked in."""

    text: str
    level: int
    typed: bool = True


class Held(NamedTuple):
    """A column that exists: its name, the layer that makes it, and its type."""

    name: str
    level: int
    kind: Integer


class Definer(Protocol):
    """Makes a column out of an expression that is needed more than once."""

    def __call__(self, text: Sql, kind: Integer | None) -> Held: ...


class Writer:
    """Writes expressions; columns are told to it as they come to exist."""

    def __init__(self, dialect: Dialect, room: Room, shared: set[g.Int | g.Truth], define: Definer) -> None:
        self.dialect = dialect
        self.room = room
        self.shared = shared
        self.define = define
        self.cells: dict[str, Held] = {}
        self.flags: dict[str, Held] = {}
        self.states: dict[str, Held] = {}
        self.said: dict[str, tuple[Held, tuple[str, ...]]] = {}
        self.made: dict[g.Int | g.Truth, Held] = {}
        self.place = ""

    # ---- types

    def kind(self, expr: g.Int | g.Truth) -> Integer:
        """The type an expression is worked out in."""
        need, quotient = self.room.of(expr)
        kinds = [x for x in (self.dialect.narrow, self.dialect.wide) if x is not None]
        for one in kinds:
            if need < one.most and quotient < one.quotient:
                return one
        last = kinds[-1]
        size, most = (need, last.most) if need >= last.most else (quotient, last.quotient)
        raise DoesNotFit(self.place, len(str(size)), len(str(most)) - 1)

    def stored(self, expr: g.Int) -> Integer:
        """The type its value needs once it is there."""
        narrow = self.dialect.narrow
        return narrow if self.room.size(expr) < narrow.most else self.kind(expr)

    def value(self, expr: g.Int) -> Sql:
        """An expression as a column or a part of one: in the type its value needs."""
        kind, stored = self.kind(expr), self.stored(expr)
        made = self.number(expr, kind)
        return made if kind is stored or not made.typed else self.cast(made, stored)

    def cast(self, made: Sql, kind: Integer) -> Sql:
        """In a type."""
        return Sql(f"CAST({made.text} AS {kind.name})", made.level)

    # ---- whole numbers

    def number(self, expr: g.Int, kind: Integer) -> Sql:
        """A whole number worked out in ``kind``."""
        if expr in self.shared:
            return self.held(self.column(expr), kind)
        match expr:
            case g.Whole(value):
                return Sql(str(value) if value >= 0 else f"({value})", 0, False)
            case g.Cell(name):
                return self.held(self.cells[name], kind)
            case g.Plus(args):
                return self.sum(args, kind)
            case g.Times(args):
                return self.chain(" * ", [self.number(x, kind) for x in args], kind)
            case g.Quotient():
                return self.quotient(expr, kind)
            case g.Pick(test, then, other):
                made = [self.number(then, kind), self.number(other, kind)]
                asked = self.truth(test)
                level = max(asked.level, *(x.level for x in made))
                text = f"CASE WHEN {asked.text} THEN {made[0].text} ELSE {made[1].text} END"
                return Sql(text, level, any(x.typed for x in made))
            case g.Least() if (found := self.room.clamp(expr)) is not None:
                return self.clamped(found, kind)
            case g.Least(args) | g.Greatest(args):
                call = self.dialect.least if isinstance(expr, g.Least) else self.dialect.greatest
                several = [self.number(x, kind) for x in args]
                text = f"{call}({', '.join(x.text for x in several)})"
                return Sql(text, max(x.level for x in several), any(x.typed for x in several))
        raise AssertionError(expr)

    def held(self, column: Held, kind: Integer) -> Sql:
        """A column, in the type worked in."""
        made = Sql(column.name, column.level)
        return made if column.kind is kind else self.cast(made, kind)

    def column(self, expr: g.Int) -> Held:
        """The column of an expression that is needed more than once."""
        if expr not in self.made:
            self.shared.discard(expr)
            made, kind = self.value(expr), self.stored(expr)
            self.made[expr] = self.define(made if made.typed else self.cast(made, kind), kind)
            self.shared.add(expr)
        return self.made[expr]

    def sum(self, args: Iterable[g.Int], kind: Integer) -> Sql:
        """Terms with their signs, one that has its type among the first two."""
        terms: list[tuple[str, Sql]] = []
        for x in args:
            match x:
                case g.Whole(value) if value < 0:
                    terms.append(("-", self.number(g.Whole(-value), kind)))
                case g.Times((g.Whole(by), *rest)) if by < 0:
                    factors = [g.Whole(-by), *rest] if by != -1 else rest
                    terms.append(("-", self.chain(" * ", [self.number(y, kind) for y in factors], kind)))
                case _:
                    terms.append(("+", self.number(x, kind)))
        terms.sort(key=lambda x: (x[0] == "-", not x[1].typed))
        if terms[0][0] == "-":
            terms.insert(0, ("+", Sql("0", 0, False)))
        if not terms[0][1].typed:  # two bare constants would be added in a type of their own
            at = next((i for i, x in enumerate(terms) if x[1].typed), 0)
            terms.insert(1, terms.pop(at)) if at else terms.insert(0, ("+", self.cast(terms.pop(0)[1], kind)))
        text = closed(terms[0][1].text) + "".join(f" {sign} {closed(x.text)}" for sign, x in terms[1:])
        return Sql(text, max(x.level for _, x in terms))

    def chain(self, sign: str, several: list[Sql], kind: Integer) -> Sql:
        """Factors, one that has its type first."""
        several = sorted(several, key=lambda x: not x.typed)
        if not several[0].typed:
            several[0] = self.cast(several[0], kind)
        return Sql(sign.join(closed(x.text) for x in several), max(x.level for x in several))

    def quotient(self, expr: g.Quotient, kind: Integer) -> Sql:
        """Rounded down, whatever the sign of the top; only what is at least 0 is divided."""
        top, bottom = self.number(expr.top, kind), self.number(expr.bottom, kind)
        level = max(top.level, bottom.level)
        a, b = closed(top.text if top.typed else self.cast(top, kind).text), closed(bottom.text)
        lift = self.room.lift(expr)
        if lift and isinstance(expr.bottom, g.Whole):
            return Sql(f"{self.divided(f'({a} + {lift * expr.bottom.value})', b, kind)} - {lift}", level)
        plain = self.divided(a, b, kind)
        if self.room.extents.of(expr.top)[0] >= 0:
            return Sql(plain, level)
        below = self.divided(f"({b} - 1 - {a})", b, kind)
        return Sql(f"CASE WHEN {a} >= 0 THEN {plain} ELSE (-1) * {below} END", level)

    def clamped(self, found: Clamp, kind: Integer) -> Sql:
        """A quotient inside limits: whether it passes them is asked before it is divided, so that it need not fit itself."""
        top, high = found.quotient.top, self.truth(found.above)
        made = self.quotient(found.quotient, kind)
        text = f"CASE WHEN {high.text} THEN {found.high}"
        level = max(high.level, made.level)
        if found.below is not None and self.room.extents.of(top)[0] < 0:
            low = self.truth(found.below)
            text, level = f"{text} WHEN {low.text} THEN {found.low}", max(level, low.level)
        return Sql(f"{text} ELSE {made.text} END", level)

    def divided(self, a: str, b: str, kind: Integer) -> str:
        """``a`` by ``b`` as the dialect says it; a column that comes out in another type goes back."""
        made = f"({kind.divide.format(a=a, b=b)})"
        return made if kind is self.dialect.narrow or kind.quotient == kind.most else f"CAST({made} AS {kind.name})"

    # ---- truths

    def truth(self, expr: g.Truth) -> Sql:
        """A condition."""
        if expr in self.shared:
            if expr not in self.made:
                self.shared.discard(expr)
                self.made[expr] = self.define(self.flag(expr), None)
                self.shared.add(expr)
            column = self.made[expr]
            return Sql(f"{column.name} = 1", column.level)
        match expr:
            case g.Settled(holds):
                return Sql(ALWAYS if holds else NEVER, 0)
            case g.State() | g.Said() | g.Flag() | g.Order():
                return self.simple(expr, True)
            case g.Every(args):
                return self.joint(" AND ", args)
            case g.Some(args):
                return self.joint(" OR ", args)
            case g.Opposite(g.State() | g.Said() | g.Flag() | g.Order() as inner) if inner not in self.shared:
                return self.simple(inner, False)
            case g.Opposite(arg):
                made = self.truth(arg)
                return Sql(f"NOT ({made.text})", made.level)
        raise AssertionError(expr)

    def simple(self, expr: g.State | g.Said | g.Flag | g.Order, holds: bool) -> Sql:
        """One comparison, or its opposite."""
        sign = "=" if holds else "<>"
        match expr:
            case g.State(column, state):
                held = self.states.get(column)
                if held is None:
                    return Sql(ALWAYS if (state == g.MISSING) == holds else NEVER, 0)
                return Sql(f"{held.name} {sign} {g.STATES.index(state)}", held.level)
            case g.Said(column, word):
                held, words = self.said.get(column, (None, ()))
                if held is None or word not in words:
                    return Sql(NEVER if holds else ALWAYS, 0)
                return Sql(f"{held.name} {sign} {words.index(word)}", held.level)
            case g.Flag(name):
                held = self.flags[name]
                return Sql(f"{held.name} = {int(holds)}", held.level)
            case g.Order(op, left, right):
                return self.order(op if holds else OPPOSITE[op], left, right)
        raise AssertionError(expr)

    def order(self, op: str, left: g.Int, right: g.Int) -> Sql:
        """A comparison, a constant on the right."""
        kind = max((self.kind(x) for x in (left, right)), key=lambda x: x.most)
        a, b = self.number(left, kind), self.number(right, kind)
        if isinstance(left, g.Whole):
            a, b, op = b, a, FLIPPED.get(op) or {">": "<", ">=": "<=", "<>": "<>"}[op]
        return Sql(f"{a.text} {op} {b.text}", max(a.level, b.level))

    def joint(self, sign: str, args: Iterable[g.Truth]) -> Sql:
        """Several at once."""
        several = [(x, self.truth(x)) for x in args]
        text = sign.join(
            f"({made.text})" if isinstance(x, g.Every | g.Some) and x not in self.shared else made.text
            for x, made in several
        )
        return Sql(text, max(made.level for _, made in several))

    def flag(self, expr: g.Truth) -> Sql:
        """A condition as 1 or 0."""
        if isinstance(expr, g.Settled):
            return Sql(str(int(expr.holds)), 0)
        made = self.truth(expr)
        return Sql(f"CASE WHEN {made.text} THEN 1 ELSE 0 END", made.level)


def closed(text: str) -> str:
    """In brackets where it is more than one word or one call."""
    plain = text.replace('"', "").replace("`", "")
    return text if plain.isalnum() or plain.replace("_", "").isalnum() or _wrapped(text) else f"({text})"


def _wrapped(text: str) -> bool:
    """Is it one pair of brackets, with or without a name before it?"""
    at = text.find("(")
    if at < 0 or not text.endswith(")") or not (text[:at].isalpha() or at == 0):
        return False
    depth = 0
    for place, x in enumerate(text[at:], at):
        depth += (x == "(") - (x == ")")
        if depth == 0:
            return place == len(text) - 1
    return False


def heavy(roots: Iterable[g.Int | g.Truth]) -> set[g.Int | g.Truth]:
    """The expressions inside ``roots`` that are large and needed more than once."""
    asked: dict[g.Int | g.Truth, int] = {}
    stack = list(roots)
    while stack:
        top = stack.pop()
        asked[top] = asked.get(top, 0) + 1
        if asked[top] == 1:
            stack.extend(g.parts(top))
    found: set[g.Int | g.Truth] = set()
    sizes: dict[g.Int | g.Truth, int] = {}

    def size(expr: g.Int | g.Truth) -> int:
        if expr not in sizes:
            made = 1 + sum(size(x) for x in g.parts(expr))
            if made >= HEAVY and asked[expr] > 1:
                found.add(expr)
                made = 1
            sizes[expr] = made
        return sizes[expr]

    for root in asked:
        size(root)
    clamps = [one for one in map(clamp, asked) if one is not None]
    return found - {one.quotient for one in clamps}


def roots(program: g.Program) -> list[g.Int | g.Truth]:
    """Every expression that is written."""
    found: list[g.Int | g.Truth] = [program.complete, program.grade]
    for step in program.steps:
        if isinstance(step, g.Row):
            found += [x for arm in step.arms for x in dict.fromkeys((arm.test, arm.low, arm.high))]
            found += [*(step.review or ()), step.applies, *(test for test, _ in step.status)]
        else:
            found += [*dict.fromkeys((step.low, step.high)), step.open, step.applies]
    total = program.total
    found += [*dict.fromkeys((total.low, total.high)), total.open]
    for award in program.awards:
        found += [award.yes, award.no]
    return found
