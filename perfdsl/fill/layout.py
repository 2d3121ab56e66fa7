"""The rows of a sheet to fill: every indicator, what formulas need beside them, and the money that is asked for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs

from perfdsl import plan as p
from perfdsl import target as t
from perfdsl.actuals import GROUPS
from perfdsl.blank import Anything, Ask, Blank, BlankRow, Day, Number, Words
from perfdsl.core import Case, Compare, Const, Domain, Expr, children, references
from perfdsl.fill.digest import digest
from perfdsl.fill.wording import case_words, how_scored, judged
from perfdsl.keywords import PERIOD_NAMES
from perfdsl.observe import is_word
from perfdsl.quantity import NO_UNIT, SHARE, Unit, fold_width, format_number, parse_unit
from perfdsl.target import canonical

SPARE = 3  # rows for things that happen, units that report: as many as are usual, --rows gives more
LEFT_OUT, NOTHING = "不适用", "无"
NOT_DUE = "本期没有指标值，不计分；监控要用的照填"
INPUTS, MONEY = "计算用的数据", "资金"
SIDES = {"income": "收入", "spend": "支出"}
REASONS: tuple[tuple[str, Ask], ...] = (("explanation", Anything()), ("evidence", Anything()))


def blank(plans: Sequence[p.Plan], period: str, *, spare: int = SPARE, renamed: bool = False) -> Blank:
    """The sheet in which the actuals of ``plans`` for ``period`` are filled; at least one plan.

    ``spare`` rows are laid out where a row may have several entries; with ``renamed`` the one object's name may be typed.
    """
    rows = rows_of(plans, period, spare)
    one = plans[0].object if len(plans) == 1 else ""
    return Blank(object=one, renamed=renamed and len(plans) == 1, year=plans[0].year, period=period,
                 digest=digest(plans), rows=rows)  # fmt: skip


def rows_of(plans: Sequence[p.Plan], period: str, spare: int = SPARE) -> tuple[BlankRow, ...]:
    """The rows of ``blank`` alone."""
    return tuple(row for plan in plans for row in _Rows(plan, period, spare).all())


class _Rows:
    def __init__(self, plan: p.Plan, period: str, spare: int) -> None:
        self.plan = plan
        self.period = period
        self.spare = spare
        names = Counter(fold_width(name) for i in plan.indicators for name in {i.path[-1], i.alias} - {""})
        self.unique = {name for name, count in names.items() if count == 1}

    def all(self) -> Iterator[BlankRow]:
        """Indicators in the order of the rules, then inputs, then money."""
        for indicator in self.plan.indicators:
            for number, row in enumerate(self.indicator(indicator)):
                yield attrs.evolve(row, points=None) if number else row  # its points are printed once
        for item in self.plan.inputs:
            yield self.input(item)
        yield from self.money()

    # ---- indicators

    def indicator(self, row: p.PlanIndicator) -> Iterator[BlankRow]:
        """One row; several where entries are counted or units are gathered."""
        target = next((x for x in row.targets if x.period == self.period), None)
        target = target or next((x for x in row.targets if x.period == "full"), None) or next(iter(row.targets), None)
        ask, unit = self.value(row, target)
        entries = row.scoring.entries if row.scoring is not None else None
        if entries is not None and entries.how == "check":
            for number, case in enumerate(row.scoring.cases if row.scoring is not None else ()):
                word = entries.words[number] if number < len(entries.words) else ""
                only = Words((word, *([NOTHING] if number == 0 else ())), True) if word else ask
                yield self.made(row, target, "entry", only, unit, item=word, scoring=case_words(case))
        elif entries is not None:
            for _ in range(self.spare):
                yield self.made(row, target, "entry", self.entry(row, entries.words, ask), unit)
        elif row.gather is not None:
            for _ in range(self.spare):
                yield self.made(row, target, "unit", ask, unit)
        else:
            yield self.made(row, target, "indicator", ask, unit)

    def made(
        self, row: p.PlanIndicator, target: p.PlanTarget | None, sort: str, ask: Ask | None, unit: str,
        item: str = "", scoring: str = "",
    ) -> BlankRow:  # fmt: skip
        """A row with the columns it asks for; what has targets, but none for the period, has no score and no mark."""
        due = target is None or target.period == self.period
        asks: list[tuple[str, Ask]] = [("value", ask)] if ask is not None else []
        if _looks_back(row, target) and ask is not None:
            asks.append(("prior", ask))
        if due and row.scoring is not None and any(judged(case) for case in row.scoring.cases):
            asks.append(("mark", Number(low=Fraction(0), high=row.points) if row.points else Anything()))
        if sort != "indicator" and not item:
            asks += [("item", Anything())]
        if sort == "entry" and not item:
            asks += [("times", Number(low=Fraction(0), whole=True))]
        entries = row.scoring.entries if row.scoring is not None else None
        own = {entries.per if entries else "", row.gather.column if row.gather else ""} - {"", "事项"}
        asks += [(column, Anything()) for column in sorted(own)]
        return BlankRow(
            object=self.plan.object, sort=sort, groups=_groups(row.path), name=self.name(row),
            target=_target(target) if due else f"（{_period(target)}{_target(target)}）", unit=unit,
            points=row.points if due else None, scoring=(scoring or how_scored(row)) if due else NOT_DUE,
            asks=(*asks, *REASONS), fixed_item=item, goal=_goal(target) if due else None,
        )  # fmt: skip

    def name(self, row: p.PlanIndicator) -> str:
        """The shortest words under which the row is found again."""
        name = " ".join(row.path[-1].split())
        return name if fold_width(name) in self.unique else "/".join(row.path)

    def value(self, row: p.PlanIndicator, target: p.PlanTarget | None) -> tuple[Ask | None, str]:
        """What is typed as the actual, and the unit it is typed in."""
        if row.formula is not None:
            return None, ""
        aimed = target.target if target is not None else None
        if is_word(row, aimed):
            return self.words(row, aimed), ""
        meaning = aimed.meaning if aimed is not None else None
        if isinstance(meaning, t.Deadline):
            return Day(), ""
        if isinstance(meaning, t.Growth):
            return Anything(), ""  # a rate, or two amounts in the unit of the trade
        unit = (target.unit if target is not None else None) or row.unit or NO_UNIT
        return _number(unit, row.domain)

    def words(self, row: p.PlanIndicator, aimed: t.Target | None) -> Ask:
        """The words of its scale, else those its target and its cases name."""
        scale = tuple(dict.fromkeys(word for word, _ in row.words))
        if scale:
            return Words((*scale, *self.left_out()), True)
        named = [canonical(aimed)] if aimed is not None and isinstance(aimed.meaning, t.Level) else []
        named += [word for case in (row.scoring.cases if row.scoring else ()) for word in _words(case)]
        if not named:
            return Anything()
        return Words((*dict.fromkeys(named), *self.left_out()), False)

    def left_out(self) -> tuple[str, ...]:
        """不适用 is offered where the rules say what then becomes of the points."""
        return (LEFT_OUT,) if self.plan.not_applicable else ()

    @staticmethod
    def entry(row: p.PlanIndicator, words: tuple[str, ...], ask: Ask | None) -> Ask | None:
        """What one entry may be."""
        return Words((*words, NOTHING), True) if words else ask

    # ---- inputs and money

    def input(self, item: p.PlanInput) -> BlankRow:
        """A raw datum of formulas."""
        number, unit = _number(item.unit or NO_UNIT, item.domain)
        ask: Ask = number
        if item.is_word:
            ask, unit = (Words(item.words, True) if item.words else Anything()), ""
        return BlankRow(object=self.plan.object, sort="input", groups=(INPUTS,), name=item.name, unit=unit,
                        scoring="算式或条件要用", asks=(("value", ask),))  # fmt: skip

    def money(self) -> Iterator[BlankRow]:
        """The amounts that some formula looks at: a total, and the lines it is otherwise the sum of."""
        wanted = {name.partition(":")[2] for name in _looked_at(self.plan) if name.startswith("spent:")}
        table = next((x for x in self.plan.funds if not x.title), None)
        unit = table.unit if table is not None else parse_unit("万元")
        ask, shown = _number(unit or NO_UNIT, Domain(Fraction(0), None))
        lines = [line for x in self.plan.funds if not x.title for line in x.lines]
        for side, words in SIDES.items():
            below = [line for line in lines if line.side == side]
            if side in wanted:
                more = "总数；分项都填了可以空着" if len(below) > 1 else "总数"
                yield self.amount(words, "", ask, shown, more)
            for line in below if side not in wanted or len(below) > 1 else ():
                if f"{side}/{'/'.join(line.path)}" in wanted:
                    planned = next((amount for period, amount in line.amounts if period == self.period), None)
                    target = f"预算 {_amount(planned, unit)}" if planned is not None and unit else ""
                    yield self.amount(f"{words}/{_line_name(line, lines)}", target, ask, shown, "算式要用")

    def amount(self, name: str, target: str, ask: Ask, unit: str, scoring: str) -> BlankRow:
        return BlankRow(object=self.plan.object, sort="money", groups=(MONEY,), name=name, target=target, unit=unit,
                        scoring=scoring, asks=(("value", ask),))  # fmt: skip


def _number(unit: Unit, domain: Domain) -> tuple[Number, str]:
    """A number in the printed unit with the limits of the domain; the unit is printed where it can be read back."""
    percent = unit.dims == SHARE.dims and unit.text in ("%", "")
    scale = Fraction(1, 100) if percent else unit.scale
    low, high = (None if end is None else end / scale for end in (domain.low, domain.high))
    read = parse_unit(unit.text)
    text = "%" if percent else unit.text if read is not None and read.dims == unit.dims else ""
    whole = domain.whole and domain.step == unit.scale and not percent
    return Number(text, percent, low, high, whole), text


def _groups(path: p.Path) -> tuple[str, ...]:
    above = path[:-1]
    return above if len(above) <= len(GROUPS) else (*above[: len(GROUPS) - 1], "/".join(above[len(GROUPS) - 1 :]))


def _period(target: p.PlanTarget | None) -> str:
    return PERIOD_NAMES.get(target.period, target.period) if target is not None else ""


def _target(target: p.PlanTarget | None) -> str:
    return target.target.text.strip() if target is not None else ""


def _goal(target: p.PlanTarget | None) -> Fraction | None:
    """The percent a target names."""
    meaning = target.target.meaning if target is not None else None
    quantity = meaning.quantity if isinstance(meaning, t.Bound) else None
    return quantity.base * 100 if quantity is not None and quantity.unit.dims == SHARE.dims else None


def _looks_back(row: p.PlanIndicator, target: p.PlanTarget | None) -> bool:
    """Is last year's value used?"""
    exprs = [x for case in (row.scoring.cases if row.scoring else ()) for x in (case.when, case.award, case.high) if x]
    exprs += [target.judge.met, target.judge.completion, target.judge.gap] if target is not None else []
    return any("prior" in references(x) for x in exprs)


