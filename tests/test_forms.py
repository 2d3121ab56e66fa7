"""Forms: what a file may say, what is laid out where, and that text stays text in every format."""

import io
import re
import tempfile
import zipfile
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import docx
import openpyxl
import pytest
import sheets
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from scoring import plan_of, rows
from sheets import FORMS, ROOT, form, scored

from perfdsl.cli.score import read_plans
from perfdsl.evaluate import Engine
from perfdsl.lay_out import lay_out
from perfdsl.layout import NAME, NUMBER, Cell, Layout, Result
from perfdsl.observe import observe
from perfdsl.plan import Plan
from perfdsl.quantity import format_number
from perfdsl.read_form import SHOWN, read_form
from perfdsl.resources import PACKAGE
from perfdsl.text import Source
from perfdsl.width import excel_length
from perfdsl.workings import work_out
from perfdsl.writers import docx as word
from perfdsl.writers import html, md, members, pdf, too_long, xlsx

EXAMPLES = ROOT / "examples"
SUZHOU = EXAMPLES / "suzhou-2024-projects" / "01-呼叫平台热线电话费.perf"
DANGEROUS = (
    "=48%", "+1", "@SUM(1)", "-0%", "=HYPERLINK(\"http://x.example\")", "{=1+1}", "<script>alert(1)</script>", "a|b\\|c", "`x` **y**",
    "#set page(fill: red)", "$x$ #x <label> @ref", "_x0041_", "&lt;&amp;", "甲\x00乙\x1b丙\u202e丁", "x" * 40_000, "http://x.example", "1-2", "\ufeff首", "第一行\n第二行", "𠮷" * 20_000,
)  # fmt: skip


def plans(path: Path) -> list[Plan]:
    made, found = read_plans(str(path))
    assert made is not None, found
    return made


def at(layout: Layout) -> dict[tuple[int, int], Cell]:
    return {(cell.row, cell.column): cell for cell in layout.cells}


def lines(layout: Layout) -> list[list[str]]:
    """The texts of every row from left to right, as they are printed."""
    found: dict[int, list[tuple[int, str]]] = {}
    for cell in layout.cells:
        found.setdefault(cell.row, []).append((cell.column, cell.text))
    return [[text for _, text in sorted(found[row])] for row in sorted(found)]


# ---- form files


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_comes_with_perfdsl_is_read_and_fits_its_page(name: str) -> None:
    made = form(name)
    assert made.title and made.columns
    assert sum(column.width for column in made.columns) <= 120


def test_a_form_is_named_in_the_help_and_on_its_page() -> None:
    page = (ROOT / "docs" / "forms.md").read_text(encoding="utf-8")
    for name in FORMS:
        assert f"| `{name}` |" in page
    for word_ in SHOWN:
        assert f"`{word_}`" in page, word_


@given(st.text(alphabet='[]=" \n甲blockskindtuesw{}1', max_size=80))
def test_no_text_breaks_the_reader_of_forms(text: str) -> None:
    source = Source("x.toml", text)
    made, found = read_form(source, "x")
    assert (made is None) == bool(found)
    for said in found:
        assert said.code.startswith("F1") and 0 <= said.span.start <= said.span.end <= len(text)


GOOD = (PACKAGE / "forms" / "central.toml").read_text(encoding="utf-8")


@given(st.integers(0, len(GOOD) - 1), st.sampled_from(('"', "[", "]", "=", "x", "{", "9", "\n", "")))
def test_a_slip_in_a_form_is_read_or_said_in_its_place(place: int, slip: str) -> None:
    text = GOOD[:place] + slip + GOOD[place + 1 :]
    made, found = read_form(Source("x.toml", text), "x")
    assert made is not None or found
    assert all(said.span.end <= len(text) and said.message("zh") and said.help("en") for said in found)


