"""An expression of the core calculus as an Excel formula: an error is what is missing, so it spreads as the engine's None does.

A spreadsheet reckons in binary fractions.  What is compared, counted in steps or rounded is therefore rounded first to the
last digits that are sure (``GUARD``), so that 0.1 + 0.2 meets 0.3 and half a cent goes up as the rules say.
"""

from collections.abc import Callable
from fractions import Fraction

import attrs

from perfdsl import core as c
from perfdsl.core import Value
from perfdsl.layout import Formula, Ref, Refs
from perfdsl.quantity import format_number

GUARD = 14  # sure digits of a result of a few operations on binary fractions of 53 bits
LARGE = Fraction(1000)  # from here on a difference of amounts loses digits that matter to half a cent
MOST_PARTS, MOST_DEPTH = 600, 40
MOST_LENGTH, MOST_NESTED, ADDRESS = (
    7_500,
    60,
    12,
)  # Excel: 8,192 signs, 64 levels; an address on another sheet has some 12 signs
Joined = list[str | Ref | Refs]


class Unwritable(ValueError):
    """A rule a spreadsheet cannot say; the reason in Chinese."""


@attrs.frozen
class Names:
    """What the writer asks about a name: its formula, its value now, whether it is a word, and whether it may be missing."""

    formula: Callable[[str], Formula]
    value: Callable[[c.Expr], Value]
    is_word: Callable[[str], bool]
    exact: Callable[[str], bool]


def written(expr: c.Expr, names: Names) -> Formula:
    """``expr`` as a formula without the ``=``; raises ``Unwritable``."""
    if c.is_large(expr, MOST_PARTS, MOST_DEPTH):
        raise Unwritable("算式太长")
    return tuple(_Writer(names).expr(expr))


def fitting(formula: Formula) -> Formula:
    """The formula where a spreadsheet takes it: not too long, not nested too deep; else ``Unwritable``."""
    length, depth, deepest = 0, 0, 0
    for part in formula:
        if not isinstance(part, str):
            length += ADDRESS
            continue
        length += len(part)
        for sign in part:
            depth += (sign == "(") - (sign == ")")
            deepest = max(deepest, depth)
    if length > MOST_LENGTH or deepest > MOST_NESTED:
        raise Unwritable("算式太长，Excel 放不下")
    return formula


def guarded(formula: Formula, size: Fraction) -> Formula:
    """Rounded to its sure digits; ``size`` is about as large as it gets."""
    return ("ROUND(", *formula, f",{places(size)})")


def settled(formula: Formula, size: Fraction, digits: int) -> Formula:
    """Rounded where what it is reckoned from is so large that its last digits are not sure; never to less than ``digits``."""
    return ("ROUND(", *formula, f",{max(digits, places(size))})") if size >= LARGE else formula


def size_of(expr: c.Expr, names: Names) -> Fraction:
    """About how large ``expr`` and what it is reckoned from get."""
    return _Writer(names).size(expr)


def places(size: Fraction) -> int:
    """How many decimals of a number of that size are sure."""
    return max(0, GUARD - len(str(int(abs(size)))))


def literal(value: Fraction) -> str:
    """A number as a formula writes it: a decimal of at most 15 digits, else a quotient of two."""
    text = format_number(value)
    if "/" not in text and sum(ch.isdigit() for ch in text) <= 15:
        return f"({text})" if value < 0 else text
    if max(abs(value.numerator), value.denominator) >= 10**15:
        raise Unwritable("数字太长")
    return f"({value.numerator}/{value.denominator})"


def quoted(text: str) -> str:
    """A text as a formula writes it."""
    if len(text) > 255 or not text.isprintable():
        raise Unwritable("文字太长")
    return '"' + text.replace('"', '""') + '"'


