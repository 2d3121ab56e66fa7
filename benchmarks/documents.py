"""Measure reading documents beside the libraries used directly, and print a Markdown table.

A workbook and a Word file of so many indicators, with merged groups, formats and a header; every figure is the best of
several rounds that take turns.
"""

import argparse
import io
from collections.abc import Callable

import docx
import openpyxl
import xlsxwriter
from run import best

from perfdsl.documents import read_document

COLUMNS = ("一级指标", "二级指标", "三级指标", "半年指标值", "全年指标值", "单位", "分值", "得分", "偏差原因")
GROUP = 10


def main() -> None:
    """All three files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--indicators", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    book, word = workbook(options.indicators), word_file(options.indicators // 10)
    page = web_page(options.indicators)
    jobs: dict[str, Callable[[], object]] = {
        f"工作簿，{options.indicators}个指标：perfdsl": lambda: rows_of("a.xlsx", book),
        f"工作簿，{options.indicators}个指标：openpyxl，值和格式": lambda: with_openpyxl(book),
        f"Word，{options.indicators // 10}个指标：perfdsl": lambda: rows_of("a.docx", word),
        f"Word，{options.indicators // 10}个指标：python-docx": lambda: with_python_docx(word),
        f"网页，{options.indicators}个指标：perfdsl": lambda: rows_of("a.html", page),
    }
    print("| 做什么 | 秒 |\n|---|---:|")
    for name, seconds in best(jobs, options.rounds).items():
        print(f"| {name} | {seconds:.2f} |")


def rows_of(name: str, data: bytes) -> int:
    """How many rows the reader finds in all grids; a file that is not read stops the measurement."""
    document, found = read_document(name, data)
    if document is None:
        raise SystemExit("\n".join(d.message() for d in found))
    return sum(len(getattr(part, "rows", ())) for part in document.parts)


def with_openpyxl(data: bytes) -> int:
    """Values, number formats and merged ranges, which is what a form needs."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
    cells = [(cell.value, cell.number_format) for row in sheet.iter_rows() for cell in row]
    return len(cells) + len(sheet.merged_cells.ranges)


def with_python_docx(data: bytes) -> int:
    """The text of every cell of every row."""
    (table,) = docx.Document(io.BytesIO(data)).tables
    return len([cell.text for cell in table._cells])


def line(number: int) -> list[str]:
    """The cells of an indicator without its groups."""
    return [
        f"第{number}项工作完成率",
        f"≥{number % 50}%",
        f"≥{number % 50 + 50}%",
        "%",
        "2",
        "1.5",
        "" if number % 7 else "因计划调整",
    ]


def workbook(indicators: int) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("目标")
        sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, "项目支出绩效自评表")
        sheet.write_row(1, 0, COLUMNS)
        percent = book.add_format({"num_format": "0.00%"})
        for number in range(indicators):
            sheet.write_row(number + 2, 2, line(number))
            sheet.write_number(number + 2, 7, number / indicators, percent)
        for number in range(0, indicators - GROUP + 1, GROUP):
            sheet.merge_range(number + 2, 0, number + GROUP + 1, 0, "产出指标")
            sheet.merge_range(number + 2, 1, number + GROUP + 1, 1, "数量指标")
    return stream.getvalue()


def word_file(indicators: int) -> bytes:
    document = docx.Document()
    table = document.add_table(indicators + 1, len(COLUMNS))
    cells = table._cells
    for column, text in enumerate(COLUMNS):
        cells[column].text = text
    for number in range(indicators):
        for column, text in enumerate(line(number), 2):
            cells[(number + 1) * len(COLUMNS) + column].text = text
    for number in range(0, indicators - GROUP + 1, GROUP):
        for column, text in enumerate(("产出指标", "数量指标")):
            first, last = cells[(number + 1) * len(COLUMNS) + column], cells[(number + GROUP) * len(COLUMNS) + column]
            first.merge(last).text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def web_page(indicators: int) -> bytes:
    rows = ["".join(f"<td>{text}" for text in line(number)) for number in range(indicators)]
    return f"<html><meta charset=utf-8><table>{''.join(f'<tr>{row}' for row in rows)}</table>".encode()


if __name__ == "__main__":
    main()
