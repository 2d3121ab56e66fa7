"""Columns in layers: each layer is a named query that adds columns to the one before, so that nothing is worked out twice."""

from typing import NamedTuple

from perfdsl.sql.dialects import Dialect, Integer
from perfdsl.sql.expressions import Held, Sql, TooWide
from perfdsl.sql.names import Names, remark
from perfdsl.sql.sources import Layer, Start

INDENT = "    "


class Column(NamedTuple):
    """A column of a layer: its name, its text, and a remark above it."""

    name: str
    text: str
    note: str


class Layers:
    """The columns made so far, by the layer they can be made in."""

    def __init__(self, start: Start, dialect: Dialect, names: Names) -> None:
        self.start = start
        self.dialect = dialect
        self.names = names
        self.columns: list[list[Column]] = []
        self.words: list[str] = []

    def add(self, made: Sql, stem: str, suffix: str, note: str = "") -> tuple[str, int]:
        """A column in the first layer that can see all it looks at: its name and the number of that layer."""
        while len(self.columns) <= made.level:
            self.columns.append([])
        name = self.names.give(stem, suffix)
        self.columns[made.level].append(Column(name, made.text, note))
        return name, made.level + 1

    def held(self, made: Sql, kind: Integer, stem: str, suffix: str, note: str = "") -> Held:
        """The same as something that expressions can look at."""
        name, level = self.add(made, stem, suffix, note)
        return Held(name, level, kind)

    def text(self, last: list[str], head: list[str]) -> str:
        """The statement: the layers, then what is selected of the last one; raises ``TooWide``."""
        count = max(
            len(last), sum(len(x) for x in self.columns) + len(self.start.layers[-1].lines if self.start.layers else ())
        )
        if count > self.dialect.columns:
            raise TooWide(count, self.dialect.columns)
        layers = list(self.start.layers)
        for number, columns in enumerate(self.columns, 1):
            before = layers[-1].name if layers else self.start.name
            layers.append(Layer(f"第{number}步", before, [line for x in columns for line in _lines(x)]))
        made = [remark(x) for x in head]
        for i, layer in enumerate(layers):
            opening = "WITH " if i == 0 else ""
            made.append(f"{opening}{self.named(layer.name)} AS {self.dialect.fence}(")
            made += self.select(layer, layers[i - 1].name if i else "")
            made.append(")," if i + 1 < len(layers) else ")")
        name = layers[-1].name if layers else self.start.name
        made += self.select(Layer("", name, last, False), name)
        return "\n".join(made)

    def named(self, name: str) -> str:
        """The name of a layer."""
        return self.dialect.quote + name + self.dialect.quote

    def select(self, layer: Layer, previous: str) -> list[str]:
        """One query; every entry of ``lines`` is a column, or a remark of its own."""
        own = layer.before == previous
        before = self.named(layer.before) if own or layer.before == self.start.name else layer.before
        hint = self.dialect.hint.format(before=before) if own and previous else ""
        entries = [f"{before}.*", *layer.lines] if layer.keeps else layer.lines
        made = [f"  SELECT {hint}".rstrip()]
        real = [i for i, x in enumerate(entries) if not x.startswith("--")]
        for i, entry in enumerate(entries):
            text, _, note = entry.partition("\0")
            comma = "," if i in real and i != real[-1] else ""
            made += [INDENT + x for x in f"{text}{comma}{'  ' + note if note else ''}".split("\n")]
        made.append(f"  FROM {before}")
        return made


def _lines(column: Column) -> list[str]:
    note = [remark(column.note)] if column.note else []
    return [*note, f"{column.text} AS {column.name}"]
