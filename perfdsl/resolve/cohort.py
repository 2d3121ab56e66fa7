"""Words over the objects scored together: ``rank rank_share best worst size`` as written, to comparisons and their values."""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from perfdsl import core as c
from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl import target as t
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding
from perfdsl.keywords import FORMULA_WORDS, FUNCTIONS
from perfdsl.resolve import dimensions as ty
from perfdsl.resolve.formula import BROKEN, Meant
from perfdsl.resolve.library import Library
from perfdsl.resolve.rows import Row

TOTAL = frozenset({"总分", "total"})
ORDERS = {"high_first": "high", "low_first": "low"}
TIES = {"ties_skip": "skip", "ties_dense": "dense", "ties_last": "last"}
ENGLISH = {FORMULA_WORDS[word]: word for word in (*ORDERS, *TIES)}
SCORES = {"score": "score", FUNCTIONS["score"]: "score", "lost": "lost", FUNCTIONS["lost"]: "lost"}
PLACES = c.Domain(Fraction(1), None, whole=True)
DOMAINS = {"rank": PLACES, "size": PLACES, "rank_share": c.Domain(Fraction(0), Fraction(1))}
OTHER_WAY = {"high": "low", "low": "high"}


class Lookups(NamedTuple):
    """What the rest of the object knows: the row an argument names, the type of its values, an input by name."""

    row: Callable[[s.Call, int], Row | None]
    type_of: Callable[[Row], ty.Type]
    input: Callable[[str], m.Input | None]
    is_row: Callable[[str], bool]


class Subject(NamedTuple):
    """What is compared: the name the engine knows, the words a reader knows, the type, and which way is better."""

    of: str
    text: str
    type: ty.Type
    better: str


class Options(NamedTuple):
    """What stands behind the subject; an ``order`` that is not written is empty."""

    within: str = ""
    order: str = ""
    ties: str = ""


class Comparisons:
    """The comparisons of one object, each once; ``env`` learns the limits of their values."""

    def __init__(self, lookups: Lookups, library: Library, env: dict[str, c.Domain], found: list[Diagnostic]) -> None:
        self.lookups = lookups
        self.library = library
        self.env = env
        self.found = found
        self.made: dict[str, c.Comparison] = {}

    def read(self, what: str, call: s.Call) -> Meant:
        """The value of one call."""
        arguments = [argument for argument in call.arguments if argument.label is None]
        alone = what == "size" and (not arguments or self._class(arguments[0].value) is not None)
        if len(arguments) < len(call.arguments) or not (arguments or alone):
            self.found.append(finding(NOT_COMPARED, call.span, text=call.span.text))
            return BROKEN
        subject = Subject("", "", ty.PLAIN, "high") if alone else self._subject(arguments[0].value, call)
        options = self._options(arguments if alone else arguments[1:])
        if subject is None or options is None:
            return BROKEN
        if subject.type.flavor not in ty.NUMBERS | {"date", "broken"}:
            kind, kind_en = ty.described(subject.type, "zh"), ty.described(subject.type, "en")
            self.found.append(finding(NO_ORDER, call.span, text=subject.text, kind=kind, kind_en=kind_en))
            return BROKEN
        if what != "size" and not options.order and subject.better != "high":
            self.found.append(finding(SAY_ORDER, call.span, text=subject.text, name=call.name))
            return BROKEN
        return self._meant(what, subject, options)

    def _meant(self, what: str, subject: Subject, options: Options) -> Meant:
        order, ties = options.order or "high", options.ties or "skip"
        order = OTHER_WAY[order] if what == "worst" else order
        words = [subject.text, options.within, *(w for w, x in ORDERS.items() if x == options.order == "low"),
                 *(w for w, x in TIES.items() if x == ties != "skip")]  # fmt: skip
        text = ", ".join(word for word in words if word)
        made = c.Comparison(name=f"{what}:{text}", of=subject.of, within=options.within, order=order, ties=ties)
        while self.made.setdefault(made.name, made) != made:
            made = c.Comparison(name=f"{made.name}′", of=made.of, within=made.within, order=order, ties=ties)
        if what in ("best", "worst"):
            if subject.of in self.env:
                self.env[made.name] = self.env[subject.of]
            return Meant(c.Ref(made.name), subject.type)
        self.env[made.name] = DOMAINS[what]
        return Meant(c.Ref(made.name), ty.SHARE if what == "rank_share" else ty.PLAIN)

    # ---- the subject

    def _subject(self, expr: s.Expr, call: s.Call) -> Subject | None:
        match expr:
            case s.Reference(name=name):
                return self._named(name, call)
            case s.Call(name=name, arguments=(s.Argument(value=s.Reference(name=inner), label=None),)) if (
                name in SCORES
            ):
                return self._scored(SCORES[name], inner, expr)
        self.found.append(finding(NOT_COMPARED, call.span, text=call.span.text))
        return None

    def _named(self, name: str, call: s.Call) -> Subject | None:
        item = self.lookups.input(name)
        if item is not None:
            kind = ty.WORD if item.is_word else ty.of_unit(item.unit)
            return Subject(f"input:{item.name}", item.name, kind, "high")
        if name in TOTAL and not self.lookups.is_row(name):
            return Subject("total:", "总分", ty.POINTS, "high")
        row = self.lookups.row(call, 0)
        if row is None:
            return None
        if row.is_group or self._has_entries(row):
            self.found.append(finding(NO_ONE_VALUE, call.span, name=name))
            return None
        return Subject(f"value:{'/'.join(row.path)}", self._text(row, name), self.lookups.type_of(row), better(row))

    def _scored(self, what: str, name: str, call: s.Call) -> Subject | None:
        way = "low" if what == "lost" else "high"
        if name in TOTAL and not self.lookups.is_row(name):
            return Subject(
                "total:" if what == "score" else "lost:", "总分" if what == "score" else "lost(总分)", ty.POINTS, way
            )
        row = self.lookups.row(call, 0)
        if row is None:
            return None
        return Subject(f"{what}:{'/'.join(row.path)}", f"{what}({self._text(row, name)})", ty.POINTS, way)

    def _has_entries(self, row: Row) -> bool:
        method = row.method
        if isinstance(method, s.Method):
            rubric = self.library.rubrics.get(method.name)
            return rubric is not None and rubric.head is not None
        return method is not None and method.head is not None

    @staticmethod
    def _text(row: Row, name: str) -> str:
        return row.name if name == row.alias else name

    # ---- what stands behind it

    def _class(self, expr: s.Expr) -> str | None:
        """The text input an argument names."""
        item = self.lookups.input(expr.name) if isinstance(expr, s.Reference) else None
        return item.name if item is not None and item.is_word else None

    def _options(self, arguments: list[s.Argument]) -> Options | None:
        made = Options()
        for argument in arguments:
            expr = argument.value
            word = ENGLISH.get(expr.name, expr.name) if isinstance(expr, s.Reference) else ""
            group = self._class(expr)
            if group is not None and not made.within:
                made = made._replace(within=group)
            elif group is None and word in ORDERS and not made.order:
                made = made._replace(order=ORDERS[word])
            elif group is None and word in TIES and not made.ties:
                made = made._replace(ties=TIES[word])
            else:
                self.found.append(finding(NOT_A_CLASS, argument.span, text=argument.span.text))
                return None
        return made


