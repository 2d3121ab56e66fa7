"""A program as one statement over a grid, for engines that speak SQL, and its results as scores."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import attrs

from perfdsl import program as g
from perfdsl.grid import STATUSES, RowScores, Scores, SumScores
from perfdsl.sql.expressions import Held
from perfdsl.sql.script import TOTAL, Script, written
from perfdsl.sql.sources import type_of


class Result(NamedTuple):
    """A column of results; ``wide`` ones are digits in text, since no array holds them."""

    name: str
    wide: bool


@attrs.frozen(eq=False)
class OverGrid:
    """A statement over a relation ``grid``: what its columns are called, and those of the results.

    ``inputs`` are by column of the program and aspect (numbers, states, said), the numbers in ``wide`` being longer than 64
    bits; ``outputs`` by kind (low, high, open, case, status, complete, grade, award) and path.  The first result is ``id``.
    """

    program: g.Program
    text: str
    inputs: dict[tuple[str, str], str]
    outputs: dict[tuple[str, str], Result]
    wide: frozenset[str]

    def scores(self, found: Mapping[str, Any]) -> Scores:
        """The results, an array a column with ``id`` among them, as scores in the order of ``id``."""
        import numpy as np

        order = np.ma.getdata(found["id"])
        straight = bool((order[:-1] < order[1:]).all())
        places = None if straight else np.argsort(order)

        def get(kind: str, path: str = "") -> Any:
            result = self.outputs[kind, path]
            array = np.ma.getdata(found[result.name])
            if result.wide:
                array = np.array([int(x) for x in array], dtype=object)
            array = array.astype(np.bool_) if kind in ("open", "complete") else array
            return array if places is None else array[places]

        def summed(path: str) -> SumScores:
            return SumScores(get("low", path), get("high", path), get("open", path))

        rows = [path for kind, path in self.outputs if kind == "case"]
        groups = [path for kind, path in self.outputs if kind == "high" and path not in ("", TOTAL)]
        return Scores(
            units=self.program.units, count=len(order),
            rows={x: RowScores(get("low", x), get("open", x), get("case", x), get("status", x)) for x in rows},
            groups={x: summed(x) for x in groups}, total=summed(TOTAL), complete=get("complete"), grade=get("grade"),
            grades=self.program.grades, statuses=STATUSES, awards={x.name: get("award", x.name) for x in self.program.awards},
        )  # fmt: skip


def over_grid(program: g.Program, dialect: str, kept: Sequence[str] = ()) -> OverGrid:
    """The statement of ``program`` over whole numbers, states and numbers of words; raises ``DoesNotFit``.

    ``kept`` are further columns of ``grid``, which come through beside the results.
    """
    script = written(program, dialect, None)
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
    shown = [_shown(script, kind, path, held) for (kind, path), held in found.items()]
    lines = ["id", *kept, *(f"{one} AS r{i}" for i, one in enumerate(shown))]
    wide = {script.start.inputs[x.name, "numbers"] for x in program.columns if type_of(x, script.dialect) is not narrow}
    return OverGrid(program, script.layers.text(lines, []), script.start.inputs, outputs, frozenset(wide))


def _shown(script: Script, kind: str, path: str, held: Held) -> str:
    """A result in the smallest type it fits: digits in text where no array holds it."""
    dialect = script.dialect
    if held.kind is not dialect.narrow:
        return f"CAST({held.name} AS {dialect.text})"
    if dialect.small is None:
        return held.name
    if kind not in ("low", "high"):
        return f"CAST({held.name} AS {dialect.small[0]})"
    total = script.program.total
    expr = (total.low if kind == "low" else total.high) if path == TOTAL else g.Cell(f"{kind}:{path}")
    return f"CAST({held.name} AS {dialect.small[1]})" if script.room.size(expr) < 1 << 31 else held.name
