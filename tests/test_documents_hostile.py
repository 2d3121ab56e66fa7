"""Hostile and broken documents are refused in words, within bounded time and memory; and what is sound is read back exactly."""

import html
import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import NAMED, bomb, compound, docx, laughs, p, pdf, plain_sheet, tbl, tc, tr, with_parts, xlsx

from perfdsl import apart, package
from perfdsl.document import Grid
from perfdsl.documents import read_document
from perfdsl.documents._spans import MOST_PLACES

SECONDS, MEGABYTES = 20, 300


def refused(data: bytes, name: str) -> str:
    """The code of the one error with which the file is refused; soon, and without much memory where that is cheap to see."""
    traced = len(data) < 1 << 20
    if traced:
        tracemalloc.start()
    start = time.process_time()
    document, found = read_document(name, data)
    taken, (_, most) = time.process_time() - start, tracemalloc.get_traced_memory()
    if traced:
        tracemalloc.stop()
    errors = [d.code for d in found if d.severity == "error"]
    assert document is None and len(errors) == 1, [d.message() for d in found]
    assert taken < SECONDS and most < MEGABYTES << 20
    return errors[0]


# ---- refused


def deep_docx(depth: int) -> bytes:
    return docx("<w:sdt><w:sdtContent>" * depth + p("甲") + "</w:sdtContent></w:sdt>" * depth)


def many_parts() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parts:
        parts.writestr("word/document.xml", "")
        for number in range(package.MOST_PARTS):
            parts.writestr(f"a{number}", "")
    return stream.getvalue()


def sheet_of(rows: int, cells: str) -> bytes:
    """A worksheet part of so many rows, each with ``cells`` (A1 is the first of its row)."""
    body = "".join(f'<row r="{n}">{cells.replace("#", str(n))}</row>' for n in range(1, rows + 1))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>'.encode()


def million_rows() -> bytes:
    part = sheet_of(1_000_000, '<c r="A#"><v>#</v></c>')
    return xlsx(fill=plain_sheet, parts={"xl/worksheets/sheet1.xml": part})


