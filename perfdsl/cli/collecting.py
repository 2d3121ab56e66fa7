"""``.perf`` files as pytest sees them: each test an item, and the score contract of each row an item of its own.

A file is compiled when it is collected; its proofs are made when the first of its contracts is run.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from perfdsl import model as m
from perfdsl.cli.files import Library, Unreadable, read_source
from perfdsl.cli.main import language, say
from perfdsl.cli.replayed import failure_lines, outcome_of
from perfdsl.diagnostics import Diagnostic
from perfdsl.pipeline import Checked, Shared, check, understand
from perfdsl.replay import Outcome
from perfdsl.show import diagnostics_text
from perfdsl.text import Source, Span

CONTRACT = "contract"
SESSION = pytest.StashKey["tuple[Library, Shared]"]()


class Unmet(Exception):
    """A test or a contract that does not hold; the words are all there is to say."""


class ContractWarning(pytest.PytestWarning):
    """A finding of the proofs that is no error (V105)."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "PerfFile | None":
    """Every ``.perf`` file with ``--perf``; without it those below ``perf_paths``."""
    if file_path.suffix != ".perf":
        return None
    config = parent.config
    if not config.getoption("--perf") and not any(file_path.is_relative_to(p) for p in config.getini("perf_paths")):
        return None
    made: PerfFile = PerfFile.from_parent(parent, path=file_path)
    return made


class PerfFile(pytest.File):
    """One file: its objects, and the tests that stand outside of them."""

    source: Source
    understood: Checked
    proved: tuple[Diagnostic, ...] | None = None

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Objects with their tests and contracts, then tests with rows of their own."""
        self._compile()
        model = self.understood.model
        titles = Titles()
        for thing in model.objects:
            yield PerfObject.from_parent(self, name=titles.unique(thing.name), thing=thing)
        for test in model.tests:
            if test.own is not None:
                yield PerfTest.from_parent(self, name=titles.unique(test.title), test=test, file=self)

    def _compile(self) -> None:
        name = self.shown
        try:
            source, found = read_source(name)
        except Unreadable as wrong:
            raise self.CollectError(wrong.message) from None
        if source is not None:
            self.source = source
            self.understood = understand(source, *self._session())
            found = [d for d in self.understood.found if d.severity == "error"] if not self.understood.usable else []
        if source is None or not self.understood.usable:
            raise self.CollectError(_words(found))

    @property
    def shown(self) -> str:
        """The name of the file as findings show it."""
        return os.path.relpath(self.path, self.config.invocation_params.dir)

    def _session(self) -> tuple[Library, Shared]:
        """What all files of a run share; each may use what lies beside it and below the root."""
        library, shared = self.config.stash.setdefault(SESSION, (Library((str(self.config.rootpath),)), Shared()))
        library.roots.append(self.path.parent.resolve())
        return library, shared

    def proofs(self) -> tuple[Diagnostic, ...]:
        """What only the proofs find, made once."""
        if self.proved is None:
            known = {_key(d) for d in self.understood.found}
            whole = check(self.source, *self._session())
            self.proved = tuple(d for d in whole.found if _key(d) not in known)
        return self.proved


class PerfObject(pytest.Collector):
    """One object: its tests, the contract of each row with points, and its own (grades, waivers of groups)."""

    def __init__(self, *, thing: m.Object, **more: Any) -> None:
        super().__init__(**more)
        self.thing = thing

    def collect(self) -> Iterator[pytest.Item]:
        """Tests first, then contracts."""
        file = self.parent
        assert isinstance(file, PerfFile)  # nothing else makes objects
        titles = Titles()
        for test in file.understood.model.tests:
            if test.own is None and test.object_name == self.thing.name:
                yield PerfTest.from_parent(self, name=titles.unique(test.title), test=test, file=file)
        for row in m.indicators(self.thing.rows):
            if row.points is not None and row.scoring is not None:
                name = titles.unique(f"{CONTRACT} {'/'.join(row.path)}")
                yield Contract.from_parent(self, name=name, thing=self.thing, row=row, file=file)
        if self.thing.total is not None:
            yield Contract.from_parent(self, name=titles.unique(CONTRACT), thing=self.thing, row=None, file=file)


class PerfItem(pytest.Item):
    """What test and contract have in common: the file they come from, and words instead of a traceback."""

    def __init__(self, *, file: PerfFile, **more: Any) -> None:
        super().__init__(**more)
        self.file = file

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *more: Any) -> Any:
        """The words of what is not met; anything else is a fault of the program and shown whole."""
        if isinstance(excinfo.value, Unmet):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *more)

    def at(self, span: Span) -> tuple[Path, int | None, str]:
        """Where pytest says it stands."""
        return self.path, span.line - 1, self.name


class PerfTest(PerfItem):
    """A ``test`` of the language."""

    def __init__(self, *, test: m.Test, **more: Any) -> None:
        super().__init__(**more)
        self.test = test

    def runtest(self) -> None:
        """Fails with what was expected and what came out."""
        outcome: Outcome = outcome_of(self.test, self.file.understood.model, str(self.path))
        if not outcome.passed:
            place = f"{self.file.shown}:{self.test.span.line}"
            raise Unmet("\n".join([f"{say('不符', 'FAILED')} {self.test.title}  {place}",
                                   *(f"  {line}" for line in failure_lines(outcome))]))  # fmt: skip

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The line of the test."""
        return self.at(self.test.span)