def test_a_mistake_is_said_at_the_key_of_its_own_column() -> None:
    text = (
        'title = "表"\n[[columns]]\nshow = "一级"\n[[columns]]\nshow = "得分"\nwidth = 0\n[[blocks]]\nkind = "指标"\n'
    )
    _, (found,) = read_form(Source("x.toml", text), "x")
    assert (found.code, found.span.line) == ("F102", 6)


# ---- the grid


@pytest.mark.parametrize(
    ("unit", "right"), [("元", True), ("亿元", True), ("件", False), ("没有这种", False), ("%", False)]
)
def test_money_is_printed_in_units_of_money_only(unit: str, right: bool) -> None:
    text = f'title = "表"\nunit = "{unit}"\n[[columns]]\nshow = "一级"\n[[blocks]]\nkind = "指标"\n'
    made, found = read_form(Source("表.toml", text), "表")
    assert (made is not None) is right
    assert [(d.code, d.span.line) for d in found] == ([] if right else [("F102", 2)])


def test_the_table_of_a_project_has_the_cells_of_the_document_it_came_from() -> None:
    """Header, money with both periods, the tree with its empty groups, every target as it is written."""
    layout, left_out = lay_out(form("suzhou"), plans(SUZHOU)[0])
    made = lines(layout)
    assert left_out == []
    assert made[:6] == [
        ["市级项目预算绩效目标表"], ["（2024年度）"], ["项目名称", "呼叫平台、热线电话费等", "主管部门", "苏州市行政审批局"],
        ["项目类型", "常年安排项目", "项目级次", "市本级"], ["开始时间", "2023年", "完成时间", "2025年"], ["实施单位", "苏州市便民服务中心", "项目负责人", ""],
    ]  # fmt: skip
    money = made.index(["项目资金（万元）", "", "项目", "半年（程）计划执行数", "全年（程）预算数"])
    assert made[money + 1 : money + 4] == [
        ["收入", "资金总额", "", "161.96"],
        ["　财政拨款", "", "161.96"],
        ["　　一般公共预算资金", "", "161.96"],
    ]
    assert ["支出", "2023-2025年度苏州市12345话务平台租用服务", "44.4", "88.8"] in made
    table = made.index(["一级指标", "二级指标", "三级指标", "半年（程）指标值", "全年（程）指标值"])
    assert made[table + 1 : table + 3] == [
        ["决策", "项目立项", "立项依据充分性", "充分", "充分"],
        ["立项程序规范性", "规范", "规范"],
    ]
    assert ["产出指标", "数量指标", "座席资源个数", "≤52席", "≤52席"] in made
    assert ["效益指标", "经济效益", "", ""] in made
    assert made[-2] == ["满意度指标", "服务对象满意度", "", ""]


@pytest.mark.parametrize(
    "path", sorted(path for path in EXAMPLES.glob("*/*.perf") if path.stem != "现行办法"), ids=lambda path: path.stem
)
def test_every_row_and_target_of_a_document_is_printed_once(path: Path) -> None:
    for plan in plans(path):
        name = (
            "zengcheng" if plan.object.startswith("广州") else "suzhou-dept" if plan.kind == "department" else "suzhou"
        )
        layout, _ = lay_out(form(name), plan)
        cells = at(layout)
        names = [cell.text for cell in layout.cells if cell.role == NAME and cell.column + cell.columns == 3]
        assert names == [path[-1] for path in _leaves(plan)]
        columns = {"zengcheng": ("cycle", "full")}.get(name, ("half", "full"))
        starts = [cell.row for cell in layout.cells if cell.role == NAME and cell.column + cell.columns == 3]
        for row, leaf in zip(starts, _leaves(plan), strict=True):
            indicator = next((i for i in plan.indicators if i.path == leaf), None)
            targets = {t.period: t.target.text for t in indicator.targets} if indicator is not None else {}
            assert [cells[row, 3 + n].text for n in range(2)] == [targets.get(period, "") for period in columns]


def _leaves(plan: Plan) -> list[tuple[str, ...]]:
    groups = {g.path: g.children for g in plan.groups}

    def below(path: tuple[str, ...], name: str) -> list[tuple[str, ...]]:
        own = (*path, name)
        return [leaf for child in groups[own] for leaf in below(own, child)] if groups.get(own) else [own]

    return [leaf for name in plan.roots for leaf in below((), name)]


