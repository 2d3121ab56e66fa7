"""A document to the objects it evaluates: rows are gathered, parted into objects, and each is read."""

from collections.abc import Iterator, Sequence

import attrs

from perfdsl.document import Document
from perfdsl.importers.checked import settled
from perfdsl.importers.clean import key
from perfdsl.importers.headings import columns_of
from perfdsl.importers.lexicon import NAME_LABELS
from perfdsl.importers.records import Entry, Ledger, Object, Row
from perfdsl.importers.sections import Walk, is_title, label_of
from perfdsl.importers.stream import unrolled
from perfdsl.importers.strips import rows_of


@attrs.frozen
class Imported:
    """The objects of a document and every cell of it with what became of it."""

    document: str
    objects: tuple[Object, ...]
    entries: tuple[Entry, ...]


def read_document(document: Document, sheet: str = "") -> Imported:
    """The objects of ``document``; ``sheet`` takes one sheet only.  Never raises, whatever the document."""
    ledger = Ledger()
    rows = [row for row in rows_of(document, ledger) if not sheet or row.place.sheet in (sheet, "")]
    rows = unrolled(rows, ledger)
    objects = []
    for part in _parts(rows):
        ledger.within(bit for row in part for bit in row.bits)
        walk = Walk(ledger)
        for row in part:
            walk.row(row)
        found = settled(walk.object())
        if found.items or found.money:
            objects.append(found)
    return Imported(document.name, tuple(objects), ledger.entries())


def _parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
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
    for bit, following in zip(bits, bits[1:], strict=False):
        word = label_of(bit)
        if word in NAME_LABELS and word != key("单位") and not label_of(following):
            return f"{NAME_LABELS[word]}:{following.text}"
    return ""
