"""Documents read: the same table in every sort of file gives the same grid; what is hidden, merged, changed is told."""

import datetime as dt
import hashlib
import io
from pathlib import Path

import pytest
from made import docx, link, p, part, pdf, plain_sheet, soffice, tbl, tc, tr, with_parts, xlsx

from perfdsl import documents
from perfdsl.diagnostics import Diagnostic
from perfdsl.document import Cell, Document, Grid, Line
from perfdsl.documents import members, read_document
from perfdsl.workbook import displayed


def read(data: bytes, name: str) -> tuple[Document, list[Diagnostic]]:
    document, found = read_document(name, data)
    assert document is not None, [d.message() for d in found]
    return document, found


def grids(document: Document) -> list[Grid]:
    return [one for one in document.parts if isinstance(one, Grid)]


def texts(grid: Grid) -> list[list[str | None]]:
    return [[None if cell is None else cell.text for cell in row] for row in grid.rows]


def lines(document: Document) -> list[str]:
    return [one.text for one in document.parts if isinstance(one, Line)]


def cell(grid: Grid, row: int, column: int) -> Cell:
    found = grid.rows[row][column]
    assert found is not None
    return found


def codes(found: list[Diagnostic]) -> list[str]:
    return [d.code for d in found]


# ---- text


FLAT = "单位名称\t\t便民服务中心\t\n\n一级指标\t二级指标\t三级指标\n　　≤52席\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_flattened_text_stays_lines_with_their_numbers(encoding: str, end: str) -> None:
    data = FLAT.replace("\n", end).encode(encoding)
    document, found = read(data, "表.txt")
    assert [(one.text, one.place.row) for one in document.parts if isinstance(one, Line)] == [
        ("单位名称\t\t便民服务中心", 1), ("一级指标\t二级指标\t三级指标", 3), ("　　≤52席", 4),
    ]  # fmt: skip
    assert codes(found) == (["D102"] if encoding == "gb18030" else [])
    assert (document.kind, document.digest) == ("txt", hashlib.sha256(data).hexdigest())


def test_text_that_a_spreadsheet_saved_is_a_grid() -> None:
    document, _ = read("三级指标\t指标值\n座席\t≤52席\n".encode("utf-16"), "表.txt")
    assert texts(grids(document)[0]) == [["三级指标", "指标值"], ["座席", "≤52席"]]


@pytest.mark.parametrize("separator", [",", "\t", ";", "，"])
def test_csv_finds_its_separator_and_keeps_lines_in_quotes(separator: str) -> None:
    rows = [["指标", "指标值", "说明"], ["座席", "≤52席", '"甲\n乙"'], ["接通率", "'=95%", '"说""好"""']]
    document, found = read("\n".join(separator.join(row) for row in rows).encode(), "表.csv")
    (grid,) = grids(document)
    assert texts(grid) == [["指标", "指标值", "说明"], ["座席", "≤52席", "甲\n乙"], ["接通率", "=95%", '说"好"']]
    assert (cell(grid, 2, 1).place.row, cell(grid, 2, 1).place.column) == (4, 2)
    assert found == []


def test_records_of_unequal_length_are_filled_with_nothing() -> None:
    document, _ = read("标题\n甲\t乙\t丙\n\n".encode(), "表.tsv")
    assert texts(grids(document)[0]) == [["标题", None, None], ["甲", "乙", "丙"]]


def test_a_quote_inside_a_name_or_never_closed_loses_nothing() -> None:
    document, found = read('南京"12345"热线,1\n"市级"中心,2\n"丙,3\n'.encode(), "表.csv")
    assert texts(grids(document)[0]) == [['南京"12345"热线', "1"], ['"市级"中心', "2"], ['"丙', "3"]]
    assert [(d.code, dict(d.facts)["row"]) for d in found] == [("I129", "3")]


