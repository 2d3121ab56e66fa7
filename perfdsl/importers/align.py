"""A row set against the columns: in a grid by place, in flattened text by what each cell looks like and where it stands."""

from collections.abc import Sequence

import attrs

from perfdsl.importers.clean import joined, key
from perfdsl.importers.headings import Column, base
from perfdsl.importers.lexicon import CATEGORIES, GROUPS, NUMBERS, TARGETS
from perfdsl.importers.records import Bit, Doubt, Row, doubt
from perfdsl.importers.shapes import TICKS, fit, is_caption
from perfdsl.read_target import read_target
from perfdsl.target import kind

SHIFT, BACK, ALONG, LEFT_OUT, NAMELESS = 1.0, 0.4, 0.2, 3.5, 3.0
UNCERTAIN, ODD, LEAP = 0.45, 2.5, 0.9
_LEVELS = frozenset({"g1", "g2", "g3"})


@attrs.frozen
class Cells:
    """A row with its words by role; ``bits`` by role say where they stand, ``loose`` are the bits no role took."""

    words: dict[str, str]
    bits: dict[str, tuple[Bit, ...]]
    loose: tuple[Bit, ...]
    row: Row
    doubts: tuple[Doubt, ...] = ()
    roles: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The indicator's name, empty on rows of groups and continuations."""
        return self.words.get("name", "")


def align(row: Row, columns: Sequence[Column]) -> Cells:
    """The cells of ``row`` by role."""
    made = _by_place(row, columns) if row.fixed else _by_shape(row, columns)
    return attrs.evolve(made, roles=frozenset(column.role for column in columns), doubts=(*row.doubts, *made.doubts))


def _by_place(row: Row, columns: Sequence[Column]) -> Cells:
    taken: list[tuple[Bit, Column]] = []
    loose: list[Bit] = []
    for bit in row.bits:
        column = max(columns, key=lambda c: _overlap(bit, c), default=None)
        if column is None or not _overlap(bit, column) or not column.role:
            if not is_caption(bit.text):
                loose.append(bit)
            continue
        role = column.role
        if (
            bit.below
            and base(role) not in GROUPS
            and role not in ("points1", "points2", "points3", "weight", "gpoints")
        ):
            continue
        taken.append((bit, column))
    words, bits, left = _gathered(taken)
    about = words.get("name", "")
    return Cells(words, bits, (*loose, *left), row, (doubt("I141", row.place, about, row=row.text),) if left else ())


def _gathered(
    taken: Sequence[tuple[Bit, Column]],
) -> tuple[dict[str, str], dict[str, tuple[Bit, ...]], tuple[Bit, ...]]:
    """Words and bits by role, and the bits no role took: of several numbers of one role the last one counts."""
    words: dict[str, str] = {}
    bits: dict[str, tuple[Bit, ...]] = {}
    left: list[Bit] = []
    for bit, column in taken:
        role = column.role
        if base(role) in NUMBERS and words.get(role, bit.text) != bit.text:
            left.extend(bits.pop(role))
            del words[role]
        _put(words, column, bit.text)
        bits[role] = (*bits.get(role, ()), bit)
    return words, bits, tuple(left)


def _put(words: dict[str, str], column: Column, text: str) -> None:
    """Add a cell to the words of its role; a tick below a cause is that cause."""
    role = column.role
    under = column.heading.rpartition("·")[2] if "·" in column.heading else ""
    if text in TICKS and under:
        text = under
    elif role == "reason" and key(under) in CATEGORIES:
        text = f"{under}：{text}"
    if role not in words:
        words[role] = text
    elif text != words[role]:
        words[role] = f"{words[role]}；{text}" if role == "reason" else joined(words[role], text)


def _overlap(bit: Bit, column: Column) -> int:
    return max(0, min(bit.column + bit.columns, column.at + column.wide) - max(bit.column, column.at))


