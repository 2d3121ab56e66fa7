"""Fair shares of a difference: the average over all orders in which its causes could have come (Shapley).

Both functions are exact, need no order, and give shares that sum to the difference.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import factorial

ZERO = Fraction(0)


def fair_shares(count: int, worth: Callable[[frozenset[int]], Fraction]) -> list[Fraction]:
    """The share of each of ``count`` causes; ``worth`` is the result when just those have happened."""
    found = {chosen: worth(chosen) for chosen in _subsets(count)}
    shares = [ZERO] * count
    for chosen, without in found.items():
        weight = Fraction(factorial(len(chosen)) * factorial(count - len(chosen) - 1), factorial(count)) if len(chosen) < count else ZERO  # fmt: skip
        for one in range(count):
            if one not in chosen:
                shares[one] += weight * (found[chosen | {one}] - without)
    return shares


def _subsets(count: int) -> list[frozenset[int]]:
    return [frozenset(i for i in range(count) if bits >> i & 1) for bits in range(1 << count)]


def shares_of_best(before: Sequence[Fraction], after: Sequence[Fraction]) -> list[Fraction]:
    """How much of the change of the greatest value each value brought, each changing on its own.

    Between two neighbouring values only this matters: who rose above it, who fell below it, and whether somebody stayed
    above.  One who rose gets a share when all who fell have fallen and nobody else has risen yet; the other way round alike.
    """
    shares = [ZERO] * len(before)
    steps = sorted({*before, *after})
    for floor, top in pairwise(steps):
        rose = [i for i, (x, y) in enumerate(zip(before, after, strict=True)) if x < top <= y]
        fell = [i for i, (x, y) in enumerate(zip(before, after, strict=True)) if y < top <= x]
        if any(x >= top and y >= top for x, y in zip(before, after, strict=True)):
            continue
        orders = factorial(len(rose) + len(fell))
        for i in rose:
            shares[i] += (top - floor) * Fraction(factorial(len(fell)) * factorial(len(rose) - 1), orders)
        for i in fell:
            shares[i] -= (top - floor) * Fraction(factorial(len(fell) - 1) * factorial(len(rose)), orders)
    return shares
