"""Formulas as written: which names they mention, how large they are, other formulas in the place of names, and in words."""

from collections.abc import Iterator, Mapping
from typing import assert_never

import attrs

from perfdsl import syntax as s
from perfdsl.keywords import FUNCTIONS
from perfdsl.quantity import format_number

MOST_TERMS, MOST_LEVELS = 400, 60
OF_MONEY = frozenset({"budget", "plan", "spent"})
ENGLISH = {zh: en for en, zh in FUNCTIONS.items()}


def parts_of(formula: s.Expr | s.Cases | None) -> Iterator[s.Expr]:
    if isinstance(formula, s.Cases):
        for case in formula.cases:
            if isinstance(case, s.Case):
                yield from (x for x in (case.condition, case.award) if x is not None)
    elif formula is not None:
        yield formula


def calls_in(expr: s.Expr) -> Iterator[s.Call]:
    waiting = [expr]
    while waiting:
        top = waiting.pop()
        if isinstance(top, s.Call):
            yield top
        waiting.extend(_inside(top))


def value_words(expr: s.Expr) -> list[str]:
    """The names of values in a formula; lines of money are none."""
    found: list[str] = []
    waiting = [expr]
    while waiting:
        top = waiting.pop()
        if isinstance(top, s.Reference):
            found.append(top.name)
        elif not (isinstance(top, s.Call) and ENGLISH.get(top.name, top.name) in OF_MONEY):
            waiting.extend(reversed(_inside(top)))
    return found


def _inside(expr: s.Expr) -> tuple[s.Expr, ...]:
    match expr:
        case s.Call(arguments=arguments):
            return tuple(x for a in arguments for x in (a.value, a.label) if x is not None)
        case s.Chain(first=first, rest=rest):
            return (first, *(operand for _, operand in rest))
        case s.Negative(operand=inner) | s.Not(operand=inner) | s.Bracket(inner=inner):
            return (inner,)
        case s.Compare(left=left, right=right):
            return (right,) if left is None else (left, right)
        case s.Logic(operands=operands):
            return operands
    return ()


def size_of(formula: s.Expr | s.Cases) -> tuple[int, int]:
    """Operations and levels, looked at no further than the limits."""
    terms = levels = 0
    level = list(parts_of(formula))
    while level and terms <= MOST_TERMS and levels <= MOST_LEVELS:
        levels += 1
        terms += sum(
            len(x.rest) if isinstance(x, s.Chain) else len(x.operands) if isinstance(x, s.Logic) else 0 for x in level
        )
        level = [inner for each in level for inner in _inside(each)]
    return terms, levels


def with_inside(formula: s.Expr | s.Cases, inside: Mapping[str, s.Expr]) -> s.Expr | s.Cases:
    """The formula with expressions in the place of some names."""
    if not inside:
        return formula
    if not isinstance(formula, s.Cases):
        return _replaced(formula, inside)
    cases = tuple(
        attrs.evolve(
            case,
            condition=None if case.condition is None else _replaced(case.condition, inside),
            award=_replaced(case.award, inside),
        )
        if isinstance(case, s.Case)
        else case
        for case in formula.cases
    )
    return attrs.evolve(formula, cases=cases)


def _replaced(expr: s.Expr, inside: Mapping[str, s.Expr]) -> s.Expr:
    match expr:
        case s.Reference(name=name):
            return inside.get(name, expr)
        case s.Call(arguments=arguments):
            made = tuple(attrs.evolve(a, value=_replaced(a.value, inside)) for a in arguments)
            return attrs.evolve(expr, arguments=made)
        case s.Chain(first=first, rest=rest):
            more = tuple((op, _replaced(operand, inside)) for op, operand in rest)
            return attrs.evolve(expr, first=_replaced(first, inside), rest=more)
        case s.Negative(operand=inner) | s.Not(operand=inner):
            return attrs.evolve(expr, operand=_replaced(inner, inside))
        case s.Bracket(inner=inner):
            return attrs.evolve(expr, inner=_replaced(inner, inside))
        case s.Compare(left=left, right=right):
            return attrs.evolve(
                expr, left=None if left is None else _replaced(left, inside), right=_replaced(right, inside)
            )
        case s.Logic(operands=operands):
            return attrs.evolve(expr, operands=tuple(_replaced(x, inside) for x in operands))
    return expr


# ---- in words


SIGNS = {
    "zh": {"/": " ÷ ", "*": " × ", "+": " + ", "-": " − ", "and": "且", "or": "或", ">=": "≥", "<=": "≤", "!=": "≠"},
    "en": {"/": " divided by ", "*": " times ", "+": " plus ", "-": " minus ", "and": " and ", "or": " or "},
}
MONEY_WORDS = {
    "zh": {"budget": "{}的全年预算数", "plan": "{}的本期计划数", "spent": "{}的实际数"},
    "en": {
        "budget": "the full-year budget of {}",
        "plan": "the amount planned for {}",
        "spent": "the amount actually spent on {}",
    },
}


def in_words(formula: s.Expr | s.Cases, unit: str, lang: str) -> str:
    """A formula as one would say it, in Chinese (``zh``) or English; a quotient in percent says so."""
    if not isinstance(formula, s.Cases):
        words = _said(formula, lang)
        if unit == "%" and isinstance(formula, s.Chain) and formula.rest[-1][0] == "/":
            words += ", in percent" if lang == "en" else " × 100%"
        return words
    said = []
    for case in formula.cases:
        if isinstance(case, s.Broken):
            continue
        award = _said(case.award, lang)
        if case.condition is None:
            said.append(f"otherwise {award}" if lang == "en" else f"否则{award}")
        else:
            when = _said(case.condition, lang)
            said.append(f"{award} where {when}" if lang == "en" else f"{when}时，{award}")
    return ("; " if lang == "en" else "；").join(said)


def _said(expr: s.Expr, lang: str) -> str:
    signs = SIGNS[lang]
    match expr:
        case s.Number():
            return expr.text or format_number(expr.value) + expr.unit
        case s.Text(text=text):
            return f"“{text}”"
        case s.Reference(name=name):
            return name
        case s.Call():
            return _call(expr, lang)
        case s.Bracket(inner=inner):
            return f"({_said(inner, lang)})" if lang == "en" else f"（{_said(inner, lang)}）"
        case s.Negative(operand=inner):
            return f"−{_said(inner, lang)}"
        case s.Not(operand=inner):
            return f"not {_said(inner, lang)}" if lang == "en" else f"不是{_said(inner, lang)}"
        case s.Chain(first=first, rest=rest):
            return _said(first, lang) + "".join(signs[op] + _said(operand, lang) for op, operand in rest)
        case s.Logic(op=op, operands=operands):
            return signs[op].join(_said(x, lang) for x in operands)
        case s.Compare(op=op, left=left, right=right):
            subject = "" if left is None else _said(left, lang) + " "
            return f"{subject}{signs.get(op, op)} {_said(right, lang)}"
        case _:
            assert_never(expr)


def _call(call: s.Call, lang: str) -> str:
    name = ENGLISH.get(call.name, call.name)
    arguments = [_said(a.value, lang) for a in call.arguments]
    if name in OF_MONEY and len(arguments) == 1:
        return MONEY_WORDS[lang][name].format(arguments[0])
    shown = FUNCTIONS.get(name, name) if lang == "zh" else name
    return f"{shown}({', '.join(arguments)})"