def test_a_byte_of_no_encoding_is_an_error_and_no_document() -> None:
    document, found = read_document("表.txt", "指标".encode() + b"\xff\xff" + "指标值很多".encode())
    assert document is None
    assert codes(found) == ["D101"]


# ---- workbooks


def fill(book) -> None:  # type: ignore[no-untyped-def]
    sheet = book.add_worksheet("目标")
    sheet.merge_range(0, 0, 0, 3, "项目支出绩效目标表")
    sheet.merge_range(1, 0, 3, 0, "产出")
    sheet.write(1, 1, 0.9504, book.add_format({"num_format": "0.00%"}))
    sheet.write_datetime(1, 2, dt.datetime(2024, 11, 30), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}))
    sheet.write(2, 1, 5818.78, book.add_format({"num_format": "#,##0.00"}))
    sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    sheet.write(3, 1, 52, book.add_format({"num_format": '"≤"0"席"'}))
    sheet.write_string(3, 2, "=48%")
    sheet.write_comment(3, 1, "按合同")
    sheet.set_row(3, None, None, {"hidden": True})
    sheet.set_column(2, 2, None, None, {"hidden": True})
    other = book.add_worksheet("选项")
    other.hide()
    other.write_string(1, 1, "优")


SHOWN = [
    ["项目支出绩效目标表"] * 4,
    ["产出", "95.04%", "2024年11月30日", None],
    ["产出", "5,818.78", "#DIV/0!", None],
    ["产出", "≤52席", "=48%", None],
]


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_a_workbook_is_read_as_it_is_shown(suffix: str, tmp_path: Path) -> None:
    data = xlsx(fill=fill)
    document, found = read(data if suffix == "xlsx" else soffice(data, "a.xlsx", suffix, tmp_path), f"a.{suffix}")
    goals, options = grids(document)
    assert (document.kind, goals.title, options.title) == (suffix, "目标", "选项")
    assert texts(goals) == SHOWN
    head, group = cell(goals, 0, 0), cell(goals, 1, 0)
    assert goals.rows[0][3] is head and (head.rows, head.columns) == (1, 4)
    assert goals.rows[3][0] is group and (group.rows, group.columns) == (3, 1)
    assert cell(goals, 2, 2).error == "#DIV/0!"
    assert [(c.hidden, c.place.sheet) for c in (cell(goals, 2, 1), cell(goals, 3, 1), cell(goals, 1, 2))] == [
        (False, "目标"), (True, "目标"), (True, "目标"),
    ]  # fmt: skip
    assert cell(options, 1, 1).hidden
    assert codes(found) == ["I115", "I116", "I117"]
    if suffix == "xlsx":
        assert cell(goals, 3, 1).note == "按合同"


def test_an_ods_is_read_with_its_merged_cells(tmp_path: Path) -> None:
    document, _ = read(soffice(xlsx(fill=fill), "a.xlsx", "ods", tmp_path), "a.ods")
    goals = grids(document)[0]
    assert goals.rows[3][0] is goals.rows[1][0]
    assert cell(goals, 1, 1).text == "95.04%"


def test_a_cell_that_shows_less_than_it_holds_is_reported_with_both() -> None:
    def money(book) -> None:  # type: ignore[no-untyped-def]
        book.add_worksheet("资金").write(0, 1, 1125.1594, book.add_format({"num_format": "#,##0.00"}))

    document, found = read(xlsx(fill=money), "a.xlsx")
    assert cell(grids(document)[0], 0, 1).text == "1,125.16"
    assert [(d.code, dict(d.facts)["text"], dict(d.facts)["value"]) for d in found] == [
        ("I119", "1,125.16", "1125.1594")
    ]


