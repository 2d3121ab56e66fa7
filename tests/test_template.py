"""Sheets to fill: what stands on them, how they are protected, and that what is typed comes back as it was given."""

import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import attrs
import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfdsl.actuals import HEADINGS, Row, Table
from perfdsl.blank import Blank, Day, Number, Words
from perfdsl.blank_xlsx import write_blank
from perfdsl.cli.files import Library
from perfdsl.cli.main import perfdsl
from perfdsl.cli.score import score_all, shared_out
from perfdsl.diagnostics import has_errors
from perfdsl.fill import Rules, blank, notes, read_back
from perfdsl.fill.cells import Asked, misfits
from perfdsl.observe import observe, row_names
from perfdsl.pipeline import check
from perfdsl.plan import Plan
from perfdsl.tables import Names, read_table
from perfdsl.testing import actuals, rulesets
from perfdsl.text import NOWHERE, Source
from perfdsl.write_actuals import csv_bytes

ROOT = Path(__file__).parent.parent
RULES = """use 财预2020_10号
scale 健全度 { 健全, 完善 -> 100%; 较健全 -> 60%; 不健全 -> 0% }
project "夜间开放" {
  year 2024
  not_applicable rescale
  input 持证人数 : 人
  input 是否外包 values 是, 否
  funds 万元 { income 财政拨款 full 30  spend 夜间水电 full 20  spend 夜间人员 full 10 }
  产出 points 60 {
    数量 points 40 {
      开放天数   full "≥300天" half "≥150天" values 0天 .. 366天 points 20 by 比例得分
      持证率     = 持证人数 / 30人 full "≥90%" points 10 by 达标得满分
      安装时间   full "2024年6月底前" points 10 by 达标得满分
    }
    质量 points 20 {
      读者满意度 full "≥90%" values 0% .. 100% points 10 by 达标得满分
      制度健全性 full "健全" points 10 by 比例得分
    }
  }
  效益 points 40 {
    预算执行率 = spent(夜间水电) / budget(夜间水电) full "=100%" applies 是否外包 = "否" points 10 by 比例得分
    管理制度   points 10 by check { "值班制度" -> 5  "应急预案" -> 5 }
    工单       points 10 by sum from 100% { "退回" -> -1  "表扬" -> 0.5 }
    满意率     full "≥90%" points 5 by 达标得满分 gather weighted 资金
    现场评价   full "好" points 5 by { met -> 80% .. 100%  otherwise -> 0 .. 60% }
  }
}
"""


def plans_of(text: str) -> list[Plan]:
    checked = check(Source("规则.perf", text), Library([str(ROOT)]))
    assert not has_errors([d for d in checked.found if d.code[0] != "V"]), [d.message() for d in checked.found]
    return list(checked.plans())


def names_of(plans: list[Plan]) -> Names:
    rows = frozenset().union(*map(row_names, plans))
    return Names(rows, frozenset(p.object for p in plans), frozenset().union(*(p.own_columns for p in plans)))


def made(plans: list[Plan], period: str = "full", spare: int = 3, renamed: bool = False) -> tuple[Blank, bytes]:
    sheet = blank(plans, period, spare=spare, renamed=renamed)
    return sheet, write_blank(sheet, notes(sheet))


