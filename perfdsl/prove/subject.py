"""What a verdict is about, and how values are written there."""

import re
from datetime import date
from fractions import Fraction

import attrs

from perfdsl.core import Scoring, Value
from perfdsl.model import Indicator, Object, TargetUse, indicators
from perfdsl.prove.contract import Actual
from perfdsl.quantity import NO_UNIT, Unit, format_number, round_half_up
from perfdsl.target import Deadline
from perfdsl.text import Span

_UNENDING = re.compile(r"-?\d+/")
LAST_DAY = date.max.toordinal()
PERCENT = Unit("%", Fraction(1, 100), (("%", 1),))
TEN_THOUSAND = Unit("万元", Fraction(10_000), (("元", 1),))


@attrs.frozen
class Subject:
    """The indicator a verdict is about, the target it is judged by, and the object it stands in."""

    row: Indicator
    scoring: Scoring
    use: TargetUse | None
    thing: Object = attrs.field(eq=False, repr=False)

    def shown(self, value: Actual) -> str:
        """An actual as it would be written."""
        if isinstance(value, (str, bool)):
            return shown_word(value)
        if self._is_date() and value.denominator == 1 and 0 < value <= LAST_DAY:
            return date.fromordinal(int(value)).isoformat()
        unit = (self.use.unit if self.use else self.row.unit) or NO_UNIT
        return format_number(value / unit.scale) + unit.text

    def written(self, value: Actual) -> str:
        """The same as a test writes it; empty when it cannot be written."""
        if isinstance(value, (str, bool)):
            return f'"{escaped(self.shown(value))}"'
        text = self.shown(value)
        if unending(text):
            return ""
        return text if text[:1].isdigit() and not self._is_date() else f'"{text}"'

    def printed(self, award: Fraction) -> Fraction:
        """An award as a score: inside the limits of the rubric, rounded."""
        inside = max(self.scoring.low, min(self.scoring.high, award))
        return round_half_up(inside, self.thing.rounding)

    def other(self, name: str, value: Value) -> str:
        """The value of another input, in its own unit."""
        if not isinstance(value, Fraction):
            return shown_word(value)
        unit = self._unit(name)
        return format_number(value / unit.scale) + unit.text

    def row_of(self, name: str) -> Indicator | None:
        """The row a name such as ``value:PATH`` is about."""
        path = name.partition(":")[2]
        return next((row for row in indicators(self.thing.rows) if "/".join(row.path) == path), None)

    def _unit(self, name: str) -> Unit:
        kind, _, text = name.partition(":")
        if kind == "schedule":
            return PERCENT
        if kind == "spent":
            return next((table.unit for table in self.thing.funds if not table.title), TEN_THOUSAND)
        if kind == "prior":
            return (self.use.unit if self.use else self.row.unit) or NO_UNIT
        if kind == "input":
            return next((each.unit for each in self.thing.inputs if each.name == text), None) or NO_UNIT
        row = self.row_of(name)
        if kind != "value" or row is None:
            return NO_UNIT
        return next((use.unit for use in row.targets), row.unit) or NO_UNIT

    def _is_date(self) -> bool:
        return self.use is not None and isinstance(self.use.target.meaning, Deadline)

    def place(self, case: int | None) -> Span:
        """The line of the case where it stands inside the row, else the name of the row."""
        row, name = self.row.span, self.row.name_span
        if case is None or self.scoring.name:
            return name
        source, line = row.source, self.scoring.cases[case].line
        if not row.line < line <= source.line_of(row.end):
            return name
        text = source.line_text(line)
        start = source.line_starts[line - 1] + len(text) - len(text.lstrip())
        return Span(start, start + len(text.strip()), source)


def shown_word(value: Value) -> str:
    """A value without a unit, as a reader knows it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction):
        return format_number(value)
    return "缺失" if value is None else value


def escaped(text: str) -> str:
    """Text as it stands between quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def unending(text: str) -> bool:
    """Is it a number no finite decimal says?"""
    return bool(_UNENDING.match(text))
