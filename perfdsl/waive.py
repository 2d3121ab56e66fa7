"""What is accepted stays in sight but no longer counts: ``accept`` on a row, in an object or at the top of a file, then the settings.

The nearest one that covers a finding gives its reason; an ``accept`` that covers nothing is itself an error (R253).
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from perfdsl import model as m
from perfdsl.diagnostics import ERROR, Diagnostic, Edit, Kind, finding
from perfdsl.settings import STANDARD, Settings
from perfdsl.text import Span

CHECKED = "PTRVL"  # the letters of what ``check`` itself finds


class _Reach(NamedTuple):
    """One ``accept`` and the text it covers."""

    waiver: m.Waiver
    span: Span
    whole: bool = False  # all of the file


def waive(
    model: m.Model, found: Sequence[Diagnostic], settings: Settings, elsewhere: Collection[str] = ()
) -> list[Diagnostic]:
    """``found`` with what is accepted marked so, and every ``accept`` that accepts nothing.

    ``elsewhere`` are codes that only another run can find: an ``accept`` of one of them is never idle here.
    """
    reaches = list(_reaches(model))
    by_code: dict[str, list[tuple[int, _Reach]]] = {}
    for index, reach in enumerate(reaches):
        by_code.setdefault(reach.waiver.code, []).append((index, reach))
    used: set[int] = set()
    kept: list[Diagnostic] = []
    for diagnostic in found:
        for index, reach in by_code.get(diagnostic.code, ()):
            if diagnostic.accepted == reach.waiver.reason or _covers(reach, diagnostic.span):
                used.add(index)
                diagnostic = diagnostic._replace(accepted=reach.waiver.reason)
                break
        kept.append(by_settings(diagnostic, settings))
    broken = any(thing.broken for thing in model.objects)
    for index, (waiver, *_) in enumerate(reaches):
        if index not in used and waiver.code[:1] in CHECKED and waiver.code not in elsewhere and not broken:
            kept.append(finding(WAIVES_NOTHING, waiver.span, edits=[_removal(waiver.span)], code=waiver.code))
    return kept


def waive_together(read: Sequence[tuple[m.Model, Settings]], found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The same for what several files say against each other: each finding is accepted in the file where it stands."""
    settings = {id(thing.block.source): own for model, own in read for thing in model.objects}
    reaches = [reach for model, _ in read for reach in _reaches(model)]
    kept: list[Diagnostic] = []
    for diagnostic in found:
        covering = (r for r in reaches if r.waiver.code == diagnostic.code and _covers(r, diagnostic.span))
        reason = next((r.waiver.reason for r in covering), "")
        own = settings.get(id(diagnostic.span.source), STANDARD)
        kept.append(by_settings(diagnostic._replace(accepted=reason or diagnostic.accepted), own))
    return kept


def by_settings(diagnostic: Diagnostic, settings: Settings) -> Diagnostic:
    """Accepted where the settings say so; an error of form or meaning is mended, not accepted for many files."""
    if diagnostic.accepted or (diagnostic.kind.severity == ERROR and diagnostic.code[0] not in "VL"):
        return diagnostic
    return diagnostic._replace(accepted=dict(settings.accepted).get(diagnostic.code, ""))


def _reaches(model: m.Model) -> Iterable[_Reach]:
    """Every ``accept``, the narrower before the wider."""
    for thing in model.objects:
        rows: list[m.Group | m.Indicator] = [*m.indicators(thing.rows), *reversed(m.groups(thing.rows))]
        for row in rows:
            yield from (_Reach(waiver, row.span) for waiver in row.waivers)
    for thing in model.objects:
        yield from (_Reach(waiver, thing.block) for waiver in thing.waivers)
    yield from (_Reach(waiver, waiver.span, True) for waiver in model.waivers)


def _removal(span: Span) -> Edit:
    """Without the words, the gap before them and, where nothing else stands there, their line."""
    text, start = span.source.text, span.start
    while start and text[start - 1] in " \t　":
        start -= 1
    alone = (not start or text[start - 1] == "\n") and text[span.end : span.end + 1] in ("\n", "")
    return Edit(Span(start, span.end + (alone and span.end < len(text)), span.source), "")


def _covers(reach: _Reach, inner: Span) -> bool:
    outer = reach.span
    same = inner.source is outer.source
    return same and (reach.whole or (outer.start <= inner.start and inner.end <= outer.end))


WAIVES_NOTHING = Kind(
    "R253", ERROR, "这里没有{code}可以接受", "there is no {code} here to accept",
    "删去这个 accept（接受）：问题已经不在，或代码写错了", "remove this accept: the finding is gone, or the code is wrong",
)  # fmt: skip