def opened(data: bytes) -> tuple[Workbook, Worksheet, dict[str, int]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["填报"]
    return book, sheet, {cell.value: cell.column for cell in sheet[3]}


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(data: bytes, plans: list[Plan], name: str = "填好.xlsx") -> tuple[Table, list[str]]:
    table, found = read_table(name, data, names_of(plans))
    table, misfits = read_back(table, Rules(plans))
    return table, [d.code for d in (*found, *misfits)]


PLANS = plans_of(RULES)
BLANK, DATA = made(PLANS)


# ---- what is asked


def test_rows_are_the_indicators_in_order_then_inputs_then_money() -> None:
    names = list(dict.fromkeys(row.name for row in BLANK.rows))
    assert names == ["开放天数", "持证率", "安装时间", "读者满意度", "制度健全性", "预算执行率", "管理制度", "工单", "满意率", "现场评价",
                     "持证人数", "是否外包", "支出/夜间水电"]  # fmt: skip
    count = Counter(row.name for row in BLANK.rows)
    assert (count["管理制度"], count["工单"], count["满意率"]) == (2, 3, 3)


def test_what_may_be_typed() -> None:
    asks = {(row.name, row.fixed_item): row.ask("value") for row in BLANK.rows}
    assert asks["开放天数", ""] == Number("天", False, 0, 366, False)
    assert asks["持证率", ""] is None and asks["预算执行率", ""] is None
    assert asks["安装时间", ""] == Day()
    assert asks["读者满意度", ""] == Number("%", True, 0, 100, False)
    assert asks["制度健全性", ""] == Words(("健全", "完善", "较健全", "不健全", "不适用"), True)
    assert asks["管理制度", "值班制度"] == Words(("值班制度", "无"), True)
    assert asks["管理制度", "应急预案"] == Words(("应急预案",), True)
    assert asks["工单", ""] == Words(("退回", "表扬", "无"), True)
    assert asks["是否外包", ""] == Words(("是", "否"), True)
    marks = {row.name for row in BLANK.rows if row.ask("mark") is not None}
    assert marks == {"现场评价"}
    assert {row.name for row in BLANK.rows if row.ask("资金") is not None} == {"满意率"}


def test_a_name_that_is_not_unique_is_written_as_its_path() -> None:
    plans = plans_of('project "P" { 甲 { 及时性 full "≥1件" } 乙 { 及时性 full "≥2件" } }')
    assert [row.name for row in blank(plans, "full").rows] == ["甲/及时性", "乙/及时性"]
    _, data = made(plans)
    book, sheet, at = opened(data)
    sheet.cell(4, at["实际值"]).value, sheet.cell(5, at["实际值"]).value = 3, 4
    table, codes = read(saved(book), plans)
    observed, found = observe(plans[0], table.rows, "full")
    assert codes == [] and found == []
    assert {path: entry.value for path, (entry,) in observed.entries.items()} == {"甲/及时性": 3, "乙/及时性": 4}


def test_what_has_no_target_for_the_period_is_asked_for_as_in_the_year_and_has_no_score() -> None:
    sheet, data = made(PLANS, period="half")
    rows = {row.name: row for row in sheet.rows}
    assert (rows["开放天数"].target, rows["开放天数"].points) == ("≥150天", 20)
    for name, target in (
        ("安装时间", "（全年2024年6月底前）"),
        ("现场评价", "（全年好）"),
        ("读者满意度", "（全年≥90%）"),
    ):
        assert (rows[name].target, rows[name].points, rows[name].ask("mark")) == (target, None, None)
        assert rows[name].scoring.startswith("本期没有指标值")
    assert rows["安装时间"].ask("value") == Day() and isinstance(rows["现场评价"].ask("value"), Words)
    book, page, at = opened(data)
    for number, row in enumerate(sheet.rows, 4):
        typed = {"现场评价": "好", "安装时间": date(2024, 6, 18), "读者满意度": 0.93}.get(row.name)
        if typed is not None:
            page.cell(number, at["实际值"]).value = typed
    table, codes = read(saved(book), PLANS)
    assert codes == [] and observe(PLANS[0], table.rows, "half")[1] == []


def test_the_digest_changes_with_what_a_score_depends_on_and_with_nothing_else() -> None:
    def digest(text: str) -> str:
        return blank(plans_of(text), "full").digest

    same = RULES.replace("  year 2024", "  # 说明\n\n  year 2024").replace('"夜间开放"', '"另一个馆"')
    assert digest(same) == BLANK.digest == blank(PLANS, "half").digest
    for old, new in (("≥300天", "≥301天"), ("points 5 by 达标得满分 gather", "points 5 by 比例得分 gather"), ("读者满意度", "读者满意"),
                     ("较健全 -> 60%", "较健全 -> 50%"), ("366天", "365天")):  # fmt: skip
        assert digest(RULES.replace(old, new)) != BLANK.digest, (old, new)


# ---- the workbook


def test_only_cells_that_are_asked_are_unlocked() -> None:
    _, sheet, at = opened(DATA)
    assert sheet.protection.sheet and sheet.protection.password is None
    for number, row in enumerate(BLANK.rows, 4):
        for column in ("value", "mark", "item", "times", "资金", "explanation", "evidence"):
            cell = sheet.cell(number, at[HEADINGS.get(column, column)])
            assert cell.protection.locked == (row.ask(column) is None), (row.name, column)
        assert all(
            sheet.cell(number, at[title]).protection.locked for title in ("指标", "指标值", "单位", "分值", "怎样计分")
        )


def test_formats_and_checks() -> None:
    _, sheet, at = opened(DATA)
    rows = {row.name: number for number, row in enumerate(BLANK.rows, 4)}
    shown = {name: sheet.cell(number, at["实际值"]).number_format for name, number in rows.items()}
    assert shown["读者满意度"] == "0.00%" and shown["开放天数"] == "General" and shown["制度健全性"] == "@"
    assert "yyyy" in shown["安装时间"]
    checks = {str(check.sqref): check for check in sheet.data_validations.dataValidation}
    letter = openpyxl.utils.get_column_letter(at["实际值"])
    assert checks[f"{letter}{rows['制度健全性']}"].formula1 == '"健全,完善,较健全,不健全,不适用"'
    satisfaction = checks[f"{letter}{rows['读者满意度']}"]
    assert satisfaction.type == "custom" and satisfaction.errorStyle in (None, "stop")
    cell = f"{letter}{rows['读者满意度']}"
    assert f"AND(ISNUMBER({cell}),{cell}>=0,{cell}<=1)" in satisfaction.formula1
    assert f'{cell}="不适用"' in satisfaction.formula1


def test_the_page() -> None:
    book, sheet, _ = opened(DATA)
    assert book.sheetnames == ["填报", "填报说明"]
    assert sheet.freeze_panes == "D4"
    assert sheet.page_setup.orientation == "landscape" and str(sheet.page_setup.paperSize) == "9"
    assert sheet.print_title_rows == "$3:$3" and sheet.sheet_properties.pageSetUpPr.fitToPage
    words = " ".join(str(cell.value) for cell in sheet[2] if cell.value)
    assert "夜间开放" in words and "期间：全年" in words and f"规则指纹：{BLANK.digest}" in words


def test_the_same_rules_give_the_same_bytes() -> None:
    assert made(PLANS)[1] == DATA


def test_no_text_becomes_a_formula() -> None:
    name = "=1+1"
    plan = attrs.evolve(PLANS[0], object="@SUM(1)")
    plan = attrs.evolve(plan, indicators=tuple(
        attrs.evolve(i, path=(*i.path[:-1], f"{name}{n}")) for n, i in enumerate(plan.indicators)))  # fmt: skip
    _, data = made([plan])
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml and "<hyperlink" not in xml
    _, sheet, at = opened(data)
    assert sheet.cell(4, at["指标"]).value == "=1+1" + "0" and sheet.cell(4, at["指标"]).data_type == "s"


def test_long_lists_go_to_a_hidden_sheet() -> None:
    words = ", ".join(f'"第{n}种很长很长的情形，要写清楚"' for n in range(40))
    plans = plans_of(
        f'project "P" {{ year 2024\n not_applicable rescale\n input 情形 values {words}\n 甲 full "≥1件" applies 情形 = "第0种很长很长的情形，要写清楚" }}'
    )
    _, data = made(plans)
    book, sheet, _at = opened(data)
    assert book["选项"].sheet_state == "hidden" and book["选项"]["A40"].value == "第39种很长很长的情形，要写清楚"
    (one,) = [c for c in sheet.data_validations.dataValidation if "选项" in str(c.formula1)]
    assert one.formula1 == "选项!$A$1:$A$40"
    table, codes = read(data, plans)
    assert codes == [] and table.filled is not None


# ---- reading back


def test_an_empty_sheet_is_missing_everywhere_and_says_nothing() -> None:
    table, codes = read(DATA, PLANS)
    assert codes == []
    observed, found = observe(PLANS[0], table.rows, "full")
    assert found == []
    assert all(entry.value is None and entry.applies for (entry,) in observed.entries.values())


def filled(values: dict[str, object], column: str = "实际值") -> tuple[Table, list[str]]:
    book, sheet, at = opened(DATA)
    left = dict(values)
    for number, row in enumerate(BLANK.rows, 4):
        if row.name in left:
            sheet.cell(number, at[column]).value = left.pop(row.name)
    assert not left
    return read(saved(book), PLANS)


@pytest.mark.parametrize(
    ("name", "typed", "text"),
    [("读者满意度", 0.9504, "95.04%"), ("读者满意度", 1, "100%"), ("读者满意度", "95%", "95%"), ("开放天数", 0, "0"), ("开放天数", 288.5, "288.5"),
     ("安装时间", date(2024, 6, 18), "2024年6月18日"), ("开放天数", "不适用", "不适用"), ("支出/夜间水电", 19.995, "19.995")],
)  # fmt: skip
def test_what_is_typed_is_what_is_read(name: str, typed: object, text: str) -> None:
    table, codes = filled({name: typed})
    assert next(row.value for row in table.rows if row.name == name) == text
    assert codes == []


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [("制度健全性", "很健全", "A153"), ("管理制度", "值班表", "A153"), ("是否外包", "不清楚", "A153"), ("开放天数", "没有统计", "A154"),
     ("开放天数", "280-290", "A154"), ("支出/夜间水电", "未定", "A154"), ("安装时间", "早就装好了", "A155"), ("开放天数", "=1/0", "D221"), ("开放天数", "#DIV/0!", "D211"),
     ("读者满意度", 48, "A171"), ("读者满意度", 0.0095, "A172"), ("支出/夜间水电", -5, "A171"), ("安装时间", 2024, "A169"),
     ("安装时间", date(2042, 6, 1), "A170"), ("安装时间", "2014年6月", "A170"), ("开放天数", 367, "A171")],
)  # fmt: skip
def test_what_does_not_fit_is_said(name: str, typed: object, code: str) -> None:
    assert code in filled({name: typed})[1]


