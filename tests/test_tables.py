"""Tables of actual values: every form and file reads to the same rows, and nothing in a file can raise."""

import base64
import csv as python_csv
import datetime as dt
import hashlib
import io
import json
import struct
import sys
import time
import zipfile
import zlib
from pathlib import Path

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sheets import converted, needs_office

from perfdsl.actuals import Row, Table
from perfdsl.diagnostics import ERROR, Diagnostic
from perfdsl.encoding import decode
from perfdsl.tables import Names, members, read_table

xlsxwriter = pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")

# monitoring has columns of its own, which scoring keeps and names
EXAMPLES = sorted(
    p for p in (Path(__file__).parent.parent / "examples").glob("*/*.csv") if p.parent.name != "monitoring"
)
NAMES = Names(
    frozenset({"接通率", "办结率", "费用", "座席资源个数", "数量指标/座席资源个数", "“三公”经费控制率", "满意度（%）"}),
    frozenset({"甲", "乙"}),
)


def read(text: str | bytes, name: str = "a.csv", sheet: str = "") -> tuple[Table, list[Diagnostic]]:
    return read_table(name, text.encode() if isinstance(text, str) else text, NAMES, sheet)


def told(row: Row) -> dict[str, object]:
    return {k: v for k, v in attrs.asdict(row, recurse=False).items() if v and k != "span"}


def rows(text: str | bytes, name: str = "a.csv") -> list[dict[str, object]]:
    table, found = read(text, name)
    assert not [d for d in found if d.severity == ERROR], [d.message() for d in found]
    return [told(row) for row in table.rows]


def codes(text: str | bytes, name: str = "a.csv") -> list[str]:
    return [d.code for d in read(text, name)[1]]


def workbook(fill, **options) -> bytes:  # type: ignore[no-untyped-def]
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, **options})
    fill(book)
    book.close()
    return made.getvalue()


def sheet_of(*lines: tuple[object, ...], title: str = "一"):  # type: ignore[no-untyped-def]
    def fill(book) -> None:  # type: ignore[no-untyped-def]
        sheet = book.add_worksheet(title)
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)

    return fill


