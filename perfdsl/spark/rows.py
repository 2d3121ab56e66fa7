"""The rows that are scored: one an object, with the cells of each column of the program; and those left out, with the reason."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from perfdsl import plan as p
from perfdsl.actuals import Row
from perfdsl.batch import OBJECT, CellReader, Shape, Use
from perfdsl.diagnostics import ERROR, Diagnostic, finding, shorten, stated
from perfdsl.keywords import PERIOD_WORDS
from perfdsl.observe import UNKNOWN_PERIOD, observe
from perfdsl.spark.cells import Cells
from perfdsl.spark.findings import NOT_READ_BY_SPARK, halt
from perfdsl.spark.kinds import Kind, as_written, kind_of
from perfdsl.spark.source import Raw, cell_text, object_of
from perfdsl.spark.text import ROW, TEXT, among, literal, trimmed
from perfdsl.spark.told import tell_rows
from perfdsl.tables import NO_NAME, NO_OBJECT, Column
from perfdsl.text import Source, Span

READ = ("value", "mark", "override", "prior")
TITLES = {"value": "实际值", "prior": "上年值", "mark": "评分", "override": "复核分"}  # as all long tables are read
MOST_NAMES = 20_000
MOST_TYPED = 1_000


class Refusal(NamedTuple):
    """Rows left out: a query of ``f``, ``r``, ``o``, ``h`` (the column), ``t`` (the words) and the finding."""

    query: str
    finding: Diagnostic


class Table(NamedTuple):
    """One row an object (``f``, ``r``, ``o``, ``x0`` …), what the cells are, the rows left out, and how many were read.

    ``given`` are the headings of the table with the columns of the view ``perfdsl_rows`` that hold what stands below them.
    """

    query: str
    cells: list[Cells]
    refused: list[Refusal]
    rows: int
    aside: int
    given: tuple[tuple[str, str], ...]


def table(session: Any, made: Raw, plan: p.Plan, period: str) -> Table:
    """The rows of ``made`` by object."""
    reader = _Rows(session, made, plan, period)
    reader.prepare()
    return reader.long() if not made.head.wide else reader.wide()


class _Rows:
    def __init__(self, session: Any, made: Raw, plan: p.Plan, period: str) -> None:
        self.session = session
        self.raw = made
        self.plan = plan
        self.period = period
        self.head = made.head
        self.fields = {c.field: c for c in made.head.columns if c.field and not c.target}
        self.values = [c for c in made.head.columns if c.target and c.field in READ]
        self.refused: list[Refusal] = []
        self.aside = 0
        self.count = 0

    # ---- rows that are none

    def prepare(self) -> None:
        """Views ``perfdsl_rows`` (of the period, with an object) and, of long tables, with a name."""
        wide = self.head.wide
        shown = ["f", "r", f"{object_of(self.head, self.raw.types)} AS o"]
        told = [
            f"NULLIF({trimmed(cell_text(self.raw.types[c.place], f'c{c.place}'))}, '')"
            for c in (self.values if wide else self._of("value", "unit", *READ[1:]))
        ]
        shown.append(
            f"COALESCE({', '.join(told)}) AS told" if len(told) > 1 else f"{told[0] if told else 'NULL'} AS told"
        )
        if not wide:
            shown += [f"{self._trimmed('name')} AS n", f"{self._unit()} AS u"]
        if "period" in self.fields:
            shown.append(f"{self._trimmed('period')} AS p")
        used = [c.place for c in (self.values if wide else self._of(*READ))]
        shown += [f"c{at}" for at in used]
        every = f"SELECT {', '.join(shown)} FROM ({self.raw.query}){self._no_header()}"
        self.session.sql(every).createOrReplaceTempView("perfdsl_every")
        kept = self._periods() if "period" in self.fields else []
        named = [*kept, "o <> ''", *([] if wide else ["n <> ''"])]
        self.session.sql(f"SELECT * FROM perfdsl_every WHERE {' AND '.join(named)}").createOrReplaceTempView(
            "perfdsl_rows"
        )
        self._nameless(kept)

    def _of(self, *fields: str) -> list[Column]:
        return [self.fields[x] for x in fields if x in self.fields]

    def _trimmed(self, field: str) -> str:
        column = self.fields.get(field)
        return "''" if column is None else trimmed(cell_text(self.raw.types[column.place], f"c{column.place}"))

    def _unit(self) -> str:
        """The unit of a row, or that in the heading of the values."""
        own = self._trimmed("unit")
        unit = self.fields["value"].unit if "value" in self.fields else ""
        if not unit:
            return own
        return f"CASE WHEN {self._trimmed('value')} <> '' AND {own} = '' THEN {literal(unit)} ELSE {own} END"

    def _no_header(self) -> str:
        """A header that stands again among the rows is none of them."""
        shown = [c for c in self.head.columns if c.target or c.field in ("object", "name", "unit", *READ)]
        if any(self.raw.types[c.place] != "string" for c in shown) or not shown:
            return ""
        same = " AND ".join(
            f"{trimmed(cell_text('string', f'c{c.place}'))} = {literal(c.header.strip())}" for c in shown
        )
        return f" WHERE NOT ({same})"

    def _periods(self) -> list[str]:
        """Only the rows of the period; how many are of others."""
        found = self.session.sql(
            f"SELECT p, COUNT(*) AS many FROM perfdsl_every GROUP BY p LIMIT {MOST_NAMES}"
        ).collect()
        mine = ["", *(x.p for x in found if PERIOD_WORDS.get(x.p) == self.period)]
        header = self.fields["period"].header
        for one in found:
            if one.p in mine:
                continue
            if one.p in PERIOD_WORDS:
                self.aside += one.many
                continue
            said = finding(UNKNOWN_PERIOD, _place(one.p), text=one.p, row=ROW)
            query = f"SELECT f, r, o, {literal(header)} AS h, p AS t FROM perfdsl_every WHERE p = {literal(one.p)}"
            self.refused.append(Refusal(query, said))
        return [among("p", mine)]

    def _nameless(self, kept: Sequence[str]) -> None:
        """Rows that say something of no object or no indicator; blank ones say nothing."""
        long = not self.head.wide
        no_object = "o = '' AND " + ("(told IS NOT NULL OR n <> '')" if long else "told IS NOT NULL")
        no_name = "o <> '' AND n = '' AND told IS NOT NULL"
        tests = [(no_object, NO_OBJECT, OBJECT), *([(no_name, NO_NAME, "指标")] if long else [])]
        where = " AND ".join(kept) or "TRUE"
        counts = ", ".join(f"COUNT_IF({where} AND {test}) AS n{i}" for i, (test, *_) in enumerate(tests))
        blank = f"COUNT_IF({where} AND o <> ''{' AND n <> ' + chr(39) * 2 if long else ''}) AS kept"
        one = self.session.sql(f"SELECT {counts}, {blank} FROM perfdsl_every").collect()[0]
        self.count = one.kept
        text = "COALESCE(told, n)" if long else "told"
        for i, (test, kind, title) in enumerate(tests):
            if one[f"n{i}"]:
                said = stated(kind, _place(TEXT), {"text": TEXT, "sheet": "", "row": ROW, "column": ""})
                query = (
                    f"SELECT f, r, o, {literal(title)} AS h, {text} AS t FROM perfdsl_every WHERE {where} AND {test}"
                )
                self.refused.append(Refusal(query, said))

    # ---- wide

    def wide(self) -> Table:
        """A row is an object."""
        units = [c.header for c in self.head.columns if c.target and c.field == "unit"]
        if units:
            raise halt(NOT_READ_BY_SPARK, reason=f"“{shorten(units[0])}”一列给每一格写了单位；请把单位写在表头里")
        by_title = {c.header: c for c in self.values}
        titles = [OBJECT, *by_title]
        shape = self._shape(titles)
        keys = [(x.key, x.field) for x in shape.uses]
        again = next((titles[x.place] for n, x in enumerate(shape.uses) if keys.index((x.key, x.field)) < n), None)
        if again is not None:
            raise halt(NOT_READ_BY_SPARK, reason=f"“{shorten(again)}”与前面一列说的是同一行")
        cells: list[Cells] = []
        for use in shape.uses:
            column = by_title[titles[use.place]]
            kind, _, path = use.key.partition(":")
            if use.field not in READ or (kind != "value" and use.field != "value"):
                continue
            name = use.key if use.field == "value" else f"{use.field}:{path}"
            beside = {x.field: by_title[titles[x.place]] for x in shape.uses if x.key == use.key}
            for expr, reader in self._readings(shape, use, column, beside):
                cells.append(Cells(len(cells), name, column.header, expr, *self._kind(column), reader))
        shown = ["f", "r", "o", *(f"{x.expr} AS {x.x}" for x in cells)]
        given = ((OBJECT, "o"), *((title, f"c{c.place}") for title, c in by_title.items()))
        query = f"SELECT {', '.join(shown)} FROM perfdsl_rows"
        return Table(query, cells, self.refused, self.count, self.aside, given)

    def _kind(self, column: Column) -> tuple[str, Kind]:
        """The type of a column, and how its cells are read."""
        type_name = self.raw.types[column.place]
        known = kind_of(type_name)
        assert known is not None  # types are looked at when the table is opened
        return type_name, known

    def _readings(
        self, shape: Shape, use: Use, column: Column, beside: Mapping[str, Column], row: str = ""
    ) -> list[tuple[str, CellReader]]:
        """The cells of a column and who reads them: some are read by what stands beside them in their row."""

        def cell(of: Column) -> str:
            return f"{row}c{of.place}"

        def text(of: Column) -> str:
            return cell_text(self._kind(of)[0], cell(of))

        plain = shape.reader(use.key, use.field, use.unit)
        path = use.key.partition(":")[2]
        if use.field == "value" and use.key.startswith("value:") and path in shape.grown and "prior" in beside:
            with_prior = CellReader(self.plan, self.period, use.key, use.field, use.unit, shape.words)
            with_prior.words, with_prior.beside = plain.words, {"prior": "1"}
            there = f"{text(beside['prior'])} <> ''"
            return [
                (f"CASE WHEN {there} THEN {cell(column)} END", with_prior),
                (f"CASE WHEN NOT {there} THEN {cell(column)} END", plain),
            ]
        if use.field != "value" and use.key in shape.computed and "value" in beside:
            typed = self._typed(shape, use.key, f"c{beside['value'].place}", self._kind(beside["value"])[0])
            there = f"{text(beside['value'])} IN ({', '.join(map(literal, typed))})" if typed else "FALSE"
            return [(f"CASE WHEN NOT {there} THEN {cell(column)} END", plain)]
        return [(cell(column), plain)]

    def _typed(self, shape: Shape, key: str, cell: str, type_name: str) -> list[str]:
        """What was typed where a formula computes the value: refused, with all that stands beside it."""
        value = cell_text(type_name, cell)
        named = "" if self.head.wide else f" AND n IN ({', '.join(map(literal, self._called(shape, key)))})"
        query = f"SELECT DISTINCT {value} AS t FROM perfdsl_rows WHERE {value} <> ''{named} LIMIT {MOST_TYPED + 1}"
        found = [x.t for x in self.session.sql(query).collect()]
        if len(found) > MOST_TYPED:
            name = key.partition(":")[2]
            raise halt(NOT_READ_BY_SPARK, reason=f"“{name}”由算式算出，却填了多于 {MOST_TYPED} 种完成值")
        reader = shape.reader(key, "value", "")
        return sorted(x for x in found if reader.cell(as_written(type_name, x)).found)

    def _called(self, shape: Shape, key: str) -> list[str]:
        """The names in a long table that mean a column."""
        return [
            x.n for x in self.session.sql("SELECT DISTINCT n FROM perfdsl_names").collect() if shape.names(x.n) == key
        ]

    def _shape(self, titles: Sequence[str]) -> Shape:
        return Shape(self.plan, self.period, tuple(titles))

    # ---- long

    def long(self) -> Table:
        """The rows of an object come together, each column's first; the others are refused."""
        columns = self._of(*READ)
        shape = self._shape([OBJECT, "指标", "实际值"])
        pairs = self.session.sql(f"SELECT DISTINCT n, u FROM perfdsl_rows LIMIT {MOST_NAMES + 1}").collect()
        if len(pairs) > MOST_NAMES:
            raise halt(
                NOT_READ_BY_SPARK, reason=f"指标名称和单位的写法多于 {MOST_NAMES} 种，例如“{shorten(pairs[0].n)}”"
            )
        keys: dict[str, int] = {}
        uses: list[tuple[str, str, int, int]] = []
        for n, u in sorted((x.n, x.u) for x in pairs):
            key = shape.names(n)
            number = keys.setdefault(key, len(keys)) if key else -1
            uses.append((n, u, number, len(uses)))
        tell_rows(self.session, "perfdsl_names", "n STRING, u STRING, k INT, q INT", uses)
        self._strange(sorted({n for n, _, k, _ in uses if k < 0}))
        several = ", ".join(f"c{c.place}" for c in columns)
        joined = f"SELECT /*+ BROADCAST(y) */ x.o, x.f, x.r, y.k, y.q{', ' if several else ''}{several} FROM perfdsl_rows x JOIN perfdsl_names y ON x.n = y.n AND x.u = y.u"
        entry = f"STRUCT(k, f, r, q{', ' if several else ''}{several})"
        grouped = f"SELECT o, MIN(STRUCT(f, r)) AS place, ARRAY_SORT(COLLECT_LIST(CASE WHEN k >= 0 THEN {entry} END)) AS cells FROM ({joined}) GROUP BY o"
        self.session.sql(grouped).createOrReplaceTempView("perfdsl_objects")
        self._twice(keys)
        firsts = "FILTER(cells, (x, i) -> i = 0 OR x.k <> GET(cells, i - 1).k)"
        mapped = (
            f"SELECT o, place, MAP_FROM_ENTRIES(TRANSFORM({firsts}, x -> STRUCT(x.k, x))) AS m FROM perfdsl_objects"
        )
        found = [f"TRY_ELEMENT_AT(m, {k}) AS e{k}" for k in keys.values()]
        spread = f"SELECT o, place.f AS f, place.r AS r{''.join(', ' + x for x in found)} FROM ({mapped})"
        cells = self._spread(shape, keys, uses)
        shown = [
            "f",
            "r",
            "o",
            *(f"e{k}.f AS f{k}" for k in keys.values()),
            *(f"e{k}.r AS r{k}" for k in keys.values()),
        ]
        shown += [f"{x.expr} AS {x.x}" for x in cells]
        given = ((OBJECT, "o"), ("指标", "n"), ("单位", "u"), *((TITLES[c.field], f"c{c.place}") for c in columns))
        query = f"SELECT {', '.join(shown)} FROM ({spread})"
        return Table(query, cells, self.refused, self.count, self.aside, given)

    def _spread(self, shape: Shape, keys: dict[str, int], uses: list[tuple[str, str, int, int]]) -> list[Cells]:
        """The cells of each key, by the unit they are in."""
        cells: list[Cells] = []
        beside = {x.field: x for x in self._of(*READ)}
        for key, k in keys.items():
            kind, _, path = key.partition(":")
            units: dict[str, list[int]] = {}
            for _, u, number, q in uses:
                if number == k:
                    units.setdefault(u, []).append(q)
            for column in self._of(*READ):
                field = column.field
                if kind != "value" and field != "value":
                    continue
                name = key if field == "value" else f"{field}:{path}"
                for unit, several in units.items():
                    mine = f"e{k}.q IN ({', '.join(map(str, several))})"
                    use = Use(column.place, key, field, unit, "")
                    for cell, reader in self._readings(shape, use, column, beside, f"e{k}."):
                        expr = cell if len(units) == 1 else f"CASE WHEN {mine} THEN {cell} END"
                        made = Cells(len(cells), name, TITLES[field], expr, *self._kind(column), reader)
                        made.file, made.row = f"f{k}", f"r{k}"
                        cells.append(made)
        return cells

    def _strange(self, names: Sequence[str]) -> None:
        """Observations whose indicator the plan does not have."""
        for name in names:
            row = Row(name=name, value="", span=Span(0, len(name), Source("", name)))
            said = observe(self.plan, [row], self.period)[1][0]
            query = f"SELECT f, r, o, n AS h, n AS t FROM perfdsl_rows WHERE n = {literal(name)}"
            self.refused.append(Refusal(query, said))

    def _twice(self, keys: dict[str, int]) -> None:
        """A second value of the same object and indicator."""
        column = self.fields.get("value")
        text = cell_text(self.raw.types[column.place], f"x.c{column.place}") if column is not None else "''"
        again = "FILTER(cells, (x, i) -> i > 0 AND x.k = GET(cells, i - 1).k)"
        rows = f"SELECT o, EXPLODE({again}) AS x FROM perfdsl_objects"
        found = self.session.sql(f"SELECT x.k AS k, COUNT(*) AS many FROM ({rows}) GROUP BY x.k").collect()
        by_number = {k: key for key, k in keys.items()}
        for one in found:
            name = by_number[one.k].partition(":")[2]
            same = Row(name=name, value="", span=Span(0, 0, Source("", "")))
            said = [d for d in observe(self.plan, [same, same], self.period)[1] if d.severity == ERROR][-1]
            query = f"SELECT x.f AS f, x.r AS r, o, {literal(TITLES['value'])} AS h, {text} AS t FROM ({rows}) WHERE x.k = {one.k}"
            self.refused.append(Refusal(query, said))


def _place(text: str) -> Span:
    return Span(0, len(text), Source("", text))
