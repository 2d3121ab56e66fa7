"""A rubric applied to one indicator: parameters bound, awards in points, conditions in core expressions."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from perfdsl import core as c
from perfdsl import syntax as s
from perfdsl.bounds import Known, substitute
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, Label, closest, finding
from perfdsl.quantity import format_number
from perfdsl.resolve import dimensions as ty
from perfdsl.resolve.dimensions import Type
from perfdsl.resolve.formula import Elaborator, Meant, Names
from perfdsl.resolve.library import Library, unknown_rubric
from perfdsl.text import Span


class Subject(NamedTuple):
    """The indicator a rubric is applied to, as far as the rubric can see it.

    ``aim`` is the sign all its targets have, 0 where they differ or have none; ``zero`` says whether an actual of zero
    meets all of them (True) or none (False).
    """

    value: Type
    judged: bool
    points: Fraction | None
    low: Fraction
    high: Fraction
    domain: c.Domain
    aim: int = 0
    zero: bool | None = None


class Applied(NamedTuple):
    """A rubric ready to be elaborated: its cases, its head, and its parameters' values."""

    name: str
    cases: tuple[s.Case | s.Broken, ...]
    head: s.Head | None
    parameters: Mapping[str, Meant]


class Applier:
    """Applies rubrics of a library inside one object; ``names_with(own, parameters)`` makes the names of a rubric."""

    def __init__(self, library: Library, names: Callable[[Mapping[str, Meant], Subject], Names],
                 found: list[Diagnostic]) -> None:  # fmt: skip
        self.library = library
        self.names = names
        self.found = found

    def apply(self, method: s.Method | s.Inline, subject: Subject) -> c.Scoring | None:
        """The scoring of one indicator; None when the rubric is unknown or broken (reported)."""
        own = own_words(subject)
        chosen = self._inline(method) if isinstance(method, s.Inline) else self._named(method, subject, own)
        if chosen is None or any(isinstance(case, s.Broken) for case in chosen.cases):
            return None
        before = len(self.found)
        elaborator = Elaborator(self.names({**own, **chosen.parameters}, subject), self.found)
        cases = _Cases(elaborator, subject, self.found).all(chosen.cases)
        self.found[before:] = [_used_at(method.span, d) for d in self.found[before:]]
        if cases is None:
            return None
        if not cases:
            self.found.append(finding(NO_CASES, method.span))
            return None
        entries = self._entries(chosen, subject) if chosen.head is not None else None
        if entries is not None and entries.how == "check" and not entries.words:
            self.found.append(finding(CHECK_NEEDS_WORDS, method.span))
        return c.Scoring(chosen.name, cases, subject.low, subject.high, entries)

    def _inline(self, method: s.Inline) -> Applied:
        return Applied("", method.cases, method.head, {})

    def _named(self, method: s.Method, subject: Subject, own: Mapping[str, Meant]) -> Applied | None:
        rubric = self.library.rubrics.get(method.name)
        if rubric is None:
            if not self.library.incomplete:
                self.found.append(unknown_rubric(method.name, self.library, method.span))
            return None
        elaborator = Elaborator(self.names(own, subject), self.found)
        given = self._given(method, rubric)
        if given is None:
            return None
        parameters: dict[str, Meant] = {}
        for parameter in rubric.parameters:
            expr = given.get(parameter.name, parameter.default)
            if expr is None:
                label = Label(parameter.span, "没有默认值", "has no default")
                self.found.append(finding(ARGUMENT_MISSING, method.span, labels=[label], rubric=method.name,
                                          name=parameter.name))  # fmt: skip
                return None
            parameters[parameter.name] = elaborator.value(expr)
        return Applied(method.name, rubric.cases, rubric.head, parameters)

    def _given(self, method: s.Method, rubric: s.Rubric) -> dict[str, s.Expr] | None:
        """Arguments by parameter name: positions first, then names."""
        known = [p.name for p in rubric.parameters]
        given: dict[str, s.Expr] = {}
        for index, argument in enumerate(method.arguments):
            name = argument.label.name if isinstance(argument.label, s.Reference) else ""
            if argument.label is None and index < len(known):
                name = known[index]
            if name not in known:
                near = closest(name or argument.span.text, known)
                self.found.append(finding(UNKNOWN_ARGUMENT, argument.span, rubric=method.name,
                                          text=argument.span.text, known="、".join(known) or "—", near=near))  # fmt: skip
                return None
            if name in given:
                self.found.append(finding(ARGUMENT_TWICE, argument.span, rubric=method.name, name=name))
                return None
            given[name] = argument.value
        return given

    def _entries(self, chosen: Applied, subject: Subject) -> c.Entries | None:
        head = chosen.head
        assert head is not None  # the caller looked
        base = Fraction(0)
        if head.base is not None:
            base = head.base.value
            if head.base.unit:
                if subject.points is None:
                    self.found.append(finding(SHARE_WITHOUT_POINTS, head.base.span, text=head.base.span.text))
                    return None
                base = base / 100 * subject.points
        words = [case.condition.text for case in chosen.cases
                 if isinstance(case, s.Case) and isinstance(case.condition, s.Text)]  # fmt: skip
        over = int(head.over.value) if head.over is not None else 0
        how = head.how or "sum"
        if how == "trimmed mean" and head.over is None:
            self.found.append(finding(TRIMMED_OVER_WHAT, head.span))
        return c.Entries(how, head.per, base, over, tuple(words))


