"""A program as lines of Python over the whole numbers of one object: of each row only the arm that decides is worked out."""

from typing import NamedTuple

from perfdsl import program as g
from perfdsl.grid import STATUSES
from perfdsl.unroll import Expr, unroll

STATE = {state: number for number, state in enumerate(g.STATES)}
SIGNS = {"<": "<", "<=": "<=", "=": "=="}


class Written(NamedTuple):
    """A program as lines of source; ``given`` are the variables it reads (column and aspect: numbers, states, said).

    ``results`` are variables or literals by the names of ``unroll``.
    """

    lines: list[str]
    given: dict[tuple[str, str], str]
    results: dict[str, str]


def written(program: g.Program, reasons: bool = True) -> Written:
    """The source of ``program`` over variables that hold one object; without ``reasons`` no case and no status is worked out, and nothing is compared."""
    return _Writer(program, reasons).write()


class _Writer:
    """Writes one program; what is used twice is worked out once, before it is needed."""

    def __init__(self, program: g.Program, reasons: bool) -> None:
        self.program = program
        self.reasons = reasons
        self.made = unroll(program)
        self.columns = {x.name: x for x in program.columns}
        self.lines: list[str] = []
        self.given: dict[tuple[str, str], str] = {}
        self.uses: dict[Expr, int] = {}
        self.known: dict[Expr, str] = {}
        self.results: dict[str, str] = {}
        self.cells: dict[str, str] = {}  # results of steps by name
        self.fresh_names = 0

    def write(self) -> Written:
        """All steps, then what stands above the total."""
        rows = [x for x in self.program.steps if isinstance(x, g.Row)]
        decided = {f"{kind}:{x.path}" for x in rows for kind in ("low", "high", "open", "case", "status")}
        wanted = {
            name: x
            for name, x in self.made.results.items()
            if self.reasons or not name.startswith(("case:", "status:"))
        }
        for row in rows:
            for expr in self.asked(row):
                self.count(expr)
        for name, expr in (*self.made.defined.items(), *wanted.items()):
            if name not in decided:
                self.count(expr)
        for step in self.program.steps:
            if isinstance(step, g.Row):
                self.row(step)
            else:
                self.sum(step.path)
        self.sum("total")
        for name, expr in wanted.items():
            if name not in self.results:
                self.results[name] = self.expr(expr)
        return Written(self.lines, self.given, {name: self.results[name] for name in wanted})

    def asked(self, step: g.Row) -> list[Expr]:
        """Everything a row looks at."""
        found: list[Expr] = [x for arm in step.arms for x in (arm.test, *dict.fromkeys((arm.low, arm.high)))]
        return [*found, *(step.review or ()), *(test for test, _ in step.status if self.reasons)]

    def count(self, expr: Expr) -> None:
        """How often each expression is used."""
        stack = [expr]
        while stack:
            top = stack.pop()
            self.uses[top] = self.uses.get(top, 0) + 1
            if self.uses[top] == 1:
                stack.extend(g.parts(top))

    # ---- steps

    def define(self, path: str, kinds: tuple[str, ...]) -> None:
        """The results of a step as variables."""
        for kind in kinds:
            name = f"{kind}:{path}"
            self.cells[name] = self.keep(self.expr(self.made.defined[name]))

    def sum(self, path: str) -> None:
        """A sum; of one object its highest is worked out where it is open, and is its lowest elsewhere."""
        if self.reasons:  # sums that objects are compared by hold other pairs too
            self.define(path, ("low", "high", "open", "applies"))
            return
        self.define(path, ("low", "open", "applies"))
        low, is_open = (self.cells[f"{x}:{path}"] for x in ("low", "open"))
        high = self.expr(self.made.defined[f"high:{path}"])
        self.cells[f"high:{path}"] = self.keep(high if high.isidentifier() else f"{high} if {is_open} else {low}")

    def row(self, step: g.Row) -> None:
        """The arms as one ladder; of each only what decides is worked out."""
        path = step.path
        low, high, case, is_open, status = (self.name() for _ in range(5))
        tests = [self.expr(x.test) for x in step.arms]
        values = [(self.expr(x.low), self.expr(x.high)) for x in step.arms]
        same = all(a == b for a, b in values)
        varies = len({x.open for x in step.arms}) > 1 or step.review is not None
        high = low if same else high
        lines = []
        for arm, (least, most) in zip(step.arms, values, strict=True):
            settings = [f"{low} = {least}"] + ([] if same else [f"{high} = {low if most == least else most}"])
            settings += [f"{case} = {arm.case}"] if self.reasons else []
            settings += [f"{is_open} = {arm.open}"] if varies else []
            lines.append("; ".join(settings))
        self.ladder(tests, lines)
        is_open = is_open if varies else str(step.arms[0].open)
        if self.reasons:
            states = [self.expr(test) for test, _ in step.status]
            self.ladder(states, [f"{status} = {STATUSES.index(word)}" for _, word in step.status])
            self.results |= {f"case:{path}": case, f"status:{path}": status}
        if step.review is not None:
            test, score = (self.expr(x) for x in step.review)
            self.lines.append(f"if {test}: {low} = {high} = {score}; {is_open} = False")
        for kind, value in (("low", low), ("high", high), ("open", is_open)):
            self.cells[f"{kind}:{path}"] = value
        self.define(path, ("applies",))
        self.results |= {f"low:{path}": low, f"open:{path}": is_open}

    def ladder(self, tests: list[str], lines: list[str]) -> None:
        """The line of the first test that holds; the last one always does."""
        word = "if"
        for test, line in zip(tests[:-1], lines[:-1], strict=True):
            self.lines.append(f"{word} {test}: {line}")
            word = "elif"
        self.lines.append(f"else: {lines[-1]}" if word == "elif" else lines[-1])

    def name(self) -> str:
        """A new variable."""
        self.fresh_names += 1
        return f"t{self.fresh_names}"

    def keep(self, text: str) -> str:
        """A variable for something worked out."""
        if text.isidentifier():
            return text
        name = self.name()
        self.lines.append(f"{name} = {text}")
        return name

    # ---- expressions

    def expr(self, expr: Expr) -> str:
        """An expression as source, in brackets where it needs them."""
        if expr not in self.known:
            text = self.text(expr)
            twice = self.uses.get(expr, 0) > 1 and g.parts(expr)
            self.known[expr] = self.keep(text) if twice else text
        return self.known[expr]

    def text(self, expr: Expr) -> str:
        match expr:
            case g.Whole(value):
                return str(value) if value >= 0 else f"({value})"
            case g.Settled(holds):
                return str(holds)
            case g.Cell(name):
                return self.cells.get(name) or self.variable(name, "numbers")
            case g.Flag(name):
                return self.cells[name]
            case g.State(column, state):
                return f"({self.variable(column, 'states')} == {STATE[state]})"
            case g.Said(column, word):
                words = self.columns[column].words
                return f"({self.variable(column, 'said')} == {words.index(word)})" if word in words else "False"
            case g.Pick(test, then, other):
                return f"({self.expr(then)} if {self.expr(test)} else {self.expr(other)})"
        inside = [self.expr(x) for x in g.parts(expr)]
        match expr:
            case g.Plus():
                return f"({' + '.join(inside)})"
            case g.Times():
                return f"({' * '.join(inside)})"
            case g.Quotient():
                return f"({inside[0]} // {inside[1]})"
            case g.Least() | g.Greatest():
                return self.extreme(inside, "<" if isinstance(expr, g.Least) else ">")
            case g.Order(op, _, _):
                return f"({inside[0]} {SIGNS[op]} {inside[1]})"
            case g.Every():
                return f"({' and '.join(inside)})"
            case g.Some():
                return f"({' or '.join(inside)})"
            case g.Opposite():
                return f"(not {inside[0]})"
        raise AssertionError(expr)

    def extreme(self, inside: list[str], sign: str) -> str:
        """The least or the greatest, each argument worked out once; a call would cost more than the comparison."""
        made = inside[0]
        for x in inside[1:]:
            a, first = self.named(made)
            b, second = self.named(x)
            made = f"({a} if {first} {sign} {second} else {b})"
        return made

    def named(self, text: str) -> tuple[str, str]:
        """A name for something that is worked out where it is compared: how it is called, and how it is compared."""
        if text.isidentifier() or text.strip("()").lstrip("-").isdigit():
            return text, text
        name = self.name()
        return name, f"({name} := {text})"

    def variable(self, name: str, aspect: str) -> str:
        """The variable of an aspect of a column."""
        return self.given.setdefault((name, aspect), f"{aspect[0] if aspect != 'states' else 'k'}{len(self.given)}")