def test_a_finding_names_sheet_and_cell() -> None:
    book, sheet, at = opened(DATA)
    sheet.cell(4, at["实际值"]).value = "没有统计"
    table, found = read_table("甲.xlsx", saved(book), names_of(PLANS))
    _, misfits = read_back(table, Rules(PLANS))
    (said,) = misfits
    assert f"“填报”{openpyxl.utils.get_column_letter(at['实际值'])}4" in said.message()
    assert said.span.text == "没有统计" and found == []


def test_a_sheet_that_was_tampered_with() -> None:
    book, sheet, at = opened(DATA)
    sheet.cell(4, at["指标"]).value = "开放的天数"
    sheet.cell(5, at["指标"]).value = ""
    assert {"A156", "A158"} <= set(read(saved(book), PLANS)[1])
    book, sheet, at = opened(DATA)
    for row in sheet[2]:
        if str(row.value).startswith("规则指纹"):
            row.value = "规则指纹：000000000000"
    assert read(saved(book), PLANS)[1] == ["A150"]
    book, sheet, _ = opened(DATA)
    book.create_sheet("草稿")["A1"] = "随便写"
    sheet.row_dimensions[5].hidden = True
    assert sorted(read(saved(book), PLANS)[1]) == ["D309", "D310"]


def test_spare_rows_count_only_when_something_is_typed() -> None:
    book, sheet, at = opened(DATA)
    at_name = {
        name: [n for n, row in enumerate(BLANK.rows, 4) if row.name == name] for name in ("工单", "满意率", "管理制度")
    }
    sheet.cell(at_name["工单"][1], at["实际值"]).value = "退回"
    sheet.cell(at_name["满意率"][0], at["事项"]).value = "甲区"
    sheet.cell(at_name["满意率"][2], at["实际值"]).value = 0.95
    sheet.cell(at_name["管理制度"][1], at["实际值"]).value = "应急预案"
    table, codes = read(saved(book), PLANS)
    rows = [(row.name, row.item, row.value) for row in table.rows if row.name in at_name]
    assert codes == []
    assert rows == [
        ("管理制度", "应急预案", "应急预案"),
        ("工单", "", "退回"),
        ("满意率", "甲区", ""),
        ("满意率", "", "95%"),
    ]


