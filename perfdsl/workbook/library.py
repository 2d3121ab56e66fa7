"""The values of a workbook, read by the library; an .xls is read in a process of its own.

Raises ``Refused`` for whatever is wrong with the file, and ImportError when the library is not there.
"""

import datetime as dt
import io
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from perfdsl import apart
from perfdsl.workbook.marks import MOST_CELLS, Refused
from perfdsl.workbook.shown import Value

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EVERY_SHEET = "*"  # no sheet can be called so
Merged = tuple[tuple[int, int], tuple[int, int]]


class Raw(NamedTuple):
    """A worksheet: values from its first row and column on; those of a sheet that is not read are empty."""

    title: str
    visible: bool
    values: list[list[Value]]
    merged: list[Merged]


def load(data: bytes, wanted: str = "") -> list[Raw]:
    """All worksheets, with the values of ``wanted`` (``EVERY_SHEET``: of all), or of every visible one."""
    import python_calamine  # noqa: F401  optional: only workbooks need it; an absent library is told apart from a bad file

    return _load_apart(data, wanted) if data.startswith(OLE) else _load(data, wanted)


def _load(data: bytes, wanted: str) -> list[Raw]:
    from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum  # optional, as above

    try:
        book = _open(data)
        found = []
        for meta in book.sheets_metadata:
            if meta.typ == SheetTypeEnum.WorkSheet:
                visible = meta.visible == SheetVisibleEnum.Visible
                chosen = wanted in (meta.name, EVERY_SHEET) if wanted else visible
                found.append(_raw(book, meta.name, visible) if chosen else Raw(meta.name, visible, [], []))
        return found
    except PasswordError as problem:
        raise Refused("password") from problem
    except (CalamineError, OSError, ValueError, OverflowError) as problem:
        raise Refused("corrupt", str(problem)) from problem
    except BaseException as problem:
        if type(problem).__module__ != "pyo3_runtime":  # a panic of the library; its class cannot be imported
            raise
        raise Refused("corrupt", str(problem)) from problem


def _open(data: bytes) -> "CalamineWorkbook":
    from python_calamine import CalamineWorkbook  # optional, as above

    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def _raw(book: "CalamineWorkbook", title: str, visible: bool) -> Raw:
    sheet = book.get_sheet_by_name(title)
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise Refused("too_big", f"{sheet.total_height}×{sheet.total_width}")
    return Raw(title, visible, sheet.to_python(skip_empty_area=False), list(sheet.merged_cell_ranges or ()))


# ---- in a process of its own


def _load_apart(data: bytes, wanted: str) -> list[Raw]:
    """An .xls has no checksums, and a damaged one can make the library abort its process or never end."""
    try:
        said = cast(Any, apart.run(__name__, [wanted], data))
    except apart.Stopped as stopped:
        raise Refused("corrupt", stopped.reason) from stopped
    if isinstance(said, dict):
        raise Refused(said["reason"], said["detail"])
    return [
        Raw(title, visible, [[_whole(v) for v in line] for line in values], [(tuple(a), tuple(b)) for a, b in merged])
        for title, visible, values, merged in said
    ]


def _answer() -> None:
    """What the other process writes: the sheets with dates marked as such, or the refusal."""
    try:
        sheets = _load(sys.stdin.buffer.read(), sys.argv[1])
        said: object = [
            (raw.title, raw.visible, [[_plain(v) for v in line] for line in raw.values], raw.merged) for raw in sheets
        ]
    except Refused as refused:
        said = {"reason": refused.reason, "detail": refused.detail}
    apart.answer(said)


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
    _answer()
