"""Lines of a money table while it is read, and how they stand below each other once all are known."""

import re
from collections.abc import Sequence
from fractions import Fraction

import attrs

from perfdsl.document import Place
from perfdsl.importers.clean import key
from perfdsl.importers.lexicon import FISCAL, FISCAL_SUM, SUMS
from perfdsl.importers.records import Doubt, Line, doubt
from perfdsl.quantity import parse_number


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
    indent: int = 0
    budgeted: bool = True

    def _initial(self) -> dict[str, str]:
        """The initial budget as the budget, in a table that has no other."""
        return {"full": self.amounts["initial"]} if "initial" in self.amounts else {}

    def done(self) -> Line:
        known = self.amounts if "full" in self.amounts or self.budgeted else self.amounts | self._initial()
        amounts = tuple((role, known[role]) for role in ("half", "full") if role in known)
        notes = list(self.notes)
        if "initial" in self.amounts and "full" in self.amounts:
            notes.insert(0, f"年初预算数{self.amounts['initial']}")
        return Line(self.name, self.side, self.place, amounts, self.amounts.get("spent", "") or self.amounts.get("early", ""), tuple(notes),
                    tuple(line.done() for line in self.lines), tuple(self.doubts), self.amounts.get("forecast", ""))  # fmt: skip


def amount_in(text: str) -> Fraction | None:
    """The number of an amount, with or without its unit."""
    return parse_number(re.sub(r"(万元|元|%|％|分)$", "", text))


def nested_income(drafts: list[Draft]) -> list[Draft]:
    """Lines of income: the fiscal ones below 财政拨款, all below the total."""
    if any(draft.indent for draft in drafts):
        return by_indent(drafts)
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
    return sum((amount_in(d.amounts.get(role, "")) or Fraction(0) for d in drafts), Fraction(0))


def nested_spend(drafts: list[Draft]) -> list[Draft]:
    """A line whose amounts are the sums of the lines after it stands above them."""
    if any(draft.indent for draft in drafts):
        return by_indent(drafts)
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
                _sum(part, role) == (amount_in(text) or 0) for role, text in draft.amounts.items() if role != "spent"
            ) and any(amount_in(text) for text in draft.amounts.values()):
                best = end
        if key(draft.name) in SUMS and len(made) == 1:
            draft.lines = nested_spend(drafts[index:])
            return made
        if best - index > 1:
            draft.lines = drafts[index:best]
            index = best
    return made


def lost(drafts: Sequence[Draft]) -> None:
    """A total without an amount above lines that have some was lost."""
    for draft in drafts:
        if draft.lines and "full" not in draft.amounts and any("full" in line.amounts for line in draft.lines):
            draft.doubts.append(doubt("I149", draft.place, draft.name))
        lost(draft.lines)


def by_indent(drafts: Sequence[Draft]) -> list[Draft]:
    """Lines below each other as they are set in; a total at the top is above all."""
    top: list[Draft] = []
    open_: list[Draft] = []
    for draft in drafts:
        while open_ and open_[-1].indent >= draft.indent:
            open_.pop()
        (open_[-1].lines if open_ else top).append(draft)
        open_.append(draft)
    if len(top) > 1 and not top[0].lines and key(top[0].name) in SUMS:
        top[0].lines = top[1:]
        return top[:1]
    return top


def indent_of(raw: str) -> int:
    """How many wide spaces a name is set in."""
    bare = raw.lstrip("\n")
    return len(bare) - len(bare.lstrip("\u3000"))
