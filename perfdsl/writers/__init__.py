"""Filled forms as files, one format a member.

A member is a module of this folder with ``NAME``, ``SUFFIX`` and ``write``; there is no list to keep, and a module that lacks
one of them is refused.  Names that begin with ``_`` are what several members share.  ``NEEDS`` names a library, ``EXTRA`` the
extra that brings it.
"""

import pkgutil
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Protocol, cast

from perfdsl.diagnostics import ERROR, WARNING, Diagnostic, Kind, finding
from perfdsl.layout import Layout
from perfdsl.text import NOWHERE
from perfdsl.width import excel_length

MOST_IN_CELL = 32_767


class Writer(Protocol):
    """What a member of this family has."""

    NAME: str
    SUFFIX: str

    def write(self, layouts: Sequence[Layout]) -> bytes:
        """The whole file, an object after the other; the same layouts always give the same bytes."""


class BadWriter(TypeError):
    """A module of this folder that is not a writer."""


@cache
def members() -> tuple[Writer, ...]:
    """Every member in the order of the file names."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(checked(import_module(f"{__name__}.{name}")) for name in found)


def lacking(member: Writer, name: str) -> list[Diagnostic]:
    """What must be installed before ``member`` can write the file ``name``."""
    needs = vars(member).get("NEEDS", ())
    if all(find_spec(library) is not None for library in needs):
        return []
    return [finding(NO_LIBRARY, NOWHERE, name=name, extra=vars(member)["EXTRA"])]


def too_long(member: Writer, layouts: Sequence[Layout]) -> list[Diagnostic]:
    """The cells a workbook cannot hold whole."""
    if member.NAME != "xlsx":
        return []
    return [
        finding(
            CUT, NOWHERE, object=layout.name, text=cell.text[:20], length=excel_length(cell.text), most=MOST_IN_CELL
        )
        for layout in layouts
        for cell in layout.cells
        if excel_length(cell.text) > MOST_IN_CELL
    ]


def checked(module: ModuleType) -> Writer:
    """``module`` as a writer, or ``BadWriter`` with what it lacks."""
    for name in ("NAME", "SUFFIX"):
        if not isinstance(vars(module).get(name), str):
            raise BadWriter(f"writer {module.__name__} lacks {name}")
    if not callable(vars(module).get("write")):
        raise BadWriter(f"writer {module.__name__} lacks write(layouts)")
    if module.__name__.rpartition(".")[2] != vars(module)["NAME"]:
        raise BadWriter(f"writer {module.__name__} has another NAME: {vars(module)['NAME']}")
    return cast(Writer, module)


NO_LIBRARY = Kind(
    "F121", ERROR, "{name}：写这种文件要先安装：pip install \"perfdsl[{extra}]\"",
    "{name}: writing this file needs: pip install \"perfdsl[{extra}]\"",
    "或者写成 .html、.md，这两种不用另装", "or write .html or .md, which need nothing more",
)  # fmt: skip
CUT = Kind(
    "F122", WARNING, "“{object}”里以“{text}”开头的一格有{length}字，Excel 一格最多{most}字，后面的没有写进去",
    "a cell of “{object}” that begins with “{text}” has {length} characters; Excel holds {most}, the rest is left out",
    "把文字拆成几行，或改写成 .docx", "split the text, or write .docx",
)  # fmt: skip