def ods(body: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{word}="urn:oasis:names:tc:opendocument:xmlns:{word}:1.0"' for word in ("office", "table", "text")
    )
    xml = f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr(
            "META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        parts.writestr("content.xml", xml)
    return made.getvalue()


# ---- the family and the door


def test_members_are_discovered() -> None:
    assert [member.NAME for member in members()] == ["csv", "json", "xlsx"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_every_example_reads_without_a_word(path: Path) -> None:
    data = path.read_bytes()
    table, found = read_table(path.name, data, Names())
    assert table.rows and found == []
    assert table.sha256 == hashlib.sha256(data).hexdigest()
    assert all(row.name in row.span.text for row in table.rows)


@pytest.mark.parametrize(
    ("data", "name"),
    [("指标,实际值\n费用,3\n".encode(), "a"), (b'  {"\xe8\xb4\xb9\xe7\x94\xa8": 3}', "a.dat"), (None, "download")],
)
def test_content_decides_when_the_suffix_says_nothing(data: bytes | None, name: str) -> None:
    data = data or workbook(sheet_of(("指标", "实际值"), ("费用", 3)))
    assert rows(data, name) == [{"name": "费用", "value": "3"}]


def test_workbook_named_csv_is_told() -> None:
    assert codes(workbook(sheet_of(("指标", "实际值"))), "a.csv") == ["D217"]


# ---- long form in text


def test_all_columns_and_their_synonyms() -> None:
    text = """三级指标\t全年完成值\t度量单位\t得分（评分）\t复核分\t事项\t数量\t偏差原因及改进措施\t佐证\t期间\t项目名称\t上年实际值\t分值
费用\t12\t万元\t3\t2.5\t投诉\t2\t无\t第3页\t半年\t甲\t11\t5\n"""
    assert rows(text, "a.tsv") == [
        {
            "name": "费用", "value": "12", "unit": "万元", "mark": "3", "override": "2.5", "item": "投诉", "times": "2",
            "explanation": "无", "evidence": "第3页", "period": "半年", "object": "甲", "prior": "11", "extras": (("分值", "5"),),
        }
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
def test_delimiters(delimiter: str) -> None:
    assert rows(f"指标{delimiter}实际值\n费用{delimiter}3\n") == [{"name": "费用", "value": "3"}]


def test_title_rows_above_the_header_are_skipped_and_told() -> None:
    table, found = read("附件1\n绩效自评表,,\n指标名称,完成值\n费用,3\n")
    assert [told(r) for r in table.rows] == [{"name": "费用", "value": "3"}]
    assert [(d.code, d.span.line) for d in found] == [("D208", 1)]
    assert table.rows[0].span.line == 4


def test_quoted_cells_may_hold_commas_quotes_and_line_breaks() -> None:
    table, found = read('指标,实际值,偏差原因\n费用,"1,125.16","多 ""算""\n了"\n办结率,5%,\n')
    assert found == []
    assert table.rows[0].value == "1,125.16" and table.rows[0].explanation == '多 "算"\n了'
    assert [row.span.line for row in table.rows] == [2, 4]
    assert table.rows[1].span.text == "办结率,5%,"


def test_quotes_inside_a_name_are_characters() -> None:
    assert rows('指标,实际值\n"三公"经费,3\n')[0]["name"] == '"三公"经费'


def test_open_quote_is_reported_where_it_opens() -> None:
    table, found = read('指标,实际值\n费用,3\n办结率,"5%\n费用,4\n')
    assert len(table.rows) == 1
    assert [(d.code, d.span.line, d.span.text) for d in found] == [("D216", 3, '"')]


def test_apostrophe_against_formulas_is_taken_off() -> None:
    assert [r["value"] for r in rows("指标,实际值\na,'=48%\nb,'-3\nc,'好'\nd,'+1\ne,'@x\n")] == [
        "=48%",
        "-3",
        "'好'",
        "+1",
        "@x",
    ]


def test_unquoted_comma_in_a_number_is_an_error_and_gives_no_row() -> None:
    table, found = read("指标,实际值\n费用,1,125.16\n办结率,5%\n")
    assert [row.name for row in table.rows] == ["办结率"]
    assert [(d.code, d.span.line) for d in found] == [("D209", 2)]
    assert "1,125.16" in found[0].help()


def test_missing_cells_are_empty_and_told_only_when_the_value_is_cut() -> None:
    table, found = read("指标,实际值,证据\n费用,3\n办结率\n")
    assert [(r.name, r.value) for r in table.rows] == [("费用", "3"), ("办结率", "")]
    assert [(d.code, d.span.line) for d in found] == [("D210", 3)]


def test_blank_rows_are_skipped_and_the_header_may_repeat() -> None:
    assert len(rows("\n指标,实际值\n\n费用,3\n,\n  \n指标,实际值\n办结率,5%\n")) == 2


def test_value_without_a_name_is_an_error() -> None:
    assert codes("指标,实际值,备注\n,3,\n,,合计\n费用,1,\n") == ["D206", "D212", "D213"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "D201"), ("\ufeff \n\n", "D201"), ("指标,实际值\n", "D215"), ("a,b\n1,2\n", "D202"), ("费用,3\n办结率,5%\n", "D202"),
        ("指标,备注\n费用,x\n", "D203"), ("备注,实际值\n费用,3\n", "D204"), ("指标,实际值,完成值\n费用,3,4\n", "D205"),
        ("接通率,接通率,办结率\n1,2,3\n", "D205"),
    ],
)  # fmt: skip
def test_headers_that_will_not_do(text: str, code: str) -> None:
    table, found = read(text)
    assert not table.rows and code in [d.code for d in found]


def test_error_cells_of_a_spreadsheet_are_errors_in_text_too() -> None:
    table, found = read("指标,实际值,得分\n费用,#DIV/0!,#N/A\n")
    assert table.rows[0].value == "" and [d.code for d in found] == ["D206", "D211"]
    assert "B列" in found[1].message() and "column B" in found[1].message("en")


def test_unit_in_the_header_holds_where_the_row_has_none() -> None:
    got = rows("指标,实际完成值（万元）,单位\n费用,3,\n费用,3,元\n费用,,\n")
    assert [r.get("unit") for r in got] == ["万元", "元", None]


# ---- wide form


def test_one_line_an_object_one_column_an_indicator() -> None:
    text = "项目名称,接通率,接通率.评分,费用（万元）,满意度(%),数量指标/座席资源个数,期间\n甲,95%,2,3,98%,50,半年\n乙,,,4,,,\n"
    assert rows(text) == [
        {"name": "接通率", "value": "95%", "mark": "2", "object": "甲", "period": "半年"},
        {"name": "费用", "value": "3", "unit": "万元", "object": "甲", "period": "半年"},
        {"name": "满意度（%）", "value": "98%", "object": "甲", "period": "半年"},
        {"name": "数量指标/座席资源个数", "value": "50", "object": "甲", "period": "半年"},
        {"name": "费用", "value": "4", "unit": "万元", "object": "乙"},
    ]


@pytest.mark.parametrize("said", ["*接通率", "接通率*", "＊接通率＊", "接通率 *"])
@pytest.mark.parametrize("unit", ["（%）", "(%)*", "*（%）", ""])
def test_a_star_that_says_required_is_no_part_of_a_wide_heading(said: str, unit: str) -> None:
    text = f"*项目名称,{said}{unit},办结率*.评分,办结率\n甲,95,2,1\n"
    assert [(r["name"], r["value"], r.get("unit", "")) for r in rows(text)] == [
        ("接通率", "95", "%" if unit else ""),
        ("办结率", "1", ""),
    ]
    assert read_table("a.csv", "对象,a*b\n甲,1\n".encode(), Names(frozenset({"a*b", "ab"})))[0].rows[0].name == "a*b"


@pytest.mark.parametrize(("down", "above"), [("1100", 0), ("1000", 2)])
def test_a_wide_header_of_two_merged_lines_is_that_of_one(down: str, above: int) -> None:
    """Some columns stand under the name of their group, the others are merged down."""
    head = ("单位名称", "接通率（%）", "办结率", "费用（万元）")
    lines = [("甲", 95, 1, 3), ("乙", 90, 2, 4)]

    def fill(book) -> None:  # type: ignore[no-untyped-def]
        sheet_of(*[("附件",)] * above, *[()] * 2, *lines)(book)
        for at, (title, merged) in enumerate(zip(head, down, strict=True)):
            if merged == "1":
                book.worksheets()[0].merge_range(above, at, above + 1, at, title)
            else:
                book.worksheets()[0].write(above, at, "其中")
                book.worksheets()[0].write(above + 1, at, title)

    assert rows(workbook(fill), "a.xlsx") == rows(workbook(sheet_of(head, *lines)), "a.xlsx")


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ("甲,,\n乙,5%,", [("甲", "接通率", ""), ("乙", "接通率", "5%")]),
        ("乙,,\n乙,5%,", [("乙", "接通率", "5%")]),
        ("乙,5%,\n乙,,", [("乙", "接通率", "5%")]),
        ("乙,,\n乙,,", [("乙", "接通率", "")]),
        ("乙,,2", [("乙", "办结率", "2")]),
        (",,", []),
    ],
)
def test_an_object_with_nothing_in_its_line_is_an_object(lines: str, wanted: list[tuple[str, str, str]]) -> None:
    table, found = read(f"对象,接通率,办结率\n{lines}\n")
    assert [(r.object, r.name, r.value) for r in table.rows] == wanted
    assert [d.code for d in found if d.severity == ERROR] == []


