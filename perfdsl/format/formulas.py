"""Expressions, conditions and calls on one line.

A formula is printed with the brackets it was written with and no others, so it reads back as the same tree.
"""

from typing import assert_never

from perfdsl import syntax as s
from perfdsl.format.words import Words


def formula(made: s.Expr, words: Words) -> str:
    """An expression or condition."""
    match made:
        case s.Number():
            return words.number(made)
        case s.Text():
            return words.text(made.text)
        case s.Reference():
            return words.reference(made.name)
        case s.Call():
            return words.function(made.name) + arguments(made.arguments, words)
        case s.Bracket():
            return f"({formula(made.inner, words)})"
        case s.Negative():
            return "-" + formula(made.operand, words)
        case s.Not():
            return f"{words.key('not')} {formula(made.operand, words)}"
        case s.Chain() | s.Logic() | s.Compare():
            return _joined(made, words)
        case _:
            assert_never(made)


def arguments(made: tuple[s.Argument, ...], words: Words) -> str:
    """The arguments of a call or a rubric, in their brackets."""
    return f"({', '.join(_argument(one, words) for one in made)})"


def _argument(made: s.Argument, words: Words) -> str:
    value = formula(made.value, words)
    if made.label is None:
        return value
    label = made.label.name if isinstance(made.label, s.Reference) else formula(made.label, words)
    return f"{label}: {value}"


def _joined(made: s.Chain | s.Logic | s.Compare, words: Words) -> str:
    match made:
        case s.Chain():
            return formula(made.first, words) + "".join(f" {op} {formula(part, words)}" for op, part in made.rest)
        case s.Logic():
            return f" {words.key(made.op)} ".join(formula(part, words) for part in made.operands)
        case s.Compare():
            left = "" if made.left is None else formula(made.left, words) + " "
            return f"{left}{made.op} {formula(made.right, words)}"
        case _:
            assert_never(made)
