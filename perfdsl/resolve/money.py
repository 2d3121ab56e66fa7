"""Funds tables: amounts in 元, sums that must add up, income against spending."""

from fractions import Fraction

from perfdsl import core as c
from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl.diagnostics import ERROR, WARNING, Diagnostic, Kind, finding, stated
from perfdsl.keywords import SIDES
from perfdsl.quantity import Unit, format_number, parse_unit
from perfdsl.resolve import dimensions as ty


def funds(item: s.Funds, found: list[Diagnostic]) -> m.FundTable | None:
    """One table, checked; None when its unit is not money."""
    unit = parse_unit(item.unit.text)
    if unit is None or ty.of_unit(unit).dims != ty.MONEY.dims:
        found.append(finding(NOT_MONEY, item.unit.span, unit=item.unit.text))
        return None
    lines: list[m.FundLine] = []
    for line in item.lines:
        if isinstance(line, s.Line):
            _line(line, line.side or "spend", (), unit, lines, found)
    table = m.FundTable(title=item.title, unit=unit, lines=tuple(lines))
    if not any(isinstance(line, s.Broken) for line in item.lines):
        _balance(item, table, found)
    return table


def _line(line: s.Line, side: str, above: m.Path, unit: Unit, out: list[m.FundLine], found: list[Diagnostic]) -> None:
    path = (*above, line.name.text)
    amounts: dict[str, Fraction] = {}
    for period, number in line.amounts:
        if period in amounts:
            found.append(finding(AMOUNT_TWICE, number.span, name=line.name.text))
        amounts[period] = _amount(number, unit, found)
    if any(known.path == path and known.side == side for known in out):
        found.append(finding(LINE_TWICE, line.name.span, name=line.name.text))
    notes = tuple(remark.text for remark in line.remarks if remark.kind == "note")
    out.append(
        m.FundLine(side=side, path=path, alias=line.alias, amounts=tuple(amounts.items()), notes=notes, span=line.span)
    )
    below = line.lines or ()
    inner = [child for child in below if isinstance(child, s.Line)]
    for child in inner:
        _line(child, side, path, unit, out, found)
    if len(inner) == len(below):
        _check_sum(line, amounts, inner, unit, found)


def _amount(number: s.Number, unit: Unit, found: list[Diagnostic]) -> Fraction:
    if not number.unit:
        return number.value * unit.scale
    own = parse_unit(number.unit)
    if own is None or own.dims not in ((), ty.MONEY.dims):
        found.append(finding(NOT_MONEY, number.span, unit=number.unit))
        return number.value * unit.scale
    return number.value * (own.scale if own.dims else own.scale * unit.scale)


def _check_sum(
    line: s.Line, amounts: dict[str, Fraction], inner: list[s.Line], unit: Unit, found: list[Diagnostic]
) -> None:
    """A parent's amount against the sum of its children; blanks count nothing, all blank says nothing."""
    for period, whole in amounts.items():
        parts = [_amount(number, unit, []) for child in inner for p, number in child.amounts if p == period]
        if parts:
            numbers = [line, *inner]
            _compare(
                SUM_OFF, SUM_ROUNDED, line.name.text, whole, sum(parts, Fraction(0)), numbers, period, unit, line, found
            )


def _balance(item: s.Funds, table: m.FundTable, found: list[Diagnostic]) -> None:
    """Income against spending in each period in which both sides are filled."""
    lines = [line for line in item.lines if isinstance(line, s.Line)]
    periods = {period for line in lines for period, _ in line.amounts}
    for period in sorted(periods):
        sides = {side: [line for line in lines if (line.side or "spend") == side and period in dict(line.amounts)]
                 for side in ("income", "spend")}  # fmt: skip
        if not sides["income"] or not sides["spend"]:
            continue
        totals = {side: sum((_amount(dict(x.amounts)[period], table.unit, []) for x in chosen), Fraction(0))
                  for side, chosen in sides.items()}  # fmt: skip
        _compare(UNBALANCED, BALANCE_ROUNDED, table.title, totals["income"], totals["spend"],
                 [*sides["income"], *sides["spend"]], period, table.unit, item, found)  # fmt: skip


def _compare(
    wrong: Kind, rounded: Kind, name: str, whole: Fraction, parts: Fraction, lines: list[s.Line], period: str, unit: Unit,
    where: s.Line | s.Funds, found: list[Diagnostic],
) -> None:  # fmt: skip
    off = abs(whole - parts)
    if not off:
        return
    step = min(
        (_printed_step(number) for line in lines for p, number in line.amounts if p == period), default=Fraction(1)
    )
    kind = rounded if off <= step * unit.scale / 2 * len(lines) else wrong
    span = where.name.span if isinstance(where, s.Line) else where.unit.span
    say = {key: format_number(value / unit.scale) + unit.text for key, value in
           (("whole", whole), ("parts", parts), ("off", off))}  # fmt: skip
    found.append(stated(kind, span, {"name": name, "period": period, **say}))


