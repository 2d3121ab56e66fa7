"""A program as the source of a function of blocks of rows, and what goes into it and comes out."""

from collections.abc import Mapping
from typing import Any

from perfdsl import program as g
from perfdsl.blocks.expressions import STATE, TYPES, Expressions
from perfdsl.blocks.stacked import gained
from perfdsl.extent import widest
from perfdsl.grid import STATUSES, Grid, RowScores, Scores, Strip, SumScores

HALF, SHORT, DOUBLE, LONG = 1 << 15, 1 << 31, 1 << 52, 1 << 62
LINE = 64


class Source(Expressions):
    """Writes one program."""

    def write(self) -> str:
        """All steps, then what stands above the total."""
        for step in self.program.steps:
            if isinstance(step, g.Sum):
                self.sum(step.path, step)
            elif step.path in self.stacked.places:
                self.stacked_row(step)
            else:
                self.row(step)
        for path in self.program.apart:
            self.apart(path)
        program = self.program
        self.sum("total", program.total)
        self.put("complete", self.truth(program.complete, "f"), "bool")
        self.put("grade", self.number(program.grade, self.kind([program.grade], sums=True)), "u1")
        for award in program.awards:
            yes, no = self.truth(award.yes, self.kind([award.yes])), self.truth(award.no, self.kind([award.no]))
            self.put(f"award:{award.name}", f"where({yes}, 1, where({no}, 0, -1))", "i1")
        head = [f"{variable} = given[{variable!r}]" for variable in self.given] + self.stacked.source()
        return "\n    ".join(["def block(given, out, count, c, s, a, b):", *head, *self.lines, "return None"])

    def kind(self, exprs: list[g.Int | g.Truth], sums: bool = False) -> str:
        """How whole numbers are carried: h 16 and w 32 bits (sums only), f doubles, i 64 bits, o Python integers."""
        most = widest(exprs, self.extents)
        if sums and most < SHORT and not any(map(divides, exprs)):
            return "h" if most < HALF else "w"
        return "f" if most < DOUBLE else "i" if most < LONG else "o"

    def stacked_row(self, step: g.Row) -> None:
        """A row whose results stand in those of its stack already."""
        path = step.path
        self.bounded(path, [x.low for x in step.arms], [x.high for x in step.arms])
        (stack, at), is_short = self.stacked.places[path], {"i2": "h", "i4": "w"}
        kind = is_short[stack.first.stored]
        gains = gained((stack, at, at + 1), stack.first.stored)
        self.waiting[f"low:{path}"] = lambda: self.named(f"low:{path}", f"{stack.low}[{at}]", kind)
        self.waiting[f"high:{path}"] = lambda: self.named(
            f"high:{path}", " + ".join([f"{stack.low}[{at}]", *gains]), kind
        )
        self.flags[f"open:{path}"] = self.keep(f"{stack.open}[{at}]")
        self.waiting[f"applies:{path}"] = lambda: self.truth(step.applies, "f")

    def named(self, name: str, text: str, kind: str) -> str:
        """A result of a stacked row under its name."""
        self.cells[name] = self.keep(text), kind
        return self.cells[name][0]

    def row(self, step: g.Row) -> None:
        """The arms of a row, each with the objects it decides."""
        path = step.path
        asked = [x for arm in step.arms for x in (arm.test, arm.low, arm.high)]
        asked += list(step.review) if step.review is not None else []
        kind = self.kind([*asked, step.applies, *(test for test, _ in step.status)])
        tests = [self.truth(arm.test, kind) for arm in step.arms]
        low = self.decided(tests, [x.low for x in step.arms], kind)
        is_high = any(x.low != x.high for x in step.arms)
        high = self.decided(tests, [x.high for x in step.arms], kind) if is_high else low
        case = self.numbered(tests, [x.case for x in step.arms])
        is_open = self.any_of(tests, [x.open for x in step.arms])
        if step.review is not None:
            test, score = self.truth(step.review[0], kind), self.number(step.review[1], kind)
            low, high = (self.either(test, score, x, kind, False) for x in (low, high))
            is_open = self.joint([is_open, self.negated(test)], " & ", "False")
        self.define(path, low, high, kind, [x.low for x in step.arms], [x.high for x in step.arms], step.review)
        self.flags[f"open:{path}"] = is_open
        self.flags[f"applies:{path}"] = self.truth(step.applies, kind)
        states = [self.truth(test, kind) for test, _ in step.status]
        status = self.numbered(states, [STATUSES.index(word) for _, word in step.status])
        self.put(f"low:{path}", self.cells[f"low:{path}"][0], self.stored(f"low:{path}"))
        self.put(f"open:{path}", is_open, "bool")
        self.put(f"case:{path}", case, "u1")
        self.put(f"status:{path}", status, "u1")

    def define(
        self,
        path: str,
        low: str,
        high: str,
        kind: str,
        lows: list[g.Int],
        highs: list[g.Int],
        review: tuple[g.Truth, g.Int] | None,
    ) -> None:
        """The results of a row for the steps that follow."""
        more = [review[1]] if review is not None else []
        self.bounded(path, lows + more, highs + more)
        for name, variable in (("low", low), ("high", high)):
            self.cells[f"{name}:{path}"] = self.shortened(variable, kind, f"{name}:{path}")

    def bounded(self, path: str, lows: list[g.Int], highs: list[g.Int]) -> None:
        """Between which limits the results of a row lie."""
        for name, ends in (("low", lows), ("high", highs)):
            found = [self.extents.of(x) for x in ends]
            self.extents.define(f"{name}:{path}", (min(x[0] for x in found), max(x[1] for x in found)))

    def shortened(self, variable: str, kind: str, name: str) -> tuple[str, str]:
        """A result as it goes out and into sums."""
        if kind != "f" or self.stored(name) != "i4" or not variable.isidentifier():
            return variable, kind
        if variable not in self.short:
            self.short[variable] = self.keep(f"{variable}.astype('i4')")
        return self.short[variable], "w"

    def sum(self, path: str, step: g.Sum) -> None:
        """A group, or the total."""
        kind = self.kind([step.low, step.high, step.open, step.applies], sums=True)
        low = self.number(step.low, kind)
        high = low if step.high == step.low else self.number(step.high, kind)
        self.gain(path, step, kind)
        self.extents.define(f"low:{path}", self.extents.of(step.low))
        self.extents.define(f"high:{path}", self.extents.of(step.high))
        self.cells[f"low:{path}"], self.cells[f"high:{path}"] = (low, kind), (high, kind)
        self.flags[f"open:{path}"] = self.truth(step.open, kind)
        self.flags[f"applies:{path}"] = self.truth(step.applies, kind)
        self.put(f"low:{path}", low, self.stored(f"low:{path}"))
        self.put(f"high:{path}", high, self.stored(f"high:{path}"))
        self.put(f"open:{path}", self.flags[f"open:{path}"], "bool")

    def gain(self, path: str, step: g.Sum, kind: str) -> None:
        """What a plain sum may still gain, where its parts say so."""
        ends = [x.args if isinstance(x, g.Plus) else (x,) for x in (step.low, step.high)]
        names = [[x.name.partition(":") for x in args if isinstance(x, g.Cell)] for args in ends]
        lows, highs = ([x[2] for x in found if x[0] == end] for found, end in zip(names, ("low", "high"), strict=True))
        plain = lows == highs and all(len(lows) == len(args) for args in ends)
        if path and kind in ("h", "w") and plain and all(x in self.stacked.places or x in self.gains for x in lows):
            found = self.above(lows, kind)
            self.gains[path] = (
                self.keep(" + ".join(found))
                if any(x.isidentifier() for x in found)
                else str(sum(map(int, found)) or "")
            )

    def apart(self, path: str) -> None:
        """The results of a row that came in as columns go out as they are."""
        for name, kind in (("low", self.stored(f"low:{path}")), ("case", "u1")):
            self.put(f"{name}:{path}", self.number(g.Cell(f"{name}:{path}"), "i"), kind)
        self.put(f"open:{path}", f"{self.number(g.Cell(f'open:{path}'), 'i')} == 1", "bool")
        column = self.columns[f"status:{path}"]
        codes = [STATUSES.index(word) for word in column.words]
        said = self.taken_as(f"status:{path}", "said", "")
        self.put(f"status:{path}", f"np.array({codes}, dtype='u1')[{said}]", "u1")

    def stored(self, name: str) -> str:
        """The type a result goes out as."""
        low, high = self.extents.of(g.Cell(name))
        return "i4" if low > -(1 << 31) and high < 1 << 31 else "i8" if low > -LONG and high < LONG else "O"

    def put(self, name: str, value: str, kind: str) -> None:
        """One result of the block."""
        self.outputs[name] = kind
        self.lines.append(f"out[{name!r}][:] = {value}")

    def results(self) -> dict[str, tuple[str, int]]:
        """The type of every result, and how many rows it holds (0: it is one)."""
        return {name: (kind, 0) for name, kind in self.outputs.items()} | self.stacked.outputs()

    def taken(self, grid: Grid, first: int, last: int) -> dict[str, Any]:
        """The columns of one block, as the source wants them."""
        return {variable: _aspect(grid, *wanted, first, last) for variable, wanted in self.given.items()}

    def scores(self, made: dict[str, Any], count: int) -> Scores:
        """The results by path."""
        rows = [x.path for x in self.program.steps if isinstance(x, g.Row)] + list(self.program.apart)
        sums = [x.path for x in self.program.steps if isinstance(x, g.Sum)]

        def row(path: str) -> RowScores:
            if path in self.stacked.places:
                stack, at = self.stacked.places[path]
                return RowScores(*(made[name][at] for name in stack.outputs))
            return RowScores(made[f"low:{path}"], made[f"open:{path}"], made[f"case:{path}"], made[f"status:{path}"])

        def summed(path: str) -> SumScores:
            return SumScores(made[f"low:{path}"], made[f"high:{path}"], made[f"open:{path}"])

        return Scores(
            units=self.program.units, count=count,
            rows={x: row(x) for x in rows},
            groups={x: summed(x) for x in sums if x}, total=summed("total"), complete=made["complete"], grade=made["grade"],
            grades=self.program.grades, statuses=STATUSES, awards={x.name: made[f"award:{x.name}"] for x in self.program.awards},
        )  # fmt: skip