def many_sheets(book) -> None:  # type: ignore[no-untyped-def]
    for number in range(8):
        book.add_worksheet().write_string(MOST_PLACES // 7, 0, str(number))


def wide_docx() -> bytes:
    return docx(tbl(*[tr(tc("甲", '<w:gridSpan w:val="999999999"/>')) for _ in range(600)]))


def wrong_password() -> bytes:
    return pdf(["甲"]).replace(b"/Root 1 0 R>>", b"/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4"
                               b"/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>>>")  # fmt: skip


@pytest.mark.parametrize("make, name, code", [
    (lambda: b"", "a.xlsx", "I101"), (lambda: b" \n\t\r\n", "a.csv", "I101"), (lambda: b"\xef\xbb\xbf\n", "a.txt", "I101"),
    (lambda: docx(p("")), "a.docx", "I101"), (lambda: xlsx(fill=lambda book: book.add_worksheet()), "a.xlsx", "I101"),
    (lambda: b"<html><body></body></html>", "a.html", "I101"), (lambda: pdf([""]), "a.pdf", "I101"),
    (lambda: bytes(range(256)) * 40, "a.xlsx", "I102"), (lambda: compound("Root Entry", "Etwas"), "a.xls", "I102"),
    (lambda: compound("Root Entry", "WordDocument"), "a.doc", "I104"), (lambda: b"{\\rtf1 x}", "a.doc", "I104"),
    (lambda: compound("Root Entry", "PowerPoint Document"), "a.ppt", "I104"), (lambda: b"MIME-Version: 1.0\n", "a.xls", "I104"),
    (lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "a.xls", "I104"),
    (lambda: b"\x89PNG\r\n\x1a\n\0\0", "a.pdf", "I104"),
    (lambda: compound("Root Entry", "EncryptedPackage"), "a.docx", "I105"), (wrong_password, "a.pdf", "I105"),
    (lambda: xlsx(fill=plain_sheet)[:1500], "a.xlsx", "I106"), (lambda: docx(p("甲"))[:-30], "a.docx", "I106"),
    (lambda: pdf(["甲"])[:200], "a.pdf", "I106"), (lambda: b"%PDF-1.7\n", "a.pdf", "I106"),
    (lambda: with_parts(docx(p("甲")), {"word/document.xml": b"<w:document"}), "a.docx", "I106"),
    (lambda: with_parts(docx(p("甲")), {"_rels/.rels": b"<x/>"}), "a.docx", "I106"),
    (lambda: compound(), "a.xls", "I106"), (lambda: compound("Root Entry", "Workbook")[:600], "a.xls", "I106"),
    (million_rows, "a.xlsx", "I107"), (lambda: xlsx(fill=many_sheets), "a.xlsx", "I107"),
    (wide_docx, "a.docx", "I107"), (lambda: ("甲\n" * 200_002).encode(), "a.txt", "I107"),
    (lambda: b"," * (MOST_PLACES + 1) + b"a", "a.csv", "I107"),
    (lambda: b"<table>" + b"<tr><td colspan=1000>a</td></tr>" * 201 + b"</table>", "a.html", "I107"),
    (lambda: b"<table>" + b"<td rowspan=65534 colspan=1000>" * 99 + b"<tr>" * 60_000, "a.html", "I107"),
    (lambda: pdf(*[["甲"]] * 501), "a.pdf", "I107"),
    (bomb, "a.xlsx", "I108"), (many_parts, "a.docx", "I108"),
    (laughs, "a.docx", "I109"),
    (lambda: xlsx(fill=plain_sheet, parts={"xl/styles.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><styleSheet/>'.encode("utf-16")}), "a.xlsx", "I109"),
    (lambda: pdf([""], scanned=[1]), "a.pdf", "I111"),
])  # fmt: skip
def test_a_file_that_cannot_or_must_not_be_read_is_refused_in_words(
    make: Callable[[], bytes], name: str, code: str
) -> None:
    assert refused(make(), name) == code


def test_a_page_that_keeps_the_library_busy_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SECONDS", 3)
    start = time.process_time()
    assert refused(b"<html>" + b"<div>" * 300_000 + b"x", "a.html") == "I110"
    assert time.process_time() - start < SECONDS


def test_a_pdf_that_unpacks_without_end_takes_no_more_than_its_share() -> None:
    import zlib

    squeezed = zlib.compress(b" " * (1 << 28), 9)
    data = pdf(["甲"])
    at = data.index(b"<</Length", data.index(b"/Contents"))
    end = data.index(b"endobj", at)
    head = f"<</Length {len(squeezed)}/Filter[/FlateDecode]>>stream\n".encode()
    document, found = read_document("a.pdf", data[:at] + head + squeezed + b"\nendstream\n" + data[end:])
    assert document is None
    assert {d.code for d in found} <= {"I101", "I106", "I110"}


def test_depth_is_told_and_what_stands_before_it_is_read() -> None:
    document, found = read_document(
        "a.docx", docx(p("前") + "<w:sdt><w:sdtContent>" * 3000 + p("甲") + "</w:sdtContent></w:sdt>" * 3000)
    )
    assert document is not None and len(document.parts) == 1
    assert [d.code for d in found] == ["I127"]
    assert refused(deep_docx(50_000), "a.docx") == "I101"


@pytest.mark.parametrize("suffix, name", [(".xls", "页"), (".csv", "Word"), (".pdf", "工作簿"), (".docx", "PDF")])
def test_a_wrong_suffix_is_told_and_the_content_is_read(suffix: str, name: str) -> None:
    made = {
        "页": b"<table><tr><td>1</table>", "Word": docx(p("1")), "工作簿": xlsx(fill=plain_sheet), "PDF": pdf(["1"]),
    }[name]  # fmt: skip
    document, found = read_document(f"表{suffix}", made)
    assert document is not None and document.parts
    assert [d.code for d in found] == ["I103"]


def test_nothing_outside_is_touched(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    document, found = read_document("a.docx", NAMED["压缩包里有 ../../外面 的 Word 文件"]())
    assert document is not None and [d.code for d in found] == ["I112"]
    assert list(tmp_path.iterdir()) == [] and not (tmp_path.parent.parent / "外面").exists()


# ---- damaged anywhere


SOUND = {
    "a.xlsx": xlsx(fill=plain_sheet), "a.docx": docx(p("甲") + tbl(tr(tc("乙"), tc("丙")))), "a.csv": "甲,乙\n1,2\n".encode(),
    "a.txt": "甲\t乙\n".encode("gb18030"),
}  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(SOUND)), st.data())
def test_bytes_changed_or_cut_never_raise(name: str, data: st.DataObject) -> None:
    made = bytearray(SOUND[name])
    for _ in range(data.draw(st.integers(0, 4))):
        made[data.draw(st.integers(0, len(made) - 1))] = data.draw(st.integers(0, 255))
    made = made[: data.draw(st.integers(0, len(made)))] if data.draw(st.booleans()) else made
    document, found = read_document(name, bytes(made))
    assert document is not None or any(d.severity == "error" for d in found)
    for said in found:
        assert "{" not in said.message("zh").replace("{\\", "") + said.message("en") + said.help("zh") + said.help("en")


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_damaged_pdf_never_raises(data: st.DataObject) -> None:
    made = bytearray(pdf(["甲", [["乙", "丙"]]]))
    for _ in range(data.draw(st.integers(1, 20))):
        made[data.draw(st.integers(9, len(made) - 1))] = data.draw(st.integers(0, 255))
    document, found = read_document("a.pdf", bytes(made))
    assert document is not None or any(d.severity == "error" for d in found)


# ---- the same grid back


class Block(NamedTuple):
    """A merged range with its words."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


def block_text() -> st.SearchStrategy[str]:
    words = st.text(
        st.characters(categories=["L", "N"], max_codepoint=0x9FFF, exclude_characters="\xad"), min_size=1, max_size=6
    )
    return st.one_of(
        words, st.sampled_from(["=48%", "≤52席", "<b>", "a&b", '"引"', "100%", "+1", "@SUM(1)", "1,125.16"])
    )


@st.composite
def tables(draw: st.DrawFn) -> list[Block]:
    """A table cut into rectangles, each with words."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    free = {(r, c) for r in range(height) for c in range(width)}
    blocks = []
    for r in range(height):
        for c in range(width):
            if (r, c) not in free:
                continue
            across = draw(
                st.integers(1, max(n for n in range(1, width - c + 1) if all((r, c + k) in free for k in range(n))))
            )
            down = draw(st.integers(1, height - r))
            while any((r + d, c + k) not in free for d in range(down) for k in range(across)):
                down -= 1
            free -= {(r + d, c + k) for d in range(down) for k in range(across)}
            blocks.append(Block(r, c, down, across, draw(block_text())))
    return blocks


def read_blocks(data: bytes, name: str) -> list[Block]:
    document, found = read_document(name, data)
    assert document is not None and found == [], [d.message() for d in found]
    (grid,) = [one for one in document.parts if isinstance(one, Grid)]
    cells = {id(cell): cell for row in grid.rows for cell in row if cell is not None}
    for r, row in enumerate(grid.rows):  # every place is covered by the cell that says so
        for c, cell in enumerate(row):
            assert cell is not None
            assert cell.place.row - 1 <= r < cell.place.row - 1 + cell.rows
            assert cell.place.column - 1 <= c < cell.place.column - 1 + cell.columns
    return [Block(c.place.row - 1, c.place.column - 1, c.rows, c.columns, c.text) for c in cells.values()]


def as_xlsx(blocks: list[Block]) -> bytes:
    def fill(book) -> None:  # type: ignore[no-untyped-def]
        sheet = book.add_worksheet()
        for b in blocks:
            if b.rows * b.columns > 1:
                sheet.merge_range(b.row, b.column, b.row + b.rows - 1, b.column + b.columns - 1, "")
            sheet.write_string(b.row, b.column, b.text)

    return xlsx(fill=fill)


def as_docx(blocks: list[Block]) -> bytes:
    rows = []
    for r in range(max(b.row + b.rows for b in blocks)):
        cells = []
        for b in sorted((b for b in blocks if b.row <= r < b.row + b.rows), key=lambda b: b.column):
            merge = f'<w:vMerge w:val="{"restart" if b.row == r else "continue"}"/>' if b.rows > 1 else ""
            text = f"<w:r><w:t>{html.escape(b.text)}</w:t></w:r>" if b.row == r else ""
            cells.append(tc(f"<w:p>{text}</w:p>", f'<w:gridSpan w:val="{b.columns}"/>{merge}'))
        rows.append(tr(*cells))
    return docx(tbl(*rows))


def as_html(blocks: list[Block]) -> bytes:
    rows = []
    for r in range(max(b.row + b.rows for b in blocks)):
        cells = [f'<td rowspan="{b.rows}" colspan="{b.columns}">{html.escape(b.text)}' for b in blocks if b.row == r]
        rows.append("<tr>" + "".join(cells))
    return f"<html><meta charset=utf-8><table>{''.join(rows)}".encode()


@settings(max_examples=80, deadline=None)
@given(tables())
def test_a_merged_table_written_to_a_workbook_is_read_back(blocks: list[Block]) -> None:
    assert read_blocks(as_xlsx(blocks), "a.xlsx") == blocks


@settings(max_examples=80, deadline=None)
@given(tables())
def test_a_merged_table_written_to_a_word_file_is_read_back(blocks: list[Block]) -> None:
    assert read_blocks(as_docx(blocks), "a.docx") == blocks


@settings(max_examples=30, deadline=None)
@given(tables())
def test_a_merged_table_written_to_a_page_is_read_back(blocks: list[Block]) -> None:
    assert read_blocks(as_html(blocks), "a.html") == blocks
