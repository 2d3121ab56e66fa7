"""Formulas as written to expressions of the calculus, with their types: unit mistakes are found here.

A part that does not make sense is reported once and becomes ``UNDEFINED`` of type ``BROKEN``, about which nothing more
is said.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from math import prod
from typing import NamedTuple

from perfdsl import core as c
from perfdsl import syntax as s
from perfdsl.bounds import Env, Known, can_be_zero, known
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, closest, stated
from perfdsl.keywords import FORMULA_WORDS, FUNCTIONS
from perfdsl.quantity import parse_unit
from perfdsl.resolve import dimensions as ty
from perfdsl.resolve.dimensions import Type
from perfdsl.resolve.judge import minus
from perfdsl.text import Span

ENGLISH_WORDS = {zh: en for en, zh in FORMULA_WORDS.items()}
ENGLISH_FUNCTIONS = {zh: en for en, zh in FUNCTIONS.items()}
OWN = frozenset({"actual", "target", "completion", "gap", "excess", "met", "prior", "mark"})
FEW = 8
MOST_NODES, MOST_LEVELS = 50_000, 150


class Meant(NamedTuple):
    """An expression and its type."""

    expr: c.Expr
    type: Type


BROKEN = Meant(c.UNDEFINED, ty.BROKEN)


class Names(NamedTuple):
    """What the words of a formula stand for.

    ``lookup(name)`` gives a value or None; ``function(name, arguments)`` the functions over other rows; ``own`` the words
    of the indicator itself (empty outside a rubric); ``synonyms`` map words of a scale to their canonical one.
    """

    lookup: Callable[[str, Span], Meant | None]
    function: Callable[["Elaborator", str, s.Call], Meant | None]
    known: Callable[[], Iterable[str]]
    own: Mapping[str, Meant]
    synonyms: Mapping[str, str]
    env: Callable[[], Env]


class Elaborator:
    """Turns syntax into core expressions under one set of names; findings go to ``found``."""

    def __init__(self, names: Names, found: list[Diagnostic]) -> None:
        self.names = names
        self.found = found
        self.env: Env | None = None
        self.learn: Callable[[], Env] = names.env
        self.small: list[tuple[Fraction, Span]] = []  # numbers that multiply a share

    # ---- doors

    def value(self, expr: s.Expr) -> Meant:
        """A number, word or condition."""
        match expr:
            case s.Number():
                return self._number(expr)
            case s.Text(text=text):
                return Meant(c.Const(self.names.synonyms.get(text, text)), ty.WORD)
            case s.Reference():
                return self._reference(expr)
            case s.Call():
                return self.measured(self._call(expr), expr.span)
            case s.Chain():
                made = self._sum(expr) if expr.rest[0][0] in "+-" else self._product(expr)
                return self.measured(made, expr.span) if len(expr.rest) > FEW else made
            case s.Negative(operand=operand):
                return self._negative(self.value(operand), expr.span)
            case s.Bracket(inner=inner):
                return self.value(inner)
            case s.Compare():
                return self._compare(expr, None)
            case s.Not(operand=operand):
                return Meant(c.Not(self.condition(operand)), ty.BOOL)
            case s.Logic():
                return self._logic(expr)
        raise AssertionError(expr)

    def condition(self, expr: s.Expr) -> c.Expr:
        """A condition; a bare word stands for "the actual is this word"."""
        meant = self.value(expr)
        if meant.type.flavor == "word" and isinstance(expr, s.Text):
            return self._compare_own("=", meant, expr.span).expr
        if meant.type.flavor not in ("bool", "broken"):
            self._report(NOT_A_CONDITION, expr.span, text=expr.span.text, kind=meant.type)
            return c.UNDEFINED
        return meant.expr

    def measured(self, meant: Meant, span: Span) -> Meant:
        """The same, unless writing it out takes more room than anyone can mean: ``abs(abs(…))`` doubles each time."""
        if not c.is_large(meant.expr, MOST_NODES, MOST_LEVELS):
            return meant
        self._report(TOO_LARGE, span, text=span.text)
        return BROKEN

    def with_env(self, env: Env) -> "Elaborator":
        """The same names where more is known about the values."""
        inner = Elaborator(self.names, self.found)
        inner.env = env
        return inner

    def where(self, learn: Callable[[], Env]) -> "Elaborator":
        """The same names where ``learn`` tells what is known, asked for only where something is divided."""
        inner = Elaborator(self.names, self.found)
        inner.learn = learn
        return inner

    def known(self) -> Known:
        """What is known of the values here."""
        if self.env is None:
            self.env = self.learn()
        return known(self.env)

    # ---- atoms

    def _number(self, number: s.Number) -> Meant:
        if not number.unit:
            return Meant(c.Const(number.value), ty.ZERO if number.value == 0 else ty.PLAIN)
        unit = parse_unit(number.unit)
        assert unit is not None  # the lexer makes a number only with a unit it knows
        kind = ty.of_unit(unit)
        if kind.flavor == "quantity":
            kind = Type("quantity", kind.dims)
        return Meant(c.Const(number.value * unit.scale), kind)

    def _reference(self, ref: s.Reference) -> Meant:
        name = ref.name
        if (own := self._own_word(name)) is not None:
            return own
        found = self.names.lookup(name, ref.span)
        if found is not None:
            return found
        english = ENGLISH_WORDS.get(name)
        if english is not None and (own := self._own_word(english)) is not None:
            return own
        if name in OWN or english in OWN:
            self._report(OWN_WORD_OUTSIDE, ref.span, word=name)
        else:
            near = closest(name, itertools.chain(self.names.known(), self.names.own, FORMULA_WORDS.values()))
            self._report(UNKNOWN_NAME_NEAR if near else UNKNOWN_NAME, ref.span, name=name, near=near)
        return BROKEN

    def _own_word(self, name: str) -> Meant | None:
        if name == "missing" and "actual" in self.names.own:
            return Meant(c.Missing(self.names.own["actual"].expr), ty.BOOL)
        return self.names.own.get(name)

    # ---- arithmetic

    def _negative(self, meant: Meant, span: Span) -> Meant:
        if meant.type.flavor not in ty.NUMBERS and meant.type.flavor != "broken":
            self._report(NOT_A_NUMBER, span, text=span.text, kind=meant.type)
            return BROKEN
        return Meant(c.Mul((c.Const(Fraction(-1)), meant.expr)), meant.type)

    def _sum(self, chain: s.Chain) -> Meant:
        total = self.value(chain.first)
        terms = [total.expr]
        kind = total.type
        for op, operand in chain.rest:
            term = self.value(operand)
            joined = ty.added(kind, term.type)
            if joined is None:
                self._report(DO_NOT_ADD, chain.span, left=kind, right=term.type, text=chain.span.text)
                return BROKEN
            kind = joined
            terms.append(term.expr if op == "+" else c.Mul((c.Const(Fraction(-1)), term.expr)))
        return Meant(c.Add(tuple(terms)), kind)

    def _product(self, chain: s.Chain) -> Meant:
        product = self.value(chain.first)
        factors = [product]
        for op, operand in chain.rest:
            factor = self.value(operand)
            factors.append(factor)
            product = self._times(product, factor, chain) if op == "*" else self._over(product, factor, chain, operand)
        if product.type.flavor == "plain" and any(factor.type.flavor == "share" for factor in factors):
            size = _coefficient(product.expr)
            if size is not None:
                self.small.append((size, chain.span))
        return product

    def _times(self, left: Meant, right: Meant, chain: s.Chain) -> Meant:
        kind = ty.multiplied(left.type, right.type)
        if kind is None:
            self._report(DO_NOT_MULTIPLY, chain.span, left=left.type, right=right.type, text=chain.span.text)
            return BROKEN
        args = (*left.expr.args, right.expr) if isinstance(left.expr, c.Mul) else (left.expr, right.expr)
        if self._varies(left.expr) and self._varies(right.expr):
            self._report(PRODUCT_VARIES, chain.span, text=chain.span.text)
        return Meant(c.Mul(args), kind)

    def _over(self, left: Meant, right: Meant, chain: s.Chain, divisor: s.Expr) -> Meant:
        constant = not c.references(left.expr) and not c.references(right.expr)
        kind = ty.divided(left.type, right.type, constant=constant)
        if (
            self.names.own
            and (left.type.flavor, right.type.flavor) == ("plain", "plain")
            and not c.references(right.expr)
        ):
            kind = ty.PLAIN  # inside a rubric a number of points may be divided by a constant
        if ty.scaled_steps(left.type, right.type) and _has_plain_factor(left.expr):
            kind = ty.PLAIN
        if kind is None:
            self._report(DO_NOT_MULTIPLY, chain.span, left=left.type, right=right.type, text=chain.span.text)
            return BROKEN
        if kind.flavor != "broken" and can_be_zero(right.expr, self.known()):
            self._report(MAY_BE_ZERO, divisor.span, text=divisor.span.text)
            return BROKEN
        if self._varies(left.expr) and self._varies(right.expr):
            self._report(PRODUCT_VARIES, chain.span, text=chain.span.text)
        return Meant(c.Div(left.expr, right.expr), kind)

    def _varies(self, expr: c.Expr) -> bool:
        """Inside a rubric: does the value depend on anything but constants of the rule?"""
        return bool(self.names.own) and bool(c.references(expr) - {"target"})

    # ---- conditions

    def _logic(self, logic: s.Logic) -> Meant:
        parts: list[c.Expr] = []
        subject: s.Expr | None = None
        for operand in logic.operands:
            if isinstance(operand, s.Compare):
                parts.append(self._compare(operand, subject).expr)
                subject = operand.left if operand.left is not None else subject
            else:
                parts.append(self.condition(operand))
        made = c.And(tuple(parts)) if logic.op == "and" else c.Or(tuple(parts))
        return Meant(made, ty.BOOL)

    def _compare(self, compare: s.Compare, subject: s.Expr | None) -> Meant:
        right = self.value(compare.right)
        if compare.left is not None:
            return self._compared(compare.op, self.value(compare.left), right, compare.span)
        if subject is not None:  # ``>= 80% and < 90%``: the subject before, where the two can be compared at all
            before = self.value(subject)
            if ty.comparable(before.type, right.type):
                return self._compared(compare.op, before, right, compare.span)
        return self._compare_own(compare.op, right, compare.span)

    def _compare_own(self, op: str, right: Meant, span: Span) -> Meant:
        own = self.names.own.get("actual")
        if own is None:
            self._report(NO_SUBJECT, span, text=span.text)
            return Meant(c.UNDEFINED, ty.BOOL)
        return self._compared(op, own, right, span)

    def _compared(self, op: str, left: Meant, right: Meant, span: Span) -> Meant:
        if not ty.comparable(left.type, right.type):
            bare = {left.type.flavor, right.type.flavor}
            kind = BARE_NUMBER if "plain" in bare and bare & {"share", "quantity", "date"} else DO_NOT_COMPARE
            self._report(kind, span, left=left.type, right=right.type, text=span.text)
            return Meant(c.UNDEFINED, ty.BOOL)
        if left.type.flavor in ("word", "bool") and op not in ("=", "!="):
            self._report(WORDS_HAVE_NO_ORDER, span, text=span.text, op=op)
            return Meant(c.UNDEFINED, ty.BOOL)
        return Meant(c.Compare(op, left.expr, right.expr), ty.BOOL)

    # ---- calls

    def _call(self, call: s.Call) -> Meant:
        name = ENGLISH_FUNCTIONS.get(call.name, call.name)
        match name:
            case "min" | "max":
                return self._least_or_greatest(name, call)
            case "clamp":
                return self._clamp(call)
            case "abs":
                return self._abs(call)
            case "floor" | "ceil":
                return self._floor(name, call)
            case "round":
                return self._round(call)
            case "interpolate":
                return self._interpolate(call)
        made = self.names.function(self, name, call)
        if made is None:
            near = closest(call.name, [*FUNCTIONS, *FUNCTIONS.values()])
            self._report(UNKNOWN_FUNCTION_NEAR if near else UNKNOWN_FUNCTION, call.span, name=call.name, near=near)
            return BROKEN
        return made

    def _arguments(self, call: s.Call, least: int, most: int) -> list[Meant] | None:
        count = len(call.arguments)
        if not least <= count <= most:
            wanted = str(least) if least == most else f"{least}–{most}" if most < 99 else f"≥{least}"
            self._report(WRONG_COUNT, call.span, name=call.name, wanted=wanted, count=count)
            return None
        return [self.value(a.value) for a in call.arguments]

    def _least_or_greatest(self, name: str, call: s.Call) -> Meant:
        args = self._arguments(call, 2, 99)
        if args is None:
            return BROKEN
        kind = self._common(args, call)
        make = c.Min if name == "min" else c.Max
        return Meant(make(tuple(a.expr for a in args)), kind) if kind else BROKEN

    def _common(self, args: list[Meant], call: s.Call) -> Type | None:
        kind = args[0].type
        for arg in args[1:]:
            joined = ty.added(kind, arg.type)
            if joined is None:
                self._report(DO_NOT_ADD, call.span, left=kind, right=arg.type, text=call.span.text)
                return None
            kind = joined
        return kind

    def _clamp(self, call: s.Call) -> Meant:
        args = self._arguments(call, 3, 3)
        kind = self._common(args, call) if args else None
        if args is None or kind is None:
            return BROKEN
        return Meant(c.Min((c.Max((args[0].expr, args[1].expr)), args[2].expr)), kind)

    def _abs(self, call: s.Call) -> Meant:
        args = self._arguments(call, 1, 1)
        if args is None:
            return BROKEN
        return Meant(c.Max((args[0].expr, c.Mul((c.Const(Fraction(-1)), args[0].expr)))), args[0].type)

    def _floor(self, name: str, call: s.Call) -> Meant:
        args = self._arguments(call, 1, 1)
        if args is None:
            return BROKEN
        arg = args[0]
        if arg.type.flavor in ("quantity", "share", "distance"):
            self._report(FLOOR_OF_QUANTITY, call.span, name=call.name, kind=arg.type)
            return BROKEN
        kind = ty.PLAIN if arg.type.flavor == "ratio" else arg.type
        if name == "floor":
            return Meant(c.Floor(arg.expr), kind)
        flipped = c.Floor(c.Mul((c.Const(Fraction(-1)), arg.expr)))
        return Meant(c.Mul((c.Const(Fraction(-1)), flipped)), kind)

    def _round(self, call: s.Call) -> Meant:
        args = self._arguments(call, 1, 2)
        if args is None:
            return BROKEN
        places = args[1].expr if len(args) == 2 else c.ZERO
        known = isinstance(places, c.Const) and isinstance(places.value, Fraction) and places.value.denominator == 1
        if not (known and isinstance(places, c.Const) and 0 <= int(places.value or 0) <= 12):
            self._report(BAD_PLACES, call.span, text=call.span.text)
            return BROKEN
        arg = args[0]
        return Meant(c.Round(arg.expr, int(places.value or 0)), ty.PLAIN if arg.type.flavor == "ratio" else arg.type)

    def _interpolate(self, call: s.Call) -> Meant:
        points = [(self.value(a.label), self.value(a.value)) for a in call.arguments[1:] if a.label is not None]
        if len(points) < 2 or len(points) + 1 != len(call.arguments):
            self._report(BAD_INTERPOLATION, call.span, text=call.span.text)
            return BROKEN
        subject = self.value(call.arguments[0].value)
        xs = [x.expr.value if isinstance(x.expr, c.Const) else None for x, _ in points]
        ys = [y.expr.value if isinstance(y.expr, c.Const) else None for _, y in points]
        exact = [(x, y) for x, y in zip(xs, ys, strict=True) if isinstance(x, Fraction) and isinstance(y, Fraction)]
        if len(exact) < len(points) or any(a[0] >= b[0] for a, b in itertools.pairwise(exact)):
            self._report(BAD_INTERPOLATION, call.span, text=call.span.text)
            return BROKEN
        kind = points[0][1].type
        for x, y in points:
            joined = ty.added(kind, y.type)
            if joined is None or not ty.comparable(subject.type, x.type):
                self._report(DO_NOT_ADD, call.span, left=kind, right=y.type, text=call.span.text)
                return BROKEN
            kind = joined
        return Meant(_piecewise(subject.expr, exact), kind)

    # ---- reports

    def _report(self, kind: Kind, span: Span, /, **facts: object) -> None:
        spelled: dict[str, object] = {}
        for name, fact in facts.items():
            if isinstance(fact, Type):
                spelled[name] = ty.described(fact, "zh")
                spelled[name + "_en"] = ty.described(fact, "en")
            else:
                spelled[name] = fact
        self.found.append(stated(kind, span, spelled))

    report = _report


def _coefficient(expr: c.Expr) -> Fraction | None:
    """The constant part of a product; None where it has none or is divided by something that varies."""
    match expr:
        case c.Const(Fraction() as value):
            return value
        case c.Div(left, c.Const(Fraction() as value)):
            inner = _coefficient(left)
            return inner / value if inner is not None and value else None
        case c.Mul(args):
            known = [found for arg in args if (found := _coefficient(arg)) is not None]
            return prod(known, start=Fraction(1)) if known else None
    return None


def _has_plain_factor(expr: c.Expr) -> bool:
    """Is it a product of a price and a distance, as ``each * gap``?"""
    return isinstance(expr, c.Mul) and any(isinstance(a, c.Const) for a in expr.args)


def _piecewise(x: c.Expr, points: list[tuple[Fraction, Fraction]]) -> c.Expr:
    """Linear between the points, level outside them."""
    pieces: list[tuple[Fraction, c.Expr]] = [(points[0][0], c.Const(points[0][1]))]
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        slope = (y2 - y1) / (x2 - x1)
        pieces.append((x2, c.Add((c.Const(y1), c.Mul((c.Const(slope), minus(x, c.Const(x1))))))))
    return _halved(x, pieces, c.Const(points[-1][1]))


def _halved(x: c.Expr, pieces: list[tuple[Fraction, c.Expr]], beyond: c.Expr) -> c.Expr:
    """The piece ``x`` falls into (each up to its limit), found by halves so that many pieces are not many levels."""
    if not pieces:
        return beyond
    middle = (len(pieces) - 1) // 2 if len(pieces) > FEW else 0
    limit, piece = pieces[middle]
    test = c.Compare("<=", x, c.Const(limit))
    return c.If(test, _halved(x, pieces[:middle], piece), _halved(x, pieces[middle + 1 :], beyond))


NOT_A_CONDITION = Kind(
    "R301", ERROR, "“{text}”是{kind}，不是条件", "“{text}” is {kind_en}, not a condition",
    "条件要写成比较，如 >= 90%，或 met（达标）", "write a comparison such as >= 90%, or met",
)  # fmt: skip
UNKNOWN_NAME = Kind(
    "R303", ERROR, "算式里的“{name}”没有定义", "“{name}” is not defined",
    "它应当是本对象里的指标、简称、输入项或本规则的参数；文字要加引号",
    "it must be an indicator, a short name, an input or a parameter; a text needs quotes",
)  # fmt: skip
UNKNOWN_NAME_NEAR = Kind(
    "R304", ERROR, "算式里的“{name}”没有定义", "“{name}” is not defined",
    "是不是想写“{near}”？", "did you mean “{near}”?",
)  # fmt: skip
OWN_WORD_OUTSIDE = Kind(
    "R305", ERROR, "“{word}”只能用在计分方法里", "“{word}” can be used only inside a rubric",
    "这里请写指标的名称", "name the indicator instead",
)  # fmt: skip
NOT_A_NUMBER = Kind(
    "R306", ERROR, "“{text}”是{kind}，不能计算", "“{text}” is {kind_en} and cannot be calculated with",
    "检查算式", "check the formula",
)  # fmt: skip
DO_NOT_ADD = Kind(
    "R307", ERROR, "“{text}”把{left}与{right}相加减或相比大小", "“{text}” adds {left_en} and {right_en}",
    "两边须是同一种量：分数对分数，百分比对百分比，金额对金额", "both sides must be of one kind: points, percents, or amounts of money",
)  # fmt: skip
DO_NOT_MULTIPLY = Kind(
    "R308", ERROR, "“{text}”里{left}与{right}不能相乘除", "{left_en} and {right_en} cannot be multiplied or divided in “{text}”",
    "检查算式", "check the formula",
)  # fmt: skip
PRODUCT_VARIES = Kind(
    "R309", ERROR, "计分方法里的“{text}”是两个都会变的量相乘除，无法证明得分的上下限",
    "“{text}” multiplies or divides two varying values inside a rubric, so its limits cannot be proved",
    "把比率另列为计算指标（= 算式），计分方法里只用那个指标", "compute the ratio as an indicator of its own and use that",
)  # fmt: skip
MAY_BE_ZERO = Kind(
    "R310", ERROR, "除数“{text}”可能为零", "the divisor “{text}” may be zero",
    "给它写取值范围（如 values 1 ..），或先用条件排除零", "declare its domain (values 1 ..), or exclude zero by a case first",
)  # fmt: skip
NO_SUBJECT = Kind(
    "R311", ERROR, "“{text}”没有写与谁比较", "“{text}” does not say what is compared",
    "在比较符号前写上指标名称", "write the indicator's name before the sign",
)  # fmt: skip
DO_NOT_COMPARE = Kind(
    "R312", ERROR, "“{text}”把{left}与{right}相比", "“{text}” compares {left_en} with {right_en}",
    "两边须是同一种量", "both sides must be of one kind",
)  # fmt: skip
BARE_NUMBER = Kind(
    "R313", ERROR, "“{text}”把{left}与{right}相比：数没有写单位", "“{text}” compares {left_en} with {right_en}: the number has no unit",
    "补上单位，例如 90% 或 3万元", "add the unit, for example 90% or 3万元",
)  # fmt: skip
WORDS_HAVE_NO_ORDER = Kind(
    "R314", ERROR, "文字之间不能用“{op}”比较：{text}", "texts cannot be compared with “{op}”: {text}",
    "只能用 =；有高低之分的词请建等级量表，用 completion 比较", "use =; for ordered words declare a scale and compare completion",
)  # fmt: skip
UNKNOWN_FUNCTION = Kind(
    "R315", ERROR, "没有叫“{name}”的函数", "there is no function “{name}”",
    "可用的函数：最小、最大、限定、绝对值、向下取整、向上取整、四舍五入、内插、得分、失分、达标、计数、预算、计划、已支出、名次、名次占比、最优值、最差值、家数；求和用加号",
    "the functions are min, max, clamp, abs, floor, ceil, round, interpolate, score, lost, met, count, budget, plan, spent, rank, rank_share, best, worst, size; sums use +",
)  # fmt: skip
UNKNOWN_FUNCTION_NEAR = Kind(
    "R316", ERROR, "没有叫“{name}”的函数", "there is no function “{name}”", "是不是想写“{near}”？", "did you mean “{near}”?",
)  # fmt: skip
WRONG_COUNT = Kind(
    "R317", ERROR, "“{name}”要{wanted}个参数，这里给了{count}个", "“{name}” takes {wanted} arguments, here are {count}",
    "检查括号里的内容", "check what is in the brackets",
)  # fmt: skip
FLOOR_OF_QUANTITY = Kind(
    "R318", ERROR, "“{name}”取整的是{kind}，不知道按什么单位取整", "“{name}” rounds {kind_en}: in which unit is not clear",
    "先除以一步的大小，例如 floor(gap / 1件)", "divide by the size of a step first, as in floor(gap / 1件)",
)  # fmt: skip
BAD_PLACES = Kind(
    "R319", ERROR, "“{text}”的保留位数要是0到12的整数", "the places in “{text}” must be a whole number from 0 to 12",
    "例如 round(completion, 2)", "for example round(completion, 2)",
)  # fmt: skip
BAD_INTERPOLATION = Kind(
    "R320", ERROR, "“{text}”的写法不对", "“{text}” is not a valid interpolation",
    "写成 interpolate(值, 起点: 得分, 终点: 得分)，起点从小到大，都是确定的数",
    "write interpolate(value, x1: y1, x2: y2) with constant, increasing x",
)  # fmt: skip
TOO_LARGE = Kind(
    "R321", ERROR, "“{text}”展开后太大，无法计算和证明", "“{text}” is too large when written out",
    "把其中一部分另列为计算指标（= 算式），这里只写它的名称", "make a part of it an indicator of its own (= formula) and name that here",
)  # fmt: skip
