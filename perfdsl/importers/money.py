"""Money tables: lines with their amounts by period, whichever way the table is laid out."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs

from perfdsl.document import Place
from perfdsl.importers.clean import bracket, key, named
from perfdsl.importers.lexicon import (
    AMOUNT_ROLES,
    FISCAL,
    FISCAL_SUM,
    INCOMES,
    LIST_HEADS,
    MONEY_LABELS,
    SUMS,
)  # fmt: skip
from perfdsl.importers.records import Bit, Doubt, Ledger, Line, Money, Row, doubt
from perfdsl.importers.shapes import heading_points
from perfdsl.quantity import is_unit, parse_number

_SUBTOTAL = {key("小计"), key("其中")}
_LEAD = re.compile(
    r"^(?:其中[:：]?|[（(]?\d+[)）]?[.、．](?!\d)|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)\s*"
)
_RECKONED = re.compile(
    r"-?[\d.,]+[（(]按(?:计划|进度|现状)[）)]"
)  # a forecast that a form of monitoring made, not the unit
_BLANK = {"-", "—", "/", "--", "——", "－", "无"}


@attrs.define
class Draft:
    """A line being read."""

    name: str
    side: str
    place: Place
    amounts: dict[str, str] = attrs.Factory(dict)
    notes: list[str] = attrs.Factory(list)
    doubts: list[Doubt] = attrs.Factory(list)
    lines: "list[Draft]" = attrs.Factory(list)
    title: str = ""

    def done(self) -> Line:
        amounts = tuple((role, self.amounts[role]) for role in ("half", "full") if role in self.amounts)
        notes = list(self.notes)
        if "initial" in self.amounts and self.amounts["initial"] != self.amounts.get("full"):
            notes.insert(0, f"年初预算数{self.amounts['initial']}")
        return Line(self.name, self.side, self.place, amounts, self.amounts.get("spent", "") or self.amounts.get("early", ""), tuple(notes),
                    tuple(line.done() for line in self.lines), tuple(self.doubts), self.amounts.get("forecast", ""))  # fmt: skip


@attrs.define
class Reader:
    """Reads the rows of one money block; ``rate`` is what the block says of the score of the execution rate."""

    ledger: Ledger
    unit: str = ""
    side: str = ""
    label: str = ""
    heads: dict[int, str] = attrs.Factory(dict)
    drafts: list[Draft] = attrs.Factory(list)
    lists: dict[int, tuple[str, str]] = attrs.Factory(dict)
    rate: dict[str, str] = attrs.Factory(dict)
    order: list[str] = attrs.Factory(lambda: ["half", "full"])
    periods: set[str] = attrs.Factory(set)
    pending: tuple[str, Place] | None = None
    fiscal: Draft | None = None
    doubts: list[Doubt] = attrs.Factory(list)

    def read(self, row: Row) -> None:
        """Take one row."""
        bits = [bit for bit in row.bits if not self._label(bit) and not (bit.below and self._is_name(bit))]
        heads = [bit for bit in bits if self._heading(bit)]
        numbers = [bit for bit in bits if bit not in heads and _amount(bit.text) is not None]
        names = [bit for bit in bits if bit not in heads and bit not in numbers]
        self._heads(row, heads, names, numbers)
        if self.lists and not (heads and not numbers):
            self._pairs(row, names, numbers)
        elif "spent" in self.heads.values() or "initial" in self.heads.values():
            self._columns(row, names, numbers)
        else:
            self._listed(row, names, numbers, heads)

    def _is_name(self, bit: Bit) -> bool:
        return not bit.text[:1].isdigit()

    def _label(self, bit: Bit) -> bool:
        """Labels of the block and of its sides are no names."""
        word = key(bit.text)
        if word in MONEY_LABELS and word not in AMOUNT_ROLES:
            self.unit = self.unit or _unit(bit.text)
            if points := heading_points(bit.text):
                self.rate["points"] = points
            self.ledger.use(bit, "资金栏目")
            self.label = re.sub(r"(?:情况|（.*）|\(.*\))+$", "", bit.text)
            return True
        if word in (key("收入"), key("支出")) and not bit.below:
            self.side = "income" if word == key("收入") else "spend"
            self.ledger.use(bit, "资金收支")
            return True
        return word in (key("收入"), key("支出"))

    def _heading(self, bit: Bit) -> bool:
        word = re.sub(r"^20\d\d年?度?", "", key(bit.text))
        return word in AMOUNT_ROLES and _amount(bit.text) is None

    def _heads(self, row: Row, heads: list[Bit], names: list[Bit], numbers: list[Bit]) -> None:
        roles = [AMOUNT_ROLES[re.sub(r"^20\d\d年?度?", "", key(bit.text))] for bit in heads]
        self.ledger.use(heads, "资金栏目")
        for bit in heads:
            self.unit = self.unit or _unit(bit.text)
        if roles.count("full") >= 2 and set(roles) == {"full"}:
            self._open_lists(row, heads, names)
            return
        both = [role for role in roles if role in ("half", "full")]
        self.order = both if len(both) == 2 else self.order
        if heads and not self.lists:
            fresh = {bit.column: role for bit, role in zip(heads, roles, strict=True)}
            doubled = [at for at in sorted(fresh) if fresh[at] == "full"][:-1]
            fresh = {at: role for at, role in fresh.items() if at not in doubled}
            keep = self.side == "spend" and set(self.heads.values()) == {"half"}
            self.heads = {**self.heads, **fresh} if keep or len(fresh) == 1 and "half" in self.heads.values() else fresh
            if "half" in roles and self.side != "spend":
                self.side = "spend"
            self.periods |= set(roles)
            for bit in heads:
                if points := heading_points(bit.text):
                    self.rate["points"] = points

    def _open_lists(self, row: Row, heads: list[Bit], names: list[Bit]) -> None:
        """``部门预算支出 预算金额 收入来源 预算金额``: two lists side by side; a later one may be a part or a table of its own."""
        for number, head in enumerate(heads):
            before = [
                bit
                for bit in names
                if bit.column < head.column and (number == 0 or bit.column > heads[number - 1].column)
            ]
            if not before:
                continue
            title = before[-1]
            names.remove(title)
            self.ledger.use(title, "资金栏目")
            side, own = LIST_HEADS.get(key(title.text), ("", title.text))
            if not side and number == 0 and self.lists:
                self.drafts.append(Draft(named(title.text), "spend", title.place))
                self.lists[number] = ("part", title.text)
            else:
                self.lists[number] = (side or "spend", own)

    def _pairs(self, row: Row, names: list[Bit], numbers: list[Bit]) -> None:
        for number, name in enumerate(names):
            following = [bit for bit in numbers if bit.column > name.column and (
                number + 1 == len(names) or bit.column < names[number + 1].column)]  # fmt: skip
            kind, title = self.lists.get(number, ("spend", ""))
            draft = Draft(named(_bare(name.text)), "spend" if kind == "part" else kind, name.place)
            draft.title = "" if kind == "part" else title
            if following:
                draft.amounts["full"] = following[0].text
                self.ledger.use(following[0], "金额")
            if len(names) < len(self.lists) or len(following) != 1:
                draft.doubts.append(doubt("I148", row.place, draft.name, row=row.text))
            self.ledger.use(name, "资金行")
            parent = next((d for d in self.drafts if kind == "part" and d.name == named(title)), None)
            (parent.lines if parent else self.drafts).append(draft)

    def _columns(self, row: Row, names: list[Bit], numbers: list[Bit]) -> None:
        """Central and Hubei forms: 年初预算数, 全年预算数, 全年执行数, 分值, 执行率, 得分 for each line."""
        roles = self._by_heads(row, numbers)
        texts = [bit for bit in names if bit.text not in _BLANK and not _RECKONED.fullmatch(bit.text)]
        notes = [bit for bit in texts if self.heads.get(bit.column) == "reason"]
        texts = [bit for bit in texts if bit not in notes]
        if not roles and not texts:
            return
        self.ledger.use([*names, *numbers], "资金行")
        name = named(_bare(texts[0].text)) if texts else named(self.label) or "年度预算"
        draft = Draft(name, "spend", row.place)
        for role, bit in roles.items():
            if role == "initial" and "full" not in self.heads.values():
                role = "full"  # the only budget there is
            if role in ("half", "full", "initial", "spent", "early", "forecast"):
                draft.amounts[role] = bit.text
            elif role in ("points", "score", "rate"):
                self.rate.setdefault(role, bit.text)
        draft.notes.extend(bit.text for bit in notes)
        if len(texts) > 1:
            draft.doubts.append(doubt("I148", row.place, name, row=row.text))
            draft.notes.extend(bit.text for bit in texts[1:])
        self.drafts.append(draft)

    def _by_heads(self, row: Row, numbers: list[Bit]) -> dict[str, Bit]:
        if all(bit.column in self.heads for bit in numbers):
            return {self.heads[bit.column]: bit for bit in numbers}
        near = {
            self.heads[at]: bit for bit in numbers for at in self.heads if bit.column <= at < bit.column + bit.columns
        }
        if len(near) == len(numbers):
            return near
        roles = [self.heads[at] for at in sorted(self.heads) if self.heads[at] not in ("reason", "count")]
        if len(roles) == len(numbers):
            return dict(zip(roles, numbers, strict=True))
        if numbers:
            self.doubts.append(doubt("I148", row.place, row.bits[0].text, row=row.text))
        return dict(zip(roles, numbers, strict=False))

    def _listed(self, row: Row, names: list[Bit], numbers: list[Bit], heads: list[Bit]) -> None:
        """Suzhou: one list of income with one amount, one of spending with two."""
        words = [bit for bit in names if key(bit.text) not in _SUBTOTAL and bit.text not in _BLANK]
        subtotal = len(words) < len(names) and any(key(bit.text) in _SUBTOTAL for bit in names)
        if not self.side:
            self.side = "income" if any(key(bit.text) in INCOMES | SUMS for bit in words) or not words else "spend"
        elif self.side == "spend" and words and key(words[0].text) in FISCAL | FISCAL_SUM and not self._spending():
            self.side = "income"
        self.ledger.use(names, "资金行")
        self.ledger.use(numbers, "金额")
        if not words and not subtotal:
            self._values_only(row, numbers, heads)
            return
        target: Draft | None = None
        for bit in words:
            target = self._line(bit)
        if subtotal and not words:
            if self.fiscal is None:
                self.pending = (numbers[0].text if numbers else "", row.place)
            elif numbers:
                self.fiscal.amounts["full"] = numbers[0].text
            return
        if target is not None:
            if self.side == "spend" and len(words) > 1:
                target.doubts.append(doubt("I148", row.place, target.name, row=row.text))
            self._amounts(row, target, numbers, heads)

    def _spending(self) -> bool:
        return any(draft.side == "spend" for draft in self.drafts)

    def _line(self, bit: Bit) -> Draft:
        draft = Draft(named(_bare(bit.text)), self.side, bit.place)
        word = key(draft.name)
        if self.side == "income" and word in FISCAL_SUM:
            self.fiscal = draft
            if self.pending is not None:
                if self.pending[0]:
                    draft.amounts["full"] = self.pending[0]
                self.pending = None
        self.drafts.append(draft)
        return draft

    def _amounts(self, row: Row, draft: Draft, numbers: list[Bit], heads: list[Bit]) -> None:
        roles = self._periods()
        if draft.side == "income" and len(numbers) == 1:
            roles = ["full"]
        if len(numbers) == len(roles):
            draft.amounts.update((role, bit.text) for role, bit in zip(roles, numbers, strict=True))
        elif numbers:
            draft.amounts.update((role, bit.text) for role, bit in zip(roles, numbers, strict=False))
            draft.doubts.append(doubt("I148", row.place, draft.name, row=row.text))

    def _periods(self) -> list[str]:
        if self.periods & {"half", "early"} and self.side == "spend":
            return self.order
        return ["full"]

    def _values_only(self, row: Row, numbers: list[Bit], heads: list[Bit]) -> None:
        """Amounts without a name go to the line above that still lacks them."""
        if not numbers:
            return
        last = self.drafts[-1] if self.drafts else None
        free = [role for role in self._periods() if last is not None and role not in last.amounts]
        labelled = [AMOUNT_ROLES[key(bit.text)] for bit in heads if bit.column < numbers[0].column]
        if last is None or not free:
            if len(numbers) == 1 and not self.drafts:
                self.drafts.append(
                    Draft(
                        named(self.label) or "项目总预算", self.side or "income", row.place, {"full": numbers[0].text}
                    )
                )
                return
            self.doubts.append(doubt("I148", row.place, "", row=row.text))
            return
        wanted = labelled if len(labelled) == len(numbers) else free
        last.amounts.update((role, bit.text) for role, bit in zip(wanted, numbers, strict=False) if role in free)
        last.doubts = [each for each in last.doubts if each.code != "I148"] if labelled else last.doubts
        if len(numbers) != len(wanted):
            last.doubts.append(doubt("I148", row.place, last.name, row=row.text))

    def tables(self) -> Iterator[Money]:
        """What was read, nested and by table."""
        if self.pending is not None and self.fiscal is None:
            self.drafts.append(
                Draft("小计", "income", self.pending[1], {"full": self.pending[0]} if self.pending[0] else {})
            )
        titles = list(dict.fromkeys(draft.title for draft in self.drafts))
        for title in titles:
            drafts = [draft for draft in self.drafts if draft.title == title]
            income = _nested_income([d for d in drafts if d.side == "income"])
            spend = _nested_spend([d for d in drafts if d.side == "spend"])
            _lost(income)
            yield Money(self.unit or "万元", tuple(d.done() for d in [*income, *spend]), title)


def _lost(drafts: Sequence[Draft]) -> None:
    """A total without an amount above lines that have some was lost."""
    for draft in drafts:
        if draft.lines and "full" not in draft.amounts and any("full" in line.amounts for line in draft.lines):
            draft.doubts.append(doubt("I149", draft.place, draft.name))
        _lost(draft.lines)


def _amount(text: str) -> Fraction | None:
    return parse_number(re.sub(r"(万元|元|%|％|分)$", "", text))


def _bare(text: str) -> str:
    """The name of a line without 其中：, its number and a colon behind it."""
    return _LEAD.sub("", text).rstrip(":： ")


def _unit(text: str) -> str:
    inside = bracket(text)
    inside = re.sub(r"^单位[:：]", "", inside)
    return inside if inside and is_unit(inside) and not inside[-1:].isdigit() and not inside.endswith("分") else ""


def _nested_income(drafts: list[Draft]) -> list[Draft]:
    top: list[Draft] = []
    root: Draft | None = None
    fiscal: Draft | None = None
    for draft in drafts:
        word = key(draft.name)
        if word in SUMS and root is None and not top:
            root = draft
            top.append(draft)
        elif word in FISCAL_SUM and fiscal is None:
            fiscal = draft
            (root.lines if root else top).append(draft)
        elif word in FISCAL and fiscal is not None:
            fiscal.lines.append(draft)
        else:
            (root.lines if root else top).append(draft)
    return top


def _sum(drafts: Sequence[Draft], role: str) -> Fraction:
    return sum((_amount(d.amounts.get(role, "")) or Fraction(0) for d in drafts), Fraction(0))


def _nested_spend(drafts: list[Draft]) -> list[Draft]:
    """A line whose amounts are the sums of the lines after it stands above them."""
    made: list[Draft] = []
    index = 0
    while index < len(drafts):
        draft = drafts[index]
        made.append(draft)
        index += 1
        if (
            draft.lines
            or not draft.amounts
            or not (key(draft.name) in SUMS or draft.name.endswith(("支出", "总额", "小计", "资金")))
        ):
            continue
        best = 0
        for end in range(index + 1, len(drafts) + 1):
            part = drafts[index:end]
            if all(
                _sum(part, role) == (_amount(text) or 0) for role, text in draft.amounts.items() if role != "spent"
            ) and any(_amount(text) for text in draft.amounts.values()):
                best = end
        if key(draft.name) in SUMS and len(made) == 1:
            draft.lines = _nested_spend(drafts[index:])
            return made
        if best - index > 1:
            draft.lines = drafts[index:best]
            index = best
    return made


def tasks(rows: Sequence[Row], ledger: Ledger, unit: str) -> Money | None:
    """The table of main tasks: name, content, money, goal."""
    lines: list[Line] = []
    for row in rows:
        bits = [bit for bit in row.bits if not bit.below]
        numbers = [bit for bit in bits if _amount(bit.text) is not None]
        words = [bit for bit in bits if bit not in numbers]
        if len(numbers) != 1 or not words:
            continue
        ledger.use(bits, "重点工作任务")
        notes = tuple(bit.text for bit in words[1:])
        lines.append(Line(named(words[0].text), "spend", row.place, (("full", numbers[0].text),), "", notes))
    return Money(unit or "万元", tuple(lines), "年度重点工作任务") if lines else None
