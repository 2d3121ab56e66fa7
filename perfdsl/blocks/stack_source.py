"""Stacks of rows as numpy source: one call does a step of all rows of a stack, every result into an array that is there already."""

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from perfdsl import program as g
from perfdsl.blocks.stacks import Channel, Masked, constants

CODE = {state: number for number, state in enumerate(g.STATES)}


@attrs.define(eq=False)
class Line:
    """A statement with the scratch arrays it fills and reads."""

    text: str
    reads: tuple[str, ...]


@attrs.frozen
class Gap:
    """What the rows of a stack may still gain: the mask where they may (empty: everywhere), and how much each."""

    mask: str
    points: tuple[int, ...]


class Scratch:
    """Arrays for what is worked out on the way, used again when what they hold is not needed any more."""

    def __init__(self) -> None:
        self.kinds: dict[str, tuple[str, int]] = {}  # of each name: type and rows
        self.kept: set[str] = set()

    def fresh(self, kind: str, rows: int) -> str:
        """A new name."""
        name = f"s{len(self.kinds)}"
        self.kinds[name] = kind, rows
        return name

    def placed(self, lines: Sequence[Line]) -> tuple[dict[str, int], list[tuple[str, int]]]:
        """The array of each name, and type and rows of each array."""
        last = {name: at for at, line in enumerate(lines) for name in line.reads}
        places: dict[str, int] = {}
        arrays: list[tuple[str, int]] = []
        free: dict[str, list[int]] = {}
        for at, line in enumerate(lines):
            for name in line.reads:
                if name not in places:
                    kind, rows = self.kinds[name]
                    ready = free.setdefault(kind, [])
                    if not ready:
                        ready.append(len(arrays))
                        arrays.append((kind, rows))
                    place = places[name] = ready.pop()
                    arrays[place] = kind, max(rows, arrays[place][1])
            for name in set(line.reads):
                if last[name] == at and name not in self.kept:
                    free[self.kinds[name][0]].append(places[name])
        return places, arrays