def test_wide_rows_point_at_their_cell() -> None:
    table, _ = read("单位,接通率,办结率\n甲,95%,95%\n")
    assert [(r.object, r.span.start - r.span.source.text.index("甲")) for r in table.rows] == [("甲", 2), ("甲", 6)]


def test_wide_column_with_a_slip_is_warned_of() -> None:
    found = read("对象,接通率,办结律,备注\n甲,95%,1,x\n,1,2,\n")[1]
    assert [d.code for d in found] == ["D207", "D206", "D214"]
    assert "办结率" in found[0].help()


# ---- JSON


def test_long_form_keeps_digits_as_written() -> None:
    text = """[{"指标": "费用", "实际值": 1.50, "单位": "万元", "备注": [1, 2]},
 {"name": "接通率", "value": true}, {"指标": "办结率", "完成值": null}, {"指标": "费用", "实际值": 12345678901234567890.10}, {"指标": "a", "实际值": 1.5e3}]"""
    table, found = read(text, "a.json")
    assert found == []
    assert [r.value for r in table.rows] == ["1.50", "是", "", "12345678901234567890.10", "1500"]
    assert [r.span.line for r in table.rows] == [1, 2, 2, 2, 2]
    assert table.rows[0].extras == (("备注", "[1, 2]"),)


def test_wide_forms_of_json() -> None:
    one = '{"费用（万元）": 3, "接通率": null, "接通率.评分": 2, "办结率": {"实际值": "9%", "评分": 1}, "别的": 5}'
    assert rows(one, "a.json") == [
        {"name": "费用", "value": "3", "unit": "万元"}, {"name": "接通率", "mark": "2"},
        {"name": "办结率", "value": "9%", "mark": "1"}, {"name": "别的", "value": "5"},
    ]  # fmt: skip
    assert rows('{"甲": {"费用": 1}, "乙": [{"指标": "费用", "实际值": 2}]}', "a.json") == [
        {"name": "费用", "value": "1", "object": "甲"}, {"name": "费用", "value": "2", "object": "乙"},
    ]  # fmt: skip
    table, found = read('[{"对象": "甲", "费用": 1, "编号": 7}, {"丙": {"费用": 2}}]', "a.json")
    assert [(r.object, r.value) for r in table.rows] == [("甲", "1"), ("丙", "2")]
    assert [d.code for d in found] == ["D206"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"费用": 1,\n"费用": 2}', "D403"), ('{"费用": NaN}', "D404"), ('{"费用": -Infinity}', "D404"), ("[1]", "D405"), ("3", "D405"),
        ('[{"指标": "a", "实际值": [1]}]', "D406"), ('[{"指标": "a", "实际值": 1, "完成值": 2}]', "D407"), ('{"a":{"b":{"c":1}}}', "D408"),
        ('{"a" 1}', "D401"), ('{"a": "x', "D401"), ('[{"指标": "a"}]', "D203"), ("[]", "D215"), ("[" * 10000, "D402"),
        ("[" * 10000 + "]" * 10000, "D402"), ('{"a":' * 5000, "D402"), ("", "D201"), ('{"a": "\x01"}', "D401"), ("[1,]", "D401"),
    ],
)  # fmt: skip
def test_json_that_will_not_do(text: str, code: str) -> None:
    found = read(text, "a.json")[1]
    assert code in [d.code for d in found]
    assert all(0 <= d.span.start <= d.span.end <= len(text) for d in found)


def test_second_key_is_pointed_at() -> None:
    table, found = read('{"费用": 1,\n "费用": 2}', "a.json")
    assert [(d.code, d.span.line, d.span.text) for d in found] == [("D403", 2, '"费用"')]
    assert table.rows[0].value == "1"


