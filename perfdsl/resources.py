"""Where the grammar and the rulesets live, in a wheel and in a checkout alike.

A wheel carries them under ``perfdsl/_data``; a checkout, and an editable install of it, has them at its top level.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def data_dir(kind: str) -> Path:
    """The folder of ``kind`` ("grammar", "rulesets", "docs" …) that ships with this copy of perfdsl."""
    packed = PACKAGE / "_data" / kind
    return packed if packed.is_dir() else PACKAGE.parent / kind
