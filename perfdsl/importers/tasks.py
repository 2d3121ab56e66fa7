"""The table of main tasks of a department: name, content, money, goal."""

from collections.abc import Sequence

from perfdsl.importers.clean import bracket, key, named
from perfdsl.importers.drafts import amount_in
from perfdsl.importers.lexicon import TASK_HEADS, TASK_SUMS
from perfdsl.importers.records import Bit, Ledger, Line, Money, Row

_BLANK = {"-", "—", "/", "--", "——", "－", "无"}


def tasks(rows: Sequence[Row], ledger: Ledger, unit: str) -> Money | None:
    """The tasks as lines of money in a table of their own, None when there are none."""
    lines: list[Line] = []
    heads: dict[int, str] = {}
    for row in rows:
        bits = [bit for bit in row.bits if not bit.below]
        if bits and all(_head(bit) for bit in bits):
            ledger.use(bits, "重点工作任务")
            unit = next((inside for bit in bits if (inside := bracket(bit.text)) in ("元", "万元")), unit)
            heads.update((bit.column, _head(bit)) for bit in bits)
            continue
        numbers = [bit for bit in bits if amount_in(bit.text) is not None]
        words = [bit for bit in bits if bit not in numbers and bit.text not in _BLANK]
        full = _total(numbers, heads)
        if full is None or not words:
            continue
        ledger.use(bits, "重点工作任务")
        if key(words[0].text) in TASK_SUMS and lines:
            continue
        rest = [f"{heads[bit.column]}{bit.text}" for bit in numbers if bit is not full and bit.column in heads]
        notes = (*(bit.text for bit in words[1:]), *rest)
        lines.append(Line(named(words[0].text), "spend", row.place, (("full", full.text),), "", notes))
    return Money(unit or "万元", tuple(lines), "年度重点工作任务") if lines else None


def _head(bit: Bit) -> str:
    word = key(bit.text)
    return word if word in TASK_HEADS else ""


def _total(numbers: Sequence[Bit], heads: dict[int, str]) -> Bit | None:
    """The amount of the task: the only one, or the one under 总额 that the others make up."""
    if len(numbers) == 1:
        return numbers[0]
    if not numbers or any(bit.column not in heads for bit in numbers):
        return None
    total, *parts = numbers
    amounts = [amount_in(bit.text) or 0 for bit in parts]
    return total if TASK_HEADS[heads[total.column]] == "full" and amount_in(total.text) == sum(amounts) else None
