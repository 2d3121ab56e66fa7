"""What the funds table plans to spend, line by line and period by period, and which line pays for an indicator."""

from fractions import Fraction

from perfdsl import core as c
from perfdsl import model as m
from perfdsl.quantity import format_number, round_half_up

EARLY = ("q1", "half", "q3")
MOST_LETTERS, FEWEST_LETTERS = 200, 4
_QUOTES = str.maketrans("", "", "“”\"'‘’ 　")
WHOLE = "spend"


class Spending:
    """The spending side of the tables without a title; amounts in 元."""

    def __init__(self, thing: m.Object) -> None:
        tables = [table for table in thing.funds if not table.title]
        self.unit = tables[0].unit if tables else None
        self.lines: dict[m.Path, m.FundLine] = {}
        self.below: dict[m.Path, list[m.FundLine]] = {}
        for line in (line for table in tables for line in table.lines if line.side == WHOLE):
            if line.path not in self.lines:
                self.lines[line.path] = line
                self.below.setdefault(line.path[:-1], []).append(line)
        self._known: dict[tuple[m.Path, str], Fraction | None] = {}
        self._by_ref = {f"spent:{WHOLE}/{'/'.join(path)}": line for path, line in self.lines.items()}
        self._by_name: dict[str, list[m.FundLine]] = {}
        for line in self.lines.values():
            self._by_name.setdefault(line.path[-1].translate(_QUOTES), []).append(line)
        self._lengths = sorted(
            {n for n in map(len, self._by_name) if FEWEST_LETTERS <= n <= MOST_LETTERS}, reverse=True
        )

    def planned(self, path: m.Path, period: str) -> Fraction | None:
        """What is planned for a line until ``period``, its own amount or that of its parts; ``()`` is all of it.

        None where a part that has money in another period has no amount in this one.
        """
        key = (path, period)
        if key not in self._known:
            line = self.lines.get(path)
            own = dict(line.amounts).get(period) if line else None
            self._known[key] = self._of_parts(path, period) if own is None else own
        return self._known[key]

    def _of_parts(self, path: m.Path, period: str) -> Fraction | None:
        parts = [line for line in self.below.get(path, ()) if self._is_filled(line)]
        amounts = [self.planned(line.path, period) for line in parts]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Fraction(0)) if known and len(known) == len(amounts) else None

    def _is_filled(self, line: m.FundLine) -> bool:
        return bool(line.amounts) or any(map(self._is_filled, self.below.get(line.path, ())))

    def share(self, path: m.Path, period: str) -> Fraction | None:
        """The share of the year's money planned until ``period``; None where there is none or it is not known."""
        early, full = self.planned(path, period), self.planned(path, "full")
        return None if early is None or not full else early / full

    def spent_by(self, formula: c.Expr) -> m.Path | None:
        """The line a formula ``spent(X) / budget(X)`` is about, ``()`` for all spending; None for any other formula."""
        if not isinstance(formula, c.Div) or not isinstance(formula.right, c.Const):
            return None
        left = formula.left
        if isinstance(left, c.If) and isinstance(left.test, c.Missing):
            left = left.test.arg
        if not isinstance(left, c.Ref):
            return None
        line = self._by_ref.get(left.name)
        path = line.path if line else ()
        about = line is not None or left.name == f"spent:{WHOLE}"
        return path if about and formula.right.value == self.planned(path, "full") else None

    def pays_for(self, name: str) -> m.FundLine | None:
        """The line whose name is part of the indicator's name, the longest such; None when there is none or several."""
        clean = name.translate(_QUOTES)[:MOST_LETTERS]
        for size in self._lengths:
            parts = {clean[at : at + size] for at in range(len(clean) - size + 1)}
            found = [line for part in sorted(parts) for line in self._by_name.get(part, ())]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def only_line(self) -> m.FundLine | None:
        """The line of a table that has one."""
        leaves = [line for path, line in self.lines.items() if path not in self.below and line.amounts]
        return leaves[0] if len(leaves) == 1 else None

    def printed(self, amount: Fraction) -> str:
        """An amount in the unit of the table."""
        assert self.unit is not None
        return format_number(amount / self.unit.scale) + self.unit.text


def percent(share: Fraction) -> str:
    """A share as a percentage, to a hundredth of a point."""
    return points(share) + "%"


def points(share: Fraction) -> str:
    """A share in percentage points, to a hundredth."""
    return format_number(round_half_up(share * 100, 2))
