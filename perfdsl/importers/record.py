"""The record of an import: for a person as text, for a program as JSON; every cell of the document is in it."""

from collections.abc import Sequence

from perfdsl.diagnostics import Diagnostic
from perfdsl.importers.findings import shown
from perfdsl.importers.lexicon import SYNONYMS
from perfdsl.importers.records import Entry, Line, Object


def left_out(entries: Sequence[Entry]) -> list[Entry]:
    """What stands in a table and was not understood."""
    return [entry for entry in entries if entry.inside and not entry.use]


def outside(entries: Sequence[Entry]) -> list[Entry]:
    """What stands outside every table of indicators."""
    return [entry for entry in entries if not entry.inside and not entry.use]


def record_text(
    document: str, found: Sequence[Object], entries: Sequence[Entry], said: Sequence[Diagnostic], files: Sequence[str]
) -> str:
    """导入记录: what was found, what is doubtful, what was not understood, and all that stands outside."""
    lines = [f"# {document}", ""]
    for each, file in zip(found, files, strict=True):
        lines.append(f"- {each.name}（{counted(each)}）→ {file}")
    lines += ["", "## 要人看一看的", ""]
    lines += [f"- [{d.code}] {d.message()}" for d in said] or ["（没有）"]
    lines += ["", "## 表里没有读懂的", ""]
    lines += [f"- {shown(entry.place, bare=True)}：{entry.text}" for entry in left_out(entries)] or ["（没有）"]
    lines += ["", "## 表外的文字", ""]
    lines += [f"- {shown(entry.place, bare=True)}：{entry.text}" for entry in outside(entries)] or ["（没有）"]
    lines += ["", "## 每一格用作什么", ""]
    lines += [f"- {shown(entry.place, bare=True)} {_use(entry.use)}：{entry.text}" for entry in entries if entry.use]
    return "\n".join(lines) + "\n"


def _use(use: str) -> str:
    """What a cell was used as, in words: the roles of columns by their usual heading, other headings as printed."""
    return SYNONYMS[use].split()[0] if use in SYNONYMS else use.removeprefix("+")


def record_json(
    document: str,
    found: Sequence[Object],
    entries: Sequence[Entry],
    said: Sequence[Diagnostic],
    files: Sequence[str],
    lang: str,
) -> dict[str, object]:
    """The same as data."""
    return {
        "document": document,
        "objects": [{"name": each.name, "kind": each.kind, "layout": each.layout, "title": each.title, "rows": len(named(each)),
                     "funds": sum(_lines(line) for money in each.money for line in money.lines), "file": file} for each, file in zip(found, files, strict=True)],
        "findings": [{"code": d.code, "severity": d.severity, "message": d.message(lang), "help": d.help(lang)} for d in said],
        "cells": [{"page": e.place.page, "row": e.place.row, "column": e.place.column, "sheet": e.place.sheet, "text": e.text,
                   "use": e.use, "inside": e.inside} for e in entries],
    }  # fmt: skip


def _lines(line: Line) -> int:
    return 1 + sum(map(_lines, line.lines))


def named(found: Object) -> list[str]:
    """The names of its indicators."""
    return [item.name for item in found.items if item.name]


def counted(found: Object, lang: str = "zh") -> str:
    """How much was found, in words."""
    funds = sum(_lines(line) for money in found.money for line in money.lines)
    if lang == "en":
        return f"{len(named(found))} indicators, {len(found.fields)} fields of the head, {funds} lines of money"
    return f"{len(named(found))}个指标，{len(found.fields)}个表头栏目，{funds}行资金"
