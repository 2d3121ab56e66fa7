"""A program as one statement: over a table of the user's, or over a grid for an engine that speaks SQL."""

from typing import NamedTuple

import attrs

from perfdsl import program as g
from perfdsl.explain import STATUS_ZH
from perfdsl.scorecard import NOT_APPLICABLE
from perfdsl.sql.expressions import Held
from perfdsl.sql.names import literal
from perfdsl.sql.script import STATUSES, TOTAL, Made, Script
from perfdsl.sql.sources import Table

SHOWN = {**STATUS_ZH, NOT_APPLICABLE: "不适用", "exceeded": "超额完成"}


def statement(program: g.Program, dialect: str, table: Table) -> str:
    """The statement that scores every row of ``table``: readable, and complete without perfdsl.

    Raises ``DoesNotFit`` with the path of a row whose numbers the database has no room for.
    """
    return _Printed(program, dialect, table).text()


class Result(NamedTuple):
    """A column of results; ``wide`` ones are digits in text, since no array holds them."""

    name: str
    wide: bool


@attrs.frozen
class OverGrid:
    """A statement over a relation ``grid``: what its columns are called, and the results.

    ``inputs`` are by column of the program and aspect (numbers, states, said); ``outputs`` by kind (low, high, open, case,
    status, complete, grade, award) and path, that of the total being ``TOTAL``; the first result is ``id``.
    """

    text: str
    inputs: dict[tuple[str, str], str]
    outputs: dict[tuple[str, str], Result]
    wide: frozenset[str]


def over_grid(program: g.Program, dialect: str) -> OverGrid:
    """The same over whole numbers, states and numbers of words; raises ``DoesNotFit``."""
    script = Script(program, dialect, None)
    found: dict[tuple[str, str], Held] = {}
    for path, row in script.rows.items():
        found |= {("low", path): row.low, ("open", path): row.open}
        found |= {(kind, path): x for kind, x in (("case", row.case), ("status", row.status)) if x is not None}
    for path, made in script.sums.items():
        found |= {("low", path): made.low, ("high", path): made.high, ("open", path): made.open}
    for name, held in script.above.items():
        kind, _, of = name.partition(":")
        found[kind, of] = held
    narrow = script.dialect.narrow
    outputs = {key: Result(f"r{i}", held.kind is not narrow) for i, (key, held) in enumerate(found.items())}
    shown = [(f"CAST({held.name} AS {script.dialect.text})" if held.kind is not narrow else held.name) for held in found.values()]
    lines = ["id", *(f"{text} AS r{i}" for i, text in enumerate(shown))]
    wide = {script.start.inputs[x.name, "numbers"] for x in program.columns if script.type_of(x) is not narrow}
    return OverGrid(script.layers.text(lines, []), script.start.inputs, outputs, frozenset(wide))


class _Printed:
    """What people are shown of the last layer: points with their decimals, words for numbers."""

    def __init__(self, program: g.Program, dialect: str, table: Table) -> None:
        self.script = Script(program, dialect, table)
        self.program, self.table, self.dialect = program, table, self.script.dialect
        self.problem = self.script.start.problem
        self.lines = list(self.script.start.carried)
        self.places = _places(program.units)

    def text(self) -> str:
        """The statement with a head that says what it is."""
        give = self.script.names.give
        for path, row in self.script.rows.items():
            leaf = path.rpartition("/")[2]
            self.known(row, give(leaf, "_得分"))
            self.put(row.case.name if row.case else "0", give(leaf, "_情形"))
            told = {i: SHOWN.get(word, word) for i, word in enumerate(STATUSES) if word}
            self.put(self.worded(row.status, told), give(leaf, "_状态"))
        for path, made in self.script.sums.items():
            if path and path != TOTAL:
                self.limits(made, path.rpartition("/")[2])
        self.limits(self.script.sums[TOTAL], "总分")
        self.put(self.script.above["complete"].name, give("完整"))
        if self.program.grades:
            self.put(self.worded(self.script.above["grade"], dict(enumerate(self.program.grades, 1))), give("等级"))
        for award in self.program.awards:
            held = self.script.above[f"award:{award.name}"]
            self.put(f"CASE WHEN {held.name} >= 0 THEN {held.name} END", give(award.name))
        size = f"1/{self.program.units}"
        head = [
            f"{self.table.object}：{self.dialect.title} 语句，由 perfdsl 按规则写出",
            f"表 {self.table.name} 一行一个对象；表名、列名不同时只改“数据”这一步",
            f"各步里的分数都是 {size} 分的整数倍，比较和除法都只用整数",
        ]
        return self.script.layers.text(self.lines, head) + ";\n"

    def put(self, value: str, name: str) -> None:
        """One result, where the row could be read."""
        self.lines.append(f"CASE WHEN {self.problem} IS NULL THEN {value} END AS {name}")

    def points(self, held: Held) -> str:
        """A whole number of units as points."""
        if self.places < 0:
            return held.name
        size = 10**self.places
        unit = f"0.{'0' * (self.places - 1)}1" if self.places else "1"
        by = size // self.program.units
        number = f"({held.name} * {by})" if by > 1 else held.name
        return self.dialect.points.format(n=number, unit=unit, size=size)

    def known(self, made: Made, name: str) -> None:
        """A score, where it is known."""
        self.lines.append(
            f"CASE WHEN {self.problem} IS NULL AND {made.open.name} = 0 THEN {self.points(made.low)} END AS {name}"
        )

    def limits(self, made: Made, stem: str) -> None:
        """The score of a group, and between what it lies while it is not known."""
        give = self.script.names.give
        self.known(made, give(stem, "" if stem == "总分" else "_得分"))
        self.put(self.points(made.low), give(stem, "_最低"))
        self.put(self.points(made.high), give(stem, "_最高"))

    def worded(self, held: Held | None, words: dict[int, str]) -> str:
        """Words for numbers."""
        told = " ".join(f"WHEN {i} THEN {literal(word, self.dialect)}" for i, word in words.items())
        return f"CASE {held.name} {told} END" if held is not None else "NULL"


def _places(units: int) -> int:
    """With how many decimals one of so many parts of a point is written; -1 where it has no end."""
    return next((x for x in range(13) if 10**x % units == 0), -1)


