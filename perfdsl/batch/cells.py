"""One column of a table as whole numbers, words and states: what ``observe`` makes of each cell, a column at a time.

Plain numbers are taken together where the rules read them all alike (times one factor, inside the domain); every other
cell, once for each different text, goes through ``observe`` itself, which also says what is wrong with it.
"""

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from math import gcd
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from perfdsl import plan as p
from perfdsl import program as g
from perfdsl.actuals import Row
from perfdsl.batch.decimals import few_texts, inside, plain_numbers
from perfdsl.core import Domain, Value
from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.observe import is_lost, observe, row_name
from perfdsl.tables import NOT_A_SCALAR
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    import pyarrow as pa

FREE = Domain(None, None)
LONG = 1 << 62


class Read(NamedTuple):
    """What a cell says: its value (None: none), whether the row applies, and what is wrong with it."""

    value: Value
    applies: bool
    found: tuple[Diagnostic, ...]


class Reject(NamedTuple):
    """A cell that could not be read: the number of its row in the part, its words, and why."""

    row: int
    text: str
    finding: Diagnostic


@attrs.define(eq=False)
class Cells:
    """A column as read: whole numbers of ``1/per`` (long ones as Python integers), states, and words by number."""

    count: int
    per: int
    numbers: Any
    states: Any
    said: Any
    rejects: list[Reject]


