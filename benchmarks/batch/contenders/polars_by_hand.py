"""Polars, lazy expressions by hand: whole numbers, null for missing."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import workload as w

from . import Data

if TYPE_CHECKING:
    import polars as pl

    from . import Results

NAME, NEEDS, MOST = "Polars", ("polars",), 10**8


class Own(NamedTuple):
    """A frame and what is asked of it."""

    frame: "pl.DataFrame"
    results: "list[list[pl.Expr]]"


def row_results(row: w.Indicator) -> "tuple[pl.Expr, pl.Expr, pl.Expr]":
    """Score, status and case; null (missing) stays null in score and case."""
    import polars as pl

    small = pl.UInt8

    def cents(x: pl.Expr) -> pl.Expr:
        """Of numbers known to fit; the check of a usual cast costs as much as the division."""
        return x.cast(pl.Int32, wrap_numerical=True)

    a, t, p = pl.col(row.name), row.target, row.points
    if row.kind == w.WORD:
        status = pl.when(a).then(pl.lit(w.REACHED, small)).otherwise(pl.lit(w.UNJUDGED, small))
        case = 2 - a.cast(small)
        return a.cast(pl.Int32) * p, pl.when(a.is_null()).then(pl.lit(w.MISSING, small)).otherwise(status), case
    less = row.kind == w.AT_MOST
    met = a <= t if less else a >= t
    ample = a < row.ample if less else a > row.ample
    status = pl.lit(w.MISSED, small) - met.cast(small) * 2 + ample.cast(small)
    match row.kind:
        case w.AT_LEAST:
            rest = (cents(a.clip(upper_bound=t)) * (2 * p) + t) // (2 * t)
        case w.AT_MOST:
            rest = (2 * p * t + a.clip(lower_bound=t)) // (2 * a.clip(lower_bound=t))  # never by zero
        case w.STEPS:
            rest = (p - (t - a) // 100 * 50).clip(lower_bound=0)
        case w.LINE:
            rest = (2 * p * (10 * a - 6 * t) + 4 * t) // (8 * t)
    case = 2 - met.cast(small)
    if row.kind == w.BANDS:
        first, second = a >= 8000, a >= 6000
        score = (
            pl.when(met).then(p).when(first).then(p * 4 // 5).when(second).then(p // 2).when(a.is_not_null()).then(0)
        )
        case = 4 - met.cast(small) - first.cast(small) - second.cast(small)
        return cents(score), status.fill_null(w.MISSING), case
    score = rest if row.kind in (w.AT_LEAST, w.AT_MOST) else pl.when(met).then(p).otherwise(rest)
    if row.kind == w.LINE:
        above = 10 * a > 6 * t
        score = pl.when(above).then(score).when(a.is_not_null()).then(0)
        case = 3 - met.cast(small) - above.cast(small)
    return cents(score), status.fill_null(w.MISSING), case


def steps() -> "list[list[pl.Expr]]":
    """Rows, then groups, then the total, then what stands above it: each a layer that sees those before it."""
    import polars as pl

    rows = []
    for x in w.INDICATORS:
        score, status, case = row_results(x)
        rows += [score.alias(f"score:{x.name}"), status.alias(f"status:{x.name}"), case.alias(f"case:{x.name}")]
    groups = []
    for name, found in w.GROUPS.items():
        groups.append(pl.sum_horizontal(pl.col(f"score:{x.name}").fill_null(0) for x in found).alias(f"low:{name}"))
        groups.append(
            pl.sum_horizontal(pl.col(f"score:{x.name}").fill_null(x.points) for x in found).alias(f"high:{name}")
        )
    total = [pl.sum_horizontal(pl.col(f"{end}:{x}") for x in w.GROUPS).alias(end) for end in ("low", "high")]
    complete = pl.all_horizontal(pl.col(f"score:{x.name}").is_not_null() for x in w.INDICATORS)
    low = pl.col("low")
    grade = pl.lit(len(w.GRADES), pl.UInt8)
    for _, least in w.GRADES[:-1]:
        grade = grade - (low >= least).cast(pl.UInt8)
    known = pl.when(pl.col("complete")).then(grade).otherwise(pl.lit(0, pl.UInt8)).alias("grade")
    return [rows, groups, [*total, complete.alias("complete")], [known]]


def loaded(data: Data, threads: int) -> Own:
    """Values as Int64, met or not as Boolean."""
    import polars as pl

    columns: dict[str, Any] = {}
    for x in w.INDICATORS:
        values = data.values[x.name]
        made = pl.Series(x.name, values)
        made = pl.select(pl.when(made >= 0).then(made)).to_series()
        columns[x.name] = made.cast(pl.Boolean) if x.kind == w.WORD else made
    return Own(pl.DataFrame(columns), steps())


def score(own: Own) -> "pl.DataFrame":
    """Every object."""
    lazy = own.frame.lazy()
    for layer in own.results:
        lazy = lazy.with_columns(layer)
    return lazy.select(x.meta.output_name() for layer in own.results for x in layer).collect()


def results(made: "pl.DataFrame") -> "Results":
    """Nulls as -1 in scores, 0 in cases."""
    import polars as pl

    return {
        x.name: x.fill_null(-1 if x.name.startswith("score") else 0).cast(pl.Int64).to_numpy()
        for x in made.iter_columns()
    }


def from_file(source: Path, target: Path, threads: int) -> None:
    """Streaming; decimals are taken for the whole numbers they are inside, and given back so."""
    import polars as pl

    asked = [
        (pl.col(x.name) == w.MET) if x.kind == w.WORD else pl.col(x.heading).to_physical().cast(pl.Int64).alias(x.name)
        for x in w.INDICATORS
    ]
    lazy = pl.scan_parquet(source).select(w.OBJECT, *asked)
    for layer in steps():
        lazy = lazy.with_columns(layer)
    named = {"status": pl.Enum(w.STATUSES), "grade": pl.Enum(["", *(name for name, _ in w.GRADES)])}

    def points(x: pl.Expr) -> pl.Expr:
        return x.cast(pl.Int128).reinterpret(dtype=pl.Decimal(18, 2))

    made = [pl.col(w.OBJECT)]
    for x in w.INDICATORS:
        made.append(points(pl.col(f"score:{x.name}")).alias(f"{x.name}.{w.SCORE}"))
        made.append(pl.col(f"status:{x.name}").cat.to(named["status"]).alias(f"{x.name}.{w.STATUS}"))
        made.append(pl.col(f"case:{x.name}").cast(pl.Int16).alias(f"{x.name}.{w.CASE}"))
    low, high = pl.col("low"), pl.col("high")
    for name in w.GROUPS:
        ends = pl.col(f"low:{name}"), pl.col(f"high:{name}")
        made.append(points(pl.when(ends[0] == ends[1]).then(ends[0])).alias(f"{name}.{w.SCORE}"))
    made.append(points(pl.when("complete").then(low)).alias(w.TOTAL))
    made += [points(low).alias(w.LOW), points(high).alias(w.HIGH)]
    made += [pl.col("grade").cat.to(named["grade"]).alias(w.GRADE), pl.col("complete").alias(w.COMPLETE)]
    lazy.select(made).sink_parquet(target, compression="snappy")
