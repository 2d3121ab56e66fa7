"""What was given and counts for nothing, which only scoring shows: Spark says of which objects there may be something to say.

The exact engine then looks at the rows of those, here, and of no others.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl import program as g
from perfdsl.batch import KNOWN_BY, Shape, Tally, refused_of
from perfdsl.grid import STATUSES
from perfdsl.scorecard import MISSING, NOT_APPLICABLE
from perfdsl.spark.grid import Objects
from perfdsl.spark.output import Output, Rejected
from perfdsl.spark.rows import Table
from perfdsl.spark.text import every, opposite, some
from perfdsl.spark.told import tell

AT_ONCE = 50_000  # objects whose rows are fetched together


class Doubted(NamedTuple):
    """Objects there may be something to say of: where they stand, the rows of the rules in doubt, comparisons by name."""

    file: str
    row: int
    object: str
    paths: tuple[str, ...]
    known: Mapping[str, Fraction | None]


def doubts(plan: p.Plan, shown: Output, objects: Objects, sums: Tally) -> dict[str, str]:
    """For each indicator the objects of which the exact engine may have something to say, as SQL; those without any are left out."""
    reading = _Doubts(plan, shown, objects, {x.path for x in sums.rows if x.statuses.get(MISSING)})
    found = {"/".join(row.path): reading.of(row) for row in plan.indicators}
    return {path: test for path, test in found.items() if test != "FALSE"}


class _Doubts:
    """The tests of ``batch.doubts``, each of its columns being one of the statement."""

    def __init__(self, plan: p.Plan, shown: Output, objects: Objects, missing: set[str]) -> None:
        self.plan = plan
        self.missing = missing
        self.shown = shown
        self.objects = objects

    def of(self, row: p.PlanIndicator) -> str:
        """Where the marks, the review or the value of a row may be of no use."""
        path = "/".join(row.path)
        mark, override = (self.objects.among(f"{x}:{path}", g.NUMBER) for x in ("mark", "override"))
        if row.scoring is None:
            return some(mark, override)
        left, missing = (f"{self.name('status', path)} = {STATUSES.index(x)}" for x in (NOT_APPLICABLE, MISSING))
        case = self.name("case", path)
        unmarked = some(f"{self.name('open', path)} = 1", override)
        computed = [str(i) for i, x in enumerate(row.scoring.cases, 1) if not _marked(x)]
        in_computed = f"{case} IN ({', '.join(computed)})" if computed else "FALSE"
        found = [every(some(mark, override), left), every(mark, f"{case} > 0", some(in_computed, unmarked))]
        if override != "FALSE":
            found.append(every(override, opposite(self.between(f"override:{path}", row.scoring.low, row.scoring.high))))
        if not self.plan.not_applicable:
            found.append(every(left, self.objects.among(f"value:{path}", g.ABSENT)))
        if override != "FALSE" or path in self.shown.untold:
            told = every(opposite(missing), opposite(left), f"{case} = 0", unmarked)
            found.append(every(told, self.settled([x.when for x in row.scoring.cases])))
        if row.formula is not None and row.domain != c.Domain(None, None) and path in self.missing:
            found.append(every(missing, self.settled([row.formula])))
        return some(*found)

    def name(self, kind: str, path: str) -> str:
        """A result of the statement."""
        return self.shown.made.outputs[kind, path].name

    def between(self, name: str, low: Fraction, high: Fraction) -> str:
        """Is the number of a column between two?"""
        per = self.objects.columns[name].per
        return f"{self.objects.number(name)} BETWEEN {-(-low * per // 1)} AND {high * per // 1}"

    def settled(self, exprs: Sequence[c.Expr]) -> str:
        """Is nothing that is looked at in other columns missing?"""
        names = sorted(set().union(*(c.references(x) for x in exprs)))
        looked_at = [
            x for x in names if x.startswith(KNOWN_BY) and (x in self.objects.columns or not x.startswith("value:"))
        ]
        return every(*(opposite(self.objects.among(x, g.MISSING)) for x in looked_at))


def _marked(case: c.Case) -> bool:
    """Does the reviewer decide within the case?"""
    return case.high is not None or "mark" in c.references(case.award)


def doubted(session: Any, tests: Mapping[str, str], shown: Output, objects: Objects) -> list[Doubted]:
    """The objects for which a test holds, in the order of their files and rows."""
    flags = [f"{test} AS perfdsl_d{i}" for i, test in enumerate(tests.values())]
    held = [objects.of_comparison(x.name) for x in shown.plan.comparisons]
    told = [f"{x} AS perfdsl_c{i}_{j}" for i, several in enumerate(held) for j, x in enumerate(several)]
    query = f"SELECT id.f AS f, id.r AS r, id.o AS o, {', '.join([*flags, *told])} FROM ({shown.made.text})"
    where = " OR ".join(f"perfdsl_d{i}" for i in range(len(flags)))
    found = []
    for one in session.sql(f"SELECT * FROM ({query}) WHERE {where}").toArrow().to_pylist():
        known = {}
        for i, x in enumerate(shown.plan.comparisons):
            number, state, under = (one[f"perfdsl_c{i}_{j}"] for j in range(3))
            known[x.name] = Fraction(int(number), int(under)) if state == g.STATES.index(g.NUMBER) else None
        paths = tuple(path for i, path in enumerate(tests) if one[f"perfdsl_d{i}"])
        found.append(Doubted(one["f"], one["r"], one["o"], paths, known))
    return sorted(found, key=lambda x: x[:2])


def counted_for_nothing(
    session: Any, of: Sequence[Doubted], made: Table, job: tuple[p.Plan, str, date | None]
) -> Iterator[Rejected]:
    """What the exact engine says of the rows of these objects."""
    plan, period, as_of = job
    shape = Shape(plan, period, tuple(x for x, _ in made.given))
    for first in range(0, len(of), AT_ONCE):
        several = of[first : first + AT_ONCE]
        table, places = _rows(session, several, made, shape.long)
        names = [x.object for x in several]
        by_place = dict(zip(names if shape.long else [(x.file, x.row) for x in several], several, strict=True))
        keys = dict.fromkeys(table.column(0).to_pylist() if shape.long else places)
        wanted = [by_place[x] for x in keys]
        told = set()
        for owner, heading, x in refused_of(shape, table, [(y.paths, y.known) for y in wanted], as_of):
            made_of = Rejected(*places[x.row], wanted[owner].object, heading, x.text, x.finding)
            key = *made_of[:2], x.finding.code, x.finding.facts
            if key not in told:
                told.add(key)
                yield made_of


def _rows(session: Any, of: Sequence[Doubted], made: Table, long: bool) -> tuple[Any, list[tuple[str, int]]]:
    """The rows of some objects as they were given, under the headings of ``made.given``, and the file and row of each."""
    import pyarrow as pa

    told = {"f": [x.file for x in of], "r": [x.row for x in of], "o": [x.object for x in of]}
    tell(session, "perfdsl_doubted", {k: pa.array(v) for k, v in told.items()})
    same = "x.o = y.o" if long else "x.f = y.f AND x.r = y.r"
    shown = [f"x.{name} AS g{i}" for i, (_, name) in enumerate(made.given)]
    query = (
        f"SELECT x.f, x.r, {', '.join(shown)} FROM perfdsl_rows x JOIN perfdsl_doubted y ON {same} ORDER BY x.f, x.r"
    )
    found = session.sql(query).toArrow()
    places = list(zip(found.column("f").to_pylist(), found.column("r").to_pylist(), strict=True))
    return found.drop_columns(["f", "r"]).rename_columns([x for x, _ in made.given]), places