def _used_at(span: Span, found: Diagnostic) -> Diagnostic:
    """A finding inside a rubric of another place also shows the row for which it was found."""
    if span.source is found.span.source and span.start <= found.span.start <= span.end:
        return found
    return found._replace(labels=(*found.labels, Label(span, "用在这里", "used here")))


def own_words(subject: Subject) -> dict[str, Meant]:
    """The words of the indicator itself inside its rubric."""
    value = subject.value
    distance = {"word": ty.DISTANCE, "share": ty.DISTANCE, "date": ty.DURATION}.get(value.flavor, value)
    own = {"actual": Meant(c.Ref("actual"), value), "prior": Meant(c.Ref("prior"), value),
           "mark": Meant(c.Ref("mark"), ty.POINTS)}  # fmt: skip
    if subject.points is not None:
        own["points"] = Meant(c.Const(subject.points), ty.POINTS)
    if subject.judged:
        own |= {
            "target": Meant(c.Ref("target"), value), "completion": Meant(c.Ref("completion"), ty.SHARE),
            "gap": Meant(c.Ref("gap"), distance), "excess": Meant(c.Ref("excess"), distance),
            "met": Meant(c.Ref("met"), ty.BOOL),
        }  # fmt: skip
    return own


class _Rest:
    """What is known where none of the cases so far holds; worked out only when asked for."""

    def __init__(self, learn: Callable[[], Known]) -> None:
        self.learn = learn
        self.failed: list[c.Expr] = []
        self.found: Known | None = None

    def known(self) -> Known:
        """Where the cases contradict each other nothing is reached, and nothing more is known."""
        found = self.found or self.learn()
        for when in self.failed:
            found = found.assuming(when, False) or found
        self.failed.clear()
        self.found = found
        return found

    def inside(self, when: c.Expr) -> Known:
        """The same where the next case holds."""
        return self.known().assuming(when, True) or self.known()


