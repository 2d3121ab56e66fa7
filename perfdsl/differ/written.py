"""What is written otherwise: of a row, of groups, money, grades and conditions, each with what it does to results."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import zip_longest
from typing import TYPE_CHECKING

from perfdsl import plan as p
from perfdsl.core import ONE, TRUE, Compare, Const, Expr, Or, Value, children, references
from perfdsl.differ.found import DIFFERS, OPEN, SAME, Change
from perfdsl.differ.normal import key
from perfdsl.quantity import Unit, format_number

if TYPE_CHECKING:
    from perfdsl.differ.rows import Two

PERIODS = ("q1", "half", "q3", "full", "cycle")


def row_changes(two: "Two", old: p.PlanIndicator, new: p.PlanIndicator) -> Iterator[Change]:
    """Everything about one row; what only its rubric can tell is SAME here, the comparison of scores decides it."""
    ours, theirs = ({x.period: x.target.text for x in row.targets} for row in (old, new))
    for period in dict.fromkeys([*ours, *theirs]):
        yield from changed("target", ours.get(period, ""), theirs.get(period, ""), SAME, period)
    shares = (share_of(two.old.plan, old), share_of(two.new.plan, new))
    if old.points != new.points or shares[0] != shares[1]:
        effect = OPEN if old.points != new.points else SAME
        yield Change(what="points", before=_number(old.points), after=_number(new.points), effect=effect, shares=shares)
    yield from _units(old, new)
    yield from changed("direction", old.direction, new.direction)
    yield from changed("nature", old.nature, new.nature)
    yield from changed("domain", domain_text(old), domain_text(new))
    yield from changed("alias", old.alias, new.alias)
    if not two.same(old.formula, new.formula) or old.formula_text != new.formula_text:
        yield Change(what="formula", before=old.formula_text, after=new.formula_text)
    yield from _condition(two, "applies", old.applies, new.applies, (old.applies_text, new.applies_text))
    yield from changed("rubric", rubric_text(old), rubric_text(new))
    yield from changed("gather", _gather(old), _gather(new), OPEN)
    yield from changed("bonus", _yes(old.bonus), _yes(new.bonus), OPEN)
    yield from changed("words", _words(old), _words(new))
    yield from remarks(old, new)


def share_of(plan: p.Plan, row: p.PlanIndicator) -> Fraction | None:
    """What share of the total a row has by the points written; None where it has none, and under a group with a weight."""
    weighted = any(g.weight is not None and row.path[: len(g.path)] == g.path for g in plan.groups)
    return row.points / plan.total if row.points is not None and plan.total and not weighted else None


def remarks(old: p.PlanIndicator | p.PlanGroup, new: p.PlanIndicator | p.PlanGroup) -> Iterator[Change]:
    """Notes, grounds, sources and accepted findings: text only."""
    ours: dict[str, str] = {}
    theirs: dict[str, str] = {}
    for said, row in ((ours, old), (theirs, new)):
        for kind, text in row.remarks:
            said[kind] = f"{said[kind]}；{text}" if kind in said else text
    for kind in dict.fromkeys([*ours, *theirs]):
        yield from changed(kind, ours.get(kind, ""), theirs.get(kind, ""))
    accepted = ["；".join(f"{code} {reason}" for code, reason in row.accepted) for row in (old, new)]
    yield from changed("accept", accepted[0], accepted[1])


def changed(what: str, before: str, after: str, effect: str = SAME, name: str = "") -> Iterator[Change]:
    """One change, where there is one."""
    if before != after:
        yield Change(what=what, name=name, before=before, after=after, effect=effect)


def _units(old: p.PlanIndicator, new: p.PlanIndicator) -> Iterator[Change]:
    """Plain numbers are read in the unit; another size of it makes another value of the same digits."""
    ours, theirs = ({"": row.unit} | {x.period: x.unit for x in row.targets} for row in (old, new))
    said: set[tuple[str, str]] = set()
    for period in dict.fromkeys([*ours, *theirs]):
        if period and (period in ours) != (period in theirs):
            continue
        a, b = ours.get(period), theirs.get(period)
        texts = (a.text if a else "", b.text if b else "")
        if a != b and texts not in said:
            said.add(texts)
            yield Change(what="unit", before=texts[0], after=texts[1], effect=unit_effect(a, b))


def unit_effect(old: Unit | None, new: Unit | None) -> str:
    """What another unit does to the reading of a plain number."""
    if old is None or new is None:
        return OPEN
    return DIFFERS if (old.scale, old.dims) != (new.scale, new.dims) else SAME


def _condition(
    two: "Two", what: str, old: Expr | None, new: Expr | None, texts: tuple[str, str], name: str = ""
) -> Iterator[Change]:
    absent = ONE if what == "factor" else TRUE
    same = two.equal(old, new, truth=what != "factor", absent=absent)
    if not same or texts[0] != texts[1]:
        yield Change(what=what, name=name, before=texts[0], after=texts[1], effect=SAME if same else OPEN)


def rubric_text(row: p.PlanIndicator) -> str:
    """The rubric as its cases read."""
    if row.scoring is None:
        return ""
    entries = row.scoring.entries
    how = f"{entries.how}{f' per {entries.per}' if entries.per else ''}{f' over {entries.over}' if entries.over else ''}" \
          f"{f' from {format_number(entries.base)}' if entries.base else ''} " if entries is not None else ""  # fmt: skip
    cases = "；".join(f"{x.text} → {x.award_text}" for x in row.scoring.cases)
    limits = f"（{format_number(row.scoring.low)}..{format_number(row.scoring.high)}）" if _unusual(row) else ""
    return f"{how}{cases}{limits}"


def _unusual(row: p.PlanIndicator) -> bool:
    return row.scoring is not None and (row.scoring.low != 0 or row.scoring.high != row.points)


def domain_text(row: p.PlanIndicator) -> str:
    """The values an actual may take, in the printed unit."""
    unit = next((x.unit for x in row.targets if x.unit is not None), row.unit)
    scale, text = (unit.scale, unit.text) if unit is not None else (Fraction(1), "")
    ends = ["" if at is None else format_number(at / scale) + text for at in (row.domain.low, row.domain.high)]
    whole = "whole " if row.domain.whole else ""
    return f"{whole}{ends[0]}..{ends[1]}"


def _gather(row: p.PlanIndicator) -> str:
    if row.gather is None:
        return ""
    shares = "；".join(f"{word} {format_number(share)}" for word, share in row.gather.shares)
    return " ".join(x for x in (row.gather.how, row.gather.column, shares) if x)


def _words(row: p.PlanIndicator) -> str:
    return "；".join(f"{a}={b}" if a != b else a for a, b in row.words)


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _number(value: Fraction | None) -> str:
    return "" if value is None else format_number(value)


def condition_texts(*rows: p.PlanIndicator) -> list[Value]:
    """The values the cases of several entries are compared with."""
    found: dict[Value, None] = {}
    stack: list[Expr] = [x.when for row in rows if row.scoring is not None for x in row.scoring.cases][::-1]
    while stack:
        top = stack.pop()
        if isinstance(top, Compare) and isinstance(top.right, Const):
            found[top.right.value] = None
        stack.extend(children(top))
    return [x for x in found if x is not None]


# ---- the object


def object_changes(
    two: "Two",
    groups: tuple[tuple[p.PlanGroup, p.PlanGroup], ...],
    added: tuple[p.PlanGroup, ...],
    removed: tuple[p.PlanGroup, ...],
) -> Iterator[Change]:
    """Everything of an object but its rows."""
    old, new = two.old.plan, two.new.plan
    yield from changed("object", old.object, new.object)
    yield from changed("kind", old.kind, new.kind)
    yield from changed("year", _text(old.year), _text(new.year), OPEN if _by_days(old, new) else SAME)
    ours, theirs = dict(old.facts), dict(new.facts)
    for name in dict.fromkeys([*ours, *theirs]):
        yield from changed("fact", ours.get(name, ""), theirs.get(name, ""), SAME, name)
    yield from changed("total", _number(old.total), _number(new.total), OPEN)
    yield from changed("most", _number(old.most), _number(new.most), OPEN)
    spread = any(_scales(plan) for plan in (old, new))
    yield from changed("rounding", str(old.rounding), str(new.rounding), OPEN if spread else SAME)
    yield from changed("missing", old.missing, new.missing, DIFFERS)  # what is missing is an error by one of them
    goals = [two.old.names.get(f"score:{'/'.join(old.not_applicable_group)}", "").partition(":")[2] or "/".join(old.not_applicable_group),
             "/".join(new.not_applicable_group)]  # fmt: skip
    policies = [f"{plan.not_applicable} {goal}".strip() for plan, goal in zip((old, new), goals, strict=True)]
    yield from changed("not_applicable", policies[0], policies[1], OPEN)
    yield from changed("schedule", _schedule(old), _schedule(new), OPEN if _looked(two, "schedule") else SAME)
    yield from _groups(two, groups, added, removed)
    yield from _inputs(two)
    yield from _money(two)
    yield from _conditions(two)


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _by_days(old: p.Plan, new: p.Plan) -> bool:
    return "days" in (old.schedule_by, new.schedule_by)


def _scales(plan: p.Plan) -> bool:
    """Are scores of groups made by more than adding?"""
    return plan.not_applicable in ("rescale", "to") or any(
        g.weight is not None or g.factor is not None for g in plan.groups
    )


def _schedule(plan: p.Plan) -> str:
    table = " ".join(f"{period} {format_number(share * 100)}%" for period, share in plan.schedule)
    return f"{plan.schedule_by} {table}".strip()


def expressions(plan: p.Plan) -> Iterator[Expr]:
    """Every expression of a plan, judgements included."""
    for row in plan.indicators:
        yield from (x for x in (row.formula, row.applies) if x is not None)
        for use in row.targets:
            yield from (use.judge.met, use.judge.completion, use.judge.gap, use.judge.excess)
        for case in row.scoring.cases if row.scoring is not None else ():
            yield from (x for x in (case.when, case.award, case.high) if x is not None)
    for group in plan.groups:
        yield from (x for x in (group.applies, group.factor.value if group.factor else None) if x is not None)
    yield from (x.condition for x in plan.ceilings)
    yield from (x.condition for x in plan.awards)


def _looked(two: "Two", start: str) -> bool:
    """Does any expression of either plan look at such an input?"""
    return any(
        n.startswith(start) for plan in (two.old.plan, two.new.plan) for e in expressions(plan) for n in references(e)
    )


def _groups(
    two: "Two",
    groups: tuple[tuple[p.PlanGroup, p.PlanGroup], ...],
    added: tuple[p.PlanGroup, ...],
    removed: tuple[p.PlanGroup, ...],
) -> Iterator[Change]:
    for a, b in groups:
        name = "/".join(b.path)
        if a.path != b.path:
            yield Change(what="renamed", name=name, before="/".join(a.path), after=name)
        yield from changed("points", _number(a.points), _number(b.points), OPEN, name)
        yield from changed("weight", _percent(a.weight), _percent(b.weight), OPEN, name)
        yield from changed("bonus", _limits(a.bonus), _limits(b.bonus), OPEN, name)
        yield from changed("either", _yes(a.either), _yes(b.either), OPEN, name)
        yield from changed("most", _number(a.most), _number(b.most), OPEN, name)
        factors = [g.factor.text if g.factor is not None else "" for g in (a, b)]
        values = [g.factor.value if g.factor is not None else None for g in (a, b)]
        yield from _condition(two, "factor", values[0], values[1], (factors[0], factors[1]), name)
        yield from _condition(two, "applies", a.applies, b.applies, (a.applies_text, b.applies_text), name)
        for change in remarks(a, b):
            yield Change(what=change.what, name=name, before=change.before, after=change.after)
    for g in added:
        yield Change(what="group", name="/".join(g.path), after=_number(g.points) or "—")
    for g in removed:
        yield Change(what="group", name="/".join(g.path), before=_number(g.points) or "—")


def _percent(value: Fraction | None) -> str:
    return "" if value is None else f"{format_number(value * 100)}%"


def _limits(value: tuple[Fraction, Fraction] | None) -> str:
    return "" if value is None else f"{format_number(value[0])}..{format_number(value[1])}"


def _inputs(two: "Two") -> Iterator[Change]:
    ours, theirs = ({x.name: x for x in plan.inputs} for plan in (two.old.plan, two.new.plan))
    for name in dict.fromkeys([*ours, *theirs]):
        a, b = ours.get(name), theirs.get(name)
        used = _looked(two, f"input:{name}")
        before, after = (_input_text(x) if x is not None else "" for x in (a, b))
        effect = _input_effect(a, b) if a is not None and b is not None and used else SAME
        yield from changed("input", before, after, effect, name)
        if a is not None and b is not None:
            yield from changed("alias", a.alias, b.alias, SAME, name)


def _input_effect(a: p.PlanInput, b: p.PlanInput) -> str:
    """A value that only one of the rules takes makes a difference, so does a plain number read in another unit."""
    if (a.is_word, set(a.words), a.domain) != (b.is_word, set(b.words), b.domain):
        return DIFFERS
    return SAME if a.unit == b.unit else unit_effect(a.unit, b.unit)


def _input_text(item: p.PlanInput) -> str:
    if item.is_word:
        return "、".join(item.words) or "text"
    unit = item.unit.text if item.unit is not None else ""
    ends = ["" if x is None else format_number(x) for x in (item.domain.low, item.domain.high)]
    return f"{unit or 'number'} {'whole ' if item.domain.whole else ''}{ends[0]}..{ends[1]}"


def _money(two: "Two") -> Iterator[Change]:
    """Amounts work through the formulas that name them; which lines there are decides how actual amounts add up."""
    ours, theirs = ({t.title: t for t in plan.funds} for plan in (two.old.plan, two.new.plan))
    spent = _looked(two, "spent:")
    for title in dict.fromkeys([*ours, *theirs]):
        a, b = ours.get(title), theirs.get(title)
        units = tuple(t.unit if t is not None else None for t in (a, b))
        if units[0] is not None and units[1] is not None and units[0] != units[1]:
            yield Change(what="funds", name=title, before=units[0].text, after=units[1].text,
                         effect=unit_effect(*units) if spent else SAME)  # fmt: skip
        lines = [{(x.side, x.path, x.alias): x for x in t.lines} if t is not None else {} for t in (a, b)]
        for at in dict.fromkeys([*lines[0], *lines[1]]):
            known = (at in lines[0], at in lines[1])
            texts = [
                _amounts(group[at], table) if at in group and table is not None else ""
                for group, table in zip(lines, (a, b), strict=True)
            ]
            effect = OPEN if spent and known[0] != known[1] else SAME
            yield from changed("funds", texts[0], texts[1], effect, "/".join(x for x in (title, *at[1]) if x))


def _amounts(line: p.PlanLine, table: p.PlanFunds) -> str:
    shown = " ".join(f"{period} {format_number(x / table.unit.scale)}{table.unit.text}" for period, x in line.amounts)
    return shown or "—"


def _conditions(two: "Two") -> Iterator[Change]:
    """Ceilings, whatever their order, and awards by their names."""
    ours = [(_keys(two.old.settled, x.condition), x.grade, x.total, x) for x in two.old.plan.ceilings]
    theirs = [(_keys(two.new.settled, x.condition), x.grade, x.total, x) for x in two.new.plan.ceilings]
    for mine in list(ours):
        other = next((x for x in theirs if x[:3] == mine[:3]), None)
        if other is not None:
            ours.remove(mine)
            theirs.remove(other)
            yield from changed("ceiling", _ceiling(mine[3]), _ceiling(other[3]))
    for limit in dict.fromkeys((x[1], x[2]) for x in (*ours, *theirs)):
        gone, come = ([x[3] for x in side if (x[1], x[2]) == limit] for side in (ours, theirs))
        every = [
            tuple(x.condition for x in plan.ceilings if (x.grade, x.total) == limit)
            for plan in (two.old.plan, two.new.plan)
        ]
        effect = SAME if two.equal(Or(every[0]), Or(every[1]), truth=True) else OPEN
        for before, after in zip_longest(gone, come):
            yield Change(what="ceiling", before=_ceiling(before) if before is not None else "",
                         after=_ceiling(after) if after is not None else "", effect=effect)  # fmt: skip
    before, after = ({x.name: x for x in plan.awards} for plan in (two.old.plan, two.new.plan))
    for name in dict.fromkeys([*before, *after]):
        a, b = before.get(name), after.get(name)
        if a is None or b is None:
            yield Change(what="award", name=name, before=a.text if a else "", after=b.text if b else "", effect=DIFFERS)
        else:
            yield from _condition(two, "award", a.condition, b.condition, (a.text, b.text), name)


def _keys(settled: Callable[[Expr, str], Expr], condition: Expr) -> tuple[object, ...]:
    return tuple(key(settled(condition, period)) for period in PERIODS)


def _ceiling(made: p.PlanCeiling) -> str:
    return f"{made.text} → {made.grade or _number(made.total)}"
