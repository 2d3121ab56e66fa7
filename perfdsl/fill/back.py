"""A filled sheet against what was asked: other rules, another period, rows that are gone or new, words and numbers that do not fit.

Nothing is corrected: a value stays as it was typed, and what was not typed stays missing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import attrs

from perfdsl import plan as p
from perfdsl.actuals import HEADINGS, TARGET, Filled, Row, Table
from perfdsl.blank import BlankRow
from perfdsl.diagnostics import ERROR, WARNING, Diagnostic, Kind, closest, stated
from perfdsl.fill.cells import (
    FAR_DAY,
    NO_SUCH_DAY,
    NOT_A_DATE,
    NOT_A_NUMBER,
    OUT_OF_LIMITS,
    SMALL_SHARE,
    WRONG_WORD,
    Asked,
    fold,
    misfits,
)
from perfdsl.fill.rules import Rules
from perfdsl.keywords import PERIOD_WORDS
from perfdsl.observe import HALF_ENTRY
from perfdsl.text import Span

TYPED = ("value", "mark", "override", "prior", "times", "explanation", "evidence")
OF_A_CELL = (WRONG_WORD, NOT_A_NUMBER, NOT_A_DATE, NO_SUCH_DAY, FAR_DAY, OUT_OF_LIMITS, SMALL_SHARE)
REPEATS = frozenset(
    {"A106", "A107", "A108", "A109", "T124", "T129", "T131", "T139"}
)  # what says a second time that a value is none


def read_back(table: Table, rules: Rules) -> tuple[Table, list[Diagnostic]]:
    """The table without its unused spare rows, and what does not fit; a table that is no filled sheet as it is.

    ``rules`` are all the sheet may be about; one plan stands for any object.
    """
    if table.filled is None:
        return table, []
    reader = _Reader(table, table.filled, rules)
    rows = tuple(reader.rows())
    return attrs.evolve(table, rows=rows), reader.found


class _Reader:
    def __init__(self, table: Table, filled: Filled, rules: Rules) -> None:
        self.table = table
        self.filled = filled
        self.columns = dict(filled.columns)
        self.found: list[Diagnostic] = []
        self.period = PERIOD_WORDS.get(filled.period, "")
        named = {row.object for row in table.rows}
        mine = [plan for plan in rules.plans if plan.object in named]
        self.single = len(rules.plans) == 1 and not mine
        self.plans: Sequence[p.Plan] = rules.plans if self.single else mine
        self.rules = rules
        self.years = {plan.object: plan.year for plan in self.plans}
        self.other = False

    def rows(self) -> Iterator[Row]:
        """The rows that say something, or stand for one that says nothing; everything wrong is noted."""
        self.whole()
        asked: dict[tuple[str, str], list[BlankRow]] = {}
        for one in self.rules.rows(self.plans, self.period or "full"):
            asked.setdefault((self.who(one.object), fold(one.name)), []).append(one)
        count = Counter((self.who(row.object), fold(row.name)) for row in self.table.rows)
        used = {self.key(row) for row in self.table.rows if _says(row, asked.get(self.key(row), []))}
        valued = {self.key(row) for row in self.table.rows if row.value.strip()}
        seen: Counter[tuple[str, str]] = Counter()
        for row in self.table.rows:
            key = self.key(row)
            seen[key] += 1
            wanted = asked.get(key)
            if wanted is None:
                self.extra(row, asked)
                yield row
                continue
            spare = wanted[0].sort in ("entry", "unit") and not _says(row, wanted)
            if spare and (key in used or seen[key] < count[key]):
                continue
            if (
                wanted[0].sort == "entry"
                and key in valued
                and not (row.value.strip() or row.mark.strip())
                and _half(row, wanted)
            ):
                self.report(
                    HALF_ENTRY, row.span, name=row.name, item=row.item.strip() or "…", **self.at(row.span.line, "value")
                )
            self.printed(row, wanted[0])
            yield self.cells(row, wanted)
        gone = [rows[0] for key, rows in asked.items() if key not in count and rows[0].ask("value") is not None]
        if gone:
            self.report(ROWS_GONE, self.filled.span, count=len(gone), names="、".join(row.name for row in gone[:8]))

    def who(self, name: str) -> str:
        """The object a row is about; any one where there is one rule for all."""
        return "" if self.single else name

    def key(self, row: Row) -> tuple[str, str]:
        return self.who(row.object), fold(row.name)

    # ---- the whole sheet

    def whole(self) -> None:
        """Is it for these rules, for a period there is, and in its own form?"""
        if not self.period:
            self.report(UNKNOWN_PERIOD, self.filled.span, text=self.filled.period)
        if self.plans and self.filled.digest not in (
            ours := self.rules.digest(self.plans),
            self.rules.digest(self.rules.plans),
        ):
            self.other = True
            self.report(OTHER_RULES, self.filled.span, theirs=self.filled.digest, ours=ours)
        for line in self.filled.merged:
            start = self.filled.span.source.line_starts[line - 1]
            self.report(MERGED, Span(start, start, self.filled.span.source), **self.at(line, "value"))

    # ---- rows and cells

    def extra(self, row: Row, asked: dict[tuple[str, str], list[BlankRow]]) -> None:
        """A row that was not on the sheet: renamed, or added."""
        if not self.plans:
            return  # an object the rules do not know is said elsewhere
        near = closest(row.name, (rows[0].name for rows in asked.values()))
        self.report(
            EXTRA_ROW_NEAR if near else EXTRA_ROW, row.span, name=row.name, near=near, **self.at(row.span.line, "指标")
        )

    def cells(self, row: Row, wanted: Sequence[BlankRow]) -> Row:
        """The row without values that cannot be meant."""
        first = wanted[0]
        asks = [ask for one in wanted if (ask := one.ask("value")) is not None]
        if (
            asks
            and row.value.strip()
            and self.wrong(row, "value", row.value, Asked(asks, first.target, first.goal, self.years.get(first.object)))
        ):
            row = attrs.evolve(row, value="")
        prior = first.ask("prior")
        if prior is not None and row.prior.strip() and self.wrong(row, "prior", row.prior, Asked([prior])):
            row = attrs.evolve(row, prior="")
        return row

    def wrong(self, row: Row, column: str, text: str, asked: Asked) -> bool:
        """Report what does not fit in a cell; must its value not be used?"""
        found = list(misfits(text, row.unit, asked))
        for kind, facts in found:
            self.report(kind, row.span, name=row.name, text=text.strip(), **facts, **self.at(row.span.line, column))
        return any(kind.severity == ERROR for kind, _ in found)

    def printed(self, row: Row, asked: BlankRow) -> None:
        """Target and unit were printed; changing them there changes no rule."""
        if self.other:
            return
        target, unit = dict(row.extras).get(TARGET, "").strip(), row.unit.strip()
        for kind, was, now in ((PRINTED_CHANGED, asked.target, target), (UNIT_CHANGED, asked.unit, unit)):
            if was and now and fold(was) != fold(now):
                column = TARGET if kind is PRINTED_CHANGED else "unit"
                self.report(
                    kind, row.span, name=row.name, column=column, was=was, now=now, **self.at(row.span.line, column)
                )

    def at(self, line: int, column: str) -> dict[str, str]:
        """The sheet and the cell in words."""
        letter = self.columns.get(column) or self.columns.get(HEADINGS.get(column, ""), "")
        sheet = f"“{self.filled.sheet}”" if self.filled.sheet else ""
        return {"cell": f"{sheet}{letter}{line}"}

    def report(self, kind: Kind, place: Span, **facts: object) -> None:
        text = f"\t{facts.get('text', '')}"
        at = place.text.find(text) if kind in OF_A_CELL else -1
        if at >= 0:  # the cell inside its row
            place = Span(place.start + at + 1, place.start + at + len(text), place.source)
        self.found.append(stated(kind, place, {"file": self.table.name, **facts}))


def _half(row: Row, wanted: Sequence[BlankRow]) -> bool:
    """Is an entry named or counted, beyond its reasons?"""
    bare = attrs.evolve(row, explanation="", evidence="")
    return not any(one.fixed_item for one in wanted) and _says(bare, wanted)


def _says(row: Row, wanted: Sequence[BlankRow]) -> bool:
    """Is anything typed in the row?  A printed 事项 is not typed."""
    printed = {fold(one.fixed_item) for one in wanted}
    item = row.item.strip() and fold(row.item) not in printed
    own = {column for one in wanted for column, _ in one.asks}
    return (
        bool(item)
        or any(getattr(row, field).strip() for field in TYPED)
        or any(head in own and text.strip() for head, text in row.extras)
    )


OTHER_RULES = Kind(
    "A150", WARNING, "{file}：这张填报表是按另一份规则（指纹 {theirs}）出的，现在的规则是 {ours}",
    "{file}: this sheet was made for other rules (digest {theirs}); the rules now are {ours}",
    "对得上名称的行照读；规则确实改过的，用 perfdsl template 重新出表", "rows are read by their names; make the sheet anew if the rules have changed",
)  # fmt: skip
OTHER_PERIOD = Kind(
    "A151", ERROR, "{file}：这张填报表填的是“{theirs}”，这次评的是“{ours}”", "{file}: this sheet is for {theirs}; {ours} is being scored",
    "加 --period {theirs}，或换一张表", "add --period {theirs}, or use another sheet",
)  # fmt: skip
UNKNOWN_PERIOD = Kind(
    "A152", WARNING, "{file}：填报表上面的期间“{text}”不认识", "{file}: the period “{text}” above the sheet is unknown",
    "改回出表时的期间", "put back what was there",
)  # fmt: skip
EXTRA_ROW_NEAR = Kind(
    "A156", WARNING, "{file} {cell}：填报表里没有“{name}”这一行，是不是“{near}”改了名？", "{file} {cell}: the sheet had no row “{name}”; was “{near}” renamed?",
    "名称照原表，不要改", "keep the names as they were",
)  # fmt: skip
EXTRA_ROW = Kind(
    "A157", WARNING, "{file} {cell}：填报表里没有“{name}”这一行，是另加的", "{file} {cell}: the sheet had no row “{name}”; it was added",
    "要说的话写在“偏差原因”里", "say it in the column of reasons",
)  # fmt: skip
ROWS_GONE = Kind(
    "A158", WARNING, "{file}：填报表少了{count}行：{names}", "{file}: {count} row(s) of the sheet are gone: {names}",
    "没有的行按没有填算", "what is not there counts as missing",
)  # fmt: skip
MERGED = Kind(
    "A159", WARNING, "{file} {cell}：这一格与上面的合并了，只有第一行算填了", "{file} {cell}: the cell is merged with the one above; only the first row has a value",
    "取消合并，逐行填", "split it and fill in every row",
)  # fmt: skip
PRINTED_CHANGED = Kind(
    "A173", WARNING, "{file} {cell}：“{name}”印好的指标值“{was}”改成了“{now}”；按规则的算，改在这里不起作用",
    "{file} {cell}: the printed target “{was}” of “{name}” was changed to “{now}”; the rules count, not what is changed here",
    "要改指标值，改规则后重新出表", "to change a target, change the rules and make the sheet anew",
)  # fmt: skip
UNIT_CHANGED = Kind(
    "A174", WARNING, "{file} {cell}：“{name}”印好的单位“{was}”改成了“{now}”，数按“{now}”读",
    "{file} {cell}: the printed unit “{was}” of “{name}” was changed to “{now}”, in which the number was read",
    "改回原来的单位，数照原来的单位填", "put the unit back and type the number in it",
)  # fmt: skip
