"""A row of a PDF that the end of a page has cut in two is put together again, each with a doubt."""

import re
from collections.abc import Sequence

import attrs

from perfdsl.importers.clean import joined, key
from perfdsl.importers.drafts import amount_in
from perfdsl.importers.headings import columns_of
from perfdsl.importers.lexicon import FISCAL, FISCAL_SUM, INCOMES, SUMS, TOTALS
from perfdsl.importers.records import Bit, Ledger, Row, doubt
from perfdsl.importers.sections import is_title, label_of_text
from perfdsl.importers.shapes import is_first, is_second, is_value

_MONEY = FISCAL | FISCAL_SUM | INCOMES | SUMS | TOTALS


def over_pages(rows: Sequence[Row], ledger: Ledger) -> list[Row]:
    """The rows, the first one of a page joined to the last one of the page before where it is the rest of it."""
    made: list[Row] = []
    last = -1  # where the last row of the page before stands
    for row in rows:
        if not row.fixed or row.whole:
            made.append(row)
            continue
        fresh = not made or made[-1].page != row.page
        if fresh:
            last = len(made) - 1
        heading = columns_of(row)
        if last >= 0 and not heading and made[last].fixed and _rest(made[last], row):
            made[last] = _together(made[last], row, ledger)
            last = -1
            continue
        if not heading and not is_title(row):
            last = -1
        made.append(row)
    return made


def _rest(above: Row, row: Row) -> bool:
    """Is ``row`` what did not fit of ``above``: fewer cells, each below one of ``above``, none of them a whole of its own?"""
    if len(row.bits) >= len(above.bits) or is_title(above) or is_title(row):
        return False
    for bit in row.bits:
        over = _over(above, bit)
        if over is None or not (_half(over.text, bit.text) or not _whole(bit.text)):
            return False
    return True


def _half(first: str, second: str) -> bool:
    """Is ``second`` certainly the rest of ``first``: a number broken off, or a word that only the two make together?"""
    if (
        first.endswith((".", ",", "（", "("))
        or second.startswith((".", ","))
        or re.fullmatch(r"[\d,]+\.?\d*\s\d*%", f"{first} {second}")
    ):
        return True
    return _known(joined(first, second)) and not _known(first)


def _over(above: Row, bit: Bit) -> Bit | None:
    """The cell of the row above in the same columns."""
    return next((each for each in above.bits if each.column == bit.column and each.columns == bit.columns), None)


def _whole(text: str) -> bool:
    """Is it certainly no rest of a cell: a number, a target, or a word that stands by itself?"""
    if is_value(text) or amount_in(text) is not None or re.fullmatch(r"[-—/√]+|无", text):
        return True
    return _known(text)


def _known(text: str) -> bool:
    """A group, a label, a line of every money table."""
    word = key(re.sub(r"^其中[:：]?", "", text))
    return is_first(text) or is_second(text) or bool(label_of_text(text)) or word in _MONEY


def _together(above: Row, row: Row, ledger: Ledger) -> Row:
    ledger.use(row.bits, "续格")
    bits = []
    for each in above.bits:
        rest = next((bit for bit in row.bits if _over(above, bit) is each), None)
        bits.append(
            each if rest is None else attrs.evolve(each, text=joined(each.text, rest.text), raw=each.raw + rest.raw)
        )
    said = [
        doubt("I143", row.place, bit.text, row=f"{old.text} {bit.text[len(old.text) :]}")
        for bit, old in zip(bits, above.bits, strict=True)
        if bit is not old
    ]
    return attrs.evolve(above, bits=tuple(bits), doubts=(*above.doubts, *row.doubts, *said))