class CellReader:
    """Reads the cells of one column: ``key`` is ``value:PATH``, ``input:NAME`` or ``spent:LINE``, ``field`` what of it.

    ``called`` is the name the user has for it, which messages repeat.

    Words are numbered by their place in ``words``; where the column names classes (``learns``) new ones are taken up.
    """

    def __init__(
        self,
        plan: p.Plan,
        period: str,
        key: str,
        field: str = "value",
        unit: str = "",
        words: tuple[str, ...] = (),
        called: str = "",
    ) -> None:
        self.plan = plan
        self.period = period
        self.kind, _, self.name = key.partition(":")
        self.field = field
        self.unit = unit
        self.called = called or row_name(plan, key)
        self.beside: dict[str, str] = {}  # what other fields of the same row say, where that bears on this one
        self.words = {word: i for i, word in enumerate(words)}
        self.learns = key.startswith("input:") and self.name in classes_of(plan)
        self.known: dict[str, Read] = {}

    # ---- one cell

    def cell(self, text: str) -> Read:
        """What one cell says, as ``observe`` reads it."""
        found = self.known.get(text)
        if found is None:
            found = self._asked(self.plan, text)
            if len(self.known) < 1 << 18:
                self.known[text] = found
        return found

    def _asked(self, plan: p.Plan, text: str) -> Read:
        source = Source("", text)
        given = {
            "value": "",
            "unit": self.unit if self.field in ("value", "prior") else "",
            **self.beside,
            self.field: text,
        }
        row = Row(name=self.called, span=Span(0, len(text), source), **given)  # type: ignore[arg-type]
        seen, found = observe(plan, [row], self.period)
        wrong = tuple(d for d in found if is_lost(d))
        match self.kind:
            case "input":
                return Read(seen.inputs.get(self.name), True, wrong)
            case "spent":
                return Read(seen.spent.get(self.name), True, wrong)
        entry = next(iter(seen.entries.get(self.name, ())), None)
        if entry is None:
            return Read(None, True, wrong)
        value = {"value": entry.value, "mark": entry.mark, "override": entry.override, "prior": entry.prior}[self.field]
        return Read(value, entry.applies, wrong)

    # ---- plain numbers together

    @cached_property
    def factor(self) -> Fraction | None:
        """What a plain number is multiplied by; None where plain numbers are not read alike."""
        free = attrs.evolve(
            self.plan,
            indicators=tuple(attrs.evolve(x, domain=FREE) for x in self.plan.indicators),
            inputs=tuple(attrs.evolve(x, domain=FREE) for x in self.plan.inputs),
        )
        one, three = self._asked(free, "1").value, self._asked(free, "3").value
        alike = isinstance(one, Fraction) and isinstance(three, Fraction) and one > 0 and three == 3 * one
        return one if alike and isinstance(one, Fraction) else None

    @cached_property
    def domain(self) -> Domain:
        """The values a number may have."""
        if self.field != "value":
            return FREE
        for row in self.plan.indicators:
            if self.kind == "value" and "/".join(row.path) == self.name:
                return row.domain
        return next((x.domain for x in self.plan.inputs if self.kind == "input" and x.name == self.name), FREE)

    def numbers(self, tops: Any, per: int) -> tuple[Any, int, Any]:
        """Plain numbers of ``1/per`` in base units: tops, their per, and where they may be taken so."""
        import numpy as np

        factor = self.factor
        if factor is None:
            return tops, per, np.zeros(len(tops), dtype=bool)
        shared = gcd(per, factor.numerator)
        by, new_per = factor.numerator // shared, per // shared * factor.denominator
        most = LONG // max(by, new_per, per, 1)
        if factor >= 1000:  # a number as large as its unit may have been written without it: the reader says so
            most = min(most, int(factor * per) - 1)
        good = inside(tops, -most, most)
        made = tops if good.all() else tops * good
        made = made * by if by != 1 else made
        domain = self.domain
        low = None if domain.low is None else _up(domain.low * new_per)
        high = None if domain.high is None else int(domain.high * new_per // 1)
        good &= inside(made, low, high)
        if domain.whole:
            step = domain.step * new_per
            good &= made * step.denominator % step.numerator == 0 if abs(step.numerator) < LONG else False
        return made, new_per, good

    # ---- a column

    def column(self, array: "pa.ChunkedArray | pa.Array") -> Cells:
        """All cells of a column."""
        import pyarrow as pa

        if isinstance(array, pa.ChunkedArray):
            array = array.combine_chunks()
        array = few_texts(array)
        return self._spread(array) if pa.types.is_dictionary(array.type) else self._each(array)

    def _spread(self, array: "pa.DictionaryArray") -> Cells:
        """A column that says the same few things again and again: each once, then all cells by its number."""
        import numpy as np
        import pyarrow as pa

        indices = array.indices.cast(pa.int64())
        codes = np.asarray(indices.fill_null(-1) if indices.null_count else indices)
        used = np.flatnonzero(np.bincount(codes + 1, minlength=len(array.dictionary) + 1)[1:])
        numbered = np.full(len(array.dictionary) + 1, -1, dtype=np.int64)  # the last one is what -1 points to
        numbered[used] = np.arange(len(used))
        at = numbered[codes]
        each = self._each(array.dictionary.take(pa.array(used)))

        def spread(values: Any, none: int) -> Any:
            every = np.append(values, none).astype(values.dtype)
            return np.full(len(at), none, dtype=values.dtype) if (values == none).all() else every[at]

        rejects = [x._replace(row=int(row)) for x in each.rejects for row in np.flatnonzero(at == x.row)]
        numbers, states, said = spread(each.numbers, 0), spread(each.states, 0), spread(each.said, -1)
        return Cells(len(at), each.per, numbers, states, said, rejects)

    def _each(self, array: "pa.Array") -> Cells:
        """Cell by cell."""
        import numpy as np

        count = len(array)
        tops, per, plain = plain_numbers(array)
        made, new_per, good = self.numbers(tops, per)
        good &= plain
        numbers = made if good.all() else made * good
        states = good.astype(np.uint8) * np.uint8(g.STATES.index(g.NUMBER))
        said = np.full(count, -1, dtype=np.int32)
        rest = np.flatnonzero(~good & filled(array))
        cells = Cells(count, new_per, numbers, states, said, [])
        if len(rest):
            self._rest(cells, array, rest)
        return cells

    def _rest(self, cells: Cells, array: "pa.Array", rest: Any) -> None:
        """The cells that are not plain numbers, once for each different text."""
        import numpy as np
        import pyarrow as pa

        told = texts(array.take(pa.array(rest)))
        encoded = pa.array(told, pa.string()).dictionary_encode()
        codes = np.asarray(encoded.indices)
        order = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[order], np.arange(len(encoded.dictionary) + 1))
        fractions: list[tuple[Any, Fraction]] = []
        for code, text in enumerate(encoded.dictionary.to_pylist()):
            read = self.cell(text)
            places = rest[order[starts[code] : starts[code + 1]]]
            if not read.applies:
                cells.states[places] = g.STATES.index(g.ABSENT)
            elif isinstance(read.value, Fraction):
                cells.states[places] = g.STATES.index(g.NUMBER)
                fractions.append((places, read.value))
            elif isinstance(read.value, str):
                cells.states[places] = g.STATES.index(g.WORD)
                if self.learns:
                    self.words.setdefault(read.value, len(self.words))
                cells.said[places] = self.words.get(read.value, -1)
            for one in read.found:
                cells.rejects += [Reject(int(x), text, one) for x in places]
        self._scaled(cells, fractions)

    @staticmethod
    def _scaled(cells: Cells, fractions: list[tuple[Any, Fraction]]) -> None:
        """Put numbers of other denominators beside the plain ones."""
        import numpy as np

        per = cells.per
        for _, value in fractions:
            per = per * value.denominator // gcd(per, value.denominator)
        by = per // cells.per
        most = max((abs(int(x * per)) for _, x in fractions), default=0)
        most = max(most, by * int(max(-cells.numbers.min(), cells.numbers.max(), 0)) if len(cells.numbers) else 0)
        if max(most, by) >= LONG:
            cells.numbers = cells.numbers.astype(object)
        cells.numbers = cells.numbers * by if by > 1 else cells.numbers
        for places, value in fractions:
            cells.numbers[places] = int(value * per)
        cells.per = per
        assert cells.numbers.dtype in (np.dtype(object), np.dtype(np.int64))


