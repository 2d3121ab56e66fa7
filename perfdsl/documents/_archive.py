"""Packages of parts (.xlsx, .docx): opened only when they are no bomb, their XML parsed only when it declares nothing."""

import posixpath
import zipfile
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError, fromstring

from perfdsl import package
from perfdsl.diagnostics import Diagnostic, Kind, finding
from perfdsl.documents._findings import BOMB, DAMAGED, ENTITIES, MACROS, PASSWORD, STRANGE_NAMES, TOO_BIG, Unreadable
from perfdsl.package import BROKEN, MOST_UNPACKED, BadPackage, words
from perfdsl.text import Source, Span

MOST_XML = 48 << 20
_KINDS: dict[str, Kind] = {
    "corrupt": DAMAGED,
    "bomb": BOMB,
    "too_big": TOO_BIG,
    "password": PASSWORD,
    "entities": ENTITIES,
}


def unreadable(bad: BadPackage) -> Unreadable:
    """Why a package is not read, in the words of documents."""
    return Unreadable(_KINDS[bad.reason], detail=bad.detail, part=bad.detail, limit=f"{MOST_UNPACKED >> 20} MB")


class Archive:
    """A package that may be read; ``found`` is what was noticed on opening it."""

    parts: zipfile.ZipFile

    def __init__(self, name: str, data: bytes) -> None:
        """Raises ``Unreadable``."""
        try:
            self.parts = package.opened(data)
        except BadPackage as bad:
            raise unreadable(bad) from bad
        self.names = frozenset(self.parts.namelist())
        self.found = list(_noticed(name, self.names))

    def check_xml(self) -> None:
        """Refuse the package when any XML in it declares entities; only the beginning of each part is unpacked."""
        try:
            package.undeclared(self.parts)
        except BadPackage as bad:
            raise unreadable(bad) from bad

    def xml(self, part: str) -> Element | None:
        """The root of a part; None when there is no such part."""
        if part not in self.names:
            return None
        try:
            size = self.parts.getinfo(part).file_size
            if size > MOST_XML:
                raise Unreadable(TOO_BIG, detail=f"{part} {size >> 20} MB", limit=f"{MOST_XML >> 20} MB")
            data = self.parts.read(part)
            package.no_doctype(part, [data])
            return fromstring(data)
        except BadPackage as bad:
            raise unreadable(bad) from bad
        except BROKEN as problem:
            raise Unreadable(DAMAGED, detail=words(problem)) from problem
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


def _noticed(name: str, names: frozenset[str]) -> Iterable[Diagnostic]:
    place = Span(0, 0, Source(name, ""))
    strange = sorted(
        n for n in names if n.startswith(("/", "\\")) or ":" in n or ".." in n.replace("\\", "/").split("/")
    )
    if strange:
        yield finding(STRANGE_NAMES, place, name=name, part=strange[0])
    if any(n.rpartition("/")[2].lower().startswith("vbaproject") for n in names):
        yield finding(MACROS, place, name=name)
