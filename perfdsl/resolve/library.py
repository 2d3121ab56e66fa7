"""The rubrics, scales and grades a file can see: its own, and those of the rulesets and files it uses."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

import attrs

from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl.diagnostics import ERROR, WARNING, Diagnostic, Kind, Label, closest, finding
from perfdsl.quantity import parse_unit
from perfdsl.resolve.lights import about, check_lights
from perfdsl.text import Span

T = TypeVar("T")


class Loaded(NamedTuple):
    """What ``use`` may bring in: parsed files by the key the shell gave them, and what each ``use`` points to.

    ``targets`` maps (source name, name as written) to a key, or to a diagnostic when it cannot be read.
    """

    files: dict[str, s.File]
    targets: dict[tuple[str, str], "str | Diagnostic"]
    memo: "Memo"


@attrs.define(eq=False)
class Memo:
    """What resolving one file may leave for the next: targets judged, library rubrics applied.

    Everything in it is a pure function of its key, so sharing it changes the time a check takes and nothing else.
    """

    targets: dict[object, Any] = attrs.Factory(dict)
    scorings: dict[object, Any] = attrs.Factory(dict)


class Scale(NamedTuple):
    """Ordered words: canonical words with their shares, and every synonym."""

    name: str
    shares: tuple[tuple[str, Fraction], ...]
    synonyms: tuple[tuple[str, str], ...]
    span: Span


@attrs.define
class Library:
    """Names in scope; later declarations may not reuse a name."""

    rubrics: dict[str, s.Rubric] = attrs.Factory(dict)
    scales: dict[str, Scale] = attrs.Factory(dict)
    grades: dict[str, s.Grades] = attrs.Factory(dict)
    lights: dict[str, s.Lights] = attrs.Factory(dict)  # by what they are for: output, money, or both
    indicators: dict[str, dict[str, s.Definition | s.Input]] = attrs.Factory(dict)  # by ruleset, inputs too
    named: list[m.Named] = attrs.Factory(list)
    uses: dict[tuple[str, str], None] = attrs.Factory(dict)
    incomplete: bool = False  # a ``use`` failed, so an unknown name may well be known
    words: dict[str, Scale] = attrs.Factory(dict)
    synonyms: dict[str, str] = attrs.Factory(dict)

    def extended(self) -> "Library":
        """A copy that an object may add its own names to."""
        return attrs.evolve(self, rubrics=dict(self.rubrics), scales=dict(self.scales), grades=dict(self.grades), lights=dict(self.lights),
                            words=dict(self.words), synonyms=dict(self.synonyms))  # fmt: skip


LONGEST_TRAIL = 12
YES_NO = s.Scale(s.Ident("是否"), (
    s.Level((s.Ident("是"),), s.Number(Fraction(100), "%")), s.Level((s.Ident("否"),), s.Number(Fraction(0), "%")),
))  # fmt: skip


def collect(file: s.File, loaded: Loaded, found: list[Diagnostic]) -> Library:
    """Everything ``file`` can name, itself included."""
    library = Library()
    add_scale(library, YES_NO, "", found)
    _include(library, file, loaded, found)
    return library


def _include(library: Library, file: s.File, loaded: Loaded, found: list[Diagnostic]) -> None:
    """What used files declare comes before what their user declares; a chain of any length needs no depth."""
    trail = {file.span.source.name: (file, _uses(file))}
    while trail:
        name = next(reversed(trail))
        current, uses = trail[name]
        use = next(uses, None)
        if use is None:
            _declare_all(library, current, found)
            del trail[name]
        elif (key := _used(library, use, loaded, found, trail)) is not None:
            trail[key] = (loaded.files[key], _uses(loaded.files[key]))


def _uses(file: s.File) -> Iterator[s.Use]:
    return (item for item in file.items if isinstance(item, s.Use))


def _declare_all(library: Library, file: s.File, found: list[Diagnostic]) -> None:
    for item in file.items:
        if isinstance(item, s.Ruleset):
            for inner in item.items:
                declare(library, inner, item.name.text, found)
        else:
            declare(library, item, "", found)


def _used(
    library: Library, use: s.Use, loaded: Loaded, found: list[Diagnostic], trail: Mapping[str, object]
) -> str | None:
    """The file that ``use`` brings in; None when there is none, or when it is in already."""
    key = loaded.targets.get((use.span.source.name, use.name.text))
    if key is None:
        return None
    if isinstance(key, Diagnostic):
        library.incomplete = True
        found.append(key)
        return None
    if key in trail:
        names = list(trail)
        circle = names[names.index(key) :]
        shown = (
            circle
            if len(circle) < LONGEST_TRAIL
            else [*circle[: LONGEST_TRAIL // 2], "…", *circle[-LONGEST_TRAIL // 2 :]]
        )
        found.append(finding(CYCLIC_USE, use.span, name=use.name.text, trail=" → ".join([*shown, key])))
        return None
    if (use.name.text, key) in library.uses:
        return None
    library.uses[use.name.text, key] = None
    return key


def declare(library: Library, item: s.Item, ruleset: str, found: list[Diagnostic]) -> None:
    """Put a rubric, scale, grades or lights into scope; other items are not names of the library."""
    if isinstance(item, s.Rubric):
        _unique(library.rubrics, item.name, item, found)
        _check_parameters(item, found)
        remarks = tuple(m.Remark(r.kind, r.text) for r in item.remarks)
        library.named.append(m.Named(kind="rubric", name=item.name.text, ruleset=ruleset, text=item.span.text,
                                     remarks=remarks, span=item.span))  # fmt: skip
    elif isinstance(item, s.Definition):
        home = library.indicators.setdefault(ruleset, {})
        _unique(home, item.name, item, found)
        library.named.append(m.Named(kind="indicator", name=item.name.text, ruleset=ruleset, text=item.span.text,
                                     span=item.span))  # fmt: skip
    elif isinstance(item, s.Input) and ruleset:
        _unique(library.indicators.setdefault(ruleset, {}), item.name, item, found)
    elif isinstance(item, s.Scale):
        add_scale(library, item, ruleset, found)
    elif isinstance(item, s.Lights):
        check_lights(item, found)
        library.lights["" if item.about is None else "".join(about(item))] = item
    elif isinstance(item, s.Grades):
        name = item.name or s.Ident("", span=item.span)
        if name.text or "" not in library.grades:
            _unique(library.grades, name, item, found)
        else:
            library.grades[""] = item
        library.named.append(m.Named(kind="grades", name=name.text or "评价等级", ruleset=ruleset,
                                     text=item.span.text, span=item.span))  # fmt: skip


def _unique(table: dict[str, T], name: s.Ident, item: T, found: list[Diagnostic]) -> None:
    before = table.get(name.text)
    if before is not None and before is not item:
        label = Label(getattr(before, "span", name.span), "已在这里定义", "already defined here")
        found.append(finding(NAME_TAKEN, name.span, labels=[label], name=name.text))
        return
    table[name.text] = item


def add_scale(library: Library, item: s.Scale, ruleset: str, found: list[Diagnostic]) -> None:
    """Read a scale: words, synonyms, shares from best to worst."""
    shares: list[tuple[str, Fraction]] = []
    synonyms: list[tuple[str, str]] = []
    known: set[str] = set()
    for level in item.levels:
        if isinstance(level, s.Broken):
            continue
        share = _share(level.share)
        if share is None:
            found.append(finding(BAD_SHARE, level.span, text=level.share.span.text))
            continue
        shares.append((level.words[0].text, share))
        for ident in level.words:
            if ident.text in known:
                found.append(finding(NAME_TAKEN, ident.span, name=ident.text))
            known.add(ident.text)
            synonyms.append((ident.text, level.words[0].text))
    scale = Scale(item.name.text, tuple(shares), tuple(synonyms), item.span)
    _unique(library.scales, item.name, scale, found)
    for word, canonical in synonyms:
        other = library.words.get(word)
        if other is not None and other.span != scale.span:
            label = Label(other.span, "这里已有", "already here")
            found.append(finding(WORD_TWICE, item.span, labels=[label], word=word, first=other.name, second=scale.name))
            continue
        library.words[word] = scale
        library.synonyms[word] = canonical
    if item.span.source.name:
        library.named.append(m.Named(kind="scale", name=item.name.text, ruleset=ruleset, text=item.span.text,
                                     span=item.span))  # fmt: skip


def _share(expr: s.Expr) -> Fraction | None:
    unit = parse_unit(expr.unit) if isinstance(expr, s.Number) and expr.unit else None
    if not isinstance(expr, s.Number) or unit is None or unit.dims != (("%", 1),):
        return None
    share = expr.value * unit.scale
    return share if 0 <= share <= 1 else None


def _check_parameters(rubric: s.Rubric, found: list[Diagnostic]) -> None:
    used = {ref for case in rubric.cases for ref in _words_of(case)}
    seen: set[str] = set()
    for parameter in rubric.parameters:
        if parameter.name in seen:
            found.append(finding(NAME_TAKEN, parameter.span, name=parameter.name))
        elif parameter.name not in used and not any(isinstance(case, s.Broken) for case in rubric.cases):
            found.append(finding(UNUSED_PARAMETER, parameter.span, name=parameter.name, rubric=rubric.name.text))
        seen.add(parameter.name)


def _words_of(case: s.Case | s.Broken) -> list[str]:
    if isinstance(case, s.Broken):
        return []
    parts = [p for p in (case.condition, case.award, case.high) if p is not None]
    return [word for part in parts for word in expression_words(part)]


def expression_words(expr: s.Expr) -> list[str]:
    """Every name an expression mentions."""
    found: list[str] = []
    stack: list[s.Expr] = [expr]
    while stack:
        match stack.pop():
            case s.Reference(name=name):
                found.append(name)
            case s.Call(arguments=arguments):
                stack.extend(a.value for a in arguments)
                stack.extend(a.label for a in arguments if a.label is not None)
            case s.Chain(first=first, rest=rest):
                stack.extend((first, *(operand for _, operand in rest)))
            case s.Negative(operand=inner) | s.Not(operand=inner) | s.Bracket(inner=inner):
                stack.append(inner)
            case s.Compare(left=left, right=right):
                stack.extend((right,) if left is None else (left, right))
            case s.Logic(operands=operands):
                stack.extend(operands)
    return found


def unknown_rubric(name: str, library: Library, span: Span) -> Diagnostic:
    """The finding for a rubric nobody declared."""
    near = closest(name, library.rubrics)
    return finding(UNKNOWN_RUBRIC_NEAR if near else UNKNOWN_RUBRIC, span, name=name, near=near)


CYCLIC_USE = Kind(
    "R201", ERROR, "“{name}”的引用绕回了自己：{trail}", "the use of “{name}” leads back to itself: {trail}",
    "删去其中一处引用", "remove one of the uses",
)  # fmt: skip
NAME_TAKEN = Kind(
    "R202", ERROR, "名称“{name}”重复", "the name “{name}” is used twice",
    "改用别的名称", "choose another name",
)  # fmt: skip
BAD_SHARE = Kind(
    "R203", ERROR, "等级量表里的“{text}”不是0%到100%的百分比", "“{text}” in a scale is not a percent from 0% to 100%",
    "例如 健全 -> 100%", "for example 健全 -> 100%",
)  # fmt: skip
WORD_TWICE = Kind(
    "R204", ERROR, "“{word}”同时在量表“{first}”和“{second}”里，不知道按哪个计", "“{word}” is on the scales “{first}” and “{second}”",
    "从其中一个量表里删去它", "remove it from one of them",
)  # fmt: skip
UNUSED_PARAMETER = Kind(
    "R205", WARNING, "计分方法“{rubric}”的参数“{name}”没有用到", "the parameter “{name}” of rubric “{rubric}” is not used",
    "删去它，或在条件、得分里用它", "remove it, or use it",
)  # fmt: skip
UNKNOWN_RUBRIC = Kind(
    "R206", ERROR, "没有叫“{name}”的计分方法", "there is no rubric “{name}”",
    "先用 use 引用含有它的规则集，或在本文件里定义它", "use the ruleset that has it, or define it in this file",
)  # fmt: skip
UNKNOWN_RUBRIC_NEAR = Kind(
    "R207", ERROR, "没有叫“{name}”的计分方法", "there is no rubric “{name}”", "是不是想写“{near}”？", "did you mean “{near}”?",
)  # fmt: skip
