"""The options of ``score`` that name what its results are set against; the comparison itself is loaded when asked for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import attrs
import click

from perfdsl.actuals import Table
from perfdsl.cli.main import say
from perfdsl.diagnostics import Diagnostic


def against_options(command: Any) -> Any:
    """The options that name the other side."""
    many = click.option("--against", "others", multiple=True, metavar="OTHER",
                        help=say("与它相比：另一份完成值、另一套规则（.perf、方案）或存下的报告（.json）；规则和完成值可以各给一次",
                                 "compare with it: other actuals, other rules, or a saved report; rules and data may be given together"))  # fmt: skip
    period = click.option("--against-period", "other_period", metavar="PERIOD", help=say("与另一期相比", "compare with another period"))  # fmt: skip
    name = click.option("--against-object", "other_object", metavar="NAME", help=say("与另一个对象相比", "compare with another object"))  # fmt: skip
    return many(period(name(command)))


@attrs.frozen(kw_only=True)
class Wanted:
    """The command line, as far as the comparison is concerned."""

    file: str
    actuals: tuple[str, ...]
    period: str
    day: date | None
    others: tuple[str, ...]
    other_period: str | None
    other_object: str | None

    @property
    def asked(self) -> bool:
        """Is there to be a comparison?"""
        return bool(self.others or self.other_period or self.other_object)

    @property
    def inputs(self) -> list[str]:
        """The files it reads."""
        return [name.partition("#")[0] for name in self.others]


def digest_of(tables: Sequence[Table]) -> str:
    """One digest of all tables."""
    import hashlib

    if len(tables) == 1:
        return tables[0].sha256
    return hashlib.sha256("\n".join(table.sha256 for table in tables).encode()).hexdigest()


class Stopped(Exception):
    """The other side cannot be read; its findings say why."""

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        super().__init__()
        self.found = list(found)
