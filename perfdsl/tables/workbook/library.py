"""The values of a workbook, read by the library; an .xls is read in a process of its own.

Raises ``Refused`` for whatever is wrong with the file, and ImportError when the library is not there.
"""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfdsl.tables.workbook.marks import MOST_CELLS, Refused
from perfdsl.tables.workbook.shown import Value, shown_value

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECONDS = 60
Merged = tuple[tuple[int, int], tuple[int, int]]


class Raw(NamedTuple):
    """A worksheet: values from its first row and column on; those of a sheet that is not read are empty."""

    title: str
    visible: bool
    values: list[list[Value]]
    merged: list[Merged]


def load(data: bytes, wanted: str = "") -> list[Raw]:
    """All worksheets, with the values of ``wanted``, or of every visible one."""
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
                chosen = meta.name == wanted if wanted else visible
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
    command = [sys.executable, "-m", __name__, wanted]
    path = os.pathsep.join([str(Path(__file__).resolve().parents[3]), os.environ.get("PYTHONPATH", "")])
    surroundings = {**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "RUST_BACKTRACE": "0"}
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, env=surroundings)
        said = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as problem:
        raise Refused("corrupt", type(problem).__name__) from problem
    if isinstance(said, dict):
        raise Refused(said["reason"], said["detail"])
    return [
        Raw(title, visible, values, [(tuple(a), tuple(b)) for a, b in merged])
        for title, visible, values, merged in said
    ]


def _answer() -> None:
    """What the other process writes: the sheets with numbers as numbers and dates as words, or the refusal."""
    try:
        sheets = _load(sys.stdin.buffer.read(), sys.argv[1])
        said: object = [raw._replace(values=[[_plain(v) for v in line] for line in raw.values]) for raw in sheets]
    except Refused as refused:
        said = {"reason": refused.reason, "detail": refused.detail}
    sys.stdout.buffer.write(json.dumps(said).encode())


def _plain(value: Value) -> Value:
    return value if isinstance(value, (int, float, str)) else shown_value(value)


if __name__ == "__main__":
    _answer()
