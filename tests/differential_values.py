"""Objects by chance for any plan, their values aimed at where scores change and where an engine's numbers end."""

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from scoring import Given, rows

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.actuals import Entry, Observed
from perfdsl.core import Value
from perfdsl.observe import observe
from perfdsl.quantity import NO_UNIT, Unit, format_number
from perfdsl.target import Deadline
from perfdsl.testing import values_of

F = Fraction
SIZES = ("plain", "fine", "wide", "huge")
ODD_WORDS = (
    "",
    "无",
    "不适用",
    "说不清",
    "Ａ级",
    "A级",
    "a级",
    " 健全 ",
    "健 全",
    "健全。",
    "较 健全",
    "是",
    "否",
    "０",
    "é",
    "e\u0301",
    "Ａ 类",
    "A 类",
)
ODD_NUMBERS = ("０", "１２．５", " 7 ", "1,000", "1e3", "-0", "+3", "约3", "三", "九成五")


class Cell(NamedTuple):
    """What one cell says: its text (None: no text says it), and the value as read; ``applies`` is whether it does."""

    text: str | None
    value: Value
    applies: bool = True


class One(NamedTuple):
    """One object: its rows as a table would have them (None where no text says it), and what they say."""

    rows: list[Given] | None
    seen: Observed


class Chance:
    """Objects of one plan, drawn from a pool of each of its columns."""

    def __init__(self, plan: p.Plan, period: str, size: str, chance: random.Random) -> None:
        self.plan, self.period, self.size, self.chance = plan, period, size, chance
        self.cells = {"/".join(x.path): self.of_row(x) for x in plan.indicators if x.formula is None}
        self.given = {x.name: self.of_input(x) for x in plan.inputs}
        self.money = self.of_money()
        self.paid: dict[tuple[str, str], dict[str, Fraction]] = {}
        self.known: dict[tuple[object, ...], Entry | None] = {}
        self.priors = {"/".join(x.path): self.looks_back(x) for x in plan.indicators}

    # ---- pools

    def of_row(self, row: p.PlanIndicator) -> list[Cell]:
        """What is tried on one row; now and then only one thing, or nothing at all."""
        path = "/".join(row.path)
        target = next((x for x in row.targets if x.period == self.period), None)
        unit = (target.unit if target is not None else None) or row.unit or NO_UNIT
        written = row.scoring is None or row.scoring.entries is not None or any(x.text for x in row.scoring.cases)
        kept = (
            list(values_of(row, self.period))
            if written
            else [f"{x}{unit.text}" for x in ("0", "1", "-1", "2.5", "-9", "7", "0.5", "-0.5")]
        )
        if self.size in ("plain", "fine"):
            kept = [x for x in kept if sum(map(str.isdigit, x)) < 10]
        self.chance.shuffle(kept)
        texts = [
            *kept[:40],
            *self.chance.sample(ODD_WORDS, 3),
            *(x + unit.text for x in self.chance.sample(ODD_NUMBERS, 2)),
        ]
        found = [self.read(path, x) for x in texts]
        on_a_day = target is not None and isinstance(target.target.meaning, Deadline)
        if any(isinstance(x.value, Fraction) for x in found) and not on_a_day:
            found += self.numbers(path, unit, row.domain, self.goals(row, target))
        if row.formula is None and self.likely(0.08):
            found = [Cell("", None)]
        if self.likely(0.08):
            found = [self.chance.choice(found)]
        return found

    def goals(self, row: p.PlanIndicator, target: p.PlanTarget | None) -> list[Fraction]:
        """Values at which a proportional score is a tie at half of the last printed place, and the target itself."""
        goal = target.judge.target if target is not None else None
        if not (isinstance(goal, c.Const) and isinstance(goal.value, Fraction)):
            return [F(0)]
        size = 10**self.plan.rounding
        worth = int((row.points or 1) * size)
        tries = [F(2 * self.chance.randrange(worth) + 1, 2 * worth) for _ in range(6)] if worth else []
        return [goal.value, *(goal.value * x for x in tries), *(goal.value / x for x in tries[:3])]

    def numbers(self, path: str, unit: Unit, domain: c.Domain, places: Sequence[Fraction]) -> list[Cell]:
        """Those places and their neighbours; near powers of two; far beyond them."""
        r = self.chance
        small = F(1, 10**4) * unit.scale
        found = [F(0), unit.scale, *places, *(x + side * small for x in places for side in (-1, 1))]
        if self.size == "fine":
            least = F(1, 10 ** r.choice((6, 6, 9, 12))) * unit.scale
            found += [x + side * least for x in places for side in (-1, 1)] + r.choice(
                ([], [F(1, 3), F(-1, 3), F(1, 7) * unit.scale])
            )
        if self.size == "wide":
            powers = [2 ** r.randint(30, 66) + r.choice((-1, 0, 1)) for _ in range(6)] + [10 ** r.randint(9, 19)]
            found += [F(x, 10 ** r.choice((0, 0, 2, 4))) for x in powers] + [-F(x, 100) for x in powers[:2]]
        if self.size == "huge":
            found += [F(10) ** 30, F(10) ** 30 + 1, F(2) ** 64, F(2) ** 127, F(10) ** 38 + 1, -(F(10) ** 20)]
        if self.size == "plain" or r.random() < 0.5:  # as a table has them: with decimals that end
            size = unit.scale / 10 ** (4 if self.size == "plain" else 9)
            found = [round(x / size) * size for x in found]
        made = []
        for x in dict.fromkeys(found):
            if domain.holds(x):
                text = format_number(x / unit.scale)
                said = self.read(path, text + unit.text) if "/" not in text and len(text) < 40 else None
                made.append(said if said is not None and said.value == x else Cell(None, x))
        return made

    def read(self, name: str, text: str) -> Cell:
        entries = observe(self.plan, rows([(name, text)]), self.period)[0].entries.get(name, ())
        return Cell(text, entries[0].value, entries[0].applies) if entries else Cell(text, None)

    def of_input(self, item: p.PlanInput) -> list[Cell]:
        unit = item.unit or NO_UNIT
        texts = [*item.words, *ODD_WORDS[:8]] if item.is_word else ["", "", *ODD_NUMBERS[:3]]
        ends = [x for x in (item.domain.low, item.domain.high) if x is not None]
        numbers = [
            F(0),
            unit.scale,
            3 * unit.scale,
            F(1, 2),
            *ends,
            *(x + unit.scale for x in ends),
            *(x - unit.scale / 100 for x in ends),
        ]
        if self.size in ("wide", "huge"):
            numbers += [F(2 ** self.chance.randint(20, 62)) for _ in range(3)]
        texts += [
            t + unit.text
            for x in numbers
            if not item.is_word and item.domain.holds(x) and "/" not in (t := format_number(x / unit.scale))
        ]
        found = []
        for text in texts:
            inputs = observe(self.plan, rows([(item.name, text)]), self.period)[0].inputs
            found.append(Cell(text, inputs.get(item.name)))
        return [self.chance.choice(found)] if self.likely(0.08) else found

    def of_money(self) -> dict[str, list[Cell]]:
        """Of every line what may be spent, by the name a row has."""
        found = {}
        for table in self.plan.funds:
            for line in table.lines if not table.title else ():
                amounts = [x + side * table.unit.scale / 100 for _, x in line.amounts for side in (-1, 0, 1)]
                texts = [
                    t for x in [F(0), *amounts] if x >= 0 and "/" not in (t := format_number(x / table.unit.scale))
                ]
                found[f"{'收入' if line.side == 'income' else '支出'}/{line.path[-1]}"] = [
                    Cell(x + table.unit.text, None)
                    for x in (*texts, "99999999999" if self.size in ("wide", "huge") else "31")
                ] + [Cell("", None)]
        return found

    def looks_back(self, row: p.PlanIndicator) -> bool:
        used = [
            x
            for case in (row.scoring.cases if row.scoring else ())
            for x in (case.when, case.award, case.high)
            if x is not None
        ]
        used += [x for t in row.targets for x in (t.judge.met, t.judge.completion)]
        return any("prior" in c.references(x) for x in used)

    def likely(self, share: float) -> bool:
        return self.chance.random() < share

    # ---- objects

    def objects(self, count: int) -> list[One]:
        """So many of them."""
        return [self.object() for _ in range(count)]

    def object(self) -> One:
        given: list[Given] | None = []
        entries: dict[str, tuple[Entry, ...]] = {}
        inputs: dict[str, Value] = {}
        for row in self.plan.indicators:
            path = "/".join(row.path)
            several = row.gather is not None or (row.scoring is not None and row.scoring.entries is not None)
            made = []
            for _ in range(self.chance.choice((0, 1, 2, 3, 5)) if several else int(self.likely(0.97))):
                cell, fields, entry = self.entry(row, path, several)
                if entry is not None:
                    made.append(entry)
                if cell.text is None:
                    given = None
                elif given is not None:
                    given.append((path, cell.text, fields))
            if made:
                entries[path] = tuple(made)
        for name, pool in self.given.items():
            cell = self.chance.choice(pool)
            if cell.value is not None:
                inputs[name] = cell.value
            if given is not None and cell.text is not None:
                given.append((name, cell.text))
        spent: dict[str, Fraction] = {}
        for name, pool in self.money.items():
            text = self.chance.choice(pool).text or ""
            if (name, text) not in self.paid:
                self.paid[name, text] = observe(self.plan, rows([(name, text)]), self.period)[0].spent
            spent |= self.paid[name, text]
            if given is not None:
                given.append((name, text))
        return One(given, Observed(entries, inputs, spent))

    def entry(self, row: p.PlanIndicator, path: str, several: bool) -> tuple[Cell, dict[str, object], Entry | None]:
        """One row of a table for ``row``, and what it says."""
        r = self.chance
        pool = self.cells.get(path)
        cell = r.choice(pool) if pool else Cell("", None) if self.likely(0.95) else Cell("不适用", None, False)
        fields: dict[str, object] = {}
        if (
            row.points
            and row.scoring is not None
            and self.likely(0.7)
            and any(x.high is not None for x in row.scoring.cases)
        ):
            share = r.choice((F(0), F(1, 5), F(1, 2), F(1), F(2, 3), F(11, 10)))
            fields["mark"] = format_number(F(int(row.points * share * 10**4), 10**4))
        if self.likely(0.03) and row.points and not several:
            fields |= {
                "override": r.choice(("0", "0.5", "0.125", "1000", format_number(row.points))),
                "explanation": "见说明",
            }
        if self.priors[path] and self.likely(0.8) and pool:
            fields["prior"] = r.choice(pool).text or ""
        if several:
            fields["item"] = r.choice(("甲事", "乙事", "", "甲事"))
            fields["times"] = r.choice(("", "", "2", "7"))
            if row.gather is not None:
                fields["item"] = ""
                if row.gather.column:
                    fields["extras"] = ((row.gather.column, r.choice(("1", "3", "2.5", "0", ""))),)
        if cell.text is not None and (fields or several or cell.text == "无"):
            found = self.read_whole(path, cell.text, fields)
            return cell, fields, found
        mark = F(str(fields["mark"])) if "mark" in fields else None
        return (
            cell,
            fields,
            Entry(value=cell.value, text=cell.text or "", applies=cell.applies, mark=mark)
            if cell.text != "" or "mark" in fields
            else None,
        )

    def read_whole(self, path: str, text: str, fields: dict[str, object]) -> Entry | None:
        """A row with further columns, as read; the same one is read once."""
        key = (path, text, *sorted((k, str(v)) for k, v in fields.items()))
        if key not in self.known:
            entries = observe(self.plan, rows([(path, text, fields)]), self.period)[0].entries.get(path, ())
            self.known[key] = entries[0] if entries else None
        return self.known[key]
