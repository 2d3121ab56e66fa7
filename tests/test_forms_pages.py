"""Pages of forms: nothing is cut or printed over something else, signatures stay with their table, any text is only text."""

import io
import re
import unicodedata
import zipfile

import docx
import openpyxl
import pdfplumber
import pytest
from attrs import evolve
from gate import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sheets import FORMS, ROOT, form

from perfdsl.cli.score import read_plans
from perfdsl.lay_out import lay_out
from perfdsl.layout import HEAD, LABEL, NAME, SIGN, TEXT, TITLE, Cell, Layout
from perfdsl.writers import docx as word
from perfdsl.writers import html, md, members, pdf, xlsx

POINTS_A_COLUMN = 5.25  # of one digit, the unit widths of columns are counted in
ANY = st.text(st.characters(), max_size=60) | st.text(
    st.sampled_from("=+-@|<>&\"'`\\#$*_[]{}~!:%\t\r\n\x00\x1f\x7f\u202e\ufeff\ud800\uffff甲𠮷é "), max_size=40
)


def sheet(text: str, lines: int = 2, name: str = "表") -> Layout:
    """A heading, a tall row whose text may need more than its least lines, a row below, signatures."""
    cells = (
        Cell(row=0, column=0, text="题目", role=TITLE, columns=2),
        Cell(row=1, column=0, text="高格", role=LABEL), Cell(row=1, column=1, text=text, role=TEXT),
        Cell(row=2, column=0, text="栏一", role=HEAD), Cell(row=2, column=1, text="栏二", role=HEAD),
        Cell(row=3, column=0, text="下一行", role=NAME), Cell(row=3, column=1, text="完", role=TEXT),
        Cell(row=4, column=0, text="签字：", role=SIGN, columns=2),
    )  # fmt: skip
    return Layout(name=name, widths=(10, 30), cells=cells, rows=5, repeated=(2, 2), heights=((1, lines),))


@pytest.mark.parametrize("number", [1, 3, 8, 25])
def test_a_text_of_more_lines_than_a_row_has_pushes_what_is_below(number: int) -> None:
    """In a PDF no line is printed over another, and a row is never less tall than its form says."""
    data = pdf.write([sheet("\n".join(f"第{n}行" for n in range(number)))])
    with pdfplumber.open(io.BytesIO(data)) as book:
        page = book.pages[0]
        tops = sorted(
            (word["top"], word["bottom"], word["text"]) for word in page.extract_words() if word["x0"] > page.width / 4
        )
        written = [(bottom, text) for _, bottom, text in tops if re.fullmatch(r"第\d+行", text)]
        head = next(top for top, _, text in tops if text == "栏二")
        edges = [edge["top"] for edge in page.horizontal_edges]
    assert [text for _, text in written] == [f"第{n}行" for n in range(number)]
    row = max(edge for edge in edges if edge <= head)
    assert all(bottom <= row + 1 for bottom, _ in written)
    assert head - min(edges) >= 2 * 8.5 * 1.4


def test_signatures_stay_on_the_page_of_the_last_row() -> None:
    tables = docx.Document(io.BytesIO(word.write([sheet("甲")]))).tables
    kept = [[bool(cell.paragraphs[0].paragraph_format.keep_with_next) for cell in row.cells] for row in tables[-1].rows]
    assert kept == [[False, False], [True, True]]


def test_a_row_taller_than_a_page_may_be_split_in_word_and_no_other() -> None:
    tables = docx.Document(io.BytesIO(word.write([sheet("长" * 3000)]))).tables
    assert not tables[0].rows[0]._tr.trPr.xpath("w:cantSplit")
    assert all(row._tr.trPr.xpath("w:cantSplit") for row in tables[1].rows)


def visible(text: str) -> str:
    """What a reader sees of a text in any format: no controls, no space, one writing of each sign."""
    return "".join(
        ch for ch in unicodedata.normalize("NFC", text) if not ch.isspace() and unicodedata.category(ch)[0] != "C"
    )


@given(ANY, ANY)
@example("=48%", "=cmd|' /C calc'!A0")
@example("\ud800", "[]:*?/\\")
@example("History", "'")
@example("", "𠮷" * 40)
@settings(max_examples=examples(150))
def test_any_text_is_only_text_in_every_format(text: str, name: str) -> None:
    """Text of a user, also as the name of the object, is read back from every file as the same words and as nothing else."""
    layout = sheet(text, name=name)
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write([layout, layout])))
    assert len({title.lower() for title in book.sheetnames}) == 2
    cell = book.worksheets[0].cell(2, 2)
    assert cell.data_type in ("s", "n") and (cell.value is None or cell.data_type == "s")
    assert visible(str(cell.value or "")) == visible(text)
    read = docx.Document(io.BytesIO(word.write([layout]))).tables[0].rows[0].cells[1].text
    assert visible(read) == visible(text)
    page = html.write([layout]).decode("utf-8")
    assert len(re.findall("<t[dh] ", page)) == 6 and "<script" not in page
    assert md.write([layout]).decode("utf-8").count("\n| --- | --- |\n") == 2


@given(ANY)
@settings(max_examples=25)
def test_any_text_becomes_a_pdf(text: str) -> None:
    assert pdf.write([sheet(text, name=text)]).startswith(b"%PDF-1.7")


@pytest.mark.parametrize("member", members(), ids=lambda member: member.NAME)
def test_a_page_stands_as_its_form_does(member: object) -> None:
    """Upright forms are printed upright in every format that knows paper."""
    up, flat = (member.write([evolve(sheet("甲"), portrait=portrait)]) for portrait in (True, False))  # type: ignore[attr-defined]
    assert (up == flat) is (member is md)


def test_every_form_of_the_package_is_narrow_enough_to_be_read_when_printed() -> None:
    """A sheet of Excel is printed on A4 at seven tenths of its size at least: 10 points stay 7."""
    plans, _ = read_plans(str(ROOT / "examples" / "suzhou-2024-projects" / "01-呼叫平台热线电话费.perf"))
    assert plans
    for name in FORMS:
        layout, _ = lay_out(form(name), plans[0])
        book = zipfile.ZipFile(io.BytesIO(xlsx.write([layout])))
        columns = re.findall(
            r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', book.read("xl/worksheets/sheet1.xml").decode()
        )
        width = sum((int(last) - int(first) + 1) * float(each) for first, last, each in columns)
        assert 770 / (width * POINTS_A_COLUMN) >= 0.7, (name, width)