# ---- encodings


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", []), ("utf-8-sig", []), ("utf-16", []), ("gb18030", ["D102"]), ("gbk", ["D102"])],
)
def test_encodings(encoding: str, said: list[str]) -> None:
    table, found = read("指标,实际值\r\n费用,3\r办结率,5%\r\n".encode(encoding))
    assert [(r.name, r.value, r.span.line) for r in table.rows] == [("费用", "3", 2), ("办结率", "5%", 3)]
    assert [d.code for d in found] == said


def test_utf16_big_endian() -> None:
    assert rows(b"\xfe\xff" + "指标,实际值\n费用,3".encode("utf-16-be")) == [{"name": "费用", "value": "3"}]


def test_a_damaged_byte_is_an_error_with_its_offset() -> None:
    data = "指标,实际值\n费用,3\n".encode()
    broken = data[:17] + b"\xff" + data[17:]
    text, encoding, found = decode("a.csv", broken)
    assert encoding == "utf-8" and "\ufffd" in text
    assert [(d.code, dict(d.facts)["offset"]) for d in found] == [("D101", "17")]
    assert read(broken)[0].rows == ()


def test_rare_characters_of_gb18030_survive() -> None:
    text = "指标,实际值\n㙍𠮷,3\n"
    assert decode("a", text.encode("gb18030"))[:2] == (text, "gb18030")


def test_control_characters_are_told_once_each() -> None:
    found = read("指标,实际值\n费用,3\x00\x00\n办结率,\x07\n")[1]
    assert [(d.code, d.span.line, dict(d.facts)["count"]) for d in found] == [("D103", 2, "2"), ("D103", 3, "1")]


# ---- workbooks


def formatted(book) -> None:  # type: ignore[no-untyped-def]
    sheet = book.add_worksheet("自评")
    sheet.write_row(0, 0, ["绩效自评表"])
    sheet.write_row(1, 0, ["指标", "实际值", "单位"])
    cells = [
        (0.9504, "0.00%"), (0.9504, "0%"), (0.1 + 0.2, ""), (95.04, '0.00"%"'), (421, '#,##0"万元"'), (50, '0"（达标）"'), (1e22, ""),
        (0.07, "0.00%;[Red]-0.00%"), (45626, "yyyy-mm-dd"), (45626, 'yyyy"年"m"月"'), (True, ""), (-0.042, "0.0%"), ("=48%", "@"),
    ]  # fmt: skip
    for row, (value, number_format) in enumerate(cells, 2):
        style = book.add_format({"num_format": number_format} if number_format else {})
        sheet.write_string(row, 0, f"项{row - 2}")
        if isinstance(value, str):
            sheet.write_string(row, 1, value, style)
        elif isinstance(value, bool):
            sheet.write_boolean(row, 1, value, style)
        else:
            sheet.write_number(row, 1, value, style)


def test_numbers_and_dates_read_as_they_are_shown_and_exactly() -> None:
    table, found = read(workbook(formatted), "a.xlsx")
    assert [d.code for d in found] == ["D208"]
    assert [r.value for r in table.rows] == [
        "95.04%", "95.04%", "0.3", "95.04%", "421万元", "50", "1" + "0" * 22, "7%", "2024年11月30日", "2024年11月", "是", "-4.2%", "=48%",
    ]  # fmt: skip
    assert [r.span.line for r in table.rows] == list(range(3, 16))
    assert table.rows[0].span.text == "项0\t95.04%\t"
    assert not any(r.percent_format for r in table.rows)


def test_scaling_formats_are_warned_of() -> None:
    def fill(book) -> None:  # type: ignore[no-untyped-def]
        sheet_of(("指标", "实际值"))(book)
        book.worksheets()[0].write_row(1, 0, ["费用"])
        book.worksheets()[0].write_number(1, 1, 4210000, book.add_format({"num_format": '0!.0,"万元"'}))

    table, found = read(workbook(fill), "a.xlsx")
    assert table.rows[0].value == "4210000"
    assert [d.code for d in found] == ["D311"]


def test_error_cells_and_unsolved_formulas_are_named() -> None:
    def fill(book) -> None:  # type: ignore[no-untyped-def]
        sheet_of(("指标", "实际值", "得分"), ("费用",), ("办结率",), ("接通率", 1))(book)
        book.worksheets()[0].write_formula(1, 1, "=1/0", None, "#DIV/0!")
        book.worksheets()[0].write_formula(2, 1, "=1+1", None, "")
        book.worksheets()[0].write_formula(3, 2, "=1/0", None, "#DIV/0!")

    table, found = read(workbook(fill), "a.xlsx")
    assert [r.value for r in table.rows] == ["", "", "1"]
    assert [(d.code, d.span.line) for d in found if d.severity == ERROR] == [("D211", 2), ("D221", 3)]
    assert "“一”第2行B列（实际值）" in found[1].message() and "#DIV/0!" in found[1].message()


