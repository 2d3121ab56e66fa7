"""Results of ``check`` kept by content: an unchanged file, with unchanged rulesets, is not checked again.

An entry is trusted only while this program, the file's text and every file it uses are byte for byte the same.
"""

import hashlib
import marshal
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from perfdsl import __version__
from perfdsl.diagnostics import Diagnostic, Kind, Label
from perfdsl.lalr import cache_dir
from perfdsl.resources import PACKAGE, data_dir
from perfdsl.text import Source, Span


class Cache:
    """Checks files, or remembers how that went."""

    def __init__(self, roots: Iterable[str], enabled: bool) -> None:
        self.roots = list(roots)
        self.enabled = enabled
        self.folder = cache_dir() / "check"
        self.program = _program() if enabled else ""
        self.digests: dict[str, str] = {}
        self.library: Any = None
        self.shared: Any = None

    def check(self, name: str) -> list[Diagnostic]:
        """The findings about one file."""
        from perfdsl.cli.files import read_bytes

        data = read_bytes(name)
        key = hashlib.sha256(f"{self.program}\n{name}\n".encode("utf-8", "surrogatepass") + data).hexdigest()
        entry = self.folder / key[:2] / key
        if self.enabled and name != "-":
            known = self._load(entry)
            if known is not None:
                return known
        return self._fresh(name, data, entry)

    def _fresh(self, name: str, data: bytes, entry: Path) -> list[Diagnostic]:
        from perfdsl.cli.files import Library, source_of  # the compiler is loaded only for what is not remembered
        from perfdsl.pipeline import Shared, check

        if self.library is None:
            self.library, self.shared = Library(self.roots), Shared()
        source, said = source_of(name, data)
        if source is None:
            return said
        checked = check(source, self.library, self.shared)
        found = [*said, *checked.found]
        if self.enabled and name != "-":
            self._store(entry, found, checked.sources)
        return found

    # ---- entries

    def _load(self, entry: Path) -> list[Diagnostic] | None:
        try:
            used, texts, found = marshal.loads(entry.read_bytes())
        except (OSError, ValueError, EOFError, TypeError):
            return None
        if any(self._digest(name) != digest for name, digest in used):
            return None
        if not found:
            return []
        sources = [Source(name, text) for name, text in texts]
        return [_diagnostic(row, sources) for row in found]

    def _store(self, entry: Path, found: list[Diagnostic], sources: tuple[Source, ...]) -> None:
        mentioned: dict[int, Source] = {id(d.span.source): d.span.source for d in found}
        mentioned.update({id(x.span.source): x.span.source for d in found for x in d.labels})
        order = list(mentioned)
        used = [(s.name, self._digest(s.name)) for s in sources[1:]]
        texts = [(mentioned[i].name, mentioned[i].text) for i in order]
        rows = [_row(d, order) for d in found]
        try:
            body = marshal.dumps((used, texts, rows))
            entry.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=entry.parent, delete=False) as part:
                part.write(body)
            os.replace(part.name, entry)
        except (OSError, ValueError):
            return  # a cache that cannot be written costs time, nothing else

    def _digest(self, name: str) -> str:
        """Of a used file as it is now; rulesets are found where they are installed."""
        if name not in self.digests:
            path = data_dir("rulesets") / name[len("rulesets/") :] if name.startswith("rulesets/") else Path(name)
            try:
                self.digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError:
                self.digests[name] = ""
        return self.digests[name]


def _program() -> str:
    """Changes whenever this copy of perfdsl does."""
    stamps = [f"{__version__}"]
    for folder, _, files in os.walk(PACKAGE):
        for file in files:
            if file.endswith((".py", ".lark")):
                made = os.stat(os.path.join(folder, file))
                stamps.append(f"{file}{made.st_size}{made.st_mtime_ns}")
    return hashlib.sha256("".join(sorted(stamps)).encode()).hexdigest()


def _row(d: Diagnostic, order: list[int]) -> tuple[Any, ...]:
    labels = tuple((x.span.start, x.span.end, order.index(id(x.span.source)), x.zh, x.en) for x in d.labels)
    return (tuple(d.kind), d.span.start, d.span.end, order.index(id(d.span.source)), d.facts, labels, d.witness,
            d.accepted, d.repro)  # fmt: skip


def _diagnostic(row: tuple[Any, ...], sources: list[Source]) -> Diagnostic:
    kind, start, end, source, facts, labels, witness, accepted, repro = row
    made = tuple(Label(Span(a, b, sources[i]), zh, en) for a, b, i, zh, en in labels)
    return Diagnostic(Kind(*kind), Span(start, end, sources[source]), facts, made, witness, accepted, repro)
