"""A document to the objects it evaluates: rows are gathered, parted into objects, and each is read."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

import attrs

from perfdsl.diagnostics import WARNING, Diagnostic, finding
from perfdsl.document import Document
from perfdsl.importers.breaks import mended
from perfdsl.importers.checked import settled
from perfdsl.importers.clean import key
from perfdsl.importers.findings import KINDS, NO_TABLE, diagnostics
from perfdsl.importers.headings import columns_of
from perfdsl.importers.lexicon import NAME_LABELS
from perfdsl.importers.pages import over_pages
from perfdsl.importers.record import counted, left_out, record_json, record_text
from perfdsl.importers.records import Doubt, Entry, Ledger, Line, Object, Row, doubt
from perfdsl.importers.render import render
from perfdsl.importers.sections import Walk, is_title, label_of
from perfdsl.importers.sheet import actuals_sheet
from perfdsl.importers.stream import unrolled
from perfdsl.importers.strips import rows_of
from perfdsl.text import Source, Span

_WORKBOOKS = ("xlsx", "xls", "ods", "xlsb", "xlsm")


@attrs.frozen
class Imported:
    """The objects of a document and every cell of it with what became of it."""

    document: str
    objects: tuple[Object, ...]
    entries: tuple[Entry, ...]


@attrs.frozen
class Written:
    """An object as text: the rules, the actuals (empty when the table has none), and every doubt about it."""

    found: Object
    rules: str
    actuals: str
    doubts: tuple[Doubt, ...]


def recognise(document: Document, sheet: str = "", kind: str = "") -> Imported:
    """The objects of ``document``; ``sheet`` takes one sheet only, ``kind`` says what they are.  Never raises, whatever the document."""
    ledger = Ledger()
    rows = [row for row in rows_of(document, ledger) if not sheet or row.place.sheet in (sheet, "")]
    rows = over_pages(unrolled(rows, ledger), ledger)
    objects = []
    for part in _parts(rows, by_sheet=document.kind in _WORKBOOKS):
        ledger.within(bit for row in part for bit in row.bits)
        walk = Walk(ledger)
        for row in mended(part, ledger):
            walk.row(row)
        found = settled(walk.object())
        if found.items or found.money:
            name = found.name or found.place.sheet or re.sub(r"\.\w+$", "", document.name)
            objects.append(attrs.evolve(found, kind=kind or found.kind, name=name))
    return Imported(document.name, tuple(objects), ledger.entries())


def write(found: Object, source: str, directions: Callable[[str], Mapping[str, str]]) -> Written:
    """The files of an object.  ``directions`` finds the rows of a text that must say which way is better, and how."""
    made = render(found, source, {})
    stated = directions(made.text)
    made = render(found, source, stated) if stated else made
    money = [doubt for table in found.money for line in table.lines for doubt in _of_line(line)]
    doubts = [*found.doubts, *money, *(doubt for item in found.items for doubt in item.doubts), *made.doubts]
    return Written(found, made.text, actuals_sheet(found), tuple(dict.fromkeys(doubts)))


def findings(imported: Imported, written: Sequence[Written]) -> list[Diagnostic]:
    """Everything a person should look at, each at its place in the document."""
    doubts = [each for one in written for each in one.doubts]
    doubts += [doubt("I150", entry.place, "", row=entry.text) for entry in left_out(imported.entries)]
    doubts += [
        doubt("I160", entry.place, entry.error, row=entry.error)
        for entry in imported.entries
        if entry.error and (entry.use.startswith("表头") or entry.use in ("资金行", "金额"))
    ]
    if not imported.objects:
        return [finding(NO_TABLE, Span(0, 0, Source(imported.document, "")), name=imported.document)]
    return diagnostics(imported.document, doubts, imported.entries)


@attrs.frozen
class Record:
    """What is to be told of one document: findings, the record as text and as data, and of each object how much and how doubtful."""

    found: tuple[Diagnostic, ...]
    text: str
    data: dict[str, object]
    counts: tuple[str, ...]
    doubtful: tuple[int, ...]


def record(
    imported: Imported, written: Sequence[Written], said: Sequence[Diagnostic], names: Sequence[str], lang: str
) -> Record:
    """The record of an import; ``said`` is what its reader noticed, ``names`` are the files of the objects."""
    found = (*said, *findings(imported, written))
    objects = [each.found for each in written]
    text = record_text(imported.document, objects, imported.entries, found, names)
    data = record_json(imported.document, objects, imported.entries, found, names, lang)
    doubtful = tuple(sum(KINDS[each.code].severity == WARNING for each in one.doubts) for one in written)
    return Record(found, text, data, tuple(counted(each, lang) for each in objects), doubtful)


def _of_line(line: Line) -> list[Doubt]:
    return [*line.doubts, *(each for inner in line.lines for each in _of_line(inner))]


def _parts(rows: Sequence[Row], *, by_sheet: bool) -> Iterator[list[Row]]:
    """The rows of each object: from its title or its name to the next one."""
    starts: list[int] = []
    seen: set[str] = set()
    headed = False
    title = -1
    for index, row in enumerate(rows):
        if is_title(row):
            title = index if title < 0 or headed else title
        elif columns_of(row):
            if not starts:
                starts.append(title if title >= 0 else _head(rows, index))
            elif by_sheet and headed and row.place.sheet != rows[starts[-1]].place.sheet:
                starts.append(next(i for i, each in enumerate(rows) if each.place.sheet == row.place.sheet))
            headed, title = True, -1
        elif name := _named(row):
            if not starts or (headed and name not in seen):
                starts.append(title if title >= 0 else index)
                headed, title = False, -1
                seen = set()
            seen.add(name)
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(rows)
        yield list(rows[start:end])


def _head(rows: Sequence[Row], index: int) -> int:
    """Where the table begins whose headings are at ``index``: with the rows of cells right before it."""
    while index > 0 and not rows[index - 1].alone:
        index -= 1
    return index


def _named(row: Row) -> str:
    """The name of an object that the row gives, with its label."""
    bits = [bit for bit in row.bits if not bit.below]
    for bit, following in pairwise(bits):
        word = label_of(bit)
        if word in NAME_LABELS and word != key("单位") and not label_of(following):
            return f"{NAME_LABELS[word]}:{following.text}"
    return ""
