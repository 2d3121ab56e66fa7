"""The scores of one object as lints look at them: each row with what was given for it, and what is accepted where."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from perfdsl import plan as p
from perfdsl.actuals import Entry, Observed
from perfdsl.diagnostics import Diagnostic
from perfdsl.scorecard import MET, MISSED, IndicatorScore, Scorecard
from perfdsl.settings import Settings
from perfdsl.text import NOWHERE, Span

JUDGED = (MET, "exceeded", MISSED)
Said = tuple[p.Path, Diagnostic]  # the row a finding is about; () for the object


class Scored:
    """A plan, its scores, what was observed, and the settings."""

    def __init__(self, plan: p.Plan, card: Scorecard, observed: Observed, settings: Settings) -> None:
        self.plan = plan
        self.card = card
        self.observed = observed
        self.settings = settings

    def rows(self) -> Iterator[tuple[p.PlanIndicator, IndicatorScore, Entry]]:
        """Every indicator for which one value was given, with its score and that value."""
        by_path = {row.path: row for row in self.plan.indicators}
        for score in self.card.indicators:
            entries = self.observed.entries.get("/".join(score.path), ())
            if len(entries) == 1 and entries[0].applies and score.path in by_path:
                yield by_path[score.path], score, entries[0]

    def limit(self, name: str, default: int | str) -> Fraction:
        """A limit that a bureau may set for itself."""
        return self.settings.limit(name, Fraction(default))

    @cached_property
    def place(self) -> Span:
        """Where a finding about all the data is put: its first value."""
        spans = [
            entry.span for entries in self.observed.entries.values() for entry in entries if entry.span.source.name
        ]
        return min(spans, key=lambda span: span.start) if spans else NOWHERE

    @cached_property
    def _accepted(self) -> dict[p.Path, tuple[tuple[str, str], ...]]:
        """What each row and each group accepts itself."""
        made = {group.path: group.accepted for group in self.plan.groups}
        return made | {row.path: row.accepted for row in self.plan.indicators}

    def waived(self, path: p.Path, found: Diagnostic) -> Diagnostic:
        """``found`` about ``path``, accepted by the row, a group above it, the object or its file, or the settings."""
        accepting = [self._accepted.get(path[:depth], ()) for depth in range(len(path), 0, -1)]
        for accepted in (*accepting, self.plan.accepted, self.settings.accepted):
            if found.code in dict(accepted):
                return found._replace(accepted=dict(accepted)[found.code])
        return found