def test_one_sheet_for_many_objects_and_a_name_of_ones_own() -> None:
    several = plans_of('project "甲" { a full "≥1件" }\nproject "乙" { a full "≥2件"  b full "是" }')
    _, data = made(several)
    book, sheet, at = opened(data)
    assert [sheet.cell(r, at["对象"]).value for r in (4, 5, 6)] == ["甲", "乙", "乙"]
    sheet.cell(5, at["实际值"]).value = 7
    table, codes = read(saved(book), several)
    assert codes == [] and [(r.object, r.name, r.value) for r in table.rows] == [
        ("甲", "a", ""),
        ("乙", "a", "7"),
        ("乙", "b", ""),
    ]
    _, data = made(PLANS, renamed=True)
    book, sheet, _ = opened(data)
    assert sheet["B2"].value == "夜间开放" and not sheet["B2"].protection.locked
    sheet["B2"].value = "城东馆"
    table, codes = read(saved(book), PLANS)
    assert codes == [] and {row.object for row in table.rows} == {"城东馆"}


# ---- the commands


def invoke(folder: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(perfdsl, list(words))
    return done.exit_code, done.output


def test_the_command_writes_reads_and_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("规则.perf").write_text(RULES, encoding="utf-8")
    assert invoke(tmp_path, "template", "规则.perf", "-o", "填报.xlsx")[0] == 0
    status, said = invoke(tmp_path, "template", "规则.perf", "-o", "填报.xlsx")
    assert status == 2 and "--force" in said
    assert invoke(tmp_path, "template", "规则.perf", "-o", "填报.xlsx", "--force", "--period", "half")[0] == 0
    status, said = invoke(tmp_path, "score", "规则.perf", "--actuals", "填报.xlsx")
    assert status == 1 and "A151" in said
    status, said = invoke(tmp_path, "score", "规则.perf", "--actuals", "填报.xlsx", "--period", "half")
    assert "A151" not in said and "总分" in said
    assert invoke(tmp_path, "template", "规则.perf", "-o", "填报.csv")[0] == 2
    Path("名单.txt").write_text("甲/馆\n甲:馆\n# 备注\n\n甲/馆\n", encoding="utf-8")
    assert invoke(tmp_path, "template", "规则.perf", "--expected", "名单.txt", "-o", "发放/")[0] == 0
    assert sorted(p.name for p in Path("发放").iterdir()) == ["甲_馆.xlsx", "甲_馆_2.xlsx"]
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    status, said = invoke(tmp_path, "template", "规则.perf", "-o", "另一张.xlsx")
    assert status == 1 and 'pip install "perfdsl[excel]"' in said and not Path("另一张.xlsx").exists()


def test_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("规则.perf").write_text(RULES, encoding="utf-8")
    book, sheet, at = opened(DATA)
    sheet.cell(4, at["实际值"]).value = "达成预期指标"
    Path("填好.xlsx").write_bytes(saved(book))
    _, said = invoke(tmp_path, "score", "规则.perf", "--actuals", "填好.xlsx")
    assert "A154" in said and "A108" not in said


# ---- the round trip


def typed_into(data: bytes, sheet: Blank, rows: list[Row]) -> tuple[bytes, list[Row]]:
    """The workbook with the rows typed in, numbers as numbers; and the rows that found a place."""
    book, page, at = opened(data)
    free: dict[str, list[int]] = {}
    for number, one in enumerate(sheet.rows, 4):
        free.setdefault(one.name, []).append(number)
    paths = {name: name for name in free}
    placed = []
    for row in rows:
        name = paths.get(row.name) or row.name.rpartition("/")[2]
        if name not in free and f"支出/{name}" in free:
            name = f"支出/{name}"
        places = free.get(name, [])
        one = sheet.rows[places[0] - 4] if places else None
        if one is None:
            continue
        if one.fixed_item:  # a point of a checklist has its own row
            places = [n for n in places if sheet.rows[n - 4].fixed_item == row.value] or places
        number = places[0]
        free[name].remove(number)
        one = sheet.rows[number - 4]
        cells = {
            "value": row.value,
            "mark": row.mark,
            "prior": row.prior,
            "item": row.item,
            "times": row.times,
            **dict(row.extras),
        }
        for column, text in cells.items():
            heading = HEADINGS.get(column, column)
            if text and heading in at and not (column == "item" and one.fixed_item):
                page.cell(number, at[heading]).value = native(text, one.unit) if column in ("value", "prior") else text
        placed.append(row)
    return saved(book), placed


def native(text: str, unit: str) -> object:
    """A number as a number where the cell is one for numbers; everything else as the text it is."""
    plain = text.removesuffix(unit) if unit else text
    if unit == "%" and text.endswith("%") and re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", plain):
        return float(plain) / 100
    if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,5})?", plain) and unit:
        return float(plain) if "." in plain else int(plain)
    return text