def _printed_step(number: s.Number) -> Fraction:
    """One unit in the last printed place."""
    _, _, decimals = number.text.rstrip("%‰").partition(".")
    return Fraction(1, 10 ** sum(ch.isdigit() for ch in decimals))


class Money:
    """``budget plan spent`` over the balanced tables of one object."""

    def __init__(self, tables: tuple[m.FundTable, ...]) -> None:
        self.lines = [line for table in tables if not table.title for line in table.lines]
        self.titled = [line for table in tables if table.title for line in table.lines]

    def find(self, name: str) -> list[m.FundLine] | None:
        """The lines a name stands for: one line, or the top lines of a side; None when unknown or ambiguous."""
        if name in SIDES:
            return [line for line in self.lines if line.side == SIDES[name] and len(line.path) == 1] or None
        for lines in (self.lines, self.titled):
            named = [line for line in lines if name in (line.alias, line.path[-1])]
            if len(named) == 1:
                return named
        return None

    def known(self) -> list[str]:
        """Every name ``find`` may be asked for."""
        return [
            "收入",
            "支出",
            *(line.path[-1] for line in self.lines),
            *(line.alias for line in self.lines if line.alias),
        ]

    def budget(self, name: str) -> Fraction | None:
        """Full-year amount; None when a line has none."""
        lines = self.find(name) or []
        amounts = [dict(line.amounts).get("full") for line in lines]
        known = [a for a in amounts if a is not None]
        return sum(known, Fraction(0)) if known else None

    def planned(self, name: str) -> c.Domain:
        """The least and the greatest amount of all periods."""
        made: dict[str, Fraction] = {}
        for line in self.find(name) or []:
            for period, amount in line.amounts:
                made[period] = made.get(period, Fraction(0)) + amount
        return c.Domain(min(made.values(), default=Fraction(0)), max(made.values(), default=Fraction(0)))

    def spent(self, name: str) -> c.Expr:
        """What was spent on a line: as given, else the sum of what was given below it."""
        if name in SIDES:
            side = SIDES[name]
            whole = c.Ref(f"spent:{side}")
            return _or_sum(whole, [self._spent_line(line) for line in self.find(name) or []])
        lines = self.find(name)
        return self._spent_line(lines[0]) if lines else c.UNDEFINED

    def _spent_line(self, line: m.FundLine) -> c.Expr:
        below = [other for other in self.lines if other.side == line.side and other.path[:-1] == line.path]
        return _or_sum(c.Ref(f"spent:{line.side}/{'/'.join(line.path)}"), [self._spent_line(b) for b in below])


def _or_sum(whole: c.Ref, parts: list[c.Expr]) -> c.Expr:
    if not parts:
        return whole
    return c.If(c.Missing(whole), c.Add(tuple(parts)), whole)


NOT_MONEY = Kind(
    "R501", ERROR, "“{unit}”不是金额单位", "“{unit}” is not a unit of money", "写元、万元或亿元", "write 元, 万元 or 亿元",
)  # fmt: skip
AMOUNT_TWICE = Kind(
    "R502", ERROR, "“{name}”同一期写了两个金额", "“{name}” has two amounts for one period", "删去一个", "remove one",
)  # fmt: skip
LINE_TWICE = Kind(
    "R503", WARNING, "资金表里“{name}”出现两次", "“{name}” stands twice in the funds table",
    "合并，或改成可区分的名称", "merge them, or give them different names",
)  # fmt: skip
SUM_OFF = Kind(
    "R504", ERROR, "“{name}”是{whole}，下面各项之和是{parts}，相差{off}", "“{name}” is {whole}, its parts add up to {parts}: {off} apart",
    "核对这一项和它下面的各项", "check the line and its parts",
)  # fmt: skip
SUM_ROUNDED = Kind(
    "R505", WARNING, "“{name}”是{whole}，下面各项之和是{parts}，相差{off}，像是四舍五入造成的",
    "“{name}” is {whole}, its parts add up to {parts}: {off} apart, as rounding does",
    "如确系舍入，可以保留", "fine if it is rounding",
)  # fmt: skip
UNBALANCED = Kind(
    "R506", ERROR, "收入合计{whole}，支出合计{parts}，相差{off}", "income is {whole}, spending {parts}: {off} apart",
    "核对资金表的收入与支出", "check both sides of the funds table",
)  # fmt: skip
BALANCE_ROUNDED = Kind(
    "R507", WARNING, "收入合计{whole}，支出合计{parts}，相差{off}，像是四舍五入造成的",
    "income is {whole}, spending {parts}: {off} apart, as rounding does",
    "如确系舍入，可以保留", "fine if it is rounding",
)  # fmt: skip
