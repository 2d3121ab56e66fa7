"""Money tables: lines with their amounts by period, whichever way the table is laid out."""

import re
from collections.abc import Iterator
from fractions import Fraction

import attrs

from perfdsl.document import Place
from perfdsl.importers.clean import bracket, key, named
from perfdsl.importers.drafts import Draft, amount_in, indent_of, lost, nested_income, nested_spend
from perfdsl.importers.lexicon import (
    AMOUNT_NAMES,
    AMOUNT_ROLES,
    FISCAL,
    FISCAL_SUM,
    INCOMES,
    LIST_HEADS,
    MONEY_LABELS,
    SUMS,
)  # fmt: skip
from perfdsl.importers.records import Bit, Doubt, Ledger, Money, Row, doubt
from perfdsl.importers.shapes import heading_points

_SUBTOTAL = {key("小计"), key("其中")}
_LEAD = re.compile(
    r"^(?:其中[:：]?|[（(]?\d+[)）]?[.、．](?!\d)|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)\s*"
)
_RECKONED = re.compile(
    r"-?[\d.,]+[（(]按(?:计划|进度|现状)[）)]"
)  # a forecast that a form of monitoring made, not the unit
_UNIT = re.compile(r"(?:人民币)?((?:百|千|万|百万|千万|亿)?元)")
_LONG = re.compile(r"实施期|中长?期|长期|[三五]年|总期|周期")
_BLANK = {"-", "—", "/", "--", "——", "－", "无"}


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
    title: str = ""
    twins: dict[int, str] = attrs.Factory(dict)
    sides: dict[int, str] = attrs.Factory(dict)

    def read(self, row: Row) -> None:
        """Take one row."""
        if self._twin(row):
            return
        bits = [bit for bit in row.bits if not self._label(bit) and not (bit.below and self._is_name(bit))]
        heads = [bit for bit in bits if self._heading(bit)]
        numbers = [bit for bit in bits if bit not in heads and amount_in(bit.text) is not None]
        names = [bit for bit in bits if bit not in heads and bit not in numbers]
        if heads and not numbers:
            self.sides = {}
            if self._beside(row, heads):
                return
            titles = [bit for bit in names if key(bit.text) in AMOUNT_NAMES]
            self.ledger.use(titles, "资金栏目")
            names = [bit for bit in names if bit not in titles]
            if self.drafts and len(names) == 1 and names[0].column == 0 and _unit(names[0].text):
                self.title, self.side, self.heads = named(_bare(names.pop().text)), "", {}
                self.ledger.use(row.bits[0], "资金栏目")
        if self.sides and not heads:
            self._both(row, names, numbers)
            return
        self._heads(row, heads, names, numbers)
        if self.lists and not (heads and not numbers):
            self._pairs(row, names, numbers)
        elif "spent" in self.heads.values() or "initial" in self.heads.values():
            self._columns(row, names, numbers)
        else:
            self._listed(row, names, numbers, heads)

    def _beside(self, row: Row, heads: list[Bit]) -> bool:
        """``收入 全年预算数 半年计划数 | 支出 全年预算数 半年计划数``: both sides with the same columns, side by side."""
        words = {key("收入"): "income", key("支出"): "spend"}
        sides = {bit.column: words[key(bit.text)] for bit in row.bits if key(bit.text) in words}
        roles = {bit.column: AMOUNT_ROLES[re.sub(r"^20\d\d年?度?", "", key(bit.text))] for bit in heads}
        first, *more = sorted(sides) or [0]
        if len(more) != 1 or len(sides) != 2 or len(set(sides.values())) != 2:
            return False
        under = [sorted(role for at, role in roles.items() if (at > more[0]) is right) for right in (False, True)]
        if under[0] != under[1] or len(under[0]) < 2 or len(set(under[0])) < len(under[0]) or min(roles) < first:
            return False
        self.sides, self.heads = sides, roles
        self.periods |= set(roles.values())
        for bit in heads:
            self.unit = self.unit or _unit(bit.text)
        self.ledger.use(heads, "资金栏目")
        return True

    def _both(self, row: Row, names: list[Bit], numbers: list[Bit]) -> None:
        """A row under two sides: each name with the amounts that stand under the headings of its side."""
        second = max(self.sides)
        for start in sorted(self.sides):
            inside = [bit for bit in (*names, *numbers) if (bit.column >= second) is (start == second)]
            words = [bit for bit in inside if bit in names and bit.text not in _BLANK]
            amounts = [bit for bit in inside if bit in numbers]
            if not words and not amounts:
                continue
            draft = Draft(
                named(_bare(words[0].text)) if words else "其他",
                self.sides[start],
                (words or amounts)[0].place,
                title=self.title,
            )
            draft.amounts.update({self.heads[bit.column]: bit.text for bit in amounts if bit.column in self.heads})
            if len(words) != 1 or len(draft.amounts) != len(amounts):
                draft.doubts.append(doubt("I148", row.place, draft.name, row=row.text))
            if not self._is_sum(draft):
                self.drafts.append(draft)
        self.ledger.use(names, "资金行")
        self.ledger.use(numbers, "金额")

    def _is_sum(self, draft: Draft) -> bool:
        """合计 under a side, equal to the lines above it: it says nothing new."""
        if key(draft.name) not in (key("合计"), key("总计"), key("小计")):
            return False
        above = [x for x in self.drafts if x.side == draft.side and x.title == draft.title]
        return bool(above) and all(
            sum((amount_in(x.amounts.get(role, "")) or Fraction(0) for x in above), Fraction(0)) == amount_in(text)
            for role, text in draft.amounts.items()
        )

    def _twin(self, row: Row) -> bool:
        """``实施期资金总额 | 900 | 年度资金总额 | 320``: several lines side by side, each a name and its amount."""
        if self.heads or self.lists:
            return False
        bits = [bit for bit in row.bits if not bit.below]
        amounts = [amount_in(bit.text) is not None for bit in bits]
        if not amounts or not any(amounts):
            return False
        if bits[0].text and not amounts[0] and len(bits) > 1 and not amounts[1] and key(bits[0].text) in MONEY_LABELS:
            self._label(bits[0])
            bits, amounts = bits[1:], amounts[1:]
        names = [at for at, number in enumerate(amounts) if not number]
        if len(names) < 2 or amounts[0] or any(amounts[at] and amounts[at - 1] for at in range(1, len(bits))):
            return False
        opening = not self.twins
        if opening and (
            sum(amounts) < 2 or any(not amounts[at + 1] for at in names if at + 1 < len(bits)) or not amounts[-1]
        ):
            return False
        self._twins(row, bits, amounts, names)
        return True

    def _twins(self, row: Row, bits: list[Bit], amounts: list[bool], names: list[int]) -> None:
        if not self.twins:
            self.twins = {number: "实施期" if _LONG.search(bits[at].text) else "" for number, at in enumerate(names)}
            if set(self.twins.values()) == {"实施期"}:
                self.twins = dict.fromkeys(self.twins, "")
        for number, at in enumerate(names):
            self.unit = self.unit or _unit(bits[at].text)
            name = named(_bare(bits[at].text))
            side = "income" if key(name) in INCOMES | SUMS or _LONG.search(name) else "spend"
            draft = Draft(name, side, bits[at].place, title=self.twins.get(number, ""))
            if at + 1 < len(bits) and amounts[at + 1]:
                draft.amounts["full"] = bits[at + 1].text
            if len(names) != len(self.twins):
                draft.doubts.append(doubt("I148", row.place, name, row=row.text))
            self.drafts.append(draft)
        self.ledger.use([bits[at] for at in names], "资金行")
        self.ledger.use([bit for bit, number in zip(bits, amounts, strict=True) if number], "金额")

    def _is_name(self, bit: Bit) -> bool:
        return not bit.text[:1].isdigit()

    def _label(self, bit: Bit) -> bool:
        """Labels of the block and of its sides are no names."""
        word = key(bit.text)
        if word in MONEY_LABELS and word not in AMOUNT_ROLES and not (bit.column and self.heads):
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
        return word in AMOUNT_ROLES and amount_in(bit.text) is None

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
        roles, certain = self._by_heads(row, names, numbers)
        texts = [bit for bit in names if bit.text not in _BLANK and not _RECKONED.fullmatch(bit.text)]
        notes = [bit for bit in texts if self.heads.get(bit.column) == "reason"]
        texts = [bit for bit in texts if bit not in notes]
        if not roles and not texts:
            return
        self.ledger.use([*names, *numbers], "资金行")
        name = named(_bare(texts[0].text)) if texts else named(self.label) or "年度预算"
        draft = Draft(name, "spend", row.place, title=self.title, indent=indent_of(texts[0].raw) if texts else 0)
        draft.budgeted = "full" in self.heads.values()
        for role, bit in roles.items():
            if role == "initial" and "full" not in self.heads.values():
                role = "full"  # the only budget there is
            if role in ("half", "full", "initial", "spent", "early", "forecast"):
                draft.amounts[role] = bit.text
            elif role in ("points", "score", "rate"):
                self.rate.setdefault(role, bit.text)
        draft.notes.extend(bit.text for bit in notes)
        if numbers and not certain:
            draft.doubts.append(doubt("I148", row.place, name, row=row.text))
        if len(texts) > 1:
            draft.doubts.append(doubt("I148", row.place, name, row=row.text))
            draft.notes.extend(bit.text for bit in texts[1:])
        self.drafts.append(draft)

    def _by_heads(self, row: Row, names: list[Bit], numbers: list[Bit]) -> tuple[dict[str, Bit], bool]:
        """The numbers by role, and whether that is certain: by place, or all in their order."""
        heads = {at: role for at, role in self.heads.items() if role not in ("reason", "count")}
        under = {
            id(bit): [at for at in heads if bit.column <= at < bit.column + bit.columns] for bit in (*numbers, *names)
        }
        empty = [bit for bit in names if bit.text in _BLANK or _RECKONED.fullmatch(bit.text)]
        shifted = any(under[id(bit)] for bit in names if bit not in empty)
        if not shifted and all(len(under[id(bit)]) == 1 for bit in numbers):
            made = {heads[under[id(bit)][0]]: bit for bit in numbers}
            if len(made) == len(numbers):
                return made, _agree(made)
        roles = [heads[at] for at in sorted(heads)]
        values = sorted([*numbers, *empty], key=lambda bit: bit.column)
        made = {role: bit for role, bit in zip(roles, values, strict=False) if bit in numbers}
        return made, len(roles) == len(values) and not row.fixed and _agree(made)

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
        draft = Draft(named(_bare(bit.text)), self.side, bit.place, title=self.title, indent=indent_of(bit.raw))
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
        under = [
            [self.heads[at] for at in self.heads if bit.column <= at < bit.column + bit.columns] for bit in numbers
        ]
        if (
            row.fixed
            and numbers
            and len(numbers) < len(roles)
            and all(len(each) == 1 and each[0] in roles for each in under)
        ):
            roles = [each[0] for each in under]
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
        if all(key(draft.name) in SUMS and not draft.amounts and not draft.notes for draft in self.drafts):
            return
        titles = list(dict.fromkeys(draft.title for draft in self.drafts))
        for title in titles:
            drafts = [draft for draft in self.drafts if draft.title == title]
            income = nested_income([d for d in drafts if d.side == "income"])
            spend = nested_spend([d for d in drafts if d.side == "spend"])
            lost(income)
            yield Money(self.unit or "万元", tuple(d.done() for d in [*income, *spend]), title)