@pytest.mark.parametrize("name", FORMS)
def test_cells_never_overlap_and_fill_the_table(name: str) -> None:
    rules = EXAMPLES / "profiles" / "central-2020" / "规则.perf"
    one = scored(rules, [rules.with_name("actuals.csv")])[0]
    result = Result(card=one.card, observed=one.engine.observed, workings=work_out(one.engine, one.card))
    for layout in (lay_out(form(name), one.engine.plan, result)[0], lay_out(form(name), one.engine.plan)[0]):
        taken: set[tuple[int, int]] = set()
        for cell in layout.cells:
            places = {(cell.row + r, cell.column + c) for r in range(cell.rows) for c in range(cell.columns)}
            assert not places & taken, cell
            taken |= places
        assert taken == {(row, column) for row in range(layout.rows) for column in range(len(layout.widths))}


def test_the_execution_of_the_budget_is_scored_above_the_table_and_not_in_it() -> None:
    rules = EXAMPLES / "profiles" / "central-2020" / "规则.perf"
    one = scored(rules, [rules.with_name("actuals.csv")])[0]
    result = Result(card=one.card, observed=one.engine.observed)
    layout, _ = lay_out(form("central"), one.engine.plan, result)
    assert ["年度资金总额", "", "300", "285", "10", "95%", "9.5"] in lines(layout)
    assert not any(cell.text == "预算执行率" for cell in layout.cells)
    assert ["总分", "100", "80.4", ""] in lines(layout)


def test_points_of_groups_stand_behind_their_names() -> None:
    plan = plans(EXAMPLES / "nanjing-2024" / "热线服务中心.perf")[0]
    texts = [cell.text for cell in lay_out(form("nanjing"), plan)[0].cells]
    assert {"部门决策（15分）", "决策机制（4分）", "加减分项（-5至5分）"} <= set(texts)


@pytest.mark.parametrize("name", [name for name in FORMS if name != "monitoring"])
def test_the_notes_tell_how_every_score_came_about(name: str) -> None:
    body = """
    甲 full "≥10件" points 20 by { met -> 100%  otherwise -> 0 }
    乙 full "≤3%" values 0% .. 100% points 30 by { <= 3% -> 30  <= 5% -> 10  otherwise -> 0 }
    丙 full "较好" points 20 by { otherwise -> 0 .. 20 }
    丁 points 20 by check { "制度" -> 10  "预案" -> 10 }
    戊 full "≥5件" points 10 by 全额得分
    """
    rule = "rubric 全额得分 { met -> 100%  otherwise -> 0 }\n"
    with tempfile.TemporaryDirectory() as folder:
        rules, table = Path(folder, "规则.perf"), Path(folder, "完成值.csv")
        rules.write_text(f'{rule}project "甲乙" {{ year 2024 total 100 {body} }}', encoding="utf-8")
        table.write_text("指标,实际值,评分,事项\n甲,9,,\n乙,4%,,\n丙,较好,15,\n丁,是,,制度\n", encoding="utf-8")
        (made,) = sheets.scored(rules, [table])
    said = [cell.text for cell in sheets.filled(made, name).cells if "：" in cell.text]
    for row in made.card.indicators:
        assert row.reason("zh")
        assert f"{row.path[-1]}：{row.reason('zh')}" in said


def test_a_tree_too_deep_for_the_form_keeps_all_its_names() -> None:
    plan = plan_of('甲 { 乙 { 丙 { 丁 full "1件" } } }')
    texts = [cell.text for cell in lay_out(form("central"), plan)[0].cells if cell.role == NAME]
    assert texts[:3] == ["甲", "乙 / 丙", "丁"]


# ---- every format


