"""The edits that findings carry, put into the text: never two on one place, and only where nothing else changes its meaning."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from perfdsl import syntax as s
from perfdsl.diagnostics import ERROR, Diagnostic, Edit
from perfdsl.format import format_file
from perfdsl.parse import parse
from perfdsl.text import Source


class Mended(NamedTuple):
    """The new text, what was mended, and what was left because it clashed or changed more than it should."""

    text: str
    mended: tuple[Diagnostic, ...]
    left: tuple[Diagnostic, ...]


def mend(source: Source, found: Iterable[Diagnostic]) -> Mended:
    """``source`` with every finding about it mended that can be mended alone."""
    able = [d for d in found if d.edits and not d.accepted and all(e.span.source is source for e in d.edits)]
    chosen, left = _without_clashes(able)
    done = [d for d in chosen if _is_safe(source, [d])]
    left += [d for d in chosen if d not in done]
    if done and not _is_safe(source, done):
        done, left = [], able
    return Mended(_laid_out(source, _applied(source, done)) if done else source.text, tuple(done), tuple(left))


def _without_clashes(able: Sequence[Diagnostic]) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """In order of place; a finding whose edits touch those of an earlier one waits."""
    taken: list[Edit] = []
    chosen: list[Diagnostic] = []
    left: list[Diagnostic] = []
    for diagnostic in sorted(able, key=lambda d: d.span.start):
        clash = any(_touch(edit, other) for edit in diagnostic.edits for other in taken[-8:])
        (left if clash else chosen).append(diagnostic)
        taken += [] if clash else diagnostic.edits
    return chosen, left


def _touch(one: Edit, other: Edit) -> bool:
    return one.span.start <= other.span.end and other.span.start <= one.span.end


def _applied(source: Source, chosen: Iterable[Diagnostic]) -> str:
    text = source.text
    for edit in sorted((e for d in chosen for e in d.edits), key=lambda e: e.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _is_safe(source: Source, chosen: Sequence[Diagnostic]) -> bool:
    """Is nothing newly unreadable, what was unreadable now read, and every line beside the edits what it was?"""
    before, found = parse(source)
    after, then = parse(Source(source.name, _applied(source, chosen)))
    touched = {line for d in chosen for e in d.edits for line in range(e.span.line, source.line_of(e.span.end) + 1)}
    hidden = {d.span.line for d in found} & touched  # a line shows its first mistake only: a mend may bring up the next
    if _errors(d for d in then if d.span.line not in hidden) - _errors(found):
        return False
    if {(d.code, d.facts, d.span.line) for d in chosen} & {(d.code, d.facts, d.span.line) for d in then}:
        return False
    return not Counter(_pieces(before.items, touched)) - Counter(_pieces(after.items, set()))


def _errors(found: Iterable[Diagnostic]) -> Counter[str]:
    return Counter(d.code for d in found if d.kind.severity == ERROR)


def _pieces(items: Iterable[object], touched: set[int]) -> Iterator[object]:
    """Everything without a block of its own that stands on no touched line."""
    for item in items:
        if isinstance(item, (s.Object, s.Ruleset, s.Test)):
            yield from _pieces(item.items, touched)
        elif isinstance(item, s.Node) and item.children is not None:
            yield from _pieces(item.children, touched)
        elif not isinstance(item, s.Broken) and isinstance(
            item, (s.Node, s.Header, s.Rubric, s.Funds, s.Given, s.Expect)
        ):
            lines = range(item.span.line, item.span.source.line_of(item.span.end) + 1)
            if touched.isdisjoint(lines) and "Broken(" not in repr(item):
                yield repr(item)


def _laid_out(source: Source, text: str) -> str:
    """A file that stood in the canonical layout stands in it again."""
    before, found = parse(source)
    after, then = parse(Source(source.name, text))
    if _errors(found) or _errors(then) or format_file(before) != source.text:
        return text
    return format_file(after)
