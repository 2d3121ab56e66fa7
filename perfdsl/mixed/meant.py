"""Which cell of its project each observation means, by the names it may go by."""

from typing import TYPE_CHECKING, Any

from perfdsl import plan as p
from perfdsl.actuals import Row
from perfdsl.batch import NAMES
from perfdsl.core import Domain
from perfdsl.mixed.facts import skeleton as skeleton_of
from perfdsl.mixed.part import Plans
from perfdsl.mixed.table import Refused, Table
from perfdsl.observe import column_names, is_lost, observe
from perfdsl.quantity import fold_width
from perfdsl.text import Source, Span

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

FREE = Domain(None, None)


def meant(period: str, table: Table, part: Plans, whose: "Array", refused: list[Refused]) -> "Array":
    """The cell of the part each observation means; -1 for none."""
    import numpy as np

    known = part.names["name"].dictionary_encode()
    code_of = {name: i for i, name in enumerate(known.dictionary.to_pylist())}
    size = len(code_of) + 1
    names, codes = table.encoded("name")
    plain = [" ".join(x.split()) for x in names]
    keys = (2 * part.names["owner"] + part.names["exact"]) * size + np.asarray(known.indices)
    meant = np.full(len(codes), -1)
    for exact, called in enumerate(([fold_width(x) for x in plain], plain)):
        wanted = np.array([code_of.get(x, size - 1) for x in called], dtype=np.int64)[codes]
        asked = np.where(whose >= 0, (2 * whose + exact) * size + wanted, -1)
        found = _looked_up(keys, part.names["cell"], asked, 2 * len(part.objects) * size)
        meant = np.where(meant < 0, found, meant)
    meant = np.where(whose >= 0, meant, -1)
    found = meant >= 0
    slow: dict[tuple[int, int], int] = {}
    strays: dict[int, list[Row]] = {}
    for i in np.flatnonzero(~found & (whose >= 0)):
        key = int(whose[i]), int(codes[i])
        if part.plans["reason"][key[0]].as_py():
            continue  # its plan is read whole
        if key not in slow:
            slow[key] = looked_up(part, key[0], names[key[1]])
        meant[i] = slow[key]
        if meant[i] < 0:
            refused += of_nothing(period, table, part, int(i), key[0], strays.setdefault(key[0], []))
    return meant


def of_nothing(period: str, table: Table, part: Plans, i: int, owner: int, before: list[Row]) -> list[Refused]:
    """What is told of an observation that means no cell: nobody knows its name, or it is money of which there is no table.

    ``before`` are those of the same object that were met earlier.
    """
    name, value = table.text("name", i), table.text("value", i)
    unit = table.text("unit", i) or table.unit
    row = Row(name=name, value=value, unit=unit, span=Span(0, len(name), Source(str(i), name)))
    _, told = observe(skeleton(part, owner), [*before, row], period)
    told = [x for x in told if x.span.source.name == str(i)]
    unknown = next((x for x in told if x.code in NAMES), None)
    if unknown is not None:
        return [Refused(i, part.objects[owner], name, name, unknown, value)]
    before.append(row)
    return [Refused(i, part.objects[owner], table.heading("value"), value, x) for x in told if is_lost(x)]


def looked_up(part: Plans, owner: int, name: str) -> int:
    """The cell a name means by the rules for names in full."""
    import numpy as np

    column = column_names(skeleton(part, owner))(name)
    mine = np.flatnonzero(part.facts["owner"] == owner)
    for i in mine.tolist():
        if part.facts["key"][i].as_py() == column:
            return part.count + i
    path = column.partition(":")[2] if column.startswith("value:") else ""
    mine = np.flatnonzero(part.rows["owner"] == owner)
    return next((int(i) for i in mine if part.rows["path"][int(i)].as_py() == path), -1) if path else -1


def _looked_up(keys: "Array", values: "Array", asked: "Array", count: int) -> "Array":
    """The value of each key that is asked for, -1 where there is none; keys are below ``count``, those asked may be none."""
    import numpy as np

    if not len(keys):
        return np.full(len(asked), -1)
    if count <= 8 * len(keys) + (1 << 20):  # a place for every key there may be
        places = np.full(count + 1, -1)
        places[keys] = values
        return np.asarray(places[np.where(asked >= 0, asked, count)])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    at = np.minimum(np.searchsorted(keys, asked), max(len(keys) - 1, 0))
    return np.where(keys[at] == asked, values[order][at], -1)


def skeleton(part: Plans, owner: int) -> p.Plan:
    """The names of a plan's rows, as far as a name that nobody knows is looked for among them."""
    import numpy as np

    rows = np.flatnonzero((part.rows["owner"] == owner) & ~part.rows["ceiling"]).tolist()
    first = rows[0] if rows else 0
    paths = [tuple(part.rows["path"][i].as_py().split("/")) for i in rows]
    alias: dict[int, str] = {}
    for i in np.flatnonzero((part.names["owner"] == owner) & ~part.names["exact"]).tolist():
        row, name = int(part.names["cell"][i]) - first, part.names["name"][i].as_py()
        if name not in (fold_width(paths[row][-1]), "/".join(paths[row])):
            alias[row] = name
    made = tuple(p.PlanIndicator(path=x, alias=alias.get(i, ""), domain=FREE) for i, x in enumerate(paths))
    return skeleton_of(made, part.facts_of(owner))
