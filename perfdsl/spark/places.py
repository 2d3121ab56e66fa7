"""The places of objects among all: Spark counts what they bring to a comparison, here it is put in order, and goes back to each.

Of every class only the different values come here, each with the number of objects that have it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from perfdsl import plan as p
from perfdsl import program as g
from perfdsl.batch import Brought, as_columns, crowd, place_columns, places
from perfdsl.core import Comparison
from perfdsl.integers import PART, SURE, VALUE, Compared, layers, to_compared
from perfdsl.spark.cells import CHANGED
from perfdsl.spark.findings import NOT_BY_SPARK, halt
from perfdsl.spark.grid import NARROW, WIDE, Objects
from perfdsl.spark.told import tell
from perfdsl.sql import OverGrid, over_grid

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

MOST = 1_000_000
NOBODY = -1
KEYS = "clhpsm"  # the class, the limits, is it open, does it take part for sure, what it is measured by


class Brings(NamedTuple):
    """What objects bring to comparisons of one thing within one class, as SQL by KEYS, and how its numbers are meant."""

    of: str
    within: str
    keys: tuple[str, ...]
    meant: Compared


def put_in_places(objects: Objects, plan: p.Plan, period: str, as_of: date | None) -> None:
    """Work out all comparisons of ``plan``, each a column of ``objects`` after that; raises ``NotCovered``, ``DoesNotFit``, ``Halt``."""
    for number, layer in enumerate(layers(plan)):
        wanted = tuple(dict.fromkeys(x.of for x in layer if x.of))
        meant: dict[str, Compared] = {}
        made: OverGrid | None = None
        if wanted:
            asked = to_compared(plan, objects.columns.values(), wanted, period, as_of)
            made = over_grid(asked.program, "spark", objects.names)
            objects.over(made)
            meant = {x.of: x for x in asked.compared}
        several = _brought(objects, layer, meant, made)
        found = _counted(objects, several, [x.word for x in layer])
        for i, (one, counted) in enumerate(zip(several, found, strict=True)):
            mine = [x for x in layer if (x.of, x.within) == (one.of, one.within)]
            _placed(objects, plan, (f"{number}_{i}", one, mine), counted)


def _brought(
    objects: Objects, layer: Sequence[Comparison], meant: Mapping[str, Compared], made: OverGrid | None
) -> list[Brings]:
    """What all objects bring, beside their columns."""
    shown, several = [], []
    for i, (of, within) in enumerate(dict.fromkeys((x.of, x.within) for x in layer)):
        compared = meant.get(of) or Compared(of, 1, None)
        low, high, is_open, part, measure = _limits(compared, made)
        values = (_class(objects, within), low, high, is_open, part, measure)
        types = (NARROW, WIDE, WIDE, NARROW, NARROW, WIDE)
        named = [f"perfdsl_by{i}_{key}" for key in KEYS]
        shown += [f"CAST({x} AS {y}) AS {z}" for x, y, z in zip(values, types, named, strict=True)]
        several.append(Brings(of, within, tuple(named), compared))
    of_all = f"({made.text})" if made is not None else objects.of
    query = f"SELECT {', '.join(['id', *objects.names, *shown])} FROM {of_all}"
    objects.become(query)
    return several


def _class(objects: Objects, within: str) -> str:
    """The number of the class an object is in, where classes are asked for."""
    column = f"input:{within}"
    test = objects.among(column, g.WORD) if within else ""
    match test:
        case "":
            return "0"
        case "FALSE":
            return f"{NOBODY}"
    return f"IF({test}, {objects.word(column)}, {NOBODY})"


def _limits(one: Compared, made: OverGrid | None) -> tuple[str, str, str, str, str]:
    """The limits of what an object brings, whether it is open, whether it takes part, its measure."""
    if made is None or not one.of:
        return "0", "0", "0", str(SURE), "0"
    low, high, is_open = (made.outputs[x, f"{VALUE}{one.of}"].name for x in ("low", "high", "open"))
    part, measure = (made.outputs[x, f"{PART}{one.of}"].name for x in ("low", "high"))
    if one.missing is not None:  # what an open one can be, its domain says
        low, high = f"IF({is_open} = 1, 0, {low})", low if one.per else high
        high = f"IF({is_open} = 1, {int(not one.per)}, {high})"
    return low, high, is_open, part, measure


def _counted(objects: Objects, several: Sequence[Brings], words: Sequence[str]) -> "list[tuple[list[Array], Array]]":
    """For each of them everything brought once, by KEYS, and how many objects bring it."""
    import numpy as np

    entries = ", ".join(
        f"STRUCT({i} AS i, {', '.join(f'{x} AS {key}' for key, x in zip(KEYS, one.keys, strict=True))})"
        for i, one in enumerate(several)
    )
    every = f"SELECT EXPLODE(ARRAY({entries})) AS x FROM {objects.of}"
    shown = ", ".join(f"x.{key} AS {key}" for key in KEYS)
    grouped = ", ".join(f"x.{key}" for key in KEYS)
    query = f"SELECT x.i AS i, {shown}, COUNT(*) AS n FROM ({every}) GROUP BY x.i, {grouped} LIMIT {MOST + 1}"
    table = objects.session.sql(query).toArrow()
    if table.num_rows > MOST:
        raise halt(NOT_BY_SPARK, rows="、".join(words), reason=f"要比的不同数值多于 {MOST} 个")
    arrays = {key: whole(table.column(key)) for key in (*KEYS, "n")}
    number = np.asarray(table.column("i").combine_chunks())
    found = []
    for i in range(len(several)):
        mine = number == i
        found.append(([arrays[key][mine] for key in KEYS], arrays["n"][mine]))
    return found


def whole(column: Any) -> "Array":
    """Whole numbers of Spark: of 64 bits, or as long as they are."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    column = column.combine_chunks()
    if not pa.types.is_decimal(column.type):
        return np.asarray(column).astype(np.int64)
    most = pc.max(pc.abs(column)).as_py() if len(column) else 0
    if most < 1 << 62:
        return np.asarray(column.cast(pa.int64()))
    return np.array([int(x) for x in column.to_pylist()], dtype=object)


