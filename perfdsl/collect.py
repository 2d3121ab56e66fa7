"""Sheets that were handed in, side by side: whose they are, which are missing, and which cannot be taken together."""

from collections import Counter
from collections.abc import Iterator, Sequence

import attrs

from perfdsl.actuals import FIELDS, PRINTED, Row, Table
from perfdsl.diagnostics import ERROR, WARNING, Diagnostic, Kind, closest, finding, has_errors
from perfdsl.fill import Rules, read_back
from perfdsl.text import Source, Span

UNUSED_COLUMNS = "D206"


@attrs.frozen(kw_only=True)
class Handed:
    """One object of one sheet: how many rows have a value, how many that ask for one have none, how many findings."""

    object: str
    file: str
    period: str
    digest: str
    filled: int
    empty: int
    findings: int


@attrs.frozen(kw_only=True)
class Collection:
    """All that was handed in.  ``missing`` are expected objects without a sheet, ``left_aside`` files that are no sheets."""

    handed: tuple[Handed, ...]
    rows: tuple[Row, ...]
    expected: tuple[str, ...]
    missing: tuple[str, ...]
    left_aside: tuple[str, ...]


Read = tuple[Table, Sequence[Diagnostic]]


def collect(read: Sequence[Read], rules: Rules | None, expected: Sequence[str]) -> tuple[Collection, list[Diagnostic]]:
    """The rows of all filled sheets with the object and the period of each, and everything that does not fit.

    ``read`` are the files as read; without ``rules`` the sheets are only compared with each other; ``expected`` may be empty.
    """
    gatherer = _Gatherer(rules, tuple(expected))
    for table, found in read:
        gatherer.take(table, list(found))
    return gatherer.together(), gatherer.found


class _Gatherer:
    def __init__(self, rules: Rules | None, expected: tuple[str, ...]) -> None:
        self.rules = rules
        self.expected = expected
        self.found: list[Diagnostic] = []
        self.handed: list[tuple[Handed, Span]] = []
        self.rows: list[Row] = []
        self.aside: list[str] = []

    def take(self, table: Table, found: list[Diagnostic]) -> None:
        """One file."""
        if table.filled is None:
            self.aside.append(table.name)
            place = Span(0, 0, Source(table.name, ""))
            self.found += found if has_errors(found) else [finding(NOT_A_SHEET, place, file=table.name)]
            return
        if self.rules is None:
            found = [
                d for d in found if d.code != UNUSED_COLUMNS
            ]  # which ones are used only rules can tell; all are kept
            table = attrs.evolve(table, rows=_without_spare(table.rows))
        else:
            table, misfits = read_back(table, self.rules)
            found += misfits
        filled = table.filled
        if filled is None or not filled.object and any(not row.object for row in table.rows) or not table.rows:
            place = filled.span if filled is not None else Span(0, 0, Source(table.name, ""))
            found.append(finding(NO_OBJECT, place, file=table.name))
            self.found += found
            return
        self.found += found
        by_object: dict[str, list[Row]] = {}
        for row in table.rows:
            by_object.setdefault(row.object, []).append(row)
        for name, rows in by_object.items():
            told = sum(bool(row.value.strip()) for row in rows)
            made = Handed(object=name, file=table.name, period=filled.period, digest=filled.digest, filled=told,
                          empty=self.asked(name, rows, filled.period) - told, findings=len(found))  # fmt: skip
            self.handed.append((made, filled.span))
            self.rows += [attrs.evolve(row, period=row.period or filled.period) for row in rows]

    def asked(self, name: str, rows: Sequence[Row], period: str) -> int:
        """How many of the rows ask for a value: those that are computed do not."""
        if self.rules is None:
            return len(rows)
        plans = [plan for plan in self.rules.plans if plan.object == name] or list(self.rules.plans[:1])
        computed = {"/".join(i.path) for plan in plans for i in plan.indicators if i.formula is not None}
        computed |= {i.path[-1] for plan in plans for i in plan.indicators if i.formula is not None}
        return sum(row.name not in computed or bool(row.value.strip()) for row in rows)

    def together(self) -> Collection:
        """What only shows when all are there."""
        self.found += [*self.twice(), *self.unlike(), *self.strangers()]
        there = {made.object for made, _ in self.handed}
        missing = tuple(name for name in self.expected if name not in there)
        if missing:
            shown = "、".join(missing[:10]) + ("……" if len(missing) > 10 else "")
            nowhere = Span(0, 0, Source("", ""))
            self.found.append(finding(NOT_HANDED_IN, nowhere, count=len(missing), all=len(self.expected), names=shown))
        return Collection(handed=tuple(made for made, _ in self.handed), rows=tuple(self.rows), expected=self.expected,
                          missing=missing, left_aside=tuple(self.aside))  # fmt: skip

    def twice(self) -> Iterator[Diagnostic]:
        """An object has one sheet for a period."""
        first: dict[tuple[str, str], Handed] = {}
        for made, place in self.handed:
            other = first.setdefault((made.object, made.period), made)
            if other is not made:
                yield finding(TWO_SHEETS, place, object=made.object, file=made.file, other=other.file)

    def unlike(self) -> Iterator[Diagnostic]:
        """Sheets for another period than most, and, where no rules tell, for other rules than most."""
        periods = Counter(made.period for made, _ in self.handed)
        digests = Counter(made.digest for made, _ in self.handed)
        several = len({made.file for made, _ in self.handed}) > 1
        for made, place in self.handed if several else ():
            usual, _ = periods.most_common(1)[0]
            if made.period != usual:
                yield finding(PERIODS_DIFFER, place, file=made.file, theirs=made.period, usual=usual)
            common, _ = digests.most_common(1)[0]
            if self.rules is None and made.digest != common:
                yield finding(RULES_DIFFER, place, file=made.file, theirs=made.digest, usual=common)

    def strangers(self) -> Iterator[Diagnostic]:
        """Objects nobody expected."""
        for made, place in self.handed if self.expected else ():
            if made.object not in self.expected:
                near = closest(made.object, (name for name in self.expected))
                kind = NOT_EXPECTED_NEAR if near else NOT_EXPECTED
                yield finding(kind, place, file=made.file, object=made.object, near=near)


