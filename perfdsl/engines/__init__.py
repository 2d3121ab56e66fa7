"""One engine a file: ``NAME``, ``NEEDS`` and ``EXTRA`` (its library and how it is installed), ``compiled(program)``."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Protocol, cast

from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding
from perfdsl.grid import Grid, Scores
from perfdsl.program import Program
from perfdsl.text import NOWHERE

__all__ = ["Compiled", "Engine", "lacking", "members", "named"]

Compiled = Callable[[Grid], Scores]


class Engine(Protocol):
    """What scores programs."""

    NAME: str
    NEEDS: tuple[str, ...]
    EXTRA: str

    def compiled(self, program: Program) -> Compiled:
        """The program as a function of grids."""
        ...


@cache
def members() -> tuple[Engine, ...]:
    """Every engine in the order of the file names; their libraries are loaded when one is used."""
    found = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        member = importlib.import_module(f"{__name__}.{module.name}")
        absent = [word for word in ("NAME", "NEEDS", "EXTRA", "compiled") if not hasattr(member, word)]
        if absent:
            raise TypeError(f"{member.__name__} lacks {', '.join(absent)}")
        found.append(cast(Engine, member))
    return tuple(found)


@cache
def named(name: str) -> Engine | None:
    """The engine of that name; the others are not loaded where it has the name of its file."""
    files = {x.name for x in pkgutil.iter_modules(__path__)}
    for file in (name, f"{name}_"):  # where a library has the name already
        member = importlib.import_module(f"{__name__}.{file}") if file in files else None
        if getattr(member, "NAME", "") == name:
            return cast(Engine, member)
    return next((x for x in members() if name == x.NAME), None)


def lacking(engine: Engine) -> list[Diagnostic]:
    """What must be installed before the engine runs."""
    gone = [library for library in engine.NEEDS if find_spec(library) is None]
    return [finding(NO_ENGINE, NOWHERE, name=engine.NAME, extra=engine.EXTRA)] if gone else []


NO_ENGINE = Kind(
    "B120", ERROR, "引擎 {name} 要先安装：pip install \"perfdsl[{extra}]\"", "the engine {name} needs: pip install \"perfdsl[{extra}]\"",
    "或者换一个引擎：--engine embedded", "or use another engine: --engine embedded",
)  # fmt: skip