@pytest.mark.parametrize("value, number_format, text, whole", [
    (0.9504, "0.00%", "95.04%", True), (0.950437, "0.00%", "95.04%", False), (0.5, "0%", "50%", True),
    (1125.155, "0.00", "1125.16", False), (5818.78, "General", "5818.78", True), (0.1 + 0.2, "", "0.3", True),
    (0, '0;-0;"无"', "无", True), (-12.5, "0.0;(0.0)", "(12.5)", True), (-3, "0.0", "-3.0", True), (12, "000", "012", True),
    (52, "≤0席", "≤52席", True), (1234567, "#,##0", "1,234,567", True), (1234567, "0,", "1235", False),
    (123456, '0!.0,"万元"', "12.3万元", False), (1.5, "@", "1.5", True), (0.25, "#.##", ".25", True), (12345, "00,000", "12,345", True),
    (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-", True), (1234.5, "[$¥-804]#,##0.00", "¥1,234.50", True),
    (3, '[>=10]0"多";0"少"', "3少", True), (1.5, "0.00E+00", "1.5", True), (2.5, "# ?/?", "2.5", True), (True, "", "TRUE", True),
    (45626, "yyyy/m/d;@", "2024/11/30", True), (0.5, "h:mm", "12:00", True), (1.5, "[h]:mm", "36:00", True),
    (dt.date(2024, 11, 30), "yyyy年m月d日", "2024年11月30日", True), (dt.date(2024, 11, 30), "yyyy年m月", "2024年11月", True),
    (dt.date(2024, 11, 30), "", "2024-11-30", True), (dt.datetime(2024, 11, 30, 8, 5), "yyyy-m-d h:mm", "2024-11-30 8:05", True),
    (dt.date(2024, 11, 30), "mmm-yy", "Nov-24", True), (dt.date(2024, 11, 30), "aaaa", "星期六", True), (7, ";;;", "", False),
])  # fmt: skip
def test_a_value_is_shown_by_its_format(value: object, number_format: str, text: str, whole: bool) -> None:
    assert displayed(value, number_format) == (text, whole)  # type: ignore[arg-type]


# ---- Word


def test_a_word_file_by_python_docx_keeps_its_order_and_merged_cells() -> None:
    word = pytest.importorskip("docx")
    book = word.Document()
    book.add_paragraph("项目支出绩效目标表")
    table = book.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "标题"
    table.cell(1, 0).merge(table.cell(2, 1)).text = "块"
    table.cell(2, 2).text = "≤52席\n第二段"
    book.add_paragraph("注：以上")
    book.sections[0].header.paragraphs[0].text = "附件1"
    book.sections[0].footer.paragraphs[0].text = "第 1 页"
    stream = io.BytesIO()
    book.save(stream)
    document, found = read(stream.getvalue(), "a.docx")
    (grid,) = grids(document)
    assert lines(document) == ["附件1", "项目支出绩效目标表", "注：以上", "第 1 页"]
    assert [type(one).__name__ for one in document.parts] == ["Line", "Line", "Grid", "Line", "Line"]
    assert texts(grid) == [["标题"] * 3, ["块", "块", ""], ["块", "块", "≤52席\n第二段"]]
    assert grid.rows[2][1] is grid.rows[1][0]
    assert found == []


def vmerge(value: str = "") -> str:
    return f'<w:vMerge w:val="{value}"/>' if value else "<w:vMerge/>"


def test_rows_that_begin_late_or_end_early_keep_their_columns() -> None:
    body = tbl(
        tr(tc("甲"), tc("乙", vmerge("restart")), tc("丙")),
        tr(tc("", vmerge()), tc("丁"), about='<w:gridBefore w:val="1"/>'),
        tr(tc("戊", '<w:gridSpan w:val="2"/>'), about='<w:gridAfter w:val="1"/>'),
    )
    document, found = read(docx(body), "a.docx")
    assert texts(grids(document)[0]) == [["甲", "乙", "丙"], [None, "乙", "丁"], ["戊", "戊", None]]
    assert found == []


def test_a_table_in_a_cell_follows_the_table_around_it() -> None:
    inner = tbl(tr(tc("内")))
    document, _ = read(docx(tbl(tr(tc("外"), tc(p("前") + inner + p("后"))))), "a.docx")
    assert [texts(grid) for grid in grids(document)] == [[["外", "前\n后"]], [["内"]]]
    assert [cell(grid, 0, 0).place.sheet for grid in grids(document)] == ["表1", "表2"]
    document, _ = read(docx(tbl(tr(tc(inner + p(""))))), "a.docx")
    assert [texts(grid) for grid in grids(document)] == [[["内"]]]


def test_changes_boxes_signs_fractions_and_fields_of_word() -> None:
    body = p(
        "<w:ins><w:r><w:t>新</w:t></w:r></w:ins>", "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>",
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "常年", '<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/></w:r>',
        "<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val=\"1\"/></w:checkBox></w:ffData></w:fldChar></w:r>",
        "<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>", "<w:hyperlink><w:r><w:t>一次</w:t></w:r></w:hyperlink>",
        "<m:oMath><m:f><m:num><m:r><m:t>A</m:t></m:r></m:num><m:den><m:r><m:t>B</m:t></m:r></m:den></m:f></m:oMath>", "10",
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>', "<w:r><w:tab/><w:t>止</w:t><w:br/><w:t>行</w:t></w:r>",
    )  # fmt: skip
    document, found = read(docx(body), "a.docx")
    assert lines(document) == ["新☑常年□☑一次A/B10²\t止\n行"]
    assert [(d.code, dict(d.facts)["count"]) for d in found] == [("I120", "2")]


def test_a_deleted_row_is_left_out() -> None:
    document, found = read(docx(tbl(tr(tc("留")), tr(tc("删"), about="<w:del/>"))), "a.docx")
    assert texts(grids(document)[0]) == [["留"]]
    assert codes(found) == ["I120"]


def test_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{p('框里')}{tbl(tr(tc('框表')))}</w:txbxContent>"
    drawn = f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    document, _ = read(docx(p("正文", drawn) + tbl(tr(tc(p("格", drawn))))), "a.docx")
    assert lines(document) == ["正文", "框里"]
    assert [texts(grid) for grid in grids(document)] == [[["框表"]], [["格\n框里"]], [["框表"]]]


def test_notes_hang_on_their_cell_or_stand_at_the_end() -> None:
    def mark(number: int, sort: str = "footnote") -> str:
        return f'<w:r><w:{sort}Reference w:id="{number}"/></w:r>'

    notes = part("footnotes", "".join(
        f'<w:footnote w:id="{n}"{sort}>{p(text)}</w:footnote>' for n, sort, text in [(0, ' w:type="separator"', "线"), (1, "", "甲注"), (2, "", "乙注")]
    ))  # fmt: skip
    comments = part("comments", f'<w:comment w:id="7">{p("批")}</w:comment>')
    body = p("正文", mark(2)) + tbl(tr(tc(p("100%", mark(1), mark(7, "comment")))))
    links = link("footnotes", "footnotes.xml", 1) + link("comments", "comments.xml", 2)
    document, _ = read(docx(body, {"word/footnotes.xml": notes, "word/comments.xml": comments}, links), "a.docx")
    (grid,) = grids(document)
    assert (cell(grid, 0, 0).text, cell(grid, 0, 0).note) == ("100%", "甲注\n批")
    assert [(one.text, one.place.sheet) for one in document.parts if isinstance(one, Line)] == [
        ("正文", ""),
        ("乙注", "脚注"),
    ]


def test_links_to_the_outside_are_counted_but_those_that_are_clicked_are_not() -> None:
    links = link("hyperlink", "http://example.org/", 1, "External") + link(
        "image", "http://example.org/a.png", 2, "External"
    )
    _, found = read(docx(p("甲"), links=links), "a.docx")
    assert [(d.code, dict(d.facts)["count"]) for d in found] == [("I114", "1")]


def test_overlapping_cells_of_word_lose_no_words() -> None:
    body = tbl(tr(tc("甲", '<w:gridSpan w:val="2"/>' + vmerge("restart")), tc("乙")), tr(tc("", '<w:gridSpan w:val="2"/>' + vmerge()), tc("丙")),
               tr(tc("", vmerge()), tc("丁")))  # fmt: skip
    document, found = read(docx(body), "a.docx")
    assert texts(grids(document)[0]) == [["甲", "甲", "乙"], ["甲", "甲", "丙"], ["", "丁", None]]
    assert found == []


# ---- pages


def page(body: str, encoding: str = "utf-8", charset: str = "") -> bytes:
    return (
        f'<html><head><meta charset="{charset or encoding}"><title>题</title></head><body>{body}</body></html>'.encode(
            encoding
        )
    )


def test_a_page_without_closing_tags_spans_and_entities() -> None:
    body = "目标表<p>甲&nbsp;乙 <b>x</b>y&ge;&#x4e2d;<script>no</script><table><tr><td rowspan=2>1<td colspan=2>2<tr><td>3<td>4<tr><td>5<td>六<br>七<td rowspan=9>8</table>后"
    document, found = read(page(body), "a.html")
    (grid,) = grids(document)
    assert texts(grid) == [["1", "2", "2"], ["1", "3", "4"], ["5", "六\n七", "8"]]
    assert lines(document) == ["目标表", "甲 乙 xy≥中", "后"]
    assert found == []


def test_a_page_that_says_gb2312_is_gb18030() -> None:
    document, _ = read(page("<p>㙍𠮷县", "gb18030", "gb2312"), "a.html")
    assert lines(document) == ["㙍𠮷县"]
    document, _ = read(page("<p>执行率", "utf-8", "gb2312"), "a.html")  # it says what it is not
    assert lines(document)[0] == "执行率"


def test_a_table_for_layout_gives_the_table_in_it() -> None:
    document, _ = read(
        page(
            "<table><tr><td><table><caption>目标</caption><tr><td>内<td><input type=checkbox checked>是</table></table>"
        ),
        "a.html",
    )
    assert [(grid.title, texts(grid)) for grid in grids(document)] == [("目标", [["内", "☑是"]])]


def test_spans_without_sense_are_read_as_far_as_they_fit() -> None:
    document, found = read(page("<table><tr><td colspan=两列>1<td rowspan=-1>2<tr><td>3<td>4</table>"), "a.html")
    assert texts(grids(document)[0]) == [["1", "2"], ["3", "4"]]
    assert set(codes(found)) == {"I126"}


def test_rows_of_a_head_do_not_reach_into_the_body() -> None:
    document, _ = read(page("<table><thead><tr><th rowspan=3>头<th>乙<tbody><tr><td>1<td>2</table>"), "a.html")
    assert texts(grids(document)[0]) == [["头", "乙"], ["1", "2"]]


# ---- PDF


def test_tables_and_lines_of_a_pdf_in_their_order() -> None:
    document, found = read(pdf(["目标表", [["三级指标", "指标值"], ["座席支出", "≤52席"]], "注：以上"]), "a.pdf")
    assert lines(document) == ["目标表", "注：以上"]
    (grid,) = grids(document)
    assert texts(grid) == [["三级指标", "指标值"], ["座席支出", "≤52席"]]
    assert cell(grid, 1, 1).place[:3] == (1, 2, 2)
    assert found == []


def long_table(book) -> None:  # type: ignore[no-untyped-def]
    sheet, framed = book.add_worksheet("目标"), book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    sheet.set_column(0, 2, 18)
    sheet.repeat_rows(1)
    sheet.fit_to_pages(1, 0)
    sheet.merge_range(0, 0, 0, 2, "项目支出绩效目标表", framed)
    sheet.write_row(1, 0, ["一级指标", "三级指标", "指标值"], framed)
    for row in range(2, 62):
        sheet.set_row(row, 32)
        sheet.write_row(row, 1, [f"第{row}项名称很长很长要换到下一行的指标", f"≥{row}%"], framed)
    for row in range(2, 62, 10):
        sheet.merge_range(row, 0, row + 9, 0, f"产出{row}", framed)


def test_a_pdf_by_an_office_program_keeps_merged_cells_wrapped_names_and_says_where_it_goes_on(tmp_path: Path) -> None:
    document, found = read(soffice(xlsx(fill=long_table), "a.xlsx", "pdf", tmp_path), "a.pdf")
    first, *more = grids(document)
    assert texts(first)[0] == ["项目支出绩效目标表"] * 3
    assert first.rows[3][0] is first.rows[2][0] and cell(first, 2, 0).text == "产出2"
    names = [cell(grid, r, 1).text for grid in (first, *more) for r in range(len(grid.rows))]
    assert [name for name in names if name.startswith("第")] == [
        f"第{n}项名称很长很长要换到下一行的指标" for n in range(2, 62)
    ]
    assert {dict(d.facts)["rows"] for d in found if d.code == "I124"} == {"1"} and len(more) >= 1


@pytest.mark.parametrize("suffix", ["pdf", "html"])
def test_a_word_file_converted_gives_the_same_cells(suffix: str, tmp_path: Path) -> None:
    border = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = '<w:gridCol w:w="2000"/>' * 3
    about = f'<w:tblPr><w:tblW w:w="6000" w:type="dxa"/><w:tblBorders>{border}</w:tblBorders></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
    width = '<w:tcW w:w="2000" w:type="dxa"/>'
    body = "<w:tbl>" + about + tr(tc("绩效指标", '<w:tcW w:w="6000" w:type="dxa"/><w:gridSpan w:val="3"/>')) + tr(
        tc("产出", width + vmerge("restart")), tc("座席资源个数", width), tc("≤52席", width)) + tr(
        tc("", width + vmerge()), tc("人工接通率", width), tc("≥95%", width)) + "</w:tbl>" + p("完")  # fmt: skip
    content = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    data = with_parts(docx(body), {"[Content_Types].xml": content.encode()})
    expected = [["绩效指标"] * 3, ["产出", "座席资源个数", "≤52席"], ["产出", "人工接通率", "≥95%"]]
    assert texts(grids(read(data, "a.docx")[0])[0]) == expected
    assert texts(grids(read(soffice(data, "a.docx", suffix, tmp_path), f"a.{suffix}")[0])[0]) == expected


# ---- every sort of file


def test_radicals_become_ordinary_characters_and_merged_cells_stay_one() -> None:
    document, found = read(page("<p>⺠政⻔<table><tr><td colspan=2>预算执⾏率</table>"), "a.html")
    (grid,) = grids(document)
    assert lines(document) == ["民政门"]
    assert cell(grid, 0, 0).text == "预算执行率" and grid.rows[0][1] is grid.rows[0][0]
    assert [(d.code, dict(d.facts)["count"]) for d in found] == [("I128", "3")]


def test_a_library_that_is_missing_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "find_spec", lambda library: None)
    for name, data, extra in [
        ("a.xlsx", xlsx(fill=plain_sheet), "excel"),
        ("a.pdf", pdf(["甲"]), "import"),
        ("a.html", page("甲"), "import"),
    ]:
        document, (said,) = read_document(name, data)
        assert document is None and said.code == "I100" and f'pip install "perfdsl[{extra}]"' in said.message()
    assert read_document("a.docx", docx(p("甲")))[0] is not None


def test_every_suffix_has_one_reader_for_a_content() -> None:
    pairs = [(member.CONTENT, suffix) for member in members() for suffix in member.SUFFIXES]
    assert len(pairs) == len(set(pairs))
    assert {member.NAME for member in members()} == {"xlsx", "xls", "docx", "pdf", "html", "csv", "tsv", "txt"}