def _without_spare(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows without those that were left over: of several rows of a name those that say something, or the first."""
    named: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        named.setdefault((row.object, row.name), []).append(row)
    kept = {id(row) for same in named.values() for row in ([x for x in same if _says(x)] or same[:1])}
    return tuple(row for row in rows if id(row) in kept)


def _says(row: Row) -> bool:
    told = (getattr(row, field) for field in (*FIELDS, "override"))
    return any(text.strip() for text in told) or any(text.strip() for head, text in row.extras if head not in PRINTED)


NOT_A_SHEET = Kind(
    "A161", WARNING, "{file}：不是填报表（找不到“规则指纹：”），没有收", "{file}: not a sheet to fill (no “规则指纹：”); left aside",
    "用 perfdsl template 出的表填；别的表用 score --actuals 直接读", "use a sheet made by perfdsl template; other tables are read by score --actuals",
)  # fmt: skip
NO_OBJECT = Kind(
    "A162", ERROR, "{file}：填报表没有写对象，或一行也没有", "{file}: the sheet names no object, or has no rows",
    "在“对象：”后面填名称", "type the name after “对象：”",
)  # fmt: skip
TWO_SHEETS = Kind(
    "A163", ERROR, "“{object}”交了两张表：{other} 和 {file}", "“{object}” handed in two sheets: {other} and {file}",
    "留下一张", "keep one of them",
)  # fmt: skip
NOT_EXPECTED_NEAR = Kind(
    "A164", WARNING, "{file}：对象“{object}”不在应交名单里，是不是“{near}”？", "{file}: nobody expected “{object}”; is it “{near}”?",
    "名称照名单写", "write the name as the list has it",
)  # fmt: skip
NOT_EXPECTED = Kind(
    "A165", WARNING, "{file}：对象“{object}”不在应交名单里", "{file}: nobody expected “{object}”",
    "补进名单，或拿走这张表", "add it to the list, or take the sheet away",
)  # fmt: skip
NOT_HANDED_IN = Kind(
    "A166", WARNING, "应交{all}个，{count}个没有交：{names}", "{count} of {all} did not hand in: {names}",
    "没有交的按没有填算", "what was not handed in counts as missing",
)  # fmt: skip
PERIODS_DIFFER = Kind(
    "A167", WARNING, "{file}：填的是“{theirs}”，别的表多是“{usual}”", "{file}: filled for {theirs}, most sheets for {usual}",
    "评分时只用 --period 指定的那一期", "a score uses the rows of its own period alone",
)  # fmt: skip
RULES_DIFFER = Kind(
    "A168", WARNING, "{file}：规则指纹是 {theirs}，别的表多是 {usual}", "{file}: made for rules {theirs}, most sheets for {usual}",
    "加 --rules 规则.perf 可以逐行核对", "with --rules FILE every row is checked",
)  # fmt: skip
