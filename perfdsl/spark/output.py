"""Scores as the columns people read, the rows and cells left out with their reasons, and the sums of all, as queries."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import prod
from typing import Any, NamedTuple

from perfdsl import plan as p
from perfdsl.batch import BINS, FIRST, RowTally, Tally, headings, no_objects, places_of
from perfdsl.diagnostics import Diagnostic
from perfdsl.grid import STATUS_ZH, STATUSES
from perfdsl.scorecard import MISSING, NOT_APPLICABLE, UNJUDGED
from perfdsl.spark.cells import Cells
from perfdsl.spark.kinds import as_written
from perfdsl.spark.rows import Table
from perfdsl.spark.scan import READ
from perfdsl.spark.text import ROW, TEXT, cases, literal, quoted
from perfdsl.spark.told import tell_rows
from perfdsl.sql import TOTAL, OverGrid

FILE, LINE = "文件", "行"
REFUSED = ("文件", "行", "对象", "列", "原文", "代码", "说明", "怎么改")


class Rejected(NamedTuple):
    """What was given at a place, under a heading, and counts for nothing."""

    file: str
    row: int
    object: str
    heading: str
    text: str
    finding: Diagnostic


class Output:
    """The columns of the scores of one plan: those of ``perfdsl batch``, and where each object stood.

    ``beside`` are the columns of the statement that are shown as they are, by their headings.
    """

    def __init__(
        self, plan: p.Plan, made: OverGrid, beside: Mapping[str, str], period: str, as_of: date | None
    ) -> None:
        self.plan = plan
        self.made = made
        self.beside = beside
        self.units = made.program.units
        self.schema = no_objects(plan, period, as_of).schema
        self.place = tuple(_free(x, set(self.schema.names)) for x in (FILE, LINE))
        self.untold: set[str] = set()  # indicators with values no case gives a score to, once the sums are known

    # ---- scores

    def query(self) -> str:
        """Every object with its scores, and the file and row it stood in."""
        shown = ["id.o AS `对象`"]
        for row in self.plan.indicators:
            path = "/".join(row.path)
            shown += [
                self._points(path, path),
                self._status(path),
                f"CAST(NULLIF({self._of('case', path)}, 0) AS SMALLINT)",
            ]
        for group in self.plan.groups:
            path = "/".join(group.path)
            shown.append(self._points(path, path))
        shown += [
            self._points("总分", TOTAL),
            self._decimal("low", TOTAL, "最低可能"),
            self._decimal("high", TOTAL, "最高可能"),
        ]
        grades = [(f"{self._of('grade')} = {i}", literal(x)) for i, x in enumerate(self.made.program.grades, 1)]
        shown += [cases(grades, "''"), f"CAST({self._of('complete')} AS BOOLEAN)"]
        shown += [
            f"CASE {self._of('award', x.name)} WHEN 1 THEN TRUE WHEN 0 THEN FALSE END" for x in self.made.program.awards
        ]
        shown += [self.beside[x] for x in self.schema.names[len(shown) :]]
        named = [
            shown[0],
            *(f"{one} AS {quoted(name)}" for one, name in zip(shown[1:], self.schema.names[1:], strict=True)),
        ]
        named += [f"{one} AS {quoted(title)}" for one, title in zip((path_of("id.f"), "id.r"), self.place, strict=True)]
        return f"SELECT {', '.join(named)} FROM ({self.made.text})"

    def _of(self, kind: str, path: str = "") -> str:
        return self.made.outputs[kind, path].name

    def _points(self, path: str, key: str) -> str:
        heading = path if key == TOTAL else self._heading(path)
        return f"CASE WHEN {self._of('open', key)} = 0 THEN {self._decimal('low', key, heading)} END"

    def _heading(self, path: str) -> str:
        """The column of a row or group."""
        return f"{headings(self.plan)[path]}.得分"

    def _decimal(self, kind: str, key: str, heading: str) -> str:
        """Whole units as points."""
        name = self._of(kind, key)
        places = places_of(self.units)
        if places is None:
            return _ratio(f"CAST({name} AS DECIMAL(38,0))", self.units)
        digits = self.schema.field(heading).type.precision
        unit = str(10**places // self.units).rjust(places + 1, "0")
        by = f"{unit[:-places]}.{unit[-places:]}BD" if places else f"{unit}BD"
        room = 18 if digits == 18 else 38 - 2 * places - 2
        return f"CAST(CAST({name} AS DECIMAL({room},0)) * {by} AS DECIMAL({digits},{places}))"

    def _status(self, path: str) -> str:
        told = [
            (f"{self._of('status', path)} = {i}", literal(STATUS_ZH.get(x, x))) for i, x in enumerate(STATUSES) if x
        ]
        return cases(told, "''")

    # ---- sums

    def tally(self, session: Any, view: str, made: Table) -> Tally:
        """The sums over the scores that were written."""
        found = Tally(units=self.units, rows_read=made.rows, aside=made.aside)
        found.awards = {x.name: 0 for x in self.made.program.awards}
        self._totals(session, view, found)
        named = headings(self.plan)
        found.rows = self._rows(session, view, named)
        found.open = self._open(session, view, named)
        return found

    def _totals(self, session: Any, view: str, found: Tally) -> None:
        """Objects, totals, grades and awards: counted by what they have in common."""
        full = int((self.plan.total or 100) * self.units)
        at = (
            f"CAST(GREATEST(0, LEAST({BINS - 1}, CAST(t * {BINS} AS DECIMAL(38,0)) div {full})) AS INT)"
            if full > 0
            else "0"
        )
        awards = [f"COUNT_IF({quoted(x)}) AS a{i}" for i, x in enumerate(found.awards)]
        asked = [
            "COUNT(*) AS objects",
            "COUNT_IF(`完整`) AS complete",
            "COUNT(t) AS known",
            "SUM(t) AS sum",
            "MIN(t) AS least",
            "MAX(t) AS most",
            *awards,
        ]
        totals = f"SELECT *, {self._units('总分')} AS t FROM {view}"
        query = f"SELECT bin, grade, {', '.join(asked)} FROM (SELECT *, `等级` AS grade, {at} AS bin FROM ({totals})) GROUP BY bin, grade"
        for one in session.sql(query).collect():
            found.objects, found.complete, found.known = (
                found.objects + one.objects,
                found.complete + one.complete,
                found.known + one.known,
            )
            for i, name in enumerate(found.awards):
                found.awards[name] += one[f"a{i}"]
            if one.grade:
                found.grades[one.grade] = found.grades.get(one.grade, 0) + one.objects
            if one.known:
                found.bins[one.bin] += one.known
                found.sum += int(one.sum)
                found.least = min(x for x in (found.least, int(one.least)) if x is not None)
                found.most = max(x for x in (found.most, int(one.most)) if x is not None)

    def _rows(self, session: Any, view: str, named: dict[str, str]) -> list[RowTally]:
        """Each indicator: how many objects have which status, and what they got."""
        rows = [RowTally(path="/".join(x.path)) for x in self.plan.indicators]
        entries = [
            f"STRUCT({i} AS i, {quoted(named[x.path] + '.状态')} AS s, {self._units(named[x.path] + '.得分')} AS t, {quoted(named[x.path] + '.情形')} AS c)"
            for i, x in enumerate(rows)
        ]
        if not entries:
            return rows
        every = f"SELECT EXPLODE(ARRAY({', '.join(entries)})) AS x FROM {view}"
        asked = (
            "COUNT(*) AS many, COUNT(x.t) AS scored, SUM(x.t) AS sum, COUNT_IF(x.t IS NULL AND x.c IS NULL) AS untold"
        )
        query = f"SELECT x.i AS i, x.s AS s, {asked} FROM ({every}) GROUP BY x.i, x.s"
        said = {word: name for name, word in STATUS_ZH.items()}
        for one in session.sql(query).collect():
            row, status = rows[one.i], said[one.s]
            if status:
                row.statuses[status] = one.many
            if status != NOT_APPLICABLE:
                row.scored, row.sum = row.scored + one.scored, row.sum + int(one.sum or 0)
            if status not in (NOT_APPLICABLE, MISSING) and one.untold:
                self.untold.add(row.path)
        for row, of in zip(rows, self.plan.indicators, strict=True):
            points = (of.points or 0) * self.units
            row.lost = max(int(points * row.scored) - row.sum, 0) if not of.bonus else 0
        return rows

    def _units(self, name: str) -> str:
        """A score as whole units."""
        if places_of(self.units) is not None:
            return f"CAST({quoted(name)} * {self.units} AS DECIMAL(38,0))"
        top, bottom = (f"SPLIT_PART({quoted(name)}, '/', {i})" for i in (1, 2))
        return f"(CAST({top} AS DECIMAL(38,0)) * {self.units} div CAST(COALESCE(NULLIF({bottom}, ''), '1') AS DECIMAL(38,0)))"

    def _open(self, session: Any, view: str, named: dict[str, str]) -> list[tuple[int, str, list[str]]]:
        """The first objects without a total."""
        order = ", ".join(quoted(x) for x in self.place)
        found = session.sql(f"SELECT * FROM {view} WHERE NOT `完整` ORDER BY {order} LIMIT {FIRST}").collect()
        return [
            (i, x["对象"], [r.path[-1] for r in self.plan.indicators if self._lacks(r, x, named)])
            for i, x in enumerate(found)
        ]

    def _lacks(self, row: p.PlanIndicator, scores: Any, named: dict[str, str]) -> bool:
        """Does a row of an object lack its score, or where nothing is scored its verdict?"""
        name = named["/".join(row.path)]
        status = scores[f"{name}.状态"]
        if not self.plan.scored:
            return status in (STATUS_ZH[MISSING], STATUS_ZH[UNJUDGED])
        carries = row.points is not None or row.bonus
        return carries and status != STATUS_ZH[NOT_APPLICABLE] and scores[f"{name}.得分"] is None


def path_of(address: str) -> str:
    """The name of a file by its address, as people write it."""
    return f"URL_DECODE(REPLACE(REGEXP_REPLACE({address}, '^file:/+', '/'), '+', '%2B'))"


def _free(title: str, taken: set[str]) -> str:
    """A heading no score has."""
    while title in taken:
        title += "_"
    return title


def _ratio(name: str, units: int) -> str:
    """Whole units as a fraction in lowest terms, as text."""
    shared = []
    for prime, power in _primes(units).items():
        several = [(f"{name} % {prime**k} = 0", str(prime**k)) for k in range(power, 0, -1)]
        shared.append(cases(several, "1"))
    by = " * ".join(f"CAST({x} AS DECIMAL(12,0))" for x in shared) if prod(_primes(units)) > 1 else "1"
    top, bottom = f"CAST({name} div ({by}) AS STRING)", f"CAST({units} div ({by}) AS STRING)"
    return (
        f"CASE WHEN {name} % {units} = 0 THEN CAST({name} div {units} AS STRING) ELSE CONCAT({top}, '/', {bottom}) END"
    )


def _primes(number: int) -> dict[int, int]:
    found: dict[int, int] = {}
    at = 2
    while number > 1:
        while number % at == 0:
            found[at] = found.get(at, 0) + 1
            number //= at
        at = at + 1 if at * at <= number else max(number, at + 1)
    return found


# ---- what was left out


def refusals(session: Any, made: Table, nothing: Sequence[Rejected], lang: str) -> str | None:
    """A query of all that was left out, in the columns of the table of rejects; None where there is nothing.

    ``nothing`` was given and read, and counts for nothing.
    """
    words: list[tuple[int, str, str | None, str, str, str]] = []
    queries = []
    for i, one in enumerate(made.refused):
        words.append((-1 - i, "", None, *_said(one.finding, lang)))
        queries.append(f"SELECT f, r, o, h, t, {-1 - i} AS i, '' AS k FROM ({one.query})")
    bad = [x for x in made.cells if x.bad]
    for x in bad:
        words += [(x.number, t, as_written(x.type, t), *_said(d, lang)) for t, found in x.bad.items() for d in found]
    if bad:
        queries.append(_cells(bad))
    found = []
    if queries:
        tell_rows(
            session, "perfdsl_said", "i INT, k STRING, shown STRING, code STRING, said STRING, help STRING", words
        )
        row, text = literal(ROW), literal(TEXT)
        said = f"REPLACE(REPLACE(y.said, {row}, CAST(x.r AS STRING)), {text}, x.t)"
        shown = ("x.r", "x.o", "x.h", "COALESCE(y.shown, x.t)", "y.code", said, "y.help")
        every = " UNION ALL ".join(queries)
        found.append(f"SELECT {_named('x.f', *shown)} FROM ({every}) x JOIN perfdsl_said y ON x.i = y.i AND x.k = y.k")
    if nothing:
        schema = "f STRING, r BIGINT, o STRING, h STRING, t STRING, code STRING, said STRING, help STRING"
        tell_rows(session, "perfdsl_nothing", schema, [(*x[:-1], *_said(x.finding, lang)) for x in nothing])
        found.append(f"SELECT {_named('f', 'r', 'o', 'h', 't', 'code', 'said', 'help')} FROM perfdsl_nothing")
    return " UNION ALL ".join(found) or None


def _named(address: str, *columns: str) -> str:
    """The columns of the table of rejects."""
    return ", ".join(
        f"{one} AS {quoted(name)}" for one, name in zip((path_of(address), *columns), REFUSED, strict=True)
    )


def _cells(bad: Sequence[Cells]) -> str:
    """The cells that could not be read."""
    entries = ", ".join(
        f"STRUCT({x.number} AS i, {x.file} AS f, {x.row} AS r, {literal(x.heading)} AS h, {x.t} AS t, {x.t} AS k)"
        for x in bad
    )
    found = f"SELECT o, EXPLODE(FILTER(ARRAY({entries}), x -> x.t IS NOT NULL)) AS x FROM {READ}"
    return f"SELECT x.f AS f, x.r AS r, o, x.h AS h, x.t AS t, x.i AS i, x.k AS k FROM ({found})"


def _said(found: Diagnostic, lang: str) -> tuple[str, str, str]:
    facts = tuple((k, ROW if k == "row" else v) for k, v in found.facts)
    made = found._replace(facts=facts)
    return found.code, made.message(lang), made.help(lang)
