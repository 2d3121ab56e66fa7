"""The rules that filled sheets are read against: what they ask and their digests, worked out once for many sheets."""

from collections.abc import Sequence

from perfdsl import plan as p
from perfdsl.blank import BlankRow
from perfdsl.fill.digest import digest
from perfdsl.fill.layout import rows_of


class Rules:
    """The plans of a file.  What is asked of some of them for a period is laid out when it is first wanted."""

    def __init__(self, plans: Sequence[p.Plan]) -> None:
        self.plans = tuple(plans)
        self._rows: dict[tuple[tuple[int, ...], str], tuple[BlankRow, ...]] = {}
        self._digests: dict[tuple[int, ...], str] = {}

    def rows(self, plans: Sequence[p.Plan], period: str) -> tuple[BlankRow, ...]:
        """The rows that are asked of ``plans``, which are among ``self.plans``."""
        key = (tuple(map(id, plans)), period)
        if key not in self._rows:
            self._rows[key] = rows_of(plans, period)
        return self._rows[key]

    def digest(self, plans: Sequence[p.Plan]) -> str:
        """The digest of ``plans``, which are among ``self.plans``."""
        key = tuple(map(id, plans))
        if key not in self._digests:
            self._digests[key] = digest(plans)
        return self._digests[key]