def _words(case: Case) -> list[str]:
    """The words a case compares the actual with."""
    found, stack = [], [case.when]
    while stack:
        top = stack.pop()
        if isinstance(top, Compare) and isinstance(top.right, Const) and isinstance(top.right.value, str):
            found += [top.right.value] if "actual" in references(top.left) else []
        stack.extend(children(top))
    return found


def _looked_at(plan: p.Plan) -> set[str]:
    """Every name the formulas of a plan look at."""
    exprs: list[Expr | None] = [*(x.condition for x in plan.ceilings), *(x.condition for x in plan.awards)]
    for group in plan.groups:
        exprs += [group.applies, group.factor.value if group.factor is not None else None]
    for row in plan.indicators:
        exprs += [row.formula, row.applies]
        exprs += [x for case in (row.scoring.cases if row.scoring else ()) for x in (case.when, case.award, case.high)]
        exprs += [x for use in row.targets for x in (use.judge.target, use.judge.met, use.judge.completion)]
    return {name for x in exprs if x is not None for name in references(x)}


def _line_name(line: p.PlanLine, lines: Sequence[p.PlanLine]) -> str:
    alone = sum(other.side == line.side and other.path[-1] == line.path[-1] for other in lines) == 1
    return line.path[-1] if alone else "/".join(line.path)


def _amount(value: Fraction, unit: Unit) -> str:

    return f"{format_number(value / unit.scale)}{unit.text}"
