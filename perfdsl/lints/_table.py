"""One object as lints look at it: its rows in order, found once."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from perfdsl import model as m
from perfdsl.lints._spending import Spending
from perfdsl.settings import Settings
from perfdsl.target import Bound

SIDES = {"income": "收入", "spend": "支出"}


class Table:
    """An object, its settings, and what several lints ask of it."""

    def __init__(self, thing: m.Object, settings: Settings) -> None:
        self.thing = thing
        self.settings = settings

    @cached_property
    def indicators(self) -> tuple[m.Indicator, ...]:
        """Every indicator, in the order of the table."""
        return m.indicators(self.thing.rows)

    @cached_property
    def groups(self) -> tuple[m.Group, ...]:
        """Every group, in the order of the table."""
        return m.groups(self.thing.rows)

    @cached_property
    def spending(self) -> Spending:
        """What the funds table plans to spend."""
        return Spending(self.thing)

    def targets(self) -> Iterator[tuple[m.Indicator, m.TargetUse]]:
        """Every target with its indicator."""
        for row in self.indicators:
            for use in row.targets:
                yield row, use

    def bounds(self) -> Iterator[tuple[m.Indicator, m.TargetUse, Bound]]:
        """Every target that is one limit, with its indicator."""
        for row, use in self.targets():
            if isinstance(use.target.meaning, Bound):
                yield row, use, use.target.meaning

    def limit(self, name: str, default: int | str) -> Fraction:
        """A limit that a bureau may set for itself."""
        return self.settings.limit(name, Fraction(default))
