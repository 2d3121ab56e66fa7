"""Tables as JSON, long or wide: numbers keep the digits they are written with, and everything keeps its place.

``[{"指标": …, "实际值": …}]``, ``{"指标名": 值}``, ``{"对象": {"指标名": 值}}``, or a list of any of these.
"""

import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from perfdsl.actuals import Row, Table
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding, has_errors
from perfdsl.encoding import decode
from perfdsl.tables.grid import MOST_CELLS, Cell, Column, Line, Names, Sheet, header_columns, long_row, wide_rows
from perfdsl.tables.grid import findings as f
from perfdsl.tables.grid.columns import LONG_COMPLETE, shared_field, wide_name
from perfdsl.text import Source, Span

NAME = "json"
SUFFIXES = (".json",)
MOST_NESTING = 64
MOST_EXPONENT = 60
WRAPPERS = frozenset({"rows", "data", "actuals", "数据", "实际值", "完成值"})


def looks_like(data: bytes) -> bool:
    """Does the text begin with a bracket?"""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{")


def read(name: str, data: bytes, names: Names, sheet: str = "") -> tuple[Table, list[Diagnostic]]:
    """The rows of a JSON text."""
    count = sum(data.count(mark) for mark in (b",", b"{", b"["))
    if count > MOST_CELLS:
        return Table(name, ()), [finding(f.TOO_LARGE, Span(0, 0, Source(name, "")), name=name, count=count)]
    text, _, found = decode(name, data)
    source = Source(name, text.removeprefix("\ufeff"))
    start = Span(0, 0, source)
    if sheet:
        found.append(finding(f.NO_SHEETS, start, name=name, sheet=sheet))
    if not source.text.strip():
        found.append(finding(f.EMPTY, start, name=name))
    node = None if has_errors(found) else _parse(source, found)
    if node is None:
        return Table(name, ()), found
    reader = _Reader(source, names, found)
    reader.take(node, "")
    reader.finish()
    return Table(name, tuple(sorted(reader.rows, key=lambda row: row.span.start))), found


# ---- the text as nodes with places


class Node(NamedTuple):
    """A value: ``members`` of an object or (with empty keys) a list, or the ``text`` of a scalar."""

    sort: str
    start: int
    end: int
    text: str = ""
    members: tuple[tuple[Cell, "Node"], ...] = ()


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{},:]|-?Infinity|NaN|[-+.0-9eE]++|[a-z]+', re.DOTALL)