class _Writer:
    def __init__(self, names: Names) -> None:
        self.names = names

    def expr(self, expr: c.Expr) -> Joined:
        match expr:
            case c.Const(value):
                return [_constant(value)]
            case c.Ref(name):
                return list(self.names.formula(name))
            case c.Add(args):
                return ["(", *_between([self.expr(a) for a in args], "+"), ")"]
            case c.Mul(args):
                return ["(", *_between([self.expr(a) for a in args], "*"), ")"]
            case c.Div(left, right):
                return ["(", *self.expr(left), "/", *self.expr(right), ")"]
            case c.Min(args):
                return ["MIN(", *_between([self.expr(a) for a in args], ","), ")"]
            case c.Max(args):
                return ["MAX(", *_between([self.expr(a) for a in args], ","), ")"]
            case c.Floor(arg):
                return ["INT(", *guarded(tuple(self.expr(arg)), self.size(arg)), ")"]
            case c.Round(arg, digits):
                return ["ROUND(", *guarded(tuple(self.expr(arg)), self.size(arg)), f",{digits})"]
            case c.Compare(op, left, right):
                return self.compare(op, left, right)
            case c.And(args):
                return self.both(args, "AND", "FALSE")
            case c.Or(args):
                return self.both(args, "OR", "TRUE")
            case c.Not(arg):
                return ["NOT(", *self.expr(arg), ")"]
            case c.If(test, then, other):
                return ["IF(", *self.expr(test), ",", *self.expr(then), ",", *self.expr(other), ")"]
            case c.Missing(arg):
                return ["ISERROR(", *self.expr(arg), ")"]
        raise AssertionError(expr)

    def compare(self, op: str, left: c.Expr, right: c.Expr) -> Joined:
        """Words letter by letter, truths as they are, numbers by their difference unless both are exact as they stand."""
        sign = "<>" if op == "!=" else op
        if self.says_word(left) or self.says_word(right):
            same = ["EXACT(", *self.expr(left), ",", *self.expr(right), ")"]
            return same if op == "=" else ["NOT(", *same, ")"]
        if any(isinstance(side, c.Const) and isinstance(side.value, bool) for side in (left, right)) or (
            self.is_exact(left) and self.is_exact(right)
        ):
            return ["(", *self.expr(left), sign, *self.expr(right), ")"]
        apart: Formula = (*self.expr(left), "-", *self.expr(right))
        return ["(", *guarded(apart, self.size(left) + self.size(right)), f"{sign}0)"]

    def both(self, args: tuple[c.Expr, ...], word: str, decisive: str) -> Joined:
        """``and``, ``or``: one decisive operand settles it whatever is missing."""
        parts = [self.expr(arg) for arg in args]
        plain: Joined = [f"{word}(", *_between(parts, ","), ")"]
        if len(_missable(args)) <= 1:
            return plain
        for part in reversed(parts):
            decides = ["NOT(", *part, ")"] if decisive == "FALSE" else part
            plain = ["IF(IFERROR(", *decides, ",FALSE),", decisive, ",", *plain, ")"]
        return plain

    def says_word(self, expr: c.Expr) -> bool:
        if isinstance(expr, c.Const):
            return isinstance(expr.value, str)
        return isinstance(expr, c.Ref) and self.names.is_word(expr.name)

    def is_exact(self, expr: c.Expr) -> bool:
        """Is it the same binary fraction as any other writing of that decimal?"""
        if isinstance(expr, c.Const):
            return isinstance(expr.value, Fraction) and "/" not in literal(expr.value)
        return isinstance(expr, c.Ref) and self.names.exact(expr.name)

    def size(self, expr: c.Expr) -> Fraction:
        """About how large the expression and what it is reckoned from get, by the values of now."""
        match expr:
            case c.Const(value):
                return abs(value) if isinstance(value, Fraction) else Fraction(1)
            case c.Add(args):
                return sum((self.size(arg) for arg in args), Fraction(0))
            case c.Min(args) | c.Max(args):
                return max((self.size(arg) for arg in args), default=Fraction(1))
            case c.Mul(args):
                made = Fraction(1)
                for arg in args:
                    made *= max(self.size(arg), Fraction(1, 1000))
                return made
            case c.Div(left, right):
                below = self.names.value(right)
                return self.size(left) / abs(below) if isinstance(below, Fraction) and below else Fraction(1)
            case c.If(_, then, other):
                return max(self.size(then), self.size(other))
            case c.Round(arg, _) | c.Floor(arg):
                return self.size(arg)
        now = self.names.value(expr)
        return abs(now) if isinstance(now, Fraction) else Fraction(1)


def _missable(args: tuple[c.Expr, ...]) -> set[str]:
    """What may be missing in ``args``; a quotient by anything but a constant counts for itself."""
    found: set[str] = set()
    stack = list(args)
    while stack:
        top = stack.pop()
        if isinstance(top, c.Ref):
            found.add(top.name)
        elif isinstance(top, c.Div) and not isinstance(top.right, c.Const):
            found.update({"/", "//"})
        elif isinstance(top, (c.And, c.Or, c.If, c.Missing)) or top == c.UNDEFINED:
            found.update({"?", "??"})  # missing in ways of its own
        else:
            stack.extend(c.children(top))
    return found


def _constant(value: Value) -> str:
    if value is None:
        return "NA()"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return quoted(value) if isinstance(value, str) else literal(value)


def _between(parts: list[Joined], sign: str) -> Joined:
    made: Joined = []
    for number, part in enumerate(parts):
        made += [sign, *part] if number else part
    return made