class Contract(PerfItem):
    """The score contract of one row, or (without a row) what concerns the whole object."""

    def __init__(self, *, thing: m.Object, row: m.Indicator | None, **more: Any) -> None:
        super().__init__(**more)
        self.thing, self.row = thing, row

    def runtest(self) -> None:
        """Fails on an error; what is accepted is an expected failure, what is not proved is skipped."""
        found = [d for d in self.file.proofs() if self._concerns(d)]
        if refuted := [d for d in found if d.severity == "error"]:
            raise Unmet(_words(refuted))
        for warning in (d for d in found if d.severity == "warning"):
            self.warn(ContractWarning(f"{warning.code} {warning.message(language())}"))
        if accepted := [d for d in found if d.accepted]:
            pytest.xfail("；".join(f"{d.code} {d.message(language())}（{d.accepted}）" for d in accepted))
        if open_ := [d for d in found if d.code == "V190"]:
            pytest.skip("；".join(f"{d.code} {d.message(language())}" for d in open_))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The line of the row, or of the object."""
        return self.at(self.row.name_span if self.row is not None else self.thing.span)

    def _concerns(self, found: Diagnostic) -> bool:
        if self.row is not None:
            return _inside(found.span, self.row.span)
        if any(_inside(found.span, row.span) for row in m.indicators(self.thing.rows)):
            return False
        grades = [band.span for band in self.thing.grades]
        return _inside(found.span, self.thing.span) or any(_meets(found.span, span) for span in grades)


class Titles:
    """Names of items: unique below one parent, and without what pytest reads as a border between names."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def unique(self, title: str) -> str:
        """The title; the second of the same name ends in ``(2)``."""
        plain = " ".join("".join(c if c.isprintable() else " " for c in title).split()).replace("::", "：：") or "—"
        self.seen[plain] += 1
        if self.seen[plain] == 1:
            return plain
        return self.unique(f"{plain} ({self.seen[plain]})")


def _words(found: list[Diagnostic]) -> str:
    return diagnostics_text(found, language(), False, 0).rstrip("\n")


def _key(found: Diagnostic) -> tuple[object, ...]:
    return found.code, found.span.source.name, found.span.start, found.facts


def _inside(inner: Span, outer: Span) -> bool:
    return inner.source.name == outer.source.name and outer.start <= inner.start and inner.end <= outer.end


def _meets(one: Span, other: Span) -> bool:
    return one.source.name == other.source.name and one.start < other.end and other.start < one.end
