"""Packages of parts (.xlsx, .docx, .ods): opened only when they are no bomb, and their XML declares nothing.

What is looked at first costs nothing: the list of the parts.  Sizes there may be lies, so whoever unpacks does so in a process
of its own (``apart``), and reads no more of a part than the list says.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable

MOST_PARTS = 10_000
MOST_UNPACKED = 256 << 20
MOST_RATIO, SMALL = 200, 16 << 20
_CHUNK = 4096
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, LookupError,
          OverflowError)  # fmt: skip


class BadPackage(Exception):
    """A package that cannot or must not be opened; ``reason`` is one of corrupt, bomb, too_big, password, entities."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


def opened(data: bytes) -> zipfile.ZipFile:
    """The package, its parts still packed; raises ``BadPackage``."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as problem:
        raise BadPackage("corrupt", words(problem)) from problem
    listed = parts.infolist()
    if len(listed) > MOST_PARTS:
        raise BadPackage("bomb", f"{len(listed)}>{MOST_PARTS}")
    size = sum(part.file_size for part in listed)
    if size > SMALL and size > MOST_RATIO * len(data):
        raise BadPackage("bomb", f"{len(data) >> 10} KB → {size >> 20} MB")
    if size > MOST_UNPACKED:
        raise BadPackage("too_big", f"{size >> 20} MB")
    if any(part.flag_bits & 1 for part in listed):
        raise BadPackage("password")
    return parts


def undeclared(parts: zipfile.ZipFile) -> None:
    """Refuse the package when any XML in it declares entities; only the beginning of each part is unpacked."""
    for info in parts.infolist():
        if info.filename.endswith((".xml", ".rels", ".vml")):
            try:
                with parts.open(info) as stream:
                    no_doctype(info.filename, iter(lambda: stream.read(_CHUNK), b""))
            except BROKEN as problem:
                raise BadPackage("corrupt", words(problem)) from problem


def words(problem: BaseException) -> str:
    """What went wrong, for a finding."""
    return f"{type(problem).__name__}: {problem}"


class _Begun(Exception):
    """The first element has come."""


def no_doctype(part: str, chunks: Iterable[bytes]) -> None:
    """Look at what stands before the first element; whatever else is wrong is left to the real parser."""
    from xml.parsers import expat  # loaded only where there is a package

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
        raise BadPackage("entities", part)