def _by_shape(row: Row, columns: Sequence[Column]) -> Cells:
    captions = tuple(bit for bit in row.bits[:1] if is_caption(bit.text) and len(row.bits) > 1)
    bits = tuple(bit for bit in row.bits if bit not in captions)
    found = _Search(bits, columns).run()
    best, taken = found[0]
    words, places, left = _gathered([(bits[b], columns[c]) for b, c in taken if columns[c].role])
    if captions:
        places["caption"] = captions
    used = {b for b, c in taken if columns[c].role or is_caption(bits[b].text)}
    loose = (*left, *(bit for index, bit in enumerate(bits) if index not in used))
    doubts = []
    moved = {bits[b].column - columns[c].at for b, c in taken} - {0}
    missing = [c.heading for c in columns if c.role in TARGETS and c.role not in words]
    near = (
        len(found) > 1 and found[1][0] - best < UNCERTAIN and _differ(taken, found[1][1], columns, levels=bool(moved))
    )
    about = words.get("name", "")
    if about and missing and any(c.role in TARGETS for c in columns) and (moved or len(words) > 1):
        doubts.append(doubt("I142", row.place, about, column="、".join(missing)))
    odd = max((fit(columns[c].role, bits[b].text) for b, c in taken), default=0.0)
    unknown = any(columns[c].role.startswith("+") for _, c in taken) and moved != {-_margin(columns)}
    if near or left or odd >= ODD or (moved and (loose or unknown)):
        doubts.append(doubt("I141", row.place, about, row=row.text))
    return Cells(words, places, loose, row, tuple(doubts))


def _margin(columns: Sequence[Column]) -> int:
    """How many places the margin takes before the columns: its merged cell stands on the first row only."""
    return next((c.at for c in columns if c.role), 0)


def _step_cost(moved: int, before: int, *, first: bool) -> float:
    """What it costs that a cell stands ``moved`` places from its column, when the cell before it was ``before`` off."""
    if moved == before or first and moved == 0:
        return ALONG if moved else 0.0
    return BACK if moved == 0 else SHIFT


def _differ(
    one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]], columns: Sequence[Column], *, levels: bool
) -> bool:
    """Do two readings differ, and, unless ``levels``, in more than which level of groups a label is?"""

    def core(taken: Sequence[tuple[int, int]]) -> set[tuple[int, str]]:
        return {(b, "group" if columns[c].role in GROUPS and not levels else columns[c].role) for b, c in taken}

    return core(one) != core(other)


class _Search:
    """All ways to set bits against columns from left to right, the two cheapest kept."""

    def __init__(self, bits: Sequence[Bit], columns: Sequence[Column]) -> None:
        self.bits, self.columns = bits[:16], columns
        self.found: list[tuple[float, tuple[tuple[int, int], ...]]] = []

    def run(self) -> list[tuple[float, tuple[tuple[int, int], ...]]]:
        """The cheapest readings, cheapest first."""
        self._step(0, 0, 0, 0.0, ())
        return sorted(self.found, key=lambda pair: pair[0])[:2]

    def _bound(self) -> float:
        return sorted(cost for cost, _ in self.found)[1] if len(self.found) > 1 else 99.0

    def _step(self, b: int, c: int, delta: int, cost: float, taken: tuple[tuple[int, int], ...]) -> None:
        if cost > self._bound():
            return
        if b == len(self.bits):
            self._end(cost, taken)
            return
        for at in range(c, len(self.columns)):
            column, bit = self.columns[at], self.bits[b]
            shape = fit(column.role, bit.text)
            if shape >= 7.0:
                continue
            moved = bit.column - column.at
            step = _step_cost(moved, delta, first=not taken)
            if taken and moved < delta:
                step += self._leapt(taken[-1][1], at)
            self._step(b + 1, at + 1, moved, cost + shape + step, (*taken, (b, at)))
        self._step(b + 1, c, delta, cost + LEFT_OUT, taken)

    def _leapt(self, before: int, at: int) -> float:
        """What it costs that a cell which no merging takes away is gone between two cells.

        It is the points of an indicator, or a deeper group: a new group begins a new one in each level below it.
        """
        skipped = {column.role for column in self.columns[before + 1 : at]}
        deeper = skipped & _LEVELS and any(column.role in _LEVELS for column in self.columns[: before + 1])
        return LEAP if deeper or "points" in skipped else 0.0

    def _end(self, cost: float, taken: tuple[tuple[int, int], ...]) -> None:
        roles = {self.columns[c].role for _, c in taken}
        valued = roles & {*TARGETS, "actual", "early", "points", "score", "unit", "sign"}
        if "name" in roles:
            for column in self.columns:
                if column.role not in roles:
                    cost += (
                        1.0
                        if column.role in TARGETS
                        else 0.6
                        if column.role in ("actual", "points", "score", "unit")
                        else 0.05
                    )
        elif valued:
            cost += NAMELESS
        elif not roles <= set(GROUPS):
            cost += 1.0
        cost += self._unlike(taken)
        self.found.append((cost, taken))

    def _unlike(self, taken: tuple[tuple[int, int], ...]) -> float:
        kinds = {kind(read_target(self.bits[b].text)[0]) for b, c in taken if self.columns[c].role in TARGETS} - {
            "none",
            "schedule",
        }
        return 0.7 if len(kinds) > 1 else 0.0
