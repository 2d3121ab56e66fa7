"""Reports: a scorecard as a file, one format a member.

A member is a module of this folder with ``NAME``, ``SUFFIX`` and ``render``; there is no list to keep, and a module that
lacks one of them is refused.  Names that begin with ``_`` are what several members share.  A member that needs a library
says so in ``NEEDS``; the extra that brings it is called like the member.  ``paper`` gives a card in the words all of them
print, for the report in prose.
"""

import pkgutil
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Protocol, cast

import attrs

from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding
from perfdsl.reports._paper import Fact, Group, Line, Move, Object, Paper, Row
from perfdsl.reports._phrases import Voice
from perfdsl.reports._setting import paper
from perfdsl.reports._text import clean
from perfdsl.scorecard import Scorecard
from perfdsl.text import NOWHERE

__all__ = [
    "BadReport", "Fact", "Group", "Line", "Move", "Object", "Paper", "Report", "Row", "Style", "Voice", "checked", "clean", "lacking",
    "members", "paper",
]  # fmt: skip


@attrs.frozen(kw_only=True)
class Style:
    """How a report is to look.  ``plain`` leaves out lines and blocks, ``verbose`` adds every indicator."""

    lang: str = "zh"
    columns: int = 80
    colour: bool = False
    plain: bool = False
    verbose: bool = False


class Report(Protocol):
    """What a member of this family has."""

    NAME: str
    SUFFIX: str

    def render(self, cards: Sequence[Scorecard], findings: Sequence[Diagnostic], style: Style) -> bytes:
        """The whole file; the same cards always give the same bytes."""


class BadReport(TypeError):
    """A module of this folder that is not a report."""


@cache
def members() -> tuple[Report, ...]:
    """Every member in the order of the file names."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(checked(import_module(f"{__name__}.{name}")) for name in found)


def lacking(member: Report, name: str) -> list[Diagnostic]:
    """What must be installed before ``member`` can write the file ``name``."""
    library = vars(member).get("NEEDS", "")
    if not library or find_spec(library) is not None:
        return []
    return [finding(NO_LIBRARY, NOWHERE, name=name, extra=member.NAME)]


def checked(module: ModuleType) -> Report:
    """``module`` as a report, or ``BadReport`` with what it lacks."""
    for name in ("NAME", "SUFFIX"):
        if not isinstance(vars(module).get(name), str):
            raise BadReport(f"report {module.__name__} lacks {name}")
    if not callable(vars(module).get("render")):
        raise BadReport(f"report {module.__name__} lacks render(cards, findings, style)")
    if module.__name__.rpartition(".")[2] != vars(module)["NAME"]:
        raise BadReport(f"report {module.__name__} has another NAME: {vars(module)['NAME']}")
    return cast(Report, module)


NO_LIBRARY = Kind(
    "E140", ERROR, "{name}：写这种报告要先安装：pip install \"perfdsl[{extra}]\"",
    "{name}: writing this report needs: pip install \"perfdsl[{extra}]\"",
    "或者写成 .md、.txt、.json，这几种不用另装", "or write .md, .txt or .json, which need nothing more",
)  # fmt: skip
