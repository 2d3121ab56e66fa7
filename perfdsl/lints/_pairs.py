"""Two tables of one run that speak of the same: a department and its projects, this year's table and last year's."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from perfdsl import model as m
from perfdsl.lints._table import Table
from perfdsl.quantity import format_number
from perfdsl.target import Bound

MARKS = str.maketrans("", "", " 　“”\"‘’'（）()《》")
PARTS_SHOWN = 3
OF_EVERY_TABLE = (
    "预算执行率",
    "资金到位率",
    "预算调整率",
    "结转结余率",
    "政府采购执行率",
)  # rates that each table has for itself


def plain(name: str) -> str:
    """A name without the marks in which two documents differ."""
    return name.translate(MARKS)


def departments(tables: Sequence[Table]) -> Iterator[tuple[Table, list[Table]]]:
    """Each department with the projects of the same year that name it as the agency or the supervisor."""
    for table in tables:
        thing = table.thing
        if thing.kind == "department" and thing.year is not None:
            names = {plain(thing.name), *(plain(text) for key, text in thing.facts if key == "agency")}
            own = [other for other in tables if other.thing.kind == "project" and other.thing.year == thing.year
                   and names & {plain(text) for key, text in other.thing.facts if key in ("agency", "supervisor")}]  # fmt: skip
            if own:
                yield table, own


def successive(tables: Sequence[Table]) -> Iterator[tuple[Table, Table]]:
    """Last year's table and this year's of the same name and kind."""
    known = {(t.thing.kind, plain(t.thing.name), t.thing.year): t for t in tables if t.thing.year is not None}
    for (kind, name, year), table in known.items():
        older = known.get((kind, name, (year or 0) - 1))
        if older is not None:
            yield older, table


def spending(thing: m.Object, period: str = "full") -> Fraction | None:
    """The sum of the balanced funds table's spending, in 元; None when a line has no amount."""
    lines = [
        x for table in thing.funds if not table.title for x in table.lines if x.side == "spend" and len(x.path) == 1
    ]
    amounts = [dict(line.amounts).get(period) for line in lines]
    if not amounts or any(amount is None for amount in amounts):
        return None
    return sum((amount for amount in amounts if amount is not None), Fraction(0))


def money_lines(thing: m.Object) -> dict[str, m.FundLine]:
    """The spending lines of the balanced table by their plain names; a name that stands twice is left out."""
    lines = [line for table in thing.funds if not table.title for line in table.lines if line.side == "spend"]
    names = [plain(line.path[-1]) for line in lines]
    return {name: line for name, line in zip(names, lines, strict=True) if names.count(name) == 1}


def wan(amount: Fraction) -> str:
    """An amount in 万元 as it is said."""
    return f"{format_number(amount / 10000)}万元"


def limits_by_name(table: Table) -> dict[str, tuple[m.Indicator, m.TargetUse, Bound]]:
    """Full-year targets that are one limit, by the plain name of their row; names that stand twice are left out."""
    found = [x for x in table.bounds() if x[1].period == "full"]
    names = [plain(row.path[-1]) for row, _, _ in found]
    return {name: x for name, x in zip(names, found, strict=True) if names.count(name) == 1}


def aims_high(row: m.Indicator, bound: Bound) -> bool | None:
    """Is more better (True), less (False), or is it not said?"""
    if row.direction in ("higher", "lower"):
        return row.direction == "higher"
    return {">=": True, ">": True, "<=": False, "<": False}.get(bound.op or "")


def alike(one: Bound, other: Bound) -> bool:
    """May the two limits be compared: the same relation and sort of unit?"""
    return (
        one.op == other.op
        and one.quantity.unit.dims == other.quantity.unit.dims
        and not (one.approximate or other.approximate)
    )
