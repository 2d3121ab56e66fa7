"""Rows of actuals as a table: its headings, its lines, and the bytes of a .csv that reads back as the same rows."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from perfdsl.actuals import NAME, OBJECT, PRINTED, UNIT, Row

ALWAYS = ("object", "period", "name", "value", "unit")
FIELDS = {
    "object": OBJECT, "period": "期间", "name": NAME, "value": "实际值", "unit": UNIT, "prior": "上年值", "mark": "评分",
    "override": "复核分", "item": "事项", "times": "次数", "explanation": "偏差原因", "evidence": "证据",
}  # fmt: skip
GUARDED = ("=", "+", "-", "@", "\t", "\n", "\r")
_NEGATIVE = re.compile(r"-[0-9][0-9,]*(\.[0-9]+)?%?")


def headings(rows: Sequence[Row]) -> tuple[str, ...]:
    """Columns that are always there, those that some row fills, then further columns of the sheets."""
    known = tuple(title for field, title in FIELDS.items() if field in ALWAYS or any(getattr(r, field) for r in rows))
    return (*known, *dict.fromkeys(head for row in rows for head, _ in row.extras if head not in PRINTED))


def lines(rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    """Each row under ``headings``."""
    columns = headings(rows)
    fields = {title: field for field, title in FIELDS.items()}
    for row in rows:
        own = dict(row.extras)
        yield tuple(getattr(row, fields[title]) if title in fields else own.get(title, "") for title in columns)


def csv_bytes(rows: Sequence[Row]) -> bytes:
    """UTF-8 with a mark, so that spreadsheet programs read it; no cell is taken for a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(headings(rows))
    writer.writerows([guarded(text) for text in line] for line in lines(rows))
    return stream.getvalue().encode("utf-8-sig", "backslashreplace")


def guarded(text: str) -> str:
    """The cell behind an apostrophe where a spreadsheet program would take it for a formula."""
    return "'" + text if text.startswith(GUARDED) and not _NEGATIVE.fullmatch(text) else text
