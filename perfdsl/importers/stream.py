"""Tables that were flattened to one cell a line: headings, then cells, one after the other.

The cells are set against the columns by what they look like: over all ways to part the lines into rows, and to join lines
that are pieces of one cell, the cheapest is taken.
"""

import re
from collections.abc import Sequence

import attrs

from perfdsl.importers.clean import joined, key
from perfdsl.importers.headings import Column, columns_of, role_of
from perfdsl.importers.lexicon import AMOUNT_ROLES, GROUPS, MONEY_LABELS, TARGETS, TOTALS
from perfdsl.importers.records import Bit, Doubt, Ledger, Row, doubt
from perfdsl.importers.sections import ends_table, is_title, label_of
from perfdsl.importers.shapes import fit, is_value

MOST_JOINED, JOIN = 4, 1.1
_VALUED = {*TARGETS, "actual", "early", "forecast"}
_NUMBERS = {"points", "score", "unit", "sign", "kind"}


def unrolled(rows: Sequence[Row], ledger: Ledger) -> list[Row]:
    """The rows with every table of one cell a line put back into rows of cells."""
    made: list[Row] = []
    index = 0
    while index < len(rows):
        head = _headings(rows, index)
        if head is not None:
            header, body = head
            made.append(header)
            columns = columns_of(header)
            end = body
            while end < len(rows) and rows[end].alone and not _ends(rows, end):
                end += 1
            made.extend(_parted(rows[body:end], columns, ledger))
            index = end
            continue
        money = _money(rows, index)
        if money is not None:
            block, index = money
            made.extend(block)
            continue
        made.append(rows[index])
        index += 1
    return made


def _ends(rows: Sequence[Row], index: int) -> bool:
    row = rows[index]
    if label_of(row.bits[0]) in MONEY_LABELS:
        return _money(rows, index) is not None
    return is_title(row) or ends_table(row) or _headings(rows, index) is not None or key(row.text) in TOTALS


def _headings(rows: Sequence[Row], start: int) -> tuple[Row, int] | None:
    """A run of lines that are headings, as one row, and where the cells begin."""
    bits: list[Bit] = []
    index = start
    while index < len(rows) and rows[index].alone:
        bit = rows[index].bits[0]
        if role_of(bit.text):
            bits.append(attrs.evolve(bit, column=len(bits)))
            index += 1
            continue
        pair = joined(bit.text, rows[index + 1].bits[0].text) if index + 1 < len(rows) and rows[index + 1].alone else ""
        if bits and pair and len(pair) < 24 and role_of(pair):
            bits.append(attrs.evolve(bit, text=pair, column=len(bits)))
            index += 2
            continue
        break
    if len(bits) < 4:
        return None
    row = Row(tuple(bits), len(bits), rows[start].page, rows[start].place)
    return (row, index) if columns_of(row) else None


@attrs.frozen
class _Step:
    """The cheapest way to reach a place: its cost, the role of the last cell, and where it came from."""

    cost: float
    start: int
    before: int


def _parted(rows: Sequence[Row], columns: Sequence[Column], ledger: Ledger) -> list[Row]:
    """Lines as rows of cells."""
    bits = [row.bits[0] for row in rows]
    taken = _cheapest([bit.text for bit in bits], [column.role for column in columns])
    made: list[Row] = []
    cells: list[Bit] = []
    doubts: list[Doubt] = []
    last = len(columns)
    for start, end, role in taken:
        if role <= last and cells:
            made.append(Row(tuple(cells), len(columns), rows[start].page, cells[0].place, doubts=tuple(doubts)))
            cells, doubts = [], []
        text = bits[start].text
        for piece in bits[start + 1 : end]:
            text = joined(text, piece.text)
            ledger.use(piece, columns[role].role or "续格")
        if end - start > 1 and (columns[role].role in _VALUED | _NUMBERS or columns[role].role == "name"):
            doubts.append(doubt("I143", bits[start].place, text, row=" ".join(bit.text for bit in bits[start:end])))
        cells.append(attrs.evolve(bits[start], text=text, column=columns[role].at))
        last = role
    if cells:
        made.append(Row(tuple(cells), len(columns), rows[-1].page, cells[0].place, doubts=tuple(doubts)))
    return made


