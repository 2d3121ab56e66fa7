"""One engine a file: ``NAME``, ``NEEDS`` and ``EXTRA`` (its library and how it is installed), ``compiled(program)``."""

from collections.abc import Callable
from typing import Protocol

from perfdsl.grid import Grid, Scores
from perfdsl.program import Program

__all__ = ["Compiled", "Engine"]

Compiled = Callable[[Grid], Scores]


class Engine(Protocol):
    """What scores programs."""

    NAME: str
    NEEDS: tuple[str, ...]
    EXTRA: str

    def compiled(self, program: Program) -> Compiled:
        """The program as a function of grids."""
        ...
