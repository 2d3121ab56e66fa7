"""Text: lines with their places, and records between separators."""

import re
from collections import Counter

from perfdsl.diagnostics import Diagnostic, finding, has_errors
from perfdsl.document import Cell, Grid, Line, Part, Place
from perfdsl.documents._findings import OPEN_QUOTE, TOO_BIG, Unreadable
from perfdsl.documents._spans import MOST_LINES, MOST_PLACES, refuse_if_large, refuse_if_long
from perfdsl.encoding import decode
from perfdsl.text import Source, Span

LOOKED_AT = 200
MOST_QUOTED = 100_000
GUARDED = ("=", "+", "-", "@", "\t", "\n")


def text_of(name: str, data: bytes) -> tuple[str, list[Diagnostic]]:
    """The text of a file, line feeds at the ends of its lines; empty when an error says why."""
    count = data.count(b"\n") + data.count(b"\r")
    if (
        count > 4 * MOST_LINES
    ):  # far too many are not decoded; in some encodings these bytes are also part of characters
        raise Unreadable(TOO_BIG, detail=f"{count}行", limit=f"{MOST_LINES}行")
    text, _, found = decode(name, data)
    refuse_if_long(text.count("\n"))
    return ("" if has_errors(found) else text), found


def lines(text: str) -> tuple[Line, ...]:
    """Every line that is not blank, with its number; the spaces before it stay."""
    return tuple(
        Line(line.rstrip(), Place(row=number)) for number, line in enumerate(text.split("\n"), 1) if line.strip()
    )


def records(name: str, text: str, separator: str) -> tuple[tuple[Part, ...], list[Diagnostic]]:
    """One grid of the records of ``text``; a quote that is never closed is a character like any other."""
    count = text.count(separator) + text.count("\n")
    if count > 2 * MOST_PLACES:  # far too many are not even split
        raise Unreadable(TOO_BIG, detail=f"{count}格", limit=f"{MOST_PLACES}格")
    rows, problem = _split(text, separator)
    found = []
    if problem:
        found.append(finding(OPEN_QUOTE, Span(0, 0, Source(name, text)), name=name, row=problem))
    while rows and not any(cell.strip() for cell in rows[-1][1]):
        rows.pop()
    width = max((len(row) for _, row in rows), default=0)
    refuse_if_large(len(rows), width)
    grid = tuple(
        tuple(_cell(row[c], Place(row=line, column=c + 1)) if c < len(row) else None for c in range(width))
        for line, row in rows
    )
    return ((Grid(grid),) if grid else ()), found


def _cell(text: str, place: Place) -> Cell:
    guarded = text[:1] == "'" and text[1:2] in GUARDED and len(text) > 1
    return Cell(text[1:] if guarded else text, place)


def _split(text: str, separator: str) -> tuple[list[tuple[int, list[str]]], int]:
    """(line, cells) of each record; the line of the first quote that is never closed, or 0."""
    bare = re.compile(f"[^{separator}\n]*")
    quoted = re.compile(f' *"((?:[^"]|""){{0,{MOST_QUOTED}}}+)(?:(") *(?=[{separator}\n]|\\Z))?')
    found: list[tuple[int, list[str]]] = []
    at, line, start, cells, problem = 0, 1, 1, [], 0
    while at < len(text):
        match = quoted.match(text, at)
        if match is not None and match[2]:
            cells.append(match[1].replace('""', '"'))
        else:
            if match is not None and match.end() == len(text) and not problem:
                problem = line
            match = bare.match(text, at)
            cells.append(match.group() if match else "")
        end = match.end() if match else at
        line += text.count("\n", at, end)
        if end >= len(text) or text[end] == "\n":
            found.append((start, cells))
            line, cells = line + 1, []
            start = line
        at = end + 1
    return found, problem


def likely_separator(text: str, separators: str) -> str:
    """The separator that stands equally often in the most lines; the first one breaks a tie."""
    head = [line for line in text.split("\n", LOOKED_AT)[:LOOKED_AT] if line.strip()]
    best, chosen = 0, separators[0]
    for separator in separators:
        counts = Counter(line.count(separator) for line in head if separator in line)
        alike = max(counts.values(), default=0)
        if alike > best:
            best, chosen = alike, separator
    return chosen


def is_table(text: str) -> bool:
    """Do all lines have the same number of tabs, as a spreadsheet saves them?  Text flattened from a page has not."""
    counts = {line.count("\t") for line in text.split("\n") if line.strip()}
    return len(counts) == 1 and counts != {0} and text.count("\n") > 0
