"""The engine that comes with perfdsl: numpy, a block of rows at a time, so that what is worked out stays in the cache.

The program is written as Python source over arrays.  Whole numbers are carried in doubles where all of them, sums included,
stay below 2**52 (every step is then exact, the division too: a quotient that is not whole is farther from the next whole number
than a double rounds), in 64 bits below 2**62, else as Python integers.
"""

from collections.abc import Callable
from math import gcd, prod
from typing import Any

from perfdsl import program as g
from perfdsl.extent import Extents, widest
from perfdsl.grid import Grid, RowScores, Scores, Strip, SumScores

NAME = "embedded"
NEEDS = ("numpy",)
EXTRA = "batch"

BLOCK = 8192
SHORT, DOUBLE, LONG = 1 << 31, 1 << 52, 1 << 62
STATE = {g.MISSING: 0, g.NUMBER: 1, g.WORD: 2, g.ABSENT: 3}
STATUSES = ("", "met", "exceeded", "missed", "missing", "not applicable", "unjudged")


def run(program: g.Program, grid: Grid) -> Scores:
    """Score every object of ``grid``."""
    return compiled(program)(grid)


def compiled(program: g.Program) -> Callable[[Grid], Scores]:
    """The program as a function of grids."""
    import numpy as np

    writer = _Writer(program)
    text = writer.write()
    space: dict[str, Any] = {
        "np": np,
        "where": np.where,
        "minimum": np.minimum,
        "maximum": np.maximum,
        "floor": np.floor,
        "u1": np.uint8,
    }
    exec(compile(text, "<program>", "exec"), space)
    block = space["block"]

    def score(grid: Grid) -> Scores:
        made = {name: np.empty(grid.count, dtype=kind) for name, kind in writer.outputs.items()}
        with np.errstate(all="ignore"):
            for first in range(0, grid.count, BLOCK):
                last = min(first + BLOCK, grid.count)
                given = writer.taken(grid, first, last)
                block(given, {name: x[first:last] for name, x in made.items()}, last - first)
        return writer.scores(made, grid.count)

    return score


