"""Two tables of indicators side by side, the longer term on the left and the year on the right, as one tree.

The forms of 财预〔2015〕88号 print 实施期目标 and 年度目标 so, under headings that do not say which is which.
"""

from collections.abc import Sequence

import attrs

from perfdsl.document import Place
from perfdsl.importers.align import Cells
from perfdsl.importers.clean import key
from perfdsl.importers.headings import BESIDE, Column, base
from perfdsl.importers.lexicon import GROUPS, TARGETS
from perfdsl.importers.records import Doubt, Item, doubt


def halves(cells: Cells, columns: Sequence[Column]) -> tuple[Cells, Cells | None]:
    """The left and the right table of a row; a level of groups that stands only on the left is shared."""
    if not any(column.role.endswith(BESIDE) for column in columns):
        return cells, None
    own = {base(column.role) for column in columns if column.role.endswith(BESIDE)}

    def side(*, right: bool) -> Cells:
        kept = {
            role: base(role)
            for role in cells.words
            if role.endswith(BESIDE) is right or (right and role in GROUPS and role not in own)
        }
        words = {name: cells.words[role] for role, name in kept.items()}
        bits = {name: cells.bits[role] for role, name in kept.items() if role in cells.bits}
        roles = frozenset(base(role) for role in cells.roles if role.endswith(BESIDE) is right or role in GROUPS)
        return attrs.evolve(cells, words=words, bits=bits, roles=roles, loose=() if right else cells.loose)

    return side(right=False), side(right=True)


def together(left: Sequence[Item], right: Sequence[Item], place: Place) -> tuple[tuple[Item, ...], tuple[Doubt, ...]]:
    """One tree: what stands on both sides under one name has two targets.  The doubt says which side was read as what."""
    rest = list(right)
    made: list[Item] = []
    for item in left:
        cells = tuple(("cycle" if role in TARGETS else role, text) for role, text in item.cells)
        other = next((each for each in rest if each.name and _of(each) == _of(item)), None)
        if other is None:
            made.append(attrs.evolve(item, cells=cells))
            continue
        rest.remove(other)
        taken = {role for role, _ in cells}
        more = tuple((role, text) for role, text in _of_year(other) if role not in taken)
        made.append(attrs.evolve(item, cells=(*cells, *more), doubts=(*item.doubts, *other.doubts)))
    paths = {_path(item) for item in made}
    made.extend(attrs.evolve(each, cells=_of_year(each)) for each in rest if each.name or _path(each) not in paths)
    return tuple(made), (doubt("I162", place),)


def _of_year(item: Item) -> tuple[tuple[str, str], ...]:
    return tuple(("full" if role in TARGETS else role, text) for role, text in item.cells)


def _path(item: Item) -> tuple[str, ...]:
    return tuple(key(level.name) for level in item.path)


def _of(item: Item) -> tuple[tuple[str, ...], str]:
    return _path(item), item.name
