"""The indicator tree of one object: clauses read, points shared out, targets judged, formulas and rubrics applied."""

from collections.abc import Iterable
from fractions import Fraction

import attrs

from perfdsl import core as c
from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl import target as t
from perfdsl.diagnostics import Diagnostic, Edit, Label, finding, stated
from perfdsl.quantity import Unit, format_number, parse_unit, unit_named
from perfdsl.read_target import KINDS, read_target
from perfdsl.resolve import dimensions as ty
from perfdsl.resolve import messages as say
from perfdsl.resolve.dimensions import Type
from perfdsl.resolve.judge import Scale as WordScale
from perfdsl.resolve.judge import judge, shared
from perfdsl.resolve.library import Library, Memo
from perfdsl.text import Span

PERIODS = ("q1", "half", "q3", "full", "cycle")
MARKED = ("成本", "控制")


@attrs.define(eq=False)
class Row:
    """One row while it is being resolved."""

    node: s.Node
    path: m.Path
    parent: "Row | None"
    children: "list[Row]" = attrs.Factory(list)
    points: Fraction | None = None
    shared: bool = False
    most: Fraction | None = None
    weight: Fraction | None = None
    bonus: tuple[Fraction, Fraction] | None = None
    method: s.Method | s.Inline | None = None
    own_method: bool = False
    flags: dict[str, Span] = attrs.Factory(dict)
    direction: str = ""
    targets: list[s.TargetClause] = attrs.Factory(list)
    domain: s.Domain | None = None
    applies: s.Expr | None = None
    factor: s.Expr | None = None
    gather: s.GatherClause | None = None
    gathered: c.Gather | None = None
    waivers: list[m.Waiver] = attrs.Factory(list)
    remarks: list[m.Remark] = attrs.Factory(list)
    unit_text: str = ""
    alias: str = ""
    broken: bool = False
    read: list[m.TargetUse] = attrs.Factory(list)
    value: Type | None = None
    spans: dict[str, Span] = attrs.Factory(dict)

    @property
    def is_group(self) -> bool:
        return self.node.children is not None

    @property
    def is_empty(self) -> bool:
        """A bare name: printed, never assessed."""
        return not self.is_group and not self.node.clauses and self.node.formula is None

    @property
    def name(self) -> str:
        return self.node.name.text

    def leaves(self) -> "list[Row]":
        """The indicators below, or the row itself."""
        if not self.is_group:
            return [] if self.is_empty else [self]
        return [leaf for child in self.children for leaf in child.leaves()]

    def any_broken(self) -> bool:
        """Is anything in it unread, so that sums prove nothing?"""
        return self.broken or any(child.any_broken() for child in self.children)


class Tree:
    """All rows of one object, by path and by name."""

    def __init__(self, nodes: list[s.Node], broken: bool, found: list[Diagnostic]) -> None:
        self.found = found
        self.broken = broken
        self.lost: set[str] = set()
        self.by_path: dict[m.Path, Row] = {}
        self.written: dict[str, Row] = {}
        self.by_name: dict[str, list[Row]] = {}
        self.roots = [self._row(node, (), None) for node in nodes]

    def _row(self, node: s.Node, above: m.Path, parent: Row | None) -> Row:
        row = Row(node, (*above, node.name.text), parent)
        before = self.written.setdefault("/".join(row.path), row)  # tables and results write paths so
        if before is not row:
            label = Label(before.node.name.span, "前一个在这里", "the first one")
            self.found.append(finding(say.ROW_TWICE, node.name.span, labels=[label], name=row.name))
        else:
            self.by_path[row.path] = row
        self.by_name.setdefault(row.name, []).append(row)
        _Clauses(row, self.found).read()
        if row.alias:
            self.by_name.setdefault(row.alias, []).append(row)
        if row.method is None and parent is not None:
            row.method = parent.method
        if row.gather is None and parent is not None:
            row.gather = parent.gather
        for child in node.children or ():
            if isinstance(child, s.Broken):
                row.broken = True
                self.lost.update(child.names)
            else:
                row.children.append(self._row(child, row.path, row))
        return row

    def rows(self) -> list[Row]:
        """Every row in order."""
        return [row for root in self.roots for row in _flat(root)]

    def named(self, name: str) -> list[Row]:
        """Rows a name, short name or path may mean."""
        exact = self.by_name.get(name)
        if exact:
            return exact
        if "/" in name:
            wanted = tuple(name.split("/"))
            return [row for path, row in self.by_path.items() if path[-len(wanted) :] == wanted]
        return []


