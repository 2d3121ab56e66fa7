"""The common workload: thirty indicators in four groups, their rules, and objects of chance, the same for every contender.

All numbers are whole: points in hundredths of a point, values and targets in hundredths of the unit in the heading.  A
ministry's table holds words and decimal(18, 2), so the Parquet file does: one row an object, one column an indicator.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, np.dtype[Any]]

WORD, AT_LEAST, AT_MOST, BANDS, STEPS, LINE = "word", "at least", "at most", "bands", "steps", "line"
MET, OTHER = "健全", "不健全"
STATUSES = ("", "达标", "超额", "未达标", "缺完成值", "不适用", "未判定")
REACHED, EXCEEDED, MISSED, MISSING, UNJUDGED = 1, 2, 3, 4, 6
GRADES = (("优", 9000), ("良", 8000), ("中", 6000), ("差", 0))  # from so many hundredths of a point
OBJECT, SCORE, STATUS, CASE, TOTAL, LOW, HIGH, GRADE, COMPLETE = (
    "对象",
    "得分",
    "状态",
    "情形",
    "总分",
    "最低可能",
    "最高可能",
    "等级",
    "完整",
)
LEAST, MOST, MISSING_SHARE, EDGE_SHARE = 3000, 13000, 0.01, 0.1
ROWS_A_GROUP, ROWS_AT_ONCE, SEED = 122_880, 100_000, 6


class Indicator(NamedTuple):
    """One row of the rules: ``points`` and ``target`` in hundredths; more than ``ample`` (less, where less is better) exceeds."""

    name: str
    group: str
    kind: str
    points: int
    target: int = 0
    unit: str = ""

    @property
    def heading(self) -> str:
        """Of the column in the table of actuals."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name

    @property
    def ample(self) -> int:
        """Three tenths beyond the target (targets are such that it is whole)."""
        return self.target * (7 if self.kind == AT_MOST else 13) // 10


def _indicators() -> Iterator[Indicator]:
    for i in range(12):
        yield Indicator(f"制度{i + 1}", "管理", WORD, 300)
    for i, target in enumerate((9600, 8000, 9500, 10000, 9000, 7250)):
        yield Indicator(f"办结率{i + 1}", "产出", AT_LEAST, 400, target, "%" if i < 3 else "件")
    for i, target in enumerate((9000, 8000)):
        yield Indicator(f"及时率{i + 1}", "产出", STEPS, 300, target, "%")
    for i, target in enumerate((8000, 7500, 6400, 5000)):
        yield Indicator(f"成本{i + 1}", "成本", AT_MOST, 400, target, "万元")
    for i, target in enumerate((9000, 9500, 8500, 9200)):
        yield Indicator(f"满意度{i + 1}", "效益", BANDS, 300, target, "%")
    for i, target in enumerate((9000, 10000)):
        yield Indicator(f"达产率{i + 1}", "效益", LINE, 300, target, "%")


INDICATORS = tuple(_indicators())
GROUPS = {name: tuple(x for x in INDICATORS if x.group == name) for name in ("管理", "产出", "成本", "效益")}
POINTS = sum(x.points for x in INDICATORS)
WRITTEN = {
    WORD: '{ "健全" -> 100%  otherwise -> 0 }',
    AT_LEAST: "比例得分",
    AT_MOST: "比例得分",
    BANDS: "{ met -> 100%  actual >= 80% -> 80%  actual >= 60% -> 50%  otherwise -> 0 }",
    STEPS: "扣分",
    LINE: "{ met -> 100%  completion > 60% -> interpolate(completion, 60%: 0%, 100%: 100%)  otherwise -> 0 }",
}


def hundredths(value: int) -> str:
    """A number as it is written."""
    return f"{value // 100}.{value % 100:02}".rstrip("0").rstrip(".")


def rules() -> str:
    """The ``.perf`` text."""
    lines = ["use 财预2020_10号", "", 'project "共同测速" {', f"  total {hundredths(POINTS)}", "  grades {"]
    lines += [f"    {name} >= {hundredths(least)}" for name, least in GRADES[:-1]] + [
        f"    otherwise {GRADES[-1][0]}",
        "  }",
    ]
    for group, rows in GROUPS.items():
        lines.append(f"  {group} points {hundredths(sum(x.points for x in rows))} {{")
        for x in rows:
            sign = "≤" if x.kind == AT_MOST else "≥"
            target = MET if x.kind == WORD else f"{sign}{hundredths(x.target)}{x.unit}"
            lines.append(f'    {x.name} full "{target}" points {hundredths(x.points)} by {WRITTEN[x.kind]}')
        lines.append("  }")
    return "\n".join([*lines, "}", ""])


