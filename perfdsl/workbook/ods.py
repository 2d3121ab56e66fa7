"""The marks of an .ods: percent cells, error cells, comments, hidden rows; repeated rows and cells count as often as they repeat."""

import zipfile
from xml.etree.ElementTree import Element, iterparse

from perfdsl.workbook.marks import MOST_ROWS, Marks, Survey

PERCENT = "0.00%"
_ERRORS = ("#", "Err:")
_NOTE = "}annotation"


def survey(parts: zipfile.ZipFile, most: int) -> Survey:
    """The marks of every table, by its name."""
    sheets: dict[str, Marks] = {}
    marks, row = Marks(most=most), 0
    with parts.open("content.xml") as stream:
        for event, element in iterparse(stream, ("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if event == "start" and tag == "table":
                marks, row = sheets.setdefault(_get(element, "name"), Marks(most=most)), 0
            elif event == "end" and tag == "table-row":
                row += _row(marks, element, row)
                element.clear()
    return Survey(sheets)


def _row(marks: Marks, element: Element, row: int) -> int:
    """Note one row; how many rows it stands for."""
    times, column = _times(element, "number-rows-repeated"), 0
    if _get(element, "visibility") in ("collapse", "filter"):
        marks.hidden_rows.update(range(row, min(row + times, MOST_ROWS)))
    for cell in element:
        if not cell.tag.endswith(("}table-cell", "}covered-table-cell")):
            continue
        many = _times(cell, "number-columns-repeated")
        sort = _get(cell, "value-type")
        if sort or len(cell):
            marks.reach(row + times - 1, column + many - 1)
            down, across = _times(cell, "number-rows-spanned"), _times(cell, "number-columns-spanned")
            if down * across > 1:
                marks.merged.append(((row, column), (row + down - 1, column + across - 1)))
            _mark(marks, cell, sort, [(r, c) for r in range(row, row + times) for c in range(column, column + many)])
        column += many
    return times


def _mark(marks: Marks, cell: Element, sort: str, places: list[tuple[int, int]]) -> None:
    words = "".join(text for part in cell if not part.tag.endswith(_NOTE) for text in part.itertext()).strip()
    note = next((part for part in cell if part.tag.endswith(_NOTE)), None)
    if note is not None:
        said = ("".join(part.itertext()) for part in note if part.tag.endswith("}p"))
        marks.notes[places[0]] = "\n".join(said).strip()
    if sort == "percentage":
        marks.formats.update(dict.fromkeys(places, PERCENT))
    elif words.startswith(_ERRORS) and _get(cell, "formula"):
        marks.errors.update(dict.fromkeys(places, words))


def _times(element: Element, word: str) -> int:
    return max(1, int(_get(element, word) or 1))


def _get(element: Element, word: str) -> str:
    return next((value for name, value in element.attrib.items() if name.endswith("}" + word)), "")
