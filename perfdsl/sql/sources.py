"""Where the numbers come from: a table of the user's, read and checked inside the statement, or a grid that is whole already."""

from typing import NamedTuple

import attrs

from perfdsl import program as g
from perfdsl.sql.dialects import Dialect, Integer
from perfdsl.sql.expressions import DoesNotFit, Held
from perfdsl.sql.names import Names, literal, quoted, remark

NUMBER, WORD, DAY, FLAG = "number", "word", "day", "flag"
NOT_APPLICABLE = ("不适用", "不涉及", "不考核", "不评价", "未涉及", "N/A", "NA", "n/a", "na", "/", "\\")
NOTHING = ("", "-", "—", "——")
ABSENT_SAYS = "1 表示不适用，0 或空表示适用"
ROW = "t"  # what a row of the user's table is called
EPOCH = 730120  # date(2000, 1, 1).toordinal()


@attrs.frozen(kw_only=True)
class Field:
    """One column of the user's table and the column of the program it becomes.

    A number has at most ``places`` decimals; as a whole number of ``10**-places`` it lies between ``low`` and ``high``,
    is a multiple of ``step``, and ``times`` it is what the program reads.  ``words`` are what may be said, each with the
    word of the program it means, and ``allowed`` all there may be, where not any word may; ``absent`` is the column that says 1 where the row does not apply.  ``about`` and ``scale``
    say what stands in the column, and what a whole 1 is worth.
    """

    column: g.Column
    heading: str
    kind: str = NUMBER
    places: int = 0
    times: int = 1
    low: int = 0
    high: int = 0
    step: int = 1
    words: tuple[tuple[str, str], ...] = ()
    allowed: tuple[str, ...] = ()
    absent: str = ""
    about: str = ""
    scale: str = ""


@attrs.frozen
class Note:
    """What a row is called, what it is judged by, and what each of its cases says."""

    title: str
    aim: str
    cases: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Table:
    """A table with one row an object: its name, the column that tells objects apart, the others, and notes by path."""

    name: str
    key: str
    object: str
    fields: tuple[Field, ...]
    notes: dict[str, Note]


class Layer(NamedTuple):
    """A named step of the statement: what it takes from, what it adds, and whether all that was there stays."""

    name: str
    before: str
    lines: list[str]
    keeps: bool = True


@attrs.define(eq=False)
class Start:
    """The first layers, and the columns that exist after them."""

    layers: list[Layer]
    name: str
    carried: list[str]
    cells: dict[str, Held] = attrs.Factory(dict)
    states: dict[str, Held] = attrs.Factory(dict)
    said: dict[str, tuple[Held, tuple[str, ...]]] = attrs.Factory(dict)
    problem: str = ""
    inputs: dict[tuple[str, str], str] = attrs.Factory(dict)


def from_grid(program: g.Program, dialect: Dialect, fits: dict[str, Integer]) -> Start:
    """A relation ``grid`` with ``id`` and, for the column number ``i``, ``n{i}``, ``s{i}`` and ``w{i}``."""
    start = Start([], "grid", ["id"])
    for i, column in enumerate(program.columns):
        for made, letter, aspect in ((start.cells, "n", "numbers"), (start.states, "s", "states")):
            made[column.name] = Held(f"{letter}{i}", 0, fits[column.name] if letter == "n" else dialect.narrow)
            start.inputs[column.name, aspect] = f"{letter}{i}"
        start.said[column.name] = (Held(f"w{i}", 0, dialect.narrow), column.words)
        start.inputs[column.name, "said"] = f"w{i}"
    return start


def from_table(table: Table, dialect: Dialect, names: Names) -> Start:
    """Read the user's columns, check that nothing is lost in them, and take whole numbers of what is in order."""
    reader = _Reader(table, dialect, names)
    for field in table.fields:
        reader.field(field)
    return reader.finished()


