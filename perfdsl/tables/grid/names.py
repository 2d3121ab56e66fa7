"""The names a table may use: what the rules call their indicators, inputs, lines of money and objects."""

from functools import cached_property

import attrs

from perfdsl.diagnostics import closest
from perfdsl.quantity import fold_width


@attrs.frozen
class Names:
    """``rows`` are the names, aliases and paths (A/B) a row may carry; ``objects`` the names of what is assessed.

    ``columns`` are further columns the rules look at, such as the weights of several units.
    """

    rows: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {fold_name(name): name for name in sorted(self.rows)}

    def known(self, text: str) -> str:
        """The name of the rules that ``text`` says, whatever its spaces and widths; empty when it says none."""
        return self._folded.get(fold_name(text), "")

    def looks_at(self, header: str) -> bool:
        """Do the rules use a column of this heading, a unit in brackets aside?"""
        name = fold_name(header).partition("(")[0]
        return any(fold_name(column) in (name, fold_name(header)) for column in self.columns)

    def near(self, text: str) -> str:
        """The name of the rules closest to ``text``; empty when none is near."""
        return closest(text, self._folded.values())


def fold_name(text: str) -> str:
    """A name without the accidents of typing: widths, spaces, line breaks."""
    return "".join(fold_width(text).split())