def _flat(row: Row) -> list[Row]:
    return [row, *(inner for child in row.children for inner in _flat(child))]


class _Clauses:
    """Reads the clauses of one row into its fields; what is written twice is reported."""

    def __init__(self, row: Row, found: list[Diagnostic]) -> None:
        self.row = row
        self.found = found

    def read(self) -> None:
        for clause in self.row.node.clauses:
            self._clause(clause)

    def _clause(self, clause: s.Clause) -> None:
        row = self.row
        match clause:
            case s.Broken():
                row.broken = True
            case s.TargetClause(period=period):
                if self._once(period, clause.span):
                    row.targets.append(clause)
            case s.PointsClause(points=number, shared=shared):
                if self._once("points", clause.span) and self._plain(number):
                    row.points, row.shared = number.value, shared
            case s.NumberClause():
                self._number(clause)
            case s.BonusClause(low=low, high=high):
                if self._once("bonus", clause.span):
                    row.bonus = (low.value, high.value)
            case s.Flag(key=key):
                self._flag(key, clause.span)
            case s.ByClause(method=method):
                if self._once("by", clause.span):
                    row.method, row.own_method = method, True
            case s.DomainClause(domain=domain):
                if self._once("values", clause.span):
                    row.domain = domain
            case s.AppliesClause(condition=condition):
                if self._once("applies", clause.span):
                    row.applies = condition
            case s.FactorClause(value=value):
                if self._once("factor", clause.span):
                    row.factor = value
            case s.GatherClause():
                if self._once("gather", clause.span):
                    row.gather = clause
            case s.AcceptClause(code=code, reason=reason):
                row.waivers.append(m.Waiver(code, reason, clause.span))
            case s.RemarkClause(remark=remark):
                row.remarks.append(m.Remark(remark.kind, remark.text))
            case s.WordClause(key="unit", text=text):
                if self._once("unit", clause.span):
                    row.unit_text = text
            case s.WordClause(text=text):
                if self._once("as", clause.span):
                    row.alias = text

    def _number(self, clause: s.NumberClause) -> None:
        row, number = self.row, clause.number
        if clause.key in PERIODS:
            edits = [Edit(number.span, f'"{number.span.text}"')]
            self.found.append(finding(say.TARGET_UNQUOTED, clause.span, edits=edits, text=number.text))
            row.broken = True
        elif clause.key == "up to":
            if self._once("up to", clause.span) and self._plain(number):
                row.most = number.value
        elif self._once("weight", clause.span):
            if number.unit != "%" or not 0 < number.value <= 100:
                self.found.append(finding(say.BAD_WEIGHT, number.span, text=number.text))
                row.broken = True
            else:
                row.weight = number.value / 100

    def _flag(self, key: str, span: Span) -> None:
        family = "direction" if key in ("higher", "lower", "exact") else "nature" if key in ("flow", "stock") else key
        if self._once(family, span):
            self.row.flags[key] = span
            if family == "direction":
                self.row.direction = key

    def _once(self, key: str, span: Span) -> bool:
        before = self.row.spans.get(key)
        if before is not None:
            label = Label(before, "前一个在这里", "the first one")
            self.found.append(finding(say.CLAUSE_TWICE, span, labels=[label], text=span.text, name=self.row.name))
            return False
        self.row.spans[key] = span
        return True

    def _plain(self, number: s.Number) -> bool:
        if number.unit:
            digits = number.span.text.removesuffix("分")
            edits = [Edit(number.span, digits)] if number.unit == "分" and digits != number.span.text else []
            self.found.append(finding(say.POINTS_WITH_UNIT, number.span, edits=edits, text=number.text))
            self.row.broken = True
        return not number.unit


def _place(row: Row, clause: s.TargetClause, doubt: t.Finding) -> Span:
    """Where a doubt stands in the file: under its characters, at the unit clause, or at the indicator's name."""
    if doubt.about == "unit" and "unit" in row.spans:
        return row.spans["unit"]
    if doubt.about == "name":
        return row.node.name.span
    cell = clause.cell
    start, end = (cell.start + _written(cell, at) for at in (doubt.start, max(doubt.start, doubt.end)))
    return Span(min(start, cell.end), min(end, cell.end), cell.source)