class StackSource:
    """Writes one stack; ``column`` gives the variable of an aspect of a column, ``codes`` the number of a word of one."""

    def __init__(
        self,
        number: int,
        rows: Sequence[Masked],
        scratch: Scratch,
        column: Callable[[str, str], str],
        codes: Callable[[str, str], int],
    ) -> None:
        self.number = number
        self.rows = rows
        self.first = rows[0]
        self.scratch = scratch
        self.column = column
        self.codes = codes
        self.lines: list[Line] = []
        self.constants: dict[str, tuple[str, list[int]]] = {}
        self.low, self.open, self.case, self.status = (f"{x}{number}" for x in ("low_", "open_", "case_", "status_"))
        self.gaps: list[Gap] = []

    @property
    def outputs(self) -> dict[str, str]:
        """The results and their types; each holds all rows."""
        return {self.low: self.first.stored, self.open: "bool", self.case: "u1", self.status: "u1"}

    def write(self) -> None:
        """All of it."""
        x = self.loaded() if self.first.starts or self.first.formula is not None else ""
        names = self.masks(x)
        for dest, channels in (
            (self.case, [row.case for row in self.rows]),
            (self.status, [row.status for row in self.rows]),
        ):
            self.bytes_of(dest, channels, names)
        if self.open not in names:
            self.bytes_of(f"{self.open}_u", [row.open for row in self.rows], names)
        self.score(x, names)
        if any(row.gap.base for row in self.rows):
            self.gaps.append(Gap("", tuple(row.gap.base for row in self.rows)))
        for at, name in enumerate(names):
            if any(row.gap.steps[at] for row in self.rows):
                self.scratch.kept.add(name)
                self.gaps.append(Gap(name, tuple(row.gap.steps[at] for row in self.rows)))

    # ---- pieces

    def line(self, text: str, *reads: str) -> None:
        self.lines.append(Line(text, tuple(x for x in reads if x in self.scratch.kinds)))

    def fresh(self, kind: str) -> str:
        return self.scratch.fresh(kind, len(self.rows))

    def constant(self, values: Sequence[int], kind: str) -> str:
        """One number for all rows, or a column of them."""
        name = f"k{self.number}_{len(self.constants)}"
        self.constants[name] = kind, list(values)
        return name

    def loaded(self) -> str:
        """The values of all rows, carried as they are worked with."""
        x = self.fresh(self.first.carrier)
        for i, row in enumerate(self.rows):
            self.line(f"{x}[{i}] = {self.column(row.column, 'numbers')}[a:b]", x)
        return x

    def masks(self, x: str) -> list[str]:
        """The masks in their order; empty where nothing depends on one."""
        first, made = self.first, []
        channels = [y for row in self.rows for y in (row.case, row.status, row.open, row.gap, row.score)]
        ends = {at for at in first.only if at is not None}
        count = len(first.open.steps)
        used = [at in ends or any(y.steps[at] for y in channels) for at in range(count)]
        whole = first.open.base == 0 and sum(first.open.steps) == 1 and first.open.steps.count(0) == count - 1
        for at in range(count):
            name = ""
            if used[at]:
                name = self.open if whole and first.open.steps[at] else self.fresh("?")
                self.mask(name, at, x)
            made.append(name)
        return made

    def mask(self, name: str, at: int, x: str) -> None:
        """One mask of all rows."""
        first = self.first
        if at < len(first.starts):
            edge = self.constant([row.starts[at] for row in self.rows], first.carrier)
            self.line(f"greater_equal({x}, {edge}, {name})", name, x)
            return
        at -= len(first.starts)
        for i, row in enumerate(self.rows):
            if at < len(first.states):
                given, code = self.column(row.column, "states"), CODE[first.states[at]]
            else:
                given, code = self.column(row.column, "said"), self.codes(row.column, row.words[at - len(first.states)])
            self.line(f"equal({given}[a:b], {code}, {name}[{i}])", name)

    def bytes_of(self, dest: str, channels: Sequence[Channel], names: Sequence[str]) -> None:
        """A small number: bytes that go round, so that steps may go down."""
        first = channels[0]  # all are alike
        steps = sorted(((n, d) for n, d in zip(names, first.steps, strict=True) if d), key=lambda x: abs(x[1]) != 1)
        if not steps:
            self.line(f"{dest}[...] = {first.base}")
            return
        before = f"u1({first.base})"
        for name, step in steps:
            term = f"{name}_u"
            if abs(step) != 1:
                term = self.fresh("u1")
                self.line(f"multiply({name}_u, u1({abs(step)}), {term})", name, term)
            self.line(f"{'add' if step > 0 else 'subtract'}({before}, {term}, {dest})", name, term)
            before = dest

    def score(self, x: str, names: Sequence[str]) -> None:
        """The score of all rows."""
        first, dest = self.first, self.low
        bases = [row.score.base for row in self.rows]
        before = ""
        if first.formula is not None:
            self.formula(x, names)
            before = dest
        if any(bases):
            base = self.constant(bases, first.stored)
            self.line(f"add({dest}, {base}, {dest})" if before else f"{dest}[...] = {base}")
            before = dest
        for at, name in enumerate(names):
            values = [row.score.steps[at] for row in self.rows]
            if not any(values):
                continue
            term = self.fresh(first.stored) if before else dest
            self.line(f"multiply({name}_u, {self.constant(values, first.stored)}, {term})", name, term)
            if before:
                self.line(f"add({dest}, {term}, {dest})", term)
            before = dest
        if not before:
            self.line(f"{dest}[...] = 0")

    def formula(self, x: str, names: Sequence[str]) -> None:
        """What the value is worth, where it counts."""
        first, kind = self.first, self.first.carrier
        assert first.formula is not None  # the caller looked
        if first.limits != (None, None):
            ends = [self.constant([row.inside[side] for row in self.rows], kind) for side in (0, 1)]
            kept = self.fresh(kind)
            self.line(f"clip({x}, {ends[0]}, {ends[1]}, {kept})", kept, x)
            x = kept
        values = iter(zip(*(constants(row.formula) for row in self.rows if row.formula is not None), strict=True))
        made = self.worked(first.formula, x, values, True)
        self.line(f"{self.low}[...] = {made}", made)
        low, high = first.only
        for at, text in ((low, "{}_u"), (high, "~{}")):
            if at is not None:
                mask = text.format(names[at])
                self.line(f"multiply({self.low}, {mask}, {self.low})", names[at])

    def worked(self, expr: g.Int, x: str, values: Any, last: bool = False) -> str:
        """A scratch array, or a constant, with an expression; a quotient that goes into whole numbers ``last`` needs no floor."""
        kind = self.first.carrier
        match expr:
            case g.Cell():
                return x
            case g.Whole():
                return self.constant(next(values), kind)
            case g.Quotient(top, bottom):
                above, below = self.worked(top, x, values), self.worked(bottom, x, values)
                made = self.fresh(kind)
                self.line(f"divide({above}, {below}, {made})", made, above, below)
                if not last or any(row.lowest < 0 for row in self.rows):
                    self.line(f"floor({made}, {made})", made)
                return made
        call = {g.Plus: "add", g.Times: "multiply", g.Least: "minimum", g.Greatest: "maximum"}[type(expr)]
        done, *rest = [self.worked(y, x, values) for y in g.parts(expr)]  # type: ignore[arg-type]
        for more in rest:
            if call in ("add", "multiply") and self._idle(more, call):
                continue
            if call in ("add", "multiply") and self._idle(done, call):
                done = more
                continue
            made = self.fresh(kind)
            if call in ("minimum", "maximum"):  # numpy is slow at these with a constant, and quick at this
                done, more = (more, done) if done in self.constants else (done, more)
                text = (
                    f"clip({done}, -inf, {more}, {made})" if call == "minimum" else f"clip({done}, {more}, inf, {made})"
                )
                text = text if more in self.constants else f"{call}({done}, {more}, {made})"
            else:
                text = f"{call}({done}, {more}, {made})"
            self.line(text, made, done, more)
            done = made
        return done

    def _idle(self, name: str, call: str) -> bool:
        """Does adding it, or multiplying by it, change nothing?"""
        return name in self.constants and all(x == (call == "multiply") for x in self.constants[name][1])