class _Reader:
    def __init__(self, table: Table, dialect: Dialect, names: Names) -> None:
        self.table = table
        self.dialect = dialect
        self.key = names.give(table.key)
        self.problem = names.give("问题")
        self.names = names
        self.source = Layer(
            "数据", f"{quoted(table.name, dialect)} {ROW}", [f"{self.own(table.key)} AS {self.key}"], False
        )
        self.checked, self.taken = Layer("核对", "数据", []), Layer("整数", "核对", [self.key], False)
        self.start = Start([self.source, self.checked, self.taken], "整数", [], problem=self.problem)
        self.doubts: list[str] = []

    def own(self, name: str) -> str:
        """A column of the user's table, said to be one: SQLite takes a quoted name that no column has for a string."""
        return f"{ROW}.{quoted(name, self.dialect)}"

    def field(self, field: Field) -> None:
        """One column of the table."""
        name = self.names.give(field.heading)
        given = self.own(field.heading)
        if field.kind == WORD:
            given = self.dialect.word.format(x=given)
        self.source.lines.append(f"{given} AS {name}\0{remark(field.about)}")
        absent = ""
        if field.absent:
            absent = self.names.give(field.heading, "_不适用")
            self.source.lines.append(f"{self.own(field.absent)} AS {absent}\0{remark(ABSENT_SAYS)}")
        match field.kind:
            case "word":
                self.word(field, name)
            case "flag":
                self.flag(field, name)
            case _:
                self.number(field, name, absent)

    def number(self, field: Field, name: str, absent: str) -> None:
        """A number, or a date as the number of its day."""
        dialect, column = self.dialect, field.column
        fine, whole = self.names.give(field.heading, "_可用"), self.names.give(field.heading, "_整数")
        required = g.MISSING not in column.states
        kind = type_of(column, dialect)
        tests = [f"WHEN {name} IS NULL THEN {int(not required)}"]
        if field.kind == DAY:
            day = dialect.day.format(x=name)
            value = f"({day} + {EPOCH})"
            tests += [f"WHEN {day} IS NULL THEN 0", f"WHEN {value} NOT BETWEEN 1 AND {field.high} THEN 0"]
        else:
            size = 10**field.places
            kept = dialect.kept.format(
                x=name, decimal=dialect.decimal, digits=digits_of(field), places=field.places, size=size
            )
            value = dialect.whole.format(x=name, kept=kept, size=size, type=kind.name)
            if dialect.strange:
                tests.append(f"WHEN {dialect.strange.format(x=name)} THEN 0")
            limits = (decimal(x, field.places) for x in (field.low, field.high))
            tests += [f"WHEN {name} NOT BETWEEN {' AND '.join(limits)} THEN 0", f"WHEN {kept} <> {name} THEN 0"]
            if field.step > 1:
                tests.append(f"WHEN {self.left_over(value, field.step)} <> 0 THEN 0")
        self.check(f"CASE {' '.join(tests)} ELSE 1 END AS {fine}", fine, field.heading)
        times = f" * {field.times}" if field.times > 1 else ""
        held = Held(whole, 0, kind)
        self.taken.lines.append(
            f"CASE WHEN {fine} = 1 AND {name} IS NOT NULL THEN {value}{times} ELSE 0 END AS {whole}"
            + (f"\0{remark(field.scale)}" if field.scale else "")
        )
        self.start.cells[column.name] = held
        if len(column.states) > 1:
            state = self.names.give(field.heading, "_有无")
            tests = [f"WHEN {absent} = 1 THEN {g.STATES.index(g.ABSENT)}"] if absent else []
            tests += [f"WHEN {fine} = 1 AND {name} IS NOT NULL THEN {g.STATES.index(g.NUMBER)}"]
            self.taken.lines.append(f"CASE {' '.join(tests)} ELSE 0 END AS {state}")
            self.start.states[column.name] = Held(state, 0, dialect.narrow)

    def flag(self, field: Field, name: str) -> None:
        """Only whether a row applies: its value is computed."""
        state = self.names.give(field.heading, "_有无")
        self.taken.lines.append(f"CASE WHEN {name} = 1 THEN {g.STATES.index(g.ABSENT)} ELSE 0 END AS {state}")
        self.start.states[field.column.name] = Held(state, 0, self.dialect.narrow)

    def left_over(self, value: str, step: int) -> str:
        """What is left when ``value`` is divided by ``step``; 0 for a multiple, whatever the sign."""
        up = f"ABS({value})"
        return f"{up} - {step} * ({self.dialect.narrow.divide.format(a=up, b=step)})"

    def word(self, field: Field, name: str) -> None:
        """A word, without its spaces and full stop: its number, -1 for one the rules do not know; and whether there is one."""
        dialect, column = self.dialect, field.column
        required = g.MISSING not in column.states
        here, state = self.names.give(field.heading, "_词"), self.names.give(field.heading, "_有无")

        def among(words: tuple[str, ...]) -> str:
            return f"{name} IN ({', '.join(literal(x, dialect) for x in words)})"

        told = [f"WHEN {name} = {literal(said, dialect)} THEN {column.words.index(word)}" for said, word in field.words]
        self.taken.lines.append(f"{'CASE ' + ' '.join(told) + ' ELSE -1 END' if told else '-1'} AS {here}")
        self.start.said[column.name] = (Held(here, 0, dialect.narrow), column.words)
        if required:
            fine = self.names.give(field.heading, "_可用")
            known = f"CASE WHEN {among(tuple(x for x, _ in field.words))} THEN 1 ELSE 0 END"
            self.check(f"{known} AS {fine}", fine, field.heading)
            return
        if field.allowed:
            fine = self.names.give(field.heading, "_可用")
            known = f"CASE WHEN {name} IS NULL OR {among(('', *field.allowed))} THEN 1 ELSE 0 END"
            self.check(f"{known} AS {fine}", fine, field.heading)
        numbers = {x: g.STATES.index(x) for x in g.STATES}
        tests = [f"WHEN {name} IS NULL OR {among(NOTHING)} THEN {numbers[g.MISSING]}"]
        if g.ABSENT in column.states:
            tests.append(f"WHEN {among(NOT_APPLICABLE)} THEN {numbers[g.ABSENT]}")
        self.taken.lines.append(f"CASE {' '.join(tests)} ELSE {numbers[g.WORD]} END AS {state}")
        self.start.states[column.name] = Held(state, 0, dialect.narrow)

    def check(self, line: str, fine: str, heading: str) -> None:
        """Whether a value can be used, and its name among the problems where it cannot."""
        self.checked.lines.append(line)
        named = literal(heading + "；", self.dialect)
        self.doubts.append(f"CASE WHEN {fine} = 0 THEN {named} ELSE '' END")

    def finished(self) -> Start:
        """The problems of a row come together."""
        self.taken.lines[1:1] = [
            remark("用不上的列：位数太多、超出范围、规则没有列出的词；有则这一行不给分"),
            f"{self.named()} AS {self.problem}",
        ]
        if not self.checked.lines:
            self.start.layers.remove(self.checked)
            self.start.layers[-1] = self.taken._replace(before="数据")
        self.start.carried = [self.key, self.problem]
        return self.start

    def named(self) -> str:
        """The names of the columns that cannot be used, one after the other; NULL where there is none."""
        if not self.doubts:
            return f"CAST(NULL AS {self.dialect.text})"
        call, sign = self.dialect.concat, "," if self.dialect.concat else " ||"
        inside = f"{sign}\n  ".join(self.doubts)
        several = (
            f"{call}(\n  {inside}\n)"
            if call and len(self.doubts) > 1
            else f"\n  {inside}\n"
            if len(self.doubts) > 1
            else inside
        )
        return f"NULLIF({several}, '')"


def type_of(column: g.Column, dialect: Dialect) -> Integer:
    """The type its numbers need; raises ``DoesNotFit``."""
    need = max(abs(column.low), abs(column.high))
    kinds = [x for x in (dialect.narrow, dialect.wide) if x is not None]
    for kind in kinds:
        if need < kind.most:
            return kind
    raise DoesNotFit(column.name.partition(":")[2], len(str(need)), len(str(kinds[-1].most)) - 1, column.name)


def digits_of(field: Field) -> int:
    """How many digits it takes to multiply its numbers by ``10**places``, one more for a carry."""
    return max(len(str(max(abs(field.low), abs(field.high)))), field.places + 1) + 1 + field.places


def decimal(whole: int, places: int) -> str:
    """A whole number of ``10**-places`` as digits."""
    digits = str(abs(whole)).rjust(places + 1, "0")
    return ("-" if whole < 0 else "") + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