def marked(book) -> None:  # type: ignore[no-untyped-def]
    sheet_of(("指标", "实际值", "得分"), ("费用",), ("办结率",), ("接通率", 1))(book)
    sheet, line = book.worksheets()[0], book.add_format({"font_strikeout": True})
    sheet.write_number(1, 1, 288, line)
    sheet.write_rich_string(2, 1, line, "288", "300")
    sheet.write_number(3, 2, 7, line)  # not looked at
    sheet.write_blank(9, 1, None, line)
    sheet.write_comment(1, 1, "估计\n数")


def test_comments_and_what_is_struck_out_are_said() -> None:
    table, found = read(workbook(marked), "a.xlsx")
    assert [r.value for r in table.rows] == ["288", "288300", "1"]
    assert [(d.code, d.span.line) for d in found if d.code in ("D315", "D317")] == [
        ("D315", 1),
        ("D317", 2),
        ("D317", 3),
    ]
    assert "B2“估计 数”" in next(d for d in found if d.code == "D315").message()


@needs_office
@pytest.mark.parametrize(("sort", "codes"), [("xls", ["D315", "D317", "D317"]), ("ods", ["D315"])])
def test_comments_and_what_is_struck_out_in_other_files(sort: str, codes: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(marked))
    (path,) = converted([tmp_path / "a.xlsx"], sort, tmp_path)
    table, found = read(path.read_bytes(), path.name)
    assert [r.value for r in table.rows] == ["288", "288300", "1"]
    assert [d.code for d in found if d.code in ("D315", "D317")] == codes


def test_a_comment_far_out_takes_no_room() -> None:
    def fill(book) -> None:  # type: ignore[no-untyped-def]
        sheet_of(("指标", "实际值"), ("费用", 1))(book)
        book.worksheets()[0].write_comment(1_048_575, 16_383, "远")

    assert [d.code for d in read(workbook(fill), "a.xlsx")[1]] == ["D303"]


def test_merged_names_count_for_every_row_they_cover() -> None:
    def fill(book) -> None:  # type: ignore[no-untyped-def]
        sheet_of(("指标", "事项", "实际值"), ("", "a", 1), ("", "b", 2), ("费用", "", 3))(book)
        book.worksheets()[0].merge_range(1, 0, 2, 0, "投诉")

    assert [(r["name"], r["value"]) for r in rows(workbook(fill), "a.xlsx")] == [
        ("投诉", "1"),
        ("投诉", "2"),
        ("费用", "3"),
    ]


def test_a_merged_reason_is_said_of_every_row_with_a_value() -> None:
    def fill(book) -> None:  # type: ignore[no-untyped-def]
        sheet_of(
            ("指标", "实际值", "评分", "偏差原因"), ("费用", 1), ("办结率", 2), ("接通率", ""), ("满意度（%）", 4)
        )(book)
        book.worksheets()[0].merge_range(1, 3, 3, 3, "闭馆")
        book.worksheets()[0].merge_range(1, 2, 2, 2, 5)

    found = rows(workbook(fill), "a.xlsx")
    assert [r.get("explanation", "") for r in found] == ["闭馆", "闭馆", "", ""]
    assert [r.get("mark", "") for r in found] == ["5", "", "", ""]  # points are never handed on


def hidden(book) -> None:  # type: ignore[no-untyped-def]
    sheet_of(("说明",), ("填表须知",), title="说明")(book)
    sheet_of(("指标", "实际值"), ("费用", 1), title="藏")(book)
    sheet_of(("指标", "实际值"), ("费用", 2), ("办结率", 3), title="表")(book)
    sheet_of(("指标", "实际值"), ("费用", 4), title="表2")(book)
    book.worksheets()[1].hide()
    book.worksheets()[2].set_row(2, None, None, {"hidden": True})


def test_the_first_visible_sheet_with_a_header_is_read_with_its_hidden_rows() -> None:
    table, found = read(workbook(hidden), "a.xlsx")
    assert [(r.name, r.value) for r in table.rows] == [("费用", "2"), ("办结率", "3")]
    assert [d.code for d in found] == ["D308", "D309", "D310"]


@pytest.mark.parametrize(
    ("name", "sheet", "value"), [("a.xlsx", "表2", "4"), ("a.xlsx#藏", "", "1"), ("a.xlsx#表2", "", "4")]
)
def test_a_sheet_can_be_chosen(name: str, sheet: str, value: str) -> None:
    assert [r.value for r in read(workbook(hidden), name, sheet)[0].rows] == [value]


def test_a_sheet_that_is_not_there() -> None:
    assert [d.code for d in read(workbook(hidden), "a.xlsx", "无")[1]] == ["D306"]
    assert [d.code for d in read("指标,实际值\n费用,1\n", "a.csv", "无")[1]] == ["D218"]


def test_wide_form_in_a_workbook() -> None:
    data = workbook(sheet_of(("对象", "接通率", "费用（万元）"), ("甲", "95%", 3), ("乙", "", 4)))
    assert [(r["object"], r["name"], r["value"]) for r in rows(data, "a.xlsx")] == [
        ("甲", "接通率", "95%"), ("甲", "费用", "3"), ("乙", "费用", "4"),
    ]  # fmt: skip


