"""Findings for people and for programs: a text with the line underlined, plain data, and SARIF.

An underline stands under the words it is about, however wide they are; nothing a user wrote reaches a terminal raw.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

import attrs

from perfdsl import __version__
from perfdsl.diagnostics import ERROR, INFO, WARNING, Diagnostic, Kind, Label
from perfdsl.text import Source, Span
from perfdsl.width import width, wrap

Json = dict[str, Any]

WORDS = {
    "zh": {ERROR: "错误", WARNING: "警告", INFO: "提示", "help": "建议", "witness": "反例", "accepted": "已接受", "test": "复现",
           "note": "注", "clean": "没有发现问题", "joint": "，", "colon": "："},
    "en": {ERROR: "error", WARNING: "warning", INFO: "note", "help": "help", "witness": "witness", "accepted": "accepted",
           "test": "repro", "note": "note", "clean": "no problems found", "joint": ", ", "colon": ": "},
}  # fmt: skip
RED, YELLOW, CYAN, BLUE, BOLD = "1;31", "1;33", "1;36", "1;34", "1"
COLOURS = {ERROR: RED, WARNING: YELLOW, INFO: CYAN}
WITNESS = {"actual": "完成值", "worse": "较差的完成值", "better": "较好的完成值", "total": "总分"}
ENOUGH = 40  # a narrower terminal scrolls sideways
LONG = 200  # a line of source is never shown longer than this
UNLIMITED = 10**6
TAB = "    "


def diagnostics_text(found: Sequence[Diagnostic], lang: str, colour: bool, columns: int) -> str:
    """Every finding with its place underlined, then one line that counts them; empty when there are none.

    ``columns`` 0 stands for no limit; even then a very long line of source is cut.
    """
    if not found:
        return ""
    most = max(columns, ENOUGH) if columns > 0 else UNLIMITED
    blocks = []
    for one in found:
        gutter = len(str(max(_lines(one), default=1)))
        page = _Page("en" if lang == "en" else "zh", colour, most, gutter, COLOURS[one.severity])
        blocks.append("\n".join(page.block(one)))
    return "\n\n".join([*blocks, summary(found, lang)]) + "\n"


def summary(found: Iterable[Diagnostic], lang: str) -> str:
    """``3 个错误，1 个警告``; what is accepted is counted by itself."""
    counts = Counter("accepted" if d.accepted else d.severity for d in found)
    names = [(name, counts[name]) for name in (ERROR, WARNING, INFO, "accepted") if counts[name]]
    words = WORDS["en" if lang == "en" else "zh"]
    if not names:
        return words["clean"]
    if lang == "en":
        return ", ".join(f"{n} {words[name]}{'s' if n > 1 and name != 'accepted' else ''}" for name, n in names)
    return "，".join(f"{n} 个{words[name]}" if name != "accepted" else f"{n} 处{words[name]}" for name, n in names)


# ---- text


@attrs.frozen
class _Mark:
    """A stretch of one line to underline: offsets in the line, the words beside it."""

    line: int
    start: int
    end: int
    words: str
    main: bool


@attrs.frozen
class _Piece:
    """A line of source as it is shown: cut around a mark, or whole."""

    text: str
    left: int = 0
    before: str = ""
    after: str = ""

    def column(self, offset: int) -> int:
        """The cell, from 0, under which the character at ``offset`` of the line stands."""
        return len(self.before) + width(_visible(self.text[: max(offset - self.left, 0)]))

    def __str__(self) -> str:
        return self.before + _visible(self.text) + self.after


@attrs.frozen
class _Page:
    """How one finding is printed: language, colour or none, cells a line, width of the line numbers, its own colour."""

    lang: str
    colour: bool
    columns: int
    gutter: int
    tone: str

    @property
    def room(self) -> int:
        """Cells for a line of source."""
        return min(self.columns, LONG) - self.gutter - 3

    def block(self, found: Diagnostic) -> Iterator[str]:
        """The lines of one finding."""
        yield from self.titled(f"{self.word(found.severity)}[{found.code}]", found.message(self.lang))
        yield from self.places(found)
        yield from self.tail(found)

    def word(self, name: str) -> str:
        return WORDS[self.lang][name]

    def paint(self, text: str, tone: str) -> str:
        return f"\x1b[{tone}m{text}\x1b[0m" if self.colour and text else text

    def titled(self, title: str, message: str) -> Iterator[str]:
        """The code in colour, the sentence in bold, both inside the page."""
        whole = f"{title} {message}"
        first, *rest = [whole] if width(whole) <= self.columns else wrap(whole, self.columns - 2)
        at = len(title) if first.startswith(title) else len(first)
        yield self.paint(first[:at], self.tone) + self.paint(first[at:], BOLD)
        yield from (f"  {self.paint(line, BOLD)}" for line in rest)

    def places(self, found: Diagnostic) -> Iterator[str]:
        """The lines of source, those of the finding's own file first."""
        for source, marks in _by_source(found, self.lang):
            if not source.name:
                continue
            arrow = "-->" if source is found.span.source else ":::"
            place = f"{_visible(source.name)}:{marks[0].line}:{marks[0].start + 1}"
            yield f"{' ' * self.gutter}{self.paint(arrow, BLUE)} {place}"
            if source.text:
                yield from self.snippet(source, marks)

    def snippet(self, source: Source, marks: Sequence[_Mark]) -> Iterator[str]:
        """Numbered lines with their underlines."""
        edge = f"{' ' * self.gutter} {self.paint('|', BLUE)}"
        yield edge
        before = 0
        for line in sorted({mark.line for mark in marks}):
            if before and line > before + 1:
                yield self.paint("...", BLUE)
            before = line
            number = self.paint(str(line).rjust(self.gutter), BLUE)
            for piece, some in self.pieces(source.line_text(line), [m for m in marks if m.line == line]):
                yield f"{number} {self.paint('|', BLUE)} {piece}".rstrip()
                yield from (f"{edge} {row}" for mark in some for row in self.underline(piece, mark))

    def pieces(self, text: str, marks: list[_Mark]) -> list[tuple[_Piece, list[_Mark]]]:
        """The line with all its marks; a line too long for the page once for each of them, cut around it."""
        if len(text) <= self.room and width(_visible(text)) <= self.room:
            return [(_Piece(text), marks)]
        return [(_cut(text, mark, self.room), [mark]) for mark in marks]

    def underline(self, piece: _Piece, mark: _Mark) -> Iterator[str]:
        """``^^^^ words`` under the stretch, the words below it when they do not fit beside it."""
        start, end = piece.column(mark.start), min(piece.column(mark.end), self.room)
        signs = ("^" if mark.main else "-") * max(1, end - start)
        tone = self.tone if mark.main else BLUE
        if width(mark.words) < self.room - start - len(signs):
            yield " " * start + self.paint(f"{signs} {mark.words}".rstrip(), tone)
            return
        yield " " * start + self.paint(signs, tone)
        inset = start if start <= self.room // 2 else 0
        for line in wrap(mark.words, self.room - inset) if mark.words else ():
            yield " " * inset + self.paint(line, tone)

    def tail(self, found: Diagnostic) -> Iterator[str]:
        """Notes without a place, help, witness, the waiver and the test that shows it."""
        for label in found.labels:
            if not label.span.source.name:
                yield from self.remark("note", _words(label, self.lang))
        yield from self.remark("help", found.help(self.lang))
        names = WITNESS if self.lang == "zh" else {}
        values = [f"{_visible(names.get(name, name))} = {_visible(value)}" for name, value in found.witness]
        yield from self.remark("witness", self.word("joint").join(values))
        yield from self.remark("accepted", _visible(found.accepted))
        if found.repro:
            lines = [self.word("test") + self.word("colon").rstrip(), *found.repro.splitlines()]
            yield f"{' ' * self.gutter} {self.paint('=', BLUE)} {self.paint(lines[0], BOLD)}"
            yield from (f"{' ' * (self.gutter + 5)}{_visible(line)}".rstrip() for line in lines[1:])

    def remark(self, name: str, words: str) -> Iterator[str]:
        """``= 建议：…``, wrapped under itself; nothing when there is nothing to say."""
        if not words:
            return
        head = f"{self.word(name)}{self.word('colon')}"
        inset = self.gutter + 3 + width(head)
        first, *rest = wrap(words, self.columns - inset)
        yield f"{' ' * self.gutter} {self.paint('=', BLUE)} {self.paint(head, BOLD)}{first}"
        yield from (" " * inset + line for line in rest)


