"""Money blocks: income and spending line by line, and the execution of the budget."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from perfdsl import plan as p
from perfdsl.form import Amount, Execution
from perfdsl.lay_out.words import number
from perfdsl.layout import Formula, Live, Number, Ref, Refs, Result, ToDate
from perfdsl.quantity import NO_UNIT, Unit, format_number, parse_unit, round_half_up
from perfdsl.scorecard import IndicatorScore

SIDES = {"收入": "income", "支出": "spend"}
PERIOD_OF = {"全年": "full", "半年": "half", "一季度": "q1", "三季度": "q3", "实施周期": "cycle"}
FIRST = "年初"
FIRSTS = ("年初预算数", "年初预算", "年初批复数", "年初安排数")  # what rules call the first budget, where it is a datum
ADJUSTED = ("调整后预算数", "调整后预算", "调整预算数", "全年预算数", "调整后全年预算数")  # and the budget it became
INDENT = "　"
TO_DATE = ("应执行", "全年预计")
GIVEN, DATUM = "given:spent:", "given:input:"  # the keys of money in the workings
_FIRST = re.compile(rf"(?:{'|'.join(FIRSTS)})[:：]?\s*(\d[\d,]*(?:\.\d+)?)\s*(亿元|万元|元)?")


class Shown(NamedTuple):
    """What an amount says; ``key`` names the cell for formulas, ``typed`` is one somebody may change, ``live`` a formula."""

    text: str
    number: Number | None = None
    key: str = ""
    typed: bool = False
    live: Live | None = None


class Money:
    """The funds of one object in the unit they are printed in."""

    def __init__(self, plan: p.Plan, result: Result | None, unit: str, to_date: ToDate | None = None) -> None:
        self.plan = plan
        self.to_date = to_date
        self.paid = result.observed.spent if result is not None else to_date.spent if to_date is not None else {}
        first = next((table.unit for table in plan.funds if not table.title), None)
        self.unit: Unit = (
            (parse_unit(unit) if unit else None) or first or (plan.funds[0].unit if plan.funds else NO_UNIT)
        )
        self.inputs = result.observed.inputs if result is not None else {}
        self.used: set[str] = set()
        self.periods: set[str] = set()
        self.placed: set[str] = set()
        self.whole_key = ""
        self.budget_key = ""
        same = first is not None and self.unit.scale == first.scale
        lines = result.workings.lines if result is not None else ()
        self.given = {line.key for line in lines if same and line.key.startswith(GIVEN)}  # money the formulas look at
        units = {f"{DATUM}{x.name}": x.unit.scale for x in plan.inputs if x.unit is not None}
        self.given |= {line.key for line in lines if units.get(line.key) == self.unit.scale}

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
        spent = self.paid.get(name)
        if amount.show == "执行数":
            return self.typed(f"{GIVEN}{name}", spent)
        if amount.show == "执行率":
            return _rate(spent, planned.get("full"))
        if amount.show in TO_DATE:
            return self.told(amount.show, name)
        if amount.show == FIRST:
            return self.shown(self.first_of(line))
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
            case "全年预计" | "应执行":
                return self.told(amount.show, "spend")
            case "空白":
                return Shown("")
            case "全年":
                return self.budget_cell()
            case "年初":
                return self.shown(self.first())
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

    def datum(self, names: tuple[str, ...]) -> tuple[str, Fraction | None]:
        """The first of ``names`` that is a datum of the rules and was given, and its value in 元."""
        for item in self.plan.inputs:
            value = self.inputs.get(item.name)
            if item.name in names and isinstance(value, Fraction):
                return item.name, value
        return "", None

    def budget(self) -> Fraction | None:
        """The budget of the year: adjusted where the rules ask for that, else as the table of money says."""
        adjusted = self.datum(ADJUSTED)[1]
        return adjusted if adjusted is not None else self.planned("full")

    def budget_cell(self) -> Shown:
        """The budget of the year; where it is a datum the formulas look at, as the cell it is typed into."""
        self.periods.add("full")
        name, adjusted = self.datum(ADJUSTED)
        if adjusted is None:
            return self.shown(self.planned("full"))
        shown = self.typed(f"{DATUM}{name}", adjusted)
        self.budget_key = shown.key
        return shown

    def first(self) -> Fraction | None:
        """The first budget: given as a datum; the table of money where that was adjusted; else what the notes of its lines say."""
        given = self.datum(FIRSTS)[1]
        if given is not None:
            return given
        if self.datum(ADJUSTED)[1] is not None:
            return self.planned("full")
        for side in ("spend", "income"):
            said = [self.first_of(line) for line in self.tops(side)]
            known = [amount for amount in said if amount is not None]
            if known and len(known) == len(said):
                return sum(known, Fraction(0))
        return None

    def first_of(self, line: p.PlanLine) -> Fraction | None:
        """The first budget a note of the line names (年初预算数280), in 元."""
        for note in line.notes:
            said = _FIRST.fullmatch(note.strip())
            if said is None:
                continue
            unit = parse_unit(said[2]) if said[2] else next((t.unit for t in self.plan.funds if line in t.lines), None)
            if unit is not None and unit.dims == self.unit.dims:
                return Fraction(said[1].replace(",", "")) * unit.scale
        return None

    def spent(self) -> Fraction | None:
        """What was spent: as given for the whole, else line by line."""
        if "spend" in self.paid:
            return self.paid["spend"]
        parts = [self.paid.get(f"spend/{'/'.join(line.path)}") for line in self.tops("spend")]
        known = [part for part in parts if part is not None]
        return sum(known, Fraction(0)) if known and len(known) == len(parts) else None

    def spent_cell(self) -> Shown:
        """What was spent in all, as the cell the formulas look at, or as the sum of those of the lines."""
        keys = [f"{GIVEN}spend/{'/'.join(line.path)}" for line in self.tops("spend")]
        whole = "spend" in self.paid
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
        planned = self.budget()
        shown = _rate(self.spent(), planned)
        if shown.number is None or not planned or self.whole_key not in {*self.given, "spent"}:
            return shown
        cell, value = Ref(self.whole_key), format_number(planned / self.unit.scale)
        if "/" in value:
            return shown
        if self.budget_key:
            below = Ref(self.budget_key)
            made: Formula = (
                "IF(AND(ISNUMBER(",
                cell,
                "),ISNUMBER(",
                below,
                ")),IF(",
                below,
                '=0,"",',
                cell,
                "/",
                below,
                '),"")',
            )
            return shown._replace(live=Live(made, shown.number.value))
        return shown._replace(live=Live(("IF(ISNUMBER(", cell, "),", cell, f'/{value},"")'), shown.number.value))

    def typed(self, key: str, amount: Fraction | None) -> Shown:
        """Money somebody may change, where formulas look at it; each is typed in one place."""
        shown = self.shown(amount)
        if key not in self.given or key in self.placed:
            return shown
        self.placed.add(key)
        return shown._replace(key=key, typed=True)

    def told(self, show: str, name: str) -> Shown:
        """What a monitoring says of a line: what is due to date, or what the year will come to and by which method."""
        if self.to_date is None:
            return Shown("")
        if show == "应执行":
            return self.shown(self.to_date.planned.get(name))
        value, method = self.to_date.forecasts.get(name, (None, ""))
        shown = self.shown(round_half_up(value / self.unit.scale, 2) * self.unit.scale if value is not None else None)
        if not method or shown.number is None:
            return shown
        return shown._replace(
            text=f"{shown.text}（{method}）", number=Number(shown.number.value, f'General"（{method}）"')
        )

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
