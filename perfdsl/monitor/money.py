"""Money to date: each line against what is planned to date and against the budget of the year: two rates."""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from perfdsl import plan as p
from perfdsl.evaluate import Engine
from perfdsl.explain import number_text
from perfdsl.monitor.lights import light
from perfdsl.monitor.now import Now
from perfdsl.monitoring import (
    BY_PLAN,
    BY_RATE,
    FROM_SCHEDULE,
    FROM_TARGET,
    LAGGING,
    LEVEL,
    MISSING,
    MONEY,
    NO_TARGET,
    NOT_DUE,
    REACHED,
    STATED,
    UNJUDGED,
    Forecast,
    MoneyProgress,
    Remarks,
)
from perfdsl.quantity import NO_UNIT

ZERO = Fraction(0)
SIDES = ("income", "spend")


class Books(NamedTuple):
    """What was spent and what is forecast, by ``side`` or ``side/path``; what is said of the lines, likewise."""

    spent: Mapping[str, Fraction]
    forecast: Mapping[str, Fraction]
    remarks: Mapping[str, Remarks]


def money(engine: Engine, books: Books, now: Now) -> tuple[MoneyProgress, ...]:
    """The lines of the funds table, each side after its whole; a table with a title only where there is no other."""
    made: list[MoneyProgress] = []
    for table in main_tables(engine.plan):
        for side in SIDES:
            lines = [line for line in table.lines if line.side == side]
            sheet = _Sheet(engine, table, lines, books, engine.period, now)
            made += [sheet.whole(side), *map(sheet.line, lines)] if lines else []
    return tuple(made)


def main_tables(plan: p.Plan) -> tuple[p.PlanFunds, ...]:
    """The funds tables that count."""
    untitled = tuple(table for table in plan.funds if not table.title)
    return untitled or plan.funds


def key_of(line: p.PlanLine) -> str:
    """How observations name a line."""
    return f"{line.side}/{'/'.join(line.path)}"


class _Sheet(NamedTuple):
    """One side of one table."""

    engine: Engine
    table: p.PlanFunds
    lines: list[p.PlanLine]
    books: Books
    period: str
    now: Now

    def whole(self, side: str) -> MoneyProgress:
        """All lines of the side together."""
        top = [line for line in self.lines if len(line.path) == 1 and not _blank(line, self.lines)]
        spent = self.books.spent.get(side)
        spent = _sum([self.spent(line) for line in top]) if spent is None else spent
        stated = self.books.forecast.get(side)
        stated = _sum([self.stated(line) for line in top]) if stated is None else stated
        budget = _sum([self.amount(line, "full") for line in top])
        planned = _sum([self.planned(line)[0] for line in top])
        basis = self.planned(top[0])[1] if top else ""
        return self.made(side, (), (budget, planned, basis), spent, stated)

    def line(self, line: p.PlanLine) -> MoneyProgress:
        """One line."""
        return self.made(
            line.side, line.path, (self.amount(line, "full"), *self.planned(line)), self.spent(line), self.stated(line)
        )

    def made(
        self, side: str, path: p.Path, plans: tuple[Fraction | None, Fraction | None, str], spent: Fraction | None, stated: Fraction | None
    ) -> MoneyProgress:  # fmt: skip
        """A line with its rates, verdict, light and forecasts."""
        budget, planned, basis = plans
        of_plan = spent / planned if spent is not None and planned else None
        key = "/".join((side, *path))
        return MoneyProgress(
            side=side, path=path, table=self.table.title, budget=budget, planned=planned, basis=basis, spent=spent, of_plan=of_plan,
            of_budget=spent / budget if spent is not None and budget else None, status=_status(budget, planned, spent),
            light=light(self.engine, MONEY, of_plan) if of_plan is not None else None,
            forecasts=self.forecasts(plans, spent, stated), remarks=self.books.remarks.get(key, Remarks()),
        )  # fmt: skip

    def below(self, line: p.PlanLine) -> list[p.PlanLine]:
        return [x for x in self.lines if x.path[:-1] == line.path and not _blank(x, self.lines)]

    def spent(self, line: p.PlanLine) -> Fraction | None:
        """As given, else the sum of what is below; missing as soon as a part with money is missing."""
        given = self.books.spent.get(key_of(line))
        return _sum([self.spent(part) for part in self.below(line)]) if given is None else given

    def stated(self, line: p.PlanLine) -> Fraction | None:
        """The forecast of the unit, likewise."""
        given = self.books.forecast.get(key_of(line))
        return _sum([self.stated(part) for part in self.below(line)]) if given is None else given

    def amount(self, line: p.PlanLine, period: str) -> Fraction | None:
        """What the table says, else the sum of what is below."""
        written = dict(line.amounts).get(period)
        return _sum([self.amount(part, period) for part in self.below(line)]) if written is None else written

    def planned(self, line: p.PlanLine) -> tuple[Fraction | None, str]:
        """What is due to date: the plan of the period; the year's by 序时进度 where the side plans nothing by period."""
        if self.period != "full" and any(period == self.period for x in self.lines for period, _ in x.amounts):
            return self.amount(line, self.period), FROM_TARGET
        budget = self.amount(line, "full")
        share = self.now.share
        return (budget * share if budget is not None and share is not None else None), FROM_SCHEDULE

    def forecasts(
        self, plans: tuple[Fraction | None, Fraction | None, str], spent: Fraction | None, stated: Fraction | None
    ) -> tuple[Forecast, ...]:
        """As stated, by what the plan still adds, by the rate so far."""
        budget, planned, basis = plans
        ways: list[tuple[str, Fraction]] = [(STATED, stated)] if stated is not None else []
        if spent is not None and self.now.share == 1:
            ways.append((LEVEL, spent))
        elif spent is not None:
            if self.now.at_end and basis == FROM_TARGET and budget is not None and planned is not None:
                ways.append((BY_PLAN, spent + budget - planned))
            if self.now.share:
                ways.append((BY_RATE, spent / self.now.share))
        unit = self.table.unit or NO_UNIT
        return tuple(Forecast(method=how, value=value, shown=number_text(value, unit)) for how, value in ways)


def _status(budget: Fraction | None, planned: Fraction | None, spent: Fraction | None) -> str:
    if budget is None and planned is None:
        return NO_TARGET
    if spent is None:
        return NOT_DUE if planned == 0 else MISSING
    if planned is None:
        return UNJUDGED
    if planned == 0 and spent == 0:
        return NOT_DUE
    return REACHED if spent >= planned else LAGGING


def _blank(line: p.PlanLine, lines: list[p.PlanLine]) -> bool:
    """Has the line no amount, nor any line below it?"""
    return all(not x.amounts for x in lines if x.path[: len(line.path)] == line.path)


def _sum(parts: list[Fraction | None]) -> Fraction | None:
    """The sum when all are known; of nothing there is none."""
    known = [part for part in parts if part is not None]
    return sum(known, ZERO) if parts and len(known) == len(parts) else None
