"""What an import works on: bits of rows, findings at places, and the objects that were recognised."""

from collections.abc import Iterable, Sequence

import attrs

from perfdsl.document import Place


@attrs.frozen
class Bit:
    """One cell or line that is not empty.

    ``text`` has the tags and the spaces of the layout taken out, ``raw`` is what the document has; ``number`` is its entry
    in the ledger; ``column`` counts from 0, ``columns`` are covered; ``below`` says the cell began in a row above.
    """

    text: str
    raw: str
    place: Place
    number: int
    column: int
    columns: int = 1
    below: bool = False


@attrs.frozen
class Row:
    """A row: its bits from left to right.  ``width`` counts its places, ``fixed`` says columns are exact (a grid), ``whole``
    that merged cells are known besides (not in a PDF, where a label stands on one page only).

    ``page`` counts the stretches between blank lines or grids; ``alone`` is a line outside every table.
    """

    bits: tuple[Bit, ...]
    width: int
    page: int
    place: Place
    fixed: bool = False
    whole: bool = False
    alone: bool = False
    doubts: "tuple[Doubt, ...]" = ()

    @property
    def text(self) -> str:
        """The words of the row, joined."""
        return " ".join(bit.text for bit in self.bits)


@attrs.frozen
class Doubt:
    """Something that a person should look at: a code, the place, what it is about, and the facts of its wording."""

    code: str
    place: Place
    about: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class Entry:
    """One cell or line of the document and what became of it; ``use`` is empty where it was not understood.

    ``error`` is an error value of a workbook (``#DIV/0!``).
    """

    place: Place
    text: str
    use: str = ""
    inside: bool = False
    error: str = ""


class Ledger:
    """Every cell and line of a document, and what it was used as: nothing is left out."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def add(self, place: Place, text: str, error: str = "") -> int:
        """A new entry; its number."""
        self._entries.append(Entry(place, text, error=error))
        return len(self._entries) - 1

    def use(self, bits: Bit | Iterable[Bit], use: str) -> None:
        """The bits were used as ``use``; the first use counts."""
        for bit in (bits,) if isinstance(bits, Bit) else bits:
            entry = self._entries[bit.number]
            if not entry.use:
                self._entries[bit.number] = attrs.evolve(entry, use=use)

    def used(self, bit: Bit) -> bool:
        """Was it used already?"""
        return bool(self._entries[bit.number].use)

    def within(self, bits: Iterable[Bit]) -> None:
        """The bits stand inside a table, where everything should have been understood."""
        for bit in bits:
            self._entries[bit.number] = attrs.evolve(self._entries[bit.number], inside=True)

    def entries(self) -> tuple[Entry, ...]:
        """All of them in the order of the document."""
        return tuple(self._entries)


@attrs.frozen
class Field:
    """A label of the head and its text."""

    label: str
    text: str
    place: Place


@attrs.frozen
class Line:
    """A line of a money table: amounts by period as printed, ``spent`` what was really spent, ``forecast`` of the year, lines below."""

    name: str
    side: str
    place: Place
    amounts: tuple[tuple[str, str], ...] = ()
    spent: str = ""
    notes: tuple[str, ...] = ()
    lines: "tuple[Line, ...]" = ()
    doubts: tuple[Doubt, ...] = ()
    forecast: str = ""


@attrs.frozen
class Money:
    """A money table in one unit; the one without a title is the balanced one."""

    unit: str
    lines: tuple[Line, ...]
    title: str = ""


@attrs.frozen
class Level:
    """A group on the way to an indicator: its name, and the points and limit printed with it."""

    name: str
    points: str = ""
    limit: str = ""
    place: Place = Place()


@attrs.frozen
class Item:
    """A row of the tree: an indicator with its cells by role, or an empty group when ``name`` is empty."""

    path: tuple[Level, ...]
    name: str
    cells: tuple[tuple[str, str], ...]
    place: Place
    doubts: tuple[Doubt, ...] = ()

    def cell(self, role: str) -> str:
        """The text of a role, empty where the table has none."""
        return dict(self.cells).get(role, "")


@attrs.frozen
class Object:
    """One evaluated object as recognised."""

    kind: str
    name: str
    layout: str
    place: Place
    title: str = ""
    year: str = ""
    fields: tuple[Field, ...] = ()
    money: tuple[Money, ...] = ()
    items: tuple[Item, ...] = ()
    columns: tuple[str, ...] = ()
    total: tuple[tuple[str, str], ...] = ()
    rate: tuple[tuple[str, str], ...] = ()
    doubts: tuple[Doubt, ...] = ()


def doubt(code: str, place: Place, about: str = "", **facts: object) -> Doubt:
    """A doubt with its facts as texts."""
    return Doubt(code, place, about, tuple((name, str(value)) for name, value in facts.items()))


def texts(bits: Sequence[Bit]) -> list[str]:
    """The words of bits."""
    return [bit.text for bit in bits]
