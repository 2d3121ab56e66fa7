"""An object put in order once its rows are known: names told apart, blank scores and sums looked at."""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from perfdsl.importers.records import Doubt, Item, Object, doubt
from perfdsl.importers.tree import number_of
from perfdsl.quantity import format_number


def settled(found: Object) -> Object:
    """The object with names that are unique in their groups, and doubts where scores do not add up."""
    items, doubts = _scores(_apart(found.items), dict(found.total).get("score", ""), found)
    return attrs.evolve(found, items=items, doubts=(*found.doubts, *doubts))


def _apart(items: Sequence[Item]) -> tuple[Item, ...]:
    """A second row of the same name in one group gets a number, and a doubt."""
    seen: dict[tuple[str, ...], int] = {}
    made = []
    groups = {
        tuple(level.name for level in item.path[:depth]) for item in items for depth in range(1, len(item.path) + 1)
    }
    for item in items:
        where = tuple(level.name for level in item.path)
        if not item.name:
            made.append(item)
            continue
        key = (*where, item.name)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1 or key in groups:
            other = f"{item.name}（{seen[key] + (key in groups)}）"
            said = doubt("I156", item.place, item.name, other=other)
            item = attrs.evolve(item, name=other, doubts=(*item.doubts, said))
        made.append(item)
    return tuple(made)


def _scores(items: tuple[Item, ...], printed: str, found: Object) -> tuple[tuple[Item, ...], list[Doubt]]:
    """A blank score is 0 where the total is complete without it; a total that is not the sum is said so."""
    total = number_of(printed)
    given = [number_of(item.cell("score")) for item in items]
    if total is None or not any(score is not None for score in given):
        return items, []
    sums = sum((score for score in given if score is not None), Fraction(0))
    sums += number_of(dict(found.rate).get("score", "")) or Fraction(0)
    if sums != total:
        return items, [doubt("I157", found.place, found.name, printed=format_number(total), sum=format_number(sums))]
    return tuple(_blank(item, total) for item in items), []


def _blank(item: Item, total: Fraction) -> Item:
    scored = item.cell("points") or item.cell("rule")
    if not item.name or item.cell("score") or not scored:
        return item
    said = doubt("I158", item.place, item.name, printed=format_number(total))
    return attrs.evolve(item, cells=(*item.cells, ("score", "0")), doubts=(*item.doubts, said))
