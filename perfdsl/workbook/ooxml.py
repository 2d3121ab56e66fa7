"""The marks of an .xlsx: number formats, error cells, formulas without a result, what is hidden or struck out.

Read from the parts of the package as a stream; values and dates are left to the library.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, iterparse

from perfdsl.workbook.marks import MOST_COLUMNS, Marks, Refused, Styles, Survey

_TRUE = ("1", "true")
_TEXTS = "xl/sharedStrings.xml"
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def survey(parts: zipfile.ZipFile, most: int) -> Survey:
    """The marks of every worksheet, by its name."""
    styles = _styles(parts)
    targets = _targets(parts)
    struck = _struck_texts(parts)
    sheets = {}
    for element in _elements(parts, "xl/workbook.xml"):
        if _tag(element) == "sheet":
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
            path = targets.get(key, "")
            if path in parts.NameToInfo:
                sheets[element.get("name", "")] = _sheet(parts, path, styles, struck, most)
    return Survey(sheets)


def _targets(parts: zipfile.ZipFile) -> dict[str, str]:
    """The part every relationship of the workbook leads to."""
    found = {}
    for element in _elements(parts, "xl/_rels/workbook.xml.rels"):
        if _tag(element) == "Relationship" and element.get("Type", "").endswith("/worksheet"):
            target = element.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            found[element.get("Id", "")] = path
    return found


def _styles(parts: zipfile.ZipFile) -> Styles:
    styles = Styles()
    if "xl/styles.xml" not in parts.NameToInfo:
        return styles
    for element in _elements(parts, "xl/styles.xml"):
        if _tag(element) == "numFmt":
            styles.own[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
        elif _tag(element) == "cellXfs":
            styles.used = [int(style.get("numFmtId", "0")) for style in element]
            styles.fonts = [int(style.get("fontId", "0")) for style in element]
        elif _tag(element) == "fonts":
            styles.struck = {number for number, font in enumerate(element) if any(map(_strikes, font))}
    return styles


def _strikes(element: Element) -> bool:
    """Does a property of a font strike out?"""
    return _tag(element) == "strike" and element.get("val", "1") in _TRUE


def _struck_texts(parts: zipfile.ZipFile) -> frozenset[str]:
    """The numbers of the shared texts of which a part is struck out; nearly always there is none."""
    if _TEXTS not in parts.NameToInfo or not _mentions(parts, _TEXTS, b"<strike"):
        return frozenset()
    found, number = set(), 0
    for element in _elements(parts, _TEXTS):
        if _tag(element) == "si":
            if any(map(_strikes, element.iter())):
                found.add(str(number))
            number += 1
            element.clear()
    return frozenset(found)


def _mentions(parts: zipfile.ZipFile, path: str, word: bytes) -> bool:
    with parts.open(path) as stream:
        rest = b""
        while block := stream.read(1 << 20):
            if word in rest + block:
                return True
            rest = block[-len(word) :]
    return False


def _sheet(parts: zipfile.ZipFile, path: str, styles: Styles, struck: frozenset[str], most: int) -> Marks:
    marks, row, column = Marks(most=most), -1, -1
    with parts.open(path) as stream:
        for event, element in iterparse(stream, ("start", "end")):
            tag = _tag(element)
            if event == "start" and tag == "row":
                row, column = int(element.get("r") or row + 2) - 1, -1
                if element.get("hidden") in _TRUE:
                    marks.hidden_rows.add(row)
            elif event == "start" and tag == "col" and element.get("hidden") in _TRUE:
                first, last = int(element.get("min", "1")), int(element.get("max", "1"))
                marks.hidden_columns.update(range(max(first, 1) - 1, min(last, MOST_COLUMNS)))
            elif event == "end" and tag == "c":
                row, column = _address(element.get("r"), row, column + 1)
                if len(element):  # a cell that only has a format takes no room
                    marks.reach(row, column)
                    _mark(marks, element, row, column, styles)
                    if _is_struck(element, styles, struck):
                        marks.struck.add((row, column))
            elif event == "end" and tag == "row":
                element.clear()
    for place, words in _notes(parts, path):
        marks.reach(*place)
        marks.notes[place] = words
    return marks


def _notes(parts: zipfile.ZipFile, path: str) -> Iterator[tuple[tuple[int, int], str]]:
    """The comments of a sheet: (place, words)."""
    folder, name = posixpath.split(path)
    links = f"{folder}/_rels/{name}.rels"
    if links not in parts.NameToInfo:
        return
    for link in _elements(parts, links):
        target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/")
        if link.get("Type", "").endswith("/comments") and target in parts.NameToInfo:
            for element in _elements(parts, target):
                if _tag(element) == "comment":
                    words = "".join(part.text or "" for part in element.iter() if _tag(part) == "t")
                    yield _address(element.get("ref"), -1, -1), words.strip()


def _address(text: str | None, row: int, column: int) -> tuple[int, int]:
    if text is None:
        return row, column
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise Refused("corrupt", text)
    number = 0
    for c in match.group(1):
        number = number * 26 + ord(c) - 64
    return int(match.group(2)) - 1, number - 1


def _mark(marks: Marks, cell: Element, row: int, column: int, styles: Styles) -> None:
    value = next((child.text or "" for child in cell if _tag(child) == "v"), "")
    if cell.get("t") == "e":
        marks.errors[row, column] = value
    elif not value and cell.get("t") != "str" and any(_tag(child) == "f" for child in cell):
        marks.unsolved.add((row, column))
    elif value and (name := styles.format_of(int(cell.get("s", "0")))):
        marks.formats[row, column] = name


def _is_struck(cell: Element, styles: Styles, texts: frozenset[str]) -> bool:
    if styles.strikes(int(cell.get("s", "0"))):
        return any(child.text or len(child) for child in cell)
    sort = cell.get("t")
    if sort == "s" and texts:
        return any(child.text in texts for child in cell if _tag(child) == "v")
    return sort == "inlineStr" and any(map(_strikes, cell.iter()))


def _elements(parts: zipfile.ZipFile, path: str) -> Iterator[Element]:
    with parts.open(path) as stream:
        for _, element in iterparse(stream):
            yield element


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]
