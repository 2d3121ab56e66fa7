"""All rows of a program that look at one column each: in stacks, as source, with the arrays and numbers it needs."""

from collections.abc import Callable, Sequence
from typing import Any

from perfdsl import program as g
from perfdsl.blocks.ranges import ranges
from perfdsl.blocks.stack_source import Scratch, StackSource
from perfdsl.blocks.stacks import Masked, masked

Run = tuple[StackSource, int, int]


class Stacked:
    """The rows of a program that look at one column each: as source, with what it needs."""

    def __init__(self, program: g.Program, statuses: Sequence[str]) -> None:
        self.columns = {x.name: x for x in program.columns}
        self.wanted: list[tuple[str, str]] = []
        self.notes = Scratch()
        found: dict[tuple[object, ...], list[Masked]] = {}
        for step in program.steps:
            taken = ranges(step, self.columns) if isinstance(step, g.Row) else None
            row = masked(taken, statuses) if taken is not None else None
            if row is not None:
                found.setdefault(row.shape, []).append(row)
        self.stacks = [
            StackSource(number, rows, self.notes, self.variable, self.code)
            for number, rows in enumerate(found.values())
        ]
        self.places = {row.path: (stack, i) for stack in self.stacks for i, row in enumerate(stack.rows)}
        for stack in self.stacks:
            stack.write()
        self.lines = [line for stack in self.stacks for line in stack.lines]
        self.arrays = self.notes.placed(self.lines)

    def variable(self, column: str, aspect: str) -> str:
        """The array of an aspect of a column."""
        if (column, aspect) not in self.wanted:
            self.wanted.append((column, aspect))
        return f"g{self.wanted.index((column, aspect))}"

    def code(self, column: str, word: str) -> int:
        """The number of a word in a column."""
        return self.columns[column].words.index(word)

    def source(self) -> list[str]:
        """The statements: ``c`` are the columns wanted, ``s`` the scratch arrays, ``a`` and ``b`` the first row and the one after the last."""
        lines = [f"{', '.join(f'g{i}' for i in range(len(self.wanted)))}, = c"] if self.wanted else []
        for name, (kind, _) in self.notes.kinds.items():
            if name in self.arrays[0]:
                lines += [f"{name} = s[{name!r}]"] + ([f"{name}_u = s['{name}_u']"] if kind == "?" else [])
        for stack in self.stacks:
            lines += [f"{name} = out[{name!r}]" for name in stack.outputs]
            lines.append(f"{stack.open}_u = {stack.open}.view('u1')")
        return lines + [x.text for x in self.lines]

    def outputs(self) -> dict[str, tuple[str, int]]:
        """Type and rows of each result."""
        return {name: (kind, len(x.rows)) for x in self.stacks for name, kind in x.outputs.items()}

    def constants(self) -> dict[str, Any]:
        """What the source calls numbers."""
        import numpy as np

        made: dict[str, Any] = {}
        for stack in self.stacks:
            for name, (kind, values) in stack.constants.items():
                array = np.array(values, dtype=kind)
                made[name] = array[0] if len(set(values)) == 1 else array[:, None]
        return made

    def scratch(self, most: int) -> Callable[[int], dict[str, Any]]:
        """The scratch arrays for blocks of at most so many rows."""
        import numpy as np

        places, kinds = self.arrays
        arrays = [np.empty((rows, most), dtype=kind) for kind, rows in kinds]
        known: dict[int, dict[str, Any]] = {}

        def of(count: int) -> dict[str, Any]:
            if count not in known:
                found = {name: arrays[at][: self.notes.kinds[name][1], :count] for name, at in places.items()}
                bits = {f"{name}_u": x.view(np.uint8) for name, x in found.items() if x.dtype == bool}
                known[count] = found | bits
            return known[count]

        return of

    def runs(self, paths: Sequence[str]) -> list[Run]:
        """Where some rows stand side by side."""
        found: list[Run] = []
        order = {id(x): n for n, x in enumerate(self.stacks)}
        for stack, i in sorted((self.places[x] for x in paths), key=lambda x: (order[id(x[0])], x[1])):
            if found and found[-1][0] is stack and found[-1][2] == i:
                found[-1] = (stack, found[-1][1], i + 1)
            else:
                found.append((stack, i, i + 1))
        return found


def total(name: str, first: int, last: int, kind: str) -> str:
    """The sum of some rows of an array."""
    return f"{name}[{first}]" if last == first + 1 else f"add.reduce({name}[{first}:{last}], 0, {kind!r})"


def gained(run: Run, kind: str) -> list[str]:
    """What rows side by side may gain together: for each number of points, how many of them may."""
    stack, first, last = run
    found: list[str] = []
    for gap in stack.gaps:
        at = first
        while at < last:
            end = next((i for i in range(at, last) if gap.points[i] != gap.points[at]), last)
            if gap.points[at]:
                by = (
                    f"np.{'int16' if kind == 'i2' else 'int32'}({gap.points[at]})"
                    if gap.mask
                    else str(gap.points[at] * (end - at))
                )
                count = "u1" if end - at < 256 else "u4"
                found.append(f"{total(f'{gap.mask}_u', at, end, count)} * {by}" if gap.mask else by)
            at = end
    return found