def _parse(source: Source, found: list[Diagnostic]) -> Node | None:
    """The nodes of a text that is JSON; None, with the reason, when it is not."""
    tokens = list(_TOKEN.finditer(source.text))
    if (deep := _too_deep(tokens)) is not None:
        found.append(finding(TOO_DEEP, Span(deep, deep + 1, source), most=MOST_NESTING, line=source.line_of(deep)))
        return None
    try:
        json.loads(source.text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as problem:
        place = Span(problem.pos, min(problem.pos + 1, len(source.text)), source)
        found.append(finding(NOT_JSON, place, line=problem.lineno, column=problem.colno, detail=problem.msg))
        return None
    return _build(source, tokens, found)


def _too_deep(tokens: Sequence[re.Match[str]]) -> int | None:
    depth = 0
    for token in tokens:
        depth += (token.group() in "[{") - (token.group() in "]}")
        if depth > MOST_NESTING:
            return token.start()
    return None


class _Open(NamedTuple):
    start: int
    members: list[tuple[Cell, Node]]
    seen: set[str]


def _build(source: Source, tokens: Sequence[re.Match[str]], found: list[Diagnostic]) -> Node | None:
    """Put the tokens of a correct text together."""
    stack, key, done = [_Open(0, [], set())], _NO_KEY, _NO_KEY
    keys: list[Cell] = []
    for number, token in enumerate(tokens):
        word, start, end = token.group(), token.start(), token.end()
        if word in ",:":
            continue
        if word in "[{":
            stack.append(_Open(start, [], set()))
            keys.append(key)
            key = _NO_KEY
            continue
        if word in "]}":
            closed = stack.pop()
            node = Node("list" if word == "]" else "object", closed.start, end, "", tuple(closed.members))
            key = keys.pop()
        elif word[0] == '"' and number + 1 < len(tokens) and tokens[number + 1].group() == ":":
            key = Cell(_string(word), start, end)
            continue
        else:
            node = _scalar(source, word, start, end, found)
        _add(source, stack[-1], key, node, found)
        key = done
    return stack[0].members[0][1] if stack[0].members else None


_NO_KEY = Cell("", -1, -1)


def _add(source: Source, parent: _Open, key: Cell, node: Node, found: list[Diagnostic]) -> None:
    if key.start >= 0:
        if key.text in parent.seen:
            place = Span(key.start, key.end, source)
            found.append(finding(TWICE_KEY, place, key=key.text, line=place.line))
            return
        parent.seen.add(key.text)
    parent.members.append((key, node))


def _scalar(source: Source, word: str, start: int, end: int, found: list[Diagnostic]) -> Node:
    if word[0] == '"':
        return Node("text", start, end, _string(word))
    if word in _LITERALS:
        return Node("literal", start, end, _LITERALS[word])
    if word[-1] in "yN":
        found.append(finding(NOT_FINITE, Span(start, end, source), text=word, line=source.line_of(start)))
        return Node("literal", start, end)
    return Node("number", start, end, _digits(word))


_LITERALS = {"true": "是", "false": "否", "null": ""}


def _string(word: str) -> str:
    return str(json.loads(word)) if "\\" in word else word[1:-1]


def _digits(word: str) -> str:
    """The digits as written; an exponent is written out when it is a small one."""
    _, mark, exponent = word.lower().partition("e")
    if not mark or len(word) > MOST_EXPONENT or len(exponent) > 3 or abs(int(exponent)) > MOST_EXPONENT:
        return word
    return f"{Decimal(word):f}"


# ---- the nodes as rows


class _Reader:
    def __init__(self, source: Source, names: Names, found: list[Diagnostic]) -> None:
        self.source = source
        self.sheet = Sheet(source=source, lines=())
        self.names = names
        self.found = found
        self.rows: list[Row] = []
        self.unknown: dict[str, Cell] = {}
        self.headers: dict[tuple[str, ...], tuple[tuple[Column, ...], int]] = {}
        self.named: Cell | None = None
        self.valued = False

    def take(self, node: Node, object_name: str, listed: bool = False) -> None:
        """Everything in a node; ``object_name`` is the key it stands under, ``listed`` when it stands in a list."""
        if node.sort == "list":
            for _, child in node.members:
                self.take(child, object_name, True)
        elif node.sort != "object":
            self._report(NOT_A_RECORD, node, text=self.source.text[node.start : node.end])
        elif self._is_record(node):
            self._long(node, object_name)
        else:
            self._mapping(node, object_name, listed)

    def _header(self, keys: tuple[str, ...]) -> tuple[tuple[Column, ...], int]:
        """What the keys of an object mean; most objects of a file have the same."""
        if keys not in self.headers:
            self.headers[keys] = header_columns(keys, self.names)
        return self.headers[keys]

    def _is_record(self, node: Node) -> bool:
        columns, rank = self._header(tuple(key.text for key, _ in node.members))
        return rank == LONG_COMPLETE or any(
            column.field == "name" and child.sort == "text" and not self.names.known(column.header)
            for column, (_, child) in zip(columns, node.members, strict=True)
        )

    def _long(self, node: Node, object_name: str, name: Cell | None = None) -> None:
        headers = tuple(key.text for key, _ in node.members)
        columns, _ = self._header((*headers, "指标", "实际值"))
        pairs = [(column, self._cell(child)) for column, (_, child) in zip(columns, node.members, strict=False)]
        self._check_fields(node, columns)
        if name is not None:
            pairs.append((Column(len(headers), "指标", "name"), name))
        if object_name and not any(column.field == "object" for column, _ in pairs):
            pairs.append((Column(len(headers) + 1, "对象", "object"), Cell(object_name, node.start, node.start)))
        self.named = self.named or Cell("", node.start, node.end)
        self.valued = self.valued or any(column.field == "value" for column, _ in pairs)
        row = long_row(self.sheet, Line((), node.start, node.end), pairs, self.found)
        if row is not None:
            self.rows.append(row)

    def _check_fields(self, node: Node, columns: Sequence[Column]) -> None:
        """Every field is a scalar, and no two keys mean the same one."""
        seen: dict[str, str] = {}
        for column, (key, child) in zip(columns, node.members, strict=False):
            if column.field and child.members:
                self._report(f.NOT_A_SCALAR, child, key=key.text)
            if column.field and seen.setdefault(column.field, key.text) != key.text:
                self._report(SAME_KEY, Node("key", key.start, key.end), key=key.text, first=seen[column.field])

    def _mapping(self, node: Node, object_name: str, listed: bool) -> None:
        plain = [(key, child) for key, child in node.members if child.sort not in ("object", "list")]
        for key, child in node.members:
            if child.sort == "object" and self._is_detail(child):
                self._long(child, object_name, key)
            elif child.sort == "list" and key.text in WRAPPERS:
                self.take(child, object_name, True)
            elif child.sort in ("object", "list"):
                if object_name:
                    self._report(TOO_NESTED, child, key=key.text)
                else:
                    self.take(child, key.text)
        if plain:
            self._wide(node, plain, object_name, listed)

    def _is_detail(self, node: Node) -> bool:
        """{"实际值": …, "单位": …} under the name of an indicator."""
        columns, _ = self._header((*(key.text for key, _ in node.members), "指标"))
        return any(column.field == "value" and not column.target for column in columns)

    def _wide(self, node: Node, members: Sequence[tuple[Cell, Node]], object_name: str, listed: bool) -> None:
        pairs = list(self._wide_pairs(members, listed))
        if object_name and not any(column.field == "object" for column, _ in pairs):
            pairs.append((Column(-1, "对象", "object"), Cell(object_name, node.start, node.start)))
        self.rows.extend(wide_rows(self.sheet, Line((), node.start, node.end), pairs, self.found))

    def _wide_pairs(self, members: Sequence[tuple[Cell, Node]], listed: bool) -> Iterator[tuple[Column, Cell]]:
        """In a list a key is like a column, and may be a further one; elsewhere it is like a row and must be known."""
        for number, (key, child) in enumerate(members):
            target, field, unit = wide_name(key.text, self.names)
            column = Column(number, key.text, field, unit, target)
            if not target and (shared := shared_field(key.text)):
                column = column._replace(field=shared)
            elif not target and listed:
                self.unknown.setdefault(key.text, key)
            elif not target:
                column = column._replace(field="value", target=key.text)
            cell = self._cell(child)
            yield column, cell._replace(start=key.start)

    def finish(self) -> None:
        """What can be said only when everything was read."""
        far = []
        for text, key in self.unknown.items():
            if near := self.names.near(text):
                self._report(f.UNKNOWN_COLUMN_NEAR, Node("key", key.start, key.end), column=text, near=near)
            elif not self.names.looks_at(text):
                far.append(text)
        if far:
            key = self.unknown[far[0]]
            self._report(f.UNKNOWN_COLUMNS, Node("key", key.start, key.end), columns="、".join(far))
        if self.named is not None and not self.valued:
            where = self.sheet.where(self.named)
            self.found.append(finding(f.NO_VALUE_COLUMN, self.sheet.span(self.named), **where))
        if not self.rows and not self.found:
            self.found.append(finding(f.NO_ROWS, Span(0, 0, self.source), where=self.source.name))

    def _cell(self, node: Node) -> Cell:
        text = self.source.text[node.start : node.end] if node.sort in ("list", "object") else node.text.strip()
        return Cell(text, node.start, node.end)

    def _report(self, kind: Kind, node: Node, **facts: str) -> None:
        place = Span(node.start, node.end, self.source)
        told = (("line", str(place.line)), *facts.items())
        self.found.append(Diagnostic(kind, place, told))


NOT_JSON = Kind(
    "D401", ERROR, "第{line}行第{column}列：不是正确的 JSON（{detail}）", "line {line}, column {column}: not valid JSON ({detail})",
    "检查引号、逗号和括号", "check quotes, commas and brackets",
)  # fmt: skip
TOO_DEEP = Kind(
    "D402", ERROR, "第{line}行：嵌套超过{most}层", "line {line}: nested more than {most} levels deep", "改成一层列表", "use a flat list",
)  # fmt: skip
TWICE_KEY = Kind(
    "D403", ERROR, "第{line}行：键“{key}”在同一个对象里出现两次", "line {line}: the key “{key}” occurs twice in one object",
    "留下一个；一个指标有多项时用列表，每项一个对象", "keep one; for several entries of an indicator write a list of objects",
)  # fmt: skip
NOT_FINITE = Kind(
    "D404", ERROR, "第{line}行：{text} 不是数", "line {line}: {text} is not a number", "没有值就写 null", "write null when there is no value",
)  # fmt: skip
NOT_A_RECORD = Kind(
    "D405", ERROR, "第{line}行：“{text}”不是一条记录", "line {line}: “{text}” is not a record",
    "写成 {\"指标\": \"名称\", \"实际值\": 值}", "write {\"指标\": \"name\", \"实际值\": value}",
)  # fmt: skip
SAME_KEY = Kind(
    "D407", ERROR, "第{line}行：键“{key}”与“{first}”是同一栏", "line {line}: the key “{key}” means the same as “{first}”",
    "只留一个", "keep one of them",
)  # fmt: skip
TOO_NESTED = Kind(
    "D408", ERROR, "第{line}行：“{key}”下面多套了一层", "line {line}: there is one level too many under “{key}”",
    "最多两层：对象、指标", "there are two levels at most: object, indicator",
)  # fmt: skip