class _Cases:
    """The cases of one rubric, in order."""

    def __init__(self, elaborator: Elaborator, subject: Subject, found: list[Diagnostic]) -> None:
        self.elaborator = elaborator
        self.subject = subject
        self.found = found

    def all(self, cases: tuple[s.Case | s.Broken, ...]) -> tuple[c.Case, ...] | None:
        """All of them; None when one of them is broken (reported)."""
        before = len(self.found)
        made: list[c.Case] = []
        rest = _Rest(self.elaborator.known)
        for case in cases:
            if isinstance(case, s.Case):
                made.append(self._case(case, rest))
                rest.failed.append(self._decided(made[-1].when))
        marked_only = all(m.high is not None and not _looks_at_actual(m.when) for m in made)
        if not marked_only:
            made = [_needs_actual(m) for m in made]
        return tuple(made) if len(self.found) == before else None

    def _case(self, case: s.Case, rest: "_Rest") -> c.Case:
        """One case; what it divides by is not zero where an earlier one, or its own condition, excludes that."""
        looking = self.elaborator.where(rest.known)
        when = c.TRUE if case.condition is None else looking.condition(case.condition)
        missing = isinstance(when, c.Missing)
        inside = self.elaborator if missing else self.elaborator.where(lambda: rest.inside(self._decided(when)))
        low = self._award(case.award, inside)
        high = self._award(case.high, inside) if case.high is not None else None
        if case.high is not None and _above(low, high):
            inside.report(RANGE_REVERSED, case.high.span, low=case.award.span.text, high=case.high.span.text)
        text = "otherwise" if case.condition is None else _one_line(case.condition.span)
        award = _one_line(case.award.span) + (f" .. {_one_line(case.high.span)}" if case.high is not None else "")
        return c.Case(when, low, high, text, award, case.span.line, missing)

    def _decided(self, when: c.Expr) -> c.Expr:
        """A condition that says besides what ``met`` says of an actual of zero.

        What compares an actual with the target says nothing of the target: one of zero is to be excluded by name.
        """
        if {"target", "actual"} <= c.references(when):
            return c.Ref("undecided")
        met, zero = c.Ref("met"), c.Const(Fraction(0))
        if self.subject.zero is None or "met" not in c.references(when):
            return when
        told = (c.Or((met, c.Compare("=", c.Ref("actual"), zero))) if self.subject.zero
                else c.And((met, c.Compare("!=", c.Ref("actual"), zero))))  # fmt: skip
        return substitute(when, {"met": told})

    def _award(self, expr: s.Expr, elaborator: Elaborator) -> c.Expr:
        elaborator.small.clear()
        meant = elaborator.value(expr)
        flavor = meant.type.flavor
        self._small_numbers(elaborator)
        if flavor in ("plain", "points", "zero"):
            return meant.expr
        if flavor == "share":
            if self.subject.points is None:
                self.found.append(finding(SHARE_WITHOUT_POINTS, expr.span, text=expr.span.text))
                return c.UNDEFINED
            return _share_of(meant.expr, self.subject.points)
        if flavor == "ratio":
            self.elaborator.report(QUOTIENT_AWARDED, expr.span, text=expr.span.text)
        elif flavor != "broken":
            self.elaborator.report(NOT_AN_AWARD, expr.span, text=expr.span.text, kind=meant.type)
        return c.UNDEFINED

    def _small_numbers(self, elaborator: Elaborator) -> None:
        """``0.5 * completion`` is half a point at most, and looks like half of the points."""
        points = self.subject.points
        for size, span in elaborator.small:
            if points in (None, 0, 1, size) or not 0 < abs(size) < 2:
                continue
            elaborator.report(NUMBER_OR_SHARE, span, text=span.text, share=format_number(size * 100),
                              number=format_number(size), of=format_number(size * 100 / (points or 1)))  # fmt: skip


def _share_of(share: c.Expr, points: Fraction) -> c.Expr:
    if isinstance(share, c.Const) and isinstance(share.value, Fraction):
        return c.Const(share.value * points)
    return c.Mul((share, c.Const(points)))


def _above(low: c.Expr, high: c.Expr | None) -> bool:
    return (isinstance(low, c.Const) and isinstance(high, c.Const) and isinstance(low.value, Fraction)
            and isinstance(high.value, Fraction) and low.value > high.value)  # fmt: skip


def _looks_at_actual(expr: c.Expr) -> bool:
    return bool(c.references(expr) & {"actual", "met", "completion", "gap", "excess", "prior"})


