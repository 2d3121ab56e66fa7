"""Which indicator or line of money a row of a table is about, by the names the rules give them."""

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from perfdsl import plan as p
from perfdsl.actuals import Row
from perfdsl.keywords import PERIOD_WORDS, SIDES
from perfdsl.monitor.money import key_of, main_tables
from perfdsl.quantity import fold_width

T = TypeVar("T")


class Named(NamedTuple):
    """Names that stand for one thing only, to indicators and to money (``side`` or ``side/path``)."""

    indicators: dict[str, p.Path]
    money: dict[str, str]

    def indicator(self, row: Row) -> p.Path | None:
        """The indicator the row is about."""
        return self.indicators.get(_folded(row.name))

    def line(self, row: Row) -> str | None:
        """The line of money, where it is no indicator."""
        return None if self.indicator(row) is not None else self.money.get(_folded(row.name))


def named(plan: p.Plan) -> Named:
    """Every name of ``plan``: path, its ends, short name; of money also 支出/LINE."""
    indicators: dict[str, set[p.Path]] = {}
    for row in plan.indicators:
        ends = ("/".join(row.path[at:]) for at in range(len(row.path)))
        for name in {*ends, row.alias} - {""}:
            indicators.setdefault(_folded(name), set()).add(row.path)
    money: dict[str, set[str]] = {_folded(word): {side} for word, side in SIDES.items()}
    for line in (line for table in main_tables(plan) for line in table.lines):
        plain = {line.path[-1], "/".join(line.path), line.alias} - {""}
        sides = [word for word, side in SIDES.items() if side == line.side]
        for name in plain | {f"{side}/{name}" for side in sides for name in plain}:
            if name not in SIDES:
                money.setdefault(_folded(name), set()).add(key_of(line))
    return Named(_single(indicators), _single(money))


def of_period(rows: Iterable[Row], period: str) -> list[Row]:
    """The rows about ``period``, and those that name none; a word that is no period is left for ``observe`` to say."""
    return [row for row in rows if PERIOD_WORDS.get(row.period.strip(), period) == period]


def _single(found: dict[str, set[T]]) -> dict[str, T]:
    return {name: next(iter(things)) for name, things in found.items() if len(things) == 1}


def _folded(text: str) -> str:
    return fold_width(" ".join(text.split()))
