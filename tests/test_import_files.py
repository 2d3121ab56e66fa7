"""The same table as a Word file, a workbook, a page and delimited text, read by the readers of documents and imported."""

import csv
import html
import io
from pathlib import Path

import docx
import pytest
import xlsxwriter
from click.testing import CliRunner
from import_cases import CASES, document

from perfdsl.cli.import_ import directions
from perfdsl.cli.main import perfdsl
from perfdsl.document import Cell, Grid
from perfdsl.importers import recognise, write

NAMES = ["central", "sichuan", "zengcheng", "suzhou", "nanjing"]


def grid_of(name: str) -> Grid:
    (grid,) = [
        part
        for part in document("表", (CASES / f"{name}.txt").read_text(encoding="utf-8")).parts
        if isinstance(part, Grid)
    ]
    return grid


def lines_of(name: str) -> list[str]:
    return [
        line
        for line in (CASES / f"{name}.txt").read_text(encoding="utf-8").split("\n")
        if line and not line.startswith("|")
    ]


def cells_of(grid: Grid) -> list[tuple[int, int, int, int, str]]:
    """(row, column, last row, last column, text) of each cell."""
    made: dict[int, tuple[int, int, int, int, str]] = {}
    for r, row in enumerate(grid.rows):
        for c, cell in enumerate(row):
            assert isinstance(cell, Cell)
            top, left = made[id(cell)][:2] if id(cell) in made else (r, c)
            made[id(cell)] = (top, left, r, c, cell.text)
    return list(made.values())


def as_docx(name: str) -> bytes:
    book, grid = docx.Document(), grid_of(name)
    lines = lines_of(name)
    for line in lines[:2]:
        book.add_paragraph(line)
    table = book.add_table(len(grid.rows), len(grid.rows[0]))
    for top, left, bottom, right, text in cells_of(grid):
        table.cell(top, left).merge(table.cell(bottom, right)).text = text
    for line in lines[2:]:
        book.add_paragraph(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_xlsx(name: str) -> bytes:
    out, grid, lines = io.BytesIO(), grid_of(name), lines_of(name)
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("表")
    first = lines[:2]
    for row, line in enumerate(first):
        sheet.write_string(row, 0, line)
    for top, left, bottom, right, text in cells_of(grid):
        top, bottom = top + len(first), bottom + len(first)
        if (top, left) == (bottom, right):
            sheet.write_string(top, left, text)
        else:
            sheet.merge_range(top, left, bottom, right, "")
            sheet.write_string(top, left, text)
    for row, line in enumerate(lines[2:], len(first) + len(grid.rows)):
        sheet.write_string(row, 0, line)
    book.close()
    return out.getvalue()


def as_html(name: str) -> bytes:
    grid, lines = grid_of(name), lines_of(name)
    rows: dict[int, list[str]] = {row: [] for row in range(len(grid.rows))}
    for top, left, bottom, right, text in sorted(cells_of(grid)):
        rows[top].append(f"<td rowspan={bottom - top + 1} colspan={right - left + 1}>{html.escape(text)}</td>")
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows.values())
    before, after = "".join(f"<p>{line}</p>" for line in lines[:2]), "".join(f"<p>{line}</p>" for line in lines[2:])
    return f"<html><head><meta charset=gb2312></head><body>{before}<table>{body}</table>{after}</body></html>".encode(
        "gb18030"
    )


def as_csv(name: str) -> bytes:
    grid, out = grid_of(name), io.StringIO()
    writer = csv.writer(out)
    for line in lines_of(name)[:2]:
        writer.writerow([line])
    text = {(top, left): words for top, left, _, _, words in cells_of(grid)}
    for row in range(len(grid.rows)):
        writer.writerow([text.get((row, column), "") for column in range(len(grid.rows[0]))])
    return out.getvalue().encode("gb18030")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", ["docx", "xlsx", "html", "csv"])
def test_every_sort_of_file_gives_the_same_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, suffix: str
) -> None:
    monkeypatch.chdir(tmp_path)
    make = {"docx": as_docx, "xlsx": as_xlsx, "html": as_html, "csv": as_csv}[suffix]
    Path(f"表.{suffix}").write_bytes(make(name))
    done = CliRunner().invoke(perfdsl, ["import", f"表.{suffix}", "-o", "出"])
    assert done.exit_code == 0, done.output
    (found,) = recognise(document("表", (CASES / f"{name}.txt").read_text(encoding="utf-8"))).objects
    want = write(found, f"表.{suffix}", directions)
    (rules,) = Path("出").glob("*.perf")

    def bare(text: str) -> list[str]:
        return [line.partition("#")[0].rstrip() for line in text.split("\n") if line.partition("#")[0].strip()]

    assert bare(rules.read_text(encoding="utf-8")) == bare(want.rules)