class _Writer:
    """Writes one program; every expression is worked out once a block."""

    def __init__(self, program: g.Program) -> None:
        self.program = program
        self.columns = {x.name: x for x in program.columns}
        self.extents = Extents({x.name: _extent(x) for x in program.columns})
        self.lines: list[str] = []
        self.known: dict[tuple[object, str], str] = {}
        self.count = 0
        self.given: dict[str, tuple[str, str, str]] = {}  # variable: column, aspect, kind
        self.outputs: dict[str, str] = {}
        self.cells: dict[str, tuple[str, str]] = {}  # results of steps: variable and kind
        self.flags: dict[str, str] = {}
        self.firsts: dict[tuple[str, ...], list[str]] = {}
        self.short: dict[str, str] = {}

    # ---- the source

    def write(self) -> str:
        """All steps, then what stands above the total."""
        for step in self.program.steps:
            self.row(step) if isinstance(step, g.Row) else self.sum(step.path, step)
        for path in self.program.apart:
            self.apart(path)
        program = self.program
        self.sum("total", program.total)
        self.put("complete", self.truth(program.complete, "f"), "bool")
        self.put("grade", self.number(program.grade, self.kind([program.grade])), "u1")
        for award in program.awards:
            yes, no = self.truth(award.yes, self.kind([award.yes])), self.truth(award.no, self.kind([award.no]))
            self.put(f"award:{award.name}", f"where({yes}, 1, where({no}, 0, -1))", "i1")
        head = ["def block(given, out, count):"]
        head += [f"    {variable} = given[{variable!r}]" for variable in self.given]
        return "\n".join([*head, *("    " + x for x in self.lines), "    return None"])

    def kind(self, exprs: list[g.Int | g.Truth], sums: bool = False) -> str:
        """How whole numbers are carried: w 32 bits (sums only), f doubles, i 64 bits, o Python integers."""
        most = widest(exprs, self.extents)
        if sums and most < SHORT and not any(map(divides, exprs)):
            return "w"
        return "f" if most < DOUBLE else "i" if most < LONG else "o"

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

    def alone(self, tests: list[str]) -> list[str]:
        """For each test, where it is the first that holds; the last one always does."""
        key = tuple(tests)
        if key not in self.firsts:
            made: list[str] = []
            rest = "True"
            for test in tests[:-1]:
                made.append(self.joint([rest, test], " & ", "False"))
                rest = self.joint([rest, self.negated(test)], " & ", "False")
            self.firsts[key] = [*made, rest]
        return self.firsts[key]

    def numbered(self, tests: list[str], numbers: list[int]) -> str:
        """Small numbers by the first test that holds: masks times numbers, which is faster than choosing."""
        together: dict[int, list[str]] = {}
        for where, number in zip(self.alone(tests), numbers, strict=True):
            if number and where != "False":
                together.setdefault(number, []).append(where)
        if any("True" in found for found in together.values()):
            return str(next(number for number, found in together.items() if "True" in found))
        if any(number > 255 for number in together):
            return self.keep(" + ".join(f"{x}.astype('i8') * {n}" for n, found in together.items() for x in found))
        masks = {number: self.joint(found, " | ", "True") for number, found in together.items()}
        return self.keep(" + ".join(self.weighed(x, n) for n, x in masks.items())) if masks else "0"

    @staticmethod
    def weighed(mask: str, number: int) -> str:
        """A mask as bytes of 0 and a number."""
        return f"{mask}.view('u1')" if number == 1 else f"{mask}.view('u1') * u1({number})"

    def any_of(self, tests: list[str], wanted: list[bool]) -> str:
        """Where a wanted test is the first that holds."""
        if all(wanted) or not any(wanted):
            return str(all(wanted))
        return self.joint([x for x, good in zip(self.alone(tests), wanted, strict=True) if good], " | ", "True")

    def decided(self, tests: list[str], values: list[g.Int], kind: str) -> str:
        """Points by the first test that holds: what is fixed as masks times numbers, what is worked out times its mask."""
        masks = self.alone(tests)
        fixed = {i: x.value for i, x in enumerate(values) if isinstance(x, g.Whole)}
        if kind != "f" or not all(map(clean, values)) or any(masks[i] in ("True", "False") for i in range(len(masks))):
            return self.chain(tests, [self.number(x, kind) for x in values], kind)
        by = gcd(*fixed.values())
        if by and all(0 <= x // by < 256 for x in fixed.values()):
            small = self.numbered([masks[i] for i in fixed] + ["True"], [x // by for x in fixed.values()] + [0])
            made = [] if small == "0" else [f"{small} * {by}.0"]
        else:
            made = [f"{masks[i]}.view('u1') * {x}.0" for i, x in fixed.items() if x]
        made += [f"{masks[i]}.view('u1') * {self.number(x, kind)}" for i, x in enumerate(values) if i not in fixed]
        return self.keep(" + ".join(made)) if made else "0.0"

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
        for name, variable, ends in (("low", low, lows + more), ("high", high, highs + more)):
            found = [self.extents.of(x) for x in ends]
            self.extents.define(f"{name}:{path}", (min(x[0] for x in found), max(x[1] for x in found)))
            self.cells[f"{name}:{path}"] = self.shortened(variable, kind, f"{name}:{path}")

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
        self.extents.define(f"low:{path}", self.extents.of(step.low))
        self.extents.define(f"high:{path}", self.extents.of(step.high))
        self.cells[f"low:{path}"], self.cells[f"high:{path}"] = (low, kind), (high, kind)
        self.flags[f"open:{path}"] = self.truth(step.open, kind)
        self.flags[f"applies:{path}"] = self.truth(step.applies, kind)
        self.put(f"low:{path}", low, self.stored(f"low:{path}"))
        self.put(f"high:{path}", high, self.stored(f"high:{path}"))
        self.put(f"open:{path}", self.flags[f"open:{path}"], "bool")

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

    def chain(self, tests: list[str], values: list[str], kind: str) -> str:
        """The value of the first test that holds; the last one always does."""
        made = values[-1]
        for test, value in zip(reversed(tests[:-1]), reversed(values[:-1]), strict=True):
            if value == made:
                continue
            if kind == "b" and (value, made) in (("True", "False"), ("False", "True")):
                made = test if value == "True" else self.negated(test)
                continue
            made = self.either(test, value, made, kind)
        return made

    def either(self, test: str, then: str, other: str, kind: str, plain: bool = False) -> str:
        """One value or the other; where both are ``plain`` numbers everywhere, by a product, which is faster."""
        if test in ("True", "False"):
            return then if test == "True" else other
        if plain and kind in ("f", "w"):
            mask = f"{test}.view('u1')"
            fixed = [None if x.isidentifier() else float(x) for x in (then, other)]
            if fixed[0] is not None and fixed[1] is not None:
                step = f"{fixed[0] - fixed[1]:.0f}" + (".0" if kind == "f" else "")
                mask = f"{mask}.astype('i4')" if kind == "w" else mask
                return self.keep(f"{mask} * {step}" + (f" + {other}" if fixed[1] else ""))
            if fixed[1] == 0:
                return self.keep(f"{mask} * {then}")
            return self.keep(f"{other} + {mask} * ({then} - {other})")
        if kind == "o" and not then.isidentifier() and not other.isidentifier():
            then = f"np.array({then}, dtype='O')"  # of two literals numpy makes 64 bits, and wraps what is longer
        return self.keep(f"where({test}, {then}, {other})")

    def keep(self, text: str) -> str:
        """A variable for something worked out."""
        if text.isidentifier():
            return text
        self.count += 1
        name = f"t{self.count}"
        self.lines.append(f"{name} = {text}")
        return name

    # ---- expressions

    def number(self, expr: g.Int, kind: str) -> str:
        """A variable or a literal with the value of ``expr``."""
        key = (expr, kind)
        if key not in self.known:
            low, high = self.extents.of(
                expr
            )  # what is the same in every object is a literal: a block has no arrays of one
            self.known[key] = self.fresh(g.Whole(low) if low == high else expr, kind)
        return self.known[key]

    def fresh(self, expr: g.Int, kind: str) -> str:
        match expr:
            case g.Whole(value):
                return f"{value}.0" if kind == "f" else str(value)
            case g.Cell(name):
                return self.cell(name, kind)
            case g.Plus() | g.Times() | g.Quotient() | g.Least() | g.Greatest():
                return self.joined(expr, [self.number(x, kind) for x in g.parts(expr)], kind)
            case g.Pick(test, then, other):
                values = self.number(then, kind), self.number(other, kind)
                return self.either(self.truth(test, kind), *values, kind, clean(then) and clean(other))
        raise AssertionError(expr)

    def joined(self, expr: g.Int, made: list[str], kind: str) -> str:
        """An operation on its arguments: on literals a literal, since numpy knows no blocks of one."""
        if not any(x.isidentifier() for x in made):
            return self.fresh(g.Whole(worked_out(expr, [literal(x) for x in made])), kind)
        match expr:
            case g.Plus():
                return self.keep(" + ".join(made))
            case g.Times():
                return self.keep(" * ".join(made))
            case g.Quotient():
                return self.keep(f"floor({made[0]} / {made[1]})" if kind == "f" else f"{made[0]} // {made[1]}")
        call = "minimum" if isinstance(expr, g.Least) else "maximum"
        found = made[0]
        for x in made[1:]:
            found = f"{call}({found}, {x})"
        return self.keep(found)

    def cell(self, name: str, kind: str) -> str:
        """A column or an earlier result, carried as ``kind``."""
        if name not in self.cells:
            return self.taken_as(name, "numbers", kind)
        variable, had = self.cells[name]
        if not variable.isidentifier():
            return self.fresh(g.Whole(literal(variable)), kind)
        if had == kind:
            return variable
        return self.keep(f"np.asarray({variable}).astype({_TYPES[kind]!r})")

    def taken_as(self, name: str, aspect: str, kind: str) -> str:
        """A variable of the block for an aspect of a column."""
        found = next((v for v, x in self.given.items() if x == (name, aspect, kind)), None)
        if found is None:
            found = f"c{len(self.given)}"
            self.given[found] = (name, aspect, kind)
        return found

    def truth(self, expr: g.Truth, kind: str) -> str:
        """A variable or ``True``/``False`` for a condition."""
        key = (expr, kind)
        if key not in self.known:
            self.known[key] = self.fresh_truth(expr, kind)
        return self.known[key]

    def fresh_truth(self, expr: g.Truth, kind: str) -> str:
        match expr:
            case g.Settled(holds):
                return str(holds)
            case g.State(column, state):
                return self.keep(f"{self.taken_as(column, 'states', '')} == {STATE[state]}")
            case g.Said(column, word):
                words = self.columns[column].words
                return self.keep(
                    f"{self.taken_as(column, 'said', '')} == {words.index(word)}" if word in words else "False"
                )
            case g.Flag(name):
                return self.flags[name]
            case g.Order(op, left, right):
                a, b = self.number(left, kind), self.number(right, kind)
                if a.isidentifier() or b.isidentifier():
                    return self.keep(f"{a} {'==' if op == '=' else op} {b}")
                x, y = literal(a), literal(b)
                return str(x == y if op == "=" else x <= y if op == "<=" else x < y)
            case g.Every(args):
                return self.joint([self.truth(x, kind) for x in args], " & ", "False")
            case g.Some(args):
                return self.joint([self.truth(x, kind) for x in args], " | ", "True")
            case g.Opposite(arg):
                return self.negated(self.truth(arg, kind))
        raise AssertionError(expr)

    def joint(self, truths: list[str], sign: str, decisive: str) -> str:
        """Several truths together; what is settled (a word nobody said) never stands in an expression."""
        kept = [x for x in truths if x not in ("True", "False")]
        if decisive in truths:
            return decisive
        return self.keep(sign.join(kept)) if kept else str(decisive == "False")

    def negated(self, truth: str) -> str:
        """The opposite of a truth."""
        return str(truth == "False") if truth in ("True", "False") else self.keep(f"~{truth}")

    # ---- data

    def taken(self, grid: Grid, first: int, last: int) -> dict[str, Any]:
        """The columns of one block, as the source wants them."""
        return {variable: _aspect(grid, *wanted, first, last) for variable, wanted in self.given.items()}

    def scores(self, made: dict[str, Any], count: int) -> Scores:
        """The results by path."""
        rows = [x.path for x in self.program.steps if isinstance(x, g.Row)] + list(self.program.apart)
        sums = [x.path for x in self.program.steps if isinstance(x, g.Sum)]

        def summed(path: str) -> SumScores:
            return SumScores(made[f"low:{path}"], made[f"high:{path}"], made[f"open:{path}"])

        return Scores(
            units=self.program.units, count=count,
            rows={x: RowScores(made[f"low:{x}"], made[f"open:{x}"], made[f"case:{x}"], made[f"status:{x}"]) for x in rows},
            groups={x: summed(x) for x in sums if x}, total=summed("total"), complete=made["complete"], grade=made["grade"],
            grades=self.program.grades, statuses=STATUSES, awards={x.name: made[f"award:{x.name}"] for x in self.program.awards},
        )  # fmt: skip


_TYPES = {"w": "i4", "f": "f8", "i": "i8", "o": "O"}


def literal(text: str) -> int:
    """The whole number of a literal, written as a double or not."""
    return int(text.removesuffix(".0"))


def worked_out(expr: g.Int, values: list[int]) -> int:
    """An operation on known numbers; 0 where it divides by the 0 that stands for none."""
    match expr:
        case g.Plus():
            return sum(values)
        case g.Times():
            return prod(values)
        case g.Quotient():
            return values[0] // values[1] if values[1] else 0
    return min(values) if isinstance(expr, g.Least) else max(values)


def divides(expr: g.Int | g.Truth) -> bool:
    """Is there a division in it?"""
    return isinstance(expr, g.Quotient) or any(map(divides, g.parts(expr)))


def clean(expr: g.Int) -> bool:
    """Is it a number in every row?  What is divided by a column may be divided by the 0 that stands for none."""
    if isinstance(expr, g.Quotient) and not isinstance(expr.bottom, g.Whole):
        return False
    return all(clean(x) for x in g.parts(expr) if not isinstance(x, _TRUTHS))


_TRUTHS = g.Settled | g.State | g.Said | g.Flag | g.Order | g.Every | g.Some | g.Opposite


def _aspect(grid: Grid, name: str, aspect: str, kind: str, first: int, last: int) -> Any:
    """One aspect of a column for a block."""
    import numpy as np

    strip = grid.columns.get(name, Strip())
    match aspect:
        case "numbers":
            if strip.numbers is None:
                return np.zeros(last - first, dtype=_TYPES[kind])
            return strip.numbers[first:last].astype(_TYPES[kind], copy=False)
        case "states":
            if strip.states is None:
                return np.full(last - first, STATE[g.NUMBER] if strip.numbers is not None else 0, dtype="u1")
            return strip.states[first:last]
    return np.full(last - first, -1, dtype="i4") if strip.said is None else strip.said[first:last]


def _extent(column: g.Column) -> tuple[int, int]:
    if column.states == frozenset({g.NUMBER}):
        return column.low, column.high
    return min(0, column.low), max(0, column.high)
