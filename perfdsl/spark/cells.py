"""Where the values of a column come from, and the SQL that reads their cells: plain numbers in Spark, other texts by what was told."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, gcd
from typing import NamedTuple

import attrs

from perfdsl import program as g
from perfdsl.batch import CellReader
from perfdsl.diagnostics import Diagnostic, stated
from perfdsl.spark.kinds import Kind, as_written, whole
from perfdsl.spark.text import ROW, cases, literal
from perfdsl.tables import ERROR_CELL, ERROR_CELLS
from perfdsl.text import Source, Span

FINE = 10**6
FEW = 48  # so many texts are written into the statement; more are joined as a table
LONG = 1 << 62
CHANGED = "RAISE_ERROR('perfdsl: the data have changed')"


class Answer(NamedTuple):
    """What a text says: its state, its number, its word."""

    state: int
    number: Fraction
    word: int


@attrs.define(eq=False)
class Cells:
    """One column of texts or numbers that gives values of the column ``name`` of the program.

    ``expr`` is its SQL, ``type`` its type in Spark; ``file`` and ``row`` are where a cell stands.  After the first look at
    the data ``low`` and ``high`` are the limits of its plain numbers, ``places`` their decimals, ``answers`` what its
    other texts say.
    """

    number: int
    name: str
    heading: str
    expr: str
    type: str
    kind: Kind
    reader: CellReader
    file: str = "f"
    row: str = "r"
    low: Fraction | None = None
    high: Fraction | None = None
    places: int = 0
    answers: dict[str, Answer] = attrs.Factory(dict)
    bad: dict[str, tuple[Diagnostic, ...]] = attrs.Factory(dict)

    @property
    def x(self) -> str:
        """The cell as it is."""
        return f"x{self.number}"

    @property
    def v(self) -> str:
        """The plain number in it, or NULL."""
        return f"v{self.number}"

    @property
    def t(self) -> str:
        """The text in it that is none, or NULL."""
        return f"t{self.number}"

    @property
    def numeric(self) -> bool:
        """May there be plain numbers in it?"""
        return self.reader.factor is not None and self.kind.whole != "{v}"

    # ---- SQL

    def plain(self) -> str:
        """The plain number, where the rules read plain numbers alike and this one is inside the domain."""
        if not self.numeric:
            return "CAST(NULL AS BIGINT)"
        made = self.kind.plain.replace("{x}", self.x)
        tests = self._limits(made)
        return f"CASE WHEN {' AND '.join(tests)} THEN {made} END" if tests else made

    def _limits(self, value: str) -> list[str]:
        factor, domain = self.reader.factor, self.reader.domain
        assert factor is not None  # else no number is plain
        low = None if domain.low is None else Fraction(ceil(domain.low / factor * FINE), FINE)
        high = None if domain.high is None else Fraction(floor(domain.high / factor * FINE), FINE)
        found = []
        value = f"({value})"
        if factor >= 1000:  # a number as large as its unit may have been written without it: the reader says so
            found.append(f"ABS({value}) < {_decimal(factor)}")
        if low is not None:
            found.append(f"{value} >= {_decimal(low)}")
        if high is not None:
            found.append(f"{value} <= {_decimal(high)}")
        if domain.whole:
            step = domain.step / factor
            fits = step == 1
            found.append(f"{value} = FLOOR({value})" if fits else "FALSE")
        return found

    def text(self) -> str:
        """The text of a cell that is no plain number."""
        made = self.kind.text.replace("{x}", self.x)
        return f"CASE WHEN {self.v} IS NULL AND {self.kind.filled.replace('{x}', self.x)} THEN {made} END"

    def needed_places(self) -> str:
        """How many decimals the plain number needs."""
        return self.kind.places.replace("{v}", self.v)

    # ---- what was found

    def told(self, text: str) -> None:
        """Read one text as ``observe`` reads it."""
        written = as_written(self.type, text)
        if self.type == "string" and written.strip().upper() in ERROR_CELLS:
            facts = {"header": self.heading, "text": written.strip(), "sheet": "", "row": ROW, "column": ""}
            place = Span(0, len(written), Source("", written))
            self.answers[text], self.bad[text] = Answer(0, Fraction(0), -1), (stated(ERROR_CELL, place, facts),)
            return
        read = self.reader.cell(written)
        if not read.applies:
            made = Answer(g.STATES.index(g.ABSENT), Fraction(0), -1)
        elif isinstance(read.value, Fraction):
            made = Answer(g.STATES.index(g.NUMBER), read.value, -1)
        elif isinstance(read.value, str):
            made = Answer(g.STATES.index(g.WORD), Fraction(0), self._word(read.value))
        else:
            made = Answer(g.STATES.index(g.MISSING), Fraction(0), -1)
        self.answers[text] = made
        if read.found:
            self.bad[text] = read.found

    def _word(self, word: str) -> int:
        if self.reader.learns:
            self.reader.words.setdefault(word, len(self.reader.words))
        return self.reader.words.get(word, -1)

    @cached_property
    def scale(self) -> tuple[int, int]:
        """Plain numbers of ``10**-places`` in base units: times the first, of ``1/`` the second."""
        factor = self.reader.factor or Fraction(1)
        size = 10**self.places * factor.denominator
        shared = gcd(size, factor.numerator)
        return factor.numerator // shared, size // shared

    @property
    def per(self) -> int:
        """The least parts its numbers are whole numbers of."""
        made = self.scale[1] if self.low is not None else 1
        for x in self.answers.values():
            made = made * x.number.denominator // gcd(made, x.number.denominator)
        return made

    def ends(self) -> tuple[Fraction, Fraction]:
        """Between what its numbers lie, in base units."""
        factor = self.reader.factor or Fraction(1)
        found = [x.number for x in self.answers.values()]
        found += [x * factor for x in (self.low, self.high) if x is not None]
        return min(found, default=Fraction(0)), max(found, default=Fraction(0))

    def states(self) -> frozenset[str]:
        """What it holds."""
        found = {g.STATES[x.state] for x in self.answers.values()} | {g.MISSING}
        return frozenset(found | ({g.NUMBER} if self.low is not None else set()))

    # ---- as whole numbers, states and words

    @property
    def joined(self) -> bool:
        """Are its texts so many that they come as a table?"""
        return len(self.answers) > FEW

    def whole(self, per: int, type_name: str) -> str:
        """The number as a whole number of ``1/per``, 0 where there is none."""
        numbers = {t: int(x.number * per) for t, x in self.answers.items() if x.number}
        told = self._told(numbers, "0", f"CAST(a{self.number}.n AS {type_name})")
        if self.low is None:
            return f"CAST({told} AS {type_name})"
        by = self.scale[0] * (per // self.scale[1])
        made = whole(self.kind, self.v, self.places, type_name) + (f" * CAST({by} AS {type_name})" if by > 1 else "")
        return f"CAST(CASE WHEN {self.v} IS NOT NULL THEN {made} ELSE {told} END AS {type_name})"

    def state(self) -> str:
        """The number of its state."""
        told = self._told({t: x.state for t, x in self.answers.items()}, CHANGED, f"a{self.number}.s")
        # what lies outside what was seen at the first look would break the limits all types were chosen by
        tests = [(f"{self.v} IS NULL AND {self.t} IS NULL", "0")]
        if self.low is not None and self.high is not None:
            tests.insert(0, (f"{self.v} BETWEEN {self._edge(self.low)} AND {self._edge(self.high)}", "1"))
        tests.append((f"{self.v} IS NOT NULL", CHANGED))
        return f"CAST({cases(tests, told)} AS BIGINT)"

    def _edge(self, value: Fraction) -> str:
        return f"{float(value)!r}D" if self.type in ("double", "float") else _decimal(value)

    def word(self) -> str:
        """The number of its word."""
        told = self._told({t: x.word for t, x in self.answers.items() if x.word >= 0}, "-1", f"a{self.number}.w")
        return f"CAST({told} AS BIGINT)"

    def _told(self, answers: Mapping[str, int], other: str, by_table: str) -> str:
        if self.joined:
            return f"CASE WHEN {self.t} IS NULL THEN 0 ELSE COALESCE({by_table}, {CHANGED}) END"
        same: dict[int, list[str]] = {}
        for text, value in answers.items():
            same.setdefault(value, []).append(literal(text))
        return cases(((f"{self.t} IN ({', '.join(ts)})", str(value)) for value, ts in same.items()), other)


def _decimal(value: Fraction) -> str:
    """A number of at most six decimals."""
    whole_part = abs(value.numerator) * FINE // value.denominator
    digits = str(whole_part).rjust(7, "0")
    return ("-" if value < 0 else "") + f"{digits[:-6]}.{digits[-6:]}BD"
