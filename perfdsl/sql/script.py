"""The statement of a program: cases, scores, groups, total, grade, awards, each a column that later layers look at."""

from collections import Counter
from collections.abc import Sequence

import attrs

from perfdsl import program as g
from perfdsl.extent import Extents, extent
from perfdsl.grid import STATUS_ZH, STATUSES
from perfdsl.sql.dialects import DIALECTS, Integer
from perfdsl.sql.expressions import DoesNotFit, Held, Sql, Writer, heavy, roots
from perfdsl.sql.layers import Layers
from perfdsl.sql.limits import inwards
from perfdsl.sql.names import Names, literal, remark
from perfdsl.sql.room import Room
from perfdsl.sql.sources import Note, Table, from_grid, from_table, type_of

STATUS_WORDS = {status: word for status, word in STATUS_ZH.items() if status}
TOTAL = "\0total"  # what stands after ceilings; no path is called so


@attrs.define(eq=False)
class Made:
    """The columns of one row or group: names in the last layer; ``None`` where it is the same in every object."""

    low: Held
    high: Held
    open: Held
    case: Held | None = None
    status: Held | None = None
    scored: bool = True


class Script:
    """One program written for one dialect."""

    def __init__(self, program: g.Program, dialect: str, table: Table | None, tight: bool) -> None:
        self.program = program = inwards(program) if tight else program
        self.dialect = DIALECTS[dialect]
        self.table = table
        self.names = Names(self.dialect)
        extents = Extents({x.name: extent(x) for x in program.columns})
        self.room = Room(extents, tight)
        start = (
            from_table(table, self.dialect, self.names)
            if table is not None
            else from_grid(program, self.dialect, {x.name: type_of(x, self.dialect) for x in program.columns})
        )
        self.start = start
        self.layers = Layers(start, self.dialect, self.names)
        self.writer = Writer(self.dialect, self.room, heavy(roots(program)), self.define)
        self.writer.cells |= start.cells
        self.writer.states |= start.states
        self.writer.said |= start.said
        self.rows: dict[str, Made] = {}
        self.sums: dict[str, Made] = {}
        self.leaf = ""
        self.above: dict[str, Held] = {}
        for step in program.steps:
            self.at(step.path)
            self.row(step) if isinstance(step, g.Row) else self.sum(step.path, step)
        for path in program.apart:
            self.apart(path)
        self.end()

    def at(self, path: str) -> None:
        """What is being written, for names and for what is said when it does not fit."""
        self.writer.place = path
        self.leaf = path.rpartition("/")[2] or "合计"

    def define(self, text: Sql, kind: Integer | None) -> Held:
        """A column for what is needed more than once."""
        return self.layers.held(text, kind or self.dialect.narrow, self.leaf, "_中间数", "")

    def number(self, expr: g.Int, suffix: str, note: str = "") -> Held:
        """A column with the value of an expression."""
        made, kind = self.writer.value(expr), self.writer.stored(expr)
        return self.layers.held(made if made.typed else self.writer.cast(made, kind), kind, self.leaf, suffix, note)

    def flag(self, expr: g.Truth, suffix: str) -> Held:
        """A column that is 1 where a condition holds, else 0; where that is known now it needs none."""
        if isinstance(expr, g.Settled):
            return Held(str(int(expr.holds)), 0, self.dialect.narrow)
        return self.layers.held(self.writer.flag(expr), self.dialect.narrow, self.leaf, suffix)

    # ---- rows

    def row(self, step: g.Row) -> None:
        """Which arm decides, then what it gives."""
        path, narrow = step.path, self.dialect.narrow
        note = self.note(path)
        title = f"{path}" + (f"：{note.aim}" if note.aim else "")
        chosen = None
        if len(step.arms) > 1:
            tests = [(self.writer.truth(x.test), str(i)) for i, x in enumerate(step.arms, 1)]
            words = [self.told(note, x) for x in step.arms]
            made = _cases(tests[:-1], tests[-1][1], words)
            level = max(x.level for x, _ in tests[:-1])
            chosen = self.layers.held(Sql(made, level), narrow, self.leaf, "_第几支", title)
            title = ""
        scored = not (len(step.arms) == 1 and step.arms[0].open and step.arms[0].low == step.arms[0].high == g.Whole(0))
        low = self.limit(step, chosen, "low", title) if scored else self.nothing(path)
        settled = all(x.low == x.high for x in step.arms)
        high = low if settled else self.limit(step, chosen, "high", "")
        if settled:
            self.room.extents.define(f"high:{path}", self.room.extents.of(g.Cell(f"low:{path}")))
            self.writer.cells[f"high:{path}"] = low
        is_open = self.by_arm(chosen, [Sql(str(int(x.open)), 0) for x in step.arms])
        if step.review is not None:
            is_open = _either(self.writer.truth(step.review[0]), Sql("0", 0), is_open)
        open_held = self.plain(is_open, "_未定")
        self.writer.flags[f"open:{path}"] = open_held
        self.writer.flags[f"applies:{path}"] = self.flag(step.applies, "_参评")
        case = self.plain(self.by_arm(chosen, [Sql(str(x.case), 0) for x in step.arms]), "_条")
        status = self.layers.held(self.status(step), narrow, self.leaf, self.status_name)
        self.rows[path] = Made(low, high, open_held, case, status, scored)

    def nothing(self, path: str) -> Held:
        """Of a row or a group without score."""
        for end in ("low", "high"):
            self.room.extents.define(f"{end}:{path}", (0, 0))
            self.writer.cells[f"{end}:{path}"] = Held(f"CAST(0 AS {self.dialect.narrow.name})", 0, self.dialect.narrow)
        return self.writer.cells[f"low:{path}"]

    def limit(self, step: g.Row, chosen: Held | None, end: str, note: str) -> Held:
        """The lowest or the highest score."""
        several = [x.low if end == "low" else x.high for x in step.arms]
        made = self.by_arm(chosen, [self.writer.value(x) for x in several])
        if step.review is not None:
            made = _either(self.writer.truth(step.review[0]), self.writer.value(step.review[1]), made)
        name = f"{end}:{step.path}"
        found = [self.room.extents.of(x) for x in (*several, *(step.review[1:] if step.review else ()))]
        self.room.extents.define(name, (min(x[0] for x in found), max(x[1] for x in found)))
        kind = self.writer.stored(g.Cell(name))
        suffix = "_低分" if end == "low" else "_高分"
        held = self.layers.held(self.writer.cast(made, kind), kind, self.leaf, suffix, note)
        self.writer.cells[name] = held
        return held

    def plain(self, made: Sql, suffix: str) -> Held:
        """A small number; one that is always the same needs no column."""
        if made.text.isdigit():
            return Held(made.text, 0, self.dialect.narrow)
        return self.layers.held(made, self.dialect.narrow, self.leaf, suffix)

    def note(self, path: str) -> Note:
        """What there is to say of a row."""
        found = self.table.notes.get(path) if self.table is not None else None
        return found or Note(path, "", ())

    def told(self, note: Note, arm: g.Arm) -> str:
        """What an arm means."""
        if arm.case == 0:
            return "还定不了" if arm.open else "不参评"
        said = note.cases[arm.case - 1] if arm.case <= len(note.cases) else ""
        return (
            f"第{arm.case}条"
            + (f"：{said}" if said else "")
            + (("（等评委打分）" if " .. " in said else "（算不出）") if arm.open else "")
        )

    def by_arm(self, chosen: Held | None, values: Sequence[Sql]) -> Sql:
        """The value of the arm that decides."""
        if chosen is None or len({x.text for x in values}) == 1:
            return values[-1]
        usual = Counter(x.text for x in values).most_common(1)[0][0]
        arms: dict[str, list[str]] = {}
        for i, x in enumerate(values, 1):
            if x.text != usual:
                arms.setdefault(x.text, []).append(str(i))
        tests = [
            f"WHEN {chosen.name} {'= ' + of[0] if len(of) == 1 else 'IN (' + ', '.join(of) + ')'} THEN {text}"
            for text, of in arms.items()
        ]
        level = max(chosen.level, *(x.level for x in values))
        return Sql(f"CASE {' '.join(tests)} ELSE {usual} END", level)

    @property
    def status_name(self) -> str:
        """What the column of the status is called: a number for an engine, a word for people."""
        return "_状态号" if self.table is None else "_评定"

    def status_as(self, word: str) -> str:
        """The same of a status."""
        if self.table is None:
            return str(STATUSES.index(word))
        return literal(STATUS_WORDS.get(word, ""), self.dialect)

    def status(self, step: g.Row) -> Sql:
        """The number of the word in ``STATUSES``, or a word people know."""
        tests: dict[str, tuple[Sql, str]] = {}
        for test, word in step.status:
            made = self.writer.truth(test)
            tests.setdefault(made.text, (made, self.status_as(word)))
        *several, (_, last) = tests.values()
        if not several:
            return Sql(last, 0)
        text = "".join(f"\n  WHEN {x.text} THEN {number}" for x, number in several)
        return Sql(f"CASE{text}\n  ELSE {last}\nEND", max(x.level for x, _ in several))

    def apart(self, path: str) -> None:
        """A row scored before: its results are columns."""
        self.at(path)
        cells = self.writer.cells
        said, words = self.writer.said[f"status:{path}"]
        told = " ".join(f"WHEN {said.name} = {i} THEN {self.status_as(x)}" for i, x in enumerate(words))
        made = Sql(f"CASE {told} ELSE {self.status_as('')} END" if told else self.status_as(""), said.level)
        status = self.layers.held(made, self.dialect.narrow, self.leaf, self.status_name)
        self.rows[path] = Made(
            cells[f"low:{path}"], cells[f"high:{path}"], cells[f"open:{path}"], cells[f"case:{path}"], status
        )

    # ---- sums

    def sum(self, path: str, step: g.Sum) -> None:
        """A group, or the total."""
        extents = self.room.extents
        if step.low == step.high == g.Whole(0) and step.open == g.YES:
            name = Held("1", 0, self.dialect.narrow)
            self.sums[path] = Made(self.nothing(path), self.nothing(path), name, scored=False)
            self.writer.flags |= {f"open:{path}": name, f"applies:{path}": self.flag(step.applies, "_参评")}
            return
        low = self.number(step.low, "_低分", "" if path == TOTAL else (path or "合计"))
        high = low if step.high == step.low else self.number(step.high, "_高分")
        if path != TOTAL:
            extents.define(f"low:{path}", extents.of(step.low))
            extents.define(f"high:{path}", extents.of(step.high))
            self.writer.cells[f"low:{path}"], self.writer.cells[f"high:{path}"] = low, high
        is_open = self.flag(step.open, "_未定")
        if path != TOTAL:
            self.writer.flags[f"open:{path}"] = is_open
            self.writer.flags[f"applies:{path}"] = self.flag(step.applies, "_参评")
        self.sums[path] = Made(low, high, is_open)

    def end(self) -> None:
        """What stands above the total."""
        self.writer.place, self.leaf = "", "总分"
        self.sum(TOTAL, self.program.total)
        self.leaf = "总分"
        self.above["complete"] = self.flag(self.program.complete, "_完整")
        self.above["grade"] = self.number(self.program.grade, "_等级号")
        for award in self.program.awards:
            self.leaf = award.name
            yes, no = self.writer.truth(award.yes), self.writer.truth(award.no)
            text = f"CASE WHEN {yes.text} THEN 1 WHEN {no.text} THEN 0 ELSE -1 END"
            made = Sql(text, max(yes.level, no.level))
            self.above[f"award:{award.name}"] = self.layers.held(made, self.dialect.narrow, self.leaf, "_评优")


def written(program: g.Program, dialect: str, table: Table | None) -> Script:
    """The script that is easiest to read, else the one that needs least room; raises ``DoesNotFit``."""
    try:
        return Script(program, dialect, table, False)
    except DoesNotFit:
        return Script(program, dialect, table, True)


def _either(test: Sql, then: Sql, other: Sql) -> Sql:
    return Sql(
        f"CASE WHEN {test.text} THEN {then.text} ELSE {other.text} END", max(test.level, then.level, other.level)
    )


def _cases(tests: Sequence[tuple[Sql, str]], other: str, words: Sequence[str]) -> str:
    """An arm a line, each with what it means."""
    lines = [f"WHEN {test.text} THEN {number}" for test, number in tests] + [f"ELSE {other}"]
    return "CASE\n" + "".join(f"  {line}  {remark(said)}\n" for line, said in zip(lines, words, strict=True)) + "END"