def better(row: Row) -> str:
    """Which values of a row are better: high, or something a comparison has to say."""
    if row.direction:
        return "high" if row.direction == "higher" else row.direction
    for use in row.read:
        match use.target.meaning:
            case t.Bound(op=op, quantity=quantity) if op in ("<=", "<") or (op == "=" and quantity.value <= 0):
                return "low"
            case t.Growth(direction="down") | t.Deadline():
                return "low"
            case t.Range():
                return "exact"
    return "high"


SAY_ORDER = Kind(
    "R286", ERROR, "“{text}”不是越高越好，{name} 要写明谁在前", "“{text}” is not better the higher it is: {name} has to say which comes first",
    "加上 low_first（低者在前）或 high_first（高者在前），如 rank({text}, low_first)",
    "add low_first or high_first, as in rank({text}, low_first)",
)  # fmt: skip
NOT_COMPARED = Kind(
    "R287", ERROR, "“{text}”没有写清比什么", "“{text}” does not say what is compared",
    "括号里先写一行的名称、输入项、score(行)、lost(行) 或 总分；别的算式先列成一行计算指标",
    "begin with the name of a row or input, score(ROW), lost(ROW) or 总分; make any other formula a row of its own",
)  # fmt: skip
NOT_A_CLASS = Kind(
    "R288", ERROR, "“{text}”不是类别，也不是次序或并列的写法，或者写了两次", "“{text}” is no class, no order and no rule for ties, or is said twice",
    "类别是文字的输入项（input 类别 values \"甲类\", \"乙类\"）；次序写 high_first、low_first，并列写 ties_skip、ties_dense、ties_last",
    "a class is a text input (input 类别 values \"甲类\", \"乙类\"); orders are high_first, low_first; ties are ties_skip, ties_dense, ties_last",
)  # fmt: skip
NO_ORDER = Kind(
    "R289", ERROR, "“{text}”是{kind}，排不出名次", "“{text}” is {kind_en} and cannot be ranked",
    "比它的得分：score(行)", "compare its score: score(ROW)",
)  # fmt: skip
CIRCLE_OF_PLACES = Kind(
    "R290", ERROR, "名次绕回了自己：{trail}", "a place depends on itself: {trail}",
    "名次由什么排出，就不能再影响什么：比完成值，或把靠名次得的分移到总分以外（如 award）",
    "what a place is made from may not depend on it: compare actuals, or use the place outside the total (as in an award)",
)  # fmt: skip
NO_ONE_VALUE = Kind(
    "R292", ERROR, "“{name}”是一组，或由几条记录合成，没有一个完成值可以比", "“{name}” is a group or made of several entries: it has no one value to compare",
    "比它的得分：score({name})", "compare its score: score({name})",
)  # fmt: skip
