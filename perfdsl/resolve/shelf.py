"""Where the definitions of common indicators and their inputs are found: one place, then what it uses, outwards."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from perfdsl import syntax as s
from perfdsl.resolve.library import Loaded


class Home(NamedTuple):
    """Where a definition stands: its ruleset, and the file of that."""

    ruleset: s.Ruleset
    file: s.File


class Known(NamedTuple):
    """A definition and where it stands."""

    item: s.Definition
    home: Home


class Shelf:
    """Finds definitions and inputs by name, from one place outwards: the ruleset, its file, then the files that uses."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.tables: dict[int, dict[str, s.Definition | s.Input]] = {}

    def table(self, ruleset: s.Ruleset) -> dict[str, s.Definition | s.Input]:
        """What a ruleset defines, by name; of two of one name the first."""
        known = self.tables.get(id(ruleset))
        if known is None:
            known = self.tables[id(ruleset)] = {}
            for item in ruleset.items:
                if isinstance(item, (s.Definition, s.Input)):
                    known.setdefault(item.name.text, item)
        return known

    def rings(self, file: s.File) -> Iterator[list[Home]]:
        """The rulesets of a file, then those of the files it uses, then of the files these use …"""
        level, seen = [file], {id(file)}
        while level:
            yield [Home(item, each) for each in level for item in each.items if isinstance(item, s.Ruleset)]
            used = [found for each in level for item in each.items if isinstance(item, s.Use)
                    if (found := self.used(item)) is not None]  # fmt: skip
            level = [each for each in {id(x): x for x in used}.values() if id(each) not in seen]
            seen.update(map(id, level))

    def used(self, use: s.Use) -> s.File | None:
        """The file a ``use`` brings in."""
        key = self.loaded.targets.get((use.span.source.name, use.name.text))
        return self.loaded.files.get(key) if isinstance(key, str) else None

    def definitions(self, name: str, rings: Iterable[list[Home]]) -> list[Known]:
        """The nearest definitions of that name: several only where equally near rulesets each have one."""
        for ring in rings:
            found = [(self.table(home.ruleset).get(name), home) for home in ring]
            known = [Known(item, home) for item, home in found if isinstance(item, s.Definition)]
            if known:
                return known
        return []

    def names(self, file: s.File) -> list[str]:
        """Every definition within reach of ``file``."""
        return [item.name.text for ring in self.rings(file) for home in ring for item in home.ruleset.items
                if isinstance(item, s.Definition)]  # fmt: skip

    def around(self, home: Home) -> Iterator[list[Home]]:
        """The places a formula of ``home`` looks in, nearest first."""
        yield [home]
        yield from self.rings(home.file)

    def input(self, name: str, home: Home) -> s.Input | None:
        """The nearest input of that name."""
        found = (self.table(place.ruleset).get(name) for ring in self.around(home) for place in ring)
        return next((item for item in found if isinstance(item, s.Input)), None)
