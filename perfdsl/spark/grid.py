"""What was read as the grid of a program: numbers, states and words of its columns."""

from math import lcm
from typing import Any

from perfdsl import program as g
from perfdsl.integers import UNDER
from perfdsl.spark.cells import Answer, Cells
from perfdsl.spark.scan import READ
from perfdsl.spark.told import tell
from perfdsl.sql import DoesNotFit, OverGrid

GRID = "grid"  # what the statement of a program calls it
BASE = "perfdsl_objects_read"
MOST_BITS = 1 << 62
NARROW, WIDE, DIGITS = "BIGINT", "DECIMAL(38,0)", 37


def by_column(cells: list[Cells]) -> dict[str, list[Cells]]:
    """The cells of each column of the program."""
    found: dict[str, list[Cells]] = {}
    for x in cells:
        found.setdefault(x.name, []).append(x)
    return found


def columns(found: dict[str, list[Cells]]) -> tuple[g.Column, ...]:
    """What they hold."""
    made = []
    for name, several in found.items():
        per = lcm(*(x.per for x in several))
        ends = [x.ends() for x in several]
        low, high = min(x for x, _ in ends) * per, max(x for _, x in ends) * per
        assert low.denominator == high.denominator == 1  # per is a multiple of every denominator
        states = frozenset().union(*(x.states() for x in several))
        if states <= {g.MISSING, g.NUMBER}:
            states = frozenset({g.MISSING, g.NUMBER})
        words = _words(several[0])
        made.append(g.Column(name=name, per=per, low=int(low), high=int(high), states=states, words=words))
    return tuple(made)


def _words(cells: Cells) -> tuple[str, ...]:
    """The words the rules know, by their numbers."""
    return tuple(cells.reader.words)


class Objects:
    """All objects as the view ``of``: ``id`` is where one stands, and of every column there is a number, a state and a word.

    The places of objects among all stand beside these later.  Raises ``DoesNotFit``.
    """

    def __init__(self, session: Any, found: dict[str, list[Cells]]) -> None:
        self.session = session
        self.of = BASE
        self.columns: dict[str, g.Column] = {x.name: x for x in columns(found)}
        self.shown: dict[str, str] = {}  # further columns of the result, by their headings
        self._views = 0
        self._numbered = {name: i for i, name in enumerate(self.columns)}
        shown, joins = ["STRUCT(f, r, o) AS id"], []
        for name, several in found.items():
            column = self.columns[name]
            need = max(-column.low, column.high)
            if need >= 10**DIGITS:
                raise DoesNotFit(name.partition(":")[2], len(str(need)), DIGITS)
            type_name = NARROW if need < MOST_BITS else WIDE
            shown.append(f"{_first(several, [x.whole(column.per, type_name) for x in several])} AS {self.number(name)}")
            shown.append(f"{_first(several, [x.state() for x in several])} AS {self.state(name)}")
            shown.append(f"{_first(several, [x.word() for x in several])} AS {self.word(name)}")
            for x in several:
                if x.joined:
                    _table(session, x, column.per)
                    joins.append(f" LEFT JOIN perfdsl_texts{x.number} a{x.number} ON {x.t} = a{x.number}.t")
        session.sql(f"SELECT {', '.join(shown)} FROM {READ}{''.join(joins)}").createOrReplaceTempView(BASE)

    def number(self, name: str) -> str:
        """The number of a column."""
        return f"perfdsl_n{self._numbered[name]}"

    def state(self, name: str) -> str:
        """The number of its state."""
        return f"perfdsl_s{self._numbered[name]}"

    def word(self, name: str) -> str:
        """The number of its word."""
        return f"perfdsl_w{self._numbered[name]}"

    def among(self, name: str, state: str) -> str:
        """Where a column is in a state, as SQL; one that is not there is missing throughout."""
        if name not in self.columns:
            return "TRUE" if state == g.MISSING else "FALSE"
        if state not in self.columns[name].states:
            return "FALSE"
        return f"{self.state(name)} = {g.STATES.index(state)}"

    def of_comparison(self, name: str) -> tuple[str, str, str]:
        """The number, the state, and what the number is divided by."""
        under = f"{UNDER}{name}"
        by = self.number(under) if under in self.columns else str(self.columns[name].per)
        return self.number(name), self.state(name), by

    @property
    def names(self) -> list[str]:
        """Every column of the view but ``id``."""
        made = [x for name in self.columns for x in (self.number(name), self.state(name), self.word(name))]
        return made + list(self.shown.values())

    def become(self, query: str) -> None:
        """The same objects with further columns."""
        self._views += 1
        view = f"{BASE}_{self._views}"
        self.session.sql(query).createOrReplaceTempView(view)
        self.of = view

    def join(
        self, table: str, same: str, beside: dict[str, tuple[g.Column, tuple[str, str, str]]], shown: dict[str, str]
    ) -> None:
        """Columns from a table ``y`` whose rows are told by ``same``: number, state and word of each, and what is shown of them."""
        made = []
        for name, (column, values) in beside.items():
            self._numbered[name] = len(self._numbered)
            self.columns[name] = column
            made += [
                f"{value} AS {title}"
                for value, title in zip(values, (self.number(name), self.state(name), self.word(name)), strict=True)
            ]
        for heading, value in shown.items():
            self.shown[heading] = f"perfdsl_v{len(self.shown)}"
            made.append(f"{value} AS {self.shown[heading]}")
        self.become(f"SELECT x.*, {', '.join(made)} FROM {self.of} x LEFT JOIN {table} y ON {same}")

    def over(self, made: OverGrid) -> None:
        """Make the view ``grid`` the statement of ``made`` looks at: the same under the names it uses."""
        shown = []
        for column in made.program.columns:
            number, state, word = (made.inputs[column.name, x] for x in ("numbers", "states", "said"))
            shown.append(f"CAST({self.number(column.name)} AS {WIDE if number in made.wide else NARROW}) AS {number}")
            shown += [f"{self.state(column.name)} AS {state}", f"{self.word(column.name)} AS {word}"]
        self.session.sql(f"SELECT *, {', '.join(shown)} FROM {self.of}").createOrReplaceTempView(GRID)


def _first(several: list[Cells], values: list[str]) -> str:
    """The value of the cells that hold anything."""
    *others, last = zip(several, values, strict=True)
    told = " ".join(f"WHEN {x.v} IS NOT NULL OR {x.t} IS NOT NULL THEN {value}" for x, value in others)
    return f"CASE {told} ELSE {last[1]} END" if told else last[1]


def _table(session: Any, cells: Cells, per: int) -> None:
    """The texts of a column and what they say."""
    import pyarrow as pa

    told: list[tuple[str, Answer]] = sorted(cells.answers.items())
    numbers = pa.array([str(int(x.number * per)) for _, x in told], pa.string()).cast(pa.decimal128(38, 0))
    tell(session, f"perfdsl_texts{cells.number}", {
        "t": pa.array([t for t, _ in told], pa.string()), "s": pa.array([x.state for _, x in told], pa.int64()),
        "n": numbers, "w": pa.array([x.word for _, x in told], pa.int64()),
    })  # fmt: skip
