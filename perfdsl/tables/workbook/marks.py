"""What is noted about a sheet before it is read, and the limits no workbook may pass."""

import attrs

MOST_CELLS = 10_000_000
MOST_ROWS = 1_048_576
MOST_BYTES = 1 << 29


class Refused(Exception):
    """A workbook that cannot or must not be read; ``reason`` is one of too_big, corrupt, password, not_a_workbook."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@attrs.define
class Marks:
    """One sheet: (row, column), counted from 0, to its number format, its error; formulas that have no result."""

    formats: dict[tuple[int, int], str] = attrs.field(factory=dict)
    errors: dict[tuple[int, int], str] = attrs.field(factory=dict)
    unsolved: set[tuple[int, int]] = attrs.field(factory=set)
    hidden_rows: int = 0
    bottom: int = 0
    right: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note a cell; too far out means too large a sheet."""
        self.bottom = max(self.bottom, row)
        self.right = max(self.right, column)
        if (self.bottom + 1) * (self.right + 1) > MOST_CELLS:
            raise Refused("too_big", f"{self.bottom + 1}×{self.right + 1}")


@attrs.frozen
class Survey:
    """The marks of the worksheets, by name where the sort of file tells it, else in their order."""

    named: dict[str, Marks] = attrs.field(factory=dict)
    ordered: tuple[Marks, ...] = ()

    def of(self, name: str, order: int) -> Marks:
        """What was noted about one sheet."""
        if self.ordered:
            return self.ordered[order] if order < len(self.ordered) else Marks()
        return self.named.get(name, Marks())