def dangerous(text: str) -> Layout:
    cells = (
        Cell(row=0, column=0, text="表", role="title", columns=2), Cell(row=1, column=0, text=text, role=NAME),
        Cell(row=1, column=1, text=text, role=NUMBER, note="批注"), Cell(row=2, column=0, text=text, role="text", columns=2),
        Cell(row=3, column=0, text=text, role="sign", columns=2),
    )  # fmt: skip
    return Layout(name=text, widths=(10, 10), cells=cells, rows=4, repeated=(1, 1))


def plain(text: str) -> str:
    """The words a reader must find: without what no document may hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e]", "", text)


@pytest.mark.parametrize("text", DANGEROUS, ids=range(len(DANGEROUS)))
def test_excel_holds_text_as_text(text: str) -> None:
    data = xlsx.write([dangerous(text), dangerous(text)])
    book = openpyxl.load_workbook(io.BytesIO(data))
    cell = book.worksheets[0].cell(2, 1)
    assert cell.data_type == "s" and str(cell.value)[:200] == plain(text)[:200]
    assert cell.quotePrefix and excel_length(str(cell.value)) <= 32_767
    told = [x.code for x in too_long(next(x for x in members() if x.NAME == "xlsx"), [dangerous(text)])]
    assert bool(told) == (plain(text) not in str(cell.value)) == str(cell.value).endswith("……（后略）")
    for name in zipfile.ZipFile(io.BytesIO(data)).namelist():
        body = zipfile.ZipFile(io.BytesIO(data)).read(name)
        assert b"<f>" not in body and b"hyperlink" not in body, name


@pytest.mark.parametrize("text", DANGEROUS, ids=range(len(DANGEROUS)))
def test_word_holds_text_as_text(text: str) -> None:
    document = docx.Document(io.BytesIO(word.write([dangerous(text)])))
    assert document.tables[0]._cells[0].text == plain(text)
    assert document.tables[0].rows[0]._tr.trPr.xpath("w:tblHeader")


class Texts(HTMLParser):
    """The tags of a page, and the texts of its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.cells: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in ("td", "th"):
            self.cells.append("")
        self.inside = tag in ("td", "th")

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.cells[-1] += data


@pytest.mark.parametrize("text", DANGEROUS, ids=range(len(DANGEROUS)))
def test_html_holds_text_as_text(text: str) -> None:
    page = Texts()
    page.feed(html.write([dangerous(text)]).decode())
    assert page.cells[0] == plain(text)
    assert page.tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "section",
        "h1",
        "p",
        "table",
        "colgroup",
        "col",
        "thead",
        "tr",
        "td",
        "th",
        "div",
        "span",
    }


@pytest.mark.parametrize("text", DANGEROUS, ids=range(len(DANGEROUS)))
def test_markdown_holds_text_as_text(text: str) -> None:
    page = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(md.write([dangerous(text)]).decode())
    reader = Texts()
    reader.feed(page.replace("<br>", "\n"))
    assert reader.cells[0].strip() == plain(text).strip()
    assert reader.tags <= {"h1", "p", "table", "thead", "tbody", "tr", "th", "td"}


SHORT = [text for text in DANGEROUS if len(text) < 1000]


@pytest.mark.parametrize("text", SHORT, ids=range(len(SHORT)))
def test_pdf_holds_text_as_text_with_its_font_inside(text: str) -> None:
    data = pdf.write([dangerous(text)])
    assert data.startswith(b"%PDF-1.7") and b"/FontFile" in data and b"<pdfaid:part>2</pdfaid:part>" in data


@pytest.mark.parametrize("member", members(), ids=lambda member: member.NAME)
def test_the_same_layouts_give_the_same_bytes(member: object) -> None:
    layout, _ = lay_out(form("suzhou"), plans(SUZHOU)[0])
    assert member.write([layout]) == member.write([layout])  # type: ignore[attr-defined]


