"""Compile a text, read rows and score them in one call: what the tests of meaning and of evaluation share."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from perfdsl.actuals import Row
from perfdsl.diagnostics import Diagnostic
from perfdsl.evaluate import evaluate
from perfdsl.observe import observe
from perfdsl.pipeline import Checked, Refusal, check
from perfdsl.plan import Plan
from perfdsl.quantity import format_number
from perfdsl.resources import data_dir
from perfdsl.scorecard import Scorecard
from perfdsl.text import Source, Span

Given = tuple[str, str] | tuple[str, str, dict[str, object]]
HEAD = 'use 财预2020_10号\nproject "P" {\n'


class Library:
    """The rulesets of the repository, read once."""

    read: dict[str, Source] = {}

    def library(self, name: str) -> Source | None:
        path = data_dir("rulesets") / f"{name}.perf"
        if name not in self.read and path.is_file():
            self.read[name] = Source(f"rulesets/{name}.perf", path.read_text(encoding="utf-8"))
        return self.read.get(name)

    def local(self, beside: Source, path: str) -> Source | Refusal:
        return Refusal("absent")

    def library_names(self) -> list[str]:
        return sorted(p.stem for p in data_dir("rulesets").glob("*.perf"))


class Scored(NamedTuple):
    """What came of a text and its rows."""

    card: Scorecard
    found: tuple[Diagnostic, ...]

    @property
    def codes(self) -> set[str]:
        return {d.code for d in self.found}

    def said(self, path: str) -> str:
        """The score of a row, a group or (for "") the total: ``4.5``, or ``1..2`` while it is open."""
        card = self.card
        if not path:
            return shown(card.total, card.low, card.high)
        for part in (*card.indicators, *card.groups):
            if "/".join(part.path).endswith(path):
                return shown(part.score, part.low, part.high)
        raise KeyError(path)

    def row(self, name: str) -> object:
        return next(i for i in self.card.indicators if i.path[-1] == name)

    def status(self, name: str) -> str:
        return next(i.status for i in self.card.indicators if i.path[-1] == name)

    def reason(self, name: str) -> str:
        return next(i.reason_zh for i in self.card.indicators if i.path[-1] == name)


def shown(score: Fraction | None, low: Fraction, high: Fraction) -> str:
    return format_number(score) if score is not None else f"{format_number(low)}..{format_number(high)}"


def inside(body: str) -> str:
    """``body`` as a project that uses the library."""
    return f"{HEAD}{body}\n}}"


def compiled(text: str) -> Checked:
    """A whole text, checked and proved."""
    return check(Source("t.perf", text), Library())


def codes(body: str) -> set[str]:
    """What is said about the body of a project."""
    return {d.code for d in compiled(inside(body)).found}


def plan_of(body: str) -> Plan:
    """The plan of the body of a project that has no errors of form and meaning."""
    checked = compiled(inside(body))
    assert checked.usable, [(d.code, d.message()) for d in checked.found]
    return checked.plans()[0]


def rows(given: Iterable[Given]) -> list[Row]:
    """Rows of a table: (name, value) or (name, value, further columns)."""
    made = []
    for name, value, *more in given:
        source = Source("a.csv", f"{name},{value}")
        columns: dict[str, object] = more[0] if more else {}
        made.append(Row(name=name, value=value, span=Span(0, len(source.text), source), **columns))  # type: ignore[arg-type]
    return made


def scored(body: str | Plan, given: Sequence[Given] = (), period: str = "full", as_of: date | None = None) -> Scored:
    """The body of a project, or its plan, scored on rows."""
    plan = plan_of(body) if isinstance(body, str) else body
    observed, unread = observe(plan, rows(given), period)
    card, unscored = evaluate(plan, observed, period, as_of)
    return Scored(card, (*unread, *unscored))
