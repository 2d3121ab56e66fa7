"""The order of the stages and when to stop; the only module that knows it.  Pure: files come through a ``Reader``."""

import gc
import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Protocol

import attrs

from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding, has_errors, in_order
from perfdsl.lints import lint, lint_together, not_in_one_file
from perfdsl.lower import lower
from perfdsl.parse import parse
from perfdsl.plan import Plan
from perfdsl.prove import Proofs, prove
from perfdsl.resolve import Loaded, Memo, resolve
from perfdsl.settings import STANDARD, Settings
from perfdsl.text import Refusal, Source, Span
from perfdsl.waive import waive, waive_together


class Reader(Protocol):
    """How the shell finds what ``use`` names: the source, or words that say why not."""

    def library(self, name: str) -> Source | None:
        """A ruleset of the library."""

    def local(self, beside: Source, path: str) -> Source | Refusal:
        """A file beside ``beside``."""

    def library_names(self) -> list[str]:
        """All rulesets of the library."""


@attrs.define(eq=False)
class Shared:
    """What checking one file may leave for the next in the same run: used files parsed, rules resolved and proved."""

    parsed: dict[int, tuple[Source, s.File, list[Diagnostic]]] = attrs.Factory(dict)
    memo: Memo = attrs.Factory(Memo)
    proofs: Proofs = attrs.Factory(Proofs)
    settings: Settings = STANDARD


class Checked(NamedTuple):
    """What came of one file: the file as written, what it means, and everything found, in order of place.

    ``sources`` are all texts it was made from, itself first.
    """

    file: s.File
    model: m.Model
    found: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]

    @property
    def usable(self) -> bool:
        """Is it free of errors of form and meaning?  An unmet contract does not stop scoring."""
        return not has_errors(d for d in self.found if d.code[0] not in "VL")

    def plans(self) -> tuple[Plan, ...]:
        """One plan for each object."""
        digest = fingerprint(self.sources)
        return tuple(lower(thing, digest, self.model.waivers) for thing in self.model.objects)


def check(source: Source, reader: Reader, shared: Shared | None = None) -> Checked:
    """Parse, load what is used, resolve, prove, look for what bureaus complain about, and apply waivers."""
    shared = shared or Shared()
    with _undisturbed():
        checked = understand(source, reader, shared)
        unsure = _misread(checked)
        proved = [
            d
            for thing, rows in zip(checked.model.objects, unsure, strict=True)
            for d in prove(thing, shared.proofs, rows)
        ]
        linted = [d for thing in checked.model.objects for d in lint(thing, shared.settings)]
        found = waive(checked.model, [*checked.found, *proved, *linted], shared.settings, not_in_one_file())
    return checked._replace(found=tuple(in_order(found)))


UNREAD = ("P1", "P2", "R2")  # errors of form, of names and of targets; a doubtful divisor leaves the rest as written


def _misread(checked: Checked) -> list[frozenset[m.Path]]:
    """Of each object the rows with an error of form or meaning in their own text, their rubric or a scale: what was read is not what is meant."""
    own = checked.file.span.source
    wrong = sorted(
        d.span.start for d in checked.found if d.code[:2] in UNREAD and d.severity == ERROR and d.span.source is own
    )
    if not wrong:
        return [frozenset()] * len(checked.model.objects)
    items = [
        x
        for item in checked.file.items
        for x in (item, *(item.items if isinstance(item, (s.Object, s.Ruleset)) else ()))
    ]
    rubrics = {x.name.text for x in items if isinstance(x, s.Rubric) and _touched(x.span, own, wrong)}
    scales = any(isinstance(x, s.Scale) and _touched(x.span, own, wrong) for x in items)
    return [
        frozenset(
            row.path for row in m.indicators(thing.rows)
            if _touched(row.span, own, wrong) or (scales and row.words)
            or (row.scoring is not None and row.scoring.name.partition("(")[0] in rubrics)
        ) for thing in checked.model.objects
    ]  # fmt: skip


def _touched(span: Span, own: Source, wrong: Sequence[int]) -> bool:
    """Does one of the ``wrong`` places, in order, lie inside?"""
    at = bisect_left(wrong, span.start)
    return span.source is own and at < len(wrong) and wrong[at] < span.end