def _words(label: Label, lang: str) -> str:
    return label.en if lang == "en" else label.zh


def _lines(found: Diagnostic) -> Iterator[int]:
    yield from (span.line for span in (found.span, *(label.span for label in found.labels)) if span.source.name)


def _by_source(found: Diagnostic, lang: str) -> list[tuple[Source, list[_Mark]]]:
    """The marks of each source, the finding's own place first."""
    made: list[tuple[Source, list[_Mark]]] = [(found.span.source, [_mark(found.span, "", main=True)])]
    for label in found.labels:
        mark = _mark(label.span, _words(label, lang), main=False)
        same = next((marks for source, marks in made if source is label.span.source), None)
        if same is None:
            made.append((label.span.source, [mark]))
        elif same[0] == attrs.evolve(mark, words="", main=True):
            same[0] = attrs.evolve(same[0], words=mark.words)
        else:
            same.append(mark)
    return made


def _mark(span: Span, words: str, *, main: bool) -> _Mark:
    """The part of a span on its first line; nothing to underline gives one sign."""
    line, column = span.source.position(span.start)
    text = span.source.line_text(line)
    start = min(column - 1, len(text))
    return _Mark(line, start, min(max(start + span.end - span.start, start), len(text)), words, main)


def _cut(text: str, mark: _Mark, room: int) -> _Piece:
    """A piece of a long line around a mark, with ``…`` where it was cut."""
    most = room - 2
    stretch = width(_visible(text[mark.start : min(mark.end, mark.start + most)]))
    left = _back(text, mark.start, (most - min(stretch, most * 2 // 3)) // 2)
    right, used = left, 0
    while right < len(text) and used + _cells(text[right]) <= most:
        used += _cells(text[right])
        right += 1
    left = _back(text, left, most - used)
    return _Piece(text[left:right], left, "…" if left else "", "…" if right < len(text) else "")


def _back(text: str, at: int, cells: int) -> int:
    """How far to the left of ``at`` one comes with so many cells."""
    while at > 0 and _cells(text[at - 1]) <= cells:
        at -= 1
        cells -= _cells(text[at])
    return at


def _cells(character: str) -> int:
    return max(1, width(_visible(character)))


def _visible(text: str) -> str:
    """``text`` with tabs as spaces and signs a terminal would act on, or not show, as a box."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character == "\t":
        return TAB
    if character.isprintable() or character == "\u3000":
        return character
    return " " if unicodedata.category(character) == "Zs" else "�"


# ---- plain data


def diagnostics_json(found: Iterable[Diagnostic], lang: str) -> list[Json]:
    """Each finding as plain data with stable names (docs/check.schema.json); columns count characters from 1."""
    return [_as_json(d, lang) for d in found]


def _as_json(found: Diagnostic, lang: str) -> Json:
    made: Json = {"code": found.code, "severity": found.severity, "message": found.message(lang), **_place(found.span)}
    made["labels"] = [{"message": _words(label, lang), **_place(label.span)} for label in found.labels]
    made["help"] = found.help(lang)
    made["witness"] = dict(found.witness)
    if found.accepted:
        made["accepted"] = found.accepted
    if found.repro:
        made["test"] = found.repro
    if found.edits:
        made["fix"] = [{"text": edit.text, **_place(edit.span)} for edit in found.edits]
    return made


def _place(span: Span) -> Json:
    """File, start and end (the first character after it); all null for a finding without a place."""
    if not span.source.name:
        return {"file": None, "start": None, "end": None}
    return {"file": span.source.name, "start": _position(span, span.start), "end": _position(span, span.end)}


def _position(span: Span, offset: int) -> dict[str, int]:
    line, column = span.source.position(offset)
    return {"line": line, "column": column}


# ---- SARIF

LEVELS = {ERROR: "error", WARNING: "warning", INFO: "note"}
KNOWN: Json = {"baselineState": "unchanged", "suppressions": [{"kind": "external", "status": "accepted"}]}


def diagnostics_sarif(found: Sequence[Diagnostic], lang: str, known: Sequence[Diagnostic] | None = None) -> Json:
    """A SARIF 2.1.0 log with one run; columns count UTF-16 code units, as viewers do.

    What is accepted is suppressed there with its reason.  ``known`` are findings a baseline lists (None: there is none):
    they are unchanged and suppressed from outside, all others new.
    """
    kinds = {d.code: d.kind for d in (*found, *(known or ()))}
    codes = {code: index for index, code in enumerate(sorted(kinds))}
    driver = {
        "name": "perfdsl",
        "version": __version__,
        "semanticVersion": __version__,
        "language": lang,
        "rules": [_rule(kinds[code], lang) for code in codes],
    }
    results = [_result(d, codes[d.code], lang) for d in found]
    if known is not None:
        results = [one | {"baselineState": "new"} for one in results]
        results += [_result(d, codes[d.code], lang) | KNOWN for d in known]
    run = {"tool": {"driver": driver}, "language": lang, "columnKind": "utf16CodeUnits", "results": results}
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _rule(kind: Kind, lang: str) -> Json:
    """What a code stands for, its facts left open, and how to read its page."""
    text, help_text = (kind.en, kind.help_en) if lang == "en" else (kind.zh, kind.help_zh)
    shown = WORDS["en" if lang == "en" else "zh"]
    more = f"{_open(help_text)}{'. ' if lang == 'en' else '。'}" if help_text else ""
    return {
        "id": kind.code,
        "shortDescription": {"text": _open(text)},
        "fullDescription": {"text": _open(text)},
        "help": {"text": f"{more}perfdsl explain {kind.code}"},
        "defaultConfiguration": {"level": LEVELS[kind.severity]},
        "properties": {"tags": [shown[kind.severity]]},
    }


def _open(template: str) -> str:
    return re.sub(r"\{\w+\}", "…", template)


def _result(found: Diagnostic, index: int, lang: str) -> Json:
    made: Json = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": LEVELS[found.severity],
        "message": {
            "text": (". " if lang == "en" else "。").join(filter(None, (found.message(lang), found.help(lang))))
        },
    }
    if found.span.source.name:
        made["locations"] = [{"physicalLocation": _physical(found.span)}]
    related = [
        {"id": number, "message": {"text": _words(label, lang)}, "physicalLocation": _physical(label.span)}
        for number, label in enumerate(found.labels, 1)
        if label.span.source.name
    ]
    if related:
        made["relatedLocations"] = related
    if found.edits:
        made["fixes"] = [_fix(found, lang)]
    if found.accepted:
        made["suppressions"] = [{"kind": "inSource", "status": "accepted", "justification": found.accepted}]
    if found.witness:
        made["properties"] = {"witness": dict(found.witness)}
    return made


def _fix(found: Diagnostic, lang: str) -> Json:
    """The edits, file by file: each takes a region out and puts words in."""
    changes: dict[str, list[Json]] = {}
    for edit in found.edits:
        changed: Json = {"deletedRegion": _region(edit.span)}
        if edit.text:
            changed["insertedContent"] = {"text": edit.text}
        changes.setdefault(edit.span.source.name, []).append(changed)
    made: Json = {
        "artifactChanges": [
            {"artifactLocation": {"uri": _uri(name)}, "replacements": parts} for name, parts in changes.items()
        ]
    }
    words = found.help(lang)
    return made | {"description": {"text": words}} if words else made


def _physical(span: Span) -> Json:
    return {"artifactLocation": {"uri": _uri(span.source.name)}, "region": _region(span)}


def _region(span: Span) -> Json:
    """Lines and columns from 1, the end column after the last sign; a byte order mark the reader left out is not counted."""
    (line, column), (end_line, end_column) = _units(span.source, span.start), _units(span.source, span.end)
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _units(source: Source, offset: int) -> tuple[int, int]:
    """Line and column of ``offset``, the column in UTF-16 code units."""
    line, column = source.position(offset)
    before = source.text[offset - column + 1 : offset]
    return line, column + sum(ord(sign) > 0xFFFF for sign in before)


def _uri(name: str) -> str:
    """A file name as a URI reference."""
    path = quote(name.replace("\\", "/"), safe="/-._~", errors="surrogateescape")
    return f"file://{path}" if path.startswith("/") else path