def _written(cell: Span, offset: int) -> int:
    """An offset in the cell's text as an offset in what stands in the file, where a backslash may stand before a character."""
    written = cell.text
    if "\\" not in written:
        return offset
    at = 0
    for _ in range(offset):
        at += 2 if written.startswith("\\", at) else 1
    return at


class Targets:
    """Reads and judges the targets of the rows of one object."""

    def __init__(self, library: Library, year: int | None, memo: Memo, found: list[Diagnostic]) -> None:
        self.library = library
        self.year = year
        self.memo = memo
        self.found = found

    def read(self, row: Row) -> None:
        """Fill ``row.read`` and ``row.value`` from its targets."""
        beside: list[Diagnostic] = []
        for clause in row.targets:
            target, doubts = read_target(clause.text, unit=row.unit_text, name=row.name)
            for doubt in doubts:
                made = stated(KINDS[doubt.code], _place(row, clause, doubt), dict(doubt.facts))
                if doubt.about != "unit":
                    self.found.append(made)
                elif made not in beside:
                    beside.append(made)
            self._state_direction(row, clause, target)
            self._state_year(row, clause, target)
            row.read.append(m.TargetUse(clause.period, target, self._judge(row, target), unit_of(target), clause.cell))
        self.found += beside
        row.value = self._value(row)

    def _judge(self, row: Row, target: t.Target) -> c.Judge:
        """How the target judges; the same target judges alike in every row and file."""
        scale = self._scale(target)
        key = (
            id(target),
            row.direction,
            row.domain,
            id(scale),
            row.gathered is not None,
            self.year if isinstance(target.meaning, t.Deadline) else None,
        )
        known = self.memo.targets.get(key)
        if known is None and row.gathered is not None and scale and isinstance(target.meaning, t.Level):
            goal = dict(scale)[self.library.synonyms.get(target.meaning.word, target.meaning.word)]
            known = self.memo.targets[key] = (shared(goal), target, scale)
        if known is None:
            made = judge(self._known(target), row.direction, self._signed(row, target), scale, self.year)
            known = self.memo.targets[key] = (made, target, scale)  # kept alive with their ids
        return known[0]

    def _known(self, target: t.Target) -> t.Target:
        """The target with its word in the scale's canonical form."""
        if isinstance(target.meaning, t.Level):
            word = self.library.synonyms.get(target.meaning.word, target.meaning.word)
            return attrs.evolve(target, meaning=t.Level(word))
        return target

    def _scale(self, target: t.Target) -> WordScale:
        if isinstance(target.meaning, t.Level):
            scale = self.library.words.get(target.meaning.word)
            return scale.shares if scale is not None else ()
        return ()

    def _signed(self, row: Row, target: t.Target) -> bool:
        low = domain_of(row, target).low
        return low is None or low < 0

    def _state_direction(self, row: Row, clause: s.TargetClause, target: t.Target) -> None:
        """Where the sign alone cannot tell which way is better, the author must say it."""
        meaning = target.meaning
        if row.direction or not isinstance(meaning, t.Bound):
            return
        money = t.kind(target) == "money"
        bare = meaning.op in (None, "=") and meaning.quantity.value > 0
        if bare and (money or any(word in row.name for word in MARKED)):
            self.found.append(finding(say.STATE_DIRECTION, clause.span, name=row.name, text=clause.text))
        elif meaning.op in ("=", "<=") and meaning.quantity.value == 0 and self._signed(row, target):
            self.found.append(finding(say.STATE_SIGNED, clause.span, name=row.name, text=clause.text))

    def _state_year(self, row: Row, clause: s.TargetClause, target: t.Target) -> None:
        """A date without a year is kept or not only in a given year."""
        meaning = target.meaning
        if isinstance(meaning, t.Deadline) and not meaning.repeats and meaning.date.year is None and self.year is None:
            self.found.append(finding(say.STATE_YEAR, clause.span, name=row.name, text=clause.text))

    def _value(self, row: Row) -> Type | None:
        """The type of the row's value; None when nothing says it."""
        kinds = [
            (use, self._type(row, use.target)) for use in row.read if not isinstance(use.target.meaning, t.Nothing)
        ]
        known = [(use, kind) for use, kind in kinds if kind is not None]
        if not known:
            return ty.of_unit(unit_named(row.unit_text)) if row.unit_text else None
        return next((kind for use, kind in known if use.period == "full"), known[-1][1])

    def _type(self, row: Row, target: t.Target) -> Type | None:
        """Words of several units come to a share of their scale."""
        return ty.SHARE if row.gathered is not None and self._scale(target) else value_type(target)


