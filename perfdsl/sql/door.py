"""A program as one statement over a table of the user's: what people read, review and run."""

from perfdsl import program as g
from perfdsl.sql.expressions import Held
from perfdsl.sql.names import literal
from perfdsl.sql.script import TOTAL, Made, written
from perfdsl.sql.sources import Table


def statement(program: g.Program, dialect: str, table: Table) -> str:
    """The statement that scores every row of ``table``: readable, and complete without perfdsl.

    Raises ``DoesNotFit`` with the path of a row whose numbers the database has no room for, ``TooWide`` for too many rows.
    """
    return Printed(program, dialect, table).text()


class Printed:
    """What people are shown of the last layer: points with their decimals, words for numbers; ``results`` names the columns."""

    def __init__(self, program: g.Program, dialect: str, table: Table) -> None:
        self.script = written(program, dialect, table)
        self.program, self.table, self.dialect = program, table, self.script.dialect
        self.problem = self.script.start.problem
        self.lines = list(self.script.start.carried)
        self.places = _places(program.units)
        self.results: dict[tuple[str, str], str] = {}

    def text(self) -> str:
        """The statement with a head that says what it is."""
        give = self.script.names.give
        for path, row in self.script.rows.items():
            leaf = path.rpartition("/")[2]
            if row.scored:
                self.known(row, "score", path, give(leaf, "_得分"))
                self.put("case", path, row.case.name if row.case else "0", give(leaf, "_情形"))
            self.put("status", path, row.status.name if row.status else "NULL", give(leaf, "_状态"))
        for path, made in self.script.sums.items():
            if path and path != TOTAL and made.scored:
                leaf = path.rpartition("/")[2]
                self.limits(made, path, [give(leaf, x) for x in ("_得分", "_最低", "_最高")])
        if self.script.sums[TOTAL].scored:
            self.limits(self.script.sums[TOTAL], "", [give(x) for x in ("总分", "最低可能", "最高可能")])
        self.put("complete", "", self.script.above["complete"].name, give("完整"))
        if self.program.grades:
            self.put("grade", "", self.worded(self.script.above["grade"]), give("等级"))
        for award in self.program.awards:
            held = self.script.above[f"award:{award.name}"]
            self.put("award", award.name, f"CASE WHEN {held.name} >= 0 THEN {held.name} END", give(award.name))
        size = f"1/{self.program.units}"
        head = [
            f"{self.table.object}：{self.dialect.title} 语句，由 perfdsl 按规则写出",
            f"表 {self.table.name} 一行一个对象；表名、列名不同时只改“数据”这一步",
            "数据：读哪些列；核对：有没有用不上的值；整数：换成整数；以后各步依次是情形（第几支）、得分、分组、总分",
            f"分数都以 {size} 分为 1，比较和除法都只用整数；有无：0 缺 1 数 2 词 3 不适用；未定：1 还没有得分",
        ]
        return self.script.layers.text(self.lines, head) + ";\n"

    def put(self, kind: str, path: str, value: str, name: str) -> None:
        """One result, where the row could be read."""
        self.lines.append(f"CASE WHEN {self.problem} IS NULL THEN {value} END AS {name}")
        self.results[kind, path] = name[1:-1]

    def points(self, held: Held) -> str:
        """A whole number of units as points."""
        if self.places < 0:
            return held.name
        size = 10**self.places
        unit = f"0.{'0' * (self.places - 1)}1" if self.places else "1"
        by = size // self.program.units
        number = f"({held.name} * {by})" if by > 1 else held.name
        return self.dialect.points.format(n=number, unit=unit, size=size)

    def known(self, made: Made, kind: str, path: str, name: str) -> None:
        """A score, where it is known."""
        test = "" if made.open.name == "0" else f" AND {made.open.name} = 0"
        self.lines.append(f"CASE WHEN {self.problem} IS NULL{test} THEN {self.points(made.low)} END AS {name}")
        self.results[kind, path] = name[1:-1]

    def limits(self, made: Made, path: str, names: list[str]) -> None:
        """The score of a group or the total, and between what it lies while it is not known."""
        self.known(made, "score", path, names[0])
        self.put("low", path, self.points(made.low), names[1])
        self.put("high", path, self.points(made.high), names[2])

    def worded(self, held: Held) -> str:
        """The name of a grade for its number."""
        told = " ".join(f"WHEN {i} THEN {literal(word, self.dialect)}" for i, word in enumerate(self.program.grades, 1))
        return f"CASE {held.name} {told} END"


def _places(units: int) -> int:
    """With how many decimals one of so many parts of a point is written; -1 where it has no end."""
    return next((x for x in range(13) if 10**x % units == 0), -1)
