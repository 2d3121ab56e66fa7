"""The sheets of a workbook, read in a process of its own: values by the library, the rest by ``look``.

A damaged .xls can make the library abort its process or never end, and what a package unpacks to is known only afterwards.

Raises ``Refused`` for whatever is wrong with the file, and ImportError when the library is not there.
"""

import datetime as dt
import io
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from perfdsl import apart
from perfdsl.workbook.marks import MOST_CELLS, MOST_LETTERS, Marks, Refused, Survey
from perfdsl.workbook.shown import Value

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EVERY_SHEET = "*"  # no sheet can be called so
Merged = tuple[tuple[int, int], tuple[int, int]]


class Raw(NamedTuple):
    """A worksheet: values from its first row and column on, and its marks; the values of a sheet that is not read are empty."""

    title: str
    visible: bool
    values: list[list[Value]]
    merged: list[Merged]
    marks: Marks


def load(data: bytes, wanted: str = "", most: int = MOST_CELLS) -> list[Raw]:
    """All worksheets, with the values of ``wanted`` (``EVERY_SHEET``: of all), or of every visible one.

    The sheets together have no more than ``most`` places.
    """
    import python_calamine  # noqa: F401  optional: only workbooks need it; an absent library is told apart from a bad file

    try:
        said = cast(Any, apart.run(__name__, [wanted, str(most)], data, apart.SECONDS))
    except apart.Stopped as stopped:
        damaged = stopped.reason == "died" and data.startswith(OLE)
        raise Refused("corrupt" if damaged else "stopped", stopped.reason) from stopped
    if isinstance(said, dict):
        raise Refused(said["reason"], said["detail"])
    return [_unpacked(*sheet) for sheet in said]


# ---- in a process of its own


def _answer() -> None:
    """What the other process writes: the sheets, or the refusal."""
    from perfdsl.workbook.look import survey  # XML is loaded only where there is a workbook

    apart.confine()
    try:
        wanted, most = sys.argv[1:]
        data = sys.stdin.buffer.read()
        sheets = _sheets(data, wanted, survey(data, int(most)), int(most))
    except Refused as refused:
        apart.answer({"reason": refused.reason, "detail": refused.detail})
        return
    apart.answer([_packed(raw) for raw in sheets])


def _sheets(data: bytes, wanted: str, noted: Survey, most: int) -> list[Raw]:
    from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum  # optional, as above

    try:
        book = _open(data)
        found = []
        for number, meta in enumerate(m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet):
            visible = meta.visible == SheetVisibleEnum.Visible
            chosen = wanted in (meta.name, EVERY_SHEET) if wanted else visible
            values, merged = _values(book, meta.name, most) if chosen else ([], [])
            found.append(Raw(meta.name, visible, values, merged, noted.of(meta.name, number)))
        if sum(len(v) for raw in found for row in raw.values for v in row if isinstance(v, str)) > MOST_LETTERS:
            raise Refused("too_big", f">{MOST_LETTERS // 10_000}万字")
        return found
    except PasswordError as problem:
        raise Refused("password") from problem
    except (CalamineError, OSError, ValueError, OverflowError) as problem:
        raise Refused("corrupt", str(problem)) from problem
    except BaseException as problem:
        if type(problem).__module__ != "pyo3_runtime":  # a panic of the library; its class cannot be imported
            raise
        raise Refused("corrupt", str(problem)) from problem


def _values(book: "CalamineWorkbook", title: str, most: int) -> tuple[list[list[Value]], list[Merged]]:
    sheet = book.get_sheet_by_name(title)
    if sheet.total_height * sheet.total_width > most:
        raise Refused("too_big", f"{sheet.total_height}×{sheet.total_width}")
    merged = list(sheet.merged_cell_ranges or ())
    covered = sum(
        max(0, min(bottom + 1, sheet.total_height) - top) * max(0, min(right + 1, sheet.total_width) - left)
        for (top, left), (bottom, right) in merged
    )
    if covered > 2 * sheet.total_height * sheet.total_width:  # sound ranges do not overlap
        raise Refused("corrupt", "mergeCells")
    return sheet.to_python(skip_empty_area=False), merged


def _open(data: bytes) -> "CalamineWorkbook":
    from python_calamine import CalamineWorkbook  # optional, as above

    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def _packed(raw: Raw) -> object:
    """A sheet as JSON can carry it."""
    marks = raw.marks
    formats: dict[str, int] = {}
    return [raw.title, raw.visible, [[_plain(v) for v in line] for line in raw.values], raw.merged, {
        "formats": [(*at, formats.setdefault(name, len(formats))) for at, name in marks.formats.items()], "names": list(formats),
        "errors": [(*at, words) for at, words in marks.errors.items()], "unsolved": list(marks.unsolved), "struck": list(marks.struck),
        "notes": [(*at, words) for at, words in marks.notes.items()], "hidden_rows": list(marks.hidden_rows),
        "hidden_columns": list(marks.hidden_columns), "merged": marks.merged, "bottom": marks.bottom, "right": marks.right,
    }]  # fmt: skip


def _unpacked(title: str, visible: bool, values: Any, merged: Any, noted: Any) -> Raw:
    marks = Marks(
        formats={(row, column): noted["names"][name] for row, column, name in noted["formats"]},
        errors={(row, column): words for row, column, words in noted["errors"]},
        unsolved={(row, column) for row, column in noted["unsolved"]},
        struck={(row, column) for row, column in noted["struck"]},
        notes={(row, column): words for row, column, words in noted["notes"]},
        hidden_rows=set(noted["hidden_rows"]), hidden_columns=set(noted["hidden_columns"]), merged=_ranges(noted["merged"]),
        bottom=noted["bottom"], right=noted["right"],
    )  # fmt: skip
    return Raw(title, visible, [[_whole(v) for v in line] for line in values], _ranges(merged), marks)


def _ranges(packed: Any) -> list[Merged]:
    return [(tuple(first), tuple(last)) for first, last in packed]


def _plain(value: Value) -> object:
    """A value as JSON can carry it: a date or a time with its sort."""
    match value:
        case dt.datetime():
            return ["datetime", value.isoformat()]
        case dt.date():
            return ["date", value.isoformat()]
        case dt.time():
            return ["time", value.isoformat()]
        case dt.timedelta():
            return ["timedelta", value // dt.timedelta(microseconds=1)]
    return value


def _whole(value: Any) -> Value:
    match value:
        case ["datetime", text]:
            return dt.datetime.fromisoformat(text)
        case ["date", text]:
            return dt.date.fromisoformat(text)
        case ["time", text]:
            return dt.time.fromisoformat(text)
        case ["timedelta", number]:
            return dt.timedelta(microseconds=number)
    return cast(Value, value)


if __name__ == "__main__":
    from perfdsl.workbook.library import (
        _answer as answer,
    )  # the module under its own name, so that classes are the same

    answer()