def test_merged_cells_are_merged_in_every_table() -> None:
    layout, _ = lay_out(form("suzhou"), plans(SUZHOU)[0])
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write([layout])))
    sheet = book.worksheets[0]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    row = next(c.row for c in layout.cells if c.text == "决策") + 1
    assert f"A{row}:A{row + 5}" in merged
    assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows
    page = html.write([layout]).decode()
    assert '<td class="name" rowspan="6">决策</td>' in page
    table = docx.Document(io.BytesIO(word.write([layout]))).tables[1]
    cells = table._cells
    columns = len(table.columns)
    assert [cells[columns * n].text for n in (1, 2, 6)] == ["决策"] * 3


def test_a_missing_score_leaves_sums_and_total_empty() -> None:
    plan = plan_of('total 10\n甲 full "≥10件" points 5 by 比例得分\n乙 full "≥10件" points 5 by 比例得分')
    observed, _ = observe(plan, rows([("甲", "10件")]), "full")
    engine = Engine(plan, observed, "full", None)
    card = engine.card()
    layout, _ = lay_out(form("central"), plan, Result(card=card, observed=observed, workings=work_out(engine, card)))
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write([layout])), data_only=True)
    total = next(cell for cell in layout.cells if cell.key == "total")
    assert not book.worksheets[0].cell(total.row + 1, total.column + 1).value


def test_a_rule_too_long_for_excel_is_written_as_its_value_with_the_reason() -> None:
    bands = " ".join(f"> {99 - n}% -> {format_number(Fraction(99 - n, 20))}" for n in range(90))
    plan = plan_of(f'total 5\n甲 full "≥90%" points 5 values 0% .. 100% by {{ {bands} otherwise -> 0 }}')
    observed, _ = observe(plan, rows([("甲", "50.5%")]), "full")
    engine = Engine(plan, observed, "full", None)
    card = engine.card()
    layout, _ = lay_out(form("central"), plan, Result(card=card, observed=observed, workings=work_out(engine, card)))
    cell = next(cell for cell in layout.cells if cell.key == "score:甲")
    assert "不带公式" in cell.note
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.write([layout]))).worksheets[0]
    written = sheet.cell(cell.row + 1, cell.column + 1)
    assert written.value == 2.5 and written.comment is not None and "太长" in written.comment.text


def test_words_no_formula_can_hold_stay_text_beside_the_total() -> None:
    made, found = read_form(Source("x.toml", CONCLUSION), "x")
    assert made is not None, found
    for fact, is_formula in (("平稳", True), ("甲\x01乙", False), ("长" * 300, False), ('说"好"', True)):
        plan = evolve(plan_of('total 5\n甲 full "≥10件" points 5 by 比例得分'), facts=(("结论", fact),))
        observed, _ = observe(plan, rows([("甲", "10件")]), "full")
        engine = Engine(plan, observed, "full", None)
        card = engine.card()
        layout, _ = lay_out(made, plan, Result(card=card, observed=observed, workings=work_out(engine, card)))
        sheet = openpyxl.load_workbook(io.BytesIO(xlsx.write([layout]))).worksheets[0]
        cell = next(sheet.cell(c.row + 1, c.column + 1) for c in layout.cells if "总分5分" in c.text)
        assert (cell.data_type == "f") is is_formula


CONCLUSION = """
title = "表"
[[columns]]
show = "一级"
[[columns]]
show = "得分"
[[blocks]]
kind = "指标"
[[blocks]]
kind = "文字"
text = "总分{总分}分，{结论}"
"""


@pytest.mark.parametrize("name", ["suzhou", "suzhou-dept", "central", "hubei", "sichuan", "zengcheng"])
def test_the_title_says_whether_targets_or_scores_stand_below(name: str) -> None:
    plan = plan_of('甲 full "≥3件" points 10 by 比例得分')
    observed, _ = observe(plan, rows([("甲", "3")]), "full")
    engine = Engine(plan, observed, "full", None)
    card = engine.card()
    scores = Result(card=card, observed=observed, workings=work_out(engine, card))
    assert "目标" in lay_out(form(name), plan)[0].cells[0].text
    assert "自评" in lay_out(form(name), plan, scores)[0].cells[0].text