def value_type(target: t.Target) -> Type | None:
    """The type an actual for this target has."""
    match target.meaning:
        case t.Bound(quantity=quantity):
            return ty.of_unit(quantity.unit)
        case t.Range(unit=unit):
            return ty.of_unit(unit)
        case t.Deadline(repeats=False):
            return ty.DATE
        case t.Schedule():
            return ty.SHARE
        case t.Growth(quantity=quantity):
            return ty.of_unit(quantity.unit) if quantity is not None else ty.SHARE
        case t.Nothing():
            return None
    return ty.WORD


def unit_of(target: t.Target) -> Unit | None:
    """The unit in which a plain actual is read."""
    match target.meaning:
        case t.Bound(quantity=quantity):
            return quantity.unit
        case t.Range(unit=unit):
            return unit
        case t.Schedule():
            return parse_unit("%")
        case t.Growth(quantity=quantity):
            return quantity.unit if quantity is not None else parse_unit("%")
    return None


def domain_of(row: Row, target: t.Target | None) -> c.Domain:
    """The declared domain in base units, or what the target's kind lets an actual be."""
    unit = unit_of(target) if target is not None else None
    if unit is None and row.unit_text:
        unit = parse_unit(row.unit_text)
    scale = unit.scale if unit is not None else Fraction(1)
    if row.domain is not None:
        return declared(row.domain, scale)
    if target is not None:
        match target.meaning:
            case t.Level() if row.gathered is not None and row.gathered.shares:
                return c.Domain(Fraction(0), Fraction(1))
            case t.Growth() | t.Deadline():
                return c.Domain(None, None)
            case t.Range(low=low, high=high) if low < 0 or high < 0:
                return c.Domain(None, None)
            case t.Bound(quantity=quantity) if quantity.value < 0:
                return c.Domain(None, None)
    return NOT_NEGATIVE


NOT_NEGATIVE = c.Domain(Fraction(0), None)


def declared(domain: s.Domain, scale: Fraction) -> c.Domain:
    """``values [whole] LO .. [HI]`` in base units; bare ends are in the row's own unit."""
    low = _base(domain.low, scale)
    high = _base(domain.high, scale) if domain.high is not None else None
    return c.Domain(low, high, domain.whole, scale if domain.whole else Fraction(1))


def _base(number: s.Number, scale: Fraction) -> Fraction:
    unit = parse_unit(number.unit) if number.unit else None
    return number.value * (unit.scale if unit is not None else scale)