@pytest.mark.parametrize(("row", "column"), [(1048575, 16383), (1048575, 9), (700, 16383)])
def test_absurd_sheets_are_refused_before_they_take_memory(row: int, column: int) -> None:
    data = workbook(lambda book: book.add_worksheet("一").write(row, column, 1))
    assert codes(data, "a.xlsx") == ["D303"]


def test_formats_far_out_take_no_room() -> None:
    def fill(book) -> None:  # type: ignore[no-untyped-def]
        sheet_of(("指标", "实际值"), ("费用", 3))(book)
        book.worksheets()[0].write_blank(1048575, 16383, None, book.add_format({"bold": True}))

    assert rows(workbook(fill), "a.xlsx") == [{"name": "费用", "value": "3"}]


def test_zip_bombs_are_refused() -> None:
    made = io.BytesIO()
    parts = zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED)
    with parts, parts.open("xl/workbook.xml", "w", force_zip64=True) as part:
        for _ in range(600):
            part.write(b" " * (1 << 20))
    assert codes(made.getvalue(), "a.xlsx") == ["D312"]
    lying = made.getvalue().replace(struct.pack("<I", 600 << 20), struct.pack("<I", 100))
    assert codes(lying, "a.xlsx")[0] in ("D302", "D312")


def test_ods_with_percents_repeats_and_a_bomb() -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    head = f"<table:table-row>{cell.format('指标')}{cell.format('实际值')}</table:table-row>"
    percent = (
        '<table:table-cell office:value-type="percentage" office:value="0.9504"><text:p>95%</text:p></table:table-cell>'
    )
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    body = f'<table:table table:name="一">{head}<table:table-row>{cell.format("接通率")}{percent}</table:table-row>{blank}</table:table>'
    assert rows(ods(body), "a.ods") == [{"name": "接通率", "value": "95.04%"}]
    bomb = blank.replace("/></table:table-row>", ' office:value-type="float" office:value="1"/></table:table-row>')
    assert codes(ods(body.replace(blank, bomb)), "a.ods") == ["D303"]


XLS = zlib.decompress(base64.b85decode(
    "c-rk)O-NKx6#nk}nHdLvM$<sUK?KdrO|>b=UK!>hoYaV-g7Oa%MPn++7G{~W5`-WqA`ooRBCAb56j8J(2$Wm|LEsdvf+8qrp}x*Jb6@#0fdeHN"
    "?|a<y?md6^ymRk;_r5nVo;x*iw<v)H*aj1`ZUzE#c#2Af*NA}RuFF;L9-`v<SW(Cb(Le@lJj!|%<T2#&PQbt&>lsntJ(a^aj#y83d&x4QMq+4I"
    "978oxg=@sgMxjKNC$v@QDxtSU^RdwF!Wj};O}bO+AjX|o<z_vL4;ZB)%Le<sFE($5vjGKo!L#`6uuAIM*b(n&?pk4jsFjIP(16ypcelrzyQYv&"
    "BRh)kZVB+sTf$FEeE#zC6^Q?1K0o*eehA@3{7Z%f^us+WD`Jo|iY*y<h1fK9QyWr98f*<7Goh{@s=d6mf!h1_*6*SAjn<;!izjHdlo4;sP{k=$"
    "jqPk?)uzcl5uK*e%Wje{hseB_LzXO>OrmYbk$SEyod^Xyee>(<`j!Ugh;aI4Lr88LWgIwMoMQ_z&K8L{rHuxt6pQsj&x_YJQZEvkPxG4Y<qZY8"
    "vTHzeE{L?8`q?Cybk@$PS5STMQ{#i^;0I?N)yL`*XY$A1I3p;fZLE##`5Hi#s!~_4FdjPIUFlcMJE4V(UN<2lqGNaU-k5_KNj)eZjAV<mqkgpv"
    "oh!ChDXf)Pb3RPU5J#7XFE5|h-0Jx3B<1YE(jJTy9t`nd6YVp?dUQ7G{tdAXXlqmAnQv{1bx>QIV(sZ$3-q5*MlJoctZj*QSZmuUyxXE3l6h22"
    "Ev2884-L@sA*v81IlBm?a1js}d<L<N5VhDvrTQqTF(n*2xfpr4$9bTA;5WkX;lqayA3l8e@ZlZK4Sfjb^OLQQ`9b|(XNJnG|C{8$MH71HI!WJ|"
    "wdkgM9KC7HpVhFH=SwZo#`|B$*iXI3(TNs`qciRKOP^_K?(;0!F!J}7P`drkrW5Bs?*Avc5$IR"
))  # fmt: skip


def test_xls_with_percent_format_merged_names_and_an_error() -> None:
    table, found = read(XLS, "a.xls")
    assert [(r.name, r.value) for r in table.rows] == [
        ("接通率", "95.04%"), ("费用", "12"), ("办结率", "1"), ("办结率", "2"), ("x", ""), ("y", ""),
    ]  # fmt: skip
    assert [(d.code, d.span.line) for d in found] == [("D211", 7)]


