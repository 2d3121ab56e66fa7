"""All objects of one table to date: what is due, what is there, and what the year will come to."""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple, TypeVar

from attrs import evolve

from perfdsl import plan as p
from perfdsl import target as tg
from perfdsl.actuals import Observed, Row
from perfdsl.cohort import Member, engines_of
from perfdsl.core import Value
from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.evaluate import Engine
from perfdsl.monitor import messages as say
from perfdsl.monitor.aims import LATER, NOTHING, UNDATED, aim, effective
from perfdsl.monitor.columns import forecast_row, remarks
from perfdsl.monitor.findings import Day, findings
from perfdsl.monitor.lights import names
from perfdsl.monitor.money import Books, main_tables, money
from perfdsl.monitor.named import Named, named, of_period
from perfdsl.monitor.now import Now
from perfdsl.monitor.rows import Said, progress
from perfdsl.monitoring import MONEY, OUTPUT, Monitoring
from perfdsl.observe import observe
from perfdsl.read_target import read_actual
from perfdsl.text import NOWHERE

T = TypeVar("T")
NO_ONE = Observed({}, {}, {})
SAID_OF_ACTUALS = frozenset({"A101", "A102", "A103", "A104", "A111"})  # about the row itself, which is said once


class Monitored(NamedTuple):
    """One object and everything there is to say about its data."""

    monitoring: Monitoring
    found: list[Diagnostic]


def monitor(
    shared: Sequence[tuple[p.Plan, Sequence[Row]]], period: str = "half", as_of: date | None = None, sha256: str = ""
) -> list[Monitored]:
    """Where every object stands in ``period`` (q1, half, q3, full) as of a day, by default the end of the period.

    ``shared`` are plans with the rows about them; objects are compared with each other where their rules ask for it.
    Never raises for what is in plans or rows: what does not fit is reported and counts as not given.
    """
    desks = [_Desk(plan, rows, period, as_of, sha256) for plan, rows in shared]
    members = [Member(desk.effective, desk.observed) for desk in desks]
    engines = engines_of(members, period, as_of)
    return [desk.monitored(engine) for desk, engine in zip(desks, engines, strict=True)]


def outside(plans: Sequence[p.Plan], day: date | None) -> list[Diagnostic]:
    """The plans whose year ``day`` is not in: nothing can be said of them at that day."""
    wrong = [plan for plan in plans if day is not None and plan.year not in (None, day.year)]
    return [finding(say.WRONG_YEAR, NOWHERE, day=day, object=plan.object, year=plan.year) for plan in wrong]


class _Desk:
    """One object: its rows read by what judges them, and what they say beside the actuals."""

    def __init__(self, plan: p.Plan, rows: Sequence[Row], period: str, as_of: date | None, sha256: str) -> None:
        bare = Engine(plan, NO_ONE, period, as_of)
        self.plan, self.period, self.day, self.share = plan, period, bare.as_of, bare.schedule()
        self.asked = as_of is not None
        self.dated = bare.dated
        day = self.day if self.dated else None
        self.aims = {row.path: aim(row, period, day, plan.year, self.share) for row in plan.indicators}
        self.end = Engine(plan, NO_ONE, period, None).as_of if plan.year is not None else None
        self.names: Named = named(plan)
        self.rows = of_period(rows, period)
        self.effective = effective(plan, self.aims, period)
        self.observed, self.found = observe(self.effective, [self.heard(row) for row in rows], period, sha256)
        self.forecast, self.stated = self.forecasts()

    def heard(self, row: Row) -> Row:
        """Words about what is not due yet (无, 进行中) are no value; they stay where they are read."""
        path = self.names.indicator(row)
        if path is None or self.aims[path].why not in (NOTHING, LATER, UNDATED):
            return row
        meaning = read_actual(row.value, unit=row.unit)[0].meaning
        return row if isinstance(meaning, (tg.Amount, tg.OnDate, tg.NotApplicable)) else evolve(row, value="")

    def forecasts(self) -> tuple[Observed, dict[p.Path, Value]]:
        """What the unit says the year will come to; a computed row by its formula when all it needs is stated."""
        rows = [made for row in self.rows if (made := forecast_row(row)) is not None]
        plain = tuple(evolve(row, formula=None, gather=None) for row in self.plan.indicators)
        observed, found = observe(evolve(self.plan, indicators=plain), rows, "full")
        for said in (said for said in found if said.code not in SAID_OF_ACTUALS):
            kind = say.FORECAST_UNREAD
            words = kind._replace(severity=said.kind.severity, zh=kind.zh + said.kind.zh, en=kind.en + said.kind.en)
            self.found.append(said._replace(kind=words))
        values = {path: entries[0].value for path, entries in observed.entries.items()}
        engine = Engine(self.plan, observed, "full", None)
        stated: dict[p.Path, Value] = {}
        for row in self.plan.indicators if rows else ():
            value = values.get("/".join(row.path))
            stated[row.path] = engine.frame(row).value if value is None and row.formula is not None else value
        return observed, stated

    def monitored(self, engine: Engine) -> Monitored:
        """Everything together."""
        by_path = self.by(self.names.indicator)
        said = {
            path: Said(_text(rows), self.stated.get(path), remarks(rows, self.found)) for path, rows in by_path.items()
        }
        lines = {key: remarks(rows, self.found) for key, rows in self.by(self.names.line).items()}
        books = Books(self.observed.spent, self.forecast.spent, lines)
        now = Now(self.share, at_end=self.end in (None, self.day))
        indicators = tuple(
            progress(engine, row, self.aims[row.path], now, said.get(row.path) or Said("", self.stated.get(row.path)))
            for row in self.effective.indicators
        )
        tables = main_tables(self.plan)
        order = tuple(engine.order((), self.plan.roots))
        known = {row.path for row in self.plan.indicators} | {group.path for group in self.plan.groups}
        made = Monitoring(
            object=self.plan.object, kind=self.plan.kind, year=self.plan.year, period=self.period,
            as_of=self.day.isoformat() if self.dated else "", schedule_by=self.plan.schedule_by, share=self.share, facts=self.plan.facts,
            order=order, empty=tuple(path for path in order if path not in known), indicators=indicators,
            money=money(engine, books, now), money_unit=tables[0].unit.text if tables else "",
            money_scale=tables[0].unit.scale if tables else Fraction(1),
            output_lights=names(self.plan, OUTPUT), money_lights=names(self.plan, MONEY),
            ruleset_sha256=self.plan.ruleset_sha256, actuals_sha256=self.observed.sha256,
        )  # fmt: skip
        places = {path: rows[0].span for path, rows in by_path.items()}
        end = self.end if self.asked and self.end not in (None, self.day) else None
        more = findings(made, self.aims, places, Day(asked=self.asked, end=end))
        return Monitored(made, [*self.found, *engine.found, *more])

    def by(self, key: Callable[[Row], T | None]) -> dict[T, list[Row]]:
        """The rows of the table by what they are about."""
        made: dict[T, list[Row]] = {}
        for row in self.rows:
            if (found := key(row)) is not None:
                made.setdefault(found, []).append(row)
        return made


def _text(rows: Sequence[Row]) -> str:
    return "；".join(dict.fromkeys(row.value.strip() for row in rows if row.value.strip()))
