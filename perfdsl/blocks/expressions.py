"""Expressions of a program as numpy source: each is worked out once a block, and what no column is in is worked out at once."""

from collections.abc import Callable
from math import gcd, prod

from perfdsl import program as g
from perfdsl.blocks.stacked import Stacked, gained, total
from perfdsl.extent import Extents, extent
from perfdsl.grid import STATUSES

STATE = {g.MISSING: 0, g.NUMBER: 1, g.WORD: 2, g.ABSENT: 3}
TYPES = {"h": "i2", "w": "i4", "f": "f8", "i": "i8", "o": "O"}


class Expressions:
    """What is known of one program while it is written."""

    def __init__(self, program: g.Program) -> None:
        self.program = program
        self.columns = {x.name: x for x in program.columns}
        self.extents = Extents({x.name: extent(x) for x in program.columns})
        self.lines: list[str] = []
        self.known: dict[tuple[object, str], str] = {}
        self.count = 0
        self.given: dict[str, tuple[str, str, str]] = {}  # variable: column, aspect, kind
        self.outputs: dict[str, str] = {}
        self.cells: dict[str, tuple[str, str]] = {}  # results of steps: variable and kind
        self.flags: dict[str, str] = {}
        self.firsts: dict[tuple[str, ...], list[str]] = {}
        self.short: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.stacked = Stacked(program, STATUSES)
        self.waiting: dict[
            str, Callable[[], str]
        ] = {}  # flags and results of stacked rows, each named when it is asked for
        self.gains: dict[str, str] = {}  # of sums: what the highest is above the lowest

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
        if plain and kind in ("f", "w", "h"):
            mask = f"{test}.view('u1')"
            fixed = [None if x.isidentifier() else int(x.removesuffix(".0")) for x in (then, other)]
            if fixed[0] is not None and fixed[1] is not None:
                step = f"{fixed[0] - fixed[1]}" + (".0" if kind == "f" else "")
                mask = f"{mask}.astype({TYPES[kind]!r})" if kind != "f" else mask
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
        if text not in self.texts:
            self.count += 1
            self.texts[text] = f"t{self.count}"
            self.lines.append(f"{self.texts[text]} = {text}")
        return self.texts[text]

    def number(self, expr: g.Int, kind: str) -> str:
        """A variable or a literal with the value of ``expr``."""
        key = (expr, kind)
        if key not in self.known:
            low, high = self.extents.of(expr)
            self.known[key] = self.fresh(g.Whole(low) if low == high else expr, kind)
        return self.known[key]

    def fresh(self, expr: g.Int, kind: str) -> str:
        match expr:
            case g.Whole(value):
                return f"{value}.0" if kind == "f" else str(value)
            case g.Cell(name):
                return self.cell(name, kind)
            case g.Plus() | g.Times() | g.Quotient() | g.Least() | g.Greatest():
                return self.joined(expr, kind)
            case g.Pick(test, then, other):
                values = self.number(then, kind), self.number(other, kind)
                return self.either(self.truth(test, kind), *values, kind, clean(then) and clean(other))
        raise AssertionError(expr)

    def joined(self, expr: g.Int, kind: str) -> str:
        """An operation on its arguments: on literals a literal, since numpy knows no blocks of one."""
        if isinstance(expr, g.Plus) and kind in ("h", "w"):
            made = self.plus(expr.args, kind)
        else:
            made = [self.number(x, kind) for x in g.parts(expr)]  # type: ignore[arg-type]  # no choice is among them
        if not any(x.isidentifier() for x in made):
            expr = g.Plus(()) if isinstance(expr, g.Plus) else expr
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

    def plus(self, args: tuple[g.Int, ...], kind: str) -> list[str]:
        """The terms of a sum; of the results of stacked rows those side by side at once, the highest as the lowest and what is above them."""
        highs = [x.name.partition(":")[2] for x in args if isinstance(x, g.Cell) and x.name.startswith("high:")]
        if len(highs) == len(args) and all(x in self.stacked.places or x in self.gains for x in highs):
            low = self.number(g.Plus(tuple(g.Cell(f"low:{x}") for x in highs)), kind)
            return [low, *self.above(highs, kind)]
        lows = [x.name.partition(":")[2] for x in args if isinstance(x, g.Cell) and x.name.startswith("low:")]
        lows = [x for x in lows if x in self.stacked.places]
        found = [total(stack.low, i, j, TYPES[kind]) for stack, i, j in self.stacked.runs(lows) if j > i + 1]
        taken = {
            f"low:{stack.rows[n].path}" for stack, i, j in self.stacked.runs(lows) if j > i + 1 for n in range(i, j)
        }
        if len(lows) > len(set(lows)) or not taken:
            return [self.number(x, kind) for x in args]
        rest = [x for x in args if not (isinstance(x, g.Cell) and x.name in taken)]
        return [self.keep(x) for x in found] + [self.number(x, kind) for x in rest]

    def above(self, paths: list[str], kind: str) -> list[str]:
        """What rows and groups may still gain."""
        runs = self.stacked.runs([x for x in paths if x in self.stacked.places])
        found = [text for run in runs for text in gained(run, TYPES[kind])]
        return [self.keep(x) if not x.isdecimal() else x for x in found] + [
            self.gains[x] for x in paths if self.gains.get(x)
        ]

    def cell(self, name: str, kind: str) -> str:
        """A column or an earlier result, carried as ``kind``."""
        if name not in self.cells and name in self.waiting:
            self.waiting[name]()
        if name not in self.cells:
            return self.taken_as(name, "numbers", kind)
        variable, had = self.cells[name]
        if not variable.isidentifier():
            return self.fresh(g.Whole(literal(variable)), kind)
        if had == kind:
            return variable
        return self.keep(f"np.asarray({variable}).astype({TYPES[kind]!r})")

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
                if name not in self.flags:
                    self.flags[name] = self.waiting[name]()
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
                opened = [
                    x.name.partition(":")[2] for x in args if isinstance(x, g.Flag) and x.name.startswith("open:")
                ]
                runs = [
                    x for x in self.stacked.runs([x for x in opened if x in self.stacked.places]) if x[2] > x[1] + 1
                ]
                taken = {f"open:{stack.rows[n].path}" for stack, i, j in runs for n in range(i, j)}
                rest = [self.truth(x, kind) for x in args if not (isinstance(x, g.Flag) and x.name in taken)]
                found = [self.keep(f"bitwise_or.reduce({stack.open}[{i}:{j}], 0)") for stack, i, j in runs]
                return self.joint([*found, *rest], " | ", "True")
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


def clean(expr: g.Int) -> bool:
    """Is it a number in every row?  What is divided by a column may be divided by the 0 that stands for none."""
    if isinstance(expr, g.Quotient) and not isinstance(expr.bottom, g.Whole):
        return False
    return all(clean(x) for x in g.parts(expr) if not isinstance(x, _TRUTHS))


_TRUTHS = g.Settled | g.State | g.Said | g.Flag | g.Order | g.Every | g.Some | g.Opposite
