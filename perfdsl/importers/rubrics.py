"""How a row is scored: the sentence of its rubric as a rule where it is understood exactly, else a person's mark."""

import re
from fractions import Fraction

import attrs

from perfdsl import syntax as s
from perfdsl.format import format_file
from perfdsl.importers.lexicon import TARGETS
from perfdsl.importers.records import Doubt, Item, Object, doubt
from perfdsl.quantity import format_number
from perfdsl.read_target import read_target
from perfdsl.sentences import KINDS, Reading, read_sentence
from perfdsl.target import Finding, Target

_TARGETED = re.compile(r"\b(?:met|completion|gap|excess|deviation|target)\b")


@attrs.frozen
class Scored:
    """The clause that scores a row, the reading of its sentence in official words, and what is doubtful."""

    clause: str = ""
    said: str = ""
    doubts: tuple[Doubt, ...] = ()


def scored(item: Item, points: Fraction | None, limit: str, found: Object) -> Scored:
    """How ``item`` with these ``points`` is scored; ``limit`` is the range of a block of bonuses it stands in."""
    sentence = item.cell("rule")
    if not points:
        return Scored(_bonus(item, limit), "", _unread(item, sentence)) if limit and not _targets(item) else Scored()
    if not sentence:
        return Scored(
            _marked(points), "", (doubt("I159", item.place, item.name, row="表上没有写", why="表上没有写评分标准"),)
        )
    reading = read_sentence(sentence, points, _target(item), name=item.name)
    if reading.rubric is None:
        return Scored(_marked(points), "", (_why(item, sentence, reading),))
    notes = _notes(item, sentence, reading)
    if not _targets(item) and _TARGETED.search(_clause(reading.rubric)):
        said = doubt("I159", item.place, item.name, row=sentence, why="表上没有指标值，是否达到由评分人判断")
        return Scored(_marked(points), "", (*notes, said))
    if reading.rubric.head is not None and "actual" not in found.columns and "score" in found.columns:
        why = f"读作“{reading.said}”，表上只有得分，没有逐项的情况"
        return Scored(_marked(points), "", (*notes, doubt("I159", item.place, item.name, row=sentence, why=why)))
    return Scored(_clause(_with_missing(reading.rubric, points, found)), reading.said or "见计分方法", notes)


def _bonus(item: Item, limit: str) -> str:
    low, dots, high = limit.partition("..")
    return f"by {{ otherwise -> {low} .. {high} }}" if dots else f"by {{ otherwise -> -{limit} .. {limit} }}"


def _marked(points: Fraction) -> str:
    return f"by {{ otherwise -> 0 .. {format_number(points)} }}"


def _targets(item: Item) -> bool:
    return any(item.cell(period) for period in TARGETS)


def _target(item: Item) -> Target | None:
    text = item.cell("full") or next((item.cell(period) for period in TARGETS if item.cell(period)), "")
    return read_target(text, op=item.cell("sign"), unit=item.cell("unit"), name=item.name)[0] if text else None


def _unread(item: Item, sentence: str) -> tuple[Doubt, ...]:
    return (doubt("I159", item.place, item.name, row=sentence, why="加减分由评分人定"),) if sentence else ()


def _notes(item: Item, sentence: str, reading: Reading) -> tuple[Doubt, ...]:
    """How words of a sentence were taken where they could be doubted."""
    return tuple(doubt("I169", item.place, item.name, row=sentence, why=_told(note)) for note in reading.notes)


def _told(found: Finding) -> str:
    made = KINDS[found.code].zh
    for name, value in found.facts:
        made = made.replace("{" + name + "}", value)
    return made


def _why(item: Item, sentence: str, reading: Reading) -> Doubt:
    first = next(iter((*reading.unread, *reading.open)), None)
    why = _told(first) if first is not None else ""
    if reading.choices:
        why += "；可能是" + "，或".join(f"“{choice.said}”（{choice.zh}）" for choice in reading.choices)
    return doubt("I159", item.place, item.name, row=sentence, why=why)


def _with_missing(rubric: s.Inline, points: Fraction, found: Object) -> s.Inline:
    """A table of scores without a column of actuals: the printed score counts where nothing was measured."""
    if rubric.head is not None or "actual" in found.columns or "score" not in found.columns:
        return rubric
    shares = any(_share(case) for case in rubric.cases if isinstance(case, s.Case))
    low, high = (
        (s.Number(Fraction(0), "%"), s.Number(Fraction(100), "%"))
        if shares
        else (s.Number(Fraction(0)), s.Number(points))
    )
    return attrs.evolve(rubric, cases=(s.Case(s.Reference("missing"), low, high), *rubric.cases))


def _share(part: object) -> bool:
    """Is an award of the case a share of the points?"""
    if isinstance(part, s.Case):
        return _share(part.award) or _share(part.high)
    if isinstance(part, s.Number):
        return part.unit == "%"
    if isinstance(part, s.Reference):
        return part.name == "completion"
    if isinstance(part, s.Chain):
        return _share(part.first) or any(_share(operand) for _, operand in part.rest)
    if isinstance(part, s.Call):
        return any(_share(argument.value) for argument in part.arguments)
    return isinstance(part, (s.Bracket, s.Negative)) and _share(
        part.inner if isinstance(part, s.Bracket) else part.operand
    )


def _clause(rubric: s.Inline) -> str:
    """``by { … }`` as the formatter spells it."""
    node = s.Node(s.Ident("行"), (s.ByClause(rubric),))
    text = format_file(s.File((s.Object("project", s.Ident("对象"), (node,)),)), "en")
    return text[text.index("by ") : text.rindex("}")].strip()
