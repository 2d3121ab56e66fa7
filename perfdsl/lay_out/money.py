"""Money blocks: income and spending line by line, and the execution of the budget."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfdsl import plan as p
from perfdsl.form import Amount, Execution
from perfdsl.lay_out.words import number
from perfdsl.layout import Live, Number, Ref, Refs, Result
from perfdsl.quantity import NO_UNIT, Unit, format_number, parse_unit, round_half_up
from perfdsl.scorecard import IndicatorScore

SIDES = {"收入": "income", "支出": "spend"}
PERIOD_OF = {"全年": "full", "半年": "half", "一季度": "q1", "三季度": "q3", "实施周期": "cycle"}
INDENT = "　"
GIVEN = "given:spent:"  # the keys of money in the workings


class Shown(NamedTuple):
    """What an amount says; ``key`` names the cell for formulas, ``typed`` is one somebody may change, ``live`` a formula."""

    text: str
    number: Number | None = None
    key: str = ""
    typed: bool = False
    live: Live | None = None


class Money:
    """The funds of one object in the unit they are printed in."""

    def __init__(self, plan: p.Plan, result: Result | None, unit: str) -> None:
        self.plan = plan
        self.result = result
        first = next((table.unit for table in plan.funds if not table.title), None)
        self.unit: Unit = (
            (parse_unit(unit) if unit else None) or first or (plan.funds[0].unit if plan.funds else NO_UNIT)
        )
        self.used: set[str] = set()
        self.periods: set[str] = set()
        self.placed: set[str] = set()
        self.whole_key = ""
        same = first is not None and self.unit.scale == first.scale
        lines = result.workings.lines if result is not None and same else ()
        self.given = {line.key for line in lines if line.key.startswith(GIVEN)}  # money the formulas look at

    def lines(self, side: str, title: str) -> Iterator[tuple[str, p.PlanLine]]:
        """The lines of one side, those below others set in."""
        for table in self.plan.funds:
            if table.title == title:
                self.used.add(title)
                yield from ((INDENT * (len(x.path) - 1) + x.path[-1], x) for x in table.lines if x.side == SIDES[side])

    def sources(self) -> list[tuple[str, p.PlanLine]]:
        """What the whole sum is made of: the lines of income, else the spending below its only total."""
        lines = [(x if len(line.path) > 1 else f"其中：{x}", line) for x, line in self.lines("收入", "")]
        if lines or len(self.tops("spend")) != 1:
            return lines
        inner = [(x, line) for x, line in self.lines("支出", "") if len(line.path) > 1]
        return [(x.removeprefix(INDENT) if len(line.path) > 2 else f"其中：{line.path[-1]}", line) for x, line in inner]

    def amount(self, amount: Amount, line: p.PlanLine) -> Shown:
        """One amount of one line."""
        name = f"{line.side}/{'/'.join(line.path)}"
        planned = dict(line.amounts)
        spent = self.result.observed.spent.get(name) if self.result is not None else None
        if amount.show == "执行数":
            return self.typed(f"{GIVEN}{name}", spent)
        if amount.show == "执行率":
            return _rate(spent, planned.get("full"))
        if amount.show in PERIOD_OF:
            self.periods.add(PERIOD_OF[amount.show])
            return self.shown(planned.get(PERIOD_OF[amount.show]))
        return Shown("")

    def whole(
        self, block: Execution, amount: Amount, row: p.PlanIndicator | None, made: IndicatorScore | None
    ) -> Shown:
        """One amount of the whole budget; points and score are those of the indicator of execution."""
        match amount.show:
            case "分值":
                return Shown(number(row.points), _plain(row.points)) if row is not None else Shown("")
            case "得分":
                if row is None or made is None:
                    return Shown("")
                return Shown(number(made.score), _plain(made.score), f"score:{'/'.join(row.path)}")
            case "执行数":
                return self.spent_cell()
            case "执行率":
                return self.rate_cell()
            case "空白":
                return Shown("")
        self.periods.add(PERIOD_OF[amount.show])
        return self.shown(self.planned(PERIOD_OF[amount.show]))

    def planned(self, period: str) -> Fraction | None:
        """The budget of a period: of spending, else of income."""
        for side in ("spend", "income"):
            tops = [dict(line.amounts).get(period) for line in self.tops(side)]
            known = [amount for amount in tops if amount is not None]
            if known:
                return sum(known, Fraction(0))
        return None

    def spent(self) -> Fraction | None:
        """What was spent: as given for the whole, else line by line."""
        if self.result is None:
            return None
        spent = self.result.observed.spent
        if "spend" in spent:
            return spent["spend"]
        parts = [spent.get(f"spend/{'/'.join(line.path)}") for line in self.tops("spend")]
        known = [part for part in parts if part is not None]
        return sum(known, Fraction(0)) if known and len(known) == len(parts) else None

    def spent_cell(self) -> Shown:
        """What was spent in all, as the cell the formulas look at, or as the sum of those of the lines."""
        keys = [f"{GIVEN}spend/{'/'.join(line.path)}" for line in self.tops("spend")]
        whole = self.result is not None and "spend" in self.result.observed.spent
        if whole or len(keys) == 1:
            self.whole_key = f"{GIVEN}spend" if whole else keys[0]
            return self.typed(self.whole_key, self.spent())
        shown = self.shown(self.spent())
        if not keys or any(key not in self.given for key in keys) or shown.number is None:
            return shown
        self.whole_key = "spent"
        return shown._replace(key="spent", live=Live(("SUM(", Refs(tuple(keys)), ")"), shown.number.value))

    def rate_cell(self) -> Shown:
        """The rate of execution, reckoned from the cell beside it where that is live."""
        planned, shown = self.planned("full"), _rate(self.spent(), self.planned("full"))
        if shown.number is None or not planned or self.whole_key not in {*self.given, "spent"}:
            return shown
        cell, value = Ref(self.whole_key), format_number(planned / self.unit.scale)
        if "/" in value:
            return shown
        return shown._replace(live=Live(("IF(ISNUMBER(", cell, "),", cell, f'/{value},"")'), shown.number.value))

    def typed(self, key: str, amount: Fraction | None) -> Shown:
        """Money somebody may change, where formulas look at it; each is typed in one place."""
        shown = self.shown(amount)
        if key not in self.given or key in self.placed:
            return shown
        self.placed.add(key)
        return shown._replace(key=key, typed=True)

    def tops(self, side: str) -> list[p.PlanLine]:
        return [
            x
            for table in self.plan.funds
            if not table.title
            for x in table.lines
            if x.side == side and len(x.path) == 1
        ]

    def shown(self, amount: Fraction | None) -> Shown:
        if amount is None:
            return Shown("")
        value = amount / self.unit.scale
        return Shown(number(value), Number(value))


def _rate(spent: Fraction | None, planned: Fraction | None) -> Shown:
    if spent is None or not planned:
        return Shown("")
    return Shown(f"{number(round_half_up(spent / planned * 100, 2))}%", Number(spent / planned, "0.00%"))


def _plain(value: Fraction | None) -> Number | None:
    return Number(value) if value is not None else None
