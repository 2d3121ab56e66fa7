"""What is given of an object beside its rows: inputs and money, how their cells are read, and the names they go by."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import attrs

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.keywords import SIDES
from perfdsl.mixed.shapes import PATH
from perfdsl.observe import column_names
from perfdsl.quantity import Unit, parse_unit

SIDE = {"income": "收入", "spend": "支出"}
MONEY, TITLED, INPUT, SCHEDULE = (
    0,
    1,
    2,
    3,
)  # a line of a table of funds that has no title, of one that has, an input, the year gone


class Fact(NamedTuple):
    """Something given of an object: ``key`` is ``input:NAME`` or ``spent:LINE``; its short name; which sort it is."""

    key: str
    alias: str
    sort: int


def facts_of(plan: p.Plan) -> list[Fact]:
    """Inputs, then money; where there is a table of funds also both sides of it."""
    found = [Fact(f"input:{x.name}", x.alias, INPUT) for x in plan.inputs]
    for table in sorted(plan.funds, key=lambda x: bool(x.title)):
        sort = TITLED if table.title else MONEY
        found += [Fact(f"spent:{x.side}/{'/'.join(x.path)}", x.alias, sort) for x in table.lines]
    if any(x.lines for x in plan.funds):
        found += [Fact(f"spent:{side}", "", MONEY) for side in SIDE]
    return found


def names_of(plan: p.Plan, facts: list[Fact]) -> Iterator[tuple[str, int]]:
    """What each may be called, as far as the name means nothing else, and its number; seldom written ones are left out."""
    meant = column_names(plan)
    taken: set[str] = set()
    for at, fact in enumerate(facts):
        kind, _, name = fact.key.partition(":")
        side, _, path = name.partition("/")
        called = [name, fact.alias]
        if kind == "spent":
            last = path.rpartition("/")[2]
            called = (
                [last, fact.alias, "" if meant(last) == fact.key else f"{SIDE[side]}/{last}"] if path else [SIDE[side]]
            )
        for one in called:
            if one and one not in taken and meant(one) == fact.key:
                taken.add(one)
                yield one, at


def read_as(plan: p.Plan, fact: Fact, words: Iterable[str]) -> tuple[p.Plan, tuple[str, ...]]:
    """A plan of one fact that reads its cells as ``plan`` does, and the words a cell may be; ``words`` are those of its rules."""
    if fact.sort != INPUT:
        unit = next((x.unit for x in plan.funds if not x.title), None)
        return money(unit), ()
    item = next(x for x in plan.inputs if x.name == fact.key.partition(":")[2])
    bare = attrs.evolve(item, name=PATH[0], alias="")
    if not item.is_word or item.words:
        return p.Plan(kind="project", object="", inputs=(bare,)), item.words
    said = tuple(words)
    tests = c.Or(tuple(c.Compare("=", c.Ref(f"input:{PATH[0]}"), c.Const(x)) for x in said))
    known = (p.PlanCeiling(condition=tests),) if said else ()
    return p.Plan(kind="project", object="", inputs=(bare,), ceilings=known), said


def money(unit: Unit | None) -> p.Plan:
    """A plan of one line of money in this unit."""
    line = p.PlanLine(side="spend", path=PATH)
    unit = unit or parse_unit("万元")
    assert unit is not None  # observe takes it where there is no table
    return p.Plan(kind="project", object="", funds=(p.PlanFunds(title="", unit=unit, lines=(line,)),))


def column_of(plan: p.Plan) -> str:
    """The column that a plan of one row, input or line of money reads."""
    return f"value:{PATH[0]}" if plan.indicators else f"input:{PATH[0]}" if plan.inputs else f"spent:spend/{PATH[0]}"


def named(read: p.Plan, fact: Fact) -> p.Plan:
    """The plan a fact is read by, with its own names."""
    kind, _, name = fact.key.partition(":")
    if kind == "input":
        return attrs.evolve(read, inputs=(attrs.evolve(read.inputs[0], name=name, alias=fact.alias),))
    return attrs.evolve(read, funds=tuple(attrs.evolve(x, lines=_lines([fact])) for x in read.funds))


def skeleton(rows: tuple[p.PlanIndicator, ...], facts: Iterable[Fact]) -> p.Plan:
    """The names of a plan, as far as a name that nobody knows is looked for among them."""
    found = list(facts)
    inputs = tuple(
        p.PlanInput(name=x.key.partition(":")[2], alias=x.alias, domain=c.Domain(None, None))
        for x in found
        if x.sort == INPUT
    )
    (bare,) = money(None).funds
    funds = tuple(
        attrs.evolve(bare, title="" if sort == MONEY else "·", lines=_lines(x for x in found if x.sort == sort))
        for sort in (MONEY, TITLED)
    )
    return p.Plan(kind="project", object="", indicators=rows, inputs=inputs, funds=funds)


def _lines(facts: Iterable[Fact]) -> tuple[p.PlanLine, ...]:
    lines = [(fact, *fact.key.partition(":")[2].partition("/")) for fact in facts]
    return tuple(
        p.PlanLine(side=side, path=tuple(path.split("/")), alias=x.alias) for x, side, _, path in lines if path
    )


def value_of(key: str, seen: Any) -> Any:
    """What was observed of a fact."""
    kind, _, name = key.partition(":")
    found: Mapping[str, Any] = seen.inputs if kind == "input" else seen.spent
    return found.get(name)


assert set(SIDES.values()) == set(SIDE)
