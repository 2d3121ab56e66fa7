"""Results of ``check`` kept by content: an unchanged file, with unchanged rulesets, is not checked again.

An entry is trusted only while this program, the settings, the file's text and every file it uses are byte for byte the same.
"""

import hashlib
import marshal
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from perfdsl import __version__
from perfdsl.cli.settings import SettingsFiles
from perfdsl.diagnostics import Diagnostic, Edit, Kind, Label
from perfdsl.lalr import cache_dir
from perfdsl.resources import PACKAGE, data_dir
from perfdsl.settings import STANDARD, Settings
from perfdsl.text import Source, Span


class _Seen(NamedTuple):
    """What is known of a file of this run: its bytes, its settings, the key of its entry; the model only when it was made."""

    data: bytes
    settings: Settings = STANDARD
    key: str = ""
    objects: int = 0
    model: Any = None


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
        self.settings = SettingsFiles()
        self.seen: dict[str, _Seen] = {}

    def check(self, name: str) -> list[Diagnostic]:
        """The findings about one file by itself."""
        from perfdsl.cli.files import read_bytes

        data = read_bytes(name)
        settings = self.settings.of(name)
        key = hashlib.sha256(
            f"{self.program}\n{settings}\n{name}\n".encode("utf-8", "surrogatepass") + data
        ).hexdigest()
        self.seen[name] = _Seen(data, settings, key)
        entry = self.folder / key[:2] / key
        if self.enabled and name != "-":
            known = self._load(entry)
            if known is not None:
                objects, found = known
                self.seen[name] = self.seen[name]._replace(objects=objects)
                return found
        return self._fresh(name, entry)

    def together(self) -> list[Diagnostic]:
        """The findings of all files that were checked, against each other."""
        if sum(seen.objects for seen in self.seen.values()) < 2:
            return []
        keys = "\n".join(seen.key for seen in self.seen.values())
        key = hashlib.sha256(f"together\n{keys}".encode()).hexdigest()
        entry = self.folder / key[:2] / key
        if self.enabled and "-" not in self.seen:
            known = self._load(entry)
            if known is not None:
                return known[1]
        return self._compared(entry)

    def _fresh(self, name: str, entry: Path) -> list[Diagnostic]:
        from perfdsl.pipeline import check  # the compiler is loaded only for what is not remembered

        self._prepare()
        source, said = self._source(name)
        if source is None:
            return said
        self.shared.settings = self.seen[name].settings
        checked = check(source, self.library, self.shared)
        self.seen[name] = self.seen[name]._replace(objects=len(checked.model.objects), model=checked.model)
        found = [*said, *checked.found]
        if self.enabled and name != "-":
            self._store(entry, found, checked.sources[1:], len(checked.model.objects))
        return found

    def _compared(self, entry: Path) -> list[Diagnostic]:
        from perfdsl.pipeline import check_together, understand

        self._prepare()
        read: list[Any] = []
        used: list[Source] = []
        for name, seen in self.seen.items():
            source, _ = self._source(name)
            if source is not None and seen.objects:
                checked = understand(source, self.library, self.shared) if seen.model is None else None
                used.extend(checked.sources[1:] if checked is not None else ())
                read.append((checked.model if checked is not None else seen.model, seen.settings))
        found = check_together(read)
        if self.enabled and "-" not in self.seen:
            self._store(entry, found, used, 0)
        return found

    def _prepare(self) -> None:
        from perfdsl.cli.files import Library
        from perfdsl.pipeline import Shared

        if self.library is None:
            self.library, self.shared = Library(self.roots), Shared()

    def _source(self, name: str) -> tuple[Source | None, list[Diagnostic]]:
        from perfdsl.cli.files import source_of

        return source_of(name, self.seen[name].data)

    # ---- entries

    def _load(self, entry: Path) -> tuple[int, list[Diagnostic]] | None:
        """The number of objects and the findings that were stored, while nothing they rest on has changed."""
        try:
            objects, used, texts, found = marshal.loads(entry.read_bytes())
        except (OSError, ValueError, EOFError, TypeError):
            return None
        if any(self._digest(name) != digest for name, digest in used):
            return None
        if not found:
            return objects, []
        sources = [Source(name, text) for name, text in texts]
        return objects, [_diagnostic(row, sources) for row in found]

    def _store(self, entry: Path, found: list[Diagnostic], used_files: Iterable[Source], objects: int) -> None:
        mentioned: dict[int, Source] = {id(d.span.source): d.span.source for d in found}
        mentioned.update({id(x.span.source): x.span.source for d in found for x in d.labels})
        mentioned.update({id(x.span.source): x.span.source for d in found for x in d.edits})
        order = list(mentioned)
        used = [(s.name, self._digest(s.name)) for s in used_files]
        texts = [(mentioned[i].name, mentioned[i].text) for i in order]
        rows = [_row(d, order) for d in found]
        try:
            body = marshal.dumps((objects, used, texts, rows))
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
    edits = tuple((x.span.start, x.span.end, order.index(id(x.span.source)), x.text) for x in d.edits)
    return (tuple(d.kind), d.span.start, d.span.end, order.index(id(d.span.source)), d.facts, labels, d.witness,
            d.accepted, d.repro, edits)  # fmt: skip


def _diagnostic(row: tuple[Any, ...], sources: list[Source]) -> Diagnostic:
    kind, start, end, source, facts, labels, witness, accepted, repro, edits = row
    made = tuple(Label(Span(a, b, sources[i]), zh, en) for a, b, i, zh, en in labels)
    mends = tuple(Edit(Span(a, b, sources[i]), text) for a, b, i, text in edits)
    return Diagnostic(Kind(*kind), Span(start, end, sources[source]), facts, made, witness, accepted, repro, mends)