def _cheapest(texts: Sequence[str], roles: Sequence[str]) -> list[tuple[int, int, int]]:
    """(first line, line after the last, column) of each cell."""
    best: list[dict[int, _Step]] = [{} for _ in range(len(texts) + 1)]
    best[0][len(roles) - 1] = _Step(0.0, 0, -1)
    moves = {(p, r): _move(roles, p, r) for p in range(len(roles)) for r in range(len(roles))}
    for end in range(1, len(texts) + 1):
        for start in range(max(0, end - MOST_JOINED), end):
            if not best[start]:
                continue
            text = texts[start]
            for piece in texts[start + 1 : end]:
                text = joined(text, piece)
            if (
                end - start > 1
                and any(is_value(piece) for piece in texts[start + 1 : end])
                and not re.match(r"^[^\d]*$", texts[end - 1])
            ):
                continue
            for role, name in enumerate(roles):
                shape = fit(name, text)
                if shape >= 7.0:
                    continue
                before, cost = min(
                    ((p, step.cost + moves[p, role]) for p, step in best[start].items()), key=lambda pair: pair[1]
                )
                cost += shape + JOIN * (end - start - 1)
                if role not in best[end] or cost < best[end][role].cost:
                    best[end][role] = _Step(cost, start, before)
        if not best[end]:
            for role in range(len(roles)):
                best[end][role] = _Step(
                    min(step.cost for step in best[end - 1].values()) + 9.0,
                    end - 1,
                    min(best[end - 1], key=lambda p: best[end - 1][p].cost),
                )
    return _back(best, roles)


def _back(best: Sequence[dict[int, _Step]], roles: Sequence[str]) -> list[tuple[int, int, int]]:
    end = len(best) - 1
    if end == 0:
        return []
    role = min(best[end], key=lambda r: best[end][r].cost + _tail(roles, r))
    taken = []
    while end > 0:
        step = best[end][role]
        taken.append((step.start, end, role))
        end, role = step.start, step.before
    return taken[::-1]


def _tail(roles: Sequence[str], role: int) -> float:
    """What it costs to end a row at ``role``."""
    return sum(_missing(name) for name in roles[role + 1 :])


def _missing(role: str) -> float:
    if role in GROUPS:
        return 0.0
    if role == "name":
        return 4.0
    return 1.3 if role in _VALUED else 0.9 if role in _NUMBERS else 0.6


def _move(roles: Sequence[str], before: int, role: int) -> float:
    """What it costs that a cell of column ``role`` follows one of column ``before``."""
    if role > before:
        return sum(_missing(name) for name in roles[before + 1 : role])
    skipped = [*roles[before + 1 :], *roles[:role]]
    lone = roles[before] in GROUPS and role <= before
    return sum(_missing(name) for name in skipped) - (3.5 if lone else 0.0)


def _money(rows: Sequence[Row], start: int) -> tuple[list[Row], int] | None:
    """``年度预算执行情况(万元)`` on a line, headings on the next ones, then the amounts: as a row of each."""
    if not rows[start].alone or label_of(rows[start].bits[0]) not in MONEY_LABELS:
        return None
    heads: list[Bit] = []
    index = start + 1
    while index < len(rows) and rows[index].alone and key(rows[index].text) in AMOUNT_ROLES:
        heads.append(attrs.evolve(rows[index].bits[0], column=len(heads) + 1))
        index += 1
    if len(heads) < 2:
        return None
    label = attrs.evolve(rows[start].bits[0], column=0)
    block = [Row((label, *heads), len(heads) + 1, rows[start].page, rows[start].place)]
    names = 1
    while index < len(rows) and rows[index].alone:
        name: list[Bit] = []
        at = index
        if not is_value(rows[at].text) and names:
            if ends_table(rows[at]) or is_title(rows[at]):
                break
            name = [attrs.evolve(rows[at].bits[0], column=0)]
            at += 1
        numbers: list[Bit] = []
        while at < len(rows) and rows[at].alone and is_value(rows[at].text) and len(numbers) < len(heads):
            numbers.append(attrs.evolve(rows[at].bits[0], column=len(numbers) + 1))
            at += 1
        if not numbers:
            break
        block.append(Row((*name, *numbers), len(heads) + 1, rows[index].page, rows[index].place))
        index = at
    return block, index