def alike(plan: Plan, rows: list[Row] | tuple[Row, ...]) -> object:
    """What was observed, without the items a checklist prints and the places."""
    observed, _ = observe(plan, rows, "full")
    entries = {path: Counter((repr(e.value), e.text, e.applies, e.none_happened, e.mark, e.times, repr(e.prior), e.weight) for e in found)
               for path, found in observed.entries.items()}  # fmt: skip
    return entries, observed.inputs, observed.spent


def scores(plan: Plan, rows: list[Row] | tuple[Row, ...]) -> object:
    cards, _ = score_all(shared_out([plan], list(rows), []), "full", None, "")
    return [(c.total, c.grade, [(i.path, i.score, i.low, i.high, i.status) for i in c.indicators]) for c in cards]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=rulesets(), data=st.data())
def test_what_is_typed_into_the_sheet_of_any_ruleset_comes_back(text: str, data: st.DataObject) -> None:
    (plan,) = plans_of(text)
    sheet, empty = made([plan], spare=4)
    workbook, placed = typed_into(empty, sheet, [row for row in data.draw(actuals(plan)) if within(sheet, row)])
    said = [row for row in placed if says(plan, row)]
    table, _ = read(workbook, [plan])
    assert table.filled is not None and table.filled.object == plan.object
    assert alike(plan, [row for row in table.rows if says(plan, row)]) == alike(plan, said)
    written, found = read_table(
        "给的.csv", csv_bytes(said or [Row(name="没有", value="", span=NOWHERE)]), names_of([plan])
    )
    assert not has_errors(found)
    assert alike(plan, written.rows if said else ()) == alike(plan, said)
    assert scores(plan, table.rows) == scores(plan, written.rows if said else ())


