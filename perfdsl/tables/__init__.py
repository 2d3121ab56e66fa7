"""Tables of actual values: ``read_table`` reads the bytes of a file; every module here is one sort of file.

A member has ``NAME``, ``SUFFIXES``, ``looks_like`` and ``read``; the package finds its members and refuses one that
lacks a name.
"""

import hashlib
import importlib
import pkgutil
from functools import cache
from typing import Protocol, cast

import attrs

from perfdsl.actuals import Table
from perfdsl.diagnostics import Diagnostic, finding, stated
from perfdsl.glance import Foreign, glance
from perfdsl.tables.csv import WORKBOOKS, split, text_head, unguarded
from perfdsl.tables.grid import Column, Head, Names, Sheet, head_of, head_of_titles, header_columns
from perfdsl.tables.grid.findings import (
    CUT_SHORT,
    EMPTY,
    ERROR_CELL,
    NO_NAME,
    NO_OBJECT,
    NO_TABLE,
    NOT_A_SCALAR,
    NOT_TEXT,
    OPEN_QUOTE,
    SKIPPED_LINE,
    TOO_MANY_CELLS,
    UNSOLVED_CELL,
)
from perfdsl.tables.grid.rows import ERROR_CELLS, FILLED_DOWN, UNSOLVED
from perfdsl.text import Source, Span

__all__ = [
    "CUT_SHORT", "EMPTY", "ERROR_CELL", "ERROR_CELLS", "FILLED_DOWN", "NO_NAME", "NO_OBJECT", "NOT_A_SCALAR", "OPEN_QUOTE", "SKIPPED_LINE", "TOO_MANY_CELLS", "UNSOLVED",
    "UNSOLVED_CELL",
    "Column", "Head", "Member", "Names", "Sheet", "head_of", "head_of_titles", "header_columns", "members", "no_text", "read_cells", "read_table",
    "split", "text_head", "unguarded",
]  # fmt: skip


class Member(Protocol):
    """One sort of file."""

    NAME: str
    SUFFIXES: tuple[str, ...]

    def looks_like(self, data: bytes) -> bool:
        """Do the first bytes say so?"""
        ...

    def read(self, name: str, data: bytes, names: Names, sheet: str = "") -> tuple[Table, list[Diagnostic]]:
        """The rows of the file, and everything that was wrong with it; never raises, whatever the bytes."""
        ...


def read_table(name: str, data: bytes, names: Names, sheet: str = "") -> tuple[Table, list[Diagnostic]]:
    """The rows of a file named ``name`` and what was wrong with it; ``sheet`` (or ``name#sheet``) chooses a sheet."""
    if not sheet and "#" in name and _by_suffix(name) is None:
        bare, _, wanted = name.partition("#")
        if _by_suffix(bare) is not None:
            name, sheet = bare, wanted
    if (strange := _no_table(name, data)) is not None:
        return Table(name, ()), [strange]
    table, found = (_by_suffix(name) or _by_content(data)).read(name, data, names, sheet)
    return attrs.evolve(table, sha256=hashlib.sha256(data).hexdigest()), found


def read_cells(name: str, data: bytes, names: Names) -> tuple[Sheet | None, list[Diagnostic]]:
    """The cells of the sheet of a workbook that ``read_table`` reads; ``name#sheet`` chooses one; None where there is none."""
    from perfdsl.tables import xlsx  # only a workbook needs it

    bare, mark, sheet = name.partition("#")
    if (strange := _no_table(bare, data)) is not None:
        return None, [strange]
    return xlsx.read_cells(bare, data, names, sheet if mark else "")


def _no_table(name: str, data: bytes) -> Diagnostic | None:
    """What a file is that no table is kept in, by its bytes or the first of them; None for all that may be a table."""
    if other := _other(data):
        return stated(NO_TABLE, Span(0, 0, Source(name, "")), {"name": name, **other})
    return None


def no_text(name: str, data: bytes) -> Diagnostic | None:
    """The same of a table that should be a text."""
    if data.startswith(WORKBOOKS):
        return finding(NOT_TEXT, Span(0, 0, Source(name, "")), name=name)
    return _no_table(name, data)


def _other(data: bytes) -> dict[str, str]:
    """What the bytes are that no table is kept in, and what to do with them; empty for all that may be a table."""
    try:
        sort = glance(data)
    except Foreign as foreign:
        facts = foreign.facts
        if foreign.reason != "old_kind":
            return {}  # whoever reads it says what is wrong
        return {"kind": facts["kind"], "kind_en": facts["kind_en"], "advice": facts["zh"], "advice_en": facts["en"]}
    return dict(zip(("kind", "kind_en", "advice", "advice_en"), _DOCUMENTS.get(sort, ()), strict=False))


_IMPORT = (
    "先用 perfdsl import 导入，再用导入得到的完成值表",
    "import it first (perfdsl import) and use the actuals it gives",
)
_DOCUMENTS = {
    "docx": (" Word 文件", "a Word file", *_IMPORT), "pdf": (" PDF", "a PDF", *_IMPORT),
    "html": ("网页", "a web page", "用 Excel 或 WPS 打开，另存为 .xlsx", "open it in a spreadsheet program and save it as .xlsx"),
}  # fmt: skip


@cache
def members() -> tuple[Member, ...]:
    """Every member of the family in the order of the file names."""
    found = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        if module.ispkg:
            continue
        member = importlib.import_module(f"{__name__}.{module.name}")
        lacking = [word for word in ("NAME", "SUFFIXES", "looks_like", "read") if not hasattr(member, word)]
        if lacking:
            raise TypeError(f"{member.__name__} lacks {', '.join(lacking)}")
        found.append(cast(Member, member))
    return tuple(found)


def _by_suffix(name: str) -> Member | None:
    lower = name.lower()
    return next((member for member in members() if lower.endswith(member.SUFFIXES)), None)


def _by_content(data: bytes) -> Member:
    """The member whose mark the bytes carry; a table of text carries none."""
    marked = next((member for member in members() if member.looks_like(data)), None)
    return marked or next(member for member in members() if member.NAME == "csv")