def one_value(column: Any, header: str, lines: Sequence[Any]) -> tuple[Any, list[tuple[int, str, Diagnostic]]]:
    """A column without its lists and records, and each of those as refused: its row, its words, why; ``lines`` number the rows."""
    import pyarrow as pa

    if not pa.types.is_nested(column.type):
        return column, []
    found = []
    for row, value in enumerate(column.to_pylist()):
        if value is not None:
            text = json.dumps(value, ensure_ascii=False, default=str)
            place = Span(0, len(text), Source("", text))
            found.append((row, text, finding(NOT_A_SCALAR, place, line=lines[row], key=header)))
    return pa.nulls(len(column), pa.string()), found


def usual(column: Any) -> Any:
    """A column of a type that everything can be done with: a view as what it views, runs as their cells, single precision as
    the shortest decimals that say it (99.9, as it is shown everywhere, not 99.9000015258789); lists and records stay what they are.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind) and (
        _usual_type(kind.value_type) is not None or pa.types.is_float32(kind.value_type)
    ):
        return usual(column.cast(kind.value_type))
    if pa.types.is_run_end_encoded(kind):
        return usual(pc.run_end_decode(column))
    if pa.types.is_float32(kind):
        double = column.cast(pa.float64())
        return pc.if_else(pc.equal(double, pc.trunc(double)), double, column.cast(pa.string()).cast(pa.float64()))
    wanted = _usual_type(kind)
    return column if wanted is None else column.cast(wanted)


def _usual_type(kind: "pa.DataType") -> "pa.DataType | None":
    import pyarrow as pa

    return {"string_view": pa.string(), "large_string": pa.string(), "binary_view": pa.binary()}.get(str(kind))


def texts(array: "pa.Array | list[object]") -> list[str]:
    """Cells, or values of a database, as they would be written: numbers plainly, days as 2024-06-30."""
    from datetime import date, datetime
    from decimal import Decimal

    import pyarrow as pa
    import pyarrow.compute as pc

    def text(value: object) -> str:
        match value:
            case None:
                return ""
            case float():
                return format(Decimal(f"{value:.15g}"), "f")
            case Decimal():
                return format(value, "f")
            case datetime() if not (value.hour or value.minute or value.second):
                return value.date().isoformat()
            case date():
                return value.isoformat()
            case bool():
                return "是" if value else "否"
            case bytes():
                return value.decode("utf-8", "replace")
        return str(value)

    if isinstance(array, list):
        return [text(x) for x in array]
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        told: list[str] = (pc.fill_null(array, "") if array.null_count else array).to_pylist()
        return told
    return [text(x) for x in array.to_pylist()]


def text_column(column: Any) -> Any:
    """A column as the texts of its cells, "" where there is nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = pc.fill_null(column, "") if column.null_count else column
        return column if pa.types.is_string(column.type) else column.cast(pa.string())
    if pa.types.is_dictionary(column.type):
        return text_column(column.cast(column.type.value_type))
    if pa.types.is_integer(column.type):
        return pc.fill_null(column.cast(pa.string()), "")
    return pa.array(texts(column), pa.string())


def coded(column: Any) -> tuple[list[str], Any]:
    """The different texts of a column in the order in which they come, and the number of each cell's."""
    import numpy as np
    import pyarrow as pa

    made = text_column(column)
    if isinstance(made, pa.ChunkedArray):
        made = made.combine_chunks()
    found = made.dictionary_encode()
    words: list[str] = found.dictionary.to_pylist()
    return words, np.asarray(found.indices)


def filled(array: "pa.Array | pa.ChunkedArray") -> Any:
    """Where a cell holds anything."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    there = pc.is_valid(array)
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        there = pc.and_(there, pc.not_equal(pc.utf8_trim_whitespace(pc.fill_null(array, "")), ""))
    return np.asarray(there)


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def classes_of(plan: p.Plan) -> frozenset[str]:
    """The inputs that part objects into classes: those with a list of words, and those comparisons ask for."""
    return frozenset([*(x.name for x in plan.inputs if x.words), *(x.within for x in plan.comparisons if x.within)])


def words_of(plan: p.Plan) -> tuple[str, ...]:
    """Every word the expressions of a plan compare with."""
    from perfdsl.core import Const, Expr, children

    def strings(expr: Expr) -> Iterator[str]:
        stack = [expr]
        while stack:
            top = stack.pop()
            if isinstance(top, Const) and isinstance(top.value, str):
                yield top.value
            stack.extend(children(top))

    found: dict[str, None] = {}
    for row in plan.indicators:
        exprs = [row.formula, row.applies]
        exprs += [x for case in (row.scoring.cases if row.scoring else ()) for x in (case.when, case.award, case.high)]
        exprs += [
            x
            for t in row.targets
            for x in (t.judge.met, t.judge.completion, t.judge.gap, t.judge.excess, t.judge.target)
        ]
        found |= dict.fromkeys(word for x in exprs if x is not None for word in strings(x))
    others = [x for row in plan.groups for x in (row.applies, row.factor.value if row.factor else None)]
    others += [*(x.condition for x in plan.ceilings), *(x.condition for x in plan.awards)]
    found |= dict.fromkeys(word for x in others if x is not None for word in strings(x))
    return tuple(sorted(found))