def divides(expr: g.Int | g.Truth) -> bool:
    """Is there a division in it?"""
    return isinstance(expr, g.Quotient) or any(map(divides, g.parts(expr)))


def arena(results: Mapping[str, tuple[str, int]], count: int) -> dict[str, Any]:
    """Arrays for all results, in one piece of memory: a system gives a large piece quicker than many small ones."""
    import numpy as np

    sizes = {name: (np.dtype(kind), max(rows, 1)) for name, (kind, rows) in results.items() if kind != "O"}
    widths = {name: -(-count * kind.itemsize // LINE) * LINE for name, (kind, _) in sizes.items()}
    whole = np.empty(sum(widths[name] * rows for name, (_, rows) in sizes.items()), dtype=np.uint8)
    made: dict[str, Any] = {name: np.empty(count, dtype=object) for name, (kind, _) in results.items() if kind == "O"}
    first = 0
    for name, (kind, rows) in sizes.items():
        last = first + widths[name] * rows
        array = whole[first:last].view(kind).reshape(rows, -1)[:, :count]
        made[name] = array if results[name][1] else array[0]
        first = last
    return made


def whole(grid: Grid, name: str, aspect: str) -> Any:
    """One aspect of a column as it is."""
    array = getattr(grid.columns.get(name, Strip()), aspect)
    return array if array is not None else _aspect(grid, name, aspect, "i", 0, grid.count)


def _aspect(grid: Grid, name: str, aspect: str, kind: str, first: int, last: int) -> Any:
    """One aspect of a column for a block."""
    import numpy as np

    strip = grid.columns.get(name, Strip())
    match aspect:
        case "numbers":
            if strip.numbers is None:
                return np.zeros(last - first, dtype=TYPES[kind])
            return strip.numbers[first:last].astype(TYPES[kind], copy=False)
        case "states":
            if strip.states is None:
                return np.full(last - first, STATE[g.NUMBER] if strip.numbers is not None else 0, dtype="u1")
            return strip.states[first:last]
    return np.full(last - first, -1, dtype="i4") if strip.said is None else strip.said[first:last]