def test_xls_with_impossible_claims_is_corrupt_not_a_crash() -> None:
    at = XLS.index(struct.pack("<HH", 0x0200, 14))
    claim = XLS[: at + 4] + struct.pack("<IIHH", 0, 0xFFFFFFFF, 0, 0xFFFF) + XLS[at + 16 :]
    assert codes(claim, "a.xls") == ["D302"]


@pytest.mark.parametrize("at", [40, 200, 600, 1500, 3000, 5000])
def test_truncated_workbooks_are_corrupt(at: int) -> None:
    for name, data in (("a.xlsx", workbook(formatted)), ("a.xls", XLS)):
        assert set(codes(data[:at], name)) & {"D302", "D305", "D202", "D204", "D201"}, (name, at)


def test_records_of_an_xlsb_tell_size_formats_and_errors() -> None:
    from perfdsl.workbook import binary

    def record(kind: int, content: bytes) -> bytes:
        number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return number + bytes([len(content)]) + content

    name = "0.0%"
    styles = record(44, struct.pack("<HI", 170, len(name)) + name.encode("utf-16-le")) + record(617, b"\2\0\0\0")
    styles += (
        record(47, struct.pack("<HH", 0, 0) + bytes(12))
        + record(47, struct.pack("<HH", 0, 170) + bytes(12))
        + record(618, b"")
    )
    sheet = record(0, struct.pack("<I", 4) + bytes(13)) + record(5, struct.pack("<IId", 1, 1, 0.9504))
    sheet += record(3, struct.pack("<IIB", 2, 0, 7))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("xl/styles.bin", styles)
        parts.writestr("xl/worksheets/sheet1.bin", sheet)
        marks = binary.survey(parts, 1000).of("", 0)
    assert (marks.formats, marks.errors, marks.bottom, marks.right) == ({(4, 1): "0.0%"}, {(4, 2): "#DIV/0!"}, 4, 2)


def test_web_page_named_xls() -> None:
    assert codes("<html><table></table></html>", "a.xls") == ["D220"]


def test_without_the_library_the_package_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workbook(formatted)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    found = read(data, "a.xlsx")[1]
    assert [d.code for d in found] == ["D301"] and 'pip install "perfdsl[excel]"' in found[0].message()


# ---- large things


@pytest.mark.parametrize("value", ["1e999999999", "9" * 200_000, "很" * 1_000_000])
def test_monstrous_cells_are_kept_quickly(value: str) -> None:
    began = time.process_time()
    assert rows(f"指标,实际值\n费用,{value}\n")[0]["value"] == value
    quoted = value if value[0] != "很" else json.dumps(value)
    assert rows(f'{{"费用": {quoted}}}', "a.json")[0]["value"] == value
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "text", ['"' * 200_001, ',"a' * 100_000, '"x,""' * 100_000, '"""' * 100_000, "(" * 100_000, "，" * 100_000]
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    began = time.process_time()
    read("指标,实际值\n" + text)
    read(text)
    assert time.process_time() - began < 10


# ---- laws

TEXTS = st.text(st.sampled_from("预算率甲乙 0159.%-—,，;\t\"“”'=\n万元（）#/A"), max_size=12).filter(
    lambda s: not s.strip().startswith(("#", "'", "Err"))
)
FIELDS = {
    "unit": ("单位", "计量单位", "unit"), "mark": ("评分", "得分(评分)", "mark"), "override": ("复核分", "review"), "item": ("事项", "item"),
    "times": ("次数", "times"), "explanation": ("偏差原因", "偏差原因及改进措施", "未完成原因", "reason"), "evidence": ("证据", "佐证"),
    "period": ("期间", "period"), "object": ("对象", "项目名称"), "prior": ("上年值", "prior"),
}  # fmt: skip
HEADS = {
    "name": ("指标", "指标名称", "三级指标", "indicator"),
    "value": ("实际值", "完成值", "实际完成值", "actual"),
    **FIELDS,
}


@st.composite
def written(draw: st.DrawFn) -> tuple[list[str], list[str], list[list[str]]]:
    """(fields, headers, lines) of a table in long form."""
    fields = ["name", "value", *draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True))]
    fields = draw(st.permutations(fields))
    headers = [draw(st.sampled_from(HEADS[field])) for field in fields]
    line = st.tuples(*(TEXTS.filter(str.strip) if field == "name" else TEXTS for field in fields)).map(list)
    return fields, headers, draw(st.lists(line, min_size=1, max_size=5))


def expected(fields: list[str], lines: list[list[str]]) -> list[dict[str, str]]:
    made = []
    for line in lines:
        texts = {field: text.strip() for field, text in zip(fields, line, strict=True)}
        texts["name"] = " ".join(texts["name"].split())
        made.append({field: text for field, text in texts.items() if text})
    return made


