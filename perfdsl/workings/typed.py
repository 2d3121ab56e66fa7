"""Cells somebody types into: how a value is printed in its unit, and how what is typed becomes a value in base units."""

from fractions import Fraction

from perfdsl import core as c
from perfdsl.core import Value
from perfdsl.layout import Formula, Ref, Refs
from perfdsl.quantity import Unit, format_number
from perfdsl.workings.formula import guarded, literal

SHARE = (("%", 1),)


def based(cell: Ref, unit: Unit, domain: c.Domain | None) -> Formula:
    """What was typed, in base units; missing where it is no number or cannot be."""
    times = scale(unit)
    typed: Formula = (cell,) if times == 1 else ("ROUND(", cell, f"*{literal(times)},8)")
    tests: list[str | Ref | Refs] = []
    for limit, sign in ((domain.low, "<"), (domain.high, ">")) if domain is not None else ():
        if limit is not None:
            shown = limit / times
            exact = "/" not in literal(shown)
            tests += [",", cell, f"{sign}{literal(shown)}"] if exact else [",", *_apart(typed, limit), f"{sign}0"]
    if domain is not None and domain.whole:
        tests += [",", *_broken((cell,) if times == 1 else ("(", cell, f"*{literal(times)})"), domain.step)]
    if not tests:
        return ("IF(ISNUMBER(", cell, "),", *typed, ",NA())")
    outside: Formula = tuple(tests[1:]) if tests.count(",") == 1 else ("OR(", *tests[1:], ")")
    return ("IF(ISNUMBER(", cell, "),IF(", *outside, ",NA(),", *typed, "),NA())")


def inside(formula: Formula, domain: c.Domain, size: Fraction) -> Formula:
    """What a formula comes to; missing outside of the domain."""
    tests: list[str | Ref | Refs] = []
    for limit, sign in ((domain.low, "<"), (domain.high, ">")):
        if limit is not None:
            tests += [",", *guarded((*formula, f"-{literal(limit)}"), size), f"{sign}0"]
    if domain.whole:
        tests += [",", *_broken(formula, domain.step)]
    return ("IF(OR(", *tests[1:], "),NA(),", *formula, ")") if tests else formula


def _apart(formula: Formula, limit: Fraction) -> Formula:
    return guarded((*formula, f"-{literal(limit)}"), max(abs(limit), Fraction(1)))


def _broken(formula: Formula, step: Fraction) -> Formula:
    """Is it no whole number of steps?"""
    steps: Formula = formula if step == 1 else (*formula, f"/{literal(step)}")
    return ("ABS(", *steps, "-ROUND(", *steps, ",0))>0.000000001")


def scale(unit: Unit) -> Fraction:
    """What a cell is multiplied by: a percent is held as its share already."""
    return Fraction(1) if unit.dims == SHARE and unit.scale == Fraction(1, 100) else unit.scale


def unscaled(formula: Formula, unit: Unit) -> Formula:
    """From base units to those a cell is printed in."""
    return formula if scale(unit) == 1 else (*formula, f"/{literal(unit.scale)}")


def printed(value: Value, unit: Unit) -> Fraction | None:
    """A base value as the cell holds it: a percent as its share, everything else in its unit."""
    return value / scale(unit) if isinstance(value, Fraction) else None


def shape(unit: Unit, value: object = None, computed: bool = False) -> str:
    """How Excel prints the cell: as many decimals of a percent as there are, the unit behind any other number."""
    if unit.dims == SHARE and unit.scale == Fraction(1, 100):
        text = format_number(value * 100) if isinstance(value, Fraction) else ""
        decimals = len(text.partition(".")[2]) if "/" not in text else 2
        return "0" + ("." + "0" * min(decimals, 6) if decimals else "") + "%" if text and not computed else "0.00%"
    words = "".join(ch for ch in unit.text if ch.isprintable() and ch not in '"\\')
    number = "0.00" if computed else "General"
    return f'{number}"{words}"' if words else number


def base_words(unit: Unit) -> str:
    return {"元": "元", "秒": "秒", "月": "月", "米": "米"}.get(unit.dims[0][0] if unit.dims else "", "基本单位")
