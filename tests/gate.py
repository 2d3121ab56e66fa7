"""How much of a law is tried where: a desk draws new examples every time and many, the gate the same ones and fewer.

What the gate must say within its quarter of an hour is that nothing is broken; the long versions of the laws are make targets.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

GATE = "CI" in os.environ


def examples(desk: int) -> int:
    """How many examples of a law are drawn here."""
    return max(10, desk * 2 // 5) if GATE else desk


def some(things: Sequence[T]) -> Sequence[T]:
    """Which places are tried of a law that goes through all of them: at the gate every third, from the first on."""
    return things[::3] if GATE else things
