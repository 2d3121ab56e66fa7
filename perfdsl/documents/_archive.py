"""Packages of parts (.xlsx, .docx): opened only when they are no bomb, their XML parsed only when it declares nothing."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat

from perfdsl.diagnostics import Diagnostic, finding
from perfdsl.documents._findings import BOMB, DAMAGED, ENTITIES, MACROS, PASSWORD, STRANGE_NAMES, TOO_BIG, Unreadable
from perfdsl.text import Source, Span

MOST_PARTS = 10_000
MOST_UNPACKED = 256 << 20
MOST_XML = 48 << 20
MOST_RATIO, SMALL = 200, 16 << 20
_CHUNK = 4096
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, LookupError,
          OverflowError)  # fmt: skip


class Archive:
    """A package that may be read; ``found`` is what was noticed on opening it."""

    def __init__(self, name: str, data: bytes) -> None:
        """Raises ``Unreadable``."""
        try:
            self.parts = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN as problem:
            raise Unreadable(DAMAGED, detail=_words(problem)) from problem
        self.names = frozenset(self.parts.namelist())
        _not_a_bomb(self.parts.infolist(), len(data))
        self.found = list(_noticed(name, self.names))

    def check_xml(self) -> None:
        """Refuse the package when any XML in it declares entities; only the beginning of each part is unpacked."""
        for info in self.parts.infolist():
            if info.filename.endswith((".xml", ".rels", ".vml")):
                try:
                    with self.parts.open(info) as stream:
                        _no_doctype(info.filename, iter(lambda: stream.read(_CHUNK), b""))
                except BROKEN as problem:
                    raise Unreadable(DAMAGED, detail=_words(problem)) from problem

    def xml(self, part: str) -> Element | None:
        """The root of a part; None when there is no such part."""
        if part not in self.names:
            return None
        try:
            size = self.parts.getinfo(part).file_size
            if size > MOST_XML:
                raise Unreadable(TOO_BIG, detail=f"{part} {size >> 20} MB", limit=f"{MOST_XML >> 20} MB")
            data = self.parts.read(part)
            _no_doctype(part, [data])
            return fromstring(data)
        except BROKEN as problem:
            raise Unreadable(DAMAGED, detail=_words(problem)) from problem
        except ParseError as problem:
            raise Unreadable(DAMAGED, detail=f"{part}: {problem}") from problem

    def links(self, part: str) -> list[tuple[str, str, str, bool]]:
        """(identity, sort, target, is it outside?) of everything a part refers to."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = []
        for link in root if root is not None else ():
            outside = link.get("TargetMode") == "External"
            target = link.get("Target", "")
            inside = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            sort = link.get("Type", "").rpartition("/")[2]
            found.append((link.get("Id", ""), sort, target if outside else inside, outside))
        return found


def _words(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {problem}"


def _not_a_bomb(parts: list[zipfile.ZipInfo], packed: int) -> None:
    if len(parts) > MOST_PARTS:
        raise Unreadable(BOMB, detail=f"{len(parts)}>{MOST_PARTS}")
    size = sum(part.file_size for part in parts)
    if size > SMALL and size > MOST_RATIO * packed:
        raise Unreadable(BOMB, detail=f"{packed >> 10} KB → {size >> 20} MB")
    if size > MOST_UNPACKED:
        raise Unreadable(TOO_BIG, detail=f"{size >> 20} MB", limit=f"{MOST_UNPACKED >> 20} MB")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(PASSWORD)


def _noticed(name: str, names: frozenset[str]) -> Iterable[Diagnostic]:
    place = Span(0, 0, Source(name, ""))
    strange = sorted(
        n for n in names if n.startswith(("/", "\\")) or ":" in n or ".." in n.replace("\\", "/").split("/")
    )
    if strange:
        yield finding(STRANGE_NAMES, place, name=name, part=strange[0])
    if any(n.rpartition("/")[2].lower().startswith("vbaproject") for n in names):
        yield finding(MACROS, place, name=name)


class _Begun(Exception):
    """The first element has come."""


def _no_doctype(part: str, chunks: Iterable[bytes]) -> None:
    """Look at what stands before the first element; whatever else is wrong is left to the real parser."""
    parser = expat.ParserCreate()
    declared = []

    def begin(*_: object) -> None:
        raise _Begun

    def declare(*_: object) -> None:
        declared.append(part)
        raise _Begun

    parser.StartElementHandler, parser.StartDoctypeDeclHandler = begin, declare
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
    except (_Begun, expat.ExpatError, LookupError, ValueError):
        pass
    if declared:
        raise Unreadable(ENTITIES, part=part)
