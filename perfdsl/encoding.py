"""Bytes to text: the encodings Chinese office software writes, and what is said about them.

``decode`` never raises: a byte that cannot be read is an error with its offset, and the text shows U+FFFD in its place.
"""

import codecs
import io
import re

from perfdsl.diagnostics import ERROR, INFO, WARNING, Diagnostic, Kind, finding
from perfdsl.text import Source, Span


def decode(name: str, data: bytes) -> tuple[str, str, list[Diagnostic]]:
    """The text of ``data`` with every line ended by a line feed, its encoding, and what had to be said."""
    text, encoding, problem = _decoded(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    source = Source(name, text)
    found: list[Diagnostic] = []
    if problem is not None:
        at = text.find("\ufffd")
        place = Span(max(at, 0), max(at, 0) + (at >= 0), source)
        found.append(finding(UNDECODABLE, place, name=name, offset=problem, line=place.line))
    elif encoding == "gb18030":
        found.append(finding(READ_AS_GB18030, Span(0, 0, source), name=name))
    return text, encoding, found + _controls(source)


def _decoded(data: bytes) -> tuple[str, str, int | None]:
    """(text, encoding, offset of the first byte that cannot be read)."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, len(mark), encoding)
    text, _, problem = _strict(data, 0, "utf-8")
    if problem is None or _mostly_utf8(text):
        return text, "utf-8", problem
    chinese, _, offset = _strict(data, 0, "gb18030")
    if offset is None:
        return chinese, "gb18030", None
    return (chinese, "gb18030", offset) if offset > problem else (text, "utf-8", problem)


class Stream:
    """Bytes to text as they come: the encoding is the one ``decode`` would take for as much as has been seen.

    A file that begins with many plain letters is taken for GB18030 where the first others are.  ``problem`` is the offset of the
    first byte that cannot be read; there is no text from there on.
    """

    def __init__(self) -> None:
        self.encoding = ""
        self.problem: int | None = None
        self.at = 0
        self.plain = True
        self.decoder: io.IncrementalNewlineDecoder | None = None

    def text(self, data: bytes, last: bool = False) -> str:
        """The text of the next bytes (at first at least three), every line ended by a line feed; ``last`` with the last of them."""
        if self.problem is not None:
            return ""
        if self.decoder is None:
            data = self._begin(data)
        held = self._held()
        made = self._read(data, last)
        if made is None and self.encoding == "utf-8" and self.plain and _foreign(held + data):
            self._as("gb18030")
            made = self._read(held + data, last)
        if made is None:
            self.problem = self._offset(held + data)
            return ""
        self.plain = self.plain and made.isascii()
        self.at += len(data)
        return made

    def _begin(self, data: bytes) -> bytes:
        for mark, encoding in _MARKS:
            if data.startswith(mark):
                self._as(encoding)
                self.plain, self.at = False, len(mark)
                return data[len(mark) :]
        self._as("utf-8")
        return data

    def _as(self, encoding: str) -> None:
        self.encoding = encoding
        inner = codecs.getincrementaldecoder(encoding)()
        self.decoder = io.IncrementalNewlineDecoder(inner, translate=True)  # \r\n and \r as \n, across blocks too

    def _held(self) -> bytes:
        """The bytes of a letter that is not yet complete."""
        assert self.decoder is not None
        state = self.decoder.getstate()[0]
        return state if isinstance(state, bytes) else b""

    def _read(self, data: bytes, last: bool) -> str | None:
        assert self.decoder is not None
        try:
            return self.decoder.decode(data, last)
        except UnicodeDecodeError:
            return None

    def _offset(self, data: bytes) -> int:
        """Where in the file the byte is; ``data`` begins with what was held back."""
        try:
            data.decode(self.encoding)
        except UnicodeDecodeError as wrong:
            return self.at + wrong.start
        return self.at


def _foreign(data: bytes) -> bool:
    """Is what is no UTF-8 the Chinese of office software, not a damaged UTF-8?"""
    return not _mostly_utf8(data.decode("utf-8", "replace"))


def _strict(data: bytes, skip: int, encoding: str) -> tuple[str, str, int | None]:
    try:
        return data[skip:].decode(encoding), encoding, None
    except UnicodeDecodeError as problem:
        return data[skip:].decode(encoding, "replace"), encoding, skip + problem.start


def _mostly_utf8(text: str) -> bool:
    """A damaged UTF-8 file still shows many good characters; GB18030 read as UTF-8 shows hardly any."""
    bad = text.count("\ufffd")
    good = sum(1 for c in text if c > "\x7f") - bad
    return good > bad


def _controls(source: Source) -> list[Diagnostic]:
    """One finding for each sort of control character; a hundred million of them take no memory."""
    found = []
    for c in _CONTROLS if _CONTROL.search(source.text) else ():
        at = source.text.find(c)
        if at >= 0:
            place = Span(at, at + 1, source)
            count = source.text.count(c)
            found.append(finding(CONTROL, place, code=f"U+{ord(c):04X}", count=count, line=place.line))
    return found


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_CONTROLS = [chr(code) for code in range(0xA0) if _CONTROL.match(chr(code))]

UNDECODABLE = Kind(
    "D101", ERROR, "{name}：第{offset}个字节（从0数起，约在第{line}行）既不是 UTF-8 也不是 GB18030 编码",
    "{name}: byte {offset} (counted from 0, about line {line}) is neither UTF-8 nor GB18030",
    "用原来的软件打开，另存为 UTF-8 编码", "open it in the program it came from and save it as UTF-8",
)  # fmt: skip
READ_AS_GB18030 = Kind(
    "D102", INFO, "{name}：不是 UTF-8，按 GB18030（GBK）编码读入", "{name}: not UTF-8; read as GB18030 (GBK)",
    "若有乱码，请另存为 UTF-8", "save it as UTF-8 if characters look wrong",
)  # fmt: skip
CONTROL = Kind(
    "D103", WARNING, "第{line}行有控制字符 {code}，全文共{count}个", "line {line}: control character {code}, {count} in all",
    "删去它；若有很多，这可能不是文本文件", "remove it; where there are many, this may not be a text file",
)  # fmt: skip