@given(
    written(),
    st.sampled_from(",\t;，"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
def test_a_table_written_as_csv_reads_back(
    table: tuple[list[str], list[str], list[list[str]]], delimiter: str, end: str, encoding: str
) -> None:
    fields, headers, lines = table
    made = io.StringIO()
    python_csv.writer(made, delimiter=delimiter, lineterminator=end).writerows([headers, *lines])
    assert rows(made.getvalue().encode(encoding)) == expected(fields, lines)


@settings(max_examples=40)
@given(written(), st.integers(0, 3))
def test_a_table_written_as_xlsx_reads_back(table: tuple[list[str], list[str], list[list[str]]], above: int) -> None:
    fields, headers, lines = table

    def fill(book) -> None:  # type: ignore[no-untyped-def]
        sheet = book.add_worksheet("表")
        for row, line in enumerate([*[["题"]] * above, headers, *lines]):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text)

    data = workbook(fill)
    assert rows(data, "a.xlsx") == expected(fields, lines)
    first = read(data, "a.xlsx")[0].rows[0]
    assert first.span.line == above + 2


@given(written(), st.sampled_from([None, 0, 2]), st.booleans())
def test_a_table_written_as_json_reads_back(
    table: tuple[list[str], list[str], list[list[str]]], indent: int | None, ascii_only: bool
) -> None:
    fields, headers, lines = table
    text = json.dumps([dict(zip(headers, line, strict=True)) for line in lines], ensure_ascii=ascii_only, indent=indent)
    assert rows(text, "a.json") == expected(fields, lines)


VALUES = st.text(st.sampled_from('甲0159.%，;"“-'), min_size=1, max_size=6).filter(str.strip)


@given(
    st.dictionaries(
        st.sampled_from("甲乙丙"),
        st.dictionaries(st.sampled_from(["接通率", "办结率", "费用"]), VALUES, min_size=1),
        min_size=1,
    )
)
def test_wide_forms_read_to_the_same_rows(objects: dict[str, dict[str, str]]) -> None:
    want = {(o, i, v.strip()) for o, values in objects.items() for i, v in values.items()}
    columns = ["接通率", "办结率", "费用"]
    made = io.StringIO()
    python_csv.writer(made).writerows(
        [["对象", *columns], *[[o, *(v.get(c, "") for c in columns)] for o, v in objects.items()]]
    )
    listed = [{"对象": o, **values} for o, values in objects.items()]
    for text, name in ((made.getvalue(), "a.csv"), (json.dumps(objects), "a.json"), (json.dumps(listed), "a.json")):
        assert {(r["object"], r["name"], r["value"]) for r in rows(text, name)} == want


SUFFIXES = st.sampled_from(["a.csv", "a.json", "a.xlsx", "a.ods", "a", "a.tsv#x"])


def check_places(data: bytes, name: str) -> None:
    table, found = read_table(name, data, NAMES)
    for span in [row.span for row in table.rows] + [d.span for d in found]:
        assert 0 <= span.start <= span.end <= len(span.source.text)
    for d in found:
        for words in (d.kind.zh, d.kind.en, d.kind.help_zh, d.kind.help_en):
            if not words.startswith(("写成 {", "write {")):
                words.format_map(Facts(d.facts))


class Facts(dict):  # type: ignore[type-arg]
    """Every wording finds its facts."""

    def __missing__(self, key: str) -> str:
        raise AssertionError(key)


@given(st.binary(max_size=300), SUFFIXES)
def test_random_bytes_never_raise(data: bytes, name: str) -> None:
    check_places(data, name)


PIECES = st.lists(
    st.sampled_from(
        [
            *"\",，;\t\n {}[]:'=",
            "指标",
            "实际值",
            "接通率",
            "费用",
            "对象",
            "单位",
            "95%",
            "1,125",
            "null",
            "1e5",
            "#N/A",
            "\x00",
        ]
    )
)


@settings(max_examples=300)
@given(PIECES.map("".join), SUFFIXES)
def test_random_pieces_never_raise(text: str, name: str) -> None:
    check_places(text.encode(), name)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
KEYS = st.sampled_from(["指标", "实际值", "接通率", "费用.评分", "对象", "甲", "rows", "x", "name", "value", ""])
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=20
)


@settings(max_examples=300)
@given(TREES, st.sampled_from([None, 1]))
def test_random_json_never_raises(tree: object, indent: int | None) -> None:
    check_places(json.dumps(tree, ensure_ascii=False, indent=indent).encode("utf-8", "replace"), "a.json")


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_workbooks_never_raise(data: st.DataObject) -> None:
    whole = bytearray(_WHOLE)
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    check_places(bytes(whole[: data.draw(st.integers(0, len(whole)))]), "a.xlsx")


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_parts_of_a_workbook_never_raise(data: st.DataObject) -> None:
    """The damage is inside the parts, under sound checksums."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_WHOLE)) as old, zipfile.ZipFile(made, "w") as new:
        victim = data.draw(st.sampled_from([n for n in old.namelist() if n.startswith("xl/")]))
        for name in old.namelist():
            part = bytearray(old.read(name))
            if name == victim:
                for _ in range(data.draw(st.integers(1, 3))):
                    part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.sampled_from(b"0129ABz<>\"'/ "))
            new.writestr(name, bytes(part))
    check_places(made.getvalue(), "a.xlsx")


_WHOLE = workbook(formatted)


def test_the_day_of_a_date() -> None:
    from perfdsl.workbook.shown import shown_value

    assert shown_value(dt.datetime(2024, 11, 30, 8, 0)) == "2024年11月30日"
    assert shown_value(float("inf")) == "inf"
