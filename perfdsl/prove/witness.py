"""The most convenient number of a range: an end, else a whole number, else a short decimal, in the printed unit."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from perfdsl.bounds import Range
from perfdsl.prove.curves import sample

PLACES = 40


def pick(cell: Range, size: Fraction, near_high: bool = False) -> Fraction:
    """A number of ``cell`` at or near its low (or high) end that is easy to write when ``size`` is the printed unit."""
    low, high = cell
    from_high = not high.infinite and (near_high or bool(low.infinite))
    end = high if from_high else low
    if not end.infinite and not end.outside and _short(end.at / size):
        return end.at
    for value in _decimals(cell, size, from_high):
        if _inside(value, cell):
            return value
    return sample(cell)


def _short(value: Fraction) -> bool:
    """Is it a decimal of reasonable length?"""
    return (value * 10**8).denominator == 1


def _decimals(cell: Range, size: Fraction, from_high: bool) -> Iterator[Fraction]:
    low, high = cell
    if low.infinite and high.infinite:
        yield Fraction(0)
        return
    at = (high if from_high else low).at / size
    for places in range(PLACES):
        unit = Fraction(10) ** places
        nearest = ceil(at * unit) - 1 if from_high else floor(at * unit) + 1
        yield Fraction(nearest) / unit * size


def _inside(value: Fraction, cell: Range) -> bool:
    low, high = cell
    above = bool(low.infinite) or low.at < value or (low.at == value and not low.outside)
    below = bool(high.infinite) or value < high.at or (high.at == value and not high.outside)
    return above and below