def _needs_actual(case: c.Case) -> c.Case:
    """``otherwise`` never decides a missing value: its condition is undefined without one."""
    if case.when != c.TRUE:
        return case
    return c.Case(c.If(c.Missing(c.Ref("actual")), c.UNDEFINED, c.TRUE), case.award, case.high, case.text,
                  case.award_text, case.line, case.missing)  # fmt: skip


def _one_line(span: Span) -> str:
    return " ".join(span.text.split())


NO_CASES = Kind(
    "R401", ERROR, "这个计分方法里没有任何一档", "this rubric has no cases",
    "写上“条件 -> 得分”", "write condition -> award",
)  # fmt: skip
ARGUMENT_MISSING = Kind(
    "R402", ERROR, "计分方法“{rubric}”缺少参数“{name}”", "rubric “{rubric}” needs “{name}”",
    "写成 {rubric}({name}: 值)", "write {rubric}({name}: value)",
)  # fmt: skip
UNKNOWN_ARGUMENT = Kind(
    "R403", ERROR, "计分方法“{rubric}”没有“{text}”对应的参数", "rubric “{rubric}” has no parameter for “{text}”",
    "它的参数是：{known}", "its parameters are: {known}",
)  # fmt: skip
ARGUMENT_TWICE = Kind(
    "R404", ERROR, "计分方法“{rubric}”的参数“{name}”给了两次", "“{name}” of rubric “{rubric}” is given twice",
    "删去其中一个", "remove one of them",
)  # fmt: skip
SHARE_WITHOUT_POINTS = Kind(
    "R405", ERROR, "“{text}”是分值的百分比，但这一行没有分值", "“{text}” is a share of the points, but the row has none",
    "给这一行写分值，或直接写得几分", "give the row points, or award plain points",
)  # fmt: skip
QUOTIENT_AWARDED = Kind(
    "R406", ERROR, "“{text}”是两个数之比，看不出是分数还是分值的百分比",
    "“{text}” is a quotient: points or a share of them is not clear",
    "按比例给分写 points * (比)，按完成率给分用 completion（完成率），按步给分用 floor(差 / 一步)", "write points * (ratio), use completion, or count steps with floor(gap / step)",
)  # fmt: skip
NOT_AN_AWARD = Kind(
    "R407", ERROR, "“{text}”是{kind}，不能作为得分", "“{text}” is {kind_en} and cannot be awarded",
    "得分写成分数（2）、分值的百分比（80%）或 completion", "award points (2), a share of them (80%), or completion",
)  # fmt: skip
CHECK_NEEDS_WORDS = Kind(
    "R408", ERROR, "要点累计的每一档都要写要点的文字", "every case of check needs the text of its point",
    "例如 \"有制度\" -> 1", "for example \"有制度\" -> 1",
)  # fmt: skip
TRIMMED_OVER_WHAT = Kind(
    "R409", ERROR, "截尾平均没有写超过几份才去掉最高最低", "trimmed mean does not say above how many entries it trims",
    "例如 trimmed mean over 5", "for example trimmed mean over 5",
)  # fmt: skip
NUMBER_OR_SHARE = Kind(
    "R410", ERROR, "“{text}”里的数{number}看不出是{number}分还是分值的{share}%",
    "“{number}” in “{text}” may mean {number} points or {share}% of the points",
    "分值的{share}%写 {share}% * 完成率（或 points * {number} * 完成率）；确实只有{number}分的写 {of}% * 完成率",
    "for {share}% of the points write {share}% * completion (or points * {number} * completion); for {number} points, {of}% * completion",
)  # fmt: skip
RANGE_REVERSED = Kind(
    "R411", ERROR, "得分范围“{low} .. {high}”的下限大于上限", "the lower end of the award “{low} .. {high}” is above its upper end",
    "先写低的，再写高的：{high} .. {low}", "write the lower end first: {high} .. {low}",
)  # fmt: skip