class Points:
    """Shares points out and checks that they add up at every level (docs/language.md, section 5)."""

    def __init__(self, tree: Tree, rounding: int, found: list[Diagnostic]) -> None:
        self.tree = tree
        self.rounding = rounding
        self.found = found

    def run(self) -> None:
        for root in self.tree.roots:
            self._row(root)
        self._weights(self.tree.roots, None)

    def total(self) -> Fraction | None:
        """The sum of the top-level points; None when nothing carries points."""
        known = [row.points for row in self.tree.roots if row.points is not None and row.bonus is None]
        return sum(known, Fraction(0)) if known else None

    def _row(self, row: Row) -> None:
        if row.points is not None and "points" in row.spans and not self._exact(row.points):
            self.found.append(finding(say.TOO_FINE, row.spans["points"], name=row.name, places=self.rounding))
        if row.most is not None and row.points is not None and row.most < row.points:
            self.found.append(finding(say.UP_TO_LESS, row.spans["up to"], name=row.name))
        if not row.is_group:
            self._leaf(row)
            return
        if "either" in row.flags:
            self._either(row)
        elif row.shared:
            self._shared(row)
        for child in row.children:
            self._row(child)
        self._weights(row.children, row)
        if "either" not in row.flags:
            self._sum(row)

    def _leaf(self, row: Row) -> None:
        if row.shared:
            self.found.append(finding(say.SHARED_ON_LEAF, row.spans["points"], name=row.name))
        for key in ("bonus", "weight", "either", "factor"):
            if key in row.spans:
                self.found.append(finding(say.ONLY_ON_GROUP, row.spans[key], key=row.spans[key].text, name=row.name))

    def _either(self, row: Row) -> None:
        if row.points is None:
            known = {child.points for child in row.children if child.points is not None}
            if len(known) != 1:
                self.found.append(finding(say.EITHER_POINTS, row.node.name.span, name=row.name))
                return
            row.points = known.pop()
        for child in row.children:
            if child.points is None and not child.is_empty:
                child.points = row.points
            elif child.points is not None and child.points != row.points:
                self.found.append(finding(say.EITHER_DIFFERS, child.spans["points"], name=child.name, group=row.name,
                                          points=format_number(row.points)))  # fmt: skip

    def _shared(self, row: Row) -> None:
        takers = [child for child in row.children if child.points is None and not child.is_empty]
        assert row.points is not None  # "shared" follows a number
        rest = row.points - sum((child.points for child in row.children if child.points is not None), Fraction(0))
        if not takers or row.any_broken():
            return
        each = rest / len(takers)
        if each <= 0 or not self._exact(each):
            self.found.append(finding(say.SHARED_NOT_EVEN, row.spans["points"], name=row.name, count=len(takers),
                                      rest=format_number(rest), split=self._split(rest, len(takers))))  # fmt: skip
        for child in takers:
            child.points = each

    def _split(self, rest: Fraction, count: int) -> str:
        """A split into printable parts, the first ones one last place larger."""
        unit = Fraction(1, 10**self.rounding)
        each = rest / count // unit * unit
        extra = int((rest - each * count) / unit)
        parts = [each + unit] * extra + [each] * (count - extra)
        return " ".join(format_number(part) for part in parts[:12]) + (" …" if count > 12 else "")

    def _sum(self, row: Row) -> None:
        scored = [child for child in row.children if child.points is not None]
        if row.bonus is not None or any(child.weight is not None for child in row.children):
            return
        if row.points is None:
            row.points = sum((child.points or Fraction(0) for child in scored), Fraction(0)) if scored else None
            return
        total = sum((child.points or Fraction(0) for child in scored), Fraction(0))
        if not row.leaves():
            return  # a group without rows is reported as such
        if total != row.points and not row.any_broken():
            labels = [Label(child.spans["points"], format_number(child.points or Fraction(0)), format_number(child.points or Fraction(0)))
                      for child in scored if "points" in child.spans][:8]  # fmt: skip
            self.found.append(finding(say.POINTS_OFF, row.spans.get("points", row.node.name.span), labels=labels, name=row.name,
                                      points=format_number(row.points), total=format_number(total),
                                      off=format_number(abs(row.points - total))))  # fmt: skip

    def _weights(self, rows: list[Row], parent: Row | None) -> None:
        weighted = [row for row in rows if row.weight is not None]
        plain = [row for row in rows if row.weight is None and row.points is not None and row.bonus is None]
        if not weighted:
            return
        if plain and not any(row.any_broken() for row in rows):
            self.found.append(finding(say.WEIGHT_MIXED, plain[0].node.name.span, name=plain[0].name))
        whole = sum((row.weight or Fraction(0) for row in weighted), Fraction(0))
        if whole != 1 and not any(row.any_broken() for row in rows):
            span = parent.node.name.span if parent is not None else weighted[0].spans["weight"]
            self.found.append(finding(say.WEIGHTS_OFF, span, total=format_number(whole * 100)))
        if parent is not None and parent.points is None:
            self.found.append(finding(say.WEIGHT_OF_WHAT, parent.node.name.span, name=parent.name))

    def _exact(self, points: Fraction) -> bool:
        return bool((points * 10**self.rounding).denominator == 1)


def waivers(items: Iterable[object]) -> tuple[m.Waiver, ...]:
    """What is accepted among ``items`` of an object or of a file."""
    return tuple(m.Waiver(i.code, i.reason, i.span) for i in items if isinstance(i, s.AcceptClause))