def _agree(cells: dict[str, Bit]) -> bool:
    """Do the kinds of numbers fit: a percentage under 执行率 and nowhere else, and the one that the amounts give?"""
    if any(bit.text.endswith(("%", "％")) and role not in ("rate", "points") for role, bit in cells.items()):
        return False
    rate = amount_in(cells["rate"].text) if "rate" in cells else None
    spent = amount_in(cells["spent"].text) if "spent" in cells else None
    budgets = [amount_in(cells[role].text) for role in ("full", "initial") if role in cells]
    if rate is None or spent is None or not any(budgets):
        return True
    given = rate if cells["rate"].text.endswith(("%", "％")) or rate > 2 else rate * 100
    return any(abs(spent * 100 / budget - given) < 1 for budget in budgets if budget)


def _bare(text: str) -> str:
    """The name of a line without 其中：, its number and a colon behind it."""
    bare = _LEAD.sub("", text).rstrip(":： ")
    return re.sub(r"[(（](?:单位[:：])?(?:百|千|万|百万|千万|亿)?元[)）]$", "", bare).rstrip(":： ")


def _unit(text: str) -> str:
    """The unit of money in the brackets of a heading."""
    found = _UNIT.fullmatch(re.sub(r"^单位[:：]", "", bracket(text)))
    return found.group(1) if found else ""


def is_pair(bit: Bit, following: Bit) -> bool:
    """Is it a label with a unit of money and its amount: ``当年预算（万元） | 420``?"""
    return bool(_unit(bit.text)) and amount_in(following.text) is not None