def _placed(
    objects: Objects,
    plan: p.Plan,
    of: tuple[str, Brings, Sequence[Comparison]],
    counted: "tuple[list[Array], Array]",
) -> None:
    """The comparisons of one thing within one class, beside all objects."""
    import numpy as np

    name, one, comparisons = of
    (group, low, high, is_open, part, measure), counts = counted
    brought = Brought(low, high, one.meant.per, is_open.astype(bool), part.astype(np.uint8), measure)
    among = crowd([brought], one.meant.missing, counts)
    keyed = zip(KEYS, (group, low, high, is_open, part, measure), strict=True)
    told: dict[str, Any] = {key: _column(x) for key, x in keyed}
    beside: dict[str, tuple[g.Column, tuple[str, str, str]]] = {}
    shown: dict[str, str] = {}
    for x in comparisons:
        made = as_columns(x.name, places(among, group, x))
        for title, (column, strip) in made.items():
            i = len(beside)
            always = np.full(len(counts), g.STATES.index(g.NUMBER))
            told[f"n{i}"], told[f"k{i}"] = (
                _column(strip.numbers),
                _column(always if strip.states is None else strip.states),
            )
            state = f"CASE WHEN y.k{i} IS NULL THEN {CHANGED} ELSE y.k{i} END"
            beside[title] = column, (f"COALESCE(y.n{i}, 0)", state, f"{NOBODY}")
        for word, values in place_columns(plan, {title: strip for title, (_, strip) in made.items()}).items():
            shown[word] = f"y.v{len(shown)}"
            told[f"v{len(shown) - 1}"] = values
    tell(objects.session, f"perfdsl_places{name}", told)
    same = " AND ".join(f"x.{mine} = y.{key}" for key, mine in zip(KEYS, one.keys, strict=True))
    objects.join(f"perfdsl_places{name}", same, beside, shown)


def _column(array: "Array | None") -> Any:
    """Whole numbers as Spark takes them."""
    import numpy as np
    import pyarrow as pa

    assert array is not None  # a place has numbers
    if array.dtype == object:
        return pa.array([str(x) for x in array], pa.string()).cast(pa.decimal128(38, 0))
    return pa.array(array.astype(np.int64))