def check_together(read: Sequence[tuple[m.Model, Settings]]) -> list[Diagnostic]:
    """What the objects of several files say against each other; each file keeps its own settings."""
    with _undisturbed():
        found = lint_together([(thing, settings) for model, settings in read for thing in model.objects])
        return in_order(waive_together(read, found))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the garbage collector: one file makes many small objects and hardly any garbage worth looking for."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def understand(source: Source, reader: Reader, shared: Shared | None = None) -> Checked:
    """Parse, load and resolve, without the proofs."""
    shared = shared or Shared()
    file, found = parse(source)
    if not file.items and not has_errors(found):
        found = [*found, finding(NOTHING_WRITTEN, Span(0, 0, source), name=source.name)]
    loaded, sources, more = _load(file, reader, shared)
    model, unresolved = resolve(file, loaded)
    return Checked(file, model, tuple(in_order([*found, *more, *unresolved])), (source, *sources))


def fingerprint(sources: Sequence[Source]) -> str:
    """One digest of all texts, whatever their order: what a score depends on besides the actuals."""
    digests = sorted({hashlib.sha256(s.text.encode("utf-8", "surrogatepass")).hexdigest() for s in sources})
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _load(file: s.File, reader: Reader, shared: Shared) -> tuple[Loaded, list[Source], list[Diagnostic]]:
    """Everything ``use`` leads to, each file read once."""
    files: dict[str, s.File] = {file.span.source.name: file}
    targets: dict[tuple[str, str], str | Diagnostic] = {}
    sources: list[Source] = []
    found: list[Diagnostic] = []
    waiting = [file]
    while waiting:
        current = waiting.pop()
        for use in (item for item in current.items if isinstance(item, s.Use)):
            got = _find(use, current.span.source, reader)
            key = (current.span.source.name, use.name.text)
            if isinstance(got, Diagnostic):
                targets[key] = got
                continue
            targets[key] = got.name
            if got.name not in files:
                if id(got) not in shared.parsed:
                    shared.parsed[id(got)] = (got, *parse(got))
                _, files[got.name], more = shared.parsed[id(got)]
                found.extend(more)
                sources.append(got)
                waiting.append(files[got.name])
    return Loaded(files, targets, shared.memo), sources, found


def _find(use: s.Use, beside: Source, reader: Reader) -> Source | Diagnostic:
    name = use.name.text
    if use.local and (name.startswith(".") or "/" in name or name.endswith(".perf")):
        got = reader.local(beside, name)
        if isinstance(got, Refusal):
            kind = {"outside": USE_OUTSIDE, "absent": USE_ABSENT}.get(got.why, USE_UNREADABLE)
            return finding(kind, use.name.span, name=name, words=got.words)
        return got
    source = reader.library(name)
    if source is None:
        known = "、".join(reader.library_names())
        return finding(NO_RULESET, use.name.span, name=name, known=known)
    return source


NO_RULESET = Kind(
    "R260", ERROR, "没有叫“{name}”的规则集", "there is no ruleset “{name}”",
    "已有的规则集：{known}；引用自己的文件写 use \"./文件名.perf\"", "known: {known}; write use \"./file.perf\" for a file of your own",
)  # fmt: skip
USE_OUTSIDE = Kind(
    "R261", ERROR, "“{name}”在给定的文件夹之外，不读", "“{name}” lies outside the given folder and is not read",
    "把它放到本文件旁边", "put it beside this file",
)  # fmt: skip
USE_ABSENT = Kind(
    "R262", ERROR, "没有文件“{name}”", "there is no file “{name}”", "核对文件名，路径相对于本文件", "check the name; it is relative to this file",
)  # fmt: skip
USE_UNREADABLE = Kind(
    "R263", ERROR, "文件“{name}”读不出：{words}", "the file “{name}” cannot be read: {words}", "检查这个文件", "check the file",
)  # fmt: skip
NOTHING_WRITTEN = Kind(
    "R264", ERROR, "“{name}”里什么也没有写", "“{name}” says nothing",
    "至少写一个 project（项目）、department、policy 或 ruleset；新的文件夹可以用 perfdsl new 建",
    "write a project, department, policy or ruleset; perfdsl new makes a folder to start from",
)  # fmt: skip
