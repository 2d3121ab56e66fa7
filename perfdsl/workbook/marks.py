"""What is noted about a sheet before it is read, and the limits no workbook may pass."""

import attrs

MOST_CELLS = 1_000_000
MOST_LETTERS = 50_000_000
MOST_FORMAT = 1000  # letters of a number format; spreadsheet programs take 255
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384


class Refused(Exception):
    """A workbook that cannot or must not be read; ``reason`` is one of too_big, bomb, entities, corrupt, password,
    not_a_workbook, stopped."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@attrs.define
class Marks:
    """One sheet: (row, column), counted from 0, to its number format, its error, its comment; formulas without a result.

    ``struck`` are cells whose words, or some of them, are struck out.
    """

    formats: dict[tuple[int, int], str] = attrs.field(factory=dict)
    errors: dict[tuple[int, int], str] = attrs.field(factory=dict)
    unsolved: set[tuple[int, int]] = attrs.field(factory=set)
    notes: dict[tuple[int, int], str] = attrs.field(factory=dict)
    struck: set[tuple[int, int]] = attrs.field(factory=set)
    hidden_rows: set[int] = attrs.field(factory=set)
    hidden_columns: set[int] = attrs.field(factory=set)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = attrs.field(factory=list)
    most: int = MOST_CELLS
    bottom: int = 0
    right: int = 0

    def reach(self, row: int, column: int) -> None:
        """Note a cell; too far out means too large a sheet."""
        self.bottom = max(self.bottom, row)
        self.right = max(self.right, column)
        if (self.bottom + 1) * (self.right + 1) > self.most:
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


GENERAL = "General"
BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "yyyy-m-d h:mm", 27: "yyyy年m月",
    28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 36: "yyyy年m月", 50: "yyyy年m月", 51: "m月d日",
    52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 55: "yyyy年m月", 56: "m月d日", 57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip


@attrs.define
class Styles:
    """The number formats of a workbook: ``own`` by number, the number every cell style uses, and its font; ``struck`` fonts."""

    own: dict[int, str] = attrs.field(factory=lambda: dict(BUILT_IN))
    used: list[int] = attrs.field(factory=list)
    fonts: list[int] = attrs.field(factory=list)
    struck: set[int] = attrs.field(factory=set)

    def format_of(self, style: int) -> str:
        """The number format of a cell; empty for the general one."""
        number = self.used[style] if 0 <= style < len(self.used) else 0
        name = self.own.get(number, GENERAL)
        if len(name) > MOST_FORMAT:
            raise Refused("corrupt", f"number format, {len(name)} > {MOST_FORMAT}")
        return name if name != GENERAL else ""

    def strikes(self, style: int) -> bool:
        """Are the words of a cell struck out?"""
        return bool(self.struck) and 0 <= style < len(self.fonts) and self.fonts[style] in self.struck