def within(sheet: Blank, row: Row) -> bool:
    """Does the sheet take the value?  What it refuses is not used (A169, A171)."""
    rows = [one for one in sheet.rows if one.name in (row.name, row.name.rpartition("/")[2], f"支出/{row.name}")]
    asks = [ask for one in rows if (ask := one.ask("value")) is not None]
    found = misfits(row.value, row.unit or rows[0].unit, Asked(asks, year=None)) if asks and row.value.strip() else ()
    return not any(kind.severity == "error" for kind, _ in found)


def says(plan: Plan, row: Row) -> bool:
    """Was anything given?"""
    return bool(row.value.strip() or row.mark or row.prior or any(h in plan.own_columns and t for h, t in row.extras))


# ---- LibreOffice


OFFICE = shutil.which("soffice")


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_saves_the_sheet_without_loss(tmp_path: Path) -> None:
    book, sheet, at = opened(DATA)
    sheet.cell(4, at["实际值"]).value = 288
    sheet.cell(7, at["实际值"]).value = 0.9504
    sheet.cell(6, at["实际值"]).value = date(2024, 6, 18)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "填.xlsx").write_bytes(saved(book))
    command = [str(OFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx", "--outdir",
               str(tmp_path / "out"), str(tmp_path / "in" / "填.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    data = (tmp_path / "out" / "填.xlsx").read_bytes()
    before, after = read(saved(book), PLANS), read(data, PLANS)
    assert after[1] == before[1] == []
    assert [attrs.evolve(r, span=NOWHERE) for r in after[0].rows] == [
        attrs.evolve(r, span=NOWHERE) for r in before[0].rows
    ]
    _, kept, _ = opened(data)
    assert kept.protection.sheet
    count = sum(len(list(c.cells.ranges)) if hasattr(c, "cells") else 1 for c in kept.data_validations.dataValidation)
    assert count >= 15
    assert [[c.protection.locked for c in row] for row in kept["A4:M20"]] == [
        [c.protection.locked for c in row] for row in sheet["A4:M20"]
    ]
