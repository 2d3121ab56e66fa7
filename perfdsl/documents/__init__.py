"""Documents: ``read_document`` turns the bytes of a file into text and grids of cells; every module here is one sort of file.

A member has ``NAME``, ``CONTENT`` (what ``glance`` calls such bytes), ``SUFFIXES``, ``EXTRA`` with ``NEEDS`` (the libraries
and the extra that brings them) and ``read``; the package finds its members and refuses one that lacks a name.  Names that
begin with ``_`` are what several members share.
"""

import hashlib
import importlib
import pkgutil
from functools import cache
from importlib.util import find_spec
from typing import Protocol, cast

from perfdsl.diagnostics import Diagnostic, finding, has_errors, stated
from perfdsl.document import Document, Part
from perfdsl.documents._findings import (
    DAMAGED,
    EMPTY,
    NO_LIBRARY,
    OLD_KIND,
    PASSWORD,
    TOO_BIG,
    UNKNOWN,
    WRONG_SUFFIX,
    Unreadable,
)
from perfdsl.documents._radicals import without_radicals
from perfdsl.glance import Foreign, glance
from perfdsl.text import Source, Span

__all__ = ["Member", "members", "read_document"]

MOST_BYTES = 100 << 20
_KINDS = {"old_kind": OLD_KIND, "password": PASSWORD, "damaged": DAMAGED, "unknown": UNKNOWN}
Read = tuple[tuple[Part, ...], list[Diagnostic]]


class Member(Protocol):
    """One sort of file."""

    NAME: str
    CONTENT: str
    SUFFIXES: tuple[str, ...]
    NEEDS: tuple[str, ...]
    EXTRA: str

    def read(self, name: str, data: bytes) -> Read:
        """The parts in their order and what a person should know of them; raises ``Unreadable`` and nothing else."""
        ...


def read_document(name: str, data: bytes) -> tuple[Document | None, list[Diagnostic]]:
    """The document named ``name`` and what was noticed; None with an error when it is not read.  Never raises for its bytes."""
    place = Span(0, 0, Source(name, ""))
    found: list[Diagnostic] = []
    try:
        _refuse(data)
        member = _member(name, glance(data))
        found += _suffix(name, member, place)
        if any(find_spec(library) is None for library in member.NEEDS):
            raise Unreadable(NO_LIBRARY, extra=member.EXTRA)
        parts, more = member.read(name, data)
        found += more
        if has_errors(found):
            return None, found
        if not parts:
            raise Unreadable(EMPTY)
    except Foreign as foreign:
        return None, [stated(_KINDS[foreign.reason], place, {"name": name, **foreign.facts})]
    except Unreadable as problem:
        return None, [*found, stated(problem.kind, place, {"name": name, **problem.facts})]
    parts, radicals = without_radicals(name, parts)
    document = Document(name, member.NAME, parts, hashlib.sha256(data).hexdigest())
    return document, found + radicals


def _refuse(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise Unreadable(TOO_BIG, detail=f"{len(data) >> 20} MB", limit=f"{MOST_BYTES >> 20} MB")
    if not data.strip():
        raise Unreadable(EMPTY)


@cache
def members() -> tuple[Member, ...]:
    """Every member of the family in the order of the file names."""
    found = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        if module.name.startswith("_"):
            continue
        member = importlib.import_module(f"{__name__}.{module.name}")
        lacking = [w for w in ("NAME", "CONTENT", "SUFFIXES", "NEEDS", "EXTRA", "read") if not hasattr(member, w)]
        if lacking:
            raise TypeError(f"{member.__name__} lacks {', '.join(lacking)}")
        found.append(cast(Member, member))
    return tuple(found)


def _member(name: str, content: str) -> Member:
    """The member for such bytes; where there are several, the suffix chooses."""
    fitting = [member for member in members() if content == member.CONTENT]
    by_suffix = next((member for member in fitting if name.lower().endswith(member.SUFFIXES)), None)
    return by_suffix or next(member for member in fitting if content == member.NAME)


def _suffix(name: str, member: Member, place: Span) -> list[Diagnostic]:
    """A word about a suffix that belongs to another sort of file."""
    lower = name.lower()
    stem, dot, last = lower.rpartition(".")
    known = {suffix for one in members() for suffix in one.SUFFIXES} | _OTHER_SUFFIXES
    if lower.endswith(member.SUFFIXES) or not stem or dot + last not in known:
        return []
    zh, en = _WORDS[member.NAME]
    return [finding(WRONG_SUFFIX, place, name=name, suffix=dot + last, kind=zh, kind_en=en)]


_OTHER_SUFFIXES = {
    ".doc",
    ".wps",
    ".ppt",
    ".pptx",
    ".rtf",
    ".json",
    ".xml",
    ".ofd",
    ".odt",
    ".zip",
    ".png",
    ".jpg",
    ".md",
}
_WORDS = {
    "xlsx": ("电子表格", "a workbook"), "xls": ("旧的电子表格（.xls）", "an old workbook (.xls)"), "docx": ("Word 文件", "a Word file"),
    "pdf": ("PDF", "a PDF"), "html": ("网页", "a web page"), "txt": ("文本", "text"), "csv": ("文本", "text"), "tsv": ("文本", "text"),
}  # fmt: skip