# ---- one object, by the definition: what is drawn towards edges below, and what every contender is checked against in part


def score(row: Indicator, value: int) -> int:
    """Of a value that is there, rounded half up."""
    t, p = row.target, row.points
    match row.kind:
        case "at least":
            return p if value >= t else (2 * p * value + t) // (2 * t)
        case "at most":
            return p if value <= t else (2 * p * t + value) // (2 * value)
        case "bands":
            return p if value >= t else p * 4 // 5 if value >= 8000 else p // 2 if value >= 6000 else 0
        case "steps":
            return p if value >= t else max(0, p - 50 * ((t - value) // 100))
        case "line":
            return p if value >= t else (2 * p * (10 * value - 6 * t) + 4 * t) // (8 * t) if 10 * value > 6 * t else 0
    raise AssertionError(row.kind)


def edges(row: Indicator) -> list[int]:
    """Values at which the score changes by more than rounding or stands at exactly half a hundredth, and their neighbours."""
    t, p = row.target, row.points
    found = {t, row.ample, 6000, 8000, t * 6 // 10}
    for a in range(LEAST, MOST + 1):
        top, bottom = {AT_LEAST: (p * a, t), AT_MOST: (p * t, a), LINE: (p * (10 * a - 6 * t), 4 * t)}.get(
            row.kind, (0, 1)
        )
        if 2 * top % bottom == 0 and 2 * top // bottom % 2:
            found.add(a)
    return sorted({x + d for x in found for d in (-1, 0, 1)})


def drawn(row: Indicator, chance: "np.random.Generator", count: int) -> "Array":
    """Values of one indicator: hundredths, or 1 and 0 for met or not; -1 is missing."""
    import numpy as np

    if row.kind == WORD:
        values = (chance.random(count) < 0.8).astype(np.int64)
    else:
        pool = np.array(edges(row), dtype=np.int64)
        values = chance.integers(LEAST, MOST + 1, count)
        values = np.where(chance.random(count) < EDGE_SHARE, pool[chance.integers(0, len(pool), count)], values)
    return np.where(chance.random(count) < MISSING_SHARE, -1, values)


def table(count: int) -> "pa.Table":
    """The actuals of so many objects, always the same; drawn 100,000 at a time."""
    import pyarrow as pa

    return pa.concat_tables(_piece(first, min(ROWS_AT_ONCE, count - first)) for first in range(0, count, ROWS_AT_ONCE))


def _piece(first: int, count: int) -> "pa.Table":
    import numpy as np
    import pyarrow as pa

    chance = np.random.default_rng([SEED, first])
    columns: dict[str, Any] = {OBJECT: pa.array([f"项目{i + 1:07}" for i in range(first, first + count)], pa.string())}
    for row in INDICATORS:
        values = drawn(row, chance, count)
        there = values >= 0
        if row.kind == WORD:
            columns[row.heading] = pa.array(
                np.array([OTHER, MET], dtype=object)[values * there], pa.string(), mask=~there
            )
        else:
            columns[row.heading] = decimals(values, there)
    return pa.table(columns)


def decimals(values: "Array", there: "Array | None") -> "pa.Array":
    """Hundredths as decimal(18, 2), without a copy of more than the bits."""
    import numpy as np
    import pyarrow as pa

    wide = np.zeros((len(values), 2), dtype=np.int64)
    wide[:, 0] = values
    wide[:, 1] = wide[:, 0] >> 63
    bits = None if there is None else pa.array(there).buffers()[1]
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(values), [bits, pa.py_buffer(wide)])


def whole(column: "pa.ChunkedArray") -> "Array":
    """A column of the table as in ``drawn``."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    there = np.asarray(pc.is_valid(array))
    if pa.types.is_decimal(array.type):
        low = np.frombuffer(array.buffers()[1], dtype=np.int64)[2 * array.offset : 2 * (array.offset + len(array)) : 2]
        return np.where(there, low, -1)
    return np.where(there, np.asarray(pc.fill_null(pc.equal(array, MET), False)), -1).astype(np.int64)


def write(count: int, folder: Path) -> Path:
    """The Parquet file, as Spark or DuckDB would write it: decimals of 18 digits in 64 bits, Snappy."""
    from pyarrow import parquet

    path = folder / f"actuals-{count}.parquet"
    if not path.exists():
        parquet.write_table(
            table(count), path, row_group_size=ROWS_A_GROUP, compression="snappy", store_decimal_as_integer=True
        )
    return path


if __name__ == "__main__":
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "共同.perf").write_text(rules(), encoding="utf-8")
    print(write(int(sys.argv[1]), folder))
