"""Expressions of a program, made simple as they are made: constants folded, comparisons brought to one side.

``order(c·x + d ≤ e·x + f)`` becomes ``x ≤ k`` with one whole number k: what a reviewer reads and an engine runs fastest.
"""

from collections.abc import Iterable, Mapping
from math import gcd

from perfdsl import program as g
from perfdsl.extent import Extents

Linear = tuple[dict[g.Int, int], int]


class Maker:
    """Makes expressions over columns in known states."""

    def __init__(self, columns: Mapping[str, g.Column], extents: Extents, anywhere: Extents) -> None:
        self.columns = columns
        self.extents = extents
        self.anywhere = anywhere  # in all rows, those in other states included

    # ---- whole numbers

    def plus(self, *args: g.Int) -> g.Int:
        """The sum."""
        return joined(*linear(g.Plus(args)))

    def minus(self, a: g.Int, b: g.Int) -> g.Int:
        """The difference."""
        return self.plus(a, self.times(b, g.Whole(-1)))

    def times(self, a: g.Int, b: g.Int) -> g.Int:
        """The product."""
        if isinstance(b, g.Whole):
            a, b = b, a
        if isinstance(a, g.Whole):
            terms, constant = linear(b)
            return joined({atom: by * a.value for atom, by in terms.items()}, constant * a.value)
        factors: list[g.Int] = []
        by = 1
        for one in (a, b):
            terms, constant = linear(one)
            if len(terms) == 1 and not constant:
                ((atom, times),) = terms.items()
                by *= times
                factors += atom.args if isinstance(atom, g.Times) else (atom,)
            else:
                factors.append(one)
        return joined({g.Times(tuple(factors)): by}, 0)

    def quotient(self, top: g.Int, bottom: g.Int) -> g.Int:
        """Rounded down; ``bottom`` is above zero."""
        if isinstance(bottom, g.Whole):
            terms, constant = linear(top)
            shared = gcd(bottom.value, *terms.values())
            if shared == bottom.value:
                return joined({atom: by // shared for atom, by in terms.items()}, constant // shared)
            if shared > 1:
                top = joined({atom: by // shared for atom, by in terms.items()}, constant // shared)
                bottom = g.Whole(bottom.value // shared)
        low, high = self.extents.of(g.Quotient(top, bottom))
        return g.Whole(low) if low == high else g.Quotient(top, bottom)

    def pick(self, test: g.Truth, then: g.Int, other: g.Int) -> g.Int:
        """One or the other."""
        if isinstance(test, g.Settled):
            return then if test.holds else other
        if then == other:
            return then
        if isinstance(test, g.Opposite):
            return g.Pick(test.arg, other, then)
        return g.Pick(test, then, other)

    def least(self, *args: g.Int) -> g.Int:
        """The least; arguments that never are it are left out."""
        return self._extreme(args, g.Least, 1)

    def greatest(self, *args: g.Int) -> g.Int:
        """The greatest."""
        return self._extreme(args, g.Greatest, -1)

    def _extreme(self, args: Iterable[g.Int], kind: type[g.Least] | type[g.Greatest], sign: int) -> g.Int:
        flat = dict.fromkeys(x for arg in args for x in (arg.args if isinstance(arg, kind) else (arg,)))
        ends = {x: self.extents.of(x) if sign > 0 else tuple(-e for e in reversed(self.extents.of(x))) for x in flat}
        bound = min(high for _, high in ends.values())
        kept = [x for x, (low, _) in ends.items() if low < bound]
        if not any(ends[x][1] == bound for x in kept):
            kept += [x for x, (_, high) in ends.items() if high == bound][:1]
        return kept[0] if len(kept) == 1 else kind(tuple(x for x in flat if x in kept))

    # ---- truths

    def state(self, column: str, state: str) -> g.Truth:
        """Is the column in the state, as far as that is not known?"""
        states = self.columns[column].states
        if state not in states:
            return g.NO
        return g.YES if len(states) == 1 else g.State(column, state)

    def said(self, column: str, word: str) -> g.Truth:
        """Is it this word?"""
        return g.Said(column, word) if g.WORD in self.columns[column].states else g.NO

    def order(self, op: str, left: g.Int, right: g.Int) -> g.Truth:
        """A comparison by any of the six signs."""
        match op:
            case ">":
                return self.order("<", right, left)
            case ">=":
                return self.order("<=", right, left)
            case "!=":
                return self.opposite(self.order("=", left, right))
            case "<":
                return self.opposite(self.order("<=", right, left))
        terms, constant = linear(self.minus(left, right))  # terms + constant (<= or =) 0
        if not terms:
            return g.Settled(constant <= 0 if op == "<=" else constant == 0)
        low, high = self.extents.of(joined(terms, constant))
        if op == "<=" and (high <= 0 or low > 0):
            return g.Settled(high <= 0)
        if op == "=" and (high < 0 or low > 0):
            return g.NO
        shared = gcd(*terms.values())
        if op == "=" and constant % shared:
            return g.NO
        terms = {atom: by // shared for atom, by in terms.items()}
        edge = -constant // shared  # terms <= edge: floor, since they are whole
        if len(terms) == 1:
            ((atom, by),) = terms.items()
            return self._below(op, atom, edge) if by > 0 else self._above(op, -edge, atom)
        ahead = {atom: by for atom, by in terms.items() if by > 0}
        behind = {atom: -by for atom, by in terms.items() if by < 0}
        return g.Order(op, joined(ahead, max(-edge, 0)), joined(behind, max(edge, 0)))

    def _below(self, op: str, atom: g.Int, edge: int) -> g.Truth:
        """``atom op edge``; the greatest of several is not above it when none of them is."""
        if op == "<=" and isinstance(atom, g.Greatest | g.Least):
            tests = [self.order(op, x, g.Whole(edge)) for x in atom.args]
            return self.every(*tests) if isinstance(atom, g.Greatest) else self.some(*tests)
        return g.Order(op, atom, g.Whole(edge))

    def _above(self, op: str, edge: int, atom: g.Int) -> g.Truth:
        """``edge op atom``."""
        if op == "<=" and isinstance(atom, g.Greatest | g.Least):
            tests = [self.order(op, g.Whole(edge), x) for x in atom.args]
            return self.some(*tests) if isinstance(atom, g.Greatest) else self.every(*tests)
        return g.Order(op, g.Whole(edge), atom)

    def every(self, *args: g.Truth) -> g.Truth:
        """All hold."""
        return self._joint(args, g.Every, False)

    def some(self, *args: g.Truth) -> g.Truth:
        """One holds."""
        return self._joint(args, g.Some, True)

    def _joint(self, args: Iterable[g.Truth], kind: type[g.Every] | type[g.Some], decisive: bool) -> g.Truth:
        flat = dict.fromkeys(x for arg in args for x in (arg.args if isinstance(arg, kind) else (arg,)))
        if g.Settled(decisive) in flat or any(self.opposite(x) in flat for x in flat):
            return g.Settled(decisive)
        kept = [x for x in flat if not isinstance(x, g.Settled)]
        if not kept:
            return g.Settled(not decisive)
        return kept[0] if len(kept) == 1 else kind(tuple(kept))

    def opposite(self, arg: g.Truth) -> g.Truth:
        """It does not hold."""
        match arg:
            case g.Settled(holds):
                return g.Settled(not holds)
            case g.Opposite(inner):
                return inner
            case g.State(column, state) if len(self.columns[column].states) == 2:
                (other,) = self.columns[column].states - {state}
                return g.State(column, other)
        return g.Opposite(arg)


def linear(expr: g.Int) -> Linear:
    """A sum as its terms, each with what it is multiplied by, and what is added."""
    match expr:
        case g.Whole(value):
            return {}, value
        case g.Times((g.Whole(by), *rest)):
            return {rest[0] if len(rest) == 1 else g.Times(tuple(rest)): by}, 0
        case g.Plus(args):
            terms: dict[g.Int, int] = {}
            constant = 0
            for arg in args:
                inner, more = linear(arg)
                constant += more
                for atom, by in inner.items():
                    terms[atom] = terms.get(atom, 0) + by
            return terms, constant
    return {expr: 1}, 0


def joined(terms: Mapping[g.Int, int], constant: int) -> g.Int:
    """Terms as one expression."""
    made: list[g.Int] = []
    for atom, by in terms.items():
        if by == 1:
            made.append(atom)
        elif by:
            made.append(g.Times((g.Whole(by), *(atom.args if isinstance(atom, g.Times) else (atom,)))))
    if constant or not made:
        made.append(g.Whole(constant))
    return made[0] if len(made) == 1 else g.Plus(tuple(made))
