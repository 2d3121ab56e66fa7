"""The marks of an .xlsx: number formats, error cells, formulas without a result, hidden rows.

Read from the parts of the package as a stream; values and dates are left to the library.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, iterparse

from perfdsl.tables.workbook.marks import Marks, Refused, Survey

GENERAL = "General"
_BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "yyyy-m-d h:mm", 27: "yyyy年m月",
    28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 36: "yyyy年m月", 50: "yyyy年m月", 51: "m月d日",
    52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 55: "yyyy年m月", 56: "m月d日", 57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def survey(parts: zipfile.ZipFile) -> Survey:
    """The marks of every worksheet, by its name."""
    formats = _formats(parts)
    targets = _targets(parts)
    sheets = {}
    for element in _elements(parts, "xl/workbook.xml"):
        if _tag(element) == "sheet":
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
            path = targets.get(key, "")
            if path in parts.NameToInfo:
                sheets[element.get("name", "")] = _sheet(parts, path, formats)
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


def _formats(parts: zipfile.ZipFile) -> list[str]:
    """The number format of every cell style."""
    own: dict[int, str] = dict(_BUILT_IN)
    styles: list[int] = []
    if "xl/styles.xml" not in parts.NameToInfo:
        return []
    for element in _elements(parts, "xl/styles.xml"):
        if _tag(element) == "numFmt":
            own[int(element.get("numFmtId", "0"))] = element.get("formatCode", GENERAL)
        elif _tag(element) == "cellXfs":
            styles = [int(style.get("numFmtId", "0")) for style in element]
    return [own.get(number, GENERAL) for number in styles]


def _sheet(parts: zipfile.ZipFile, path: str, formats: list[str]) -> Marks:
    marks, row, column = Marks(), -1, -1
    with parts.open(path) as stream:
        for event, element in iterparse(stream, ("start", "end")):
            tag = _tag(element)
            if event == "start" and tag == "row":
                row, column = int(element.get("r") or row + 2) - 1, -1
                marks.hidden_rows += element.get("hidden") in ("1", "true")
            elif event == "end" and tag == "c":
                row, column = _address(element.get("r"), row, column + 1)
                if len(element):  # a cell that only has a format takes no room
                    marks.reach(row, column)
                    _mark(marks, element, row, column, formats)
            elif event == "end" and tag == "row":
                element.clear()
    return marks


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


def _mark(marks: Marks, cell: Element, row: int, column: int, formats: list[str]) -> None:
    value = next((child.text or "" for child in cell if _tag(child) == "v"), "")
    style = int(cell.get("s", "0"))
    name = formats[style] if 0 <= style < len(formats) else GENERAL
    if cell.get("t") == "e":
        marks.errors[row, column] = value
    elif not value and cell.get("t") != "str" and any(_tag(child) == "f" for child in cell):
        marks.unsolved.add((row, column))
    elif name != GENERAL and value:
        marks.formats[row, column] = name


def _elements(parts: zipfile.ZipFile, path: str) -> Iterator[Element]:
    with parts.open(path) as stream:
        for _, element in iterparse(stream):
            yield element


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]
